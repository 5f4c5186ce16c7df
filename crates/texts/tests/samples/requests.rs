//! One of everything that can be wrong with a request, each variant naming the one that comes after it.

use std::iter::successors;

use latchkey_domain::request::{JsonFault, Kind, NoToken, RequestFault, ValueFault};

use super::instant;

pub(crate) fn requests() -> Vec<RequestFault> {
    let tokens = [NoToken::Scheme, NoToken::Empty].map(RequestFault::TokenMissing);
    let json = successors(Some(JsonFault::NoObject), after_json).map(RequestFault::BodyMalformed);
    let values = || successors(Some(ValueFault::Missing), after_value).chain(kinds());
    let members = values()
        .filter(|fault| {
            !matches!(
                fault,
                ValueFault::ForeignCursor | ValueFault::NoInstant | ValueFault::NoDay | ValueFault::NotTaken
            )
        })
        .map(|fault| RequestFault::BodyInvalid { member: Some("years".to_owned()), fault });
    let of_bodies = |fault: &ValueFault| matches!(fault, ValueFault::WrongKind { wanted: Kind::Text | Kind::List });
    let parameters = values()
        .filter(|fault| !of_bodies(fault))
        .map(|fault| RequestFault::ParameterInvalid { parameter: Some("limit".to_owned()), fault })
        .chain([RequestFault::ParameterInvalid { parameter: None, fault: ValueFault::Unknown { known: vec![] } }]);
    successors(Some(RequestFault::TokenMissing(NoToken::Header)), after_request)
        .chain(tokens)
        .chain([RequestFault::TokenNotKnown { shaped: false }])
        .chain(json)
        .chain(members)
        .chain(parameters)
        .collect()
}

fn after_request(fault: &RequestFault) -> Option<RequestFault> {
    let token = || "m0820g40m1g7".to_owned();
    let path = || "/api/v1/key".to_owned();
    Some(match fault {
        RequestFault::TokenMissing(_) => RequestFault::TokenNotKnown { shaped: true },
        RequestFault::TokenNotKnown { .. } => RequestFault::TokenDamaged,
        RequestFault::TokenDamaged => RequestFault::TokenExpired { token: token(), since: instant() },
        RequestFault::TokenExpired { .. } => RequestFault::TokenRevoked { token: token(), since: instant() },
        RequestFault::TokenRevoked { .. } => RequestFault::TokenMisplaced,
        RequestFault::TokenMisplaced => RequestFault::ScopeMissing { scope: "keys:issue" },
        RequestFault::ScopeMissing { .. } => RequestFault::TooManyRequests { most: 1_200 },
        RequestFault::TooManyRequests { .. } => RequestFault::TooManyFailedKeys,
        RequestFault::TooManyFailedKeys => RequestFault::HeadersTooLong { most: 65_536 },
        RequestFault::HeadersTooLong { .. } => RequestFault::BodyNotJson,
        RequestFault::BodyNotJson => RequestFault::BodyTooLong { most: 65_536 },
        RequestFault::BodyTooLong { .. } => RequestFault::IdempotencyKeyInvalid { most: 200 },
        RequestFault::IdempotencyKeyInvalid { .. } => RequestFault::IdempotencyKeyReused,
        RequestFault::IdempotencyKeyReused => RequestFault::AddressUnknown { path: path() },
        RequestFault::AddressUnknown { .. } => {
            RequestFault::MethodNotAllowed { path: path(), method: "DELETE".to_owned() }
        }
        RequestFault::MethodNotAllowed { .. } => RequestFault::Stopping,
        // These have samples of their own.
        RequestFault::Stopping
        | RequestFault::BodyMalformed(_)
        | RequestFault::BodyInvalid { .. }
        | RequestFault::ParameterInvalid { .. } => return None,
    })
}

fn after_json(fault: &JsonFault) -> Option<JsonFault> {
    Some(match fault {
        JsonFault::NoObject => JsonFault::Twice { member: "years".to_owned() },
        JsonFault::Twice { .. } => JsonFault::TooDeep { most: 8 },
        JsonFault::TooDeep { .. } => JsonFault::Syntax { line: 1, column: 14 },
        JsonFault::Syntax { .. } => return None,
    })
}

fn after_value(fault: &ValueFault) -> Option<ValueFault> {
    let known = || ["active", "revoked"].map(str::to_owned).to_vec();
    Some(match fault {
        ValueFault::Missing => ValueFault::Twice,
        ValueFault::Twice => ValueFault::Unknown { known: known() },
        ValueFault::Unknown { .. } => ValueFault::NotOneOf { given: "actve".to_owned(), known: known() },
        ValueFault::NotOneOf { .. } => ValueFault::OutOfRange { least: 1, most: 200 },
        ValueFault::OutOfRange { .. } => ValueFault::ForeignCursor,
        ValueFault::ForeignCursor => ValueFault::NoInstant,
        ValueFault::NoInstant => ValueFault::NoDay,
        ValueFault::NoDay => ValueFault::NotTaken,
        ValueFault::NotTaken | ValueFault::WrongKind { .. } => return None,
    })
}

fn kinds() -> impl Iterator<Item = ValueFault> {
    let after = |kind: &Kind| {
        Some(match kind {
            Kind::Text => Kind::Number,
            Kind::Number => Kind::List,
            Kind::List => Kind::Other,
            Kind::Other => return None,
        })
    };
    successors(Some(Kind::Text), after).map(|wanted| ValueFault::WrongKind { wanted })
}
