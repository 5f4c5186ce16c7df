//! How a GLPI is asked: its REST API over the guarded client, and what is known of a connection before it is kept.

use std::time::{Duration, Instant};

use latchkey_domain::accounts::{Credentials, Names, Report};
use latchkey_domain::ids::ConnectionId;
use latchkey_domain::outgoing::{Stage, Unanswered, UrlFault};
use latchkey_domain::{Failure, Refusal};
use latchkey_glpi::accounts::{self as api, Call, Entity, Fault, Group, Heard, Profile, Session, Verb, Wire};
use latchkey_outgoing::{Client, Method, Request, Target};
use latchkey_store::accounts::connections;

use crate::app::App;

/// How long one call may take. Less than the lease under which an account is made, so that nobody else takes it up meanwhile.
pub(crate) const CALL_WITHIN: Duration = Duration::from_secs(10);
/// How long somebody waits who asks a GLPI something by hand, whatever number of calls it takes. Less than a request may take by
/// default, so that it is told that the GLPI was slow, and not that we are.
pub(crate) const ASKED_WITHIN: Duration = Duration::from_secs(8);
/// The most bytes of an answer.
const MOST_BYTES: usize = 4 << 20;

/// Asks one GLPI. It blocks.
pub struct Asker {
    client: Client,
    base: String,
    /// When nothing more is asked.
    end: Option<Instant>,
}

/// What an invitation can choose from in a GLPI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// Entities, each behind the one above it.
    pub entities: Vec<Entity>,
    /// Profiles.
    pub profiles: Vec<Profile>,
    /// Groups.
    pub groups: Vec<Group>,
}

/// What a GLPI says when it is asked whether it is fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Whether it is.
    pub report: Report,
    /// What an invitation can choose from, where the service account may see that.
    pub choices: Option<Choices>,
}

impl Asker {
    /// For the GLPI at an address, which is read with [`base`].
    pub fn new(client: Client, base: &str) -> Self {
        Self { client, base: base.to_owned(), end: None }
    }

    /// The same, for so long: what is not answered by then is not waited for, and nothing more is asked.
    #[must_use]
    pub fn within(self, time: Duration) -> Self {
        Self { end: Some(Instant::now() + time), ..self }
    }

    /// It did not answer within the time that somebody waits.
    pub(crate) fn silent(&self) -> Unanswered {
        silent(&self.base)
    }
}

/// The address of a GLPI as it is kept: without `apirest.php`, without a slash at its end, without a query.
pub fn base(url: &str) -> Result<String, UrlFault> {
    let url = url.trim().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let url = url.strip_suffix("/apirest.php").unwrap_or(url).trim_end_matches('/');
    Target::parse(url).map(|_| url.to_owned())
}

impl Choices {
    /// What all that is called.
    pub fn names(&self) -> Names {
        let number = |id: i64| u32::try_from(id).ok();
        Names {
            entities: self.entities.iter().filter_map(|one| Some((number(one.id)?, one.path.clone()))).collect(),
            profiles: self.profiles.iter().filter_map(|one| Some((number(one.id)?, one.name.clone()))).collect(),
            groups: self.groups.iter().filter_map(|one| Some((number(one.id)?, one.path.clone()))).collect(),
        }
    }
}

impl Found {
    /// What entities, profiles and groups are called, as far as it says.
    pub fn names(&self) -> Names {
        self.choices.as_ref().map(Choices::names).unwrap_or_default()
    }
}

/// Asks a GLPI whether it is fit to make accounts in, and what there is to choose from.
pub fn check(asker: &Asker, credentials: &Credentials) -> Result<Found, Fault> {
    let encrypted = asker.base.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    within(asker, credentials, |session| {
        let report = api::check(session, encrypted)?;
        // A service account may lack the right to see some list; the rest is worth knowing all the same.
        let choices = lists(session).ok();
        Ok(Found { report, choices })
    })
}

/// Asks a GLPI what there is to choose from.
pub fn choices(asker: &Asker, credentials: &Credentials) -> Result<Choices, Fault> {
    within(asker, credentials, lists)
}

fn lists(session: &Session<'_, Asker>) -> Result<Choices, Fault> {
    Ok(Choices { entities: api::entities(session)?, profiles: api::profiles(session)?, groups: api::groups(session)? })
}

/// Why a GLPI was not asked, or did not do it.
pub(crate) enum Unasked {
    /// It did not, or cannot.
    Refused(Refusal),
    /// We could not ask.
    Failed(Failure),
}

