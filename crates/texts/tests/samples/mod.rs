//! One of everything that there is something to say about.
//!
//! Each list is a chain: the match names, for every variant, the one that comes after it, so that a new variant does not
//! compile until it has its place. Variants whose text depends on their fields have more samples beside the chain.

mod outgoing;
mod requests;

use std::iter::successors;
use std::sync::Arc;

use latchkey_domain::accounts::{Fault, InventoryKind, Remark};
use latchkey_domain::ids::{CustomerId, KeyId, SubscriptionId};
use latchkey_domain::instances::{AddressFault, Holdings, Notice, UidFault};
use latchkey_domain::invitations::{Closed, LastDayFault};
use latchkey_domain::marketplace::{ArchiveFault, SheetFault, SheetMistake};
use latchkey_domain::operators::{PasswordFault, Role};
use latchkey_domain::subscriptions::{Key, KeyEntry, KeyState, Note, Period, Subscription, Succession, Warning};
use latchkey_domain::text::{OfferRef, TextFault};
use latchkey_domain::time::{Date, Timestamp, Zone};
use latchkey_domain::{Failure, MessageFault, Refusal};
use latchkey_key::{Damage, Part, SigningKeyId, WhiteSpaceKind};
use uuid::Uuid;

pub(crate) use outgoing::unanswered_all;
pub(crate) use requests::requests;

pub(crate) fn refusals() -> Vec<Refusal> {
    let damages = damages().into_iter().map(Refusal::KeyDamaged);
    let chain = successors(Some(Refusal::KeyRevoked { at: instant() }), after_refusal);
    let empty = |field| Refusal::TextInvalid { field, fault: TextFault::Empty };
    let faults = successors(Some(TextFault::Empty), after_fault)
        .flat_map(|fault| ["customer", "offer"].map(|field| Refusal::TextInvalid { field, fault }))
        .chain(["reason", "title", "note"].map(empty));
    let offers = || ["free", "basic", "standard", "advanced"].map(str::to_owned).to_vec();
    let others = [
        Refusal::OfferUnknown { reference: "gold".to_owned(), known: offers(), meant: None },
        Refusal::OfferUnknown { reference: "gold".to_owned(), known: vec![], meant: None },
        Refusal::OfferUnknown { reference: "g".repeat(9_000), known: vec!["x".repeat(40); 500], meant: None },
        Refusal::CustomerUnknown { customer: "Zeta\r\n".to_owned(), meant: None },
        Refusal::DaysInvalid { field: "grace days", most: 366 },
        Refusal::ScopeUnknown { given: String::new(), known: vec!["admin".to_owned()], meant: None },
        Refusal::TextInvalid { field: "name", fault: TextFault::Empty },
        Refusal::DaysInvalid { field: "days", most: 3_660 },
        Refusal::KeySuperseded { by: key(), by_issued: date(2026, 11, 22), until: instant(), by_revoked: true },
        Refusal::RoleUnknown { given: "boss".to_owned(), meant: None },
        Refusal::OperatorUnknown { operator: "nobody".to_owned(), meant: None },
        Refusal::ConnectionUnknown { connection: "nowhere".to_owned(), meant: None },
        Refusal::GlpiUnknown { glpi: "other".to_owned(), meant: None },
        Refusal::TextInvalid { field: "email", fault: TextFault::Empty },
    ]
    .into_iter()
    .chain([Refusal::EnrollmentUnknown { key: "Site C".to_owned(), meant: None }])
    .chain([Refusal::PluginUnknown { plugin: "none".to_owned(), meant: None }])
    .chain(archive_faults().into_iter().map(Refusal::ArchiveRefused))
    .chain(message_faults().map(|fault| Refusal::MessageInvalid { fault }))
    .chain(["tag", "agents"].map(empty))
    .chain(
        [PasswordFault::TooLong, PasswordFault::Guessable, PasswordFault::Differs]
            .map(|fault| Refusal::PasswordRefused { fault }),
    );
    damages.chain(chain).chain(faults).chain(others).chain(of_instances()).collect()
}

