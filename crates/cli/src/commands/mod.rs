//! One file per command, or per small group of them: what it takes, what it does, what it prints.

mod agent;
mod audit;
mod backup;
mod clock;
mod customer;
mod demo;
pub(crate) mod doctor;
mod enroll;
mod export;
mod glpi;
mod import;
mod instance;
mod invite;
mod key;
mod master_key;
mod migrate;
mod offer;
mod operator;
mod plugin;
mod progress;
mod queue;
mod reach;
mod retention;
mod serve;
mod signing_key;
mod subscription;
mod time_zone;
mod token;
mod trial;

use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::ids::{CustomerId, KeyId, SubscriptionId};
use latchkey_domain::subscriptions::{Term, Unit};
use latchkey_store::subscriptions::{customers, keys, subscriptions};
use latchkey_store::{Done, Reader, Store};
use uuid::Uuid;

use crate::context::Context;
use crate::problem::{Exit, Problem};

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Answer for keys over HTTP, until told to stop
    Serve(serve::Serve),
    /// Show it all in a minute: a server, a key, and what a GLPI asks and hears
    Demo(demo::Demo),
    /// Registration keys: issue, look at, revoke, re-issue, inspect
    #[command(subcommand)]
    Key(key::Key),
    /// Subscriptions: look at, renew, suspend, resume, terminate
    #[command(subcommand)]
    Subscription(subscription::Subscription),
    /// Customers, who hold subscriptions
    #[command(subcommand)]
    Customer(customer::Customer),
    /// Instances, which use subscriptions: look at, declare, release, approve, refuse
    #[command(subcommand)]
    Instance(instance::Instance),
    /// Trials of plugins: look at, extend, turn into subscriptions
    #[command(subcommand)]
    Trial(trial::Trial),
    /// Offers, which subscriptions are sold from
    #[command(subcommand)]
    Offer(offer::Offer),
    /// GLPIs, for accounts and inventories: add, list, check, inventory, remove
    #[command(subcommand)]
    Glpi(glpi::Glpi),
    /// The keys that sign registration keys
    #[command(subcommand)]
    SigningKey(signing_key::SigningKey),
    /// API tokens, with which programs call the REST API
    #[command(subcommand)]
    Token(token::Token),
    /// Operators, who work in the console
    #[command(subcommand)]
    Operator(operator::Operator),
    /// Plugins of the marketplace: publish, look at, withdraw, verify
    #[command(subcommand)]
    Plugin(plugin::Plugin),
    /// Print a link by which the first operator, an owner, is made; it works once
    SetupLink,
    /// The audit log: who did what, when and why
    #[command(subcommand)]
    Audit(audit::Audit),
    /// This machine's clock
    #[command(subcommand)]
    Clock(clock::Clock),
    /// The time zone in which dates begin and end
    #[command(subcommand)]
    TimeZone(time_zone::TimeZone),
    /// For how long people's data is kept
    #[command(subcommand)]
    Retention(retention::Retention),
    /// Invitations: a URL by which a person gets an account
    #[command(subcommand)]
    Invite(invite::Invite),
    /// Enrollment keys, with which agents may hand in their inventory
    #[command(subcommand)]
    Enroll(enroll::Enroll),
    /// Agents that came with an enrollment key
    #[command(subcommand)]
    Agent(agent::Agent),
    /// Inventories that wait for a GLPI that cannot take them
    #[command(subcommand)]
    Queue(queue::Queue),
    /// Everything in one file, while the server runs; the master key is not in it
    Backup(backup::Backup),
    /// Put a backup in place, of either database into either
    Restore(backup::Restore),
    /// The master key: a copy under a passphrase, which one it is
    #[command(subcommand)]
    MasterKey(master_key::MasterKey),
    /// Take customers, subscriptions, or keys that the database has lost, in from a spreadsheet (CSV)
    #[command(subcommand)]
    Import(import::Import),
    /// Give everything of a kind out, or everything there is, as CSV or JSON lines
    Export(export::Export),
    /// Ask an address as this installation asks others: whether it may be reached, and what answers
    Reach(reach::Reach),
    /// Say what keeps a key from working: on a GLPI server, or on the machine of a Latchkey
    ///
    /// The exit code is 0 where nothing is worse than a warning, 1 where something is, and 2 where it could not run.
    Doctor(doctor::Doctor),
    /// Bring the database up to this version; every other command does so, too
    Migrate,
}

