//! Bodies that say that they are packed, made up by the fuzzer: unpacking ends within its bound.

#![no_main]

#[path = "../checks/agent.rs"]
#[allow(dead_code, reason = "each target has one of them")]
mod agent;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| agent::packings(bytes));
