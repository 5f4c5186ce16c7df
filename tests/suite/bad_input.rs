//! What strangers send: each fault gets its own answer, and none is taken for something else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_domain::ids::KeyId;
use latchkey_key::{IssueDate, Signer, registration};
use latchkey_store::signing_keys;
use latchkey_tests_support::http::Request;
use uuid::Uuid;

use crate::glpi::{Answer, captured_requests};
use crate::house::{House, both_databases};

both_databases! {
    fn a_key_cut_at_any_length_is_called_cut(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let text = key.text.reveal();
        for length in 1..text.len() {
            let answer = house.glpi_10().asks(&text[..length]);
            answer.satisfies_the_contract();
            assert_eq!((answer.is_valid(), answer.code()), (Some(false), "KEY_TRUNCATED"), "cut after {length}");
            assert!(answer.message().contains(&length.to_string()), "{length}: {}", answer.message());
        }
        assert_eq!(house.glpi_10().asks("").code(), "KEY_MISSING");
    }

    fn a_key_with_any_bit_flipped_is_refused(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let text = key.text.reveal().as_bytes();
        // Asked with the true key first, so that it is in memory.
        assert_eq!(house.glpi_10().asks_raw(text).is_valid(), Some(true));
        for bit in 0..text.len() * 8 {
            let mut altered = text.to_vec();
            altered[bit / 8] ^= 1 << (bit % 8);
            let answer = house.glpi_10().asks_raw(&altered);
            assert_eq!(answer.status, 200, "bit {bit}: {:#x}", altered[bit / 8]);
            assert_ne!(answer.is_valid(), Some(true), "bit {bit}: {:#x}", altered[bit / 8]);
            answer.satisfies_the_contract();
        }
        let decoded = BASE64.decode(text).unwrap();
        for bit in 0..decoded.len() * 8 {
            let mut altered = decoded.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            let answer = house.glpi_10().asks(&BASE64.encode(&altered));
            answer.satisfies_the_contract();
            assert_eq!(answer.is_valid(), Some(false), "bit {bit}");
        }
    }
}

fn members(text: &str) -> String {
    String::from_utf8(BASE64.decode(text).unwrap()).unwrap()
}

