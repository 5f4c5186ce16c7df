//! The name: whether it is known, and how long that takes.

use std::time::Duration;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::net::resolve::{Lookup, look_up, servers};
use super::super::visit::Visit;
use super::millis;

pub(super) const CHECK: Check = Check { id: "road.resolver", chapter: Chapter::Road, slow: true, run };

/// Longer than this and somebody waits for it.
const SLOW: Duration = Duration::from_secs(1);

fn run(visit: &mut Visit) -> Finding {
    let Some(road) = &mut visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(check) = road.blocked {
        return Finding::after(check);
    }
    let host = road.proxy().map_or_else(|| road.url.host.clone(), |proxy| proxy.host.clone());
    if let Ok(address) = host.parse() {
        road.addresses = vec![address];
        return Finding::ok(Sight::ResolvedLiteral, vec![("host", host)]);
    }
    let (lookup, took) = look_up(&host, road.patience);
    let cause = match &lookup {
        Lookup::Found(addresses) => {
            road.addresses.clone_from(addresses);
            if took > SLOW {
                let values = vec![("host", host), ("millis", millis(took)), ("servers", servers())];
                return Finding::warning(Code::DnsSlow, values);
            }
            let shown = addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            return Finding::ok(Sight::Resolved, vec![("host", host), ("addresses", shown), ("millis", millis(took))]);
        }
        Lookup::Unknown => format!("{host}: name unknown"),
        Lookup::Failed(cause) => format!("{host}: {cause}"),
        Lookup::TimedOut => format!("{host}: no answer from the name servers"),
    };
    road.block(CHECK.id);
    if let Some(proxy) = road.proxy() {
        let values = vec![("proxy", proxy.name()), ("variable", proxy.variable.clone()), ("cause", cause)];
        return Finding::error(Code::ProxyUnreachable, values);
    }
    match lookup {
        Lookup::Unknown => Finding::error(Code::DnsNameUnknown, vec![("host", host)]),
        Lookup::Failed(cause) => {
            Finding::error(Code::DnsFailed, vec![("host", host), ("cause", cause), ("servers", servers())])
        }
        Lookup::TimedOut | Lookup::Found(_) => {
            let seconds = road.patience.as_secs_f64().to_string();
            Finding::error(Code::DnsTimeout, vec![("host", host), ("seconds", seconds), ("servers", servers())])
        }
    }
}
