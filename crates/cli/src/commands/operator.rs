//! `latchkey operator`: the people who work in the console, and how they get back in; `latchkey setup-link` for the first one.

use std::io::{self, Read as _};

use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::ids::OperatorId;
use latchkey_domain::operators::{Email, LONGEST_PASSWORD, Operator as Person, Password, Role};
use latchkey_key::secret::SecretKey;
use latchkey_server::records::{Operator as Record, SetupLink};
use latchkey_store::operators::passwords::PasswordHash;
use latchkey_store::operators::{self, links};
use latchkey_store::{Store, Vault};
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::data_dir::cause;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

#[derive(Debug, Subcommand)]
pub(crate) enum Operator {
    /// Add an operator; without a password, a link by which it is chosen is printed
    Add(Add),
    /// Show all operators
    List,
    /// Change what an operator may do
    Role(ChangeRole),
    /// Keep an operator from signing in, and end its sessions
    Disable(Which),
    /// Let an operator sign in again
    Enable(Which),
    /// Take password and second factor away, end all sessions, and print a link by which another password is chosen
    Reset(Which),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The address by which it signs in
    #[arg(long)]
    email: String,
    /// What it may do: owner (everything), manager (sells), support (helps), auditor (looks)
    #[arg(long)]
    role: String,
    /// Read the password from standard input
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Its e-mail address, or its id
    #[arg(value_name = "OPERATOR")]
    operator: String,
}

#[derive(Debug, Args)]
pub(crate) struct ChangeRole {
    /// Its e-mail address, or its id
    #[arg(value_name = "OPERATOR")]
    operator: String,
    /// What it may do: owner (everything), manager (sells), support (helps), auditor (looks)
    #[arg(long)]
    role: String,
}

pub(super) fn run(command: Operator, context: &Context) -> Result<Exit, Problem> {
    match command {
        Operator::Add(arguments) => add(&arguments, context),
        Operator::List => list(context),
        Operator::Role(arguments) => change_role(&arguments, context),
        Operator::Disable(which) => disable(&which, context),
        Operator::Enable(which) => enable(&which, context),
        Operator::Reset(which) => reset(&which, context),
    }
}

/// `latchkey setup-link`.
pub(super) fn setup_link(context: &Context) -> Result<Exit, Problem> {
    let (store, vault) = context.made()?;
    let made = first_link(&store, &vault, context)?;
    say_link(&made, None, &store, context)?;
    Ok(Exit::Done)
}

/// A link by which the first owner is made.
pub(super) fn first_link(store: &Store, vault: &Vault, context: &Context) -> Result<links::Made, Problem> {
    let (vault, actor) = (vault.clone(), context.actor.clone());
    context.change(store, move |tx| links::make_first(tx, &vault, &actor))
}

/// Where a link leads.
pub(super) fn address(base: &str, text: &SecretKey) -> String {
    format!("{base}/console/setup/{}", text.reveal())
}

fn add(arguments: &Add, context: &Context) -> Result<Exit, Problem> {
    let refused = |refusal: Refusal| Problem::refused(&refusal, context.zone());
    let (email, role) =
        (Email::parse(&arguments.email).map_err(refused)?, Role::parse(&arguments.role).map_err(refused)?);
    let password = match arguments.password_stdin {
        true => {
            let typed = typed_password()?;
            let password = Password::choose(&typed, &typed, &email).map_err(refused)?;
            Some(PasswordHash::of(&password)?)
        }
        false => None,
    };
    let ((store, vault), actor) = (context.made()?, context.actor.clone());
    let (operator, made) = context.change(&store, move |tx| {
        let operator = operators::add(tx, &email, role, password.as_ref(), &actor)?;
        let made = match password {
            Some(_) => None,
            None => Some(links::make_for(tx, &vault, operator.id, &actor)?),
        };
        Ok((operator, made))
    })?;
    match made {
        Some(made) => say_link(&made, Some(&operator), &store, context)?,
        None => say(&operator, "The operator was added and can sign in.", context)?,
    }
    Ok(Exit::Done)
}

