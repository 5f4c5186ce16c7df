//! `latchkey enroll`: enrollment keys, with which agents may hand in their inventory.

mod check;
mod create;

use clap::{Args, Subcommand};
use latchkey_domain::enrollment::{EnrollmentKey, KeyStanding};
use latchkey_domain::text::Reason;
use latchkey_server::records::enrollment::{Agent as AgentRecord, CreatedEnrollmentKey, EnrollmentKey as Record};
use latchkey_store::audit;
use latchkey_store::enrollment::keys::{self, Created};
use latchkey_store::lists::Page as Rows;
use latchkey_store::lists::agents::{AgentSort, Which, page as agents_page};
use latchkey_store::{Reader, Store, StoreError, Tx};
use serde_json::{Value as Json, json};

use super::{cut, say_more};
use crate::context::Context;
use crate::printer::{Page, Tone};
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

/// Agents that are named one by one.
const MOST_NAMED: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub(crate) enum Enroll {
    /// Make a key; its text is shown this once
    Create(create::Create),
    /// Show all keys, without their texts
    List(List),
    /// Show one, which agents still use a secret that was replaced, and its history
    Show(Show),
    /// Let nobody in for the time being; who was let in hands in what it has
    Suspend(Change),
    /// Let agents in again
    Resume(Change),
    /// Take a key's right away, at once and for good
    Revoke(Revoke),
    /// Make another secret; the present one counts for a while
    Rotate(Rotate),
    /// Play an agent's first contact with a gateway, and say what comes of it
    Check(check::Check),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The key's id or name
    key: String,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// The key's id or name
    key: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    change: Change,
    /// Shut out the agents that came with it, too
    #[arg(long)]
    quarantine: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Rotate {
    #[command(flatten)]
    change: Change,
    /// For how many days the present secret counts beside the new one
    #[arg(long, value_name = "N", default_value_t = 30)]
    overlap_days: u32,
}

pub(super) fn run(command: Enroll, context: &Context) -> Result<Exit, Problem> {
    match command {
        Enroll::Create(arguments) => create::run(&arguments, context),
        Enroll::List(arguments) => list(&arguments, context),
        Enroll::Show(arguments) => show(&arguments, context),
        Enroll::Suspend(arguments) => {
            let (store, actor) = (context.store()?, context.actor.clone());
            let reason = arguments.reason(context)?;
            change(&store, context, "The key lets nobody in until it is resumed.", move |tx| {
                keys::suspend(tx, &arguments.key, &actor, reason.as_ref())
            })
        }
        Enroll::Resume(arguments) => {
            let (store, actor) = (context.store()?, context.actor.clone());
            let reason = arguments.reason(context)?;
            change(&store, context, "The key lets agents in again.", move |tx| {
                keys::resume(tx, &arguments.key, &actor, reason.as_ref())
            })
        }
        Enroll::Revoke(arguments) => revoke(arguments, context),
        Enroll::Rotate(arguments) => rotate(arguments, context),
        Enroll::Check(arguments) => check::run(&arguments, context),
    }
}

impl Change {
    fn reason(&self, context: &Context) -> Result<Option<Reason>, Problem> {
        reason(self.reason.as_deref(), context)
    }
}

/// Why something is done, where somebody says so.
pub(super) fn reason(text: Option<&str>, context: &Context) -> Result<Option<Reason>, Problem> {
    let read = text.map(Reason::parse).transpose();
    read.map_err(|refusal| Problem::refused(&refusal, context.zone()))
}

fn list(arguments: &List, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.limit);
    let mut found = context.ask(&store, |reader| Ok(keys::list(reader, "", limit.saturating_add(1))?))?;
    let more = cut(&mut found, limit);
    context.printer.answer(
        || {
            let all: Vec<Json> = found.iter().map(|key| records::json(&Record::new(key, now))).collect();
            json!({ "enrollment_keys": all, "more": more })
        },
        |page| {
            if found.is_empty() {
                page.line("There are no enrollment keys yet.");
                page.advice(format!("The first one: {} enroll create --name NAME --approve", context.program()));
                return;
            }
            let rows = found
                .iter()
                .map(|key| {
                    let standing = key.standing(now);
                    let limit = key.policy.agent_limit.map(|limit| format!(" of {limit}")).unwrap_or_default();
                    vec![
                        (key.id.clone(), Tone::Plain),
                        (key.name.to_string(), Tone::Plain),
                        (standing.name().to_owned(), tone(standing)),
                        (format!("{}{limit}", key.agents), Tone::Plain),
                        (key.policy.tag.as_ref().map_or("-".to_owned(), ToString::to_string), Tone::Plain),
                        (key.policy.glpi.clone(), Tone::Plain),
                        (key.ends_at.map_or("never".to_owned(), instant), Tone::Faint),
                    ]
                })
                .collect();
            page.table(&["key", "name", "state", "agents", "tag", "GLPI", "ends"], &[1], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn show(arguments: &Show, context: &Context) -> Result<Exit, Problem> {
    let (store, now) = (context.store()?, context.now());
    let (key, old, history) = context.ask(&store, |reader| {
        let key = keys::find(reader, &arguments.key)?;
        let which = Which { key: Some(key.id.clone()), old_secret: true, ..Which::default() };
        let old = agents_page(reader, &which, AgentSort::Device, &Rows::first(MOST_NAMED))?.rows;
        let history = audit::history(reader, "enrollment", &key.id)?;
        Ok((key, old, history))
    })?;
    context.printer.answer(
        || {
            let mut all = records::members(records::json(&Record::new(&key, now)));
            let with_old: Vec<Json> = old.iter().map(|agent| records::json(&AgentRecord::new(agent))).collect();
            all.insert("agents_with_old_secret".to_owned(), Json::Array(with_old));
            all.insert("history".to_owned(), records::history(&history));
            Json::Object(all)
        },
        |page| {
            facts(page, &key, now);
            if !old.is_empty() {
                page.blank();
                page.heading("Agents that still use the secret from before");
                let rows = old.iter().map(|agent| {
                    vec![
                        (agent.device.to_string(), Tone::Plain),
                        (instant(agent.last_seen_at), Tone::Faint),
                        (agent.address.clone(), Tone::Plain),
                    ]
                });
                page.table(&["device", "last seen", "address"], &[0], rows.collect());
            }
            page.blank();
            records::history_table(page, &history);
        },
    )?;
    Ok(Exit::Done)
}

fn change(
    store: &Store,
    context: &Context,
    said: &str,
    operation: impl FnMut(&mut Tx<'_>) -> latchkey_store::Done<EnrollmentKey> + Send + 'static,
) -> Result<Exit, Problem> {
    let key = context.change(store, operation)?;
    let now = context.now();
    context.printer.answer(
        || records::json(&Record::new(&key, now)),
        |page| {
            page.line(said);
            facts(page, &key, now);
        },
    )?;
    Ok(Exit::Done)
}

fn revoke(arguments: Revoke, context: &Context) -> Result<Exit, Problem> {
    let (store, actor) = (context.store()?, context.actor.clone());
    let reason = arguments.change.reason(context)?;
    let with_agents = arguments.quarantine;
    let revoked = context
        .change(&store, move |tx| keys::revoke(tx, &arguments.change.key, with_agents, &actor, reason.as_ref()))?;
    let now = context.now();
    context.printer.answer(
        || {
            let mut all = records::members(records::json(&Record::new(&revoked.key, now)));
            all.insert("quarantined".to_owned(), json!(revoked.quarantined));
            Json::Object(all)
        },
        |page| {
            page.line("The key was revoked; agents are refused with their next message.");
            if with_agents {
                let are = if revoked.quarantined == 1 { "is" } else { "are" };
                page.line(format!(
                    "{} of its agents {are} in quarantine, with whatever key they come.",
                    revoked.quarantined
                ));
            }
            facts(page, &revoked.key, now);
        },
    )?;
    Ok(Exit::Done)
}

fn rotate(arguments: Rotate, context: &Context) -> Result<Exit, Problem> {
    let ((store, vault), actor) = (context.store_and_vault()?, context.actor.clone());
    let reason = arguments.change.reason(context)?;
    let overlap = arguments.overlap_days;
    let created = context
        .change(&store, move |tx| keys::rotate(tx, &vault, &arguments.change.key, overlap, &actor, reason.as_ref()))?;
    say_created(&created, &store, context, "Agents that still use the secret from before: latchkey enroll show KEY")
}

/// A key with its text, this once.
fn say_created(created: &Created, store: &Store, context: &Context, advice: &str) -> Result<Exit, Problem> {
    let now = context.now();
    let url = context.ask(store, |reader| Ok(gateway_url(reader, context)?))?;
    let record = CreatedEnrollmentKey::new(created, &url, now);
    context.printer.answer(
        || records::json(&record),
        |page| {
            page.line(&record.enrollment_key);
            if context.printer.is_quiet() {
                return;
            }
            page.blank();
            facts(page, &created.key, now);
            page.blank();
            page.heading("In an agent's configuration");
            page.facts(&[
                ("server", Some(record.url.clone())),
                ("user", Some(record.key.basic_user.clone())),
                ("password", Some("the key".to_owned())),
            ]);
            page.advice(
                "The key is not shown again. From agent 1.10 on oauth-client-id and oauth-client-secret do the same.",
            );
            page.advice(advice);
        },
    )?;
    Ok(Exit::Done)
}

/// Where agents find the gateway, as far as it is known here: as it was configured, else as the server said last.
fn gateway_url(reader: &mut Reader<'_>, context: &Context) -> Result<String, StoreError> {
    if let Some(url) = &context.config.gateway.url {
        return Ok(url.clone());
    }
    if let Some(url) = keys::gateway_url(reader)? {
        return Ok(url);
    }
    let scheme = if context.config.front.tls.is_some() { "https" } else { "http" };
    let service = context.config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", context.config.listen));
    Ok(format!("{service}/gateway/"))
}

fn facts(page: &mut Page, key: &EnrollmentKey, now: latchkey_domain::time::Timestamp) {
    let standing = key.standing(now);
    let networks: Vec<String> = key.policy.networks.iter().map(ToString::to_string).collect();
    let limit = key.policy.agent_limit.map(|limit| format!(" of at most {limit}")).unwrap_or_default();
    page.facts(&[
        ("key id", Some(key.id.clone())),
        ("name", Some(key.name.to_string())),
        ("state", Some(tone(standing).paint(standing.name()))),
        ("GLPI", Some(key.policy.glpi.clone())),
        ("tag", key.policy.tag.as_ref().map(ToString::to_string)),
        ("agents", Some(format!("{}{limit}", key.agents))),
        ("networks", (!networks.is_empty()).then(|| networks.join(", "))),
        ("new agents", Some(if key.policy.approves { "are let in at once" } else { "wait for a person" }.to_owned())),
        (
            "secret before",
            key.previous_until.filter(|until| *until > now).map(|until| format!("counts until {}", instant(until))),
        ),
        ("ends", key.ends_at.map(instant)),
    ]);
}

fn tone(standing: KeyStanding) -> Tone {
    match standing {
        KeyStanding::Active => Tone::Good,
        KeyStanding::Suspended { .. } | KeyStanding::Expired { .. } => Tone::Careful,
        KeyStanding::Revoked { .. } => Tone::Bad,
    }
}
