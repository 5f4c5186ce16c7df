//! Which values the text of each outcome shows. Not the texts: those are in the locale files, under the outcome's code.
//!
//! Every match is exhaustive down to the fields, so that a variant or a field that is added has to be thought of here.

mod accounts;
mod marketplace;
mod outgoing;

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::tz::{Offset, TimeZone};
use latchkey_domain::instances::{AddressFault, Notice, UidFault};
use latchkey_domain::invitations::Closed;
use latchkey_domain::operators::{LONGEST_PASSWORD, PasswordFault, SHORTEST_PASSWORD};
use latchkey_domain::request::{JsonFault, Kind, NoToken, RequestFault, ValueFault};
use latchkey_domain::subscriptions::{Note, Period, Succession, Warning};
use latchkey_domain::text::TextFault;
use latchkey_domain::time::{Timestamp, Written, Zone};
use latchkey_domain::{Failure, MessageFault, Refusal};
use latchkey_key::{Damage, Part, WhiteSpaceKind};

use crate::{Language, catalogue};
pub(crate) use accounts::remark;
pub(crate) use marketplace::{ARCHIVE, PLUGIN_WITHDRAWN, plugin_withdrawn, range};
use marketplace::{archive, mistakes};
pub(crate) use outgoing::unanswered;

/// The stable code of an overlap, as the verdict has it.
pub(crate) const OVERLAP: &str = "KEY_OVERLAP";

/// The most characters of what somebody typed that are shown again.
const MOST_QUOTED: usize = 60;
/// The most characters of a path, and of a method, that are shown again.
const LONGEST_PATH: usize = 200;
const LONGEST_METHOD: usize = 20;
/// A list of references stops before it is longer than this, in bytes.
const LONGEST_LIST: usize = 300;

