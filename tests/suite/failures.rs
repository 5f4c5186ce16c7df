//! When we are at fault: the database is away, the clock is wrong. GLPI hears no verdict then.

use std::time::Duration;

use latchkey_domain::time::{DAY, HOUR, MINUTE};
use latchkey_store::{Actor, Location};
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use latchkey_tests_support::postgres::Cluster;

use crate::house::{House, both_databases};

#[test]
fn a_database_that_goes_away_and_comes_back() {
    let mut cluster = Cluster::private();
    let house = House::at(Location::url(&cluster.fresh_database()).unwrap(), Duration::from_secs(600));
    let known = house.vendor().issues_key("Acme", "basic");
    let never_asked = house.vendor().issues_key("Beta", "basic");
    assert_eq!(house.glpi_10().asks(known.text.reveal()).is_valid(), Some(true));

    cluster.stop();
    let answer = house.glpi_10().asks(known.text.reveal());
    assert_eq!(answer.is_valid(), Some(true), "a known key is answered from memory: {}", answer.text);
    house.glpi_10().asks(never_asked.text.reveal()).is_our_failure("STORE_UNAVAILABLE");
    let damaged = house.glpi_10().asks(&known.text.reveal()[..50]);
    assert_eq!(damaged.is_valid(), Some(false), "what is plain from the text alone needs no database");
    // After the last word from the database by more than max_staleness, memory is too old to speak for it.
    house.clock.advance(11 * MINUTE);
    house.glpi_10().asks(known.text.reveal()).is_our_failure("STORE_UNAVAILABLE");
    let ready = Request::get("/readyz").send(house.address());
    assert_eq!(ready.status, 503);

    cluster.start();
    poll_until(Duration::from_secs(15), || {
        (house.glpi_10().asks(known.text.reveal()).is_valid() == Some(true)).then_some(())
    });
    assert_eq!(house.glpi_10().asks(never_asked.text.reveal()).is_valid(), Some(true));
    assert_eq!(house.vendor().issues_key("Gamma", "basic").customer.name.as_str(), "Gamma");
}

both_databases! {
    fn a_clock_turned_back_stops_verdicts_until_it_is_right(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true));
        house.clock.set_off(-59 * MINUTE);
        assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true), "an hour is let pass");
        house.clock.set_off(-2 * MINUTE);
        let refused = poll_until(Duration::from_secs(2), || {
            let answer = house.glpi_10().asks(key.text.reveal());
            (answer.status == 503).then_some(answer)
        });
        refused.is_our_failure("CLOCK_SUSPECT");
        house.clock.set_off(HOUR);
        assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true));
    }

    fn a_clock_that_leaps_stops_verdicts_until_somebody_says_it_is_right(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        house.clock.set_off(DAY);
        assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true), "a day is let pass");
        house.clock.set_off(1);
        house.glpi_10().asks(key.text.reveal()).is_our_failure("CLOCK_SUSPECT");
        house.store.acknowledge_clock(house.clock.wall(), &Actor::command_line("operator")).unwrap();
        poll_until(Duration::from_secs(2), || {
            (house.glpi_10().asks(key.text.reveal()).is_valid() == Some(true)).then_some(())
        });
    }

    fn a_clock_that_was_acknowledged_behind_may_write_again(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        house.clock.set_off(-3 * DAY);
        assert!(house.vendor().issues("Beta", "basic", None, crate::house::years(1)).is_err());
        poll_until(Duration::from_secs(2), || {
            (house.glpi_10().asks(key.text.reveal()).status == 503).then_some(())
        });
        house.store.acknowledge_clock(house.clock.wall(), &Actor::command_line("operator")).unwrap();
        let answer = poll_until(Duration::from_secs(2), || {
            let answer = house.glpi_10().asks(key.text.reveal());
            (answer.status == 200).then_some(answer)
        });
        assert_eq!(answer.code(), "SUBSCRIPTION_NOT_BEGUN", "three days ago the subscription had not begun");
        house.vendor().issues_key("Beta", "basic");
    }
}
