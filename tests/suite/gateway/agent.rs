//! A stock agent, as far as the network goes: it sends what was captured from a real one.

use std::net::SocketAddr;
use std::time::Duration;

use latchkey_domain::enrollment::{Policy, Tag};
use latchkey_domain::text::Name;
use latchkey_glpi::agent::{Packing, check};
use latchkey_store::Actor;
use latchkey_store::enrollment::keys::{self, Created, Order};
use latchkey_tests_support::http::{Request, Response};
use serde_json::Value;

use crate::house::{House, test_file};

pub(crate) const DEVICE: &str = "front-desk-01-2026-11-22-02-29-13";
pub(crate) const UID: &str = "81f19132-e61c-11f1-ade9-28db19278d72";

/// How an agent shows its key.
#[derive(Debug, Clone)]
pub(crate) enum Shows {
    Nothing,
    Basic(String, String),
    Bearer(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) gateway: SocketAddr,
    pub(crate) server: String,
    pub(crate) shows: Shows,
    pub(crate) device: String,
    pub(crate) uid: Option<String>,
    pub(crate) packing: Packing,
}

impl Agent {
    /// An agent that was told a server and a key.
    pub(crate) fn with(house: &House, key: &Created) -> Self {
        Self::at(house.address(), key.key.id.clone(), key.text.reveal().to_owned())
    }

    pub(crate) fn at(gateway: SocketAddr, user: String, password: String) -> Self {
        Self {
            gateway,
            server: "/gateway/front/inventory.php".to_owned(),
            shows: Shows::Basic(user, password),
            device: DEVICE.to_owned(),
            uid: Some(UID.to_owned()),
            packing: Packing::Zlib,
        }
    }

    /// Another machine with the same server and key.
    pub(crate) fn number(&self, number: usize) -> Self {
        let uid = format!("81f19132-e61c-11f1-ade9-{number:012x}");
        Self { device: format!("machine-{number}-2026-11-22-02-29-13"), uid: Some(uid), ..self.clone() }
    }

    pub(crate) fn prolog(&self) -> Response {
        self.sends(&captured("prolog.xml"))
    }

    pub(crate) fn contact(&self) -> Response {
        self.sends(&captured("contact.json"))
    }

    pub(crate) fn inventory(&self) -> Response {
        self.sends(&captured("inventory-full.json"))
    }

    pub(crate) fn partial(&self) -> Response {
        self.sends(&captured("inventory-partial.json"))
    }

    /// Sends a captured message, with the name of this machine in it, packed as this agent packs.
    pub(crate) fn sends(&self, message: &str) -> Response {
        self.request(message).send(self.gateway).unwrap_checked()
    }

    pub(crate) fn request(&self, message: &str) -> Request {
        let message = message.replace(DEVICE, &self.device).replace("vm-2026-11-22-02-29-17", &self.device);
        let kind = match self.packing {
            Packing::Zlib => "application/x-compress-zlib",
            Packing::Gzip => "application/x-compress-gzip",
            Packing::Plain if message.starts_with('<') => "application/xml",
            Packing::Plain => "application/json",
        };
        self.dressed(Request::post(&self.server))
            .header("Content-Type", kind)
            .body(self.packing.pack(message.as_bytes()))
            .timeout(Duration::from_secs(30))
    }

    /// With the headers that every message has.
    pub(crate) fn dressed(&self, request: Request) -> Request {
        let request = request
            .header("User-Agent", "GLPI-Agent_v1.12-dev")
            .header("TE", "deflate,gzip;q=0.3")
            .header("Connection", "Keep-Alive, TE")
            .header("Keep-Alive", "300");
        let request = match &self.uid {
            Some(uid) => request.header("GLPI-Agent-ID", uid),
            None => request,
        };
        match &self.shows {
            Shows::Nothing => request,
            Shows::Basic(user, password) => request.header("Authorization", &check::basic(user, password)),
            Shows::Bearer(token) => request.header("Authorization", &format!("Bearer {token}")),
        }
    }
}

/// Nothing but a way to keep the chain above in one piece.
trait Checked {
    fn unwrap_checked(self) -> Response;
}

impl Checked for Response {
    fn unwrap_checked(self) -> Response {
        assert!(self.status != 500 && self.status != 502, "{}", self.text());
        self
    }
}

/// What an answer says, unpacked.
pub(crate) fn words(response: &Response) -> String {
    let plain = Packing::of(&response.body).unpack(&response.body, 1 << 20).unwrap();
    String::from_utf8(plain).unwrap()
}

pub(crate) fn json(response: &Response) -> Value {
    serde_json::from_str(&words(response)).unwrap_or_else(|error| panic!("{error}: {}", words(response)))
}

pub(crate) fn captured(name: &str) -> String {
    std::fs::read_to_string(test_file("fixtures/agent").join(name)).unwrap()
}

/// A key that lets everybody in.
pub(crate) fn key(house: &House) -> Created {
    key_with(house, "Site A", |_| {})
}

pub(crate) fn key_with(house: &House, name: &str, change: impl Fn(&mut Policy)) -> Created {
    let created = key_of(house, name, change);
    // The gateway hears of it by the feed.
    let agent = Agent::with(house, &created);
    latchkey_tests_support::poll_until(Duration::from_secs(5), || {
        let request = agent.dressed(Request::post(&agent.server)).header("Latchkey-Check", "1").body("{}");
        (request.send(agent.gateway).status != 401).then_some(())
    });
    created
}

/// The same, without waiting for anybody to hear of it.
pub(crate) fn key_of(house: &House, name: &str, change: impl Fn(&mut Policy)) -> Created {
    let mut policy = Policy { glpi: "main".into(), tag: None, agent_limit: None, networks: vec![], approves: true };
    change(&mut policy);
    let order = Order { name: Name::parse("name", name).unwrap(), policy, days: None };
    let (vault, actor) = (house.vault.clone(), actor());
    let created = house.store.write_blocking(house.clock.wall(), move |tx| keys::create(tx, &vault, &order, &actor));
    created.unwrap()
}

pub(crate) fn tag(text: &str) -> Option<Tag> {
    Some(Tag::parse(text).unwrap())
}

pub(crate) fn actor() -> Actor {
    Actor::command_line("tester")
}
