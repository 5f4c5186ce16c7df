//! What is done in GLPI for one registration: its account is made, or found, and made to be as promised.
//!
//! GLPI says 201 where it dropped half of what it was told, an answer may be lost after the work was done, and this program may
//! be killed at any call. So nothing is believed that was not read back, an account is known as ours by the registration's id
//! in it, and every step may be done again. It finishes forward: what cannot be mended is reported by name, and nothing is
//! deleted but a right that GLPI gave in the place of another.

use latchkey_domain::accounts::Secret;
use latchkey_glpi::accounts::{self as api, Fault, Found, NewUser, Right, Session, Wire};
use latchkey_store::StoreError;
use latchkey_store::invitations::delivery::{Ending, Task};
use latchkey_store::jobs::Leased;

use super::held::{Held, Stopped};

/// An account in the making, in a session that is open.
pub(super) struct Making<'a> {
    /// The job that is held.
    pub(super) job: &'a Leased,
    /// What was promised, to whom, and where.
    pub(super) task: &'a Task,
    /// What is to open the account.
    pub(super) password: &'a Secret,
    /// Over which GLPI is asked.
    pub(super) wire: &'a Held<'a>,
    /// The session, over that wire.
    pub(super) session: &'a Session<'a, Held<'a>>,
}

/// What an account may do, against what was promised.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rights {
    /// GLPI did as it was told.
    AsPromised,
    /// They are now.
    Mended,
    /// They are not, and cannot be made so.
    Lacking,
}

