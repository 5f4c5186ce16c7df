//! What every request to the form goes through: whether a browser says that it came from elsewhere, and what goes around an
//! answer. Unlike the console's, a form here has its visit's own token, which no other page knows, so that a browser which says
//! nothing is believed.

use std::convert::Infallible;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use axum::http::{Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use latchkey_texts::Language;
use zeroize::Zeroize as _;

use crate::app::App;
use crate::console;

/// The cookie that holds a visit.
pub(super) const COOKIE: &str = "latchkey_join";
/// The longest form, in bytes.
const MOST_BYTES: usize = 16 * 1_024;
/// The most fields that are looked at.
const MOST_FIELDS: usize = 40;

pub(super) async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    let (headers, method) = (request.headers().clone(), request.method().clone());
    let reads = matches!(method, Method::GET | Method::HEAD);
    let response = if !reads && console::is_foreign(&headers, &app.public_url) {
        super::foreign(language_of(&headers, "", None))
    } else {
        next.run(request).await
    };
    console::dressed(response, &headers, app.is_secure()).await
}

/// What was typed. Wiped when it is let go.
pub(super) struct Sent(Vec<(String, String)>);

impl Sent {
    /// What was typed into a field; nothing where it is not there. Of several, the first.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// What is shown again: no passwords.
    pub(super) fn kept(&self) -> Vec<(&'static str, String)> {
        ["firstname", "realname", "email", "login"].map(|name| (name, self.text(name).to_owned())).into()
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

impl FromRequest<App> for Sent {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &App) -> Result<Self, Infallible> {
        // What is too long or does not read has no fields, and so not its visit's token.
        let body = to_bytes(request.into_body(), MOST_BYTES).await.unwrap_or_default();
        Ok(Self(form_urlencoded::parse(&body).into_owned().take(MOST_FIELDS).collect()))
    }
}

/// The language that was chosen in the address.
pub(super) fn wish(uri: &Uri) -> String {
    let query = uri.query().unwrap_or_default();
    let wish = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
    wish.map(|(_, tag)| tag.chars().take(10).collect()).unwrap_or_default()
}

/// In which language somebody reads: the one that was chosen, else the invitation's, else the browser's.
pub(super) fn language_of(headers: &HeaderMap, wish: &str, invitation: Option<&str>) -> Language {
    let browser =
        || Language::negotiate(headers.get(ACCEPT_LANGUAGE).map(|value| value.as_bytes()).unwrap_or_default());
    Language::from_tag(wish).or_else(|| invitation.and_then(Language::from_tag)).unwrap_or_else(browser)
}
