//! The gateway: first words of agents against nginx that asks for a password, the processor time that an inventory takes
//! against unpacking, reading and packing it once, and what is kept while GLPI is away.
//!
//! nginx has to be there (Debian's package). It and the gateway ask the same upstream, with the same messages from the same
//! senders, all on this machine.

use std::ffi::OsStr;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_glpi::agent::Packing;
use latchkey_store::Location;
use latchkey_store::enrollment::queue::{self, Load};
use latchkey_tests_support::free_port;
use sha1::{Digest as _, Sha1};

use crate::agents::{CONTACT, INVENTORY, Line, Place, enroll, send};
use crate::house::{House, empty_directory, now};
use crate::nginx::Nginx;
use crate::program::{Server, Usage};
use crate::report::{Bound, Counts, Figure, Report};
use crate::rounds::{Rounds, Turn};
use crate::{Failed, How};

/// Agents that send at once.
const SENDERS: usize = 16;
/// Inventories that the gateway has before its memory is looked at.
const SETTLED: usize = 1_000;
/// What a GLPI says.
const GOOD: &str = r#"{"status":"ok","expiration":24,"tasks":{"inventory":{"server":"glpi","version":"10.0.16"}}}"#;

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    contacts(how, report)?;
    inventories(how, report)?;
    away(how, report)
}

/// First words, through the gateway and through nginx, to the same upstream.
fn contacts(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("enrollment: first words of {SENDERS} agents at once, and the same through nginx with auth_basic");
    let work = empty_directory(&how.work, "enrollment-contacts")?;
    let data_dir = work.join("data");
    let (user, password) = enroll(&House::embedded(&data_dir)?, "Site A", None)?;
    let glpi = upstream(&work, free_port())?;
    let gateway = gateway(&data_dir, glpi.address)?;
    let ours = Place { server: gateway.address, base: "/gateway", user, password };
    let (_nginx, theirs) = nginx(&work, glpi.address)?;
    let during = Duration::from_secs(if how.quick { 1 } else { 5 });
    let all = |place: &Place| (0..SENDERS).map(|number| vec![place.message(number, CONTACT)]).collect::<Vec<_>>();
    let (here, there) = (all(&ours), all(&theirs));
    let a_second = |server: SocketAddr, messages: &[Vec<Vec<u8>>]| -> Result<f64, Failed> {
        let (count, seconds) = send(server, messages, during, usize::MAX)?;
        Ok(count as f64 / seconds)
    };
    a_second(ours.server, &here)?;
    a_second(theirs.server, &there)?;
    let rounds = Rounds::take(
        how.rounds,
        format!("contact messages, {SENDERS} agents"),
        "nginx with auth_basic (SHA) and proxy_pass",
        |turn| match turn {
            Turn::Measured => a_second(ours.server, &here),
            Turn::Against => a_second(theirs.server, &there),
        },
    )?;
    report.add(Figure::ratio("enrollment-contacts", &rounds, "messages/s", Bound::AtLeast(0.7)));
    Ok(())
}

/// The processor time that a whole inventory takes, with another tag and as it is.
fn inventories(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("enrollment: the processor time of an inventory");
    let work = empty_directory(&how.work, "enrollment-inventories")?;
    let data_dir = work.join("data");
    let house = House::embedded(&data_dir)?;
    let (tagged, plain) = (enroll(&house, "Tagged", Some("SITE-B"))?, enroll(&house, "Plain", None)?);
    drop(house);
    let glpi = upstream(&work, free_port())?;
    let gateway = gateway(&data_dir, glpi.address)?;
    let many = if how.quick { 100 } else { 800 };
    let packed = Packing::Zlib.pack(INVENTORY.as_bytes());
    for (name, bound, (user, password), what) in [
        ("enrollment-tagged", 1.5, tagged, "a full inventory with another tag"),
        ("enrollment-untouched", 0.5, plain, "a full inventory as it is"),
    ] {
        let place = Place { server: gateway.address, base: "/gateway", user, password };
        // One at a time on each of two connections: what waiting costs is no work of a message.
        let messages: Vec<_> = (0..2).map(|number| vec![place.message(number, INVENTORY)]).collect();
        for number in 0..2 {
            Line::to(place.server)?.says(&place.message(number, CONTACT))?;
        }
        let here = || -> Result<f64, Failed> {
            let before = gateway.usage()?.processor;
            let (count, _) = send(place.server, &messages, Duration::MAX, many)?;
            Ok((gateway.usage()?.processor - before) * 1e3 / count as f64)
        };
        here()?;
        let rounds = Rounds::take(
            how.rounds,
            what,
            format!("unpacking, reading and packing its {} bytes once", packed.len()),
            |turn| match turn {
                Turn::Measured => here(),
                Turn::Against => once_each(&packed, many),
            },
        )?;
        report.add(Figure::ratio(name, &rounds, "ms of processor time", Bound::AtMost(bound)));
    }
    Ok(())
}

/// The processor time of unpacking, reading and packing a body once, in milliseconds.
fn once_each(packed: &[u8], many: usize) -> Result<f64, Failed> {
    let own = std::process::id();
    let before = Usage::of(own)?.processor;
    for _ in 0..many {
        let body = Packing::Zlib.unpack(packed, 1 << 24).map_err(|_| "the inventory does not unpack")?;
        let read: serde_json::Value = serde_json::from_slice(&body)?;
        let again = Packing::Zlib.pack(&body);
        if read["action"] != "inventory" || again.len() != packed.len() {
            return Err("the inventory is another one".into());
        }
    }
    Ok((Usage::of(own)?.processor - before) * 1e3 / many as f64)
}

