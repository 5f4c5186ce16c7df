//! All data at once: given out, backed up, taken in.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use latchkey_domain::request::ValueFault;
use latchkey_domain::tokens::Scope;
use latchkey_domain::{Failure, Refusal};
use latchkey_store::archive::{self, Trouble};
use latchkey_store::subscriptions::import::{self, Fate, Sale};
use latchkey_store::{Done, Select, Undone};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::pour::{Pouring, pour};
use super::query::{Named, Params};
use crate::app::App;
use crate::exports::{self, Failed, Kind};
use crate::problem::{Problem, not_found};

/// Rows that are taken in at once, as one change.
const MOST_ROWS: usize = 200;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(export)).routes(routes!(backup)).routes(routes!(take_in))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Exporting {
    /// `csv`, with a line of names, or `jsonl`, one JSON object a line.
    #[param(inline)]
    format: Option<Format>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Format {
    Csv,
    Jsonl,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Importing {
    /// Change nothing, and say what would become of each row.
    #[serde(default)]
    dry_run: bool,
    /// One bad row keeps every row out.
    #[schema(min_items = 1, max_items = 200)]
    rows: Vec<ImportRow>,
}

/// A customer alone, or a subscription that was sold elsewhere: then all of `offer`, `begin_date` and `end_date`.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportRow {
    /// Its name, or its id; one that is not there is added.
    #[schema(min_length = 1, max_length = 200)]
    customer: String,
    /// The offer's reference.
    offer: Option<String>,
    /// The first day.
    #[schema(format = Date)]
    begin_date: Option<String>,
    /// The last day, inclusive.
    #[schema(format = Date)]
    end_date: Option<String>,
    /// Whether it is to have a key.
    #[serde(default)]
    issue_key: bool,
}

#[derive(Serialize, ToSchema)]
struct Imported {
    /// Whether nothing was changed, because nothing was to be.
    dry_run: bool,
    /// In the order in which they came.
    rows: Vec<ImportedRow>,
}

#[derive(Serialize, ToSchema)]
struct ImportedRow {
    /// `made`, `exists`, or `key_added` where the subscription was there and lacked the key.
    fate: &'static str,
    /// The key that was issued.
    key_id: Option<String>,
    /// Its text.
    registration_key: Option<String>,
}

/// A row as it is meant.
#[derive(Clone)]
enum Row {
    Customer(String),
    Sale(Sale),
}

/// Everything of a kind, as a file. Nothing that is secret is in it: keys and tokens are without their texts.
#[utoipa::path(get, path = "/exports/{kind}", tag = "data", security(("token" = ["data:export"])),
    params(("kind" = String, Path, description = "`customers`, `offers`, `subscriptions`, `keys`, `instances`, `trials`, `plugins`, `downloads`, `connections`, `invitations`, `registrations`, `directory` (accounts of people who registered while there was no GLPI), `enrollment-keys`, `agents`, `operators`, `tokens`, `signing-keys` or `audit`."), Exporting),
    responses((status = 200, description = "The file.", content((String = "text/csv; charset=utf-8"), (String = "application/jsonl")))))]
async fn export(
    State(app): State<App>,
    caller: Caller,
    uri: Uri,
    Named(kind): Named,
    params: Params<Exporting>,
) -> Result<Response, Problem> {
    caller.may(Scope::DataExport)?;
    let Some(kind) = Kind::ALL.into_iter().find(|it| it.name() == kind) else { return Err(not_found(uri).await) };
    let format = match params.0.format {
        Some(Format::Csv) | None => exports::Format::Csv,
        Some(Format::Jsonl) => exports::Format::Jsonl,
    };
    export_of(&app, kind, format).await.map_err(Problem::ours)
}

/// Everything of a kind, while it is read: for the console as well.
pub(crate) async fn export_of(app: &App, kind: Kind, format: exports::Format) -> Result<Response, Failure> {
    let media_type = match format {
        exports::Format::Csv => "text/csv; charset=utf-8",
        exports::Format::Jsonl => "application/jsonl",
    };
    let (store, now) = (app.store.clone(), app.now()?);
    let what = Pouring { media_type, file: format!("{}.{}", kind.name(), format.name()) };
    pour(&app.api.pours, what, move |out| match exports::write(kind, format, &store, now, out, |_| {}) {
        Ok(_) => Ok(()),
        Err(Failed::Store(error)) => Err(error.failure()),
        Err(Failed::Written(_)) => Err(Failure::Overloaded),
    })
    .await
}

/// Everything as one file, as it is at one moment, while everything goes on. The master key is not in it.
#[utoipa::path(get, path = "/backup", tag = "data", security(("token" = ["data:backup"])),
    responses((status = 200, description = "The file, for `latchkey restore`.", body = Vec<u8>, content_type = "application/octet-stream")))]
async fn backup(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::DataBackup)?;
    backup_of(&app).await.map_err(Problem::ours)
}

