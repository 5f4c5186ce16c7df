//! A double of GLPI's REST API (`apirest.php`), as a GLPI 10.0.19 behaves: its refusals, and above all what it silently
//! leaves out. `tests/glpi_double.rs` holds it to each row of what was observed. Beside it, it takes inventories (`inventory`).
//!
//! It goes wrong on demand ([`GlpiDouble::goes_wrong`]), and can stop in its nth call ([`GlpiDouble::stalls_at`]).

mod api;
mod inventory;
mod state;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value as Json;

pub use inventory::{Brought, Wants};
pub use state::{Email, Right, State, User};

/// The remote access token of the service account.
pub const USER_TOKEN: &str = "s3rv1ceaccounttoken";
/// Its login, and its password.
pub const SERVICE: (&str, &str) = ("latchkey", "service-Passw0rd");

/// What goes wrong with one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is done, and the connection ends without an answer.
    AnswerLost,
    /// 500, and nothing was done.
    Broken,
    /// It is done, and answered with 500.
    BrokenAfter,
    /// Nothing is done, and nothing is said for so long; then the connection ends.
    Silence(Duration),
    /// 201, with the default profile in the place of the one that was asked for.
    DefaultProfile,
    /// 201, without a password.
    PasswordDropped,
    /// 201, without the address.
    EmailDropped,
    /// Somebody else takes the login just before.
    TakenBefore,
}

/// A GLPI that runs until the test lets go of it.
pub struct GlpiDouble {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    wrongs: Mutex<Vec<(String, Wrong)>>,
    calls: AtomicUsize,
    /// The number of the call that stops, and whether before or after it was done.
    stall: Mutex<Option<(usize, bool)>>,
    stalled: Mutex<bool>,
    changed: Condvar,
    over: AtomicBool,
    away: AtomicBool,
}

/// One request, as it came.
struct Request {
    method: String,
    /// With its query.
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// One request of the REST API.
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Behind `/apirest.php/`, without the query.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Json,
}

/// One answer.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) body: Json,
    pub(crate) range: Option<String>,
}

impl GlpiDouble {
    /// A fresh GLPI with a service account that may do what is needed, and no more.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            state: Mutex::new(State::fresh()),
            wrongs: Mutex::default(),
            calls: AtomicUsize::new(0),
            stall: Mutex::default(),
            stalled: Mutex::new(false),
            changed: Condvar::new(),
            over: AtomicBool::new(false),
            away: AtomicBool::new(false),
        });
        let serving = shared.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                if serving.over.load(Ordering::SeqCst) {
                    return;
                }
                let (Ok(stream), shared) = (stream, serving.clone()) else { continue };
                thread::spawn(move || serve(stream, &shared));
            }
        });
        Self { address, shared }
    }

    /// Where it is: `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same as an address to connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it holds.
    pub fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.shared.state)
    }

    /// The accounts of a login, in whatever case, those in the trash included.
    pub fn users(&self, login: &str) -> Vec<User> {
        let login = login.to_lowercase();
        self.state().users.iter().filter(|user| user.name.to_lowercase() == login).cloned().collect()
    }

    /// The accounts that registrations made.
    pub fn registered(&self) -> Vec<User> {
        self.state().users.iter().filter(|user| !user.registration_number.is_empty()).cloned().collect()
    }

    /// The next call of this kind goes wrong, such as `POST User`.
    pub fn goes_wrong(&self, call: &str, how: Wrong) {
        lock(&self.shared.wrongs).push((call.to_owned(), how));
    }

    /// Whether it hangs up on everybody.
    pub fn is_away(&self, away: bool) {
        self.shared.away.store(away, Ordering::SeqCst);
    }

    /// How many calls came so far.
    pub fn calls(&self) -> usize {
        self.shared.calls.load(Ordering::SeqCst)
    }

    /// Stops in the nth call from now on, counted from 1, before or after it was done.
    pub fn stalls_at(&self, nth: usize, done: bool) {
        *lock(&self.shared.stalled) = false;
        *lock(&self.shared.stall) = Some((self.calls() + nth, done));
    }

    /// Waits until it has stopped. False where it did not in time.
    pub fn has_stalled(&self, within: Duration) -> bool {
        let stalled = lock(&self.shared.stalled);
        let waited = self.shared.changed.wait_timeout_while(stalled, within, |stalled| !*stalled);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Lets go of the call that was stopped: its connection ends.
    pub fn goes_on(&self) {
        *lock(&self.shared.stall) = None;
        self.shared.changed.notify_all();
    }
}

