//! The service's certificate, judged with each trust store that PHP uses.

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding, View};
use super::super::net::tls::Trust;
use super::super::net::{certificate, tls};
use super::super::php::trust_file;
use super::super::visit::Visit;
use super::Road;

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
    let stores = trust_file::stores(told);
    if stores.is_empty() {
        return Finding::ok(Sight::PhpTrustSystem, Vec::new()).seen_by(View::Php);
    }
    for store in &stores {
        let Ok(trust) = tls::trust(&store.file) else { return Finding::after(trust_file::CHECK.id) };
        if !holds(road, &trust) {
            let issuer = certificate::summary(&road.chain).map(|told| told.issuer).unwrap_or_default();
            let values = vec![
                ("file", store.file.display().to_string()),
                ("issuer", issuer),
                ("setting", store.setting.to_owned()),
                ("ini", store.ini.clone()),
            ];
            return Finding::error(Code::PhpTrustIssuer, values).seen_by(store.view());
        }
    }
    Finding::ok(Sight::PhpTrust, vec![("file", trust_file::shown(&stores))]).seen_by(View::Php)
}

/// Whether the service's certificate holds with these authorities.
pub(super) fn holds(road: &Road, trust: &Trust) -> bool {
    tls::judge(&road.chain, &road.url.host, &trust.roots, tls::now()).is_ok()
}
