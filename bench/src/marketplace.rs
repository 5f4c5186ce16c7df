//! The marketplace: archives against nginx with the same file over TLS, memory while many download, pages of a large catalogue, and
//! everybody who comes back at once after an outage.
//!
//! nginx has to be there (Debian's package). Both servers have the same certificate, and the same client reads from both.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use latchkey_domain::marketplace::{Channel, GlpiRange, PluginKey, PluginVersion, Release};
use latchkey_store::marketplace::{self as store, Order};
use latchkey_store::{Actor, Done};
use latchkey_tests_support::{Process, Program, free_port};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::glpi::{PATH, uid_of};
use crate::house::{House, empty_directory, now};
use crate::nginx::Nginx;
use crate::program::{Server, Usage, latchkey};
use crate::report::{Bound, Counts, Figure, Report};
use crate::rounds::{Rounds, Turn};
use crate::{Failed, How};

/// An archive of this many bytes, but for its few other files.
const ARCHIVE: usize = 10_000_000;
/// Who downloads at once, where throughput counts.
const READERS: usize = 8;
/// Who downloads at once, where memory counts.
const CROWD: usize = 100;
/// Who asks for pages at once.
const ASKERS: usize = 8;
/// Who comes back after an outage, and how many of them are under way at once.
const INSTANCES: usize = 10_000;
const AT_ONCE: usize = 256;

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    archives(how, report)?;
    pages(how, report)?;
    refresh(how, report)
}

/// What a reader needs: the address, the head of the request, and whom to believe.
#[derive(Clone)]
struct Source {
    address: SocketAddr,
    request: Arc<Vec<u8>>,
    tls: Arc<ClientConfig>,
}

fn archives(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("marketplace: archives of {ARCHIVE} bytes over TLS");
    let work = empty_directory(&how.work, "marketplace-archives")?;
    let (certificate, key, tls) = certificate(&work)?;
    let (archive, data_dir) = (packed(&work)?, work.join("data"));
    let issued = issue_one(&data_dir)?;
    published(&data_dir, &archive)?;

    let ours = free_port();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, ours));
    let listening = listen.to_string();
    let arguments: [&OsStr; 8] = [
        "--data-dir".as_ref(),
        data_dir.as_ref(),
        "--tls-cert".as_ref(),
        certificate.as_ref(),
        "--tls-key".as_ref(),
        key.as_ref(),
        "--listen".as_ref(),
        listening.as_ref(),
    ];
    let mut server = Program::new(latchkey()).arg("serve").args(arguments).spawn();
    let uid = String::from_utf8_lossy(&uid_of(issued.as_bytes())).into_owned();
    let head = |path: &str| {
        format!(
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: GLPI/10.0.19\r\nX-Registration-Key: {issued}\r\nX-Glpi-Network-Uid: {uid}\r\n\r\n"
        )
    };
    let source = |address, path: &str| Source { address, request: Arc::new(head(path).into_bytes()), tls: tls.clone() };
    let here = source(listen, "/api/marketplace/archives/bench/bench-1.0.0.tar.gz");
    let (_nginx, there) = nginx(&work, &certificate, &key, &archive)?;
    let there = source(there, "/bench-1.0.0.tar.gz");
    for source in [&here, &there] {
        ready(source, &mut server)?;
    }
    let during = Duration::from_secs(if how.quick { 1 } else { 4 });
    let rounds = Rounds::take(
        how.rounds,
        format!("an archive of 10 MB, {READERS} readers, TLS"),
        "nginx with the same file",
        |turn| match turn {
            Turn::Measured => throughput(&here, during),
            Turn::Against => throughput(&there, during),
        },
    )?;
    report.add(Figure::ratio("archive-throughput", &rounds, "MB/s", Bound::AtLeast(0.6)));

    let before = Usage::of(server.id())?.resident;
    let (most, after) = crowd(&here, server.id())?;
    report.add(Figure {
        name: "archive-memory",
        what: format!("resident memory that {CROWD} slow downloads at once add: from {before:.1} to {most:.1} MB, {after:.1} afterwards"),
        against: String::new(),
        values: vec![most - before],
        counts: Counts::Worst,
        unit: "MB",
        bound: Bound::AtMost(32.0),
    });
    Ok(())
}

