//! The latest questions about all keys: who asks, and what is refused.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::operators::Deed;
use latchkey_store::questions::{self, Asked, ByTime};
use serde::Deserialize;
use serde_json::json;

use super::Place;
use super::keys::asked_table;
use super::list::{self, AT_A_TIME, Filter, ListPage, ON_A_PAGE, Query, Sorted};
use super::page::show;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;

const PLACE: &str = "/console/questions";
/// What can be looked for: everything that a key that is whole and true may be answered.
const CODES: [&str; 9] = [
    "KEY_REVOKED",
    "KEY_SUPERSEDED",
    "KEY_OVERLAP",
    "SUBSCRIPTION_EXPIRED",
    "SUBSCRIPTION_IN_GRACE",
    "SUBSCRIPTION_ENDS_SOON",
    "SUBSCRIPTION_SUSPENDED",
    "SUBSCRIPTION_TERMINATED",
    "SUBSCRIPTION_NOT_BEGUN",
];

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(list)), Place::action("/console/questions.csv", get(file))]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    code: String,
    after: String,
    before: String,
}

impl Wish {
    fn sorted() -> Sorted<ByTime> {
        Sorted { by: ByTime, name: "time", descending: true }
    }

    fn code(&self) -> Option<String> {
        Some(self.code.trim().chars().take(60).collect()).filter(|code: &String| !code.is_empty())
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let rows = Wish::sorted().rows(ON_A_PAGE, &wish.after, &wish.before);
    let code = wish.code();
    let found = app.look(move |reader| Ok(questions::page(reader, code.as_deref(), &rows)?)).await?;
    let query = Query::of([("code", wish.code.clone())]);
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("last-questions"));
    let mut codes: Vec<_> = std::iter::once((String::new(), frame.t("all")))
        .chain(CODES.map(|code| (code.to_owned(), states::cause(reader, code))))
        .collect();
    if let Some(code) = wish.code().filter(|code| !CODES.contains(&code.as_str())) {
        codes.push((code.clone(), states::cause(reader, &code)));
    }
    let filtered = query.filters();
    Ok(show(&ListPage {
        said: None,
        actions: Vec::new(),
        filters: vec![Filter::choice("code", frame.t("answer"), &wish.code, codes)],
        // A text that is no key belongs to none, so it is counted and not listed.
        none: frame.t(if filtered { "questions-none-so" } else { "questions-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/questions.csv")),
        table: asked_table(reader, &found.rows, true),
        page: frame,
    }))
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    const COLUMNS: &[&str] =
        &["at", "first_at", "times", "key_id", "verdict", "code", "address", "glpi_version", "instance_uid"];
    let code = wish.code();
    let row = |asked: &Asked| {
        json!({
            "at": asked.at.to_string(),
            "first_at": asked.first_at.to_string(),
            "times": asked.times,
            "key_id": asked.key.to_string(),
            "verdict": asked.verdict,
            "code": asked.code,
            "address": asked.address,
            "glpi_version": asked.version,
            "instance_uid": asked.instance,
        })
    };
    list::file(
        &app,
        "questions",
        COLUMNS,
        Wish::sorted().rows(AT_A_TIME, "", ""),
        move |reader, rows| Ok(questions::page(reader, code.as_deref(), rows)?),
        row,
    )
    .await
}
