//! What an operator at the command line is told where something was not done: what went wrong, and which command helps.
//!
//! Not the words for administrators of a GLPI, who cannot run these commands: those stand in `latchkey_texts`, and are
//! used here for what is wrong with a key itself.

use latchkey_domain::Refusal;
use latchkey_domain::invitations::{Closed, LastDayFault};
use latchkey_domain::subscriptions::{Note, Subscription};
use latchkey_domain::text::TextFault;
use latchkey_domain::time::Zone;
use latchkey_store::StoreError;
use latchkey_texts::Language;

use crate::problem::Given;

/// What went wrong, and what to do next.
pub(crate) type Words = (String, String);

/// Why a rule said no.
pub(crate) fn refusal(refusal: &Refusal, zone: &Zone) -> Words {
    let day = |at| zone.date_of(at);
    match refusal {
        Refusal::KeyDamaged(_)
        | Refusal::KeyRevoked { .. }
        | Refusal::KeySuperseded { .. }
        | Refusal::NotYetBegun { .. }
        | Refusal::Expired { .. }
        | Refusal::Suspended { .. }
        | Refusal::Terminated { .. } => {
            let said = latchkey_texts::refusal(refusal, Language::English, zone);
            (said.cause, said.next_step)
        }
        Refusal::TextInvalid { field, fault } => text_invalid(field, *fault),
        Refusal::OfferUnknown { reference, known, meant } => {
            let next = match (known.is_empty(), meant) {
                (true, _) => "there are no offers yet; make one: latchkey offer set basic --title Basic".to_owned(),
                (false, None) => format!("there are: {}", known.join(", ")),
                (false, Some(meant)) => format!("there are: {}. Did you mean {meant:?}?", known.join(", ")),
            };
            (format!("no offer named {}", Given(reference)), next)
        }
        Refusal::CustomerUnknown { customer, meant } => {
            let next = match meant {
                Some(meant) => format!("Did you mean {meant:?}? `latchkey customer list` shows all"),
                None => "`latchkey customer list` shows those there are".to_owned(),
            };
            (format!("no customer named {}", Given(customer)), next)
        }
        Refusal::CustomerExists { customer } => (
            format!("there is a customer named {} already (upper and lower case are the same)", Given(customer)),
            "use that customer, or choose another name".to_owned(),
        ),
        Refusal::CustomerErased { customer, at } => (
            format!("customer {customer} was erased on {}: the name is gone for good", day(*at)),
            "nothing is to be done; for a new contract make a new customer: latchkey customer add NAME".to_owned(),
        ),
        Refusal::SubscriptionUnknown { subscription } => (
            format!("no subscription with the id {}", Given(subscription)),
            "`latchkey subscription list` shows those there are".to_owned(),
        ),
        Refusal::KeyUnknown { key } => {
            (format!("no key with the id {}", Given(key)), "`latchkey key list` shows those there are".to_owned())
        }
        Refusal::TermMissing => (
            "the customer has no subscription to this offer that is not over, and a new one needs a term".to_owned(),
            "say how long it lasts: --years N, --months N or --days N".to_owned(),
        ),
        Refusal::TermInvalid => (
            "the term is too short, too long, or runs past the end of the calendar".to_owned(),
            "choose at least one day and at most 100 years".to_owned(),
        ),
        Refusal::DateInvalid { given } => (
            format!("{} is not a date that can be used here", Given(given)),
            "give a day of the calendar from 1970 on, such as 2027-02-28".to_owned(),
        ),
        Refusal::LastDay(fault) => match fault {
            LastDayFault::Over { given, today } => (
                format!("the last day, {given}, is over: today is {today}"),
                "give today or a later day, or leave it out; a last day counts to its end, in the vendor's time zone".to_owned(),
            ),
            LastDayFault::BeforeFirst { given, first } => (
                format!("the last day, {given}, is before the first one, {first}"),
                "give a later day with --until, or an earlier one with --from".to_owned(),
            ),
            LastDayFault::TooLate { given, latest } => (
                format!("the last day, {given}, is too far away"),
                format!("give {latest} or an earlier day; without --until it has no end"),
            ),
            LastDayFault::AndDays { given } => {
                (format!("both a number of days and a last day, {given}"), "give --days or --until".to_owned())
            }
        },
        Refusal::DaysInvalid { field, most } => {
            (format!("too many {field}"), format!("choose a number from 0 to {most}"))
        }
        Refusal::AlreadySuspended { since } => (
            format!("the subscription has been suspended since {}", day(*since)),
            "nothing is to be done; to let it go on: latchkey subscription resume ID".to_owned(),
        ),
        Refusal::NotSuspended { subscription } => (
            format!("subscription {subscription} is not suspended"),
            format!("`latchkey subscription show {subscription}` shows how it stands"),
        ),
        Refusal::AlreadyTerminated { since } => (
            format!("the subscription was terminated for good on {}", day(*since)),
            "issue a key to a new subscription: latchkey key issue --customer C --offer O --years N".to_owned(),
        ),
        Refusal::KeyAlreadyRevoked { at } => (
            format!("the key was revoked already, on {}", day(*at)),
            "nothing is to be done; if its holder needs another key: latchkey key reissue KEY".to_owned(),
        ),
        Refusal::KeyAlreadySuperseded { by } => {
            (format!("the key was re-issued already, as {by}"), format!("work with that one: latchkey key show {by}"))
        }
        Refusal::TokenUnknown { token } => (
            format!("no API token with the id {}", Given(token)),
            "`latchkey token list` shows those there are".to_owned(),
        ),
        Refusal::TokenAlreadyRevoked { at } => (
            format!("the API token was revoked already, on {}", day(*at)),
            "nothing is to be done; for another one: latchkey token create".to_owned(),
        ),
        Refusal::ScopeUnknown { given, known, meant } => {
            let detail =
                if given.is_empty() { "no scope".to_owned() } else { format!("no scope named {}", Given(given)) };
            let hint = meant.as_ref().map(|meant| format!(". Did you mean {meant:?}?")).unwrap_or_default();
            (detail, format!("there are: {}{hint}", known.join(", ")))
        }
        Refusal::RoleMissing { .. }
        | Refusal::OperatorDisabled { .. }
        | Refusal::PasswordRefused { .. }
        | Refusal::SignInRefused
        | Refusal::SignInThrottled { .. }
        | Refusal::CodeWrong
        | Refusal::LinkUnusable
        | Refusal::ChangedMeanwhile { .. } => {
            let said = latchkey_texts::refusal(refusal, Language::English, zone);
            (said.cause, said.next_step)
        }
        Refusal::RoleUnknown { given, meant } => {
            let hint = meant.as_ref().map(|meant| format!(". Did you mean {meant:?}?")).unwrap_or_default();
            (format!("no role named {}", Given(given)), format!("there are: owner, manager, support, auditor{hint}"))
        }
        Refusal::OperatorUnknown { operator, meant } => {
            let next = match meant {
                Some(meant) => format!("Did you mean {meant:?}? `latchkey operator list` shows all"),
                None => "`latchkey operator list` shows those there are".to_owned(),
            };
            (format!("no operator {}", Given(operator)), next)
        }
        Refusal::OperatorExists { email } => (
            format!("there is an operator {} already", Given(email)),
            "to let it choose another password: latchkey operator reset EMAIL".to_owned(),
        ),
        Refusal::OperatorNotDisabled { email } => {
            (format!("operator {} is not disabled", Given(email)), "nothing is to be done".to_owned())
        }
        Refusal::OwnerExists { email } => (
            format!("there is an owner who can sign in already: {}", Given(email)),
            format!(
                "where its password is lost: latchkey operator reset {email}; another operator: latchkey operator add --email EMAIL --role ROLE"
            ),
        ),
        Refusal::LastOwner => (
            "this is the only owner who can sign in".to_owned(),
            "add another one first: latchkey operator add --email EMAIL --role owner".to_owned(),
        ),
        Refusal::EnrollmentUnknown { key, meant } => {
            let next = match meant {
                Some(meant) => format!("Did you mean {meant:?}? `latchkey enroll list` shows all"),
                None => "`latchkey enroll list` shows those there are".to_owned(),
            };
            (format!("no enrollment key {}", Given(key)), next)
        }
        Refusal::EnrollmentExists { name } => (
            format!("there is an enrollment key named {} already (upper and lower case are the same)", Given(name)),
            "use that one, or choose another name".to_owned(),
        ),
        Refusal::EnrollmentRevoked { at } => (
            format!("the enrollment key was revoked for good on {}", day(*at)),
            "make another one: latchkey enroll create --name NAME".to_owned(),
        ),
        Refusal::EnrollmentSuspended { since } => (
            format!("the enrollment key has been suspended since {}", day(*since)),
            "nothing is to be done; to let agents in again: latchkey enroll resume KEY".to_owned(),
        ),
        Refusal::EnrollmentNotSuspended { key } => (
            format!("the enrollment key {} is not suspended", Given(key)),
            "`latchkey enroll show KEY` shows how it stands".to_owned(),
        ),
        Refusal::SigningKeyUnknown { signing_key } => (
            format!("no signing key {} in this installation", Given(signing_key)),
            "`latchkey signing-key list` shows those there are; keys of others cannot be taken in".to_owned(),
        ),
        Refusal::KeyExists { key } => (
            format!("the key {} is there, with another subscription, signing key or date", Given(key)),
            "compare: latchkey key show KEY".to_owned(),
        ),
        Refusal::RegistrationUnknown { registration } => (
            format!("no registration {}", Given(registration)),
            "`latchkey invite registrations --json` shows their ids".to_owned(),
        ),
        Refusal::AgentUnknown { agent } => {
            (format!("no agent {}", Given(agent)), "`latchkey agent list` shows those there are".to_owned())
        }
        Refusal::AgentQuarantined { since } => (
            format!("the agent has been in quarantine since {}", day(*since)),
            "to let it in again: latchkey agent restore AGENT".to_owned(),
        ),
        Refusal::ArchiveRefused(_)
        | Refusal::SheetRefused { .. }
        | Refusal::PluginVersionUnknown { .. }
        | Refusal::PluginVersionExists { .. }
        | Refusal::PluginVersionWithdrawn { .. }
        | Refusal::PluginNotOpened { .. }
        | Refusal::ChannelUnknown { .. } => {
            let said = latchkey_texts::refusal(refusal, Language::English, zone);
            (said.cause, said.next_step)
        }
        Refusal::PluginUnknown { plugin, meant } => {
            let next = match meant {
                Some(meant) => format!("Did you mean {meant:?}? `latchkey plugin list` shows all"),
                None => "`latchkey plugin list` shows those there are".to_owned(),
            };
            (format!("no plugin with the key {}", Given(plugin)), next)
        }
        Refusal::GlpiUnknown { glpi, meant } => {
            let next = match meant {
                Some(meant) => format!("Did you mean {meant:?}? `latchkey glpi list` shows all"),
                None => "`latchkey glpi list` shows those there are, `latchkey glpi add` makes one known; left away, it is main"
                    .to_owned(),
            };
            (format!("no GLPI named {}", Given(glpi)), next)
        }
        Refusal::QueuedUnknown { message } => (
            format!("no message with the number {} waits", Given(message)),
            "`latchkey queue show` shows those that do".to_owned(),
        ),
        Refusal::EnrollmentKeyWrong
        | Refusal::EnrollmentKeyReplaced { .. }
        | Refusal::EnrollmentExpired { .. }
        | Refusal::EnrollmentFull { .. }
        | Refusal::EnrollmentNetwork { .. }
        | Refusal::NetworkInvalid { .. }
        | Refusal::AgentPending { .. }
        | Refusal::AgentNotPending { .. }
        | Refusal::AgentNotQuarantined { .. }
        | Refusal::MessageInvalid { .. }
        | Refusal::InventoryCredentialMixed { .. }
        | Refusal::GlpiUnusable(_)
        | Refusal::GlpiRightMissing { .. } => {
            let said = latchkey_texts::refusal(refusal, Language::English, zone);
            (said.cause, said.next_step)
        }
        Refusal::ConnectionUnknown { connection, meant } => {
            let next = match meant {
                Some(meant) => format!("Did you mean {meant:?}? `latchkey glpi list` shows all"),
                None => "`latchkey glpi list` shows those there are; `latchkey glpi add` makes one".to_owned(),
            };
            (format!("no connection to a GLPI named {}", Given(connection)), next)
        }
        Refusal::InvitationUnknown { invitation, meant } => {
            let next = match meant {
                Some(meant) => format!("did you mean {meant:?}? `latchkey invite list` shows all"),
                None => "`latchkey invite list` shows those there are".to_owned(),
            };
            (format!("no invitation {}", Given(invitation)), next)
        }
        Refusal::InvitationAmbiguous { invitation, ids } => (
            format!("several invitations are named {}", Given(invitation)),
            format!("say which one by its id, such as {}", ids.join(" or ")),
        ),
        Refusal::InvitationClosed(closed) => {
            let what = match closed {
                Closed::Revoked { at } => format!("was revoked on {}", day(*at)),
                Closed::Suspended { since } => format!("has been suspended since {}", day(*since)),
                Closed::NotBegun { begins_at } => format!("cannot be used before {}", day(*begins_at)),
                Closed::Expired { ended_at } => format!("expired on {}", day(*ended_at)),
                Closed::UsedUp { limit } => format!("was used by as many as may: {limit}"),
            };
            (format!("the invitation {what}"), "make another one: latchkey invite create --name NAME".to_owned())
        }
        Refusal::InvitationNotSuspended { invitation } => (
            format!("invitation {invitation} is not suspended"),
            format!("`latchkey invite show {invitation}` shows how it stands"),
        ),
        Refusal::LoginTaken => ("somebody has this login".to_owned(), "choose another one".to_owned()),
        Refusal::ConnectionNotNamed { names } => (
            "there are several connections to GLPIs, and none is named".to_owned(),
            format!("say which one gets the accounts with --glpi: {}", names.join(", ")),
        ),
        Refusal::ConnectionExists { connection } => (
            format!("there is a connection named {} already", Given(connection)),
            "choose another name, or remove that one first: latchkey glpi remove NAME".to_owned(),
        ),
        Refusal::EmailInvalid { given } => {
            (format!("{} is not an e-mail address", Given(given)), "give one such as name@example.org".to_owned())
        }
        Refusal::EmailDomainInvalid { given } => (
            format!("{} is not a domain of e-mail addresses", Given(given)),
            "give one such as example.org, an international one in its xn-- form".to_owned(),
        ),
        Refusal::SeatTaken { seats, holder, .. } => {
            let by = holder.as_ref().map(|holder| format!(", one by {holder}")).unwrap_or_default();
            (
                format!("all {seats} seats of the subscription are taken{by}"),
                "release one: latchkey instance release INSTANCE --reason WHY; or give it more: latchkey subscription seats ID N".to_owned(),
            )
        }
        Refusal::OthersTaken => (
            "as many instances for staging and development use the subscription as its offer allows".to_owned(),
            "release one: latchkey instance release INSTANCE --reason WHY; or allow more: latchkey offer set REFERENCE --staging-limit N".to_owned(),
        ),
        Refusal::InstanceUnknown { instance } => (
            format!("no instance with the UID, address or id {}", Given(instance)),
            "`latchkey instance list` shows those there are".to_owned(),
        ),
        Refusal::InstanceAmbiguous { instance, ids } => (
            format!("several subscriptions know {}", Given(instance)),
            format!("say which one by its key, --key ID, or by its id: {}", ids.join(", ")),
        ),
        Refusal::NothingToDecide { state } => (
            format!("the instance is {state}, and waits for no decision"),
            "to take its seat away: latchkey instance release INSTANCE --reason WHY".to_owned(),
        ),
        Refusal::NothingToRelease { state } => (
            format!("the instance is {state}, and holds no seat"),
            "who does: latchkey instance list --subscription ID --state active".to_owned(),
        ),
        Refusal::SeatsInUse { taken, seats } => (
            format!("{taken} seats are taken, so the subscription cannot have {seats}"),
            "release some first: latchkey instance release INSTANCE --reason WHY".to_owned(),
        ),
        Refusal::EnvironmentUnknown { given } => (
            format!("no environment named {}", Given(given)),
            "there are: production, staging, development".to_owned(),
        ),
        Refusal::NumberInvalid { field, least, most } => {
            (format!("the {field} must be from {least} to {most}"), "choose a number within".to_owned())
        }
        Refusal::TrialUnknown { trial } => (
            format!("no trial with the id {}", Given(trial)),
            "`latchkey trial list` shows those there are".to_owned(),
        ),
        Refusal::TrialSubscribed { subscription } => (
            format!("the trial was turned into subscription {subscription} already"),
            format!("let that one go on for longer: latchkey subscription renew {subscription} --years 1"),
        ),
        Refusal::InstanceUnnamed { .. }
        | Refusal::SeatMoved { .. }
        | Refusal::MoveLapsed { .. }
        | Refusal::MoveRefused { .. }
        | Refusal::InstanceReleased { .. }
        | Refusal::ReleasesSpent { .. }
        | Refusal::AddressInvalid { .. }
        | Refusal::PluginNotCovered { .. }
        | Refusal::TrialUnavailable { .. }
        | Refusal::TrialEnded { .. } => {
            let said = latchkey_texts::refusal(refusal, Language::English, zone);
            (said.cause, said.next_step)
        }
    }
}

