//! Whole messages as they come to the gateway, made up by the fuzzer: unpacked, read, given another tag, packed.

#![no_main]

#[path = "../checks/agent.rs"]
#[allow(dead_code, reason = "each target has one of them")]
mod agent;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| agent::letter(bytes));
