//! The double of GLPI, held to what was observed of GLPI 10.0.19: one test per row.

#![allow(clippy::unwrap_used, clippy::panic, reason = "test code fails by panicking")]

use std::time::{Duration, Instant};

use latchkey_tests_support::glpi::{GlpiDouble, Right, SERVICE, USER_TOKEN, Wrong};
use latchkey_tests_support::http::{Request, Response};
use serde_json::{Value as Json, json};

struct Api {
    glpi: GlpiDouble,
    session: String,
}

impl Api {
    fn opened() -> Self {
        let glpi = GlpiDouble::start();
        let answer = init(&glpi, &format!("user_token {USER_TOKEN}"));
        let session = answer.json()["session_token"].as_str().unwrap().to_owned();
        Self { glpi, session }
    }

    fn asks(&self, method: &str, path: &str, body: Option<Json>) -> Response {
        let request = Request::new(method, &format!("/apirest.php/{path}")).header("Session-Token", &self.session);
        match body {
            Some(body) => request.json(&json!({ "input": body })),
            None => request,
        }
        .send(self.glpi.address())
    }

    fn creates(&self, change: impl FnOnce(&mut Json)) -> Response {
        let mut input = json!({ "name": "ada", "realname": "Lovelace", "firstname": "Ada", "password": "analytical1",
            "password2": "analytical1", "_useremails": ["ada@example.org"], "_default_email": 0, "_profiles_id": 2,
            "_entities_id": 1, "_is_recursive": 0, "registration_number": "r-1" });
        change(&mut input);
        self.asks("POST", "User", Some(input))
    }
}

fn init(glpi: &GlpiDouble, authorization: &str) -> Response {
    Request::get("/apirest.php/initSession").header("Authorization", authorization).send(glpi.address())
}

fn is(answer: &Response, status: u16, code: &str) {
    assert_eq!((answer.status, answer.json()[0].as_str()), (status, Some(code)), "{}", answer.text());
}

fn basic(login: &str, password: &str) -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{login}:{password}")))
}

#[test]
fn a_session_is_opened_and_closed() {
    let api = Api::opened();
    is(&init(&api.glpi, &basic(SERVICE.0, "wrong")), 401, "ERROR_GLPI_LOGIN");
    assert_eq!(init(&api.glpi, &basic(SERVICE.0, SERVICE.1)).status, 200);
    api.glpi.state().app_token = Some("app".into());
    is(&init(&api.glpi, "user_token x"), 400, "ERROR_APP_TOKEN_PARAMETERS_MISSING");
    let wrong = Request::get("/apirest.php/initSession").header("App-Token", "other").send(api.glpi.address());
    is(&wrong, 400, "ERROR_WRONG_APP_TOKEN_PARAMETER");
    api.glpi.state().app_token = None;
    api.glpi.state().address_allowed = false;
    is(&init(&api.glpi, "user_token x"), 400, "ERROR_NOT_ALLOWED_IP");
    api.glpi.state().api_on = false;
    let off = init(&api.glpi, "user_token x");
    is(&off, 400, "ERROR");
    assert_eq!(off.json()[1], "API disabled");
    api.glpi.state().api_on = true;
    api.glpi.state().address_allowed = true;
    assert_eq!(api.asks("GET", "killSession", None).status, 200);
    is(&api.asks("GET", "getGlpiConfig", None), 401, "ERROR_SESSION_TOKEN_INVALID");
}

#[test]
fn an_account_is_made_with_all_that_was_asked_for() {
    let api = Api::opened();
    let answer = api.creates(|_| {});
    assert_eq!(answer.status, 201);
    let id = answer.json()["id"].as_i64().unwrap();
    let state = api.glpi.state();
    assert_eq!(state.rights_of(id), [Right { profile: 2, entity: 1, recursive: false }]);
    assert_eq!(state.emails_of(id), ["ada@example.org"]);
    drop(state);
    assert_eq!(init(&api.glpi, &basic("ADA", "analytical1")).status, 200, "a login's case does not matter");
}

#[test]
fn what_cannot_be_made_is_refused() {
    let api = Api::opened();
    api.creates(|_| {});
    is(&api.creates(|input| input["name"] = "ADA".into()), 400, "ERROR_GLPI_ADD");
    let id = api.glpi.users("ada")[0].id;
    api.asks("DELETE", &format!("User/{id}"), None);
    is(&api.creates(|_| {}), 400, "ERROR_GLPI_ADD");
    assert!(api.glpi.users("ada")[0].is_deleted, "what lies in the trash keeps its login");
    api.asks("DELETE", &format!("User/{id}?force_purge=true"), None);
    assert_eq!(api.creates(|_| {}).status, 201);
    for bad in ["", "a/b", "a;b", "a\u{200b}b"] {
        is(&api.creates(|input| input["name"] = bad.into()), 400, "ERROR_GLPI_ADD");
    }
    assert_eq!(api.creates(|input| input["name"] = "Ада о'б@.-_ 1".into()).status, 201);
    is(&api.creates(|input| (input["name"], input["password2"]) = ("b".into(), "other".into())), 400, "ERROR_GLPI_ADD");
    api.glpi.state().rights.insert("user", 1);
    is(&api.creates(|input| input["name"] = "c".into()), 400, "ERROR_GLPI_ADD");
}

