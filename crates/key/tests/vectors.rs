//! The written test vectors hold for this crate: every good key is read, verified and made again from its seed, and
//! every bad one gets its code. `php.rs` holds the PHP example to the same file.

// A vector file that cannot be read is a failed test; the lint knows test functions only, not their helpers.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use latchkey_key::{KeyId, PublicKey, PublicKeys, Signer, SigningKeyId, registration};
use serde_json::Value;

fn vectors() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/registration-keys.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap()
}

fn text<'a>(case: &'a Value, member: &str) -> &'a str {
    case[member].as_str().unwrap_or_else(|| panic!("no text {member:?} in {case}"))
}

fn cases<'a>(vectors: &'a Value, list: &str) -> &'a [Value] {
    vectors[list].as_array().unwrap()
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn signers(vectors: &Value) -> Vec<Signer> {
    let signer = |case| {
        let id: SigningKeyId = text(case, "kid").parse().unwrap();
        Signer::from_seed(id, bytes(text(case, "seed_hex")).try_into().unwrap())
    };
    cases(vectors, "signing_keys").iter().map(signer).collect()
}

fn keyring(vectors: &Value) -> PublicKeys {
    let mut keys = PublicKeys::new(text(vectors, "publisher").parse().unwrap());
    for case in cases(vectors, "signing_keys") {
        keys.insert(PublicKey::from_base64(text(case, "kid").parse().unwrap(), text(case, "public_key")).unwrap())
            .unwrap();
    }
    keys
}

#[test]
fn public_keys_come_from_their_seeds() {
    let vectors = vectors();
    let signers = signers(&vectors);
    assert!(signers.len() >= 4);
    for (signer, case) in signers.iter().zip(cases(&vectors, "signing_keys")) {
        assert_eq!(signer.public_key().to_base64(), text(case, "public_key"), "{}", signer.id());
    }
}

#[test]
fn good_keys_are_good_and_made_again_the_same() {
    let vectors = vectors();
    let (keys, signers) = (keyring(&vectors), signers(&vectors));
    assert!(cases(&vectors, "good").len() >= 5);
    for case in cases(&vectors, "good") {
        let name = text(case, "name");
        let key = registration::check(text(case, "text").as_bytes(), &keys)
            .unwrap_or_else(|damage| panic!("{name}: {damage}"));
        assert_eq!(key.signing_key.to_string(), text(case, "kid"), "{name}");
        assert_eq!(key.id, text(case, "id").parse::<KeyId>().unwrap(), "{name}");
        assert_eq!(key.issued.to_string(), text(case, "iat"), "{name}");
        assert_eq!(key.signed_bytes(), bytes(text(case, "signed_hex")), "{name}");
        assert!(key.signed_bytes().starts_with(format!("{}\0", text(&vectors, "purpose")).as_bytes()), "{name}");
        assert_eq!(key.signature().as_slice(), bytes(text(case, "signature_hex")), "{name}");

        let signer = signers.iter().find(|signer| signer.id() == key.signing_key).unwrap();
        assert_eq!(registration::issue(signer, key.id, key.issued).to_text(), text(case, "text"), "{name}");
    }
}

#[test]
fn bad_keys_get_their_codes() {
    let vectors = vectors();
    let keys = keyring(&vectors);
    let mut codes = std::collections::BTreeSet::new();
    for case in cases(&vectors, "bad") {
        let (name, code) = (text(case, "name"), text(case, "code"));
        let damage = registration::check(text(case, "text").as_bytes(), &keys).expect_err(name);
        assert_eq!(damage.code(), code, "{name}: {damage}");
        codes.insert(code);
    }
    let all = [
        "KEY_ALPHABET",
        "KEY_ALTERED",
        "KEY_BEGINNING_MISSING",
        "KEY_FOREIGN",
        "KEY_FORGED",
        "KEY_FORMAT_UNKNOWN",
        "KEY_MISSING",
        "KEY_NOT_A_KEY",
        "KEY_SIGNER_UNKNOWN",
        "KEY_TOO_LONG",
        "KEY_TRAILING",
        "KEY_TRUNCATED",
        "KEY_WHITESPACE",
    ];
    assert!(codes.iter().eq(&all), "a vector for every code, and no others: {codes:?}");
}
