//! What waits for a GLPI that cannot take it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::tokens::Scope;
use latchkey_store::enrollment::queue::{self, Queued};
use latchkey_store::{Done, StoreError, Tx, Undone, audit};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithoutReason, read_reason};
use super::query::{self, Named, Params};
use crate::app::App;
use crate::problem::Problem;
use crate::records::enrollment as record;

const KIND: &str = "queue";

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(retry_all))
        .routes(routes!(retry))
        .routes(routes!(discard))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Those alone that GLPI said no to.
    dead: Option<bool>,
}

#[derive(Serialize, ToSchema)]
struct QueuePage {
    /// How much waits in all.
    load: record::QueueLoad,
    /// Oldest first.
    queued: Vec<record::QueuedMessage>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Tried {
    /// How many messages.
    tried: i64,
}

/// What waits, the oldest first.
#[utoipa::path(get, path = "/queue", tag = "queue", params(Listing),
    security(("token" = ["queue:read"])), responses((status = 200, description = "A page of messages.", body = QueuePage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::QueueRead)?;
    let Params(Listing { limit, cursor, dead }) = params;
    let limit = query::limit(limit)?;
    let after = query::place(KIND, cursor.as_deref(), |place| place.parse::<i64>().ok())?.unwrap_or_default();
    let store = app.gateway.queue.clone();
    let asked = tokio::task::spawn_blocking(move || {
        store.read(|reader| {
            Ok((queue::list(reader, dead.unwrap_or(false), after, limit.saturating_add(1))?, queue::load(reader)?))
        })
    });
    let (mut found, load) = match asked.await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => return Err(Problem::ours(error.failure())),
        Err(error) => return Err(Problem::ours(StoreError::Bug(error.to_string()).failure())),
    };
    let more = query::cut(&mut found, limit);
    let next = found.last().filter(|_| more).map(|last| query::cursor(KIND, &last.number.to_string()));
    let queued = found.iter().map(record::QueuedMessage::new).collect();
    Ok(shown(&QueuePage { load: record::QueueLoad::new(&load), queued, more, next }))
}

/// Try all messages again now, dead ones too. Each keeps its place among those of its agent.
#[utoipa::path(post, path = "/queue/retry", tag = "queue", request_body = WithoutReason,
    security(("token" = ["queue:write"])), responses((status = 200, description = "How many are tried.", body = Tried)))]
async fn retry_all(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (WithoutReason { reason }, claim) = posted.read(Scope::QueueWrite)?;
    let reason = read_reason(&app, reason.as_deref())?;
    let now = app.now().map_err(Problem::ours)?;
    let all = app.gateway.queue.clone();
    let tried = match tokio::task::spawn_blocking(move || queue::retry_all(&all, now)).await {
        Ok(Ok(tried)) => tried,
        Ok(Err(Undone::Refused(refusal))) => return Err(Problem::refusal(&refusal, &app.zone)),
        Ok(Err(Undone::Failed(error))) => return Err(Problem::ours(error.failure())),
        Err(error) => return Err(Problem::ours(StoreError::Bug(error.to_string()).failure())),
    };
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| {
        let entry = audit::Entry::new(&actor, "queue.retry", "queue", "all").reason(reason.as_ref());
        tx.audit(entry.detail(json!({ "messages": tried })))?;
        Ok(Tried { tried })
    })
    .await
}

/// Try a message again now, a dead one too. It keeps its place among those of its agent.
#[utoipa::path(post, path = "/queue/{message}/retry", tag = "queue", request_body = WithoutReason,
    security(("token" = ["queue:write"])), params(("message" = String, Path, description = "Its number.")),
    responses((status = 200, description = "The message as it is now.", body = record::QueuedMessage)))]
async fn retry(State(app): State<App>, Named(number): Named, posted: Posted) -> Result<Response, Problem> {
    change(&app, number, &posted, "queue.retry", queue::retry).await
}

/// Take a message away that is not to be delivered.
#[utoipa::path(post, path = "/queue/{message}/drop", tag = "queue", request_body = WithoutReason,
    security(("token" = ["queue:write"])), params(("message" = String, Path, description = "Its number.")),
    responses((status = 200, description = "The message as it was.", body = record::QueuedMessage)))]
async fn discard(State(app): State<App>, Named(number): Named, posted: Posted) -> Result<Response, Problem> {
    change(&app, number, &posted, "queue.drop", queue::discard).await
}

/// What is done to the queue and what is kept of that lie in two places where the database is embedded: first it is done,
/// then it is written down, and a repetition under the same name finds it done.
async fn change(
    app: &App,
    number: String,
    posted: &Posted,
    action: &'static str,
    operation: fn(&mut Tx<'_>, &str) -> Done<Queued>,
) -> Result<Response, Problem> {
    let (WithoutReason { reason }, claim) = posted.read(Scope::QueueWrite)?;
    let reason = read_reason(app, reason.as_deref())?;
    let now = app.now().map_err(Problem::ours)?;
    let done = app.gateway.queue.write(now, move |tx| operation(tx, &number)).await;
    let (message, refusal): (Option<Queued>, Option<Refusal>) = match done {
        Ok(message) => (Some(message), None),
        // It may be the repetition of a request that was done.
        Err(Undone::Refused(refusal)) => (None, Some(refusal)),
        Err(Undone::Failed(error)) => return Err(Problem::ours(error.failure())),
    };
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| match (&message, &refusal) {
        (Some(message), _) => {
            let detail = json!({ "agent": message.agent, "what": message.what });
            tx.audit(
                audit::Entry::new(&actor, action, "queue", message.number).reason(reason.as_ref()).detail(detail),
            )?;
            Ok(record::QueuedMessage::new(message))
        }
        (None, Some(refusal)) => Err(refusal.clone().into()),
        (None, None) => Err(StoreError::Bug("nothing was done".into()).into()),
    })
    .await
}
