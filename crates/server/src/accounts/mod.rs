//! How a GLPI is asked: its REST API over the guarded client, and what is known of a connection before it is kept.

use std::time::Duration;

use latchkey_domain::accounts::{Credentials, Report};
use latchkey_domain::outgoing::{Stage, Unanswered, UrlFault};
use latchkey_domain::{Failure, Refusal};
use latchkey_glpi::accounts::{self as api, Call, Entity, Fault, Group, Heard, Profile, Session, Verb, Wire};
use latchkey_outgoing::{Client, Method, Request, Target};

/// How long one call may take. Less than the lease under which an account is made, so that nobody else takes it up meanwhile.
pub(crate) const CALL_WITHIN: Duration = Duration::from_secs(10);
/// The most bytes of an answer.
const MOST_BYTES: usize = 4 << 20;

/// Asks one GLPI. It blocks.
pub struct Asker {
    client: Client,
    base: String,
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

impl Asker {
    /// For the GLPI at an address, which is read with [`base`].
    pub fn new(client: Client, base: &str) -> Self {
        Self { client, base: base.to_owned() }
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

/// Asks a GLPI whether it is fit to make accounts in.
pub fn check(asker: &Asker, credentials: &Credentials) -> Result<Report, Fault> {
    let encrypted = asker.base.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    within(asker, credentials, |session| api::check(session, encrypted))
}

/// Asks a GLPI what there is to choose from.
pub fn choices(asker: &Asker, credentials: &Credentials) -> Result<Choices, Fault> {
    within(asker, credentials, |session| {
        Ok(Choices {
            entities: api::entities(session)?,
            profiles: api::profiles(session)?,
            groups: api::groups(session)?,
        })
    })
}

/// Why a GLPI was not asked, or did not do it.
pub(crate) enum Unasked {
    /// It did not, or cannot.
    Refused(Refusal),
    /// We could not ask.
    Failed(Failure),
}

/// Asks a GLPI on a thread that may wait.
pub(crate) async fn ask<T: Send + 'static>(
    client: Client,
    base: String,
    credentials: Credentials,
    question: fn(&Asker, &Credentials) -> Result<T, Fault>,
) -> Result<T, Unasked> {
    let asked = tokio::task::spawn_blocking(move || question(&Asker::new(client, &base), &credentials));
    match asked.await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(fault)) => Err(Unasked::Refused(Refusal::GlpiUnusable(Box::new(fault)))),
        Err(error) => {
            tracing::error!(%error, "a question to a GLPI panicked");
            Err(Unasked::Failed(Failure::Internal))
        }
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
        let body = call.body.unwrap_or_default();
        let method = match call.verb {
            Verb::Get => Method::Get,
            Verb::Post => Method::Post(body),
            Verb::Put => Method::Put(body),
            Verb::Delete => Method::Delete,
        };
        let headers: Vec<(&str, &str)> = call.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let request =
            Request { target: &target, method, headers: &headers, within: CALL_WITHIN, most_bytes: MOST_BYTES };
        let answer = self.client.send(&request)?;
        let content_range = answer.header("content-range").map(str::to_owned);
        Ok(Heard { status: answer.status, body: answer.body, content_range })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
