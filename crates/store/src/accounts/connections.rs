//! Connections to GLPIs: kept with their credentials sealed, named by people, removed with their secrets.

use std::collections::BTreeMap;

use latchkey_domain::Refusal;
use latchkey_domain::accounts::{
    Connection, Credentials, InventoryCredential, InventoryKind, Names, Policy, Remark, Report, Secret, Who,
};
use latchkey_domain::ids::ConnectionId;
use latchkey_domain::text::{Name, fold, nearest, one_word};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::driver::Select;
use crate::invitations::keys as invitations;
use crate::subscriptions::new_id;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit, feed};

/// What is asked for when a connection is made.
#[derive(Debug, Clone)]
pub struct Order {
    /// What people call it.
    pub name: Name,
    /// Where the GLPI is.
    pub url: String,
    /// As whom it is asked.
    pub credentials: Credentials,
    /// What it said when it was asked.
    pub report: Report,
    /// What it calls its entities, profiles and groups.
    pub names: Names,
    /// What it is shown when inventories are passed on to it.
    pub inventory: InventoryCredential,
}

/// Makes a connection. One that was removed and is made again, with its name and its address, is the same: so its secrets are
/// changed, and registrations that wait for it go on.
pub fn add(tx: &mut Tx<'_>, vault: &Vault, order: &Order, actor: &Actor) -> Done<Connection> {
    let now = tx.now();
    let removed = tx.row(
        "SELECT id FROM glpi_connections
          WHERE removed_at IS NOT NULL AND url = $url AND folded_name = $folded_name || ' ' || id
          ORDER BY removed_at DESC LIMIT 1",
        params! { url: order.url.as_str(), folded_name: order.name.folded() },
    )?;
    let known: Option<ConnectionId> = removed.map(|row| row.get("id")).transpose()?;
    let id = known.map_or_else(|| new_id(now).map(ConnectionId), Ok)?;
    let sealed = vault.seal(&sealed_name(id), text_of(&order.credentials).as_bytes())?;
    let (inventory, sealed_inventory) = (order.inventory.kind().code(), sealed_inventory(vault, id, &order.inventory)?);
    if known.is_some() {
        tx.row(
            "UPDATE glpi_connections
                SET removed_at = NULL, folded_name = $folded_name, name = $name, sealed_credentials = $sealed, report = $report,
                    checked_at = $now, inventory = $inventory, sealed_inventory = $sealed_inventory
              WHERE id = $id AND NOT EXISTS (SELECT 1 FROM glpi_connections o WHERE o.folded_name = $folded_name)
          RETURNING id",
            params! {
                id,
                name: &order.name,
                folded_name: order.name.folded(),
                sealed,
                report: written(&order.report),
                now,
                inventory,
                sealed_inventory,
            },
        )?
        .ok_or_else(|| Refusal::ConnectionExists { connection: order.name.to_string() })?;
        return added(tx, id, order, actor);
    }
    let taken = tx.row(
        "INSERT INTO glpi_connections
                (id, name, folded_name, url, sealed_credentials, report, created_at, checked_at, inventory, sealed_inventory)
         VALUES ($id, $name, $folded_name, $url, $sealed, $report, $now, $now, $inventory, $sealed_inventory)
         ON CONFLICT (folded_name) DO NOTHING RETURNING id",
        params! {
            id,
            name: &order.name,
            folded_name: order.name.folded(),
            url: order.url.as_str(),
            sealed,
            report: written(&order.report),
            now,
            inventory,
            sealed_inventory,
        },
    )?;
    if taken.is_none() {
        return Err(Refusal::ConnectionExists { connection: order.name.to_string() }.into());
    }
    added(tx, id, order, actor)
}

fn added(tx: &mut Tx<'_>, id: ConnectionId, order: &Order, actor: &Actor) -> Done<Connection> {
    let mut detail = json!({ "url": order.url, "remarks": codes(&order.report) });
    if order.inventory.kind() != InventoryKind::None {
        detail["inventory"] = order.inventory.kind().code().into();
    }
    tx.audit(audit::Entry::new(actor, "glpi.add", "connection", id).detail(detail))?;
    learn(tx, id, &order.names)?;
    tx.announce(feed::Topic::Connection, &id.to_string())?;
    by_id(tx, id)
}

