//! Waiting for what another process does, and a port to find it on.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::ops::Range;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// How many times longer than it should take something is waited for: the machine does much else, and how soon something is
/// done is measured elsewhere.
const PATIENCE: u32 = 10;

/// Asks again and again until there is an answer, and fails the test where there is none long after `timeout`.
#[track_caller]
pub fn poll_until<T>(timeout: Duration, mut ask: impl FnMut() -> Option<T>) -> T {
    let timeout = timeout * PATIENCE;
    let deadline = Instant::now() + timeout;
    loop {
        // The clock is read before the question: an answer that became true in time is not missed for a slow machine.
        let last = Instant::now() >= deadline;
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(!last, "what was waited for did not happen within {timeout:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Below 32768, where Linux begins to hand out ports for outgoing connections: a server that is stopped for a while finds
/// its port still free when it comes back.
const PORTS: Range<u16> = 20_000..32_000;

/// A TCP port of the loopback address that nothing listens on. No port is handed out twice by one process, and two
/// processes begin their search at different places.
#[track_caller]
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let span = PORTS.end - PORTS.start;
    // Test binaries start one after another with neighbouring ids: a prime stride puts their beginnings far apart.
    let begin = (std::process::id() % u32::from(span)) * 7_919 % u32::from(span);
    for _ in 0..span {
        let step = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = PORTS.start + u16::try_from((begin + step) % u32::from(span)).unwrap();
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(_) => return port,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {}
            Err(error) => panic!("cannot listen on 127.0.0.1:{port}: {error}"),
        }
    }
    panic!("every port from {} to {} is taken", PORTS.start, PORTS.end - 1);
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn ports_are_free_and_never_the_same() {
        let ports: Vec<u16> = (0..50).map(|_| free_port()).collect();
        assert_eq!(ports.iter().collect::<HashSet<_>>().len(), 50);
        for port in ports {
            assert!(PORTS.contains(&port));
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        }
    }

    #[test]
    fn a_port_in_use_is_passed_over() {
        let held: Vec<TcpListener> =
            (0..20).filter_map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, free_port())).ok()).collect();
        let held: HashSet<u16> = held.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        assert!((0..50).all(|_| !held.contains(&free_port())));
    }

    #[test]
    fn polling_returns_the_first_answer() {
        let mut asked = 0;
        let answer = poll_until(Duration::from_secs(10), || {
            asked += 1;
            (asked == 3).then_some("third")
        });
        assert_eq!((answer, asked), ("third", 3));
    }

    #[test]
    fn polling_asks_at_least_once_and_then_gives_up() {
        assert_eq!(poll_until(Duration::ZERO, || Some(1)), 1);
        let gave_up = catch_unwind(|| poll_until(Duration::from_millis(30), || None::<()>)).unwrap_err();
        assert!(gave_up.downcast_ref::<String>().unwrap().contains("did not happen within 300ms"));
    }
}