pub(crate) fn refusal(refusal: &Refusal, language: Language, zone: &Zone) -> FluentArgs<'static> {
    let day = |at: &Timestamp| zone.date_of(*at).to_string();
    match refusal {
        Refusal::KeyDamaged(damage) => self::damage(damage),
        Refusal::KeyRevoked { at } | Refusal::KeyAlreadyRevoked { at } => args([("date", day(at))]),
        Refusal::KeySuperseded { by, by_issued, until, by_revoked } => args([
            ("key", by.to_string()),
            ("issued", by_issued.to_string()),
            ("date", day(until)),
            ("new", new_key(*by_revoked)),
        ]),
        Refusal::NotYetBegun { begins } => args([("begins", begins.to_string())]),
        Refusal::Expired { ended } => args([("ended", ended.to_string())]),
        Refusal::Suspended { since }
        | Refusal::Terminated { since }
        | Refusal::AlreadySuspended { since }
        | Refusal::AlreadyTerminated { since } => args([("date", day(since))]),
        Refusal::TextInvalid { field, fault } => text_invalid(field, *fault, language),
        Refusal::OfferUnknown { reference, known, meant } => offer_unknown(reference, known, meant.as_deref()),
        Refusal::CustomerUnknown { customer, meant } => perhaps("customer", customer, meant.as_deref()),
        Refusal::CustomerExists { customer } => args([("customer", quoted(customer))]),
        Refusal::CustomerErased { customer, at } => args([("customer", customer.to_string()), ("date", day(at))]),
        Refusal::SubscriptionUnknown { subscription } => args([("subscription", quoted(subscription))]),
        Refusal::SigningKeyUnknown { signing_key } => args([("key", quoted(signing_key))]),
        Refusal::KeyUnknown { key } | Refusal::KeyExists { key } => args([("key", quoted(key))]),
        Refusal::TermMissing | Refusal::TermInvalid | Refusal::LoginTaken | Refusal::EnrollmentKeyWrong => {
            FluentArgs::new()
        }
        Refusal::DateInvalid { given } => args([("given", quoted(given))]),
        Refusal::LastDay(fault) => accounts::last_day(*fault),
        Refusal::DaysInvalid { field, most } => {
            args([("field", field_name(field, language)), ("most", most.to_string())])
        }
        Refusal::NotSuspended { subscription } => args([("subscription", subscription.to_string())]),
        Refusal::KeyAlreadySuperseded { by } => args([("key", by.to_string())]),
        Refusal::TokenUnknown { token } => args([("token", quoted(token))]),
        Refusal::TokenAlreadyRevoked { at } => args([("date", day(at))]),
        Refusal::ScopeUnknown { given, known, meant } => scope_unknown(given, known, meant.as_deref()),
        Refusal::RoleMissing { has, needs } => args([("has", has.name()), ("needs", needs.name())]),
        Refusal::RoleUnknown { given, meant } => perhaps("given", given, meant.as_deref()),
        Refusal::OperatorUnknown { operator, meant } => perhaps("operator", operator, meant.as_deref()),
        Refusal::OperatorExists { email } | Refusal::OperatorNotDisabled { email } | Refusal::OwnerExists { email } => {
            args([("email", quoted(email))])
        }
        Refusal::OperatorDisabled { since } => args([("date", day(since))]),
        Refusal::EmailInvalid { given } | Refusal::EmailDomainInvalid { given } => args([("given", quoted(given))]),
        Refusal::PasswordRefused { fault } => password_refused(*fault),
        Refusal::SignInThrottled { seconds } => args([("seconds", seconds.to_string())]),
        Refusal::LastOwner | Refusal::SignInRefused | Refusal::CodeWrong | Refusal::LinkUnusable => FluentArgs::new(),
        Refusal::ConnectionUnknown { connection, meant } => perhaps("connection", connection, meant.as_deref()),
        Refusal::ConnectionNotNamed { names } => args([("known", listed(names))]),
        Refusal::ConnectionExists { connection } => args([("connection", quoted(connection))]),
        Refusal::InventoryCredentialMixed { kind } => args([("kind", kind.code().to_owned())]),
        Refusal::GlpiUnusable(fault) => accounts::fault(fault),
        Refusal::GlpiRightMissing { remark: _, profile } => args([("profile", quoted(profile))]),
        Refusal::InvitationAmbiguous { invitation, ids } => {
            args([("invitation", quoted(invitation)), ("known", listed(ids))])
        }
        Refusal::InvitationUnknown { invitation, meant } => perhaps("invitation", invitation, meant.as_deref()),
        Refusal::InvitationClosed(closed) => match closed {
            Closed::Revoked { at }
            | Closed::Suspended { since: at }
            | Closed::NotBegun { begins_at: at }
            | Closed::Expired { ended_at: at } => args([("date", day(at))]),
            Closed::UsedUp { limit: _ } => FluentArgs::new(),
        },
        Refusal::InvitationNotSuspended { invitation } => args([("invitation", quoted(invitation))]),
        Refusal::ChangedMeanwhile { at } => args([("time", minute(*at, zone))]),
        Refusal::EnrollmentUnknown { key, meant } => perhaps("key", key, meant.as_deref()),
        Refusal::EnrollmentExists { name } => args([("name", quoted(name))]),
        Refusal::EnrollmentKeyReplaced { until: at }
        | Refusal::EnrollmentRevoked { at }
        | Refusal::EnrollmentSuspended { since: at }
        | Refusal::EnrollmentExpired { since: at }
        | Refusal::AgentPending { since: at }
        | Refusal::AgentQuarantined { since: at } => args([("date", day(at))]),
        Refusal::EnrollmentNotSuspended { key } => args([("key", quoted(key))]),
        Refusal::EnrollmentFull { most } => args([("most", most.to_string())]),
        Refusal::EnrollmentNetwork { address } => args([("address", address.to_string())]),
        Refusal::NetworkInvalid { given } => args([("given", quoted(given))]),
        Refusal::RegistrationUnknown { registration } => args([("registration", quoted(registration))]),
        Refusal::AgentUnknown { agent }
        | Refusal::AgentNotPending { agent }
        | Refusal::AgentNotQuarantined { agent } => args([("agent", quoted(agent))]),
        Refusal::MessageInvalid { fault } => args([("fault", message_fault(*fault))]),
        Refusal::GlpiUnknown { glpi, meant } => perhaps("glpi", glpi, meant.as_deref()),
        Refusal::QueuedUnknown { message } => args([("message", quoted(message))]),
        Refusal::InstanceUnnamed { fault } => uid_fault(*fault),
        Refusal::SeatTaken { seats, holder, retry_at } => {
            let mut args = held_by(holder.as_deref());
            args.set("seats", seats.to_string());
            maybe(&mut args, ("retry", "until"), retry_at.map(|at| minute(at, zone)));
            args
        }
        Refusal::MoveLapsed { at, holder } => {
            let mut args = held_by(holder.as_deref());
            args.set("date", day(at));
            args
        }
        Refusal::SeatMoved { at }
        | Refusal::MoveRefused { at }
        | Refusal::InstanceReleased { at }
        | Refusal::TrialEnded { at } => args([("date", day(at))]),
        Refusal::OthersTaken => FluentArgs::new(),
        Refusal::InstanceUnknown { instance } => args([("instance", quoted(instance))]),
        Refusal::InstanceAmbiguous { instance, ids } => args([("instance", quoted(instance)), ("known", listed(ids))]),
        Refusal::NothingToDecide { state } | Refusal::NothingToRelease { state } => args([("state", *state)]),
        Refusal::SeatsInUse { taken, seats } => args([("taken", taken.to_string()), ("seats", seats.to_string())]),
        Refusal::ReleasesSpent { most, next } => {
            let mut args = args([("most", most.to_string())]);
            maybe(&mut args, ("again", "until"), next.as_ref().map(day));
            args
        }
        Refusal::EnvironmentUnknown { given } => args([("given", quoted(given))]),
        Refusal::NumberInvalid { field, least, most } => {
            args([("field", field_name(field, language)), ("least", least.to_string()), ("most", most.to_string())])
        }
        Refusal::AddressInvalid { fault } => address_fault(*fault),
        Refusal::PluginNotCovered { plugin, covered } => {
            let hint = if covered.is_empty() { "none" } else { "known" };
            args([("plugin", quoted(plugin)), ("hint", hint.to_owned()), ("known", listed(covered))])
        }
        Refusal::TrialUnavailable { plugin } => args([("plugin", quoted(plugin))]),
        Refusal::TrialUnknown { trial } => args([("trial", quoted(trial))]),
        Refusal::TrialSubscribed { subscription } => args([("subscription", subscription.to_string())]),
        Refusal::ArchiveRefused(fault) => archive(fault),
        Refusal::SheetRefused { mistakes } => args([("mistakes", self::mistakes(mistakes, language))]),
        Refusal::PluginUnknown { plugin, meant } => perhaps("plugin", plugin, meant.as_deref()),
        Refusal::PluginVersionUnknown { plugin, version } => {
            args([("plugin", quoted(plugin)), ("version", quoted(version))])
        }
        Refusal::PluginVersionExists { plugin, version, at }
        | Refusal::PluginVersionWithdrawn { plugin, version, at } => {
            args([("plugin", quoted(plugin)), ("version", quoted(version)), ("date", day(at))])
        }
        Refusal::PluginNotOpened { plugin, offers } => {
            args([("plugin", quoted(plugin)), ("offers", quoted(&offers.join(", ")))])
        }
        Refusal::ChannelUnknown { given } => args([("given", quoted(given))]),
    }
}

