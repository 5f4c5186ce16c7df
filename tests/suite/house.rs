//! The house of a story: a database, a server, a clock that can be moved, and the people who use them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::Duration;

use latchkey_domain::ids::KeyId;
use latchkey_domain::subscriptions::{Key, Period, Subscription, Term, Unit};
use latchkey_domain::text::Reason;
use latchkey_domain::time::{Date, Timestamp, Zone};
use latchkey_key::{IssueDate, registration};
use latchkey_server::front::{Front, Limits};
use latchkey_server::{Clock, Server, Settings, gateway};
use latchkey_storage::{Archives, Place};
use latchkey_store::subscriptions::keys::{self, Issued, Order};
use latchkey_store::subscriptions::subscriptions;
use latchkey_store::{Actor, Done, Location, Master, Store, Tx, Vault, signing_keys};
use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::witness;
use uuid::Uuid;

use crate::glpi::Glpi;
use crate::openapi;

/// Sunday noon, in winter, in Paris.
pub(crate) const NOON: i64 = 1_795_345_200_000;

/// A manual clock may leap by years between two words from the database; no story but one is about that.
const PATIENT: Duration = Duration::from_secs(1 << 40);

/// Runs a story on both databases.
macro_rules! both_databases {
    ($($(#[$meta:meta])* fn $name:ident($house:ident: House) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn story($house: $crate::house::House) $body

            $(#[$meta])*
            #[test]
            fn on_sqlite() {
                story($crate::house::House::on_sqlite());
            }

            $(#[$meta])*
            #[test]
            fn on_postgres() {
                story($crate::house::House::on_postgres());
            }
        }
    )*};
}
pub(crate) use both_databases;

/// Where a story happens.
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) zone: Zone,
    address: SocketAddr,
    _server: ServerThread,
    _data_dir: Option<tempfile::TempDir>,
    archives: tempfile::TempDir,
}

