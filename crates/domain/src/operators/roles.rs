//! Roles, and the one table of what each may do.
//!
//! The invariant: **every deed names the least role that may do it, and nothing else decides.** A page asks before it shows
//! a form, and again before it does what the form says; a deed that is added does not compile until it stands in the
//! table.

use core::fmt;

use crate::Refusal;
use crate::text::nearest;

/// What an operator is there for. Each may do what the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Looks at everything, changes nothing.
    Auditor,
    /// Helps customers with what they have: shows a key again, re-issues it, decides about instances, extends trials.
    Support,
    /// Sells: customers, keys, subscriptions, offers.
    Manager,
    /// Runs the installation: operators, API tokens, signing keys; erases people's data.
    Owner,
}

/// Something that an operator does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Look at pages and lists, and take them as CSV.
    Look,
    /// Show a key's text again.
    RevealKey,
    /// Give a key's holder another one in its place.
    ReissueKey,
    /// Say what an instance is for, approve, refuse or release it.
    DecideInstance,
    /// Let a trial go on for longer.
    ExtendTrial,
    /// Add a customer.
    AddCustomer,
    /// Issue a key.
    IssueKey,
    /// Take a key's right away.
    RevokeKey,
    /// Lengthen a subscription.
    RenewSubscription,
    /// Halt a subscription.
    SuspendSubscription,
    /// Let a halted subscription go on.
    ResumeSubscription,
    /// End a subscription for good.
    TerminateSubscription,
    /// Say how many seats a subscription has.
    SetSeats,
    /// Take in customers and subscriptions that were sold elsewhere.
    ImportSales,
    /// Make and change offers.
    EditOffer,
    /// Erase a customer, somebody who registered or an agent for good.
    Erase,
    /// Say for how long people's data is kept.
    SetTerms,
    /// Rotate the signing key.
    RotateSigningKey,
    /// Create and revoke API tokens.
    ManageTokens,
    /// Add operators, change their roles, disable and reset them.
    ManageOperators,
    /// Make, suspend, resume, revoke and rotate enrollment keys.
    ManageEnrollment,
    /// Approve agents, shut them out, let them in again.
    ManageAgents,
    /// Make, suspend, resume and revoke invitations.
    ManageInvitations,
    /// Connect GLPIs in which accounts are made, and forget them.
    ManageConnections,
    /// Have messages for a GLPI tried again, or take them away.
    ManageQueue,
    /// Publish and withdraw versions of plugins, put subscriptions on a channel.
    ManagePlugins,
    /// Take everything away as one file.
    TakeBackup,
}

impl Deed {
    /// All there are.
    pub const ALL: [Self; 27] = [
        Self::Look,
        Self::RevealKey,
        Self::ReissueKey,
        Self::DecideInstance,
        Self::ExtendTrial,
        Self::AddCustomer,
        Self::IssueKey,
        Self::RevokeKey,
        Self::RenewSubscription,
        Self::SuspendSubscription,
        Self::ResumeSubscription,
        Self::TerminateSubscription,
        Self::SetSeats,
        Self::ImportSales,
        Self::EditOffer,
        Self::Erase,
        Self::SetTerms,
        Self::RotateSigningKey,
        Self::ManageTokens,
        Self::ManageOperators,
        Self::ManageEnrollment,
        Self::ManageAgents,
        Self::ManageInvitations,
        Self::ManageConnections,
        Self::ManageQueue,
        Self::ManagePlugins,
        Self::TakeBackup,
    ];

    /// The least role that may do it.
    pub const fn needs(self) -> Role {
        match self {
            Self::Look => Role::Auditor,
            Self::RevealKey | Self::ReissueKey | Self::DecideInstance | Self::ExtendTrial => Role::Support,
            Self::AddCustomer
            | Self::IssueKey
            | Self::RevokeKey
            | Self::RenewSubscription
            | Self::SuspendSubscription
            | Self::ResumeSubscription
            | Self::TerminateSubscription
            | Self::SetSeats
            | Self::ImportSales
            | Self::EditOffer
            | Self::ManageEnrollment
            | Self::ManageAgents
            | Self::ManageInvitations
            | Self::ManageQueue
            | Self::ManagePlugins => Role::Manager,
            Self::Erase
            | Self::SetTerms
            | Self::RotateSigningKey
            | Self::ManageTokens
            | Self::ManageOperators
            | Self::ManageConnections
            | Self::TakeBackup => Role::Owner,
        }
    }
}

impl Role {
    /// All there are, the one that may do most first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Manager, Self::Support, Self::Auditor];

    /// Its name, as people type it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Support => "support",
            Self::Auditor => "auditor",
        }
    }

    /// Reads a role by its name.
    pub fn parse(name: &str) -> Result<Self, Refusal> {
        let name = name.trim().to_lowercase();
        Self::ALL.into_iter().find(|role| role.name() == name).ok_or_else(|| Refusal::RoleUnknown {
            meant: nearest(&name, Self::ALL.into_iter().map(Self::name)).map(str::to_owned),
            given: name,
        })
    }

    /// Whether it may do this.
    pub fn may(self, deed: Deed) -> bool {
        self >= deed.needs()
    }

    /// Refuses what it may not do.
    pub fn allow(self, deed: Deed) -> Result<(), Refusal> {
        if self.may(deed) { Ok(()) } else { Err(Refusal::RoleMissing { has: self, needs: deed.needs() }) }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole matrix, written out by hand: what changes here is decided, not slipped in.
    #[test]
    fn each_role_may_do_just_this() {
        let may = |role: Role| Deed::ALL.into_iter().filter(|deed| role.may(*deed)).count();
        assert_eq!(Role::ALL.map(may), [27, 20, 5, 1]);
        assert!(Deed::ALL.into_iter().filter(|deed| Role::Auditor.may(*deed)).eq([Deed::Look]));
        assert!(Deed::ALL.into_iter().filter(|deed| Role::Support.may(*deed)).eq([
            Deed::Look,
            Deed::RevealKey,
            Deed::ReissueKey,
            Deed::DecideInstance,
            Deed::ExtendTrial
        ]));
        for owners in [Deed::Erase, Deed::SetTerms, Deed::RotateSigningKey, Deed::ManageTokens, Deed::ManageOperators] {
            assert!(!Role::Manager.may(owners) && Role::Owner.may(owners), "{owners:?}");
            let missing = Refusal::RoleMissing { has: Role::Support, needs: Role::Owner };
            assert_eq!(Role::Support.allow(owners), Err(missing));
        }
    }

    #[test]
    fn a_role_is_read_by_its_name() {
        for role in Role::ALL {
            assert_eq!(Role::parse(&role.name().to_uppercase()), Ok(role));
        }
        let meant = |name| match Role::parse(name) {
            Err(Refusal::RoleUnknown { meant, .. }) => meant,
            other => panic!("{other:?}"),
        };
        assert_eq!(meant("onwer").as_deref(), Some("owner"));
        assert_eq!(meant("x"), None);
    }
}
