//! A GLPI behind the gateway, as far as agents go: it notes what it hears, and answers as it is told.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use latchkey_domain::accounts::InventoryCredential;
use latchkey_glpi::agent::Packing;
use latchkey_outgoing::upstream::Upstream;
use latchkey_outgoing::{Settings as Outgoing, Target};
use latchkey_server::gateway::Settings;

/// What a real GLPI 10.0.16 says.
pub(crate) const GOOD: &str =
    r#"{"status":"ok","expiration":24,"tasks":{"inventory":{"server":"glpi","version":"10.0.16"}}}"#;

/// How it answers.
#[derive(Debug, Clone)]
pub(crate) enum Mood {
    /// With this status and body.
    Says(u16, String),
    /// With the last, but only after a while.
    Slow(Duration),
    /// It hangs up.
    Away,
    /// It has what was sent, and says nothing for as long as this is so; then it hangs up.
    Holds,
}

/// What it heard.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct StubGlpi {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    mood: Mutex<Mood>,
    heard: Mutex<Vec<Heard>>,
    over: AtomicBool,
}

impl Heard {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Its body, unpacked.
    pub(crate) fn text(&self) -> String {
        let plain = Packing::of(&self.body).unpack(&self.body, 64 << 20).unwrap();
        String::from_utf8(plain).unwrap()
    }
}

impl StubGlpi {
    pub(crate) fn starts() -> Self {
        Self::starts_at("127.0.0.1:0".parse().unwrap())
    }

    pub(crate) fn starts_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            mood: Mutex::new(Mood::Says(200, GOOD.to_owned())),
            heard: Mutex::default(),
            over: AtomicBool::new(false),
        });
        let all = shared.clone();
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                if all.over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(connection), shared) = (connection, all.clone()) else { continue };
                std::thread::spawn(move || serve(connection, &shared));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap() = mood;
    }

    pub(crate) fn is_well(&self) {
        self.is(Mood::Says(200, GOOD.to_owned()));
    }

    /// What it heard since that was last taken.
    pub(crate) fn hears(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }

    /// Everything that it heard since this was last called.
    pub(crate) fn takes(&self) -> Vec<Heard> {
        std::mem::take(&mut *self.shared.heard.lock().unwrap())
    }

    /// A gateway before it.
    pub(crate) fn gateway(&self) -> Settings {
        self.gateway_with(InventoryCredential::None)
    }

    pub(crate) fn gateway_with(&self, credential: InventoryCredential) -> Settings {
        let target = Target::parse(&format!("http://{}/", self.address)).unwrap();
        let upstream = Upstream::new(target, &Outgoing::default(), 1 << 20);
        Settings {
            glpis: vec![("main".to_owned(), upstream, credential)],
            outgoing: Outgoing { allowed: vec!["127.0.0.0/8".parse().unwrap()], roots: vec![] },
            upstream_time: Duration::from_millis(1_500),
            ..Settings::default()
        }
    }
}

impl Drop for StubGlpi {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // So that it is seen.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut connection: TcpStream, shared: &Shared) {
    while let Some(heard) = read(&mut connection) {
        if shared.over.load(Ordering::SeqCst) {
            return;
        }
        let is_token = heard.line.contains("/api.php/token");
        shared.heard.lock().unwrap().push(heard);
        let mood = shared.mood.lock().unwrap().clone();
        let (status, body) = match mood {
            _ if is_token => (200, r#"{"token_type":"Bearer","expires_in":3600,"access_token":"t0ken"}"#.to_owned()),
            Mood::Says(status, body) => (status, body),
            Mood::Slow(time) => {
                std::thread::sleep(time);
                (200, GOOD.to_owned())
            }
            Mood::Away => return,
            Mood::Holds => {
                while matches!(*shared.mood.lock().unwrap(), Mood::Holds) && !shared.over.load(Ordering::SeqCst) {
                    std::thread::sleep(Duration::from_millis(10));
                }
                return;
            }
        };
        let head = format!(
            "HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nX-GLPI: here\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        if connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

fn read(connection: &mut TcpStream) -> Option<Heard> {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 16 << 10]);
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        let read = connection.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&chunk[..read]);
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.split("\r\n");
    let line = lines.next()?.to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = bytes[end..].to_vec();
    while body.len() < length {
        let read = connection.read(&mut chunk).ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&chunk[..read]);
    }
    Some(Heard { line, headers, body })
}
