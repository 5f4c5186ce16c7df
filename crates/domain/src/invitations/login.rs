//! Logins, and which of them would be taken for another's.
//!
//! GLPI takes letters of any script, digits, `' @ . - _` and blanks, and compares without case. So `аdmin` with a Cyrillic
//! letter is a login of its own there, that every reader takes for `admin`. Here a login is of one script, in the composed
//! form without compatibility characters, without blanks at its ends, and does not look like a name that is reserved.

use unicode_normalization::UnicodeNormalization as _;

use super::form::Fault;

/// The most characters. GLPI cuts what is longer than 255.
pub const LONGEST_LOGIN: usize = 100;

/// Accounts that GLPI has from the start, and names that people believe. Compared by their looks.
const RESERVED: [&str; 33] = [
    "admin",
    "administrator",
    "administrador",
    "administrateur",
    "adm",
    "anonymous",
    "api",
    "daemon",
    "glpi",
    "glpi-system",
    "guest",
    "helpdesk",
    "hostmaster",
    "info",
    "it",
    "latchkey",
    "mail",
    "nobody",
    "normal",
    "null",
    "operator",
    "plugin",
    "post-only",
    "postmaster",
    "root",
    "security",
    "service",
    "superadmin",
    "support",
    "sysadmin",
    "system",
    "tech",
    "webmaster",
];

/// Letters of other scripts that look like Latin ones, after folding of case.
const LOOKALIKES: [(char, char); 36] = [
    ('а', 'a'),
    ('в', 'b'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('н', 'h'),
    ('і', 'i'),
    ('ї', 'i'),
    ('ј', 'j'),
    ('к', 'k'),
    ('м', 'm'),
    ('п', 'n'),
    ('о', 'o'),
    ('р', 'p'),
    ('ԛ', 'q'),
    ('г', 'r'),
    ('ѕ', 's'),
    ('т', 't'),
    ('ц', 'u'),
    ('ѵ', 'v'),
    ('ԝ', 'w'),
    ('х', 'x'),
    ('у', 'y'),
    ('α', 'a'),
    ('ε', 'e'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('γ', 'y'),
    ('ӏ', 'l'),
];

/// A login that may be chosen.
pub fn read(text: &str) -> Result<String, Fault> {
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let composed: String = text.nfc().collect();
    if composed.chars().count() > LONGEST_LOGIN {
        return Err(Fault::TooLong { most: LONGEST_LOGIN });
    }
    if composed.trim() != composed || composed.contains("  ") {
        return Err(Fault::Imitates);
    }
    if let Some(strange) = composed.chars().find(|c| !may_stand(*c)) {
        // What cannot be seen is there to deceive; what can be seen was a slip.
        let unseen = strange.is_control() || strange.is_whitespace() || is_unseen(strange);
        return Err(if unseen { Fault::Imitates } else { Fault::Character { character: strange } });
    }
    if composed.nfkc().ne(composed.chars()) || !is_of_one_script(&composed) {
        return Err(Fault::Imitates);
    }
    if !composed.chars().any(char::is_alphanumeric) {
        return Err(Fault::Empty);
    }
    let looks = looks(&composed);
    if RESERVED.iter().any(|reserved| self::looks(reserved) == looks) {
        return Err(Fault::Reserved);
    }
    Ok(composed)
}

/// The form under which two logins are the same to GLPI.
pub fn folded(login: &str) -> String {
    crate::text::fold(&login.nfkc().collect::<String>())
}

/// A login to offer to somebody of this name: `first.last`, in plain letters where that is possible.
pub fn offered(firstname: &str, realname: &str) -> String {
    let plain = |text: &str| -> String {
        let bare: String = text.nfd().filter(|c| !is_mark(*c)).collect::<String>().to_lowercase();
        let joined: String = bare.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect::<String>();
        joined.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    };
    let parts: Vec<String> = [firstname, realname].map(plain).into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(".")
}

fn may_stand(c: char) -> bool {
    (c.is_alphabetic() && !is_unseen(c)) || c.is_ascii_digit() || matches!(c, '\'' | '@' | '.' | '-' | '_' | ' ')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}')
}

/// Characters without a shape of their own, and those that turn the line.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Which script a letter is of, as far as scripts are mixed to deceive.
fn script(c: char) -> u8 {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{AA}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => 1,
        '\u{250}'..='\u{2AF}' | '\u{1D00}'..='\u{1DBF}' | '\u{2C60}'..='\u{2C7F}' | '\u{A720}'..='\u{A7FF}' => 2,
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => 3,
        '\u{400}'..='\u{52F}' | '\u{1C80}'..='\u{1C8F}' | '\u{2DE0}'..='\u{2DFF}' | '\u{A640}'..='\u{A69F}' => 4,
        '\u{530}'..='\u{58F}' => 5,
        '\u{13A0}'..='\u{13FF}' | '\u{AB70}'..='\u{ABBF}' => 6,
        '\u{10A0}'..='\u{10FF}' => 7,
        '\u{2C80}'..='\u{2CFF}' => 8,
        _ => 9,
    }
}

