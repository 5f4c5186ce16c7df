//! `latchkey key`: registration keys.

mod inspect;
mod issue;
mod list;
mod reissue;
mod revoke;
mod show;

use std::io::Read as _;

use clap::Subcommand;
use latchkey_domain::Refusal;
use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::{Revocation, Standing, Succession};
use latchkey_key::registration;
use latchkey_server::records::Note;
use latchkey_store::subscriptions::keys::{self, Issued};
use latchkey_store::{Store, signing_keys};
use serde_json::{Map, Value as Json, json};

use super::mistaken;
use crate::context::Context;
use crate::data_dir::cause;
use crate::printer::{Page, Printer, Tone};
use crate::problem::{Exit, Problem};
use crate::records;
use crate::words;

/// More is not read of a key from standard input, in bytes. No key is nearly as long.
const LONGEST_INPUT: u64 = 64 * 1_024;

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Issue a key, with a customer and a subscription where they are not there yet
    Issue(issue::Issue),
    /// Show keys, newest first
    List(super::ListArgs),
    /// Show one key: facts, state, history; with --reveal its text
    Show(show::Show),
    /// Take a key's right away, at once and for good
    Revoke(revoke::Revoke),
    /// Issue a key in the place of another
    Reissue(reissue::Reissue),
    /// Say what a key says, whether it is true, and what is wrong with it; works offline
    ///
    /// The exit code is 0 for a key that is whole and true, 1 for one that is not, and 3 where there was nothing to check
    /// its signature with.
    Inspect(inspect::Inspect),
}

pub(super) fn run(command: Key, context: &Context) -> Result<Exit, Problem> {
    match command {
        Key::Issue(arguments) => issue::run(&arguments, context),
        Key::List(arguments) => list::run(&arguments, context),
        Key::Show(arguments) => show::run(&arguments, context),
        Key::Revoke(arguments) => revoke::run(&arguments, context),
        Key::Reissue(arguments) => reissue::run(&arguments, context),
        Key::Inspect(arguments) => inspect::run(&arguments, context),
    }
}

/// The key that is meant: by its id, or by its whole text, which has to be one of this installation's. `-` reads either
/// from standard input.
fn read_key_id(text: &str, store: &Store, context: &Context) -> Result<KeyId, Problem> {
    let text = read_text(text, &context.printer)?;
    let text = text.trim();
    if let Ok(id) = text.parse() {
        let KeyId(uuid) = id;
        context
            .ask(store, |reader| keys::find(reader, id))
            .map_err(|unknown| mistaken(unknown, uuid, store, context))?;
        return Ok(id);
    }
    // Shorter than any part of a key that somebody would paste: an id with a slip in it.
    if text.len() < 60 {
        return Err(Problem::refused(&Refusal::KeyUnknown { key: text.to_owned() }, context.zone()));
    }
    let ring = context.ask(store, |reader| Ok(signing_keys::ring(reader)?))?;
    match registration::check(text.as_bytes(), &ring) {
        Ok(key) => Ok(key.id),
        Err(damage) => Err(Problem::refused(&Refusal::KeyDamaged(damage), context.zone())),
    }
}

/// The text itself, or standard input where it is `-`.
pub(super) fn read_text(text: &str, printer: &Printer) -> Result<String, Problem> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let input = std::io::stdin().lock();
    if std::io::IsTerminal::is_terminal(&input) {
        printer.note("Paste the key, then press Enter and Ctrl-D:");
    }
    let mut bytes = Vec::new();
    input.take(LONGEST_INPUT).read_to_end(&mut bytes).map_err(|error| {
        Problem::usage(format!("cannot read standard input: {}", cause(&error)), "give the key as an argument")
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An issued key as JSON: its members and its text.
fn issued_json(issued: &Issued, context: &Context) -> Map<String, Json> {
    let Issued { key, text, subscription, customer, notes } = issued;
    let mut all = records::members(json!({ "registration_key": text.reveal() }));
    all.extend(records::key(key, subscription, customer.name.as_str(), context.now()));
    all.insert("notes".to_owned(), notes.iter().map(|note| records::json(&Note::new(note))).collect());
    all
}

/// An issued key for people: its text on a line of its own, what it is, and where it goes.
fn issued_page(page: &mut Page, issued: &Issued, more: records::Facts, context: &Context) {
    let Issued { key, text, subscription, customer, notes } = issued;
    page.line(text.reveal());
    if context.printer.is_quiet() {
        return;
    }
    page.blank();
    let mut facts = vec![("key id", Some(key.id.to_string()))];
    facts.extend(records::subscription_facts(subscription, customer, context.now()));
    facts.extend(more);
    page.facts(&facts);
    for note in notes {
        let (detail, next_step) = words::note(note, subscription, context.program());
        page.blank();
        page.line(format!("{} {detail}", Tone::Careful.paint("Note:")));
        next_step.lines().for_each(|line| page.line(format!("  {line}")));
    }
    page.advice(match key.standing(context.now()) {
        Standing::Plain => {
            "Paste it into the customer's GLPI: Setup > General > GLPI Network > Registration key, then save."
                .to_owned()
        }
        Standing::Overlap(Succession { by, by_revoked: false, .. })
        | Standing::Superseded(Succession { by, by_revoked: false, .. })
        | Standing::Revoked(Revocation { successor: Some(by), .. }) => {
            format!("Another key has taken its place: {} key show {by} --reveal", context.program())
        }
        Standing::Overlap(Succession { by, .. }) | Standing::Superseded(Succession { by, .. }) => {
            format!("The key in its place was revoked. For another one: {} key reissue {by}", context.program())
        }
        Standing::Revoked(Revocation { successor: None, .. }) => {
            format!("It opens nothing any more. For another one: {} key reissue {}", context.program(), key.id)
        }
    });
}
