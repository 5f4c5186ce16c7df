//! The trust store that php.ini names, if it names one: there, readable, and with certificates in it.

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::access::{Wish, denied};
use super::super::finding::{Check, Finding, View};
use super::super::net::tls;
use super::super::visit::Visit;

pub(in super::super) const CHECK: Check = Check { id: "php.trust_file", chapter: Chapter::Php, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(told) = visit.php.told() else { return Finding::skipped(Sight::SkippedNoPhp, Vec::new()) };
    let Some((setting, file)) = told.trust_file() else {
        return Finding::ok(Sight::PhpTrustUnset, Vec::new()).seen_by(View::Php);
    };
    let shut = visit
        .web_account()
        .filter(|account| file.exists() && !denied(account, Wish::Read, &[file.to_owned()]).0.is_empty());
    let cause = match (shut, tls::trust(file)) {
        (Some(account), _) => format!("{}: Permission denied", account.name),
        (None, Err(cause)) => cause,
        (None, Ok(_)) => {
            return Finding::ok(Sight::PhpTrustSet, vec![("file", file.display().to_string())]).seen_by(View::Php);
        }
    };
    let values = vec![
        ("setting", setting.to_owned()),
        ("file", file.display().to_string()),
        ("cause", cause),
        ("ini", told.ini()),
    ];
    Finding::error(Code::PhpTrustFile, values).seen_by(View::Php)
}
