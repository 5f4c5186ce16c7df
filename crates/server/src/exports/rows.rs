//! The rows of each kind, read page by page.

use std::io::Write;

use latchkey_domain::time::Timestamp;
use latchkey_store::accounts::connections;
use latchkey_store::api::tokens;
use latchkey_store::invitations::{keys as invitations, registrations};
use latchkey_store::lists::agents::{AgentSort, Which};
use latchkey_store::lists::{At, Found, Page};
use latchkey_store::marketplace::downloads;
use latchkey_store::subscriptions::{export, offers};
use latchkey_store::{Reader, Store, StoreError, audit, enrollment, lists, operators, signing_keys};
use serde::Serialize;
use serde_json::json;

use super::{Failed, Kind, Sheet};
use crate::records;
use crate::records::invitations::{Connection, Invitation, InvitedRegistration, Registration};
use crate::records::marketplace::PluginVersion;

/// Rows that are read at a time, of what is not divided by the store.
const PAGE: u32 = 1_000;

/// A version, with what is the same for all of its plugin.
#[derive(Serialize)]
struct PluginRow {
    name: String,
    requires: Vec<String>,
    #[serde(flatten)]
    version: PluginVersion,
}

pub(super) fn write<W: Write, S: FnMut(u64)>(
    kind: Kind,
    store: &Store,
    now: Timestamp,
    sheet: &mut Sheet<W, S>,
) -> Result<(), Failed> {
    match kind {
        Kind::Customers => parts(
            |after| store.read(|reader| export::customers(reader, after)),
            |(customer, _)| customer.id,
            |(customer, erased_at)| {
                sheet.row(&json!({
                    "customer_id": customer.id.to_string(),
                    "customer": customer.name.as_str(),
                    "created_at": customer.created_at.to_string(),
                    "erased_at": erased_at.map(|at| at.to_string()),
                }))
            },
        ),
        Kind::Offers => all(&store.read(|reader| offers::list(reader))?, |it| sheet.row(&records::Offer::new(it))),
        Kind::Subscriptions => parts(
            |after| store.read(|reader| export::subscriptions(reader, after)),
            |(subscription, _)| subscription.id,
            |(subscription, customer)| sheet.row(&records::Subscription::new(subscription, customer.as_str(), now)),
        ),
        Kind::Keys => parts(
            |after| store.read(|reader| export::keys(reader, after)),
            |listed| listed.key.id,
            |listed| sheet.row(&records::Key::new(&listed.key, &listed.subscription, listed.customer.as_str(), now)),
        ),
        Kind::Instances => pages(
            store,
            |reader, page| lists::instances::page(reader, &lists::instances::Wanted::default(), page, now),
            |it| sheet.row(&records::Instance::new(it, now)),
        ),
        Kind::Trials => pages(
            store,
            |reader, page| {
                let (wanted, sort) = (lists::trials::Wanted::default(), lists::trials::Sort::Begun);
                lists::trials::page(reader, &wanted, sort, page, now)
            },
            |it| sheet.row(&records::Trial::new(it, now)),
        ),
        Kind::Plugins => pages(
            store,
            |reader, page| lists::plugins::page(reader, None, false, lists::plugins::Sort::Key, page),
            |(plugin, versions)| {
                all(versions, |version| {
                    sheet.row(&PluginRow {
                        name: plugin.name.clone(),
                        requires: plugin.offers.iter().map(ToString::to_string).collect(),
                        version: PluginVersion::new(version),
                    })
                })
            },
        ),
        Kind::Downloads => parts(
            |after: Option<String>| store.read(|reader| downloads::list(reader, &after.unwrap_or_default(), PAGE)),
            |it| it.id.clone(),
            |it| {
                sheet.row(&json!({
                    "plugin": it.download.plugin.to_string(),
                    "version": it.download.version.to_string(),
                    "instance_uid": it.download.instance,
                    "subscription_id": it.download.subscription.to_string(),
                    "downloaded_at": it.at.to_string(),
                }))
            },
        ),
        Kind::Connections => {
            all(&store.read(|reader| connections::list(reader))?, |it| sheet.row(&Connection::new(it)))
        }
        Kind::Invitations => parts(
            |after: Option<String>| store.read(|reader| invitations::list(reader, &after.unwrap_or_default(), PAGE)),
            |it| it.id.clone(),
            |it| sheet.row(&Invitation::new(it, now)),
        ),
        Kind::Registrations => parts(
            |after: Option<String>| {
                store.read(|reader| {
                    let part = registrations::list(reader, None, &after.unwrap_or_default(), PAGE)?;
                    registrations::with_invitations(reader, part)
                })
            },
            |(it, _)| it.id.to_string(),
            |it| sheet.row(&InvitedRegistration::new(it)),
        ),
        Kind::Directory => parts(
            |after: Option<String>| {
                store.read(|reader| registrations::directory(reader, &after.unwrap_or_default(), PAGE))
            },
            |it| it.id.to_string(),
            |it| sheet.row(&Registration::new(it)),
        ),
        Kind::EnrollmentKeys => parts(
            |after: Option<String>| {
                store.read(|reader| enrollment::keys::list(reader, &after.unwrap_or_default(), PAGE))
            },
            |it| it.name.to_string(),
            |it| sheet.row(&records::enrollment::EnrollmentKey::new(it, now)),
        ),
        Kind::Agents => pages(
            store,
            |reader, page| lists::agents::page(reader, &Which::default(), AgentSort::Id, page),
            |it| sheet.row(&records::enrollment::Agent::new(it)),
        ),
        Kind::Operators => {
            all(&store.read(|reader| operators::list(reader))?, |it| sheet.row(&records::Operator::new(it)))
        }
        Kind::Tokens => parts(
            |after: Option<String>| store.read(|reader| tokens::list(reader, &after.unwrap_or_default(), PAGE)),
            |it| it.id.clone(),
            |it| sheet.row(&records::Token::new(it, now)),
        ),
        Kind::SigningKeys => {
            all(&store.read(|reader| signing_keys::list(reader))?, |it| sheet.row(&records::SigningKey::new(it)))
        }
        Kind::Audit => parts(
            |after: Option<i64>| store.read(|reader| audit::lines(reader, after.unwrap_or_default(), i64::from(PAGE))),
            |line| line.seq,
            |line| sheet.row(&records::AuditLine::new(line)),
        ),
    }
}

fn all<T>(rows: &[T], each: impl FnMut(&T) -> Result<(), Failed>) -> Result<(), Failed> {
    rows.iter().try_for_each(each)
}

/// Rows that are read after the one that was last, until there are none.
fn parts<T, P>(
    mut read: impl FnMut(Option<P>) -> Result<Vec<T>, StoreError>,
    place: impl Fn(&T) -> P,
    mut each: impl FnMut(&T) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut after = None;
    loop {
        let part = read(after)?;
        let Some(last) = part.last() else { return Ok(()) };
        after = Some(place(last));
        all(&part, &mut each)?;
    }
}

/// Rows of a list, page by page.
fn pages<T>(
    store: &Store,
    mut read: impl FnMut(&mut Reader<'_>, &Page) -> Result<Found<T>, StoreError>,
    mut each: impl FnMut(&T) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut page = Page::first(PAGE);
    loop {
        let found = store.read(|reader| read(reader, &page))?;
        all(&found.rows, &mut each)?;
        let Some(place) = found.after else { return Ok(()) };
        page = page.at(At::After(place));
    }
}
