//! `latchkey doctor` on the machine of a Latchkey.

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::Duration;

use latchkey_domain::time::{HOUR, MINUTE, Timestamp};
use latchkey_store::{Actor, Location, SCHEMA, Store};
use latchkey_tests_support::http::Request;
use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{Process, Program, free_port, poll_until};
use nix::unistd::chown;

use super::certificates::{Wish, pem_pair};
use super::diagnosis::Diagnosis;
use super::lab::{PATIENCE, as_root, everything_below, web_user};
use crate::installed::{Installed, Ran, Served};

/// A Latchkey that was used once and has a backup.
fn healthy() -> Installed {
    let installed = Installed::embedded();
    installed.issues_key("Acme");
    backs_up(&installed);
    installed
}

pub(super) fn backs_up(installed: &Installed) {
    let dir = installed.data_dir().join("backups");
    fs::create_dir_all(&dir).unwrap();
    installed.json(&["backup", "--to", dir.join("first.backup").to_str().unwrap()]);
}

pub(super) fn diagnosis(installed: &Installed) -> Diagnosis {
    diagnosis_with(installed, &[])
}

fn diagnosis_with(installed: &Installed, variables: &[(&str, &str)]) -> Diagnosis {
    let mut program = installed.program(&["--json", "doctor", "--timeout", PATIENCE]);
    for (name, value) in variables {
        program = program.env(name, value);
    }
    Diagnosis::of(&Ran::of(program.spawn()))
}

/// Serves under this public URL.
fn serves(installed: &Installed) -> (Served, String) {
    let address: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let url = format!("http://{address}");
    let process = installed.program(&["serve", "--listen", &address.to_string(), "--public-url", &url]).spawn();
    poll_until(Duration::from_secs(30), || {
        Request::get("/readyz").try_send(address).ok().filter(|answer| answer.status == 200)
    });
    (Served { process, address }, url)
}

/// Runs the commands of an advice where the installation is.
#[track_caller]
fn follows(installed: &Installed, commands: &[String]) {
    assert!(!commands.is_empty());
    for command in commands {
        let mut program = Program::new("/bin/sh").args(["-c", command]);
        program = program.directory(installed.path()).env("LATCHKEY_DATA_DIR", installed.data_dir());
        if let Some(url) = installed.database_url() {
            program = program.env("LATCHKEY_DATABASE_URL", url);
        }
        let ran = Ran::of(program.spawn());
        assert!(ran.status.success(), "{command}: {}", ran.stderr);
    }
}

#[test]
fn a_healthy_latchkey_gets_a_clean_report() {
    for installed in [healthy(), on_postgres().0] {
        diagnosis(&installed).is_clean();
        let (_server, url) = serves(&installed);
        let diagnosis = diagnosis_with(&installed, &[("LATCHKEY_PUBLIC_URL", &url)]);
        diagnosis.is_clean();
        assert!(diagnosis.seen("host.public_url").contains("leads to this Latchkey"));
    }
}

#[test]
fn settings_that_do_not_read_are_named() {
    let installed = healthy();
    let file = installed.data_dir().join("latchkey.toml");
    fs::write(&file, "time_zon = \"Europe/Paris\"\n").unwrap();
    let fault = diagnosis(&installed).names("CONFIGURATION_INVALID");
    assert!(fault.seen.contains("latchkey.toml:1") && fault.next_step.contains("time_zone"), "{fault:?}");
    fs::write(&file, "time_zone = \"Europe/Paris\"\n").unwrap();
    diagnosis(&installed).is_clean();
    let fault = diagnosis_with(&installed, &[("LATCHKEY_LISTENS", "x")]).names("CONFIGURATION_INVALID");
    assert!(fault.next_step.contains("LATCHKEY_LISTEN"), "{fault:?}");
}

