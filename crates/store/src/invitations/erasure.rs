//! Erasing a registration: who it was goes, that there was one stays, and so does the use that it took.
//!
//! An account that is in a GLPI is that GLPI's: nobody is asked there. Its registration number is the id that stays here.

use latchkey_domain::ids::RegistrationId;
use latchkey_domain::text::Reason;
use latchkey_domain::time::DAY;
use serde_json::json;

use super::registrations::{Registration, State, find, find_given, job_of};
use crate::driver::Select;
use crate::retention::ERASED_AT_ONCE;
use crate::value::params;
use crate::{Actor, Done, StoreError, Tx, audit, installation};

/// Erases a registration for good, whatever stands of it: name, login, address, language, the password that was held, and
/// reasons that were given. One that was being made is left as far as it has come. One that is erased stays as it is.
///
/// `reason` is kept: it should not name the person.
pub fn erase(tx: &mut Tx<'_>, registration: &str, actor: &Actor, reason: &Reason) -> Done<Registration> {
    let found = find_given(tx, registration)?;
    let id = found.id;
    if found.erased_at.is_some() {
        return Ok(found);
    }
    // Whoever makes the account just now finds that the job is not theirs any more.
    tx.row("DELETE FROM jobs WHERE id = $job RETURNING id", params! { job: job_of(id) })?;
    tx.rows(
        "DELETE FROM audit_reasons
          WHERE seq IN (SELECT seq FROM audit WHERE subject_kind = 'registration' AND subject = $id) RETURNING seq",
        params! { id },
    )?;
    wipe(tx, id)?;
    let detail = json!({ "state": found.state.name() });
    tx.audit(audit::Entry::new(actor, "registration.erase", "registration", id).detail(detail).reason(Some(reason)))?;
    Ok(find(tx, id)?)
}

/// Erases registrations whose term is over; gives how many. Accounts that are in the built-in directory alone stay, since
/// there is no other place where they are, and so do those that are being made.
pub(crate) fn sweep(tx: &mut Tx<'_>) -> Done<usize> {
    let days = installation::retention(tx)?.registrations;
    let oldest = tx.now().plus(-i64::from(days) * DAY);
    let over = tx.rows(
        "SELECT id FROM registrations
          WHERE erased_at IS NULL AND changed_at < $oldest AND state <> $waiting AND state <> $directory
          ORDER BY changed_at, id LIMIT $most",
        params! {
            oldest,
            waiting: State::Waiting.name(),
            directory: State::Directory.name(),
            most: ERASED_AT_ONCE,
        },
    )?;
    for row in &over {
        wipe(tx, row.get("id")?)?;
    }
    if !over.is_empty() {
        let detail = json!({ "registrations": over.len(), "kept_days": days });
        tx.audit(
            audit::Entry::new(&Actor::server(), "retention.erase", "installation", "registrations").detail(detail),
        )?;
    }
    Ok(over.len())
}

/// What was somebody is nobody. The login and the receipt have to be different from all others.
fn wipe(tx: &mut Tx<'_>, id: RegistrationId) -> Result<(), StoreError> {
    let (now, nobody) = (tx.now(), format!("erased-{id}"));
    tx.row(
        "UPDATE registrations
            SET login = $nobody, folded_login = $nobody, firstname = '', realname = '', email = '', language = '',
                remarks = '', glpi_user = NULL, sealed_password = NULL, receipt_hash = $nobody, state = $state,
                changed_at = $now, erased_at = $now
          WHERE id = $id AND erased_at IS NULL RETURNING id",
        params! { nobody, state: State::Erased.name(), now, id },
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use latchkey_domain::accounts::Secret;
    use latchkey_domain::invitations::form::Person;
    use latchkey_domain::text::Name;
    use latchkey_domain::time::{MINUTE, Timestamp};
    use latchkey_key::secret::{ID_BYTES, SECRET_BYTES, SecretKey, SecretKind};

    use super::*;
    use crate::invitations::keys;
    use crate::invitations::registrations::{self, Applicant};
    use crate::{Location, Master, Store, Vault, installation};

    #[test]
    fn people_go_when_their_term_is_over_but_for_accounts_that_are_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        let noon = Timestamp::from_millis(1_795_345_200_000);
        let (store, vault) =
            (Store::open(Location::embedded(dir.path()), noon).unwrap(), Vault::new(Master::random().unwrap()));
        installation::establish(&store, &vault, noon, &Actor::server()).unwrap();
        let order = keys::Order { limit: None, ..keys::Order::named(Name::parse("name", "Sales").unwrap()) };
        let there = vault.clone();
        let made = store.write_blocking(noon, move |tx| keys::create(tx, &vault, &order, &Actor::server()));
        let invitation = made.unwrap().invitation.id;
        let registers = |login: &str, number: u8| {
            let person = Person {
                firstname: "Marie".into(),
                realname: "Curie".into(),
                email: format!("{login}@example.org"),
                login: login.to_owned(),
                language: "fr".into(),
            };
            let receipt = SecretKey::from_random(SecretKind::Setup, [number; ID_BYTES], &[number; SECRET_BYTES]);
            let (password, invitation) = (Secret::new("Correct-horse 7"), invitation.clone());
            let applicant = Applicant::new(&there, person, &password, &receipt, noon).unwrap();
            let reserved =
                store.write_blocking(noon, move |tx| registrations::reserve(tx, &invitation, &applicant, MINUTE));
            reserved.unwrap().id
        };
        let (directory, glpi) = (registers("marie", 1), registers("pierre", 2));
        store
            .write_blocking(noon, move |tx| {
                tx.row(
                    "UPDATE registrations SET state = 'complete', place = 'x' WHERE id = $id",
                    params! { id: glpi },
                )?;
                Ok(())
            })
            .unwrap();
        let known = |id| store.read(move |reader| find(reader, id)).unwrap();
        let swept = |days: i64| store.write_blocking(noon.plus(days * DAY + 1), sweep).unwrap();
        assert_eq!((swept(729), swept(730), swept(731)), (0, 1, 0));
        let erased = known(glpi);
        assert_eq!((erased.state, erased.person.login.as_str()), (State::Erased, format!("erased-{glpi}").as_str()));
        assert_eq!((erased.person.email.as_str(), erased.person.realname.as_str(), erased.glpi_user), ("", "", None));
        assert_eq!(known(directory).person.login, "marie", "there is no other place where it is");

        let reason = Reason::parse("ticket 4711").unwrap();
        let erase = move |tx: &mut Tx<'_>| erase(tx, &directory.to_string(), &Actor::command_line("a"), &reason);
        let once = store.write_blocking(noon.plus(732 * DAY), erase.clone()).unwrap();
        assert_eq!((once.state, once.erased_at), (State::Erased, Some(noon.plus(732 * DAY))));
        assert_eq!(store.write_blocking(noon.plus(733 * DAY), erase).unwrap(), once, "it stays as it is");
        let lines = store.read(|reader| audit::lines(reader, 0, 100)).unwrap();
        let erasures: Vec<_> = lines.iter().filter(|line| line.action.ends_with(".erase")).collect();
        assert_eq!(erasures.len(), 2);
        assert!(!format!("{lines:?}").contains("arie"), "{lines:?}");
    }
}
