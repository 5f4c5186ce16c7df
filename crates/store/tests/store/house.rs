//! A story's house: a database of its own, a vault, and a clock that stands still until the story moves it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use latchkey_domain::Refusal;
use latchkey_domain::ids::{KeyId, SubscriptionId};
use latchkey_domain::instances::Holdings;
use latchkey_domain::subscriptions::{Key, KeyEntry, Subscription, Term, Unit, Verdict, decide};
use latchkey_domain::text::Reason;
use latchkey_domain::time::{Date, Millis, Timestamp, Zone};
use latchkey_key::PublicKeys;
use latchkey_store::audit::{self, Finding, Line, SignedHead};
use latchkey_store::subscriptions::{entries, keys, subscriptions};
use latchkey_store::{Actor, Done, Location, Master, Store, StoreError, Tx, Undone, Vault, installation, signing_keys};
use latchkey_tests_support::postgres::Cluster;
use tempfile::TempDir;

use crate::raw::Raw;

/// Tells each story twice: as `<story>::sqlite` and as `<story>::postgres`.
macro_rules! both_databases {
    ($($(#[$about:meta])* fn $story:ident($house:ident: $kind:ident) $body:block)*) => {$(
        mod $story {
            #[allow(unused_imports, reason = "not every story needs all that its neighbours do")]
            use super::*;

            $(#[$about])*
            #[allow(clippy::needless_pass_by_value, reason = "a story owns its house")]
            fn story($house: crate::house::$kind) $body

            #[test]
            fn sqlite() {
                story(crate::house::$kind::on_sqlite());
            }

            #[test]
            fn postgres() {
                story(crate::house::$kind::on_postgres());
            }
        }
    )*};
}

/// One installation.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) master: Master,
    pub(crate) actor: Actor,
    pub(crate) zone: Zone,
    now: AtomicI64,
    pub(crate) place: Arc<Place>,
}

/// Where a new database can be.
pub(crate) enum Place {
    Sqlite(TempDir),
    /// A directory that outlives the house.
    Room(PathBuf),
    Postgres(String),
}

impl House {
    pub(crate) fn on_sqlite() -> Self {
        Self::at(Place::on_sqlite())
    }

    pub(crate) fn on_postgres() -> Self {
        Self::at(Place::migrated_database())
    }

    pub(crate) fn at(place: Place) -> Self {
        let master = Master::random().unwrap();
        let (vault, actor) = (Vault::new(master.clone()), Actor::command_line("vendor"));
        let store = Store::open(place.location(), opening_day()).unwrap();
        installation::establish(&store, &vault, opening_day(), &actor).unwrap();
        let now = AtomicI64::new(opening_day().millis());
        Self { store, vault, master, actor, zone: Zone::named("Europe/Paris").unwrap(), now, place: Arc::new(place) }
    }

    /// The same house through the same store, with a clock of its own.
    pub(crate) fn beside(&self) -> Self {
        Self {
            store: self.store.clone(),
            vault: self.vault.clone(),
            master: self.master.clone(),
            actor: self.actor.clone(),
            zone: self.zone.clone(),
            now: AtomicI64::new(self.now().millis()),
            place: self.place.clone(),
        }
    }

    /// The same house as another process has it: nothing is shared but the database and the master key.
    pub(crate) fn as_another_process(&self) -> Self {
        Self { store: self.another_store(), vault: self.another_vault(), ..self.beside() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::SeqCst))
    }

    /// Moves the clock, forward or back.
    pub(crate) fn wait(&self, millis: Millis) -> Timestamp {
        Timestamp::from_millis(self.now.fetch_add(millis, Ordering::SeqCst) + millis)
    }

    pub(crate) fn set_clock(&self, now: Timestamp) {
        self.now.store(now.millis(), Ordering::SeqCst);
    }

    pub(crate) fn location(&self) -> Location {
        self.place.location()
    }

    /// Another handle on the same database, as another process has it.
    pub(crate) fn another_store(&self) -> Store {
        Store::open(self.location(), self.now()).unwrap()
    }

    /// A vault that has opened nothing yet, as another process has it.
    pub(crate) fn another_vault(&self) -> Vault {
        Vault::new(self.master.clone())
    }

    pub(crate) fn raw(&self) -> Raw {
        Raw::open(&self.place)
    }

    pub(crate) fn write<T: Send + 'static>(
        &self,
        operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    ) -> Done<T> {
        self.store.write_blocking(self.now(), operation)
    }

    pub(crate) fn issue(&self, order: &keys::Order) -> Done<keys::Issued> {
        let (vault, zone, actor, order) = (self.vault.clone(), self.zone.clone(), self.actor.clone(), order.clone());
        self.write(move |tx| keys::issue(tx, &vault, &order, &zone, &actor))
    }

    /// A key to a subscription of one year, whatever else there is.
    #[track_caller]
    pub(crate) fn sells(&self, customer: &str, offer: &str) -> keys::Issued {
        self.issue(&order(customer, offer, years(1))).unwrap()
    }

    pub(crate) fn reissue(&self, key: KeyId, overlap_days: u32) -> Done<keys::Issued> {
        let (vault, zone, actor) = (self.vault.clone(), self.zone.clone(), self.actor.clone());
        let why = reason("the old one was lost");
        self.write(move |tx| keys::reissue(tx, &vault, key, overlap_days, &zone, &actor, Some(&why)))
    }

    pub(crate) fn revoke(&self, key: KeyId) -> Done<Key> {
        let (actor, why) = (self.actor.clone(), reason("found on a forum"));
        self.write(move |tx| keys::revoke(tx, key, &actor, &why))
    }

    pub(crate) fn show(&self, key: KeyId) -> Done<keys::Issued> {
        let (vault, actor) = (self.vault.clone(), self.actor.clone());
        self.write(move |tx| keys::show_text(tx, &vault, key, &actor))
    }

    pub(crate) fn renew(&self, subscription: SubscriptionId, term: Term) -> Done<Subscription> {
        let (zone, actor) = (self.zone.clone(), self.actor.clone());
        self.write(move |tx| subscriptions::renew(tx, subscription, term, &zone, &actor, None))
    }

    pub(crate) fn suspend(&self, subscription: SubscriptionId) -> Done<Subscription> {
        let (actor, why) = (self.actor.clone(), reason("an invoice is open"));
        self.write(move |tx| subscriptions::suspend(tx, subscription, &actor, &why))
    }

    pub(crate) fn resume(&self, subscription: SubscriptionId) -> Done<Subscription> {
        let (actor, why) = (self.actor.clone(), reason("the invoice is paid"));
        self.write(move |tx| subscriptions::resume(tx, subscription, &actor, Some(&why)))
    }

    pub(crate) fn terminate(&self, subscription: SubscriptionId) -> Done<Subscription> {
        let (actor, why) = (self.actor.clone(), reason("the contract has ended"));
        self.write(move |tx| subscriptions::terminate(tx, subscription, &actor, &why))
    }

    pub(crate) fn rotate(&self) -> Done<signing_keys::SigningKey> {
        let (vault, actor) = (self.vault.clone(), self.actor.clone());
        self.write(move |tx| signing_keys::rotate(tx, &vault, &actor, None))
    }

    /// Signs the end of the audit chain, as the job does.
    pub(crate) fn sign_head(&self) -> Option<SignedHead> {
        let vault = self.vault.clone();
        self.write(move |tx| {
            let signer = signing_keys::current(tx, &vault)?;
            audit::sign_head(tx, &signer)
        })
        .unwrap()
    }

    #[track_caller]
    pub(crate) fn entry(&self, key: KeyId) -> KeyEntry {
        self.store.read(|reader| entries::fill(reader, key)).unwrap().entry.expect("the key is there")
    }

    /// What GLPI would be told about a key now.
    #[track_caller]
    pub(crate) fn verdict(&self, key: KeyId) -> Verdict {
        decide(&self.entry(key), self.now())
    }

    pub(crate) fn ring(&self) -> PublicKeys {
        self.store.read(|reader| signing_keys::ring(reader)).unwrap()
    }

    pub(crate) fn audit(&self) -> Vec<Line> {
        self.store.read(|reader| audit::lines(reader, 0, 100_000)).unwrap()
    }

    pub(crate) fn verify(&self, exported: &[SignedHead]) -> Finding {
        self.try_verify(exported).unwrap()
    }

    pub(crate) fn try_verify(&self, exported: &[SignedHead]) -> Result<Finding, StoreError> {
        let ring = self.ring();
        self.store.read(|reader| audit::verify(reader, &ring, exported, |_, _| {}))
    }
}

