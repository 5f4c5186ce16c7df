//! `docs/troubleshooting.md`: one entry per code, made of what the doctor says.

use std::fmt::Write as _;

use latchkey_key::{Damage, Part, WhiteSpaceKind};

use super::{Chapter, Code, Fault, Sight, Value, fault, sight};
use crate::Language;

/// The page, in Markdown. What differs from case to case stands in capitals.
pub fn page(language: Language) -> String {
    let say = |of: Sight| sight(of, &[], language);
    let mut page = format!("# {}\n\n{}\n", say(Sight::PageTitle), say(Sight::PageIntro));
    for chapter in Chapter::ALL {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(page, "\n## {}", say(chapter.heading()));
        if chapter == Chapter::Key {
            let _ = writeln!(page, "\n{}", say(Sight::PageKeyDamage));
        }
        damages(&mut page, chapter, language);
        for code in Code::ALL.iter().filter(|code| code.chapter() == chapter) {
            let values: Vec<Value> = code.values().iter().map(|name| (*name, name.to_uppercase())).collect();
            let Fault { title, seen, why, next_step } = fault(*code, &values, language);
            entry(&mut page, code.as_str(), [&title, &seen, &why, &next_step], language);
        }
    }
    page
}

/// What is wrong with the text of a key is told in the words that GLPI shows, with an example.
fn damages(page: &mut String, chapter: Chapter, language: Language) {
    for damage in examples().into_iter().filter(|damage| shows_in(damage) == chapter) {
        let said = crate::damage(&damage, language);
        let why = sight(why(&damage), &[], language);
        entry(page, damage.code(), [&said.title, &said.cause, &why, &said.next_step], language);
    }
}

fn entry(page: &mut String, code: &str, [title, seen, why, next]: [&str; 4], language: Language) {
    let label = |of: Sight| sight(of, &[], language);
    let _ = write!(
        page,
        "\n### `{code}`\n**{title}.** {seen}\n\n- *{}:* {why}\n- *{}:* {next}\n",
        label(Sight::LabelWhy),
        label(Sight::LabelNext)
    );
}

/// Where it shows: some of it only beside the signing keys that the service publishes.
fn shows_in(damage: &Damage) -> Chapter {
    match (why(damage), damage) {
        (Sight::WhyKeyUnsigned, _) | (_, Damage::ForeignFormat) => Chapter::Verdict,
        (_, _) => Chapter::Key,
    }
}

/// Why this damage matters.
pub(super) fn why(damage: &Damage) -> Sight {
    match damage {
        Damage::UnknownPublisher { .. } | Damage::UnknownSigningKey { .. } | Damage::Forged => Sight::WhyKeyUnsigned,
        Damage::Missing
        | Damage::TooLong { .. }
        | Damage::WhiteSpace { .. }
        | Damage::WrongAlphabet { .. }
        | Damage::Truncated { .. }
        | Damage::BeginningMissing
        | Damage::Trailing { .. }
        | Damage::Altered { .. }
        | Damage::UnknownFormat { .. }
        | Damage::ForeignFormat
        | Damage::NotAKey => Sight::WhyKeyDamaged,
    }
}

/// One of each kind.
fn examples() -> Vec<Damage> {
    let first = Some(Damage::Missing);
    std::iter::successors(first, |damage| {
        Some(match damage {
            Damage::Missing => Damage::TooLong { len: 4_096 },
            Damage::TooLong { .. } => {
                Damage::WhiteSpace { after: 76, kind: WhiteSpaceKind::LineBreak, whole_without: true }
            }
            Damage::WhiteSpace { .. } => Damage::WrongAlphabet { at: 12, byte: b'_' },
            Damage::WrongAlphabet { .. } => Damage::Truncated { after: 52 },
            Damage::Truncated { .. } => Damage::BeginningMissing,
            Damage::BeginningMissing => Damage::Trailing { after: 248 },
            Damage::Trailing { .. } => Damage::Altered { part: Part::KeyId },
            Damage::Altered { .. } => Damage::UnknownFormat { version: 2 },
            Damage::UnknownFormat { .. } => Damage::ForeignFormat,
            Damage::ForeignFormat => Damage::NotAKey,
            Damage::NotAKey => Damage::Forged,
            // These two name a signing key; they follow under their own codes.
            Damage::Forged => Damage::UnknownSigningKey { signing_key: "7k2m9xqd-1".parse().ok()? },
            Damage::UnknownSigningKey { .. } | Damage::UnknownPublisher { .. } => return None,
        })
    })
    .collect()
}
