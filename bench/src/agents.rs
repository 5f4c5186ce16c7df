//! Agents as a server sees them, and as light as they can be: what was captured from real ones, written once and sent again and
//! again, on connections that stay open.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use latchkey_domain::enrollment::{Policy, Tag};
use latchkey_domain::text::Name;
use latchkey_glpi::agent::{Packing, check};
use latchkey_store::enrollment::keys::{self, MAIN, Order};
use latchkey_store::{Actor, Undone};

use crate::Failed;
use crate::glpi::Answer;
use crate::house::{House, now};

/// A machine that has been seen says this.
pub(crate) const CONTACT: &str = include_str!("../../tests/fixtures/agent/contact.json");
/// What it brings.
pub(crate) const INVENTORY: &str = include_str!("../../tests/fixtures/agent/inventory-full.json");
/// The machine of both.
const DEVICE: &str = "front-desk-01-2026-11-22-02-29-13";
/// Where agents are told to send it.
const PATH: &str = "/front/inventory.php";

/// A server with a key, as agents are told of it.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) server: SocketAddr,
    /// What stands before the path that GLPI has.
    pub(crate) base: &'static str,
    pub(crate) user: String,
    pub(crate) password: String,
}

impl Place {
    /// A message of the machine of this number, as it goes over the network.
    pub(crate) fn message(&self, number: usize, text: &str) -> Vec<u8> {
        let text = text.replace(DEVICE, &format!("machine-{number}-2026-11-22-02-29-13"));
        let body = Packing::Zlib.pack(text.as_bytes());
        let head = format!(
            "POST {}{PATH} HTTP/1.1\r\nHost: {}\r\nUser-Agent: GLPI-Agent_v1.12-dev\r\nContent-Type: application/x-compress-zlib\r\n\
             GLPI-Agent-ID: 81f19132-e61c-11f1-ade9-{number:012x}\r\nAuthorization: {}\r\nContent-Length: {}\r\n\r\n",
            self.base,
            self.server,
            check::basic(&self.user, &self.password),
            body.len()
        );
        [head.into_bytes(), body].concat()
    }
}

/// Makes a key that lets everybody in, and sets this tag.
pub(crate) fn enroll(house: &House, name: &str, tag: Option<&str>) -> Result<(String, String), Failed> {
    let code = |refusal: latchkey_domain::Refusal| refusal.code();
    let policy = Policy {
        glpi: MAIN.to_owned(),
        tag: tag.map(Tag::parse).transpose().map_err(code)?,
        agent_limit: None,
        networks: Vec::new(),
        approves: true,
    };
    let order = Order { name: Name::parse("name", name).map_err(code)?, policy, days: None };
    let (vault, actor) = (house.vault.clone(), Actor::command_line("bench"));
    let made = house.store.write_blocking(now(), move |tx| keys::create(tx, &vault, &order, &actor));
    let made = made.map_err(|undone| match undone {
        Undone::Refused(refusal) => Failed::from(refusal.code()),
        Undone::Failed(error) => error.into(),
    })?;
    Ok((made.key.id, made.text.reveal().to_owned()))
}

/// A connection of an agent.
pub(crate) struct Line {
    stream: TcpStream,
    heard: Vec<u8>,
}

impl Line {
    pub(crate) fn to(server: SocketAddr) -> Result<Self, Failed> {
        let stream = TcpStream::connect(server)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream, heard: Vec::with_capacity(4_096) })
    }

    /// Sends a message; whatever is not GLPI's "ok", or that of the gateway in its place, ends the measurement.
    pub(crate) fn says(&mut self, message: &[u8]) -> Result<(), Failed> {
        self.stream.write_all(message)?;
        self.heard.clear();
        let mut piece = [0; 4_096];
        loop {
            match self.stream.read(&mut piece)? {
                0 => return Err("a server closed the connection".into()),
                read => self.heard.extend_from_slice(&piece[..read]),
            }
            let Some(answer) = Answer::read(&self.heard)? else { continue };
            let plain = Packing::of(answer.body).unpack(answer.body, 1 << 20).unwrap_or_default();
            if answer.status() != b"200" || !String::from_utf8_lossy(&plain).contains("\"ok\"") {
                return Err(format!("not the answer that is measured: {}", answer.shown()).into());
            }
            return Ok(());
        }
    }
}

/// Lets many send at once, each on a connection of its own: `messages` has what each of them sends, one after the other, again
/// and again. Ends after so long, or after so many messages. How many were answered, and in how many seconds.
pub(crate) fn send(
    server: SocketAddr,
    messages: &[Vec<Vec<u8>>],
    during: Duration,
    most: usize,
) -> Result<(usize, f64), Failed> {
    let (taken, done, begun) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        let senders: Vec<_> = messages
            .iter()
            .map(|own| {
                scope.spawn(|| -> Result<(), Failed> {
                    let mut line = Line::to(server)?;
                    for message in own.iter().cycle() {
                        if begun.elapsed() >= during || taken.fetch_add(1, Ordering::Relaxed) >= most {
                            break;
                        }
                        line.says(message)?;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        senders.into_iter().try_for_each(|sender| sender.join().map_err(|_| "a sender panicked")?)
    })?;
    Ok((done.into_inner(), begun.elapsed().as_secs_f64()))
}
