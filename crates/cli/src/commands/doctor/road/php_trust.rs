//! The service's certificate, judged with the trust store that PHP uses.

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding, View};
use super::super::net::{certificate, tls};
use super::super::php::trust_file;
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "road.php_trust", chapter: Chapter::Road, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(road) = &visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let Some(told) = visit.php.told() else { return Finding::skipped(Sight::SkippedNoPhp, Vec::new()) };
    if !road.url.secure {
        return Finding::skipped(Sight::SkippedNoTls, Vec::new());
    }
    // Judged after that one, with nothing but another trust store.
    let judged = [super::tls::CHECK.id, super::clock::CHECK.id];
    if let Some(check) = road.blocked.filter(|check| road.chain.is_empty() || judged.contains(check)) {
        return Finding::after(check);
    }
    let Some((setting, file)) = told.trust_file() else {
        return Finding::ok(Sight::PhpTrustSystem, Vec::new()).seen_by(View::Php);
    };
    let Ok(trust) = tls::trust(file) else { return Finding::after(trust_file::CHECK.id) };
    let shown = file.display().to_string();
    match tls::judge(&road.chain, &road.url.host, &trust.roots, tls::now()) {
        Ok(()) => Finding::ok(Sight::PhpTrust, vec![("file", shown)]).seen_by(View::Php),
        Err(_) => {
            let issuer = certificate::summary(&road.chain).map(|told| told.issuer).unwrap_or_default();
            let values = vec![("file", shown), ("issuer", issuer), ("setting", setting.to_owned())];
            Finding::error(Code::PhpTrustIssuer, values).seen_by(View::Php)
        }
    }
}
