//! Instances, and the moves that they are part of.

use latchkey_domain::instances::{Denial, Departure, Place};
use latchkey_domain::time::Timestamp;
use latchkey_store::instances::activations;
use latchkey_store::instances::list::{Listed, PastMove};
use serde::Serialize;
use utoipa::ToSchema;

/// A GLPI, or a site of a plugin, that uses a subscription or would.
#[derive(Debug, Serialize, ToSchema)]
pub struct Instance {
    /// Its id.
    pub instance_id: String,
    /// Its GLPI's UID, as far as it is known: always, but for sites of plugins that did not say.
    pub instance_uid: Option<String>,
    /// The address by which the site of a plugin is told from others, normalised.
    pub url: Option<String>,
    /// The plugin whose site it is.
    pub plugin: Option<String>,
    /// The key with which it asked last.
    pub key_id: String,
    /// What that opens.
    pub subscription_id: String,
    /// Who holds it.
    pub customer_id: String,
    /// The name of who holds it.
    pub customer: String,
    /// What was sold.
    pub offer: String,
    /// `production`, `staging` or `development`.
    pub environment: String,
    /// `active`, `moving`, `released` or `refused`.
    pub state: String,
    /// Since when.
    pub state_since: String,
    /// Why it is released (`moved`, `by_support`, `given_back`) or refused (`seats_taken`, `staging_limit`, `old_one_in_use`,
    /// `by_support`).
    pub state_reason: Option<&'static str>,
    /// The number of the seat that it holds.
    pub seat: Option<u32>,
    /// The move that is under way: it arrives, or its seat may leave it.
    pub r#move: Option<Move>,
    /// When it first asked.
    pub first_seen: String,
    /// When it last asked, give or take an hour.
    pub last_seen: String,
    /// Its version of GLPI.
    pub glpi_version: Option<String>,
    /// Whether it looks as if two used one UID: two addresses or User-Agents take turns. It is shown, and has no effect.
    pub looks_like_two: bool,
}

/// A plugin that asked for itself, as it last said.
#[derive(Debug, Serialize, ToSchema)]
pub struct Activation {
    /// Which: the name of its folder.
    pub plugin: String,
    /// Its version.
    pub plugin_version: Option<String>,
    /// The version of the GLPI that it is in.
    pub glpi_version: Option<String>,
    /// The address of its site, normalised.
    pub url: Option<String>,
    /// When it was first activated.
    pub first_seen: String,
    /// When it last asked, give or take an hour.
    pub last_seen: String,
    /// Since when it is no longer active; that frees no seat.
    pub deactivated_at: Option<String>,
}

/// A move that is under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct Move {
    /// `arriving` or `leaving`, as seen from the instance that it is shown with.
    pub direction: &'static str,
    /// The other instance's id.
    pub other_instance_id: String,
    /// When the newcomer appeared.
    pub opened_at: String,
    /// When it ends by itself.
    pub closes_at: String,
    /// When the old one was first heard since: then it will keep the seat.
    pub old_one_asked_at: Option<String>,
}

/// A move of an instance's past, or the one that is under way.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstanceMove {
    /// From which instance.
    pub from_instance_id: String,
    /// Its UID, or the address of a plugin's site.
    pub from: String,
    /// To which one.
    pub to_instance_id: String,
    /// Its UID, or the address of a plugin's site.
    pub to: String,
    /// When it began.
    pub opened_at: String,
    /// When it was to end by itself.
    pub closes_at: String,
    /// `moved`, `stayed`, `approved`, `refused` or `cancelled`; nothing where it is not written down yet.
    pub outcome: Option<&'static str>,
    /// When it ended.
    pub ended_at: Option<String>,
}

impl Activation {
    /// Its record.
    pub fn new(activation: &activations::Activation) -> Self {
        Self {
            plugin: activation.plugin.clone(),
            plugin_version: activation.plugin_version.clone(),
            glpi_version: activation.glpi_version.clone(),
            url: activation.url.clone(),
            first_seen: activation.first_seen.to_string(),
            last_seen: activation.last_seen.to_string(),
            deactivated_at: activation.deactivated_at.map(|at| at.to_string()),
        }
    }
}

impl Instance {
    /// The record of an instance as it stands at `now`.
    pub fn new(listed: &Listed, now: Timestamp) -> Self {
        let place = listed.place(now);
        Self {
            instance_id: listed.id.to_string(),
            instance_uid: listed.uid.clone(),
            url: listed.plugin.is_some().then(|| listed.site.as_str().to_owned()),
            plugin: listed.plugin.clone(),
            key_id: listed.key.to_string(),
            subscription_id: listed.subscription.id.to_string(),
            customer_id: listed.subscription.customer.to_string(),
            customer: listed.customer.to_string(),
            offer: listed.subscription.offer.to_string(),
            environment: listed.environment.to_string(),
            state: place.name().to_owned(),
            state_since: place.since().to_string(),
            state_reason: reason(place),
            seat: place.seat(),
            r#move: listed.moving(now).map(|move_| {
                let arrives = move_.to == listed.id;
                Move {
                    direction: if arrives { "arriving" } else { "leaving" },
                    other_instance_id: if arrives { move_.from } else { move_.to }.to_string(),
                    opened_at: move_.opened_at.to_string(),
                    closes_at: move_.closes_at.to_string(),
                    old_one_asked_at: move_.asked_at.map(|at| at.to_string()),
                }
            }),
            first_seen: listed.first_seen.to_string(),
            last_seen: listed.last_seen.to_string(),
            glpi_version: listed.version.clone(),
            looks_like_two: listed.faces.are_two(),
        }
    }
}

impl InstanceMove {
    /// The record of a move.
    pub fn new(past: &PastMove) -> Self {
        Self {
            from_instance_id: past.from.to_string(),
            from: past.from_site.clone(),
            to_instance_id: past.to.to_string(),
            to: past.to_site.clone(),
            opened_at: past.opened_at.to_string(),
            closes_at: past.closes_at.to_string(),
            outcome: past.ended.map(|(outcome, _)| outcome.name()),
            ended_at: past.ended.map(|(_, at)| at.to_string()),
        }
    }
}

/// Why an instance has no place.
fn reason(place: Place) -> Option<&'static str> {
    match place {
        Place::Seated { .. } | Place::Beside { .. } | Place::Arriving { .. } => None,
        Place::Gone { why: Departure::Moved, .. } => Some("moved"),
        Place::Gone { why: Departure::Released, .. } => Some("by_support"),
        Place::Gone { why: Departure::GivenBack { .. }, .. } => Some("given_back"),
        Place::Refused { why: Denial::SeatsTaken, .. } => Some("seats_taken"),
        Place::Refused { why: Denial::OthersTaken, .. } => Some("staging_limit"),
        Place::Refused { why: Denial::OldStayed, .. } => Some("old_one_in_use"),
        Place::Refused { why: Denial::ByPerson, .. } => Some("by_support"),
    }
}