/// What is said about instances, where it depends on more than its variant.
fn of_instances() -> Vec<Refusal> {
    let others = [
        Refusal::InstanceUnnamed { fault: UidFault::TooShort { len: 39 } },
        Refusal::InstanceUnnamed { fault: UidFault::TooLong { len: 8_192 } },
        Refusal::InstanceUnnamed { fault: UidFault::Character { at: 5 } },
        Refusal::SeatTaken { seats: 2, holder: None, retry_at: None },
        Refusal::MoveLapsed { at: instant(), holder: None },
        Refusal::ReleasesSpent { most: 0, next: None },
        Refusal::PluginNotCovered { plugin: "demo".to_owned(), covered: vec![] },
    ];
    let addresses = successors(Some(AddressFault::Empty), after_address_fault);
    let addresses = addresses.map(|fault| Refusal::AddressInvalid { fault });
    let policy = ["staging limit", "moves per year", "self service releases per year"];
    let policy = policy.map(|field| Refusal::NumberInvalid { field, least: 0, most: 100_000 });
    let terms = ["move window days", "cooling off days", "trial days"];
    let terms = terms.map(|field| Refusal::DaysInvalid { field, most: 366 });
    let plugin = Refusal::TextInvalid { field: "plugin", fault: TextFault::Character { at: 1 } };
    let others = others.into_iter().chain(addresses).chain(policy).chain(terms).chain([plugin]);
    others.collect()
}

/// All but the one that stands in the chain.
fn archive_faults() -> Vec<ArchiveFault> {
    let path = || "demo/../x".to_owned();
    vec![
        ArchiveFault::Damaged,
        ArchiveFault::Empty,
        ArchiveFault::TooLong { most: 1_000 },
        ArchiveFault::Path { path: path() },
        ArchiveFault::Link { path: path() },
        ArchiveFault::Special { path: path() },
        ArchiveFault::Twice { path: path() },
        ArchiveFault::TooMany { most: 20_000 },
        ArchiveFault::TooLarge { most: 1_000 },
        ArchiveFault::Bomb { most: 100 },
        ArchiveFault::Top { found: "README".to_owned() },
        ArchiveFault::Folder { found: "de-mo".to_owned() },
        ArchiveFault::NoSetup { folder: "demo".to_owned() },
        ArchiveFault::OtherPlugin { function: "plugin_version_demo".to_owned() },
        ArchiveFault::NoVersion,
        ArchiveFault::OtherVersion { found: "1.0".to_owned(), wanted: "1.1".to_owned() },
        ArchiveFault::Range { found: "min 11.0, max 10.0".to_owned() },
    ]
}

fn sheet_mistakes() -> Vec<SheetMistake> {
    let element = || "logo".to_owned();
    let faults = [
        SheetFault::NotXml,
        SheetFault::Root,
        SheetFault::Missing { element: "name" },
        SheetFault::Twice { element: element() },
        SheetFault::Text { element: element() },
        SheetFault::Address { element: element() },
        SheetFault::OtherPlugin { found: "other".to_owned() },
        SheetFault::VersionMissing { version: "1.0".to_owned() },
    ];
    (1..).zip(faults).map(|(line, fault)| SheetMistake { line, fault }).collect()
}

/// All but the one that stands in the chain.
fn message_faults() -> impl Iterator<Item = MessageFault> {
    successors(Some(MessageFault::TooLong), |fault| match fault {
        MessageFault::TooLong => Some(MessageFault::Swells),
        MessageFault::Swells => Some(MessageFault::Packing),
        MessageFault::Packing => Some(MessageFault::Action),
        MessageFault::Form | MessageFault::Action => Some(MessageFault::Device),
        MessageFault::Device => Some(MessageFault::Agent),
        MessageFault::Agent => Some(MessageFault::Slow),
        MessageFault::Slow => None,
    })
}