/// Asks a GLPI on a thread that may wait, for so long.
pub(crate) async fn ask<T: Send + 'static>(
    client: Client,
    base: String,
    credentials: Credentials,
    time: Duration,
    question: fn(&Asker, &Credentials) -> Result<T, Fault>,
) -> Result<T, Unasked> {
    let asker = Asker::new(client, &base).within(time);
    let asked = tokio::task::spawn_blocking(move || question(&asker, &credentials));
    match asked.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(fault)) => Err(Unasked::Refused(Refusal::GlpiUnusable(Box::new(fault)))),
        Err(error) => {
            tracing::error!(%error, "a question to a GLPI panicked");
            Err(Unasked::Failed(Failure::Internal))
        }
    }
}

/// Keeps what a GLPI calls what there is to choose from, where it said something new, so that whoever sees an invitation later
/// reads names beside the numbers. Whoever only looks does not fail over it.
pub(crate) async fn learn(app: &App, id: ConnectionId, choices: &Choices) {
    let said = choices.names();
    let learned = async {
        let mut known = app.look_once(move |reader| Ok(connections::names(reader, id)?)).await?;
        if known.learn(said.clone()) {
            app.alter(move |tx| connections::learn(tx, id, &said)).await?;
        }
        Ok::<_, crate::console::Trouble>(())
    };
    if learned.await.is_err() {
        tracing::debug!(connection = %id, "the names of a GLPI were not kept");
    }
}

/// The address of a GLPI as somebody typed it.
pub(crate) fn read_base(url: &str) -> Result<String, Refusal> {
    base(url).map_err(|fault| Refusal::GlpiUnusable(Box::new(Fault::Unanswered(Unanswered::UrlInvalid(fault)))))
}

/// A GLPI that did not answer within the time that somebody waits.
pub(crate) fn silent(url: &str) -> Unanswered {
    match Target::parse(url) {
        Ok(target) => Unanswered::TimedOut { origin: target.origin().clone(), stage: Stage::Answer },
        Err(fault) => Unanswered::UrlInvalid(fault),
    }
}

fn within<T>(
    asker: &Asker,
    credentials: &Credentials,
    ask: impl FnOnce(&Session<'_, Asker>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let session = Session::open(asker, credentials)?;
    let answer = ask(&session);
    session.close();
    answer
}

impl Wire for Asker {
    fn send(&self, call: &Call<'_>) -> Result<Heard, Unanswered> {
        let target = Target::parse(&format!("{}{}", self.base, call.path)).map_err(Unanswered::UrlInvalid)?;
        let left = self.end.map_or(CALL_WITHIN, |end| end.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return Err(self.silent());
        }
        let body = call.body.unwrap_or_default();
        let method = match call.verb {
            Verb::Get => Method::Get,
            Verb::Post => Method::Post(body),
            Verb::Put => Method::Put(body),
            Verb::Delete => Method::Delete,
        };
        let headers: Vec<(&str, &str)> = call.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let within = CALL_WITHIN.min(left);
        let request = Request { target: &target, method, headers: &headers, within, most_bytes: MOST_BYTES };
        let answer = self.client.send(&request)?;
        let content_range = answer.header("content-range").map(str::to_owned);
        Ok(Heard { status: answer.status, body: answer.body, content_range })
    }
}

#[cfg(test)]
mod tests {
    use latchkey_outgoing::Settings;

    use super::*;

    #[test]
    fn whoever_waits_is_answered_in_time_however_many_calls_are_slow() {
        // It takes connections, and says nothing.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let settings = Settings { allowed: vec!["127.0.0.0/8".parse().unwrap()], roots: Vec::new() };
        let url = format!("http://{}", silent.local_addr().unwrap());
        let asker = Asker::new(Client::new(&settings), &url).within(Duration::from_millis(300));
        let begun = Instant::now();
        for _ in 0..5 {
            let call = Call { verb: Verb::Get, path: "/apirest.php/Entity".into(), headers: Vec::new(), body: None };
            let answer = asker.send(&call).map(|heard| heard.status);
            assert!(matches!(answer, Err(Unanswered::TimedOut { .. })), "{answer:?}");
        }
        assert!(begun.elapsed() < CALL_WITHIN, "all of them together wait for no longer than one would");
    }

    #[test]
    fn an_address_is_kept_in_one_form() {
        for typed in [
            "https://glpi.example.org/glpi",
            " https://glpi.example.org/glpi/ ",
            "https://glpi.example.org/glpi/apirest.php",
            "https://glpi.example.org/glpi/apirest.php/?x=1#y",
        ] {
            assert_eq!(base(typed).as_deref(), Ok("https://glpi.example.org/glpi"), "{typed}");
        }
        assert_eq!(base("glpi.example.org"), Err(UrlFault::Form));
        assert_eq!(base("https://u:p@glpi.example.org"), Err(UrlFault::Credentials));
    }
}
