//! The latest questions about keys: few rows, in order, and gone in time.

use latchkey_domain::ids::KeyId;
use latchkey_domain::time::{HOUR, MINUTE, Timestamp};
use latchkey_store::lists::Page;
use latchkey_store::questions::{self, Asked, MOST_PER_KEY};
use latchkey_store::subscriptions::erasure;
use uuid::Uuid;

use crate::house::{House, reason};

fn asked(key: u128, at: Timestamp, code: &str, address: &str) -> Asked {
    Asked {
        key: KeyId(Uuid::from_u128(key)),
        at,
        first_at: at,
        times: 1,
        verdict: if code.is_empty() { "open" } else { "refused" }.into(),
        code: code.into(),
        address: address.into(),
        version: "10.0.19".into(),
        instance: "7Bi5W7oTTA6tGL3nqM9vffhBKrQS8bTQR6IVdVvn".into(),
    }
}

impl House {
    fn keeps(&self, asked: &[Asked]) {
        let asked = asked.to_vec();
        self.write(move |tx| questions::keep(tx, &asked)).unwrap();
    }

    fn asked_about(&self, key: u128) -> Vec<(Timestamp, u32, String, String)> {
        let rows = self.store.read(|reader| questions::of_key(reader, KeyId(Uuid::from_u128(key)))).unwrap();
        rows.into_iter().map(|row| (row.at, row.times, row.code, row.address)).collect()
    }
}

both_databases! {
    fn questions_in_a_row_that_are_alike_are_one_row(house: House) {
        let at = |minutes| house.now().plus(minutes * MINUTE);
        house.keeps(&[asked(1, at(0), "", "192.0.2.1"), asked(2, at(0), "", "192.0.2.9"), asked(1, at(1), "", "192.0.2.1")]);
        house.keeps(&[asked(1, at(2), "", "192.0.2.1"), asked(1, at(3), "KEY_REVOKED", "192.0.2.2")]);
        house.keeps(&[asked(1, at(4), "", "192.0.2.1")]);
        assert_eq!(
            house.asked_about(1),
            [
                (at(4), 1, String::new(), "192.0.2.1".to_owned()),
                (at(3), 1, "KEY_REVOKED".to_owned(), "192.0.2.2".to_owned()),
                (at(2), 3, String::new(), "192.0.2.1".to_owned()),
            ]
        );
        assert_eq!(house.asked_about(2).len(), 1);
        let page = house.store.read(|reader| questions::page(reader, Some("KEY_REVOKED"), &Page::first(9).descending())).unwrap();
        assert_eq!(page.rows.len(), 1);
        let page = house.store.read(|reader| questions::page(reader, None, &Page::first(9).descending())).unwrap();
        assert_eq!(page.rows.iter().map(|row| row.at).collect::<Vec<_>>(), [at(4), at(3), at(2), at(0)]);
    }

    fn a_key_has_so_many_rows_and_no_more(house: House) {
        let at = |minutes| house.now().plus(minutes * MINUTE);
        let many: Vec<_> = (0..100).map(|number| asked(1, at(number), "", &format!("192.0.2.{number}"))).collect();
        house.keeps(&many[..50]);
        house.keeps(&many[50..]);
        let rows = house.asked_about(1);
        assert_eq!(rows.len(), MOST_PER_KEY as usize);
        assert_eq!((rows[0].0, rows[19].0), (at(99), at(80)));
    }

    fn answers_are_counted_by_the_hour(house: House) {
        let noon = house.now();
        let count = |at: Timestamp, counted: &[(&str, u64)]| {
            let counted: Vec<_> = counted.iter().map(|(code, times)| ((*code).to_owned(), *times)).collect();
            house.write(move |tx| questions::count(tx, at, &counted)).unwrap();
        };
        count(noon, &[("", 3), ("KEY_REVOKED", 1)]);
        count(noon.plus(MINUTE), &[("", 2)]);
        count(noon.plus(HOUR), &[("", 7)]);
        let since = |at| {
            let counts = house.store.read(|reader| questions::counts_since(reader, at)).unwrap();
            counts.into_iter().map(|count| (count.code, count.times)).collect::<Vec<_>>()
        };
        assert_eq!(since(noon.plus(MINUTE)), [(String::new(), 5), ("KEY_REVOKED".into(), 1), (String::new(), 7)]);
        assert_eq!(since(noon.plus(HOUR)), [(String::new(), 7)]);
    }

    fn who_asked_is_erased_with_the_customer(house: House) {
        let key = house.sells("Acme", "basic");
        let number = key.key.id.0.as_u128();
        house.keeps(&[asked(number, house.now(), "", "192.0.2.1"), asked(1, house.now(), "", "192.0.2.1")]);
        let (id, actor) = (key.customer.id, house.actor.clone());
        house.write(move |tx| erasure::erase(tx, id, &actor, &reason("asked for"))).unwrap();
        assert!(house.asked_about(number).is_empty());
        assert_eq!(house.asked_about(1).len(), 1);
    }
}
