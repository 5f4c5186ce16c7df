//! Messages of agents in the old protocol, made up by the fuzzer: whatever the bytes are, there is an answer.

#![no_main]

#[path = "../checks/agent.rs"]
#[allow(dead_code, reason = "each target has one of them")]
mod agent;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| agent::xml(bytes));