#[test]
fn each_trap_answers_201() {
    let api = Api::opened();
    let made = |change: fn(&mut Json)| {
        let answer = api.creates(change);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["id"].as_i64().unwrap()
    };
    let password = |id: i64| api.glpi.state().users.iter().find(|user| user.id == id).unwrap().password.clone();
    let id = made(|input| {
        input["name"] = "one".into();
        input.as_object_mut().unwrap().remove("password2");
    });
    assert_eq!(password(id), None, "without its repetition");
    let id = made(|input| {
        (input["name"], input["password"], input["password2"]) = ("two".into(), "short".into(), "short".into());
    });
    assert_eq!(password(id), None, "against the policy");
    let id = made(|input| (input["name"], input["_useremails"]) = ("three".into(), json!(["no address"])));
    assert!(api.glpi.state().emails_of(id).is_empty());
    let id = made(|input| (input["name"], input["_profiles_id"]) = ("four".into(), 99.into()));
    assert_eq!(api.glpi.state().rights_of(id)[0].profile, 1, "there is no such profile");
    let id = made(|input| (input["name"], input["_profiles_id"]) = ("five".into(), 4.into()));
    assert_eq!(api.glpi.state().rights_of(id)[0].profile, 1, "it outranks the service account");
    let id = made(|input| (input["name"], input["firstname"]) = ("six".into(), "x".repeat(300).into()));
    assert_eq!(api.asks("GET", &format!("User/{id}"), None).json()["firstname"].as_str().unwrap().len(), 255);
    made(|input| (input["name"], input["no_such_field"]) = ("seven".into(), 1.into()));
}

#[test]
fn groups_and_further_rights_are_given() {
    let api = Api::opened();
    let id = api.creates(|_| {}).json()["id"].as_i64().unwrap();
    assert_eq!(api.asks("POST", "Group_User", Some(json!({ "users_id": id, "groups_id": 1 }))).status, 201);
    let right = json!({ "users_id": id, "profiles_id": 1, "entities_id": 2, "is_recursive": 1 });
    assert_eq!(api.asks("POST", "Profile_User", Some(right.clone())).status, 201);
    assert_eq!(api.asks("POST", "Profile_User", Some(right)).status, 201, "a duplicate is accepted");
    assert_eq!(api.asks("GET", &format!("User/{id}/Profile_User"), None).json().as_array().unwrap().len(), 3);
    assert_eq!(api.asks("GET", &format!("User/{id}/Group_User"), None).json()[0]["groups_id"], 1);
    assert_eq!(api.asks("GET", &format!("User/{id}/UserEmail"), None).json()[0]["email"], "ada@example.org");
}

#[test]
fn a_login_is_found_exactly_and_renaming_onto_a_taken_one_does_nothing() {
    let api = Api::opened();
    let id = api.creates(|_| {}).json()["id"].as_i64().unwrap();
    api.creates(|input| input["name"] = "adam".into());
    let found = api.asks("GET", "User?searchText[name]=%5EAda%24", None).json();
    assert_eq!((found.as_array().unwrap().len(), &found[0]["registration_number"]), (1, &json!("r-1")));
    let answer = api.asks("PUT", &format!("User/{id}"), Some(json!({ "name": "adam" })));
    assert_eq!((answer.status, &answer.json()[0][id.to_string()]), (200, &json!(true)));
    assert_eq!(api.glpi.users("ada").len(), 1);
}

#[test]
fn lists_come_in_ranges() {
    let api = Api::opened();
    let part = api.asks("GET", "Profile?range=0-4", None);
    assert_eq!((part.status, part.header("content-range").as_deref()), (206, Some("0-4/8")));
    assert_eq!(api.asks("GET", "Profile?range=0-199", None).status, 200);
    is(&api.asks("GET", "Profile?range=200-399", None), 400, "ERROR_RANGE_EXCEED_TOTAL");
    let profiles = api.asks("GET", "Profile?range=0-199", None).json();
    let names: Vec<&str> = profiles.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["Self-Service", "Observer", "Admin", "Super-Admin", "Hotliner", "Technician", "Supervisor", "Read-Only"]
    );
    let config = api.asks("GET", "getGlpiConfig", None).json();
    assert_eq!(config["cfg_glpi"]["password_min_length"], "8");
}

#[test]
fn it_goes_wrong_on_demand() {
    let api = Api::opened();
    let post = |name: &str| {
        let input = json!({ "input": { "name": name, "registration_number": "r" } });
        Request::post("/apirest.php/User")
            .header("Session-Token", &api.session)
            .json(&input)
            .try_send(api.glpi.address())
    };
    api.glpi.goes_wrong("POST User", Wrong::AnswerLost);
    assert!(post("lost").is_err());
    assert_eq!(api.glpi.users("lost").len(), 1);
    api.glpi.goes_wrong("POST User", Wrong::Broken);
    assert_eq!((post("broken").unwrap().status, api.glpi.users("broken").len()), (500, 0));
    api.glpi.goes_wrong("POST User", Wrong::BrokenAfter);
    assert_eq!((post("after").unwrap().status, api.glpi.users("after").len()), (500, 1));
    let begun = Instant::now();
    api.glpi.goes_wrong("POST User", Wrong::Silence(Duration::from_millis(200)));
    assert!(post("silent").is_err() && begun.elapsed() >= Duration::from_millis(200));
    api.glpi.goes_wrong("POST User", Wrong::TakenBefore);
    assert_eq!(post("taken").unwrap().status, 400);
    api.glpi.is_away(true);
    assert!(post("away").is_err());
    api.glpi.is_away(false);
    assert_eq!(post("back").unwrap().status, 201);
}
