//! What a newcomer types, field by field, and what is wrong with each.
//!
//! How strong a password is takes lists of words, and is asked elsewhere; what a policy says stands here.

use super::login;
use crate::accounts::{Lack, Policy, Secret};
use crate::operators::Email;
use crate::text::{self, TextFault};

/// The most characters of a name. GLPI cuts what is longer than 255.
pub const LONGEST_PERSON: usize = 200;
/// The least characters of a password, whatever a GLPI demands.
pub const SHORTEST_PASSWORD: u32 = 8;
/// The most characters of a password.
pub const LONGEST_PASSWORD: usize = 200;

/// A field of the form. There are no others: what else is sent is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// First name.
    Firstname,
    /// Last name.
    Realname,
    /// Address of e-mail.
    Email,
    /// By what the person will sign in.
    Login,
    /// Password.
    Password,
    /// The password again.
    Password2,
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing there.
    Empty,
    /// More characters than are taken.
    TooLong {
        /// The most.
        most: usize,
    },
    /// A character that cannot stand there.
    Character {
        /// Which.
        character: char,
    },
    /// A character that cannot be seen, or is no text.
    Unseen,
    /// Not an address of e-mail.
    NoEmail,
    /// An address of another domain than those that are invited.
    OtherDomain {
        /// Those that are.
        domains: Vec<String>,
    },
    /// A login that would be taken for another.
    Imitates,
    /// A login that nobody may choose.
    Reserved,
    /// Somebody has it.
    Taken,
    /// Fewer characters than the policy asks for.
    TooShort {
        /// The least.
        least: u32,
    },
    /// No digit in it.
    NoDigit,
    /// No lower-case letter in it.
    NoLower,
    /// No upper-case letter in it.
    NoUpper,
    /// Nothing but letters and digits.
    NoSymbol,
    /// Not the same twice.
    Differs,
    /// It stands on lists of passwords that became known.
    Known,
    /// It is guessed too soon.
    Weak,
}

/// Who registers. Read and whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// First name.
    pub firstname: String,
    /// Last name.
    pub realname: String,
    /// Address of e-mail.
    pub email: String,
    /// By what the person will sign in.
    pub login: String,
    /// The tag of the language that the form was filled in.
    pub language: String,
}

/// What was typed.
#[derive(Clone, Copy)]
pub struct Typed<'t> {
    /// First name.
    pub firstname: &'t str,
    /// Last name.
    pub realname: &'t str,
    /// Address of e-mail.
    pub email: &'t str,
    /// Login.
    pub login: &'t str,
    /// Password.
    pub password: &'t str,
    /// The password again.
    pub password2: &'t str,
}

impl Field {
    /// All there are, in the order of the form.
    pub const ALL: [Self; 6] =
        [Self::Firstname, Self::Realname, Self::Email, Self::Login, Self::Password, Self::Password2];

    /// Its name, as the form sends it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Firstname => "firstname",
            Self::Realname => "realname",
            Self::Email => "email",
            Self::Login => "login",
            Self::Password => "password",
            Self::Password2 => "password2",
        }
    }
}

impl Fault {
    /// The stable name of the cause.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too-long",
            Self::Character { .. } => "character",
            Self::Unseen => "unseen",
            Self::NoEmail => "no-email",
            Self::OtherDomain { .. } => "other-domain",
            Self::Imitates => "imitates",
            Self::Reserved => "reserved",
            Self::Taken => "taken",
            Self::TooShort { .. } => "too-short",
            Self::NoDigit => "no-digit",
            Self::NoLower => "no-lower",
            Self::NoUpper => "no-upper",
            Self::NoSymbol => "no-symbol",
            Self::Differs => "differs",
            Self::Known => "known",
            Self::Weak => "weak",
        }
    }
}

/// Reads a form; all that is wrong with it, a fault per field at the most.
pub fn read(
    typed: Typed<'_>,
    domains: &[String],
    policy: &Policy,
    language: &str,
) -> Result<(Person, Secret), Vec<(Field, Fault)>> {
    let mut faults = Vec::new();
    let mut take = |field, read: Result<String, Fault>| {
        read.unwrap_or_else(|fault| {
            faults.push((field, fault));
            String::new()
        })
    };
    let person = Person {
        firstname: take(Field::Firstname, name(typed.firstname)),
        realname: take(Field::Realname, name(typed.realname)),
        email: take(Field::Email, email(typed.email, domains)),
        login: take(Field::Login, login::read(typed.login)),
        language: language.to_owned(),
    };
    let password = password(typed.password, typed.password2, policy);
    match password {
        Ok(chosen) if faults.is_empty() => Ok((person, chosen)),
        Ok(_) => Err(faults),
        Err(fault) => {
            faults.push(fault);
            Err(faults)
        }
    }
}

