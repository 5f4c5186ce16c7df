//! Invitations: uses reserved durably by many at once, and a whole registration against the same calls to its GLPI made bare.
//!
//! The GLPI is the tests' double, which answers at once: what is left is what Latchkey adds. A registration is the form that is
//! sent and its answer; the account is there, read back, when that comes.

use std::ffi::OsStr;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use latchkey_domain::accounts::{Credentials, InventoryCredential, Secret};
use latchkey_domain::invitations::Target;
use latchkey_domain::invitations::form::Person;
use latchkey_domain::text::Name;
use latchkey_glpi::accounts::{self as api, NewUser, Right, Session};
use latchkey_key::secret::{ID_BYTES, SECRET_BYTES, SecretKey, SecretKind};
use latchkey_outgoing::{Client, Settings};
use latchkey_server::accounts::{self, Asker, Found};
use latchkey_store::accounts::connections;
use latchkey_store::invitations::keys::{self, Order};
use latchkey_store::invitations::registrations::{self, Applicant};
use latchkey_store::{Actor, Undone};
use latchkey_tests_support::glpi::{GlpiDouble, USER_TOKEN};

use crate::house::{House, empty_directory, now};
use crate::program::Server;
use crate::report::{Bound, Figure, Report};
use crate::rounds::{Rounds, Turn, median};
use crate::{Failed, How};

/// Newcomers at once.
const CALLERS: usize = 64;
/// A password that is strong enough.
const PASSWORD: &str = "Correct-horse 7 battery";
/// How long a lease is held, in milliseconds. No job is made here.
const LEASE: i64 = 25_000;

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    reservations(how, report)?;
    registrations_whole(how, report)
}

fn reservations(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("inviting: {CALLERS} uses reserved at once, and one");
    let house = House::embedded(&empty_directory(&how.work, "reserving")?)?;
    let invitation = invite(&house, None)?.0;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let during = if how.quick { Duration::from_millis(300) } else { Duration::from_secs(3) };
    let numbers = Arc::new(AtomicU64::new(0));
    let round = |callers| runtime.block_on(uses_a_second(&house, &invitation, &numbers, callers, during));
    round(CALLERS)?;
    let rounds =
        Rounds::take(how.rounds, format!("{CALLERS} newcomers"), "one newcomer, one commit each", |turn| match turn {
            Turn::Measured => round(CALLERS),
            Turn::Against => round(1),
        })?;
    report.add(Figure::ratio("reserving", &rounds, "uses/s", Bound::AtLeast(5.0)));
    Ok(())
}

/// Each newcomer takes one use after another, under a login of its own each time.
async fn uses_a_second(
    house: &House,
    invitation: &str,
    numbers: &Arc<AtomicU64>,
    callers: usize,
    during: Duration,
) -> Result<f64, Failed> {
    let begun = Instant::now();
    let all: Vec<_> = (0..callers)
        .map(|_| {
            let (house, invitation, numbers) = (house.clone(), invitation.to_owned(), numbers.clone());
            tokio::spawn(async move {
                let (mut taken, password) = (0_u32, Secret::new(PASSWORD));
                while begun.elapsed() < during {
                    let number = numbers.fetch_add(1, Ordering::Relaxed);
                    let (person, receipt) = (person(&format!("user.{number}")), receipt(number));
                    let (invitation, now) = (invitation.clone(), now());
                    let applicant = Applicant::new(&house.vault, person, &password, &receipt, now)?;
                    let reserve = move |tx: &mut latchkey_store::Tx<'_>| {
                        registrations::reserve(tx, &invitation, &applicant, LEASE).map(drop)
                    };
                    house.store.write(now, reserve).await.map_err(told)?;
                    taken += 1;
                }
                Ok::<_, Failed>(taken)
            })
        })
        .collect();
    let mut taken = 0;
    for caller in all {
        taken += caller.await??;
    }
    Ok(f64::from(taken) / begun.elapsed().as_secs_f64())
}

fn registrations_whole(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("inviting: a whole registration, and the same calls to its GLPI made bare");
    let data_dir = empty_directory(&how.work, "registering")?;
    let glpi = GlpiDouble::start();
    let house = House::embedded(&data_dir)?;
    let asker = Asker::new(client()?, &glpi.url());
    let credentials = Credentials::read(USER_TOKEN, "", "", "").map_err(|refusal| refusal.code())?;
    let found = accounts::check(&asker, &credentials).map_err(|fault| fault.code())?;
    let path = invite(&house, Some((&glpi.url(), &credentials, found)))?.1;
    drop(house);
    let installation =
        [OsStr::new("--data-dir"), data_dir.as_os_str(), OsStr::new("--trusted-proxy"), OsStr::new("127.0.0.1")];
    let server = Server::latchkey(&installation)?;
    let times = if how.quick { 5 } else { 20 };
    let mut number = 0_u32;
    let mut some = |once: &dyn Fn(&str) -> Result<Duration, Failed>| -> Result<f64, Failed> {
        let mut all = Vec::new();
        for _ in 0..times {
            number += 1;
            all.push(once(&format!("newcomer.{number}"))?.as_secs_f64() * 1e3);
        }
        Ok(median(&all))
    };
    let registers = |login: &str| registers(server.address, &path, login);
    let calls = |login: &str| calls(&asker, &credentials, login);
    some(&registers)?;
    some(&calls)?;
    let rounds =
        Rounds::take(how.rounds, "the form sent, until its answer", "the same calls, bare", |turn| match turn {
            Turn::Measured => some(&registers),
            Turn::Against => some(&calls),
        })?;
    report.add(Figure::ratio("registering", &rounds, "ms", Bound::AtMost(2.0)));
    Ok(())
}

