//! Where a key is exchanged for a token that counts for a quarter of an hour, as OAuth's client credentials.

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use latchkey_domain::Refusal;
use latchkey_domain::time::Timestamp;
use latchkey_glpi::agent::{Format, Packing};
use latchkey_store::enrollment::access::{self, Access, COUNTS_FOR};
use serde::{Deserialize, Serialize};

use super::told::{self, Manner};
use super::{Gateway, credentials};
use crate::app::App;
use crate::front::Exchange;

/// What a client sends is short.
const LONGEST: usize = 8 << 10;

#[derive(Deserialize)]
struct Asked {
    grant_type: String,
    client_id: String,
    client_secret: String,
}

#[derive(Serialize)]
struct Granted {
    token_type: &'static str,
    expires_in: i64,
    access_token: String,
}

#[derive(Serialize)]
struct Denied<'d> {
    error: &'static str,
    error_description: &'d str,
}

/// Exchanges a key for a token. A key that is suspended or over gets one, too: its agents may hand in what they have, and
/// are told with their next message how it stands.
pub(super) async fn exchange(app: &App, exchange: &Exchange, body: Body, now: Timestamp) -> Response {
    let Ok(Ok(body)) = tokio::time::timeout(app.gateway.receive_time, axum::body::to_bytes(body, LONGEST)).await else {
        return denied(StatusCode::BAD_REQUEST, "invalid_request", "the request did not come as a whole");
    };
    let Some(asked) = read(&body) else {
        return denied(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "grant_type, client_id and client_secret are needed",
        );
    };
    if asked.grant_type != "client_credentials" {
        return denied(StatusCode::BAD_REQUEST, "unsupported_grant_type", "only client_credentials is granted here");
    }
    match grant(&app.gateway, &asked, now) {
        Some(granted) => json(StatusCode::OK, &granted),
        None => {
            app.gateway.tally.count("token", Refusal::EnrollmentKeyWrong.code());
            if let Some(seconds) = app.failed_keys.note(exchange.client(), app.clock.monotonic()) {
                return told::too_many(app, seconds, Manner { format: Format::Json, packing: Packing::Plain });
            }
            denied(
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "the client's id and secret are not those of an enrollment key",
            )
        }
    }
}

fn grant(gateway: &Gateway, asked: &Asked, now: Timestamp) -> Option<Granted> {
    let shown = credentials::by_text(gateway, Some(&asked.client_id), &asked.client_secret)?;
    shown.known.key.not_revoked().ok()?;
    let until = now.plus(COUNTS_FOR);
    let access = Access { key: shown.known.key.id.clone(), generation: shown.generation, until };
    Some(Granted {
        token_type: "Bearer",
        expires_in: COUNTS_FOR / 1_000,
        access_token: access::token(&gateway.vault, &access),
    })
}

/// As JSON, which agents send, or as a form, which the standard says.
fn read(body: &[u8]) -> Option<Asked> {
    if let Ok(asked) = serde_json::from_slice(body) {
        return Some(asked);
    }
    let member =
        |name: &str| form_urlencoded::parse(body).find(|(given, _)| given == name).map(|(_, value)| value.into_owned());
    Some(Asked {
        grant_type: member("grant_type")?,
        client_id: member("client_id")?,
        client_secret: member("client_secret")?,
    })
}

fn denied(status: StatusCode, error: &'static str, error_description: &str) -> Response {
    json(status, &Denied { error, error_description })
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).unwrap_or_default();
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (status, headers, body).into_response()
}
