use base64::Engine as _;
use proptest::prelude::*;

use super::*;
use crate::damage::{Part, WhiteSpaceKind};
use crate::ids::PublisherId;
use crate::purpose::AUDIT_HEAD;

fn signer(id: &str) -> Signer {
    Signer::from_seed(id.parse().unwrap(), [7; 32])
}

fn keyring() -> PublicKeys {
    let mut keys = PublicKeys::new("7k2m9xqd".parse().unwrap());
    for id in ["7k2m9xqd-1", "7k2m9xqd-22", "7k2m9xqd-333"] {
        keys.insert(signer(id).public_key()).unwrap();
    }
    keys
}

/// One key for each kind of padding: `=`'s count follows from the digits of the signing key's number.
fn sound_keys() -> [RegistrationKey; 3] {
    let id = "0198c1de-7a3b-7c4d-8e5f-60718293a4b5".parse().unwrap();
    ["7k2m9xqd-1", "7k2m9xqd-22", "7k2m9xqd-333"].map(|by| issue(&signer(by), id, IssueDate::new(2026, 3, 1).unwrap()))
}

fn sound_key() -> RegistrationKey {
    let [key, ..] = sound_keys();
    key
}

fn damage_of(text: impl AsRef<[u8]>) -> Damage {
    read(text.as_ref()).expect_err("no sound key")
}

/// The damage of a key whose JSON is changed, and encoded as it should be.
fn damage_of_json(change: impl Fn(&str) -> String) -> Damage {
    let json = String::from_utf8(STANDARD.decode(sound_key().to_text()).unwrap()).unwrap();
    let changed = change(&json);
    assert_ne!(changed, json);
    damage_of(STANDARD.encode(changed))
}

#[test]
fn a_key_is_read_as_it_was_issued_and_shown_again_the_same() {
    for (key, (length, padding)) in sound_keys().into_iter().zip([(248, 0), (252, 2), (252, 1)]) {
        let text = key.to_text();
        assert_eq!(text.len(), length);
        assert_eq!(text.len() - text.trim_end_matches('=').len(), padding);
        assert_eq!(check(text.as_bytes(), &keyring()), Ok(key.clone()));
        assert_eq!(issue(&signer(&key.signing_key.to_string()), key.id, key.issued).to_text(), text);
        assert_eq!(read(format!(" \t\r\n{text}\n\x0b\x0c").as_bytes()), Ok(key));
    }
}

#[test]
fn every_cut_of_the_end_is_called_truncated() {
    for key in sound_keys() {
        let text = key.to_text();
        for after in 1..text.len() {
            assert_eq!(damage_of(&text[..after]), Damage::Truncated { after });
        }
    }
}

#[test]
fn a_cut_that_was_padded_again_is_still_a_cut() {
    let text = sound_key().to_text();
    assert_eq!(damage_of(format!("{}==", &text[..98])), Damage::Truncated { after: 98 });
}