/// The refusals after the first; what is wrong with keys and with texts has chains of its own.
fn after_refusal(refusal: &Refusal) -> Option<Refusal> {
    Some(match refusal {
        Refusal::KeyRevoked { .. } => {
            Refusal::KeySuperseded { by: key(), by_issued: date(2026, 11, 22), until: instant(), by_revoked: false }
        }
        Refusal::KeySuperseded { .. } => Refusal::NotYetBegun { begins: date(2027, 1, 1) },
        Refusal::NotYetBegun { .. } => Refusal::Expired { ended: date(2026, 11, 1) },
        Refusal::Expired { .. } => Refusal::Suspended { since: instant() },
        Refusal::Suspended { .. } => Refusal::Terminated { since: instant() },
        Refusal::Terminated { .. } => Refusal::OfferUnknown {
            reference: "bascic".to_owned(),
            known: ["free", "basic", "standard", "advanced"].map(str::to_owned).to_vec(),
            meant: Some("basic".to_owned()),
        },
        Refusal::OfferUnknown { .. } => {
            Refusal::CustomerUnknown { customer: "Acne".to_owned(), meant: Some("Acme".to_owned()) }
        }
        Refusal::CustomerUnknown { .. } => Refusal::CustomerExists { customer: "Société Générale".to_owned() },
        Refusal::CustomerExists { .. } => {
            Refusal::CustomerErased { customer: CustomerId(Uuid::from_u128(5)), at: instant() }
        }
        Refusal::CustomerErased { .. } => Refusal::SubscriptionUnknown { subscription: "42".to_owned() },
        Refusal::SubscriptionUnknown { .. } => Refusal::KeyUnknown { key: "0198c1de".to_owned() },
        Refusal::KeyUnknown { .. } => Refusal::TermMissing,
        Refusal::TermMissing => Refusal::TermInvalid,
        Refusal::TermInvalid => Refusal::DateInvalid { given: "2026-02-30".to_owned() },
        Refusal::DateInvalid { .. } => {
            Refusal::LastDay(LastDayFault::Over { given: date(2020, 1, 1), today: date(2026, 11, 26) })
        }
        Refusal::LastDay(fault) => match fault {
            LastDayFault::Over { .. } => {
                Refusal::LastDay(LastDayFault::BeforeFirst { given: date(2026, 12, 23), first: date(2026, 12, 24) })
            }
            LastDayFault::BeforeFirst { .. } => {
                Refusal::LastDay(LastDayFault::TooLate { given: date(2999, 1, 1), latest: date(2036, 12, 3) })
            }
            LastDayFault::TooLate { .. } => Refusal::LastDay(LastDayFault::AndDays { given: date(2026, 12, 23) }),
            LastDayFault::AndDays { .. } => Refusal::DaysInvalid { field: "overlap days", most: 366 },
        },
        Refusal::DaysInvalid { .. } => Refusal::AlreadySuspended { since: instant() },
        Refusal::AlreadySuspended { .. } => Refusal::NotSuspended { subscription: SubscriptionId(Uuid::from_u128(3)) },
        Refusal::NotSuspended { .. } => Refusal::AlreadyTerminated { since: instant() },
        Refusal::AlreadyTerminated { .. } => Refusal::KeyAlreadyRevoked { at: instant() },
        Refusal::KeyAlreadyRevoked { .. } => Refusal::KeyAlreadySuperseded { by: key() },
        Refusal::KeyAlreadySuperseded { .. } => Refusal::TokenUnknown { token: "m0820g40m1g7".to_owned() },
        Refusal::TokenUnknown { .. } => Refusal::TokenAlreadyRevoked { at: instant() },
        Refusal::TokenAlreadyRevoked { .. } => Refusal::ScopeUnknown {
            given: "keys:isue".to_owned(),
            known: ["keys:read", "keys:issue"].map(str::to_owned).to_vec(),
            meant: Some("keys:issue".to_owned()),
        },
        Refusal::ScopeUnknown { .. } => Refusal::RoleMissing { has: Role::Support, needs: Role::Owner },
        Refusal::RoleMissing { .. } => {
            Refusal::RoleUnknown { given: "onwer".to_owned(), meant: Some("owner".to_owned()) }
        }
        Refusal::RoleUnknown { .. } => Refusal::OperatorUnknown {
            operator: "vendro@example.org".to_owned(),
            meant: Some("vendor@example.org".to_owned()),
        },
        Refusal::OperatorUnknown { .. } => Refusal::OperatorExists { email: "vendor@example.org".to_owned() },
        Refusal::OperatorExists { .. } => Refusal::OperatorDisabled { since: instant() },
        Refusal::OperatorDisabled { .. } => Refusal::OperatorNotDisabled { email: "vendor@example.org".to_owned() },
        Refusal::OperatorNotDisabled { .. } => Refusal::OwnerExists { email: "vendor@example.org".to_owned() },
        Refusal::OwnerExists { .. } => Refusal::LastOwner,
        Refusal::LastOwner => Refusal::EmailInvalid { given: "vendor".to_owned() },
        Refusal::EmailInvalid { .. } => Refusal::EmailDomainInvalid { given: "b\u{fc}ro.example".to_owned() },
        Refusal::EmailDomainInvalid { .. } => Refusal::PasswordRefused { fault: PasswordFault::TooShort },
        Refusal::PasswordRefused { .. } => Refusal::SignInRefused,
        Refusal::SignInRefused => Refusal::SignInThrottled { seconds: 30 },
        Refusal::SignInThrottled { .. } => Refusal::CodeWrong,
        Refusal::CodeWrong => Refusal::LinkUnusable,
        Refusal::LinkUnusable => Refusal::ChangedMeanwhile { at: instant() },
        Refusal::ChangedMeanwhile { .. } => {
            Refusal::EnrollmentUnknown { key: "Site C".to_owned(), meant: Some("Site A".to_owned()) }
        }
        Refusal::EnrollmentUnknown { .. } => Refusal::EnrollmentExists { name: "Site A".to_owned() },
        Refusal::EnrollmentExists { .. } => Refusal::EnrollmentKeyWrong,
        Refusal::EnrollmentKeyWrong => Refusal::EnrollmentKeyReplaced { until: instant() },
        Refusal::EnrollmentKeyReplaced { .. } => Refusal::EnrollmentRevoked { at: instant() },
        Refusal::EnrollmentRevoked { .. } => Refusal::EnrollmentSuspended { since: instant() },
        Refusal::EnrollmentSuspended { .. } => Refusal::EnrollmentNotSuspended { key: "Site A".to_owned() },
        Refusal::EnrollmentNotSuspended { .. } => Refusal::EnrollmentExpired { since: instant() },
        Refusal::EnrollmentExpired { .. } => Refusal::EnrollmentFull { most: 200 },
        Refusal::EnrollmentFull { .. } => Refusal::EnrollmentNetwork { address: "192.0.2.7".parse().unwrap() },
        Refusal::EnrollmentNetwork { .. } => Refusal::NetworkInvalid { given: "10.0.0.0/33".to_owned() },
        Refusal::NetworkInvalid { .. } => Refusal::SigningKeyUnknown { signing_key: "kjkdtr40-9".to_owned() },
        Refusal::SigningKeyUnknown { .. } => Refusal::KeyExists { key: "01a20286".to_owned() },
        Refusal::KeyExists { .. } => Refusal::RegistrationUnknown { registration: "01a20286".to_owned() },
        Refusal::RegistrationUnknown { .. } => Refusal::AgentUnknown { agent: "front-desk-02".to_owned() },
        Refusal::AgentUnknown { .. } => Refusal::AgentPending { since: instant() },
        Refusal::AgentPending { .. } => Refusal::AgentNotPending { agent: "front-desk-01".to_owned() },
        Refusal::AgentNotPending { .. } => Refusal::AgentQuarantined { since: instant() },
        Refusal::AgentQuarantined { .. } => Refusal::AgentNotQuarantined { agent: "front-desk-01".to_owned() },
        Refusal::AgentNotQuarantined { .. } => Refusal::MessageInvalid { fault: MessageFault::Form },
        Refusal::MessageInvalid { .. } => {
            Refusal::GlpiUnknown { glpi: "pairs".to_owned(), meant: Some("paris".to_owned()) }
        }
        Refusal::GlpiUnknown { .. } => Refusal::QueuedUnknown { message: "42".to_owned() },
        Refusal::QueuedUnknown { .. } => Refusal::InstanceUnnamed { fault: UidFault::Absent },
        Refusal::InstanceUnnamed { .. } => {
            Refusal::SeatTaken { seats: 1, holder: Some("GLPI 7Bi5W7oT".to_owned()), retry_at: Some(instant()) }
        }
        Refusal::SeatTaken { .. } => Refusal::OthersTaken,
        Refusal::OthersTaken => Refusal::SeatMoved { at: instant() },
        Refusal::SeatMoved { .. } => Refusal::MoveLapsed { at: instant(), holder: Some("GLPI 7Bi5W7oT".to_owned()) },
        Refusal::MoveLapsed { .. } => Refusal::MoveRefused { at: instant() },
        Refusal::MoveRefused { .. } => Refusal::InstanceReleased { at: instant() },
        Refusal::InstanceReleased { .. } => Refusal::InstanceUnknown { instance: "7Bi5W7oT".to_owned() },
        Refusal::InstanceUnknown { .. } => {
            let ids = vec!["0198c1de-7a3b-7c4d-8e5f-60718293a4b6".to_owned()];
            Refusal::InstanceAmbiguous { instance: "7Bi5W7oT".to_owned(), ids }
        }
        Refusal::InstanceAmbiguous { .. } => Refusal::NothingToDecide { state: "active" },
        Refusal::NothingToDecide { .. } => Refusal::NothingToRelease { state: "released" },
        Refusal::NothingToRelease { .. } => Refusal::SeatsInUse { taken: 3, seats: 1 },
        Refusal::SeatsInUse { .. } => Refusal::ReleasesSpent { most: 2, next: Some(instant()) },
        Refusal::ReleasesSpent { .. } => Refusal::EnvironmentUnknown { given: "prod".to_owned() },
        Refusal::EnvironmentUnknown { .. } => Refusal::NumberInvalid { field: "seats", least: 1, most: 100_000 },
        Refusal::NumberInvalid { .. } => Refusal::AddressInvalid { fault: AddressFault::Empty },
        Refusal::AddressInvalid { .. } => {
            Refusal::PluginNotCovered { plugin: "demo".to_owned(), covered: vec!["formcreator".to_owned()] }
        }
        Refusal::PluginNotCovered { .. } => Refusal::TrialUnavailable { plugin: "demo".to_owned() },
        Refusal::TrialUnavailable { .. } => Refusal::TrialEnded { at: instant() },
        Refusal::TrialEnded { .. } => Refusal::TrialUnknown { trial: "42".to_owned() },
        Refusal::TrialUnknown { .. } => Refusal::TrialSubscribed { subscription: SubscriptionId(Uuid::from_u128(3)) },
        Refusal::TrialSubscribed { .. } => Refusal::ArchiveRefused(ArchiveFault::NotOne),
        Refusal::ArchiveRefused(_) => Refusal::SheetRefused { mistakes: sheet_mistakes() },
        Refusal::SheetRefused { .. } => {
            Refusal::PluginUnknown { plugin: "feilds".to_owned(), meant: Some("fields".to_owned()) }
        }
        Refusal::PluginUnknown { .. } => {
            Refusal::PluginVersionUnknown { plugin: "fields".to_owned(), version: "9.9".to_owned() }
        }
        Refusal::PluginVersionUnknown { .. } => {
            Refusal::PluginVersionExists { plugin: "fields".to_owned(), version: "1.2.0".to_owned(), at: instant() }
        }
        Refusal::PluginVersionExists { .. } => {
            Refusal::PluginVersionWithdrawn { plugin: "fields".to_owned(), version: "1.2.0".to_owned(), at: instant() }
        }
        Refusal::PluginVersionWithdrawn { .. } => {
            Refusal::PluginNotOpened { plugin: "fields".to_owned(), offers: vec!["basic".into(), "gold".into()] }
        }
        Refusal::PluginNotOpened { .. } => Refusal::ChannelUnknown { given: "beta".to_owned() },
        Refusal::ChannelUnknown { .. } => {
            Refusal::ConnectionUnknown { connection: "mian".to_owned(), meant: Some("main".to_owned()) }
        }
        Refusal::ConnectionUnknown { .. } => {
            Refusal::ConnectionNotNamed { names: vec!["main".to_owned(), "branch".to_owned()] }
        }
        Refusal::ConnectionNotNamed { .. } => Refusal::ConnectionExists { connection: "main".to_owned() },
        Refusal::ConnectionExists { .. } => Refusal::InventoryCredentialMixed { kind: InventoryKind::None },
        Refusal::InventoryCredentialMixed { kind: InventoryKind::None } => {
            Refusal::InventoryCredentialMixed { kind: InventoryKind::Basic }
        }
        Refusal::InventoryCredentialMixed { kind: InventoryKind::Basic } => {
            Refusal::InventoryCredentialMixed { kind: InventoryKind::Client }
        }
        Refusal::InventoryCredentialMixed { kind: InventoryKind::Client } => {
            Refusal::InvitationUnknown { invitation: "Slaes".to_owned(), meant: Some("Sales".to_owned()) }
        }
        Refusal::InvitationUnknown { .. } => Refusal::InvitationAmbiguous {
            invitation: "Sales".to_owned(),
            ids: vec!["m0820g40m1g7".to_owned(), "x1n0vwkazjhp".to_owned()],
        },
        Refusal::InvitationAmbiguous { .. } => Refusal::InvitationClosed(Closed::Revoked { at: instant() }),
        Refusal::InvitationClosed(closed) => match closed {
            Closed::Revoked { .. } => Refusal::InvitationClosed(Closed::Suspended { since: instant() }),
            Closed::Suspended { .. } => Refusal::InvitationClosed(Closed::NotBegun { begins_at: instant() }),
            Closed::NotBegun { .. } => Refusal::InvitationClosed(Closed::Expired { ended_at: instant() }),
            Closed::Expired { .. } => Refusal::InvitationClosed(Closed::UsedUp { limit: 1 }),
            Closed::UsedUp { .. } => Refusal::InvitationNotSuspended { invitation: "m0820g40m1g7".to_owned() },
        },
        Refusal::InvitationNotSuspended { .. } => Refusal::LoginTaken,
        Refusal::LoginTaken => {
            Refusal::GlpiRightMissing { remark: Remark::CannotReadUsers, profile: "Hotliner".to_owned() }
        }
        Refusal::GlpiRightMissing { remark: Remark::CannotReadUsers, .. } => {
            Refusal::GlpiRightMissing { remark: Remark::CannotCreateUsers, profile: "Hotliner".to_owned() }
        }
        Refusal::GlpiRightMissing { .. } => Refusal::GlpiUnusable(Box::new(Fault::NotGlpi { status: 404 })),
        Refusal::GlpiUnusable(fault) => Refusal::GlpiUnusable(Box::new(match fault.as_ref() {
            Fault::NotGlpi { .. } => Fault::ApiOff,
            Fault::ApiOff => Fault::AddressNotAllowed,
            Fault::AddressNotAllowed => Fault::AppToken,
            Fault::AppToken => Fault::LoginWrong,
            Fault::LoginWrong => Fault::NoLogins,
            Fault::NoLogins => Fault::SessionOver,
            Fault::SessionOver => Fault::Refused { code: "ERROR_RIGHT_MISSING".to_owned() },
            Fault::Refused { .. } => Fault::Broken { status: 500 },
            // Those that did not answer have samples of their own.
            Fault::Broken { .. } | Fault::Unanswered(_) => return None,
        })),
        Refusal::KeyDamaged(_) | Refusal::TextInvalid { .. } => return None,
    })
}