impl Making<'_> {
    /// Makes the account, sees to it that it is as promised, and says what it has become.
    pub(super) fn make(&self) -> Result<Ending, Stopped> {
        let Self { task, password, wire, session, .. } = *self;
        let user = match task.registration.glpi_user {
            Some(user) => user,
            None => match self.account()? {
                Some(user) => user,
                None => return Ok(Ending::Taken),
            },
        };
        let found = api::user(session, user)?;
        let is_same_login = found.login.to_lowercase() == task.registration.person.login.to_lowercase();
        if !self.is_ours(&found) || !is_same_login || found.in_trash {
            // Somebody changed it in between: whose it is now is not ours to say.
            return Ok(Ending::There { user, remarks: vec!["changed".to_owned()] });
        }
        std::thread::scope(|scope| {
            // Whether the password opens it is asked in a session of its own, so GLPI answers both at once.
            let asker = wire.asker();
            let opened = scope.spawn(move || opens(asker, task, password));
            let mut remarks = self.mended(user)?;
            let opened =
                opened.join().map_err(|_| Stopped::Store(StoreError::Bug("asking for a password panicked".into())))?;
            // The first answer may be older than what was mended meanwhile.
            if is_shut(opened?) && is_shut(opens(wire, task, password)?) {
                mend(api::set_password(session, user, password))?;
                if is_shut(opens(wire, task, password)?) {
                    remarks.push("password".to_owned());
                }
            }
            Ok(Ending::There { user, remarks })
        })
    }

    /// The account with this login that is ours, made or found; `None` where the login is somebody else's.
    fn account(&self) -> Result<Option<i64>, Stopped> {
        let Task { registration, target, .. } = self.task;
        let (person, ours) = (&registration.person, registration.id.to_string());
        let find = || api::find(self.session, &person.login);
        // After the first attempt nobody knows how far it got.
        if self.job.attempts > 1
            && let Some(found) = find()?
        {
            return Ok(self.adopt(&found));
        }
        let right = target.profile.map(|profile| Right {
            profile: profile.into(),
            entity: target.entity.unwrap_or_default().into(),
            recursive: target.recursive,
        });
        let new = NewUser {
            registration: &ours,
            login: &person.login,
            firstname: &person.firstname,
            realname: &person.realname,
            email: &person.email,
            password: self.password,
            right,
            language: language_of(&person.language),
        };
        match api::create(self.session, &new) {
            Ok(user) => Ok(Some(self.created(user))),
            Err(fault @ Fault::Refused { .. }) => match find()? {
                Some(found) => Ok(self.adopt(&found)),
                // GLPI has one code for all that keeps it from adding something. Where the account that asks still may
                // create, nothing but the login is in the way: it is there, only not for our eyes.
                None if is_about_login(&fault) && api::check(self.session, true)?.fit().is_ok() => Ok(None),
                None => Err(fault.into()),
            },
            Err(fault) if fault.may_be_done() => match find()? {
                Some(found) => Ok(self.adopt(&found)),
                None => Err(fault.into()),
            },
            Err(fault) => Err(fault.into()),
        }
    }

    /// Takes an account with this login for ours, where it is; `None` where it is somebody else's.
    fn adopt(&self, found: &Found) -> Option<i64> {
        self.is_ours(found).then(|| self.created(found.id))
    }

    fn created(&self, user: i64) -> i64 {
        self.wire.step(self.task, "created", Some(user));
        user
    }

    fn is_ours(&self, found: &Found) -> bool {
        found.registration == self.task.registration.id.to_string()
    }

    /// Mends what GLPI dropped of an account, and names what it cannot.
    fn mended(&self, user: i64) -> Result<Vec<String>, Stopped> {
        let Self { task, wire, session, .. } = *self;
        let (email, groups, mut remarks) = (&task.registration.person.email, &task.target.groups, Vec::new());
        let has_email = || -> Result<bool, Fault> {
            Ok(api::emails(session, user)?.iter().any(|known| known.to_lowercase() == email.to_lowercase()))
        };
        if !has_email()? {
            mend(api::add_email(session, user, email))?;
            if !has_email()? {
                remarks.push("email".to_owned());
            }
        }
        let rights = self.rights(user)?;
        if rights == Rights::Lacking {
            remarks.push("profile".to_owned());
        }
        if rights != Rights::AsPromised {
            wire.step(task, "rights", None);
        }
        let missing = || -> Result<Vec<i64>, Fault> {
            let has = api::groups_of(session, user)?;
            Ok(groups.iter().map(|group| i64::from(*group)).filter(|group| !has.contains(group)).collect())
        };
        if !groups.is_empty() {
            let lacking = missing()?;
            for group in &lacking {
                mend(api::add_group(session, user, *group))?;
            }
            if !lacking.is_empty() && !missing()?.is_empty() {
                remarks.push("groups".to_owned());
            }
            wire.step(task, "groups", None);
        }
        Ok(remarks)
    }

    /// Sees to it that the account may do what was promised, and nothing that GLPI gave in its place.
    fn rights(&self, user: i64) -> Result<Rights, Stopped> {
        let Self { session, task: Task { target, .. }, .. } = *self;
        if target.profile.is_none() && target.entity.is_none() {
            return Ok(Rights::AsPromised);
        }
        let rows = api::rights(session, user)?;
        let given = rows.first().map(|(_, right)| right.profile);
        let Some(profile) = target.profile.map(i64::from).or(given) else { return Ok(Rights::Lacking) };
        let wanted = Right { profile, entity: target.entity.unwrap_or_default().into(), recursive: target.recursive };
        let has = |rows: &[(i64, Right)]| rows.iter().any(|(_, right)| *right == wanted);
        let is_all = |rows: &[(i64, Right)]| has(rows) && rows.iter().all(|(_, right)| *right == wanted);
        if is_all(&rows) {
            return Ok(Rights::AsPromised);
        }
        if !has(&rows) {
            mend(api::add_right(session, user, wanted))?;
            if !has(&api::rights(session, user)?) {
                return Ok(Rights::Lacking);
            }
        }
        for (row, _) in rows.iter().filter(|(_, right)| *right != wanted) {
            mend(api::remove_right(session, *row))?;
        }
        Ok(if is_all(&api::rights(session, user)?) { Rights::Mended } else { Rights::Lacking })
    }
}

/// Whether the password opens the account; `None` where GLPI does not let it be asked.
fn opens<W: Wire>(wire: &W, task: &Task, password: &Secret) -> Result<Option<bool>, Fault> {
    api::opens(wire, &task.registration.person.login, password, task.credentials.app_token.as_ref())
}

/// Where it cannot be asked, nothing says that the password does not open it.
fn is_shut(opens: Option<bool>) -> bool {
    opens == Some(false)
}

/// What was refused while mending shows when it is read back; anything else stops the attempt.
fn mend(done: Result<(), Fault>) -> Result<(), Stopped> {
    match done {
        Ok(()) | Err(Fault::Refused { .. }) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
}

fn is_about_login(fault: &Fault) -> bool {
    matches!(fault, Fault::Refused { code } if code == "ERROR_GLPI_ADD")
}

/// As GLPI names languages.
fn language_of(tag: &str) -> Option<&'static str> {
    match tag {
        "en" => Some("en_GB"),
        "fr" => Some("fr_FR"),
        "es" => Some("es_ES"),
        "pt" => Some("pt_BR"),
        "de" => Some("de_DE"),
        _ => None,
    }
}
