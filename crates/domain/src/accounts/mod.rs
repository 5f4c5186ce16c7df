//! A GLPI in which accounts are made: as whom it is asked, what it demands of a password, whether the account with which we ask
//! is fit for it, and what it wants to see before it takes inventories. What is said to a GLPI stands in `latchkey_glpi`.

mod fault;
mod inventory;
mod names;

use core::fmt;

pub use fault::Fault;
pub use inventory::{InventoryCredential, InventoryKind, TypedInventory};
pub use names::Names;
use zeroize::Zeroizing;

use crate::Refusal;
use crate::ids::ConnectionId;
use crate::text::{Name, TextFault};
use crate::time::Timestamp;

/// The most characters of a token, a login or a password of a service account.
pub const LONGEST_CREDENTIAL: usize = 255;

/// A text that opens something. It cannot be printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

/// As whom a GLPI is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Who.
    pub who: Who,
    /// The application's token, where the GLPI asks for one.
    pub app_token: Option<Secret>,
}

/// How the service account says who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By its remote access token.
    UserToken(Secret),
    /// By its password.
    Login {
        /// Its login.
        login: String,
        /// Its password.
        password: Secret,
    },
}

/// A GLPI that may be asked to make accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// What it is called inside.
    pub id: ConnectionId,
    /// What people call it; no two are the same.
    pub name: Name,
    /// Where it is: without a slash at its end, and without `apirest.php`.
    pub url: String,
    /// Since when it is known.
    pub created_at: Timestamp,
    /// What was found when it was last asked.
    pub checked_at: Timestamp,
    /// How it was then.
    pub report: Report,
    /// What it is shown when inventories are passed on to it.
    pub inventory: InventoryKind,
}

/// What a GLPI says of itself and of the account with which it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its version, where it says so.
    pub version: Option<String>,
    /// What it demands of a password.
    pub policy: Policy,
    /// Whether a password can be tried through the API, so that a new one can be verified.
    pub verifies_passwords: bool,
    /// The profile with which the service account works.
    pub profile: String,
    /// What is to be mended or known, the worst first.
    pub remarks: Vec<Remark>,
}

/// Something about a connection that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// The service account may not read users.
    CannotReadUsers,
    /// It may not create users.
    CannotCreateUsers,
    /// It may not change users: what GLPI left out of an account cannot be mended.
    CannotUpdateUsers,
    /// It may not read groups, which invitations may name.
    CannotReadGroups,
    /// It may not change groups, which invitations may name.
    CannotUpdateGroups,
    /// It may do far more than it needs.
    SuperAdmin,
    /// The connection is not encrypted: passwords can be read on the way.
    NotEncrypted,
    /// A new password cannot be tried: the API does not take logins.
    CannotVerifyPasswords,
}

/// What a GLPI demands of a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// The least characters; 0 where it demands nothing.
    pub least: u32,
    /// A digit.
    pub digit: bool,
    /// A letter in lower case.
    pub lower: bool,
    /// A letter in upper case.
    pub upper: bool,
    /// Neither letter nor digit.
    pub symbol: bool,
}

/// What a password lacks of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Characters: at least so many.
    Length(u32),
    /// A digit.
    Digit,
    /// A letter in lower case.
    Lower,
    /// A letter in upper case.
    Upper,
    /// Neither letter nor digit.
    Symbol,
}

impl Secret {
    /// Takes a text.
    pub fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text itself, for whoever may have it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Credentials {
    /// Reads what somebody typed: a token, or a login and its password. What is empty was not typed.
    pub fn read(user_token: &str, login: &str, password: &str, app_token: &str) -> Result<Self, Refusal> {
        let who = match (user_token.trim(), login.trim()) {
            ("", "") => return Err(Refusal::TextInvalid { field: "user token", fault: TextFault::Empty }),
            ("", login) => Who::Login {
                login: credential("login", login)?.to_owned(),
                password: Secret::new(credential("password", password)?),
            },
            (token, _) => Who::UserToken(Secret::new(credential("user token", token)?)),
        };
        let app_token = match app_token.trim() {
            "" => None,
            token => Some(Secret::new(credential("app token", token)?)),
        };
        Ok(Self { who, app_token })
    }
}

/// What goes into a header has no place for a second line.
fn credential<'t>(field: &'static str, text: &'t str) -> Result<&'t str, Refusal> {
    let fault = match text.chars().position(char::is_control) {
        Some(at) => TextFault::Control { at: at + 1 },
        None if text.is_empty() => TextFault::Empty,
        None if text.chars().count() > LONGEST_CREDENTIAL => TextFault::TooLong { most: LONGEST_CREDENTIAL },
        None => return Ok(text),
    };
    Err(Refusal::TextInvalid { field, fault })
}

impl Report {
    /// Refuses a GLPI in which no account could be made.
    pub fn fit(&self) -> Result<(), Refusal> {
        match self.remarks.iter().find(|remark| remark.is_fatal()) {
            None => Ok(()),
            Some(remark) => Err(Refusal::GlpiRightMissing { remark: *remark, profile: self.profile.clone() }),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Remark {
    /// All there are.
    pub const ALL: [Self; 8] = [
        Self::CannotReadUsers,
        Self::CannotCreateUsers,
        Self::CannotUpdateUsers,
        Self::CannotReadGroups,
        Self::CannotUpdateGroups,
        Self::SuperAdmin,
        Self::NotEncrypted,
        Self::CannotVerifyPasswords,
    ];

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::CannotReadUsers => "USERS_READ_MISSING",
            Self::CannotCreateUsers => "USERS_CREATE_MISSING",
            Self::CannotUpdateUsers => "USERS_UPDATE_MISSING",
            Self::CannotReadGroups => "GROUPS_READ_MISSING",
            Self::CannotUpdateGroups => "GROUPS_UPDATE_MISSING",
            Self::SuperAdmin => "RIGHTS_TOO_WIDE",
            Self::NotEncrypted => "NOT_ENCRYPTED",
            Self::CannotVerifyPasswords => "PASSWORDS_NOT_VERIFIABLE",
        }
    }

    /// The one of this name.
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|remark| remark.code() == code)
    }

