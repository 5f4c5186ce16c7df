//! Registrations: a use of an invitation that was reserved, and the person who did.
//!
//! Invariant: **a use and its registration are one**. The guard is in the statement that takes the use; the row of the person
//! is written in the same transaction, and so is the use given back where nothing came of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use latchkey_domain::Refusal;
use latchkey_domain::accounts::Secret;
use latchkey_domain::ids::{ConnectionId, RegistrationId};
use latchkey_domain::invitations::form::Person;
use latchkey_domain::invitations::{Invitation, login};
use latchkey_domain::text::one_word;
use latchkey_domain::time::{DAY, Millis, Timestamp};
use latchkey_key::secret::SecretKey;
use serde_json::json;
use subtle::ConstantTimeEq as _;

use super::{delivery, keys};
use crate::driver::Select;
use crate::jobs::{self, Leased};
use crate::subscriptions::new_id;
use crate::subscriptions::subscriptions::{guarded, why_not};
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit};

/// All of a registration.
macro_rules! all_registrations {
    () => {
        "SELECT id, invitation_id, connection_id, login, firstname, realname, email, language, state, step, remarks, glpi_user,
                created_at, completed_at, returned_at, erased_at
           FROM registrations"
    };
}
pub(crate) use all_registrations;

/// How long a password is held for a GLPI that does not take it, in milliseconds. Afterwards the person chooses again.
pub const PASSWORD_KEPT: Millis = 7 * DAY;
/// The same where there is no GLPI yet.
pub const PASSWORD_KEPT_IN_DIRECTORY: Millis = 90 * DAY;
/// Where an account is that is in no GLPI.
const DIRECTORY: &str = "directory";

/// How a registration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The account is being made, or waits for a GLPI that does not answer.
    Waiting,
    /// The account is in the built-in directory.
    Directory,
    /// The account is in GLPI, as promised.
    Complete,
    /// It is there, but something about it is not as promised: for the administrator.
    Incomplete,
    /// Somebody else has the login: the use was given back.
    Taken,
    /// The password was held for too long, and has to be chosen again.
    PasswordNeeded,
    /// Nothing is known of the person any more.
    Erased,
}

/// A registration, without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Its id, which GLPI's user has as registration number.
    pub id: RegistrationId,
    /// By which invitation.
    pub invitation: String,
    /// For which GLPI; the built-in directory where there is none.
    pub connection: Option<ConnectionId>,
    /// Who.
    pub person: Person,
    /// How it stands.
    pub state: State,
    /// What was last done for it.
    pub step: String,
    /// What is not as promised, or in the way, by name.
    pub remarks: Vec<String>,
    /// GLPI's id of the account.
    pub glpi_user: Option<i64>,
    /// When the form was sent.
    pub created_at: Timestamp,
    /// When the account was complete.
    pub completed_at: Option<Timestamp>,
    /// When the use was given back.
    pub returned_at: Option<Timestamp>,
    /// Since when nothing is known of the person.
    pub erased_at: Option<Timestamp>,
}

/// Somebody who wants an account. What is to be kept of the password and the receipt is made here and not by the one writer,
/// for whom all others wait.
#[derive(Clone)]
pub struct Applicant {
    id: RegistrationId,
    person: Person,
    sealed_password: String,
    receipt_hash: String,
}

/// What came of a form.
#[derive(Debug)]
pub struct Reserved {
    /// Which registration it is.
    pub id: RegistrationId,
    /// The job that makes the account, taken already.
    pub job: Option<Leased>,
}

impl State {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Directory,
        Self::Complete,
        Self::Incomplete,
        Self::Taken,
        Self::PasswordNeeded,
        Self::Erased,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Directory => "directory",
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Taken => "login-taken",
            Self::PasswordNeeded => "password-needed",
            Self::Erased => "erased",
        }
    }
}

impl Applicant {
    /// This person, who chose this password and is told this receipt.
    pub fn new(
        vault: &Vault,
        person: Person,
        password: &Secret,
        receipt: &SecretKey,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let id = RegistrationId(new_id(now)?);
        let sealed_password = vault.seal(&sealed_name(id), password.reveal().as_bytes())?;
        Ok(Self { id, person, sealed_password, receipt_hash: receipt_hash(vault, receipt) })
    }
}