#[test]
fn a_place_without_an_installation_is_named_and_left_alone() {
    let installed = Installed::embedded();
    let fault = diagnosis(&installed).names("INSTALLATION_MISSING");
    assert!(fault.seen.contains(installed.data_dir().to_str().unwrap()), "{}", fault.seen);
    assert!(!installed.data_dir().exists());
    // "Name the right place with --data-dir or LATCHKEY_DATA_DIR"
    let other = healthy();
    let place = other.data_dir();
    diagnosis_with(&installed, &[("LATCHKEY_DATA_DIR", place.to_str().unwrap())]).is_clean();
    // "to make a new one": what is missing then is a backup.
    let [serve] = fault.commands().try_into().unwrap();
    let listen: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let script = format!("exec {serve}");
    let program = Program::new("/bin/sh").args(["-c", &script]).directory(installed.path());
    let program = program.env("LATCHKEY_DATA_DIR", installed.data_dir()).env("LATCHKEY_LISTEN", listen.to_string());
    let _server = program.spawn();
    poll_until(Duration::from_secs(30), || {
        Request::get("/readyz").try_send(listen).ok().filter(|answer| answer.status == 200)
    });
    follows(&installed, &diagnosis(&installed).names("BACKUP_NONE").commands());
    diagnosis(&installed).is_clean();
    let empty = Installed::on_postgres(Cluster::shared().fresh_database());
    diagnosis(&empty).names("INSTALLATION_MISSING");
}

#[test]
fn a_data_directory_open_to_others_is_named_and_closed() {
    let installed = healthy();
    fs::set_permissions(installed.data_dir(), Permissions::from_mode(0o755)).unwrap();
    let fault = diagnosis(&installed).names("DATA_DIR_OPEN");
    follows(&installed, &fault.commands());
    diagnosis(&installed).is_clean();
}

#[test]
fn a_master_key_that_is_gone_open_or_anothers_is_named() {
    let installed = healthy();
    let file = installed.data_dir().join("master.key");
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    let fault = diagnosis(&installed).names("MASTER_KEY_UNUSABLE");
    // Here the whole next step is the command.
    follows(&installed, &[fault.next_step]);
    diagnosis(&installed).is_clean();

    let kept = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    diagnosis(&installed).names("MASTER_KEY_UNUSABLE");
    let other = healthy();
    fs::copy(other.data_dir().join("master.key"), &file).unwrap();
    diagnosis(&installed).names("MASTER_KEY_OTHER");
    fs::write(&file, kept).unwrap();
    diagnosis(&installed).is_clean();
}

#[test]
fn a_database_that_does_not_read_or_is_away_is_named() {
    let installed = healthy();
    let file = installed.data_dir().join("latchkey.db");
    let kept = fs::read(&file).unwrap();
    for side in ["latchkey.db-wal", "latchkey.db-shm"] {
        let _ = fs::remove_file(installed.data_dir().join(side));
    }
    fs::write(&file, "this is no database, whatever its name says").unwrap();
    diagnosis(&installed).names("DATABASE_AWAY");
    fs::write(&file, kept).unwrap();
    diagnosis(&installed).is_clean();

    let mut cluster = Cluster::private();
    let installed = Installed::on_postgres(cluster.fresh_database());
    installed.issues_key("Acme");
    fs::create_dir_all(installed.data_dir()).unwrap();
    fs::set_permissions(installed.data_dir(), Permissions::from_mode(0o700)).unwrap();
    backs_up(&installed);
    cluster.stop();
    diagnosis(&installed).names("DATABASE_AWAY");
    cluster.start();
    diagnosis(&installed).is_clean();
}

/// Speaks to a PostgreSQL behind the back of its Latchkey.
fn psql(url: &str, statements: &str) -> Process {
    Program::new("psql").args([url, "--quiet", "--command", statements]).spawn()
}

#[track_caller]
fn psql_does(url: &str, statements: &str) {
    let ran = Ran::of(psql(url, statements));
    assert!(ran.status.success(), "{statements}: {}", ran.stderr);
}