/// Writes down what was found when it was asked again.
pub fn checked(tx: &mut Tx<'_>, id: ConnectionId, report: &Report, names: &Names, actor: &Actor) -> Done<Connection> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE glpi_connections SET report = $report, checked_at = $now WHERE id = $id AND removed_at IS NULL RETURNING id",
        params! { report: written(report), now, id },
    )?;
    if row.is_none() {
        return Err(unknown(&id.to_string(), None).into());
    }
    tx.audit(audit::Entry::new(actor, "glpi.check", "connection", id).detail(json!({ "remarks": codes(report) })))?;
    learn(tx, id, names)?;
    by_id(tx, id)
}

/// What the GLPI of a connection is shown from now on when inventories are passed on to it.
pub fn shows(
    tx: &mut Tx<'_>,
    vault: &Vault,
    name: &str,
    credential: &InventoryCredential,
    actor: &Actor,
) -> Done<Connection> {
    let id = find(tx, name)?.id;
    let (inventory, sealed) = (credential.kind().code(), sealed_inventory(vault, id, credential)?);
    let row = tx.row(
        "UPDATE glpi_connections SET inventory = $inventory, sealed_inventory = $sealed
          WHERE id = $id AND removed_at IS NULL RETURNING id",
        params! { inventory, sealed, id },
    )?;
    if row.is_none() {
        return Err(unknown(name, None).into());
    }
    let detail = json!({ "inventory": inventory });
    tx.audit(audit::Entry::new(actor, "glpi.inventory", "connection", id).detail(detail))?;
    tx.announce(feed::Topic::Connection, &id.to_string())?;
    by_id(tx, id)
}

/// Removes a connection, and its secrets with it. Its name is free again, and nobody is invited into it any more: its
/// invitations are suspended. Registrations that wait for it say so.
pub fn remove(tx: &mut Tx<'_>, name: &str, actor: &Actor) -> Done<Connection> {
    let connection = find(tx, name)?;
    let (now, id) = (tx.now(), connection.id);
    tx.row(
        "UPDATE glpi_connections SET removed_at = $now, sealed_credentials = NULL, folded_name = $freed, inventory = 'none', sealed_inventory = NULL
          WHERE id = $id AND removed_at IS NULL RETURNING id",
        params! { now, freed: format!("{} {id}", connection.name.folded()), id },
    )?;
    tx.audit(audit::Entry::new(actor, "glpi.remove", "connection", id))?;
    tx.announce(feed::Topic::Connection, &id.to_string())?;
    let suspended = tx.rows(
        "UPDATE invitations SET suspended_at = $now
          WHERE connection_id = $id AND suspended_at IS NULL AND revoked_at IS NULL RETURNING id",
        params! { now, id },
    )?;
    for row in &suspended {
        let invitation: String = row.get("id")?;
        let detail = json!({ "glpi": connection.name.as_str() });
        tx.audit(audit::Entry::new(actor, "invitation.suspend", "invitation", &invitation).detail(detail))?;
    }
    Ok(connection)
}

/// The connection of a name or an id.
pub fn find(from: &mut impl Select, name: &str) -> Done<Connection> {
    let name = one_word(name);
    let id = Uuid::parse_str(&name).map(|id| ConnectionId(id).to_string()).unwrap_or_default();
    let row = from.row(
        "SELECT id, name, url, report, created_at, checked_at, inventory FROM glpi_connections
          WHERE (folded_name = $folded OR id = $id) AND removed_at IS NULL",
        params! { folded: fold(&name), id },
    )?;
    match row {
        Some(row) => Ok(read(&row)?),
        None => {
            let all = list(from)?;
            let meant = nearest(&name, all.iter().map(|one| one.name.as_str())).map(str::to_owned);
            Err(unknown(&name, meant).into())
        }
    }
}

