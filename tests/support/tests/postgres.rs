//! The throw-away cluster, on a real PostgreSQL.

#![allow(clippy::panic, clippy::unwrap_used, reason = "test code fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{Process, Program, poll_until};
use postgres::{Client, NoTls};

/// Generous: the machine may be busy with other tests.
const SOON: Duration = Duration::from_secs(120);

fn connect(url: &str) -> Client {
    Client::connect(url, NoTls).unwrap_or_else(|error| panic!("{url}: {error}"))
}

fn text(client: &mut Client, query: &str) -> String {
    client.query_one(query, &[]).unwrap_or_else(|error| panic!("{query}: {error}")).get(0)
}

#[test]
fn every_database_is_empty_and_its_own() {
    let (one, two) = (Cluster::shared().fresh_database(), Cluster::shared().fresh_database());
    assert_ne!(one, two);
    connect(&one).batch_execute("CREATE TABLE marks (mark TEXT)").unwrap();
    connect(&two).batch_execute("CREATE TABLE marks (mark TEXT)").unwrap();
}

#[test]
fn its_owner_has_no_power_beyond_the_database() {
    let mut client = connect(&Cluster::shared().fresh_database());
    assert!(client.batch_execute("CREATE ROLE another").is_err());
    assert!(client.batch_execute("CREATE DATABASE another").is_err());
}

#[test]
fn the_settings_that_durability_stands_on_are_on() {
    let mut client = connect(&Cluster::shared().fresh_database());
    for (setting, value) in [
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("max_connections", "200"),
        ("listen_addresses", "127.0.0.1"),
        ("server_encoding", "UTF8"),
    ] {
        assert_eq!(text(&mut client, &format!("SHOW {setting}")), value, "{setting}");
    }
}

#[test]
fn a_template_is_prepared_once_and_copied() {
    let cluster = Cluster::shared();
    let prepare = |url: &str| {
        connect(url).batch_execute("CREATE TABLE marks (mark TEXT); INSERT INTO marks VALUES ('prepared')").unwrap();
    };
    let one = cluster.database_from_template("marks", prepare);
    let two = cluster.database_from_template("marks", |_| panic!("prepared twice"));
    connect(&one).batch_execute("UPDATE marks SET mark = 'changed'").unwrap();
    assert_eq!(text(&mut connect(&two), "SELECT mark FROM marks"), "prepared");
    assert_eq!(text(&mut connect(&one), "SELECT mark FROM marks"), "changed");
}

#[test]
fn a_template_that_failed_is_prepared_again() {
    let cluster = Cluster::shared();
    let broken = |url: &str| {
        connect(url).batch_execute("CREATE TABLE marks (mark TEXT)").unwrap();
        panic!("halfway");
    };
    std::panic::catch_unwind(|| cluster.database_from_template("halfway", broken)).unwrap_err();
    let url = cluster.database_from_template("halfway", |url| {
        connect(url).batch_execute("CREATE TABLE marks (mark TEXT)").unwrap();
    });
    connect(&url).batch_execute("INSERT INTO marks VALUES ('whole')").unwrap();
}

#[test]
fn databases_can_be_asked_for_at_the_same_time() {
    let cluster = Cluster::shared();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let prepare = |url: &str| connect(url).batch_execute("CREATE TABLE once (mark INT)").unwrap();
                connect(&cluster.database_from_template("together", prepare)).batch_execute("TABLE once").unwrap();
                connect(&cluster.fresh_database()).batch_execute("CREATE TABLE once (mark INT)").unwrap();
            });
        }
    });
}

#[test]
fn a_private_cluster_goes_away_and_comes_back_with_what_was_committed() {
    let mut cluster = Cluster::private();
    assert_ne!(cluster.port(), Cluster::shared().port());
    let url = cluster.fresh_database();
    let mut session = connect(&url);
    session.batch_execute("CREATE TABLE marks (mark TEXT); INSERT INTO marks VALUES ('first')").unwrap();

    cluster.stop();
    assert!(session.batch_execute("SELECT 1").is_err());
    assert!(Client::connect(&url, NoTls).is_err());
    cluster.start();
    let mut session = connect(&url);
    session.batch_execute("INSERT INTO marks VALUES ('second')").unwrap();

    cluster.crash();
    assert!(session.batch_execute("SELECT 1").is_err());
    cluster.start();
    cluster.restart();
    assert_eq!(text(&mut connect(&url), "SELECT string_agg(mark, ' ' ORDER BY mark) FROM marks"), "first second");
    assert_ne!(cluster.fresh_database(), url);

    let directory = cluster.directory().to_owned();
    assert!(directory.join("data").is_dir());
    drop(cluster);
    assert!(!directory.exists());
}

