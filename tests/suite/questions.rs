//! Who asked about a key: what support sees while somebody is on the phone.

use std::time::Duration;

use latchkey_domain::time::{DAY, HOUR};
use latchkey_store::questions;
use latchkey_tests_support::poll_until;
use latchkey_tests_support::postgres::Cluster;
use serde_json::{Value, json};

use crate::glpi::Glpi;
use crate::house::{House, both_databases};
use crate::installed::Installed;

/// Generous: the machine may be busy, and what was asked is written down every other second.
const SOON: Duration = Duration::from_secs(20);

both_databases! {
    fn the_latest_questions_about_a_key_are_there_a_moment_later(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        let text = key.text.reveal();
        let (old, new) = (Glpi::version(house.address(), "9.5.13"), house.glpi_10());
        for _ in 0..3 {
            assert_eq!(old.asks(text).is_valid(), Some(true));
        }
        house.vendor().revokes(&key.key, "leaked");
        poll_until(SOON, || (new.asks(text).code() == "KEY_REVOKED").then_some(()));
        let program = house.program(&["keys:read"]);
        let id = key.key.id;
        let asked = poll_until(SOON, || {
            let shown = program.gets(&format!("/keys/{id}")).is(200);
            let asked = shown["last_questions"].as_array().unwrap().clone();
            (asked.first().is_some_and(|asked| asked["code"] == "KEY_REVOKED")).then_some(asked)
        });
        let (refused, open) = (&asked[0], asked.last().unwrap());
        assert_eq!((&refused["verdict"], &refused["glpi_version"]), (&json!("refused"), &json!("10.0.19")));
        assert_eq!((&open["verdict"], &open["code"], &open["times"]), (&json!("open"), &Value::Null, &json!(3)));
        assert_eq!((&open["glpi_version"], &open["address"]), (&json!("9.5.13"), &json!("127.0.0.1")));
        assert_eq!(open["instance_uid"].as_str().map(str::len), Some(40));
        assert_eq!(open["at"], house.clock.wall().to_string());
    }

    fn answers_are_counted_by_code_and_hour_whoever_asked(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        house.glpi_10().asks(key.text.reveal());
        let mut forged = key.text.reveal().to_owned();
        forged.truncate(120);
        house.glpi_10().asks(&forged);
        house.glpi_10().asks(&forged);
        let since = house.clock.wall().plus(-HOUR);
        let counts = poll_until(SOON, || {
            let counts = house.store.read(|reader| questions::counts_since(reader, since)).unwrap();
            (counts.iter().map(|count| count.times).sum::<i64>() == 3).then_some(counts)
        });
        let counts: Vec<_> = counts.iter().map(|count| (count.code.as_str(), count.times)).collect();
        assert_eq!(counts, [("", 1), ("KEY_TRUNCATED", 2)]);
        assert!(house.store.read(|reader| questions::of_key(reader, key.key.id)).unwrap().len() <= 1, "nobody writes about a key without having it");
    }
}

#[test]
fn what_was_asked_last_is_written_down_at_a_stop_and_shown_by_the_command_line() {
    for installed in [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())] {
        let issued = installed.json(&["key", "issue", "--customer", "Acme", "--offer", "basic", "--years", "1"]);
        let id = issued["key_id"].as_str().unwrap();
        let mut server = installed.serves();
        let answer = Glpi::version(server.address, "11.0.2").asks(issued["registration_key"].as_str().unwrap());
        assert_eq!(answer.is_valid(), Some(true));
        server.process.terminate();
        assert!(server.process.wait(SOON).success());
        let shown = installed.json(&["key", "show", id]);
        assert_eq!(shown["last_questions"][0]["glpi_version"], "11.0.2", "{shown}");
        let shown = installed.runs(&["key", "show", id]).stdout;
        assert!(shown.contains("11.0.2") && shown.contains("127.0.0.1"), "{shown}");
    }
}

#[test]
fn lists_of_the_api_are_filtered_and_sorted() {
    let house = House::on_sqlite();
    let program = house.program(&["keys:read", "subscriptions:read", "admin"]);
    house.vendor().issues_key("Zoo", "basic");
    // Ids of one millisecond stand in no order.
    house.clock.advance(1);
    let short = house.vendor().issues_key_from("Acme", "2026-11-01", crate::house::days(30));
    house.clock.advance(1);
    house.vendor().suspends(&house.vendor().issues_key("Mairie", "free").subscription);
    let names = |query: &str| -> Vec<String> {
        let page = program.gets(query).is(200);
        let list = page["keys"].as_array().or(page["subscriptions"].as_array()).unwrap();
        list.iter().map(|it| it["customer"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("/keys?sort=customer"), ["Acme", "Mairie", "Zoo"]);
    assert_eq!(names("/keys?sort=customer&order=desc"), ["Zoo", "Mairie", "Acme"]);
    assert_eq!(names("/keys"), ["Mairie", "Acme", "Zoo"]);
    assert_eq!(names("/subscriptions?sort=end&state=running"), ["Acme", "Zoo"]);
    let end = short.subscription.period.ends;
    assert_eq!(names(&format!("/keys?ends_until={end}")), ["Acme"]);
    assert_eq!(names(&format!("/keys?subscription_state=suspended&ends_from={end}")), ["Mairie"]);
    assert_eq!(names("/keys?state=working&sort=end").len(), 3);
    house.clock.advance(60 * DAY);
    assert_eq!(names("/subscriptions?state=expired"), ["Acme"]);
    let page = program.gets("/keys?sort=end&limit=1").is(200);
    let next = page["next"].as_str().unwrap();
    assert_ne!(names(&format!("/keys?sort=end&limit=1&cursor={next}")), ["Acme"]);
    program.gets(&format!("/keys?cursor={next}")).is_problem(422, "PARAMETER_INVALID").names("cursor");
    program.gets("/keys?ends_from=2026-13-01").is_problem(422, "PARAMETER_INVALID").names("ends_from");
    program.gets("/keys?ends_until=01/02/2026").is_problem(422, "PARAMETER_INVALID").names("ends_until");
    assert_eq!(program.gets("/tokens?state=revoked").is(200)["tokens"], json!([]));
    assert_eq!(program.gets("/tokens?state=active").is(200)["tokens"].as_array().unwrap().len(), 1);
}