/// Takes one use of an invitation and writes down who has it. The guard is in the UPDATE: no row, no use.
pub fn reserve(tx: &mut Tx<'_>, invitation: &str, applicant: &Applicant, lease: Millis) -> Done<Reserved> {
    let Applicant { id, person, sealed_password, receipt_hash } = applicant;
    let (id, now) = (*id, tx.now());
    let taken = tx.changed(
        "UPDATE invitations SET uses = uses + 1
          WHERE id = $invitation AND revoked_at IS NULL AND suspended_at IS NULL
            AND (use_limit IS NULL OR uses < use_limit) AND begins_at <= $now AND (ends_at IS NULL OR ends_at > $now)",
        params! { invitation, now },
    )?;
    if taken == 0 {
        return Err(why_not(keys::find(tx, invitation)?.may_use(now).map_err(Refusal::InvitationClosed)));
    }
    let row = tx.row("SELECT connection_id FROM invitations WHERE id = $invitation", params! { invitation })?;
    let connection: Option<ConnectionId> = guarded(row)?.get("connection_id")?;
    let (state, step, kept) = match connection {
        Some(_) => (State::Waiting, "reserved", PASSWORD_KEPT),
        None => (State::Directory, "kept", PASSWORD_KEPT_IN_DIRECTORY),
    };
    let written = tx.changed(
        "INSERT INTO registrations
           (id, invitation_id, connection_id, place, login, folded_login, firstname, realname, email, language, state, step,
            remarks, sealed_password, receipt_hash, created_at, changed_at, kept_until, completed_at)
         VALUES ($id, $invitation, $connection, $place, $login, $folded_login, $firstname, $realname, $email, $language, $state,
            $step, '', $sealed_password, $receipt_hash, $now, $now, $kept_until, $completed_at)
         ON CONFLICT (place, folded_login) WHERE returned_at IS NULL DO NOTHING",
        params! {
            id,
            invitation,
            connection,
            place: place(connection),
            login: person.login.as_str(),
            folded_login: login::folded(&person.login),
            firstname: person.firstname.as_str(),
            realname: person.realname.as_str(),
            email: person.email.as_str(),
            language: person.language.as_str(),
            state: state.name(),
            step,
            sealed_password: sealed_password.as_str(),
            receipt_hash: receipt_hash.as_str(),
            now,
            kept_until: now.plus(kept),
            completed_at: connection.is_none().then_some(now),
        },
    )?;
    if written == 0 {
        return Err(Refusal::LoginTaken.into());
    }
    // Who it is stands in the registration, which can be erased.
    let detail = json!({ "invitation": invitation, "connection": connection.map(|id| id.to_string()) });
    tx.audit(audit::Entry::new(&Actor::server(), "registration.reserve", "registration", id).detail(detail))?;
    let job = match connection {
        Some(_) => delivery::begin(tx, id, lease)?,
        None => None,
    };
    Ok(Reserved { id, job })
}

/// Chooses the password again, for a registration that lost it. Whoever has its receipt may.
pub fn choose_again(
    tx: &mut Tx<'_>,
    vault: &Vault,
    id: RegistrationId,
    password: &Secret,
    lease: Millis,
) -> Done<Option<Leased>> {
    let now = tx.now();
    let row = tx.row(
        "UPDATE registrations SET sealed_password = $sealed, state = $waiting, changed_at = $now, kept_until = $kept_until
          WHERE id = $id AND state = $needed AND returned_at IS NULL RETURNING id",
        params! {
            sealed: vault.seal(&sealed_name(id), password.reveal().as_bytes())?,
            waiting: State::Waiting.name(),
            now,
            kept_until: now.plus(PASSWORD_KEPT),
            id,
            needed: State::PasswordNeeded.name(),
        },
    )?;
    if row.is_none() {
        return Err(Refusal::LinkUnusable.into());
    }
    tx.audit(audit::Entry::new(&Actor::server(), "registration.password", "registration", id))?;
    delivery::begin(tx, id, lease)
}

/// The registration whose receipt this is.
pub fn by_receipt(
    from: &mut impl Select,
    vault: &Vault,
    receipt: &SecretKey,
) -> Result<Option<Registration>, StoreError> {
    let row = from.row(
        concat!(all_registrations!(), " WHERE receipt_hash = $hash"),
        params! { hash: receipt_hash(vault, receipt) },
    )?;
    row.as_ref().map(read).transpose()
}

/// The registration of an id, which has to be there.
pub fn find(from: &mut impl Select, id: RegistrationId) -> Result<Registration, StoreError> {
    let row = from.row(concat!(all_registrations!(), " WHERE id = $id"), params! { id })?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| StoreError::Corrupt(format!("registration {id} is not there")))
}

/// The registration of an id as it was typed.
pub fn find_given(from: &mut impl Select, registration: &str) -> Done<Registration> {
    let unknown = || Refusal::RegistrationUnknown { registration: one_word(registration) };
    let id: RegistrationId = one_word(registration).parse().map_err(|_| unknown())?;
    let row = from.row(concat!(all_registrations!(), " WHERE id = $id"), params! { id })?;
    Ok(row.as_ref().map(read).transpose()?.ok_or_else(unknown)?)
}

