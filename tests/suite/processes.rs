//! Where processes matter: a server with the command line beside it, two servers on one PostgreSQL, and `kill -9`.

use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use latchkey_tests_support::http::Request;
use latchkey_tests_support::postgres::{Cluster, elsewhere};
use latchkey_tests_support::{free_port, poll_until};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::installed::{Installed, Ran, Served};

const A_SECOND: Duration = Duration::from_secs(1);

/// Both kinds of installation, as a vendor has them.
fn installations() -> [Installed; 2] {
    [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())]
}

#[track_caller]
fn is_refused_within_a_second(server: &Served, key: &str) {
    poll_until(A_SECOND, || (server.glpi().asks(key).code() == "KEY_REVOKED").then_some(()));
}

#[test]
fn a_server_sees_what_the_command_line_does_beside_it() {
    for installed in installations() {
        let server = installed.serves();
        let issued = installed.issues_key("Acme");
        let key = issued["registration_key"].as_str().unwrap();
        let answer = server.glpi().asks(key);
        answer.satisfies_the_contract();
        assert_eq!(answer.is_valid(), Some(true));
        assert_eq!(answer.json["subscription"]["end_date"], issued["end_date"]);

        let subscription = issued["subscription_id"].as_str().unwrap();
        installed.json(&["subscription", "suspend", subscription, "--reason", "unpaid"]);
        poll_until(A_SECOND, || (server.glpi().asks(key).code() == "SUBSCRIPTION_SUSPENDED").then_some(()));
        installed.json(&["subscription", "resume", subscription]);
        poll_until(A_SECOND, || (server.glpi().asks(key).is_running() == Some(true)).then_some(()));

        installed.json(&["offer", "set", "basic", "--title", "Basic care"]);
        poll_until(A_SECOND, || (server.glpi().asks(key).json["subscription"]["title"] == "Basic care").then_some(()));

        installed.json(&["signing-key", "rotate", "--reason", "yearly"]);
        let after = installed.issues_key("Beta");
        assert_eq!(server.glpi().asks(after["registration_key"].as_str().unwrap()).is_valid(), Some(true));

        installed.json(&["key", "revoke", issued["key_id"].as_str().unwrap(), "--reason", "leaked"]);
        is_refused_within_a_second(&server, key);
    }
}

#[test]
fn two_servers_on_one_postgresql_agree() {
    let installed = Installed::on_postgres(Cluster::shared().fresh_database());
    let (first, mut second) = (installed.serves(), installed.serves());
    let issued = installed.issues_key("Acme");
    let key = issued["registration_key"].as_str().unwrap();
    for server in [&first, &second] {
        assert_eq!(server.glpi().asks(key).is_valid(), Some(true));
    }
    second.process.kill9();
    installed.json(&["key", "revoke", issued["key_id"].as_str().unwrap(), "--reason", "leaked"]);
    is_refused_within_a_second(&first, key);
    let second = installed.serves();
    assert_eq!(second.glpi().asks(key).code(), "KEY_REVOKED", "a server that was killed knows at once");
}

#[test]
fn a_server_that_is_killed_comes_back_with_everything_that_was_acknowledged() {
    for installed in installations() {
        let mut server = installed.serves();
        let issued = installed.issues_key("Acme");
        let key = issued["registration_key"].as_str().unwrap().to_owned();
        assert_eq!(server.glpi().asks(&key).is_valid(), Some(true));
        installed.json(&["key", "revoke", issued["key_id"].as_str().unwrap(), "--reason", "leaked"]);
        server.process.kill9();
        let server = installed.serves();
        assert_eq!(server.glpi().asks(&key).code(), "KEY_REVOKED");
        assert!(installed.runs(&["audit", "verify"]).status.success());
    }
}

/// Commands that write are killed at any moment, with a server beside them; each that had said what it did had done it.
#[test]
fn what_was_acknowledged_is_there_after_kill_9_during_writes() {
    for installed in installations() {
        let server = installed.serves();
        let acknowledged = Mutex::new(Vec::new());
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for writer in 0..3_u64 {
                let (installed, acknowledged, stop) = (&installed, &acknowledged, &stop);
                scope.spawn(move || {
                    let mut round = 0;
                    while !stop.load(Ordering::Relaxed) {
                        round += 1;
                        let customer = format!("Customer {writer}-{round}");
                        let arguments =
                            ["--json", "key", "issue", "--customer", &customer, "--offer", "basic", "--days", "30"];
                        let mut process = installed.program(&arguments).spawn();
                        // Some are killed early, some late, some not at all.
                        if round % 3 != 0 {
                            std::thread::sleep(Duration::from_millis(7 * (writer + 3 * round) % 120));
                            process.kill9();
                        }
                        let ran = Ran::of(process);
                        if let Ok(issued) = serde_json::from_str::<serde_json::Value>(&ran.stdout) {
                            acknowledged.lock().unwrap().push(issued);
                        }
                    }
                });
            }
            let until = Instant::now() + Duration::from_secs(6);
            while Instant::now() < until {
                std::thread::sleep(Duration::from_millis(100));
            }
            stop.store(true, Ordering::Relaxed);
        });
        let acknowledged = acknowledged.into_inner().unwrap();
        assert!(acknowledged.len() >= 3, "some were acknowledged: {}", acknowledged.len());
        for issued in &acknowledged {
            let answer = server.glpi().asks(issued["registration_key"].as_str().unwrap());
            assert_eq!(answer.is_valid(), Some(true), "{}", answer.text);
        }
        let ran = installed.runs(&["audit", "verify"]);
        assert!(ran.status.success(), "{}{}", ran.stdout, ran.stderr);
    }
}

