//! The pages of the form. They need no scripts.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::accounts::Policy;
use latchkey_domain::invitations::form::{Fault, Field, LONGEST_PASSWORD, LONGEST_PERSON};
use latchkey_domain::invitations::login::{LONGEST_LOGIN, offered};
use latchkey_store::invitations::registrations::State;
use latchkey_texts::{Language, letters};

use crate::console::{Asset, SCRIPT};
use crate::public::Public;

pub(super) fn show_as(status: StatusCode, page: &impl Template) -> Response {
    crate::console::show_as(status, page)
}

/// What was typed before, and what is wrong with it.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) values: Vec<(&'static str, String)>,
    pub(super) faults: Vec<(Field, Fault)>,
}

#[derive(Template)]
#[template(path = "join/form.html")]
pub(super) struct FormPage {
    pub(super) language: Language,
    pub(super) form_token: String,
    pub(super) name: String,
    pub(super) domains: Vec<String>,
    pub(super) policy: Policy,
    pub(super) shown: Shown,
}

#[derive(Template)]
#[template(path = "join/status.html")]
pub(super) struct StatusPage {
    pub(super) language: Language,
    pub(super) form_token: String,
    pub(super) receipt: String,
    pub(super) state: State,
    pub(super) login: String,
    pub(super) address: Option<String>,
    pub(super) policy: Policy,
    pub(super) fault: Option<(Field, Fault)>,
}

#[derive(Template)]
#[template(path = "join/simple.html")]
pub(super) struct SimplePage {
    pub(super) language: Language,
    pub(super) title: String,
    pub(super) cause: String,
    pub(super) next: String,
}

/// A field as a template shows it.
struct Input {
    name: &'static str,
    label: String,
    kind: &'static str,
    autocomplete: &'static str,
    most: usize,
    value: String,
    hints: Vec<String>,
    fault: Option<String>,
    described: String,
    is_first_fault: bool,
}

impl Public for FormPage {
    fn language(&self) -> Language {
        self.language
    }
}

impl Public for StatusPage {
    fn language(&self) -> Language {
        self.language
    }
}

impl Public for SimplePage {
    fn language(&self) -> Language {
        self.language
    }
}

impl FormPage {
    fn script(&self) -> Asset {
        SCRIPT
    }

    fn intro(&self) -> String {
        letters::word(self.language, "join-intro", &[("name", &self.name)])
    }

    fn inputs(&self) -> Vec<Input> {
        let typed = |name: &str| {
            self.shown
                .values
                .iter()
                .find(|(given, _)| *given == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        };
        let first = self.shown.faults.first().map(|(field, _)| *field);
        Field::ALL
            .map(|field| {
                let fault = self.shown.faults.iter().find(|(at, _)| *at == field).map(|(_, fault)| fault);
                let mut value = typed(field.name());
                if field == Field::Login && value.is_empty() && fault.is_some() {
                    value = offered(&typed("firstname"), &typed("realname"));
                }
                let hints = self.hints(field);
                input(self.language, field, value, hints, fault, first == Some(field))
            })
            .into()
    }

    fn hints(&self, field: Field) -> Vec<String> {
        match field {
            Field::Login => vec![self.w("join-login-hint")],
            Field::Email if !self.domains.is_empty() => {
                vec![letters::word(self.language, "join-email-hint", &[("domains", &self.domains.join(", "))])]
            }
            Field::Password => demands(self.language, &self.policy),
            Field::Firstname | Field::Realname | Field::Email | Field::Password2 => Vec::new(),
        }
    }
}

impl StatusPage {
    fn inputs(&self) -> Vec<Input> {
        [Field::Password, Field::Password2]
            .map(|field| {
                let fault = self.fault.as_ref().filter(|(at, _)| *at == field).map(|(_, fault)| fault);
                let hints = if field == Field::Password { demands(self.language, &self.policy) } else { Vec::new() };
                input(self.language, field, String::new(), hints, fault, fault.is_some())
            })
            .into()
    }

