//! The REST API, as programs use it. Every answer is compared with the document that describes it.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::time::Duration;

use latchkey_domain::text::{Name, Reason};
use latchkey_domain::time::{DAY, Timestamp};
use latchkey_domain::tokens::Scopes;
use latchkey_store::api::tokens::{self, Order};
use latchkey_store::{Actor, audit, signing_keys};
use latchkey_tests_support::http::{Request, Response};
use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{poll_until, witness};
use serde_json::{Value, json};

use crate::house::{House, both_databases};
use crate::installed::Installed;
use crate::openapi::Document;

/// A program that calls the API with a token.
pub(crate) struct Program {
    service: SocketAddr,
    token: String,
    pub(crate) document: Document,
}

/// What it was answered, as the document allows it.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
    response: Response,
}

impl Program {
    pub(crate) fn with(service: SocketAddr, token: &str) -> Self {
        let document = Document::of(&Request::get("/api/v1/openapi.json").send(service).json());
        Self { service, token: token.to_owned(), document }
    }

    pub(crate) fn gets(&self, path: &str) -> Answer {
        self.sends("GET", path, None, None)
    }

    pub(crate) fn posts(&self, path: &str, body: Value) -> Answer {
        self.sends("POST", path, Some(body.to_string()), None)
    }

    pub(crate) fn posts_as(&self, name: &str, path: &str, body: Value) -> Answer {
        self.sends("POST", path, Some(body.to_string()), Some(name))
    }

    pub(crate) fn sends(&self, method: &str, path: &str, body: Option<String>, name: Option<&str>) -> Answer {
        let mut request = Request::new(method, &format!("/api/v1{path}"))
            .header("Authorization", &format!("Bearer {}", self.token))
            // One connection each: the client does not keep them.
            .timeout(Duration::from_secs(30));
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body);
        }
        if let Some(name) = name {
            request = request.header("Idempotency-Key", name);
        }
        self.checked(method, path, &request)
    }

    #[track_caller]
    fn checked(&self, method: &str, path: &str, request: &Request) -> Answer {
        let response = request.send(self.service);
        let target = format!("/api/v1{path}");
        self.document.allows(method, target.split('?').next().unwrap(), &response);
        Answer { status: response.status, json: response.json(), response }
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.json);
        self.json
    }

    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, code: &str) -> &Self {
        assert_eq!((self.status, self.json["code"].as_str()), (status, Some(code)), "{}", self.json);
        self
    }

    #[track_caller]
    pub(crate) fn names(&self, member: &str) {
        assert_eq!(self.json["member"], member, "{}", self.json);
    }
}

impl House {
    pub(crate) fn program(&self, scopes: &[&str]) -> Program {
        Program::with(self.address(), &self.makes_token(scopes, None))
    }

    pub(crate) fn makes_token(&self, scopes: &[&str], days: Option<u32>) -> String {
        let order = Order {
            name: Name::parse("name", "a program").unwrap(),
            scopes: Scopes::parse(scopes.iter().copied()).unwrap(),
            days,
        };
        let (vault, actor) = (self.vault.clone(), Actor::command_line("vendor"));
        let created =
            self.store.write_blocking(self.clock.wall(), move |tx| tokens::create(tx, &vault, &order, &actor));
        let token = created.unwrap().text.reveal().to_owned();
        witness::secret(&token);
        token
    }

    fn revokes_token(&self, token: &str) {
        let (id, actor) = (token.split('_').nth(1).unwrap().to_owned(), Actor::command_line("vendor"));
        let reason = Reason::parse("leaked").unwrap();
        self.store.write_blocking(self.clock.wall(), move |tx| tokens::revoke(tx, &id, &actor, &reason)).unwrap();
    }

    fn counts_keys(&self) -> usize {
        use latchkey_store::subscriptions::keys;
        self.store.read(|reader| keys::list(reader, keys::Filter::default(), 1_000)).unwrap().len()
    }
}