pub(crate) fn notice(notice: &Notice, zone: &Zone) -> FluentArgs<'static> {
    match notice {
        Notice::None => FluentArgs::new(),
        Notice::Arriving { holder, until, holder_asks } => args([
            ("name", holder.clone()),
            ("until", minute(*until, zone)),
            ("asked", if *holder_asks { "yes" } else { "no" }.to_owned()),
        ]),
        Notice::Leaving { newcomer, since, until } => args([
            ("name", newcomer.clone()),
            ("since", zone.date_of(*since).to_string()),
            ("until", minute(*until, zone)),
        ]),
    }
}

pub(crate) fn trial(ends_at: Timestamp, zone: &Zone) -> FluentArgs<'static> {
    args([("until", minute(ends_at, zone))])
}

fn uid_fault(fault: UidFault) -> FluentArgs<'static> {
    match fault {
        UidFault::Absent => FluentArgs::new(),
        UidFault::TooShort { len } | UidFault::TooLong { len } => {
            args([("fault", "length".to_owned()), ("number", len.to_string())])
        }
        UidFault::Character { at } => args([("fault", "character".to_owned()), ("number", at.to_string())]),
    }
}

fn address_fault(fault: AddressFault) -> FluentArgs<'static> {
    let name = match fault {
        AddressFault::TooLong { most } => return args([("fault", "too-long".to_owned()), ("most", most.to_string())]),
        AddressFault::Empty => "empty",
        AddressFault::Scheme => "scheme",
        AddressFault::Credentials => "credentials",
        AddressFault::Host => "host",
        AddressFault::Port => "port",
        AddressFault::Character => "character",
    };
    args([("fault", name)])
}

