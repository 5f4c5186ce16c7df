//! A clock that lies behind what is stored is not believed.

use latchkey_domain::time::{DAY, HOUR};
use latchkey_store::{StoreError, Undone};

use crate::house::{failure, order, years};

both_databases! {
    fn a_clock_that_is_far_behind_writes_nothing(house: House) {
        house.wait(DAY);
        house.sells("Acme", "basic");
        house.wait(-HOUR);
        house.sells("Acme", "basic");
        house.wait(-1);
        let before = house.raw().everything();
        let error = failure(house.issue(&order("Acme", "basic", years(1))));
        assert_eq!(error, StoreError::ClockBehind { millis: HOUR + 1 });
        assert!(error.to_string().contains("60 minutes behind"), "{error}");
        assert_eq!(house.raw().everything(), before);
    }

    fn a_clock_that_is_set_back_a_little_does_not_set_back_what_is_stored(house: House) {
        let highest = house.now().millis();
        house.wait(-HOUR);
        house.sells("Acme", "basic");
        assert_eq!(house.raw().number("SELECT highest_at FROM feed_head"), highest);
    }

    fn an_acknowledged_clock_is_believed(house: House) {
        house.wait(30 * DAY);
        house.sells("Acme", "basic");
        house.wait(-29 * DAY);
        assert!(matches!(house.rotate(), Err(Undone::Failed(StoreError::ClockBehind { .. }))));
        let end = house.raw().end_of_feed();
        house.store.acknowledge_clock(house.now(), &house.actor).unwrap();
        assert_eq!(house.raw().number("SELECT highest_at FROM feed_head"), house.now().millis());
        assert_eq!(house.raw().feed_after(end), ["clock "]);
        let line = house.audit().pop().unwrap();
        assert_eq!(
            (line.action.as_str(), line.actor.as_str(), line.at),
            ("clock.acknowledge", "cli:vendor", house.now())
        );
        // On every node.
        let wanted = order("Acme", "basic", years(1));
        let (vault, zone, actor) = (house.vault.clone(), house.zone.clone(), house.actor.clone());
        let issued = house.another_store().write_blocking(house.now(), move |tx| {
            latchkey_store::subscriptions::keys::issue(tx, &vault, &wanted, &zone, &actor)
        });
        assert_eq!(issued.unwrap().key.issued.to_string(), "2026-03-03");
    }
}
