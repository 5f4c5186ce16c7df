//! API tokens: who may do what through the REST API, and until when.
//!
//! What a token may do is a set of [`Scope`]s, each a thing and a verb. [`Scope::Admin`] may do everything, tokens included; no
//! other scope says anything about tokens, so that one which leaks cannot make itself another.

use core::fmt;

use crate::Refusal;
use crate::text::{Name, nearest};
use crate::time::Timestamp;

/// The longest life of a token that has an end, in days.
pub const MOST_TOKEN_DAYS: u32 = 3_660;

/// One thing that a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Everything, tokens included.
    Admin,
    /// Look at customers.
    CustomersRead,
    /// Add customers.
    CustomersWrite,
    /// Look at offers.
    OffersRead,
    /// Make and change offers.
    OffersWrite,
    /// Look at subscriptions.
    SubscriptionsRead,
    /// Renew, suspend, resume and terminate subscriptions.
    SubscriptionsWrite,
    /// Look at keys, without their texts, and inspect texts.
    KeysRead,
    /// Issue and re-issue keys, with the customers and subscriptions that they need.
    KeysIssue,
    /// Show the texts of keys again.
    KeysReveal,
    /// Revoke keys.
    KeysRevoke,
    /// Look at instances and their moves.
    InstancesRead,
    /// Declare, release, approve and refuse instances.
    InstancesWrite,
    /// Look at trials.
    TrialsRead,
    /// Extend trials, and turn them into subscriptions.
    TrialsWrite,
    /// Look at signing keys.
    SigningKeysRead,
    /// Rotate the signing key.
    SigningKeysRotate,
    /// Look at plugins of the marketplace.
    PluginsRead,
    /// Publish and withdraw plugins.
    PluginsPublish,
    /// Read and verify the audit log.
    AuditRead,
    /// Have everything there is given out, without the texts of keys.
    DataExport,
    /// Make a backup.
    DataBackup,
    /// Take in customers and subscriptions.
    DataImport,
    /// Look at enrollment keys.
    EnrollmentRead,
    /// Make, suspend, resume, revoke and rotate enrollment keys.
    EnrollmentWrite,
    /// Look at agents.
    AgentsRead,
    /// Approve agents, shut them out, let them in again.
    AgentsWrite,
    /// Look at what waits for a GLPI.
    QueueRead,
    /// Have it tried again, or take it away.
    QueueWrite,
    /// Look at invitations, and at who registered by them.
    InvitationsRead,
    /// Make, suspend, resume and revoke invitations.
    InvitationsWrite,
    /// Look at the installation and its settings.
    InstallationRead,
}

/// What a token may do: at least one scope, in order, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

/// What is kept of a token. Its text is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The public part of its text.
    pub id: String,
    /// What people call it.
    pub name: Name,
    /// What it may do.
    pub scopes: Scopes,
    /// Since when it exists.
    pub created_at: Timestamp,
    /// From when it no longer counts, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, give or take some seconds.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is revoked, if it is.
    pub revoked_at: Option<Timestamp>,
}

/// Whether a token counts at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenStanding {
    /// It counts.
    Active,
    /// Its time is over.
    Expired {
        /// Since when.
        since: Timestamp,
    },
    /// It was withdrawn.
    Revoked {
        /// Since when.
        since: Timestamp,
    },
}

impl Scope {
    /// All there are.
    pub const ALL: [Self; 32] = [
        Self::Admin,
        Self::CustomersRead,
        Self::CustomersWrite,
        Self::OffersRead,
        Self::OffersWrite,
        Self::SubscriptionsRead,
        Self::SubscriptionsWrite,
        Self::KeysRead,
        Self::KeysIssue,
        Self::KeysReveal,
        Self::KeysRevoke,
        Self::InstancesRead,
        Self::InstancesWrite,
        Self::TrialsRead,
        Self::TrialsWrite,
        Self::SigningKeysRead,
        Self::SigningKeysRotate,
        Self::PluginsRead,
        Self::PluginsPublish,
        Self::AuditRead,
        Self::DataExport,
        Self::DataBackup,
        Self::DataImport,
        Self::EnrollmentRead,
        Self::EnrollmentWrite,
        Self::AgentsRead,
        Self::AgentsWrite,
        Self::QueueRead,
        Self::QueueWrite,
        Self::InvitationsRead,
        Self::InvitationsWrite,
        Self::InstallationRead,
    ];

