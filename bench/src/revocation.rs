//! How soon a revocation is heard: from the moment when whoever revokes is told that it is done, to the first answer
//! that refuses the key.
//!
//! A key is asked about first, so that it is in memory; then a thousand times a second, on a connection that stays open.

use std::ffi::{OsStr, OsString};
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use latchkey_domain::time::Zone;
use latchkey_server::front::Front;
use latchkey_server::{Clock, Running, Settings};
use latchkey_storage::Archives;
use latchkey_store::Location;
use latchkey_store::subscriptions::keys::Issued;
use latchkey_tests_support::Program;
use latchkey_tests_support::postgres::Cluster;
use tokio::runtime::Runtime;

use crate::house::{House, empty_directory};
use crate::program::{Glpi, Server, latchkey};
use crate::report::{Bound, Counts, Figure, Report};
use crate::{Failed, How};

/// How often each is tried, at the least.
const TRIALS: u32 = 20;
/// Between an answer and the next question. Without a pause the processors would be busy with questions alone, and what
/// is measured would be how they are shared among processes.
const PAUSE: Duration = Duration::from_millis(1);
/// When a revocation that is not heard is given up.
const GIVE_UP: Duration = Duration::from_secs(10);

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("revocation: how soon it is heard");
    let trials = if how.quick { 3 } else { TRIALS.max(how.rounds) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut add = |name, what: &str, values| {
        let what = format!("from the word that a key is revoked to the first answer that refuses it, {what}");
        let bound = Bound::AtMost(1.0);
        report.add(Figure { name, what, against: String::new(), values, counts: Counts::Worst, unit: "s", bound });
    };
    let own = own_process(how, &runtime, trials)?;
    add("revoked-here", "revoked by the server's own process (SQLite)", own);

    let directory = empty_directory(&how.work, "revocation")?;
    let place = Place { house: House::embedded(&directory)?, arguments: installation(&directory, None) };
    let mut server = place.server()?;
    let beside = (0..trials).map(|trial| place.trial(&runtime, &format!("beside {trial}"), &[server.address]));
    add(
        "revoked-beside",
        "revoked from the command line beside the server (SQLite)",
        beside.collect::<Result<_, _>>()?,
    );

    let mut after_crash = Vec::new();
    for trial in 0..trials {
        let (seconds, next) = place.crash_trial(&runtime, &format!("crash {trial}"), server)?;
        after_crash.push(seconds);
        server = next;
    }
    add(
        "revoked-crash",
        "revoked from the command line, the server killed with SIGKILL at once and started again (SQLite): from its first 200 of /readyz",
        after_crash,
    );
    drop(server);

    let cluster = Cluster::private();
    let url = cluster.fresh_database();
    let directory = empty_directory(&how.work, "nodes")?;
    let house = House::at(Location::url(&url)?, &directory)?;
    let place = Place { house, arguments: installation(&directory, Some(&url)) };
    let nodes = [place.server()?, place.server()?];
    let addresses = nodes.each_ref().map(|node| node.address);
    let on_nodes = (0..trials).map(|trial| place.trial(&runtime, &format!("nodes {trial}"), &addresses));
    add(
        "revoked-nodes",
        "revoked from the command line, the later of two nodes (PostgreSQL)",
        on_nodes.collect::<Result<_, _>>()?,
    );
    drop(nodes);
    Ok(())
}

fn installation(data_dir: &Path, url: Option<&str>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["--data-dir".into(), data_dir.into()];
    arguments.extend(url.into_iter().flat_map(|url| ["--database-url".into(), url.into()]));
    arguments
}

/// An installation, and how a program is told of it.
struct Place {
    house: House,
    arguments: Vec<OsString>,
}

impl Place {
    fn arguments(&self) -> Vec<&OsStr> {
        self.arguments.iter().map(OsString::as_os_str).collect()
    }

    fn server(&self) -> Result<Server, Failed> {
        Server::latchkey(&self.arguments())
    }

