//! Why a request to others was not answered.

use fluent_bundle::FluentArgs;
use latchkey_domain::outgoing::{Distrust, NoConnection, Origin, Stage, Unanswered, UrlFault};

use super::{LONGEST_PATH, args, shortened};

pub(crate) fn unanswered(unanswered: &Unanswered) -> FluentArgs<'static> {
    // An origin is a stranger's word as well.
    let from = |origin: &Origin| ("origin", shortened(&origin.to_string(), LONGEST_PATH));
    match unanswered {
        Unanswered::UrlInvalid(fault) => {
            let fault = match fault {
                UrlFault::Form => "form",
                UrlFault::Scheme => "scheme",
                UrlFault::Credentials => "credentials",
                UrlFault::Length => "length",
            };
            args([("fault", fault)])
        }
        Unanswered::Forbidden { origin, address, allowable } => {
            let allowable = if *allowable { "yes" } else { "no" }.to_owned();
            args([from(origin), ("address", address.to_string()), ("allowable", allowable)])
        }
        Unanswered::NameUnknown { origin } | Unanswered::Broken { origin } => args([from(origin)]),
        Unanswered::NotConnected { origin, why } => {
            let why = match why {
                NoConnection::Refused => "refused",
                NoConnection::Unreachable => "unreachable",
                NoConnection::Other => "other",
            };
            args([from(origin), ("why", why.to_owned())])
        }
        Unanswered::Untrusted { origin, why } => {
            let why = match why {
                Distrust::Issuer => "issuer",
                Distrust::Name => "name",
                Distrust::Time => "time",
                Distrust::NoTls => "no-tls",
            };
            args([from(origin), ("why", why.to_owned())])
        }
        Unanswered::TimedOut { origin, stage } => {
            let stage = match stage {
                Stage::Name => "name",
                Stage::Connection => "connection",
                Stage::Answer => "answer",
            };
            args([from(origin), ("stage", stage.to_owned())])
        }
        Unanswered::TooLong { origin, most } => args([from(origin), ("most", most.to_string())]),
        Unanswered::Redirected { origin, to: Some(to) } => {
            args([from(origin), ("where", "known".to_owned()), ("to", shortened(&to.to_string(), LONGEST_PATH))])
        }
        Unanswered::Redirected { origin, to: None } => args([from(origin), ("where", "unknown".to_owned())]),
    }
}
