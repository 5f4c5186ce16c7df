//! The addresses of IPv6: a kind that is announced and dead makes programs slow without an error.

use latchkey_texts::doctor::Chapter;

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::family::look;

pub(super) const CHECK: Check = Check { id: "road.ipv6", chapter: Chapter::Road, slow: true, run };

fn run(visit: &mut Visit) -> Finding {
    look(visit, true)
}
