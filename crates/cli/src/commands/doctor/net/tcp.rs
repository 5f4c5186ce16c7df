//! Connections of which every read and write ends at a deadline.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::data_dir::cause;

/// A connection with a deadline.
pub(in super::super) struct Timed {
    stream: TcpStream,
    deadline: Instant,
}

/// Why an address does not answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Dead {
    Refused,
    TimedOut,
    NoRoute(String),
}

impl Timed {
    /// Connects; whatever follows has the same time again.
    pub(in super::super) fn connect(address: SocketAddr, patience: Duration) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, patience)?;
        // Only slower without.
        let _ = stream.set_nodelay(true);
        Ok(Self { stream, deadline: Instant::now() + patience })
    }

    /// Sets the deadline anew, for the next step.
    pub(in super::super) fn begin_again(&mut self, patience: Duration) {
        self.deadline = Instant::now() + patience;
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

/// What a socket's time-out looks like differs between systems.
fn in_time<T>(result: io::Result<T>) -> io::Result<T> {
    result.map_err(|error| if error.kind() == ErrorKind::WouldBlock { ErrorKind::TimedOut.into() } else { error })
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        in_time(self.stream.read(buffer))
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        in_time(self.stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// Tries addresses side by side, since a dead one takes its whole time. The first that answered, with how long it took,
/// or why the first of them did not.
pub(in super::super) fn knock(
    addresses: &[SocketAddr],
    patience: Duration,
) -> Option<Result<(SocketAddr, Duration), (SocketAddr, Dead)>> {
    let tried = std::thread::scope(|scope| {
        let tries: Vec<_> = addresses
            .iter()
            .map(|address| {
                scope.spawn(move || {
                    let begun = Instant::now();
                    TcpStream::connect_timeout(address, patience).map(|_| begun.elapsed())
                })
            })
            .collect();
        tries.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(ErrorKind::Other.into()))).collect::<Vec<_>>()
    });
    let mut dead = None;
    for (address, tried) in addresses.iter().zip(tried) {
        match tried {
            Ok(took) => return Some(Ok((*address, took))),
            Err(error) => dead = dead.or_else(|| Some(Err((*address, why(&error))))),
        }
    }
    dead
}

/// Why a connection did not come about.
pub(in super::super) fn why(error: &io::Error) -> Dead {
    #[allow(clippy::wildcard_enum_match_arm, reason = "the kinds of the standard library are not a closed list")]
    match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Dead::Refused,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Dead::TimedOut,
        _ => Dead::NoRoute(cause(error)),
    }
}