fn on_postgres() -> (Installed, String) {
    let url = Cluster::shared().fresh_database();
    let installed = Installed::on_postgres(url.clone());
    installed.issues_key("Acme");
    fs::create_dir_all(installed.data_dir()).unwrap();
    fs::set_permissions(installed.data_dir(), Permissions::from_mode(0o700)).unwrap();
    backs_up(&installed);
    (installed, url)
}

#[test]
fn a_schema_of_another_version_is_named() {
    let (installed, url) = on_postgres();
    psql_does(
        &url,
        "INSERT INTO schema_versions (version, name, oldest_program, applied_at) VALUES (9999, 'later', 9999, 0)",
    );
    let fault = diagnosis(&installed).names("SCHEMA_NEWER");
    assert!(fault.seen.contains("9999"), "{}", fault.seen);
    psql_does(&url, "DELETE FROM schema_versions WHERE version = 9999");
    diagnosis(&installed).is_clean();
}

#[test]
fn a_schema_of_an_older_program_is_named_and_brought_up_to_date_as_it_is_said() {
    let (today, url) = on_postgres();
    // What the program before this one left behind: its schema, and in it the same installation.
    let older = Cluster::shared().fresh_database();
    Store::migrate_as(&Location::url(&older).unwrap(), SCHEMA - 1, Timestamp::from_millis(0)).unwrap();
    let row = Program::new("psql").args([url.as_str(), "--tuples-only", "--no-align", "--field-separator", "', '"]);
    let row = Ran::of(row.args(["--command", "SELECT publisher, master_key_fingerprint FROM installation"]).spawn());
    psql_does(&older, &format!("INSERT INTO installation VALUES (1, '{}', 0)", row.stdout.trim()));
    let installed = Installed::on_postgres(older);
    let copied = Command::new("cp").arg("-a").arg(today.data_dir()).arg(installed.data_dir()).status().unwrap();
    assert!(copied.success());

    let fault = diagnosis(&installed).names("SCHEMA_OLD");
    assert_eq!(fault.status, "warning");
    assert!(fault.seen.contains(&format!("schema {}", SCHEMA - 1)), "{}", fault.seen);
    let unchanged = diagnosis(&installed).names("SCHEMA_OLD");
    assert_eq!(unchanged.seen, fault.seen, "looking at it does not bring it up to date");
    follows(&installed, &fault.commands());
    diagnosis(&installed).is_clean();
}

#[test]
fn a_slow_database_is_named() {
    let (installed, url) = on_postgres();
    let lock = "BEGIN; LOCK TABLE feed_head IN ACCESS EXCLUSIVE MODE; \\echo held\nSELECT pg_sleep(2.5); COMMIT";
    let mut program = Program::new("psql").args([url.as_str(), "--quiet"]).input(lock.to_owned());
    program = program.env("PGOPTIONS", "-c client_min_messages=warning");
    let mut holder = program.spawn();
    holder.wait_for_line("held", Duration::from_secs(20));
    let fault = diagnosis(&installed).names("DATABASE_SLOW");
    assert_eq!(fault.status, "warning");
    holder.wait(Duration::from_secs(20));
    diagnosis(&installed).is_clean();
}

#[test]
fn a_certificate_that_does_not_fit_or_ended_is_named() {
    let installed = healthy();
    let put = |certificate: &str, key: &str| {
        fs::write(installed.data_dir().join("tls.crt"), certificate).unwrap();
        fs::write(installed.data_dir().join("tls.key"), key).unwrap();
    };
    let file = installed.data_dir().join("latchkey.toml");
    fs::write(file, "tls_cert = \"tls.crt\"\ntls_key = \"tls.key\"\n").unwrap();
    let (certificate, key) = pem_pair(&Wish::of("keys.example.org"));
    let (_, others_key) = pem_pair(&Wish::of("keys.example.org"));
    put(&certificate, &others_key);
    diagnosis(&installed).names("TLS_PAIR_UNUSABLE");
    let (old, old_key) = pem_pair(&Wish { years: (2021, 2024), ..Wish::of("keys.example.org") });
    put(&old, &old_key);
    let fault = diagnosis(&installed).names("CERT_EXPIRED");
    assert_eq!(fault.id, "host.certificate");
    put(&certificate, &key);
    diagnosis(&installed).is_clean();
}

