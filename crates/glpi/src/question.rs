//! A question as a GLPI puts it, whatever state its headers are in.

use core::fmt;

use latchkey_key::{Damage, RegistrationKey, registration};
use latchkey_texts::Language;

use crate::{InstanceUid, UidFault, UserAgent, headers, paste};

/// Who asks about which key. Always there: what is wrong with a part stands in it. One without faults costs no allocation.
#[derive(Clone)]
pub struct Question<'a> {
    /// The key as presented, without white space at its ends; empty where there is none.
    pub text: &'a [u8],
    /// Which GLPI asks.
    pub uid: Result<InstanceUid, UidFault>,
    /// Which version it is, if it is a GLPI.
    pub asker: Option<UserAgent<'a>>,
    /// The language to answer in.
    pub language: Language,
}

impl<'a> Question<'a> {
    /// Reads the headers; `header` gives the value of one by its name in lower case (see [`headers`]).
    pub fn read(header: impl Fn(&str) -> Option<&'a [u8]>) -> Self {
        let value = |name| header(name).unwrap_or_default();
        let text = value(headers::REGISTRATION_KEY).trim_ascii();
        Self {
            text,
            uid: InstanceUid::parse(value(headers::INSTANCE_UID)),
            asker: UserAgent::parse(value(headers::USER_AGENT)),
            language: Language::negotiate(value(headers::ACCEPT_LANGUAGE)),
        }
    }

    /// The key as far as it can be read alone: its signature is not verified yet.
    pub fn key(&self) -> Result<RegistrationKey, Damage> {
        match paste::line_break(self.text) {
            Some(damage) => Err(damage),
            None => registration::read(self.text),
        }
    }
}

/// Names the key, never its text: whoever has that has the key.
impl fmt::Debug for Question<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text, uid, asker, language } = self;
        f.debug_struct("Question")
            .field("text", &format_args!("{} bytes", text.len()))
            .field("key", &self.key().map(|key| key.id))
            .field("uid", uid)
            .field("asker", asker)
            .field("language", language)
            .finish()
    }
}