    fn title(&self) -> String {
        self.w(match self.state {
            State::Complete | State::Incomplete => "join-complete-title",
            // The receipt of an erased one leads here no more.
            State::Waiting | State::Directory | State::Erased => "join-waiting-title",
            State::Taken => "join-taken-title",
            State::PasswordNeeded => "join-password-title",
        })
    }

    fn text(&self) -> String {
        let name = match self.state {
            State::Complete => "join-complete",
            State::Incomplete => "join-incomplete",
            State::Waiting | State::Erased => "join-waiting",
            State::Directory => "join-directory",
            State::Taken => "join-taken-page",
            State::PasswordNeeded => "join-password-page",
        };
        letters::word(self.language, name, &[("login", &self.login)])
    }

    /// Where to sign in, once there is something to sign in to.
    fn sign_in(&self) -> Option<&str> {
        match self.state {
            State::Complete | State::Incomplete => self.address.as_deref(),
            State::Waiting | State::Directory | State::Taken | State::PasswordNeeded | State::Erased => None,
        }
    }

    fn waits(&self) -> bool {
        self.state == State::Waiting
    }

    fn chooses(&self) -> bool {
        self.state == State::PasswordNeeded
    }

    fn is_good(&self) -> bool {
        matches!(self.state, State::Complete | State::Directory)
    }
}

/// What is demanded of a password, said before anybody is refused.
fn demands(language: Language, policy: &Policy) -> Vec<String> {
    let least = policy.least.to_string();
    let mut all = vec![letters::word(language, "join-password-hint", &[("least", &least)])];
    for (demanded, name) in [
        (policy.digit, "join-digit"),
        (policy.lower, "join-lower"),
        (policy.upper, "join-upper"),
        (policy.symbol, "join-symbol"),
    ] {
        all.extend(demanded.then(|| letters::word(language, name, &[])));
    }
    all
}

fn input(
    language: Language,
    field: Field,
    value: String,
    hints: Vec<String>,
    fault: Option<&Fault>,
    is_first_fault: bool,
) -> Input {
    let name = field.name();
    let (kind, autocomplete, most) = match field {
        Field::Firstname => ("text", "given-name", LONGEST_PERSON),
        Field::Realname => ("text", "family-name", LONGEST_PERSON),
        Field::Email => ("email", "email", 254),
        Field::Login => ("text", "username", LONGEST_LOGIN),
        Field::Password | Field::Password2 => ("password", "new-password", LONGEST_PASSWORD),
    };
    let fault = fault.map(|fault| said(language, fault));
    let described = match (fault.is_some(), hints.is_empty()) {
        (true, true) => format!("{name}-fault"),
        (true, false) => format!("{name}-fault {name}-hint"),
        (false, true) => String::new(),
        (false, false) => format!("{name}-hint"),
    };
    let label = letters::word(language, &format!("join-{name}"), &[]);
    Input { name, label, kind, autocomplete, most, value, hints, fault, described, is_first_fault }
}

fn said(language: Language, fault: &Fault) -> String {
    let name = format!("join-{}", fault.code());
    let w = |values: &[(&str, &str)]| letters::word(language, &name, values);
    match fault {
        Fault::TooLong { most } => w(&[("most", &most.to_string())]),
        Fault::Character { character } => w(&[("character", &character.to_string())]),
        Fault::OtherDomain { domains } => w(&[("domains", &domains.join(", "))]),
        Fault::TooShort { least } => w(&[("least", &least.to_string())]),
        Fault::Empty
        | Fault::Unseen
        | Fault::NoEmail
        | Fault::Imitates
        | Fault::Reserved
        | Fault::Taken
        | Fault::NoDigit
        | Fault::NoLower
        | Fault::NoUpper
        | Fault::NoSymbol
        | Fault::Differs
        | Fault::Known
        | Fault::Weak => w(&[]),
    }
}
