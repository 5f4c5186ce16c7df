//! The key's text: whether it is whole, and one of a Latchkey.

use latchkey_key::{Damage, registration};
use latchkey_texts::doctor::{Chapter, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "key.text", chapter: Chapter::Key, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(text) = &visit.key else { return Finding::skipped(Sight::SkippedNoKey, Vec::new()) };
    match registration::read(text.as_bytes()) {
        Ok(key) => {
            let values = vec![("key", key.id.0.to_string()), ("issued", key.issued.to_string())];
            Finding::ok(Sight::KeyWhole, values)
        }
        // GLPI's publisher has keys of its own; whether the service that is asked is a Latchkey shows with the signature.
        Err(Damage::ForeignFormat) => Finding::skipped(Sight::SkippedForeignKey, Vec::new()),
        Err(damage) => {
            visit.key_refuted = true;
            Finding::damaged(damage)
        }
    }
}
