//! Questions of a GLPI, with many keys in the store: how many a second, how soon, at what cost.
//!
//! The server is the real one in a process of its own; so is the one that it is measured against. Those who ask share
//! the machine's cores with whoever answers, the same for both.

use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::load::{Asking, CONNECTIONS, Order};
use crate::program::{Glpi, Server};
use crate::report::{Bound, Counts, Figure, Report};
use crate::rounds::{Rounds, Turn, median};
use crate::seed::{Seeded, Texts, seeded};
use crate::{Failed, How, house};

/// How long the database has to have been left alone before a measurement that nobody writes.
const QUIET: Duration = Duration::from_secs(3);
/// For how long the server's own work (which comes once an hour) is put off: longer than any run, in milliseconds.
const PUT_OFF: i64 = 2 * latchkey_domain::time::HOUR;

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    let count = if how.quick { 20_000 } else { 1_000_000 };
    eprintln!("info: {count} keys in the store");
    let Seeded { data_dir, keys } = seeded(how, count)?;
    let watch = Watch::over(&data_dir)?;
    watch.put_off_jobs()?;

    let (latchkey, starts) = started(how, &data_dir)?;
    report.add(Figure {
        name: "ready",
        what: format!("from the start of the server to its first 200 from /readyz, {count} keys in the store"),
        against: String::new(),
        values: starts,
        counts: Counts::Worst,
        unit: "s",
        bound: Bound::AtMost(3.0),
    });
    watch.wait_for_quiet()?;
    let (version, written, begun) = (watch.version()?, latchkey.usage()?.written, Instant::now());

    let asking = Asking { server: latchkey.address, keys: keys.clone(), order: Order::EachOnce };
    let cold = asking.each_once()?;
    eprintln!("  each of {} keys was asked about once, {:.0} a second", cold.count, cold.a_second());
    let after_all = latchkey.usage()?;

    let body = house::empty_directory(&how.work, "constant")?.join("body.json");
    std::fs::write(&body, usual_answer(&latchkey, &keys)?)?;
    let length = std::fs::metadata(&body)?.len();
    let constant = Server::constant(&body)?;
    let both = Both { latchkey: &latchkey, constant: &constant, keys: &keys, quick: how.quick };

    let (speed, cost) = both.speed(how.rounds, length)?;
    let saturation = median(&speed.against);
    report.add(Figure::ratio("throughput", &speed, "answers/s", Bound::AtLeast(0.7)));
    report.add(Figure::ratio("processor", &cost, "µs of the server an answer", Bound::None));
    let latency = both.latency(how.rounds, saturation / 2.0)?;
    report.add(Figure::ratio("p99", &latency, "ms", Bound::AtMost(2.0)));

    // The last answer was given before this is read, and a write that it had asked for would be on its way.
    std::thread::sleep(Duration::from_secs(1));
    let end = latchkey.usage()?;
    let commits = watch.version()? - version;
    report.add(Figure {
        name: "writes",
        what: format!(
            "commits to the database a second during all of these answers, none of which waits for one: the latest questions are written down in the background, every other second ({commits} in all; bytes that the server made the system write: {})",
            end.written - written
        ),
        against: String::new(),
        values: vec![commits as f64 / begun.elapsed().as_secs_f64()],
        counts: Counts::Worst,
        unit: "commits/s",
        bound: Bound::AtMost(0.6),
    });
    report.add(Figure {
        name: "memory",
        what: format!(
            "most resident memory of the server by the end ({:.0} MB after each key was asked about once, {:.0} MB at the end)",
            after_all.resident, end.resident
        ),
        against: String::new(),
        values: vec![end.most_resident],
        counts: Counts::Worst,
        unit: "MB",
        bound: Bound::AtMost(600.0),
    });
    report.add(Figure {
        name: "first-answers",
        what: format!("answers a second while none of the {} keys was in memory yet", cold.count),
        against: String::new(),
        values: vec![cold.a_second()],
        counts: Counts::Median,
        unit: "answers/s",
        bound: Bound::None,
    });
    Ok(())
}

/// Starts the server again and again, and keeps the last; gives how long each start took, in seconds.
fn started(how: &How, data_dir: &Path) -> Result<(Server, Vec<f64>), Failed> {
    let installation = [OsStr::new("--data-dir"), data_dir.as_os_str()];
    let mut starts = Vec::new();
    loop {
        let server = Server::latchkey(&installation)?;
        starts.push(server.ready_after.as_secs_f64());
        if starts.len() >= how.rounds as usize {
            return Ok((server, starts));
        }
        server.kill9();
    }
}