fn after_address_fault(fault: &AddressFault) -> Option<AddressFault> {
    Some(match fault {
        AddressFault::Empty => AddressFault::TooLong { most: 2_000 },
        AddressFault::TooLong { .. } => AddressFault::Scheme,
        AddressFault::Scheme => AddressFault::Credentials,
        AddressFault::Credentials => AddressFault::Host,
        AddressFault::Host => AddressFault::Port,
        AddressFault::Port => AddressFault::Character,
        AddressFault::Character => return None,
    })
}

/// Each notice there is something to say about.
pub(crate) fn notices() -> Vec<Notice> {
    let name = || "GLPI 7Bi5W7oT".to_owned();
    let arriving = |holder_asks| Notice::Arriving { holder: name(), until: instant(), holder_asks };
    let after = |notice: &Notice| match notice {
        Notice::None => Some(arriving(false)),
        Notice::Arriving { .. } => Some(Notice::Leaving { newcomer: name(), since: instant(), until: instant() }),
        Notice::Leaving { .. } => None,
    };
    successors(Some(Notice::None), after).skip(1).chain([arriving(true)]).collect()
}

fn after_fault(fault: &TextFault) -> Option<TextFault> {
    Some(match fault {
        TextFault::Empty => TextFault::TooLong { most: 200 },
        TextFault::TooLong { .. } => TextFault::Control { at: 3 },
        TextFault::Control { .. } => TextFault::Character { at: 1 },
        TextFault::Character { .. } => return None,
    })
}