/// A certificate for localhost and its key, as files, and whoever believes it.
fn certificate(work: &Path) -> Result<(PathBuf, PathBuf, Arc<ClientConfig>), Failed> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()])?;
    let (certificate, key) = (work.join("certificate.pem"), work.join("key.pem"));
    std::fs::write(&certificate, made.cert.pem())?;
    std::fs::write(&key, made.signing_key.serialize_pem())?;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(made.cert.der().to_vec()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((certificate, key, Arc::new(config)))
}

/// A plugin's archive that does not become smaller by packing.
fn packed(work: &Path) -> Result<PathBuf, Failed> {
    let (folder, archive) = (work.join("bench"), work.join("bench-1.0.0.tar.gz"));
    std::fs::create_dir(&folder)?;
    let setup = "<?php function plugin_version_bench() { return ['name' => 'Bench', 'version' => '1.0.0', \
                 'requirements' => ['glpi' => ['min' => '10.0.0', 'max' => '12.0.0']]]; }";
    std::fs::write(folder.join("setup.php"), setup)?;
    let (mut noise, mut state) = (Vec::with_capacity(ARCHIVE), 1_u64);
    while noise.len() < ARCHIVE {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        noise.extend_from_slice(&(state >> 32).to_le_bytes()[..4]);
    }
    std::fs::write(folder.join("noise"), noise)?;
    let tar = Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(work).arg("bench").status()?;
    if tar.success() { Ok(archive) } else { Err("tar failed".into()) }
}

/// The text of a key, bound to the GLPI that its end names.
fn issue_one(data_dir: &Path) -> Result<String, Failed> {
    let house = House::embedded(data_dir)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let issued = runtime.block_on(house.issue("Bench".to_owned(), "basic"))?;
    let text = issued.text.reveal().to_owned();
    runtime.block_on(house.bind(issued.key.id, house.read(issued.key.id)?, uid_of(text.as_bytes())))?;
    Ok(text)
}

fn published(data_dir: &Path, archive: &Path) -> Result<(), Failed> {
    let ran =
        Command::new(latchkey()).arg("--data-dir").arg(data_dir).args(["plugin", "publish"]).arg(archive).output()?;
    if ran.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&ran.stderr).into_owned().into()) }
}

fn nginx(work: &Path, certificate: &Path, key: &Path, archive: &Path) -> Result<(Nginx, SocketAddr), Failed> {
    let (port, root) = (free_port(), work.join("nginx"));
    std::fs::create_dir(&root)?;
    std::fs::copy(archive, root.join("bench-1.0.0.tar.gz"))?;
    let http = format!(
        "server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {}; ssl_certificate_key {}; ssl_protocols TLSv1.3; root {}; }}",
        certificate.display(),
        key.display(),
        root.display(),
    );
    Ok((Nginx::start(&root, &http)?, SocketAddr::from((Ipv4Addr::LOCALHOST, port))))
}

type Tls = StreamOwned<ClientConnection, TcpStream>;

impl Source {
    fn connect(&self) -> Result<Tls, Failed> {
        let name = ServerName::try_from("localhost")?;
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        Ok(StreamOwned::new(ClientConnection::new(self.tls.clone(), name)?, stream))
    }

    /// One download; how many bytes of it, and after each piece whether to go on.
    fn read(&self, stream: &mut Tls, mut go_on: impl FnMut() -> bool) -> Result<usize, Failed> {
        stream.write_all(&self.request)?;
        let (mut head, mut piece) = (Vec::new(), vec![0; 64 << 10]);
        let (mut left, mut taken) = (None, 0);
        while left != Some(0) {
            let read = stream.read(&mut piece)?;
            if read == 0 {
                return Err("an archive that broke off".into());
            }
            taken += match left {
                Some(rest) => {
                    left = Some(usize::checked_sub(rest, read).ok_or("an archive that is too long")?);
                    read
                }
                None => {
                    head.extend_from_slice(&piece[..read]);
                    let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
                    let text = String::from_utf8_lossy(&head[..end]).to_lowercase();
                    if !text.starts_with("http/1.1 200") {
                        return Err(text.into());
                    }
                    let length = text.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                    let body = head.len() - end - 4;
                    left = Some(usize::checked_sub(length.ok_or("no length")?, body).ok_or("too long")?);
                    body
                }
            };
            if !go_on() {
                break;
            }
        }
        Ok(taken)
    }
}

