//! What every page of the console goes through: who asks, whether a form is one of ours, and what goes around an answer.
//!
//! The invariant: a request that changes something comes from one of our own pages. The browser says so (`Origin`, and
//! `Sec-Fetch-Site` where it is sent), and a form of a session carries that session's token besides.

use std::io::Write as _;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERER,
    REFERRER_POLICY, SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use latchkey_domain::operators::SessionStanding;
use latchkey_key::secret::{SecretKey, SecretKind};
use latchkey_store::operators::sessions;

use super::assets::Coding;
use super::notice::{self, Notice};
use super::page;
use super::reader::Reader;
use super::trouble::{Raised, Trouble};
use super::visit::{Guest, Known, SignedIn, target};
use crate::app::App;
use crate::cookies::cookie;

/// Nothing inline, nothing from elsewhere. Tabler draws some marks from `data:` pictures in its style sheet.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// A page shorter than this is not worth compressing, in bytes.
const WORTH_COMPRESSING: usize = 1_024;
/// The longest page, in bytes. Lists are cut into pages of their own long before.
const LONGEST_PAGE: usize = 8 << 20;

pub(super) async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let coding = Coding::of(&parts.headers);
    let had_notice = reads && cookie(&parts.headers, notice::COOKIE).is_some();
    let (guest, known) = know(&app, &parts).await;
    let mut response = match known {
        Ok(()) if !reads && !is_ours(&parts.headers, &app.public_url) => IntoResponse::into_response(Trouble::Foreign),
        Ok(()) => {
            parts.extensions.insert(guest.clone());
            next.run(Request::from_parts(parts, body)).await
        }
        Err(trouble) => IntoResponse::into_response(trouble),
    };
    if let Some(Raised(trouble)) = response.extensions_mut().remove::<Raised>() {
        response = page::of_trouble(&guest, &trouble, response);
    }
    if had_notice && is_page(&response) {
        let gone = format!("{}=; Path=/console; Max-Age=0; HttpOnly; SameSite=Lax", notice::COOKIE);
        if let Ok(gone) = HeaderValue::try_from(gone) {
            response.headers_mut().append(SET_COOKIE, gone);
        }
    }
    guard(response.headers_mut(), app.console_is_secure());
    compressed(response, coding).await
}

/// Whether a browser says that a request was sent from a page that is not ours.
pub(crate) fn is_foreign(headers: &HeaderMap, public_url: &str) -> bool {
    let says = [FETCH_SITE, ORIGIN, REFERER].iter().any(|name| headers.contains_key(name));
    says && !is_ours(headers, public_url)
}

/// An answer with what goes around each page.
pub(crate) async fn dressed(mut response: Response, asked: &HeaderMap, secure: bool) -> Response {
    guard(response.headers_mut(), secure);
    compressed(response, Coding::of(asked)).await
}

/// Who asks. The database away is a trouble of its own, for a guest.
async fn know(app: &App, parts: &Parts) -> (Guest, Result<(), Trouble>) {
    let headers = &parts.headers;
    let reader = Reader::of(headers, &app.zone);
    let mut known = Known {
        reader,
        operator: None,
        half_open: None,
        target: target(&parts.uri),
        notice: cookie(headers, notice::COOKIE).and_then(Notice::read),
    };
    let text = cookie(headers, app.session_cookie()).and_then(|text| SecretKey::read(SecretKind::Session, text).ok());
    let Some(text) = text else { return (Guest::new(known), Ok(())) };
    let now = match app.now() {
        Ok(now) => now,
        Err(failure) => return (Guest::new(known), Err(Trouble::Failed(failure))),
    };
    let vault = app.console.vault.clone();
    let found = app
        .look(move |reader| {
            let found = sessions::recognise(reader, &vault, &text)?;
            Ok(found.map(|(session, operator)| (session, operator, sessions::form_token(&vault, &text))))
        })
        .await;
    let outcome = match found {
        Ok(Some((session, operator, form_token))) if operator.disabled_at.is_none() => {
            let standing = session.times.standing(now);
            let signed_in = SignedIn { operator, session, form_token };
            match standing {
                SessionStanding::Open => {
                    app.console.sightings.note(&signed_in.session, now);
                    known.operator = Some(signed_in);
                }
                SessionStanding::HalfOpen => known.half_open = Some(signed_in),
                SessionStanding::Over => {}
            }
            Ok(())
        }
        Ok(_) => Ok(()),
        Err(trouble) => Err(trouble),
    };
    (Guest::new(known), outcome)
}

/// Whether a browser says that a form was sent from one of our pages. A name that a stranger's page had led to us has a
/// cookie jar of its own, so the name that was asked for may be believed.
fn is_ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if text(&FETCH_SITE).is_some_and(|site| site != "same-origin") {
        return false;
    }
    let authority =
        |url: &str| url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or_default().to_lowercase());
    let from = match text(&ORIGIN) {
        Some(origin) => authority(origin),
        None => text(&REFERER).and_then(authority),
    };
    let ours = [text(&HOST).map(str::to_lowercase), authority(public_url)];
    from.is_some_and(|from| ours.iter().flatten().any(|ours| *ours == from))
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}

fn guard(headers: &mut HeaderMap, secure: bool) {
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(CACHE_CONTROL, "no-store");
    set(VARY, "Accept-Encoding, Accept-Language, Cookie");
    if secure {
        set(STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
}

async fn compressed(response: Response, coding: Coding) -> Response {
    if coding == Coding::Plain || !is_page(&response) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST_PAGE).await else {
        return IntoResponse::into_response(axum::http::StatusCode::INTERNAL_SERVER_ERROR);
    };
    if bytes.len() < WORTH_COMPRESSING {
        return Response::from_parts(parts, Body::from(bytes));
    }
    let mut encoder = flate2::write::GzEncoder::new(Vec::with_capacity(bytes.len() / 3), flate2::Compression::new(5));
    match encoder.write_all(&bytes).and_then(|()| encoder.finish()) {
        Ok(small) => {
            parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            parts.headers.remove(CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(small))
        }
        // Writing to memory does not fail; the page itself is always an answer.
        Err(_) => Response::from_parts(parts, Body::from(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_ours_where_the_browser_says_so() {
        let ours = |headers: &[(&'static str, &'static str)]| {
            let map =
                headers.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            is_ours(&map.collect(), "https://keys.example.org")
        };
        assert!(ours(&[("host", "127.0.0.1:7070"), ("origin", "http://127.0.0.1:7070")]));
        assert!(ours(&[("host", "inner:7070"), ("origin", "https://keys.example.org")]), "behind a proxy");
        assert!(ours(&[("host", "a"), ("origin", "http://A"), ("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("host", "a"), ("referer", "http://a/console/login")]));
        assert!(!ours(&[("host", "a")]), "a browser says where a form comes from");
        assert!(!ours(&[("host", "a"), ("origin", "null")]));
        assert!(!ours(&[("host", "a"), ("origin", "https://evil.example")]));
        assert!(!ours(&[("host", "a"), ("origin", "https://evil.example"), ("referer", "http://a/")]));
        assert!(!ours(&[("host", "a"), ("origin", "http://a"), ("sec-fetch-site", "cross-site")]));
        assert!(!ours(&[("host", "a"), ("origin", "http://a"), ("sec-fetch-site", "same-site")]));
    }
}
