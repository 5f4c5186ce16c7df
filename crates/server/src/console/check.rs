//! A page for whoever has a key: how it stands, until when, and what to do next. Nobody signs in for it, and the key comes by POST,
//! since it belongs into no address. In all languages.

use askama::Template;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{ACCEPT_LANGUAGE, HeaderMap, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Failure;
use latchkey_domain::subscriptions::{KeyEntry, Verdict, decide};
use latchkey_key::registration;
use latchkey_texts::{Language, Said, letters};
use serde::Deserialize;

use super::Place;
use super::form::GuestForm;
use super::page::show_as;
use super::visit::Wishes;
use crate::app::App;
use crate::front::Exchange;
use crate::keys::NoEntry;
use crate::metrics::Limit;
use crate::public::Public;

const PLACE: &str = "/check";

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(empty).post(check))]
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    lang: String,
}

#[derive(Template)]
#[template(path = "console/check.html")]
struct CheckPage {
    language: Language,
    /// What is wrong with what was pasted, or with us.
    said: Option<Said>,
    found: Option<Found>,
}

/// How a key stands.
struct Found {
    /// `open`, `closed` or `refused`.
    verdict: &'static str,
    offer: String,
    ends: String,
    /// The last day of the grace period, where it is another.
    grace: Option<String>,
    answer: String,
    next: String,
}

impl Public for CheckPage {
    fn language(&self) -> Language {
        self.language
    }
}

/// In which language somebody reads: the one that was chosen, else the one that the browser asks for.
struct Reads(Language);

impl FromRequestParts<App> for Reads {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut axum::http::request::Parts, app: &App) -> Result<Self, Self::Rejection> {
        let Wishes(wish) = Wishes::<Wish>::from_request_parts(parts, app).await?;
        Ok(Self(Language::from_tag(&wish.lang).unwrap_or_else(|| wished(&parts.headers))))
    }
}

fn wished(headers: &HeaderMap) -> Language {
    Language::negotiate(headers.get(ACCEPT_LANGUAGE).map(|value| value.as_bytes()).unwrap_or_default())
}

async fn empty(Reads(language): Reads) -> Response {
    show_as(StatusCode::OK, &CheckPage { language, said: None, found: None })
}

async fn check(State(app): State<App>, exchange: Exchange, Reads(language): Reads, form: GuestForm) -> Response {
    // Long lines are broken by mail programs and by hands; GLPI itself takes the key as one line.
    let text = form.fields.text("registration_key").trim().to_owned();
    let page = |said, found| CheckPage { language, said, found };
    match app.keys.entry(text.as_bytes(), || registration::read(text.as_bytes())).await {
        Ok(known) => match app.now() {
            Ok(now) => {
                let entry = known.entry();
                exchange.about(entry.key.id);
                let verdict = decide(&entry, now);
                show_as(StatusCode::OK, &page(None, Some(found(&app, &entry, &verdict, language))))
            }
            Err(failure) => failed(&page, &failure, language),
        },
        Err(NoEntry::Damaged(damage)) => {
            // Asked only here: whoever has a key is never kept waiting.
            if let Some(seconds) = app.failed_keys.note(exchange.client(), app.clock.monotonic()) {
                app.metrics.limited(Limit::FailedKeys);
                let wait = letters::word(language, "check-wait", &[("seconds", &seconds.to_string())]);
                let title = latchkey_texts::damage(&damage, language).title;
                let said = Said { title, cause: wait, next_step: String::new() };
                let mut response = show_as(StatusCode::TOO_MANY_REQUESTS, &page(Some(said), None));
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                return response;
            }
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &page(Some(latchkey_texts::damage(&damage, language)), None))
        }
        Err(NoEntry::Failed(failure)) => failed(&page, &failure, language),
    }
}

fn failed(page: &impl Fn(Option<Said>, Option<Found>) -> CheckPage, failure: &Failure, language: Language) -> Response {
    show_as(StatusCode::SERVICE_UNAVAILABLE, &page(Some(latchkey_texts::failure(failure, language)), None))
}

fn found(app: &App, entry: &KeyEntry, verdict: &Verdict, language: Language) -> Found {
    let period = entry.subscription.period;
    let said = latchkey_texts::verdict_said(verdict, language, &app.zone);
    let (answer, next) = match said {
        Some(said) => (said.cause, said.next_step),
        None => (
            latchkey_texts::verdict(verdict, entry, language, &app.zone),
            letters::word(language, "check-nothing", &[]),
        ),
    };
    Found {
        verdict: verdict.name(),
        offer: app.offer_title(&entry.subscription.offer),
        ends: period.ends.to_string(),
        grace: (period.grace_ends != period.ends).then(|| period.grace_ends.to_string()),
        answer,
        next,
    }
}
