//! Whether the secret of an invitation is good, against the same question to another open-source server of registration
//! tokens: matrix-synapse, from PyPI, in a virtual environment that is made here, with its limits off and its log silent.
//!
//! Both look their secret up in SQLite for each question, on connections that stay open. Ours does more: it gives out a sealed
//! visit, and counts that the invitation was opened.
//!
//! Besides, how long wrong secrets take: one of an id that is there, and no secret at all, each against one of an id that nobody has.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use latchkey_key::secret::{ID_BYTES, SECRET_BYTES, SecretKey, SecretKind};
use latchkey_tests_support::free_port;

use crate::house::{House, empty_directory};
use crate::inviting::invite;
use crate::program::Server;
use crate::report::{Bound, Figure, Report};
use crate::rounds::{Rounds, Turn, median};
use crate::{Failed, How};

/// The one that is measured against.
const SYNAPSE: &str = "matrix-synapse==1.163.2";
/// Askers at once, each on a connection of its own.
const ASKERS: usize = 16;
/// How long the other server may take to become ready.
const READY_WITHIN: Duration = Duration::from_secs(120);

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("secrets: the secret of an invitation, and a registration token of {SYNAPSE}");
    let data_dir = empty_directory(&how.work, "secrets")?;
    let house = House::embedded(&data_dir)?;
    let (id, path) = invite(&house, None)?;
    drop(house);
    let installation = ["--data-dir".as_ref(), data_dir.as_os_str(), "--trusted-proxy".as_ref(), "127.0.0.1".as_ref()];
    let latchkey = Server::latchkey(&installation)?;
    wrong_ones(how, latchkey.address, &id, report)?;
    let synapse = Synapse::start(&how.work)?;
    let during = if how.quick { Duration::from_millis(500) } else { Duration::from_secs(4) };
    let ours = Question { server: latchkey.address, path, good: "HTTP/1.1 303" };
    let path = "/_matrix/client/v1/register/m.login.registration_token/validity?token=bench".to_owned();
    let theirs = Question { server: synapse.address, path, good: "{\"valid\":true}" };
    ours.answers_a_second(during)?;
    theirs.answers_a_second(during)?;
    let rounds = Rounds::take(how.rounds, "GET /join/SECRET", "validity of a token, Synapse", |turn| match turn {
        Turn::Measured => ours.answers_a_second(during),
        Turn::Against => theirs.answers_a_second(during),
    })?;
    report.add(Figure::ratio("secrets", &rounds, "answers/s", Bound::AtLeast(20.0)));
    Ok(())
}

/// How long wrong secrets take, one after another.
fn wrong_ones(how: &How, server: SocketAddr, id: &str, report: &mut Report) -> Result<(), Failed> {
    let another = SecretKey::renewed(SecretKind::Invitation, id, &[7; SECRET_BYTES]).ok_or("an id is none")?;
    let nobodys = SecretKey::from_random(SecretKind::Invitation, [7; ID_BYTES], &[7; SECRET_BYTES]);
    let times = if how.quick { 200 } else { 3_000 };
    // Each address may be wrong so often, and no more: of each the proxy says another.
    let number = AtomicU32::new(0);
    let takes = |secret: &str| -> Result<f64, Failed> {
        let mut stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut all = Vec::with_capacity(times);
        for _ in 0..times {
            let number = number.fetch_add(1, Ordering::Relaxed);
            let [_, a, b, c] = number.to_be_bytes();
            let request =
                format!("GET /join/{secret} HTTP/1.1\r\nHost: {server}\r\nX-Forwarded-For: 10.{a}.{b}.{c}\r\n\r\n");
            let begun = Instant::now();
            let answer = ask(&mut stream, request.as_bytes())?;
            all.push(begun.elapsed().as_secs_f64() * 1e6);
            if !answer.starts_with("HTTP/1.1 404") {
                return Err(format!("not the answer of a wrong secret: {answer}").into());
            }
        }
        Ok(median(&all))
    };
    takes(nobodys.reveal())?;
    for (name, what, secret) in [
        ("secrets-another", "another secret of an id that is there", another.reveal()),
        ("secrets-malformed", "no secret at all", "nothing"),
    ] {
        let rounds = Rounds::take(how.rounds, what, "a secret of nobody", |turn| match turn {
            Turn::Measured => takes(secret),
            Turn::Against => takes(nobodys.reveal()),
        })?;
        report.add(Figure::ratio(name, &rounds, "µs", Bound::None));
    }
    Ok(())
}

/// What is asked, and what stands in the answer where all is well.
struct Question {
    server: SocketAddr,
    path: String,
    good: &'static str,
}

