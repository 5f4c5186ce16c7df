//! What a request carries: strict JSON, and the name that it may have given itself.
//!
//! JSON is taken in one way: an object, no member twice, none that is not known, not deep. What is wrong is said with
//! the member's name.

use std::cell::RefCell;
use std::fmt;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header::{CONTENT_TYPE, HeaderMap};
use latchkey_domain::request::{JsonFault, ValueFault};
use latchkey_domain::tokens::Scope;
use latchkey_store::api::idempotency::Claim;
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error as _, IntoDeserializer as _, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value as Json};

use super::caller::Caller;
use super::fault;
use crate::app::App;
use crate::problem::Problem;

/// The longest body, in bytes.
pub(super) const MOST_BYTES: usize = 64 * 1_024;
/// The deepest nesting. No operation takes more than a list in an object.
const DEEPEST: u8 = 8;
/// How [`Strict`] says what it does not let through.
const TOO_DEEP: &str = "nested too deep";
const TWICE: &str = "twice `";
/// From here on not every whole number has a double of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
/// The longest `Idempotency-Key`, in characters.
const LONGEST_NAME: usize = 200;

/// A request that changes something, not yet read.
pub(super) struct Posted {
    pub(super) caller: Caller,
    method: String,
    target: String,
    headers: HeaderMap,
    body: Bytes,
}

impl FromRequest<App> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let caller = <Caller as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        if parts.uri.query().is_some_and(|query| !query.is_empty()) {
            return Err(Problem::parameter(None, ValueFault::NotTaken));
        }
        let body = to_bytes(body, MOST_BYTES).await.map_err(|_| Problem::body_too_long(MOST_BYTES))?;
        let target = parts.uri.path().to_owned();
        Ok(Self { caller, method: parts.method.to_string(), target, headers: parts.headers, body })
    }
}

impl Posted {
    /// Reads the members and the name of a request whose token may do this. No body at all is an empty object.
    pub(super) fn read<T: DeserializeOwned>(&self, scope: Scope) -> Result<(T, Option<Claim>), Problem> {
        self.caller.may(scope)?;
        let claim = self.claim()?;
        if !self.body.is_empty() && !is_json(&self.headers) {
            return Err(Problem::body_not_json());
        }
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        Ok((members(body)?, claim))
    }

    fn claim(&self) -> Result<Option<Claim>, Problem> {
        claim(&self.headers, &self.caller, [self.method.as_bytes(), self.target.as_bytes(), &self.body])
    }
}

/// The name that a request has given itself, with what makes it this one: method, address, and body.
pub(super) fn claim(headers: &HeaderMap, caller: &Caller, parts: [&[u8]; 3]) -> Result<Option<Claim>, Problem> {
    let mut given = headers.get_all("idempotency-key").iter();
    let Some(name) = given.next() else { return Ok(None) };
    let name = name.to_str().unwrap_or_default().trim();
    let plain = name.bytes().all(|byte| byte.is_ascii_graphic());
    if given.next().is_some() || !plain || !(1..=LONGEST_NAME).contains(&name.len()) {
        return Err(Problem::bad_name(LONGEST_NAME));
    }
    Ok(Some(Claim::new(&caller.id, name, &parts)))
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

pub(super) fn members<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(body);
    let json = Strict(0).deserialize(&mut reader).and_then(|json| reader.end().map(|()| json));
    let json = json.map_err(|error| Problem::body_malformed(unreadable(&error)))?;
    let Json::Object(members) = json else { return Err(Problem::body_malformed(JsonFault::NoObject)) };
    let at = RefCell::new(None);
    let named = Named { members: members.into_iter(), value: None, at: &at };
    T::deserialize(MapAccessDeserializer::new(named)).map_err(|error: serde_json::Error| {
        let (name, fault) = fault::read(&error.to_string());
        Problem::member(at.take().or(name), fault)
    })
}

/// Why a text did not get through [`Strict`].
fn unreadable(error: &serde_json::Error) -> JsonFault {
    let said = error.to_string();
    match said.split_once(TWICE) {
        Some((_, rest)) => JsonFault::Twice { member: fault::short(rest.split('`').next().unwrap_or_default()) },
        None if said.starts_with(TOO_DEEP) => JsonFault::TooDeep { most: DEEPEST },
        None => JsonFault::Syntax { line: error.line(), column: error.column() },
    }
}

/// Reads any JSON, but no member twice, and nothing deep.
struct Strict(u8);

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        if self.0 > DEEPEST {
            return Err(D::Error::custom(TOO_DEEP));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        // JSON has one kind of number: 7.0 is the whole number 7, as far as such a number is exact.
        let whole = value.fract() == 0.0 && value.abs() <= LARGEST_EXACT;
        Ok(if whole { (value as i64).into() } else { value.into() })
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = list.next_element_seed(Strict(self.0 + 1))? {
            all.push(value);
        }
        Ok(Json::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut all = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            if all.contains_key(&name) {
                return Err(A::Error::custom(format!("{TWICE}{}`", fault::short(&name))));
            }
            let value = object.next_value_seed(Strict(self.0 + 1))?;
            all.insert(name, value);
        }
        Ok(Json::Object(all))
    }
}

/// Members of an object, remembering which one is being read.
struct Named<'a> {
    members: serde_json::map::IntoIter,
    value: Option<Json>,
    at: &'a RefCell<Option<String>>,
}

impl<'de> MapAccess<'de> for Named<'_> {
    type Error = serde_json::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, serde_json::Error> {
        let Some((name, value)) = self.members.next() else {
            self.at.replace(None);
            return Ok(None);
        };
        self.at.replace(Some(fault::short(&name)));
        self.value = Some(value);
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, serde_json::Error> {
        seed.deserialize(self.value.take().unwrap_or(Json::Null))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it reads matters")]
    struct Order {
        customer: String,
        years: Option<u32>,
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (body, member) in [
            (r#"{"customer":"a","yeers":1}"#, Some("yeers")),
            (r#"{"customer":"a","years":"1"}"#, Some("years")),
            (r#"{"customer":"a","years":-1}"#, Some("years")),
            (r#"{"years":1}"#, Some("customer")),
            (r#"{"customer":"a","customer":"b"}"#, Some("customer")),
            (r#"{"customer":[[[[[[[[[[1]]]]]]]]]]}"#, None),
            (r#"["customer"]"#, None),
            (r#"{"customer":"a"} x"#, None),
            ("{", None),
        ] {
            let problem = members::<Order>(body.as_bytes()).unwrap_err();
            assert_eq!(problem.member_name(), member, "{body}: {problem:?}");
        }
        for body in
            [r#"{"customer":"a","years":null}"#, r#"{"customer":"a","years":7.0}"#, r#"{"customer":"a","years":1e1}"#]
        {
            assert!(members::<Order>(body.as_bytes()).is_ok(), "{body}");
        }
        assert!(members::<Order>(br#"{"customer":"a","years":7.5}"#).is_err());
    }
}
