//! What the REST API itself needs kept: its tokens, and answers to requests that may come again.

pub mod idempotency;
pub mod tokens;