impl House {
    pub(crate) fn on_sqlite() -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let location = Location::embedded(data_dir.path());
        Self { _data_dir: Some(data_dir), ..Self::at(location, PATIENT) }
    }

    /// A house with limits of its own, on SQLite.
    pub(crate) fn behind(front: Front) -> Self {
        Self::behind_with(front, gateway::Settings::default())
    }

    /// The same, with a gateway for agents.
    pub(crate) fn behind_with(front: Front, gateway: gateway::Settings) -> Self {
        let data_dir = tempfile::tempdir().unwrap();
        let location = Location::embedded(data_dir.path());
        Self { _data_dir: Some(data_dir), ..Self::open(location, PATIENT, front, gateway) }
    }

    /// A house with a gateway for agents.
    pub(crate) fn with_gateway(on_postgres: bool, gateway: gateway::Settings) -> Self {
        let limits = Limits { failed_keys_per_minute: 0, ..Limits::default() };
        let front = Front { limits, ..Front::default() };
        if on_postgres {
            let location = Location::url(&Cluster::shared().fresh_database()).unwrap();
            return Self::open(location, PATIENT, front, gateway);
        }
        Self::behind_with(front, gateway)
    }

    pub(crate) fn on_postgres() -> Self {
        Self::at(Location::url(&Cluster::shared().fresh_database()).unwrap(), PATIENT)
    }

    pub(crate) fn at(location: Location, max_staleness: Duration) -> Self {
        // Stories about damaged keys bring more of them than anybody would.
        let limits = Limits { failed_keys_per_minute: 0, ..Limits::default() };
        let front = Front { limits, ..Front::default() };
        Self::open(location, max_staleness, front, gateway::Settings::default())
    }

    /// A house whose archives lie elsewhere.
    pub(crate) fn storing(on_postgres: bool, archives: Archives) -> Self {
        let limits = Limits { failed_keys_per_minute: 0, ..Limits::default() };
        let front = Front { limits, ..Front::default() };
        if on_postgres {
            let location = Location::url(&Cluster::shared().fresh_database()).unwrap();
            return Self::open_at(location, PATIENT, front, gateway::Settings::default(), archives);
        }
        let data_dir = tempfile::tempdir().unwrap();
        let location = Location::embedded(data_dir.path());
        let house = Self::open_at(location, PATIENT, front, gateway::Settings::default(), archives);
        Self { _data_dir: Some(data_dir), ..house }
    }

    /// Servers within this process log as those outside of it do.
    fn listens_to_logs() {
        openapi::compare_every_answer();
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            if let Some(file) = witness::log() {
                let log = tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false);
                log.with_writer(std::sync::Mutex::new(file)).init();
            }
        });
    }

    fn open(location: Location, max_staleness: Duration, front: Front, gateway: gateway::Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archives = Archives::open(&Place::Folder(folder.path().to_owned())).unwrap();
        Self { archives: folder, ..Self::open_at(location, max_staleness, front, gateway, archives) }
    }

    fn open_at(
        location: Location,
        max_staleness: Duration,
        front: Front,
        gateway: gateway::Settings,
        archives: Archives,
    ) -> Self {
        Self::listens_to_logs();
        let clock = Clock::manual(Timestamp::from_millis(NOON));
        let store = Store::open(location, clock.wall()).unwrap();
        let vault = Vault::new(Master::random().unwrap());
        let zone = Zone::named("Europe/Paris").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (address, server) =
            ServerThread::start(&store, &vault, &clock, &zone, max_staleness, front, gateway, &archives);
        Self { store, vault, clock, zone, address, _server: server, _data_dir: None, archives: folder }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its archives lie.
    pub(crate) fn archives(&self) -> &Path {
        self.archives.path()
    }

    pub(crate) fn glpi_10(&self) -> Glpi {
        Glpi::version(self.address, "10.0.19")
    }

    pub(crate) fn vendor(&self) -> Vendor<'_> {
        Vendor { house: self, actor: Actor::command_line("vendor") }
    }

    /// The first instant of a day in the vendor's zone.
    pub(crate) fn start_of(&self, day: &str) -> Timestamp {
        self.zone.start_of(day.parse().unwrap())
    }

    /// Moves the clock to an instant that is still to come.
    pub(crate) fn wait_until(&self, at: Timestamp) {
        let by = at.since(self.clock.wall());
        assert!(by >= 0, "time only goes forward");
        self.clock.advance(by);
    }

    /// What a key's text would be that was signed here, but that no database knows.
    pub(crate) fn sign_unknown(&self) -> String {
        let signer = self.store.read(|reader| signing_keys::current(reader, &self.vault)).unwrap();
        registration::issue(&signer, KeyId(Uuid::from_u128(7)), IssueDate::new(2026, 1, 1).unwrap()).to_text()
    }
}

/// Whoever sells: the operations that the command line calls.
pub(crate) struct Vendor<'h> {
    house: &'h House,
    actor: Actor,
}