#[test]
fn the_database_is_whole_in_one_file_after_a_clean_stop() {
    let installed = Installed::embedded();
    let mut server = installed.serves();
    for customer in ["Acme", "Beta", "Gamma"] {
        installed.issues_key(customer);
    }
    server.process.terminate();
    server.process.wait(Duration::from_secs(15));
    let copy = Installed::embedded();
    std::fs::create_dir(copy.data_dir()).unwrap();
    for file in ["latchkey.db", "master.key"] {
        std::fs::copy(installed.data_dir().join(file), copy.data_dir().join(file)).unwrap();
    }
    assert_eq!(copy.json(&["key", "list"])["keys"].as_array().unwrap().len(), 3);
    installed.issues_key("Delta");
    std::fs::copy(installed.data_dir().join("latchkey.db"), copy.data_dir().join("latchkey.db")).unwrap();
    assert_eq!(copy.json(&["key", "list"])["keys"].as_array().unwrap().len(), 4, "and after a command");
}

#[test]
fn a_lost_database_is_not_taken_for_a_first_start() {
    let installed = Installed::embedded();
    let issued = installed.issues_key("Acme");
    let key = issued["registration_key"].as_str().unwrap();
    let server = installed.serves();
    assert_eq!(server.glpi().asks(key).is_valid(), Some(true));
    let file = |name: &str| installed.data_dir().join(name);
    let away = installed.path().join("away.db");
    std::fs::rename(file("latchkey.db"), &away).unwrap();
    for side in ["latchkey.db-wal", "latchkey.db-shm"] {
        let _ = std::fs::remove_file(file(side));
    }
    // The server notices; what it has in memory it answers for, but nothing else, and it takes no change.
    poll_until(Duration::from_secs(10), || {
        let ready = Request::get("/readyz").send(server.address);
        (ready.status == 503).then_some(())
    });
    assert_eq!(server.glpi().asks(key).is_valid(), Some(true));
    drop(server);
    for arguments in [&["serve"][..], &["key", "issue", "--customer", "B", "--offer", "basic", "--days", "1"]] {
        let ran = installed.runs(arguments);
        assert_eq!(ran.status.code(), Some(3), "{}", ran.stderr);
        assert!(ran.stderr.contains("the database is not"), "{}", ran.stderr);
        assert!(!file("latchkey.db").exists());
    }
    std::fs::rename(&away, file("latchkey.db")).unwrap();
    assert_eq!(installed.serves().glpi().asks(key).is_valid(), Some(true));
}

#[test]
fn a_server_stops_when_it_is_asked_to() {
    let installed = Installed::embedded();
    let mut server = installed.serves();
    server.process.terminate();
    let status = server.process.wait(Duration::from_secs(15));
    assert_eq!(status.code(), Some(0), "{}", server.process.stderr());
}

#[test]
fn no_secret_is_in_what_a_server_writes() {
    let installed = Installed::embedded();
    let metrics: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let server = {
        let listen = format!("127.0.0.1:{}", free_port());
        let process = installed
            .program(&["serve", "--listen", &listen, "--metrics-listen", &metrics.to_string()])
            .args(["--public-url", "https://keys.example.org"])
            .env("LATCHKEY_LOG", "trace")
            .spawn();
        let address = listen.parse().unwrap();
        poll_until(Duration::from_secs(30), || {
            Request::get("/readyz").try_send(address).ok().filter(|r| r.status == 200)
        });
        Served { process, address }
    };
    let issued = installed.issues_key("Acme");
    let key = issued["registration_key"].as_str().unwrap();
    server.glpi().asks(key);
    server.glpi().asks(&key[..100]);
    let master = std::fs::read_to_string(installed.data_dir().join("master.key")).unwrap();
    poll_until(Duration::from_secs(5), || server.process.stderr().contains("answered").then_some(()));
    // In every place where a stranger can put it.
    for request in [
        Request::get(&format!("/api/registration/info?key={key}")),
        Request::get(&format!("/{}", &key[40..90])),
        Request::new(&key[..20], "/healthz"),
        Request::get("/healthz").header("X-Request-Id", key).header("X-Forwarded-For", key).header("Forwarded", key),
        Request::get("/healthz").header("User-Agent", key).header("X-Glpi-Network-Uid", key),
        Request::post("/api/registration/info").body(key),
    ] {
        request.send(server.address);
    }
    let page = Request::get("/metrics").send(metrics).text();
    assert!(page.contains("latchkey_questions_total"), "{page}");
    let written = format!("{}{}{page}", server.process.stdout(), server.process.stderr());
    assert!(written.contains("answered a request") && written.contains(issued["key_id"].as_str().unwrap()));
    for secret in [key, &key[40..90], &key[..20], master.trim()] {
        assert!(!written.contains(secret), "a secret is in the log");
    }
}

