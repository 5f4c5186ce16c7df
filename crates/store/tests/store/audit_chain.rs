//! The audit log against whoever can write to the database: what was altered, left out, cut or rewritten shows.

use latchkey_store::StoreError;
use latchkey_store::audit::{Finding, Reached, SignedHead, Verification, verify_on};

use crate::house::{House, one_year};
use crate::raw::Raw;

/// A chain with and without reasons, some rows past a signed head.
fn lived_in(house: &House) -> SignedHead {
    let issued = house.sells("Acme", "basic");
    house.suspend(issued.subscription.id).unwrap();
    house.wait(1);
    house.resume(issued.subscription.id).unwrap();
    let head = house.sign_head().unwrap();
    house.wait(1);
    house.revoke(issued.key.id).unwrap();
    house.renew(issued.subscription.id, one_year()).unwrap();
    head
}

/// Takes away all rows after a number, and makes the end of the chain agree, as an intruder would.
fn cut_after(raw: &mut Raw, seq: i64) {
    raw.run(&format!(
        "DELETE FROM audit WHERE seq > {seq}; DELETE FROM audit_reasons WHERE seq > {seq};
         UPDATE feed_head SET audit_seq = {seq}, audit_hash = (SELECT hash FROM audit WHERE seq = {seq});"
    ));
}

