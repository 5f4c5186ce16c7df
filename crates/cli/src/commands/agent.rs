//! `latchkey agent`: the machines that came with an enrollment key.

use clap::{Args, Subcommand, ValueEnum};
use latchkey_domain::enrollment::{Agent as Domain, AgentStanding};
use latchkey_domain::text::Reason;
use latchkey_domain::time::DAY;
use latchkey_server::records::enrollment::{Agent as Record, ErasedAgent};
use latchkey_store::audit;
use latchkey_store::enrollment::{agents, erasure, keys, queue};
use latchkey_store::lists::Page as Rows;
use latchkey_store::lists::agents::{AgentIs, AgentSort, Which, page};
use latchkey_store::{Done, Tx};
use serde_json::{Value as Json, json};

use super::enroll::reason;
use super::{cut, say_more};
use crate::context::Context;
use crate::printer::{Page, Tone};
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Show agents, those that came first at the top
    List(List),
    /// Show one, and its history
    Show(Show),
    /// Let one in that waits
    Approve(Change),
    /// Shut one out, whatever key it comes with
    Quarantine(Change),
    /// Take one out of quarantine
    Restore(Change),
    /// Erase one for good, with what waits of it for a GLPI; one that comes again is a new one
    Erase(Erase),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Those of this key alone (id or name)
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Those that stand so alone
    #[arg(long, value_enum)]
    state: Option<State>,
    /// Those that sent this tag alone
    #[arg(long)]
    tag: Option<String>,
    /// Those whose version begins so alone, such as GLPI-Agent_v1.1
    #[arg(long)]
    agent_version: Option<String>,
    /// Those that have not come for so many days alone
    #[arg(long, value_name = "DAYS")]
    silent: Option<u32>,
    /// Those that share their identity with another machine alone
    #[arg(long)]
    twins: bool,
    /// Those that still use a secret that was replaced alone
    #[arg(long)]
    old_secret: bool,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum State {
    Approved,
    Pending,
    Quarantined,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The agent's id, device or GLPI-Agent-ID
    agent: String,
}

#[derive(Debug, Args)]
pub(crate) struct Change {
    /// The agent's id, device or GLPI-Agent-ID
    agent: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The agent's id, device or GLPI-Agent-ID
    agent: String,
    /// Why, for the audit log; it is kept, so name no person in it
    #[arg(long)]
    reason: String,
}

pub(super) fn run(command: Agent, context: &Context) -> Result<Exit, Problem> {
    match command {
        Agent::List(arguments) => list(&arguments, context),
        Agent::Show(arguments) => show(&arguments, context),
        Agent::Approve(arguments) => {
            change(arguments, context, "The agent is let in when it comes next.", agents::approve)
        }
        Agent::Quarantine(arguments) => {
            change(arguments, context, "The agent is refused with its next message.", agents::quarantine)
        }
        Agent::Restore(arguments) => change(arguments, context, "The agent is out of quarantine.", agents::restore),
        Agent::Erase(arguments) => erase(&arguments, context),
    }
}

