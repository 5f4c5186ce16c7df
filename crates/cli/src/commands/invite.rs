//! `latchkey invite`: invitations, by which people get accounts.

use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::invitations::{Invitation, MOST_LISTED, Span, Target, email_domain};
use latchkey_domain::text::{Name, Reason};
use latchkey_domain::time::Timestamp;
use latchkey_server::records::invitations::{self as records, CreatedInvitation, InvitationCount};
use latchkey_store::accounts::connections;
use latchkey_store::invitations::keys::{self, Order};
use latchkey_store::invitations::registrations::{Registration, State};
use latchkey_store::invitations::{counts, erasure, registrations};
use latchkey_store::{Actor, Done, Reader, Tx};
use latchkey_texts::Language;
use serde_json::{Value as Json, json};

use super::{cut, say_more};
use crate::context::Context;
use crate::printer::{Page, Tone};
use crate::problem::{Exit, Given, Problem};
use crate::records::{instant, json as record};

/// Groups and domains of one invitation.
const TOO_MANY: &str = "at most 50 groups and 50 e-mail domains";

#[derive(Debug, Subcommand)]
pub(crate) enum Invite {
    /// Make an invitation; its URL is shown this once
    Create(Create),
    /// Show all invitations
    List(List),
    /// Show one, with what came of it
    Show(Which),
    /// Halt one until it is resumed
    Suspend(Changed),
    /// Let a halted one go on
    Resume(Changed),
    /// Withdraw one for good; whoever has registered keeps the account
    Revoke(Changed),
    /// Show who registered, by one invitation or by all
    Registrations(Registrations),
    /// Erase who registered, for good; an account that is in a GLPI is erased there
    Erase(Erase),
}

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What people call it; they read it above the form
    #[arg(long)]
    name: String,
    /// What is to be known about it; not shown to those who are invited
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// The connection to the GLPI that gets the accounts [default: the only one there is, else the built-in directory]
    #[arg(long, value_name = "CONNECTION")]
    glpi: Option<String>,
    /// GLPI's number of the entity
    #[arg(long, value_name = "ID")]
    entity: Option<u32>,
    /// The profile counts in the entities below, too
    #[arg(long)]
    recursive: bool,
    /// GLPI's number of the profile
    #[arg(long, value_name = "ID")]
    profile: Option<u32>,
    /// GLPI's number of a group; may be given again
    #[arg(long, value_name = "ID")]
    group: Vec<u32>,
    /// How many may use it; 0 for nobody
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "unlimited")]
    uses: u32,
    /// Any number may use it
    #[arg(long)]
    unlimited: bool,
    /// The first day on which it can be used [default: at once]
    #[arg(long, value_name = "DATE")]
    from: Option<String>,
    /// For how many days [default: until it is used up or revoked]
    #[arg(long, value_name = "N", conflicts_with = "until")]
    days: Option<u32>,
    /// The last day on which it can be used, to its end in the vendor's time zone; today is one
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// Take addresses of this domain alone; may be given again
    #[arg(long, value_name = "DOMAIN")]
    email_domain: Vec<String>,
    /// In which language the form begins: en, fr, es, pt or de [default: the browser's]
    #[arg(long, value_name = "TAG")]
    language: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The invitation's id, or its name
    #[arg(value_name = "INVITATION")]
    invitation: String,
}

