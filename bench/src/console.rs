//! Pages of the console with many customers and keys: how long each takes on the server.
//!
//! The server is the real one in a process of its own. An operator signs in as a browser does and asks for one page after
//! another; each time is from the request to the whole answer on loopback, its session, the database and the page
//! included. Of a page's times the median counts, and of all lists' medians the worst.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use latchkey_domain::operators::{Email, Password, Role};
use latchkey_domain::subscriptions::{Term, Unit};
use latchkey_domain::text::Reason;
use latchkey_domain::time::{DAY, Zone};
use latchkey_store::operators::passwords::PasswordHash;
use latchkey_store::subscriptions::keys::{self, Order};
use latchkey_store::subscriptions::subscriptions;
use latchkey_store::{Actor, SCHEMA, operators};
use latchkey_tests_support::http::Request;

use crate::house::{House, empty_directory, now};
use crate::program::Server;
use crate::report::{Bound, Counts, Figure, Report};
use crate::{Failed, How};

const EMAIL: &str = "bench@example.org";
const PASSWORD: &str = "a sentence for the bench alone";
const OFFERS: [&str; 5] = ["basic", "standard", "advanced", "free", "basic"];
/// Changes that wait for one commit.
const AT_ONCE: usize = 256;

/// Lists with what they may be asked for: usual and rare filters, each way to sort, and pages that are far in.
const LISTS: [&str; 25] = [
    "/console/customers",
    "/console/customers?q=number+99",
    "/console/customers?q=nobody",
    "/console/customers?state=suspended",
    "/console/customers?sort=known",
    "/console/subscriptions",
    "/console/subscriptions?sort=end",
    "/console/subscriptions?sort=customer",
    "/console/subscriptions?state=suspended",
    "/console/subscriptions?state=scheduled",
    "/console/subscriptions?state=running&offer=free&sort=end",
    "/console/subscriptions?customer=number+99",
    "/console/keys",
    "/console/keys?sort=end",
    "/console/keys?sort=customer&order=desc",
    "/console/keys?state=revoked",
    "/console/keys?state=superseded",
    "/console/keys?state=working&subscription_state=running&sort=end",
    "/console/keys?subscription_state=grace",
    "/console/keys?subscription_state=suspended&sort=customer",
    "/console/keys?offer=advanced&sort=end",
    "/console/keys?customer=number+99",
    "/console/audit",
    "/console/audit?action=key.revoke",
    "/console/questions",
];

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    let customers = if how.quick { 200 } else { 10_000 };
    let keys = customers * 10;
    eprintln!("console: {customers} customers, {keys} keys");
    let data_dir = seeded(how, customers)?;
    let server = Server::latchkey(&[OsStr::new("--data-dir"), data_dir.as_os_str()])?;
    let cookie = signed_in(&server)?;
    let times = how.rounds.max(5) * if how.quick { 1 } else { 3 };
    let open = |path: &str| median_of(&server, &cookie, path, times);

    let dashboard = open("/console/dashboard")?;
    let mut medians = Vec::new();
    let mut slowest = (0.0, String::new());
    for path in LISTS {
        let mut paths = vec![path.to_owned()];
        paths.extend(next_page(&server, &cookie, path)?);
        for path in paths {
            let median = open(&path)?;
            eprintln!("  {median:6.1} ms {path:.120}");
            if median > slowest.0 {
                slowest = (median, path);
            }
            medians.push(median);
        }
    }
    let figure = |name, what: String, values, most| Figure {
        name,
        what,
        against: String::new(),
        values,
        counts: Counts::Worst,
        unit: "ms",
        bound: Bound::AtMost(most),
    };
    let among = format!("{customers} customers and {keys} keys");
    report.add(figure(
        "console-list",
        format!("the slowest of {} list pages by its median of {times}, {among}: {:.100}", medians.len(), slowest.1),
        medians,
        100.0,
    ));
    report.add(figure(
        "console-dashboard",
        format!("the dashboard, its median of {times}, {among}"),
        vec![dashboard],
        150.0,
    ));
    Ok(())
}

/// The median time of a page, in milliseconds.
fn median_of(server: &Server, cookie: &str, path: &str, times: u32) -> Result<f64, Failed> {
    let mut all = Vec::new();
    for _ in 0..times {
        let request = Request::get(path).header("Cookie", cookie).timeout(Duration::from_secs(30));
        let begun = Instant::now();
        let response = request.send(server.address);
        all.push(begun.elapsed().as_secs_f64() * 1e3);
        if response.status != 200 {
            return Err(format!("{path} was answered with {}", response.status).into());
        }
    }
    Ok(crate::rounds::median(&all))
}

