//! The gateway that agents come to, and the GLPI behind it.

use std::net::SocketAddr;
use std::time::Duration;

use latchkey_domain::accounts::{InventoryCredential, Secret};
use latchkey_domain::time::DAY;
use latchkey_outgoing::upstream::Upstream;
use latchkey_outgoing::{Settings as Outgoing, Target};
use latchkey_server::gateway::Settings;
use latchkey_store::enrollment::keys::MAIN;
use latchkey_store::enrollment::queue::Bounds;

use super::{Config, Setting, Stated, public_url};
use crate::commands::Command;
use crate::problem::Problem;

/// A setting of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GatewaySetting {
    Listen,
    Url,
    Upstream,
    User,
    Password,
    ClientId,
    ClientSecret,
    UpstreamSeconds,
    ReceiveSeconds,
    MaxBodyBytes,
    MaxPlainBytes,
    QueueBytes,
    QueueDays,
}

/// All of it, as it was configured.
pub(crate) struct GatewayConfig {
    listen: Option<SocketAddr>,
    /// Where agents find it, with a slash at its end.
    pub(crate) url: Option<String>,
    upstream: Option<Target>,
    credential: InventoryCredential,
    limits: Settings,
}

impl GatewaySetting {
    pub(crate) const ALL: [Self; 13] = [
        Self::Listen,
        Self::Url,
        Self::Upstream,
        Self::User,
        Self::Password,
        Self::ClientId,
        Self::ClientSecret,
        Self::UpstreamSeconds,
        Self::ReceiveSeconds,
        Self::MaxBodyBytes,
        Self::MaxPlainBytes,
        Self::QueueBytes,
        Self::QueueDays,
    ];

    /// Its names: in the configuration file, in the environment, and as a flag of `serve`, if it is one.
    const fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Listen => ("gateway_listen", "GATEWAY_LISTEN", "--gateway-listen"),
            Self::Url => ("gateway_url", "GATEWAY_URL", "--gateway-url"),
            Self::Upstream => ("gateway_upstream", "GATEWAY_UPSTREAM", "--gateway-upstream"),
            Self::User => ("gateway_upstream_user", "GATEWAY_UPSTREAM_USER", ""),
            Self::Password => ("gateway_upstream_password", "GATEWAY_UPSTREAM_PASSWORD", ""),
            Self::ClientId => ("gateway_upstream_client_id", "GATEWAY_UPSTREAM_CLIENT_ID", ""),
            Self::ClientSecret => ("gateway_upstream_client_secret", "GATEWAY_UPSTREAM_CLIENT_SECRET", ""),
            Self::UpstreamSeconds => ("gateway_upstream_seconds", "GATEWAY_UPSTREAM_SECONDS", ""),
            Self::ReceiveSeconds => ("gateway_receive_seconds", "GATEWAY_RECEIVE_SECONDS", ""),
            Self::MaxBodyBytes => ("gateway_max_body_bytes", "GATEWAY_MAX_BODY_BYTES", ""),
            Self::MaxPlainBytes => ("gateway_max_plain_bytes", "GATEWAY_MAX_PLAIN_BYTES", ""),
            Self::QueueBytes => ("gateway_queue_bytes", "GATEWAY_QUEUE_BYTES", ""),
            Self::QueueDays => ("gateway_queue_days", "GATEWAY_QUEUE_DAYS", ""),
        }
    }

    pub(super) const fn key(self) -> &'static str {
        self.names().0
    }

    pub(super) const fn variable(self) -> &'static str {
        self.names().1
    }

    pub(super) const fn flag(self) -> &'static str {
        self.names().2
    }

    pub(super) fn flag_of(self, command: &Command) -> Option<String> {
        let Command::Serve(serve) = command else { return None };
        match self {
            Self::Listen => serve.gateway_listen.clone(),
            Self::Url => serve.gateway_url.clone(),
            Self::Upstream => serve.gateway_upstream.clone(),
            Self::User
            | Self::Password
            | Self::ClientId
            | Self::ClientSecret
            | Self::UpstreamSeconds
            | Self::ReceiveSeconds
            | Self::MaxBodyBytes
            | Self::MaxPlainBytes
            | Self::QueueBytes
            | Self::QueueDays => None,
        }
    }
}

