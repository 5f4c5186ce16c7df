//! What the change feed means to this node: keys to forget, lists to read again, a clock that was acknowledged.

use std::collections::BTreeSet;

use latchkey_domain::ids::AgentId;
use latchkey_domain::time::Timestamp;
use latchkey_store::StoreError;
use latchkey_store::feed::{Change, Follower, Topic};

use crate::app::App;

/// Keeps an [`App`] true.
pub(crate) struct Refresh {
    app: App,
    /// Lists that have to be read again; kept until a read goes through.
    offers: bool,
    signing_keys: bool,
    acknowledged: bool,
    away: bool,
    /// Enrollment keys and agents that have to be read again; all of them where something was missed.
    enrollments: BTreeSet<String>,
    agents: BTreeSet<AgentId>,
    all_agents: bool,
    plugins: bool,
    connections: bool,
}

impl Refresh {
    pub(crate) fn new(app: App) -> Self {
        Self {
            app,
            offers: false,
            signing_keys: false,
            acknowledged: false,
            away: false,
            enrollments: BTreeSet::new(),
            agents: BTreeSet::new(),
            all_agents: false,
            plugins: false,
            connections: false,
        }
    }

    fn read_again(&mut self) -> Result<(), StoreError> {
        if self.offers {
            self.app.refresh_offers()?;
            self.offers = false;
        }
        if self.signing_keys {
            self.app.refresh_signing_keys()?;
            self.signing_keys = false;
        }
        if self.plugins {
            self.app.market.changed(&self.app.store)?;
            self.plugins = false;
        }
        if self.connections {
            self.app.gateway.connections_changed(&self.app.store)?;
            self.connections = false;
        }
        let (roll, store) = (&self.app.gateway.roll, &self.app.store);
        if self.all_agents {
            roll.read_again(store)?;
            self.all_agents = false;
            self.enrollments.clear();
            self.agents.clear();
        }
        while let Some(key) = self.enrollments.first() {
            roll.key_changed(store, key)?;
            self.enrollments.pop_first();
        }
        while let Some(agent) = self.agents.first() {
            roll.agent_changed(store, *agent)?;
            self.agents.pop_first();
        }
        Ok(())
    }
}

impl Follower for Refresh {
    fn changed(&mut self, changes: &[Change]) {
        for Change { seq, topic, subject } in changes {
            match topic {
                Some(Topic::Key) => match subject.parse() {
                    Ok(id) => self.app.keys.forget(id, *seq),
                    Err(_) => self.app.keys.forget_all(*seq),
                },
                Some(Topic::Offer) => self.offers = true,
                Some(Topic::SigningKey) => self.signing_keys = true,
                Some(Topic::Clock) => self.acknowledged = true,
                Some(Topic::TimeZone) if *subject != self.app.zone.name() => tracing::error!(
                    time_zone = subject,
                    used = self.app.zone.name(),
                    "ALARM: the time zone was changed; until this server is restarted it sells and renews nothing"
                ),
                Some(Topic::TimeZone) => {}
                Some(Topic::Enrollment) => drop(self.enrollments.insert(subject.clone())),
                Some(Topic::Agent) => match subject.parse() {
                    Ok(id) => drop(self.agents.insert(id)),
                    Err(_) => self.all_agents = true,
                },
                Some(Topic::Plugin) => self.plugins = true,
                Some(Topic::Connection) => self.connections = true,
                None => self.missed(*seq),
            }
        }
    }

    fn missed(&mut self, up_to: i64) {
        self.app.keys.forget_all(up_to);
        self.offers = true;
        self.signing_keys = true;
        self.all_agents = true;
        self.plugins = true;
        self.connections = true;
    }

    fn current(&mut self, highest_at: Timestamp) {
        if let Err(error) = self.read_again() {
            return self.away(&error);
        }
        if std::mem::take(&mut self.acknowledged) {
            self.app.clock.acknowledge(highest_at);
        }
        self.app.clock.heard(highest_at);
        self.app.keys.heard();
        if std::mem::take(&mut self.away) {
            tracing::info!("the database is back");
        }
    }

    fn away(&mut self, error: &StoreError) {
        if !std::mem::replace(&mut self.away, true) {
            tracing::error!(%error, "ALARM: the database cannot be heard; keys in memory are answered for a while");
        }
    }
}