#[derive(Debug, Args)]
pub(crate) struct Changed {
    /// The invitation's id, or its name
    #[arg(value_name = "INVITATION")]
    invitation: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Registrations {
    /// The invitation's id, or its name [default: all]
    #[arg(value_name = "INVITATION")]
    invitation: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Erase {
    /// The registration's id: GLPI has it as the user's registration number, `invite registrations --json` shows it
    registration: String,
    /// Why, for the audit log; it is kept, so name no person in it
    #[arg(long)]
    reason: String,
}

pub(super) fn run(command: Invite, context: &Context) -> Result<Exit, Problem> {
    match command {
        Invite::Create(arguments) => create(&arguments, context),
        Invite::List(arguments) => list(&arguments, context),
        Invite::Show(which) => show(&which, context),
        Invite::Suspend(changed) => change(&changed, keys::suspend, "is suspended: nobody can use it", context),
        Invite::Resume(changed) => change(&changed, keys::resume, "goes on", context),
        Invite::Revoke(changed) => change(&changed, keys::revoke, "was revoked for good", context),
        Invite::Registrations(arguments) => registered(&arguments, context),
        Invite::Erase(arguments) => erase(&arguments, context),
    }
}

fn create(arguments: &Create, context: &Context) -> Result<Exit, Problem> {
    let ((store, vault), actor) = (context.made()?, context.actor.clone());
    let order = order(arguments, context)?;
    let created = context.change(&store, move |tx| keys::create(tx, &vault, &order, &actor))?;
    let glpi = context.ask(&store, |reader| Ok(glpi_of(reader, &created.invitation)))?;
    let (now, url) = (context.now(), context.service_url(&store)?);
    let made = CreatedInvitation::new(&created.invitation, created.secret.reveal(), &url, now);
    context.printer.answer(
        || record(&made),
        |page| {
            page.line(&made.url);
            if context.printer.is_quiet() {
                return;
            }
            page.blank();
            facts(page, &created.invitation, &glpi, now);
            page.advice("The URL is not shown again. Opening it uses nothing up; sending its form does.");
            page.advice(format!(
                "Who registered: {} invite registrations {}",
                context.program(),
                created.invitation.id
            ));
        },
    )?;
    Ok(Exit::Done)
}

fn order(arguments: &Create, context: &Context) -> Result<Order, Problem> {
    let refused = |refusal: Refusal| Problem::refused(&refusal, context.zone());
    let name = |field, text: &str| Name::parse(field, text).map_err(refused);
    if arguments.group.len() > MOST_LISTED || arguments.email_domain.len() > MOST_LISTED {
        return Err(Problem::usage("too many groups or e-mail domains", TOO_MANY));
    }
    let span = Span { from: arguments.from.as_deref(), days: arguments.days, until: arguments.until.as_deref() };
    let (begins_at, ends_at) = span.read(context.now(), context.zone()).map_err(refused)?;
    let language = match &arguments.language {
        Some(tag) if Language::from_tag(tag).is_none() => {
            return Err(Problem::usage(
                format!("{} is no language of the form", Given(tag)),
                "there are: en, fr, es, pt, de",
            ));
        }
        other => other.clone(),
    };
    Ok(Order {
        name: name("name", &arguments.name)?,
        comment: arguments.comment.as_deref().map(|text| name("comment", text)).transpose()?,
        glpi: arguments.glpi.clone(),
        target: Target {
            entity: arguments.entity,
            recursive: arguments.recursive,
            profile: arguments.profile,
            groups: arguments.group.clone(),
        },
        limit: (!arguments.unlimited).then_some(arguments.uses),
        begins_at,
        ends_at,
        email_domains: arguments
            .email_domain
            .iter()
            .map(|text| email_domain(text))
            .collect::<Result<_, _>>()
            .map_err(refused)?,
        language,
    })
}

fn list(arguments: &List, context: &Context) -> Result<Exit, Problem> {
    let (store, now, limit) = (context.store()?, context.now(), arguments.limit);
    let mut all = context.ask(&store, |reader| Ok(keys::list(reader, "", limit.saturating_add(1))?))?;
    let more = cut(&mut all, limit);
    context.printer.answer(
        || {
            let all: Vec<Json> = all.iter().map(|it| record(&records::Invitation::new(it, now))).collect();
            json!({ "invitations": all, "more": more })
        },
        |page| {
            if all.is_empty() {
                page.line("There are no invitations yet.");
                page.advice(format!("The first one: {} invite create --name NAME", context.program()));
                return;
            }
            let rows = all
                .iter()
                .map(|it| {
                    vec![
                        (it.id.clone(), Tone::Plain),
                        (it.name.to_string(), Tone::Plain),
                        (it.state(now).to_owned(), tone(it, now)),
                        (uses(it), Tone::Plain),
                        (it.ends_at.map_or_else(|| "never".to_owned(), instant), Tone::Faint),
                    ]
                })
                .collect();
            page.table(&["invitation", "name", "state", "uses", "ends"], &[1], rows);
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn show(which: &Which, context: &Context) -> Result<Exit, Problem> {
    let (store, now) = (context.store()?, context.now());
    let (it, glpi, came) = context.ask(&store, |reader| {
        let it = keys::find(reader, &which.invitation)?;
        let came = counts::of(reader, &it.id)?;
        let glpi = glpi_of(reader, &it);
        Ok((it, glpi, came))
    })?;
    context.printer.answer(
        || {
            let mut all = record(&records::Invitation::new(&it, now));
            all["counts"] = came.iter().map(|count| record(&InvitationCount::new(count))).collect();
            all
        },
        |page| {
            facts(page, &it, &glpi, now);
            if came.is_empty() {
                return;
            }
            page.blank();
            let rows = came
                .iter()
                .map(|count| {
                    vec![
                        (count.day.to_string(), Tone::Faint),
                        (count.what.replace(':', ": "), Tone::Plain),
                        (count.times.to_string(), Tone::Plain),
                    ]
                })
                .collect();
            page.table(&["day", "what", "times"], &[], rows);
        },
    )?;
    Ok(Exit::Done)
}

fn change(
    changed: &Changed,
    operation: fn(&mut Tx<'_>, &str, &Actor, Option<&Reason>) -> Done<Invitation>,
    done: &str,
    context: &Context,
) -> Result<Exit, Problem> {
    let reason = changed.reason.as_deref().map(Reason::parse).transpose();
    let reason = reason.map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor, id) = (context.store()?, context.actor.clone(), changed.invitation.clone());
    let it = context.change(&store, move |tx| operation(tx, &id, &actor, reason.as_ref()))?;
    let glpi = context.ask(&store, |reader| Ok(glpi_of(reader, &it)))?;
    let now = context.now();
    context.printer.answer(
        || record(&records::Invitation::new(&it, now)),
        |page| {
            page.line(format!("The invitation {done}."));
            facts(page, &it, &glpi, now);
        },
    )?;
    Ok(Exit::Done)
}

fn registered(arguments: &Registrations, context: &Context) -> Result<Exit, Problem> {
    let (store, limit) = (context.store()?, arguments.limit);
    let mut all = context.ask(&store, |reader| {
        let id = arguments.invitation.as_deref().map(|name| keys::find(reader, name)).transpose()?.map(|it| it.id);
        Ok(registrations::list(reader, id.as_deref(), "", limit.saturating_add(1))?)
    })?;
    let more = cut(&mut all, limit);
    context.printer.answer(
        || {
            let all: Vec<Json> = all.iter().map(|it| record(&records::Registration::new(it))).collect();
            json!({ "registrations": all, "more": more })
        },
        |page| {
            if all.is_empty() {
                page.line("Nobody has registered yet.");
                return;
            }
            page.table(
                &["sent", "login", "name", "e-mail", "state", "remarks"],
                &[2, 3, 5],
                all.iter().map(row).collect(),
            );
        },
    )?;
    say_more(context, more, limit);
    Ok(Exit::Done)
}

fn erase(arguments: &Erase, context: &Context) -> Result<Exit, Problem> {
    let reason = Reason::parse(&arguments.reason).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor, id) = (context.store()?, context.actor.clone(), arguments.registration.clone());
    let it = context.change(&store, move |tx| erasure::erase(tx, &id, &actor, &reason))?;
    if !store.settle_erased()? {
        context.printer.note("The database's log still has the person; the server writes it anew before long.");
    }
    context.printer.answer(
        || record(&records::Registration::new(&it)),
        |page| {
            page.line("Who registered is erased; that somebody did is kept.");
            page.facts(&[
                ("registration", Some(it.id.to_string())),
                ("invitation", Some(it.invitation.clone())),
                ("erased", it.erased_at.map(instant)),
            ]);
            page.advice("An account that is in a GLPI is still there. Backups and exports that were made before still have the person.");
        },
    )?;
    Ok(Exit::Done)
}

fn row(it: &Registration) -> Vec<(String, Tone)> {
    let tone = match it.state {
        State::Complete | State::Directory => Tone::Good,
        State::Waiting | State::PasswordNeeded => Tone::Careful,
        State::Incomplete | State::Taken => Tone::Bad,
        State::Erased => Tone::Faint,
    };
    vec![
        (instant(it.created_at), Tone::Faint),
        (it.person.login.clone(), Tone::Plain),
        (format!("{} {}", it.person.firstname, it.person.realname), Tone::Plain),
        (it.person.email.clone(), Tone::Plain),
        (it.state.name().to_owned(), tone),
        (it.remarks.join(", "), Tone::Plain),
    ]
}

/// Where its accounts go.
fn glpi_of(reader: &mut Reader<'_>, it: &Invitation) -> String {
    let Some(id) = it.connection else { return "the built-in directory".to_owned() };
    match connections::by_id(reader, id) {
        Ok(glpi) => format!("GLPI {}", glpi.name),
        Err(_) => "a GLPI whose connection was removed".to_owned(),
    }
}

fn facts(page: &mut Page, it: &Invitation, glpi: &str, now: Timestamp) {
    let target = &it.target;
    let groups: Vec<String> = it.groups().map(|(group, name)| numbered(group, name)).collect();
    let below = if target.recursive { ", and those below" } else { "" };
    page.facts(&[
        ("invitation", Some(it.id.clone())),
        ("name", Some(it.name.to_string())),
        ("comment", it.comment.as_ref().map(ToString::to_string)),
        ("state", Some(tone(it, now).paint(it.state(now)))),
        ("uses", Some(uses(it))),
        ("accounts in", Some(glpi.to_owned())),
        ("entity", target.entity.map(|id| format!("{}{below}", numbered(id, it.called.entity.as_deref())))),
        ("profile", target.profile.map(|id| numbered(id, it.called.profile.as_deref()))),
        ("groups", (!groups.is_empty()).then(|| groups.join(", "))),
        ("from", Some(instant(it.begins_at))),
        ("until", it.ends_at.map(instant)),
        ("e-mail of", (!it.email_domains.is_empty()).then(|| it.email_domains.join(", "))),
        ("language", it.language.clone()),
    ]);
}

/// What GLPI calls it, as far as that is known, and its number.
fn numbered(number: u32, name: Option<&str>) -> String {
    name.map_or_else(|| number.to_string(), |name| format!("{name} ({number})"))
}

fn uses(it: &Invitation) -> String {
    match it.limit {
        Some(limit) => format!("{} of {limit}", it.uses),
        None => format!("{}, any number", it.uses),
    }
}

fn tone(it: &Invitation, now: Timestamp) -> Tone {
    match it.state(now) {
        "open" => Tone::Good,
        "revoked" | "expired" => Tone::Bad,
        _ => Tone::Careful,
    }
}