impl GatewayConfig {
    pub(super) fn read(stated: &dyn Fn(Setting) -> Option<Stated>) -> Result<Self, Problem> {
        let stated = |setting: GatewaySetting| stated(Setting::Gateway(setting));
        let number = |setting, what: &str, default: u64| -> Result<u64, Problem> {
            match stated(setting) {
                Some(stated) => {
                    let number: u64 = stated.read("a whole number", what)?;
                    if number == 0 { Err(stated.unreadable("more than nothing", what)) } else { Ok(number) }
                }
                None => Ok(default),
            }
        };
        let usual = Settings::default();
        let size = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
        let queue = u64::try_from(usual.bounds.bytes).unwrap_or_default();
        let days =
            number(GatewaySetting::QueueDays, "days, such as 30", u64::try_from(usual.bounds.age / DAY).unwrap_or(1))?;
        let limits = Settings {
            upstream_time: Duration::from_secs(number(
                GatewaySetting::UpstreamSeconds,
                "seconds, such as 20",
                usual.upstream_time.as_secs(),
            )?),
            receive_time: Duration::from_secs(number(
                GatewaySetting::ReceiveSeconds,
                "seconds, such as 60",
                usual.receive_time.as_secs(),
            )?),
            packed_bytes: size(number(
                GatewaySetting::MaxBodyBytes,
                "bytes, such as 16777216",
                usual.packed_bytes as u64,
            )?),
            plain_bytes: size(number(
                GatewaySetting::MaxPlainBytes,
                "bytes, such as 67108864",
                usual.plain_bytes as u64,
            )?),
            bounds: Bounds {
                bytes: i64::try_from(number(GatewaySetting::QueueBytes, "bytes, such as 2147483648", queue)?)
                    .unwrap_or(i64::MAX),
                age: i64::try_from(days).unwrap_or(1).saturating_mul(DAY),
            },
            ..usual
        };
        Ok(Self {
            listen: match stated(GatewaySetting::Listen) {
                Some(stated) => {
                    Some(stated.read("an address to listen on", "an IP address and a port, such as 0.0.0.0:7443")?)
                }
                None => None,
            },
            url: match stated(GatewaySetting::Url) {
                Some(stated) => Some(format!("{}/", public_url(&stated)?)),
                None => None,
            },
            upstream: stated(GatewaySetting::Upstream).map(|stated| upstream(&stated)).transpose()?,
            credential: credential(&stated)?,
            limits,
        })
    }

    /// For the server. `outgoing` says whose word for a certificate counts.
    pub(crate) fn settings(&self, config: &Config) -> Result<Settings, Problem> {
        let outgoing: Outgoing = config.outgoing.settings()?;
        let Settings { answer_bytes, upstream_time, receive_time, packed_bytes, plain_bytes, bounds, .. } = self.limits;
        let glpis = match &self.upstream {
            Some(target) => {
                let upstream = Upstream::new(target.clone(), &outgoing, answer_bytes);
                vec![(MAIN.to_owned(), upstream, self.credential.clone())]
            }
            None => Vec::new(),
        };
        Ok(Settings {
            listen: self.listen,
            public_url: self.url.clone(),
            glpis,
            outgoing,
            answer_bytes,
            upstream_time,
            receive_time,
            packed_bytes,
            plain_bytes,
            bounds,
        })
    }
}

/// The address of a GLPI, as people know it: that of its inventory page means the GLPI.
fn upstream(stated: &Stated) -> Result<Target, Problem> {
    let text = stated.text.trim();
    let text = ["/front/inventory.php", "/Inventory"].iter().find_map(|page| text.strip_suffix(page)).unwrap_or(text);
    let target = Target::parse(text).map_err(|_| {
        stated.unreadable("the address of a GLPI", "one like https://glpi.example.org or http://10.0.0.7:8080/glpi")
    })?;
    if text.contains('?') {
        Err(stated.unreadable("the address of a GLPI", "it without what follows the ?"))
    } else {
        Ok(target)
    }
}

fn credential(stated: &dyn Fn(GatewaySetting) -> Option<Stated>) -> Result<InventoryCredential, Problem> {
    let pair = |name: GatewaySetting, secret: GatewaySetting| match (stated(name), stated(secret)) {
        (Some(name), Some(secret)) => Ok(Some((name.text, Secret::new(&zeroize::Zeroizing::new(secret.text))))),
        (None, None) => Ok(None),
        (Some(given), None) => Err(half(&given, secret)),
        (None, Some(given)) => Err(half(&given, name)),
    };
    let basic = pair(GatewaySetting::User, GatewaySetting::Password)?;
    let client = pair(GatewaySetting::ClientId, GatewaySetting::ClientSecret)?;
    Ok(match (basic, client) {
        (None, None) => InventoryCredential::None,
        (Some((user, password)), None) => InventoryCredential::Basic { user, password },
        (None, Some((id, secret))) => InventoryCredential::Client { id, secret },
        (Some(_), Some(_)) => {
            return Err(Problem::usage(
                "GLPI is to be shown a password and a client's secret",
                "name a user and its password, or a client and its secret",
            ));
        }
    })
}

fn half(given: &Stated, missing: GatewaySetting) -> Problem {
    Problem::usage(
        format!("{}: only half of a credential", given.place),
        format!("name the other half as LATCHKEY_{}", missing.variable()),
    )
}
