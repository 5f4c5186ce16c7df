//! GLPI is away, slow, or says no, and nothing is lost of what agents have brought.

use std::time::Duration;

use latchkey_domain::time::{MINUTE, Timestamp};
use latchkey_store::Store;
use latchkey_store::enrollment::queue::{self, Bounds, Queued};
use latchkey_tests_support::poll_until;

use super::agent::{Agent, DEVICE, captured, json, key, words};
use super::glpi::{GOOD, Heard, Mood, StubGlpi};
use crate::house::House;

pub(super) fn queue_of(house: &House) -> Store {
    queue::open(house.store.location(), house.clock.wall()).unwrap()
}

fn waiting(queue: &Store) -> Vec<Queued> {
    queue.read(|reader| queue::list(reader, false, 0, 10_000)).unwrap()
}

/// Lets the gateway find out that GLPI is back, and deliver, as time goes by: not faster than it works, or other couriers
/// would take up what one is busy with.
fn until_delivered(house: &House, queue: &Store) {
    let left = || waiting(queue).iter().filter(|queued| queued.dead_at.is_none()).count();
    let mut before = usize::MAX;
    poll_until(Duration::from_secs(60), || {
        let now = left();
        if now >= before {
            // Less than half a lease, which is longer than GLPI's time by ten seconds.
            house.clock.advance(5_000);
            std::thread::sleep(Duration::from_millis(700));
        }
        before = now;
        (now == 0).then_some(())
    });
}

fn inventories(heard: &[Heard]) -> Vec<String> {
    heard.iter().map(Heard::text).filter(|text| text.contains("\"inventory\",")).collect()
}