fn damages() -> Vec<Damage> {
    let white_space = |kind, whole_without| Damage::WhiteSpace { after: 76, kind, whole_without };
    let kinds = successors(Some(WhiteSpaceKind::LineBreak), |kind| {
        Some(match kind {
            WhiteSpaceKind::LineBreak => WhiteSpaceKind::Space,
            WhiteSpaceKind::Space => WhiteSpaceKind::Tab,
            WhiteSpaceKind::Tab => WhiteSpaceKind::Other,
            WhiteSpaceKind::Other => return None,
        })
    });
    let parts = successors(Some(Part::Encoding), |part| {
        Some(match part {
            Part::Encoding => Part::Layout,
            Part::Layout => Part::Version,
            Part::Version => Part::SigningKey,
            Part::SigningKey => Part::KeyId,
            Part::KeyId => Part::IssueDate,
            Part::IssueDate => Part::Signature,
            Part::Signature => return None,
        })
    });
    successors(Some(Damage::Missing), after_damage)
        .chain(kinds.map(|kind| white_space(kind, true)))
        .chain([white_space(WhiteSpaceKind::LineBreak, false)])
        .chain([0xC3, 0].map(|byte| Damage::WrongAlphabet { at: 12, byte }))
        .chain(parts.map(|part| Damage::Altered { part }))
        .collect()
}

