//! IPv4 and IPv6, each by itself: a kind that is announced and dead makes programs slow without an error.

use std::net::SocketAddr;

use latchkey_texts::doctor::{Code, Sight};

use super::super::finding::Finding;
use super::super::net::Way;
use super::super::net::tcp::{Dead, knock};
use super::super::visit::Visit;
use super::{Reach, Road, ipv4, ipv6, millis};

/// Of many addresses, so many are tried.
const TRIED: usize = 3;

pub(super) fn look(visit: &mut Visit, v6: bool) -> Finding {
    let Some(road) = &mut visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(check) = road.blocked.filter(|check| *check != ipv4::CHECK.id) {
        return Finding::after(check);
    }
    if road.reach.is_none() {
        reach(road);
    }
    let Some(Reach { v4, v6: six }) = &road.reach else { return Finding::after(super::resolver::CHECK.id) };
    let (own, other) = if v6 { (six, v4) } else { (v4, six) };
    let host = road.url.host.clone();
    match own {
        None => {
            let kind = if v6 { "IPv6" } else { "IPv4" };
            Finding::skipped(Sight::NoFamily, vec![("host", host), ("kind", kind.to_owned())])
        }
        Some(Ok((address, took))) => {
            Finding::ok(Sight::Connected, vec![("addresses", address.to_string()), ("millis", millis(*took))])
        }
        // A machine without IPv6 says so at once, and every program goes the other way.
        Some(Err((_, Dead::NoRoute(_)))) if v6 && matches!(other, Some(Ok(_))) => {
            Finding::skipped(Sight::NoRoute, Vec::new())
        }
        Some(Err((address, dead))) if matches!(other, Some(Ok(_))) => {
            let code = if v6 { Code::Ipv6Dead } else { Code::Ipv4Dead };
            let values = vec![("host", host), ("addresses", address.to_string()), ("cause", said(dead))];
            Finding::warning(code, values)
        }
        // Told once, for IPv4.
        Some(Err(_)) if v6 && v4.is_some() => Finding::after(ipv4::CHECK.id),
        Some(Err((address, dead))) => {
            let finding = unreachable(road, *address, dead);
            road.block(if v6 { ipv6::CHECK.id } else { ipv4::CHECK.id });
            finding
        }
    }
}

fn unreachable(road: &Road, address: SocketAddr, dead: &Dead) -> Finding {
    if let Some(proxy) = road.proxy() {
        let cause = format!("{address}: {}", said(dead));
        let values = vec![("proxy", proxy.name()), ("variable", proxy.variable.clone()), ("cause", cause)];
        return Finding::error(Code::ProxyUnreachable, values);
    }
    let ip = ("ip", address.ip().to_string());
    let (address, host) = (("address", address.to_string()), ("host", road.url.host.clone()));
    match dead {
        Dead::Refused => Finding::error(Code::TcpRefused, vec![address, host]),
        Dead::TimedOut => {
            let seconds = road.patience.as_secs_f64().to_string();
            Finding::error(Code::TcpTimeout, vec![address, host, ("seconds", seconds)])
        }
        Dead::NoRoute(cause) => Finding::error(Code::TcpUnreachable, vec![address, host, ("cause", cause.clone()), ip]),
    }
}

/// Tries the addresses of both kinds at the same time, and notes the first that answers.
fn reach(road: &mut Road) {
    let port = road.proxy().map_or(road.url.port, |proxy| proxy.port);
    let of = |v6: bool| -> Vec<SocketAddr> {
        let kind = road.addresses.iter().filter(|address| address.is_ipv6() == v6);
        kind.take(TRIED).map(|address| SocketAddr::new(*address, port)).collect()
    };
    let (four, six, patience) = (of(false), of(true), road.patience);
    let (v4, v6) = std::thread::scope(|scope| {
        let v6 = scope.spawn(|| knock(&six, patience));
        (knock(&four, patience), v6.join().unwrap_or(None))
    });
    let alive = [&v4, &v6].into_iter().flatten().find_map(|knocked| knocked.as_ref().ok());
    road.way = alive.map(|(address, _)| Way {
        url: road.url.clone(),
        proxy: road.proxy().cloned(),
        address: *address,
        trust: road.trust.clone(),
        patience,
    });
    road.reach = Some(Reach { v4, v6 });
}

fn said(dead: &Dead) -> String {
    match dead {
        Dead::Refused => "connection refused".to_owned(),
        Dead::TimedOut => "no answer in time".to_owned(),
        Dead::NoRoute(cause) => cause.clone(),
    }
}
