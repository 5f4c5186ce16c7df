//! Seats that their administrators give back, as far as the offer lets that happen without a person.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, KeyId};
use latchkey_domain::instances::{Holdings, InstanceUid, Policy, Site};

use super::list::{self, Listed};
use super::{Pool, holdings};
use crate::driver::Select;
use crate::subscriptions::{entries, new_id, offers};
use crate::value::params;
use crate::{Actor, Done, Tx, audit};

/// A GLPI gives back the seat that it has with a key, which was found whole and true.
pub fn of_glpi(tx: &mut Tx<'_>, key: KeyId, uid: InstanceUid) -> Done<Listed> {
    let Some(entry) = entries::fill(tx, key)?.entry else {
        return Err(Refusal::KeyUnknown { key: key.to_string() }.into());
    };
    let offer = offers::find(tx, entry.subscription.offer.as_str())?;
    let pool = Pool::glpis(entry.subscription.id);
    let Some(known) = entry.holdings.find(&Site::Glpi(uid)).map(|known| known.id) else {
        return Err(Refusal::InstanceUnknown { instance: uid.to_string() }.into());
    };
    give_back(tx, &pool, &entry.holdings, known, &offer.policy)?;
    list::find(tx, known)
}

/// Takes an instance's place away by its own word, and counts that where it had a seat.
pub(super) fn give_back(tx: &mut Tx<'_>, pool: &Pool, here: &Holdings, id: InstanceId, policy: &Policy) -> Done<()> {
    let (now, actor) = (tx.now(), Actor::instance(id));
    let spent = holdings::spent(tx, pool, now)?;
    let seated = here.at(now).by_id(id).is_some_and(|known| known.place.seat().is_some());
    let changes = here.give_back(id, policy, &spent, now)?;
    holdings::write(tx, pool, &changes, None, &actor)?;
    if seated {
        tx.row(
            "INSERT INTO seat_releases (id, subscription_id, plugin, instance_id, at)
             VALUES ($id, $subscription, $plugin, $instance, $now) RETURNING id",
            params! {
                id: new_id(now)?.to_string(),
                subscription: pool.subscription,
                plugin: pool.plugin.as_str(),
                instance: id,
                now,
            },
        )?;
    }
    tx.audit(audit::Entry::new(&actor, "instance.give-back", "instance", id))
}
