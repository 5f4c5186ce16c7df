//! `latchkey glpi`: connections to GLPIs in which accounts are made, and to which inventories are passed on. A connection is asked
//! before it is kept, so that what is wrong with it is known to whoever can mend it, and not to a newcomer.

use std::io::{self, Read as _};
use std::time::Duration;

use clap::{ArgGroup, Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::accounts::{
    Connection, Credentials, InventoryCredential, InventoryKind, LONGEST_CREDENTIAL, Policy, Report, Secret,
    TypedInventory, Who,
};
use latchkey_domain::outgoing::Unanswered;
use latchkey_domain::text::Name;
use latchkey_domain::time::Zone;
use latchkey_glpi::accounts::Fault;
use latchkey_server::accounts::{self, Asker, Choices};
use latchkey_server::records::invitations as records;
use latchkey_store::accounts::connections::{self, Order};
use latchkey_store::invitations::delivery;
use latchkey_texts::Language;
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::data_dir::cause;
use crate::printer::{Page, Tone};
use crate::problem::{Exit, Problem};
use crate::records::{instant, json as json_of};

/// How long a command waits for a GLPI in all, however many calls it takes.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, Subcommand)]
pub(crate) enum Glpi {
    /// Ask a GLPI whether accounts can be made in it, and keep the connection, its secrets sealed
    Add(Add),
    /// Show all connections, as they were when they were last asked
    List,
    /// Ask a GLPI again, and show what an invitation can choose from: entities, profiles, groups
    Check(Which),
    /// Change what a GLPI is shown when agents' inventories are passed on to it
    Inventory(Shown),
    /// Forget a connection and its secrets
    Remove(Which),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// What people call it
    #[arg(long)]
    name: String,
    #[arg(long, help = "Where the GLPI is, such as https://glpi.example.org")]
    url: String,
    /// Read the service account's remote access token (user token) from standard input
    #[arg(long, conflicts_with_all = ["login", "password_stdin"], required_unless_present = "login")]
    user_token_stdin: bool,
    /// The service account's login
    #[arg(long, requires = "password_stdin")]
    login: Option<String>,
    /// Read its password from standard input
    #[arg(long, requires = "login")]
    password_stdin: bool,
    /// The application token, where the GLPI asks for one
    #[arg(long, value_name = "TOKEN")]
    app_token: Option<String>,
    /// Where the GLPI asks for a login before it takes inventories: the user that the gateway shows it
    #[arg(long, value_name = "USER", requires = "inventory_password_stdin", conflicts_with = "inventory_client_id")]
    inventory_user: Option<String>,
    /// Read that user's password from standard input, as its second line
    #[arg(long, requires = "inventory_user")]
    inventory_password_stdin: bool,
    /// Where it asks for an OAuth client: the client's id
    #[arg(long, value_name = "ID", requires = "inventory_client_secret_stdin")]
    inventory_client_id: Option<String>,
    /// Read that client's secret from standard input, as its second line
    #[arg(long, requires = "inventory_client_id")]
    inventory_client_secret_stdin: bool,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("shown").args(["user", "client_id", "none"]).required(true)))]
pub(crate) struct Shown {
    /// The connection's name, or its id
    #[arg(value_name = "CONNECTION")]
    connection: String,
    /// The user that GLPI asks agents for
    #[arg(long, requires = "password_stdin")]
    user: Option<String>,
    /// Read its password from standard input
    #[arg(long, requires = "user")]
    password_stdin: bool,
    /// The id of an OAuth client
    #[arg(long, value_name = "ID", requires = "client_secret_stdin")]
    client_id: Option<String>,
    /// Read its secret from standard input
    #[arg(long, requires = "client_id")]
    client_secret_stdin: bool,
    /// Nothing: the GLPI takes inventories without
    #[arg(long)]
    none: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The connection's name, or its id
    #[arg(value_name = "CONNECTION")]
    connection: String,
}

pub(super) fn run(command: Glpi, context: &Context) -> Result<Exit, Problem> {
    match command {
        Glpi::Add(arguments) => add(&arguments, context),
        Glpi::List => list(context),
        Glpi::Check(which) => check(&which, context),
        Glpi::Inventory(shown) => inventory(&shown, context),
        Glpi::Remove(which) => remove(&which, context),
    }
}

