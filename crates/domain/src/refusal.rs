//! Every reason why something is not done, once.
//!
//! A [`Refusal`] is the caller's to mend: the key, the dates, the request. A [`Failure`](crate::Failure) is ours. The two never mix: a
//! failure dressed up as a verdict would be believed by a GLPI for a day.
//!
//! Codes are stable: scripts match on them. Words for people are written elsewhere, from these values.

mod code;
mod message;

use core::net::IpAddr;

use latchkey_key::Damage;
pub use message::MessageFault;

use crate::accounts::{Fault, InventoryKind, Remark};
use crate::ids::{CustomerId, KeyId, SubscriptionId};
use crate::instances::{AddressFault, UidFault};
use crate::invitations::{Closed, LastDayFault};
use crate::marketplace::{ArchiveFault, SheetMistake};
use crate::operators::{PasswordFault, Role};
use crate::text::TextFault;
use crate::time::{Date, Timestamp};

/// Something that is not done, or not granted, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The text that was presented is not one of our keys, whole and true.
    KeyDamaged(Damage),
    /// The key was withdrawn.
    KeyRevoked {
        /// Since when.
        at: Timestamp,
    },
    /// Another key has taken its place, and the time in which both worked is over.
    KeySuperseded {
        /// The key to use.
        by: KeyId,
        /// The day on which that one was issued.
        by_issued: Date,
        /// The instant from which this one no longer worked.
        until: Timestamp,
        /// Whether the key that took its place was withdrawn since.
        by_revoked: bool,
    },
    /// The subscription begins on a later day.
    NotYetBegun {
        /// Its first day.
        begins: Date,
    },
    /// The subscription, and its grace period, are over.
    Expired {
        /// Its last day, inclusive.
        ended: Date,
    },
    /// The vendor has suspended the subscription.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// The vendor has ended the subscription for good.
    Terminated {
        /// Since when.
        since: Timestamp,
    },

    /// A text that was typed is not acceptable.
    TextInvalid {
        /// Which one.
        field: &'static str,
        /// What is wrong with it.
        fault: TextFault,
    },
    /// No offer has this reference.
    OfferUnknown {
        /// What was asked for.
        reference: String,
        /// All there are, in order.
        known: Vec<String>,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// No customer has this name or id.
    CustomerUnknown {
        /// What was asked for.
        customer: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// A customer of this name is there already.
    CustomerExists {
        /// Its name.
        customer: String,
    },
    /// The customer was erased: its name is gone for good, and nothing more is sold to it.
    CustomerErased {
        /// Which one.
        customer: CustomerId,
        /// Since when.
        at: Timestamp,
    },
    /// No subscription has this id.
    SubscriptionUnknown {
        /// What was asked for.
        subscription: String,
    },
    /// No key has this id.
    KeyUnknown {
        /// What was asked for.
        key: String,
    },
    /// A key needs a subscription, and none that is there fits: how long a new one lasts was not said.
    TermMissing,
    /// A term is too short, too long, or runs out of the calendar.
    TermInvalid,
    /// A date is not one, or lies outside what this operation takes.
    DateInvalid {
        /// As it was typed.
        given: String,
    },
    /// A day cannot be the last one of an invitation.
    LastDay(LastDayFault),
    /// A number of days is larger than allowed.
    DaysInvalid {
        /// Which number.
        field: &'static str,
        /// The most that is allowed.
        most: u32,
    },
    /// Only a subscription that is not suspended can be.
    AlreadySuspended {
        /// Since when it is.
        since: Timestamp,
    },
    /// Only a suspended subscription can be resumed.
    NotSuspended {
        /// Which one.
        subscription: SubscriptionId,
    },
    /// Nothing can be done any more with a subscription that was terminated.
    AlreadyTerminated {
        /// Since when it is.
        since: Timestamp,
    },
    /// A key is revoked once.
    KeyAlreadyRevoked {
        /// Since when it is.
        at: Timestamp,
    },
    /// A key is re-issued once; the one that took its place can be re-issued in turn.
    KeyAlreadySuperseded {
        /// The key that took its place.
        by: KeyId,
    },
    /// No API token has this id.
    TokenUnknown {
        /// What was asked for.
        token: String,
    },
    /// An API token is revoked once.
    TokenAlreadyRevoked {
        /// Since when it is.
        at: Timestamp,
    },
    /// No scope of an API token has this name.
    ScopeUnknown {
        /// What was asked for; empty where no scope was named at all.
        given: String,
        /// All there are, in order.
        known: Vec<String>,
        /// The one that was probably meant.
        meant: Option<String>,
    },

    /// The role of an operator is not enough for this.
    RoleMissing {
        /// The one that it has.
        has: Role,
        /// The least that is needed.
        needs: Role,
    },
    /// No role has this name.
    RoleUnknown {
        /// What was asked for.
        given: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// No operator has this address or id.
    OperatorUnknown {
        /// What was asked for.
        operator: String,
        /// The address that was probably meant.
        meant: Option<String>,
    },
    /// An operator of this address is there already.
    OperatorExists {
        /// The address.
        email: String,
    },
    /// The operator may not sign in any more.
    OperatorDisabled {
        /// Since when.
        since: Timestamp,
    },
    /// Only an operator that is disabled can be enabled.
    OperatorNotDisabled {
        /// Which one.
        email: String,
    },
    /// There is an owner who can sign in, so that no setup link is needed.
    OwnerExists {
        /// Its address.
        email: String,
    },
    /// Without this one nobody could manage operators any more.
    LastOwner,
    /// A text is not an address of e-mail.
    EmailInvalid {
        /// As it was typed.
        given: String,
    },
    /// A text is not a domain that an address of e-mail can have.
    EmailDomainInvalid {
        /// As it was typed.
        given: String,
    },
    /// A password cannot be chosen.
    PasswordRefused {
        /// Why not.
        fault: PasswordFault,
    },
    /// The address, the password, or both are wrong; which one is not said.
    SignInRefused,
    /// Too many wrong passwords or codes came for this account, or from this address.
    SignInThrottled {
        /// For how many seconds nothing is looked at.
        seconds: u64,
    },
    /// The code is not the one that the authenticator shows now, was used already, or is no recovery code that is left.
    CodeWrong,
    /// A setup link is not one of ours, was used, or is too old.
    LinkUnusable,
    /// No connection to a GLPI has this name or id.
    ConnectionUnknown {
        /// What was asked for.
        connection: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// There are several connections to GLPIs, and nobody said which one is meant.
    ConnectionNotNamed {
        /// What they are called.
        names: Vec<String>,
    },
    /// A connection to a GLPI of this name is there already.
    ConnectionExists {
        /// Its name.
        connection: String,
    },
    /// A GLPI is to be shown one thing for inventories, and something that belongs to another was given.
    InventoryCredentialMixed {
        /// What it was to be shown.
        kind: InventoryKind,
    },
    /// A GLPI cannot be used as it was asked, and why.
    GlpiUnusable(Box<Fault>),
    /// The account with which a GLPI is asked lacks a right without which no account can be made there.
    GlpiRightMissing {
        /// Which one.
        remark: Remark,
        /// Its profile there.
        profile: String,
    },
    /// No invitation has this id or name.
    InvitationUnknown {
        /// What was asked for.
        invitation: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// Several invitations have this name.
    InvitationAmbiguous {
        /// What was asked for.
        invitation: String,
        /// Two of their ids.
        ids: Vec<String>,
    },
    /// The invitation cannot be used, or not be changed so.
    InvitationClosed(Closed),
    /// Only a suspended invitation can be resumed.
    InvitationNotSuspended {
        /// Which one.
        invitation: String,
    },
    /// Somebody has this login, or asked for it a moment before.
    LoginTaken,
    /// What a form was about has changed since it was shown.
    ChangedMeanwhile {
        /// When it did.
        at: Timestamp,
    },

    /// No enrollment key has this id or name.
    EnrollmentUnknown {
        /// What was asked for.
        key: String,
        /// The name that was probably meant.
        meant: Option<String>,
    },
    /// An enrollment key of this name is there already.
    EnrollmentExists {
        /// The name.
        name: String,
    },
    /// The text that came is no enrollment key of this installation, be it cut, mistyped or made up.
    EnrollmentKeyWrong,
    /// The secret of an enrollment key was replaced, and the time in which both counted is over.
    EnrollmentKeyReplaced {
        /// Since when it does not count.
        until: Timestamp,
    },
    /// The enrollment key was withdrawn for good.
    EnrollmentRevoked {
        /// Since when.
        at: Timestamp,
    },
    /// The enrollment key lets nobody in until it is resumed.
    EnrollmentSuspended {
        /// Since when.
        since: Timestamp,
    },
    /// Only an enrollment key that is suspended can be resumed.
    EnrollmentNotSuspended {
        /// Which one.
        key: String,
    },
    /// The time of the enrollment key is over.
    EnrollmentExpired {
        /// Since when.
        since: Timestamp,
    },
    /// As many agents came with the enrollment key as it lets in.
    EnrollmentFull {
        /// How many that is.
        most: u32,
    },
    /// The enrollment key does not count where the machine is.
    EnrollmentNetwork {
        /// Where it is.
        address: IpAddr,
    },
    /// A text is no range of addresses.
    NetworkInvalid {
        /// As it was typed.
        given: String,
    },
    /// No signing key of this installation has this id.
    SigningKeyUnknown {
        /// What was asked for.
        signing_key: String,
    },
    /// A key of this id is there, and is another one.
    KeyExists {
        /// Its id.
        key: String,
    },
    /// No registration has this id.
    RegistrationUnknown {
        /// What was asked for.
        registration: String,
    },
    /// No agent has this id or device.
    AgentUnknown {
        /// What was asked for.
        agent: String,
    },
    /// The agent waits for a person to approve it.
    AgentPending {
        /// Since when.
        since: Timestamp,
    },
    /// Only an agent that waits can be approved.
    AgentNotPending {
        /// Which one.
        agent: String,
    },
    /// The agent was shut out.
    AgentQuarantined {
        /// Since when.
        since: Timestamp,
    },
    /// Only an agent that was shut out can be let in again.
    AgentNotQuarantined {
        /// Which one.
        agent: String,
    },
    /// What came to the gateway is no message of an agent.
    MessageInvalid {
        /// What is wrong with it.
        fault: MessageFault,
    },
    /// No GLPI is known by this name, so nothing can go there.
    GlpiUnknown {
        /// The name.
        glpi: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// No message that waits for GLPI has this number.
    QueuedUnknown {
        /// What was asked for.
        message: String,
    },
    /// Whoever asks does not say which instance it is, or not in a way that any GLPI does.
    InstanceUnnamed {
        /// What is wrong with its UID.
        fault: UidFault,
    },
    /// All seats of the subscription are taken.
    SeatTaken {
        /// How many there are.
        seats: u32,
        /// One that holds a seat, so that people can find it.
        holder: Option<String>,
        /// When it may be worth to ask again, if nobody acts before.
        retry_at: Option<Timestamp>,
    },
    /// There are as many instances for staging and development as there may be.
    OthersTaken,
    /// The seat of this instance has moved to another.
    SeatMoved {
        /// Since when.
        at: Timestamp,
    },
    /// The time for a move is over, and the seat has not moved: the old instance was still in use.
    MoveLapsed {
        /// Since when.
        at: Timestamp,
        /// Which one has kept the seat.
        holder: Option<String>,
    },
    /// A person has said no to this instance.
    MoveRefused {
        /// Since when.
        at: Timestamp,
    },
    /// The seat of this instance was released.
    InstanceReleased {
        /// Since when.
        at: Timestamp,
    },
    /// No instance has this id or UID.
    InstanceUnknown {
        /// What was asked for.
        instance: String,
    },
    /// Several subscriptions know this UID.
    InstanceAmbiguous {
        /// What was asked for.
        instance: String,
        /// The ids to choose from.
        ids: Vec<String>,
    },
    /// An instance in this state does not wait for anybody's word.
    NothingToDecide {
        /// Its state.
        state: &'static str,
    },
    /// An instance in this state has nothing that could be released.
    NothingToRelease {
        /// Its state.
        state: &'static str,
    },
    /// More seats are held than there would be.
    SeatsInUse {
        /// How many are held.
        taken: u32,
        /// How many were asked for.
        seats: u32,
    },
    /// Seats may not be given back without a person so often, or not at all.
    ReleasesSpent {
        /// How often in a year.
        most: u32,
        /// When it may be done again, if ever.
        next: Option<Timestamp>,
    },
    /// No environment has this name.
    EnvironmentUnknown {
        /// What was asked for.
        given: String,
    },
    /// A number is smaller or larger than allowed.
    NumberInvalid {
        /// Which number.
        field: &'static str,
        /// The least that is allowed.
        least: u32,
        /// The most that is allowed.
        most: u32,
    },
    /// The address of a site is none.
    AddressInvalid {
        /// What is wrong with it.
        fault: AddressFault,
    },
    /// The subscription does not open this plugin.
    PluginNotCovered {
        /// Which one.
        plugin: String,
        /// Those that it opens.
        covered: Vec<String>,
    },
    /// No offer lets this plugin be tried.
    TrialUnavailable {
        /// Which one.
        plugin: String,
    },
    /// The trial is over; it is not begun again.
    TrialEnded {
        /// Since when.
        at: Timestamp,
    },
    /// No trial has this id.
    TrialUnknown {
        /// What was asked for.
        trial: String,
    },
    /// The trial was turned into a subscription already.
    TrialSubscribed {
        /// Which one.
        subscription: SubscriptionId,
    },

    /// An archive is not published.
    ArchiveRefused(ArchiveFault),
    /// A plugin's sheet has mistakes.
    SheetRefused {
        /// All that were found, by line; at least one.
        mistakes: Vec<SheetMistake>,
    },
    /// No plugin has this key.
    PluginUnknown {
        /// What was asked for.
        plugin: String,
        /// The one that was probably meant.
        meant: Option<String>,
    },
    /// A plugin has no such version.
    PluginVersionUnknown {
        /// Which plugin.
        plugin: String,
        /// What was asked for.
        version: String,
    },
    /// This version was published already: what somebody has downloaded is never another thing under the same name.
    PluginVersionExists {
        /// Which plugin.
        plugin: String,
        /// Which version.
        version: String,
        /// When.
        at: Timestamp,
    },
    /// A version was withdrawn: nobody gets it.
    PluginVersionWithdrawn {
        /// Which plugin.
        plugin: String,
        /// Which version.
        version: String,
        /// When.
        at: Timestamp,
    },
    /// The key does not open this plugin.
    PluginNotOpened {
        /// Which plugin.
        plugin: String,
        /// The offers of which one is needed.
        offers: Vec<String>,
    },
    /// No channel has this name.
    ChannelUnknown {
        /// What was asked for.
        given: String,
    },
}
