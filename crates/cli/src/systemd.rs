//! What systemd is told: that we are ready, that we stop, that we live. Nothing, where nobody listens.
//!
//! The protocol is sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names.

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

/// The way to systemd.
pub(crate) struct Systemd {
    to: Option<(UnixDatagram, SocketAddr)>,
    /// Within this time it wants to hear that we live.
    watchdog: Option<Duration>,
}

impl Systemd {
    /// As the environment describes it.
    pub(crate) fn find() -> Self {
        let read = |name| std::env::var(name).ok();
        Self::described(read("NOTIFY_SOCKET"), read("WATCHDOG_USEC"), read("WATCHDOG_PID"), std::process::id())
    }

    fn described(socket: Option<String>, micros: Option<String>, pid: Option<String>, own: u32) -> Self {
        let to = socket.and_then(|path| {
            let address = match path.strip_prefix('@') {
                Some(name) => SocketAddr::from_abstract_name(name),
                None => SocketAddr::from_pathname(&path),
            };
            Some((UnixDatagram::unbound().ok()?, address.ok()?))
        });
        // A child of whoever is watched inherits the variables, but not the watch.
        let watched = pid.is_none_or(|pid| pid.parse() == Ok(own));
        let watchdog = micros.filter(|_| watched).and_then(|micros| micros.parse().ok()).filter(|micros| *micros > 0);
        Self { to, watchdog: watchdog.map(Duration::from_micros) }
    }

    pub(crate) fn ready(&self) {
        self.tell("READY=1");
    }

    pub(crate) fn stopping(&self) {
        self.tell("STOPPING=1");
    }

    /// Says again and again that we live, for as long as it is driven; a process that hangs does not drive it.
    pub(crate) async fn live(&self) {
        let Some(watchdog) = self.watchdog.filter(|_| self.to.is_some()) else {
            return std::future::pending().await;
        };
        loop {
            // By way of the threads that answer requests: where they hang, so does this.
            if tokio::spawn(std::future::ready(())).await.is_ok() {
                self.tell("WATCHDOG=1");
            }
            tokio::time::sleep(watchdog / 2).await;
        }
    }

    fn tell(&self, state: &str) {
        if let Some((socket, address)) = &self.to
            && let Err(error) = socket.send_to_addr(state.as_bytes(), address)
        {
            tracing::warn!(%error, state, "systemd does not hear us");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watch_over_another_process_is_not_ours() {
        let of = |micros: &str, pid: Option<&str>| {
            Systemd::described(None, Some(micros.into()), pid.map(str::to_owned), 42).watchdog
        };
        assert_eq!(of("30000000", Some("42")), Some(Duration::from_secs(30)));
        assert_eq!(of("30000000", None), Some(Duration::from_secs(30)));
        assert_eq!(of("30000000", Some("43")), None);
        assert_eq!(of("0", None), None);
        assert_eq!(of("soon", None), None);
    }

    #[test]
    fn what_is_told_arrives() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        let systemd = Systemd::described(Some(path.to_str().unwrap().into()), None, None, 1);
        systemd.ready();
        systemd.stopping();
        let mut heard = [0; 64];
        for expected in ["READY=1", "STOPPING=1"] {
            let length = socket.recv(&mut heard).unwrap();
            assert_eq!(std::str::from_utf8(&heard[..length]).unwrap(), expected);
        }
    }
}