    /// How long it took until every one of these refused, in seconds.
    fn trial(&self, runtime: &Runtime, customer: &str, servers: &[SocketAddr]) -> Result<f64, Failed> {
        let issued = runtime.block_on(self.house.issue(customer.to_owned(), "basic"))?;
        let mut glpis = servers.iter().map(|server| known_to(*server, &issued)).collect::<Result<Vec<_>, _>>()?;
        let told = self.revoked_from_command_line(&issued)?;
        let heard = std::thread::scope(|scope| {
            let threads: Vec<_> =
                glpis.iter_mut().map(|glpi| scope.spawn(|| refused_after(glpi, &issued, told))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err("a GLPI panicked".into()))).collect()
        });
        let heard: Vec<f64> = heard_all(heard)?;
        Ok(heard.into_iter().fold(0.0, f64::max))
    }

    /// The same with a server that dies at that moment; from when the next one is ready.
    fn crash_trial(&self, runtime: &Runtime, customer: &str, server: Server) -> Result<(f64, Server), Failed> {
        let issued = runtime.block_on(self.house.issue(customer.to_owned(), "basic"))?;
        known_to(server.address, &issued)?;
        self.revoked_from_command_line(&issued)?;
        let port = server.address.port();
        server.kill9();
        let server = Server::latchkey_at(&self.arguments(), port)?;
        let ready = Instant::now();
        let seconds = refused_after(&mut Glpi::at(server.address)?, &issued, ready)?;
        Ok((seconds, server))
    }

    /// Gives when the command line said that it is done.
    fn revoked_from_command_line(&self, issued: &Issued) -> Result<Instant, Failed> {
        let id = issued.key.id.to_string();
        let mut command =
            Program::new(latchkey()).args(["key", "revoke", &id, "--reason", "measured"]).args(&self.arguments).spawn();
        let ended = command.wait(Duration::from_secs(30));
        let told = Instant::now();
        if ended.success() {
            Ok(told)
        } else {
            Err(format!("a key was not revoked:\n{}{}", command.stdout(), command.stderr()).into())
        }
    }
}

fn heard_all(heard: Vec<Result<f64, Failed>>) -> Result<Vec<f64>, Failed> {
    heard.into_iter().collect()
}

/// Revoked by the process that answers.
fn own_process(how: &How, runtime: &Runtime, trials: u32) -> Result<Vec<f64>, Failed> {
    let house = House::embedded(&empty_directory(&how.work, "own-process")?)?;
    let running = runtime.block_on(start(&house))?;
    let trial = |number: u32| {
        let issued = runtime.block_on(house.issue(format!("own {number}"), "basic"))?;
        let mut glpi = known_to(running.address(), &issued)?;
        house.revoke(issued.key.id)?;
        refused_after(&mut glpi, &issued, Instant::now())
    };
    let seconds = (0..trials).map(trial).collect();
    runtime.block_on(running.stop());
    seconds
}

async fn start(house: &House) -> Result<Running, Failed> {
    let archives = Archives::open(&latchkey_storage::Place::Folder(std::env::temp_dir()))?;
    let settings = Settings {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        public_url: "http://localhost".to_owned(),
        zone: Zone::utc(),
        cache_keys: 1_000,
        max_staleness: Duration::from_secs(3_600),
        audit_sink: Box::new(|_| Ok(())),
        front: Front::default(),
        gateway: Default::default(),
        archives,
        outgoing: latchkey_outgoing::Client::new(&latchkey_outgoing::Settings::default()),
    };
    Ok(latchkey_server::Server::start(settings, house.store.clone(), house.vault.clone(), Clock::system()).await?)
}

/// A GLPI that was told that the key is good, by a server that now has it in memory.
fn known_to(server: SocketAddr, issued: &Issued) -> Result<Glpi, Failed> {
    let mut glpi = Glpi::at(server)?;
    for _ in 0..2 {
        if glpi.asks(issued.text.reveal())? != Some(true) {
            return Err("a key that was just issued is not good".into());
        }
    }
    Ok(glpi)
}

/// Asks until the key is refused.
fn refused_after(glpi: &mut Glpi, issued: &Issued, since: Instant) -> Result<f64, Failed> {
    loop {
        match glpi.asks(issued.text.reveal())? {
            Some(false) => return Ok(since.elapsed().as_secs_f64()),
            Some(true) if since.elapsed() < GIVE_UP => std::thread::sleep(PAUSE),
            Some(true) => return Err(format!("a revoked key was good for {} s", GIVE_UP.as_secs()).into()),
            None => return Err("a question about a key was not answered".into()),
        }
    }
}
