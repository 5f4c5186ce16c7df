//! The texts as they are compiled in, and how a named one is filled in. Knows no outcome: names and values come from
//! `message`.
//!
//! The invariant: a look-up always gives a text. That an entry exists and that its values are there is what the tests
//! and the assertions of a debug build see to; a release would rather show a name than stop.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentMessage, FluentResource};
use unic_langid::LanguageIdentifier;

use crate::{Language, Said};

pub(crate) type Bundle = FluentBundle<FluentResource>;

/// The title, the cause and the next step for a stable code.
pub(crate) fn said(language: Language, code: &str, args: &FluentArgs<'_>) -> Said {
    let id = code.to_ascii_lowercase().replace('_', "-");
    let bundle = bundle(language);
    let message = bundle.get_message(&id);
    debug_assert!(message.is_some(), "{language:?} has no {id}");
    let attribute = |name| filled(bundle, message.as_ref(), &id, Some(name), args);
    Said { title: attribute("title"), cause: attribute("cause"), next_step: attribute("next") }
}

/// The title for a stable code, if it is one of ours. No title shows a value.
pub(crate) fn title(language: Language, code: &str) -> Option<String> {
    let bundle = bundle(language);
    let message = bundle.get_message(&code.to_ascii_lowercase().replace('_', "-"))?;
    let pattern = message.get_attribute("title")?.value();
    Some(bundle.format_pattern(pattern, None, &mut Vec::new()).into_owned())
}

/// The text of an entry that has no attributes.
pub(crate) fn line(language: Language, id: &str, args: &FluentArgs<'_>) -> String {
    line_of(bundle(language), id, args)
}

/// The text of an entry of another file.
pub(crate) fn line_of(bundle: &Bundle, id: &str, args: &FluentArgs<'_>) -> String {
    filled(bundle, bundle.get_message(id).as_ref(), id, None, args)
}

/// What stands before and after the one value of an entry: for a text that goes out with nearly every answer.
pub(crate) fn halves(language: Language, id: &str, value: &'static str) -> (String, String) {
    const PLACE: &str = "\u{1}";
    let mut args = FluentArgs::new();
    args.set(value, PLACE);
    let text = line(language, id, &args);
    let halves = text.split_once(PLACE);
    debug_assert!(halves.is_some_and(|(_, after)| !after.contains(PLACE)), "{id} does not show {value} once");
    halves.map_or((text.clone(), String::new()), |(before, after)| (before.to_owned(), after.to_owned()))
}

/// An entry's text, or one of its attributes, with its values.
pub(crate) fn filled(
    bundle: &Bundle,
    message: Option<&FluentMessage<'_>>,
    id: &str,
    attribute: Option<&str>,
    args: &FluentArgs<'_>,
) -> String {
    let pattern = message.and_then(|message| match attribute {
        Some(name) => message.get_attribute(name).map(|attribute| attribute.value()),
        None => message.value(),
    });
    let Some(pattern) = pattern else {
        debug_assert!(false, "no text for {id} {attribute:?}");
        return id.to_owned();
    };
    let mut faults = Vec::new();
    let text = bundle.format_pattern(pattern, Some(args), &mut faults);
    debug_assert!(faults.is_empty(), "{id} {attribute:?}: {faults:?}");
    text.into_owned()
}

fn bundle(language: Language) -> &'static Bundle {
    // One each, so that a command that prints one line in one language reads one file.
    static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| read(Language::English, source(Language::English)));
    static FRENCH: LazyLock<Bundle> = LazyLock::new(|| read(Language::French, source(Language::French)));
    static SPANISH: LazyLock<Bundle> = LazyLock::new(|| read(Language::Spanish, source(Language::Spanish)));
    static PORTUGUESE: LazyLock<Bundle> = LazyLock::new(|| read(Language::Portuguese, source(Language::Portuguese)));
    static GERMAN: LazyLock<Bundle> = LazyLock::new(|| read(Language::German, source(Language::German)));
    match language {
        Language::English => &ENGLISH,
        Language::French => &FRENCH,
        Language::Spanish => &SPANISH,
        Language::Portuguese => &PORTUGUESE,
        Language::German => &GERMAN,
    }
}

/// The entries of one file.
pub(crate) fn read(language: Language, source: &str) -> Bundle {
    // Only plurals of the console depend on the tag, and English ones are understood.
    let tag: LanguageIdentifier = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // The marks would show up as boxes where GLPI prints the text, and scripts would have to strip them.
    bundle.set_use_isolating(false);
    let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(source.to_owned());
    bundle.add_resource_overriding(resource);
    bundle
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../locales/en.ftl"),
        Language::French => include_str!("../locales/fr.ftl"),
        Language::Spanish => include_str!("../locales/es.ftl"),
        Language::Portuguese => include_str!("../locales/pt.ftl"),
        Language::German => include_str!("../locales/de.ftl"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_read_without_a_fault_and_names_nothing_twice() {
        for language in Language::ALL {
            let resource = FluentResource::try_new(source(language).to_owned());
            let resource = resource.unwrap_or_else(|(_, faults)| panic!("{language:?}: {faults:?}"));
            let mut bundle = FluentBundle::new_concurrent(vec![language.tag().parse().unwrap()]);
            bundle.add_resource(resource).unwrap_or_else(|faults| panic!("{language:?}: {faults:?}"));
        }
    }
}