/// Who holds a seat, where somebody is to be named.
fn held_by(holder: Option<&str>) -> FluentArgs<'static> {
    let mut args = FluentArgs::new();
    maybe(&mut args, ("holder", "name"), holder.map(quoted));
    args
}

/// A value that is not always there: the case says whether it is.
fn maybe(args: &mut FluentArgs<'static>, (case, name): (&'static str, &'static str), value: Option<String>) {
    match value {
        Some(value) => {
            args.set(case, "known");
            args.set(name, value);
        }
        None => args.set(case, "none"),
    }
}

pub(crate) fn damage(damage: &Damage) -> FluentArgs<'static> {
    match damage {
        Damage::Missing | Damage::BeginningMissing | Damage::NotAKey | Damage::Forged => FluentArgs::new(),
        Damage::TooLong { len } => args([("length", len.to_string())]),
        Damage::WhiteSpace { after, kind, whole_without } => {
            let kind = match kind {
                WhiteSpaceKind::LineBreak => "line-break",
                WhiteSpaceKind::Space => "space",
                WhiteSpaceKind::Tab => "tab",
                WhiteSpaceKind::Other => "other",
            };
            let whole = if *whole_without { "yes" } else { "no" };
            args([("after", after.to_string()), ("kind", kind.to_owned()), ("whole", whole.to_owned())])
        }
        Damage::WrongAlphabet { at, byte } if byte.is_ascii_graphic() => {
            let character = char::from(*byte).to_string();
            args([("at", at.to_string()), ("shown", "yes".to_owned()), ("character", character)])
        }
        Damage::WrongAlphabet { at, byte: _ } => args([("at", at.to_string()), ("shown", "no".to_owned())]),
        Damage::Truncated { after } | Damage::Trailing { after } => args([("after", after.to_string())]),
        Damage::Altered { part } => {
            let part = match part {
                Part::Encoding => "encoding",
                Part::Layout => "layout",
                Part::Version => "version",
                Part::SigningKey => "signing-key",
                Part::KeyId => "key-id",
                Part::IssueDate => "issue-date",
                Part::Signature => "signature",
            };
            args([("part", part)])
        }
        Damage::UnknownFormat { version } => args([("version", version.to_string())]),
        Damage::ForeignFormat => args([("origin", "format")]),
        Damage::UnknownPublisher { signing_key } => {
            args([("origin", "publisher".to_owned()), ("publisher", signing_key.publisher().to_string())])
        }
        Damage::UnknownSigningKey { signing_key } => args([("signer", signing_key.to_string())]),
    }
}

pub(crate) fn failure(failure: &Failure) -> FluentArgs<'static> {
    match failure {
        Failure::KeyAbsent { key } => args([("key", key.to_string())]),
        Failure::StoreAway
        | Failure::ClockSuspect
        | Failure::Sealed
        | Failure::Overloaded
        | Failure::RestartNeeded
        | Failure::StorageAway
        | Failure::Internal => FluentArgs::new(),
    }
}

