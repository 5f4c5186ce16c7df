//! Access tokens of agents that speak OAuth: short-lived, bound to a key and the generation of its secret, and stored
//! nowhere. Whether the key and the agent may still do anything is asked with every message, so a token needs no revocation.

use latchkey_domain::time::{MINUTE, Millis, Timestamp};
use latchkey_key::secret::ID_LENGTH;
use subtle::ConstantTimeEq as _;

use crate::Vault;

/// How long a token counts, in milliseconds.
pub const COUNTS_FOR: Millis = 15 * MINUTE;
const PREFIX: &str = "lkagent_";

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The key that it was given for.
    pub key: String,
    /// The generation of the secret that was exchanged.
    pub generation: u32,
    /// Until when it counts.
    pub until: Timestamp,
}

/// Makes a token.
pub fn token(vault: &Vault, access: &Access) -> String {
    let said = said(access);
    let seal = seal(vault, &said);
    format!("{PREFIX}{said}_{seal}")
}

/// Reads a token; `None` where it is none of ours, or its time is over.
pub fn read(vault: &Vault, token: &str, now: Timestamp) -> Option<Access> {
    let (said, given) = token.strip_prefix(PREFIX)?.rsplit_once('_')?;
    let own = seal(vault, said);
    if !bool::from(own.as_bytes().ct_eq(given.as_bytes())) {
        return None;
    }
    let mut parts = said.split('_');
    let access = Access {
        key: parts.next().filter(|key| key.len() == ID_LENGTH)?.to_owned(),
        generation: parts.next()?.parse().ok()?,
        until: Timestamp::from_millis(parts.next()?.parse().ok()?),
    };
    (parts.next().is_none() && access.until > now).then_some(access)
}

fn said(access: &Access) -> String {
    format!("{}_{}_{}", access.key, access.generation, access.until.millis())
}

fn seal(vault: &Vault, said: &str) -> String {
    vault.keyed_hash("latchkey/agent-access", said.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Master;

    #[test]
    fn a_token_counts_for_its_time_under_its_master_key_and_as_it_was_made() {
        let vault = Vault::new(Master::random().unwrap());
        let at = Timestamp::from_millis;
        let access = Access { key: "0123456789ab".into(), generation: 3, until: at(1_000) };
        let text = token(&vault, &access);
        assert_eq!(read(&vault, &text, at(999)), Some(access));
        assert_eq!(read(&vault, &text, at(1_000)), None);
        assert_eq!(read(&Vault::new(Master::random().unwrap()), &text, at(0)), None);
        assert_eq!(read(&vault, &text.replace("_3_", "_4_"), at(0)), None);
        for other in ["", "lkagent_", "lkagent_a_b", "lkagent___"] {
            assert_eq!(read(&vault, other, at(0)), None, "{other}");
        }
    }
}
