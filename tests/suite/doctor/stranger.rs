//! Servers that stand where a service should: in front of a real Latchkey with another certificate or another clock,
//! or with an answer of their own.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nix::sys::socket::{AddressFamily, Backlog, SockFlag, SockType, SockaddrStorage, bind, listen, socket};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How it behaves; may be changed while it runs.
#[derive(Clone)]
pub(super) struct Manner {
    /// TLS with this certificate, else none.
    pub(super) tls: Option<Arc<ServerConfig>>,
    pub(super) answer: Answer,
}

/// What it answers.
#[derive(Clone)]
pub(super) enum Answer {
    /// What the Latchkey at this address says.
    Of(SocketAddr),
    /// The same, with a clock that is off by so many seconds.
    WithClockOff(SocketAddr, i64),
    /// The same, after a while.
    After(Duration, SocketAddr),
    /// These bytes.
    Bytes(String),
    /// These bytes for one path, and what the Latchkey says for every other.
    For(&'static str, String, SocketAddr),
    /// These bytes where the question comes with a key, and what the Latchkey says to every other.
    ToKeys(String, SocketAddr),
    /// These bytes to whatever comes first.
    Raw(&'static [u8]),
    /// The connection is closed.
    Nothing,
    /// A proxy: see `proxies`.
    Proxy(super::proxies::Kind),
}

/// A server with a thread, stopped with its test.
pub(super) struct Stranger {
    pub(super) address: SocketAddr,
    manner: Arc<Mutex<Manner>>,
    stop: Arc<AtomicBool>,
}

impl Stranger {
    pub(super) fn in_the_clear(answer: Answer) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), Manner { tls: None, answer })
    }

    pub(super) fn with_tls(tls: Arc<ServerConfig>, answer: Answer) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), Manner { tls: Some(tls), answer })
    }

    pub(super) fn on(listener: TcpListener, manner: Manner) -> Self {
        let address = listener.local_addr().unwrap();
        let manner = Arc::new(Mutex::new(manner));
        let stop = Arc::new(AtomicBool::new(false));
        let (its_manner, stopped) = (manner.clone(), stop.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    break;
                }
                let manner = its_manner.lock().unwrap_or_else(PoisonError::into_inner).clone();
                // A client that goes away in the middle is its right.
                std::thread::spawn(move || drop(meet(stream, &manner)));
            }
        });
        Self { address, manner, stop }
    }

    /// From now on it behaves like this.
    pub(super) fn changes(&self, change: impl FnOnce(&mut Manner)) {
        change(&mut self.manner.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn url(&self) -> String {
        let secure = self.manner.lock().unwrap_or_else(PoisonError::into_inner).tls.is_some();
        format!("{}://{}", if secure { "https" } else { "http" }, self.address)
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread, which then sees that it is over.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(200));
    }
}

fn meet(stream: TcpStream, manner: &Manner) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    if let Answer::Proxy(kind) = &manner.answer {
        return super::proxies::serve(stream, kind);
    }
    match &manner.tls {
        Some(config) => {
            let connection = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(connection, stream);
            converse(&mut stream, &manner.answer)?;
            stream.conn.send_close_notify();
            let _ = stream.conn.complete_io(&mut stream.sock);
            stream.sock.shutdown(Shutdown::Both)
        }
        None => {
            let mut stream = stream;
            converse(&mut stream, &manner.answer)?;
            stream.shutdown(Shutdown::Both)
        }
    }
}

/// One question, one answer.
pub(super) fn converse(stream: &mut (impl Read + Write), answer: &Answer) -> io::Result<()> {
    if let Answer::Raw(bytes) = answer {
        let _ = stream.read(&mut [0; 4_096])?;
        stream.write_all(bytes)?;
        return stream.flush();
    }
    let head = read_head(stream)?;
    let reply = match answer {
        Answer::Of(service) => relayed(&head, *service)?,
        Answer::WithClockOff(service, seconds) => with_date(&relayed(&head, *service)?, *seconds),
        Answer::After(wait, service) => {
            std::thread::sleep(*wait);
            relayed(&head, *service)?
        }
        Answer::Bytes(text) => text.clone().into_bytes(),
        Answer::For(path, text, service) => match head.starts_with(&format!("GET {path} ")) {
            true => text.clone().into_bytes(),
            false => relayed(&head, *service)?,
        },
        Answer::ToKeys(text, service) => match head.to_lowercase().contains("x-registration-key") {
            true => text.clone().into_bytes(),
            false => relayed(&head, *service)?,
        },
        Answer::Nothing | Answer::Raw(_) | Answer::Proxy(_) => return Ok(()),
    };
    stream.write_all(&reply)?;
    stream.flush()
}

pub(super) fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// What the Latchkey says to the same question.
pub(super) fn relayed(head: &str, service: SocketAddr) -> io::Result<Vec<u8>> {
    let mut upstream = TcpStream::connect(service)?;
    let lines = head.trim_end().lines().filter(|line| !line.to_lowercase().starts_with("connection:"));
    let head: String = lines.map(|line| format!("{line}\r\n")).collect();
    upstream.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    let mut reply = Vec::new();
    upstream.read_to_end(&mut reply)?;
    Ok(reply)
}

fn with_date(reply: &[u8], seconds: i64) -> Vec<u8> {
    let text = String::from_utf8_lossy(reply);
    let at = Timestamp::now() + SignedDuration::from_secs(seconds);
    let date = at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let lines = text.split_inclusive("\r\n").map(|line| match line.to_lowercase().starts_with("date:") {
        true => format!("date: {date}\r\n"),
        false => line.to_owned(),
    });
    lines.collect::<String>().into_bytes()
}

/// An address whose packets disappear: it listens, its queue is full, and nobody takes from it.
pub(super) struct BlackHole {
    pub(super) address: SocketAddr,
    listener: Option<TcpListener>,
    waiting: Vec<TcpStream>,
}

impl BlackHole {
    pub(super) fn at(address: &str) -> Self {
        let address: SocketAddr = address.parse().unwrap();
        let family = if address.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
        let fd = socket(family, SockType::Stream, SockFlag::SOCK_CLOEXEC, None).unwrap();
        bind(std::os::fd::AsRawFd::as_raw_fd(&fd), &SockaddrStorage::from(address)).unwrap();
        listen(&fd, Backlog::new(0).unwrap()).unwrap();
        let listener = TcpListener::from(fd);
        let address = listener.local_addr().unwrap();
        let mut waiting = Vec::new();
        while let Ok(stream) = TcpStream::connect_timeout(&address, Duration::from_millis(150)) {
            waiting.push(stream);
            assert!(waiting.len() < 64, "the queue never fills");
        }
        Self { address, listener: Some(listener), waiting }
    }

    /// The firewall is opened: somebody answers there.
    pub(super) fn opens(mut self, manner: Manner) -> Stranger {
        let listener = self.listener.take().unwrap();
        // The same socket, with a queue.
        listen(&listener, Backlog::new(64).unwrap()).unwrap();
        self.waiting.clear();
        Stranger::on(listener, manner)
    }
}
