//! The key: whole, signed, and what the service says of it.

mod signature;
mod text;
mod verdict;

use super::finding::Check;

pub(super) const TEXT_CHECKS: &[Check] = &[text::CHECK];
pub(super) const SERVICE_CHECKS: &[Check] = &[signature::CHECK, verdict::CHECK];