pub(crate) fn request(fault: &RequestFault) -> FluentArgs<'static> {
    match fault {
        RequestFault::TokenMissing(gap) => {
            let gap = match gap {
                NoToken::Header => "header",
                NoToken::Scheme => "scheme",
                NoToken::Empty => "empty",
            };
            args([("gap", gap)])
        }
        RequestFault::TokenNotKnown { shaped } => args([("shaped", if *shaped { "yes" } else { "no" })]),
        RequestFault::TokenExpired { token, since } | RequestFault::TokenRevoked { token, since } => {
            args([("token", quoted(token)), ("since", since.to_string())])
        }
        RequestFault::ScopeMissing { scope } => args([("scope", *scope)]),
        RequestFault::TooManyRequests { most } => args([("most", most.to_string())]),
        RequestFault::HeadersTooLong { most } | RequestFault::BodyTooLong { most } => {
            args([("most", most.to_string())])
        }
        RequestFault::BodyMalformed(fault) => match fault {
            JsonFault::NoObject => args([("fault", "no-object")]),
            JsonFault::Twice { member } => args([("fault", "twice".to_owned()), ("member", quoted(member))]),
            JsonFault::TooDeep { most } => args([("fault", "too-deep".to_owned()), ("most", most.to_string())]),
            JsonFault::Syntax { line, column } => {
                args([("fault", "syntax".to_owned()), ("line", line.to_string()), ("column", column.to_string())])
            }
        },
        RequestFault::BodyInvalid { member: name, fault }
        | RequestFault::ParameterInvalid { parameter: name, fault } => value(name.as_deref(), fault),
        RequestFault::IdempotencyKeyInvalid { most } => args([("most", most.to_string())]),
        RequestFault::AddressUnknown { path } => args([("path", shortened(path, LONGEST_PATH))]),
        RequestFault::MethodNotAllowed { path, method } => {
            args([("path", shortened(path, LONGEST_PATH)), ("method", shortened(method, LONGEST_METHOD))])
        }
        RequestFault::TokenDamaged
        | RequestFault::TokenMisplaced
        | RequestFault::TooManyFailedKeys
        | RequestFault::BodyNotJson
        | RequestFault::IdempotencyKeyReused
        | RequestFault::Stopping => FluentArgs::new(),
    }
}

/// What is wrong with a member or a parameter.
fn value(name: Option<&str>, fault: &ValueFault) -> FluentArgs<'static> {
    let (fault, more) = match fault {
        ValueFault::Unknown { known } => ("unknown", vec![("known", listed_or_none(known))]),
        ValueFault::Missing => ("missing", vec![]),
        ValueFault::Twice => ("twice", vec![]),
        ValueFault::NotOneOf { given, known } => {
            ("not-one-of", vec![("given", quoted(given)), ("known", listed_or_none(known))])
        }
        ValueFault::WrongKind { wanted } => {
            let wanted = match wanted {
                Kind::Text => "wants-text",
                Kind::Number => "wants-number",
                Kind::List => "wants-list",
                Kind::Other => "other",
            };
            (wanted, vec![])
        }
        ValueFault::OutOfRange { least, most } => {
            ("out-of-range", vec![("least", least.to_string()), ("most", most.to_string())])
        }
        ValueFault::ForeignCursor => ("foreign-cursor", vec![]),
        ValueFault::NoInstant => ("no-instant", vec![]),
        ValueFault::NoDay => ("no-day", vec![]),
        ValueFault::NotTaken => ("not-taken", vec![]),
    };
    let mut args = args([("fault", fault.to_owned()), ("name", quoted(name.unwrap_or("?")))]);
    for (name, value) in more {
        args.set(name, value);
    }
    args
}

pub(crate) fn warning(warning: &Warning) -> FluentArgs<'static> {
    match warning {
        Warning::EndsSoon { ends } => args([("ends", ends.to_string())]),
        Warning::InGrace { ended, until } => args([("ended", ended.to_string()), ("until", until.to_string())]),
    }
}

pub(crate) fn overlap(succession: &Succession, zone: &Zone) -> FluentArgs<'static> {
    let Succession { by, by_issued, until, by_revoked } = succession;
    args([
        ("key", by.to_string()),
        ("issued", by_issued.to_string()),
        ("until", minute(*until, zone)),
        ("new", new_key(*by_revoked)),
    ])
}

/// Whether the key that took another one's place is of use.
fn new_key(revoked: bool) -> String {
    if revoked { "withdrawn" } else { "counts" }.to_owned()
}