/// What whoever issued a key may not have meant.
pub(crate) fn note(note: &Note, subscription: &Subscription, program: &str) -> Words {
    let id = subscription.id;
    match note {
        Note::SecondSubscription { other, ends } => (
            format!("this is a second subscription: the customer has {other} to this offer, too, until {ends}"),
            format!(
                "if that one was to go on for longer (its keys stay the same): {program} subscription renew {other} --years 1\nand this one is one too many: {program} subscription terminate {id} --reason \"sold twice\""
            ),
        ),
        Note::BeganBefore { begins } => (
            format!("the subscription began before today, on {begins}"),
            format!(
                "if that was not meant: {program} subscription terminate {id} --reason \"wrong date\", and issue the key again"
            ),
        ),
        Note::OverAlready { ended, until } => {
            let detail = match until {
                Some(until) => format!("the subscription ended on {ended}: the key works only until {until}"),
                None => format!("the subscription ended on {ended}: the key opens nothing"),
            };
            (detail, format!("to let it go on: {program} subscription renew {id} --years 1"))
        }
    }
}

fn text_invalid(field: &str, fault: TextFault) -> Words {
    let what = if field == "offer" { "offer's reference" } else { field };
    let detail = match fault {
        TextFault::Empty => format!("the {what} is empty"),
        TextFault::TooLong { most } => format!("the {what} has more than {most} characters"),
        TextFault::Control { at } => {
            format!("character {at} of the {what} is a line break or another character that cannot be seen")
        }
        TextFault::Character { at } => format!("character {at} of the {what} cannot stand there"),
    };
    let next = match (field, fault) {
        ("offer", _) => {
            "an offer's reference has 1 to 40 of a-z, 0-9, hyphen, underscore and dot, and begins with a letter"
        }
        (_, TextFault::Empty) => "say what it is",
        (_, TextFault::TooLong { .. } | TextFault::Control { .. } | TextFault::Character { .. }) => {
            "give it as plain text on one line"
        }
    };
    (detail, next.to_owned())
}

