//! Many agents, and a long absence: nothing is lost, and nothing of it can be seen in GLPI afterwards.
//!
//! Two hundred agents and an hour in steps of five minutes; fifty times as many agents with `LATCHKEY_SOAK=50` (`make soak`; a tenth of
//! them on PostgreSQL), and an hour in which many come every minute. The clock is the house's own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use latchkey_domain::time::{HOUR, MINUTE};
use latchkey_store::Store;
use latchkey_store::enrollment::queue;

use super::agent::{Agent, captured, json, key, words};
use super::away::queue_of;
use super::glpi::{Heard, Mood, StubGlpi};
use crate::house::House;

/// How long nothing may happen while something waits.
const STANDSTILL: Duration = Duration::from_secs(300);

/// How many times more than usual.
fn times() -> Option<usize> {
    std::env::var("LATCHKEY_SOAK").ok()?.parse().ok()
}

/// The machine that a message is about, and its number among those of that machine.
fn mark(heard: &Heard) -> Option<(String, u64)> {
    let text = heard.text();
    let after = |part: &str| text.split_once(part).map(|(_, rest)| rest);
    let device = after("\"deviceid\": \"").and_then(|rest| rest.split_once('"'))?.0.to_owned();
    let number = after("\"versionclient\": \"number ").and_then(|rest| rest.split_once('"'))?.0.parse().ok()?;
    Some((device, number))
}

/// A message of that number.
fn marked(name: &str, number: u64) -> String {
    let message = captured(name);
    let (before, rest) = message.split_once("\"versionclient\": \"").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    format!("{before}\"versionclient\": \"number {number}\"{after}")
}

/// Lets the gateway find out that GLPI is back, and deliver; what GLPI heard of each machine, in its order. Time goes by only
/// while nothing happens, or other couriers would take up what one is busy with.
fn delivered(house: &House, queue: &Store, glpi: &StubGlpi) -> BTreeMap<String, Vec<u64>> {
    let mut of_device: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    let (mut before, mut since) = (i64::MAX, Instant::now());
    loop {
        let left = queue.read(|reader| queue::load(reader)).unwrap();
        assert_eq!(left.dead, 0);
        for (device, number) in glpi.takes().iter().filter_map(mark) {
            let all = of_device.entry(device).or_default();
            // At least once: what was sent again comes again at once.
            if all.last() != Some(&number) {
                all.push(number);
            }
        }
        if left.messages == 0 {
            return of_device;
        }
        if left.messages < before {
            (before, since) = (left.messages, Instant::now());
            std::thread::sleep(Duration::from_millis(50));
        } else {
            assert!(since.elapsed() < STANDSTILL, "{} messages wait", left.messages);
            // Less than half a lease, which is longer than GLPI's time by ten seconds.
            house.clock.advance(5_000);
            std::thread::sleep(Duration::from_millis(700));
        }
    }
}

