//! How a plugin checks a customer's key without asking anyone: `cargo run --example offline -- <key>`.
//!
//! The publisher's public keys are built into the plugin. What the check cannot know is whether the key was revoked since.
#![allow(clippy::print_stdout)]

use latchkey_key::{PublicKey, PublicKeys, registration};

/// The vendor's public keys, as `id` and base64: the current one and all earlier ones.
const OURS: [(&str, &str); 1] = [("7k2m9xqd-1", "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=")];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut keys = PublicKeys::new("7k2m9xqd".parse()?);
    for (id, key) in OURS {
        keys.insert(PublicKey::from_base64(id.parse()?, key)?)?;
    }
    let text = std::env::args().nth(1).ok_or("usage: offline <registration key>")?;
    let key = registration::check(text.as_bytes(), &keys).map_err(|damage| format!("{}: {damage}", damage.code()))?;
    println!("Key {} was issued on {} and signed with {}.", key.id, key.issued, key.signing_key);
    Ok(())
}
