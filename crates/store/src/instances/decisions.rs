//! What people decide about instances. Whatever it is, it holds at once, and stands in the audit log with who and why.

use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, SubscriptionId};
use latchkey_domain::instances::{Change, Environment, Holdings, MOST_NUMBER, Policy};
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Timestamp;
use serde_json::{Value as Json, json};

use super::list::{self, Listed};
use super::{Pool, holdings};
use crate::driver::Select;
use crate::subscriptions::{offers, subscriptions};
use crate::value::params;
use crate::{Actor, Done, Tx, audit};

/// Takes an instance's place away.
pub fn release(tx: &mut Tx<'_>, id: InstanceId, actor: &Actor, reason: &Reason) -> Done<Listed> {
    decide(tx, id, "instance.release", json!({}), actor, Some(reason), |holdings, _, now| holdings.release(id, now))
}

/// Lets an instance have the seat that it is moving to, or one that is free.
pub fn approve(tx: &mut Tx<'_>, id: InstanceId, actor: &Actor, reason: Option<&Reason>) -> Done<Listed> {
    decide(tx, id, "instance.approve", json!({}), actor, reason, |holdings, policy, now| {
        holdings.approve(id, policy, now)
    })
}

/// Stops an instance that is moving in, or one that is refused, for good.
pub fn refuse(tx: &mut Tx<'_>, id: InstanceId, actor: &Actor, reason: &Reason) -> Done<Listed> {
    decide(tx, id, "instance.refuse", json!({}), actor, Some(reason), |holdings, _, now| holdings.refuse(id, now))
}

/// Says what an instance is for.
pub fn declare(
    tx: &mut Tx<'_>,
    id: InstanceId,
    environment: Environment,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Done<Listed> {
    let detail = json!({ "environment": environment.name() });
    decide(tx, id, "instance.declare", detail, actor, reason, |holdings, policy, now| {
        holdings.declare(id, environment, policy, now)
    })
}

/// Says how many production instances may use a subscription.
pub fn set_seats(
    tx: &mut Tx<'_>,
    id: SubscriptionId,
    seats: u32,
    actor: &Actor,
    reason: Option<&Reason>,
) -> Done<Subscription> {
    if !(1..=MOST_NUMBER).contains(&seats) {
        return Err(Refusal::NumberInvalid { field: "seats", least: 1, most: MOST_NUMBER }.into());
    }
    let subscription = subscriptions::find(tx, id)?;
    subscription.not_terminated()?;
    // A subscription's plugins have their sites counted each for itself.
    let pools = tx.rows("SELECT DISTINCT plugin FROM instances WHERE subscription_id = $id", params! { id })?;
    for row in pools {
        let pool = Pool { subscription: id, plugin: row.get("plugin")? };
        holdings::load(tx, &pool)?.may_have(seats, tx.now())?;
    }
    tx.row("UPDATE subscriptions SET seats = $seats WHERE id = $id RETURNING id", params! { seats, id })?;
    let detail = json!({ "seats": seats, "seats_before": subscription.seats });
    tx.audit(audit::Entry::new(actor, "subscription.set-seats", "subscription", id).detail(detail).reason(reason))?;
    subscriptions::announce_keys(tx, id)?;
    Ok(Subscription { seats, ..subscription })
}

fn decide(
    tx: &mut Tx<'_>,
    id: InstanceId,
    action: &'static str,
    detail: Json,
    actor: &Actor,
    reason: Option<&Reason>,
    rule: impl FnOnce(&Holdings, &Policy, Timestamp) -> Result<Vec<Change>, Refusal>,
) -> Done<Listed> {
    let known = list::find(tx, id)?;
    let pool = Pool { subscription: known.subscription.id, plugin: known.plugin_or_empty().to_owned() };
    let offer = offers::find(tx, known.subscription.offer.as_str())?;
    let changes = rule(&holdings::load(tx, &pool)?, &offer.policy, tx.now())?;
    holdings::write(tx, &pool, &changes, None, actor)?;
    tx.audit(audit::Entry::new(actor, action, "instance", id).detail(detail).reason(reason))?;
    list::find(tx, id)
}