pub(crate) fn note(note: &Note) -> FluentArgs<'static> {
    match note {
        Note::SecondSubscription { other, ends } => {
            args([("subscription", other.to_string()), ("ends", ends.to_string())])
        }
        Note::BeganBefore { begins } => args([("begins", begins.to_string())]),
        Note::OverAlready { ended, until: Some(until) } => {
            args([("ended", ended.to_string()), ("works", "yes".to_owned()), ("until", until.to_string())])
        }
        Note::OverAlready { ended, until: None } => args([("ended", ended.to_string()), ("works", "no".to_owned())]),
    }
}

/// That all is well. Nearly every answer about a key says this, so the text is filled in once per language.
pub(crate) fn valid(period: &Period, language: Language) -> String {
    static HALVES: [OnceLock<(String, String)>; Language::ALL.len()] = [const { OnceLock::new() }; _];
    let (before, after) = HALVES[language as usize].get_or_init(|| catalogue::halves(language, "valid", "ends"));
    [before.as_str(), Written::of(period.ends).as_str(), after].concat()
}

fn text_invalid(field: &'static str, fault: TextFault, language: Language) -> FluentArgs<'static> {
    let (fault, number) = match fault {
        TextFault::Empty => ("empty", None),
        TextFault::TooLong { most } => ("too-long", Some(("most", most))),
        TextFault::Control { at } => ("control", Some(("at", at))),
        TextFault::Character { at } => ("character", Some(("at", at))),
    };
    // Only an offer's reference has a rule of its own that is worth a sentence.
    let rule = if field == "offer" { "reference" } else { "text" };
    let mut args =
        args([("field", field_name(field, language)), ("fault", fault.to_owned()), ("rule", rule.to_owned())]);
    if let Some((name, number)) = number {
        args.set(name, number.to_string());
    }
    args
}

fn message_fault(fault: MessageFault) -> &'static str {
    match fault {
        MessageFault::TooLong => "too-long",
        MessageFault::Swells => "swells",
        MessageFault::Packing => "packing",
        MessageFault::Form => "form",
        MessageFault::Action => "action",
        MessageFault::Device => "device",
        MessageFault::Agent => "agent",
        MessageFault::Slow => "slow",
    }
}

/// What was asked for, and what was probably meant.
fn perhaps(name: &'static str, given: &str, meant: Option<&str>) -> FluentArgs<'static> {
    match meant {
        Some(meant) => args([(name, quoted(given)), ("hint", "meant".to_owned()), ("meant", quoted(meant))]),
        None => args([(name, quoted(given)), ("hint", "none".to_owned())]),
    }
}

fn password_refused(fault: PasswordFault) -> FluentArgs<'static> {
    let fault = match fault {
        PasswordFault::TooShort => "too-short",
        PasswordFault::TooLong => "too-long",
        PasswordFault::Guessable => "guessable",
        PasswordFault::Differs => "differs",
    };
    let (least, most) = (SHORTEST_PASSWORD.to_string(), LONGEST_PASSWORD.to_string());
    args([("fault", fault.to_owned()), ("least", least), ("most", most)])
}

fn offer_unknown(reference: &str, known: &[String], meant: Option<&str>) -> FluentArgs<'static> {
    let hint = match (meant, known) {
        (Some(_), _) => "meant",
        (None, [_, ..]) => "known",
        (None, []) => "none",
    };
    let mut args = args([("reference", quoted(reference)), ("hint", hint.to_owned()), ("known", listed(known))]);
    if let Some(meant) = meant {
        args.set("meant", quoted(meant));
    }
    args
}

fn scope_unknown(given: &str, known: &[String], meant: Option<&str>) -> FluentArgs<'static> {
    let case = if given.is_empty() { "none" } else { "unknown" };
    let hint = if meant.is_some() { "meant" } else { "known" };
    let mut args = args([
        ("case", case.to_owned()),
        ("given", quoted(given)),
        ("hint", hint.to_owned()),
        ("known", listed(known)),
    ]);
    if let Some(meant) = meant {
        args.set("meant", quoted(meant));
    }
    args
}

