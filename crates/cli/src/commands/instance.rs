//! `latchkey instance`: which GLPIs and sites of plugins use a subscription, and what people decide about them.

use clap::{Args, Subcommand, ValueEnum};
use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, KeyId, SubscriptionId};
use latchkey_domain::instances::{Environment, Place};
use latchkey_domain::text::Reason;
use latchkey_domain::time::Timestamp;
use latchkey_server::records::{Activation, Instance as Record, InstanceMove};
use latchkey_store::audit;
use latchkey_store::instances::list::{self, Listed, Page as Wanted, PastMove};
use latchkey_store::instances::{activations, decisions};
use latchkey_store::{Actor, Done, Tx};
use serde_json::{Value as Json, json};

use super::{ListArgs, cut, say_more};
use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records::{self, Facts, instant};

/// The most moves that are shown with an instance.
const MOST_MOVES: u32 = 1_000;

#[derive(Debug, Subcommand)]
pub(crate) enum Instance {
    /// Show instances, newest first
    List(List),
    /// Show one, its moves and its history
    Show(Show),
    /// Say what one is for: production needs a seat, staging and development do not
    Declare(Declare),
    /// Take one's place away; whoever is moving in has it then
    Release(WithReason),
    /// Let one have the seat that it is moving to, or one that is free
    Approve(WithoutReason),
    /// Stop one that is moving in, or one that is refused, for good
    Refuse(WithReason),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    list: ListArgs,
    /// Those that use this subscription alone (its id)
    #[arg(long, value_name = "ID")]
    subscription: Option<String>,
    /// Those that asked with this key last (its id)
    #[arg(long, value_name = "ID")]
    key: Option<String>,
    /// Those in this state alone; those that are moving wait for your word, or for the end of their time
    #[arg(long, value_enum)]
    state: Option<State>,
}

/// What an instance has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum State {
    Active,
    Moving,
    Released,
    Refused,
}

/// Which instance.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The instance: its GLPI's UID, the address of a plugin's site, or its id
    instance: String,
    /// Where several subscriptions know it: that of this key (its id)
    #[arg(long, value_name = "ID")]
    key: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
