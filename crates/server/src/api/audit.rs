//! The audit log: who did what, when and why.

use axum::extract::State;
use axum::response::Response;
use latchkey_domain::tokens::Scope;
use latchkey_store::audit::{self, Finding};
use latchkey_store::signing_keys;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::desk::shown;
use super::query::{Params, cursor, cut, limit, place};
use super::subscriptions::lines;
use crate::app::App;
use crate::problem::Problem;
use crate::records;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(verify))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`. The last page of all has one, too: it shows what came after.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct AuditPage {
    /// Oldest first.
    lines: Vec<records::AuditLine>,
    /// Whether there are more.
    more: bool,
    /// The cursor of what comes after this page.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Verified {
    /// Whether every row and every signed head agree.
    whole: bool,
    /// `WHOLE`, `ALTERED`, `MISSING`, `CUT`, `REWRITTEN` or `HEAD_FORGED`.
    finding: &'static str,
    /// The row that the finding is about.
    seq: Option<i64>,
    /// How many rows there are.
    rows: Option<i64>,
    /// How many signed heads were compared.
    heads: Option<usize>,
    /// How many reasons were erased, which breaks nothing.
    erased_reasons: Option<i64>,
}

/// Rows of the audit log, oldest first.
#[utoipa::path(get, path = "/audit", tag = "audit log", params(Listing),
    security(("token" = ["audit:read"])), responses((status = 200, description = "A page of rows.", body = AuditPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::AuditRead)?;
    let Params(Listing { limit: most, cursor: after }) = params;
    let most = limit(most)?;
    let after = place("audit", after.as_deref(), |seq| seq.parse().ok().filter(|seq| *seq >= 0))?.unwrap_or(0);
    let mut rows = app.ask(move |reader| Ok(audit::lines(reader, after, i64::from(most) + 1)?)).await?;
    let more = cut(&mut rows, most);
    let next = cursor("audit", &rows.last().map_or(after, |last| last.seq).to_string());
    Ok(shown(&AuditPage { lines: lines(&rows), more, next: Some(next) }))
}

/// Verify every row, the log's end, and every signed head in the database. Heads that were kept elsewhere are compared by
/// the command line.
#[utoipa::path(get, path = "/audit/verification", tag = "audit log", security(("token" = ["audit:read"])),
    responses((status = 200, description = "What was found.", body = Verified)))]
async fn verify(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::AuditRead)?;
    let finding = app
        .ask(|reader| {
            let ring = signing_keys::ring(reader)?;
            Ok(audit::verify(reader, &ring, &[], |_, _| {})?)
        })
        .await?;
    let (name, seq) = match finding {
        Finding::Whole { .. } => ("WHOLE", None),
        Finding::Altered { seq } => ("ALTERED", Some(seq)),
        Finding::Missing { seq } => ("MISSING", Some(seq)),
        Finding::Cut { last, was: _ } => ("CUT", Some(last)),
        Finding::Rewritten { seq } => ("REWRITTEN", Some(seq)),
        Finding::HeadForged { seq } => ("HEAD_FORGED", Some(seq)),
    };
    let whole = match finding {
        Finding::Whole { rows, heads, erased } => Some((rows, heads, erased)),
        Finding::Altered { .. }
        | Finding::Missing { .. }
        | Finding::Cut { .. }
        | Finding::Rewritten { .. }
        | Finding::HeadForged { .. } => None,
    };
    Ok(shown(&Verified {
        whole: whole.is_some(),
        finding: name,
        seq,
        rows: whole.map(|(rows, _, _)| rows),
        heads: whole.map(|(_, heads, _)| heads),
        erased_reasons: whole.map(|(_, _, erased)| erased),
    }))
}