/// Of a thousand real answers, one of median length.
fn usual_answer(server: &Server, keys: &Texts) -> Result<Vec<u8>, Failed> {
    let mut glpi = Glpi::at(server.address)?;
    let mut bodies = Vec::new();
    for place in 0..1_000 {
        let key = String::from_utf8(keys.at(place * 997).to_vec())?;
        bodies.push(glpi.hears(&key, |answer| answer.body.to_vec())?);
    }
    bodies.sort_by_key(Vec::len);
    Ok(bodies.swap_remove(bodies.len() / 2))
}

/// The two servers, and who asks them.
struct Both<'b> {
    latchkey: &'b Server,
    constant: &'b Server,
    keys: &'b Texts,
    quick: bool,
}

impl Both<'_> {
    fn server(&self, turn: Turn) -> &Server {
        match turn {
            Turn::Measured => self.latchkey,
            Turn::Against => self.constant,
        }
    }

    /// Keys drawn from all, other ones each time.
    fn asking(&self, turn: Turn, round: u64) -> Asking {
        Asking { server: self.server(turn).address, keys: self.keys.clone(), order: Order::Drawn(round) }
    }

    /// Answers a second, flat out, and what an answer costs the server.
    fn speed(&self, rounds: u32, length: u64) -> Result<(Rounds, Rounds), Failed> {
        let (warm_up, during) = if self.quick { (50, 300) } else { (500, 3_000) };
        let (warm_up, during) = (Duration::from_millis(warm_up), Duration::from_millis(during));
        let mut cost = Rounds {
            what: "latchkey serve".to_owned(),
            against_what: "the constant answer".to_owned(),
            measured: Vec::new(),
            against: Vec::new(),
        };
        let mut round = 0;
        let speed = Rounds::take(
            rounds,
            format!(
                "latchkey serve, {} keys in memory, each bound to a GLPI of its own, drawn from all, {CONNECTIONS} connections",
                self.keys.len()
            ),
            format!("the same axum server, a constant answer of {length} bytes"),
            |turn| {
                round += 1;
                let before = self.server(turn).usage()?.processor;
                let answers = self.asking(turn, round).flat_out(warm_up, during)?;
                let spent = self.server(turn).usage()?.processor - before;
                // The warm-up is paid for, too, at the same rate.
                let all = answers.a_second() * (warm_up + during).as_secs_f64();
                match turn {
                    Turn::Measured => cost.measured.push(spent / all * 1e6),
                    Turn::Against => cost.against.push(spent / all * 1e6),
                }
                Ok(answers.a_second())
            },
        )?;
        Ok((speed, cost))
    }

    /// The 99th percentile at a constant rate, in milliseconds.
    fn latency(&self, rounds: u32, rate: f64) -> Result<Rounds, Failed> {
        let during = Duration::from_millis(if self.quick { 500 } else { 5_000 });
        let mut round = 1 << 32;
        Rounds::take(
            rounds,
            format!("p99 of latchkey serve at {rate:.0} questions/s"),
            "p99 of the constant answer at the same rate",
            |turn| {
                round += 1;
                Ok(self.asking(turn, round).at_rate(rate, during)?.percentile(0.99))
            },
        )
    }
}

/// Sees whether anybody writes to a database.
struct Watch(Connection);

impl Watch {
    fn over(data_dir: &Path) -> Result<Self, Failed> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Self(Connection::open_with_flags(data_dir.join(latchkey_store::SQLITE_FILE), flags)?))
    }

    /// Puts off what the server does by itself, so that whatever is written meanwhile was written for an answer. When an
    /// instance was last seen is written down once an hour, in the background; a house of yesterday would have a million
    /// of these to write at once.
    fn put_off_jobs(&self) -> Result<(), Failed> {
        let until = house::now().plus(PUT_OFF).millis();
        self.0.execute("UPDATE jobs SET run_at = MAX(run_at, ?1) WHERE finished_at IS NULL", [until])?;
        self.0.execute("UPDATE instances SET last_seen = ?1 WHERE last_seen < ?1", [house::now().millis()])?;
        Ok(())
    }

    /// A number that changes with each commit of somebody else.
    fn version(&self) -> Result<i64, Failed> {
        Ok(self.0.query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }

    fn wait_for_quiet(&self) -> Result<(), Failed> {
        let (mut version, mut since) = (self.version()?, Instant::now());
        while since.elapsed() < QUIET {
            std::thread::sleep(Duration::from_millis(100));
            let now = self.version()?;
            if now != version {
                (version, since) = (now, Instant::now());
            }
        }
        Ok(())
    }
}
