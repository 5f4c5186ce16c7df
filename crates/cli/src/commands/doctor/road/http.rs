//! The first question of a GLPI: is anybody there?

use std::io::ErrorKind;
use std::time::Duration;

use latchkey_glpi::heard;
use latchkey_glpi::installation::{INFO_PATH, REGISTRATION_PATH};
use latchkey_texts::doctor::{Chapter, Code, Sight, Value};
use serde_json::Value as Json;

use super::super::finding::{Check, Finding, Status};
use super::super::net::http::{Answer, HttpFault};
use super::super::net::proxy::TunnelFault;
use super::super::net::resolve::{Lookup, look_up};
use super::super::net::tcp::knock;
use super::super::net::url::Url;
use super::super::net::{Fault, Way};
use super::super::visit::Visit;
use super::{millis, tls};

pub(super) const CHECK: Check = Check { id: "road.http", chapter: Chapter::Road, slow: true, run };

/// Longer than this and people wait for it.
const SLOW: Duration = Duration::from_secs(2);
/// As many redirects as libcurl is told to follow by GLPI.
const REDIRECTS: usize = 10;

fn run(visit: &mut Visit) -> Finding {
    let agent = visit.user_agent();
    let Some(road) = &mut visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(check) = road.blocked {
        return Finding::after(check);
    }
    let Some(way) = road.way.clone() else { return Finding::after(super::ipv4::CHECK.id) };
    let url = format!("{}{REGISTRATION_PATH}", road.url);
    let finding = match way.ask(REGISTRATION_PATH, &[("User-Agent", &agent)]) {
        Err(fault) => no_answer(&way, &url, &fault),
        Ok(answer) => {
            road.hear_the_time(&answer);
            judge(&way, &url, &answer)
        }
    };
    if finding.status == Status::Error {
        road.block(CHECK.id);
    }
    finding
}

fn judge(way: &Way, url: &str, answer: &Answer) -> Finding {
    if let (300..=399, Some(location)) = (answer.status, answer.header("location")) {
        return redirected(way, url, location);
    }
    if let Some(fault) = fault_of(way, url, answer) {
        return fault;
    }
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return Finding::error(Code::HttpEmpty, vec![named(url), ("status", answer.status.to_string())]);
    }
    if answer.took > SLOW {
        return Finding::warning(Code::HttpSlow, vec![named(url), ("millis", millis(answer.took))]);
    }
    let values = vec![named(url), ("status", answer.status.to_string()), ("millis", millis(answer.took))];
    Finding::ok(Sight::Http, values)
}

/// What is wrong with an answer whatever was asked, if anything is.
pub(in super::super) fn fault_of(way: &Way, url: &str, answer: &Answer) -> Option<Finding> {
    let status = || ("status", answer.status.to_string());
    match answer.status {
        407 => Some(tls::tunnel(way, &TunnelFault::Authentication)),
        511 => Some(Finding::error(Code::CaptivePortal, vec![named(url), ("to", answer.beginning())])),
        429 | 502..=504 => {
            let problem: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
            let text = |name: &str| problem.get(name).and_then(Json::as_str).map(str::to_owned);
            let detail = text("detail").or_else(|| text("title")).unwrap_or_else(|| answer.beginning());
            let code = text("code").unwrap_or_default();
            let values = vec![named(url), status(), ("code", code), ("detail", detail)];
            Some(Finding::error(Code::ServiceUnavailable, values))
        }
        _ if answer.is_page() => {
            Some(Finding::error(Code::HttpHtml, vec![named(url), status(), ("beginning", answer.beginning())]))
        }
        400.. => Some(Finding::error(Code::HttpStatus, vec![named(url), status()])),
        _ => None,
    }
}