/// The address of the page after this one, if there is one.
fn next_page(server: &Server, cookie: &str, path: &str) -> Result<Option<String>, Failed> {
    let page = Request::get(path).header("Cookie", cookie).send(server.address).text();
    let Some((before, _)) = page.split_once("\" rel=\"next\"") else { return Ok(None) };
    let href = before.rsplit_once("href=\"").ok_or("a link without an address")?.1;
    Ok(Some(href.replace("&#38;", "&").replace("&amp;", "&")))
}

/// Signs in as a browser does; gives the cookie.
fn signed_in(server: &Server) -> Result<String, Failed> {
    let body =
        format!("email={}&password={}&next=%2Fconsole%2F", EMAIL.replace('@', "%40"), PASSWORD.replace(' ', "+"));
    let response = Request::post("/console/login")
        .header("Origin", &format!("http://{}", server.address))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .timeout(Duration::from_secs(30))
        .body(body)
        .send(server.address);
    let cookie = response.header("set-cookie").ok_or_else(|| format!("nobody was signed in: {}", response.status))?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Finds the house of an earlier run, or makes it.
fn seeded(how: &How, customers: usize) -> Result<std::path::PathBuf, Failed> {
    let name = format!("console-{customers}");
    let kept = how.work.join(&name);
    let mark = format!("schema {SCHEMA}, {customers} customers\n");
    if std::fs::read_to_string(kept.join("seeded")).is_ok_and(|found| found == mark) {
        return Ok(kept.canonicalize()?);
    }
    let data_dir = empty_directory(&how.work, &name)?;
    let house = House::embedded(&data_dir)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(fill(&house, customers))?;
    std::fs::write(data_dir.join("seeded"), mark)?;
    Ok(data_dir)
}

/// Five subscriptions to each customer, begun over the last fourteen months, two keys to each; some revoked, some replaced,
/// some suspended, some terminated.
async fn fill(house: &House, customers: usize) -> Result<(), Failed> {
    let actor = Actor::command_line("bench");
    let (email, hash) =
        (Email::parse(EMAIL).map_err(|refusal| refusal.code())?, PasswordHash::of(&Password::typed(PASSWORD))?);
    let by = actor.clone();
    let added = house.store.write(now(), move |tx| operators::add(tx, &email, Role::Owner, Some(&hash), &by));
    added.await.map_err(|undone| format!("{undone:?}"))?;
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..customers {
        while waiting.len() >= AT_ONCE {
            waiting.join_next().await.ok_or("nothing waits")???;
        }
        let (house, actor) = (house.clone(), actor.clone());
        waiting.spawn(async move { one(&house, &actor, number).await });
    }
    while let Some(done) = waiting.join_next().await {
        done??;
    }
    Ok(())
}

async fn one(house: &House, actor: &Actor, number: usize) -> Result<(), Failed> {
    let (vault, by) = (house.vault.clone(), actor.clone());
    let customer = format!("Customer number {number:05} of the bench");
    let done = house.store.write(now(), move |tx| {
        let (zone, why) = (Zone::utc(), Reason::parse("measured")?);
        let today = zone.date_of(tx.now());
        for (at, offer) in OFFERS.into_iter().enumerate() {
            // Spread by a stride that meets every day.
            let days_ago = i64::try_from((number * 7 + at * 83) % 430).unwrap_or_default() - 5;
            let begins = zone.date_of(zone.start_of(today).plus(-days_ago * DAY + DAY / 2));
            let term = Some(Term::new(1, Unit::Years)?);
            let order = Order { customer: customer.clone(), offer: offer.to_owned(), begins: Some(begins), term };
            let first = keys::issue(tx, &vault, &order, &zone, &by)?;
            match (number * 5 + at) % 100 {
                0 => {
                    keys::revoke(tx, first.key.id, &by, &why)?;
                    keys::issue(tx, &vault, &order, &zone, &by)?;
                }
                1 | 2 => {
                    keys::reissue(tx, &vault, first.key.id, 0, &zone, &by, None)?;
                }
                3 => {
                    keys::issue(tx, &vault, &order, &zone, &by)?;
                    subscriptions::suspend(tx, first.subscription.id, &by, &why)?;
                }
                4 | 5 => {
                    keys::issue(tx, &vault, &order, &zone, &by)?;
                    subscriptions::terminate(tx, first.subscription.id, &by, &why)?;
                }
                _ => {
                    keys::issue(tx, &vault, &order, &zone, &by)?;
                }
            }
        }
        Ok(())
    });
    done.await.map_err(|undone| format!("{undone:?}").into())
}
