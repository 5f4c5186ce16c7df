//! What a list is asked for: parameters, each known and there once, and the place where the last page ended.

use axum::extract::{FromRequestParts, Path, Query};
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use latchkey_domain::request::ValueFault;
use latchkey_domain::text::Name;
use latchkey_domain::time::Date;
use latchkey_store::lists::{At, Ends, Found, Page, Sorting};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::fault;
use crate::app::App;
use crate::problem::{Problem, not_found};

/// Items on a page where nothing is said.
const USUAL: u32 = 50;
/// The most items on a page.
const MOST: u32 = 200;

/// The parameters of a list.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => {
                let said = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
                let (name, fault) = fault::read(&said);
                Err(Problem::parameter(name, fault))
            }
        }
    }
}

/// The thing that an address names.
pub(super) struct Named(pub(super) String);

impl FromRequestParts<App> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        match Path::<String>::from_request_parts(parts, app).await {
            Ok(Path(name)) => Ok(Self(name)),
            // Bytes that are no text name nothing.
            Err(_) => Err(not_found(parts.uri.clone()).await),
        }
    }
}

/// Which end of a list comes first.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Order {
    /// The smallest, or the oldest.
    Asc,
    /// The largest, or the newest.
    Desc,
}

/// The page that is asked for. `kind` names the list and how it is sorted.
pub(super) fn page(
    kind: &str,
    sorting: impl Sorting,
    order: Order,
    most: Option<u32>,
    cursor: Option<&str>,
) -> Result<Page, Problem> {
    let first = Page::first(limit(most)?);
    let first = if order == Order::Desc { first.descending() } else { first };
    Ok(match place(kind, cursor, |text| sorting.place(text))? {
        Some(place) => first.at(At::After(place)),
        None => first,
    })
}

/// The cursor of what follows a page, if anything does.
pub(super) fn next<T>(kind: &str, found: &Found<T>) -> Option<String> {
    found.after.as_ref().map(|place| cursor(kind, &place.to_text()))
}

/// Last days of subscriptions.
pub(super) fn ends(from: Option<&str>, until: Option<&str>) -> Result<Ends, Problem> {
    let day = |name: &str, given: Option<&str>| match given {
        None => Ok(None),
        Some(given) => match given.parse::<Date>().ok().filter(|day| day.to_string() == given) {
            Some(day) => Ok(Some(day)),
            None => Err(Problem::parameter(Some(name.to_owned()), ValueFault::NoDay)),
        },
    };
    Ok(Ends { from: day("ends_from", from)?, until: day("ends_until", until)? })
}

/// A word that a list is narrowed by, as it is written in one line.
pub(super) fn word(app: &App, name: &'static str, given: Option<&str>) -> Result<Option<String>, Problem> {
    let word = given.map(|given| Name::parse(name, given).map(|word| word.to_string())).transpose();
    word.map_err(|refusal| Problem::refusal(&refusal, &app.zone))
}

/// How many items a page is to have.
pub(super) fn limit(given: Option<u32>) -> Result<u32, Problem> {
    match given {
        None => Ok(USUAL),
        Some(limit @ 1..=MOST) => Ok(limit),
        Some(_) => Err(Problem::parameter(Some("limit".to_owned()), ValueFault::OutOfRange { least: 1, most: MOST })),
    }
}

/// The cursor that stands for a place in a list of a kind.
pub(super) fn cursor(kind: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}\n{place}"))
}

/// The place that a cursor stands for. One of another list is refused, and so is one that nobody gave out.
pub(super) fn place<P>(
    kind: &str,
    cursor: Option<&str>,
    read: impl FnOnce(&str) -> Option<P>,
) -> Result<Option<P>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let decoded = URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let place = decoded.as_deref().and_then(|text| text.split_once('\n'));
    match place.filter(|(of, place)| *of == kind && !place.contains('\0')).and_then(|(_, place)| read(place)) {
        Some(place) => Ok(Some(place)),
        None => Err(Problem::parameter(Some("cursor".to_owned()), ValueFault::ForeignCursor)),
    }
}

/// Cuts a list that was asked for one more than its limit. True where there is more.
pub(super) fn cut<T>(list: &mut Vec<T>, limit: u32) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = list.len() > limit;
    list.truncate(limit);
    more
}
