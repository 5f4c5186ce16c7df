//! The document of the API as a contract: whether an answer is one that it describes.
//!
//! Knows the part of JSON Schema that the document uses, and fails on what it does not know, so that nothing in the
//! document goes unchecked. Stricter than the schema: a member that is not described is a fault.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use latchkey_tests_support::http::{self, Response};
use serde_json::Value;

pub(crate) struct Document(Value);

/// The document as it is kept: a test compares it with what a server gives.
const KEPT: &str = "suite/snapshots/suite__api__the_document_is_as_it_was.snap";

/// From now on no answer of the API goes by that the document does not describe, whoever asked.
pub(crate) fn compare_every_answer() {
    http::overhear(|method, target, response| {
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let is_described = path.starts_with("/api/v1/") && !["/api/v1/openapi.json", "/api/v1/docs"].contains(&path);
        if !is_described {
            return;
        }
        let document = Document::shared();
        // What is not in the answer to HEAD cannot be looked at; all the rest is as for GET.
        if method == "HEAD" && document.find("GET", path).is_some() {
            document.content("GET", path, response);
            return;
        }
        if document.find(method, path).is_some() {
            return document.allows(method, path, response);
        }
        let code = response.json()["code"].as_str().map(str::to_owned);
        let codes = [(404, "NOT_FOUND"), (405, "METHOD_NOT_ALLOWED")];
        let is_one = codes.iter().any(|(status, known)| response.status == *status && code.as_deref() == Some(*known));
        assert!(is_one, "{method} {path} is not in the document: {}", response.text());
        document.check(&document.0["components"]["schemas"]["Problem"], &response.json(), path);
    });
}

