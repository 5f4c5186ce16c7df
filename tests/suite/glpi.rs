//! A stock GLPI, as far as registration goes: it sends what was captured from a real one.

use std::net::SocketAddr;
use std::time::Duration;

use latchkey_tests_support::http::{Request, Response};
use serde_json::Value;

use crate::house::test_file;

/// One GLPI.
pub(crate) struct Glpi {
    service: SocketAddr,
    user_agent: String,
    language: String,
    /// The UID that it sends; the captured one where nothing is said, none at all where it is empty.
    uid: Option<String>,
    /// How long it waits for an answer.
    patience: Duration,
}

/// What `/api/registration/info` answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) json: Value,
    pub(crate) text: String,
}

impl Glpi {
    /// A GLPI of a version, in English.
    pub(crate) fn version(service: SocketAddr, version: &str) -> Self {
        let user_agent = format!("GLPI/{version} (installation-mode:TARBALL)");
        Self { service, user_agent, language: "en".into(), uid: None, patience: Duration::from_secs(10) }
    }

    pub(crate) fn speaking(self, language: &str) -> Self {
        Self { language: language.into(), ..self }
    }

    /// The GLPI of another database.
    pub(crate) fn number(self, number: u32) -> Self {
        self.calling_itself(&uid(number))
    }

    pub(crate) fn calling_itself(self, uid: &str) -> Self {
        Self { uid: Some(uid.into()), ..self }
    }

    /// One of so many at once that its turn may be late.
    pub(crate) fn patient(self) -> Self {
        Self { patience: Duration::from_secs(120), ..self }
    }

    /// Asks about a key as the GLPI Network tab does.
    pub(crate) fn asks(&self, key: &str) -> Answer {
        self.asks_raw(key.as_bytes())
    }

    pub(crate) fn asks_raw(&self, key: &[u8]) -> Answer {
        let headers = captured("/api/registration/info");
        let mut request = Request::get("/api/registration/info").timeout(self.patience);
        for (name, value) in headers {
            request = match name.as_str() {
                "Host" => request,
                "Accept-Language" => request.header(&name, &self.language),
                "User-Agent" => request.header(&name, &self.user_agent),
                "X-Registration-Key" => request.header_bytes(&name, key),
                "X-Glpi-Network-Uid" => match self.uid.as_deref() {
                    Some("") => request,
                    Some(uid) => request.header(&name, uid),
                    None => request.header(&name, &value),
                },
                _ => request.header(&name, &value),
            };
        }
        Answer::of(&request.send(self.service))
    }
}

/// The UID of a GLPI of a story.
pub(crate) fn uid(number: u32) -> String {
    format!("{number:0>40}")
}

impl Answer {
    pub(crate) fn of(response: &Response) -> Self {
        let text = response.text();
        Self { status: response.status, json: serde_json::from_str(&text).unwrap_or(Value::Null), text }
    }

    pub(crate) fn is_valid(&self) -> Option<bool> {
        self.json["is_valid"].as_bool()
    }

    pub(crate) fn is_running(&self) -> Option<bool> {
        self.json["subscription"]["is_running"].as_bool()
    }

    pub(crate) fn code(&self) -> &str {
        self.json["code"].as_str().unwrap_or("")
    }

    pub(crate) fn message(&self) -> &str {
        self.json["validation_message"].as_str().unwrap_or("")
    }

    /// Every row of the contract about the answer of `/info` that a verdict has to satisfy.
    #[track_caller]
    pub(crate) fn satisfies_the_contract(&self) -> &Self {
        assert_eq!(self.status, 200, "{}", self.text);
        let valid = self.json["is_valid"].as_bool().expect("is_valid is a real boolean");
        let message = self.json["validation_message"].as_str().expect("validation_message is a string");
        assert!(!message.is_empty() && !message.contains('\n'), "plain text on one line: {message}");
        let owner = &self.json["owner"];
        assert!(owner.is_null() || owner["name"].is_string(), "owner.name is never missing");
        let subscription = &self.json["subscription"];
        if subscription.is_null() {
            assert!(!valid, "subscription may be null only when is_valid is false");
        } else {
            for text in ["title", "offer_reference"] {
                assert!(subscription[text].is_string(), "{text} is a string");
            }
            for date in ["begin_date", "end_date"] {
                let date = subscription[date].as_str().expect("a date is a string");
                assert!(date.len() == 10 && date.parse::<latchkey_domain::time::Date>().is_ok(), "{date}");
            }
            assert!(subscription["is_running"].is_boolean());
        }
        assert!(self.json.as_object().expect("an object").contains_key("owner"));
        assert!(self.json.as_object().expect("an object").contains_key("subscription"));
        self
    }

    /// That it is our failure, told as one: GLPI must not find a verdict in it.
    #[track_caller]
    pub(crate) fn is_our_failure(&self, code: &str) {
        assert_eq!(self.status, 503, "{}", self.text);
        assert!(self.json.get("is_valid").is_none(), "GLPI would believe it for a day: {}", self.text);
        assert_eq!(self.code(), code, "{}", self.text);
        for member in ["title", "detail", "next_step"] {
            assert!(self.json[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {}", self.text);
        }
    }
}

/// The headers of a captured request, in their order.
pub(crate) fn captured(path: &str) -> Vec<(String, String)> {
    captured_requests().into_iter().find(|(known, _)| known == path).expect("it was captured").1
}

/// All captured requests: path and headers.
pub(crate) fn captured_requests() -> Vec<(String, Vec<(String, String)>)> {
    let text = std::fs::read_to_string(test_file("fixtures/glpi/requests-10.0.19.json")).unwrap();
    let requests: Vec<Value> = serde_json::from_str(&text).unwrap();
    let header = |pair: &Value| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
    requests
        .iter()
        .map(|request| {
            let headers = request["headers"].as_array().unwrap().iter().map(header).collect();
            (request["path"].as_str().unwrap().to_owned(), headers)
        })
        .collect()
}
