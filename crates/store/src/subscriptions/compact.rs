//! An entry as it is kept in memory, where there may be millions of them.
//!
//! Nearly all keys are alike: one that counts, of a subscription that nobody has stopped, on one seat, from which nobody moves.
//! Such an entry is kept in one piece with what belongs to it, without what can be said of many at once; any other one as it
//! is. What is given back is in either case equal to what was kept.

use std::collections::HashSet;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};

use latchkey_domain::ids::{CustomerId, InstanceId, KeyId, SigningKeyId, SubscriptionId};
use latchkey_domain::instances::{Environment, Holdings, Instance, InstanceUid, Place, Site};
use latchkey_domain::subscriptions::{Key, KeyEntry, KeyState, Period, Subscription};
use latchkey_domain::text::OfferRef;
use latchkey_domain::time::{Date, Timestamp};

/// An entry, and a number for each of its instances.
#[derive(Debug)]
pub(super) enum Kept {
    Usual(Usual),
    Other(Box<(KeyEntry, Box<[AtomicU64]>)>),
}

/// One that is like nearly all others.
#[derive(Debug)]
pub(super) struct Usual {
    key: KeyId,
    subscription: SubscriptionId,
    customer: CustomerId,
    owner: Arc<str>,
    common: Arc<Common>,
    issued: Date,
    begins: Date,
    ends: Date,
    grace_ends: Date,
    begins_at: Timestamp,
    ends_at: Timestamp,
    grace_ends_at: Timestamp,
    seats: u32,
    seat: u32,
    instance: InstanceId,
    uid: InstanceUid,
    since: Timestamp,
    last_seen: Timestamp,
    mark: AtomicU64,
}

/// What very many entries have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Common {
    offer: OfferRef,
    signing_key: SigningKeyId,
}

/// What entries have in common, each once.
#[derive(Debug, Default)]
pub(super) struct Commons(RwLock<HashSet<Arc<Common>>>);

impl Kept {
    pub(super) fn new(entry: KeyEntry, commons: &Commons) -> Self {
        match Usual::of(&entry, commons) {
            Some(usual) => Self::Usual(usual),
            None => {
                let marks = entry.holdings.instances().iter().map(|_| AtomicU64::new(0)).collect();
                Self::Other(Box::new((entry, marks)))
            }
        }
    }

    /// The entry, as it was given.
    pub(super) fn entry(&self) -> KeyEntry {
        match self {
            Self::Usual(usual) => usual.entry(),
            Self::Other(other) => other.0.clone(),
        }
    }

    /// The number of the instance at a place of the entry's holdings.
    pub(super) fn mark(&self, place: usize) -> Option<&AtomicU64> {
        match self {
            Self::Usual(usual) => (place == 0).then_some(&usual.mark),
            Self::Other(other) => other.1.get(place),
        }
    }
}

impl Usual {
    fn of(entry: &KeyEntry, commons: &Commons) -> Option<Self> {
        let KeyEntry { key, subscription, owner, holdings } = entry;
        let Key { id, subscription: of, signing_key, issued, state: KeyState::Active } = key else { return None };
        let Subscription { id: sold, customer, offer, period, seats, suspended_at: None, terminated_at: None } =
            subscription
        else {
            return None;
        };
        let [instance] = holdings.instances() else { return None };
        let Instance { id: instance, site, environment: Environment::Production, place, last_seen } = instance else {
            return None;
        };
        let (Site::Glpi(uid), Place::Seated { seat, since }) = (site, place) else { return None };
        if of != sold || *seats != holdings.seats || !holdings.moves().is_empty() {
            return None;
        }
        let Period { begins, ends, grace_ends, begins_at, ends_at, grace_ends_at } = *period;
        Some(Self {
            key: *id,
            subscription: *of,
            customer: *customer,
            owner: owner.clone(),
            common: commons.one(Common { offer: offer.clone(), signing_key: *signing_key }),
            issued: *issued,
            begins,
            ends,
            grace_ends,
            begins_at,
            ends_at,
            grace_ends_at,
            seats: *seats,
            seat: *seat,
            instance: *instance,
            uid: *uid,
            since: *since,
            last_seen: *last_seen,
            mark: AtomicU64::new(0),
        })
    }

    fn entry(&self) -> KeyEntry {
        let Self { begins, ends, grace_ends, begins_at, ends_at, grace_ends_at, .. } = *self;
        let instance = Instance {
            id: self.instance,
            site: Site::Glpi(self.uid),
            environment: Environment::Production,
            place: Place::Seated { seat: self.seat, since: self.since },
            last_seen: self.last_seen,
        };
        KeyEntry {
            key: Key {
                id: self.key,
                subscription: self.subscription,
                signing_key: self.common.signing_key,
                issued: self.issued,
                state: KeyState::Active,
            },
            subscription: Subscription {
                id: self.subscription,
                customer: self.customer,
                offer: self.common.offer.clone(),
                period: Period { begins, ends, grace_ends, begins_at, ends_at, grace_ends_at },
                seats: self.seats,
                suspended_at: None,
                terminated_at: None,
            },
            owner: self.owner.clone(),
            holdings: Holdings::new(self.seats, vec![instance], Vec::new()),
        }
    }
}

