//! Whether the public URL leads to this Latchkey, as seen from its own machine.

use latchkey_server::well_known::{PATH, PublishedKeys};
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{either, examined};

pub(super) const CHECK: Check = Check { id: "host.public_url", chapter: Chapter::Host, slow: true, run };

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (_, examined) = examined(visit)?;
    let Some(road) = &visit.road else { return Ok(Finding::skipped(Sight::SkippedNoPublicUrl, Vec::new())) };
    if let Some(check) = road.blocked {
        return Err(Finding::after(check));
    }
    let own = examined.installation.as_ref().map(|it| it.publisher.to_string()).unwrap_or_default();
    let answer = road.way.as_ref().and_then(|way| way.ask(PATH, &[]).ok());
    let millis = answer.as_ref().map(|answer| answer.took.as_millis().to_string()).unwrap_or_default();
    let document = answer.and_then(|answer| serde_json::from_slice::<PublishedKeys>(&answer.body).ok());
    let ring = document.and_then(|document| document.ring().ok());
    let found = ring.map_or_else(|| "-".to_owned(), |ring| ring.publisher().to_string());
    let url = ("url", road.url.to_string());
    if found == own {
        return Ok(Finding::ok(Sight::PublicUrl, vec![url, ("millis", millis)]));
    }
    Err(Finding::error(Code::PublicUrlOther, vec![url, ("found", found), ("own", own)]))
}
