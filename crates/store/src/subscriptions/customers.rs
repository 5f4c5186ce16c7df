//! Who holds subscriptions.

use latchkey_domain::Refusal;
use latchkey_domain::ids::CustomerId;
use latchkey_domain::text::{Name, fold, nearest};
use latchkey_domain::time::Timestamp;

use super::{erasure, new_id};
use crate::driver::Select;
use crate::lists::containing;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit};

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Its name; no two are the same but for case, white space and how characters are composed.
    pub name: Name,
    /// Its place in the list of all.
    pub place: String,
    /// Since when it is known.
    pub created_at: Timestamp,
}

/// Adds a customer; refused where one of this name is there, or where the name is an id, by which it would be looked for.
pub fn add(tx: &mut Tx<'_>, name: &Name, actor: &Actor) -> Done<Customer> {
    if name.as_str().parse::<CustomerId>().is_ok() {
        return Err(Refusal::CustomerUnknown { customer: name.to_string(), meant: None }.into());
    }
    let (id, now) = (CustomerId(new_id(tx.now())?), tx.now());
    let place = name.folded();
    let added = tx.changed(
        "INSERT INTO customers (id, name, folded_name, created_at) VALUES ($id, $name, $folded, $now)
         ON CONFLICT (folded_name) DO NOTHING",
        params! { id, name, folded: place.as_str(), now },
    )?;
    if added == 0 {
        return Err(Refusal::CustomerExists { customer: name.to_string() }.into());
    }
    tx.audit(audit::Entry::new(actor, "customer.add", "customer", id))?;
    Ok(Customer { id, name: name.clone(), place, created_at: now })
}

/// The customer of this name or id, and whether it is new: one that is not there is added by name. An id that is mistyped is no
/// name.
pub(crate) fn find_or_add(tx: &mut Tx<'_>, name: &str, actor: &Actor) -> Done<(Customer, bool)> {
    match look_up(tx, name)? {
        Some(customer) => erasure::refuse_erased(tx, customer.id).map(|()| (customer, false)),
        None => add(tx, &Name::parse("customer", name)?, actor).map(|customer| (customer, true)),
    }
}

/// The customer of this name or id, or a refusal that says which was probably meant.
pub fn find(from: &mut impl Select, name_or_id: &str) -> Done<Customer> {
    if let Some(customer) = look_up(from, name_or_id)? {
        return Ok(customer);
    }
    let customer = Name::parse("customer", name_or_id)?.to_string();
    let folded = fold(&customer);
    let initial: String = folded.chars().take(1).collect();
    let rows = from.rows(
        "SELECT id, name, folded_name, created_at FROM customers
          WHERE substr(folded_name, 1, 1) = $initial ORDER BY folded_name LIMIT 1000",
        params! { initial },
    )?;
    let near: Vec<Customer> = rows.iter().map(read).collect::<Result<_, _>>()?;
    let meant = nearest(&customer, near.iter().map(|customer| customer.name.as_str())).map(str::to_owned);
    Err(Refusal::CustomerUnknown { customer, meant }.into())
}

/// All customers by name; those after a place in the list, and at most so many.
pub fn list(from: &mut impl Select, after: &str, most: u32) -> Result<Vec<Customer>, StoreError> {
    search(from, None, after, most)
}

/// Customers whose name has this part, be it in upper or lower case, by name; those after a place in the list, and at
/// most so many.
pub fn search(
    from: &mut impl Select,
    part: Option<&Name>,
    after: &str,
    most: u32,
) -> Result<Vec<Customer>, StoreError> {
    let pattern = part.map(|part| containing(part.as_str()));
    from.rows(
        "SELECT id, name, folded_name, created_at FROM customers
          WHERE folded_name > $after
            AND (CAST($pattern AS TEXT) IS NULL OR folded_name LIKE CAST($pattern AS TEXT) ESCAPE '!')
          ORDER BY folded_name LIMIT $most",
        params! { after, pattern, most },
    )?
    .iter()
    .map(read)
    .collect()
}

pub(super) fn look_up(from: &mut impl Select, name_or_id: &str) -> Result<Option<Customer>, StoreError> {
    let row = match name_or_id.trim().parse::<CustomerId>() {
        Ok(id) => from.row("SELECT id, name, folded_name, created_at FROM customers WHERE id = $id", params! { id })?,
        Err(_) => from.row(
            "SELECT id, name, folded_name, created_at FROM customers WHERE folded_name = $folded",
            // NUL is refused by PostgreSQL and by `Name` alike; no customer has one.
            params! { folded: fold(name_or_id) },
        )?,
    };
    row.as_ref().map(read).transpose()
}

pub(crate) fn read(row: &Row) -> Result<Customer, StoreError> {
    Ok(Customer {
        id: row.get("id")?,
        name: row.get("name")?,
        place: row.get("folded_name")?,
        created_at: row.get("created_at")?,
    })
}
