//! The key: whole, signed, and what the service says of it.

mod signature;
mod text;
mod verdict;

use super::finding::Check;

pub(super) const CHECKS: &[Check] = &[text::CHECK, signature::CHECK, verdict::CHECK];
