//! What the doctor says: of what is wrong ([`Code`]) and of what it saw besides ([`Sight`]).
//!
//! The words stand in `locales/doctor.<tag>.ftl`, in English and in French; whoever reads another language is told in
//! English. The same entries make `docs/troubleshooting.md` ([`page`]), so the page cannot say anything else.
//!
//! The invariant: **each code and each sight has its words, and names the values that they show.** Tests compare the
//! declarations here with the files, entry by entry.

mod names;
mod page;

use std::sync::LazyLock;

use fluent_bundle::FluentArgs;
use latchkey_key::Damage;

use crate::Language;
use crate::catalogue::{self, Bundle};

pub use names::{Chapter, Code, Sight};
pub use page::page;

/// A value that a text shows, by its name.
pub type Value = (&'static str, String);

/// What is wrong, in words. Plain text, one line each; commands to copy stand between backticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// A few words, without a full stop.
    pub title: String,
    /// What was seen: a sentence or two.
    pub seen: String,
    /// Why it matters.
    pub why: String,
    /// What to do next.
    pub next_step: String,
}

/// What is wrong. `values` are those that the code declares.
pub fn fault(code: Code, values: &[Value], language: Language) -> Fault {
    declared(code.as_str(), code.values(), values);
    let (bundle, args) = (bundle(language), args(values));
    let id = code.as_str().to_ascii_lowercase().replace('_', "-");
    let message = bundle.get_message(&id);
    let attribute = |name| catalogue::filled(bundle, message.as_ref(), &id, Some(name), &args);
    Fault { title: attribute("title"), seen: attribute("seen"), why: attribute("why"), next_step: attribute("next") }
}

/// What was seen where nothing is wrong. `values` are those that the sight declares.
pub fn sight(sight: Sight, values: &[Value], language: Language) -> String {
    declared(sight.id(), sight.values(), values);
    let bundle = bundle(language);
    catalogue::filled(bundle, bundle.get_message(sight.id()).as_ref(), sight.id(), None, &args(values))
}

/// Why this damage of a key matters.
pub fn why_damaged(damage: &Damage, language: Language) -> String {
    sight(page::why(damage), &[], language)
}

fn declared(name: &str, declared: &[&str], given: &[Value]) {
    let given: Vec<&str> = given.iter().map(|(name, _)| *name).collect();
    debug_assert_eq!(declared, given, "{name} shows other values");
}

fn args(values: &[Value]) -> FluentArgs<'static> {
    values.iter().map(|(name, value)| (*name, value.clone())).collect()
}

/// The doctor speaks two languages.
fn bundle(language: Language) -> &'static Bundle {
    static ENGLISH: LazyLock<Bundle> =
        LazyLock::new(|| catalogue::read(Language::English, include_str!("../../locales/doctor.en.ftl")));
    static FRENCH: LazyLock<Bundle> =
        LazyLock::new(|| catalogue::read(Language::French, include_str!("../../locales/doctor.fr.ftl")));
    match language {
        Language::French => &FRENCH,
        Language::English | Language::Spanish | Language::Portuguese | Language::German => &ENGLISH,
    }
}
