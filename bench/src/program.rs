//! Programs that are measured, each in a process of its own.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use latchkey_tests_support::{Process, Program, free_port};

use crate::Failed;
use crate::glpi::{Answer, Question};

/// How long a server may take to become ready before it is given up.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// A server that is ready. It is killed when this is dropped.
pub(crate) struct Server {
    process: Process,
    pub(crate) address: SocketAddr,
    /// From its start to its first 200 from `/readyz`.
    pub(crate) ready_after: Duration,
}

/// What a process has used so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    /// Resident memory now, and the most there ever was, in MB (10⁶ bytes).
    pub(crate) resident: f64,
    pub(crate) most_resident: f64,
    /// Time on a processor, in seconds.
    pub(crate) processor: f64,
    /// Bytes that it made the system write to disks.
    pub(crate) written: u64,
}

impl Server {
    /// `latchkey serve`, with arguments for the installation that it is to serve.
    pub(crate) fn latchkey(installation: &[&OsStr]) -> Result<Self, Failed> {
        Self::latchkey_at(installation, free_port())
    }

    /// The same on a given port.
    pub(crate) fn latchkey_at(installation: &[&OsStr], port: u16) -> Result<Self, Failed> {
        Self::start(port, |listen| {
            // The GLPIs of a measurement are on this machine.
            let program = Program::new(latchkey()).env("LATCHKEY_OUTGOING_ALLOW", "127.0.0.0/8");
            program.args(["serve", "--listen", listen]).args(installation)
        })
    }

    /// The server that gives a constant answer.
    pub(crate) fn constant(body: &Path) -> Result<Self, Failed> {
        Self::constant_at(body, free_port())
    }

    /// The same on a given port.
    pub(crate) fn constant_at(body: &Path, port: u16) -> Result<Self, Failed> {
        let this = std::env::current_exe()?;
        Self::start(port, |listen| Program::new(this).args(["constant", "--listen", listen]).arg("--body").arg(body))
    }

    fn start(port: u16, program: impl FnOnce(&str) -> Program) -> Result<Self, Failed> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let program = program(&address.to_string());
        let begun = Instant::now();
        let mut process = program.spawn();
        while !is_ready(address) {
            if begun.elapsed() > READY_WITHIN || !process.is_running() {
                return Err(format!("a server did not become ready:\n{}{}", process.stdout(), process.stderr()).into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        Ok(Self { process, address, ready_after: begun.elapsed() })
    }

    /// Ends it as a power cut would.
    pub(crate) fn kill9(mut self) {
        self.process.kill9();
    }

    pub(crate) fn usage(&self) -> Result<Usage, Failed> {
        Usage::of(self.process.id())
    }
}

impl Usage {
    pub(crate) fn of(process: u32) -> Result<Self, Failed> {
        let read = |name: &str| std::fs::read_to_string(format!("/proc/{process}/{name}"));
        let (status, io, stat) = (read("status")?, read("io")?, read("stat")?);
        let number = |text: &str, name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
            line.and_then(|value| value.split_whitespace().next()?.parse::<u64>().ok())
                .ok_or("a number is missing in /proc")
        };
        // After the name, which may hold blanks: the 14th and 15th field of the line are user and system time.
        let after_name = stat.rsplit_once(')').map(|(_, rest)| rest).ok_or("no name in /proc")?;
        let ticks: u64 =
            after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Ok(Self {
            resident: number(&status, "VmRSS")? as f64 * 1_024.0 / 1e6,
            most_resident: number(&status, "VmHWM")? as f64 * 1_024.0 / 1e6,
            // USER_HZ is 100 on every Linux.
            processor: ticks as f64 / 100.0,
            written: number(&io, "write_bytes")?,
        })
    }
}

/// The program that is measured: the one next to this one.
pub(crate) fn latchkey() -> PathBuf {
    std::env::current_exe().unwrap_or_default().with_file_name("latchkey")
}

/// One GLPI on a connection that stays open.
pub(crate) struct Glpi {
    stream: TcpStream,
    question: Question,
}

impl Glpi {
    pub(crate) fn at(server: SocketAddr) -> Result<Self, Failed> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        Ok(Self { stream, question: Question::to(server)? })
    }
    /// Whether the key is good; `None` where that was not answered.
    pub(crate) fn asks(&mut self, key: &str) -> Result<Option<bool>, Failed> {
        self.hears(key, |answer| answer.is_valid())
    }

    /// What is answered about the key.
    pub(crate) fn hears<T>(&mut self, key: &str, take: impl FnOnce(&Answer<'_>) -> T) -> Result<T, Failed> {
        let mut bytes = Vec::new();
        self.question.write(key.as_bytes(), &mut bytes);
        self.stream.write_all(&bytes)?;
        read_answer(&mut self.stream, take)
    }
}

fn is_ready(address: SocketAddr) -> bool {
    let asked = || -> Result<bool, Failed> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\n\r\n")?;
        read_answer(&mut stream, |answer| answer.status() == b"200")
    };
    asked().unwrap_or(false)
}

fn read_answer<T>(stream: &mut TcpStream, take: impl FnOnce(&Answer<'_>) -> T) -> Result<T, Failed> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Err("the server closed the connection".into()),
            count => bytes.extend_from_slice(&buffer[..count]),
        }
        if let Some(answer) = Answer::read(&bytes)? {
            return Ok(take(&answer));
        }
    }
}