    /// Whether no account can be made as long as it is so.
    pub fn is_fatal(self) -> bool {
        match self {
            Self::CannotReadUsers | Self::CannotCreateUsers => true,
            Self::CannotUpdateUsers
            | Self::CannotReadGroups
            | Self::CannotUpdateGroups
            | Self::SuperAdmin
            | Self::NotEncrypted
            | Self::CannotVerifyPasswords => false,
        }
    }
}

impl Policy {
    /// What a password lacks, in the order in which people are told.
    pub fn lacks(&self, password: &str) -> Vec<Lack> {
        let has = |is: fn(char) -> bool| password.chars().any(is);
        // GLPI looks at the letters of ASCII alone, and takes all that is no letter, digit or underscore for a symbol.
        [
            (usize::try_from(self.least).unwrap_or(usize::MAX) > password.chars().count(), Lack::Length(self.least)),
            (self.digit && !has(|c| c.is_ascii_digit()), Lack::Digit),
            (self.lower && !has(|c| c.is_ascii_lowercase()), Lack::Lower),
            (self.upper && !has(|c| c.is_ascii_uppercase()), Lack::Upper),
            (self.symbol && !has(|c| !c.is_alphanumeric() && c != '_'), Lack::Symbol),
        ]
        .into_iter()
        .filter_map(|(lacks, what)| lacks.then_some(what))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_names_all_that_is_missing() {
        let policy = Policy { least: 8, digit: true, lower: true, upper: true, symbol: true };
        assert_eq!(policy.lacks("Abcdef1!"), []);
        assert_eq!(policy.lacks(""), [Lack::Length(8), Lack::Digit, Lack::Lower, Lack::Upper, Lack::Symbol]);
        assert_eq!(policy.lacks("ÀÉÎÕÜ1_àéîõü"), [Lack::Lower, Lack::Upper, Lack::Symbol]);
        assert_eq!(Policy::default().lacks(""), []);
    }

    #[test]
    fn what_opens_something_is_not_printed() {
        let who = Who::Login { login: "svc".into(), password: Secret::new("hunter2") };
        let text = format!("{:?}", Credentials { who, app_token: Some(Secret::new("apptoken")) });
        assert!(!text.contains("hunter2") && !text.contains("apptoken"), "{text}");
    }

    #[test]
    fn a_token_or_a_login_is_read_as_one_line() {
        let read = Credentials::read;
        assert!(matches!(read(" t0k ", "", "", "").unwrap().who, Who::UserToken(token) if token.reveal() == "t0k"));
        let both = read("", "svc", " p w ", "app").unwrap();
        assert!(matches!(both.who, Who::Login { password, .. } if password.reveal() == " p w "));
        assert!(both.app_token.is_some());
        let fault = |read: Result<Credentials, Refusal>| match read {
            Err(Refusal::TextInvalid { field, fault }) => (field, fault),
            other => panic!("{other:?}"),
        };
        assert_eq!(fault(read("", "", "", "")), ("user token", TextFault::Empty));
        assert_eq!(fault(read("", "svc", "", "")), ("password", TextFault::Empty));
        assert_eq!(fault(read("a\r\nX: y", "", "", "")), ("user token", TextFault::Control { at: 2 }));
        assert_eq!(fault(read("t", "", "", &"a".repeat(256))), ("app token", TextFault::TooLong { most: 255 }));
    }

    #[test]
    fn remarks_are_known_by_their_names() {
        for remark in Remark::ALL {
            assert_eq!(Remark::named(remark.code()), Some(remark));
        }
    }
}
