//! Invitations, and who registered, page by page.

use latchkey_domain::invitations::Invitation;
use latchkey_domain::time::Timestamp;

use super::beside::{beyond, folded_person};
use super::{Column, Found, Page, Question, Sorting, containing};
use crate::StoreError;
use crate::driver::Select;
use crate::invitations::keys;
use crate::invitations::registrations::{self, Registration, State};

/// In which state invitations are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationIs {
    /// It may be used.
    Open,
    /// Its time is yet to come.
    Scheduled,
    /// It is halted.
    Suspended,
    /// Its time is over.
    Expired,
    /// As many as may have used it.
    UsedUp,
    /// It was withdrawn.
    Revoked,
}

/// How invitations are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InvitationSort {
    /// By id, which says nothing of them.
    Id,
    /// By name.
    #[default]
    Name,
    /// By the moment at which they were made.
    Made,
}

/// Registrations by the moment at which the form was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent;

impl InvitationIs {
    /// All there are.
    pub const ALL: [Self; 6] =
        [Self::Open, Self::Scheduled, Self::Suspended, Self::Expired, Self::UsedUp, Self::Revoked];

    /// The name, as commands and the API print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Scheduled => "scheduled",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::UsedUp => "used-up",
            Self::Revoked => "revoked",
        }
    }
}

impl Sorting for InvitationSort {
    fn columns(self) -> &'static [Column] {
        const ID: Column = Column::text("i.id", "id");
        match self {
            Self::Id => const { &[ID] },
            Self::Name => const { &[Column::text("i.folded_name", "folded_name"), ID] },
            Self::Made => const { &[Column::number("i.created_at", "created_at"), ID] },
        }
    }
}

impl Sorting for Sent {
    // An id begins with the moment at which it was made.
    fn columns(self) -> &'static [Column] {
        const { &[Column::text("r.id", "id")] }
    }
}

/// A page of invitations as they stand at `now`: of all, or those in a state, or with this in their names.
pub fn invitations(
    from: &mut impl Select,
    is: Option<InvitationIs>,
    name_has: &str,
    sort: InvitationSort,
    page: &Page,
    now: Timestamp,
) -> Result<Found<Invitation>, StoreError> {
    let mut question = Question::new(
        "SELECT i.id, i.name, i.folded_name, i.comment, i.connection_id, i.entity, i.is_recursive, i.profile, i.group_ids,
                i.target_names, i.use_limit, i.uses, i.email_domains, i.language, i.keyed_hash, i.begins_at, i.ends_at, i.created_at,
                i.suspended_at, i.revoked_at",
        "FROM invitations i",
    );
    // Of several that are true, the first one is said.
    let begun = "i.revoked_at IS NULL AND i.suspended_at IS NULL AND i.begins_at <= $now";
    match is {
        None => {}
        Some(InvitationIs::Revoked) => {
            question.and("i.revoked_at IS NOT NULL");
        }
        Some(InvitationIs::Suspended) => {
            question.and("i.revoked_at IS NULL AND i.suspended_at IS NOT NULL");
        }
        Some(InvitationIs::Scheduled) => {
            question.and("i.revoked_at IS NULL AND i.suspended_at IS NULL AND i.begins_at > $now").bind("now", now);
        }
        Some(InvitationIs::Expired) => {
            question.and(begun).and("i.ends_at <= $now").bind("now", now);
        }
        Some(InvitationIs::UsedUp) => {
            question
                .and(begun)
                .and("(i.ends_at IS NULL OR i.ends_at > $now) AND i.uses >= i.use_limit")
                .bind("now", now);
        }
        Some(InvitationIs::Open) => {
            question
                .and(begun)
                .and("(i.ends_at IS NULL OR i.ends_at > $now) AND (i.use_limit IS NULL OR i.uses < i.use_limit)")
                .bind("now", now);
        }
    }
    if !name_has.trim().is_empty() {
        question.and("i.folded_name LIKE $name_has ESCAPE '!'").bind("name_has", containing(name_has));
    }
    question.page(from, sort, page, |_, row| keys::read(row))
}

/// A page of registrations: of one invitation by its id, or of all; in a state, or in any; of everybody, or of those whose login or
/// e-mail address begins so.
pub fn registrations(
    from: &mut impl Select,
    invitation: Option<&str>,
    is: Option<State>,
    person: Option<&str>,
    page: &Page,
) -> Result<Found<Registration>, StoreError> {
    let mut question = Question::new(
        "SELECT r.id, r.invitation_id, r.connection_id, r.login, r.firstname, r.realname, r.email, r.language, r.state, r.step,
                r.remarks, r.glpi_user, r.created_at, r.completed_at, r.returned_at, r.erased_at",
        "FROM registrations r",
    );
    if let Some(invitation) = invitation {
        question.and("r.invitation_id = $invitation").bind("invitation", invitation);
    }
    if let Some(is) = is {
        question.and("r.state = $state").bind("state", is.name());
    }
    if let Some(person) = person {
        let (login, email) = folded_person(person);
        question.and(
            "r.id IN (SELECT n.id FROM registrations n WHERE n.folded_login >= $login AND n.folded_login < $login_end
                      UNION SELECT n.id FROM registrations n WHERE LOWER(n.email) >= $email AND LOWER(n.email) < $email_end)",
        );
        question.bind("login_end", beyond(&login)).bind("login", login);
        question.bind("email_end", beyond(&email)).bind("email", email);
    }
    question.page(from, Sent, page, |_, row| registrations::read(row))
}