/// Registrations, those after one, and at most so many: of one invitation, or of all.
pub fn list(
    from: &mut impl Select,
    invitation: Option<&str>,
    after: &str,
    most: u32,
) -> Result<Vec<Registration>, StoreError> {
    from.rows(
        concat!(
            all_registrations!(),
            " WHERE (invitation_id = $invitation OR $invitation = '') AND id > $after ORDER BY id LIMIT $most"
        ),
        params! { invitation: invitation.unwrap_or_default(), after, most },
    )?
    .iter()
    .map(read)
    .collect()
}

/// Registrations, each with its invitation.
pub fn with_invitations(
    from: &mut impl Select,
    registrations: Vec<Registration>,
) -> Result<Vec<(Registration, Invitation)>, StoreError> {
    let mut known: HashMap<String, Invitation> = HashMap::new();
    let mut invitation_of = |it: &Registration| match known.entry(it.invitation.clone()) {
        Entry::Occupied(known) => Ok::<Invitation, StoreError>(known.get().clone()),
        Entry::Vacant(place) => Ok(place.insert(keys::by_id(from, &it.invitation)?).clone()),
    };
    registrations.into_iter().map(|it| invitation_of(&it).map(|invitation| (it, invitation))).collect()
}

/// Accounts of the built-in directory, those after one, and at most so many.
pub fn directory(from: &mut impl Select, after: &str, most: u32) -> Result<Vec<Registration>, StoreError> {
    from.rows(
        concat!(
            all_registrations!(),
            " WHERE place = $directory AND returned_at IS NULL AND id > $after ORDER BY id LIMIT $most"
        ),
        params! { directory: DIRECTORY, after, most },
    )?
    .iter()
    .map(read)
    .collect()
}

/// Takes away passwords that were held for too long. Who waits for a GLPI chooses again.
pub fn prune(tx: &mut Tx<'_>) -> Done<usize> {
    let now = tx.now();
    let wiped = tx.rows(
        "UPDATE registrations
            SET sealed_password = NULL, changed_at = $now, state = CASE WHEN state = $waiting THEN $needed ELSE state END
          WHERE sealed_password IS NOT NULL AND kept_until <= $now RETURNING id",
        params! { now, waiting: State::Waiting.name(), needed: State::PasswordNeeded.name() },
    )?;
    Ok(wiped.len())
}

/// Where an account is: a login is somebody's in one place.
pub(super) fn place(connection: Option<ConnectionId>) -> String {
    connection.map_or_else(|| DIRECTORY.to_owned(), |id| id.to_string())
}

pub(super) fn sealed_name(id: RegistrationId) -> String {
    format!("password of registration {id}")
}

fn receipt_hash(vault: &Vault, receipt: &SecretKey) -> String {
    vault.keyed_hash("latchkey/registration-receipt", receipt.reveal().as_bytes())
}

/// What the form on the page of a receipt carries.
pub fn form_token(vault: &Vault, receipt: &SecretKey) -> String {
    vault.keyed_hash("latchkey/receipt-form", receipt.reveal().as_bytes())
}

/// Whether a form is that of a receipt's page.
pub fn is_form_token(vault: &Vault, receipt: &SecretKey, given: &str) -> bool {
    bool::from(form_token(vault, receipt).as_bytes().ct_eq(given.as_bytes()))
}

/// The id of the job that makes an account.
pub(super) fn job_of(id: RegistrationId) -> String {
    format!("{}:{id}", jobs::REGISTRATION)
}

pub(crate) fn read(row: &Row) -> Result<Registration, StoreError> {
    let state: String = row.get("state")?;
    let remarks: String = row.get("remarks")?;
    Ok(Registration {
        id: row.get("id")?,
        invitation: row.get("invitation_id")?,
        connection: row.get("connection_id")?,
        person: Person {
            firstname: row.get("firstname")?,
            realname: row.get("realname")?,
            email: row.get("email")?,
            login: row.get("login")?,
            language: row.get("language")?,
        },
        state: State::ALL
            .into_iter()
            .find(|known| known.name() == state)
            .ok_or_else(|| StoreError::Corrupt(format!("the state {state} of a registration")))?,
        step: row.get("step")?,
        remarks: remarks.split_whitespace().map(str::to_owned).collect(),
        glpi_user: row.get("glpi_user")?,
        created_at: row.get("created_at")?,
        completed_at: row.get("completed_at")?,
        returned_at: row.get("returned_at")?,
        erased_at: row.get("erased_at")?,
    })
}