fn add(arguments: &Add, context: &Context) -> Result<Exit, Problem> {
    let name = Name::parse("name", &arguments.name).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let url =
        accounts::base(&arguments.url).map_err(|fault| faulty(Fault::Unanswered(Unanswered::UrlInvalid(fault))))?;
    let (credentials, inventory) = credentials(arguments, context)?;
    let asker = Asker::new(context.config.outgoing.client()?, &url).within(PATIENCE);
    let found = accounts::check(&asker, &credentials).map_err(faulty)?;
    fit(&found.report)?;
    let ((store, vault), actor) = (context.made()?, context.actor.clone());
    let order = Order { name, url, credentials, names: found.names(), report: found.report, inventory };
    let (connection, delivered) = context.change(&store, move |tx| {
        let connection = connections::add(tx, &vault, &order, &actor)?;
        // What was kept while there was no GLPI was kept for the first one.
        let delivered = delivery::connect(tx, connection.id, &actor)?;
        Ok((connection, delivered))
    })?;
    context.printer.answer(
        || record(&connection),
        |page| {
            page.line("The GLPI answers, and accounts can be made in it.");
            facts(page, &connection);
            if delivered > 0 {
                page.line(format!("{delivered} accounts of the built-in directory are delivered to it by the server."));
            }
            page.advice(format!(
                "What an invitation can choose from: {} glpi check {:?}",
                context.program(),
                connection.name.as_str()
            ));
        },
    )?;
    Ok(Exit::Done)
}

fn credentials(arguments: &Add, context: &Context) -> Result<(Credentials, InventoryCredential), Problem> {
    let (user, client_id) = (arguments.inventory_user.as_deref(), arguments.inventory_client_id.as_deref());
    let (typed, two) = (typed()?, user.or(client_id).is_some());
    let (typed, for_inventories) = match typed.split_once('\n') {
        Some((first, second)) if two => (secret(first)?, Some(secret(second)?)),
        None if two => {
            return Err(Problem::usage(
                "standard input has one line, and two secrets are read from it",
                "give the service account's secret as the first line, and the one for inventories as the second",
            ));
        }
        Some(_) | None => (secret(&typed)?, None),
    };
    let who = match &arguments.login {
        Some(login) => Who::Login { login: one_line("the login", login)?.to_owned(), password: typed },
        None => Who::UserToken(typed),
    };
    let app_token = match arguments.app_token.as_deref() {
        Some(token) => Some(Secret::new(one_line("the application token", token)?)),
        None => None,
    };
    Ok((Credentials { who, app_token }, for_inventories_of(user, client_id, for_inventories, context)?))
}

/// What a GLPI is shown for inventories, of which the secret was read from standard input.
fn for_inventories_of(
    user: Option<&str>,
    client_id: Option<&str>,
    secret: Option<Secret>,
    context: &Context,
) -> Result<InventoryCredential, Problem> {
    let none = || Secret::new("");
    let (kind, password, client_secret) = match (user, client_id) {
        (Some(_), _) => (InventoryKind::Basic, secret.unwrap_or_else(none), none()),
        (None, Some(_)) => (InventoryKind::Client, none(), secret.unwrap_or_else(none)),
        (None, None) => (InventoryKind::None, none(), none()),
    };
    let text = |given: Option<&str>| given.unwrap_or_default().to_owned();
    let typed = TypedInventory { user: text(user), password, client_id: text(client_id), client_secret };
    InventoryCredential::read(kind, &typed).map_err(|refusal| Problem::refused(&refusal, context.zone()))
}

/// What came on standard input, without the end of its last line, which is no part of a secret.
fn typed() -> Result<zeroize::Zeroizing<String>, Problem> {
    let mut typed = zeroize::Zeroizing::new(String::new());
    let most = u64::try_from(2 * (4 * LONGEST_CREDENTIAL + 8)).unwrap_or(u64::MAX);
    io::stdin().lock().take(most).read_to_string(&mut typed).map_err(|error| {
        let detail = format!("the secret cannot be read from standard input: {}", cause(&error));
        Problem::usage(detail, "give one line of UTF-8")
    })?;
    let length = typed.trim_end_matches(['\n', '\r']).len();
    typed.truncate(length);
    Ok(typed)
}