/// A question that got no answer.
pub(in super::super) fn no_answer(way: &Way, url: &str, fault: &Fault) -> Finding {
    let broken = |cause: String| Finding::error(Code::HttpBroken, vec![named(url), ("cause", cause)]);
    match fault {
        Fault::Http(HttpFault::TimedOut) => {
            let seconds = way.patience.as_secs_f64().to_string();
            Finding::error(Code::HttpTimeout, vec![named(url), ("seconds", seconds)])
        }
        Fault::Http(HttpFault::Broken(cause)) => broken(cause.clone()),
        Fault::Connect(error) if error.kind() == ErrorKind::TimedOut => {
            let seconds = way.patience.as_secs_f64().to_string();
            Finding::error(Code::HttpTimeout, vec![named(url), ("seconds", seconds)])
        }
        Fault::Connect(error) => broken(crate::data_dir::cause(error)),
        Fault::Tunnel(fault) => tls::tunnel(way, fault),
        // The handshake has just succeeded in another check.
        Fault::Tls(_) | Fault::Certificate => broken("TLS".to_owned()),
    }
}

/// Follows redirects to where they end: another page of the service, a portal, or nowhere.
fn redirected(way: &Way, url: &str, location: &str) -> Finding {
    let mut seen = vec![url.to_owned()];
    let from = &way.url;
    let mut here = from.clone();
    let mut location = location.to_owned();
    let astray = |to: &str| Finding::error(Code::RedirectedAstray, vec![named(url), ("to", to.to_owned())]);
    for _ in 0..REDIRECTS {
        let Some((next, path)) = here.follow(&location) else { return astray(&location) };
        let shown = format!("{next}{path}");
        if seen.contains(&shown) {
            return Finding::error(Code::RedirectLoop, vec![named(url)]);
        }
        seen.push(shown.clone());
        let Some(way) = to(way, &next) else { return astray(&shown) };
        let Ok(answer) = way.ask(&path, &[]) else { return astray(&shown) };
        match (answer.status, answer.header("location")) {
            (300..=399, Some(further)) => {
                location = further.to_owned();
                here = next;
            }
            _ if answer.is_page() && next.host != from.host => {
                return Finding::error(Code::CaptivePortal, vec![named(url), ("to", shown)]);
            }
            _ => {
                let service = base(&next, &path);
                return match is_service(&way, &service) {
                    true => {
                        let values = vec![named(url), ("to", shown), ("wanted", service.to_string())];
                        Finding::error(Code::Redirected, values)
                    }
                    false => astray(&shown),
                };
            }
        }
    }
    Finding::error(Code::RedirectLoop, vec![named(url)])
}

/// Whether a service answers there, whose address can be written down.
fn is_service(way: &Way, url: &Url) -> bool {
    let way = Way { url: url.clone(), ..way.clone() };
    way.ask(INFO_PATH, &[]).is_ok_and(|answer| heard::read(&answer.body).is_some())
}

/// The address of the service one of whose pages this is.
fn base(host: &Url, path: &str) -> Url {
    let below = [REGISTRATION_PATH, "/api/registration"].into_iter().find_map(|page| path.strip_suffix(page));
    Url { path: below.unwrap_or_default().to_owned(), ..host.clone() }
}

/// The way to another address, through the same proxy.
fn to(way: &Way, url: &Url) -> Option<Way> {
    if way.proxy.is_some() || (url.host == way.url.host && url.port == way.url.port) {
        return Some(Way { url: url.clone(), ..way.clone() });
    }
    let addresses = match url.literal() {
        Some(address) => vec![address],
        None => match look_up(&url.host, way.patience) {
            (Lookup::Found(addresses), _) => addresses,
            (Lookup::Unknown | Lookup::Failed(_) | Lookup::TimedOut, _) => return None,
        },
    };
    let sockets: Vec<_> = addresses.into_iter().map(|address| (address, url.port).into()).collect();
    let (address, _) = knock(&sockets, way.patience)?.ok()?;
    Some(Way { url: url.clone(), address, ..way.clone() })
}

fn named(url: &str) -> Value {
    ("url", url.to_owned())
}