fn after_damage(damage: &Damage) -> Option<Damage> {
    Some(match damage {
        Damage::Missing => Damage::TooLong { len: 8_192 },
        Damage::TooLong { .. } => {
            Damage::WhiteSpace { after: 76, kind: WhiteSpaceKind::LineBreak, whole_without: true }
        }
        Damage::WhiteSpace { .. } => Damage::WrongAlphabet { at: 12, byte: b'*' },
        Damage::WrongAlphabet { .. } => Damage::Truncated { after: 143 },
        Damage::Truncated { .. } => Damage::BeginningMissing,
        Damage::BeginningMissing => Damage::Trailing { after: 248 },
        Damage::Trailing { .. } => Damage::Altered { part: Part::Encoding },
        Damage::Altered { .. } => Damage::UnknownFormat { version: 2 },
        Damage::UnknownFormat { .. } => Damage::ForeignFormat,
        Damage::ForeignFormat => Damage::NotAKey,
        Damage::NotAKey => Damage::UnknownPublisher { signing_key: signing_key() },
        Damage::UnknownPublisher { .. } => Damage::UnknownSigningKey { signing_key: signing_key() },
        Damage::UnknownSigningKey { .. } => Damage::Forged,
        Damage::Forged => return None,
    })
}

pub(crate) fn failures() -> Vec<Failure> {
    let after = |failure: &Failure| {
        Some(match failure {
            Failure::StoreAway => Failure::KeyAbsent { key: key() },
            Failure::KeyAbsent { .. } => Failure::ClockSuspect,
            Failure::ClockSuspect => Failure::Sealed,
            Failure::Sealed => Failure::Overloaded,
            Failure::Overloaded => Failure::RestartNeeded,
            Failure::RestartNeeded => Failure::StorageAway,
            Failure::StorageAway => Failure::Internal,
            Failure::Internal => return None,
        })
    };
    successors(Some(Failure::StoreAway), after).collect()
}

