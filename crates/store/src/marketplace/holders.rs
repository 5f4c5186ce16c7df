//! Which GLPI has which version of a plugin: what it downloaded here, or what the plugin's own code said of itself since, be it
//! with a key or in a trial. What is known last counts; of two things at one moment, what the plugin said.

use std::collections::HashMap;

use latchkey_domain::marketplace::PluginKey;
use latchkey_domain::time::Timestamp;

use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Done, StoreError, Tx, feed};

/// The version that a GLPI has of a plugin, as far as is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Of which plugin.
    pub plugin: String,
    /// Which version, as it was published or as the plugin said.
    pub version: String,
    /// Which GLPI, by its UID; nothing where a plugin that is known by its address did not say.
    pub instance: Option<String>,
    /// The address of the site, where the plugin said one.
    pub url: Option<String>,
    /// The customer's name; nobody where it is a trial.
    pub customer: Option<String>,
    /// Since when that is known: when it was downloaded, or when the plugin last asked, give or take an hour.
    pub at: Timestamp,
    /// Whether the plugin said so itself, so that it is not only there but runs.
    pub runs: bool,
}

/// That nothing is known of a GLPI and a plugin later than a row says. A download has rank 0, a trial 1, an activation 2.
macro_rules! is_latest {
    ($plugin:literal, $uid:literal, $at:literal, $rank:literal, $id:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM plugin_downloads l WHERE l.plugin = ",
            $plugin,
            " AND l.instance = ",
            $uid,
            " AND (l.at > ",
            $at,
            " OR l.at = ",
            $at,
            " AND ",
            $rank,
            " = 0 AND l.id > ",
            $id,
            ")) AND NOT EXISTS (SELECT 1 FROM trials l WHERE l.plugin = ",
            $plugin,
            " AND l.uid = ",
            $uid,
            " AND l.plugin_version IS NOT NULL AND (l.last_seen > ",
            $at,
            " OR l.last_seen = ",
            $at,
            " AND ",
            $rank,
            " < 1)) AND NOT EXISTS (SELECT 1 FROM activations l WHERE l.plugin = ",
            $plugin,
            " AND l.uid = ",
            $uid,
            " AND l.plugin_version IS NOT NULL AND l.deactivated_at IS NULL AND (l.last_seen > ",
            $at,
            " OR l.last_seen = ",
            $at,
            " AND (",
            $rank,
            " < 2 OR l.id > ",
            $id,
            ")))"
        )
    };
}

/// From whom it is known: downloads `d`, trials `t` and activations `a` that nothing later is known of.
macro_rules! latest_downloads {
    () => {
        concat!("plugin_downloads d WHERE ", is_latest!("d.plugin", "d.instance", "d.at", "0", "d.id"))
    };
}
macro_rules! latest_trials {
    () => {
        concat!(
            "trials t WHERE t.plugin_version IS NOT NULL AND ",
            is_latest!("t.plugin", "t.uid", "t.last_seen", "1", "t.id")
        )
    };
}
macro_rules! latest_activations {
    () => {
        concat!(
            "activations a WHERE a.plugin_version IS NOT NULL AND a.deactivated_at IS NULL AND ",
            is_latest!("a.plugin", "a.uid", "a.last_seen", "2", "a.id")
        )
    };
}
/// That a GLPI has a version `v`.
macro_rules! is_held {
    () => {
        concat!(
            "(EXISTS (SELECT 1 FROM ",
            latest_downloads!(),
            " AND d.plugin = v.plugin AND d.version = v.version) OR EXISTS (SELECT 1 FROM ",
            latest_trials!(),
            " AND t.plugin = v.plugin AND t.plugin_version = v.version) OR EXISTS (SELECT 1 FROM ",
            latest_activations!(),
            " AND a.plugin = v.plugin AND a.plugin_version = v.version))"
        )
    };
}
pub(crate) use {is_held, is_latest, latest_activations, latest_downloads, latest_trials};

/// What each GLPI has of a plugin.
macro_rules! all_held {
    () => {
        concat!(
            "(SELECT d.id, d.plugin, d.version, d.instance AS uid, CAST(NULL AS TEXT) AS url, d.at, 0 AS runs, d.subscription_id
                FROM ",
            latest_downloads!(),
            " AND d.plugin = $plugin
              UNION ALL
              SELECT t.id, t.plugin, t.plugin_version, t.uid, t.url, t.last_seen, 1, t.subscription_id FROM ",
            latest_trials!(),
            " AND t.plugin = $plugin
              UNION ALL
              SELECT a.id, a.plugin, a.plugin_version, a.uid, a.url, a.last_seen, 1,
                     (SELECT i.subscription_id FROM instances i WHERE i.id = a.instance_id) FROM ",
            latest_activations!(),
            " AND a.plugin = $plugin)"
        )
    };
}

