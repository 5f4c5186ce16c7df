//! What the double answers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value as Json, json};

use super::state::PROFILES;
use super::{Answered, Asked, Email, Right, State, USER_TOKEN, User, Wrong};

impl Answered {
    pub(super) fn good(status: u16, body: Json) -> Self {
        Self { status, body, range: None }
    }

    pub(crate) fn error(status: u16, code: &str, text: &str) -> Self {
        Self::good(status, json!([code, text]))
    }
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    fn wish(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }
}

impl State {
    pub(super) fn answer(&mut self, asked: &Asked, wrong: Option<Wrong>) -> Answered {
        if !self.api_on {
            return Answered::error(400, "ERROR", "API disabled");
        }
        if !self.address_allowed {
            return Answered::error(
                400,
                "ERROR_NOT_ALLOWED_IP",
                "There isn't an active API client matching your IP address",
            );
        }
        if let Some(token) = &self.app_token {
            match asked.header("app-token") {
                None => {
                    return Answered::error(
                        400,
                        "ERROR_APP_TOKEN_PARAMETERS_MISSING",
                        "missing parameter(s) app_token",
                    );
                }
                Some(given) if given != token => {
                    return Answered::error(400, "ERROR_WRONG_APP_TOKEN_PARAMETER", "parameter app_token seems wrong");
                }
                Some(_) => {}
            }
        }
        if asked.path == "initSession" {
            return self.opens(asked);
        }
        let session = asked.header("session-token").unwrap_or_default().to_owned();
        if !self.sessions.contains_key(&session) {
            return Answered::error(401, "ERROR_SESSION_TOKEN_INVALID", "session_token seems invalid");
        }
        let parts: Vec<&str> = asked.path.split('/').collect();
        match (asked.method.as_str(), &parts[..]) {
            ("GET", ["killSession"]) => {
                self.sessions.remove(&session);
                Answered::good(200, json!(true))
            }
            ("GET", ["getGlpiConfig"]) => Answered::good(200, self.config()),
            ("GET", ["getActiveProfile"]) => Answered::good(200, self.active_profile()),
            ("GET", ["Entity"]) => page(asked, self.entities.iter().map(|one| self.entity(one)).collect()),
            ("GET", ["Profile"]) => {
                page(asked, PROFILES.iter().map(|(id, name, _)| json!({ "id": id, "name": name })).collect())
            }
            ("GET", ["Group"]) => {
                let row = |(id, name): &(i64, String)| json!({ "id": id, "name": name, "completename": name });
                page(asked, self.groups.iter().map(row).collect())
            }
            ("GET", ["User"]) => self.searches(asked),
            ("POST", ["User"]) => self.creates(&asked.body["input"], wrong),
            ("GET", ["User", id]) => match self.user(id) {
                Some(user) => Answered::good(200, user.json()),
                None => Answered::error(404, "ERROR_ITEM_NOT_FOUND", "Item not found"),
            },
            ("PUT", ["User", id]) => self.updates(id, &asked.body["input"]),
            ("DELETE", ["User", id]) => self.deletes(id, asked.wish("force_purge") == Some("true")),
            ("GET", ["User", id, kind]) => self.of_user(asked, id.parse().unwrap_or(-1), kind),
            ("POST", ["Group_User"]) => self.joins(&asked.body["input"]),
            ("POST", ["Profile_User"]) => self.gives(&asked.body["input"]),
            ("DELETE", ["Profile_User", id]) => {
                let id: i64 = id.parse().unwrap_or(-1);
                self.profiles_users.retain(|(row, _, _)| *row != id);
                Answered::good(200, json!([{ "message": "" }]))
            }
            // An address is a part of its user.
            ("POST", ["UserEmail"]) if self.rights.get("user").copied().unwrap_or(0) & 2 == 0 => {
                Answered::error(400, "ERROR_GLPI_ADD", "You don't have permission to perform this action.")
            }
            ("POST", ["UserEmail"]) => {
                let (user, email) = (number(&asked.body["input"]["users_id"]), text(&asked.body["input"]["email"]));
                self.adds_email(user, &email);
                Answered::good(201, json!({ "id": self.next, "message": "" }))
            }
            _ => Answered::error(400, "ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM", "resource not found"),
        }
    }