/// The connection of an id.
pub fn by_id(from: &mut impl Select, id: ConnectionId) -> Done<Connection> {
    find(from, &id.to_string())
}

/// All connections, by name.
pub fn list(from: &mut impl Select) -> Result<Vec<Connection>, StoreError> {
    from.rows(
        "SELECT id, name, url, report, created_at, checked_at, inventory FROM glpi_connections
          WHERE removed_at IS NULL ORDER BY folded_name",
        params! {},
    )?
    .iter()
    .map(read)
    .collect()
}

/// What a GLPI calls its entities, profiles and groups, as far as it was ever asked. None where there is no such connection.
pub fn names(from: &mut impl Select, id: ConnectionId) -> Result<Names, StoreError> {
    let row = from.row("SELECT names FROM glpi_connections WHERE id = $id", params! { id })?;
    let kept: Option<String> = row.map(|row| row.get("names")).transpose()?.flatten();
    let Some(kept) = kept else { return Ok(Names::default()) };
    let mut json: BTreeMap<String, BTreeMap<u32, String>> = serde_json::from_str(&kept)
        .map_err(|error| StoreError::Corrupt(format!("the names of a connection: {error}")))?;
    let mut of = |kind: &str| json.remove(kind).unwrap_or_default();
    Ok(Names { entities: of("entities"), profiles: of("profiles"), groups: of("groups") })
}

/// Keeps what a GLPI said that it calls them, and with invitations that were made before it was known. Nothing is decided by it,
/// so nothing is audited.
pub fn learn(tx: &mut Tx<'_>, id: ConnectionId, said: &Names) -> Done<()> {
    let mut known = names(tx, id)?;
    if known.learn(said.clone()) {
        let Names { entities, profiles, groups } = &known;
        let names = json!({ "entities": entities, "profiles": profiles, "groups": groups }).to_string();
        tx.changed("UPDATE glpi_connections SET names = $names WHERE id = $id", params! { names, id })?;
        invitations::name_targets(tx, id, &known)?;
    }
    Ok(())
}

/// As whom a GLPI is asked.
pub fn credentials(from: &mut impl Select, vault: &Vault, id: ConnectionId) -> Done<Credentials> {
    let row = from
        .row("SELECT sealed_credentials FROM glpi_connections WHERE id = $id AND removed_at IS NULL", params! { id })?;
    let sealed: Option<String> = row.and_then(|row| row.get("sealed_credentials").transpose()).transpose()?;
    let sealed = sealed.ok_or_else(|| unknown(&id.to_string(), None))?;
    let what = sealed_name(id);
    let opened = vault.open(&what, &sealed)?;
    let json: Json = serde_json::from_slice(&opened).map_err(|_| StoreError::Unsealable(what.clone()))?;
    Ok(credentials_of(&json).ok_or(StoreError::Unsealable(what))?)
}

/// What the GLPI of a connection is shown when inventories are passed on to it.
pub fn inventory(
    from: &mut impl Select,
    vault: &Vault,
    connection: &Connection,
) -> Result<InventoryCredential, StoreError> {
    if connection.inventory == InventoryKind::None {
        return Ok(InventoryCredential::None);
    }
    let (id, what) = (connection.id, inventory_name(connection.id));
    let row = from.row("SELECT sealed_inventory FROM glpi_connections WHERE id = $id", params! { id })?;
    let sealed: Option<String> = row.and_then(|row| row.get("sealed_inventory").transpose()).transpose()?;
    let opened = vault.open(&what, &sealed.unwrap_or_default())?;
    let json = serde_json::from_slice(&opened).ok();
    json.as_ref().and_then(inventory_of).ok_or(StoreError::Unsealable(what))
}

fn unknown(connection: &str, meant: Option<String>) -> Refusal {
    Refusal::ConnectionUnknown { connection: connection.to_owned(), meant }
}

fn sealed_name(id: ConnectionId) -> String {
    format!("GLPI connection {id}")
}

