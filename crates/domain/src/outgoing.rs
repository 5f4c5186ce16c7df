//! Why a request to somebody else was not answered.
//!
//! Whoever is asked is named by scheme, host and port alone: what stands behind those in an address may be a secret.

use core::fmt;
use core::net::IpAddr;

/// Whom a request goes to: `https://glpi.example.org`, `http://10.0.0.7:8080`. Never a user, a path or a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whether it is encrypted.
    pub secure: bool,
    /// The host, in lower case; an IPv6 address in its brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// The address is none that is asked here.
    UrlInvalid(UrlFault),
    /// Behind the name stand only addresses that are not asked.
    Forbidden {
        /// Whom it went to.
        origin: Origin,
        /// One of the addresses.
        address: IpAddr,
        /// Whether configuration can allow it.
        allowable: bool,
    },
    /// No address is known for the name.
    NameUnknown {
        /// Whom it went to.
        origin: Origin,
    },
    /// Nobody takes the connection.
    NotConnected {
        /// Whom it went to.
        origin: Origin,
        /// In which way.
        why: NoConnection,
    },
    /// The certificate does not do, or TLS is not spoken there.
    Untrusted {
        /// Whom it went to.
        origin: Origin,
        /// What is wrong.
        why: Distrust,
    },
    /// It took too long.
    TimedOut {
        /// Whom it went to.
        origin: Origin,
        /// What was waited for.
        stage: Stage,
    },
    /// The answer is longer than what is taken.
    TooLong {
        /// Whom it went to.
        origin: Origin,
        /// The most bytes.
        most: usize,
    },
    /// The answer sends elsewhere, where the request does not follow.
    Redirected {
        /// Whom it went to.
        origin: Origin,
        /// Where it should have gone, if that can be read.
        to: Option<Origin>,
    },
    /// The connection broke off, or what came over it is not HTTP.
    Broken {
        /// Whom it went to.
        origin: Origin,
    },
}

/// What is wrong with the address of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlFault {
    /// It does not read.
    Form,
    /// Neither `http` nor `https`.
    Scheme,
    /// It holds a user, and perhaps a password.
    Credentials,
    /// It is longer than any that is taken.
    Length,
}

/// In which way there is no connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoConnection {
    /// The machine is there, and nothing listens.
    Refused,
    /// No way leads there.
    Unreachable,
    /// Anything else.
    Other,
}

/// Why somebody is not believed to be who they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// Nobody we know vouches for the certificate.
    Issuer,
    /// The certificate is another host's.
    Name,
    /// The certificate's time is over, or has not begun.
    Time,
    /// TLS is not spoken there, or not one that we speak.
    NoTls,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The addresses of a name.
    Name,
    /// A connection.
    Connection,
    /// The answer, to its end.
    Answer,
}

impl Unanswered {
    /// The stable name of the cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UrlInvalid(_) => "OUTGOING_URL_INVALID",
            Self::Forbidden { .. } => "OUTGOING_ADDRESS_FORBIDDEN",
            Self::NameUnknown { .. } => "OUTGOING_NAME_UNKNOWN",
            Self::NotConnected { .. } => "OUTGOING_NOT_CONNECTED",
            Self::Untrusted { .. } => "OUTGOING_NOT_TRUSTED",
            Self::TimedOut { .. } => "OUTGOING_TIMED_OUT",
            Self::TooLong { .. } => "OUTGOING_ANSWER_TOO_LONG",
            Self::Redirected { .. } => "OUTGOING_REDIRECTED",
            Self::Broken { .. } => "OUTGOING_BROKEN_OFF",
        }
    }

    /// Whether the same request may be answered later, with nothing mended here.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::NameUnknown { .. } | Self::NotConnected { .. } | Self::TimedOut { .. } | Self::Broken { .. } => true,
            Self::UrlInvalid(_)
            | Self::Forbidden { .. }
            | Self::Untrusted { .. }
            | Self::TooLong { .. }
            | Self::Redirected { .. } => false,
        }
    }
}

/// The port is left out where it is the scheme's own.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { secure, host, port } = self;
        let (scheme, usual) = if *secure { ("https", 443) } else { ("http", 80) };
        if *port == usual { write!(f, "{scheme}://{host}") } else { write!(f, "{scheme}://{host}:{port}") }
    }
}
