//! `latchkey demo`: the whole thing in a minute. A server in this process, a customer with a key, and what a stock GLPI
//! asks about it and hears, request for request.

mod conversation;
mod plugins;
mod tour;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use latchkey_domain::instances::Environment;
use latchkey_domain::subscriptions::{Phase, Standing, Term, Unit};
use latchkey_domain::text::{Name, Reason};
use latchkey_domain::time::DAY;
use latchkey_server::front::Front;
use latchkey_server::market::publishing::Wish;
use latchkey_store::accounts::connections;
use latchkey_store::instances::{decisions, list};
use latchkey_store::invitations::keys as invitations;
use latchkey_store::subscriptions::keys::{self, Filter, Issued, Order};
use latchkey_store::subscriptions::{customers, offers};
use latchkey_store::{Store, Vault};
use latchkey_store::{marketplace, operators};

use super::{operator, plugin, serve};
use crate::context::Context;
use crate::data_dir::cause;
use crate::problem::{Exit, Problem};

const CUSTOMER: &str = "Acme";
const OFFER: &str = "basic";

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where to keep the demo's database; run again with the same directory, it goes on with what is there
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:7070")]
    pub(crate) listen: String,
    /// Leave after the tour instead of going on to answer
    #[arg(long)]
    exit: bool,
}

pub(super) fn run(arguments: &Demo, context: &Context) -> Result<Exit, Problem> {
    if context.printer.is_json() {
        return Err(Problem::usage("the demo is for people and has no JSON", "leave --json away"));
    }
    serve::log(None, "warn", context)?;
    let (store, vault) = context.made()?;
    publish(&store, &vault, context)?;
    let runtime = serve::runtime()?;
    let mut signals = serve::Signals::listen(&runtime)?;
    let running = serve::start(&runtime, store.clone(), vault.clone(), Front::default(), context)?;
    let issued = key(&store, &vault, context)?;
    let address = reachable(running.address());
    tour::show(address, &issued, context)?;
    leave_the_seat(&store, &issued, context)?;
    tour::go_on(address, &issued, context)?;
    if !arguments.exit {
        let base = format!("http://{address}");
        let console = console(&store, &vault, &base, context)?;
        let invitation = invitation(&store, &vault, &base, context)?;
        context.printer.page(|page| {
            page.blank();
            page.heading("The console");
            for line in &console {
                page.line(line);
            }
            if let Some(lines) = &invitation {
                page.blank();
                page.heading("An invitation");
                for line in lines {
                    page.line(line);
                }
            }
            page.blank();
            page.line(format!("Latchkey listens on http://{address} until you press Ctrl-C."));
        })?;
        runtime.block_on(signals.told_to_stop());
    }
    serve::stop(&runtime, running, &store, &mut signals);
    Ok(Exit::Done)
}

/// The demo's key: the one that is there from an earlier run and still works, or a new one.
fn key(store: &Store, vault: &Vault, context: &Context) -> Result<Issued, Problem> {
    let now = context.now();
    let works = context.ask(store, |reader| {
        let Ok(customer) = customers::find(reader, CUSTOMER) else { return Ok(None) };
        let all = keys::list(reader, Filter { customer: Some(customer.id), subscription: None }, 1_000)?;
        Ok(all.into_iter().find(|listed| {
            let runs = match listed.subscription.phase(now) {
                Phase::Running { .. } => true,
                Phase::Scheduled { .. }
                | Phase::Grace { .. }
                | Phase::Expired { .. }
                | Phase::Suspended { .. }
                | Phase::Terminated { .. } => false,
            };
            runs && listed.key.standing(now) == Standing::Plain
        }))
    })?;
    let (vault, actor, zone) = (vault.clone(), context.actor.clone(), context.zone().clone());
    match works {
        Some(listed) => context.change(store, move |tx| keys::show_text(tx, &vault, listed.key.id, &actor)),
        None => {
            let term = Term::new(1, Unit::Years).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
            let order = Order { customer: CUSTOMER.into(), offer: OFFER.into(), begins: None, term: Some(term) };
            context.ask(store, |reader| offers::find(reader, OFFER))?;
            context.change(store, move |tx| keys::issue(tx, &vault, &order, &zone, &actor))
        }
    }
}