fn list(arguments: &List, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.limit);
    let mut found = context.ask(&store, |reader| {
        let key = arguments.key.as_deref().map(|key| keys::find(reader, key).map(|key| key.id)).transpose()?;
        let which = Which {
            key,
            is: arguments.state.map(State::is),
            tag: arguments.tag.clone(),
            version: arguments.agent_version.clone(),
            seen_before: arguments.silent.map(|days| now.plus(-i64::from(days) * DAY)),
            twins: arguments.twins,
            old_secret: arguments.old_secret,
        };
        Ok(page(reader, &which, AgentSort::Id, &Rows::first(limit.saturating_add(1)))?.rows)
    })?;
    let more = cut(&mut found, limit);
    context.printer.answer(
        || {
            let all: Vec<Json> = found.iter().map(|agent| records::json(&Record::new(agent))).collect();
            json!({ "agents": all, "more": more })
        },
        |page| {
            if found.is_empty() {
                page.line("There are no such agents.");
                return;
            }
            let rows = found.iter().map(|agent| {
                let standing = agent.standing();
                let twin = if agent.twin_at.is_some() { " (has a twin)" } else { "" };
                vec![
                    (agent.device.to_string(), Tone::Plain),
                    (format!("{}{twin}", standing.name()), tone(standing)),
                    (agent.key.clone(), Tone::Plain),
                    (agent.version.clone(), Tone::Plain),
                    (agent.tag.clone().unwrap_or_else(|| "-".to_owned()), Tone::Plain),
                    (agent.address.clone(), Tone::Plain),
                    (instant(agent.last_seen_at), Tone::Faint),
                ]
            });
            page.table(&["device", "state", "key", "version", "tag", "address", "last seen"], &[0], rows.collect());
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn show(arguments: &Show, context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let (agent, history) = context.ask(&store, |reader| {
        let agent = agents::find(reader, &arguments.agent)?;
        let history = audit::history(reader, "agent", &agent.id.to_string())?;
        Ok((agent, history))
    })?;
    context.printer.answer(
        || {
            let mut all = records::members(records::json(&Record::new(&agent)));
            all.insert("history".to_owned(), records::history(&history));
            Json::Object(all)
        },
        |page| {
            facts(page, &agent);
            page.blank();
            records::history_table(page, &history);
        },
    )?;
    Ok(Exit::Done)
}

fn change(
    arguments: Change,
    context: &Context,
    said: &str,
    operation: fn(&mut Tx<'_>, &str, &latchkey_store::Actor, Option<&Reason>) -> Done<Domain>,
) -> Result<Exit, Problem> {
    let (store, actor) = (context.store()?, context.actor.clone());
    let reason = reason(arguments.reason.as_deref(), context)?;
    let agent = context.change(&store, move |tx| operation(tx, &arguments.agent, &actor, reason.as_ref()))?;
    context.printer.answer(
        || records::json(&Record::new(&agent)),
        |page| {
            page.line(said);
            facts(page, &agent);
        },
    )?;
    Ok(Exit::Done)
}

fn erase(arguments: &Erase, context: &Context) -> Result<Exit, Problem> {
    let reason = Reason::parse(&arguments.reason).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor) = (context.store()?, context.actor.clone());
    let agent = context.ask(&store, |reader| agents::find(reader, &arguments.agent))?.id.to_string();
    let mut messages = 0;
    if queue::is_there(store.location()) {
        let (queue, agent) = (queue::open(store.location(), context.now())?, agent.clone());
        messages = context.change(&queue, move |tx| queue::forget_agent(tx, &agent))?;
    }
    let erased = context.change(&store, move |tx| erasure::erase(tx, &agent, &actor, &reason))?;
    if !store.settle_erased()? {
        context.printer.note("The database's log still has the agent; the server writes it anew before long.");
    }
    context.printer.answer(
        || records::json(&ErasedAgent::new(&erased, messages)),
        |page| {
            page.line(format!("The agent {} was erased.", erased.agent));
            page.facts(&[
                ("messages dropped", Some(messages.to_string())),
                ("reasons erased", Some(erased.reasons.to_string())),
            ]);
            page.advice("Its GLPI still has the computer; backups that were made before still have the agent.");
        },
    )?;
    Ok(Exit::Done)
}

fn facts(page: &mut Page, agent: &Domain) {
    let standing = agent.standing();
    page.facts(&[
        ("agent", Some(agent.id.to_string())),
        ("device", Some(agent.device.to_string())),
        ("GLPI-Agent-ID", agent.uid.map(|uid| uid.to_string())),
        ("state", Some(tone(standing).paint(standing.name()))),
        ("key", Some(agent.key.clone())),
        ("version", Some(agent.version.clone())),
        ("tag", agent.tag.clone()),
        ("address", Some(agent.address.clone())),
        ("first seen", Some(instant(agent.first_seen_at))),
        ("last seen", Some(instant(agent.last_seen_at))),
        ("let in", agent.let_in_at.map(instant)),
        ("twin", agent.twin.as_ref().map(|twin| format!("another machine goes by the same identity: {twin}"))),
    ]);
}

fn tone(standing: AgentStanding) -> Tone {
    match standing {
        AgentStanding::Approved => Tone::Good,
        AgentStanding::Pending { .. } => Tone::Careful,
        AgentStanding::Quarantined { .. } => Tone::Bad,
    }
}

impl State {
    fn is(self) -> AgentIs {
        match self {
            Self::Approved => AgentIs::Approved,
            Self::Pending => AgentIs::Pending,
            Self::Quarantined => AgentIs::Quarantined,
        }
    }
}