/// All of who has what of a plugin: with the customer's name, where there is one.
macro_rules! named {
    () => {
        concat!(
            "SELECT e.plugin, e.version, e.uid, e.url, e.at, e.runs, c.name FROM ",
            all_held!(),
            " e LEFT JOIN subscriptions s ON s.id = e.subscription_id
                LEFT JOIN customers c ON c.id = s.customer_id"
        )
    };
}

/// Which GLPI has which version of a plugin, what is known last first.
pub fn running(from: &mut impl Select, plugin: &PluginKey, most: u32) -> Result<Vec<Held>, StoreError> {
    from.rows(
        concat!(named!(), " ORDER BY e.at DESC, e.id DESC LIMIT CAST($most AS BIGINT)"),
        params! { plugin, most },
    )?
    .iter()
    .map(held)
    .collect()
}

/// How many GLPIs have which version of a plugin.
pub fn spread(from: &mut impl Select, plugin: &PluginKey) -> Result<HashMap<String, u32>, StoreError> {
    from.rows(
        concat!("SELECT e.version, COUNT(*) AS instances FROM ", all_held!(), " e GROUP BY e.version"),
        params! { plugin },
    )?
    .iter()
    .map(|row| Ok((row.get("version")?, row.get("instances")?)))
    .collect()
}

/// Who has a version that was withdrawn.
pub fn holders_of_withdrawn(from: &mut impl Select) -> Result<Vec<Held>, StoreError> {
    let withdrawn = from.rows(
        "SELECT plugin, version FROM plugin_versions WHERE withdrawn_at IS NOT NULL ORDER BY plugin, version",
        params! {},
    )?;
    let mut holders = Vec::new();
    for row in &withdrawn {
        let (plugin, version): (PluginKey, String) = (row.get("plugin")?, row.get("version")?);
        let rows = from.rows(
            concat!(named!(), " WHERE e.version = $version ORDER BY e.id"),
            params! { plugin: &plugin, version },
        )?;
        for row in &rows {
            holders.push(held(row)?);
        }
    }
    Ok(holders)
}

/// The version that one GLPI has of a plugin.
pub(crate) fn version_in(from: &mut impl Select, plugin: &str, uid: &str) -> Result<Option<String>, StoreError> {
    let row = from.row(
        "SELECT e.version FROM (
            SELECT version, at, 0 AS rank, id FROM plugin_downloads WHERE plugin = $plugin AND instance = $uid
            UNION ALL
            SELECT plugin_version, last_seen, 1, id FROM trials
             WHERE plugin = $plugin AND uid = $uid AND plugin_version IS NOT NULL
            UNION ALL
            SELECT plugin_version, last_seen, 2, id FROM activations
             WHERE plugin = $plugin AND uid = $uid AND plugin_version IS NOT NULL AND deactivated_at IS NULL) e
          ORDER BY e.at DESC, e.rank DESC, e.id DESC LIMIT 1",
        params! { plugin, uid },
    )?;
    row.map(|row| row.get("version")).transpose()
}

/// Tells everybody where a GLPI has another version than `before`, and one of the two was withdrawn: whoever has that is warned.
pub(crate) fn moved_on(tx: &mut Tx<'_>, plugin: &str, before: Option<&str>, after: Option<&str>) -> Done<()> {
    if before == after {
        return Ok(());
    }
    let withdrawn = tx.row(
        "SELECT 1 AS one FROM plugin_versions
          WHERE plugin = $plugin AND withdrawn_at IS NOT NULL AND (version = $before OR version = $after)",
        params! { plugin, before: before.unwrap_or_default(), after: after.unwrap_or_default() },
    )?;
    if withdrawn.is_some() {
        tx.announce(feed::Topic::Plugin, plugin)?;
    }
    Ok(())
}

fn held(row: &Row) -> Result<Held, StoreError> {
    Ok(Held {
        plugin: row.get("plugin")?,
        version: row.get("version")?,
        instance: row.get("uid")?,
        url: row.get("url")?,
        customer: row.get("name")?,
        at: row.get("at")?,
        runs: row.get::<i64>("runs")? != 0,
    })
}