/// A field's name in the reader's language; one that has none is shown as the domain calls it.
fn field_name(field: &'static str, language: Language) -> String {
    let name = match field {
        "customer"
        | "reason"
        | "offer"
        | "title"
        | "name"
        | "email"
        | "days"
        | "registrations days"
        | "agents days"
        | "overlap days"
        | "grace days"
        | "tag"
        | "agents"
        | "plugin"
        | "seats"
        | "staging limit"
        | "cooling off days"
        | "trial days"
        | "inventory user"
        | "inventory password"
        | "inventory client id"
        | "inventory client secret" => &field.replace(' ', "-"),
        "moves per year" => "moves",
        "self service releases per year" => "releases",
        "move window days" => "move-days",
        other => return other.to_owned(),
    };
    catalogue::line(language, &format!("field-{name}"), &FluentArgs::new())
}

/// What somebody typed, fit to stand in a sentence: on one line, and not longer than it deserves.
fn quoted(typed: &str) -> String {
    shortened(typed, MOST_QUOTED)
}

fn shortened(typed: &str, most: usize) -> String {
    let visible = |c: char| if c.is_control() { '\u{FFFD}' } else { c };
    match typed.char_indices().nth(most) {
        Some((end, _)) => typed[..end].chars().map(visible).chain(['…']).collect(),
        None => typed.chars().map(visible).collect(),
    }
}

/// References with commas between them; `(+12)` counts those that would make the list too long.
fn listed(references: &[String]) -> String {
    let mut list = String::new();
    for (at, reference) in references.iter().enumerate() {
        let separator = if list.is_empty() { "" } else { ", " };
        if list.len() + separator.len() + reference.len() > LONGEST_LIST {
            return format!("{list} (+{})", references.len() - at);
        }
        list.push_str(separator);
        list.push_str(reference);
    }
    list
}

/// A list that has to say something also where it is empty.
fn listed_or_none(words: &[String]) -> String {
    if words.is_empty() { "-".to_owned() } else { listed(words) }
}

/// An instant to the minute, in the vendor's zone and with its offset: whoever reads it may live in another one.
fn minute(at: Timestamp, zone: &Zone) -> String {
    let instant = jiff::Timestamp::from_millisecond(at.millis()).unwrap_or(jiff::Timestamp::MAX);
    let local = instant.to_zoned(TimeZone::get(zone.name()).unwrap_or(TimeZone::UTC));
    let offset = if local.offset() == Offset::UTC { "UTC" } else { "UTC%:z" };
    local.strftime(&format!("%Y-%m-%d %H:%M ({offset})")).to_string()
}

fn args<V: Into<FluentValue<'static>>, const N: usize>(values: [(&'static str, V); N]) -> FluentArgs<'static> {
    values.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_says_whose_clock_it_is_on() {
        let at = Timestamp::from_millis(1_796_563_979_000);
        let show = |name| minute(at, &Zone::named(name).unwrap());
        assert_eq!(show("Europe/Paris"), "2026-12-06 14:32 (UTC+01:00)");
        assert_eq!(show("Asia/Kolkata"), "2026-12-06 19:02 (UTC+05:30)");
        assert_eq!(show("America/New_York"), "2026-12-06 08:32 (UTC-05:00)");
        assert_eq!(minute(at, &Zone::utc()), "2026-12-06 13:32 (UTC)");
    }

    #[test]
    fn what_somebody_typed_stays_on_one_line_and_short() {
        assert_eq!(quoted("Société Générale"), "Société Générale");
        assert_eq!(quoted("a\r\nb\0"), "a\u{FFFD}\u{FFFD}b\u{FFFD}");
        assert_eq!(quoted(&"é".repeat(60)), "é".repeat(60));
        assert_eq!(quoted(&"é".repeat(61)), "é".repeat(60) + "…");
    }

    #[test]
    fn a_long_list_counts_what_it_leaves_out() {
        let list = |count: usize| listed(&vec!["x".repeat(40); count]);
        assert_eq!(listed(&["free".to_owned(), "basic".to_owned()]), "free, basic");
        assert!(list(7).ends_with('x'));
        assert_eq!(list(50), list(7) + " (+43)");
        assert_eq!(listed(&[]), "");
    }
}