    /// Its name, as people type it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::CustomersRead => "customers:read",
            Self::CustomersWrite => "customers:write",
            Self::OffersRead => "offers:read",
            Self::OffersWrite => "offers:write",
            Self::SubscriptionsRead => "subscriptions:read",
            Self::SubscriptionsWrite => "subscriptions:write",
            Self::KeysRead => "keys:read",
            Self::KeysIssue => "keys:issue",
            Self::KeysReveal => "keys:reveal",
            Self::KeysRevoke => "keys:revoke",
            Self::InstancesRead => "instances:read",
            Self::InstancesWrite => "instances:write",
            Self::TrialsRead => "trials:read",
            Self::TrialsWrite => "trials:write",
            Self::SigningKeysRead => "signing-keys:read",
            Self::SigningKeysRotate => "signing-keys:rotate",
            Self::PluginsRead => "plugins:read",
            Self::PluginsPublish => "plugins:publish",
            Self::AuditRead => "audit:read",
            Self::DataExport => "data:export",
            Self::DataBackup => "data:backup",
            Self::DataImport => "data:import",
            Self::EnrollmentRead => "enrollment:read",
            Self::EnrollmentWrite => "enrollment:write",
            Self::AgentsRead => "agents:read",
            Self::AgentsWrite => "agents:write",
            Self::QueueRead => "queue:read",
            Self::QueueWrite => "queue:write",
            Self::InvitationsRead => "invitations:read",
            Self::InvitationsWrite => "invitations:write",
            Self::InstallationRead => "installation:read",
        }
    }

    fn named(name: &str) -> Result<Self, Refusal> {
        Self::ALL.into_iter().find(|scope| scope.name() == name).ok_or_else(|| Self::unknown(name))
    }

    fn unknown(name: &str) -> Refusal {
        let all = || Self::ALL.into_iter().map(Self::name);
        Refusal::ScopeUnknown {
            given: name.to_owned(),
            known: all().map(str::to_owned).collect(),
            meant: nearest(name, all()).map(str::to_owned),
        }
    }
}

impl Scopes {
    /// Reads scopes by their names; one that is not there, or none at all, is refused.
    pub fn parse<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<Self, Refusal> {
        let mut scopes = names.into_iter().map(|name| Scope::named(name.trim())).collect::<Result<Vec<_>, _>>()?;
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() { Err(Scope::unknown("")) } else { Ok(Self(scopes)) }
    }

    /// Whether these allow it.
    pub fn allow(&self, scope: Scope) -> bool {
        self.0.contains(&Scope::Admin) || self.0.contains(&scope)
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|scope| scope.name())
    }
}

/// Names with blanks between them.
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().collect::<Vec<_>>().join(" "))
    }
}

impl Token {
    /// Whether it counts at `now`.
    pub fn standing(&self, now: Timestamp) -> TokenStanding {
        match (self.revoked_at, self.expires_at) {
            (Some(since), _) => TokenStanding::Revoked { since },
            (None, Some(since)) if since <= now => TokenStanding::Expired { since },
            (None, Some(_) | None) => TokenStanding::Active,
        }
    }

    /// Whether it may be revoked. An expired one may: nobody has to look first.
    pub fn may_revoke(&self) -> Result<(), Refusal> {
        match self.revoked_at {
            Some(at) => Err(Refusal::TokenAlreadyRevoked { at }),
            None => Ok(()),
        }
    }
}

impl TokenStanding {
    /// The state's name, as commands and the API print it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired { .. } => "expired",
            Self::Revoked { .. } => "revoked",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_by_name_once_each() {
        let scopes = Scopes::parse(["keys:issue", "customers:read", "keys:issue"]).unwrap();
        assert_eq!(scopes.to_string(), "customers:read keys:issue");
        assert!(scopes.allow(Scope::KeysIssue) && !scopes.allow(Scope::KeysRead) && !scopes.allow(Scope::Admin));
        assert_eq!(Scopes::parse(scopes.names()), Ok(scopes));
    }

    #[test]
    fn admin_may_everything() {
        let admin = Scopes::parse(["admin"]).unwrap();
        assert!(Scope::ALL.into_iter().all(|scope| admin.allow(scope)));
    }

    #[test]
    fn a_scope_that_is_not_there_is_refused_with_the_one_that_was_meant() {
        match Scopes::parse(["keys:isue"]) {
            Err(Refusal::ScopeUnknown { meant, .. }) => assert_eq!(meant.as_deref(), Some("keys:issue")),
            other => panic!("{other:?}"),
        }
        assert!(Scopes::parse([]).is_err());
    }

    #[test]
    fn a_token_ends_to_the_millisecond() {
        let at = Timestamp::from_millis;
        let token = Token {
            id: "0".into(),
            name: Name::parse("name", "ci").unwrap(),
            scopes: Scopes::parse(["admin"]).unwrap(),
            created_at: at(0),
            expires_at: Some(at(10)),
            last_used_at: None,
            revoked_at: None,
        };
        assert_eq!(token.standing(at(9)), TokenStanding::Active);
        assert_eq!(token.standing(at(10)), TokenStanding::Expired { since: at(10) });
        let revoked = Token { revoked_at: Some(at(5)), ..token };
        assert_eq!(revoked.standing(at(20)), TokenStanding::Revoked { since: at(5) });
        assert_eq!(revoked.may_revoke(), Err(Refusal::TokenAlreadyRevoked { at: at(5) }));
    }
}
