//! The system's resolver, with a deadline that it does not have itself.

use std::io;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::data_dir::cause;

/// What became of a name.
pub(in super::super) enum Lookup {
    Found(Vec<IpAddr>),
    /// The name servers know it not.
    Unknown,
    /// They could not be asked.
    Failed(String),
    /// They did not answer in time.
    TimedOut,
}

/// Asks for the addresses of a host, each once. The thread that asks is left behind where it does not come back in time.
pub(in super::super) fn look_up(host: &str, patience: Duration) -> (Lookup, Duration) {
    let begun = Instant::now();
    let (answer, answered) = channel();
    let name = (host.to_owned(), 0);
    std::thread::spawn(move || {
        let found = name.to_socket_addrs().map(|all| all.map(|address: SocketAddr| address.ip()).collect::<Vec<_>>());
        // Nobody waits for it any more where the deadline is over.
        let _ = answer.send(found);
    });
    let lookup = match answered.recv_timeout(patience) {
        Ok(Ok(mut addresses)) => {
            let mut seen = Vec::new();
            addresses.retain(|address| {
                !seen.contains(address) && {
                    seen.push(*address);
                    true
                }
            });
            if addresses.is_empty() { Lookup::Unknown } else { Lookup::Found(addresses) }
        }
        Ok(Err(error)) => failed(&error),
        Err(RecvTimeoutError::Timeout) => Lookup::TimedOut,
        Err(RecvTimeoutError::Disconnected) => Lookup::Failed("the resolver stopped".into()),
    };
    (lookup, begun.elapsed())
}

fn failed(error: &io::Error) -> Lookup {
    let text = cause(error);
    let text = text.rsplit(": ").next().unwrap_or(&text).to_owned();
    // What getaddrinfo says is all that there is; its words are those of the C library.
    let unknown =
        ["Name or service not known", "No address associated", "Name does not resolve", "nodename nor servname"];
    if unknown.iter().any(|words| text.contains(words)) { Lookup::Unknown } else { Lookup::Failed(text) }
}

/// The name servers that the system is told to ask.
pub(in super::super) fn servers() -> String {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let servers: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("nameserver")).map(str::trim).collect();
    if servers.is_empty() { "/etc/resolv.conf: -".to_owned() } else { servers.join(", ") }
}
