//! An answer about a key as a GLPI hears it, from whichever service: the other side of [`crate::registration`].

use serde_json::Value;

/// What GLPI takes from an answer about a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// Whether the key counts. GLPI takes whatever is not false, null or 0 for yes.
    pub valid: bool,
    /// Whether the subscription runs, where there is one.
    pub running: Option<bool>,
    /// The sentence for the administrator.
    pub message: Option<String>,
    /// The stable code of a Latchkey.
    pub code: Option<String>,
}

/// Reads an answer's body; `None` where GLPI would say that it could not fetch anything.
pub fn read(body: &[u8]) -> Option<Heard> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let valid = answer.get("is_valid")?;
    Some(Heard {
        valid: !matches!(valid, Value::Bool(false) | Value::Null) && valid != &Value::from(0),
        running: answer.get("subscription").and_then(|it| it.get("is_running")).and_then(Value::as_bool),
        message: answer.get("validation_message").and_then(text),
        code: answer.get("code").and_then(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_heard_as_glpi_hears_it() {
        let heard =
            read(br#"{"is_valid":true,"validation_message":"Fine.","subscription":{"is_running":false},"code":null}"#);
        let expected = Heard { valid: true, running: Some(false), message: Some("Fine.".into()), code: None };
        assert_eq!(heard, Some(expected));
        assert!(read(br#"{"is_valid":"false"}"#).unwrap().valid, "a text is taken for yes");
        assert!(!read(br#"{"is_valid":false,"code":"KEY_REVOKED"}"#).unwrap().valid);
    }

    #[test]
    fn what_says_nothing_about_a_key_is_no_answer() {
        for body in [&b""[..], b"{}", b"[]", b"null", b"<html>", b"{\"code\":\"STORE_UNAVAILABLE\"}"] {
            assert_eq!(read(body), None);
        }
    }
}
