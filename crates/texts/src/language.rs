//! Which language somebody reads, and how a request says so.

/// A language that Latchkey speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, and what everybody gets who asks for none of the others.
    #[default]
    English,
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// Portuguese.
    Portuguese,
    /// German.
    German,
}

/// The longest `Accept-Language` that is looked at, in bytes. Browsers send fewer than 200; what is longer is not a wish.
const LONGEST_WISH: usize = 1_024;

impl Language {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::English, Self::French, Self::Spanish, Self::Portuguese, Self::German];

    /// The primary language tag (BCP 47).
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Portuguese => "pt",
            Self::German => "de",
        }
    }

    /// From a tag such as `fr`, `fr-FR` or `fr_FR`, in any case. The region makes no difference here.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let mut subtags = tag.split(['-', '_']);
        let primary = subtags.next()?;
        let well_formed =
            subtags.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
        if !well_formed {
            return None;
        }
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The best one for an `Accept-Language` header (RFC 9110, 12.5.4), which GLPI sends as a bare tag and browsers as a
    /// weighted list. English where the header is empty, not text, too long, or asks only for what is not spoken here.
    pub fn negotiate(accept_language: &[u8]) -> Self {
        Self::negotiate_among(&Self::ALL, accept_language)
    }

    /// The same where not all of them are spoken.
    pub fn negotiate_among(spoken: &[Self], accept_language: &[u8]) -> Self {
        if accept_language.len() > LONGEST_WISH {
            return Self::default();
        }
        let Ok(wishes) = core::str::from_utf8(accept_language) else { return Self::default() };
        let mut best = (0, Self::default());
        for (weight, language) in wishes.split(',').filter_map(wish).filter(|(_, wished)| spoken.contains(wished)) {
            // Of equal wishes the first counts, so only a heavier one takes its place.
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }
}

/// One element of the list, `fr-FR;q=0.8`, as its weight in thousandths and its language.
fn wish(element: &str) -> Option<(u16, Language)> {
    let mut parts = element.split(';').map(str::trim);
    let tag = parts.next()?;
    // Whoever takes anything takes English.
    let language = if tag == "*" { Language::default() } else { Language::from_tag(tag)? };
    match parts.next() {
        None => Some((1_000, language)),
        Some(weight) => {
            Some((thousandths(weight.strip_prefix(['q', 'Q'])?.trim_start().strip_prefix('=')?.trim())?, language))
        }
    }
}

/// A weight from `0` to `1` with at most three decimals.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let scaled = decimals.bytes().chain([b'0'; 3]).take(3).fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'));
    match whole {
        "0" => Some(scaled),
        "1" if scaled == 0 => Some(1_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_is_read_in_each_way_it_is_written() {
        for tag in ["fr", "FR", "fr-FR", "fr_FR", "Fr-ca", "fr-Latn-FR"] {
            assert_eq!(Language::from_tag(tag), Some(Language::French), "{tag}");
        }
        for tag in ["", "f", "fra", "french", "fr-", "-fr", "fr FR", "fr-é", "fr--FR", "fr-toolongapart", "it"] {
            assert_eq!(Language::from_tag(tag), None, "{tag}");
        }
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
    }

    #[test]
    fn glpi_sends_a_bare_tag() {
        for (sent, understood) in [
            ("en", Language::English),
            ("fr", Language::French),
            ("es", Language::Spanish),
            ("pt", Language::Portuguese),
            ("de", Language::German),
            ("it", Language::English),
        ] {
            assert_eq!(Language::negotiate(sent.as_bytes()), understood, "{sent}");
        }
    }

    #[test]
    fn browsers_send_a_list_with_weights() {
        for (sent, understood) in [
            ("fr-FR,fr;q=0.9,en-US;q=0.8,en;q=0.7", Language::French),
            ("it, de;q=0.5, es;q=0.6", Language::Spanish),
            ("en;q=0.1, pt-BR", Language::Portuguese),
            ("de ; q = 0.9 , fr ; Q=0.95", Language::French),
            ("de, fr", Language::German),
            ("fr;q=0", Language::English),
            ("*, fr;q=0.5", Language::English),
            ("de;q=0.7, *;q=0.5", Language::German),
            ("de;q=2, fr;q=0.001, es;q=0.0001, pt;q=1.5, de;q=", Language::French),
        ] {
            assert_eq!(Language::negotiate(sent.as_bytes()), understood, "{sent}");
        }
    }

    #[test]
    fn what_is_not_spoken_makes_way_for_what_is() {
        let spoken = [Language::English, Language::French];
        assert_eq!(Language::negotiate_among(&spoken, b"de, fr;q=0.5, en;q=0.4"), Language::French);
        assert_eq!(Language::negotiate_among(&spoken, b"de, es;q=0.5"), Language::English);
    }

    #[test]
    fn what_is_no_wish_gets_english() {
        let long = b"fr,".repeat(8_192 / 3);
        for sent in [b"".as_slice(), b" ", b",;,;=", b"fr\xff", b"\0", &long] {
            assert_eq!(Language::negotiate(sent), Language::English);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_get_a_language(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            prop_assert!(Language::ALL.contains(&Language::negotiate(&bytes)));
        }

        #[test]
        fn any_list_gets_a_language(list in "[a-z0-9,;=q. *_-]{0,200}") {
            prop_assert!(Language::ALL.contains(&Language::negotiate(list.as_bytes())));
        }
    }
}