    fn opens(&mut self, asked: &Asked) -> Answered {
        let wrong = || Answered::error(401, "ERROR_GLPI_LOGIN", "Incorrect username or password");
        let Some(authorization) = asked.header("authorization") else {
            return Answered::error(
                400,
                "ERROR_LOGIN_PARAMETERS_MISSING",
                "parameter(s) login, password or user_token are missing",
            );
        };
        let user = if let Some(token) = authorization.strip_prefix("user_token ") {
            if token != USER_TOKEN {
                return wrong();
            }
            self.users[0].id
        } else if let Some(basic) = authorization.strip_prefix("Basic ") {
            if !self.logins_on {
                return Answered::error(
                    400,
                    "ERROR_LOGIN_WITH_CREDENTIALS_DISABLED",
                    "usage of initSession resource with credentials is disabled",
                );
            }
            let decoded = BASE64.decode(basic).unwrap_or_default();
            let decoded = String::from_utf8_lossy(&decoded).into_owned();
            let (login, password) = decoded.split_once(':').unwrap_or_default();
            let known =
                self.users.iter().find(|user| user.name.to_lowercase() == login.to_lowercase() && !user.is_deleted);
            match known {
                Some(user) if user.password.as_deref() == Some(password) => user.id,
                _ => return wrong(),
            }
        } else {
            return wrong();
        };
        let token = format!("session{}", self.id());
        self.sessions.insert(token.clone(), user);
        Answered::good(200, json!({ "session_token": token }))
    }

    fn searches(&self, asked: &Asked) -> Answered {
        let trash = asked.wish("is_deleted") == Some("1");
        let wanted = asked.wish("searchText[name]").unwrap_or_default().to_lowercase();
        let (begins, ends) = (wanted.starts_with('^'), wanted.ends_with('$'));
        let core = wanted.trim_start_matches('^').trim_end_matches('$');
        let matches = |name: &str| {
            let name = name.to_lowercase();
            match (begins, ends) {
                (true, true) => name == core,
                (true, false) => name.starts_with(core),
                (false, true) => name.ends_with(core),
                (false, false) => name.contains(core),
            }
        };
        let rows = self.users.iter().filter(|user| user.is_deleted == trash && matches(&user.name));
        page(asked, rows.map(User::json).collect())
    }