fn secret(line: &str) -> Result<Secret, Problem> {
    Ok(Secret::new(one_line("what came on standard input", line.trim_end_matches('\r'))?))
}

/// What goes into a header has no place for a second line.
fn one_line<'t>(what: &str, text: &'t str) -> Result<&'t str, Problem> {
    if text.is_empty() {
        return Err(Problem::usage(format!("{what} is empty"), "give it as one line"));
    }
    if text.chars().count() > LONGEST_CREDENTIAL || text.chars().any(char::is_control) {
        let detail = format!("{what} has more than {LONGEST_CREDENTIAL} characters, or more than one line");
        return Err(Problem::usage(detail, "give it as one line"));
    }
    Ok(text)
}

fn list(context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let all = context.ask(&store, |reader| Ok(connections::list(reader)?))?;
    context.printer.answer(
        || json!({ "connections": all.iter().map(record).collect::<Vec<_>>() }),
        |page| {
            if all.is_empty() {
                page.line("There are no connections to a GLPI yet.");
                page.advice(format!(
                    "The first one: {} glpi add --name main --url URL --user-token-stdin",
                    context.program()
                ));
                return;
            }
            let rows = all.iter().map(|connection| {
                let remarks: Vec<&str> = connection.report.remarks.iter().map(|remark| remark.code()).collect();
                let tone = if remarks.is_empty() { Tone::Good } else { Tone::Careful };
                vec![
                    (connection.name.to_string(), Tone::Plain),
                    (connection.url.clone(), Tone::Plain),
                    (connection.report.version.clone().unwrap_or_else(|| "-".to_owned()), Tone::Plain),
                    (if remarks.is_empty() { "good".to_owned() } else { remarks.join(" ") }, tone),
                    (connection.inventory.code().to_owned(), Tone::Plain),
                    (instant(connection.checked_at), Tone::Faint),
                ]
            });
            page.table(&["name", "address", "GLPI", "state", "shown", "asked"], &[3], rows.collect());
        },
    )?;
    Ok(Exit::Done)
}

fn check(which: &Which, context: &Context) -> Result<Exit, Problem> {
    let ((store, vault), name) = (context.store_and_vault()?, which.connection.clone());
    let (connection, credentials) = context.ask(&store, |reader| {
        let connection = connections::find(reader, &name)?;
        let credentials = connections::credentials(reader, &vault, connection.id)?;
        Ok((connection, credentials))
    })?;
    let asker = Asker::new(context.config.outgoing.client()?, &connection.url).within(PATIENCE);
    let found = accounts::check(&asker, &credentials).map_err(faulty)?;
    let (id, actor, names, report) = (connection.id, context.actor.clone(), found.names(), found.report.clone());
    let connection = context.change(&store, move |tx| connections::checked(tx, id, &report, &names, &actor))?;
    let none = || Choices { entities: Vec::new(), profiles: Vec::new(), groups: Vec::new() };
    let (seen, choices) = (found.choices.is_some(), found.choices.unwrap_or_else(none));
    context.printer.answer(
        || {
            let mut all = record(&connection);
            if let (Json::Object(all), Json::Object(lists)) = (&mut all, json_of(&records::Choices::new(&choices))) {
                all.extend(lists);
            }
            all
        },
        |page| {
            page.line("The GLPI answers.");
            facts(page, &connection);
            if !seen {
                page.line("  The service account may not see what there is to choose from.");
                return;
            }
            let row = |id: i64, name: &str| vec![(id.to_string(), Tone::Plain), (name.to_owned(), Tone::Plain)];
            let mut lists = [
                ("entity", choices.entities.iter().map(|one| row(one.id, &one.path)).collect::<Vec<_>>()),
                ("profile", choices.profiles.iter().map(|one| row(one.id, &one.name)).collect()),
                ("group", choices.groups.iter().map(|one| row(one.id, &one.path)).collect()),
            ];
            for (what, rows) in &mut lists {
                if !rows.is_empty() {
                    page.blank();
                    page.table(&["id", what], &[1], std::mem::take(rows));
                }
            }
        },
    )?;
    fit(&found.report).map(|()| Exit::Done)
}

