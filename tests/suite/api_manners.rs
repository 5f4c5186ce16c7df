//! How the REST API speaks with whoever calls it: in which language, and how often.

use latchkey_server::front::{Front, Limits};
use latchkey_tests_support::http::{Request, Response};

use crate::house::{House, both_databases};

fn asks(house: &House, token: &str, language: &str, target: &str) -> Response {
    let request = Request::get(target).header("Authorization", &format!("Bearer {token}"));
    request.header("Accept-Language", language).send(house.address())
}

#[test]
fn a_problem_is_told_in_the_callers_language() {
    let house = House::on_sqlite();
    let token = house.makes_token(&["keys:read"], None);
    let mut said = String::new();
    for language in ["en", "fr-CA, en;q=0.5", "es", "pt-BR", "de", "it"] {
        said.push_str(&format!("== {language}\n"));
        for (token, target) in [
            (token.as_str(), "/api/v1/keys?limit=0"),
            (token.as_str(), "/api/v1/keys?state=actve"),
            (token.as_str(), "/api/v1/keys/00000000-0000-7000-8000-000000000000"),
            (token.as_str(), "/api/v1/tokens"),
            ("", "/api/v1/keys"),
            ("", "/api/v2"),
        ] {
            let problem = asks(&house, token, language, target);
            let json = problem.json();
            assert_eq!(problem.header("content-type").as_deref(), Some("application/problem+json"));
            assert_eq!(problem.header("content-length"), Some(problem.body.len().to_string()));
            let spoken = problem.header("content-language").unwrap();
            let [code, detail, next] = ["code", "detail", "next_step"].map(|member| json[member].as_str().unwrap());
            said.push_str(&format!("{} {spoken} {code}: {detail} {next}\n", problem.status));
        }
    }
    insta::assert_snapshot!(said);
}

both_databases! {
    fn a_character_that_no_database_takes_is_found_nowhere_and_breaks_nothing(house: House) {
        let program = house.program(&["admin"]);
        let targets = program.document.questions_with("a%00b");
        assert!(targets.len() > 60, "{targets:?}");
        for target in targets {
            let path = target.strip_prefix("/api/v1").unwrap();
            let answer = program.gets(path);
            assert!(answer.status < 500, "{target}: {}", answer.json);
        }
    }
}

#[test]
fn a_question_for_the_head_of_a_problem_is_answered_alike() {
    let house = House::on_sqlite();
    let head = Request::new("HEAD", "/api/v2").header("Accept-Language", "fr").send(house.address());
    assert_eq!((head.status, head.body.len()), (404, 0));
    assert_eq!(head.header("content-language").as_deref(), Some("fr"));
    let token = house.makes_token(&["customers:read"], None);
    for (path, status) in [("/api/v1/customers", 200), ("/api/v1/customers?limit=x", 422), ("/api/v1/keys", 403)] {
        let asked = |method| Request::new(method, path).header("Authorization", &format!("Bearer {token}"));
        let (head, whole) = (asked("HEAD").send(house.address()), asked("GET").send(house.address()));
        assert_eq!((head.status, head.body.len(), whole.status), (status, 0, status), "{path}: {}", whole.text());
        assert_eq!(head.header("content-type"), whole.header("content-type"), "{path}");
    }
}

#[test]
fn a_token_that_comes_too_often_waits_and_nobody_else_does() {
    let limits = Limits { token_requests_per_minute: 3, ..Limits::default() };
    let house = House::behind(Front { limits, ..Front::default() });
    let key = house.vendor().issues_key("Acme", "basic");
    let [token, other] = [(); 2].map(|()| house.makes_token(&["keys:read"], None));
    for left in (0..3).rev() {
        let answer = asks(&house, &token, "en", "/api/v1/keys");
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("ratelimit-policy").as_deref(), Some("\"token\";q=3;w=60"));
        let whole_in = (3 - left) * 20;
        assert_eq!(answer.header("ratelimit"), Some(format!("\"token\";r={left};t={whole_in}")));
    }
    let waits = asks(&house, &token, "fr", "/api/v1/keys");
    assert_eq!((waits.status, waits.header("retry-after").as_deref()), (429, Some("20")), "{}", waits.text());
    assert_eq!(waits.json()["code"], "TOO_MANY_REQUESTS");
    assert_eq!(waits.header("ratelimit").as_deref(), Some("\"token\";r=0;t=60"));
    // Whatever it asks for, also what it may not do.
    assert_eq!(asks(&house, &token, "en", "/api/v1/tokens").status, 429);
    assert_eq!(asks(&house, &other, "en", "/api/v1/keys").status, 200);
    assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true), "a good key never waits");
    house.clock.advance(20_000);
    assert_eq!(asks(&house, &token, "en", "/api/v1/keys").status, 200);
    assert_eq!(asks(&house, &token, "en", "/api/v1/keys").status, 429);
}

#[test]
fn a_token_without_a_limit_hears_of_none() {
    let limits = Limits { token_requests_per_minute: 0, ..Limits::default() };
    let house = House::behind(Front { limits, ..Front::default() });
    let token = house.makes_token(&["keys:read"], None);
    let answer = asks(&house, &token, "en", "/api/v1/keys");
    assert_eq!((answer.status, answer.header("ratelimit-policy"), answer.header("ratelimit")), (200, None, None));
}