#[test]
fn a_beginning_no_key_has_is_not_called_truncated() {
    let json = STANDARD.decode(sound_key().to_text()).unwrap();
    let beginnings = [
        (r#"{"v":1,"kid":"7k2m9xqd-0"#, Part::SigningKey),
        (r#"{"v":1,"kid":"7k2m9xqd-1234567"#, Part::SigningKey),
        (r#"{"v":1,"kid":"7k2m9xqd-1","id":"0198c1de7a3b7c4d8e5f60718293a4b5","iat":"2026-13"#, Part::IssueDate),
        (r#"{"v":1,"kid":"7k2m9xqd-1","id":"0198c1de7a3b7c4d8e5f60718293a4b5","iat":"2026-02-3"#, Part::IssueDate),
    ];
    for (beginning, part) in beginnings {
        assert_eq!(damage_of(STANDARD_NO_PAD.encode(beginning)), Damage::Altered { part }, "{beginning}");
    }
    // Last characters whose bits begin no byte that could come next.
    for cut in [60, 61, 62] {
        let mut text = STANDARD_NO_PAD.encode(&json[..cut]);
        text.truncate(cut * 8 / 6);
        assert_eq!(damage_of(&text), Damage::Truncated { after: text.len() });
        text.push_str(["/", "//", "///"][(3 - text.len() % 4) % 3]);
        assert!(matches!(damage_of(&text), Damage::Altered { .. }), "{text}");
    }
    for character in "ABCDabcdfghz0189+/".chars() {
        assert_eq!(damage_of(character.to_string()), Damage::NotAKey, "no key begins so");
    }
}

#[test]
fn a_lost_beginning_is_named_as_long_as_the_end_tells() {
    for key in sound_keys() {
        let text = key.to_text();
        for lost in 1..=text.len() - 28 {
            assert_eq!(damage_of(&text[lost..]), Damage::BeginningMissing, "{lost} lost");
        }
    }
    let text = sound_key().to_text();
    assert_eq!(damage_of(&text[9..text.len() - 9]), Damage::BeginningMissing, "both ends lost");
}

#[test]
fn white_space_is_named_wherever_it_stands() {
    let kinds = [
        ("\n", WhiteSpaceKind::LineBreak),
        ("\r\n", WhiteSpaceKind::LineBreak),
        (" ", WhiteSpaceKind::Space),
        ("\t", WhiteSpaceKind::Tab),
        ("\x0c", WhiteSpaceKind::Other),
    ];
    for key in sound_keys() {
        let text = key.to_text();
        for after in 1..text.len() {
            let (begin, end) = text.split_at(after);
            for (white_space, kind) in kinds {
                let expected = Damage::WhiteSpace { after, kind, whole_without: true };
                assert_eq!(damage_of(format!("{begin}{white_space}{end}")), expected);
            }
            if after + 1 < text.len() {
                let expected = Damage::WhiteSpace { after, kind: WhiteSpaceKind::Space, whole_without: false };
                assert_eq!(damage_of(format!("{begin} {}", &end[1..])), expected);
            }
        }
    }
}

#[test]
fn more_after_a_key_is_named() {
    for key in sound_keys() {
        let text = key.to_text();
        let after = text.len();
        for more in
            [text.as_str(), "=", "A", "AAAA", "\0", "\"", ".", "\nand more", &format!("\n{text}"), &format!(" {text}")]
        {
            assert_eq!(damage_of(format!("{text}{more}")), Damage::Trailing { after }, "{more:?}");
        }
    }
    // Inside the base64, where the key's JSON ends with the 248th character.
    assert_eq!(damage_of_json(|json| format!("{json}\n")), Damage::Trailing { after: 248 });
    assert_eq!(damage_of_json(|json| format!("{json}{json}")), Damage::Trailing { after: 248 });
}

#[test]
fn strange_characters_are_named_with_their_place() {
    let text = sound_key().to_text();
    for strange in [b'-', b'_', b'"', b'.', b'=', 0, 0x7f, 0xc2, 0xff] {
        for at in [1, 2, 100, 247] {
            let mut changed = text.clone().into_bytes();
            changed[at - 1] = strange;
            assert_eq!(damage_of(&changed), Damage::WrongAlphabet { at, byte: strange });
        }
    }
    assert_eq!(damage_of(format!("\"{text}\"")), Damage::WrongAlphabet { at: 1, byte: b'"' });
    assert_eq!(damage_of("schlüssel"), Damage::WrongAlphabet { at: 5, byte: 0xc3 });
}

#[test]
fn nothing_too_much_and_anything_else() {
    assert_eq!(damage_of(""), Damage::Missing);
    assert_eq!(damage_of(" \r\n\t"), Damage::Missing);
    assert_eq!(damage_of("A".repeat(1025)), Damage::TooLong { len: 1025 });
    assert_eq!(damage_of("A".repeat(1024)), Damage::NotAKey);
    for text in ["hello", "=", "====", "A", "e30=", "bnVsbA==", "W10="] {
        assert_eq!(damage_of(text), Damage::NotAKey, "{text}");
    }
    assert_eq!(damage_of(STANDARD.encode(sound_key().to_text())), Damage::NotAKey, "encoded twice");
    assert_eq!(damage_of(STANDARD.encode(r#"{"v":1,"name":"x"}"#)), Damage::NotAKey);
}

#[test]
fn each_altered_part_is_named() {
    let cases: [(&str, &str, Part); 22] = [
        (r#"{"v":1,"#, r#"{"v":1,"v":1,"#, Part::Layout),
        (r#"{"v":1,"#, r#"{ "v":1,"#, Part::Layout),
        (r#"{"v":1,"#, r#"{"v":1, "#, Part::Layout),
        (r#"{"v":1,"#, r#"{"v":1.0,"#, Part::Version),
        (r#"{"v":1,"#, r#"{"v":"1","#, Part::Version),
        (r#"{"v":1,"#, r#"{"v":0,"#, Part::Version),
        (r#"{"v":1,"#, r#"{"w":1,"#, Part::Layout),
        ("7k2m9xqd-1", "7K2M9XQD-1", Part::SigningKey),
        ("7k2m9xqd-1", "7k2m9xqd-01", Part::SigningKey),
        ("7k2m9xqd-1", "7k2m9xqd-0", Part::SigningKey),
        ("7k2m9xqd-1", "7k2m9xqd-1234567", Part::SigningKey),
        ("7k2m9xqd-1", "7k2m9xql-1", Part::SigningKey),
        ("0198c1de7a3b", "0198C1DE7A3B", Part::KeyId),
        ("0198c1de7a3b", "0198c1de-7a3b", Part::KeyId),
        (r#","iat""#, r#","id":"0198c1de7a3b7c4d8e5f60718293a4b5","iat""#, Part::Layout),
        ("2026-03-01", "2026-02-29", Part::IssueDate),
        ("2026-03-01", "2026-13-01", Part::IssueDate),
        ("2026-03-01", "0000-03-01", Part::IssueDate),
        ("2026-03-01", "2026-3-1", Part::IssueDate),
        (r#""signature":""#, r#""signature":"AA","signature":""#, Part::Signature),
        (r#""}"#, r#"=="}"#, Part::Signature),
        (r#""}"#, r#"","plugins":[]}"#, Part::Signature),
    ];
    for (from, to, part) in cases {
        let part = if to.contains("plugins") { Part::Layout } else { part };
        assert_eq!(damage_of_json(|json| json.replacen(from, to, 1)), Damage::Altered { part }, "{to}");
    }
    // The members in another order.
    let swap = |json: &str| json.replacen(r#"{"v":1,"#, "{", 1).replacen(r#","signature""#, r#","v":1,"signature""#, 1);
    assert_eq!(damage_of_json(swap), Damage::Altered { part: Part::Layout });
    let again = |json: &str| {
        let (signed, signature) = json.split_once(",\"signature\"").unwrap();
        format!("{signed},\"signature\"{},\"signature\"{signature}", signature.trim_end_matches('}'))
    };
    assert_eq!(damage_of_json(again), Damage::Altered { part: Part::Layout });
}

#[test]
fn second_encodings_of_the_same_bytes_are_refused() {
    let [none, two, one] = sound_keys().map(|key| key.to_text());
    // The last digit carries four unused bits where two `=` follow, two where one follows.
    for (text, padding) in [(two, "=="), (one, "=")] {
        let digits = text.trim_end_matches('=');
        let (begin, last) = digits.split_at(digits.len() - 1);
        let next = (last.as_bytes()[0] + 1) as char;
        assert_eq!(damage_of(format!("{begin}{next}{padding}")), Damage::Altered { part: Part::Encoding });
        assert_eq!(damage_of(format!("{begin}{next}")), Damage::Altered { part: Part::Encoding });
        assert_eq!(damage_of(digits), Damage::Truncated { after: digits.len() });
    }
    assert_eq!(damage_of(format!("{none}==")), Damage::Trailing { after: none.len() });
    // The signature's own last character likewise.
    let last = |json: &str| {
        let (begin, _) = json.split_at(json.len() - 3);
        format!("{begin}{}\"}}", (json.as_bytes()[json.len() - 3] + 1) as char)
    };
    assert_eq!(damage_of_json(last), Damage::Altered { part: Part::Signature });
}

#[test]
fn other_formats_are_told_apart() {
    assert_eq!(damage_of_json(|json| json.replacen("\"v\":1", "\"v\":2", 1)), Damage::UnknownFormat { version: 2 });
    for (json, version) in [(r#"{"v":10}"#, 10), (r#"{"v":2,"anything":[]}"#, 2), (r#"{"v":2"#, 2)] {
        assert_eq!(damage_of(STANDARD.encode(json)), Damage::UnknownFormat { version }, "{json}");
    }
    for json in [
        r#"{"owner":"Acme","signature":"c2ln"}"#,
        "{\n  \"signature\": {\"alg\": 1}\n}",
        r#"{"v":99999999999999999999,"signature":1}"#,
    ] {
        assert_eq!(damage_of(STANDARD.encode(json)), Damage::ForeignFormat, "{json}");
    }
    assert_eq!(damage_of(STANDARD.encode(r#"{"a":{"signature":1}}"#)), Damage::NotAKey);
}

#[test]
fn a_signature_is_only_as_good_as_its_signing_key() {
    let key = sound_key();
    assert_eq!(key.verify(&keyring()), Ok(()));

    let mut changed = key.clone();
    changed.issued = IssueDate::new(2036, 3, 1).unwrap();
    assert_eq!(check(changed.to_text().as_bytes(), &keyring()), Err(Damage::Forged));

    let other_seed = Signer::from_seed(key.signing_key, [8; 32]);
    assert_eq!(issue(&other_seed, key.id, key.issued).verify(&keyring()), Err(Damage::Forged));

    let signing_key = "7k2m9xqd-4".parse().unwrap();
    let unknown = issue(&signer("7k2m9xqd-4"), key.id, key.issued);
    assert_eq!(unknown.verify(&keyring()), Err(Damage::UnknownSigningKey { signing_key }));

    let signing_key = "00000000-1".parse().unwrap();
    let foreign = issue(&signer("00000000-1"), key.id, key.issued);
    assert_eq!(foreign.verify(&keyring()), Err(Damage::UnknownPublisher { signing_key }));
}

#[test]
fn a_signature_for_another_purpose_or_of_small_order_is_forged() {
    let mut key = sound_key();
    key.signature = signer("7k2m9xqd-1").sign(AUDIT_HEAD, key.members().as_bytes());
    assert_eq!(check(key.to_text().as_bytes(), &keyring()), Err(Damage::Forged));
    key.signature = [0; 64];
    key.signature[0] = 1;
    assert_eq!(check(key.to_text().as_bytes(), &keyring()), Err(Damage::Forged));
}

#[test]
fn no_single_bit_can_be_flipped() {
    let keys = keyring();
    for key in sound_keys() {
        let text = key.to_text().into_bytes();
        for bit in 0..text.len() * 8 {
            let mut flipped = text.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(check(&flipped, &keys).is_err(), "bit {bit} of the text");
        }
        let json = STANDARD.decode(&text).unwrap();
        for bit in 0..json.len() * 8 {
            let mut flipped = json.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let damage = check(STANDARD.encode(&flipped).as_bytes(), &keys).unwrap_err();
            let plausible = matches!(
                damage,
                Damage::Altered { .. }
                    | Damage::UnknownFormat { .. }
                    | Damage::UnknownPublisher { .. }
                    | Damage::UnknownSigningKey { .. }
                    | Damage::Forged
            );
            assert!(plausible, "bit {bit} of the JSON: {damage:?}");
        }
    }
}

#[test]
fn damages_have_sentences_for_people() {
    let text = sound_key().to_text();
    let sentences = [
        (damage_of(&text[..120]), "The end of the key is missing: it was cut after 120 characters."),
        (damage_of("e"), "The end of the key is missing: it was cut after 1 character."),
        (
            damage_of(format!("{}\n{}", &text[..76], &text[76..])),
            "The key has a line break after 76 characters and is whole without it.",
        ),
        (damage_of("a\tb"), "The key has a tab after 1 character, and it is not whole without it either."),
        (damage_of("abc-"), "Character 4 of the key is '-', which cannot stand there."),
        (damage_of("é"), "Character 1 of the key (byte 0xc3) is one that no key contains."),
        (
            damage_of_json(|json| json.replacen("2026", "20x6", 1)),
            "The key was altered: its issue date is not as it was issued.",
        ),
    ];
    for (damage, sentence) in sentences {
        assert_eq!(damage.to_string(), sentence);
    }
}

fn any_key() -> impl Strategy<Value = (RegistrationKey, PublicKeys)> {
    let date =
        (1_i16..=9999, 1_u8..=12, 1_u8..=31).prop_filter_map("no such day", |(y, m, d)| IssueDate::new(y, m, d).ok());
    (any::<[u8; 5]>(), 1..=SigningKeyId::MAX_NUMBER, 0_u32..6, any::<[u8; 32]>(), any::<u128>(), date).prop_map(
        |(publisher, number, fewer_digits, seed, id, date)| {
            let number = (number / 10_u32.pow(fewer_digits)).max(1);
            let signer =
                Signer::from_seed(SigningKeyId::new(PublisherId::from_random(publisher), number).unwrap(), seed);
            let mut keys = PublicKeys::new(signer.id().publisher());
            keys.insert(signer.public_key()).unwrap();
            (issue(&signer, KeyId(Uuid::from_u128(id)), date), keys)
        },
    )
}

proptest! {
    #[test]
    fn any_key_survives_its_text((key, keys) in any_key()) {
        let text = key.to_text();
        prop_assert!(TEXT_LENGTHS.contains(&text.len()));
        prop_assert_eq!(check(text.as_bytes(), &keys), Ok(key.clone()));
        prop_assert_eq!(named_id(text.as_bytes()), Some(key.id));
        prop_assert_eq!(&key.signed_bytes()[..26], b"latchkey/registration-key\0");
    }

    #[test]
    fn any_cut_is_named((key, _) in any_key(), cut in any::<prop::sample::Index>()) {
        let text = key.to_text();
        let after = 1 + cut.index(text.len() - 1);
        prop_assert_eq!(read(&text.as_bytes()[..after]), Err(Damage::Truncated { after }));
    }

    #[test]
    fn any_doubled_key_is_named((key, _) in any_key()) {
        let text = key.to_text();
        prop_assert_eq!(read(text.repeat(2).as_bytes()), Err(Damage::Trailing { after: text.len() }));
    }

    #[test]
    fn any_change_of_a_byte_is_noticed((key, keys) in any_key(), at in any::<prop::sample::Index>(), byte: u8) {
        let mut text = key.to_text().into_bytes();
        let at = at.index(text.len());
        prop_assume!(text[at] != byte && !(is_white_space(byte) && at + 1 == text.len()));
        text[at] = byte;
        prop_assert!(check(&text, &keys).is_err());
    }

    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..1100)) {
        prop_assert!(read(&bytes).is_err());
        let _ = named_id(&bytes);
        let encoded = STANDARD.encode(&bytes);
        prop_assert!(read(encoded.as_bytes()).is_err());
    }

    #[test]
    fn no_json_makes_it_panic(text in r#"\{("[a-z\\]{0,9}":([0-9"\{\[]|"v"|1),?){0,9}\}?"#) {
        prop_assert!(read(STANDARD.encode(text).as_bytes()).is_err());
    }
}
