//! Operators: the people who work in the console, what each may do, and for how long a sign-in lasts.
//!
//! Who an operator is stands here, what it may do in [`roles`], the code of an authenticator in [`totp`].

pub mod roles;
pub mod totp;

use core::fmt;

use zeroize::Zeroizing;

use crate::Refusal;
use crate::ids::OperatorId;
use crate::text::{TextFault, one_line};
use crate::time::{DAY, HOUR, MINUTE, Millis, Timestamp};

pub use roles::{Deed, Role};

/// A session in which nothing was asked for so long is over, in milliseconds.
pub const IDLE: Millis = 2 * HOUR;
/// A session is over after so long in any case, in milliseconds.
pub const LONGEST: Millis = 12 * HOUR;
/// For so long the password counts while the second factor is awaited, in milliseconds.
pub const SECOND_FACTOR_WITHIN: Millis = 10 * MINUTE;
/// For so long a setup link opens, in milliseconds.
pub const LINK_OPENS: Millis = DAY;

/// The least characters of a password.
pub const SHORTEST_PASSWORD: usize = 12;
/// The most characters of a password.
pub const LONGEST_PASSWORD: usize = 256;

/// A person who works in the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// What the audit log calls it.
    pub id: OperatorId,
    /// By which it signs in.
    pub email: Email,
    /// What it may do.
    pub role: Role,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// Since when it may not sign in, if so.
    pub disabled_at: Option<Timestamp>,
    /// When it last signed in.
    pub signed_in_at: Option<Timestamp>,
    /// Whether a password was chosen yet.
    pub has_password: bool,
    /// Whether a code of its authenticator is asked for.
    pub has_second_factor: bool,
}

/// An address of e-mail: one `@` with something on both sides, at most 254 characters, no white space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email(String);

/// A password that was typed. It cannot be printed.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// Why a password cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// Fewer characters than it needs.
    TooShort,
    /// More characters than are taken.
    TooLong,
    /// It is the e-mail address, or a part of it repeated.
    Guessable,
    /// The second time it was typed otherwise.
    Differs,
}

/// How a session stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionStanding {
    /// It counts.
    Open,
    /// The password was right; the second factor is awaited.
    HalfOpen,
    /// It is over.
    Over,
}

/// What a session's standing depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    /// When it began.
    pub created_at: Timestamp,
    /// When something was last asked in it.
    pub seen_at: Timestamp,
    /// Since when it is ended by somebody, if it is.
    pub ended_at: Option<Timestamp>,
    /// Whether the second factor is still awaited.
    pub half_open: bool,
}

impl SessionTimes {
    /// How it stands at `now`.
    pub fn standing(&self, now: Timestamp) -> SessionStanding {
        let longest = if self.half_open { SECOND_FACTOR_WITHIN } else { LONGEST };
        let over = self.ended_at.is_some() || now.since(self.created_at) >= longest || now.since(self.seen_at) >= IDLE;
        match (over, self.half_open) {
            (true, _) => SessionStanding::Over,
            (false, true) => SessionStanding::HalfOpen,
            (false, false) => SessionStanding::Open,
        }
    }
}

impl Email {
    /// Reads an address.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let refuse = |fault| Refusal::TextInvalid { field: "email", fault };
        let text = one_line(text, 254).map_err(refuse)?;
        if let Some(at) = text.chars().position(char::is_whitespace) {
            return Err(refuse(TextFault::Character { at: at + 1 }));
        }
        match text.split_once('@') {
            Some((local, domain)) if !local.is_empty() && !domain.is_empty() && !domain.contains('@') => Ok(Self(text)),
            Some(_) | None => Err(Refusal::EmailInvalid { given: text }),
        }
    }

    /// The form under which two addresses are the same: lower case.
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }

    /// As typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Password {
    /// As it was typed, to be compared with the one that was chosen.
    pub fn typed(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// As it was typed twice, to be chosen by whoever has this address.
    pub fn choose(text: &str, again: &str, email: &Email) -> Result<Self, Refusal> {
        let fault = match text.chars().count() {
            ..SHORTEST_PASSWORD => Some(PasswordFault::TooShort),
            count if count > LONGEST_PASSWORD => Some(PasswordFault::TooLong),
            _ if is_guessable(text, email) => Some(PasswordFault::Guessable),
            _ if text != again => Some(PasswordFault::Differs),
            _ => None,
        };
        match fault {
            Some(fault) => Err(Refusal::PasswordRefused { fault }),
            None => Ok(Self::typed(text)),
        }
    }

    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// The address, or so few different characters that length means nothing.
fn is_guessable(password: &str, email: &Email) -> bool {
    let (lower, address) = (password.to_lowercase(), email.folded());
    let mut distinct: Vec<char> = lower.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    lower == address || distinct.len() < 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email() -> Email {
        Email::parse("vendor@example.org").unwrap()
    }

    #[test]
    fn an_address_has_two_sides() {
        assert_eq!(Email::parse(" Vendor@Example.org ").unwrap().folded(), "vendor@example.org");
        for bad in ["vendor", "@example.org", "vendor@", "a@b@c"] {
            assert_eq!(Email::parse(bad), Err(Refusal::EmailInvalid { given: bad.to_owned() }), "{bad}");
        }
        for bad in ["", "a b@c", "a\n@c", &format!("{}@c", "a".repeat(254)), "\u{202E}a@c"] {
            assert!(matches!(Email::parse(bad), Err(Refusal::TextInvalid { field: "email", .. })), "{bad}");
        }
    }

    #[test]
    fn a_password_is_long_and_no_address() {
        let fault = |text: &str| match Password::choose(text, text, &email()) {
            Err(Refusal::PasswordRefused { fault }) => Some(fault),
            _ => None,
        };
        assert_eq!(fault("elevenchars"), Some(PasswordFault::TooShort));
        assert_eq!(fault("twelve chars"), None);
        assert_eq!(fault("Vendor@Example.ORG"), Some(PasswordFault::Guessable));
        assert_eq!(fault("abababababababab"), Some(PasswordFault::Guessable));
        assert_eq!(fault(&"long enough ".repeat(30)), Some(PasswordFault::TooLong));
        assert_eq!(fault("mot de passe déjà vu"), None);
        let differs = Password::choose("twelve chars", "twelve  chars", &email()).unwrap_err();
        assert_eq!(differs, Refusal::PasswordRefused { fault: PasswordFault::Differs });
        assert!(!format!("{:?}", Password::typed("twelve chars")).contains("twelve"));
    }

    #[test]
    fn a_session_ends_by_silence_by_age_and_by_word() {
        let at = |millis| Timestamp::from_millis(1_000_000_000_000 + millis);
        let begun = SessionTimes { created_at: at(0), seen_at: at(0), ended_at: None, half_open: false };
        assert_eq!(begun.standing(at(IDLE - 1)), SessionStanding::Open);
        assert_eq!(begun.standing(at(IDLE)), SessionStanding::Over);
        let busy = SessionTimes { seen_at: at(LONGEST - 1), ..begun };
        assert_eq!(busy.standing(at(LONGEST - 1)), SessionStanding::Open);
        assert_eq!(busy.standing(at(LONGEST)), SessionStanding::Over);
        assert_eq!(SessionTimes { ended_at: Some(at(1)), ..begun }.standing(at(1)), SessionStanding::Over);
        let half = SessionTimes { half_open: true, ..begun };
        assert_eq!(half.standing(at(SECOND_FACTOR_WITHIN - 1)), SessionStanding::HalfOpen);
        assert_eq!(half.standing(at(SECOND_FACTOR_WITHIN)), SessionStanding::Over);
    }
}
