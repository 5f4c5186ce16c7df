//! `latchkey key inspect`: all that can be said about a text without asking the service: what it says, whether it is one
//! of the vendor's keys, and exactly what is wrong with it.
//!
//! It needs no data directory. Invariant: it succeeds only for a key that is whole and whose signature was verified;
//! where there is nothing to verify it with, the key may be a forgery, and the exit code says that this could not be told.

use std::path::PathBuf;

use clap::Args;
use latchkey_key::{Damage, PublicKeys, RegistrationKey, registration};
use latchkey_server::well_known::{self, PublishedKeys};
use latchkey_store::signing_keys;
use latchkey_texts::Language;
use serde_json::{Value as Json, json};

use super::read_text;
use crate::context::Context;
use crate::data_dir;
use crate::printer::{Page, Tone};
use crate::problem::{Exit, Problem};

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The text of a key; `-` reads it from standard input
    #[arg(value_name = "KEY", allow_hyphen_values = true)]
    key: String,
    /// Check the signature with this copy of the vendor's /.well-known/latchkey-keys.json
    #[arg(long, value_name = "FILE")]
    public_keys: Option<PathBuf>,
}

/// What became of the look at a text.
enum Found {
    /// Whole and true.
    True(RegistrationKey),
    /// Whole; nothing was there to check its signature with.
    Unchecked(RegistrationKey),
    /// Not a key that counts. What it says is known where it is well-formed.
    Bad(Damage, Option<RegistrationKey>),
}

pub(super) fn run(arguments: &Inspect, context: &Context) -> Result<Exit, Problem> {
    let text = read_text(&arguments.key, &context.printer)?;
    let ring = ring(arguments, context)?;
    let found = look(&text, ring.as_ref().map(|(ring, _)| ring));
    let checked_against = ring.map(|(_, whose)| whose);
    context.printer.answer(
        || as_json(&found, checked_against.as_deref()),
        |page| fill(page, &found, checked_against.as_deref(), context),
    )?;
    Ok(match found {
        Found::True(_) => Exit::Done,
        Found::Unchecked(_) => Exit::Unable,
        Found::Bad(..) => Exit::Refused,
    })
}

fn look(text: &str, ring: Option<&PublicKeys>) -> Found {
    match (registration::read(text.as_bytes()), ring) {
        (Err(damage), _) => Found::Bad(damage, None),
        (Ok(key), None) => Found::Unchecked(key),
        (Ok(key), Some(ring)) => match key.verify(ring) {
            Ok(()) => Found::True(key),
            Err(damage) => Found::Bad(damage, Some(key)),
        },
    }
}

/// The public keys to check with, and whose they are.
fn ring(arguments: &Inspect, context: &Context) -> Result<Option<(PublicKeys, String)>, Problem> {
    if let Some(file) = &arguments.public_keys {
        let name = file.display();
        let next = format!("fetch it anew from the vendor's service: {}", well_known::PATH);
        let keys: PublishedKeys = serde_json::from_str(&data_dir::read_text(file)?)
            .map_err(|error| Problem::usage(format!("{name} does not hold public keys: {error}"), next.clone()))?;
        let ring = keys.ring().map_err(|error| Problem::usage(format!("{name} cannot be used: {error}"), next))?;
        return Ok(Some((ring, format!("the public keys in {name}"))));
    }
    let Some(store) = context.store_if_there()? else { return Ok(None) };
    let ring = context.ask(&store, |reader| Ok(signing_keys::ring(reader)?))?;
    Ok(Some((ring, "the signing keys of this installation".to_owned())))
}

fn as_json(found: &Found, checked_against: Option<&str>) -> Json {
    let (key, damage, signature) = match found {
        Found::True(key) => (Some(key), None, Some("good")),
        Found::Unchecked(key) => (Some(key), None, Some("unchecked")),
        Found::Bad(Damage::Forged, key) => (key.as_ref(), Some(Damage::Forged), Some("bad")),
        Found::Bad(damage, key) => (key.as_ref(), Some(*damage), None),
    };
    let (code, detail, next_step) = match (damage, found) {
        (Some(damage), _) => {
            let next_step = latchkey_texts::damage(&damage, Language::English).next_step;
            (Some(damage.code()), Some(damage.to_string()), Some(next_step))
        }
        (None, Found::Unchecked(_)) => (
            Some("SIGNATURE_UNCHECKED"),
            Some("The key is whole, but its signature was not checked.".to_owned()),
            Some(format!("Fetch {} from the vendor's service and give it as --public-keys.", well_known::PATH)),
        ),
        (None, Found::True(_) | Found::Bad(..)) => (None, None, None),
    };
    json!({
        "whole_and_true": matches!(found, Found::True(_)),
        "whole": key.is_some(),
        "signature": signature,
        "checked_against": signature.filter(|told| *told != "unchecked").and(checked_against),
        "code": code,
        "detail": detail,
        "next_step": next_step,
        "key_id": key.map(|key| key.id.0.to_string()),
        "signing_key": key.map(|key| key.signing_key.to_string()),
        "publisher": key.map(|key| key.signing_key.publisher().to_string()),
        "issue_date": key.map(|key| key.issued.to_string()),
    })
}

fn fill(page: &mut Page, found: &Found, checked_against: Option<&str>, context: &Context) {
    let whose = checked_against.unwrap_or_default();
    match found {
        Found::True(key) => {
            page.line(format!("{}: this key is whole and true.", Tone::Good.paint("good")));
            contents(page, key, format!("holds, checked with {whose}"));
            page.advice("Whether it was revoked, and until when its subscription runs, only the service knows:");
            page.advice(format!("  {} key show {}", context.program(), key.id.0));
        }
        Found::Unchecked(key) => {
            page.line(format!(
                "{}: this key is whole, but it may be forged: its signature was not checked.",
                Tone::Careful.paint("unchecked")
            ));
            contents(page, key, "not checked".to_owned());
            page.advice(format!("To check it, fetch {} from the vendor's service and", well_known::PATH));
            page.advice("  latchkey key inspect KEY --public-keys latchkey-keys.json");
            page.advice("or name the vendor's data directory with --data-dir.");
        }
        Found::Bad(damage, key) => {
            page.line(format!("{}: {damage}", Tone::Bad.paint("bad")));
            if let Some(key) = key {
                let signature = match damage {
                    Damage::Forged => format!("does not hold, checked with {whose}"),
                    Damage::UnknownPublisher { .. } | Damage::UnknownSigningKey { .. } => {
                        format!("not checked: none of {whose} is this one")
                    }
                    Damage::Missing
                    | Damage::TooLong { .. }
                    | Damage::WhiteSpace { .. }
                    | Damage::WrongAlphabet { .. }
                    | Damage::Truncated { .. }
                    | Damage::BeginningMissing
                    | Damage::Trailing { .. }
                    | Damage::Altered { .. }
                    | Damage::UnknownFormat { .. }
                    | Damage::ForeignFormat
                    | Damage::NotAKey => "not checked".to_owned(),
                };
                contents(page, key, signature);
            }
            page.line(format!("  {}", latchkey_texts::damage(damage, Language::English).next_step));
            page.line(format!("  {}", Tone::Faint.paint(damage.code())));
        }
    }
}

fn contents(page: &mut Page, key: &RegistrationKey, signature: String) {
    page.facts(&[
        ("key id", Some(key.id.0.to_string())),
        ("issued", Some(key.issued.to_string())),
        ("signing key", Some(key.signing_key.to_string())),
        ("publisher", Some(key.signing_key.publisher().to_string())),
        ("signature", Some(signature)),
    ]);
}