pub(crate) struct Declare {
    #[command(flatten)]
    which: Which,
    /// What it is for
    #[arg(long, value_parser = ["production", "staging", "development"])]
    environment: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct WithReason {
    #[command(flatten)]
    which: Which,
    /// Why, for the audit log
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct WithoutReason {
    #[command(flatten)]
    which: Which,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

pub(super) fn run(command: Instance, context: &Context) -> Result<Exit, Problem> {
    let read = |reason: &str| Reason::parse(reason).map_err(|refusal| Problem::refused(&refusal, context.zone()));
    match command {
        Instance::List(arguments) => list(&arguments, context),
        Instance::Show(Show { which }) => show(&which, context),
        Instance::Declare(Declare { which, environment, reason }) => {
            let environment =
                Environment::parse(&environment).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
            let reason = reason.as_deref().map(read).transpose()?;
            decide(&which, context, move |tx, id, actor| {
                decisions::declare(tx, id, environment, actor, reason.as_ref())
            })
        }
        Instance::Release(WithReason { which, reason }) => {
            let reason = read(&reason)?;
            decide(&which, context, move |tx, id, actor| decisions::release(tx, id, actor, &reason))
        }
        Instance::Approve(WithoutReason { which, reason }) => {
            let reason = reason.as_deref().map(read).transpose()?;
            decide(&which, context, move |tx, id, actor| decisions::approve(tx, id, actor, reason.as_ref()))
        }
        Instance::Refuse(WithReason { which, reason }) => {
            let reason = read(&reason)?;
            decide(&which, context, move |tx, id, actor| decisions::refuse(tx, id, actor, &reason))
        }
    }
}

fn list(arguments: &List, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.list.limit);
    let subscription = arguments.subscription.as_deref().map(|id| read_subscription(id, context)).transpose()?;
    let key = arguments.key.as_deref().map(|id| read_key(id, context)).transpose()?;
    let mut found: Vec<Listed> = Vec::new();
    let mut before = None;
    loop {
        // States are not stored: what is not in the wanted one is left out here.
        let page = context.ask(&store, |reader| {
            let customer = arguments.list.customer_id(reader)?;
            let moving = arguments.state == Some(State::Moving);
            let wanted = Wanted { customer, subscription, key, site: None, moving, before };
            Ok(list::page(reader, &wanted, limit.saturating_add(1))?)
        })?;
        before = page.last().map(|last| last.id);
        let all = page.len() <= limit as usize;
        found.extend(page.into_iter().filter(|listed| arguments.state.is_none_or(|state| state.fits(listed, now))));
        if all || found.len() > limit as usize {
            break;
        }
    }
    let more = cut(&mut found, limit);
    context.printer.answer(
        || {
            let all: Vec<Json> = found.iter().map(|listed| records::json(&Record::new(listed, now))).collect();
            json!({ "instances": all, "more": more })
        },
        |page| {
            if found.is_empty() {
                page.line("There are no such instances.");
                page.advice("A GLPI becomes one with its first question about a key.");
                return;
            }
            let rows = found
                .iter()
                .map(|listed| {
                    let place = listed.place(now);
                    vec![
                        (listed.site.as_str().to_owned(), Tone::Plain),
                        (listed.customer.to_string(), Tone::Plain),
                        (listed.environment.to_string(), Tone::Plain),
                        (place.name().to_owned(), tone(place)),
                        (instant(listed.last_seen), Tone::Faint),
                    ]
                })
                .collect();
            page.table(&["instance", "customer", "environment", "state", "last seen"], &[1], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn show(which: &Which, context: &Context) -> Result<Exit, Problem> {
    let (store, now) = (context.store()?, context.now());
    let key = which.key(context)?;
    let (listed, moves, plugins, history) = context.ask(&store, |reader| {
        let listed = list::meant(reader, &which.instance, key)?;
        let moves = list::moves(reader, listed.id, MOST_MOVES)?;
        let plugins = activations::of(reader, listed.id)?;
        let history = audit::history(reader, "instance", &listed.id.to_string())?;
        Ok((listed, moves, plugins, history))
    })?;
    context.printer.answer(
        || {
            let mut all = records::members(records::json(&Record::new(&listed, now)));
            let moves = moves.iter().map(|past| records::json(&InstanceMove::new(past))).collect();
            all.insert("moves".to_owned(), Json::Array(moves));
            let plugins = plugins.iter().map(|it| records::json(&Activation::new(it))).collect();
            all.insert("activations".to_owned(), Json::Array(plugins));
            all.insert("history".to_owned(), records::history(&history));
            Json::Object(all)
        },
        |page| {
            page.facts(&facts(&listed, now, moves.first()));
            if !moves.is_empty() {
                page.blank();
                let rows = moves.iter().map(|past| move_row(past, now)).collect();
                page.table(&["move begun", "from", "to", "outcome"], &[1, 2], rows);
            }
            if !plugins.is_empty() {
                page.blank();
                let rows = plugins.iter().map(plugin_row).collect();
                page.table(&["plugin", "version", "address", "last seen", "state"], &[2], rows);
            }
            page.blank();
            records::history_table(page, &history);
        },
    )?;
    Ok(Exit::Done)
}

fn plugin_row(it: &activations::Activation) -> Vec<(String, Tone)> {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let state = match it.deactivated_at {
        Some(at) => (format!("deactivated {}", instant(at)), Tone::Faint),
        None => ("active".to_owned(), Tone::Good),
    };
    vec![
        (it.plugin.clone(), Tone::Plain),
        (or_none(&it.plugin_version), Tone::Plain),
        (or_none(&it.url), Tone::Plain),
        (instant(it.last_seen), Tone::Faint),
        state,
    ]
}

fn decide(
    which: &Which,
    context: &Context,
    mut operation: impl FnMut(&mut Tx<'_>, InstanceId, &Actor) -> Done<Listed> + Send + 'static,
) -> Result<Exit, Problem> {
    let key = which.key(context)?;
    let (store, actor, instance) = (context.store()?, context.actor.clone(), which.instance.clone());
    let listed = context.change(&store, move |tx| {
        let id = list::meant(tx, &instance, key)?.id;
        operation(tx, id, &actor)
    })?;
    let now = context.now();
    context.printer.answer(
        || records::json(&Record::new(&listed, now)),
        |page| {
            page.line("It is decided. A running server knows within a second; the GLPI hears it when it asks next.");
            page.facts(&facts(&listed, now, None));
        },
    )?;
    Ok(Exit::Done)
}

/// A move for people.
fn move_row(past: &PastMove, now: Timestamp) -> Vec<(String, Tone)> {
    let outcome = match past.ended {
        Some((outcome, at)) => format!("{} on {}", outcome.name(), instant(at)),
        None if now < past.closes_at => format!("under way until {}", instant(past.closes_at)),
        // Nobody has written it down yet, since nobody had to.
        None => format!("over since {}", instant(past.closes_at)),
    };
    vec![
        (instant(past.opened_at), Tone::Faint),
        (past.from_site.clone(), Tone::Plain),
        (past.to_site.clone(), Tone::Plain),
        (outcome, Tone::Plain),
    ]
}

/// An instance for people; its latest move names the other one.
fn facts(listed: &Listed, now: Timestamp, latest: Option<&PastMove>) -> Facts {
    let place = listed.place(now);
    let record = Record::new(listed, now);
    let why = record.state_reason.map(|why| format!(", {}", why.replace('_', " "))).unwrap_or_default();
    let moving = record.r#move.map(|move_| {
        let asked = match move_.old_one_asked_at {
            Some(_) => "the old one was heard since, and keeps the seat unless you approve",
            None => "the old one was not heard since",
        };
        let until = listed.moving(now).map(|under_way| instant(under_way.closes_at)).unwrap_or_default();
        let other = match latest {
            Some(past) if past.from == listed.id => &past.to_site,
            Some(past) => &past.from_site,
            None => &move_.other_instance_id,
        };
        format!("{} until {until}, {other} is the other one; {asked}", move_.direction)
    });
    vec![
        ("instance", Some(listed.id.to_string())),
        ("UID", listed.uid.clone()),
        ("address", record.url),
        ("plugin", listed.plugin.clone()),
        ("customer", Some(listed.customer.to_string())),
        ("subscription", Some(listed.subscription.id.to_string())),
        ("key", Some(listed.key.to_string())),
        ("environment", Some(listed.environment.to_string())),
        ("state", Some(format!("{} since {}{why}", tone(place).paint(place.name()), instant(place.since())))),
        ("seat", place.seat().map(|seat| format!("{seat} of {}", listed.subscription.seats))),
        ("move", moving),
        ("first seen", Some(instant(listed.first_seen))),
        ("last seen", Some(instant(listed.last_seen))),
        ("GLPI", listed.version.clone()),
        ("looks like", listed.faces.are_two().then(|| "two: two addresses or versions take turns".to_owned())),
    ]
}

fn tone(place: Place) -> Tone {
    match place {
        Place::Seated { .. } | Place::Beside { .. } => Tone::Good,
        Place::Arriving { .. } => Tone::Careful,
        Place::Gone { .. } | Place::Refused { .. } => Tone::Bad,
    }
}

impl State {
    fn fits(self, listed: &Listed, now: Timestamp) -> bool {
        let name = match self {
            Self::Active => "active",
            Self::Moving => "moving",
            Self::Released => "released",
            Self::Refused => "refused",
        };
        listed.place(now).name() == name
    }
}

impl Which {
    fn key(&self, context: &Context) -> Result<Option<KeyId>, Problem> {
        self.key.as_deref().map(|id| read_key(id, context)).transpose()
    }
}

fn read_key(text: &str, context: &Context) -> Result<KeyId, Problem> {
    let unknown = || Refusal::KeyUnknown { key: text.to_owned() };
    text.trim().parse().map_err(|_| Problem::refused(&unknown(), context.zone()))
}

fn read_subscription(text: &str, context: &Context) -> Result<SubscriptionId, Problem> {
    let unknown = || Refusal::SubscriptionUnknown { subscription: text.to_owned() };
    text.trim().parse().map_err(|_| Problem::refused(&unknown(), context.zone()))
}