fn order(customer: &str) -> Value {
    json!({ "customer": customer, "offer": "basic", "years": 1 })
}

both_databases! {
    fn a_program_does_all_that_there_is_to_do(house: House) {
        let program = house.program(&["admin"]);
        let acme = program.posts("/customers", json!({ "customer": "Acme" })).is(201);
        program.posts("/customers", json!({ "customer": "ACME" })).is_problem(409, "CUSTOMER_EXISTS").names("customer");
        let id = acme["customer_id"].as_str().unwrap();
        assert_eq!(program.gets(&format!("/customers/{id}")).is(200), acme);
        assert_eq!(program.gets("/customers/acme").is(200), acme);
        assert_eq!(program.gets("/customers").is(200)["customers"], json!([acme]));

        let gold = json!({ "title": "Gold", "grace_days": 30 }).to_string();
        let set = program.sends("PUT", "/offers/gold", Some(gold), None).is(200);
        assert!(program.gets("/offers").is(200)["offers"].as_array().unwrap().contains(&set));

        let issued = program.posts("/keys", json!({ "customer": id, "offer": "gold", "months": 6 })).is(201);
        let (key, text) = (issued["key_id"].as_str().unwrap(), issued["registration_key"].as_str().unwrap());
        assert_eq!(issued["customer"], "Acme");
        assert_eq!(house.glpi_10().asks(text).is_valid(), Some(true));
        let inspected = program.posts("/keys/inspect", json!({ "registration_key": text })).is(200);
        assert_eq!((&inspected["whole_and_true"], &inspected["key_id"]), (&json!(true), &json!(key)));
        let cut = program.posts("/keys/inspect", json!({ "registration_key": text[..99] })).is(200);
        assert_eq!((&cut["whole"], &cut["code"]), (&json!(false), &json!("KEY_TRUNCATED")));
        assert_eq!(program.posts(&format!("/keys/{key}/reveal"), json!({})).is(200), issued);

        let subscription = format!("/subscriptions/{}", issued["subscription_id"].as_str().unwrap());
        let why = || json!({ "reason": "unpaid" });
        for (verb, body, state) in [
            ("suspend", why(), "suspended"),
            ("resume", json!({}), "running"),
            ("renew", json!({ "years": 1 }), "running"),
        ] {
            assert_eq!(program.posts(&format!("{subscription}/{verb}"), body).is(200)["state"], state, "{verb}");
        }
        program.posts(&format!("{subscription}/resume"), json!({})).is_problem(409, "SUBSCRIPTION_NOT_SUSPENDED");

        let new = program.posts(&format!("/keys/{key}/reissue"), json!({ "overlap_days": 7 })).is(201);
        assert_eq!(new["replaces"], key);
        let shown = program.gets(&format!("/keys/{key}")).is(200);
        assert_eq!((&shown["state"], &shown["superseded_by"]), (&json!("overlap"), &new["key_id"]));
        assert!(shown.get("registration_key").is_none(), "the text is shown on demand only");
        assert_eq!(program.posts(&format!("/keys/{key}/revoke"), why()).is(200)["state"], "revoked");
        program.posts(&format!("/keys/{key}/revoke"), why()).is_problem(409, "KEY_ALREADY_REVOKED");
        assert_eq!(house.glpi_10().asks(text).code(), "KEY_REVOKED");

        let rotated = program.posts("/signing-keys/rotate", json!({ "reason": "a laptop was lost" })).is(201);
        let why_rotated = program.gets("/audit?action=signing-key.rotate").is(200);
        assert_eq!(why_rotated["lines"][0]["reason"], "a laptop was lost");
        let signing = program.gets("/signing-keys").is(200);
        assert_eq!(signing["signing_keys"].as_array().unwrap().last(), Some(&rotated));
        assert_eq!(program.posts(&format!("{subscription}/terminate"), why()).is(200)["state"], "terminated");
        assert_eq!(program.gets(&subscription).is(200)["keys"].as_array().unwrap().len(), 2);

        let made = program.posts("/tokens", json!({ "name": "ci", "scopes": ["keys:read"], "days": 30 })).is(201);
        let ci = Program::with(house.address(), made["api_token"].as_str().unwrap());
        ci.gets("/keys").is(200);
        let token = made["token_id"].as_str().unwrap();
        program.posts(&format!("/tokens/{token}/revoke"), why()).is(200);
        ci.gets("/keys").is_problem(401, "TOKEN_REVOKED");

        let customer = issued["customer_id"].as_str().unwrap();
        let erased = program.posts(&format!("/customers/{customer}/erase"), why()).is(200);
        assert_eq!((&erased["customer"], &erased["customer_id"]), (&json!(format!("erased-{customer}")), &json!(customer)));
        program.posts(&format!("/customers/{customer}/erase"), why()).is_problem(409, "CUSTOMER_ERASED");
        assert_eq!(program.gets("/tokens").is(200)["tokens"].as_array().unwrap().len(), 2);

        let verified = program.gets("/audit/verification").is(200);
        assert_eq!((&verified["whole"], &verified["finding"]), (&json!(true), &json!("WHOLE")));
        let log = program.gets("/audit?limit=200").is(200);
        let own = format!("token:{}", program.token.split('_').nth(1).unwrap());
        let actors: Vec<&str> = log["lines"].as_array().unwrap().iter().map(|line| line["actor"].as_str().unwrap()).collect();
        assert!(actors.contains(&own.as_str()), "{actors:?}");
        assert!(!log.to_string().contains(&program.token) && !log.to_string().contains(text));
    }

    fn the_same_request_is_done_once(house: House) {
        let program = house.program(&["keys:issue"]);
        let first = program.posts_as("one", "/keys", order("Acme"));
        let again = program.posts_as("one", "/keys", order("Acme"));
        assert_eq!(first.response.header("idempotency-replayed"), None);
        assert_eq!(again.response.header("idempotency-replayed").as_deref(), Some("true"));
        assert_eq!((first.status, &first.response.body), (again.status, &again.response.body));
        assert_eq!(house.counts_keys(), 1);
        program.posts_as("one", "/keys", order("Beta")).is_problem(422, "IDEMPOTENCY_KEY_REUSED");
        assert_ne!(program.posts_as("two", "/keys", order("Acme")).is(201)["key_id"], first.json["key_id"]);
        // Names are a token's own.
        let other = house.program(&["keys:issue"]).posts_as("one", "/keys", order("Acme")).is(201);
        assert_ne!(other["key_id"], first.json["key_id"]);
        assert_eq!(house.counts_keys(), 3);
        // What was refused has done nothing, and may be tried again.
        let unknown = json!({ "customer": "Acme", "offer": "gold", "years": 1 });
        program.posts_as("three", "/keys", unknown).is_problem(422, "OFFER_UNKNOWN").names("offer");
        program.posts_as("three", "/keys", order("Acme")).is(201);
        // A day later it is another request.
        house.clock.advance(DAY + 1);
        assert_ne!(program.posts_as("one", "/keys", order("Acme")).is(201)["key_id"], first.json["key_id"]);
    }

    fn of_requests_that_come_at_once_under_one_name_one_is_done(house: House) {
        let program = house.program(&["keys:issue"]);
        let ids: BTreeSet<String> = std::thread::scope(|scope| {
            let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| program.posts_as("same", "/keys", order("Acme")))).collect();
            asked.into_iter().map(|asked| asked.join().unwrap().is(201)["key_id"].to_string()).collect()
        });
        assert_eq!((ids.len(), house.counts_keys()), (1, 1));
    }

    fn pages_hold_everything_once(house: House) {
        let program = house.program(&["admin"]);
        for number in 0..5 {
            house.vendor().issues_key(&format!("Customer {number}"), if number % 2 == 0 { "basic" } else { "free" });
        }
        let scattered = house.vendor().issues_key("Zeta", "basic");
        house.vendor().revokes(&scattered.key, "over");
        for (list, member, id, count) in [
            ("/keys?limit=2", "keys", "key_id", 6),
            ("/keys?limit=2&offer=basic", "keys", "key_id", 4),
            ("/keys?limit=2&state=active", "keys", "key_id", 5),
            ("/keys?limit=2&state=revoked", "keys", "key_id", 1),
            ("/keys?customer=zeta", "keys", "key_id", 1),
            ("/subscriptions?limit=2", "subscriptions", "subscription_id", 6),
            ("/subscriptions?limit=2&offer=free&state=running", "subscriptions", "subscription_id", 2),
            ("/subscriptions?state=expired", "subscriptions", "subscription_id", 0),
            ("/customers?limit=2", "customers", "customer_id", 6),
            ("/tokens?limit=1", "tokens", "token_id", 1),
        ] {
            let (mut seen, mut next) = (Vec::new(), None);
            loop {
                let path = match &next {
                    Some(cursor) => format!("{list}&cursor={cursor}"),
                    None => list.to_owned(),
                };
                let page = program.gets(&path).is(200);
                seen.extend(page[member].as_array().unwrap().iter().map(|item| item[id].as_str().unwrap().to_owned()));
                assert_eq!(page["more"].as_bool().unwrap(), page["next"].is_string());
                match page["next"].as_str() {
                    Some(cursor) => next = Some(cursor.to_owned()),
                    None => break,
                }
            }
            assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len(), "{list}");
            assert_eq!(seen.len(), count, "{list}");
        }
        program.gets("/keys?customer=nobody").is_problem(404, "CUSTOMER_UNKNOWN");
        let cursor = program.gets("/keys?limit=1").is(200)["next"].as_str().unwrap().to_owned();
        program.gets(&format!("/subscriptions?cursor={cursor}")).is_problem(422, "PARAMETER_INVALID").names("cursor");
    }

    fn customers_are_found_by_a_part_of_their_names(house: House) {
        for name in ["Acme Limited", "ACME France", "100% Acme_s", "Société Émile"] {
            house.vendor().issues_key(name, "free");
        }
        let program = house.program(&["customers:read"]);
        let found = |query: &str| -> Vec<String> {
            let page = program.gets(&format!("/customers?{query}")).is(200);
            page["customers"].as_array().unwrap().iter().map(|it| it["customer"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found("name=acme"), ["100% Acme_s", "ACME France", "Acme Limited"]);
        assert_eq!(found("name=%C3%89MILE"), ["Société Émile"]);
        assert_eq!(found("name=%25"), ["100% Acme_s"], "a sign of a pattern is no pattern");
        assert_eq!(found("name=e_s"), ["100% Acme_s"]);
        assert!(found("name=acme!").is_empty());
        let page = program.gets("/customers?name=acme&limit=2").is(200);
        let next = page["next"].as_str().unwrap();
        assert_eq!(found(&format!("name=acme&limit=2&cursor={next}")), ["Acme Limited"]);
        program.gets("/customers?name=").is_problem(422, "TEXT_INVALID").names("name");
        program.gets("/customers?name=a%00b").is_problem(422, "TEXT_INVALID").names("name");
    }

    fn the_audit_log_is_asked_for_what_is_looked_for(house: House) {
        let key = house.vendor().issues_key("Acme", "basic").key.id.to_string();
        let begun = house.clock.wall();
        house.clock.advance(2 * DAY);
        let program = house.program(&["keys:revoke", "audit:read"]);
        program.posts(&format!("/keys/{key}/revoke"), json!({ "reason": "leaked" })).is(200);
        let found = |query: &str| -> Vec<String> {
            let page = program.gets(&format!("/audit?limit=200&{query}")).is(200);
            assert_eq!((&page["more"], page["next"].is_string()), (&json!(false), true));
            page["lines"].as_array().unwrap().iter().map(|it| it["action"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(found("action=key.revoke"), ["key.revoke"]);
        assert_eq!(found(&format!("subject={key}")), ["key.issue", "key.revoke"]);
        let own = program.token.split('_').nth(1).unwrap();
        assert_eq!(found(&format!("actor=token:{own}")), ["key.revoke"]);
        assert_eq!(found(&format!("from={}&subject={key}", begun.plus(1))), ["key.revoke"]);
        assert_eq!(found(&format!("until={}&subject={key}", begun.plus(1))), ["key.issue"]);
        // A day counts wholly.
        let day = &begun.to_string()[..10];
        assert_eq!(found(&format!("from={day}&until={day}&subject={key}")), ["key.issue"]);
        assert!(found("action=key.burn").is_empty());
        program.gets("/audit?from=yesterday").is_problem(422, "PARAMETER_INVALID").names("from");
        program.gets("/audit?action=").is_problem(422, "TEXT_INVALID").names("action");
        // Short pages lead to the same rows.
        let (mut seen, mut next) = (0, String::new());
        loop {
            let page = program.gets(&format!("/audit?limit=1&subject={key}{next}")).is(200);
            seen += page["lines"].as_array().unwrap().len();
            next = format!("&cursor={}", page["next"].as_str().unwrap());
            if page["more"] == json!(false) {
                break;
            }
        }
        assert_eq!(seen, 2);
    }

    fn a_token_counts_until_it_ends_or_is_revoked(house: House) {
        let short = Program::with(house.address(), &house.makes_token(&["keys:read"], Some(1)));
        short.gets("/keys").is(200);
        house.clock.advance(DAY);
        let expired = short.gets("/keys");
        expired.is_problem(401, "TOKEN_EXPIRED");
        assert!(expired.response.header("www-authenticate").unwrap().contains("invalid_token"));
        let long = house.program(&["keys:read"]);
        long.gets("/keys").is(200);
        house.revokes_token(&long.token);
        long.gets("/keys").is_problem(401, "TOKEN_REVOKED");
    }
}

#[test]
fn a_token_in_the_wrong_place_or_state_is_refused_by_its_own_name() {
    let house = House::on_sqlite();
    let (program, stranger) = (house.program(&["keys:read"]), House::on_sqlite().program(&["admin"]));
    let token = program.token.clone();
    let ask = |headers: &[(&str, &str)], query: &str| {
        let mut request = Request::get(&format!("/api/v1/keys{query}"));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        program.checked("GET", "/keys", &request)
    };
    let bearer = format!("Bearer {token}");
    for (headers, query, status, code) in [
        (vec![], String::new(), 401, "TOKEN_MISSING"),
        (vec![("Authorization", "Bearer ".to_owned())], String::new(), 401, "TOKEN_MISSING"),
        (vec![("Authorization", token.clone())], String::new(), 401, "TOKEN_MISSING"),
        (vec![("Authorization", format!("Basic {token}"))], String::new(), 401, "TOKEN_MISSING"),
        (vec![("X-Api-Key", token.clone())], String::new(), 401, "TOKEN_MISSING"),
        (
            vec![("Authorization", bearer.clone()), ("Authorization", bearer.clone())],
            String::new(),
            401,
            "TOKEN_MISSING",
        ),
        (vec![("Authorization", "Bearer hunter2".to_owned())], String::new(), 401, "TOKEN_NOT_KNOWN"),
        (vec![("Authorization", bearer[..50].to_owned())], String::new(), 401, "TOKEN_DAMAGED"),
        (vec![("Authorization", format!("{bearer}x"))], String::new(), 401, "TOKEN_DAMAGED"),
        (vec![("Authorization", format!("Bearer {}", stranger.token))], String::new(), 401, "TOKEN_NOT_KNOWN"),
        (vec![], format!("?access_token={token}"), 400, "TOKEN_MISPLACED"),
        (vec![("Authorization", bearer.clone())], format!("?x={token}"), 400, "TOKEN_MISPLACED"),
        (vec![], format!("?q={}", token.replace('_', "%5F")), 400, "TOKEN_MISPLACED"),
    ] {
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = ask(&headers, &query);
        answer.is_problem(status, code);
        assert_eq!(answer.response.header("www-authenticate").is_some(), status == 401, "{code}");
        assert!(!answer.json.to_string().contains(&token), "{code}");
    }
    assert_eq!(ask(&[("Authorization", &bearer.replace("Bearer", "bearer"))], "").status, 200);
    let forged = stranger.token.split('_').nth(2).unwrap().to_owned();
    assert!(!token.contains(&forged));
}

/// Which scope an operation needs stands in the document; each is tried with a token that has every other one.
#[test]
fn every_operation_needs_the_scope_that_the_document_names() {
    let house = House::on_sqlite();
    let admin = house.program(&["admin"]);
    let operations = admin.document.operations();
    assert!(operations.len() >= 22, "{operations:?}");
    let all: BTreeSet<&str> = latchkey_domain::tokens::Scope::ALL.iter().map(|scope| scope.name()).collect();
    for (method, path, scope) in operations {
        let others: Vec<&str> = all.iter().copied().filter(|name| *name != scope && *name != "admin").collect();
        let program = house.program(&others);
        let path = path.strip_prefix("/api/v1").unwrap().replace(['{', '}'], "");
        let body = (method != "GET").then(|| "{}".to_owned());
        let answer = program.sends(&method, &path, body, None);
        answer.is_problem(403, "SCOPE_MISSING");
        assert_eq!(answer.json["scope"], scope.as_str(), "{method} {path}");
        assert!(answer.response.header("www-authenticate").unwrap().contains(&scope));
    }
}

#[test]
fn what_is_wrong_with_a_request_is_named() {
    let house = House::on_sqlite();
    let program = house.program(&["admin"]);
    let deep = format!("{{\"customer\":{}1{}}}", "[".repeat(500), "]".repeat(500));
    let long = format!("{{\"customer\":\"{}\"}}", "a".repeat(70_000));
    for (body, status, code, member) in [
        (r#"{"customer":"a","offer":"basic","yeers":1}"#, 422, "BODY_INVALID", Some("yeers")),
        (r#"{"customer":"a","offer":"basic","years":"1"}"#, 422, "BODY_INVALID", Some("years")),
        (r#"{"customer":"a","offer":"basic","years":1.5}"#, 422, "BODY_INVALID", Some("years")),
        (r#"{"customer":"a","offer":"basic","years":4294967296}"#, 422, "BODY_INVALID", Some("years")),
        (r#"{"customer":7,"offer":"basic","years":1}"#, 422, "BODY_INVALID", Some("customer")),
        (r#"{"customer":"a","years":1}"#, 422, "BODY_INVALID", Some("offer")),
        ("{}", 422, "BODY_INVALID", Some("customer")),
        ("", 422, "BODY_INVALID", Some("customer")),
        (r#"{"customer":"a","offer":"basic","years":1,"customer":"b"}"#, 400, "BODY_MALFORMED", Some("customer")),
        (r#"{"customer":"a","offer":"basic","years":1} x"#, 400, "BODY_MALFORMED", None),
        (r#"[1]"#, 400, "BODY_MALFORMED", None),
        ("{", 400, "BODY_MALFORMED", None),
        ("\u{feff}{}", 400, "BODY_MALFORMED", None),
        (&deep, 400, "BODY_MALFORMED", None),
        (&long, 413, "BODY_TOO_LONG", None),
        (r#"{"customer":" ","offer":"basic","years":1}"#, 422, "TEXT_INVALID", Some("customer")),
        (r#"{"customer":"a\u0000b","offer":"basic","years":1}"#, 422, "TEXT_INVALID", Some("customer")),
        (r#"{"customer":"a","offer":"basic","years":0}"#, 422, "TERM_INVALID", None),
        (r#"{"customer":"a","offer":"basic","years":1,"days":1}"#, 422, "TERM_INVALID", None),
        (r#"{"customer":"a","offer":"basic"}"#, 422, "TERM_MISSING", None),
        (r#"{"customer":"a","offer":"bascic","years":1}"#, 422, "OFFER_UNKNOWN", Some("offer")),
        (
            r#"{"customer":"a","offer":"basic","years":1,"begin_date":"2026-02-30"}"#,
            422,
            "DATE_INVALID",
            Some("begin_date"),
        ),
    ] {
        let answer = program.sends("POST", "/keys", Some(body.to_owned()), None);
        answer.is_problem(status, code);
        assert_eq!(answer.json["member"].as_str(), member, "{body:.80}: {}", answer.json);
    }
    let token = format!("Bearer {}", program.token);
    let post = || Request::post("/api/v1/keys").header("Authorization", &token).body(order("Acme").to_string());
    program.checked("POST", "/keys", &post()).is_problem(415, "BODY_NOT_JSON");
    let form = post().header("Content-Type", "application/x-www-form-urlencoded");
    program.checked("POST", "/keys", &form).is_problem(415, "BODY_NOT_JSON");
    let bytes =
        Request::post("/api/v1/keys").header("Authorization", &token).header("Content-Type", "application/json");
    program
        .checked("POST", "/keys", &bytes.body(b"{\"customer\":\"\xff\"}".to_vec()))
        .is_problem(400, "BODY_MALFORMED");
    for name in ["", &"x".repeat(201), "é", "a b"] {
        let named = post().header("Content-Type", "application/json").header("Idempotency-Key", name);
        program.checked("POST", "/keys", &named).is_problem(422, "IDEMPOTENCY_KEY_INVALID");
    }
    for (path, status, code, member) in [
        ("/keys?limit=0", 422, "PARAMETER_INVALID", Some("limit")),
        ("/keys?limit=201", 422, "PARAMETER_INVALID", Some("limit")),
        ("/keys?limit=x", 422, "PARAMETER_INVALID", Some("limit")),
        ("/keys?state=lost", 422, "PARAMETER_INVALID", Some("state")),
        ("/keys?costumer=a", 422, "PARAMETER_INVALID", Some("costumer")),
        ("/keys?limit=1&limit=2", 422, "PARAMETER_INVALID", Some("limit")),
        ("/keys?cursor=zzz", 422, "PARAMETER_INVALID", Some("cursor")),
        ("/keys/nothing", 404, "KEY_UNKNOWN", None),
        ("/subscriptions/nothing", 404, "SUBSCRIPTION_UNKNOWN", None),
        ("/customers/nobody", 404, "CUSTOMER_UNKNOWN", None),
        ("/customers/%00", 422, "TEXT_INVALID", Some("customer")),
        ("/customers/%ff", 404, "NOT_FOUND", None),
    ] {
        let answer = program.gets(path);
        answer.is_problem(status, code);
        assert_eq!(answer.json["member"].as_str(), member, "{path}: {}", answer.json);
    }
    assert_eq!(house.counts_keys(), 0, "nothing of it was done");
    for (request, status, code) in [
        (Request::get("/api/v1/nothing"), 404, "NOT_FOUND"),
        (Request::new("DELETE", "/api/v1/keys"), 405, "METHOD_NOT_ALLOWED"),
    ] {
        let response = request.send(house.address());
        assert_eq!((response.status, response.json()["code"].as_str()), (status, Some(code)));
    }
}

#[test]
fn the_document_is_as_it_was() {
    let house = House::on_sqlite();
    let response = Request::get("/api/v1/openapi.json").send(house.address());
    assert_eq!(response.json()["openapi"], "3.1.0");
    let document = Document::of(&response.json());
    let ids = document.operation_ids();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    insta::assert_snapshot!(response.text());
}

#[test]
fn the_page_names_every_operation_and_takes_nothing_from_elsewhere() {
    let house = House::on_sqlite();
    let response = Request::get("/api/v1/docs").send(house.address());
    assert_eq!(response.status, 200);
    let policy = response.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    let page = response.text();
    for (method, path, scope) in house.program(&["admin"]).document.operations() {
        assert!(page.contains(&format!("<code>{method} {path}</code>")), "{method} {path}");
        assert!(page.contains(&format!("<code>{scope}</code>")), "{scope}");
    }
    for foreign in ["<script", "http://", "https://", "src=", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

#[test]
fn neither_tokens_nor_answers_are_in_the_database_as_they_are() {
    let house = House::on_sqlite();
    let program = house.program(&["keys:issue"]);
    let issued = program.posts_as("one", "/keys", order("Acme")).is(201);
    let whole = house.store.read(|reader| Ok((audit::lines(reader, 0, 1_000)?, signing_keys::list(reader)?))).unwrap();
    assert!(!format!("{whole:?}").contains(&program.token));
    let latchkey_store::Location::Sqlite(file) = house.store.location() else { panic!("SQLite") };
    let mut bytes = std::fs::read(file).unwrap();
    bytes.extend(std::fs::read(file.with_extension("db-wal")).unwrap_or_default());
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("Acme"), "it is there that things are written");
    for secret in
        [program.token.as_str(), program.token.split('_').nth(2).unwrap(), issued["registration_key"].as_str().unwrap()]
    {
        assert!(!text.contains(secret));
    }
}

#[test]
fn the_command_line_makes_tokens_that_every_server_knows_and_loses_at_once() {
    for installed in [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())] {
        let server = installed.serves();
        let made = installed.json(&["token", "create", "--name", "ci", "--scope", "keys:issue", "--days", "30"]);
        let id = made["token_id"].as_str().unwrap();
        let program = Program::with(server.address, made["api_token"].as_str().unwrap());
        let issued = program.posts("/keys", order("Acme")).is(201);
        let shown = installed.json(&["key", "show", issued["key_id"].as_str().unwrap(), "--reveal"]);
        assert_eq!(shown, issued, "the API and the command line print the same");
        program.gets("/keys").is_problem(403, "SCOPE_MISSING");

        let used = || installed.json(&["token", "list"])["tokens"][0]["last_used_at"].as_str().map(str::to_owned);
        let at = poll_until(Duration::from_secs(20), used);
        assert!(at.as_str() >= made["created_at"].as_str().unwrap());
        installed.json(&["token", "revoke", id, "--reason", "leaked"]);
        program.posts("/keys", order("Acme")).is_problem(401, "TOKEN_REVOKED");
        let ran = installed.runs(&["--json", "token", "revoke", id, "--reason", "leaked"]);
        assert!(ran.stderr.contains("TOKEN_ALREADY_REVOKED"), "{}", ran.stderr);
        let ran = installed.runs(&["--json", "token", "create", "--name", "ci", "--scope", "keys:isue"]);
        assert!(ran.stderr.contains("SCOPE_UNKNOWN") && ran.stderr.contains("keys:issue"), "{}", ran.stderr);
        let written = format!("{}{}", server.process.stdout(), server.process.stderr());
        assert!(!written.contains(program.token.split('_').nth(2).unwrap()), "a secret is in the log");
    }
}

#[test]
fn a_clock_that_cannot_be_believed_stops_the_api() {
    let house = House::on_sqlite();
    let program = house.program(&["keys:read"]);
    house.clock.set_off(Timestamp::from_millis(10 * DAY).millis());
    program.gets("/keys").is_problem(503, "CLOCK_SUSPECT");
}
