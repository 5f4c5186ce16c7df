//! The addresses of IPv4.

use latchkey_texts::doctor::Chapter;

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::family::look;

pub(super) const CHECK: Check = Check { id: "road.ipv4", chapter: Chapter::Road, slow: true, run };

fn run(visit: &mut Visit) -> Finding {
    look(visit, false)
}