#[test]
fn a_clock_behind_what_is_stored_is_named_and_acknowledging_it_mends_it() {
    for (ahead, status) in [(2 * HOUR, "error"), (10 * MINUTE, "warning")] {
        let installed = healthy();
        let now = || Timestamp::from_millis(jiff::Timestamp::now().as_millisecond() + ahead);
        {
            let store = Store::open(Location::embedded(&installed.data_dir()), now()).unwrap();
            store.acknowledge_clock(now(), &Actor::command_line("a machine with a wrong clock")).unwrap();
            store.settle();
        }
        let fault = diagnosis(&installed).names("CLOCK_BEHIND_DATABASE");
        assert_eq!(fault.status, status);
        follows(&installed, &fault.commands());
        diagnosis(&installed).is_clean();
    }
}

#[test]
fn backups_that_are_missing_or_old_are_named_and_making_one_mends_it() {
    let installed = Installed::embedded();
    installed.issues_key("Acme");
    let fault = diagnosis(&installed).names("BACKUP_NONE");
    follows(&installed, &fault.commands());
    diagnosis(&installed).is_clean();

    let dir = installed.data_dir().join("backups");
    for entry in fs::read_dir(&dir).unwrap().flatten() {
        // A week ago, by what the backup says of itself.
        let bytes = fs::read(entry.path()).unwrap();
        let at = bytes.windows(13).position(|part| part == b"\"created_at\":").unwrap() + 13;
        let week_ago = jiff::Timestamp::now().as_millisecond() - 7 * 24 * 60 * 60 * 1_000;
        let old = [&bytes[..at], week_ago.to_string().as_bytes(), &bytes[at + 13..]].concat();
        fs::remove_file(entry.path()).unwrap();
        fs::write(dir.join("of-last-week.backup"), old).unwrap();
    }
    let fault = diagnosis(&installed).names("BACKUP_OLD");
    assert!(fault.seen.contains("7 days old"), "{}", fault.seen);
    follows(&installed, &fault.commands());
    diagnosis(&installed).is_clean();
}

#[test]
fn a_backup_is_made_as_it_is_said_also_where_root_types_for_another_user() {
    if !as_root("a data directory of another user") {
        return;
    }
    let installed = Installed::embedded();
    installed.issues_key("Acme");
    // As a package leaves it: the service has an account of its own.
    let owner = web_user();
    fs::set_permissions(installed.path(), Permissions::from_mode(0o755)).unwrap();
    for path in everything_below(&installed.data_dir()) {
        chown(&path, Some(owner.uid), Some(owner.gid)).unwrap();
    }
    follows(&installed, &diagnosis(&installed).names("BACKUP_NONE").commands());
    diagnosis(&installed).is_clean();
}

#[test]
fn a_public_url_that_leads_nowhere_or_elsewhere_is_named() {
    let installed = healthy();
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let fault = diagnosis_with(&installed, &[("LATCHKEY_PUBLIC_URL", &nobody)]).names("TCP_REFUSED");
    assert_eq!(fault.id, "road.ipv4");
    let other = healthy();
    let (_server, url) = serves(&other);
    diagnosis_with(&installed, &[("LATCHKEY_PUBLIC_URL", &url)]).names("PUBLIC_URL_OTHER");
    let (_own, url) = serves(&installed);
    diagnosis_with(&installed, &[("LATCHKEY_PUBLIC_URL", &url)]).is_clean();
}
