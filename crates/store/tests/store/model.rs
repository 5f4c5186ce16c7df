//! A vendor in memory: what the store should do, written with the domain's own types and without a database.
//!
//! The model has ids of its own. [`Names`] learns which id of a database stands for which of the model's, so that
//! outcomes and refusals can be compared as values.

use std::collections::HashMap;

use latchkey_domain::Refusal;
use latchkey_domain::ids::{CustomerId, KeyId, SigningKeyId, SubscriptionId};
use latchkey_domain::subscriptions::{
    Key, KeyEntry, KeyState, Offer, Period, Phase, Revocation, Subscription, Succession, Term, Verdict, first_offers,
};
use latchkey_domain::text::{Name, fold, nearest};
use latchkey_domain::time::{Date, Timestamp, Zone};
use latchkey_store::subscriptions::keys::Order;
use latchkey_store::subscriptions::offers;
use latchkey_store::{Done, Undone};
use uuid::Uuid;

use crate::house::{House, unused};

/// Something that a vendor does. Keys and subscriptions are named by their place in the model, first made first; a
/// place beyond the last one is one that is not there.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Issue { customer: &'static str, offer: &'static str, begins: Option<Date>, term: Option<Term> },
    Renew { subscription: usize, term: Term },
    Suspend { subscription: usize },
    Resume { subscription: usize },
    Terminate { subscription: usize },
    Revoke { key: usize },
    Reissue { key: usize, overlap_days: u32 },
    Grace { offer: &'static str, days: u32 },
    Rotate,
}

/// What came of a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) key: Option<Key>,
    pub(crate) subscription: Option<Subscription>,
    pub(crate) signing_key: Option<SigningKeyId>,
    /// The key's text: only a database has one.
    pub(crate) text: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    zone: Zone,
    offers: Vec<Offer>,
    customers: Vec<Name>,
    pub(crate) subscriptions: Vec<Sold>,
    pub(crate) keys: Vec<Key>,
    signing_keys: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Sold {
    pub(crate) subscription: Subscription,
    at: Timestamp,
}

impl Model {
    pub(crate) fn new(zone: Zone) -> Self {
        let offers =
            first_offers().map(|(reference, title, days)| Offer::new(reference, title, days).unwrap()).to_vec();
        Self { zone, offers, customers: vec![], subscriptions: vec![], keys: vec![], signing_keys: 1 }
    }

    /// Does one step; what is refused changes nothing.
    pub(crate) fn apply(&mut self, step: &Step, now: Timestamp) -> Result<Outcome, Refusal> {
        match step {
            Step::Issue { customer, offer, begins, term } => self.issue(customer, offer, *begins, *term, now),
            Step::Renew { subscription, term } => {
                let before = self.subscription(*subscription)?;
                let period = before.renewed(*term, &self.offer(before.offer.as_str())?, &self.zone, now)?;
                Ok(self.changes(*subscription, |subscription| subscription.period = period))
            }
            Step::Suspend { subscription } => {
                self.subscription(*subscription)?.may_suspend()?;
                Ok(self.changes(*subscription, |subscription| subscription.suspended_at = Some(now)))
            }
            Step::Resume { subscription } => {
                self.subscription(*subscription)?.may_resume()?;
                Ok(self.changes(*subscription, |subscription| subscription.suspended_at = None))
            }
            Step::Terminate { subscription } => {
                self.subscription(*subscription)?.not_terminated()?;
                Ok(self.changes(*subscription, |subscription| subscription.terminated_at = Some(now)))
            }
            Step::Revoke { key } => self.revoke(*key, now),
            Step::Reissue { key, overlap_days } => self.reissue(*key, *overlap_days, now),
            Step::Grace { offer, days } => {
                let changed = Offer::new(offer, offer, *days)?;
                self.offers
                    .iter_mut()
                    .filter(|known| known.reference == changed.reference)
                    .for_each(|known| *known = changed.clone());
                Ok(Outcome::default())
            }
            Step::Rotate => {
                self.signing_keys += 1;
                Ok(Outcome { signing_key: Some(signing_key(self.signing_keys)), ..Outcome::default() })
            }
        }
    }

    pub(crate) fn entry(&self, key: &Key) -> KeyEntry {
        let sold = self.subscriptions.iter().find(|sold| sold.subscription.id == key.subscription).unwrap();
        let owner = self.customers[place(sold.subscription.customer.0)].as_str().into();
        KeyEntry {
            key: self.naming_the_last(key.clone()),
            subscription: sold.subscription.clone(),
            owner,
            holdings: unused(),
        }
    }