pub(crate) fn warnings() -> Vec<Warning> {
    let after = |warning: &Warning| match warning {
        Warning::EndsSoon { .. } => Some(Warning::InGrace { ended: date(2026, 11, 1), until: date(2026, 11, 15) }),
        Warning::InGrace { .. } => None,
    };
    successors(Some(Warning::EndsSoon { ends: date(2026, 12, 24) }), after).collect()
}

pub(crate) fn succession() -> Succession {
    Succession { by: key(), by_issued: date(2026, 11, 22), until: instant(), by_revoked: false }
}

pub(crate) fn notes() -> Vec<Note> {
    let other = SubscriptionId(Uuid::from_u128(4));
    let after = |note: &Note| {
        Some(match note {
            Note::SecondSubscription { .. } => Note::BeganBefore { begins: date(2026, 11, 1) },
            Note::BeganBefore { .. } => Note::OverAlready { ended: date(2026, 11, 1), until: None },
            Note::OverAlready { .. } => return None,
        })
    };
    let grace = Note::OverAlready { ended: date(2026, 11, 1), until: Some(date(2026, 11, 15)) };
    successors(Some(Note::SecondSubscription { other, ends: date(2026, 12, 24) }), after).chain([grace]).collect()
}

/// A key of a subscription from 2026-03-01 to 2027-02-28.
pub(crate) fn entry() -> KeyEntry {
    let subscription = SubscriptionId(Uuid::from_u128(3));
    KeyEntry {
        key: Key {
            id: key(),
            subscription,
            signing_key: signing_key(),
            issued: date(2026, 3, 1),
            state: KeyState::Active,
        },
        subscription: Subscription {
            id: subscription,
            customer: CustomerId(Uuid::from_u128(2)),
            offer: OfferRef::parse("basic").unwrap(),
            period: Period::new(date(2026, 3, 1), date(2027, 2, 28), 14, &Zone::utc()).unwrap(),
            seats: 1,
            suspended_at: None,
            terminated_at: None,
        },
        owner: Arc::from("Acme"),
        holdings: Holdings::default(),
    }
}

/// 2026-12-06T13:32:59Z.
pub(crate) fn instant() -> Timestamp {
    Timestamp::from_millis(1_796_563_979_000)
}

pub(crate) fn date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap()
}

fn key() -> KeyId {
    "0198c1de-7a3b-7c4d-8e5f-60718293a4b5".parse().unwrap()
}

fn signing_key() -> SigningKeyId {
    "7k2m9xqd-1".parse().unwrap()
}
