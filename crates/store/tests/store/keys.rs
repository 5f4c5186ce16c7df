//! What becomes of a key: revoked, re-issued, shown again.

use latchkey_domain::Refusal;
use latchkey_domain::ids::KeyId;
use latchkey_domain::instances::Notice;
use latchkey_domain::subscriptions::{KeyState, MOST_OVERLAP_DAYS, Revocation, Succession, Verdict};
use latchkey_domain::time::DAY;
use latchkey_store::subscriptions::{entries, keys};
use uuid::Uuid;

use crate::house::{day, refusal};

both_databases! {
    fn a_revoked_key_counts_no_longer(house: House) {
        let (leaked, other) = (house.sells("Acme", "basic").key.id, house.sells("Acme", "basic").key.id);
        let at = house.wait(1);
        let revoked = house.revoke(leaked).unwrap();
        assert_eq!(revoked.state, KeyState::Revoked(Revocation { at, successor: None }));
        assert_eq!(house.entry(leaked).key, revoked);
        house.wait(1);
        assert_eq!(house.verdict(leaked), Verdict::Refused(Refusal::KeyRevoked { at }));
        assert!(house.verdict(other).is_running(), "its neighbour is another key");
        assert_eq!(refusal(house.revoke(leaked)), Refusal::KeyAlreadyRevoked { at });
    }

    fn a_key_and_its_successor_overlap_for_as_long_as_was_said(house: House) {
        let old = house.sells("Acme", "basic");
        house.wait(DAY);
        let new = house.reissue(old.key.id, 7).unwrap();
        assert_eq!((new.subscription, new.customer), (old.subscription, old.customer));
        let until = house.now().plus(7 * DAY);
        let succession = Succession { by: new.key.id, by_issued: day("2026-03-03"), until, by_revoked: false };
        assert_eq!(house.entry(old.key.id).key.state, KeyState::Superseded(succession));
        assert_eq!(house.verdict(old.key.id), Verdict::Open { succession: Some(succession), warning: None, notice: Notice::None });
        assert_eq!(house.verdict(new.key.id), Verdict::Open { succession: None, warning: None, notice: Notice::None });
        house.set_clock(until);
        let Succession { by, by_issued, until, by_revoked } = succession;
        assert_eq!(house.verdict(old.key.id), Verdict::Refused(Refusal::KeySuperseded { by, by_issued, until, by_revoked }));
        assert_eq!(refusal(house.reissue(old.key.id, 0)), Refusal::KeyAlreadySuperseded { by });
    }

    fn a_successor_can_be_reissued_in_turn(house: House) {
        let first = house.sells("Acme", "basic").key.id;
        let second = house.reissue(first, 0).unwrap().key.id;
        assert!(!house.verdict(first).is_valid(), "without an overlap it dies at once");
        let third = house.reissue(second, 0).unwrap().key.id;
        assert!(!house.verdict(second).is_valid());
        assert!(house.verdict(third).is_running());
    }

    fn an_overlap_has_a_limit(house: House) {
        let key = house.sells("Acme", "basic").key.id;
        let expected = Refusal::DaysInvalid { field: "overlap days", most: MOST_OVERLAP_DAYS };
        assert_eq!(refusal(house.reissue(key, MOST_OVERLAP_DAYS + 1)), expected);
        assert!(house.reissue(key, MOST_OVERLAP_DAYS).is_ok());
    }

    fn a_revoked_key_can_be_reissued_once(house: House) {
        let leaked = house.sells("Acme", "basic").key.id;
        let at = house.now();
        house.revoke(leaked).unwrap();
        let by = house.reissue(leaked, 7).unwrap().key.id;
        assert_eq!(house.entry(leaked).key.state, KeyState::Revoked(Revocation { at, successor: Some(by) }));
        assert!(!house.verdict(leaked).is_valid(), "an overlap gives a revoked key nothing back");
        assert!(house.verdict(by).is_running());
        assert_eq!(refusal(house.reissue(leaked, 7)), Refusal::KeyAlreadySuperseded { by });
    }

    fn to_revoke_a_superseded_key_ends_its_overlap(house: House) {
        let old = house.sells("Acme", "basic").key.id;
        let new = house.reissue(old, 7).unwrap().key.id;
        let at = house.wait(1);
        house.revoke(old).unwrap();
        assert_eq!(house.verdict(old), Verdict::Refused(Refusal::KeyRevoked { at }));
        assert!(house.verdict(new).is_running());
        assert_eq!(refusal(house.reissue(old, 0)), Refusal::KeyAlreadySuperseded { by: new });
    }

    fn a_key_is_shown_again_byte_for_byte(house: House) {
        let issued = house.sells("Acme", "basic");
        let shown = |key| house.show(key).unwrap();
        assert_eq!(shown(issued.key.id).text.reveal(), issued.text.reveal());
        house.wait(400 * DAY);
        house.rotate().unwrap();
        let successor = house.reissue(issued.key.id, 0).unwrap();
        house.revoke(successor.key.id).unwrap();
        house.terminate(issued.subscription.id).unwrap();
        assert_ne!(successor.key.signing_key, issued.key.signing_key);
        assert_eq!(shown(issued.key.id).text.reveal(), issued.text.reveal());
        assert_eq!(shown(successor.key.id).text.reveal(), successor.text.reveal());
        // A process that starts anew has nothing in memory.
        let store = house.another_store();
        let (vault, actor, key) = (house.another_vault(), house.actor.clone(), issued.key.id);
        let shown = store.write_blocking(house.now(), move |tx| keys::show_text(tx, &vault, key, &actor));
        assert_eq!(shown.unwrap().text.reveal(), issued.text.reveal());
    }

    fn the_text_of_a_key_is_not_printed_by_accident(house: House) {
        let issued = house.sells("Acme", "basic");
        assert!(!format!("{issued:?}").contains(issued.text.reveal()));
    }

    fn a_key_that_is_not_there_is_said_to_be_unknown(house: House) {
        let id = KeyId(Uuid::from_u128(7));
        let unknown = Refusal::KeyUnknown { key: id.to_string() };
        assert_eq!(refusal(house.revoke(id)), unknown);
        assert_eq!(refusal(house.reissue(id, 0)), unknown);
        assert_eq!(refusal(house.show(id)), unknown);
        let filled = house.store.read(|reader| entries::fill(reader, id)).unwrap();
        assert_eq!((filled.entry, filled.seen), (None, house.raw().end_of_feed()));
    }
}
