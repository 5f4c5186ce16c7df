//! What is wrong with a request to the service itself, before any rule is asked: who sends it, how it is written, how often
//! it comes.
//!
//! The caller's to mend, as a [`Refusal`](crate::Refusal) is; but it speaks of the request, never of a key.

use crate::time::Timestamp;

/// Why a request is not taken as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestFault {
    /// Nobody says who asks.
    TokenMissing(NoToken),
    /// The token is not one of this service's.
    TokenNotKnown {
        /// Whether it looks like one, so that its secret may be another.
        shaped: bool,
    },
    /// Characters of the token are missing, or one was changed.
    TokenDamaged,
    /// The token's time is over.
    TokenExpired {
        /// Its id.
        token: String,
        /// Since when.
        since: Timestamp,
    },
    /// The token's right was taken away.
    TokenRevoked {
        /// Its id.
        token: String,
        /// Since when.
        since: Timestamp,
    },
    /// A token stands in the address, which is written into logs and histories on its way.
    TokenMisplaced,
    /// The token may not do this.
    ScopeMissing {
        /// The scope that it would need.
        scope: &'static str,
    },
    /// The token has come too often.
    TooManyRequests {
        /// How often it may come in a minute.
        most: u32,
    },
    /// The address has come too often with keys that are none.
    TooManyFailedKeys,
    /// The headers are too long together.
    HeadersTooLong {
        /// The most bytes.
        most: usize,
    },
    /// The body is of another type than JSON.
    BodyNotJson,
    /// The body is too long, or it broke off.
    BodyTooLong {
        /// The most bytes.
        most: usize,
    },
    /// The body does not read.
    BodyMalformed(JsonFault),
    /// A member of the body is not as it should be.
    BodyInvalid {
        /// Which one, where that is known.
        member: Option<String>,
        /// What is wrong with it.
        fault: ValueFault,
    },
    /// A parameter in the address is not as it should be.
    ParameterInvalid {
        /// Which one, where that is known.
        parameter: Option<String>,
        /// What is wrong with it.
        fault: ValueFault,
    },
    /// An `Idempotency-Key` that is none.
    IdempotencyKeyInvalid {
        /// The most characters that one has.
        most: usize,
    },
    /// Another request of this token had the same `Idempotency-Key`.
    IdempotencyKeyReused,
    /// Nothing is at this address.
    AddressUnknown {
        /// Its path.
        path: String,
    },
    /// The address takes another method.
    MethodNotAllowed {
        /// Its path.
        path: String,
        /// The method that it does not take.
        method: String,
    },
    /// The server was told to stop.
    Stopping,
}

/// In which way a request carries no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoToken {
    /// The header that takes one is not there, or more than once.
    Header,
    /// The header holds something else.
    Scheme,
    /// There is nothing after the word that announces one.
    Empty,
}

/// Why a text is not JSON as it is taken here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonFault {
    /// It is JSON, but no object.
    NoObject,
    /// A member stands there twice.
    Twice {
        /// Which one.
        member: String,
    },
    /// Values within values within values.
    TooDeep {
        /// How deep they may be.
        most: u8,
    },
    /// It is not JSON, from this place on; both are counted from 1.
    Syntax {
        /// The line.
        line: usize,
        /// The character of the line.
        column: usize,
    },
}

/// What is wrong with a member or a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueFault {
    /// There is none of this name.
    Unknown {
        /// All there are.
        known: Vec<String>,
    },
    /// It has to be there.
    Missing,
    /// It stands there twice.
    Twice,
    /// It is one of a few words, and this is another.
    NotOneOf {
        /// What was given.
        given: String,
        /// All there are.
        known: Vec<String>,
    },
    /// The value is of another kind.
    WrongKind {
        /// The kind that is wanted.
        wanted: Kind,
    },
    /// A number that is too small or too large.
    OutOfRange {
        /// The smallest.
        least: u32,
        /// The largest.
        most: u32,
    },
    /// A place in a list that this list did not give out.
    ForeignCursor,
    /// Neither an instant nor a day.
    NoInstant,
    /// Not a day.
    NoDay,
    /// This address takes no parameters.
    NotTaken,
}

/// The kind of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number that is not negative.
    Number,
    /// A list.
    List,
    /// Anything else; the operation's description says what.
    Other,
}

impl RequestFault {
    /// The stable name of the cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TokenMissing(_) => "TOKEN_MISSING",
            Self::TokenNotKnown { .. } => "TOKEN_NOT_KNOWN",
            Self::TokenDamaged => "TOKEN_DAMAGED",
            Self::TokenExpired { .. } => "TOKEN_EXPIRED",
            Self::TokenRevoked { .. } => "TOKEN_REVOKED",
            Self::TokenMisplaced => "TOKEN_MISPLACED",
            Self::ScopeMissing { .. } => "SCOPE_MISSING",
            Self::TooManyRequests { .. } => "TOO_MANY_REQUESTS",
            Self::TooManyFailedKeys => "TOO_MANY_FAILED_KEYS",
            Self::HeadersTooLong { .. } => "HEADERS_TOO_LONG",
            Self::BodyNotJson => "BODY_NOT_JSON",
            Self::BodyTooLong { .. } => "BODY_TOO_LONG",
            Self::BodyMalformed(_) => "BODY_MALFORMED",
            Self::BodyInvalid { .. } => "BODY_INVALID",
            Self::ParameterInvalid { .. } => "PARAMETER_INVALID",
            Self::IdempotencyKeyInvalid { .. } => "IDEMPOTENCY_KEY_INVALID",
            Self::IdempotencyKeyReused => "IDEMPOTENCY_KEY_REUSED",
            Self::AddressUnknown { .. } => "NOT_FOUND",
            Self::MethodNotAllowed { .. } => "METHOD_NOT_ALLOWED",
            Self::Stopping => "STOPPING",
        }
    }
}
