//! The same questions asked by PHP, as the web server's user where we may: this is what GLPI meets.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use latchkey_glpi::heard;
use latchkey_glpi::installation::{INFO_PATH, REGISTRATION_PATH};
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::child::NotRan;
use super::super::finding::{Check, Finding, View};
use super::super::net::http::Answer;
use super::super::net::tls;
use super::super::php::trust_file;
use super::super::visit::Visit;
use super::{ipv4, ipv6, php_trust, resolver};

pub(super) const CHECK: Check = Check { id: "road.php", chapter: Chapter::Road, slow: true, run };

/// libcurl's numbers for a certificate that is not believed.
const UNTRUSTED: [&str; 3] = ["60", "77", "35"];

/// Both questions of a GLPI. For each a line: libcurl's number, milliseconds, the status, the body, and what libcurl says.
const ASK: &str = r#"
foreach (array_slice($argv, 3) as $url) {
    $c = curl_init($url);
    curl_setopt_array($c, [
        CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT_MS => (int) $argv[1], CURLOPT_USERAGENT => $argv[2],
    ]);
    $body = (string) curl_exec($c);
    echo implode("\t", [
        curl_errno($c), round(1000 * curl_getinfo($c, CURLINFO_TOTAL_TIME)), curl_getinfo($c, CURLINFO_RESPONSE_CODE),
        base64_encode(substr($body, 0, 65536)), strtr(curl_error($c), "\t\n", '  '),
    ]), "\n";
}
"#;

/// What became of PHP's questions: how long they took, or libcurl's number, where it has one, and what is wrong.
type Heard = Result<u64, (String, String)>;

fn run(visit: &mut Visit) -> Finding {
    let Some(road) = &visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let Some(told) = visit.php.told() else { return Finding::skipped(Sight::SkippedNoPhp, Vec::new()) };
    if !told.has("curl") {
        return Finding::skipped(Sight::SkippedNoExtension, Vec::new());
    }
    let steps = [super::proxy::CHECK.id, resolver::CHECK.id, ipv4::CHECK.id, ipv6::CHECK.id, super::tls::CHECK.id];
    // Where the service was reached and its answer is the fault, PHP gets the same answer.
    if let Some(check) = road.blocked.filter(|check| !steps.contains(check)) {
        return Finding::after(check);
    }
    let url = format!("{}{REGISTRATION_PATH}", road.url);
    let mut arguments = vec![road.patience.as_millis().to_string(), visit.user_agent()];
    arguments.extend([url.clone(), format!("{}{INFO_PATH}", road.url)]);
    let patience = 2 * road.patience + Duration::from_secs(5);
    let heard: Heard = match visit.php.patient_script(ASK, &arguments, patience) {
        // Of the first answer it is enough that it is there.
        Ok(text) => {
            text.lines().chain(std::iter::repeat("")).zip([false, true]).map(|(line, read)| hear(line, read)).sum()
        }
        Err(NotRan::TimedOut) => Err((String::new(), "no answer in time".to_owned())),
        Err(NotRan::Failed(said)) => Err((String::new(), said.trim().lines().next().unwrap_or("-").to_owned())),
        Err(NotRan::Missing) => return Finding::skipped(Sight::SkippedNoPhp, Vec::new()),
    };
    let (number, cause) = match heard {
        Ok(millis) => {
            let alone = road.blocked.is_some() && !road.is_left_to_php();
            let sight = if alone { Sight::PhpOnly } else { Sight::PhpRoad };
            return Finding::ok(sight, vec![("millis", millis.to_string())]).seen_by(View::Php);
        }
        Err(fault) => fault,
    };
    if road.blocked.is_some() && !road.is_left_to_php() {
        return Finding::skipped(Sight::PhpSame, vec![("cause", cause)]).seen_by(View::Php);
    }
    if UNTRUSTED.contains(&number.as_str())
        && !road.is_left_to_php()
        && let Some((_, file)) = told.trust_file()
    {
        match tls::trust(file).map(|trust| php_trust::holds(road, &trust)) {
            Ok(false) => return Finding::after(php_trust::CHECK.id),
            Err(_) => return Finding::after(trust_file::CHECK.id),
            // Something else about the certificate that PHP says itself.
            Ok(true) => {}
        }
    }
    let values = vec![("user", visit.php_user()), ("url", url), ("cause", cause)];
    Finding::error(Code::PhpRoad, values).seen_by(View::Php)
}

/// Reads a line of the script.
fn hear(line: &str, is_read: bool) -> Heard {
    let parts: Vec<&str> = line.splitn(5, '\t').collect();
    let [number, millis, status, body, error] = parts.as_slice() else {
        return Err((String::new(), line.to_owned()));
    };
    if *number != "0" {
        return Err(((*number).to_owned(), format!("cURL error {number}: {error}")));
    }
    let body = STANDARD.decode(body).unwrap_or_default();
    let answer = Answer::heard(status.parse().unwrap_or_default(), body);
    let fine = if is_read { heard::read(&answer.body).is_some() } else { answer.status < 300 && !answer.is_page() };
    match fine {
        true => Ok(millis.parse().unwrap_or_default()),
        false => Err((String::new(), format!("{} {}", answer.status, answer.beginning()))),
    }
}
