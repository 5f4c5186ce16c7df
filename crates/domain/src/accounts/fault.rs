//! Why a GLPI did not do what it was asked for.

use crate::outgoing::Unanswered;

/// Why a call came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no answer. Whether what was asked for was done is not known.
    Unanswered(Unanswered),
    /// What answers is no REST API of a GLPI.
    NotGlpi {
        /// The status of the answer.
        status: u16,
    },
    /// The API is switched off.
    ApiOff,
    /// No client of the API is allowed at this address of ours.
    AddressNotAllowed,
    /// The application's token is missing or wrong.
    AppToken,
    /// Login, password or token are wrong.
    LoginWrong,
    /// The API takes no logins with passwords.
    NoLogins,
    /// The session is over.
    SessionOver,
    /// It was refused; the code says in which way.
    Refused {
        /// GLPI's own code.
        code: String,
    },
    /// Something went wrong on its side. Whether what was asked for was done is not known.
    Broken {
        /// The status of the answer.
        status: u16,
    },
}

impl Fault {
    /// The stable name of the cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unanswered(unanswered) => unanswered.code(),
            Self::NotGlpi { .. } => "GLPI_NOT_FOUND",
            Self::ApiOff => "GLPI_API_OFF",
            Self::AddressNotAllowed => "GLPI_ADDRESS_NOT_ALLOWED",
            Self::AppToken => "GLPI_APP_TOKEN_WRONG",
            Self::LoginWrong => "GLPI_LOGIN_WRONG",
            Self::NoLogins => "GLPI_LOGINS_OFF",
            Self::SessionOver => "GLPI_SESSION_OVER",
            Self::Refused { .. } => "GLPI_REFUSED",
            Self::Broken { .. } => "GLPI_BROKEN",
        }
    }

    /// Whether what was asked for may have been done.
    pub fn may_be_done(&self) -> bool {
        match self {
            Self::Unanswered(_) | Self::Broken { .. } => true,
            Self::NotGlpi { .. }
            | Self::ApiOff
            | Self::AddressNotAllowed
            | Self::AppToken
            | Self::LoginWrong
            | Self::NoLogins
            | Self::SessionOver
            | Self::Refused { .. } => false,
        }
    }
}