/// A password by a policy, typed twice.
pub fn password(text: &str, again: &str, policy: &Policy) -> Result<Secret, (Field, Fault)> {
    let policy = asked(policy);
    let fault = if text.is_empty() {
        Fault::Empty
    } else if text.chars().count() > LONGEST_PASSWORD {
        Fault::TooLong { most: LONGEST_PASSWORD }
    } else if text.chars().any(char::is_control) {
        Fault::Unseen
    } else if let Some(lack) = policy.lacks(text).first() {
        match lack {
            Lack::Length(least) => Fault::TooShort { least: *least },
            Lack::Digit => Fault::NoDigit,
            Lack::Lower => Fault::NoLower,
            Lack::Upper => Fault::NoUpper,
            Lack::Symbol => Fault::NoSymbol,
        }
    } else if text != again {
        return Err((Field::Password2, Fault::Differs));
    } else {
        return Ok(Secret::new(text));
    };
    Err((Field::Password, fault))
}

/// What is asked of a password: what the GLPI demands, and never less than eight characters.
pub fn asked(policy: &Policy) -> Policy {
    Policy { least: policy.least.max(SHORTEST_PASSWORD), ..*policy }
}

fn name(text: &str) -> Result<String, Fault> {
    let read = text::one_line(text, LONGEST_PERSON).map_err(|fault| match fault {
        TextFault::Empty => Fault::Empty,
        TextFault::TooLong { most } => Fault::TooLong { most },
        TextFault::Control { .. } | TextFault::Character { .. } => Fault::Unseen,
    })?;
    // GLPI would keep them as entities, and no one is called so.
    match read.chars().find(|c| matches!(c, '<' | '>' | '\\')) {
        Some(character) => Err(Fault::Character { character }),
        None => Ok(read),
    }
}

fn email(text: &str, domains: &[String]) -> Result<String, Fault> {
    if text.trim().is_empty() {
        return Err(Fault::Empty);
    }
    let email = Email::parse(text).map_err(|_| Fault::NoEmail)?;
    let folded = email.folded();
    let domain = folded.rsplit('@').next().unwrap_or_default();
    // GLPI drops an address that it does not take, without a word.
    let plain =
        folded.is_ascii() && domain.contains('.') && !folded.contains(['"', '(', ')', ',', ';', '<', '>', '\\']);
    if !plain {
        return Err(Fault::NoEmail);
    }
    if !domains.is_empty() && !domains.iter().any(|allowed| allowed == domain) {
        return Err(Fault::OtherDomain { domains: domains.to_vec() });
    }
    Ok(email.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed<'static> {
        Typed {
            firstname: "Marie",
            realname: "Curie",
            email: "marie@example.org",
            login: "marie.curie",
            password: "correct horse",
            password2: "correct horse",
        }
    }

    fn faults(typed: Typed<'_>, domains: &[String], policy: &Policy) -> Vec<(&'static str, &'static str)> {
        read(typed, domains, policy, "en")
            .err()
            .unwrap_or_default()
            .iter()
            .map(|(field, fault)| (field.name(), fault.code()))
            .collect()
    }

    #[test]
    fn a_form_is_read_or_says_all_that_is_wrong_at_once() {
        let policy = Policy::default();
        let (person, chosen) = read(typed(), &[], &policy, "fr").unwrap();
        assert_eq!(
            (person.login.as_str(), person.language.as_str(), chosen.reveal()),
            ("marie.curie", "fr", "correct horse")
        );
        assert!(!format!("{chosen:?}").contains("horse"));
        let bad = Typed { firstname: " ", realname: "<b>", email: "x", login: "admin", password: "a", password2: "b" };
        assert_eq!(
            faults(bad, &[], &policy),
            [
                ("firstname", "empty"),
                ("realname", "character"),
                ("email", "no-email"),
                ("login", "reserved"),
                ("password", "too-short")
            ]
        );
        assert_eq!(faults(Typed { password2: "correct  horse", ..typed() }, &[], &policy), [("password2", "differs")]);
    }

    #[test]
    fn an_address_is_of_a_domain_that_is_invited() {
        let domains = ["example.org".to_owned()];
        let policy = Policy::default();
        assert_eq!(faults(Typed { email: "Marie@EXAMPLE.org", ..typed() }, &domains, &policy), []);
        for other in ["a@sub.example.org", "a@example.org.evil.net", "a@evilexample.org"] {
            assert_eq!(
                faults(Typed { email: other, ..typed() }, &domains, &policy),
                [("email", "other-domain")],
                "{other}"
            );
        }
    }

    #[test]
    fn each_switch_of_the_policy_is_asked_for() {
        let all = Policy { least: 8, digit: true, lower: true, upper: true, symbol: true };
        for (password, fault) in [
            ("aB3!", "too-short"),
            ("abcdefgH!", "no-digit"),
            ("ABCDEFG1!", "no-lower"),
            ("abcdefg1!", "no-upper"),
            ("abcdefG1", "no-symbol"),
        ] {
            let found = faults(Typed { password, password2: password, ..typed() }, &[], &all);
            assert_eq!(found, [("password", fault)], "{password}");
        }
        assert_eq!(faults(Typed { password: "abcdefG1!", password2: "abcdefG1!", ..typed() }, &[], &all), []);
    }

    proptest::proptest! {
        #[test]
        fn no_form_makes_it_stumble(a in "\\PC{0,30}", b in ".{0,30}", c in "\\PC{0,260}") {
            let typed = Typed { firstname: &a, realname: &b, email: &c, login: &a, password: &b, password2: &b };
            let _ = read(typed, &[], &Policy::default(), "en");
        }
    }
}
