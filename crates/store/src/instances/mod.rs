//! Which GLPIs and which sites of plugins use a subscription: each operation on them, by name.
//!
//! The rules give changes, which are written down here as they are: see [`Holdings`](latchkey_domain::instances::Holdings).
//! All changes of all nodes stand in one order, so what an operation read is still so when it writes; that a seat has one
//! holder and one window is also an index of the database.

pub mod activations;
pub mod binding;
pub mod decisions;
mod holdings;
pub mod list;
pub mod plugins;
pub mod releases;
pub mod seen;
pub mod trials;

use latchkey_domain::ids::SubscriptionId;
use latchkey_domain::instances::PluginName;

pub(crate) use holdings::{HELD, read_holdings};

/// Instances of a subscription that are told apart in one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pool {
    /// Whose.
    pub(crate) subscription: SubscriptionId,
    /// The plugin whose sites they are; empty for GLPIs.
    pub(crate) plugin: String,
}

impl Pool {
    /// The GLPIs of a subscription.
    pub(crate) fn glpis(subscription: SubscriptionId) -> Self {
        Self { subscription, plugin: String::new() }
    }

    /// The sites of a plugin.
    pub(crate) fn sites(subscription: SubscriptionId, plugin: &PluginName) -> Self {
        Self { subscription, plugin: plugin.to_string() }
    }
}
