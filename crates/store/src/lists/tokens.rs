//! API tokens.

use latchkey_domain::time::Timestamp;
use latchkey_domain::tokens::Token;

use super::{Column, Found, Page, Question, Sorting};
use crate::StoreError;
use crate::api::tokens;
use crate::driver::Select;

/// Whether a token counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenIs {
    /// It counts.
    Active,
    /// Its time is over.
    Expired,
    /// It was withdrawn.
    Revoked,
}

/// How tokens are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By id, which says nothing of them.
    Id,
    /// By name.
    #[default]
    Name,
    /// By the moment at which they were made.
    Made,
    /// By their last use; those that were never used are the smallest.
    Used,
}

impl TokenIs {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Active, Self::Expired, Self::Revoked];

    /// The name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl Sorting for Sort {
    fn columns(self) -> &'static [Column] {
        const ID: Column = Column::text("t.id", "id");
        match self {
            Self::Id => const { &[ID] },
            Self::Name => const { &[Column::text("t.name", "name"), ID] },
            Self::Made => const { &[Column::number("t.created_at", "created_at"), ID] },
            Self::Used => const { &[Column::number("COALESCE(t.last_used_at, 0)", "used_at"), ID] },
        }
    }
}

/// A page of tokens as they stand at `now`.
pub fn page(
    from: &mut impl Select,
    is: Option<TokenIs>,
    sort: Sort,
    page: &Page,
    now: Timestamp,
) -> Result<Found<Token>, StoreError> {
    let mut question = Question::new(
        "SELECT t.id, t.name, t.scopes, t.created_at, t.expires_at, t.last_used_at, t.revoked_at,
                COALESCE(t.last_used_at, 0) AS used_at",
        "FROM api_tokens t",
    );
    match is {
        None => {}
        Some(TokenIs::Active) => {
            question.and("t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $now)").bind("now", now);
        }
        Some(TokenIs::Expired) => {
            question.and("t.revoked_at IS NULL AND t.expires_at <= $now").bind("now", now);
        }
        Some(TokenIs::Revoked) => {
            question.and("t.revoked_at IS NOT NULL");
        }
    }
    question.page(from, sort, page, |_, row| tokens::read(row))
}