/// What is kept while GLPI is away, how fast, and in how much memory; and delivered when it is back.
fn away(how: &How, report: &mut Report) -> Result<(), Failed> {
    let length = if how.quick { 2_000 } else { 20_000 };
    eprintln!("enrollment: {length} full inventories that are kept while GLPI is away");
    let work = empty_directory(&how.work, "enrollment-away")?;
    let data_dir = work.join("data");
    let (user, password) = enroll(&House::embedded(&data_dir)?, "Site A", None)?;
    let port = free_port();
    let server = gateway(&data_dir, SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    let place = Place { server: server.address, base: "/gateway", user, password };
    // Each on each connection in turn, so that no agent waits for itself.
    let own = |sender: usize| (0..16).map(move |turn| sender * 16 + turn);
    for number in (0..SENDERS).flat_map(own) {
        Line::to(place.server)?.says(&place.message(number, CONTACT))?;
    }
    let messages: Vec<Vec<_>> =
        (0..SENDERS).map(|sender| own(sender).map(|number| place.message(number, INVENTORY)).collect()).collect();
    send(place.server, &messages, Duration::MAX, SETTLED)?;
    let settled = server.usage()?.resident;
    let (mut rates, mut most) = (Vec::new(), settled);
    let in_round = (length - SETTLED) / how.rounds as usize;
    for _ in 0..how.rounds {
        let (count, seconds) = send(place.server, &messages, Duration::MAX, in_round)?;
        rates.push(count as f64 / seconds);
        most = most.max(server.usage()?.resident);
    }
    report.add(Figure {
        name: "enrollment-stored",
        what: format!("full inventories stored while GLPI is away, {SENDERS} agents at once, SQLite"),
        against: String::new(),
        values: rates,
        counts: Counts::Median,
        unit: "inventories/s",
        bound: Bound::AtLeast(400.0),
    });
    let kept = load(&data_dir)?;
    let stored = SETTLED + in_round * how.rounds as usize;
    if kept.messages != i64::try_from(stored)? {
        return Err(format!("{} inventories are there of {stored} that were answered", kept.messages).into());
    }
    let (glpi, begun) = (upstream(&work, port)?, Instant::now());
    while load(&data_dir)?.messages > 0 {
        if begun.elapsed() > Duration::from_secs(600) {
            return Err("what was kept is not delivered".into());
        }
        most = most.max(server.usage()?.resident);
        std::thread::sleep(Duration::from_millis(100));
    }
    let seconds = begun.elapsed().as_secs_f64();
    drop(glpi);
    report.add(Figure {
        name: "enrollment-delivered",
        what: format!(
            "of them delivered once GLPI is back, which is noticed within half a minute: {seconds:.1} s for all"
        ),
        against: String::new(),
        values: vec![stored as f64 / seconds],
        counts: Counts::Median,
        unit: "inventories/s",
        bound: Bound::None,
    });
    report.add(Figure {
        name: "enrollment-memory",
        what: format!(
            "resident memory that a queue of {stored} inventories ({:.0} MB) adds to one of {SETTLED}, while it grows and while it is delivered: {settled:.1} to {most:.1} MB",
            kept.bytes as f64 / 1e6
        ),
        against: String::new(),
        values: vec![most - settled],
        counts: Counts::Worst,
        unit: "MB",
        bound: Bound::AtMost(16.0),
    });
    Ok(())
}

/// How much waits.
fn load(data_dir: &Path) -> Result<Load, Failed> {
    Ok(queue::open(&Location::embedded(data_dir), now())?.read(|reader| queue::load(reader))?)
}

/// A GLPI that always says the same, at once.
fn upstream(work: &Path, port: u16) -> Result<Server, Failed> {
    let file = work.join("answer.json");
    std::fs::write(&file, GOOD)?;
    Server::constant_at(&file, port)
}

fn gateway(data_dir: &Path, glpi: SocketAddr) -> Result<Server, Failed> {
    let glpi = format!("http://{glpi}/");
    Server::latchkey(&["--data-dir".as_ref(), data_dir.as_os_str(), "--gateway-upstream".as_ref(), OsStr::new(&glpi)])
}

/// nginx in the gateway's place: it keeps connections to its upstream, too.
fn nginx(work: &Path, glpi: SocketAddr) -> Result<(Nginx, Place), Failed> {
    let (port, root) = (free_port(), work.join("nginx"));
    std::fs::create_dir(&root)?;
    let (user, password) = ("agents".to_owned(), "an enrollment key of 43 characters, or so it".to_owned());
    let digest = BASE64.encode(Sha1::digest(password.as_bytes()));
    std::fs::write(root.join("users"), format!("{user}:{{SHA}}{digest}\n"))?;
    let http = format!(
        "upstream glpi {{ server {glpi}; keepalive 64; keepalive_requests 1000000; }}\n\
         server {{ listen 127.0.0.1:{port}; client_max_body_size 16m; location / {{\n\
         auth_basic \"Latchkey\"; auth_basic_user_file {}/users; proxy_pass http://glpi; proxy_http_version 1.1;\n\
         proxy_set_header Connection \"\"; proxy_set_header Authorization \"\"; proxy_set_header X-Forwarded-For $remote_addr; }} }}",
        root.display()
    );
    let nginx = Nginx::start(&root, &http)?;
    let place = Place { server: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), base: "", user, password };
    let begun = Instant::now();
    while std::net::TcpStream::connect(place.server).is_err() {
        if begun.elapsed() > Duration::from_secs(10) {
            return Err("nginx did not become ready: it has to be installed".into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok((nginx, place))
}
