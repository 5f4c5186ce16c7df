//! What an operation leaves behind: a line in the audit log, words in the feed, and nothing at all where it was
//! refused.

use latchkey_domain::ids::{KeyId, SubscriptionId};
use latchkey_domain::subscriptions::{Term, Unit};
use latchkey_domain::time::DAY;
use latchkey_domain::{Refusal, subscriptions::Offer};
use latchkey_store::audit;
use latchkey_store::subscriptions::keys::{self, Filter};
use latchkey_store::subscriptions::offers;
use uuid::Uuid;

use crate::house::{House, one_year, order, refusal, years};

/// An operation that is refused, and the code that it is refused with.
type Refused<'a> = (&'static str, Box<dyn Fn(&House) -> Refusal + 'a>);

both_databases! {
    fn what_is_refused_leaves_no_trace(house: House) {
        let running = house.sells("Acme", "basic");
        let suspended = house.sells("Bolt", "basic");
        house.suspend(suspended.subscription.id).unwrap();
        let over = house.sells("Corp", "basic");
        house.terminate(over.subscription.id).unwrap();
        let revoked = house.sells("Acme", "basic").key.id;
        house.revoke(revoked).unwrap();
        let superseded = house.sells("Acme", "basic").key.id;
        house.reissue(superseded, 7).unwrap();
        let (nobody, nothing) = (SubscriptionId(Uuid::from_u128(7)), KeyId(Uuid::from_u128(7)));
        let (id, key) = (running.subscription.id, running.key.id);
        let (over_id, over_key) = (over.subscription.id, over.key.id);

        let refused: Vec<Refused<'_>> = vec![
            ("OFFER_UNKNOWN", Box::new(|house| refusal(house.issue(&order("New", "bascic", years(1)))))),
            // The customer is new, too, and so would have been added.
            ("TERM_MISSING", Box::new(|house| refusal(house.issue(&order("New", "basic", None))))),
            ("TEXT_INVALID", Box::new(|house| refusal(house.issue(&order("N\new", "basic", years(1)))))),
            (
                "CUSTOMER_UNKNOWN",
                Box::new(|house| refusal(house.issue(&order(&nothing.to_string(), "basic", years(1))))),
            ),
            ("SUBSCRIPTION_UNKNOWN", Box::new(|house| refusal(house.renew(nobody, one_year())))),
            ("SUBSCRIPTION_ALREADY_TERMINATED", Box::new(|house| refusal(house.renew(over_id, one_year())))),
            ("SUBSCRIPTION_ALREADY_SUSPENDED", Box::new(|house| refusal(house.suspend(suspended.subscription.id)))),
            ("SUBSCRIPTION_ALREADY_TERMINATED", Box::new(|house| refusal(house.suspend(over_id)))),
            ("SUBSCRIPTION_NOT_SUSPENDED", Box::new(|house| refusal(house.resume(id)))),
            ("SUBSCRIPTION_ALREADY_TERMINATED", Box::new(|house| refusal(house.terminate(over_id)))),
            ("KEY_UNKNOWN", Box::new(|house| refusal(house.revoke(nothing)))),
            ("KEY_ALREADY_REVOKED", Box::new(|house| refusal(house.revoke(revoked)))),
            ("KEY_ALREADY_SUPERSEDED", Box::new(|house| refusal(house.reissue(superseded, 7)))),
            ("SUBSCRIPTION_ALREADY_TERMINATED", Box::new(|house| refusal(house.reissue(over_key, 7)))),
            ("DAYS_INVALID", Box::new(|house| refusal(house.reissue(key, 367)))),
            ("KEY_UNKNOWN", Box::new(|house| refusal(house.show(nothing)))),
        ];
        let mut raw = house.raw();
        let before = raw.everything();
        for (code, refused) in refused {
            house.wait(1);
            assert_eq!(refused(&house).code(), code);
            assert_eq!(raw.everything(), before, "{code}");
        }
        house.revoke(key).unwrap();
        assert_ne!(raw.everything(), before, "what is done leaves traces");
    }

    fn every_change_is_written_down_with_who_when_and_why(house: House) {
        let mut at = Vec::new();
        let mut moment = || at.push(house.wait(DAY));
        let before = house.audit().len();
        moment();
        let issued = house.sells("Acme", "basic");
        let (id, key) = (issued.subscription.id, issued.key.id);
        moment();
        house.renew(id, Term::new(1, Unit::Months).unwrap()).unwrap();
        moment();
        house.suspend(id).unwrap();
        moment();
        house.resume(id).unwrap();
        moment();
        let successor = house.reissue(key, 7).unwrap().key.id;
        moment();
        house.revoke(key).unwrap();
        moment();
        house.show(successor).unwrap();
        moment();
        let (old, new) = (issued.key.signing_key, house.rotate().unwrap().id);
        moment();
        let (actor, offer) = (house.actor.clone(), Offer::new("basic", "Basic", 30).unwrap());
        house.write(move |tx| offers::set(tx, &offer, &actor)).unwrap();
        moment();
        house.terminate(id).unwrap();

        let (id, key, successor) = (id.to_string(), key.to_string(), successor.to_string());
        let customer = issued.customer.id.to_string();
        let sold =
            format!(r#"{{"begin_date":"2026-03-03","customer":"{customer}","end_date":"2027-03-02","offer":"basic"}}"#);
        let renewed = r#"{"begin_date":"2026-03-03","end_date":"2027-04-02","end_date_before":"2027-03-02"}"#;
        let reissued = format!(r#"{{"by":"{successor}","until":"2026-03-14T09:00:00.000Z"}}"#);
        let written: Vec<_> = house.audit().split_off(before);
        let (seqs, lines): (Vec<_>, Vec<_>) = written
            .into_iter()
            .map(|line| {
                assert_eq!(line.actor, "cli:vendor");
                let moment = at.iter().position(|at| *at == line.at).expect("when it was done");
                (line.seq, (moment, line.action, line.subject, line.detail, line.reason))
            })
            .unzip();
        let line = |moment, action: &str, subject: &str, detail: &str, reason: Option<&str>| {
            (moment, action.to_owned(), subject.to_owned(), detail.to_owned(), reason.map(str::to_owned))
        };
        let offered = r#"{"cooling_off_days":7,"grace_days":30,"move_window_days":14,"moves_per_year":3,"plugins":[],"seated_by":"instance","seats":1,"self_service_releases_per_year":0,"staging_limit":2,"title":"Basic","trial_days":0}"#;
        let expected = [
            line(0, "customer.add", &customer, "{}", None),
            line(0, "subscription.create", &id, &sold, None),
            line(0, "key.issue", &key, &format!(r#"{{"subscription":"{id}"}}"#), None),
            line(1, "subscription.renew", &id, renewed, None),
            line(2, "subscription.suspend", &id, "{}", Some("an invoice is open")),
            line(3, "subscription.resume", &id, "{}", Some("the invoice is paid")),
            line(4, "key.reissue", &key, &reissued, Some("the old one was lost")),
            line(4, "key.issue", &successor, &format!(r#"{{"replaces":"{key}","subscription":"{id}"}}"#), None),
            line(5, "key.revoke", &key, "{}", Some("found on a forum")),
            line(6, "key.show", &successor, "{}", None),
            line(7, "signing-key.rotate", &new.to_string(), &format!(r#"{{"replaces":"{old}"}}"#), None),
            line(8, "offer.set", "basic", offered, None),
            line(9, "subscription.terminate", &id, "{}", Some("the contract has ended")),
        ];
        assert_eq!(lines, expected);
        assert_eq!(seqs, (1..).skip(before).take(expected.len()).collect::<Vec<i64>>());

        let of_key = house.store.read(|reader| audit::history(reader, "key", &key)).unwrap();
        let actions: Vec<_> = of_key.iter().map(|line| line.action.as_str()).collect();
        assert_eq!(actions, ["key.issue", "key.reissue", "key.revoke"]);
    }

    fn the_feed_names_exactly_what_is_no_longer_as_it_was(house: House) {
        let first = house.sells("Acme", "basic");
        house.wait(1);
        let second = house.sells("Acme", "basic");
        let other = house.sells("Acme", "standard");
        let (id, key) = (first.subscription.id, first.key.id);
        let both: Vec<String> = [key, second.key.id].iter().map(|key| format!("key {key}")).collect();
        let one = vec![format!("key {key}")];
        let mut raw = house.raw();
        let mut heard = |what: &str, expected: &[String]| {
            let end = raw.end_of_feed();
            match what {
                "issue" => drop(house.sells("Bolt", "basic")),
                "show" => drop(house.show(key).unwrap()),
                "renew" => drop(house.renew(id, one_year()).unwrap()),
                "suspend" => drop(house.suspend(id).unwrap()),
                "resume" => drop(house.resume(id).unwrap()),
                "revoke" => drop(house.revoke(key).unwrap()),
                // And those before it, which named it.
                "revoke the last" => drop(house.revoke(last_of(&house, id)).unwrap()),
                "reissue" => {
                    house.wait(1);
                    drop(house.reissue(key, 0).unwrap());
                }
                "rotate" => drop(house.rotate().unwrap()),
                "terminate" => drop(house.terminate(other.subscription.id).unwrap()),
                _ => panic!("no operation {what}"),
            }
            let heard = raw.feed_after(end);
            if what == "reissue" {
                // All of the subscription's, the new one with them: an older one names the last of its line.
                let filter = Filter { subscription: Some(id), ..Filter::default() };
                let listed = house.store.read(|reader| keys::list(reader, filter, 10)).unwrap();
                let mut all: Vec<String> = listed.iter().map(|listed| format!("key {}", listed.key.id)).collect();
                all.sort();
                assert_eq!(heard, all);
            } else {
                assert_eq!(heard, expected, "{what}");
            }
        };
        heard("issue", &[]);
        heard("show", &[]);
        heard("renew", &both);
        heard("suspend", &both);
        heard("resume", &both);
        heard("revoke", &one);
        // All of the subscription's: an older one names the last of its line.
        heard("reissue", &[]);
        let last = last_of(&house, id);
        heard("revoke the last", &[format!("key {last}"), one[0].clone()]);
        heard("terminate", &[format!("key {}", other.key.id)]);
        let next = format!("{}-2", first.key.signing_key.publisher());
        heard("rotate", &[format!("signing-key {next}")]);

        let (end, actor) = (raw.end_of_feed(), house.actor.clone());
        let offer = Offer::new("extra", "Extra", 0).unwrap();
        house.write(move |tx| offers::set(tx, &offer, &actor)).unwrap();
        assert_eq!(raw.feed_after(end), ["offer extra"]);
    }
}

/// The newest key of a subscription.
fn last_of(house: &House, subscription: SubscriptionId) -> KeyId {
    let filter = Filter { subscription: Some(subscription), ..Filter::default() };
    house.store.read(|reader| keys::list(reader, filter, 1)).unwrap()[0].key.id
}