impl Document {
    /// The one that all servers of this program have.
    pub(crate) fn shared() -> &'static Self {
        static SHARED: OnceLock<Document> = OnceLock::new();
        SHARED.get_or_init(|| {
            let kept = std::fs::read_to_string(crate::house::test_file(KEPT)).expect("the document");
            let (_, json) = kept.trim_start_matches("---\n").split_once("---\n").expect("a snapshot");
            Self::of(&serde_json::from_str(json).expect("the document"))
        })
    }

    pub(crate) fn of(json: &Value) -> Self {
        Self(json.clone())
    }

    /// Every operation: method, path, and the scope that it needs.
    pub(crate) fn operations(&self) -> Vec<(String, String, String)> {
        let paths = self.0["paths"].as_object().expect("paths");
        paths
            .iter()
            .flat_map(|(path, methods)| {
                // What plugins ask carries its key in the body.
                let with_token = |(_, operation): &(&String, &Value)| operation["security"] != serde_json::json!([{}]);
                methods.as_object().unwrap().iter().filter(with_token).map(move |(method, operation)| {
                    let scope = operation["security"][0]["token"][0].as_str().expect("a scope").to_owned();
                    (method.to_uppercase(), path.clone(), scope)
                })
            })
            .collect()
    }

    /// Every question of the API as a stranger could ask it: this text in the place of each part of a path, and then of each
    /// parameter.
    pub(crate) fn questions_with(&self, text: &str) -> Vec<String> {
        let mut targets = Vec::new();
        for (path, operation) in
            self.0["paths"].as_object().expect("paths").iter().map(|(path, all)| (path, &all["get"]))
        {
            let mut target = path.clone();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let (in_path, in_query): (Vec<_>, Vec<_>) = parameters.partition(|parameter| parameter["in"] == "path");
            for parameter in in_path {
                target = target.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), text);
            }
            for parameter in in_query.iter().filter(|parameter| parameter["in"] == "query") {
                targets.push(format!("{target}?{}={text}", parameter["name"].as_str().unwrap()));
            }
            if target != *path {
                targets.push(target);
            }
        }
        targets
    }

    /// What generated clients call the operations.
    pub(crate) fn operation_ids(&self) -> Vec<&str> {
        let paths = self.0["paths"].as_object().expect("paths").values();
        let operations = paths.flat_map(|methods| methods.as_object().unwrap().values());
        operations.map(|operation| operation["operationId"].as_str().expect("an id")).collect()
    }

    /// Fails where the answer is not one that the document describes.
    #[track_caller]
    pub(crate) fn allows(&self, method: &str, path: &str, response: &Response) {
        let (content_type, schema) = self.content(method, path, response);
        if content_type.ends_with("json") {
            self.check(schema, &response.json(), &format!("{method} {path}: {}", response.status));
        }
    }

    /// What kind of content an answer has, and the schema of that; fails where an answer with its status is not described.
    #[track_caller]
    fn content(&self, method: &str, path: &str, response: &Response) -> (String, &Value) {
        let operation = self.operation(method, path);
        let status = response.status.to_string();
        let place = format!("{method} {path}: {status}");
        let described = self.resolve(&operation["responses"][&status]);
        assert!(!described.is_null(), "{place} is not in the document: {}", response.text());
        let content_type = response.header("content-type").unwrap_or_default();
        let schema = &described["content"][&content_type]["schema"];
        assert!(!schema.is_null(), "{place}: {content_type} is not in the document");
        (content_type, schema)
    }

    fn operation(&self, method: &str, path: &str) -> &Value {
        self.find(method, path).unwrap_or_else(|| panic!("no {method} {path}"))
    }

    fn find(&self, method: &str, path: &str) -> Option<&Value> {
        let parts: Vec<&str> = path.split('/').collect();
        let paths = self.0["paths"].as_object().expect("paths");
        let fits = |template: &str| {
            let template: Vec<&str> = template.split('/').collect();
            template.len() == parts.len()
                && template.iter().zip(&parts).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
        };
        // A path without a placeholder goes before one with.
        let mut fitting: Vec<_> = paths.iter().filter(|(template, _)| fits(template)).collect();
        fitting.sort_by_key(|(template, _)| template.matches('{').count());
        let operations = fitting.iter().map(|(_, operations)| &operations[method.to_lowercase()]);
        operations.into_iter().find(|operation| !operation.is_null())
    }

    fn resolve<'d>(&'d self, json: &'d Value) -> &'d Value {
        match json["$ref"].as_str() {
            Some(reference) => self.0.pointer(reference.strip_prefix('#').unwrap()).expect(reference),
            None => json,
        }
    }

    #[track_caller]
    fn check(&self, schema: &Value, value: &Value, place: &str) {
        let schema = self.resolve(schema);
        for keyword in schema.as_object().expect("a schema").keys() {
            let known = [
                "type",
                "properties",
                "required",
                "items",
                "allOf",
                "oneOf",
                "description",
                "format",
                "minimum",
                "additionalProperties",
            ];
            assert!(known.contains(&keyword.as_str()), "{place}: the keyword {keyword} is not checked");
        }
        if let Some(choices) = schema["oneOf"].as_array() {
            let choice = choices.iter().find(|choice| (choice["type"] == "null") == value.is_null());
            return self.check(choice.expect("a choice"), value, place);
        }
        let (properties, required) = self.members(schema);
        if !properties.is_empty() {
            let object = value.as_object().unwrap_or_else(|| panic!("{place}: {value} is not an object"));
            for name in required {
                assert!(object.contains_key(&name), "{place}: {name} is missing");
            }
            for (name, value) in object {
                let schema = properties.get(name).unwrap_or_else(|| panic!("{place}: {name} is not in the document"));
                self.check(schema, value, &format!("{place} {name}"));
            }
            return;
        }
        let is = |name: &str| match name {
            "string" => value.is_string(),
            "integer" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            "null" => value.is_null(),
            other => panic!("{place}: the type {other} is not checked"),
        };
        let fits = match &schema["type"] {
            Value::String(name) => is(name),
            Value::Array(names) => names.iter().any(|name| is(name.as_str().unwrap())),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) => {
                panic!("{place}: no type: {other}")
            }
        };
        assert!(fits, "{place}: {value} is not {}", schema["type"]);
        if let Some(least) = schema["minimum"].as_i64().filter(|_| value.is_number()) {
            assert!(value.as_i64().is_some_and(|value| value >= least), "{place}: {value} is less than {least}");
        }
        for item in value.as_array().into_iter().flatten() {
            self.check(&schema["items"], item, place);
        }
    }

    /// All members of an object and those that have to be there, those of its parts included.
    fn members(&self, schema: &Value) -> (BTreeMap<String, Value>, Vec<String>) {
        let schema = self.resolve(schema);
        let own = schema["properties"].as_object().into_iter().flatten();
        let mut properties: BTreeMap<String, Value> = own.map(|(name, of)| (name.clone(), of.clone())).collect();
        let names = schema["required"].as_array().into_iter().flatten();
        let mut required: Vec<String> = names.map(|name| name.as_str().unwrap().to_owned()).collect();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (more, also) = self.members(part);
            properties.extend(more);
            required.extend(also);
        }
        (properties, required)
    }
}

/// Each scope has its word in the documentation of tokens.
#[test]
fn every_scope_is_documented() {
    let text = std::fs::read_to_string(crate::house::test_file("../docs/api.md")).unwrap();
    let missing: Vec<_> = latchkey_domain::tokens::Scope::ALL
        .into_iter()
        .map(|scope| scope.name())
        .filter(|name| !text.lines().any(|line| line.starts_with("| `") && line.contains(&format!("`{name}`"))))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