impl Place {
    pub(crate) fn on_sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// A new database on the cluster that all stories share.
    pub(crate) fn on_postgres() -> Self {
        Self::Postgres(Cluster::shared().fresh_database())
    }

    /// On the cluster that all stories share, with its tables made already.
    pub(crate) fn migrated_database() -> Self {
        let migrate = |url: &str| {
            Store::migrate(&Location::url(url).unwrap(), opening_day()).unwrap();
        };
        Self::Postgres(Cluster::shared().database_from_template("migrated", migrate))
    }

    pub(crate) fn location(&self) -> Location {
        match self {
            Self::Sqlite(directory) => Location::embedded(directory.path()),
            Self::Room(directory) => Location::embedded(directory),
            Self::Postgres(url) => Location::url(url).unwrap(),
        }
    }
}

/// What a subscription has that no instance uses.
pub(crate) fn unused() -> Holdings {
    Holdings::new(1, Vec::new(), Vec::new())
}

/// A morning in spring: every house opens then.
pub(crate) fn opening_day() -> Timestamp {
    Zone::utc().start_of(day("2026-03-02")).plus(9 * latchkey_domain::time::HOUR)
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn years(count: u32) -> Option<Term> {
    Some(Term::new(count, Unit::Years).unwrap())
}

pub(crate) fn one_year() -> Term {
    Term::new(1, Unit::Years).unwrap()
}

pub(crate) fn order(customer: &str, offer: &str, term: Option<Term>) -> keys::Order {
    keys::Order { customer: customer.to_owned(), offer: offer.to_owned(), begins: None, term }
}

pub(crate) fn reason(text: &str) -> Reason {
    Reason::parse(text).unwrap()
}

#[track_caller]
pub(crate) fn refusal<T>(outcome: Done<T>) -> Refusal {
    match outcome {
        Err(Undone::Refused(refusal)) => refusal,
        Err(Undone::Failed(error)) => panic!("failed where a refusal was due: {error}"),
        Ok(_) => panic!("done where a refusal was due"),
    }
}

#[track_caller]
pub(crate) fn failure<T>(outcome: Done<T>) -> StoreError {
    match outcome {
        Err(Undone::Failed(error)) => error,
        Err(Undone::Refused(refusal)) => panic!("refused where a failure was due: {refusal:?}"),
        Ok(_) => panic!("done where a failure was due"),
    }
}
