//! Enrollment keys, agents, and what waits for a GLPI.

use latchkey_domain::enrollment::{self as domain, EnrollmentKey as Key};
use latchkey_domain::network::Network;
use latchkey_domain::time::Timestamp;
use latchkey_store::enrollment::erasure::Erased;
use latchkey_store::enrollment::keys::Created;
use latchkey_store::enrollment::queue::{Load, Queued};
use serde::Serialize;
use utoipa::ToSchema;

/// An enrollment key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrollmentKey {
    /// Its id: the part of its text that is not a secret.
    pub enrollment_key_id: String,
    /// What people call it.
    pub name: String,
    /// `active`, `suspended`, `expired` or `revoked`.
    pub state: String,
    /// The name of the GLPI that inventories go to.
    pub glpi: String,
    /// Put into each message in the place of the agent's own; null where that stays.
    pub tag: Option<String>,
    /// How many agents came with it.
    pub agents: u32,
    /// How many may, at the most; null for any number.
    pub agent_limit: Option<u32>,
    /// From these networks alone; empty for all.
    pub networks: Vec<String>,
    /// Whether agents are let in at once; else each waits for a person.
    pub approves: bool,
    /// How many times its secret was made; 1 at first.
    pub generation: u32,
    /// Until when the secret before the present one counts, too.
    pub previous_until: Option<String>,
    /// Since when it exists.
    pub created_at: String,
    /// From when it lets nobody in any more, if ever.
    pub ends_at: Option<String>,
    /// Since when it is suspended.
    pub suspended_at: Option<String>,
    /// Since when it is revoked.
    pub revoked_at: Option<String>,
    /// What agents have as user.
    pub basic_user: String,
    /// What agents have as the client's id.
    pub oauth_client_id: String,
}

/// An enrollment key with its secret, which is not to be had again.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedEnrollmentKey {
    /// The whole key. A secret.
    pub enrollment_key: String,
    /// What agents have as password. A secret.
    pub basic_password: String,
    /// What agents have as the client's secret. A secret.
    pub oauth_client_secret: String,
    /// What agents have as server.
    pub url: String,
    /// The same with the key within, for agents that can have nothing else. A secret.
    pub url_with_key: String,
    /// The key.
    #[serde(flatten)]
    pub key: EnrollmentKey,
}

/// An agent.
#[derive(Debug, Serialize, ToSchema)]
pub struct Agent {
    /// Its id here.
    pub agent_id: String,
    /// What it calls its machine, and GLPI finds it by.
    pub device: String,
    /// What it calls itself, where it does.
    pub glpi_agent_id: Option<String>,
    /// `approved`, `pending` or `quarantined`.
    pub state: String,
    /// The id of the key that it came with.
    pub enrollment_key_id: String,
    /// The generation of the key's secret that it last used.
    pub generation: u32,
    /// From where it last came.
    pub address: String,
    /// What it says that it is.
    pub version: String,
    /// The tag that it last sent.
    pub tag: Option<String>,
    /// Since when it is known.
    pub first_seen_at: String,
    /// When it last came.
    pub last_seen_at: String,
    /// When it was last let through.
    pub let_in_at: Option<String>,
    /// Since when it is approved.
    pub approved_at: Option<String>,
    /// Since when it is quarantined.
    pub quarantined_at: Option<String>,
    /// Since when another machine is known to go by the same identity.
    pub twin_at: Option<String>,
    /// What gave that one away.
    pub twin: Option<String>,
}

/// What is left of an agent that was erased.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErasedAgent {
    /// Its id, which the audit log has.
    pub agent_id: String,
    /// How many messages were taken from the queue.
    pub messages_dropped: usize,
    /// How many reasons were erased from beside the audit log.
    pub reasons_erased: usize,
}

/// A message that waits for a GLPI.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueuedMessage {
    /// Its number.
    pub message: i64,
    /// Whose it is.
    pub agent_id: String,
    /// The machine that it is about.
    pub device: String,
    /// The GLPI that it goes to.
    pub glpi: String,
    /// `inventory`, `partial` or `task`.
    pub what: String,
    /// How much room it takes.
    pub bytes: i64,
    /// `waiting`, or `dead`: GLPI said no to it.
    pub state: &'static str,
    /// Since when it waits.
    pub received_at: String,
    /// When it is tried next.
    pub next_at: Option<String>,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it was not taken, the last time.
    pub last_error: Option<String>,
}

