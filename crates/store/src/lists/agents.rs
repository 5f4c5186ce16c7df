//! Agents, and the enrollment keys that they came with.

use latchkey_domain::enrollment::{Agent, EnrollmentKey};
use latchkey_domain::time::Timestamp;

use super::{Column, Found, Page, Question, Sorting};
use crate::StoreError;
use crate::driver::Select;
use crate::enrollment::{agents, keys};

/// Whether an agent may hand in inventories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgentIs {
    /// It may.
    Approved,
    /// It waits for a person.
    Pending,
    /// It was shut out.
    Quarantined,
}

/// Whether a key lets agents in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnrollmentIs {
    /// It does.
    Active,
    /// Not until it is resumed.
    Suspended,
    /// Its time is over.
    Expired,
    /// It was withdrawn.
    Revoked,
}

/// Which agents are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Which {
    /// Those of this key, by its id.
    pub key: Option<String>,
    /// Those that stand so.
    pub is: Option<AgentIs>,
    /// Those with this tag.
    pub tag: Option<String>,
    /// Those whose version begins so.
    pub version: Option<String>,
    /// Those that came last before.
    pub seen_before: Option<Timestamp>,
    /// Those that share their identity with another machine.
    pub twins: bool,
    /// Those that still use a secret that was replaced.
    pub old_secret: bool,
}

/// How agents are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AgentSort {
    /// By id: the order in which they came first.
    Id,
    /// By the name of their machine.
    #[default]
    Device,
    /// By when they last came.
    Seen,
}

/// How enrollment keys are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum EnrollmentSort {
    /// By id, which says nothing of them.
    Id,
    /// By name.
    #[default]
    Name,
    /// By the moment at which they were made.
    Made,
}

impl AgentIs {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Approved, Self::Quarantined];

    /// The name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Pending => "pending",
            Self::Quarantined => "quarantined",
        }
    }
}

impl EnrollmentIs {
    /// All there are.
    pub const ALL: [Self; 4] = [Self::Active, Self::Suspended, Self::Expired, Self::Revoked];

    /// The name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl Sorting for AgentSort {
    fn columns(self) -> &'static [Column] {
        const ID: Column = Column::text("a.id", "id");
        match self {
            Self::Id => const { &[ID] },
            Self::Device => const { &[Column::text("a.folded_device", "folded_device"), ID] },
            Self::Seen => const { &[Column::number("a.last_seen_at", "last_seen_at"), ID] },
        }
    }
}

impl Sorting for EnrollmentSort {
    fn columns(self) -> &'static [Column] {
        const ID: Column = Column::text("k.id", "id");
        match self {
            Self::Id => const { &[ID] },
            Self::Name => const { &[Column::text("k.folded_name", "folded_name")] },
            Self::Made => const { &[Column::number("k.created_at", "created_at"), ID] },
        }
    }
}

/// A page of agents.
pub fn page(from: &mut impl Select, which: &Which, sort: AgentSort, page: &Page) -> Result<Found<Agent>, StoreError> {
    let mut question = Question::new(
        "SELECT a.id, a.enrollment_key, a.device, a.folded_device, a.agent_uid, a.machine, a.generation, a.first_seen_at,
                a.last_seen_at, a.let_in_at, a.address, a.version, a.tag, a.approved_at, a.quarantined_at, a.twin_at, a.twin,
                a.prolog_answer, a.contact_answer",
        "FROM agents a",
    );
    if let Some(key) = &which.key {
        question.and("a.enrollment_key = $key").bind("key", key.as_str());
    }
    match which.is {
        None => {}
        Some(AgentIs::Approved) => drop(question.and("a.quarantined_at IS NULL AND a.approved_at IS NOT NULL")),
        Some(AgentIs::Pending) => drop(question.and("a.quarantined_at IS NULL AND a.approved_at IS NULL")),
        Some(AgentIs::Quarantined) => drop(question.and("a.quarantined_at IS NOT NULL")),
    }
    if let Some(tag) = &which.tag {
        question.and("a.tag = $tag").bind("tag", tag.as_str());
    }
    if let Some(version) = &which.version {
        question.and("a.version >= $version AND a.version < $beyond");
        question.bind("version", version.as_str()).bind("beyond", format!("{version}\u{10ffff}"));
    }
    if let Some(before) = which.seen_before {
        question.and("a.last_seen_at < $before").bind("before", before);
    }
    if which.twins {
        question.and("a.twin_at IS NOT NULL");
    }
    if which.old_secret {
        question.and("a.generation < (SELECT k.generation FROM enrollment_keys k WHERE k.id = a.enrollment_key)");
    }
    question.page(from, sort, page, |_, row| Ok(agents::read(row)?.agent))
}

/// A page of enrollment keys as they stand at `now`.
pub fn enrollments(
    from: &mut impl Select,
    is: Option<EnrollmentIs>,
    sort: EnrollmentSort,
    page: &Page,
    now: Timestamp,
) -> Result<Found<EnrollmentKey>, StoreError> {
    let mut question = Question::new(
        "SELECT k.id, k.name, k.folded_name, k.glpi, k.tag, k.agent_limit, k.networks, k.approves, k.keyed_hash, k.generation,
                k.previous_hash, k.previous_until, k.created_at, k.ends_at, k.suspended_at, k.revoked_at, k.agents",
        "FROM enrollment_keys k",
    );
    match is {
        None => {}
        Some(EnrollmentIs::Active) => {
            question
                .and("k.revoked_at IS NULL AND k.suspended_at IS NULL AND (k.ends_at IS NULL OR k.ends_at > $now)")
                .bind("now", now);
        }
        Some(EnrollmentIs::Suspended) => {
            question
                .and("k.revoked_at IS NULL AND k.suspended_at IS NOT NULL AND (k.ends_at IS NULL OR k.ends_at > $now)")
                .bind("now", now);
        }
        Some(EnrollmentIs::Expired) => {
            question.and("k.revoked_at IS NULL AND k.ends_at <= $now").bind("now", now);
        }
        Some(EnrollmentIs::Revoked) => {
            question.and("k.revoked_at IS NOT NULL");
        }
    }
    question.page(from, sort, page, |_, row| Ok(keys::read(row)?.key))
}
