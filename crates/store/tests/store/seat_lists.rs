//! Lists of instances and trials: as the rules say that they stand, whoever has written what down.

use std::collections::BTreeSet;

use latchkey_domain::ids::{InstanceId, KeyId};
use latchkey_domain::instances::{Address, Cover, Environment, InstanceUid, PluginName, Policy};
use latchkey_domain::subscriptions::{Offer, Term, Unit};
use latchkey_domain::time::{DAY, Timestamp};
use latchkey_store::instances::binding::{self, Caller};
use latchkey_store::instances::list::Listed;
use latchkey_store::instances::seen::{self, Sighting};
use latchkey_store::instances::{decisions, trials};
use latchkey_store::lists::instances::{self, InstanceIs, Wanted};
use latchkey_store::lists::subscriptions::Whose;
use latchkey_store::lists::trials::{self as lists, TrialIs};
use latchkey_store::lists::{At, Page};
use latchkey_store::subscriptions::{entries, offers};

use crate::house::{House, reason};

fn uid(number: u32) -> InstanceUid {
    InstanceUid::parse(format!("{number:0>40}").as_bytes()).unwrap()
}

impl House {
    fn comes(&self, key: KeyId, number: u32) -> InstanceId {
        let read = self.store.ask(|reader| entries::fill(reader, key)).unwrap();
        let caller = Caller { key, uid: uid(number), version: None, face: number, read };
        self.write(move |tx| binding::bind(tx, &caller)).unwrap();
        self.lists(&Wanted { site: Some(uid(number).to_string()), ..Wanted::default() }, self.now())[0].id
    }

    fn heard(&self, key: KeyId, instance: InstanceId, face: u32) {
        let sighting = Sighting { instance, key, at: self.now(), version: None, face };
        self.write(move |tx| seen::note(tx, std::slice::from_ref(&sighting))).unwrap();
    }

    /// All instances of a list, page by page.
    fn lists(&self, wanted: &Wanted, now: Timestamp) -> Vec<Listed> {
        let (mut all, mut at) = (Vec::new(), At::Beginning);
        loop {
            let page = Page::first(3).descending().at(at);
            let found = self.store.read(|reader| instances::page(reader, wanted, &page, now)).unwrap();
            all.extend(found.rows);
            match found.after {
                Some(place) => at = At::After(place),
                None => return all,
            }
        }
    }
}