#[test]
fn what_glpi_cannot_take_is_kept_and_delivered_in_order() {
    for on_postgres in [false, true] {
        let glpi = StubGlpi::starts();
        let house = House::with_gateway(on_postgres, glpi.gateway());
        let queue = queue_of(&house);
        let agent = Agent::with(&house, &key(&house));
        let said = r#"{"status":"ok","expiration":8,"tasks":{"inventory":{"server":"glpi","version":"10.0.16"}},"message":"mine"}"#;
        glpi.is(Mood::Says(200, said.into()));
        assert_eq!(words(&agent.contact()), said);
        let moods = [
            Mood::Away,
            Mood::Says(500, "oops".into()),
            Mood::Says(503, "<html>maintenance</html>".into()),
            Mood::Says(200, "<html>We will be back soon</html>".into()),
            Mood::Says(200, "{}".into()),
            Mood::Says(302, "<html>moved</html>".into()),
            Mood::Says(403, r#"{"status":"error","message":"Inventory is disabled"}"#.into()),
            Mood::Slow(Duration::from_secs(3)),
        ];
        for mood in &moods {
            glpi.is(mood.clone());
            house.clock.advance(MINUTE);
            let contact = agent.contact();
            assert_eq!(
                (contact.status, words(&contact).as_str()),
                (200, said),
                "GLPI's last good answer to it: {mood:?}"
            );
            house.clock.advance(MINUTE);
            let answer = agent.inventory();
            assert_eq!((answer.status, json(&answer)["status"].as_str()), (200, Some("ok")), "{mood:?}");
            // One that GLPI never told anything.
            let stranger = agent.number(7);
            let answer = json(&stranger.contact());
            assert_eq!(answer["tasks"]["inventory"]["server"], "glpi", "{mood:?}: {answer}");
            assert_eq!(json(&stranger.prolog())["status"], "ok");
            assert_eq!((agent.partial().status, stranger.inventory().status), (200, 200));
        }
        assert_eq!(waiting(&queue).len(), 3 * moods.len());
        glpi.takes();
        glpi.is_well();
        // What comes before the rest is delivered waits its turn.
        assert_eq!(agent.partial().status, 200);
        until_delivered(&house, &queue);
        let heard = glpi.takes();
        let own: Vec<bool> = inventories(&heard)
            .iter()
            .filter(|text| text.contains(DEVICE))
            .map(|text| text.contains("\"partial\": true"))
            .collect();
        let in_order = [[false, true].repeat(moods.len()), vec![true]].concat();
        assert_eq!(own, in_order);
        let bodies = inventories(&heard);
        assert!(bodies.contains(&captured("inventory-full.json")), "byte by byte");
        assert!(heard.iter().all(|heard| heard.header("X-Forwarded-For") == Some("127.0.0.1")));
        assert_eq!(words(&agent.contact()), GOOD, "GLPI speaks for itself again");
    }
}

#[test]
fn what_glpi_refuses_for_good_is_a_dead_letter_and_holds_nobody_up() {
    for on_postgres in [false, true] {
        let glpi = StubGlpi::starts();
        let house = House::with_gateway(on_postgres, glpi.gateway());
        let queue = queue_of(&house);
        let agent = Agent::with(&house, &key(&house));
        assert_eq!(agent.contact().status, 200);
        // While it is there, GLPI's no is GLPI's no.
        glpi.is(Mood::Says(400, r#"{"status":"error","message":"JSON does not validate"}"#.into()));
        let answer = agent.inventory();
        assert_eq!((answer.status, json(&answer)["message"].as_str()), (400, Some("JSON does not validate")));
        assert!(waiting(&queue).is_empty());
        glpi.is(Mood::Away);
        assert_eq!((agent.inventory().status, agent.partial().status), (200, 200));
        glpi.is(Mood::Says(400, r#"{"status":"error","message":"JSON does not validate"}"#.into()));
        until_delivered(&house, &queue);
        let dead = waiting(&queue);
        assert_eq!(dead.len(), 2);
        assert!(dead[0].last_error.as_deref().unwrap().contains("JSON does not validate"), "{:?}", dead[0]);
        glpi.is_well();
        glpi.takes();
        assert_eq!((agent.inventory().status, glpi.takes().len()), (200, 1), "it goes on past them");
        // A person has them tried again, or takes them away.
        let (first, second) = (dead[0].number.to_string(), dead[1].number.to_string());
        queue.write_blocking(house.clock.wall(), move |tx| queue::retry(tx, &first)).unwrap();
        queue.write_blocking(house.clock.wall(), move |tx| queue::discard(tx, &second)).unwrap();
        until_delivered(&house, &queue);
        poll_until(Duration::from_secs(5), || waiting(&queue).is_empty().then_some(()));
        assert_eq!(inventories(&glpi.takes()).len(), 1);
    }
}

#[test]
fn a_full_queue_spares_the_newest_whole_inventories() {
    for on_postgres in [false, true] {
        let glpi = StubGlpi::starts();
        let body = 215_000;
        let bounds = Bounds { bytes: 3 * body, ..glpi.gateway().bounds };
        let house = House::with_gateway(on_postgres, latchkey_server::gateway::Settings { bounds, ..glpi.gateway() });
        let queue = queue_of(&house);
        let plain = |number: usize| {
            let agent = Agent::with(&house, &key_of(&house)).number(number);
            Agent { packing: latchkey_glpi::agent::Packing::Plain, ..agent }
        };
        glpi.is(Mood::Away);
        let (one, two, three) = (plain(1), plain(2), plain(3));
        for agent in [&one, &two, &three] {
            assert_eq!(agent.contact().status, 200);
        }
        assert_eq!((one.partial().status, one.inventory().status, one.inventory().status), (200, 200, 200));
        assert_eq!(two.inventory().status, 200);
        // Its parts made way, and then its older whole one; the newest of each machine stay.
        let of = |device: &str| -> Vec<String> {
            waiting(&queue)
                .into_iter()
                .filter(|queued| queued.device.starts_with(device))
                .map(|queued| queued.what)
                .collect()
        };
        assert_eq!(three.inventory().status, 200);
        assert_eq!(
            (of("machine-1"), of("machine-2"), of("machine-3")),
            (vec!["inventory".into()], vec!["inventory".into()], vec!["inventory".into()])
        );
        // Nothing more can make way: it is said, and nothing is taken that could not be kept.
        let refused = plain(4);
        assert_eq!(refused.contact().status, 200);
        let refused = refused.inventory();
        assert_eq!((refused.status, json(&refused)["status"].as_str()), (503, Some("error")));
        assert_eq!(waiting(&queue).len(), 3);
        let load = queue.read(|reader| queue::load(reader)).unwrap();
        assert_eq!(load.messages, 3);
        assert!(load.bytes <= bounds.bytes && load.oldest_at > Some(Timestamp::from_millis(0)));
    }
}

/// The key of the house, made once.
fn key_of(house: &House) -> latchkey_store::enrollment::keys::Created {
    static MADE: std::sync::Mutex<usize> = std::sync::Mutex::new(0);
    let mut made = MADE.lock().unwrap();
    *made += 1;
    let name = format!("Site {made}");
    super::agent::key_with(house, &name, |_| {})
}
