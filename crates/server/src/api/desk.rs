//! What every handler does: ask the store, change something once, answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use latchkey_domain::Failure;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Timestamp;
use latchkey_domain::tokens::Scope;
use latchkey_store::api::idempotency::{self, Claim, Once, Reply};
use latchkey_store::api::tokens;
use latchkey_store::{Actor, Done, Reader, Store, StoreError, Tx, Undone, Vault};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::body::Posted;
use super::parts::{WithoutReason, read_reason};
use crate::app::App;
use crate::front::Pace;
use crate::problem::Problem;

/// Questions of the API that are under way at once; the others wait. Fewer than there are connections to the
/// database, so that no key waits for them.
const AT_ONCE: usize = 4;
/// How long a question waits for its turn.
const TURN_WITHIN: Duration = Duration::from_secs(5);

const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What the API has of its own.
pub(crate) struct Desk {
    pub(super) vault: Vault,
    pub(super) uses: Arc<Uses>,
    pub(super) pace: Pace,
    turns: Semaphore,
    /// For answers that are as long as the database.
    pub(super) pours: Arc<Semaphore>,
}

/// When tokens were last used: noted here, written down by the worker, never while a request waits.
#[derive(Default)]
pub(crate) struct Uses(Mutex<HashMap<String, Timestamp>>);

impl Desk {
    pub(crate) fn new(vault: Vault, requests_per_minute: u32) -> Self {
        let pace = Pace::new(requests_per_minute);
        Self {
            vault,
            uses: Arc::default(),
            pace,
            turns: Semaphore::new(AT_ONCE),
            pours: Arc::new(Semaphore::new(super::pour::AT_ONCE)),
        }
    }
}

impl Uses {
    pub(super) fn note(&self, id: &str, at: Timestamp) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), at);
    }

    /// Writes down what was noted so far. Where that fails it is lost: nothing depends on it.
    pub(crate) fn write_down(&self, store: &Store, now: Timestamp) {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return;
        }
        let uses: Vec<_> = noted.into_iter().collect();
        if let Err(Undone::Failed(error)) = store.write_blocking(now, move |tx| tokens::used(tx, &uses)) {
            tracing::debug!(%error, "uses of tokens were not written down");
        }
    }
}

impl Desk {
    /// Uses of tokens, for the worker.
    pub(crate) fn uses(&self) -> Arc<Uses> {
        self.uses.clone()
    }
}

impl App {
    /// Asks the store something, in one snapshot, on a thread that may wait.
    pub(crate) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Reader<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let turn = tokio::time::timeout(TURN_WITHIN, self.api.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(Problem::ours(Failure::Overloaded)) };
        let store = self.store.clone();
        let answer = tokio::task::spawn_blocking(move || {
            store.read(|reader| match question(reader) {
                Ok(answer) => Ok(Ok(answer)),
                Err(Undone::Refused(refusal)) => Ok(Err(refusal)),
                Err(Undone::Failed(error)) => Err(error),
            })
        });
        match answer.await {
            Ok(Ok(Ok(answer))) => Ok(answer),
            Ok(Ok(Err(refusal))) => Err(Problem::refusal(&refusal, &self.zone)),
            Ok(Err(error)) => Err(failed(&error)),
            Err(error) => {
                tracing::error!(%error, "a question to the database panicked");
                Err(Problem::ours(Failure::Internal))
            }
        }
    }

    /// Asks the store one thing for a GLPI.
    pub(crate) async fn look_up<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut Reader<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Problem> {
        self.ask(|reader| Ok(question(reader)?)).await
    }

    /// Changes something as one operation, once where the request named itself. The answer is made within the operation,
    /// so that it is kept together with what was done.
    pub(super) async fn change<R: Serialize>(
        &self,
        claim: Option<Claim>,
        status: StatusCode,
        mut operation: impl FnMut(&mut Tx<'_>) -> Done<R> + Send + 'static,
    ) -> Result<Response, Problem> {
        let now = self.now().map_err(Problem::ours)?;
        let vault = self.api.vault.clone();
        let done = self.store.write(now, move |tx| {
            idempotency::once(tx, &vault, claim.as_ref(), |tx| {
                let body = serde_json::to_vec(&operation(tx)?).map_err(|error| StoreError::Bug(error.to_string()))?;
                Ok(Reply { status: status.as_u16(), body })
            })
        });
        match done.await {
            Ok(done) => answer_of(done),
            Err(Undone::Refused(refusal)) => Err(Problem::refusal(&refusal, &self.zone)),
            Err(Undone::Failed(error)) => Err(failed(&error)),
        }
    }

    /// The answer of a request that came before under its name: for what is asked of others before [`App::change`], which may
    /// say something else by now, or nothing.
    pub(super) async fn answered(&self, claim: Option<&Claim>) -> Result<Option<Response>, Problem> {
        let Some(claim) = claim.cloned() else { return Ok(None) };
        let now = self.now().map_err(Problem::ours)?;
        let vault = self.api.vault.clone();
        let known = self.look_up(move |reader| idempotency::known(reader, &vault, &claim, now)).await?;
        known.map(answer_of).transpose()
    }

    /// A change of one thing that takes nothing but a reason, where there is one.
    pub(super) async fn change_one<T: 'static, R: Serialize>(
        &self,
        scope: Scope,
        id: String,
        posted: &Posted,
        operation: fn(&mut Tx<'_>, &str, &Actor, Option<&Reason>) -> Done<T>,
        record: impl Fn(&T, Timestamp) -> R + Send + 'static,
    ) -> Result<Response, Problem> {
        let (WithoutReason { reason }, claim) = posted.read(scope)?;
        let (reason, actor) = (read_reason(self, reason.as_deref())?, posted.caller.actor());
        self.change(claim, StatusCode::OK, move |tx| {
            let changed = operation(tx, &id, &actor, reason.as_ref())?;
            Ok(record(&changed, tx.now()))
        })
        .await
    }
}

fn answer_of(done: Once) -> Result<Response, Problem> {
    match done {
        Once::Done(reply) => Ok(answer(reply)),
        Once::Replayed(reply) => {
            let mut response = answer(reply);
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        Once::OtherRequest => Err(Problem::other_request()),
    }
}

/// A record as an answer.
pub(super) fn shown(record: &impl Serialize) -> Response {
    match serde_json::to_vec(record) {
        Ok(body) => answer(Reply { status: StatusCode::OK.as_u16(), body }),
        Err(error) => {
            tracing::error!(%error, "an answer of the API could not be written");
            Problem::ours(Failure::Internal).into_response()
        }
    }
}

fn answer(reply: Reply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "no-store")];
    (status, headers, reply.body).into_response()
}

pub(super) fn failed(error: &StoreError) -> Problem {
    tracing::error!(%error, "the database did not do what the API was asked for");
    Problem::ours(error.failure())
}
