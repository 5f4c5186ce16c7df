//! `latchkey token`: API tokens, with which programs call the REST API.

use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::text::{Name, Reason};
use latchkey_domain::tokens::{self as domain, Scope, Scopes, TokenStanding};
use latchkey_server::records::Token as Record;
use latchkey_store::api::tokens::{self, Order};
use serde_json::{Value as Json, json};

use super::{cut, say_more};
use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};
use crate::records::{self, instant};

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Create a token; its text is shown this once
    Create(Create),
    /// Show all tokens, without their texts
    List(List),
    /// Take a token's right away, at once and for good
    Revoke(Revoke),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What people call it, such as the program that uses it
    #[arg(long)]
    name: String,
    #[arg(long, required = true, num_args = 1.., value_delimiter = ',', help = all_scopes())]
    scope: Vec<String>,
    /// For how many days it counts [default: without an end]
    #[arg(long, value_name = "N")]
    days: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The token's id
    id: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: String,
}

pub(super) fn run(command: Token, context: &Context) -> Result<Exit, Problem> {
    match command {
        Token::Create(arguments) => create(&arguments, context),
        Token::List(arguments) => list(&arguments, context),
        Token::Revoke(arguments) => revoke(&arguments, context),
    }
}

fn create(arguments: &Create, context: &Context) -> Result<Exit, Problem> {
    let order = order(arguments).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let ((store, vault), actor) = (context.made()?, context.actor.clone());
    let created = context.change(&store, move |tx| tokens::create(tx, &vault, &order, &actor))?;
    let now = context.now();
    context.printer.answer(
        || {
            let mut all = records::members(json!({ "api_token": created.text.reveal() }));
            all.extend(records::members(records::json(&Record::new(&created.token, now))));
            Json::Object(all)
        },
        |page| {
            page.line(created.text.reveal());
            if context.printer.is_quiet() {
                return;
            }
            page.blank();
            page.facts(&[
                ("token id", Some(created.token.id.clone())),
                ("name", Some(created.token.name.to_string())),
                ("scopes", Some(created.token.scopes.to_string())),
                ("until", Some(created.token.expires_at.map_or_else(|| "revoked".to_owned(), instant))),
            ]);
            page.advice("It is not shown again. A program sends it so: Authorization: Bearer TOKEN");
        },
    )?;
    Ok(Exit::Done)
}

fn order(arguments: &Create) -> Result<Order, Refusal> {
    Ok(Order {
        name: Name::parse("name", &arguments.name)?,
        scopes: Scopes::parse(arguments.scope.iter().map(String::as_str))?,
        days: arguments.days,
    })
}

fn list(arguments: &List, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.limit);
    let mut tokens = context.ask(&store, |reader| Ok(tokens::list(reader, "", limit.saturating_add(1))?))?;
    let more = cut(&mut tokens, limit);
    context.printer.answer(
        || {
            let all: Vec<Json> = tokens.iter().map(|token| records::json(&Record::new(token, now))).collect();
            json!({ "tokens": all, "more": more })
        },
        |page| {
            if tokens.is_empty() {
                page.line("There are no API tokens yet.");
                page.advice(format!(
                    "The first one: {} token create --name NAME --scope keys:issue",
                    context.program()
                ));
                return;
            }
            let at = |at: Option<_>| at.map_or_else(|| "never".to_owned(), instant);
            let rows = tokens
                .iter()
                .map(|token| {
                    vec![
                        (token.id.clone(), Tone::Plain),
                        (token.name.to_string(), Tone::Plain),
                        (token.scopes.to_string(), Tone::Plain),
                        (token.standing(now).name().to_owned(), tone(token.standing(now))),
                        (at(token.expires_at), Tone::Plain),
                        (at(token.last_used_at), Tone::Faint),
                    ]
                })
                .collect();
            page.table(&["token", "name", "scopes", "state", "ends", "last used"], &[1, 2], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn revoke(arguments: &Revoke, context: &Context) -> Result<Exit, Problem> {
    let reason = Reason::parse(&arguments.reason).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor, id) = (context.store()?, context.actor.clone(), arguments.id.clone());
    let token: domain::Token = context.change(&store, move |tx| tokens::revoke(tx, &id, &actor, &reason))?;
    let now = context.now();
    context.printer.answer(
        || records::json(&Record::new(&token, now)),
        |page| {
            page.line("The token was revoked; every server refuses it from now on.");
            page.facts(&[
                ("token id", Some(token.id.clone())),
                ("name", Some(token.name.to_string())),
                ("last used", token.last_used_at.map(instant)),
            ]);
        },
    )?;
    Ok(Exit::Done)
}

fn tone(standing: TokenStanding) -> Tone {
    match standing {
        TokenStanding::Active => Tone::Good,
        TokenStanding::Expired { .. } => Tone::Careful,
        TokenStanding::Revoked { .. } => Tone::Bad,
    }
}

/// What `--scope` takes.
fn all_scopes() -> String {
    let others: Vec<&str> = Scope::ALL.into_iter().filter(|scope| *scope != Scope::Admin).map(Scope::name).collect();
    format!("What it may do: {}, or any of {}", Scope::Admin.name(), others.join(", "))
}