#[test]
fn what_goes_wrong_is_told_in_postgresqls_words() {
    let mut cluster = Cluster::private();
    let data = cluster.directory().join("data");
    cluster.stop();
    fs::rename(&data, data.with_file_name("elsewhere")).unwrap();
    let start = std::panic::AssertUnwindSafe(|| cluster.start());
    let told = std::panic::catch_unwind(start).unwrap_err();
    let told = told.downcast_ref::<String>().unwrap();
    assert!(told.starts_with("PostgreSQL failed to start"), "{told}");
    assert!(told.contains("keeper.log: pg_ctl: directory"), "{told}");
}

/// Another process with a cluster of its own.
struct Tenant {
    process: Process,
    directory: PathBuf,
    url: String,
}

impl Tenant {
    fn with(command: &[&str]) -> Tenant {
        let process = Program::new(env!("CARGO_BIN_EXE_throwaway-postgres")).args(command).spawn();
        let directory = PathBuf::from(process.wait_for_line("/tmp/latchkey-postgres-", SOON));
        let url = process.wait_for_line("postgresql://", SOON);
        Tenant { process, directory, url }
    }

    fn leaves_nothing(&self) {
        nothing_is_left(&self.directory);
        assert!(Client::connect(&self.url, NoTls).is_err());
    }
}

/// The command lines of all processes that name `part`, with their parents' numbers.
fn processes_naming(part: &str) -> Vec<(u32, Vec<String>)> {
    let number = |entry: fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
    let all = fs::read_dir("/proc").unwrap().filter_map(|entry| number(entry.ok()?));
    all.filter_map(|id| {
        // What ends while we look is no process any more.
        let line = String::from_utf8_lossy(&fs::read(format!("/proc/{id}/cmdline")).ok()?).into_owned();
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()?;
        line.contains(part).then(|| (parent, line.split('\0').map(str::to_owned).collect()))
    })
    .collect()
}

fn nothing_is_left(directory: &Path) {
    let name = directory.to_str().unwrap();
    poll_until(SOON, || (!directory.exists() && processes_naming(name).is_empty()).then_some(()));
}

#[test]
fn the_cluster_is_gone_after_its_process_was_killed() {
    let mut tenant = Tenant::with(&[]);
    // The server is seen while it runs, so that not seeing it later means something; an open session changes nothing.
    let _session = connect(&tenant.url);
    let seen = processes_naming(tenant.directory.to_str().unwrap());
    assert!(seen.iter().any(|(_, line)| line[0].ends_with("/postgres")), "{seen:?}");
    tenant.process.kill9();
    tenant.leaves_nothing();
}

#[test]
fn the_cluster_is_gone_though_a_child_of_its_process_lives_on() {
    let mut tenant = Tenant::with(&["sh", "-c", "echo child $$; exec sleep 600"]);
    let child = tenant.process.wait_for_line("child ", SOON).split_off("child ".len());
    tenant.process.kill9();
    tenant.leaves_nothing();
    // That it can be killed shows that it lived on.
    assert!(Program::new("kill").arg(child).spawn().wait(SOON).success());
}

#[test]
fn the_cluster_is_gone_after_its_process_was_terminated() {
    let mut tenant = Tenant::with(&[]);
    tenant.process.terminate();
    assert!(!tenant.process.wait(SOON).success());
    tenant.leaves_nothing();
}

#[test]
fn the_cluster_is_gone_after_its_process_ended_by_itself() {
    let mut tenant = Tenant::with(&["sh", "-c", "echo url $DATABASE_URL; exit 3"]);
    assert_eq!(tenant.process.wait(SOON).code(), Some(3));
    assert_eq!(tenant.process.wait_for_line("url ", SOON), format!("url {}", tenant.url));
    tenant.leaves_nothing();
}

#[test]
fn a_process_killed_while_its_cluster_begins_leaves_nothing_either() {
    for wait in [0, 100, 400, 800, 1_200] {
        let mut process = Program::new(env!("CARGO_BIN_EXE_throwaway-postgres")).spawn();
        let directory = poll_until(SOON, || {
            let keepers = processes_naming("latchkey-postgres-keeper");
            keepers.into_iter().find(|(parent, _)| *parent == process.id()).map(|(_, line)| PathBuf::from(&line[5]))
        });
        assert!(directory.starts_with("/tmp"), "{}", directory.display());
        std::thread::sleep(Duration::from_millis(wait));
        process.kill9();
        nothing_is_left(&directory);
    }
}