#[test]
fn each_fault_of_a_key_has_its_own_code() {
    let house = House::on_sqlite();
    let key = house.vendor().issues_key("Acme", "basic");
    let text = key.text.reveal();
    let json = members(text);
    let other_vendor = House::on_sqlite();
    let foreign = other_vendor.vendor().issues_key("Acme", "basic");
    let forger = Signer::from_seed(key.key.signing_key, [9; 32]);
    let forged = registration::issue(&forger, key.key.id, IssueDate::new(2026, 11, 22).unwrap()).to_text();
    let publisher = key.key.signing_key.publisher();
    let unknown_signer = Signer::from_seed(latchkey_key::SigningKeyId::new(publisher, 99).unwrap(), [9; 32]);
    let unknown =
        registration::issue(&unknown_signer, KeyId(Uuid::from_u128(1)), IssueDate::new(2026, 1, 1).unwrap()).to_text();
    let doubled = json.replacen("{\"v\":1,", "{\"v\":1,\"v\":1,", 1);
    let second_id = json.replacen("\"iat\"", "\"id\":\"00000000000000000000000000000000\",\"iat\"", 1);
    let future = json.replacen("{\"v\":1,", "{\"v\":2,", 1);
    for (fault, sent, code) in [
        ("missing", String::new(), "KEY_MISSING"),
        ("blank", "   ".into(), "KEY_MISSING"),
        ("a word", "hello".into(), "KEY_NOT_A_KEY"),
        ("a tab inside", format!("{}\t{}", &text[..60], &text[60..]), "KEY_WHITESPACE"),
        ("a line break inside", format!("{}\r\n{}", &text[..60], &text[60..]), "KEY_WHITESPACE"),
        ("line breaks inside", format!("{}\n{}\n{}", &text[..60], &text[60..90], &text[90..]), "KEY_WHITESPACE"),
        ("a line break and blanks inside", format!("{}\r\n   {}", &text[..60], &text[60..]), "KEY_WHITESPACE"),
        ("a signature line below", format!("{text}\r\nBest regards: Bob"), "KEY_TRAILING"),
        ("pasted twice, a line each", format!("{text}\n{text}"), "KEY_TRAILING"),
        ("a control byte inside", format!("{}\u{1}{}", &text[..60], &text[60..]), "KEY_ALPHABET"),
        ("a blank inside", format!("{} {}", &text[..60], &text[60..]), "KEY_WHITESPACE"),
        ("URL-safe characters", text.replacen('V', "_", 1), "KEY_ALPHABET"),
        ("quotes", format!("\"{text}\""), "KEY_ALPHABET"),
        ("pasted twice", format!("{text}{text}"), "KEY_TRAILING"),
        ("without its beginning", text[37..].into(), "KEY_BEGINNING_MISSING"),
        ("signed by another authority under our name", forged, "KEY_FORGED"),
        ("another vendor's", foreign.text.reveal().into(), "KEY_FOREIGN"),
        ("of a signing key that is not there", unknown, "KEY_SIGNER_UNKNOWN"),
        ("a member twice", BASE64.encode(doubled), "KEY_ALTERED"),
        ("another member twice", BASE64.encode(second_id), "KEY_ALTERED"),
        ("of a format to come", BASE64.encode(future), "KEY_FORMAT_UNKNOWN"),
        ("of GLPI's own publisher", BASE64.encode(r#"{"id":1,"name":"x","signature":"abc"}"#), "KEY_FOREIGN"),
        ("8 KB long", "A".repeat(8_192), "KEY_TOO_LONG"),
    ] {
        let answer = house.glpi_10().asks(&sent);
        assert_eq!(answer.status, 200, "{fault}");
        answer.satisfies_the_contract();
        assert_eq!((answer.is_valid(), answer.code()), (Some(false), code), "{fault}: {}", answer.text);
    }
    let broken = house.glpi_10().asks(&format!("{}\r\n{}", &text[..60], &text[60..]));
    assert!(broken.message().contains("line break") && broken.message().contains("60"), "{}", broken.message());
    let answer = house.glpi_10().asks(&format!("  {text}  "));
    assert_eq!(answer.is_valid(), Some(true), "white space at the ends does not count");
}

#[test]
fn every_header_may_be_missing_empty_huge_or_garbage() {
    let house = House::on_sqlite();
    let key = house.vendor().issues_key("Acme", "basic");
    let all = [
        ("Accept-Language", b"en".to_vec()),
        ("User-Agent", b"GLPI/10.0.19 (installation-mode:TARBALL)".to_vec()),
        ("X-Registration-Key", key.text.reveal().as_bytes().to_vec()),
        ("X-Glpi-Network-Uid", b"7Bi5W7oTTA6tGL3nqM9vffhBKrQS8bTQR6IVdVvn".to_vec()),
    ];
    let ask = |changed: &str, value: Option<&[u8]>| {
        let mut request = Request::get("/api/registration/info");
        for (name, good) in &all {
            match (name == &changed, value) {
                (false, _) => request = request.header_bytes(name, good),
                (true, Some(value)) => request = request.header_bytes(name, value),
                (true, None) => {}
            }
        }
        Answer::of(&request.send(house.address()))
    };
    let huge = vec![b'a'; 8_192];
    for (name, _) in &all {
        let faults: [(&str, Option<&[u8]>); 4] =
            [("missing", None), ("empty", Some(b"")), ("8 KB", Some(&huge)), ("not UTF-8", Some(b"\xff\xfe\xe9"))];
        for (fault, value) in faults {
            let answer = ask(name, value);
            answer.satisfies_the_contract();
            let expected = match (*name, fault) {
                ("X-Registration-Key", "missing" | "empty") => (Some(false), "KEY_MISSING"),
                ("X-Registration-Key", "8 KB") => (Some(false), "KEY_TOO_LONG"),
                ("X-Registration-Key", _) => (Some(false), "KEY_ALPHABET"),
                ("X-Glpi-Network-Uid", "missing" | "empty") => (Some(false), "INSTANCE_UID_MISSING"),
                ("X-Glpi-Network-Uid", _) => (Some(false), "INSTANCE_UID_INVALID"),
                _ => (Some(true), ""),
            };
            assert_eq!((answer.is_valid(), answer.code()), expected, "{name} {fault}: {}", answer.text);
        }
    }
}

/// As they were captured, each with one header that is not as it should be.
#[test]
fn every_captured_request_may_have_a_header_that_is_missing_empty_huge_or_garbage() {
    let house = House::on_sqlite();
    let key = house.vendor().issues_key("Acme", "basic");
    let registration: Vec<_> =
        captured_requests().into_iter().filter(|(path, _)| path.starts_with("/api/registration/")).collect();
    assert_eq!(registration.len(), 3, "what was captured of it");
    let huge = vec![b'a'; 8_192];
    let faults: [Option<&[u8]>; 4] = [None, Some(b""), Some(&huge), Some(b"\xff\xfe\xe9")];
    for (path, headers) in &registration {
        for (name, fault) in headers.iter().flat_map(|(name, _)| faults.map(|fault| (name, fault))) {
            let request =
                headers.iter().filter(|(name, _)| name != "Host").fold(Request::get(path), |request, (of, value)| {
                    let value = if of == "X-Registration-Key" { key.text.reveal() } else { value };
                    match (of == name, fault) {
                        (false, _) => request.header(of, value),
                        (true, Some(fault)) => request.header_bytes(of, fault),
                        (true, None) => request,
                    }
                });
            let response = request.send(house.address());
            let told = format!("{path}, {name}: {}", response.text());
            assert_eq!(response.status, 200, "{told}");
            match path.as_str() {
                "/api/registration/info" => {
                    let answer = Answer::of(&response);
                    answer.satisfies_the_contract();
                    // Without its key or its own name a GLPI gets no further.
                    let needed = ["X-Registration-Key", "X-Glpi-Network-Uid"].contains(&name.as_str());
                    assert_eq!(answer.is_valid(), Some(!needed), "{told}");
                }
                "/api/registration/offers" => assert_eq!(response.json().as_array().map(Vec::len), Some(4), "{told}"),
                _ => assert!(!response.body.is_empty(), "{told}"),
            }
        }
    }
}

#[test]
fn a_service_address_with_a_slash_at_its_end_does_as_well() {
    let house = House::on_sqlite();
    let key = house.vendor().issues_key("Acme", "basic");
    let ask = |path: &str| {
        let response = Request::get(path).header("X-Registration-Key", key.text.reveal()).send(house.address());
        assert_eq!(response.status, 200, "{path}: {}", response.text());
        response
    };
    for path in ["/api/registration/", "/api/ping", "/api/registration/offers", "/api/marketplace/plugins"] {
        assert_eq!(ask(&format!("/{path}")).text(), ask(path).text(), "{path}");
    }
    let answer = Answer::of(&ask("//api/registration/info"));
    assert_eq!(answer.satisfies_the_contract().is_valid(), Some(true));
}

#[test]
fn what_is_not_there_is_told_as_a_problem_never_as_a_page() {
    let house = House::on_sqlite();
    for (request, status, code) in [
        (Request::get("/api/registration/nothing"), 404, "NOT_FOUND"),
        (Request::get("/%ff%00%3Cscript%3E"), 404, "NOT_FOUND"),
        (Request::post("/api/registration/info"), 405, "METHOD_NOT_ALLOWED"),
    ] {
        let response = request.send(house.address());
        assert_eq!(response.status, status);
        assert_eq!(response.header("content-type").as_deref(), Some("application/problem+json"));
        assert_eq!(response.json()["code"], code);
    }
}

#[test]
fn a_database_with_an_older_backup_never_condemns_its_own_keys() {
    let house = House::on_sqlite();
    house.glpi_10().asks(&house.sign_unknown()).is_our_failure("KEY_NOT_IN_STORE");
    // Nothing of it is remembered as a verdict.
    house.glpi_10().asks(&house.sign_unknown()).is_our_failure("KEY_NOT_IN_STORE");
    assert_eq!(house.store.read(|reader| signing_keys::list(reader)).unwrap().len(), 1);
}
