//! What is wrong with a plugin's archive or its sheet, and which version nobody should run any more.

use fluent_bundle::FluentArgs;
use latchkey_domain::marketplace::{ArchiveFault, GlpiRange, SheetMistake};

use super::{args, quoted};
use crate::{Language, catalogue};

/// The one entry for all that is wrong with archives.
pub(crate) const ARCHIVE: &str = "ARCHIVE_REFUSED";
pub(crate) const PLUGIN_WITHDRAWN: &str = "PLUGIN_WITHDRAWN_HERE";

pub(crate) fn plugin_withdrawn(plugin: &str, version: &str) -> FluentArgs<'static> {
    args([("plugin", quoted(plugin)), ("version", quoted(version))])
}

/// The entry for the versions of GLPI that a plugin is for, and its values.
pub(crate) fn range(range: &GlpiRange) -> (&'static str, FluentArgs<'static>) {
    let GlpiRange { min, max } = range;
    match (min, max) {
        (Some(min), Some(max)) => ("range-both", args([("min", min.to_string()), ("max", max.to_string())])),
        (Some(min), None) => ("range-from", args([("min", min.to_string())])),
        (None, Some(max)) => ("range-before", args([("max", max.to_string())])),
        (None, None) => ("range-any", FluentArgs::new()),
    }
}

pub(super) fn archive(fault: &ArchiveFault) -> FluentArgs<'static> {
    let number = |number: &u64| number.to_string();
    let (name, about) = match fault {
        ArchiveFault::NotOne => ("not-one", String::new()),
        ArchiveFault::Damaged => ("damaged", String::new()),
        ArchiveFault::Empty => ("empty", String::new()),
        ArchiveFault::TooLong { most } => ("too-long", number(most)),
        ArchiveFault::Path { path } => ("path", quoted(path)),
        ArchiveFault::Link { path } => ("link", quoted(path)),
        ArchiveFault::Special { path } => ("special", quoted(path)),
        ArchiveFault::Twice { path } => ("twice", quoted(path)),
        ArchiveFault::TooMany { most } => ("too-many", number(most)),
        ArchiveFault::TooLarge { most } => ("too-large", number(most)),
        ArchiveFault::Bomb { most } => ("bomb", number(most)),
        ArchiveFault::Top { found } => ("top", quoted(found)),
        ArchiveFault::Folder { found } => ("folder", quoted(found)),
        ArchiveFault::NoSetup { folder } => ("no-setup", quoted(folder)),
        ArchiveFault::OtherPlugin { function } => ("other-plugin", quoted(function)),
        ArchiveFault::NoVersion => ("no-version", String::new()),
        ArchiveFault::OtherVersion { found, wanted: _ } => ("other-version", quoted(found)),
        ArchiveFault::Range { found } => ("range", quoted(found)),
    };
    let wanted =
        if let ArchiveFault::OtherVersion { found: _, wanted } = fault { quoted(wanted) } else { String::new() };
    args([("fault", name.to_owned()), ("about", about), ("wanted", wanted)])
}

pub(super) fn mistakes(mistakes: &[SheetMistake], language: Language) -> String {
    let said = mistakes.iter().map(|SheetMistake { line, fault }| {
        let about =
            args([("fault", fault.name().to_owned()), ("about", quoted(fault.about())), ("line", line.to_string())]);
        catalogue::said(language, "PLUGIN_SHEET_MISTAKE", &about).cause
    });
    said.collect::<Vec<_>>().join(" ")
}