impl Drop for GlpiDouble {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        self.goes_on();
        // Wakes the one who listens.
        let _ = TcpStream::connect(self.address);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(mut stream: TcpStream, shared: &Shared) {
    if shared.away.load(Ordering::SeqCst) {
        return;
    }
    let Some(request) = read(&mut stream) else { return };
    let path = request.target.split('?').next().unwrap_or_default();
    if path.ends_with("/api.php/token") {
        let asked = serde_json::from_slice(&request.body).unwrap_or(Json::Null);
        let answered = lock(&shared.state).gives_token(&asked);
        return write(&mut stream, &answered);
    }
    if ["/", "/Inventory", "/front/inventory.php"].contains(&path) {
        let answered = lock(&shared.state).takes_inventory(&request.headers, &request.body);
        return write(&mut stream, &answered);
    }
    let Some(asked) = request.of_api() else { return };
    let number = shared.calls.fetch_add(1, Ordering::SeqCst) + 1;
    let kind = format!("{} {}", asked.method, asked.path.split('/').next().unwrap_or_default());
    let wrong = {
        let mut wrongs = lock(&shared.wrongs);
        wrongs.iter().position(|(call, _)| *call == kind).map(|at| wrongs.remove(at).1)
    };
    let stall = *lock(&shared.stall);
    let stops = |done| stall == Some((number, done));
    if stops(false) {
        return stop(shared, number);
    }
    match wrong {
        Some(Wrong::Broken) => return write(&mut stream, &Answered::error(500, "ERROR", "Unexpected error")),
        Some(Wrong::Silence(time)) => return thread::sleep(time),
        _ => {}
    }
    let answered = lock(&shared.state).answer(&asked, wrong);
    if stops(true) {
        return stop(shared, number);
    }
    match wrong {
        Some(Wrong::AnswerLost) => {}
        Some(Wrong::BrokenAfter) => write(&mut stream, &Answered::error(500, "ERROR", "Unexpected error")),
        _ => write(&mut stream, &answered),
    }
}

fn stop(shared: &Shared, number: usize) {
    *lock(&shared.stalled) = true;
    shared.changed.notify_all();
    let mut stall = lock(&shared.stall);
    while stall.is_some_and(|(at, _)| at == number) {
        stall = shared.changed.wait(stall).unwrap_or_else(PoisonError::into_inner);
    }
}

fn read(stream: &mut TcpStream) -> Option<Request> {
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        let mut more = [0; 4096];
        let read = stream.read(&mut more).ok().filter(|read| *read > 0)?;
        bytes.extend_from_slice(&more[..read]);
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap_or(0));
    let mut body = bytes.split_off(end);
    while body.len() < length {
        let mut more = [0; 4096];
        let read = stream.read(&mut more).ok().filter(|read| *read > 0)?;
        body.extend_from_slice(&more[..read]);
    }
    Some(Request { method, target, headers, body })
}

impl Request {
    fn of_api(self) -> Option<Asked> {
        let Self { method, target, headers, body } = self;
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let path = path.trim_matches('/').strip_prefix("apirest.php")?.trim_matches('/').to_owned();
        let query = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect();
        Some(Asked { method, path, query, headers, body: serde_json::from_slice(&body).unwrap_or(Json::Null) })
    }
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut out) = (text.bytes(), Vec::new());
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digits: Vec<u8> = bytes.by_ref().take(2).collect();
            out.extend(u8::from_str_radix(&String::from_utf8_lossy(&digits), 16));
        } else {
            out.push(if byte == b'+' { b' ' } else { byte });
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn write(stream: &mut TcpStream, answered: &Answered) {
    let body = answered.body.to_string();
    let range = answered.range.iter().map(|range| format!("Content-Range: {range}\r\n")).collect::<String>();
    let head = format!(
        "HTTP/1.1 {} Said\r\nContent-Type: application/json; charset=UTF-8\r\n{range}Content-Length: {}\r\nConnection: close\r\n\r\n",
        answered.status,
        body.len()
    );
    // Whoever asked may be gone.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}