both_databases! {
    fn instances_are_found_by_how_they_stand_at_any_moment(house: House) {
        let term = |days| Some(Term::new(days, Unit::Days).unwrap());
        let mut last = 0;
        let mut next = || { last += 1; last };
        // Moves that nobody has ended: one whose holder is silent, one whose holder asks on, one that a person has decided.
        for customer in ["Acme", "Zoo", "Mairie"] {
            let order = latchkey_store::subscriptions::keys::Order {
                customer: customer.into(), offer: "basic".into(), begins: None, term: term(90),
            };
            let key = house.issue(&order).unwrap().key.id;
            let (holder, newcomer) = (house.comes(key, next()), { house.wait(DAY); house.comes(key, next()) });
            let (actor, why) = (house.actor.clone(), reason("not theirs"));
            match customer {
                "Zoo" => { house.wait(DAY); house.heard(key, holder, 7); }
                "Mairie" => {
                    house.write(move |tx| decisions::refuse(tx, newcomer, &actor, &why)).unwrap();
                    let actor = house.actor.clone();
                    house.write(move |tx| decisions::declare(tx, holder, Environment::Staging, &actor, None)).unwrap();
                }
                _ => {}
            }
        }
        let begun = house.now();
        let mut seen = BTreeSet::new();
        for days in [0, 5, 13, 14, 15, 30] {
            for shift in [-1, 0, 1] {
                let now = begun.plus(days * DAY + shift);
                let everything = house.lists(&Wanted::default(), now);
                assert_eq!(everything.len(), 6);
                assert!(everything.iter().map(|listed| listed.id).is_sorted_by(|a, b| a > b));
                for is in InstanceIs::ALL {
                    let expected: Vec<_> = everything.iter().filter(|listed| listed.place(now).name() == is.name()).map(|listed| listed.id).collect();
                    let found: Vec<_> = house.lists(&Wanted { is: Some(is), ..Wanted::default() }, now).iter().map(|listed| listed.id).collect();
                    assert_eq!(found, expected, "{is:?} at {now}");
                    seen.extend((!found.is_empty()).then_some((is.name(), days)));
                }
                let (count, waiting) = house
                    .store
                    .read(|reader| Ok((instances::count_waiting(reader, now)?, instances::waiting(reader, now, 10)?)))
                    .unwrap();
                let moving = everything.iter().filter(|listed| listed.place(now).name() == "moving").count();
                assert_eq!((usize::try_from(count).unwrap(), waiting.len()), (moving, moving));
                assert!(waiting.iter().all(|waiting| waiting.newcomer.moving(now) == waiting.holder.moving(now)));
            }
        }
        assert!(seen.contains(&("moving", 0)) && seen.contains(&("released", 30)) && seen.contains(&("refused", 30)), "{seen:?}");
        let now = house.now();
        let only = |wanted: Wanted| house.lists(&wanted, now).len();
        assert_eq!(only(Wanted { whose: Some(Whose::NameHas("zo".into())), ..Wanted::default() }), 2);
        let of = house.lists(&Wanted::default(), now)[0].subscription.clone();
        assert_eq!(only(Wanted { whose: Some(Whose::Customer(of.customer)), ..Wanted::default() }), 2);
        assert_eq!(only(Wanted { subscription: Some(of.id), ..Wanted::default() }), 2);
        assert_eq!(only(Wanted { environment: Some(Environment::Staging), ..Wanted::default() }), 1);
        assert_eq!(only(Wanted { site: Some("0000".into()), ..Wanted::default() }), 6);
        assert_eq!(only(Wanted { site: Some("1".into()), ..Wanted::default() }), 0);
        assert_eq!(only(Wanted { twins: true, ..Wanted::default() }), 0);
    }

    fn trials_are_found_by_how_they_stand(house: House) {
        let actor = house.actor.clone();
        house
            .write(move |tx| {
                let cover = Cover { plugins: vec![PluginName::parse("helpdesk")?], trial_days: 30, ..Cover::default() };
                offers::set(tx, &Offer::new("suite", "Suite", 0)?.allowing(Policy::default())?.opening(cover)?, &actor)
            })
            .unwrap();
        let mut begun = Vec::new();
        for number in 0..5 {
            let asked = trials::Asked {
                plugin: PluginName::parse("helpdesk").unwrap(),
                plugin_version: None,
                uid: uid(number),
                glpi_version: None,
                address: Address::parse("https://glpi.example.org").unwrap(),
            };
            begun.push(house.write(move |tx| trials::begin(tx, &asked)).unwrap());
            house.wait(8 * DAY);
        }
        let now = house.now();
        let list = |wanted: &lists::Wanted, sort| {
            house.store.read(|reader| lists::page(reader, wanted, sort, &Page::first(10), now)).unwrap().rows
        };
        for is in TrialIs::ALL {
            let found = list(&lists::Wanted { is: Some(is), ..lists::Wanted::default() }, lists::Sort::Begun);
            let expected: Vec<_> = begun.iter().filter(|trial| trial.phase(now).name() == is.name()).map(|trial| trial.id).collect();
            assert_eq!(found.iter().map(|listed| listed.trial.id).collect::<Vec<_>>(), expected, "{is:?}");
        }
        assert_eq!(list(&lists::Wanted { plugin: Some("helpdesk".into()), ..lists::Wanted::default() }, lists::Sort::End).len(), 5);
        assert_eq!(list(&lists::Wanted { plugin: Some("other".into()), ..lists::Wanted::default() }, lists::Sort::End).len(), 0);
        assert_eq!(list(&lists::Wanted { uid: Some(uid(3).to_string()), ..lists::Wanted::default() }, lists::Sort::End).len(), 1);
    }
}
