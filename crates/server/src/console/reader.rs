//! Who reads: in which language, light or dark, and how dates and numbers are written for them.

use std::borrow::Borrow;

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use jiff::tz::{Offset, TimeZone};
use latchkey_domain::Refusal;
use latchkey_domain::time::{Date, Timestamp, Zone};
use latchkey_texts::console::{LANGUAGES, Shown, word};
use latchkey_texts::{Language, Said};

use crate::cookies::cookie;

/// The cookie that holds the language that was chosen.
pub(super) const LANGUAGE_COOKIE: &str = "latchkey_language";
/// The cookie that holds the theme that was chosen.
pub(super) const THEME_COOKIE: &str = "latchkey_theme";

/// For whom a page is written.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    zone: Zone,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the reader's system has it.
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

impl Reader {
    /// What was chosen, else what the browser asks for.
    pub(super) fn of(headers: &HeaderMap, zone: &Zone) -> Self {
        let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(Language::from_tag);
        let wished = || {
            let wish = headers.get(ACCEPT_LANGUAGE).map(|value| value.as_bytes()).unwrap_or_default();
            Language::negotiate_among(&LANGUAGES, wish)
        };
        Self {
            language: chosen.filter(|language| LANGUAGES.contains(language)).unwrap_or_else(wished),
            theme: cookie(headers, THEME_COOKIE).and_then(Theme::named).unwrap_or(Theme::Auto),
            zone: zone.clone(),
        }
    }

    /// A text by its name.
    pub(crate) fn t(&self, name: &str) -> String {
        word(self.language, name, &[])
    }

    /// A text that shows values.
    pub(crate) fn t_with<V: ToString>(&self, name: &str, values: &[(&str, V)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.to_string())).collect();
        let shown: Vec<_> = values.iter().map(|(name, value)| (*name, Shown::Text(value))).collect();
        word(self.language, name, &shown)
    }

    /// A text about so many: it decides by `count`, and shows `shown`, which is the number in the reader's form.
    pub(crate) fn t_count(&self, name: &str, count: impl Borrow<usize>) -> String {
        self.t_count_with::<&str>(name, count, &[])
    }

    /// The same, with other values beside the number.
    pub(crate) fn t_count_with<V: ToString>(
        &self,
        name: &str,
        count: impl Borrow<usize>,
        values: &[(&str, V)],
    ) -> String {
        let count = *count.borrow();
        let shown = self.number(count);
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.to_string())).collect();
        let mut all: Vec<_> = values.iter().map(|(name, value)| (*name, Shown::Text(value))).collect();
        all.extend([("count", Shown::Count(count)), ("shown", Shown::Text(&shown))]);
        word(self.language, name, &all)
    }

    /// Why a rule says no.
    pub(crate) fn refusal(&self, refusal: &Refusal) -> Said {
        latchkey_texts::refusal(refusal, self.language, &self.zone)
    }

    /// A number, by thousands.
    pub(crate) fn number(&self, number: impl Borrow<usize>) -> String {
        let (digits, separator) = (number.borrow().to_string(), if self.is_french() { '\u{202F}' } else { ',' });
        let mut text = String::new();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push(separator);
            }
            text.push(digit);
        }
        text
    }

    /// A day: `22 Nov 2026`.
    pub(crate) fn day(&self, date: impl Borrow<Date>) -> String {
        let date = date.borrow();
        let months = if self.is_french() { MOIS } else { MONTHS };
        let month = months.get(usize::try_from(date.month() - 1).unwrap_or_default()).unwrap_or(&"");
        // The first is an ordinal in French.
        let first = if self.is_french() && date.day() == 1 { "er" } else { "" };
        format!("{}{first} {month} {:04}", date.day(), date.year())
    }

    /// A month: `Nov 2026`.
    pub(crate) fn month(&self, date: impl Borrow<Date>) -> String {
        let date = date.borrow();
        format!("{} {:04}", self.month_mark(date), date.year())
    }

    /// A month's short name.
    pub(crate) fn month_mark(&self, date: impl Borrow<Date>) -> String {
        let months = if self.is_french() { MOIS } else { MONTHS };
        let month = usize::try_from(date.borrow().month() - 1).unwrap_or_default();
        months.get(month).copied().unwrap_or_default().to_owned()
    }

    /// The vendor's day on which an instant falls.
    pub(crate) fn day_of(&self, at: impl Borrow<Timestamp>) -> String {
        self.day(self.zone.date_of(*at.borrow()))
    }

    /// An instant to the minute, on the vendor's clock, which is named: `22 Nov 2026, 14:02 UTC+01:00`.
    pub(crate) fn time(&self, at: impl Borrow<Timestamp>) -> String {
        let instant = jiff::Timestamp::from_millisecond(at.borrow().millis()).unwrap_or(jiff::Timestamp::MAX);
        let local = instant.to_zoned(TimeZone::get(self.zone.name()).unwrap_or(TimeZone::UTC));
        let offset = if local.offset() == Offset::UTC { "UTC" } else { "UTC%:z" };
        let (day, minute) = (self.day(local.date()), local.strftime(&format!("%H:%M {offset}")).to_string());
        if self.is_french() { format!("{day} à {minute}") } else { format!("{day}, {minute}") }
    }

    fn is_french(&self) -> bool {
        self.language == Language::French
    }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MOIS: [&str; 12] =
    ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;

    use super::*;

    fn reader(language: &'static str, zone: &str) -> Reader {
        let headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, language.parse().unwrap())]);
        Reader::of(&headers, &Zone::named(zone).unwrap())
    }

    #[test]
    fn dates_and_numbers_are_in_the_readers_form_and_times_name_their_clock() {
        let at = Timestamp::from_millis(1_796_563_979_000);
        let (english, french) = (reader("en", "Europe/Paris"), reader("fr-CA", "America/New_York"));
        assert_eq!(english.time(at), "6 Dec 2026, 14:32 UTC+01:00");
        assert_eq!(french.time(at), "6 déc. 2026 à 08:32 UTC-05:00");
        assert_eq!(french.day("2027-08-01".parse::<Date>().unwrap()), "1er août 2027");
        assert_eq!(english.number(1_234_567), "1,234,567");
        assert_eq!(french.number(100_000), "100\u{202F}000");
        assert_eq!(french.number(999), "999");
    }

    #[test]
    fn what_was_chosen_goes_before_what_the_browser_asks_for() {
        let of = |cookies: &'static str| {
            let mut headers = HeaderMap::from_iter([(ACCEPT_LANGUAGE, "fr".parse().unwrap())]);
            headers.insert(COOKIE, cookies.parse().unwrap());
            let reader = Reader::of(&headers, &Zone::utc());
            (reader.language, reader.theme)
        };
        assert_eq!(of("a=b; latchkey_language=en; latchkey_theme=dark"), (Language::English, Theme::Dark));
        assert_eq!(of("latchkey_language=de; latchkey_theme=pink"), (Language::French, Theme::Auto));
    }
}
