//! Whose key came with a message: as a user and a password, as a token that was exchanged for one, or in the path.

use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_domain::time::Timestamp;
use latchkey_key::{SecretKey, SecretKind};
use latchkey_store::enrollment::access;
use latchkey_store::enrollment::keys::Known;
use zeroize::Zeroizing;

use super::Gateway;

/// A key that was shown, and the generation of the secret that was.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) known: Arc<Known>,
    pub(super) generation: u32,
}

/// Why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotShown {
    /// Nothing was shown yet: agents do so when they are asked.
    Nothing,
    /// A token whose time is over: agents get another one when they are told.
    OldToken,
    /// What was shown is none of ours.
    Wrong,
}

/// The key that came with a message.
pub(super) fn shown(
    gateway: &Gateway,
    in_path: Option<&str>,
    headers: &HeaderMap,
    now: Timestamp,
) -> Result<Shown, NotShown> {
    if let Some(text) = in_path {
        return by_text(gateway, None, text).ok_or(NotShown::Wrong);
    }
    let Some(header) = headers.get(AUTHORIZATION) else { return Err(NotShown::Nothing) };
    let header = header.to_str().map_err(|_| NotShown::Wrong)?;
    let (scheme, given) = header.trim().split_once(' ').ok_or(NotShown::Wrong)?;
    if scheme.eq_ignore_ascii_case("basic") {
        let bytes = Zeroizing::new(BASE64.decode(given.trim()).map_err(|_| NotShown::Wrong)?);
        let text = std::str::from_utf8(&bytes).map_err(|_| NotShown::Wrong)?;
        let (user, password) = text.split_once(':').ok_or(NotShown::Wrong)?;
        return by_text(gateway, Some(user), password).ok_or(NotShown::Wrong);
    }
    if scheme.eq_ignore_ascii_case("bearer") {
        // One of an earlier start under another master key is no attack either: whoever has a secret gets another one.
        let access = access::read(&gateway.vault, given.trim(), now).ok_or(NotShown::OldToken)?;
        let known = gateway.roll.key(&access.key).ok_or(NotShown::OldToken)?;
        return Ok(Shown { known, generation: access.generation });
    }
    Err(NotShown::Wrong)
}

/// The key of a text, which has to be that of the user where one is named.
pub(super) fn by_text(gateway: &Gateway, user: Option<&str>, text: &str) -> Option<Shown> {
    let secret = SecretKey::read(SecretKind::Enrollment, text).ok()?;
    if user.is_some_and(|user| user != secret.id()) {
        return None;
    }
    let known = gateway.roll.key(secret.id())?;
    let generation = known.generation_of(&gateway.vault, &secret)?;
    Some(Shown { known, generation })
}