fn is_of_one_script(text: &str) -> bool {
    let mut scripts = text.chars().filter(|c| c.is_alphabetic()).map(script);
    // Phonetic letters alone are no language's.
    scripts.next().is_none_or(|first| first != 2 && scripts.all(|other| other == first))
}

/// How a login looks at a glance: without case, marks and separators, each lookalike as the Latin letter.
fn looks(text: &str) -> String {
    let lower = text.nfd().filter(|c| !is_mark(*c)).collect::<String>().to_lowercase();
    lower
        .chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| LOOKALIKES.iter().find(|(other, _)| *other == c).map_or(c, |(_, latin)| *latin))
        .map(|c| match c {
            '1' | 'l' | 'ı' => 'i',
            '0' => 'o',
            '5' => 's',
            '3' => 'e',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_called_may_be_chosen() {
        for good in
            ["marie.curie", "Zoë", "o'neill", "jean-luc picard", "иван.петров", "王小明", "a@b.org", "user7", "andré"]
        {
            assert_eq!(read(good).as_deref(), Ok(good), "{good}");
        }
        assert_eq!(read("Zoe\u{308}").as_deref(), Ok("Zoë"), "composed");
    }

    #[test]
    fn what_imitates_is_refused() {
        for bad in [
            "\u{430}dmin",
            "m\u{430}rie",
            "marie ",
            " marie",
            "ma\u{200B}rie",
            "marie\u{202E}x",
            "ma\u{AD}rie",
            "marie\u{A0}",
            "a  b",
            "ｍarie",
            "ma\u{FEFF}rie",
            "marie\n",
            "ﬁona",
        ] {
            assert_eq!(read(bad), Err(Fault::Imitates), "{bad:?}");
        }
        for bad in
            ["admin", "Admin", "ADMIN", "adm1n", "a.d.m.i.n", "root", "R00T", "glpi", "post_only", "аԁміп", "ádmin"]
        {
            assert!(matches!(read(bad), Err(Fault::Reserved | Fault::Imitates)), "{bad:?}");
        }
        assert_eq!(read(""), Err(Fault::Empty));
        assert_eq!(read("..."), Err(Fault::Empty));
        assert_eq!(read("a/b"), Err(Fault::Character { character: '/' }));
        assert_eq!(read(&"a".repeat(101)), Err(Fault::TooLong { most: LONGEST_LOGIN }));
    }

    #[test]
    fn one_login_is_the_same_in_any_case() {
        assert_eq!(folded("Marie.CURIE"), folded("marie.curie"));
        assert_ne!(folded("marie"), folded("maria"));
    }

    #[test]
    fn a_login_is_offered_from_the_name() {
        assert_eq!(offered("Marie", "Curie"), "marie.curie");
        assert_eq!(offered("Éric Jean", "d'Été"), "eric-jean.d-ete");
        assert_eq!(offered("", "Curie"), "curie");
        assert_eq!(offered("", ""), "");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_stumble(text in "\\PC{0,40}") {
            if let Ok(login) = read(&text) {
                proptest::prop_assert_eq!(read(&login), Ok(login.clone()), "what was read reads again");
                proptest::prop_assert!(!folded(&login).is_empty());
            }
            let _ = offered(&text, &text);
        }
    }
}