fn inventory(shown: &Shown, context: &Context) -> Result<Exit, Problem> {
    let (user, client_id) = (shown.user.as_deref(), shown.client_id.as_deref());
    let secret = if shown.none { None } else { Some(secret(&typed()?)?) };
    let credential = for_inventories_of(user, client_id, secret, context)?;
    let ((store, vault), actor, name) = (context.store_and_vault()?, context.actor.clone(), shown.connection.clone());
    let connection = context.change(&store, move |tx| connections::shows(tx, &vault, &name, &credential, &actor))?;
    context.printer.answer(
        || record(&connection),
        |page| {
            page.line("The gateway shows it this from now on, and tries again what waits for it.");
            page.facts(&[
                ("name", Some(connection.name.to_string())),
                ("address", Some(connection.url.clone())),
                ("inventories", Some(for_inventories(connection.inventory).to_owned())),
            ]);
        },
    )?;
    Ok(Exit::Done)
}

fn remove(which: &Which, context: &Context) -> Result<Exit, Problem> {
    let (store, actor, name) = (context.store()?, context.actor.clone(), which.connection.clone());
    let connection = context.change(&store, move |tx| connections::remove(tx, &name, &actor))?;
    context.printer.answer(
        || json!({ "connection_id": connection.id.to_string(), "name": connection.name.as_str(), "removed": true }),
        |page| {
            page.line("The connection and its secrets are forgotten.");
            page.facts(&[("name", Some(connection.name.to_string())), ("address", Some(connection.url.clone()))]);
        },
    )?;
    Ok(Exit::Done)
}

/// Refuses a connection by which no account could be made.
fn fit(report: &Report) -> Result<(), Problem> {
    match report.remarks.iter().find(|remark| remark.is_fatal()) {
        None => Ok(()),
        Some(remark) => Err(unusable(&Refusal::GlpiRightMissing { remark: *remark, profile: report.profile.clone() })),
    }
}

fn record(connection: &Connection) -> Json {
    json_of(&records::Connection::new(connection))
}

fn facts(page: &mut Page, connection: &Connection) {
    let report = &connection.report;
    page.facts(&[
        ("name", Some(connection.name.to_string())),
        ("address", Some(connection.url.clone())),
        ("GLPI", report.version.clone()),
        ("profile", Some(report.profile.clone())),
        ("passwords", Some(policy(&report.policy))),
        ("inventories", Some(for_inventories(connection.inventory).to_owned())),
        ("id", Some(connection.id.to_string())),
    ]);
    for remark in &report.remarks {
        let tone = if remark.is_fatal() { Tone::Bad } else { Tone::Careful };
        page.line(format!(
            "  {}: {}",
            tone.paint(if remark.is_fatal() { "wrong" } else { "careful" }),
            latchkey_texts::remark(*remark, Language::English)
        ));
    }
}

/// What a GLPI is shown for inventories.
fn for_inventories(kind: InventoryKind) -> &'static str {
    match kind {
        InventoryKind::None => "it is shown no credential",
        InventoryKind::Basic => "it is shown a user and a password",
        InventoryKind::Client => "it is shown an OAuth client's token",
    }
}

fn policy(policy: &Policy) -> String {
    let Policy { least, digit, lower, upper, symbol } = *policy;
    let mut parts = Vec::new();
    parts.extend((least > 0).then(|| format!("at least {least} characters")));
    for (asked, what) in
        [(digit, "a digit"), (lower, "a small letter"), (upper, "a capital letter"), (symbol, "a symbol")]
    {
        parts.extend(asked.then(|| what.to_owned()));
    }
    if parts.is_empty() { "no rules of GLPI's own".to_owned() } else { parts.join(", ") }
}

/// Why a GLPI could not be asked.
fn faulty(fault: Fault) -> Problem {
    unusable(&Refusal::GlpiUnusable(Box::new(fault)))
}

fn unusable(refusal: &Refusal) -> Problem {
    // There is no day in it, so the zone makes no difference.
    Problem::told(refusal.code(), latchkey_texts::refusal(refusal, Language::English, &Zone::utc()))
}
