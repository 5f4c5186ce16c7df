//! What the double holds: a fresh GLPI's profiles, an entity below the root, groups, and a service account.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Brought, SERVICE, Wants};

/// Everything there is, and how it is set up.
#[derive(Debug, Clone)]
pub struct State {
    /// Whether the API is switched on.
    pub api_on: bool,
    /// Whether a client of the API is allowed at the caller's address.
    pub address_allowed: bool,
    /// The application token that is asked for, if any.
    pub app_token: Option<String>,
    /// `enable_api_login_credentials`.
    pub logins_on: bool,
    /// Members of `cfg_glpi` about passwords.
    pub policy: BTreeMap<&'static str, i64>,
    /// The profile of the service account.
    pub service_profile: i64,
    /// Its rights as bits: 1 read, 2 update, 4 create.
    pub rights: BTreeMap<&'static str, i64>,
    /// Entities: id, name, the one above.
    pub entities: Vec<(i64, String, Option<i64>)>,
    /// Groups: id, name.
    pub groups: Vec<(i64, String)>,
    /// Accounts.
    pub users: Vec<User>,
    /// Addresses.
    pub emails: Vec<Email>,
    /// Who may do what where.
    pub profiles_users: Vec<(i64, i64, Right)>,
    /// Who is in which group: id, user, group.
    pub groups_users: Vec<(i64, i64, i64)>,
    /// Sessions that are open, with their users.
    pub sessions: BTreeMap<String, i64>,
    /// What it asks for before it takes inventories.
    pub inventories_want: Wants,
    /// Tokens that count, the oldest first.
    pub tokens: Vec<String>,
    /// Messages of agents, as they came.
    pub brought: Vec<Brought>,
    pub(super) next: i64,
}

/// An account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: i64,
    /// Its login.
    pub name: String,
    /// Its first name.
    pub firstname: String,
    /// Its last name.
    pub realname: String,
    /// Its password, where it has one.
    pub password: Option<String>,
    /// A free text.
    pub registration_number: String,
    /// Its default entity.
    pub entities_id: i64,
    /// Its language.
    pub language: String,
    /// Whether it lies in the trash.
    pub is_deleted: bool,
}

/// An address of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Email {
    /// The row.
    pub id: i64,
    /// Whose it is.
    pub user: i64,
    /// The address.
    pub email: String,
}

/// A profile in an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    /// The profile.
    pub profile: i64,
    /// The entity.
    pub entity: i64,
    /// Whether it counts below, too.
    pub recursive: bool,
}

/// The profiles of a fresh GLPI, and how much each may do: nobody gives what is more than its own.
pub(super) const PROFILES: [(i64, &str, i64); 8] = [
    (1, "Self-Service", 1),
    (2, "Observer", 2),
    (3, "Admin", 7),
    (4, "Super-Admin", 8),
    (5, "Hotliner", 3),
    (6, "Technician", 4),
    (7, "Supervisor", 5),
    (8, "Read-Only", 2),
];

impl State {
    pub(super) fn fresh() -> Self {
        let mut state = Self {
            api_on: true,
            address_allowed: true,
            app_token: None,
            logins_on: true,
            policy: BTreeMap::from([
                ("use_password_security", 1),
                ("password_min_length", 8),
                ("password_need_number", 1),
                ("password_need_letter", 1),
                ("password_need_caps", 0),
                ("password_need_symbol", 0),
            ]),
            service_profile: 3,
            rights: BTreeMap::from([("user", 1 | 2 | 4), ("group", 1 | 2), ("profile", 1), ("entity", 1)]),
            entities: vec![(0, "Root entity".into(), None), (1, "North".into(), Some(0)), (2, "South".into(), Some(0))],
            groups: vec![(1, "Staff".into()), (2, "Field".into())],
            users: Vec::new(),
            emails: Vec::new(),
            profiles_users: Vec::new(),
            groups_users: Vec::new(),
            sessions: BTreeMap::new(),
            inventories_want: Wants::Nothing,
            tokens: Vec::new(),
            brought: Vec::new(),
            next: 10,
        };
        let id = state.id();
        let (name, password) = (SERVICE.0.to_owned(), Some(SERVICE.1.to_owned()));
        state.users.push(User { id, name, password, ..User::default() });
        state
    }

    /// An account that somebody made by hand.
    pub fn takes(&mut self, login: &str) -> i64 {
        let id = self.id();
        self.users.push(User { id, name: login.to_owned(), ..User::default() });
        id
    }

    /// What an account may do.
    pub fn rights_of(&self, user: i64) -> Vec<Right> {
        self.profiles_users.iter().filter(|(_, of, _)| *of == user).map(|(_, _, right)| *right).collect()
    }

    /// Its addresses.
    pub fn emails_of(&self, user: i64) -> Vec<String> {
        self.emails.iter().filter(|email| email.user == user).map(|email| email.email.clone()).collect()
    }

    /// Its groups.
    pub fn groups_of(&self, user: i64) -> Vec<i64> {
        self.groups_users.iter().filter(|(_, of, _)| *of == user).map(|(_, _, group)| *group).collect()
    }

    pub(super) fn id(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    /// Whether the service account may give this profile.
    pub(super) fn may_give(&self, profile: i64) -> bool {
        let rank = |id: i64| PROFILES.iter().find(|(known, _, _)| *known == id).map(|(_, _, rank)| *rank);
        rank(profile).is_some_and(|asked| rank(self.service_profile).is_some_and(|own| asked <= own))
    }

    /// Whether GLPI's policy takes a password.
    pub(super) fn takes_password(&self, password: &str) -> bool {
        let on = |name: &str| self.policy.get(name).copied().unwrap_or(0);
        if on("use_password_security") == 0 {
            return true;
        }
        let has = |is: fn(char) -> bool| password.chars().any(is);
        password.chars().count() as i64 >= on("password_min_length")
            && (on("password_need_number") == 0 || has(|c| c.is_ascii_digit()))
            && (on("password_need_letter") == 0 || has(|c| c.is_ascii_lowercase()))
            && (on("password_need_caps") == 0 || has(|c| c.is_ascii_uppercase()))
            && (on("password_need_symbol") == 0 || has(|c| !c.is_alphanumeric() && c != '_'))
    }

    pub(super) fn config(&self) -> Json {
        let mut config =
            json!({ "version": "10.0.19", "enable_api_login_credentials": i64::from(self.logins_on).to_string() });
        for (name, value) in &self.policy {
            // As GLPI has it: numbers as texts.
            config[*name] = value.to_string().into();
        }
        json!({ "cfg_glpi": config })
    }

    pub(super) fn active_profile(&self) -> Json {
        let name = PROFILES.iter().find(|(id, _, _)| *id == self.service_profile).map(|(_, name, _)| *name);
        let mut profile = json!({ "id": self.service_profile, "name": name });
        for (what, bits) in &self.rights {
            profile[*what] = (*bits).into();
        }
        json!({ "active_profile": profile })
    }
}

impl User {
    pub(super) fn json(&self) -> Json {
        json!({
            "id": self.id, "name": self.name, "firstname": self.firstname, "realname": self.realname,
            "registration_number": self.registration_number, "entities_id": self.entities_id,
            "language": self.language, "is_deleted": i64::from(self.is_deleted),
        })
    }
}
