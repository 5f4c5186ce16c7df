//! What GLPI hears under `/api/registration/`: about a key, about what is sold, and that somebody is there.
//!
//! GLPI ignores the status of the answer about a key and believes its `is_valid` for a day. So that answer, [`Info`], can
//! only be made from a verdict, or from the damage that a presented text has:
//!
//! ```
//! use latchkey_glpi::registration::Info;
//! use latchkey_key::Damage;
//! use latchkey_texts::Language;
//!
//! Info::damaged(&Damage::Missing, Language::English);
//! ```
//!
//! and never from a failure of ours:
//!
//! ```compile_fail
//! use latchkey_glpi::registration::Info;
//! use latchkey_domain::Failure;
//! use latchkey_texts::Language;
//!
//! Info::damaged(&Failure::StoreAway, Language::English);
//! ```

use latchkey_domain::subscriptions::{KeyEntry, Offer, Verdict};
use latchkey_domain::time::{Date, Written, Zone};
use latchkey_key::Damage;
use latchkey_texts::Language;
use serde::{Serialize, Serializer};

/// The answer to `/api/registration/info`. Every member is always there, with the type that GLPI needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Info<'a> {
    is_valid: bool,
    validation_message: String,
    owner: Option<Owner<'a>>,
    /// Absent only where `is_valid` is false: GLPI's tab reads its title otherwise.
    subscription: Option<Subscription<'a>>,
    /// Ours: the stable code of what is said, for scripts. GLPI ignores members that it does not know.
    code: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Owner<'a> {
    name: &'a str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Subscription<'a> {
    title: &'a str,
    #[serde(serialize_with = "day")]
    begin_date: Date,
    #[serde(serialize_with = "day")]
    end_date: Date,
    is_running: bool,
    offer_reference: &'a str,
}

impl<'a> Info<'a> {
    /// The answer about a key that we know. `offer_title` is the title of the offer that its subscription names.
    pub fn render(
        verdict: &Verdict,
        entry: &'a KeyEntry,
        offer_title: &'a str,
        language: Language,
        zone: &Zone,
    ) -> Self {
        let KeyEntry { key: _, subscription, owner, holdings: _ } = entry;
        Self {
            is_valid: verdict.is_valid(),
            validation_message: latchkey_texts::verdict(verdict, entry, language, zone),
            owner: Some(Owner { name: owner }),
            subscription: Some(Subscription {
                title: offer_title,
                begin_date: subscription.period.begins,
                end_date: subscription.period.ends,
                is_running: verdict.is_running(),
                offer_reference: subscription.offer.as_str(),
            }),
            code: verdict.code(),
        }
    }

    /// The same answer, with more to be told to the administrator.
    pub fn and_say(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        for line in lines {
            self.validation_message.push(' ');
            self.validation_message.push_str(&line);
        }
        self
    }

    /// The answer about a text that is not one of our keys, whole and true.
    pub fn damaged(damage: &Damage, language: Language) -> Self {
        Self {
            is_valid: false,
            validation_message: latchkey_texts::damage(damage, language).line(),
            owner: None,
            subscription: None,
            code: Some(damage.code()),
        }
    }
}

/// The answer to `/api/registration/offers`: what is sold, in the order given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Offers<'a>(Vec<OfferOnSale<'a>>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct OfferOnSale<'a> {
    title: &'a str,
    offer_reference: &'a str,
}

impl<'a> Offers<'a> {
    /// The answer that lists these.
    pub fn render(offers: impl IntoIterator<Item = &'a Offer>) -> Self {
        let line =
            |offer: &'a Offer| OfferOnSale { title: offer.title.as_str(), offer_reference: offer.reference.as_str() };
        Self(offers.into_iter().map(line).collect())
    }
}

/// The answer to `/api/registration/`, and to GLPI 11's `/api/ping`: GLPI asks no more of it than that it is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ping {
    service: &'static str,
}

impl Default for Ping {
    fn default() -> Self {
        Self { service: "Latchkey" }
    }
}

/// As GLPI shows it, `YYYY-MM-DD`.
fn day<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(Written::of(*date).as_str())
}