/// The GLPI of the tour has asked, and holds the key's seat. It is declared a test system, so that the reader's own has it.
fn leave_the_seat(store: &Store, issued: &Issued, context: &Context) -> Result<(), Problem> {
    let played = Some(issued.key.id);
    let uid = conversation::uid().map_err(|error| tour::failed(&error))?;
    let instance = context.ask(store, |reader| list::meant(reader, &uid, played))?;
    if instance.environment != Environment::Production {
        return Ok(());
    }
    let actor = context.actor.clone();
    let reason = Reason::parse("played by the demo").map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    context
        .change(store, move |tx| decisions::declare(tx, instance.id, Environment::Staging, &actor, Some(&reason)))?;
    Ok(())
}

/// The demo's plugins, those that are not there from an earlier run.
fn publish(store: &Store, vault: &Vault, context: &Context) -> Result<(), Problem> {
    let known = context.ask(store, |reader| Ok(marketplace::all(reader)?))?;
    let archives = plugin::archives(context)?;
    for plugin in plugins::PLUGINS.iter().filter(|it| !known.iter().any(|(known, _)| known.key.as_str() == it.key)) {
        let packed = plugin.packed().map_err(|error| {
            let detail = format!("the plugin {} could not be packed: {}", plugin.key, cause(&error));
            Problem::unable("DEMO_FAILED", "Demo failed", detail, "please report it")
        })?;
        let spool = plugin::take_in(&archives, packed.as_slice(), Path::new(plugin.key), context)?;
        let wish = Wish { offers: Some(plugin.offer.into_iter().map(str::to_owned).collect()), ..Wish::default() };
        plugin::publish_spooled(spool, &wish, &archives, store, vault, context)?;
    }
    Ok(())
}

/// How to get into the console: by a setup link the first time, later with the password that was chosen.
fn console(store: &Store, vault: &Vault, base: &str, context: &Context) -> Result<[String; 2], Problem> {
    let owner = context.ask(store, |reader| Ok(operators::an_owner(reader)?))?;
    Ok(match owner {
        None => {
            let made = operator::first_link(store, vault, context)?;
            let link = operator::address(base, &made.text);
            ["Open this in a browser, once, to choose how you sign in:".to_owned(), format!("  {link}")]
        }
        Some(owner) => [
            format!("Sign in as {} at {base}/console/", owner.email),
            format!("  Is the password lost? {} operator reset {}", context.program(), owner.email),
        ],
    })
}

/// What a person opens who is invited: the accounts are kept here, in the built-in directory. Nothing where a GLPI was connected
/// since, in which the demo is to make none.
fn invitation(store: &Store, vault: &Vault, base: &str, context: &Context) -> Result<Option<[String; 3]>, Problem> {
    if !context.ask(store, |reader| Ok(connections::list(reader)?))?.is_empty() {
        return Ok(None);
    }
    let name = Name::parse("name", "a first look").map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let ends_at = Some(context.now().plus(DAY));
    let order = invitations::Order { limit: Some(5), ends_at, ..invitations::Order::named(name) };
    let (vault, actor) = (vault.clone(), context.actor.clone());
    let made = context.change(store, move |tx| invitations::create(tx, &vault, &order, &actor))?;
    Ok(Some([
        "Whoever opens this within a day fills in a form, and has an account, here in the built-in directory:"
            .to_owned(),
        format!("  {base}/join/{}", made.secret.reveal()),
        format!("  Who registered: {} invite registrations {}", context.program(), made.invitation.id),
    ]))
}

/// An address to connect to, where the one listened on is all of them.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => SocketAddr::from(([127, 0, 0, 1], v4.port())),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], v6.port())),
        SocketAddr::V4(_) | SocketAddr::V6(_) => address,
    }
}
