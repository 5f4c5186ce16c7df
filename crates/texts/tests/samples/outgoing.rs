//! Every way in which somebody else does not answer, each variant naming the one that comes after it.

use std::iter::successors;
use std::net::{IpAddr, Ipv4Addr};

use latchkey_domain::outgoing::{Distrust, NoConnection, Origin, Stage, Unanswered, UrlFault};

pub(crate) fn unanswered_all() -> Vec<Unanswered> {
    let faults = successors(Some(UrlFault::Form), |fault| {
        Some(match fault {
            UrlFault::Form => UrlFault::Scheme,
            UrlFault::Scheme => UrlFault::Credentials,
            UrlFault::Credentials => UrlFault::Length,
            UrlFault::Length => return None,
        })
    });
    let connections = successors(Some(NoConnection::Refused), |why| {
        Some(match why {
            NoConnection::Refused => NoConnection::Unreachable,
            NoConnection::Unreachable => NoConnection::Other,
            NoConnection::Other => return None,
        })
    });
    let distrusts = successors(Some(Distrust::Issuer), |why| {
        Some(match why {
            Distrust::Issuer => Distrust::Name,
            Distrust::Name => Distrust::Time,
            Distrust::Time => Distrust::NoTls,
            Distrust::NoTls => return None,
        })
    });
    let stages = successors(Some(Stage::Name), |stage| {
        Some(match stage {
            Stage::Name => Stage::Connection,
            Stage::Connection => Stage::Answer,
            Stage::Answer => return None,
        })
    });
    successors(Some(Unanswered::NameUnknown { origin: origin() }), after)
        .chain(faults.map(Unanswered::UrlInvalid))
        .chain(connections.map(|why| Unanswered::NotConnected { origin: origin(), why }))
        .chain(distrusts.map(|why| Unanswered::Untrusted { origin: origin(), why }))
        .chain(stages.map(|stage| Unanswered::TimedOut { origin: origin(), stage }))
        .chain([
            Unanswered::Forbidden { origin: origin(), address: internal(), allowable: true },
            Unanswered::Redirected { origin: origin(), to: None },
        ])
        .collect()
}

fn after(unanswered: &Unanswered) -> Option<Unanswered> {
    let elsewhere = || Origin { secure: false, host: "b.example".to_owned(), port: 8_080 };
    Some(match unanswered {
        Unanswered::NameUnknown { .. } => Unanswered::Forbidden {
            origin: origin(),
            address: IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)),
            allowable: false,
        },
        Unanswered::Forbidden { .. } => Unanswered::TooLong { origin: origin(), most: 65_536 },
        Unanswered::TooLong { .. } => Unanswered::Redirected { origin: origin(), to: Some(elsewhere()) },
        Unanswered::Redirected { .. } => Unanswered::Broken { origin: origin() },
        // These have samples of their own.
        Unanswered::Broken { .. }
        | Unanswered::UrlInvalid(_)
        | Unanswered::NotConnected { .. }
        | Unanswered::Untrusted { .. }
        | Unanswered::TimedOut { .. } => return None,
    })
}

fn origin() -> Origin {
    Origin { secure: true, host: "glpi.example.org".to_owned(), port: 443 }
}

fn internal() -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(10, 0, 0, 7))
}