    /// A key that was replaced names the last of its line.
    fn naming_the_last(&self, mut key: Key) -> Key {
        let next = |id: KeyId| match self.keys[place(id.0)].state {
            KeyState::Superseded(Succession { by, .. }) => Some(by),
            KeyState::Revoked(Revocation { successor, .. }) => successor,
            KeyState::Active => None,
        };
        let last = |first: KeyId| std::iter::successors(Some(first), |id| next(*id)).last().unwrap();
        match &mut key.state {
            KeyState::Superseded(succession) => {
                succession.by = last(succession.by);
                let last = &self.keys[place(succession.by.0)];
                succession.by_issued = last.issued;
                succession.by_revoked = matches!(last.state, KeyState::Revoked(_));
            }
            KeyState::Revoked(Revocation { successor: Some(by), .. }) => *by = last(*by),
            KeyState::Revoked(Revocation { successor: None, .. }) | KeyState::Active => {}
        }
        key
    }

    fn issue(
        &mut self,
        customer: &str,
        offer: &str,
        begins: Option<Date>,
        term: Option<Term>,
        now: Timestamp,
    ) -> Result<Outcome, Refusal> {
        let offer = self.offer(offer)?;
        if begins.is_some() && term.is_none() {
            return Err(Refusal::TermMissing);
        }
        let begins = begins.unwrap_or_else(|| self.zone.date_of(now));
        let period = term.map(|term| Period::starting(begins, term, &offer, &self.zone)).transpose()?;
        let known = self.customers.iter().position(|known| known.folded() == fold(customer));
        let new = if known.is_none() { Some(Name::parse("customer", customer)?) } else { None };
        let customer = CustomerId(id(CUSTOMER, known.unwrap_or(self.customers.len())));
        let fits = |sold: &&Sold| {
            let subscription = &sold.subscription;
            let dates = match period {
                Some(period) => (period.begins, period.ends) == (subscription.period.begins, subscription.period.ends),
                None => now < subscription.period.grace_ends_at,
            };
            subscription.customer == customer
                && subscription.offer == offer.reference
                && subscription.terminated_at.is_none()
                && dates
        };
        // What a key opens most with; of equals the newest.
        let worth = |sold: &&Sold| {
            let subscription = &sold.subscription;
            let use_now = match subscription.phase(now) {
                Phase::Running { .. } => 3,
                Phase::Grace { .. } | Phase::Expired { .. } => 2,
                Phase::Scheduled { .. } => 1,
                Phase::Suspended { .. } | Phase::Terminated { .. } => 0,
            };
            (use_now, sold.at)
        };
        let subscription = match (self.subscriptions.iter().filter(fits).max_by_key(worth), period) {
            (Some(sold), _) => sold.subscription.clone(),
            (None, None) => return Err(Refusal::TermMissing),
            (None, Some(period)) => {
                let subscription = Subscription {
                    id: SubscriptionId(id(SUBSCRIPTION, self.subscriptions.len())),
                    customer,
                    offer: offer.reference,
                    period,
                    seats: 1,
                    suspended_at: None,
                    terminated_at: None,
                };
                self.subscriptions.push(Sold { subscription: subscription.clone(), at: now });
                subscription
            }
        };
        self.customers.extend(new);
        let key = self.make_key(&subscription, now);
        Ok(Outcome { key: Some(key), subscription: Some(subscription), ..Outcome::default() })
    }

    fn revoke(&mut self, key: usize, now: Timestamp) -> Result<Outcome, Refusal> {
        let before = self.key(key)?;
        before.may_revoke()?;
        let successor = match before.state {
            KeyState::Superseded(succession) => Some(succession.by),
            KeyState::Active | KeyState::Revoked(_) => None,
        };
        self.keys[key].state = KeyState::Revoked(Revocation { at: now, successor });
        Ok(Outcome { key: Some(self.keys[key].clone()), ..Outcome::default() })
    }