    fn creates(&mut self, input: &Json, wrong: Option<Wrong>) -> Answered {
        let refused = |text: &str| Answered::error(400, "ERROR_GLPI_ADD", text);
        if self.rights.get("user").copied().unwrap_or(0) & 4 == 0 {
            return refused("You don't have permission to perform this action.");
        }
        let name: String = text(&input["name"]).chars().take(255).collect();
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "'@.-_ ".contains(c)) {
            return refused("The login is not valid. Unable to add the user.");
        }
        if wrong == Some(Wrong::TakenBefore) {
            self.takes(&name);
        }
        if self.users.iter().any(|user| user.name.to_lowercase() == name.to_lowercase()) {
            return refused("Unable to add. The user already exists.");
        }
        let (password, again) = (text(&input["password"]), input["password2"].as_str());
        if again.is_some_and(|again| again != password) {
            return refused("Error: the two passwords do not match");
        }
        let kept = again.is_some() && self.takes_password(&password) && wrong != Some(Wrong::PasswordDropped);
        let id = self.id();
        self.users.push(User {
            id,
            name,
            firstname: text(&input["firstname"]).chars().take(255).collect(),
            realname: text(&input["realname"]).chars().take(255).collect(),
            password: kept.then_some(password),
            registration_number: text(&input["registration_number"]),
            entities_id: number(&input["entities_id"]),
            language: text(&input["language"]),
            is_deleted: false,
        });
        for email in input["_useremails"].as_array().into_iter().flatten() {
            if wrong != Some(Wrong::EmailDropped) {
                self.adds_email(id, &text(email));
            }
        }
        let asked = number(&input["_profiles_id"]);
        let entity = number(&input["_entities_id"]);
        let recursive = number(&input["_is_recursive"]) != 0;
        let profile = if self.may_give(asked) && wrong != Some(Wrong::DefaultProfile) { asked } else { 1 };
        let row = self.id();
        self.profiles_users.push((row, id, Right { profile, entity, recursive }));
        Answered::good(201, json!({ "id": id, "message": "Item successfully added" }))
    }

    fn updates(&mut self, id: &str, input: &Json) -> Answered {
        let Some(user) = self.user(id).cloned() else {
            return Answered::error(404, "ERROR_ITEM_NOT_FOUND", "Item not found");
        };
        let done = |message: &str| Answered::good(200, json!([{ (user.id.to_string()): true, "message": message }]));
        if self.rights.get("user").copied().unwrap_or(0) & 2 == 0 {
            return Answered::error(400, "ERROR_GLPI_UPDATE", "You don't have permission to perform this action.");
        }
        if let Some(name) = input["name"].as_str()
            && self.users.iter().any(|other| other.id != user.id && other.name.to_lowercase() == name.to_lowercase())
        {
            return done("Unable to update login. A user already exists.");
        }
        let (password, again) = (text(&input["password"]), input["password2"].as_str());
        let takes = again == Some(&password) && self.takes_password(&password);
        if let Some(own) = self.users.iter_mut().find(|one| one.id == user.id) {
            if takes {
                own.password = Some(password);
            }
            if let Some(name) = input["name"].as_str() {
                own.name = name.to_owned();
            }
        }
        done("")
    }

    fn deletes(&mut self, id: &str, purge: bool) -> Answered {
        let id: i64 = id.parse().unwrap_or(-1);
        if purge {
            self.users.retain(|user| user.id != id);
        } else if let Some(user) = self.users.iter_mut().find(|user| user.id == id) {
            user.is_deleted = true;
        }
        Answered::good(200, json!([{ (id.to_string()): true, "message": "" }]))
    }

    fn of_user(&self, asked: &Asked, user: i64, kind: &str) -> Answered {
        let rows = match kind {
            "UserEmail" => self
                .emails
                .iter()
                .filter(|email| email.user == user)
                .map(|email| json!({ "id": email.id, "users_id": user, "email": email.email, "is_default": 1 }))
                .collect(),
            "Profile_User" => self
                .profiles_users
                .iter()
                .filter(|(_, of, _)| *of == user)
                .map(|(id, _, right)| {
                    json!({ "id": id, "users_id": user, "profiles_id": right.profile, "entities_id": right.entity,
                        "is_recursive": i64::from(right.recursive) })
                })
                .collect(),
            "Group_User" => self
                .groups_users
                .iter()
                .filter(|(_, of, _)| *of == user)
                .map(|(id, _, group)| json!({ "id": id, "users_id": user, "groups_id": group }))
                .collect(),
            _ => return Answered::error(400, "ERROR_RESOURCE_NOT_FOUND_NOR_COMMONDBTM", "resource not found"),
        };
        page(asked, rows)
    }

    fn joins(&mut self, input: &Json) -> Answered {
        let (user, group) = (number(&input["users_id"]), number(&input["groups_id"]));
        let known = self.groups.iter().any(|(id, _)| *id == group);
        if !known || self.rights.get("group").copied().unwrap_or(0) & 2 == 0 {
            return Answered::error(400, "ERROR_GLPI_ADD", "You don't have permission to perform this action.");
        }
        if self.groups_users.iter().any(|(_, of, id)| (*of, *id) == (user, group)) {
            return Answered::error(400, "ERROR_GLPI_ADD", "");
        }
        let id = self.id();
        self.groups_users.push((id, user, group));
        Answered::good(201, json!({ "id": id, "message": "" }))
    }

    /// A duplicate is accepted.
    fn gives(&mut self, input: &Json) -> Answered {
        let (user, profile, entity) =
            (number(&input["users_id"]), number(&input["profiles_id"]), number(&input["entities_id"]));
        if !self.may_give(profile) {
            return Answered::error(400, "ERROR_GLPI_ADD", "You don't have permission to perform this action.");
        }
        let id = self.id();
        self.profiles_users.push((id, user, Right { profile, entity, recursive: number(&input["is_recursive"]) != 0 }));
        Answered::good(201, json!({ "id": id, "message": "" }))
    }

    fn adds_email(&mut self, user: i64, email: &str) {
        let valid = email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && domain.contains('.')
                && !domain.starts_with('.')
                && !domain.ends_with('.')
                && email.is_ascii()
        });
        if valid {
            let id = self.id();
            self.emails.push(Email { id, user, email: email.to_owned() });
        }
    }

    fn user(&self, id: &str) -> Option<&User> {
        let id: i64 = id.parse().ok()?;
        self.users.iter().find(|user| user.id == id)
    }

    fn entity(&self, (id, name, parent): &(i64, String, Option<i64>)) -> Json {
        let above = parent.and_then(|parent| self.entities.iter().find(|(id, _, _)| *id == parent));
        let path = above.map_or_else(|| name.clone(), |(_, above, _)| format!("{above} > {name}"));
        json!({ "id": id, "name": name, "completename": path, "entities_id": parent })
    }
}

/// Rows of a range: 206 where it is not all there is, 400 past the end.
fn page(asked: &Asked, rows: Vec<Json>) -> Answered {
    let total = rows.len();
    let range = asked.wish("range").and_then(|range| range.split_once('-'));
    let (from, to) = range.map_or((0, 49), |(from, to)| (from.parse().unwrap_or(0), to.parse().unwrap_or(49)));
    if from > total || (from == total && from > 0) {
        return Answered::error(400, "ERROR_RANGE_EXCEED_TOTAL", "Provided range exceed total count of data");
    }
    let part: Vec<Json> = rows.into_iter().skip(from).take(to + 1 - from).collect();
    let status = if part.len() < total { 206 } else { 200 };
    let last = (from + part.len()).saturating_sub(1);
    Answered { status, body: part.into(), range: Some(format!("{from}-{last}/{total}")) }
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn number(json: &Json) -> i64 {
    json.as_i64().unwrap_or_else(|| json.as_str().and_then(|text| text.parse().ok()).unwrap_or(0))
}