both_databases! {
    fn an_untouched_chain_is_whole(house: House) {
        let head = lived_in(&house);
        let rows = house.raw().end_of_audit();
        assert_eq!(house.verify(&[]), Finding::Whole { rows, heads: 1, erased: 0 });
        let exported = house.verify(&[head]);
        assert_eq!(exported, Finding::Whole { rows, heads: 1, erased: 0 }, "stored and exported, it is one head");
        house.rotate().unwrap();
        house.sign_head().unwrap();
        assert_eq!(
            house.verify(&[]),
            Finding::Whole { rows: rows + 1, heads: 2, erased: 0 },
            "heads of two signing keys"
        );
    }

    fn a_head_is_signed_once_for_each_length(house: House) {
        let head = house.sign_head().unwrap();
        assert_eq!(house.sign_head(), None);
        house.sells("Acme", "basic");
        assert!(house.sign_head().unwrap().seq > head.seq);
    }

    fn a_verification_by_pieces_finds_what_one_at_once_does(house: House) {
        lived_in(&house);
        for number in 0..1_200 {
            house.sells(&format!("Customer {number}"), "free");
        }
        house.sign_head().unwrap();
        let by_pieces = || {
            let (ring, mut reached, mut pieces) = (house.ring(), Reached::default(), 0);
            loop {
                pieces += 1;
                let part = house.store.read(|reader| verify_on(reader, &ring, &[], reached.clone(), 1, |_, _| {})).unwrap();
                match part {
                    Verification::Ended(finding) => return (finding, pieces),
                    Verification::Reached(on) => reached = on,
                }
            }
        };
        let (finding, pieces) = by_pieces();
        assert_eq!(finding, house.verify(&[]));
        assert!(matches!(finding, Finding::Whole { .. }) && pieces > 1, "{finding:?} in {pieces} pieces");
        let seq = house.raw().end_of_audit() - 1;
        house.raw().run(&format!("UPDATE audit SET actor = 'cli:nobody' WHERE seq = {seq}"));
        assert_eq!(by_pieces().0, Finding::Altered { seq });
    }

    fn the_verification_tells_how_far_it_is(house: House) {
        lived_in(&house);
        let (ring, rows) = (house.ring(), house.raw().end_of_audit());
        let mut told = Vec::new();
        house
            .store
            .read(|reader| latchkey_store::audit::verify(reader, &ring, &[], |seen, of| told.push((seen, of))))
            .unwrap();
        assert_eq!(told, [(rows, rows)]);
    }

    fn a_row_that_was_altered_shows_whatever_was_altered(house: House) {
        lived_in(&house);
        let mut raw = house.raw();
        let rows = raw.end_of_audit();
        for seq in 1..=rows {
            for column in ["at", "actor", "action", "subject_kind", "subject", "detail", "reason_digest", "hash"] {
                let kept = raw.rows(&format!("SELECT {column} FROM audit WHERE seq = {seq}")).remove(0).remove(0);
                let other = match column {
                    "at" => format!("{column} + 1"),
                    // Where there was no reason, one is made up; also one that is next to nothing.
                    "reason_digest" => format!("COALESCE('x' || {column}, '')"),
                    _ => format!("{column} || 'x'"),
                };
                raw.run(&format!("UPDATE audit SET {column} = {other} WHERE seq = {seq}"));
                assert_eq!(house.verify(&[]), Finding::Altered { seq }, "{column}");
                let kept = kept.map_or("NULL".to_owned(), |kept| format!("'{kept}'"));
                let kept = if column == "at" { format!("CAST({kept} AS BIGINT)") } else { kept };
                raw.run(&format!("UPDATE audit SET {column} = {kept} WHERE seq = {seq}"));
            }
        }
        assert_eq!(house.verify(&[]), Finding::Whole { rows, heads: 1, erased: 0 }, "all is as it was");
        raw.run("UPDATE audit SET seq = 1000 WHERE seq = 4");
        assert_eq!(house.verify(&[]), Finding::Missing { seq: 4 });
    }

    fn a_row_that_was_left_out_shows(house: House) {
        lived_in(&house);
        let mut raw = house.raw();
        raw.run("CREATE TABLE kept AS SELECT * FROM audit");
        for seq in 1..raw.end_of_audit() {
            raw.run(&format!("DELETE FROM audit WHERE seq = {seq}"));
            assert_eq!(house.verify(&[]), Finding::Missing { seq });
            // Closing the gap does not help.
            raw.run(&format!(
                "UPDATE audit SET seq = -seq WHERE seq > {seq}; UPDATE audit SET seq = -seq - 1 WHERE seq < 0;"
            ));
            assert_eq!(house.verify(&[]), Finding::Altered { seq });
            raw.run("DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;");
        }
    }

    fn two_rows_that_changed_places_show(house: House) {
        lived_in(&house);
        let mut raw = house.raw();
        for (from, to) in [(3, 0), (4, 3), (0, 4)] {
            raw.run(&format!("UPDATE audit SET seq = {to} WHERE seq = {from}"));
        }
        assert_eq!(house.verify(&[]), Finding::Altered { seq: 3 });
    }

    fn a_tail_that_was_cut_shows(house: House) {
        lived_in(&house);
        let mut raw = house.raw();
        let was = raw.end_of_audit();
        raw.run(&format!("DELETE FROM audit WHERE seq > {}", was - 2));
        assert_eq!(house.verify(&[]), Finding::Cut { last: was - 2, was });
    }

    fn a_tail_that_was_cut_with_care_shows_against_a_signed_head(house: House) {
        let head = lived_in(&house);
        let mut raw = house.raw();
        cut_after(&mut raw, head.seq);
        assert_eq!(
            house.verify(&[]),
            Finding::Whole { rows: head.seq, heads: 1, erased: 0 },
            "no head vouches for more"
        );
        let last = head.seq - 1;
        cut_after(&mut raw, last);
        assert_eq!(house.verify(&[]), Finding::Cut { last, was: head.seq });
        raw.run("DELETE FROM audit_heads");
        assert_eq!(house.verify(&[]), Finding::Whole { rows: last, heads: 0, erased: 0 });
        assert_eq!(
            house.verify(std::slice::from_ref(&head)),
            Finding::Cut { last, was: head.seq },
            "an exported head remembers"
        );

        // Growing again over the cut makes another chain of it.
        house.sells("Bolt", "basic");
        assert!(raw.end_of_audit() > head.seq);
        assert_eq!(house.verify(std::slice::from_ref(&head)), Finding::Rewritten { seq: head.seq });
    }

    fn a_head_in_the_database_remembers_a_chain_that_was_rewritten(house: House) {
        let head = lived_in(&house);
        cut_after(&mut house.raw(), head.seq - 1);
        house.sells("Bolt", "basic");
        assert_eq!(house.verify(&[]), Finding::Rewritten { seq: head.seq });
    }

    fn a_forged_head_shows(house: House) {
        let head = lived_in(&house);
        let seq = head.seq;
        let stranger = House::on_sqlite();
        lived_in(&stranger);
        let (at, hash) = (head.at + 1, "0".repeat(64));
        for forged in [
            SignedHead { seq: seq - 1, ..head.clone() },
            SignedHead { hash, ..head.clone() },
            SignedHead { at, ..head.clone() },
            SignedHead { signing_key: stranger.sells("Acme", "basic").key.signing_key.to_string(), ..head.clone() },
            SignedHead { signing_key: "nobody".into(), ..head.clone() },
            SignedHead { signature: "AAAA".into(), ..head },
        ] {
            assert_eq!(
                house.verify(std::slice::from_ref(&forged)),
                Finding::HeadForged { seq: forged.seq },
                "{forged:?}"
            );
        }
        house.raw().run("UPDATE audit_heads SET at = at + 1");
        assert_eq!(house.verify(&[]), Finding::HeadForged { seq });
    }

    fn the_end_of_the_chain_has_to_agree(house: House) {
        lived_in(&house);
        let mut raw = house.raw();
        let rows = raw.end_of_audit();
        raw.run("UPDATE feed_head SET audit_seq = audit_seq + 1");
        assert_eq!(house.verify(&[]), Finding::Cut { last: rows, was: rows + 1 });
        raw.run("UPDATE feed_head SET audit_seq = audit_seq - 2");
        assert_eq!(house.verify(&[]), Finding::Altered { seq: rows });
        raw.run("UPDATE feed_head SET audit_seq = audit_seq + 1, audit_hash = 'x'");
        assert_eq!(house.verify(&[]), Finding::Altered { seq: rows });
    }

    fn a_reason_can_be_erased_but_not_altered(house: House) {
        lived_in(&house);
        let mut raw = house.raw();
        let rows = raw.end_of_audit();
        let seq = raw.number("SELECT MIN(seq) FROM audit_reasons");
        let body = raw.value(&format!("SELECT body FROM audit_reasons WHERE seq = {seq}"));
        for altered in ["body = 'because'", "salt = salt || '0'", "body = ''"] {
            raw.run(&format!(
                "CREATE TABLE kept AS SELECT * FROM audit_reasons; UPDATE audit_reasons SET {altered} WHERE seq = {seq}"
            ));
            assert_eq!(house.verify(&[]), Finding::Altered { seq }, "{altered}");
            raw.run("DELETE FROM audit_reasons; INSERT INTO audit_reasons SELECT * FROM kept; DROP TABLE kept;");
        }
        raw.run(&format!("DELETE FROM audit_reasons WHERE seq = {seq}"));
        assert_eq!(house.verify(&[]), Finding::Whole { rows, heads: 1, erased: 1 });
        // What was erased does not stand anywhere else.
        let everything = format!("{:?}", raw.everything());
        assert!(!everything.contains(&body), "{body}");
        // A reason that nobody gave cannot be added.
        raw.run("INSERT INTO audit_reasons (seq, salt, body) VALUES (1, '', 'because')");
        assert_eq!(house.verify(&[]), Finding::Altered { seq: 1 });
    }

    fn a_chain_that_grows_meanwhile_is_whole(house: House) {
        lived_in(&house);
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| (0..60).for_each(|_| drop(house.sells("Acme", "basic"))));
            let mut verified = 0;
            while !writing.is_finished() || verified < 3 {
                let finding = house.verify(&[]);
                assert!(matches!(finding, Finding::Whole { .. }), "{finding:?}");
                verified += 1;
            }
        });
    }
}

#[test]
fn a_value_that_is_no_time_is_corrupt() {
    let house = House::on_sqlite();
    lived_in(&house);
    // SQLite alone takes any type in any column.
    house.raw().run("UPDATE audit SET at = 'noon' WHERE seq = 2");
    assert!(matches!(house.try_verify(&[]), Err(StoreError::Corrupt(_))));
}
