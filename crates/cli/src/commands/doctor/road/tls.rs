//! TLS: whether it is spoken, and whose certificate is shown.

use latchkey_glpi::installation::REGISTRATION_PATH;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::net::proxy::TunnelFault;
use super::super::net::tls::{CertFault, PLACES, TlsFault, judge, now};
use super::super::net::{Fault, Way, certificate};
use super::super::visit::Visit;
use super::{Road, clock, day, days_until, time_of};

pub(super) const CHECK: Check = Check { id: "road.tls", chapter: Chapter::Road, slow: true, run };

/// A certificate is renewed before so few days are left, and before a third of its life is.
const SOON: i64 = 14;

/// What stands in the names of those who look into TLS.
const INTERCEPTORS: [&str; 18] = [
    "fortinet",
    "fortigate",
    "zscaler",
    "palo alto",
    "blue coat",
    "bluecoat",
    "sophos",
    "checkpoint",
    "check point",
    "netskope",
    "mitmproxy",
    "squid",
    "kaspersky",
    "eset",
    "avast",
    "bitdefender",
    "watchguard",
    "sonicwall",
];

fn run(visit: &mut Visit) -> Finding {
    let Some(road) = &mut visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(check) = road.blocked {
        return Finding::after(check);
    }
    let Some(way) = road.way.clone() else { return Finding::after(super::ipv4::CHECK.id) };
    if !road.url.secure {
        // Nobody listens within this machine who could not read its memory.
        return match way.address.ip().is_loopback() && way.proxy.is_none() {
            true => Finding::ok(Sight::Plain, Vec::new()),
            false => Finding::warning(Code::NotEncrypted, vec![("url", road.url.to_string())]),
        };
    }
    let finding = look(road, &way);
    if finding.status == super::super::finding::Status::Error {
        road.block(CHECK.id);
    }
    finding
}

fn look(road: &mut Road, way: &Way) -> Finding {
    let Some(trust) = road.trust.clone() else {
        return Finding::error(Code::TrustStoreMissing, vec![("places", PLACES.join(", "))]);
    };
    let secured = match way.shake_hands() {
        Ok(secured) => secured,
        Err(fault) => return broken(way, &fault),
    };
    let host = road.url.host.clone();
    road.chain.clone_from(&secured.chain);
    let Some(told) = certificate::summary(&secured.chain) else {
        return Finding::error(Code::CertUnusable, vec![("host", host), ("cause", "it does not read".into())]);
    };
    let subject = || ("subject", told.subject.clone());
    let fault = match judge(&secured.chain, &host, &trust.roots, now()) {
        Ok(()) => {
            let days = days_until(told.ends);
            let life = i64::try_from((told.ends.saturating_sub(told.begins)).as_secs() / 86_400).unwrap_or(i64::MAX);
            let (date, shown) = (("date", day(told.ends)), ("days", days.to_string()));
            if days < SOON && days < life / 3 {
                return Finding::warning(Code::CertExpiresSoon, vec![subject(), date, shown]);
            }
            let version = ("version", secured.version.to_owned());
            return Finding::ok(Sight::Tls, vec![version, subject(), ("issuer", told.issuer.clone()), date, shown]);
        }
        Err(fault) => fault,
    };
    if matches!(fault, CertFault::Expired | CertFault::NotYetValid) && holds_by_their_clock(road, way) {
        return Finding::after(clock::CHECK.id);
    }
    let issuer = || ("issuer", told.issuer.clone());
    match fault {
        CertFault::Expired => Finding::error(Code::CertExpired, vec![subject(), ("date", day(told.ends))]),
        CertFault::NotYetValid => Finding::error(Code::CertNotYetValid, vec![subject(), ("date", day(told.begins))]),
        CertFault::WrongName(names) => {
            let names = if names.is_empty() { told.subject.clone() } else { names.join(", ") };
            Finding::error(Code::CertWrongName, vec![("host", host), ("names", names)])
        }
        CertFault::SelfSigned => Finding::error(Code::CertSelfSigned, vec![subject()]),
        CertFault::UnknownIssuer if way.proxy.is_some() || is_interceptor(&told.issuer) => {
            Finding::error(Code::CertIntercepted, vec![("host", host), issuer()])
        }
        CertFault::UnknownIssuer => Finding::error(Code::CertUnknownIssuer, vec![subject(), issuer()]),
        CertFault::Other(cause) => Finding::error(Code::CertUnusable, vec![("host", host), ("cause", cause)]),
    }
}

fn is_interceptor(issuer: &str) -> bool {
    let issuer = issuer.to_lowercase();
    INTERCEPTORS.iter().any(|name| issuer.contains(name))
}

/// Whether the certificate holds at the time that the service's clock shows: then it is this clock that is wrong.
fn holds_by_their_clock(road: &mut Road, way: &Way) -> bool {
    let Ok(answer) = way.peek(REGISTRATION_PATH) else { return false };
    let (Some(theirs), Some(trust)) = (time_of(&answer), &road.trust) else { return false };
    let at = std::time::Duration::from_secs(u64::try_from(theirs.as_second()).unwrap_or(0));
    if judge(&road.chain, &road.url.host, &trust.roots, at).is_err() {
        return false;
    }
    road.hear_the_time(&answer);
    road.block(clock::CHECK.id);
    true
}

/// What a way that ends before its certificate is seen is called.
fn broken(way: &Way, fault: &Fault) -> Finding {
    let host = || ("host", way.url.host.clone());
    let failed = |cause: &str| Finding::error(Code::TlsFailed, vec![host(), ("cause", cause.to_owned())]);
    match fault {
        Fault::Tunnel(fault) => tunnel(way, fault),
        Fault::Tls(TlsFault::NotTls) => Finding::error(Code::TlsNotSpoken, vec![("address", way.url.host_and_port())]),
        Fault::Tls(TlsFault::TooOld) => Finding::error(Code::TlsTooOld, vec![host()]),
        Fault::Tls(TlsFault::TimedOut) => failed("no answer in time"),
        Fault::Tls(TlsFault::Failed(cause)) => failed(cause),
        Fault::Connect(error) => failed(&crate::data_dir::cause(error)),
        Fault::Certificate | Fault::Http(_) => failed("-"),
    }
}

/// A proxy that does not let us through.
pub(super) fn tunnel(way: &Way, fault: &TunnelFault) -> Finding {
    let Some(proxy) = &way.proxy else {
        return Finding::error(Code::ProxyUnnamed, vec![("url", way.url.to_string())]);
    };
    let named = || vec![("proxy", proxy.name()), ("variable", proxy.variable.clone())];
    match fault {
        TunnelFault::Authentication => {
            let more = [("scheme", proxy.scheme.to_owned())];
            Finding::error(Code::ProxyAuthentication, named().into_iter().chain(more).collect())
        }
        TunnelFault::Refused(status) => {
            let more = [("status", status.clone()), ("host", way.url.host.clone())];
            Finding::error(Code::ProxyRefuses, named().into_iter().chain(more).collect())
        }
        TunnelFault::Broken(cause) => {
            let more = [("cause", cause.clone())];
            Finding::error(Code::ProxyUnreachable, named().into_iter().chain(more).collect())
        }
    }
}
