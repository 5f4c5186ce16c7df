//! Signing keys: rotated, sealed under the master key, and never confused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_domain::Refusal;
use latchkey_domain::time::{DAY, Zone};
use latchkey_key::registration;
use latchkey_store::subscriptions::keys;
use latchkey_store::{Master, StoreError, Undone, Vault, installation, signing_keys};

use crate::house::{failure, one_year, order, years};

both_databases! {
    fn the_time_zone_is_kept_once_it_is_known(house: House) {
        let known = || house.store.ask(|reader| installation::load(reader)).unwrap().unwrap().time_zone;
        let settle = |zone: Option<&Zone>| installation::settle_time_zone(&house.store, zone, house.now(), &house.actor);
        let (paris, utc) = (house.zone.clone(), Zone::utc());
        // Sold before it was kept: in which zone, nobody knows.
        house.sells("Acme", "basic");
        assert_eq!((settle(None), known()), (Ok(utc.clone()), None));
        assert_eq!((settle(Some(&paris)), known()), (Ok(paris.clone()), Some(paris.clone())));
        assert_eq!(settle(None), Ok(paris.clone()));
        let (stored, given) = ("Europe/Paris".to_owned(), "UTC".to_owned());
        assert_eq!(settle(Some(&utc)), Err(StoreError::OtherTimeZone { stored, given }));
        let sold = house.sells("Bolt", "basic");

        // A program that was started before it was changed.
        let (actor, to) = (house.actor.clone(), utc.clone());
        let before = house.write(move |tx| installation::set_time_zone(tx, &to, &actor, None));
        assert_eq!((before, known()), (Ok(Some(paris)), Some(utc)));
        let (stored, given) = ("UTC".to_owned(), "Europe/Paris".to_owned());
        let refused = Undone::Failed(StoreError::OtherTimeZone { stored, given });
        assert_eq!(house.issue(&order("Cole", "basic", years(1))).err(), Some(refused.clone()));
        assert_eq!(house.renew(sold.subscription.id, one_year()).err(), Some(refused.clone()));
        assert_eq!(house.reissue(sold.key.id, 0).err(), Some(refused));
        assert!(house.revoke(sold.key.id).is_ok(), "what reckons with no dates goes on");
    }

    fn a_new_installation_without_a_zone_is_one_of_utc(house: House) {
        let settle = |zone: Option<&Zone>| installation::settle_time_zone(&house.store, zone, house.now(), &house.actor);
        assert_eq!(settle(None), Ok(Zone::utc()));
        assert!(matches!(settle(Some(&house.zone)), Err(StoreError::OtherTimeZone { .. })));
    }

    fn keys_that_an_older_signing_key_signed_stay_true(house: House) {
        let mut issued = vec![house.sells("Acme", "basic")];
        for _ in 0..3 {
            house.wait(DAY);
            let made = house.rotate().unwrap();
            issued.push(house.sells("Acme", "basic"));
            assert_eq!(issued.last().unwrap().key.signing_key, made.id);
        }
        let ring = house.ring();
        for (number, issued) in (1..).zip(&issued) {
            assert_eq!(issued.key.signing_key.number(), number);
            assert_eq!(registration::check(issued.text.reveal().as_bytes(), &ring).unwrap().id, issued.key.id);
        }
        let listed = house.store.read(|reader| signing_keys::list(reader)).unwrap();
        let retired: Vec<_> = listed.iter().map(|key| key.retired_at).collect();
        // Each one retires at the moment in which the next is made.
        let made: Vec<_> = listed[1..].iter().map(|key| Some(key.created_at)).chain([None]).collect();
        assert_eq!(retired, made);
    }

    fn an_older_ring_does_not_know_a_newer_signing_key(house: House) {
        let before = house.ring();
        house.rotate().unwrap();
        let issued = house.sells("Acme", "basic");
        assert!(registration::check(issued.text.reveal().as_bytes(), &before).is_err());
        assert!(registration::check(issued.text.reveal().as_bytes(), &house.ring()).is_ok());
    }

    fn a_rotation_that_was_undone_signs_nothing(house: House) {
        let (vault, zone, actor) = (house.vault.clone(), house.zone.clone(), house.actor.clone());
        let undone = house.write(move |tx| {
            signing_keys::rotate(tx, &vault, &actor, None)?;
            keys::issue(tx, &vault, &order("Acme", "basic", years(1)), &zone, &actor)?;
            Err::<(), _>(Refusal::TermMissing.into())
        });
        assert_eq!(undone, Err(Undone::Refused(Refusal::TermMissing)));
        // The next one bears the same number, but it is another key.
        house.rotate().unwrap();
        let issued = house.sells("Acme", "basic");
        assert_eq!(
            registration::check(issued.text.reveal().as_bytes(), &house.ring()).map(|key| key.id),
            Ok(issued.key.id)
        );
    }

    fn a_seed_does_not_stand_in_the_database(house: House) {
        house.rotate().unwrap();
        let sealed = house.raw().column("SELECT sealed_seed FROM signing_keys ORDER BY number");
        let public = house.raw().column("SELECT public_key FROM signing_keys ORDER BY number");
        assert_eq!(sealed.len(), 2);
        for (sealed, public) in sealed.iter().zip(&public) {
            let bytes = BASE64.decode(sealed).unwrap();
            // Nonce, seed and tag: were the seed there, some 32 bytes would give the public key.
            assert_eq!(bytes.len(), 24 + 32 + 16);
            let id = house.ring().iter().next().unwrap().id();
            for window in bytes.windows(32) {
                let signer = latchkey_key::Signer::from_seed(id, window.try_into().unwrap());
                assert_ne!(signer.public_key().to_base64(), *public);
            }
        }
    }

    fn another_master_key_is_recognised_at_the_start(house: House) {
        let other = Vault::new(Master::random().unwrap());
        let given = other.fingerprint();
        let refused = installation::establish(&house.store, &other, house.now(), &house.actor);
        assert_eq!(refused, Err(StoreError::OtherMasterKey { expected: house.vault.fingerprint(), given }));
        let known = installation::establish(&house.store, &house.another_vault(), house.now(), &house.actor).unwrap();
        assert_eq!(Some(known), house.store.read(|reader| installation::load(reader)).unwrap());
    }

    fn under_another_master_key_nothing_is_issued(house: House) {
        let (other, zone, actor) = (Vault::new(Master::random().unwrap()), house.zone.clone(), house.actor.clone());
        let before = house.raw().everything();
        let wanted = order("Acme", "basic", years(1));
        let failed = house.write(move |tx| keys::issue(tx, &other, &wanted, &zone, &actor));
        assert!(matches!(failure(failed), StoreError::Unsealable(_)));
        assert_eq!(house.raw().everything(), before);
    }

    fn a_sealed_seed_that_was_altered_does_not_open(house: House) {
        house.rotate().unwrap();
        let mut raw = house.raw();
        let sealed = raw.column("SELECT sealed_seed FROM signing_keys ORDER BY number");
        let mut bytes = BASE64.decode(&sealed[1]).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        let altered = BASE64.encode(&bytes);
        // A bit changed, the other key's seed, one that is too short, and no base64 at all.
        for seed in [altered.as_str(), sealed[0].as_str(), "AAAA", "?"] {
            raw.run(&format!("UPDATE signing_keys SET sealed_seed = '{seed}' WHERE number = 2"));
            let (vault, zone, actor) = (house.another_vault(), house.zone.clone(), house.actor.clone());
            let wanted = order("Acme", "basic", years(1));
            let failed = house.write(move |tx| keys::issue(tx, &vault, &wanted, &zone, &actor));
            assert!(matches!(failure(failed), StoreError::Unsealable(_)), "{seed}");
        }
        raw.run(&format!("UPDATE signing_keys SET sealed_seed = '{}' WHERE number = 2", sealed[1]));
        house.sells("Acme", "basic");
    }

    fn two_that_start_at_once_make_one_installation(house: House) {
        // A house is established already, so its rows are taken away: the tables are as in a new database.
        let mut raw = house.raw();
        raw.run("DELETE FROM signing_keys; DELETE FROM offers; DELETE FROM installation; DELETE FROM jobs;");
        let made: Vec<_> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let (store, vault) = (house.another_store(), house.another_vault());
                        installation::establish(&store, &vault, house.now(), &house.actor).unwrap()
                    })
                })
                .collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(made.iter().all(|installation| *installation == made[0]), "{made:?}");
        assert_eq!(raw.number("SELECT COUNT(*) FROM signing_keys"), 1);
        house.ring();
    }
}