impl Question {
    fn answers_a_second(&self, during: Duration) -> Result<f64, Failed> {
        let begun = Instant::now();
        let counts: Vec<Result<u32, Failed>> = std::thread::scope(|scope| {
            let askers: Vec<_> = (0..ASKERS).map(|_| scope.spawn(|| self.asks(begun, during))).collect();
            askers.into_iter().map(|asker| asker.join().unwrap_or_else(|_| Err("an asker panicked".into()))).collect()
        });
        let mut sum = 0;
        for count in counts {
            sum += count?;
        }
        Ok(f64::from(sum) / begun.elapsed().as_secs_f64())
    }

    fn asks(&self, begun: Instant, during: Duration) -> Result<u32, Failed> {
        let mut stream = TcpStream::connect(self.server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let request = format!("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", self.path, self.server);
        let mut count = 0;
        while begun.elapsed() < during {
            let answer = ask(&mut stream, request.as_bytes())?;
            if !answer.contains(self.good) {
                return Err(format!("not the answer that is measured: {answer}").into());
            }
            count += 1;
        }
        Ok(count)
    }
}

/// Asks over a connection that stays open, and reads the whole answer.
fn ask(stream: &mut TcpStream, request: &[u8]) -> Result<String, Failed> {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 8_192]);
    stream.write_all(request)?;
    while !is_whole(&bytes) {
        match stream.read(&mut buffer)? {
            0 => return Err("a server closed the connection".into()),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether an answer has come to its end, be its length told or its parts.
fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    if head.contains("transfer-encoding: chunked") {
        return bytes.ends_with(b"0\r\n\r\n");
    }
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.trim().parse::<usize>().ok());
    bytes.len() >= end + 4 + length.unwrap_or(0)
}

/// The other server. It ends when this is dropped.
struct Synapse {
    process: Child,
    address: SocketAddr,
}

impl Synapse {
    fn start(work: &Path) -> Result<Self, Failed> {
        let home = empty_directory(work, "synapse")?;
        let venv = fs::canonicalize(work)?.join("synapse-venv");
        if !venv.join("bin/synapse_homeserver").exists() {
            eprintln!("  making a virtual environment with {SYNAPSE}");
            run(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
            run(Command::new(venv.join("bin/pip")).args(["install", "--quiet", SYNAPSE]))?;
        }
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        let (config, database) = (home.join("homeserver.yaml"), home.join("homeserver.db"));
        fs::write(
            home.join("log.yaml"),
            "version: 1\nhandlers: { none: { class: logging.NullHandler } }\nroot: { level: ERROR, handlers: [none] }\n",
        )?;
        let place = home.display();
        fs::write(
            &config,
            format!(
                "server_name: bench.test\npid_file: {place}/pid\nmedia_store_path: {place}/media\nsigning_key_path: {place}/signing.key\n\
                 listeners:\n  - {{ bind_addresses: [127.0.0.1], port: {port}, tls: false, type: http, resources: [{{ names: [client] }}] }}\n\
                 database: {{ name: sqlite3, args: {{ database: {place}/homeserver.db }} }}\nlog_config: {place}/log.yaml\n\
                 macaroon_secret_key: bench\nform_secret: bench\nreport_stats: false\ntrusted_key_servers: []\n\
                 enable_registration: true\nregistration_requires_token: true\n\
                 rc_registration_token_validity: {{ per_second: 1000000, burst_count: 1000000 }}\n",
                port = address.port()
            ),
        )?;
        let synapse = || Command::new(venv.join("bin/python"));
        let configured = ["-m", "synapse.app.homeserver", "-c"];
        run(synapse().args(configured).arg(&config).arg("--generate-keys"))?;
        let process = synapse()
            .args(configured)
            .arg(&config)
            .current_dir(&home)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut server = Self { process, address };
        let begun = Instant::now();
        while !server.is_ready() {
            if begun.elapsed() > READY_WITHIN || server.process.try_wait()?.is_some() {
                return Err("Synapse did not become ready".into());
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        let connection = rusqlite::Connection::open(&database)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        connection.execute("INSERT INTO registration_tokens (token, pending, completed) VALUES ('bench', 0, 0)", [])?;
        Ok(server)
    }

    fn is_ready(&self) -> bool {
        let asked = || -> Result<bool, Failed> {
            let mut stream = TcpStream::connect(self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(5)))?;
            write!(stream, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer.starts_with("HTTP/1.1 200"))
        };
        asked().unwrap_or(false)
    }
}

impl Drop for Synapse {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(command: &mut Command) -> Result<(), Failed> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}
