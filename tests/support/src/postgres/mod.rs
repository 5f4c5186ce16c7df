//! A throw-away PostgreSQL cluster for tests, made from the programs that are installed here.
//!
//! It never touches a server that happens to run: it has its own directory, socket and port, and answers on the loopback
//! address alone, without passwords. Databases belong to the role `latchkey`, which may log in and nothing else, so a
//! test also notices a right that Latchkey must not need.
//!
//! The invariant: the cluster and its directory are gone soon after the process that made it, SIGKILL included. A keeper
//! (`keeper.sh`) runs PostgreSQL's programs and cleans up when its pipe to this process closes.

mod installed;
mod keeper;

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use postgres::{Client, Config, NoTls, SimpleQueryMessage};

use self::keeper::Keeper;
use crate::free_port;

/// The role that owns every database handed out.
const OWNER: &str = "latchkey";

/// A running PostgreSQL cluster of our own.
#[derive(Debug)]
pub struct Cluster {
    keeper: Keeper,
    port: u16,
    databases: AtomicU32,
    templates: Mutex<HashSet<String>>,
}

/// What another program does to a database: runs these statements, and gives the rows of all of them.
#[track_caller]
pub fn elsewhere(url: &str, statements: &str) -> Vec<Vec<Option<String>>> {
    let mut client = Client::connect(url, NoTls).expect("the database can be reached");
    let said = client.simple_query(statements).expect("the statements run");
    said.iter()
        .filter_map(|message| {
            let SimpleQueryMessage::Row(row) = message else { return None };
            Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
        })
        .collect()
}

impl Cluster {
    /// The cluster of this test process, started when it is first asked for. It cannot be stopped: see
    /// [`private`](Self::private).
    #[track_caller]
    pub fn shared() -> &'static Cluster {
        static SHARED: OnceLock<Cluster> = OnceLock::new();
        SHARED.get_or_init(|| Cluster::begin().unwrap_or_else(|why| panic!("{why}")))
    }

    /// A cluster for one test, which may stop it. Starting one takes a second or two; it is gone when dropped.
    #[track_caller]
    pub fn private() -> Cluster {
        match Cluster::begin() {
            Ok(cluster) => cluster,
            Err(why) => panic!("{why}"),
        }
    }

    fn begin() -> Result<Cluster, String> {
        let programs = installed::programs()?;
        let port = free_port();
        let mut keeper = Keeper::hire(&programs, port)?;
        keeper.order("init")?;
        keeper.order("start")?;
        let cluster = Cluster { keeper, port, databases: AtomicU32::new(0), templates: Mutex::default() };
        cluster.execute(&format!("CREATE ROLE {OWNER} LOGIN"))?;
        Ok(cluster)
    }

    /// The URL of a new, empty database.
    #[track_caller]
    pub fn fresh_database(&self) -> String {
        self.copy_of("template1")
    }

    /// The URL of a new database that is a copy of the template `name`. The first caller's `prepare` fills the template;
    /// it is given the template's URL and must have closed its connections when it returns. Where it fails, the next
    /// caller begins again.
    #[track_caller]
    pub fn database_from_template(&self, name: &str, prepare: impl FnOnce(&str)) -> String {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        assert!(!name.is_empty() && name.len() < 50 && name.chars().all(plain), "not a plain template name: {name:?}");
        let template = format!("template_{name}");
        // A panic under the lock is a `prepare` that failed: the template is not in the set, and so is made anew.
        let mut ready = self.templates.lock().unwrap_or_else(PoisonError::into_inner);
        if !ready.contains(name) {
            self.must(&format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)"));
            self.must(&format!("CREATE DATABASE {template} OWNER {OWNER}"));
            prepare(&self.url(&template));
            ready.insert(name.to_owned());
        }
        drop(ready);
        self.copy_of(&template)
    }

    #[track_caller]
    fn copy_of(&self, template: &str) -> String {
        let name = format!("t_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.must(&format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template}"));
        self.url(&name)
    }

    /// Stops the cluster as an administrator does: sessions are told and ended. A cluster that is stopped stays so.
    #[track_caller]
    pub fn stop(&mut self) {
        self.obey("stop");
    }

    /// Stops the cluster at once, as a power cut does: nothing is written any more, and the next start recovers.
    #[track_caller]
    pub fn crash(&mut self) {
        self.obey("crash");
    }

    /// Starts the cluster again on the same port, and returns when it answers.
    #[track_caller]
    pub fn start(&mut self) {
        self.obey("start");
    }

    /// [`stop`](Self::stop), then [`start`](Self::start).
    #[track_caller]
    pub fn restart(&mut self) {
        self.stop();
        self.start();
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The directory of everything this cluster has on disk: its data, its socket and its logs.
    pub fn directory(&self) -> &Path {
        self.keeper.home()
    }

    fn url(&self, database: &str) -> String {
        format!("postgresql://{OWNER}@127.0.0.1:{}/{database}", self.port)
    }

    #[track_caller]
    fn obey(&mut self, verb: &str) {
        if let Err(why) = self.keeper.order(verb) {
            panic!("{why}");
        }
    }

    #[track_caller]
    fn must(&self, statement: &str) {
        if let Err(why) = self.execute(statement) {
            panic!("{why}");
        }
    }

    /// Runs one statement as the superuser, on a connection of its own: it works whatever was stopped in between.
    fn execute(&self, statement: &str) -> Result<(), String> {
        let failed = |error: postgres::Error| match error.as_db_error() {
            Some(cause) => format!("{statement}: {} {}", cause.message(), cause.detail().unwrap_or_default()),
            None => format!("{statement}: {error} (port {})", self.port),
        };
        let mut client: Client = Config::new()
            .host("127.0.0.1")
            .port(self.port)
            .user("postgres")
            .dbname("postgres")
            .connect_timeout(Duration::from_secs(30))
            .connect(NoTls)
            .map_err(failed)?;
        client.batch_execute(statement).map_err(failed)
    }
}