/// The same for the console as well.
pub(crate) async fn backup_of(app: &App) -> Result<Response, Failure> {
    let (store, now) = (app.store.clone(), app.now()?);
    let time: String = now.to_string().chars().filter(|c| c.is_ascii_alphanumeric()).take(15).collect();
    let what = Pouring { media_type: "application/octet-stream", file: format!("latchkey-{time}.backup") };
    pour(&app.api.pours, what, move |out| match archive::write(&store, now, out, |_, _| {}) {
        Ok(_) => Ok(()),
        Err(Trouble::Store(error)) => Err(error.failure()),
        Err(Trouble::Io(_)) => Err(Failure::Overloaded),
        Err(trouble) => {
            tracing::error!(?trouble, "a backup was not made");
            Err(Failure::Internal)
        }
    })
    .await
}

/// Take in customers and subscriptions that were sold elsewhere, all or none. What is there already is left alone.
#[utoipa::path(post, path = "/imports", tag = "data", request_body = Importing, security(("token" = ["data:import"])),
    responses((status = 200, description = "What became of each row.", body = Imported)))]
async fn take_in(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (Importing { dry_run, rows }, claim) = posted.read(Scope::DataImport)?;
    if rows.is_empty() || rows.len() > MOST_ROWS {
        let fault = ValueFault::OutOfRange { least: 1, most: MOST_ROWS as u32 };
        return Err(Problem::member(Some("rows".to_owned()), fault));
    }
    let mut meant = Vec::with_capacity(rows.len());
    for (row, number) in rows.into_iter().zip(1..) {
        meant.push(row.meant(&app).map_err(|problem| problem.in_row(number))?);
    }
    let (vault, actor, zone) = (app.api.vault.clone(), posted.caller.actor(), app.zone.clone());
    let (rows, there) = (meant.clone(), zone.clone());
    let fates = app.ask(move |reader| {
        let mut fates = Vec::with_capacity(rows.len());
        for (row, number) in rows.iter().zip(1..) {
            match row.fate(reader, &there) {
                Ok(fate) => fates.push(ImportedRow::fated(fate)),
                Err(Undone::Refused(refusal)) => return Ok(Err((number, refusal))),
                Err(failed) => return Err(failed),
            }
        }
        Ok(Ok(fates))
    });
    let fates = match fates.await? {
        Ok(fates) => fates,
        Err((number, refusal)) => return Err(Problem::refusal(&refusal, &app.zone).in_row(number)),
    };
    if dry_run {
        return Ok(shown(&Imported { dry_run, rows: fates }));
    }
    let rows = meant;
    app.change(claim, StatusCode::OK, move |tx| {
        let rows = rows.iter().map(|row| match row {
            Row::Customer(name) => Ok(ImportedRow::fated(import::take_customer(tx, name, &actor)?)),
            Row::Sale(sale) => {
                let taken = import::take_sale(tx, &vault, sale, &zone, &actor)?;
                let issued = taken.issued.as_ref();
                Ok(ImportedRow {
                    key_id: issued.map(|issued| issued.key.id.to_string()),
                    registration_key: issued.map(|issued| issued.text.reveal().to_owned()),
                    ..ImportedRow::fated(taken.fate)
                })
            }
        });
        Ok(Imported { dry_run: false, rows: rows.collect::<Done<Vec<_>>>()? })
    })
    .await
}

impl ImportRow {
    fn meant(self, app: &App) -> Result<Row, Problem> {
        let Self { customer, offer, begin_date, end_date, issue_key } = self;
        if !issue_key && offer.is_none() && begin_date.is_none() && end_date.is_none() {
            return Ok(Row::Customer(customer));
        }
        let missing = |name: &str| Problem::member(Some(name.to_owned()), ValueFault::Missing);
        let day = |name: &'static str, given: Option<String>| {
            let given = given.ok_or_else(|| missing(name))?;
            given.parse().map_err(|_| Problem::refusal(&Refusal::DateInvalid { given }, &app.zone).about(name))
        };
        let offer = offer.ok_or_else(|| missing("offer"))?;
        let (begins, ends) = (day("begin_date", begin_date)?, day("end_date", end_date)?);
        Ok(Row::Sale(Sale { customer, offer, begins, ends, key: issue_key }))
    }
}

impl Row {
    fn fate(&self, from: &mut impl Select, zone: &latchkey_domain::time::Zone) -> Done<Fate> {
        match self {
            Self::Customer(name) => import::fate_of_customer(from, name),
            Self::Sale(sale) => import::fate_of_sale(from, sale, zone),
        }
    }
}

impl ImportedRow {
    fn fated(fate: Fate) -> Self {
        let fate = match fate {
            Fate::Made => "made",
            Fate::Exists => "exists",
            Fate::KeyAdded => "key_added",
            Fate::Updated => "updated",
        };
        Self { fate, key_id: None, registration_key: None }
    }
}
