//! Customers and subscriptions that come from elsewhere, a row at a time.
//!
//! Invariant: a row that was taken in once is found the second time, so an import that was interrupted is run again.

use latchkey_domain::ids::CustomerId;
use latchkey_domain::subscriptions::{Offer, Period, Subscription};
use latchkey_domain::text::Name;
use latchkey_domain::time::{Date, Zone};

use super::customers;
use super::keys::{self, Issued};
use super::{erasure, offers, subscriptions};
use crate::driver::Select;
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, Vault, installation};

/// A subscription as a spreadsheet has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// The customer's name, or its id; one that is not there is added by name.
    pub customer: String,
    /// The offer's reference.
    pub offer: String,
    /// The first day.
    pub begins: Date,
    /// The last day, inclusive.
    pub ends: Date,
    /// Whether it is to have a key.
    pub key: bool,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is made.
    Made,
    /// It was there already.
    Exists,
    /// The subscription was there already, and gets the key that it lacked.
    KeyAdded,
    /// The key was there already, and loses what it had lost elsewhere.
    Updated,
}

/// What was taken in.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What became of the row.
    pub fate: Fate,
    /// The key, where one was issued.
    pub issued: Option<Issued>,
}

/// What would become of a customer.
pub fn fate_of_customer(from: &mut impl Select, name: &str) -> Done<Fate> {
    match customers::look_up(from, name)? {
        Some(customer) => erasure::refuse_erased(from, customer.id).map(|()| Fate::Exists),
        None => Name::parse("customer", name).map(|_| Fate::Made).map_err(Into::into),
    }
}

/// What would become of a sale.
pub fn fate_of_sale(from: &mut impl Select, sale: &Sale, zone: &Zone) -> Done<Fate> {
    let (offer, period) = dates(from, sale, zone)?;
    if fate_of_customer(from, &sale.customer)? == Fate::Made {
        return Ok(Fate::Made);
    }
    let Some(customer) = customers::look_up(from, &sale.customer)? else { return Ok(Fate::Made) };
    let Some(sold) = find_sold(from, customer.id, &offer, period)? else { return Ok(Fate::Made) };
    Ok(if sale.key && !has_key(from, &sold)? { Fate::KeyAdded } else { Fate::Exists })
}

/// Adds a customer where it is not there.
pub fn take_customer(tx: &mut Tx<'_>, name: &str, actor: &Actor) -> Done<Fate> {
    let fate = fate_of_customer(tx, name)?;
    if fate == Fate::Made {
        customers::add(tx, &Name::parse("customer", name)?, actor)?;
    }
    Ok(fate)
}

/// Sells what is not sold, and issues the key that is asked for and lacking.
pub fn take_sale(tx: &mut Tx<'_>, vault: &Vault, sale: &Sale, zone: &Zone, actor: &Actor) -> Done<Taken> {
    installation::is_time_zone(tx, zone)?;
    let (offer, period) = dates(tx, sale, zone)?;
    let fate = fate_of_sale(tx, sale, zone)?;
    let (customer, _) = customers::find_or_add(tx, &sale.customer, actor)?;
    let subscription = match fate {
        Fate::Made => subscriptions::sell(tx, customer.id, &offer, period, actor)?,
        Fate::Exists | Fate::Updated => return Ok(Taken { fate, issued: None }),
        Fate::KeyAdded => find_sold(tx, customer.id, &offer, period)?
            .ok_or_else(|| StoreError::Bug("a subscription went away in its own transaction".into()))?,
    };
    let issued = if sale.key { Some(keys::issue_to(tx, vault, subscription, customer, zone, actor)?) } else { None };
    Ok(Taken { fate, issued })
}

fn dates(from: &mut impl Select, sale: &Sale, zone: &Zone) -> Done<(Offer, Period)> {
    let offer = offers::find(from, &sale.offer)?;
    let period = Period::new(sale.begins, sale.ends, offer.grace_days, zone)?;
    Ok((offer, period))
}

/// The subscription with exactly these dates, terminated or not: what was ended is not sold again by a second run.
pub(super) fn find_sold(
    from: &mut impl Select,
    customer: CustomerId,
    offer: &Offer,
    period: Period,
) -> Result<Option<Subscription>, StoreError> {
    from.row(
        "SELECT id AS subscription_id, customer_id, offer, begins, ends, grace_ends, begins_at, ends_at, grace_ends_at,
                seats, suspended_at, terminated_at
           FROM subscriptions
          WHERE customer_id = $customer AND offer = $offer AND begins = $begins AND ends = $ends
          ORDER BY id DESC LIMIT 1",
        params! { customer, offer: &offer.reference, begins: period.begins, ends: period.ends },
    )?
    .as_ref()
    .map(subscriptions::read)
    .transpose()
}

/// Whether it has a key, of whatever state, or is over for good and should get none.
fn has_key(from: &mut impl Select, subscription: &Subscription) -> Result<bool, StoreError> {
    if subscription.terminated_at.is_some() {
        return Ok(true);
    }
    let id = subscription.id;
    Ok(from.row("SELECT id FROM keys WHERE subscription_id = $id LIMIT 1", params! { id })?.is_some())
}
