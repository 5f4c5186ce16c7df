//! The keys that sign registration keys: the list, one, and the next.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_store::audit;
use latchkey_store::signing_keys::{self, SigningKey};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, reason};
use super::detail::DetailPage;
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::{optional_reason, unchanged};
use super::keys::choices;
use super::list::{Action, Cell, Csv, Filter, ListPage, Query, Sorted, Table, Turns};
use super::notice::Notice;
use super::page::show;
use super::reader::Reader;
use super::states;
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;

const PLACE: &str = "/console/signing-keys";
const STATES: [&str; 2] = ["signs", "retired"];

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/signing-keys.csv", get(file)),
        Place::page("/console/signing-keys/rotate", get(ask_rotate).post(rotate)),
        Place::page("/console/signing-keys/{key}", get(show_one)),
    ]
}

/// What the list is asked for. Signing keys are few: they are filtered and sorted here.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    state: String,
    sort: String,
    order: String,
}

fn state(key: &SigningKey) -> &'static str {
    if key.retired_at.is_none() { STATES[0] } else { STATES[1] }
}

fn badge(reader: &Reader, key: &SigningKey) -> Cell {
    let class = if key.retired_at.is_none() { "bg-green-lt" } else { "bg-secondary-lt" };
    Cell::badge(states::named(reader, state(key)), class)
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let mut found = app.look(|reader| Ok(signing_keys::list(reader)?)).await?;
    found.retain(|key| !STATES.contains(&wish.state.as_str()) || state(key) == wish.state);
    // They are read oldest first, and the newest is usually the one that matters.
    let sorted = Sorted { by: (), name: "made", descending: wish.order != "asc" };
    if sorted.descending {
        found.reverse();
    }
    let query = Query::of([("state", wish.state.clone()), ("sort", wish.sort.clone()), ("order", wish.order.clone())]);
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("signing-keys-title"));
    let columns = vec![
        (frame.t("signing-key"), None),
        (frame.t("state"), None),
        (frame.t("since"), Some("made")),
        (frame.t("retired-at"), None),
    ];
    let row = |key: &SigningKey| {
        vec![
            Cell::code(key.id.to_string()).to(format!("{PLACE}/{}", key.id)),
            badge(reader, key),
            Cell::text(reader.time(key.created_at)),
            Cell::text(key.retired_at.map_or_else(|| "–".to_owned(), |at| reader.time(at))),
        ]
    };
    let table = Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.iter().map(row).collect());
    let actions = if visit.can(Deed::RotateSigningKey) {
        vec![Action::new("/console/signing-keys/rotate", frame.t("signing-key-rotate"), icons::REFRESH)]
    } else {
        Vec::new()
    };
    Ok(show(&ListPage {
        said: None,
        actions,
        filters: vec![Filter::choice("state", frame.t("state"), &wish.state, choices(reader, STATES))],
        none: frame.t("none-found"),
        filtered: query.filters(),
        path: PLACE,
        turns: Turns::default(),
        csv: Some("/console/signing-keys.csv".to_owned()),
        table,
        page: frame,
    }))
}

async fn file(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let mut csv = Csv::new(&["signing_key", "state", "public_key", "created_at", "retired_at"]);
    for key in app.look(|reader| Ok(signing_keys::list(reader)?)).await? {
        csv.row([
            key.id.to_string(),
            state(&key).to_owned(),
            key.public_key.to_base64(),
            key.created_at.to_string(),
            key.retired_at.map(|at| at.to_string()).unwrap_or_default(),
        ]);
    }
    Ok(csv.answer("signing-keys"))
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (found, lines, people) = app
        .look(move |reader| {
            let found = signing_keys::list(reader)?.into_iter().find(|key| key.id.to_string() == id);
            let mut lines = audit::history(reader, "signing-key", &id)?;
            lines.reverse();
            Ok((found, lines, People::read(reader)?))
        })
        .await?;
    let key = found.ok_or(Trouble::NotFound)?;
    let (reader, id) = (visit.reader(), key.id.to_string());
    let frame = visit.page(PLACE, reader.t_with("signing-key-title", &[("key", id.as_str())]));
    let mut facts = vec![
        (frame.t("signing-key"), Cell::code(id.as_str())),
        (frame.t("public-key"), Cell::code(key.public_key.to_base64())),
        (frame.t("since"), Cell::text(reader.time(key.created_at))),
    ];
    if let Some(at) = key.retired_at {
        facts.push((frame.t("retired-at"), Cell::text(reader.time(at))));
    }
    let actions = if visit.can(Deed::RotateSigningKey) && key.retired_at.is_none() {
        vec![Action::new("/console/signing-keys/rotate", frame.t("signing-key-rotate"), icons::REFRESH)]
    } else {
        Vec::new()
    };
    Ok(show(&DetailPage {
        state: Some(badge(reader, &key)),
        about: vec![frame.t(if key.retired_at.is_none() { "signing-key-signs" } else { "signing-key-retired" })],
        actions,
        facts,
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, &id),
        more: None,
        page: frame,
    }))
}

/// The one that signs now, and the latest row about it.
async fn current(app: &App) -> Result<(String, i64), Trouble> {
    app.look(|reader| {
        let current = signing_keys::list(reader)?.into_iter().find(|key| key.retired_at.is_none());
        let id = current.map(|key| key.id.to_string()).unwrap_or_default();
        let seen = audit::latest(reader, "signing-key", &id)?;
        Ok((id, seen))
    })
    .await
}

async fn rotate_page(app: &App, visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> Result<DeedPage, Trouble> {
    let (id, seen) = current(app).await?;
    let page = visit.page(PLACE, visit.reader().t("signing-key-rotate-title"));
    let will = page.t_with("signing-key-rotate-will", &[("key", id)]);
    let page = DeedPage::new(page, "signing-key-rotate", format!("{PLACE}/rotate"), PLACE.to_owned());
    let why = reason(&page.page, typed, refusal, false);
    Ok(page.will(will).seen(seen).for_good().input(why).refused(refusal))
}

async fn ask_rotate(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::RotateSigningKey)?;
    Ok(show(&rotate_page(&app, &visit, &Fields::default(), None).await?))
}

async fn rotate(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::RotateSigningKey)?;
    let (vault, actor, seen) = (app.console.vault.clone(), form.visit.actor(), form.seen());
    let rotated = match optional_reason(&form) {
        Ok(why) => {
            form.once(&app, move |tx| {
                let signs = signing_keys::list(tx)?.into_iter().find(|key| key.retired_at.is_none());
                if let Some(signs) = signs {
                    unchanged(tx, "signing-key", &signs.id.to_string(), seen)?;
                }
                Ok(signing_keys::rotate(tx, &vault, &actor, why.as_ref())?.id.to_string())
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match rotated {
        Ok(id) => Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-signing-key-rotated"))),
        Err(Trouble::Refused(refusal)) => {
            Ok(refused(&refusal, &rotate_page(&app, &form.visit, &form.fields, Some(&refusal)).await?))
        }
        Err(trouble) => Err(trouble),
    }
}