    fn reissue(&mut self, key: usize, overlap_days: u32, now: Timestamp) -> Result<Outcome, Refusal> {
        let old = self.key(key)?;
        let subscription = self.entry(&old).subscription;
        old.may_reissue(&subscription)?;
        let until = Key::overlap_ends(now, overlap_days)?;
        let new = self.make_key(&subscription, now);
        let state = &mut self.keys[key].state;
        *state = match *state {
            KeyState::Revoked(Revocation { at, .. }) => KeyState::Revoked(Revocation { at, successor: Some(new.id) }),
            KeyState::Active | KeyState::Superseded(_) => {
                KeyState::Superseded(Succession { by: new.id, by_issued: new.issued, until, by_revoked: false })
            }
        };
        Ok(Outcome { key: Some(new), subscription: Some(subscription), ..Outcome::default() })
    }

    fn make_key(&mut self, subscription: &Subscription, now: Timestamp) -> Key {
        let key = Key {
            id: KeyId(id(KEY, self.keys.len())),
            subscription: subscription.id,
            signing_key: signing_key(self.signing_keys),
            issued: self.zone.date_of(now),
            state: KeyState::Active,
        };
        self.keys.push(key.clone());
        key
    }

    fn changes(&mut self, place: usize, change: impl FnOnce(&mut Subscription)) -> Outcome {
        let subscription = &mut self.subscriptions[place].subscription;
        change(subscription);
        Outcome { subscription: Some(subscription.clone()), ..Outcome::default() }
    }

    fn offer(&self, reference: &str) -> Result<Offer, Refusal> {
        self.offers.iter().find(|offer| offer.reference.as_str() == reference).cloned().ok_or_else(|| {
            let known: Vec<String> = self.offers.iter().map(|offer| offer.reference.to_string()).collect();
            let meant = nearest(reference, known.iter().map(String::as_str)).map(str::to_owned);
            Refusal::OfferUnknown { reference: reference.to_owned(), known, meant }
        })
    }

    fn subscription(&self, place: usize) -> Result<Subscription, Refusal> {
        let unknown = || Refusal::SubscriptionUnknown { subscription: id(SUBSCRIPTION, place).to_string() };
        self.subscriptions.get(place).map(|sold| sold.subscription.clone()).ok_or_else(unknown)
    }

    fn key(&self, place: usize) -> Result<Key, Refusal> {
        let unknown = || Refusal::KeyUnknown { key: id(KEY, place).to_string() };
        self.keys.get(place).cloned().map(|key| self.naming_the_last(key)).ok_or_else(unknown)
    }
}

impl House {
    /// Does one step as the model does, now.
    pub(crate) fn does(&self, step: &Step, names: &Names) -> Result<Outcome, Refusal> {
        let with_text = |issued: latchkey_store::subscriptions::keys::Issued| Outcome {
            key: Some(issued.key),
            subscription: Some(issued.subscription),
            text: Some(issued.text.reveal().to_owned()),
            signing_key: None,
        };
        let changed = |subscription| Outcome { subscription: Some(subscription), ..Outcome::default() };
        let subscription = |place: usize| SubscriptionId(names.real(id(SUBSCRIPTION, place)));
        let key = |place: usize| KeyId(names.real(id(KEY, place)));
        let done: Done<Outcome> = match *step {
            Step::Issue { customer, offer, begins, term } => self
                .issue(&Order { customer: customer.to_owned(), offer: offer.to_owned(), begins, term })
                .map(with_text),
            Step::Renew { subscription: place, term } => self.renew(subscription(place), term).map(changed),
            Step::Suspend { subscription: place } => self.suspend(subscription(place)).map(changed),
            Step::Resume { subscription: place } => self.resume(subscription(place)).map(changed),
            Step::Terminate { subscription: place } => self.terminate(subscription(place)).map(changed),
            Step::Revoke { key: place } => {
                self.revoke(key(place)).map(|key| Outcome { key: Some(key), ..Outcome::default() })
            }
            Step::Reissue { key: place, overlap_days } => self.reissue(key(place), overlap_days).map(with_text),
            Step::Grace { offer, days } => {
                let actor = self.actor.clone();
                Offer::new(offer, offer, days)
                    .map_err(Undone::from)
                    .and_then(|offer| self.write(move |tx| offers::set(tx, &offer, &actor)))
                    .map(|()| Outcome::default())
            }
            Step::Rotate => self.rotate().map(|made| Outcome { signing_key: Some(made.id), ..Outcome::default() }),
        };
        match done {
            Ok(outcome) => Ok(outcome),
            Err(Undone::Refused(refusal)) => Err(refusal),
            Err(Undone::Failed(error)) => panic!("{step:?}: {error}"),
        }
    }
}

