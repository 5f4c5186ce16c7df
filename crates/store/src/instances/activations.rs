//! Which plugins were activated where: what their own code said of itself.

use latchkey_domain::ids::InstanceId;
use latchkey_domain::time::Timestamp;

use crate::StoreError;
use crate::driver::Select;
use crate::value::{Row, params};

/// Plugins of one instance that are given at once. None has more.
const MOST: i64 = 200;

/// A plugin that asked for itself, as it last said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activation {
    /// Which.
    pub plugin: String,
    /// Its version.
    pub plugin_version: Option<String>,
    /// The version of the GLPI that it is in.
    pub glpi_version: Option<String>,
    /// The address of its site, normalised.
    pub url: Option<String>,
    /// When it was first activated.
    pub first_seen: Timestamp,
    /// When it last asked, give or take an hour.
    pub last_seen: Timestamp,
    /// Since when it is no longer active; that frees no seat.
    pub deactivated_at: Option<Timestamp>,
}

/// The plugins that asked for themselves in an instance, by name.
pub fn of(from: &mut impl Select, instance: InstanceId) -> Result<Vec<Activation>, StoreError> {
    from.rows(
        "SELECT plugin, plugin_version, glpi_version, url, first_seen, last_seen, deactivated_at
           FROM activations WHERE instance_id = $instance ORDER BY plugin LIMIT $most",
        params! { instance, most: MOST },
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<Activation, StoreError> {
    Ok(Activation {
        plugin: row.get("plugin")?,
        plugin_version: row.get("plugin_version")?,
        glpi_version: row.get("glpi_version")?,
        url: row.get("url")?,
        first_seen: row.get("first_seen")?,
        last_seen: row.get("last_seen")?,
        deactivated_at: row.get("deactivated_at")?,
    })
}