#[test]
fn a_server_that_is_to_stop_is_not_ready_first_and_a_second_signal_ends_it_at_once() {
    let installed = Installed::embedded();
    let notified = installed.path().join("notify");
    let socket = UnixDatagram::bind(&notified).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let hears = || {
        let mut said = [0; 64];
        let length = socket.recv(&mut said).unwrap();
        String::from_utf8_lossy(&said[..length]).into_owned()
    };
    let address: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
    let mut process = installed
        .program(&["serve", "--listen", &address.to_string()])
        .env("NOTIFY_SOCKET", &notified)
        .env("WATCHDOG_USEC", "200000")
        .env("LATCHKEY_DRAIN_SECONDS", "600")
        .spawn();
    assert_eq!(hears(), "READY=1");
    assert_eq!(Request::get("/readyz").send(address).status, 200, "ready when it says so");
    assert_eq!([hears(), hears()], ["WATCHDOG=1", "WATCHDOG=1"]);

    process.terminate();
    let unready = poll_until(Duration::from_secs(10), || {
        let ready = Request::get("/readyz").send(address);
        (ready.status != 200).then_some(ready)
    });
    assert_eq!((unready.status, &unready.json()["code"]), (503, &"STOPPING".into()));
    assert_eq!(Request::get("/api/registration/").send(address).status, 200, "who still comes is still answered");
    poll_until(Duration::from_secs(10), || (hears() == "STOPPING=1").then_some(()));
    process.terminate();
    assert_eq!(process.wait(Duration::from_secs(15)).code(), Some(0), "{}", process.stderr());
}

#[test]
fn ten_thousand_idle_connections_keep_nobody_from_an_answer() {
    // As many as this machine lets a process have.
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).unwrap();
    let count = usize::try_from(hard.saturating_sub(1_000).min(10_000)).unwrap();
    let installed = Installed::embedded();
    let listen = format!("127.0.0.1:{}", free_port());
    let process =
        installed.program(&["serve", "--listen", &listen]).env("LATCHKEY_IDLE_TIMEOUT_SECONDS", "600").spawn();
    let server = Served { process, address: listen.parse().unwrap() };
    server.process.wait_for_line("listens on", Duration::from_secs(30));
    let issued = installed.issues_key("Acme");
    let idle: Vec<TcpStream> = (0..count).map(|_| TcpStream::connect(server.address).unwrap()).collect();
    let answer = server.glpi().asks(issued["registration_key"].as_str().unwrap());
    assert_eq!(answer.is_valid(), Some(true), "with {} idle connections: {}", idle.len(), answer.text);
}

#[test]
fn a_database_of_another_program_is_called_one_and_left_alone() {
    let url = Cluster::shared().fresh_database();
    elsewhere(&url, "CREATE TABLE keys (theirs TEXT)");
    let installed = Installed::on_postgres(url.clone());
    for arguments in
        [&["serve"][..], &["key", "issue", "--customer", "A", "--offer", "basic", "--days", "1"], &["migrate"]]
    {
        let ran = installed.runs(arguments);
        assert_eq!(ran.status.code(), Some(3), "{}", ran.stderr);
        assert!(ran.stderr.contains("belongs to another program: it has keys"), "{}", ran.stderr);
        assert!(ran.stderr.contains("a database of its own") && !ran.stderr.contains("mistake"), "{}", ran.stderr);
    }
    // A schema of its own is one, too.
    elsewhere(&url, "CREATE SCHEMA registration");
    let more = if url.contains('?') { '&' } else { '?' };
    let beside = Installed::on_postgres(format!("{url}{more}options=-csearch_path%3Dregistration"));
    let server = beside.serves();
    let issued = beside.issues_key("Acme");
    assert_eq!(server.glpi().asks(issued["registration_key"].as_str().unwrap()).is_valid(), Some(true));
    assert!(elsewhere(&url, "SELECT * FROM keys").is_empty(), "theirs is as it was");
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let url = Cluster::shared().fresh_database();
    let installed = Installed::on_postgres(url.clone());
    installed.issues_key("Acme");
    elsewhere(&url, "INSERT INTO schema_versions VALUES (9001, 'later', 9000, 0)");
    for arguments in
        [&["serve"][..], &["migrate"], &["key", "list"], &["customer", "add", "Beta"], &["audit", "verify"]]
    {
        let ran = installed.runs(&[&["--json"], arguments].concat());
        assert_eq!(ran.status.code(), Some(3), "{arguments:?}: {}", ran.stderr);
        let problem: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
        assert_eq!(problem["code"], "SCHEMA_NEWER");
        assert!(problem["detail"].as_str().unwrap().contains("has schema 9001"), "{problem}");
        assert_eq!(problem["next_step"], "install a newer Latchkey");
    }
    elsewhere(&url, "DELETE FROM schema_versions WHERE version = 9001");
    assert_eq!(installed.json(&["customer", "list"])["customers"].as_array().unwrap().len(), 1);
}