impl Commons {
    fn one(&self, wanted: Common) -> Arc<Common> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&wanted) {
            return known.clone();
        }
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(&wanted) {
            return known.clone();
        }
        let new = Arc::new(wanted);
        all.insert(new.clone());
        new
    }

    /// Forgets all; entries that have one keep it.
    pub(super) fn clear(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use latchkey_domain::ids::MoveId;
    use latchkey_domain::instances::{Denial, Move};
    use latchkey_domain::subscriptions::{Offer, Revocation, Term, Unit};
    use latchkey_domain::time::Zone;
    use uuid::Uuid;

    fn usual() -> KeyEntry {
        let offer = Offer::new("basic", "Basic", 14).unwrap();
        let day = "2026-01-01".parse().unwrap();
        let sold = SubscriptionId(Uuid::from_u128(2));
        KeyEntry {
            key: Key {
                id: KeyId(Uuid::from_u128(1)),
                subscription: sold,
                signing_key: "00000000-1".parse().unwrap(),
                issued: day,
                state: KeyState::Active,
            },
            subscription: Subscription {
                id: sold,
                customer: CustomerId(Uuid::from_u128(3)),
                offer: offer.reference.clone(),
                period: Period::starting(day, Term::new(1, Unit::Years).unwrap(), &offer, &Zone::utc()).unwrap(),
                seats: 3,
                suspended_at: None,
                terminated_at: None,
            },
            owner: "Acme".into(),
            holdings: Holdings::new(3, vec![seated(4)], vec![]),
        }
    }

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(1_795_345_200_000 + millis)
    }

    fn seated(number: u8) -> Instance {
        Instance {
            id: InstanceId(Uuid::from_u128(number.into())),
            site: Site::Glpi(InstanceUid::parse(&[b'0' + number; InstanceUid::LENGTH]).unwrap()),
            environment: Environment::Production,
            place: Place::Seated { seat: 2, since: at(1) },
            last_seen: at(7),
        }
    }

    fn kept(entry: &KeyEntry) -> Kept {
        let kept = Kept::new(entry.clone(), &Commons::default());
        assert_eq!(kept.entry(), *entry);
        kept
    }

    #[test]
    fn the_usual_one_comes_back_as_it_was() {
        let kept = kept(&usual());
        assert!(matches!(kept, Kept::Usual(_)));
        assert!(kept.mark(0).is_some() && kept.mark(1).is_none());
    }

    #[test]
    fn any_other_one_comes_back_as_it_was() {
        let place = Place::Refused { at: at(2), why: Denial::SeatsTaken, retry_at: Some(at(9)) };
        let move_ = Move {
            id: MoveId(Uuid::from_u128(9)),
            seat: 2,
            from: seated(4).id,
            to: seated(5).id,
            opened_at: at(3),
            closes_at: at(4),
            asked_at: None,
        };
        let with = |instances, moves| KeyEntry { holdings: Holdings::new(3, instances, moves), ..usual() };
        let revoked = KeyState::Revoked(Revocation { at: at(1), successor: None });
        let address = Site::Address("https://glpi.example.org".into());
        let others = [
            with(vec![], vec![]),
            with(vec![seated(4), seated(5)], vec![]),
            with(vec![seated(4)], vec![move_]),
            with(vec![Instance { place, ..seated(4) }], vec![]),
            with(vec![Instance { environment: Environment::Staging, ..seated(4) }], vec![]),
            with(vec![Instance { site: address, ..seated(4) }], vec![]),
            KeyEntry { holdings: Holdings::new(4, vec![seated(4)], vec![]), ..usual() },
            KeyEntry { key: Key { state: revoked, ..usual().key }, ..usual() },
            KeyEntry { key: Key { subscription: SubscriptionId(Uuid::from_u128(8)), ..usual().key }, ..usual() },
            KeyEntry { subscription: Subscription { suspended_at: Some(at(1)), ..usual().subscription }, ..usual() },
            KeyEntry { subscription: Subscription { terminated_at: Some(at(1)), ..usual().subscription }, ..usual() },
        ];
        for entry in others {
            let kept = kept(&entry);
            assert!(matches!(kept, Kept::Other(_)), "{entry:?}");
            let instances = entry.holdings.instances().len();
            assert!((0..instances).all(|place| kept.mark(place).is_some()) && kept.mark(instances).is_none());
        }
    }

    #[test]
    fn what_many_have_in_common_is_there_once() {
        let commons = Commons::default();
        let [Kept::Usual(one), Kept::Usual(other)] = [(); 2].map(|()| Kept::new(usual(), &commons)) else { panic!() };
        assert!(Arc::ptr_eq(&one.common, &other.common));
    }
}