/// Waits until a server gives the archive, whole.
fn ready(source: &Source, server: &mut Process) -> Result<(), Failed> {
    let begun = Instant::now();
    loop {
        let read = source.connect().and_then(|mut stream| source.read(&mut stream, || true));
        match read {
            Ok(length) if length >= ARCHIVE => return Ok(()),
            Ok(length) => return Err(format!("an archive of {length} bytes").into()),
            Err(error) if begun.elapsed() > Duration::from_secs(20) || !server.is_running() => {
                return Err(format!("{error}\n{}", server.stderr()).into());
            }
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}

/// Megabytes a second, of all readers together.
fn throughput(source: &Source, during: Duration) -> Result<f64, Failed> {
    let (taken, begun) = (AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS)
            .map(|_| {
                scope.spawn(|| -> Result<(), Failed> {
                    let mut stream = source.connect()?;
                    while begun.elapsed() < during {
                        taken.fetch_add(source.read(&mut stream, || begun.elapsed() < during)?, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        readers.into_iter().try_for_each(|reader| reader.join().map_err(|_| "a reader panicked")?)
    })?;
    Ok(taken.into_inner() as f64 / 1e6 / begun.elapsed().as_secs_f64())
}

/// The most resident memory while all download slowly, and what is left of it.
fn crowd(source: &Source, process: u32) -> Result<(f64, f64), Failed> {
    let done = AtomicBool::new(false);
    let most = std::thread::scope(|scope| -> Result<f64, Failed> {
        let watcher = scope.spawn(|| -> Result<f64, Failed> {
            let mut most: f64 = 0.0;
            while !done.load(Ordering::Relaxed) {
                most = most.max(Usage::of(process)?.resident);
                std::thread::sleep(Duration::from_millis(20));
            }
            Ok(most)
        });
        let all: Vec<_> = (0..CROWD)
            .map(|_| {
                scope.spawn(|| -> Result<(), Failed> {
                    let slowly = || {
                        std::thread::sleep(Duration::from_millis(10));
                        true
                    };
                    match source.read(&mut source.connect()?, slowly)? {
                        ARCHIVE.. => Ok(()),
                        less => Err(format!("an archive of {less} bytes").into()),
                    }
                })
            })
            .collect();
        let read: Result<(), Failed> =
            all.into_iter().try_for_each(|reader| reader.join().map_err(|_| "a reader panicked")?);
        done.store(true, Ordering::Relaxed);
        let most = watcher.join().map_err(|_| "the watcher panicked")?;
        read.and(most)
    })?;
    Ok((most, Usage::of(process)?.resident))
}

/// An installation with so many plugins, of so many versions each, and keys; the texts of these.
fn catalogue(data_dir: &Path, plugins: usize, versions: usize, keys: usize) -> Result<Vec<String>, Failed> {
    let house = House::embedded(data_dir)?;
    let runtime = tokio::runtime::Runtime::new()?;
    for first in (0..plugins).step_by(100) {
        let (vault, actor) = (house.vault.clone(), Actor::command_line("bench"));
        let some = first..plugins.min(first + 100);
        let done = house.store.write_blocking(now(), move |tx| -> Done<()> {
            for number in some.clone() {
                for minor in 0..versions {
                    store::publish(tx, &vault, &order(number, minor)?, &actor)?;
                }
            }
            Ok(())
        });
        done.map_err(|undone| format!("{undone:?}"))?;
    }
    runtime.block_on(async {
        let mut texts = Vec::with_capacity(keys);
        let mut waiting = tokio::task::JoinSet::new();
        for number in 0..keys {
            let house = house.clone();
            waiting.spawn(async move {
                let issued = house.issue(format!("Customer {number}"), "basic").await?;
                let text = issued.text.reveal().to_owned();
                house.bind(issued.key.id, house.read(issued.key.id)?, uid_of(text.as_bytes())).await?;
                Ok::<_, Failed>(text)
            });
            if waiting.len() >= AT_ONCE {
                texts.extend(waiting.join_next().await.transpose()?.transpose()?);
            }
        }
        while let Some(text) = waiting.join_next().await {
            texts.push(text??);
        }
        Ok(texts)
    })
}

fn order(number: usize, minor: usize) -> Done<Order> {
    let plugin = format!("p{number:04}");
    let version = PluginVersion::parse(&format!("1.{minor}.0"))?;
    let sheet = serde_json::json!({
        "name": format!("Plugin number {number}"),
        "license": "GPLv3+",
        "homepage": format!("https://plugins.example.org/{plugin}"),
        "descriptions": [{ "language": "en", "short": "What a card says in a line", "long": "And what it says at length. ".repeat(8) }],
        "authors": ["Somebody"],
        "tags": [{ "key": "lab", "language": "en", "word": "Lab" }],
    });
    Ok(Order {
        plugin: PluginKey::parse(&plugin)?,
        name: plugin.clone(),
        sheet: None,
        plain_sheet: sheet.to_string(),
        offers: None,
        release: Release {
            glpi: GlpiRange { min: Some(PluginVersion::parse("10.0.0")?), max: Some(PluginVersion::parse("12.0.0")?) },
            channel: Channel::Stable,
            withdrawn_at: None,
            version,
        },
        packing: "tar.gz".to_owned(),
        digest: format!("{:064x}", number * 1_000 + minor),
        size: 100_000,
    })
}

fn question(path: &str, key: &str, range: &str, then: &str) -> Vec<u8> {
    let uid = String::from_utf8_lossy(&uid_of(key.as_bytes())).into_owned();
    format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: GLPI/10.0.19 (installation-mode:TARBALL)\r\nAccept: application/json\r\n\
         X-Range: {range}\r\nX-Registration-Key: {key}\r\nX-Glpi-Network-Uid: {uid}\r\nConnection: {then}\r\n\r\n"
    )
    .into_bytes()
}

/// The body of an answer with status 200.
fn answered(stream: &mut TcpStream, question: &[u8]) -> Result<Vec<u8>, Failed> {
    stream.write_all(question)?;
    let (mut bytes, mut piece) = (Vec::new(), vec![0; 256 << 10]);
    let (mut whole, mut begins) = (usize::MAX, 0);
    while bytes.len() < whole {
        match stream.read(&mut piece)? {
            0 => return Err("an answer that broke off".into()),
            read => bytes.extend_from_slice(&piece[..read]),
        }
        if whole == usize::MAX
            && let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            if !head.starts_with("http/1.1 200") {
                return Err(head.into());
            }
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            begins = end + 4;
            whole = begins + length.ok_or("an answer without a length")?;
        }
    }
    Ok(bytes.split_off(begins))
}

fn connect(address: SocketAddr) -> Result<TcpStream, Failed> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    Ok(stream)
}

fn pages(how: &How, report: &mut Report) -> Result<(), Failed> {
    let plugins = if how.quick { 1_000 } else { 5_000 };
    eprintln!("marketplace: pages of 200 out of {plugins} plugins with 20 versions each");
    let work = empty_directory(&how.work, "marketplace-pages")?;
    let data_dir = work.join("data");
    let keys = catalogue(&data_dir, plugins, 20, 1)?;
    let key = keys.first().ok_or("no key")?;
    let server = Server::latchkey(&["--data-dir".as_ref(), data_dir.as_os_str()])?;
    let ask =
        |first: usize| question("/api/marketplace/plugins", key, &format!("{first}-{}", first + 199), "keep-alive");
    let begun = Instant::now();
    let body = answered(&mut connect(server.address)?, &ask(0))?;
    let first_page = begun.elapsed().as_secs_f64() * 1e3;
    let file = work.join("page.json");
    std::fs::write(&file, &body)?;
    let constant = Server::constant(&file)?;
    let all: Vec<_> = (0..plugins).step_by(200).map(ask).collect();
    let one = vec![question(PATH, key, "0-199", "keep-alive")];
    let during = Duration::from_secs(if how.quick { 1 } else { 4 });
    let rounds = Rounds::take(
        how.rounds,
        format!("pages of 200 out of {plugins} plugins, 20 versions each, {ASKERS} connections"),
        format!("a constant body of {} bytes", body.len()),
        |turn| match turn {
            Turn::Measured => pages_a_second(server.address, &all, during),
            Turn::Against => pages_a_second(constant.address, &one, during),
        },
    )?;
    report.add(Figure::ratio("catalogue-pages", &rounds, "pages/s", Bound::AtLeast(0.5)));
    report.add(Figure {
        name: "catalogue-first-page",
        what: format!("the first page after the start, which reads {plugins} plugins"),
        against: String::new(),
        values: vec![first_page],
        counts: Counts::Worst,
        unit: "ms",
        bound: Bound::None,
    });
    Ok(())
}

fn pages_a_second(server: SocketAddr, questions: &[Vec<u8>], during: Duration) -> Result<f64, Failed> {
    let (count, begun) = (AtomicUsize::new(0), Instant::now());
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..ASKERS)
            .map(|asker| {
                let (count, begun) = (&count, &begun);
                scope.spawn(move || -> Result<(), Failed> {
                    let mut stream = connect(server)?;
                    for question in questions.iter().cycle().skip(asker) {
                        if begun.elapsed() >= during {
                            break;
                        }
                        if answered(&mut stream, question)?.len() < 3 {
                            return Err("an empty page".into());
                        }
                        count.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok(())
                })
            })
            .collect();
        askers.into_iter().try_for_each(|asker| asker.join().map_err(|_| "an asker panicked")?)
    })?;
    Ok(count.into_inner() as f64 / begun.elapsed().as_secs_f64())
}

/// Each GLPI asks as a stock one does: a connection for each page, until one is empty.
fn refresh(how: &How, report: &mut Report) -> Result<(), Failed> {
    let instances = if how.quick { 500 } else { INSTANCES };
    eprintln!("marketplace: {instances} instances that refresh 200 plugins at once");
    let work = empty_directory(&how.work, "marketplace-refresh")?;
    let data_dir = work.join("data");
    let keys = catalogue(&data_dir, 200, 20, instances)?;
    // A server that has just come back remembers nobody.
    let server = Server::latchkey(&["--data-dir".as_ref(), data_dir.as_os_str()])?;
    let (next, bad, begun) = (AtomicUsize::new(0), AtomicUsize::new(0), Instant::now());
    let first = answered(
        &mut connect(server.address)?,
        &question("/api/marketplace/plugins", keys.first().ok_or("no key")?, "0-199", "close"),
    )?;
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(key) = keys.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let page = |range: &str| {
                        let asked = question("/api/marketplace/plugins", key, range, "close");
                        answered(&mut connect(server.address)?, &asked)
                    };
                    let whole = page("0-199").is_ok_and(|body| body == first);
                    let ended = page("200-399").is_ok_and(|body| body == b"[]");
                    if !(whole && ended) {
                        bad.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    report.add(Figure {
        name: "catalogue-refresh",
        what: format!(
            "of {instances} instances that refresh 200 plugins ({} bytes) at once, {AT_ONCE} under way, those that did not get \
             all of it with 200: {:.1} s for all",
            first.len(),
            begun.elapsed().as_secs_f64()
        ),
        against: String::new(),
        values: vec![bad.into_inner() as f64],
        counts: Counts::Worst,
        unit: "",
        bound: Bound::AtMost(0.0),
    });
    Ok(())
}