impl Vendor<'_> {
    pub(crate) fn issues_key(&self, customer: &str, offer: &str) -> Issued {
        self.issues(customer, offer, None, years(1)).unwrap()
    }

    pub(crate) fn issues_key_from(&self, customer: &str, begins: &str, term: Term) -> Issued {
        self.issues(customer, "basic", Some(begins.parse().unwrap()), term).unwrap()
    }

    pub(crate) fn issues(&self, customer: &str, offer: &str, begins: Option<Date>, term: Term) -> Done<Issued> {
        let order = Order { customer: customer.into(), offer: offer.into(), begins, term: Some(term) };
        let (vault, zone, actor) = (self.house.vault.clone(), self.house.zone.clone(), self.actor.clone());
        self.does(move |tx| keys::issue(tx, &vault, &order, &zone, &actor))
            .inspect(|issued| witness::secret(issued.text.reveal()))
    }

    pub(crate) fn revokes(&self, key: &Key, reason: &str) -> Key {
        let (id, reason, actor) = (key.id, reason_of(reason), self.actor.clone());
        self.does(move |tx| keys::revoke(tx, id, &actor, &reason)).unwrap()
    }

    pub(crate) fn reissues(&self, key: &Key, overlap_days: u32) -> Issued {
        let (id, vault, zone, actor) = (key.id, self.house.vault.clone(), self.house.zone.clone(), self.actor.clone());
        self.does(move |tx| keys::reissue(tx, &vault, id, overlap_days, &zone, &actor, None)).unwrap()
    }

    pub(crate) fn renews(&self, subscription: &Subscription, term: Term) -> Period {
        let (id, zone, actor) = (subscription.id, self.house.zone.clone(), self.actor.clone());
        self.does(move |tx| subscriptions::renew(tx, id, term, &zone, &actor, None)).unwrap().period
    }

    pub(crate) fn suspends(&self, subscription: &Subscription) {
        let (id, reason, actor) = (subscription.id, reason_of("invoice unpaid"), self.actor.clone());
        self.does(move |tx| subscriptions::suspend(tx, id, &actor, &reason)).unwrap();
    }

    pub(crate) fn resumes(&self, subscription: &Subscription) {
        let (id, actor) = (subscription.id, self.actor.clone());
        self.does(move |tx| subscriptions::resume(tx, id, &actor, None)).unwrap();
    }

    pub(crate) fn terminates(&self, subscription: &Subscription) {
        let (id, reason, actor) = (subscription.id, reason_of("contract ended"), self.actor.clone());
        self.does(move |tx| subscriptions::terminate(tx, id, &actor, &reason)).unwrap();
    }

    pub(crate) fn rotates_signing_key(&self) {
        let (vault, actor) = (self.house.vault.clone(), self.actor.clone());
        self.does(move |tx| signing_keys::rotate(tx, &vault, &actor, None)).unwrap();
    }

    fn does<T: Send + 'static>(&self, operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static) -> Done<T> {
        self.house.store.write_blocking(self.house.clock.wall(), operation)
    }
}

pub(crate) fn years(count: u32) -> Term {
    Term::new(count, Unit::Years).unwrap()
}

pub(crate) fn days(count: u32) -> Term {
    Term::new(count, Unit::Days).unwrap()
}

fn reason_of(text: &str) -> Reason {
    Reason::parse(text).unwrap()
}

/// Others are asked on this machine alone.
fn outgoing() -> latchkey_outgoing::Client {
    let allowed = vec!["127.0.0.0/8".parse().unwrap()];
    latchkey_outgoing::Client::new(&latchkey_outgoing::Settings { allowed, roots: vec![] })
}

/// A server with a runtime of its own, stopped with the story.
struct ServerThread {
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl ServerThread {
    #[allow(clippy::too_many_arguments, reason = "everything that a server is made of, once")]
    fn start(
        store: &Store,
        vault: &Vault,
        clock: &Clock,
        zone: &Zone,
        max_staleness: Duration,
        front: Front,
        gateway: gateway::Settings,
        archives: &Archives,
    ) -> (SocketAddr, Self) {
        let settings = Settings {
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url: "https://keys.example.org".into(),
            zone: zone.clone(),
            cache_keys: 1_000,
            max_staleness,
            audit_sink: Box::new(|_| Ok(())),
            front,
            gateway,
            archives: archives.clone(),
            outgoing: outgoing(),
        };
        let (store, vault, clock) = (store.clone(), vault.clone(), clock.clone());
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let (ready, address) = channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async move {
                let running = Server::start(settings, store, vault, clock).await.unwrap();
                ready.send(running.address()).unwrap();
                let _ = stopped.await;
                running.stop().await;
            });
        });
        let address = address.recv().expect("the server starts");
        (address, Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for ServerThread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A file of the repository's `tests` folder.
pub(crate) fn test_file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(path)
}