/// Runs one.
pub(crate) fn run(command: Command, context: &Context) -> Result<Exit, Problem> {
    match command {
        Command::Serve(command) => serve::run(&command, context),
        Command::Demo(command) => demo::run(&command, context),
        Command::Key(command) => key::run(command, context),
        Command::Subscription(command) => subscription::run(command, context),
        Command::Customer(command) => customer::run(command, context),
        Command::Instance(command) => instance::run(command, context),
        Command::Trial(command) => trial::run(command, context),
        Command::Offer(command) => offer::run(command, context),
        Command::Glpi(command) => glpi::run(command, context),
        Command::SigningKey(command) => signing_key::run(&command, context),
        Command::Token(command) => token::run(command, context),
        Command::Operator(command) => operator::run(command, context),
        Command::Plugin(command) => plugin::run(&command, context),
        Command::SetupLink => operator::setup_link(context),
        Command::Audit(command) => audit::run(command, context),
        Command::Clock(command) => clock::run(&command, context),
        Command::TimeZone(command) => time_zone::run(&command, context),
        Command::Retention(command) => retention::run(&command, context),
        Command::Invite(command) => invite::run(command, context),
        Command::Enroll(command) => enroll::run(command, context),
        Command::Agent(command) => agent::run(command, context),
        Command::Queue(command) => queue::run(command, context),
        Command::Backup(command) => backup::backup(&command, context),
        Command::Restore(command) => backup::restore(&command, context),
        Command::MasterKey(command) => master_key::run(command, context),
        Command::Import(command) => import::run(command, context),
        Command::Export(command) => export::run(&command, context),
        Command::Reach(command) => reach::run(&command, context),
        Command::Migrate => migrate::run(context),
        // It looks for what keeps this context from being made, and has been run without one.
        Command::Doctor(_) => Ok(Exit::Done),
    }
}

/// How long a subscription lasts: one of three, at most.
#[derive(Debug, Clone, Copy, Args)]
#[group(id = "term", multiple = false)]
pub(crate) struct TermArgs {
    /// For so many calendar years
    #[arg(long, value_name = "N")]
    years: Option<u32>,
    /// For so many calendar months
    #[arg(long, value_name = "N")]
    months: Option<u32>,
    /// For so many days
    #[arg(long, value_name = "N")]
    days: Option<u32>,
}

impl TermArgs {
    fn read(self) -> Result<Option<Term>, Refusal> {
        let (count, unit) = match (self.years, self.months, self.days) {
            (Some(years), _, _) => (years, Unit::Years),
            (None, Some(months), _) => (months, Unit::Months),
            (None, None, Some(days)) => (days, Unit::Days),
            (None, None, None) => return Ok(None),
        };
        Term::new(count, unit).map(Some)
    }
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Args)]
pub(crate) struct ListArgs {
    /// Those of this customer alone (name or id)
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

impl ListArgs {
    fn customer_id(&self, reader: &mut Reader<'_>) -> Done<Option<CustomerId>> {
        self.customer.as_deref().map(|name| customers::find(reader, name).map(|customer| customer.id)).transpose()
    }
}

/// Says what an id is that is not what it was taken for: ids all look alike.
fn mistaken(unknown: Problem, id: Uuid, store: &Store, context: &Context) -> Problem {
    let is = |reader: &mut Reader<'_>| {
        let (key, subscription) = (KeyId(id), SubscriptionId(id));
        Ok(match (keys::find(reader, key), subscriptions::find(reader, subscription)) {
            (Ok(_), _) => Some(("key", format!("key show {key}"))),
            (Err(_), Ok(_)) => Some(("subscription", format!("subscription show {subscription}"))),
            (Err(_), Err(_)) => match customers::find(reader, &id.to_string()) {
                Ok(customer) => Some(("customer", format!("subscription list --customer {}", customer.id))),
                Err(_) => None,
            },
        })
    };
    match context.ask(store, is) {
        Ok(Some((what, command))) => {
            let next_step = format!("it is the id of a {what}: {} {command}", context.program());
            Problem { next_step, ..unknown }
        }
        Ok(None) | Err(_) => unknown,
    }
}

/// Takes one more than was asked for, so that a list knows whether it is all there is. True where there is more.
fn cut<T>(list: &mut Vec<T>, limit: u32) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = list.len() > limit;
    list.truncate(limit);
    more
}

/// Says that a list is not all there is.
fn say_more(context: &Context, more: bool, limit: u32) {
    if more {
        context.printer.note(&format!("These are {limit}; there are more: --limit N"));
    }
}
