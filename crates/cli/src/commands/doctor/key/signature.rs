//! The key's signature, against the signing keys that the service publishes: which one, and whose.

use latchkey_key::registration;
use latchkey_server::well_known::{PATH, PublishedKeys};
use latchkey_texts::doctor::{Chapter, Sight};

use super::super::finding::{Check, Finding, View};
use super::super::visit::Visit;
use super::text;

pub(super) const CHECK: Check = Check { id: "key.signature", chapter: Chapter::Verdict, slow: true, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(key) = &visit.key else { return Finding::skipped(Sight::SkippedNoKey, Vec::new()) };
    let read = registration::read(key.as_bytes());
    if visit.key_refuted {
        return Finding::after(text::CHECK.id);
    }
    let Some(road) = &visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(check) = road.blocked {
        return Finding::after(check);
    }
    let published = road.way.as_ref().and_then(|way| way.ask(PATH, &[]).ok()).filter(|answer| answer.status == 200);
    let document = published.and_then(|answer| serde_json::from_slice::<PublishedKeys>(&answer.body).ok());
    let Some(ring) = document.and_then(|document| document.ring().ok()) else {
        return Finding::skipped(Sight::SkippedNotLatchkey, Vec::new());
    };
    let signed = read.and_then(|key| key.verify(&ring).map(|()| key));
    match signed {
        Ok(key) => {
            let signer = key.signing_key;
            let values = vec![("signer", signer.to_string()), ("publisher", signer.publisher().to_string())];
            Finding::ok(Sight::KeySigned, values).seen_by(View::Program)
        }
        Err(damage) => {
            visit.key_refuted = true;
            Finding::damaged(damage)
        }
    }
}
