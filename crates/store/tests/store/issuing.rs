//! Orders: which customer, which subscription, which key comes of them.

use latchkey_domain::Refusal;
use latchkey_domain::ids::CustomerId;
use latchkey_domain::subscriptions::{Offer, Term, Unit};
use latchkey_domain::text::{Name, TextFault};
use latchkey_domain::time::DAY;
use latchkey_key::registration;
use latchkey_store::Actor;
use latchkey_store::subscriptions::keys::{Filter, Order};
use latchkey_store::subscriptions::{customers, keys, offers, subscriptions};
use uuid::Uuid;

use crate::house::{day, order, refusal, years};

both_databases! {
    fn a_first_order_adds_the_customer_and_the_subscription(house: House) {
        let issued = house.issue(&order("  Acme   Ltd ", "basic", years(1))).unwrap();
        assert_eq!(issued.customer.name.as_str(), "Acme   Ltd");
        assert_eq!(issued.customer.created_at, house.now());
        assert_eq!(issued.subscription.customer, issued.customer.id);
        assert_eq!(issued.subscription.offer.as_str(), "basic");
        let period = issued.subscription.period;
        assert_eq!(
            (period.begins, period.ends, period.grace_ends),
            (day("2026-03-02"), day("2027-03-01"), day("2027-03-15"))
        );
        assert_eq!((issued.key.subscription, issued.key.issued), (issued.subscription.id, day("2026-03-02")));

        let read = registration::check(issued.text.reveal().as_bytes(), &house.ring()).unwrap();
        assert_eq!(read.id, issued.key.id);
        let entry = house.entry(issued.key.id);
        assert_eq!((&entry.key, &entry.subscription, &*entry.owner), (&issued.key, &issued.subscription, "Acme   Ltd"));
        assert!(house.verdict(issued.key.id).is_running());
    }

    fn the_same_order_again_uses_the_same_subscription(house: House) {
        let first = house.sells("Acme", "basic");
        house.wait(1);
        let by_id = first.customer.id.to_string();
        for customer in ["Acme", " ACME ", by_id.as_str()] {
            let again = house.issue(&order(customer, "basic", years(1))).unwrap();
            assert_eq!((again.subscription, again.customer), (first.subscription.clone(), first.customer.clone()));
            assert_ne!(again.key.id, first.key.id);
            assert_ne!(again.text, first.text);
        }
    }

    fn a_first_day_without_a_term_is_not_taken_for_nothing_said(house: House) {
        house.sells("Acme", "basic");
        let order = Order { begins: Some(day("2027-01-01")), ..order("Acme", "basic", None) };
        assert_eq!(refusal(house.issue(&order)), Refusal::TermMissing);
    }

    fn a_customer_cannot_be_named_like_an_id(house: House) {
        let id = Uuid::from_u128(7).to_string();
        let unknown = Refusal::CustomerUnknown { customer: id.clone(), meant: None };
        assert_eq!(refusal(house.issue(&order(&id, "basic", years(1)))), unknown);
        let actor = Actor::server();
        let name = Name::parse("customer", &id).unwrap();
        assert_eq!(refusal(house.write(move |tx| customers::add(tx, &name, &actor))), unknown);
    }

    fn another_term_another_beginning_or_another_offer_is_another_subscription(house: House) {
        let first = house.sells("Acme", "basic").subscription.id;
        let longer = house.issue(&order("Acme", "basic", years(2))).unwrap().subscription;
        let better = house.issue(&order("Acme", "standard", years(1))).unwrap().subscription;
        let later = Order { begins: Some(day("2026-04-01")), ..order("Acme", "basic", years(1)) };
        let later = house.issue(&later).unwrap().subscription;
        assert_eq!((later.period.begins, later.period.ends), (day("2026-04-01"), day("2027-03-31")));
        let known = house.store.read(|reader| subscriptions::list(reader, Some(later.customer), 10)).unwrap();
        assert_eq!(known.len(), 4);
        for sold in [first, longer.id, better.id, later.id] {
            assert!(known.iter().any(|subscription| subscription.id == sold), "{sold}");
        }
    }

    fn today_is_the_vendors_day(house: House) {
        // Half past eleven in the evening of 30 June in London is half past midnight of 1 July in Paris.
        house.set_clock(latchkey_domain::time::Zone::utc().start_of(day("2026-06-30")).plus(DAY - 90 * 60_000));
        let issued = house.sells("Acme", "basic");
        assert_eq!((issued.key.issued, issued.subscription.period.begins), (day("2026-07-01"), day("2026-07-01")));
    }

    fn without_a_term_the_subscription_that_is_not_over_is_used(house: House) {
        let sold = house.sells("Acme", "basic").subscription;
        let plain = order("acme", "basic", None);
        assert_eq!(house.issue(&plain).unwrap().subscription.id, sold.id);
        house.suspend(sold.id).unwrap();
        assert_eq!(house.issue(&plain).unwrap().subscription.id, sold.id);
        house.set_clock(sold.period.grace_ends_at.plus(-1));
        assert_eq!(house.issue(&plain).unwrap().subscription.id, sold.id);
        house.wait(1);
        assert_eq!(refusal(house.issue(&plain)), Refusal::TermMissing);
    }

    fn without_a_term_the_newest_subscription_is_used(house: House) {
        house.sells("Acme", "basic");
        house.wait(1);
        let newer = house.issue(&order("Acme", "basic", years(2))).unwrap().subscription;
        assert_eq!(house.issue(&order("Acme", "basic", None)).unwrap().subscription.id, newer.id);
        house.terminate(newer.id).unwrap();
        assert_ne!(house.issue(&order("Acme", "basic", None)).unwrap().subscription.id, newer.id);
    }

    fn a_terminated_subscription_is_never_used_again(house: House) {
        let sold = house.sells("Acme", "basic").subscription;
        house.terminate(sold.id).unwrap();
        assert_eq!(refusal(house.issue(&order("Acme", "basic", None))), Refusal::TermMissing);
        assert_ne!(house.sells("Acme", "basic").subscription.id, sold.id);
    }

    fn an_unknown_offer_is_never_made_but_said_to_be_unknown(house: House) {
        let known: Vec<String> = ["free", "basic", "standard", "advanced"].map(str::to_owned).to_vec();
        for (reference, shown, meant) in [
            ("bascic", "bascic", Some("basic")),
            ("Basic", "Basic", Some("basic")),
            ("zzz", "zzz", None),
            ("", "", None),
            ("basic\0", "basic", Some("basic")),
            ("' OR 1=1 --", "' OR 1=1 --", None),
        ] {
            let expected = Refusal::OfferUnknown {
                reference: shown.to_owned(),
                known: known.clone(),
                meant: meant.map(str::to_owned),
            };
            assert_eq!(refusal(house.issue(&order("Acme", reference, years(1)))), expected, "{reference:?}");
        }
    }

    fn an_order_that_makes_no_sense_is_refused(house: House) {
        let begins = |text| Order { begins: Some(day(text)), ..order("Acme", "basic", years(100)) };
        assert_eq!(refusal(house.issue(&begins("1969-12-31"))), Refusal::DateInvalid { given: "1969-12-31".into() });
        assert_eq!(refusal(house.issue(&begins("9950-01-01"))), Refusal::TermInvalid);
        assert_eq!(refusal(house.issue(&order("Acme", "basic", None))), Refusal::TermMissing);
        for (customer, fault) in [
            (" ", TextFault::Empty),
            ("a\0b", TextFault::Control { at: 2 }),
            ("a\u{202E}b", TextFault::Control { at: 2 }),
        ] {
            let expected = Refusal::TextInvalid { field: "customer", fault };
            assert_eq!(refusal(house.issue(&order(customer, "basic", years(1)))), expected, "{customer:?}");
        }
        let nobody = CustomerId(Uuid::from_u128(7)).to_string();
        let expected = Refusal::CustomerUnknown { customer: nobody.clone(), meant: None };
        assert_eq!(refusal(house.issue(&order(&nobody, "basic", years(1)))), expected, "an id is not a name");
    }

    fn a_name_is_kept_as_it_was_typed(house: House) {
        for name in ["Søren's \"Ærø\" & Cie; --", "株式会社", "ẞ İ", "a%_\\b", &"é".repeat(200)] {
            let issued = house.sells(name, "free");
            assert_eq!(issued.customer.name.as_str(), name);
            assert_eq!(&*house.entry(issued.key.id).owner, name);
            let found = house.store.read(|reader| Ok(customers::find(reader, name))).unwrap().unwrap();
            assert_eq!(found, issued.customer);
        }
    }

    fn a_name_that_was_typed_in_another_way_is_the_same_customer(house: House) {
        let (composed, decomposed) = ("Caf\u{e9} Stra\u{df}e", "CAFE\u{301}  STRASSE");
        let first = house.sells(decomposed, "free");
        assert_eq!(first.customer.name.as_str(), "CAF\u{c9}  STRASSE", "kept composed, else as it was typed");
        assert_eq!(house.sells(composed, "basic").customer, first.customer);
        for name in [composed, decomposed, "caf\u{e9} strasse"] {
            let found = house.store.read(|reader| Ok(customers::find(reader, name))).unwrap().unwrap();
            assert_eq!(found, first.customer, "{name}");
        }
        assert_ne!(house.sells("Cafe Strasse", "basic").customer.id, first.customer.id, "an accent counts");
    }

    fn a_customer_that_is_not_there_may_have_been_another(house: House) {
        house.sells("Acme Limited", "free");
        let find = |name: &'static str| house.store.read(|reader| Ok(customers::find(reader, name))).unwrap();
        let unknown = |customer: &str, meant: Option<&str>| Refusal::CustomerUnknown {
            customer: customer.into(),
            meant: meant.map(str::to_owned),
        };
        assert_eq!(refusal(find("Acme Limitd")), unknown("Acme Limitd", Some("Acme Limited")));
        assert_eq!(refusal(find("Bolt")), unknown("Bolt", None));
        let actor = house.actor.clone();
        let again = Name::parse("customer", "ACME  limited").unwrap();
        let added = house.write(move |tx| customers::add(tx, &again, &actor));
        assert_eq!(refusal(added), Refusal::CustomerExists { customer: "ACME  limited".into() });
    }

    fn customers_are_listed_by_name_in_pages(house: House) {
        for name in ["zeta", "Alpha", "Émile", "beta"] {
            house.sells(name, "free");
        }
        let page = |after: &'static str, most| -> Vec<String> {
            let page = house.store.read(|reader| customers::list(reader, after, most)).unwrap();
            page.iter().map(|customer| customer.name.to_string()).collect()
        };
        assert_eq!(page("", 2), ["Alpha", "beta"]);
        // Both databases compare bytes, so a page ends and begins at the same place on both.
        assert_eq!(page("beta", 10), ["zeta", "Émile"]);
    }

    fn keys_are_listed_newest_first(house: House) {
        let mut issued = Vec::new();
        for (customer, offer) in [("Acme", "basic"), ("Acme", "standard"), ("Bolt", "basic")] {
            house.wait(1);
            issued.push(house.sells(customer, offer));
        }
        let list = |filter, most| -> Vec<_> {
            let list = house.store.read(|reader| keys::list(reader, filter, most)).unwrap();
            list.into_iter().map(|listed| listed.key.id).collect()
        };
        let ids: Vec<_> = issued.iter().map(|issued| issued.key.id).collect();
        assert_eq!(list(Filter::default(), 10), [ids[2], ids[1], ids[0]]);
        assert_eq!(list(Filter::default(), 1), [ids[2]]);
        assert_eq!(list(Filter { customer: Some(issued[0].customer.id), ..Filter::default() }, 10), [ids[1], ids[0]]);
        let one = Filter { subscription: Some(issued[0].subscription.id), ..Filter::default() };
        assert_eq!(list(one, 10), [ids[0]]);
    }

    fn an_offer_that_changes_leaves_what_was_sold_alone(house: House) {
        let sold = house.sells("Acme", "basic").subscription;
        let (actor, changed) = (house.actor.clone(), Offer::new("basic", "Basic, once more", 30).unwrap());
        let made = Offer::new("extra", "Extra", 0).unwrap();
        house.write(move |tx| offers::set(tx, &changed, &actor).and_then(|()| offers::set(tx, &made, &actor))).unwrap();
        let listed: Vec<_> = house.store.read(|reader| offers::list(reader)).unwrap();
        let listed: Vec<_> = listed.iter().map(|offer| (offer.reference.as_str(), offer.grace_days)).collect();
        assert_eq!(listed, [("free", 0), ("basic", 30), ("standard", 14), ("advanced", 14), ("extra", 0)]);
        assert_eq!(house.issue(&order("Acme", "basic", years(1))).unwrap().subscription, sold);
        let renewed = house.renew(sold.id, Term::new(1, Unit::Days).unwrap()).unwrap();
        assert_eq!((renewed.period.ends, renewed.period.grace_ends), (day("2027-03-02"), day("2027-04-01")));
    }
}