/// Which id of a database stands for which of the model's.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    to_model: HashMap<Uuid, Uuid>,
    to_real: HashMap<Uuid, Uuid>,
}

impl Names {
    /// Learns what a step has made. False where it took something else than the model did.
    pub(crate) fn learn(&mut self, real: &Outcome, model: &Outcome) -> bool {
        let mut pairs = Vec::new();
        if let (Some(real), Some(model)) = (&real.key, &model.key) {
            pairs.push((real.id.0, model.id.0));
        }
        if let (Some(real), Some(model)) = (&real.subscription, &model.subscription) {
            pairs.extend([(real.id.0, model.id.0), (real.customer.0, model.customer.0)]);
        }
        pairs.into_iter().all(|(real, model)| {
            *self.to_model.entry(real).or_insert(model) == model && *self.to_real.entry(model).or_insert(real) == real
        })
    }

    /// The database's id for one of the model's; where there is none, the same, which no database knows.
    pub(crate) fn real(&self, model: Uuid) -> Uuid {
        self.to_real.get(&model).copied().unwrap_or(model)
    }

    pub(crate) fn outcome(&self, outcome: Outcome) -> Outcome {
        Outcome {
            key: outcome.key.map(|key| self.key(key)),
            subscription: outcome.subscription.map(|subscription| self.subscription(subscription)),
            signing_key: outcome.signing_key.map(|id| signing_key(id.number())),
            text: None,
        }
    }

    pub(crate) fn entry(&self, entry: KeyEntry) -> KeyEntry {
        let KeyEntry { key, subscription, owner, holdings } = entry;
        KeyEntry { key: self.key(key), subscription: self.subscription(subscription), owner, holdings }
    }

    pub(crate) fn verdict(&self, verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Open { succession, warning, notice } => {
                Verdict::Open { succession: succession.map(|succession| self.succession(succession)), warning, notice }
            }
            Verdict::Closed(refusal) => Verdict::Closed(self.refusal(refusal)),
            Verdict::Refused(refusal) => Verdict::Refused(self.refusal(refusal)),
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "most refusals name nothing by id")]
    pub(crate) fn refusal(&self, refusal: Refusal) -> Refusal {
        match refusal {
            Refusal::NotSuspended { subscription } => {
                Refusal::NotSuspended { subscription: SubscriptionId(self.model(subscription.0)) }
            }
            Refusal::KeyAlreadySuperseded { by } => Refusal::KeyAlreadySuperseded { by: KeyId(self.model(by.0)) },
            Refusal::KeySuperseded { by, by_issued, until, by_revoked } => {
                Refusal::KeySuperseded { by: KeyId(self.model(by.0)), by_issued, until, by_revoked }
            }
            other => other,
        }
    }

    fn key(&self, key: Key) -> Key {
        let state = match key.state {
            KeyState::Active => KeyState::Active,
            KeyState::Superseded(succession) => KeyState::Superseded(self.succession(succession)),
            KeyState::Revoked(Revocation { at, successor }) => {
                KeyState::Revoked(Revocation { at, successor: successor.map(|key| KeyId(self.model(key.0))) })
            }
        };
        Key {
            id: KeyId(self.model(key.id.0)),
            subscription: SubscriptionId(self.model(key.subscription.0)),
            signing_key: signing_key(key.signing_key.number()),
            issued: key.issued,
            state,
        }
    }

    fn subscription(&self, subscription: Subscription) -> Subscription {
        Subscription {
            id: SubscriptionId(self.model(subscription.id.0)),
            customer: CustomerId(self.model(subscription.customer.0)),
            ..subscription
        }
    }

    fn succession(&self, succession: Succession) -> Succession {
        Succession { by: KeyId(self.model(succession.by.0)), ..succession }
    }

    fn model(&self, real: Uuid) -> Uuid {
        self.to_model.get(&real).copied().unwrap_or(real)
    }
}

const CUSTOMER: u128 = 1 << 96;
const SUBSCRIPTION: u128 = 2 << 96;
const KEY: u128 = 3 << 96;

fn id(kind: u128, place: usize) -> Uuid {
    Uuid::from_u128(kind + place as u128)
}

fn place(id: Uuid) -> usize {
    id.as_u64_pair().1 as usize
}

/// The model's publisher is nobody.
fn signing_key(number: u32) -> SigningKeyId {
    SigningKeyId::new("00000000".parse().unwrap(), number).unwrap()
}
