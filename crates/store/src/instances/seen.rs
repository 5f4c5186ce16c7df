//! When instances were last heard, written down in batches: nothing of it is on the way of an answer.
//!
//! One thing of it decides something: whether the holder of a seat was heard while another one was moving in. What is
//! written down after the window counts for nothing, so that what a move has come to never changes again.

use latchkey_domain::ids::{InstanceId, KeyId};
use latchkey_domain::instances::Faces;
use latchkey_domain::time::Timestamp;
use serde_json::json;

use super::{Pool, holdings};
use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, audit};

/// That an instance was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Which one.
    pub instance: InstanceId,
    /// With which key.
    pub key: KeyId,
    /// When.
    pub at: Timestamp,
    /// Which version of GLPI it was.
    pub version: Option<String>,
    /// What it looked like from outside.
    pub face: u32,
}

/// Writes sightings down, oldest first.
pub fn note(tx: &mut Tx<'_>, sightings: &[Sighting]) -> Done<()> {
    for sighting in sightings {
        note_one(tx, sighting)?;
    }
    Ok(())
}

fn note_one(tx: &mut Tx<'_>, sighting: &Sighting) -> Done<()> {
    let id = sighting.instance;
    let row = tx.row(
        "SELECT i.subscription_id, i.plugin, i.last_seen, i.face, i.face_before, i.returns, i.returned_at, m.id AS move_id
           FROM instances i
           LEFT JOIN moves m ON m.from_instance = i.id AND m.ended_at IS NULL AND m.asked_at IS NULL
          WHERE i.id = $id",
        params! { id },
    )?;
    // Erased meanwhile.
    let Some(row) = row else { return Ok(()) };
    let before = faces(&row)?;
    let faces = before.see(sighting.face, sighting.at);
    tx.row(
        "UPDATE instances
            SET last_seen = CASE WHEN last_seen > $at THEN last_seen ELSE CAST($at AS BIGINT) END, key_id = $key,
                version = COALESCE(CAST($version AS TEXT), version), face = $latest, face_before = $before,
                returns = $returns, returned_at = $returned_at
          WHERE id = $id RETURNING id",
        params! {
            at: sighting.at,
            key: sighting.key,
            version: sighting.version.as_deref(),
            latest: faces.latest,
            before: faces.before,
            returns: faces.returns,
            returned_at: faces.returned_at,
            id,
        },
    )?;
    let actor = Actor::instance(id);
    if faces.are_two() && !before.are_two() {
        let detail = json!({ "returns": faces.returns });
        tx.audit(audit::Entry::new(&actor, "instance.seen-twice", "instance", id).detail(detail))?;
    }
    if row.get::<Option<String>>("move_id")?.is_some() {
        let pool = Pool { subscription: row.get("subscription_id")?, plugin: row.get("plugin")? };
        let heard = holdings::load(tx, &pool)?.heard(id, tx.now());
        holdings::write(tx, &pool, heard.as_slice(), None, &actor)?;
    }
    Ok(())
}

pub(super) fn faces(row: &Row) -> Result<Faces, StoreError> {
    Ok(Faces {
        latest: row.get("face")?,
        before: row.get("face_before")?,
        returns: row.get("returns")?,
        returned_at: row.get("returned_at")?,
    })
}