fn inventory_name(id: ConnectionId) -> String {
    format!("inventory credential of GLPI connection {id}")
}

/// `None` where there is nothing to be sealed.
fn sealed_inventory(
    vault: &Vault,
    id: ConnectionId,
    credential: &InventoryCredential,
) -> Result<Option<String>, StoreError> {
    let json = match credential {
        InventoryCredential::None => return Ok(None),
        InventoryCredential::Basic { user, password } => json!({ "user": user, "password": password.reveal() }),
        InventoryCredential::Client { id, secret } => json!({ "client_id": id, "client_secret": secret.reveal() }),
    };
    let text = zeroize::Zeroizing::new(json.to_string());
    vault.seal(&inventory_name(id), text.as_bytes()).map(Some)
}

fn inventory_of(json: &Json) -> Option<InventoryCredential> {
    let text = |member: &str| json[member].as_str();
    Some(match text("user") {
        Some(user) => InventoryCredential::Basic { user: user.to_owned(), password: Secret::new(text("password")?) },
        None => InventoryCredential::Client {
            id: text("client_id")?.to_owned(),
            secret: Secret::new(text("client_secret")?),
        },
    })
}

fn text_of(credentials: &Credentials) -> zeroize::Zeroizing<String> {
    let Credentials { who, app_token } = credentials;
    let mut json = match who {
        Who::UserToken(token) => json!({ "user_token": token.reveal() }),
        Who::Login { login, password } => json!({ "login": login, "password": password.reveal() }),
    };
    if let Some(token) = app_token {
        json["app_token"] = token.reveal().into();
    }
    zeroize::Zeroizing::new(json.to_string())
}

fn credentials_of(json: &Json) -> Option<Credentials> {
    let secret = |member: &str| json[member].as_str().map(Secret::new);
    let who = match secret("user_token") {
        Some(token) => Who::UserToken(token),
        None => Who::Login { login: json["login"].as_str()?.to_owned(), password: secret("password")? },
    };
    Some(Credentials { who, app_token: secret("app_token") })
}

fn codes(report: &Report) -> Vec<&'static str> {
    report.remarks.iter().map(|remark| remark.code()).collect()
}

fn written(report: &Report) -> String {
    let Report { version, policy, verifies_passwords, profile, remarks: _ } = report;
    let Policy { least, digit, lower, upper, symbol } = policy;
    json!({
        "version": version,
        "policy": { "least": least, "digit": digit, "lower": lower, "upper": upper, "symbol": symbol },
        "verifies_passwords": verifies_passwords,
        "profile": profile,
        "remarks": codes(report),
    })
    .to_string()
}

fn read(row: &Row) -> Result<Connection, StoreError> {
    let text: String = row.get("report")?;
    let json: Json = serde_json::from_str(&text)
        .map_err(|error| StoreError::Corrupt(format!("the report of a connection: {error}")))?;
    let (policy, on) = (&json["policy"], |member: &str| json["policy"][member].as_bool().unwrap_or_default());
    let report = Report {
        version: json["version"].as_str().map(str::to_owned),
        policy: Policy {
            least: policy["least"].as_u64().and_then(|least| u32::try_from(least).ok()).unwrap_or_default(),
            digit: on("digit"),
            lower: on("lower"),
            upper: on("upper"),
            symbol: on("symbol"),
        },
        verifies_passwords: json["verifies_passwords"].as_bool().unwrap_or_default(),
        profile: json["profile"].as_str().unwrap_or_default().to_owned(),
        remarks: json["remarks"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|code| Remark::named(code.as_str()?))
            .collect(),
    };
    let inventory: String = row.get("inventory")?;
    let inventory = InventoryKind::named(&inventory)
        .ok_or_else(|| StoreError::Corrupt(format!("what the GLPI of a connection is shown: {inventory}")))?;
    Ok(Connection {
        inventory,
        id: row.get("id")?,
        name: row.get("name")?,
        url: row.get("url")?,
        created_at: row.get("created_at")?,
        checked_at: row.get("checked_at")?,
        report,
    })
}
