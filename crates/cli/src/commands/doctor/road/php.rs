//! The same question asked by PHP, as the web server's user where we may: this is what GLPI meets.

use std::time::Duration;

use latchkey_glpi::installation::REGISTRATION_PATH;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::child::NotRan;
use super::super::finding::{Check, Finding, View};
use super::super::net::tls;
use super::super::php::trust_file;
use super::super::visit::Visit;
use super::{family, php_trust, resolver};

pub(super) const CHECK: Check = Check { id: "road.php", chapter: Chapter::Road, slow: true, run };

/// libcurl's numbers for a certificate that is not believed.
const UNTRUSTED: [&str; 3] = ["60", "77", "35"];

const ASK: &str = r#"
$c = curl_init($argv[1]);
curl_setopt_array($c, [
    CURLOPT_RETURNTRANSFER => true, CURLOPT_FOLLOWLOCATION => true, CURLOPT_MAXREDIRS => 10,
    CURLOPT_TIMEOUT_MS => (int) $argv[2], CURLOPT_USERAGENT => $argv[3],
]);
$body = curl_exec($c);
echo curl_errno($c), "\t", round(1000 * curl_getinfo($c, CURLINFO_TOTAL_TIME)), "\t", strtr(curl_error($c), "\t\n", '  ');
"#;

fn run(visit: &mut Visit) -> Finding {
    let Some(road) = &visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let Some(told) = visit.php.told() else { return Finding::skipped(Sight::SkippedNoPhp, Vec::new()) };
    if !told.has("curl") {
        return Finding::skipped(Sight::SkippedNoExtension, Vec::new());
    }
    let steps = [super::proxy::CHECK.id, resolver::CHECK.id, family::IPV4.id, family::IPV6.id, super::tls::CHECK.id];
    // Where the service was reached and its answer is the fault, PHP gets the same answer.
    if let Some(check) = road.blocked.filter(|check| !steps.contains(check)) {
        return Finding::after(check);
    }
    let url = format!("{}{REGISTRATION_PATH}", road.url);
    let arguments = [url.clone(), road.patience.as_millis().to_string(), visit.user_agent()];
    let patience = road.patience + Duration::from_secs(5);
    let said = visit.php.patient_script(ASK, &arguments, patience);
    let (number, millis, error) = match &said {
        Ok(text) => {
            let mut parts = text.trim().splitn(3, '\t');
            let mut next = || parts.next().unwrap_or_default().to_owned();
            (next(), next(), next())
        }
        Err(NotRan::TimedOut) => ("28".to_owned(), String::new(), "no answer in time".to_owned()),
        Err(NotRan::Failed(said)) => {
            (String::new(), String::new(), said.trim().lines().next().unwrap_or("-").to_owned())
        }
        Err(NotRan::Missing) => return Finding::skipped(Sight::SkippedNoPhp, Vec::new()),
    };
    let cause = match number.as_str() {
        "0" if road.blocked.is_some() => {
            return Finding::ok(Sight::PhpOnly, vec![("millis", millis)]).seen_by(View::Php);
        }
        "0" => return Finding::ok(Sight::PhpRoad, vec![("millis", millis)]).seen_by(View::Php),
        "" => error,
        number => format!("cURL error {number}: {error}"),
    };
    if road.blocked.is_some() {
        return Finding::skipped(Sight::PhpSame, vec![("cause", cause)]).seen_by(View::Php);
    }
    if UNTRUSTED.contains(&number.as_str())
        && let Some((_, file)) = told.trust_file()
    {
        return match tls::trust(file) {
            Ok(_) => Finding::after(php_trust::CHECK.id),
            Err(_) => Finding::after(trust_file::CHECK.id),
        };
    }
    let values = vec![("user", visit.php_user()), ("url", url), ("cause", cause)];
    Finding::error(Code::PhpRoad, values).seen_by(View::Php)
}
