//! Users: made, found again, read back, completed.
//!
//! GLPI answers 201 also where it has dropped a password, an address or a profile, so nothing is believed that was not
//! read back.

use latchkey_domain::accounts::Secret;
use serde_json::{Value as Json, json};

use super::session::Session;
use super::{Fault, Verb, Wire, encoded, is_on, number};

/// An account that is to be made.
pub struct NewUser<'u> {
    /// The registration's own id, by which the account is known as ours.
    pub registration: &'u str,
    /// The login.
    pub login: &'u str,
    /// The first name.
    pub firstname: &'u str,
    /// The last name.
    pub realname: &'u str,
    /// The address of e-mail.
    pub email: &'u str,
    /// The password.
    pub password: &'u Secret,
    /// What it may do, and where.
    pub right: Option<Right>,
    /// Its language, as GLPI names it: `fr_FR`.
    pub language: Option<&'u str>,
}

/// A profile in an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    /// The profile.
    pub profile: i64,
    /// The entity.
    pub entity: i64,
    /// Whether it counts in the entities below, too.
    pub recursive: bool,
}

/// An account that was found by its login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// GLPI's id.
    pub id: i64,
    /// Whose it is: the text that we write into `registration_number`.
    pub registration: String,
    /// Its login as GLPI has it.
    pub login: String,
    /// Whether it lies in the trash.
    pub in_trash: bool,
}

/// Makes an account, and gives its id. That says little: see the module.
pub fn create<W: Wire>(session: &Session<'_, W>, new: &NewUser<'_>) -> Result<i64, Fault> {
    let mut input = json!({
        "name": new.login,
        "firstname": new.firstname,
        "realname": new.realname,
        "password": new.password.reveal(),
        "password2": new.password.reveal(),
        "_useremails": [new.email],
        "_default_email": 0,
        "registration_number": new.registration,
    });
    if let Some(right) = new.right {
        input["_profiles_id"] = right.profile.into();
        input["_entities_id"] = right.entity.into();
        input["_is_recursive"] = i64::from(right.recursive).into();
        input["entities_id"] = right.entity.into();
    }
    if let Some(language) = new.language {
        input["language"] = language.into();
    }
    let made = session.ask(Verb::Post, "User".to_owned(), Some(&json!({ "input": input })))?;
    number(&made["id"]).ok_or(Fault::NotGlpi { status: 201 })
}

/// The account that has exactly this login, in whatever case, be it in use or in the trash.
pub fn find<W: Wire>(session: &Session<'_, W>, login: &str) -> Result<Option<Found>, Fault> {
    for in_trash in [false, true] {
        let trash = if in_trash { "&is_deleted=1" } else { "" };
        let path = format!("User?searchText[name]={}{trash}&range=0-49", encoded(&format!("^{login}$")));
        let rows = match session.ask(Verb::Get, path, None) {
            Err(Fault::Refused { code }) if code == "ERROR_RANGE_EXCEED_TOTAL" => Json::Array(Vec::new()),
            other => other?,
        };
        let Json::Array(rows) = rows else { return Err(Fault::NotGlpi { status: 200 }) };
        let same = |row: &&Json| row["name"].as_str().is_some_and(|name| name.to_lowercase() == login.to_lowercase());
        if let Some(found) = rows.iter().find(same).and_then(found) {
            return Ok(Some(Found { in_trash, ..found }));
        }
    }
    Ok(None)
}

/// The account of an id.
pub fn user<W: Wire>(session: &Session<'_, W>, id: i64) -> Result<Found, Fault> {
    let row = session.ask(Verb::Get, format!("User/{id}"), None)?;
    found(&row).ok_or(Fault::NotGlpi { status: 200 })
}

fn found(row: &Json) -> Option<Found> {
    Some(Found {
        id: number(&row["id"])?,
        registration: row["registration_number"].as_str().unwrap_or_default().to_owned(),
        login: row["name"].as_str()?.to_owned(),
        in_trash: is_on(&row["is_deleted"]),
    })
}

/// An account's addresses.
pub fn emails<W: Wire>(session: &Session<'_, W>, user: i64) -> Result<Vec<String>, Fault> {
    let rows = of_user(session, user, "UserEmail")?;
    Ok(rows.iter().filter_map(|row| row["email"].as_str().map(str::to_owned)).collect())
}

/// What an account may do, with the id of each row.
pub fn rights<W: Wire>(session: &Session<'_, W>, user: i64) -> Result<Vec<(i64, Right)>, Fault> {
    let rows = of_user(session, user, "Profile_User")?;
    let read = |row: &Json| {
        let (profile, entity) = (number(&row["profiles_id"])?, number(&row["entities_id"])?);
        Some((number(&row["id"])?, Right { profile, entity, recursive: is_on(&row["is_recursive"]) }))
    };
    Ok(rows.iter().filter_map(read).collect())
}

/// The groups that an account is in.
pub fn groups_of<W: Wire>(session: &Session<'_, W>, user: i64) -> Result<Vec<i64>, Fault> {
    let rows = of_user(session, user, "Group_User")?;
    Ok(rows.iter().filter_map(|row| number(&row["groups_id"])).collect())
}

/// Puts an account into a group.
pub fn add_group<W: Wire>(session: &Session<'_, W>, user: i64, group: i64) -> Result<(), Fault> {
    let input = json!({ "input": { "users_id": user, "groups_id": group } });
    session.ask(Verb::Post, "Group_User".to_owned(), Some(&input)).map(|_| ())
}

/// Gives an account a right. GLPI takes one twice: look first.
pub fn add_right<W: Wire>(session: &Session<'_, W>, user: i64, right: Right) -> Result<(), Fault> {
    let Right { profile, entity, recursive } = right;
    let input = json!({ "input": { "users_id": user, "profiles_id": profile, "entities_id": entity, "is_recursive": i64::from(recursive) } });
    session.ask(Verb::Post, "Profile_User".to_owned(), Some(&input)).map(|_| ())
}

/// Takes a right away, by the id of its row.
pub fn remove_right<W: Wire>(session: &Session<'_, W>, row: i64) -> Result<(), Fault> {
    session.ask(Verb::Delete, format!("Profile_User/{row}?force_purge=true"), None).map(|_| ())
}

/// Gives an account an address.
pub fn add_email<W: Wire>(session: &Session<'_, W>, user: i64, email: &str) -> Result<(), Fault> {
    let input = json!({ "input": { "users_id": user, "email": email, "is_default": 1 } });
    session.ask(Verb::Post, "UserEmail".to_owned(), Some(&input)).map(|_| ())
}

/// Gives an account its password.
pub fn set_password<W: Wire>(session: &Session<'_, W>, user: i64, password: &Secret) -> Result<(), Fault> {
    let input = json!({ "input": { "password": password.reveal(), "password2": password.reveal() } });
    session.ask(Verb::Put, format!("User/{user}"), Some(&input)).map(|_| ())
}

fn of_user<W: Wire>(session: &Session<'_, W>, user: i64, kind: &str) -> Result<Vec<Json>, Fault> {
    match session.ask(Verb::Get, format!("User/{user}/{kind}?range=0-199"), None) {
        Ok(Json::Array(rows)) => Ok(rows),
        Ok(_) => Err(Fault::NotGlpi { status: 200 }),
        Err(Fault::Refused { code }) if code == "ERROR_RANGE_EXCEED_TOTAL" => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}
