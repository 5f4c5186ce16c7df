//! The proxy that the environment names.

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::net::proxy::Named;
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "road.proxy", chapter: Chapter::Road, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(road) = &mut visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    match &road.named {
        Named::None => Finding::ok(Sight::ProxyNone, Vec::new()),
        Named::Bypassed => Finding::ok(Sight::ProxyBypassed, vec![("host", road.url.host.clone())]),
        Named::Proxy(proxy) => {
            Finding::ok(Sight::Proxy, vec![("proxy", proxy.name()), ("variable", proxy.variable.clone())])
        }
        Named::OverTls(proxy) => {
            let values = vec![("proxy", proxy.name()), ("variable", proxy.variable.clone())];
            road.block(CHECK.id);
            Finding::skipped(Sight::ProxyOverTls, values)
        }
        Named::Malformed { variable, value } => {
            let values = vec![("variable", variable.clone()), ("value", value.clone())];
            road.block(CHECK.id);
            Finding::error(Code::ProxyMalformed, values)
        }
    }
}
