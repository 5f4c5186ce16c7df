//! What becomes of a subscription: renewed, suspended, resumed, terminated.

use latchkey_domain::Refusal;
use latchkey_domain::ids::SubscriptionId;
use latchkey_domain::subscriptions::{Term, Unit, Verdict};
use uuid::Uuid;

use crate::house::{day, one_year, refusal};

both_databases! {
    fn a_renewal_goes_on_from_the_end_without_a_gap(house: House) {
        let issued = house.sells("Acme", "basic");
        let renewed = house.renew(issued.subscription.id, one_year()).unwrap();
        assert_eq!((renewed.period.begins, renewed.period.ends), (day("2026-03-02"), day("2028-03-01")));
        assert_eq!(house.entry(issued.key.id).subscription, renewed);

        house.set_clock(renewed.period.grace_ends_at.plus(-1));
        let in_grace = house.renew(issued.subscription.id, one_year()).unwrap();
        assert_eq!((in_grace.period.begins, in_grace.period.ends), (day("2026-03-02"), day("2029-03-01")));
    }

    fn a_renewal_after_the_end_begins_today(house: House) {
        let issued = house.sells("Acme", "basic");
        house.set_clock(issued.subscription.period.grace_ends_at);
        assert_eq!(house.verdict(issued.key.id), Verdict::Closed(Refusal::Expired { ended: day("2027-03-01") }));
        let renewed = house.renew(issued.subscription.id, one_year()).unwrap();
        assert_eq!((renewed.period.begins, renewed.period.ends), (day("2027-03-16"), day("2028-03-15")));
        assert!(house.verdict(issued.key.id).is_running());
    }

    fn a_renewal_out_of_the_calendar_is_refused(house: House) {
        let id = house.sells("Acme", "basic").subscription.id;
        let century = Term::new(100, Unit::Years).unwrap();
        let mut renewals = 0;
        let refused = loop {
            match house.renew(id, century) {
                Ok(_) => renewals += 1,
                refused @ Err(_) => break refusal(refused),
            }
        };
        assert_eq!((refused, renewals), (Refusal::TermInvalid, 79));
    }

    fn a_suspended_subscription_waits_until_it_is_resumed(house: House) {
        let issued = house.sells("Acme", "basic");
        let id = issued.subscription.id;
        assert_eq!(refusal(house.resume(id)), Refusal::NotSuspended { subscription: id });
        let since = house.now();
        assert_eq!(house.suspend(id).unwrap().suspended_at, Some(since));
        house.wait(1);
        assert_eq!(house.verdict(issued.key.id), Verdict::Closed(Refusal::Suspended { since }));
        assert_eq!(refusal(house.suspend(id)), Refusal::AlreadySuspended { since });
        let renewed = house.renew(id, one_year()).unwrap();
        assert_eq!((renewed.suspended_at, renewed.period.ends), (Some(since), day("2028-03-01")));
        assert_eq!(house.resume(id).unwrap().suspended_at, None);
        assert!(house.verdict(issued.key.id).is_running());
        assert_eq!(refusal(house.resume(id)), Refusal::NotSuspended { subscription: id });
    }

    fn a_terminated_subscription_is_over_for_good(house: House) {
        let issued = house.sells("Acme", "basic");
        let (id, since) = (issued.subscription.id, house.wait(1));
        house.suspend(id).unwrap();
        assert_eq!(house.terminate(id).unwrap().terminated_at, Some(since));
        house.wait(1);
        assert_eq!(house.verdict(issued.key.id), Verdict::Closed(Refusal::Terminated { since }));
        let over = Refusal::AlreadyTerminated { since };
        assert_eq!(refusal(house.renew(id, one_year())), over);
        assert_eq!(refusal(house.suspend(id)), over);
        assert_eq!(refusal(house.resume(id)), over);
        assert_eq!(refusal(house.terminate(id)), over);
        assert_eq!(refusal(house.reissue(issued.key.id, 0)), over);
    }

    fn a_subscription_that_is_not_there_is_said_to_be_unknown(house: House) {
        let id = SubscriptionId(Uuid::from_u128(7));
        let unknown = Refusal::SubscriptionUnknown { subscription: id.to_string() };
        assert_eq!(refusal(house.renew(id, one_year())), unknown);
        assert_eq!(refusal(house.suspend(id)), unknown);
        assert_eq!(refusal(house.resume(id)), unknown);
        assert_eq!(refusal(house.terminate(id)), unknown);
    }
}
