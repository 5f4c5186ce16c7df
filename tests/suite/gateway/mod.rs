//! Agents before the gateway, with the messages of real ones, and a GLPI behind it that does what it is told.

mod agent;
mod api;
mod away;
mod commands;
mod crowd;
mod glpi;
mod kills;
mod legacy;
mod malice;
mod shown;
mod stories;
mod targets;
mod traps;

use latchkey_domain::enrollment::{AgentUid, DeviceId};
use latchkey_store::enrollment::queue::{Bounds, Parcel};
use latchkey_store::enrollment::{agents, hours, queue};

pub(crate) use self::agent::{Agent, key, key_of};
pub(crate) use self::glpi::{Mood, StubGlpi};
use crate::house::House;

/// A key, agents that came with it, and a message that waits, for whoever looks at pages: their ids.
pub(crate) fn something_of_each(house: &House) -> [String; 3] {
    let now = house.clock.wall();
    let created = key_of(house, "Site A, 2nd floor <b>", |policy| {
        policy.tag = agent::tag("SITE-A");
        policy.agent_limit = Some(200);
    });
    let id = created.key.id.clone();
    let bound = house.store.write_blocking(now, move |tx| {
        hours::count(tx, now, &[("inventory".into(), String::new(), 40), ("inventory".into(), "STORED".into(), 7)])?;
        hours::count(tx, now, &[("contact".into(), "ENROLLMENT_KEY_REVOKED".into(), 3)])?;
        let sighting = |number: usize| agents::Sighting {
            device: DeviceId::parse(&format!("front-desk-{number:02}-2026-11-22-02-29-13")).unwrap(),
            uid: AgentUid::parse("81f19132-e61c-11f1-ade9-28db19278d72"),
            generation: 1,
            address: "10.20.0.7".into(),
            version: "GLPI-Agent_v1.12".into(),
            tag: Some("SITE-A".into()),
        };
        agents::bind(tx, &id, &sighting(1))?;
        agents::bind(tx, &id, &sighting(2))
    });
    let agent = bound.unwrap().agent.id.to_string();
    let parcel = Parcel {
        agent: agent.clone(),
        device: "front-desk-02-2026-11-22-02-29-13".into(),
        glpi: "main".into(),
        what: "inventory".into(),
        head: "{}".into(),
        body: vec![1; 1_000],
    };
    let queue = queue::open(house.store.location(), now).unwrap();
    let bounds = Bounds { bytes: 1 << 30, age: latchkey_domain::time::DAY };
    assert!(queue.write_blocking(now, move |tx| queue::put(tx, &parcel, bounds)).unwrap());
    let waiting = queue.read(|reader| queue::list(reader, false, 0, 10)).unwrap();
    [created.key.id, agent, waiting[0].number.to_string()]
}
