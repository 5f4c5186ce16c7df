//! Lists: every row once, in order, forward and back, and in the states that the domain gives them.

use std::collections::BTreeSet;
use std::fmt::Debug;

use latchkey_domain::ids::{KeyId, SubscriptionId};
use latchkey_domain::subscriptions::{Term, Unit};
use latchkey_domain::text::{Name, OfferRef};
use latchkey_domain::time::{DAY, Date, Timestamp, day_after};
use latchkey_store::Reader;
use latchkey_store::StoreError;
use latchkey_store::lists::subscriptions::Whose;
use latchkey_store::lists::{
    At, Ends, Found, KeyIs, Page, Place, Sorting, SubscriptionIs, audit, customers, keys, search,
};
use latchkey_store::lists::{subscriptions, tokens};
use latchkey_store::subscriptions as rooms;
use latchkey_store::subscriptions::customers::Customer;

use crate::house::{House, day, reason};

/// Customers with subscriptions in every state, and keys in every state of theirs.
fn a_busy_house(house: &House) -> (Vec<SubscriptionId>, Vec<KeyId>) {
    let mut lots = Lots(7);
    let names = ["Acme", "ACME Nord", "Mairie de Brest", "Zoo", "50%_Off", "Éclair"];
    let (mut sold, mut issued) = (Vec::new(), Vec::new());
    for number in 0..40 {
        let name = names[lots.below(names.len() as i64) as usize];
        let offer = ["free", "basic", "standard"][lots.below(3) as usize];
        let begins = days_after(day("2026-02-20"), lots.below(60));
        let term = Term::new(1 + lots.below(89) as u32, Unit::Days).unwrap();
        let order =
            rooms::keys::Order { customer: name.into(), offer: offer.into(), begins: Some(begins), term: Some(term) };
        let key = house.issue(&order).unwrap();
        sold.push(key.subscription.id);
        issued.push(key.key.id);
        if number % 3 == 0 {
            issued.push(house.reissue(key.key.id, lots.below(20) as u32).unwrap().key.id);
        }
        if number % 5 == 0 {
            house.revoke(key.key.id).unwrap();
        }
        if number % 7 == 0 {
            house.suspend(key.subscription.id).unwrap();
        }
        if number % 11 == 0 {
            house.terminate(key.subscription.id).unwrap();
        }
        house.wait(1 + lots.below(DAY));
    }
    sold.sort();
    sold.dedup();
    (sold, issued)
}

/// Lots that fall the same each time (splitmix64).
struct Lots(u64);

impl Lots {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((mixed ^ (mixed >> 27)) % end as u64) as i64
    }
}

fn days_after(date: Date, days: i64) -> Date {
    (0..days).fold(date, |date, _| day_after(date).unwrap())
}

