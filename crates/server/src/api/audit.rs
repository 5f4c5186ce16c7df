//! The audit log: who did what, when and why.

use axum::extract::State;
use axum::response::Response;
use latchkey_domain::request::ValueFault;
use latchkey_domain::time::{Date, Timestamp, day_after};
use latchkey_domain::tokens::Scope;
use latchkey_store::audit::{self, Finding, Reached, Verification};
use latchkey_store::lists::audit::{ByNumber, Wanted};
use latchkey_store::lists::{self, At, Page, Sorting as _};
use latchkey_store::signing_keys;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::desk::shown;
use super::parts::lines;
use super::query::{Params, cursor, limit, place, word};
use crate::app::App;
use crate::problem::Problem;
use crate::records;

/// The kind of cursor with which a verification goes on.
const VERIFICATION: &str = "audit-verification";
/// Rows that are verified for one answer: about a second's work.
const MOST_VERIFIED: i64 = 100_000;

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
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Where this was done: an `action`, such as `key.revoke`. With a filter a page may have fewer rows than `limit`, even
    /// none, and still `more`.
    #[param(min_length = 1, max_length = 200)]
    action: Option<String>,
    /// Where it was done with this one: the `subject`, which is an id or an offer's reference.
    #[param(min_length = 1, max_length = 200)]
    subject: Option<String>,
    /// Where this one did it: the `actor`, such as `token:m0820g40m1g7` or `cli:root`.
    #[param(min_length = 1, max_length = 200)]
    actor: Option<String>,
    /// Where it was done then or later: an instant (RFC 3339), or a day in the vendor's time zone.
    from: Option<String>,
    /// Where it was done before that instant, or on that day at the latest.
    until: Option<String>,
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

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Continuing {
    /// Where the part before ended: its `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
}

#[derive(Default, Serialize, ToSchema)]
struct Verified {
    /// Whether every row and every signed head agree.
    whole: bool,
    /// `WHOLE`, or `WHOLE_SO_FAR` where there is a `next`; `ALTERED`, `MISSING`, `CUT`, `REWRITTEN` or `HEAD_FORGED`.
    finding: &'static str,
    /// The row that the finding is about, or that was reached.
    seq: Option<i64>,
    /// How many rows there are.
    rows: Option<i64>,
    /// How many signed heads were compared.
    heads: Option<usize>,
    /// How many reasons were erased, which breaks nothing.
    erased_reasons: Option<i64>,
    /// The cursor of the part after this one; null at the end.
    next: Option<String>,
}

/// Rows of the audit log, oldest first.
#[utoipa::path(get, path = "/audit", tag = "audit log", params(Listing),
    security(("token" = ["audit:read"])), responses((status = 200, description = "A page of rows.", body = AuditPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::AuditRead)?;
    let Params(Listing { limit: most, cursor: after, action, subject, actor, from, until }) = params;
    let most = limit(most)?;
    let wanted = Wanted {
        action: word(&app, "action", action.as_deref())?,
        subject: word(&app, "subject", subject.as_deref())?,
        actor: word(&app, "actor", actor.as_deref())?,
        subject_kind: None,
        from: from.map(|from| instant(&app, "from", &from)).transpose()?,
        until: until.map(|until| instant(&app, "until", &until)).transpose()?,
    };
    let after = place("audit", after.as_deref(), |seq| seq.parse().ok().filter(|seq| *seq >= 0))?.unwrap_or(0);
    let at = ByNumber.place(&format!("[{after}]")).map_or(At::Beginning, At::After);
    let page = Page::first(most).at(at);
    let (found, rows) =
        app.ask(move |reader| Ok((lists::audit::page(reader, &wanted, &page)?, audit::count(reader)?))).await?;
    // The last page has a cursor, too: it shows what came after.
    let next = match &found.after {
        Some(place) => place.to_text().trim_matches(['[', ']']).to_owned(),
        None => rows.max(after).to_string(),
    };
    let next = Some(cursor("audit", &next));
    Ok(shown(&AuditPage { lines: lines(&found.rows), more: found.after.is_some(), next }))
}

/// An instant; a day counts wholly, so as an end it is the instant at which the next one begins.
fn instant(app: &App, name: &str, given: &str) -> Result<Timestamp, Problem> {
    let wrong = || Problem::parameter(Some(name.to_owned()), ValueFault::NoInstant);
    if let Some(at) = Timestamp::parse(given) {
        return Ok(at);
    }
    let day = given.parse::<Date>().ok().filter(|day| day.to_string() == given);
    let day = if name == "until" { day.and_then(day_after) } else { day };
    day.map(|day| app.zone.start_of(day)).ok_or_else(wrong)
}

/// Verify every row, the log's end, and every signed head in the database. A long log is verified piece by piece: where the
/// answer has a `next`, ask again with it as `cursor`. Heads that were kept elsewhere are compared by the command line.
#[utoipa::path(get, path = "/audit/verification", tag = "audit log", params(Continuing),
    security(("token" = ["audit:read"])), responses((status = 200, description = "What was found.", body = Verified)))]
async fn verify(State(app): State<App>, caller: Caller, params: Params<Continuing>) -> Result<Response, Problem> {
    caller.may(Scope::AuditRead)?;
    let Params(Continuing { cursor: on }) = params;
    let reached = place(VERIFICATION, on.as_deref(), read_reached)?.unwrap_or_default();
    let verification = app
        .ask(move |reader| {
            let ring = signing_keys::ring(reader)?;
            Ok(audit::verify_on(reader, &ring, &[], reached, MOST_VERIFIED, |_, _| {})?)
        })
        .await?;
    let broken = |finding, seq| Verified { finding, seq: Some(seq), ..Verified::default() };
    Ok(shown(&match verification {
        Verification::Reached(Reached { seq, hash, erased }) => {
            let next = cursor(VERIFICATION, &format!("{seq} {erased} {hash}"));
            Verified { finding: "WHOLE_SO_FAR", seq: Some(seq), next: Some(next), ..Verified::default() }
        }
        Verification::Ended(Finding::Whole { rows, heads, erased }) => Verified {
            whole: true,
            finding: "WHOLE",
            rows: Some(rows),
            heads: Some(heads),
            erased_reasons: Some(erased),
            ..Verified::default()
        },
        Verification::Ended(Finding::Altered { seq }) => broken("ALTERED", seq),
        Verification::Ended(Finding::Missing { seq }) => broken("MISSING", seq),
        Verification::Ended(Finding::Cut { last, was: _ }) => broken("CUT", last),
        Verification::Ended(Finding::Rewritten { seq }) => broken("REWRITTEN", seq),
        Verification::Ended(Finding::HeadForged { seq }) => broken("HEAD_FORGED", seq),
    }))
}

/// Where a verification goes on. Whoever writes one by hand deceives nobody else.
fn read_reached(text: &str) -> Option<Reached> {
    let [seq, erased, hash] = text.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let reached = Reached { seq: seq.parse().ok()?, erased: erased.parse().ok()?, hash: hash.to_owned() };
    (reached.seq > 0 && reached.erased >= 0 && hash.len() == 64).then_some(reached)
}