/// Why the store could not.
pub(crate) fn store(error: &StoreError) -> Words {
    let (detail, next) = match error {
        StoreError::Away(why) => (
            format!("the database cannot be reached: {why}"),
            "check that it is there, that this account may use it, and that --data-dir or the database URL name the right one",
        ),
        StoreError::OutcomeUnknown => (
            "the connection to the database was lost during the commit: whether the change stands is not known"
                .to_owned(),
            "look before you repeat it: latchkey audit log",
        ),
        StoreError::Busy => (
            "the database is busy: another program has held it for too long".to_owned(),
            "try again; if it stays so, look for the program that keeps it locked",
        ),
        StoreError::Overloaded => ("too many changes are waiting for the database".to_owned(), "try again in a moment"),
        StoreError::Full => {
            ("the disk that holds the database is full; nothing was changed".to_owned(), "make room, then try again")
        }
        StoreError::ReadOnly(why) => (
            format!("the database cannot be written: {why}"),
            "check whose it is, and that this account may write to it: to its file, directory and disk, or to its schema in PostgreSQL",
        ),
        StoreError::Replaced(file) => (
            format!("the database {file} was removed or replaced while it was in use"),
            "put the right one there, and start again whatever has it open",
        ),
        StoreError::NewerSchema { found, needs, known } => (
            format!(
                "the database has schema {found}, which needs a Latchkey that knows schema {needs} or later; this one knows {known}"
            ),
            "install a newer Latchkey",
        ),
        StoreError::Foreign(what) => (
            format!("the database belongs to another program: it has {what} already, which Latchkey has not made"),
            "give Latchkey a database of its own (createdb latchkey), or check the database URL for a slip",
        ),
        StoreError::OtherMasterKey { expected, given } => (
            format!("the master key (fingerprint {given}) is not the one of this database (fingerprint {expected})"),
            "use the master key that belongs to this database; no other opens it",
        ),
        StoreError::OtherTimeZone { stored, given } => (
            format!(
                "dates would be those of {given}, but this installation's are those of {stored}; nothing was changed"
            ),
            "its time zone was changed a moment ago; run the command again",
        ),
        StoreError::Unsealable(what) => (
            format!("the secret of {what} cannot be opened: it was altered, or sealed under another master key"),
            "restore the database from a backup, with the master key that belongs to it",
        ),
        StoreError::ClockBehind { millis } => (
            format!("this machine's clock is {} minutes behind the latest change in the database", millis / 60_000),
            "set the clock right; if it is right: latchkey clock acknowledge",
        ),
        StoreError::Corrupt(what) => (
            format!("the database holds something that this program does not understand: {what}"),
            "check that the file is Latchkey's; restore it from a backup if it is",
        ),
        StoreError::Bug(what) => (format!("a mistake in Latchkey: {what}"), "please report it"),
    };
    (detail, next.to_owned())
}
