//! `/api/v1/docs`: the document as a page for people. Rendered here, with nothing from elsewhere and no script.

use std::fmt::Write as _;
use std::sync::LazyLock;

use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::document;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}\
code,pre{font:14px/1.4 ui-monospace,monospace;background:#f2f2f2;padding:.1em .3em;border-radius:3px}\
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}td,th{text-align:left;vertical-align:top;\
border-bottom:1px solid #ddd;padding:.3rem .6rem .3rem 0}h2{margin-top:2.5rem;border-bottom:2px solid #1a1a1a}\
h3{margin-top:2rem}nav li{display:inline-block;margin-right:1rem}nav ul{padding:0}";

/// The policy lets in the one style sheet that stands in the page, by its digest, and nothing else.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = BASE64.encode(Sha256::digest(STYLE));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
});

static PAGE: LazyLock<String> = LazyLock::new(|| Page::default().whole(&document()));

/// `GET /api/v1/docs`.
pub(super) async fn page() -> Response {
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY.as_str())];
    (headers, PAGE.as_str()).into_response()
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn whole(mut self, document: &Json) -> String {
        self.add(format_args!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Latchkey: REST API</title>\
             <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style></head><body>\n<h1>Latchkey: REST API</h1>\n"
        ));
        for paragraph in text(&document["info"]["description"]).split("\n\n") {
            self.add(format_args!("<p>{}</p>\n", prose(paragraph)));
        }
        self.add(format_args!("<p>For programs: <a href=\"/api/v1/openapi.json\">openapi.json</a>.</p>\n"));
        let operations = operations(document);
        let mut tags: Vec<&str> = Vec::new();
        for operation in &operations {
            if !tags.contains(&operation.tag) {
                tags.push(operation.tag);
            }
        }
        self.add(format_args!("<nav><ul>"));
        for tag in &tags {
            self.add(format_args!("<li><a href=\"#{}\">{}</a></li>", anchor(tag), escaped(tag)));
        }
        self.add(format_args!("<li><a href=\"#shapes\">shapes</a></li></ul></nav>\n"));
        for tag in tags {
            self.add(format_args!("<h2 id=\"{}\">{}</h2>\n", anchor(tag), escaped(tag)));
            for operation in operations.iter().filter(|operation| operation.tag == tag) {
                self.operation(operation);
            }
        }
        self.add(format_args!("<h2 id=\"shapes\">Shapes</h2>\n"));
        for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
            self.schema(name, schema);
        }
        self.add(format_args!("</body></html>\n"));
        self.0
    }

    fn operation(&mut self, operation: &Operation<'_>) {
        let Operation { method, path, tag: _, json } = operation;
        self.add(format_args!("<h3><code>{} {}</code></h3>\n", method.to_uppercase(), escaped(path)));
        let words = [text(&json["summary"]), text(&json["description"])].join(" ");
        self.add(format_args!("<p>{}</p>\n", prose(words.trim())));
        if let Some(scope) = json["security"][0]["token"][0].as_str() {
            self.add(format_args!("<p>Scope: <code>{}</code></p>\n", escaped(scope)));
        }
        let parameters = json["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let named: Vec<&Json> = parameters.iter().filter(|parameter| parameter["name"].is_string()).collect();
        if !named.is_empty() {
            self.add(format_args!("<table><tr><th>parameter</th><th>in</th><th>what</th></tr>\n"));
            for parameter in named {
                self.add(format_args!(
                    "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                    escaped(text(&parameter["name"])),
                    escaped(text(&parameter["in"])),
                    prose(text(&parameter["description"])),
                ));
            }
            self.add(format_args!("</table>\n"));
        }
        let body = &json["requestBody"]["content"]["application/json"]["schema"];
        if !body.is_null() {
            self.add(format_args!("<p>Body: {}</p>\n", kind(body)));
        }
        for (status, response) in json["responses"].as_object().into_iter().flatten() {
            let schema = &response["content"]["application/json"]["schema"];
            if !schema.is_null() {
                let what = prose(text(&response["description"]));
                self.add(format_args!("<p>{}: {what} {}</p>\n", escaped(status), kind(schema)));
            }
        }
    }

    fn schema(&mut self, name: &str, schema: &Json) {
        self.add(format_args!("<h3 id=\"{}\">{}</h3>\n", anchor(name), escaped(name)));
        self.add(format_args!("<p>{}</p>\n", prose(text(&schema["description"]))));
        self.add(format_args!("<table><tr><th>member</th><th>type</th><th>what</th></tr>\n"));
        let parts = schema["allOf"].as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(schema));
        for part in parts {
            if part["$ref"].is_string() {
                self.add(format_args!("<tr><td colspan=\"3\">all of {}</td></tr>\n", kind(part)));
            }
            for (member, of) in part["properties"].as_object().into_iter().flatten() {
                self.add(format_args!(
                    "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                    escaped(member),
                    kind(of),
                    prose(text(&of["description"])),
                ));
            }
        }
        self.add(format_args!("</table>\n"));
    }

    fn add(&mut self, html: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.0.write_fmt(html);
    }
}

struct Operation<'d> {
    method: &'d str,
    path: &'d str,
    tag: &'d str,
    json: &'d Json,
}

fn operations(document: &Json) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, methods)| {
            methods.as_object().into_iter().flatten().map(move |(method, json)| Operation {
                method,
                path,
                tag: text(&json["tags"][0]),
                json,
            })
        })
        .collect()
}

/// The type of a value, as HTML.
fn kind(schema: &Json) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next()) {
        return format!("<a href=\"#{}\">{}</a>", anchor(name), escaped(name));
    }
    if schema["type"] == "array" {
        return format!("list of {}", kind(&schema["items"]));
    }
    match &schema["type"] {
        Json::String(name) => escaped(name),
        Json::Array(names) => escaped(&names.iter().map(text).collect::<Vec<_>>().join(" or ")),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => String::new(),
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

fn anchor(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// Text with its `code` between backticks.
fn prose(text: &str) -> String {
    let mut html = String::new();
    for (at, part) in escaped(text).split('`').enumerate() {
        if at % 2 == 1 {
            html.push_str(&format!("<code>{part}</code>"));
        } else {
            html.push_str(part);
        }
    }
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
