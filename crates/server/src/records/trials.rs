//! Trials of plugins.

use latchkey_domain::time::Timestamp;
use latchkey_store::instances::trials::Listed;
use serde::Serialize;
use utoipa::ToSchema;

/// A plugin that is tried, or was.
#[derive(Debug, Serialize, ToSchema)]
pub struct Trial {
    /// Its id.
    pub trial_id: String,
    /// The plugin's key.
    pub plugin: String,
    /// The UID of the GLPI that tries it.
    pub instance_uid: String,
    /// Where that was last.
    pub url: Option<String>,
    /// `running`, `ended` or `subscribed`.
    pub state: String,
    /// Since when.
    pub started_at: String,
    /// Until when.
    pub ends_at: String,
    /// When it was last used.
    pub last_seen: String,
    /// What it was turned into.
    pub subscription_id: Option<String>,
}

impl Trial {
    /// The record of a trial as it stands at `now`.
    pub fn new(listed: &Listed, now: Timestamp) -> Self {
        let trial = &listed.trial;
        Self {
            trial_id: trial.id.to_string(),
            plugin: trial.plugin.to_string(),
            instance_uid: trial.uid.to_string(),
            url: listed.url.clone(),
            state: trial.phase(now).name().to_owned(),
            started_at: trial.started_at.to_string(),
            ends_at: trial.ends_at.to_string(),
            last_seen: listed.last_seen.to_string(),
            subscription_id: trial.subscription.map(|id| id.to_string()),
        }
    }
}
