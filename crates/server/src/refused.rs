//! How a refusal or a failure is answered, by the API and by the console alike: the number of the answer, and the member or
//! field that it is about. Agents have a protocol of their own: `gateway::told`.

use axum::http::StatusCode;
use latchkey_domain::{Failure, Refusal, accounts};

/// The number of the answer in which a rule says no, and what of the question it is about, in the domain's words.
pub(crate) fn told(refusal: &Refusal) -> (StatusCode, Option<&'static str>) {
    match refusal {
        Refusal::CustomerUnknown { .. }
        | Refusal::SubscriptionUnknown { .. }
        | Refusal::KeyUnknown { .. }
        | Refusal::TokenUnknown { .. }
        | Refusal::InstanceUnknown { .. }
        | Refusal::TrialUnknown { .. } => (StatusCode::NOT_FOUND, None),
        Refusal::CustomerExists { .. } => (StatusCode::CONFLICT, Some("customer")),
        Refusal::KeyRevoked { .. }
        | Refusal::KeySuperseded { .. }
        | Refusal::NotYetBegun { .. }
        | Refusal::Expired { .. }
        | Refusal::Suspended { .. }
        | Refusal::Terminated { .. }
        | Refusal::CustomerErased { .. }
        | Refusal::AlreadySuspended { .. }
        | Refusal::NotSuspended { .. }
        | Refusal::AlreadyTerminated { .. }
        | Refusal::KeyAlreadyRevoked { .. }
        | Refusal::KeyAlreadySuperseded { .. }
        | Refusal::TokenAlreadyRevoked { .. }
        | Refusal::SeatTaken { .. }
        | Refusal::OthersTaken
        | Refusal::SeatMoved { .. }
        | Refusal::MoveLapsed { .. }
        | Refusal::MoveRefused { .. }
        | Refusal::InstanceReleased { .. }
        | Refusal::InstanceAmbiguous { .. }
        | Refusal::NothingToDecide { .. }
        | Refusal::NothingToRelease { .. }
        | Refusal::SeatsInUse { .. }
        | Refusal::ReleasesSpent { .. }
        | Refusal::PluginNotCovered { .. }
        | Refusal::TrialUnavailable { .. }
        | Refusal::TrialEnded { .. }
        | Refusal::TrialSubscribed { .. } => (StatusCode::CONFLICT, None),
        Refusal::TextInvalid { field, .. }
        | Refusal::DaysInvalid { field, .. }
        | Refusal::NumberInvalid { field, .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some(*field)),
        Refusal::OfferUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("offer")),
        Refusal::DateInvalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("begin_date")),
        Refusal::LastDay(_) => (StatusCode::UNPROCESSABLE_ENTITY, Some("until")),
        Refusal::ScopeUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("scopes")),
        Refusal::KeyDamaged(_) => (StatusCode::UNPROCESSABLE_ENTITY, Some("registration_key")),
        Refusal::OperatorUnknown { .. } => (StatusCode::NOT_FOUND, None),
        Refusal::RoleMissing { .. }
        | Refusal::SignInRefused
        | Refusal::CodeWrong
        | Refusal::OperatorDisabled { .. } => (StatusCode::FORBIDDEN, None),
        Refusal::SignInThrottled { .. } => (StatusCode::TOO_MANY_REQUESTS, None),
        Refusal::InvitationUnknown { .. } => (StatusCode::NOT_FOUND, None),
        Refusal::InvitationAmbiguous { .. } | Refusal::InvitationClosed(_) | Refusal::InvitationNotSuspended { .. } => {
            (StatusCode::CONFLICT, None)
        }
        Refusal::LoginTaken => (StatusCode::CONFLICT, Some("login")),
        Refusal::LinkUnusable => (StatusCode::GONE, None),
        Refusal::RoleUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("role")),
        Refusal::EmailInvalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("email")),
        Refusal::EmailDomainInvalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("email_domain")),
        Refusal::PasswordRefused { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("password")),
        Refusal::OperatorExists { .. }
        | Refusal::OperatorNotDisabled { .. }
        | Refusal::OwnerExists { .. }
        | Refusal::LastOwner
        | Refusal::ChangedMeanwhile { .. } => (StatusCode::CONFLICT, None),
        Refusal::SigningKeyUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("signing_key")),
        Refusal::KeyExists { .. } => (StatusCode::CONFLICT, Some("key_id")),
        Refusal::EnrollmentUnknown { .. }
        | Refusal::RegistrationUnknown { .. }
        | Refusal::AgentUnknown { .. }
        | Refusal::QueuedUnknown { .. } => (StatusCode::NOT_FOUND, None),
        Refusal::ConnectionExists { .. } | Refusal::EnrollmentExists { .. } => (StatusCode::CONFLICT, Some("name")),
        Refusal::EnrollmentRevoked { .. }
        | Refusal::EnrollmentSuspended { .. }
        | Refusal::EnrollmentNotSuspended { .. }
        | Refusal::EnrollmentExpired { .. }
        | Refusal::EnrollmentFull { .. }
        | Refusal::AgentPending { .. }
        | Refusal::AgentNotPending { .. }
        | Refusal::AgentQuarantined { .. }
        | Refusal::AgentNotQuarantined { .. } => (StatusCode::CONFLICT, None),
        Refusal::EnrollmentKeyWrong | Refusal::EnrollmentKeyReplaced { .. } => (StatusCode::UNAUTHORIZED, None),
        Refusal::EnrollmentNetwork { .. } => (StatusCode::FORBIDDEN, None),
        Refusal::NetworkInvalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("networks")),
        Refusal::PluginUnknown { .. } | Refusal::PluginVersionUnknown { .. } => (StatusCode::NOT_FOUND, None),
        Refusal::PluginVersionExists { .. } => (StatusCode::CONFLICT, None),
        Refusal::PluginVersionWithdrawn { .. } => (StatusCode::GONE, None),
        Refusal::PluginNotOpened { .. } => (StatusCode::FORBIDDEN, None),
        Refusal::ChannelUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("channel")),
        Refusal::ArchiveRefused(_) | Refusal::SheetRefused { .. } => (StatusCode::UNPROCESSABLE_ENTITY, None),
        Refusal::GlpiUnusable(fault) => (StatusCode::UNPROCESSABLE_ENTITY, of_connection(fault)),
        Refusal::GlpiRightMissing { .. } => (StatusCode::UNPROCESSABLE_ENTITY, None),
        Refusal::InventoryCredentialMixed { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("inventory")),
        Refusal::ConnectionUnknown { .. } => (StatusCode::NOT_FOUND, Some("glpi")),
        Refusal::GlpiUnknown { .. } | Refusal::ConnectionNotNamed { .. } => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some("glpi"))
        }
        Refusal::MessageInvalid { .. } => (StatusCode::BAD_REQUEST, None),
        Refusal::InstanceUnnamed { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("uid")),
        Refusal::EnvironmentUnknown { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("environment")),
        Refusal::AddressInvalid { .. } => (StatusCode::UNPROCESSABLE_ENTITY, Some("url")),
        Refusal::TermMissing | Refusal::TermInvalid => (StatusCode::UNPROCESSABLE_ENTITY, None),
    }
}

/// What of a connection is to be mended, if it is one field: a token and a password are refused in the same words.
pub(crate) fn of_connection(fault: &accounts::Fault) -> Option<&'static str> {
    match fault {
        accounts::Fault::Unanswered(_)
        | accounts::Fault::NotGlpi { .. }
        | accounts::Fault::ApiOff
        | accounts::Fault::AddressNotAllowed
        | accounts::Fault::Broken { .. } => Some("url"),
        accounts::Fault::AppToken => Some("app_token"),
        accounts::Fault::NoLogins => Some("login"),
        accounts::Fault::LoginWrong | accounts::Fault::SessionOver | accounts::Fault::Refused { .. } => None,
    }
}

/// The number of the answer in which we say that we could not.
pub(crate) fn failed(failure: &Failure) -> StatusCode {
    match failure {
        Failure::StoreAway
        | Failure::KeyAbsent { .. }
        | Failure::ClockSuspect
        | Failure::Sealed
        | Failure::Overloaded
        | Failure::RestartNeeded
        | Failure::StorageAway => StatusCode::SERVICE_UNAVAILABLE,
        Failure::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
