//! Trials of plugins.

use latchkey_domain::time::Timestamp;

use super::{Column, Found, Page, Question, Sorting};
use crate::StoreError;
use crate::driver::Select;
use crate::instances::trials::{Listed, read};

/// Which trials a list is to have; all, where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of this plugin.
    pub plugin: Option<String>,
    /// Those of a GLPI whose UID begins so.
    pub uid: Option<String>,
    /// Those that stand so.
    pub is: Option<TrialIs>,
}

/// Where a trial stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialIs {
    /// It runs.
    Running,
    /// It is over.
    Ended,
    /// A subscription has taken its place.
    Subscribed,
}

/// How trials are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By the moment at which they began.
    #[default]
    Begun,
    /// By their end.
    End,
}

impl TrialIs {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Running, Self::Ended, Self::Subscribed];

    /// The name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Subscribed => "subscribed",
        }
    }

    fn lets_pass(self, question: &mut Question, now: Timestamp) {
        match self {
            Self::Running => question.and("t.subscription_id IS NULL AND t.ends_at > $now").bind("now", now),
            Self::Ended => question.and("t.subscription_id IS NULL AND t.ends_at <= $now").bind("now", now),
            Self::Subscribed => question.and("t.subscription_id IS NOT NULL"),
        };
    }
}

impl Sorting for Sort {
    fn columns(self) -> &'static [Column] {
        const TRIAL: Column = Column::text("t.id", "id");
        match self {
            Self::Begun => const { &[TRIAL] },
            Self::End => const { &[Column::number("t.ends_at", "ends_at"), TRIAL] },
        }
    }
}

/// A page of trials as they stand at `now`.
pub fn page(
    from: &mut impl Select,
    wanted: &Wanted,
    sort: Sort,
    page: &Page,
    now: Timestamp,
) -> Result<Found<Listed>, StoreError> {
    let mut question = Question::new(COLUMNS, "FROM trials t");
    if let Some(plugin) = &wanted.plugin {
        question.and("t.plugin = $plugin").bind("plugin", plugin.as_str());
    }
    if let Some(begin) = &wanted.uid {
        let end = format!("{begin}\u{10ffff}");
        question.and("t.uid >= $uid AND t.uid < $uid_end").bind("uid", begin.as_str()).bind("uid_end", end.as_str());
    }
    if let Some(is) = wanted.is {
        is.lets_pass(&mut question, now);
    }
    question.page(from, sort, page, |_, row| read(row))
}

const COLUMNS: &str = "SELECT t.id, t.plugin, t.uid, t.url, t.started_at, t.ends_at, t.last_seen, t.subscription_id";
