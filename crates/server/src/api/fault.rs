//! What the readers of bodies and addresses say, as a fault that can be told in any language.
//!
//! Serde says it in English sentences, which are stable and tested for below; one that is not understood is still told as a
//! value of the wrong kind, by the member's name.

use latchkey_domain::request::{Kind, ValueFault};

/// The longest name of a member or parameter that is repeated, in characters.
const LONGEST_NAME: usize = 60;

/// Reads what was said of a value. The name is that of the value, where it is said.
pub(super) fn read(said: &str) -> (Option<String>, ValueFault) {
    // The name comes first where a parameter's value is wrong.
    let (name, said) = match said.split_once(": ") {
        Some((name, rest)) if !name.contains(' ') => (Some(short(name)), rest),
        Some(_) | None => (None, said),
    };
    let (wrong, expected) = said.rsplit_once(", expected ").unwrap_or((said, ""));
    let quoted = || words(wrong).into_iter().next();
    let known = || words(expected);
    if wrong.starts_with("unknown field ") {
        return (name.or_else(quoted), ValueFault::Unknown { known: known() });
    }
    if wrong.starts_with("missing field ") {
        return (name.or_else(quoted), ValueFault::Missing);
    }
    if wrong.starts_with("duplicate field ") {
        return (name.or_else(quoted), ValueFault::Twice);
    }
    if wrong.starts_with("unknown variant ") {
        return (name, ValueFault::NotOneOf { given: quoted().unwrap_or_default(), known: known() });
    }
    let wanted = match expected {
        "a string" => Kind::Text,
        "u32" => Kind::Number,
        "a sequence" => Kind::List,
        _ if wrong.contains("digit") || wrong.contains("number too large") => Kind::Number,
        _ => Kind::Other,
    };
    (name, ValueFault::WrongKind { wanted })
}

/// A name, no longer than it deserves.
pub(super) fn short(name: &str) -> String {
    name.chars().take(LONGEST_NAME).collect()
}

/// What stands between backticks.
fn words(said: &str) -> Vec<String> {
    said.split('`').skip(1).step_by(2).map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::extract::Query;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it reads matters")]
    struct Asked {
        limit: Option<u32>,
        state: Option<State>,
        names: Option<Vec<String>>,
        name: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum State {
        Active,
        Revoked,
    }

    fn all() -> Vec<String> {
        ["limit", "state", "names", "name"].map(str::to_owned).to_vec()
    }

    fn states() -> Vec<String> {
        ["active", "revoked"].map(str::to_owned).to_vec()
    }

    #[test]
    fn what_is_said_of_an_address_is_understood() {
        let number = ValueFault::WrongKind { wanted: Kind::Number };
        for (query, name, fault) in [
            ("name=a&limit=x", Some("limit"), number.clone()),
            ("name=a&limit=-1", Some("limit"), number.clone()),
            ("name=a&limit=99999999999", Some("limit"), number),
            ("name=a&limt=1", Some("limt"), ValueFault::Unknown { known: all() }),
            ("name=a&name=b", Some("name"), ValueFault::Twice),
            ("limit=1", Some("name"), ValueFault::Missing),
            ("name=a&state=x", Some("state"), ValueFault::NotOneOf { given: "x".into(), known: states() }),
        ] {
            let uri = format!("/?{query}").parse().unwrap();
            let error = Query::<Asked>::try_from_uri(&uri).unwrap_err();
            let said = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(read(&said), (name.map(str::to_owned), fault), "{query}: {said}");
        }
    }

    #[test]
    fn what_is_said_of_a_body_is_understood() {
        let kind = |wanted| ValueFault::WrongKind { wanted };
        for (body, name, fault) in [
            (r#"{"name":"a","limit":"1"}"#, None, kind(Kind::Number)),
            (r#"{"name":"a","limit":-1}"#, None, kind(Kind::Number)),
            (r#"{"name":1}"#, None, kind(Kind::Text)),
            (r#"{"name":"a","names":"b"}"#, None, kind(Kind::List)),
            (r#"{"name":"a","nam`e":1}"#, Some("nam"), ValueFault::Unknown { known: all() }),
            (r#"{}"#, Some("name"), ValueFault::Missing),
            (
                r#"{"name":"a","state":"x, expected `y`"}"#,
                None,
                ValueFault::NotOneOf { given: "x, expected ".into(), known: states() },
            ),
        ] {
            let json: serde_json::Value = serde_json::from_str(body).unwrap();
            let said = serde_json::from_value::<Asked>(json).unwrap_err().to_string();
            assert_eq!(read(&said), (name.map(str::to_owned), fault), "{body}: {said}");
        }
    }
}
