//! Names that a step brings to the form in which they are compared, which no statement can do: `latchkey_domain::text` does.
//!
//! Customers' are composed and folded since schema 4. Before, only upper and lower case and white space made no difference.
//! Plugins' are since schema 16; before, only upper and lower case of plain letters made none.

use latchkey_domain::ids::CustomerId;
use latchkey_domain::text::{Name, fold};

use crate::StoreError;
use crate::driver::Driver;
use crate::value::params;

/// Rows that are read at a time.
const PAGE: i64 = 1_000;

/// Writes each name and its folded form anew where they are not as they should be. Two customers whose names were
/// different, and are the same now, stay two: one of them is found by its id alone.
pub(super) fn fold_anew(driver: &mut dyn Driver) -> Result<(), StoreError> {
    let mut after = String::new();
    loop {
        let rows = driver.rows(
            "SELECT id, name, folded_name FROM customers WHERE id > $after ORDER BY id LIMIT $page",
            params! { after: after.as_str(), page: PAGE },
        )?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.get("id")?;
        for row in &rows {
            let (id, name): (CustomerId, Name) = (row.get("id")?, row.get("name")?);
            let (stored, folded): (String, String) = (row.get("name")?, row.get("folded_name")?);
            if stored != name.as_str() || folded != name.folded() {
                write(driver, id, &name)?;
            }
        }
    }
}

fn write(driver: &mut dyn Driver, id: CustomerId, name: &Name) -> Result<(), StoreError> {
    let folded = name.folded();
    let taken = driver.rows(
        "SELECT id FROM customers WHERE folded_name = $folded AND id <> $id",
        params! { folded: folded.as_str(), id },
    )?;
    let folded = if taken.is_empty() { folded } else { format!("{folded} {id}") };
    driver.rows(
        "UPDATE customers SET name = $name, folded_name = $folded WHERE id = $id RETURNING id",
        params! { name, folded, id },
    )?;
    Ok(())
}

/// Writes the folded form of each plugin's name. There are few.
pub(super) fn fold_plugins(driver: &mut dyn Driver) -> Result<(), StoreError> {
    for row in driver.rows("SELECT plugin, name FROM plugins", params! {})? {
        let (plugin, name): (String, String) = (row.get("plugin")?, row.get("name")?);
        driver.rows(
            "UPDATE plugins SET folded_name = $folded WHERE plugin = $plugin RETURNING plugin",
            params! { folded: fold(&name), plugin },
        )?;
    }
    Ok(())
}