/// How much waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueueLoad {
    /// Messages, dead ones among them.
    pub messages: i64,
    /// The room that they take, in bytes.
    pub bytes: i64,
    /// Those that GLPI said no to.
    pub dead: i64,
    /// Since when the oldest waits that is to be delivered.
    pub oldest_at: Option<String>,
}

impl EnrollmentKey {
    /// The record of a key as it stands at `now`.
    pub fn new(key: &Key, now: Timestamp) -> Self {
        let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            enrollment_key_id: key.id.clone(),
            name: key.name.to_string(),
            state: key.standing(now).name().to_owned(),
            glpi: key.policy.glpi.clone(),
            tag: key.policy.tag.as_ref().map(domain::Tag::to_string),
            agents: key.agents,
            agent_limit: key.policy.agent_limit,
            networks: key.policy.networks.iter().map(Network::to_string).collect(),
            approves: key.policy.approves,
            generation: key.generation,
            previous_until: at(key.previous_until.filter(|until| *until > now)),
            created_at: key.created_at.to_string(),
            ends_at: at(key.ends_at),
            suspended_at: at(key.suspended_at),
            revoked_at: at(key.revoked_at),
            basic_user: key.id.clone(),
            oauth_client_id: key.id.clone(),
        }
    }
}

impl CreatedEnrollmentKey {
    /// The record of a key that was just made; `url` is where agents find the gateway, with a slash at its end.
    pub fn new(created: &Created, url: &str, now: Timestamp) -> Self {
        let text = created.text.reveal();
        Self {
            enrollment_key: text.to_owned(),
            basic_password: text.to_owned(),
            oauth_client_secret: text.to_owned(),
            url: url.to_owned(),
            url_with_key: format!("{url}enroll/{text}/"),
            key: EnrollmentKey::new(&created.key, now),
        }
    }
}

impl Agent {
    /// The record of an agent.
    pub fn new(agent: &domain::Agent) -> Self {
        let at = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            agent_id: agent.id.to_string(),
            device: agent.device.to_string(),
            glpi_agent_id: agent.uid.map(|uid| uid.to_string()),
            state: agent.standing().name().to_owned(),
            enrollment_key_id: agent.key.clone(),
            generation: agent.generation,
            address: agent.address.clone(),
            version: agent.version.clone(),
            tag: agent.tag.clone(),
            first_seen_at: agent.first_seen_at.to_string(),
            last_seen_at: agent.last_seen_at.to_string(),
            let_in_at: at(agent.let_in_at),
            approved_at: at(agent.approved_at),
            quarantined_at: at(agent.quarantined_at),
            twin_at: at(agent.twin_at),
            twin: agent.twin.clone(),
        }
    }
}

impl ErasedAgent {
    /// What is told of an erasure.
    pub fn new(erased: &Erased, messages: usize) -> Self {
        Self { agent_id: erased.agent.to_string(), messages_dropped: messages, reasons_erased: erased.reasons }
    }
}

impl QueuedMessage {
    /// The record of a message that waits.
    pub fn new(queued: &Queued) -> Self {
        Self {
            message: queued.number,
            agent_id: queued.agent.clone(),
            device: queued.device.clone(),
            glpi: queued.glpi.clone(),
            what: queued.what.clone(),
            bytes: queued.bytes,
            state: if queued.dead_at.is_some() { "dead" } else { "waiting" },
            received_at: queued.received_at.to_string(),
            next_at: queued.dead_at.is_none().then(|| queued.run_at.to_string()),
            attempts: queued.attempts,
            last_error: queued.last_error.clone(),
        }
    }
}

impl QueueLoad {
    /// The record of how much waits.
    pub fn new(load: &Load) -> Self {
        let Load { messages, bytes, dead, oldest_at } = *load;
        Self { messages, bytes, dead, oldest_at: oldest_at.map(|at| at.to_string()) }
    }
}