/// Sends the form once it was opened, and gives how long its answer took.
fn registers(server: SocketAddr, path: &str, login: &str) -> Result<Duration, Failed> {
    let opened = asks(server, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))?;
    let cookie = between(&opened, "set-cookie: ", ";").ok_or("the invitation does not open")?.to_owned();
    let page =
        asks(server, &format!("GET /join HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"))?;
    let token = between(&page, "name=\"form_token\" value=\"", "\"").ok_or("there is no form")?;
    let password = PASSWORD.replace(' ', "+");
    let body = format!(
        "form_token={token}&firstname=Marie&realname=Curie&email={login}%40example.org&login={login}&password={password}&password2={password}"
    );
    // Of each newcomer the proxy says another address: one alone may not come so often.
    let number: u32 = login.rsplit('.').next().and_then(|number| number.parse().ok()).unwrap_or_default();
    let request = format!(
        "POST /join HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 198.18.{}.{}\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        number / 250 % 250,
        number % 250 + 1,
        body.len()
    );
    let begun = Instant::now();
    let answer = asks(server, &request)?;
    let took = begun.elapsed();
    if !answer.starts_with("HTTP/1.1 303") {
        return Err(format!("no account for {login}: {}", answer.lines().next().unwrap_or_default()).into());
    }
    Ok(took)
}

/// The calls that one account takes where nothing goes wrong, one after the other.
fn calls(asker: &Asker, credentials: &Credentials, login: &str) -> Result<Duration, Failed> {
    let (password, begun) = (Secret::new(PASSWORD), Instant::now());
    let call = || -> Result<(), api::Fault> {
        let session = Session::open(asker, credentials)?;
        let right = Right { profile: 2, entity: 1, recursive: true };
        let email = format!("{login}@example.org");
        let new = NewUser {
            registration: login,
            login,
            firstname: "Marie",
            realname: "Curie",
            email: &email,
            password: &password,
            right: Some(right),
            language: Some("en_GB"),
        };
        let user = api::create(&session, &new)?;
        api::user(&session, user)?;
        api::emails(&session, user)?;
        api::rights(&session, user)?;
        api::groups_of(&session, user)?;
        api::add_group(&session, user, 1)?;
        api::groups_of(&session, user)?;
        api::opens(asker, login, &password, None)?;
        session.close();
        Ok(())
    };
    call().map_err(|fault| format!("a bare call: {}", fault.code()))?;
    Ok(begun.elapsed())
}

/// Makes an invitation that anybody may use; its id, and the path of its URL.
pub(crate) fn invite(house: &House, glpi: Option<(&str, &Credentials, Found)>) -> Result<(String, String), Failed> {
    let name = |text| Name::parse("name", text).map_err(|refusal| refusal.code());
    let target = if glpi.is_some() {
        Target { entity: Some(1), recursive: true, profile: Some(2), groups: vec![1] }
    } else {
        Target::default()
    };
    let order = Order { target, limit: None, ..Order::named(name("Measured")?) };
    let connection = match glpi {
        Some((url, credentials, found)) => Some(connections::Order {
            name: name("main")?,
            url: url.to_owned(),
            credentials: credentials.clone(),
            names: found.names(),
            inventory: InventoryCredential::None,
            report: found.report,
        }),
        None => None,
    };
    let (vault, actor) = (house.vault.clone(), Actor::command_line("bench"));
    let made = house.store.write_blocking(now(), move |tx| {
        if let Some(connection) = &connection {
            connections::add(tx, &vault, connection, &actor)?;
        }
        keys::create(tx, &vault, &order, &actor)
    });
    let made = made.map_err(told)?;
    Ok((made.invitation.id.clone(), format!("/join/{}", made.secret.reveal())))
}

fn person(login: &str) -> Person {
    Person {
        firstname: "Marie".into(),
        realname: "Curie".into(),
        email: format!("{login}@example.org"),
        login: login.to_owned(),
        language: "en".into(),
    }
}

fn receipt(number: u64) -> SecretKey {
    let mut secret = [0; SECRET_BYTES];
    for (to, from) in secret.iter_mut().zip(number.to_be_bytes()) {
        *to = from;
    }
    SecretKey::from_random(SecretKind::Receipt, [0; ID_BYTES], &secret)
}

fn client() -> Result<Client, Failed> {
    let allowed = vec!["127.0.0.0/8".parse().map_err(|_| "a range is none")?];
    Ok(Client::new(&Settings { allowed, roots: Vec::new() }))
}

/// One request on a connection of its own.
fn asks(server: SocketAddr, request: &str) -> Result<String, Failed> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split(after).next()
}

fn told(undone: Undone) -> Failed {
    match undone {
        Undone::Refused(refusal) => format!("refused: {}", refusal.code()).into(),
        Undone::Failed(error) => error.into(),
    }
}
