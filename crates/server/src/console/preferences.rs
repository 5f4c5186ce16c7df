//! Language and theme, as a reader chooses them: kept in the browser, so that they count before signing in, too.

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use axum::response::Response;
use axum::routing::post;
use latchkey_texts::Language;
use latchkey_texts::console::LANGUAGES;

use super::Place;
use super::form::{GuestForm, is_ours};
use super::reader::{LANGUAGE_COOKIE, THEME_COOKIE, Theme};
use super::trouble::see_other;
use crate::app::App;

pub(super) fn places() -> Vec<Place> {
    vec![Place::action("/console/preferences", post(choose))]
}

async fn choose(State(app): State<App>, form: GuestForm) -> Response {
    let back = form.fields.text("back");
    let mut response = see_other(if is_ours(back) { back } else { "/console/" });
    let language = Language::from_tag(form.fields.text("language")).filter(|language| LANGUAGES.contains(language));
    let theme = Theme::named(form.fields.text("theme"));
    let secure = if app.console_is_secure() { "; Secure" } else { "" };
    let chosen =
        [language.map(|language| (LANGUAGE_COOKIE, language.tag())), theme.map(|theme| (THEME_COOKIE, theme.name()))];
    for (name, value) in chosen.into_iter().flatten() {
        let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}