#[test]
fn many_agents_in_the_same_minute_lose_nothing_and_come_back_apart() {
    let crowds = match times() {
        Some(times) => vec![(false, 200 * times), (true, 20 * times)],
        None => vec![(false, 200)],
    };
    for (on_postgres, count) in crowds {
        let glpi = StubGlpi::starts();
        let house = House::with_gateway(on_postgres, glpi.gateway());
        let queue = queue_of(&house);
        let agent = Agent::with(&house, &key(&house));
        glpi.is(Mood::Away);
        let (next, begun) = (AtomicUsize::new(0), house.clock.wall());
        let (full, partial) = (marked("inventory-full.json", 1), marked("inventory-partial.json", 2));
        let told: Vec<i64> = std::thread::scope(|scope| {
            let works = || {
                let mut told = Vec::new();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return told;
                    }
                    let agent = agent.number(number);
                    told.push(json(&agent.contact())["expiration"].as_i64().unwrap());
                    assert_eq!((agent.sends(&full).status, agent.sends(&partial).status), (200, 200));
                }
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(works)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        assert!(house.clock.wall().since(begun) < MINUTE);
        let mut hours = BTreeMap::new();
        for hour in told {
            *hours.entry(hour).or_insert(0) += 1;
        }
        assert!(
            hours.len() > 4 && hours.values().all(|of_hour| *of_hour < count * 3 / 10),
            "spread by when they come again: {hours:?}"
        );
        let load = queue.read(|reader| queue::load(reader)).unwrap();
        assert_eq!(load.messages, 2 * i64::try_from(count).unwrap());
        glpi.takes();
        glpi.is_well();
        let heard = delivered(&house, &queue, &glpi);
        assert_eq!(heard.len(), count);
        for (device, own) in heard {
            assert_eq!(own, [1, 2], "{device}");
        }
    }
}

#[test]
fn an_hour_of_absence_cannot_be_seen_in_glpi_afterwards() {
    let (count, step) = times().map_or((6, 5 * MINUTE), |times| (2 * times, MINUTE));
    for on_postgres in [false, true] {
        let glpi = StubGlpi::starts();
        let house = House::with_gateway(on_postgres, glpi.gateway());
        let queue = queue_of(&house);
        let first = Agent::with(&house, &key(&house));
        let agents: Vec<Agent> = (0..count).map(|number| first.number(number)).collect();
        let said = |agent: &Agent| {
            format!(
                r#"{{"status":"ok","expiration":8,"tasks":{{"inventory":{{"server":"glpi","version":"10.0.16"}}}},"to":"{}"}}"#,
                agent.device
            )
        };
        let mut sent: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        let mut numbers = 1..;
        let mut brings = |agent: &Agent, name: &str| {
            let number = numbers.next().unwrap();
            assert_eq!(agent.sends(&marked(name, number)).status, 200, "{}", agent.device);
            sent.entry(agent.device.clone()).or_default().push(number);
        };
        // GLPI is there: each has come once, and brought a whole inventory.
        for agent in &agents {
            glpi.is(Mood::Says(200, said(agent)));
            assert_eq!(words(&agent.contact()), said(agent));
            brings(agent, "inventory-full.json");
        }
        let directly = glpi.takes();
        let moods = [
            Mood::Away,
            Mood::Says(503, "<html>maintenance</html>".into()),
            Mood::Says(403, r#"{"status":"error","message":"Inventory is disabled"}"#.into()),
        ];
        let begun = house.clock.wall();
        for turn in 0.. {
            if house.clock.wall().since(begun) >= HOUR {
                break;
            }
            glpi.is(moods[turn % moods.len()].clone());
            house.clock.advance(step);
            // A third of them in each turn, and everybody in three.
            for agent in agents.iter().skip(turn % 3).step_by(3) {
                assert_eq!(words(&agent.contact()), said(agent), "what GLPI last told this very agent");
                brings(agent, if turn % 6 < 3 { "inventory-partial.json" } else { "inventory-full.json" });
            }
        }
        glpi.takes();
        glpi.is_well();
        let last = queue.read(|reader| queue::list(reader, false, 0, 1)).unwrap();
        assert_eq!(last.len(), 1);
        let mut heard: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        for (device, number) in directly.iter().filter_map(mark) {
            heard.entry(device).or_default().push(number);
        }
        for (device, numbers) in delivered(&house, &queue, &glpi) {
            heard.entry(device).or_default().extend(numbers);
        }
        assert_eq!(heard, sent, "each message of each machine, in its order");
        // What was kept came as what was not: the same request, but for what is in it.
        let last = agents.last().unwrap();
        glpi.is(Mood::Away);
        house.clock.advance(MINUTE);
        assert_eq!(last.sends(&marked("inventory-full.json", 0)).status, 200);
        glpi.takes();
        glpi.is_well();
        let late = loop {
            house.clock.advance(5_000);
            std::thread::sleep(Duration::from_millis(100));
            if let Some(late) = glpi.takes().into_iter().find(|heard| mark(heard).is_some()) {
                break late;
            }
        };
        let of_last = |heard: &&Heard| mark(heard).is_some_and(|(device, _)| device == last.device);
        let direct = directly.iter().find(of_last).unwrap();
        let shown = |heard: &Heard| {
            let mut headers = heard.headers.clone();
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
            headers.sort();
            (heard.line.clone(), headers)
        };
        assert_eq!(shown(&late), shown(direct));
    }
}