fn list(context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let all = context.ask(&store, |reader| Ok(operators::list(reader)?))?;
    context.printer.answer(
        || json!({ "operators": all.iter().map(record).collect::<Vec<_>>() }),
        |page| {
            if all.is_empty() {
                page.line("There are no operators yet.");
                page.advice(format!("The first one: {} setup-link", context.program()));
                return;
            }
            let rows = all
                .iter()
                .map(|operator| {
                    let (state, tone) = state(operator);
                    vec![
                        (operator.email.to_string(), Tone::Plain),
                        (operator.role.to_string(), Tone::Plain),
                        (state.to_owned(), tone),
                        (if operator.has_second_factor { "yes" } else { "no" }.to_owned(), Tone::Plain),
                        (operator.signed_in_at.map_or_else(|| "never".to_owned(), instant), Tone::Faint),
                        (operator.id.to_string(), Tone::Faint),
                    ]
                })
                .collect();
            page.table(&["operator", "role", "state", "2nd factor", "signed in", "id"], &[], rows);
        },
    )?;
    Ok(Exit::Done)
}

fn change_role(arguments: &ChangeRole, context: &Context) -> Result<Exit, Problem> {
    let role = Role::parse(&arguments.role).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor) = (context.store()?, context.actor.clone());
    let id = find(&store, &arguments.operator, context)?;
    let operator = context.change(&store, move |tx| operators::change_role(tx, id, role, &actor))?;
    say(&operator, "The operator has another role.", context)?;
    Ok(Exit::Done)
}

fn disable(which: &Which, context: &Context) -> Result<Exit, Problem> {
    let (store, actor) = (context.store()?, context.actor.clone());
    let id = find(&store, &which.operator, context)?;
    let operator = context.change(&store, move |tx| operators::disable(tx, id, &actor))?;
    say(&operator, "The operator can no longer sign in, and its sessions are over.", context)?;
    Ok(Exit::Done)
}

fn enable(which: &Which, context: &Context) -> Result<Exit, Problem> {
    let (store, actor) = (context.store()?, context.actor.clone());
    let id = find(&store, &which.operator, context)?;
    let operator = context.change(&store, move |tx| operators::enable(tx, id, &actor))?;
    say(&operator, "The operator can sign in again.", context)?;
    Ok(Exit::Done)
}

fn reset(which: &Which, context: &Context) -> Result<Exit, Problem> {
    let ((store, vault), actor) = (context.store_and_vault()?, context.actor.clone());
    let id = find(&store, &which.operator, context)?;
    let (operator, made) = context.change(&store, move |tx| {
        let operator = operators::reset(tx, id, &actor)?;
        Ok((operator, links::make_for(tx, &vault, id, &actor)?))
    })?;
    say_link(&made, Some(&operator), &store, context)?;
    Ok(Exit::Done)
}

fn find(store: &Store, operator: &str, context: &Context) -> Result<OperatorId, Problem> {
    Ok(context.ask(store, |reader| operators::find(reader, operator))?.id)
}

/// One line: the end of it is not part of the password.
fn typed_password() -> Result<String, Problem> {
    let mut typed = String::new();
    // A little more than the longest, so that one that is too long is seen to be.
    let most = u64::try_from(4 * LONGEST_PASSWORD + 8).unwrap_or(u64::MAX);
    io::stdin().lock().take(most).read_to_string(&mut typed).map_err(|error| {
        let detail = format!("the password cannot be read from standard input: {}", cause(&error));
        Problem::usage(detail, "give one line of UTF-8")
    })?;
    Ok(typed.trim_end_matches(['\n', '\r']).to_owned())
}

fn say_link(made: &links::Made, operator: Option<&Person>, store: &Store, context: &Context) -> Result<(), Problem> {
    let base = context.service_url(store)?;
    let url = address(&base, &made.text);
    context.printer.answer(
        || records::json(&SetupLink::new(&base, made, operator)),
        |page| {
            page.line(&url);
            if context.printer.is_quiet() {
                return;
            }
            page.blank();
            page.facts(&[
                ("for", Some(operator.map_or_else(|| "the first owner".to_owned(), |one| one.email.to_string()))),
                ("until", Some(instant(made.expires_at))),
            ]);
            page.advice("Whoever opens it chooses a password, once. Earlier links open no more.");
        },
    )
}

fn say(operator: &Person, said: &str, context: &Context) -> Result<(), Problem> {
    context.printer.answer(
        || record(operator),
        |page| {
            page.line(said);
            page.facts(&[
                ("operator", Some(operator.email.to_string())),
                ("role", Some(operator.role.to_string())),
                ("state", Some(state(operator).0.to_owned())),
            ]);
        },
    )
}

fn state(operator: &Person) -> (&'static str, Tone) {
    match (operator.disabled_at, operator.has_password) {
        (Some(_), _) => ("disabled", Tone::Bad),
        (None, false) => ("invited", Tone::Careful),
        (None, true) => ("active", Tone::Good),
    }
}

fn record(operator: &Person) -> Json {
    records::json(&Record::new(operator))
}
