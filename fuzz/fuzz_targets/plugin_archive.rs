//! Archives of plugins, made up by the fuzzer: whatever the bytes are, there is an answer, soon, and within limits.

#![no_main]

use std::io::Cursor;

use latchkey_glpi::archive::{Limits, Unexamined, examine};
use libfuzzer_sys::fuzz_target;

/// Small, so that a byte more than is allowed is soon found.
const LIMITS: Limits = Limits { files: 64, unpacked: 1 << 20, ratio: 100 };

fuzz_target!(|bytes: &[u8]| {
    match examine(Cursor::new(bytes), LIMITS) {
        Ok(examined) => {
            assert!(examined.files <= LIMITS.files && examined.unpacked <= LIMITS.unpacked);
            let key = examined.plugin.as_str();
            assert!(!key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{key:?}");
            assert!(!examined.version.as_str().contains(['/', '\\', '\0']));
        }
        Err(Unexamined::Fault(_)) => {}
        // These bytes are in memory: nothing but they themselves can be wrong.
        Err(Unexamined::Unread(error)) => panic!("{error}"),
    }
});
