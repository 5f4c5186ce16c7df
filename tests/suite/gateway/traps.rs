//! Servers that die by SIGKILL at their n-th step, before it or right after it: a step is what makes a change of the queue last.
//!
//! On SQLite a small library that is laid before the program counts how often the queue's file is brought to the disk. On
//! PostgreSQL a relay between the two counts the COMMITs of the connection that writes the queue.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, Ordering};

use latchkey_store::enrollment::queue::QUEUE_FILE;
use latchkey_tests_support::{Process, Program};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// At which step, and whether right after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) number: u32,
    pub(super) after: bool,
}

/// A server that was started to die.
pub(super) struct Doomed {
    pub(super) process: Process,
    _relay: Option<Relay>,
}

/// Starts a server that dies at this step. `database_url` is that of PostgreSQL, where the installation is there.
pub(super) fn dies_at(step: Step, program: Program, database_url: Option<&str>) -> Doomed {
    let Some(url) = database_url else {
        let program =
            program.env("LD_PRELOAD", library()).env("TRAP_FILE", QUEUE_FILE).env("TRAP_AT", step.number.to_string());
        let program = if step.after { program.env("TRAP_AFTER", "1") } else { program };
        return Doomed { process: program.spawn(), _relay: None };
    };
    let relay = Relay::before(url, step);
    let process = program.env("LATCHKEY_DATABASE_URL", &relay.url).spawn();
    relay.shared.victim.store(i32::try_from(process.id()).unwrap(), Ordering::SeqCst);
    Doomed { process, _relay: Some(relay) }
}

/// Built once, by the compiler that the program itself was linked by.
fn library() -> &'static Path {
    static BUILT: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, library) = BUILT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let (source, library) = (folder.path().join("trap.c"), folder.path().join("trap.so"));
        std::fs::write(&source, include_str!("trap.c")).unwrap();
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).args([&library, &source]).arg("-ldl");
        let built = compiler.output().unwrap();
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        (folder, library)
    });
    library
}

/// Stands between a server and its PostgreSQL.
struct Relay {
    url: String,
    shared: Arc<Shared>,
    port: u16,
}

struct Shared {
    step: Step,
    /// The server, once it is there.
    victim: AtomicI32,
    commits: AtomicU32,
    over: AtomicBool,
}

impl Relay {
    fn before(url: &str, step: Step) -> Self {
        let (begin, rest) = url.split_once("127.0.0.1:").unwrap();
        let (port, database) = rest.split_once('/').unwrap();
        let behind: u16 = port.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            step,
            victim: AtomicI32::new(0),
            commits: AtomicU32::new(0),
            over: AtomicBool::new(false),
        });
        let all = shared.clone();
        std::thread::spawn(move || {
            for here in listener.incoming() {
                if all.over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(here), Ok(there)) = (here, TcpStream::connect(("127.0.0.1", behind))) else { continue };
                // The two say little at a time, and wait for each other.
                for stream in [&here, &there] {
                    stream.set_nodelay(true).unwrap();
                }
                let dies_now = Arc::new(AtomicBool::new(false));
                let (back, answers) = ((there.try_clone().unwrap(), here.try_clone().unwrap()), dies_now.clone());
                let (shared, beside) = (all.clone(), all.clone());
                std::thread::spawn(move || shared.ask(here, there, &dies_now));
                std::thread::spawn(move || beside.answer(back.0, back.1, &answers));
            }
        });
        Self { url: format!("{begin}127.0.0.1:{port}/{database}"), shared, port }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // So that it is seen.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    /// What the server asks, message by message; it ends with either of the two.
    fn ask(&self, mut here: TcpStream, mut there: TcpStream, dies_now: &AtomicBool) {
        // The first has no letter.
        let (mut first, mut of_queue) = (true, false);
        while let Some(message) = read(&mut here, first) {
            first = false;
            let has = |part: &[u8]| message.windows(part.len()).any(|window| window == part);
            // Only whoever changes the queue prepares such a statement, and commits: what is put in or taken out, whose turn it is.
            of_queue |= message[0] == b'P' && (has(b"queue_head") || has(b"UPDATE queue_turns"));
            let fatal = of_queue
                && message[0] == b'Q'
                && has(b"COMMIT")
                && self.commits.fetch_add(1, Ordering::SeqCst) + 1 == self.step.number;
            if fatal && !self.step.after {
                self.kill();
                break;
            }
            dies_now.store(fatal, Ordering::SeqCst);
            if there.write_all(&message).is_err() {
                break;
            }
        }
        // The database sees, as it would without a relay, that nobody is there any more, and undoes what was not committed.
        let _ = there.shutdown(std::net::Shutdown::Both);
    }

    /// What the database answers; a COMMIT that is the last is not answered.
    fn answer(&self, mut there: TcpStream, mut here: TcpStream, dies_now: &AtomicBool) {
        let mut piece = [0; 16 << 10];
        while let Ok(read) = there.read(&mut piece) {
            if dies_now.load(Ordering::SeqCst) {
                self.kill();
                break;
            }
            if read == 0 || here.write_all(&piece[..read]).is_err() {
                break;
            }
        }
        let _ = here.shutdown(std::net::Shutdown::Both);
    }

    fn kill(&self) {
        // A server commits long after it was started; that it is known which one it is is a moment's matter.
        while self.victim.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        kill(Pid::from_raw(self.victim.load(Ordering::SeqCst)), Signal::SIGKILL).unwrap();
    }
}

/// A message of PostgreSQL's protocol: a letter, but for the first, and a length that counts itself.
fn read(from: &mut TcpStream, first: bool) -> Option<Vec<u8>> {
    let head = if first { 4 } else { 5 };
    let mut message = vec![0; head];
    from.read_exact(&mut message).ok()?;
    let length = u32::from_be_bytes(message[head - 4..].try_into().ok()?);
    message.resize(head - 4 + usize::try_from(length).ok()?, 0);
    from.read_exact(&mut message[head..]).ok()?;
    Some(message)
}
