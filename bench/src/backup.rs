//! A backup while everybody asks: how much longer the slowest answers take meanwhile.
//!
//! The machine's cores are shared by whoever answers, whoever asks, and the backup, which is a process of its own.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use latchkey_tests_support::{Process, Program};

use crate::load::{Asking, CONNECTIONS, Order};
use crate::program::{Server, latchkey};
use crate::report::{Bound, Counts, Figure, Report};
use crate::rounds::{Rounds, Turn};
use crate::seed::{Seeded, seeded};
use crate::{Failed, How, house};

/// How long a backup may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    let count = if how.quick { 20_000 } else { 1_000_000 };
    eprintln!("backup: {count} keys in the store");
    let Seeded { data_dir, keys } = seeded(how, count)?;
    let to = house::empty_directory(&how.work, "backups")?;
    let server = Server::latchkey(&[OsStr::new("--data-dir"), data_dir.as_os_str()])?;
    Asking { server: server.address, keys: keys.clone(), order: Order::EachOnce }.each_once()?;

    let (warm_up, during) = if how.quick { (50, 300) } else { (500, 5_000) };
    let (warm_up, during) = (Duration::from_millis(warm_up), Duration::from_millis(during));
    let mut answered = Rounds {
        what: "answers during a backup".to_owned(),
        against_what: "answers without one".to_owned(),
        measured: Vec::new(),
        against: Vec::new(),
    };
    let mut round = 1 << 40;
    let slowest = Rounds::take(
        how.rounds,
        format!(
            "p99 of latchkey serve at full load ({CONNECTIONS} connections that ask without a pause) during a backup of {count} keys"
        ),
        "the same without a backup",
        |turn| {
            round += 1;
            let asking = Asking { server: server.address, keys: keys.clone(), order: Order::Drawn(round) };
            let ask = || asking.flat_out(warm_up, during);
            let mut answers = match turn {
                Turn::Against => ask(),
                Turn::Measured => beside_backups(&data_dir, &to, ask),
            }?;
            match turn {
                Turn::Measured => answered.measured.push(answers.a_second()),
                Turn::Against => answered.against.push(answers.a_second()),
            }
            Ok(answers.percentile(0.99))
        },
    )?;
    report.add(Figure::ratio("backup-p99", &slowest, "ms", Bound::AtMost(3.0)));
    report.add(Figure::ratio("backup-throughput", &answered, "answers/s", Bound::None));

    let begun = Instant::now();
    finish(backup(&data_dir, &to.join("alone")))?;
    report.add(Figure {
        name: "backup",
        what: format!("a whole backup of {count} keys, nobody asking"),
        against: String::new(),
        values: vec![begun.elapsed().as_secs_f64()],
        counts: Counts::Worst,
        unit: "s",
        bound: Bound::None,
    });
    std::fs::remove_dir_all(&to)?;
    Ok(())
}

/// Does something while there is a backup under way at every moment.
fn beside_backups<T>(data_dir: &Path, to: &Path, what: impl FnOnce() -> Result<T, Failed>) -> Result<T, Failed> {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let backups = scope.spawn(|| -> Result<(), Failed> {
            for number in 0.. {
                let file = to.join(format!("{number}"));
                let mut backup = backup(data_dir, &file);
                while backup.is_running() && !done.load(Ordering::Relaxed) {
                    std::thread::sleep(Duration::from_millis(5));
                }
                if backup.is_running() {
                    // It was beside all that was measured; its end is of no more use.
                    backup.kill9();
                    break;
                }
                finish(backup)?;
                std::fs::remove_file(&file)?;
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
            Ok(())
        });
        let outcome = what();
        done.store(true, Ordering::Relaxed);
        backups.join().unwrap_or_else(|_| Err("whoever made backups panicked".into()))?;
        outcome
    })
}

fn backup(data_dir: &Path, file: &Path) -> Process {
    Program::new(latchkey()).args(["--quiet", "backup", "--to"]).arg(file).arg("--data-dir").arg(data_dir).spawn()
}

fn finish(mut backup: Process) -> Result<(), Failed> {
    if backup.wait(PATIENCE).success() {
        Ok(())
    } else {
        Err(format!("no backup was made:\n{}", backup.stderr()).into())
    }
}
