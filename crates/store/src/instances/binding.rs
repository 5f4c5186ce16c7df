//! The first question of an instance: it gets a place, or is told why not, and either is written down before it hears it.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, KeyId, MoveId};
use latchkey_domain::instances::{Environment, InstanceUid, Newcomer, Policy, Site, Spent};
use latchkey_domain::subscriptions::KeyEntry;

use super::{Pool, holdings};
use crate::instances::holdings::Guise;
use crate::subscriptions::entries::{self, Filled};
use crate::subscriptions::{new_id, offers};
use crate::{Actor, Done, StoreError, Tx, Undone};

/// A GLPI that asks about a key, and that this key's entry does not know or may let in now.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The key.
    pub key: KeyId,
    /// Which GLPI.
    pub uid: InstanceUid,
    /// Which version it is.
    pub version: Option<String>,
    /// What it looks like from outside.
    pub face: u32,
    /// What was read of the key for the question, a moment ago.
    pub read: Filled,
}

/// What became of it.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The key with all that a verdict needs, as it is from now on.
    pub entry: KeyEntry,
    /// Why the GLPI is not even remembered, if it is not.
    pub turned_away: Option<Refusal>,
    /// The number of the last change that the entry knows of.
    pub seen: i64,
}

/// Gives a GLPI its place. One that has it already is left as it is.
pub fn bind(tx: &mut Tx<'_>, caller: &Caller) -> Done<Bound> {
    let Some(mut entry) = current(tx, caller)? else {
        return Err(Refusal::KeyUnknown { key: caller.key.to_string() }.into());
    };
    let now = tx.now();
    let pool = Pool::glpis(entry.subscription.id);
    let newcomer = Newcomer {
        id: InstanceId(new_id(now)?),
        move_id: MoveId(new_id(now)?),
        site: Site::Glpi(caller.uid),
        environment: Environment::Production,
        on_purpose: false,
    };
    // Most come to a subscription that nobody uses yet.
    let (policy, spent) = if entry.holdings.is_free_to_all() {
        (Policy::default(), Spent::default())
    } else {
        (offers::find(tx, entry.subscription.offer.as_str())?.policy, holdings::spent(tx, &pool, now)?)
    };
    let admission = entry.holdings.admit(&newcomer, &policy, &spent, now);
    let guise = Guise { key: caller.key, uid: None, version: caller.version.clone(), face: Some(caller.face) };
    let known = entry.holdings.find(&newcomer.site).map_or(newcomer.id, |known| known.id);
    holdings::write(tx, &pool, &admission.changes, Some(&guise), &Actor::instance(known))?;
    for change in &admission.changes {
        entry.holdings.apply(change);
    }
    Ok(Bound { entry, turned_away: admission.turned_away, seen: tx.seq() })
}

/// The key as it is now. Where nobody uses it yet, and nothing about it has changed since it was read, it is as it was read: to
/// read it again took a third of the time of a first question. Where somebody does, when that one was last seen may have been
/// written down since.
fn current(tx: &mut Tx<'_>, caller: &Caller) -> Done<Option<KeyEntry>> {
    let Filled { entry, seen } = &caller.read;
    match entry {
        Some(read) if read.holdings.is_free_to_all() && tx.is_key_unchanged(caller.key, *seen) => {
            Ok(Some(read.clone()))
        }
        Some(_) | None => Ok(entries::fill(tx, caller.key)?.entry),
    }
}

/// What a refusal of [`bind`] is for whoever answers: the key was there a moment ago.
pub fn failed(undone: Undone) -> StoreError {
    match undone {
        Undone::Failed(error) => error,
        Undone::Refused(refusal) => StoreError::Bug(format!("a binding was refused: {}", refusal.code())),
    }
}