/// All rows, page by page forward, and then back again: the same.
#[track_caller]
fn all<T: Clone, I: PartialEq + Debug>(
    house: &House,
    descending: bool,
    id: impl Fn(&T) -> I,
    ask: impl Fn(&mut Reader<'_>, &Page) -> Result<Found<T>, StoreError>,
) -> Vec<T> {
    let page = |at: At| {
        let first = Page::first(7);
        let page = if descending { first.descending() } else { first }.at(at);
        house.store.read(|reader| ask(reader, &page)).unwrap()
    };
    let mut rows = Vec::new();
    let mut found = page(At::Beginning);
    assert_eq!(found.before, None);
    let mut pages = vec![found.rows.iter().map(&id).collect::<Vec<_>>()];
    rows.extend(found.rows.iter().cloned());
    while let Some(place) = found.after.clone() {
        found = page(At::After(place));
        assert!(!found.rows.is_empty() && found.rows.len() <= 7);
        pages.push(found.rows.iter().map(&id).collect());
        rows.extend(found.rows.iter().cloned());
    }
    pages.pop();
    while let Some(place) = found.before.clone() {
        found = page(At::Before(place));
        assert_eq!(Some(found.rows.iter().map(&id).collect::<Vec<_>>()), pages.pop(), "back as forward");
    }
    assert!(pages.is_empty(), "back to the beginning");
    rows
}

fn listed_keys(
    house: &House,
    wanted: &keys::Wanted,
    sort: keys::Sort,
    descending: bool,
    now: Timestamp,
) -> Vec<rooms::keys::Listed> {
    all(
        house,
        descending,
        |listed: &rooms::keys::Listed| listed.key.id,
        |reader, page| keys::page(reader, wanted, sort, page, now),
    )
}

both_databases! {
    fn every_key_is_listed_once_whatever_the_order(house: House) {
        let (_, mut issued) = a_busy_house(&house);
        issued.sort();
        let now = house.now();
        for sort in [keys::Sort::Issued, keys::Sort::End, keys::Sort::Customer] {
            let up = listed_keys(&house, &keys::Wanted::default(), sort, false, now);
            let mut ids: Vec<_> = up.iter().map(|listed| listed.key.id).collect();
            match sort {
                keys::Sort::Issued => assert!(ids.is_sorted()),
                keys::Sort::End => assert!(up.iter().map(|listed| listed.subscription.period.ends_at).is_sorted()),
                keys::Sort::Customer => assert!(up.iter().map(|listed| listed.customer.folded()).is_sorted()),
            }
            let mut down: Vec<_> =
                listed_keys(&house, &keys::Wanted::default(), sort, true, now).iter().map(|listed| listed.key.id).collect();
            down.reverse();
            assert_eq!(ids, down, "{sort:?}");
            ids.sort();
            assert_eq!(ids, issued, "{sort:?}");
        }
    }

    fn filters_are_the_domains_states(house: House) {
        a_busy_house(&house);
        // At boundaries, too: the very instants at which something begins or ends.
        let mut moments = vec![house.now()];
        for listed in listed_keys(&house, &keys::Wanted::default(), keys::Sort::Issued, false, house.now()).iter().step_by(9) {
            let period = listed.subscription.period;
            for at in [period.begins_at, period.ends_at, period.grace_ends_at] {
                moments.extend([at.plus(-1), at]);
            }
        }
        let mut seen = BTreeSet::new();
        for now in moments {
            let everything = listed_keys(&house, &keys::Wanted::default(), keys::Sort::Issued, false, now);
            for is in SubscriptionIs::ALL {
                let wanted = keys::Wanted { subscription_is: Some(is), ..keys::Wanted::default() };
                let expected: Vec<_> = everything
                    .iter()
                    .filter(|listed| listed.subscription.phase(now).name() == is.name())
                    .map(|listed| listed.key.id)
                    .collect();
                let found: Vec<_> =
                    listed_keys(&house, &wanted, keys::Sort::Issued, false, now).iter().map(|listed| listed.key.id).collect();
                assert_eq!(found, expected, "{is:?} at {now}");
                seen.extend((!found.is_empty()).then_some(is.name()));
                let wanted = subscriptions::Wanted { is: Some(is), ..subscriptions::Wanted::default() };
                let found = all(&house, false, |listed: &subscriptions::Listed| listed.subscription.id, |reader, page| {
                    subscriptions::page(reader, &wanted, subscriptions::Sort::Made, page, now)
                });
                let expected: BTreeSet<_> = everything
                    .iter()
                    .filter(|listed| listed.subscription.phase(now).name() == is.name())
                    .map(|listed| listed.subscription.id)
                    .collect();
                assert_eq!(found.iter().map(|listed| listed.subscription.id).collect::<BTreeSet<_>>(), expected);
                let holders: BTreeSet<_> = found.iter().map(|listed| listed.subscription.customer).collect();
                let wanted = customers::Wanted { subscription_is: Some(is), ..customers::Wanted::default() };
                let found = all(&house, false, |listed: &customers::Listed| listed.customer.id, |reader, page| {
                    customers::page(reader, &wanted, customers::Sort::Name, page, now)
                });
                assert_eq!(found.iter().map(|listed| listed.customer.id).collect::<BTreeSet<_>>(), holders, "{is:?}");
            }
            for is in KeyIs::ALL {
                let wanted = keys::Wanted { is: Some(is), ..keys::Wanted::default() };
                let expected: Vec<_> = everything
                    .iter()
                    .filter(|listed| {
                        let name = listed.key.standing(now).name();
                        name == is.name() || is == KeyIs::Working && ["active", "overlap"].contains(&name)
                    })
                    .map(|listed| listed.key.id)
                    .collect();
                let found: Vec<_> =
                    listed_keys(&house, &wanted, keys::Sort::Issued, false, now).iter().map(|listed| listed.key.id).collect();
                assert_eq!(found, expected, "{is:?} at {now}");
                seen.extend((!found.is_empty()).then_some(is.name()));
            }
        }
        assert_eq!(seen.len(), SubscriptionIs::ALL.len() + KeyIs::ALL.len(), "no state was missed: {seen:?}");
    }

    fn filters_go_together(house: House) {
        a_busy_house(&house);
        let now = house.now();
        let everything = listed_keys(&house, &keys::Wanted::default(), keys::Sort::Issued, true, now);
        let acme = everything.iter().find(|listed| listed.customer.as_str() == "Acme").unwrap().subscription.customer;
        let (from, until) = (day("2026-03-10"), day("2026-06-02"));
        let wanted = keys::Wanted {
            whose: Some(Whose::NameHas("aCmE".into())),
            offer: Some(OfferRef::parse("basic").unwrap()),
            ends: Ends { from: Some(from), until: Some(until) },
            is: Some(KeyIs::Working),
            ..keys::Wanted::default()
        };
        let expected: Vec<_> = everything
            .iter()
            .filter(|listed| {
                listed.customer.folded().contains("acme")
                    && listed.subscription.offer.as_str() == "basic"
                    && (from..=until).contains(&listed.subscription.period.ends)
                    && ["active", "overlap"].contains(&listed.key.standing(now).name())
            })
            .map(|listed| listed.key.id)
            .collect();
        assert!(expected.len() > 1);
        let mut found: Vec<_> = listed_keys(&house, &wanted, keys::Sort::End, true, now).iter().map(|listed| listed.key.id).collect();
        found.sort_by(|a, b| b.cmp(a));
        assert_eq!(found, expected);
        let of_acme = listed_keys(&house, &keys::Wanted::of_customer(acme), keys::Sort::Customer, false, now);
        assert_eq!(of_acme.len(), everything.iter().filter(|listed| listed.subscription.customer == acme).count());
        let odd = keys::Wanted { whose: Some(Whose::NameHas("%_".into())), ..keys::Wanted::default() };
        assert!(listed_keys(&house, &odd, keys::Sort::Issued, true, now).iter().all(|listed| listed.customer.as_str() == "50%_Off"));
        let none = keys::Wanted { whose: Some(Whose::NameHas("a\0b".into())), ..keys::Wanted::default() };
        assert!(listed_keys(&house, &none, keys::Sort::Issued, true, now).is_empty());
    }

    fn customers_are_listed_with_how_much_they_hold(house: House) {
        let (sold, issued) = a_busy_house(&house);
        let now = house.now();
        let found = all(&house, false, |listed: &customers::Listed| listed.customer.id, |reader, page| {
            customers::page(reader, &customers::Wanted::default(), customers::Sort::Name, page, now)
        });
        assert!(found.iter().map(|listed| listed.customer.name.folded()).is_sorted());
        assert_eq!(found.iter().map(|listed| listed.subscriptions as usize).sum::<usize>(), sold.len());
        assert_eq!(found.iter().map(|listed| listed.keys as usize).sum::<usize>(), issued.len());
        let wanted = customers::Wanted { name_has: Some(" ÉCLAIR".into()), ..customers::Wanted::default() };
        let found = all(&house, true, |listed: &customers::Listed| listed.customer.id, |reader, page| {
            customers::page(reader, &wanted, customers::Sort::Known, page, now)
        });
        assert_eq!(found.iter().map(|listed| listed.customer.name.as_str()).collect::<Vec<_>>(), ["Éclair"]);
    }

    fn the_log_is_listed_from_either_end(house: House) {
        a_busy_house(&house);
        let everything = house.audit();
        let list = |wanted: &audit::Wanted, descending| {
            all(&house, descending, |line: &latchkey_store::audit::Line| line.seq, |reader, page| audit::page(reader, wanted, page))
        };
        let mut down = list(&audit::Wanted::default(), true);
        down.reverse();
        assert_eq!(down, everything);
        let revoked = audit::Wanted { action: Some("key.revoke".into()), ..audit::Wanted::default() };
        let expected: Vec<_> = everything.iter().filter(|line| line.action == "key.revoke").cloned().collect();
        assert!(expected.len() > 7);
        assert_eq!(list(&revoked, false), expected);
        let (from, until) = (everything[20].at, everything[60].at);
        let between = audit::Wanted { from: Some(from), until: Some(until), actor: Some("cli:vendor".into()), ..audit::Wanted::default() };
        let expected: Vec<_> = everything.iter().filter(|line| line.at >= from && line.at < until).cloned().collect();
        assert_eq!(list(&between, false), expected);
        let key = expected.iter().find(|line| line.subject_kind == "key").unwrap();
        let of_key = audit::Wanted { subject_kind: Some("key".into()), subject: Some(key.subject.clone()), ..audit::Wanted::default() };
        let history = house.store.read(|reader| latchkey_store::audit::history(reader, "key", &key.subject)).unwrap();
        assert_eq!(list(&of_key, false), history);
        let customer = everything.iter().find(|line| line.action == "customer.add").unwrap();
        let id = customer.subject.parse().unwrap();
        let (first, rest) = house
            .store
            .read(|reader| {
                let first = audit::of_customer(reader, id, None, 3)?;
                let rest = audit::of_customer(reader, id, first.last().map(|line| line.seq), 1_000)?;
                Ok((first, rest))
            })
            .unwrap();
        assert_eq!(first.len(), 3);
        assert!(first.iter().chain(&rest).map(|line| line.seq).is_sorted_by(|a, b| a > b));
        assert_eq!(rest.last().map(|line| line.seq), Some(customer.seq));
    }

    fn a_text_finds_what_it_may_mean(house: House) {
        let key = house.sells("Acme", "basic");
        let other = house.sells("Acme Nord", "free");
        let find = |text: &str| house.store.read(|reader| search::find(reader, text, house.now())).unwrap();
        let names = |customers: &[Customer]| customers.iter().map(|customer| customer.name.to_string()).collect::<Vec<_>>();
        assert_eq!(names(&find(" acme ").customers), ["Acme", "Acme Nord"]);
        assert_eq!(names(&find("nord").customers), ["Acme Nord"]);
        assert!(find("").customers.is_empty());
        let hits = find(&key.key.id.to_string().to_uppercase());
        assert_eq!(hits.keys.iter().map(|listed| listed.key.id).collect::<Vec<_>>(), [key.key.id]);
        assert_eq!(find(&other.subscription.id.to_string()).subscriptions.len(), 1);
        assert_eq!(names(&find(&key.customer.id.to_string()).customers), ["Acme"]);
        let hits = find(key.text.reveal());
        assert_eq!(hits.pasted, Some(Ok(key.key.id)));
        assert_eq!(hits.keys.len(), 1);
        let cut = find(&key.text.reveal()[..120]);
        assert!(matches!(cut.pasted, Some(Err(latchkey_key::Damage::Truncated { .. }))), "{:?}", cut.pasted);
        assert!(cut.keys.is_empty() && cut.customers.is_empty());
        assert!(find("no such thing").customers.is_empty());
    }

    fn tokens_are_listed_by_whether_they_count(house: House) {
        use latchkey_store::api::tokens::{Order, create, revoke};
        let mut made = Vec::new();
        for number in 0..9 {
            let order = Order {
                name: Name::parse("name", &format!("program {number}")).unwrap(),
                scopes: latchkey_domain::tokens::Scopes::parse(["keys:read"]).unwrap(),
                days: (number % 3 == 0).then_some(1),
            };
            let (vault, actor) = (house.vault.clone(), house.actor.clone());
            made.push(house.write(move |tx| create(tx, &vault, &order, &actor)).unwrap().token.id);
        }
        let (id, actor) = (made[1].clone(), house.actor.clone());
        house.write(move |tx| revoke(tx, &id, &actor, &reason("leaked"))).unwrap();
        let (id, at) = (made[5].clone(), house.now());
        house.write(move |tx| latchkey_store::api::tokens::used(tx, &[(id.clone(), at)])).unwrap();
        let now = house.wait(2 * DAY);
        let list = |is, sort| {
            all(&house, true, |token: &latchkey_domain::tokens::Token| token.id.clone(), |reader, page| tokens::page(reader, is, sort, page, now))
        };
        let count = |is| list(Some(is), tokens::Sort::Name).len();
        assert_eq!((count(tokens::TokenIs::Active), count(tokens::TokenIs::Expired), count(tokens::TokenIs::Revoked)), (5, 3, 1));
        assert_eq!(list(None, tokens::Sort::Used)[0].id, made[5]);
        assert_eq!(list(None, tokens::Sort::Id).len(), 9);
        assert_eq!(list(None, tokens::Sort::Made).len(), 9);
    }

    fn the_dashboard_counts_what_its_lists_have(house: House) {
        use latchkey_store::dashboard;
        a_busy_house(&house);
        let now = house.now();
        let today = house.zone.date_of(now);
        let until = dashboard::DAYS_AHEAD.map(|days| days_after(today, days));
        let numbers = house.store.read(|reader| dashboard::numbers(reader, now, until.map(|day| house.zone.end_of(day)))).unwrap();
        let count = |subscription_is, ends| {
            let wanted = keys::Wanted { is: Some(KeyIs::Working), subscription_is: Some(subscription_is), ends, ..keys::Wanted::default() };
            listed_keys(&house, &wanted, keys::Sort::End, false, now).len() as i64
        };
        let ending = until.map(|until| count(SubscriptionIs::Running, Ends { from: None, until: Some(until) }));
        assert_eq!(numbers.ending, ending);
        assert_eq!(numbers.in_grace, count(SubscriptionIs::Grace, Ends::default()));
        assert_eq!(numbers.suspended, count(SubscriptionIs::Suspended, Ends::default()));
        assert!(ending[1] > 0 && ending[1] < ending[2] && numbers.in_grace > 0 && numbers.suspended > 0, "{numbers:?}");
        let months = ["2026-02-01", "2026-03-01", "2026-04-01", "2026-05-01"].map(|first| house.zone.start_of(day(first)));
        let renewals = house.store.read(|reader| dashboard::renewals(reader, &months)).unwrap();
        let march = subscriptions::Wanted {
            ends: Ends { from: Some(day("2026-03-01")), until: Some(day("2026-03-31")) },
            ..subscriptions::Wanted::default()
        };
        let found = all(&house, false, |listed: &subscriptions::Listed| listed.subscription.id, |reader, page| {
            subscriptions::page(reader, &march, subscriptions::Sort::End, page, now)
        });
        let expected = found.iter().filter(|listed| listed.subscription.terminated_at.is_none()).count();
        assert_eq!(renewals[1].subscriptions as usize, expected);
        assert!(expected > 0);
    }
}

#[test]
fn a_place_of_another_list_is_none() {
    let place: Option<Place> = keys::Sort::Issued.place("[\"a\"]");
    assert!(place.is_some());
    assert_eq!(keys::Sort::End.place("[\"a\"]"), None);
}
