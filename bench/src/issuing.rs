//! Issuing keys durably: many callers at once, against one that waits for each commit.
//!
//! Both go through the same store to the same database; a key counts once its commit is on the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::house::{House, empty_directory};
use crate::report::{Bound, Figure, Report};
use crate::rounds::{Rounds, Turn};
use crate::{Failed, How};

/// Callers at once.
const CALLERS: usize = 64;

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("issuing: {CALLERS} callers at once, and one");
    let house = House::embedded(&empty_directory(&how.work, "issuing")?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let during = if how.quick { Duration::from_millis(300) } else { Duration::from_secs(3) };
    let numbers = Arc::new(AtomicU64::new(0));
    let round = |callers: usize| runtime.block_on(keys_a_second(&house, &numbers, callers, during));
    round(CALLERS)?;
    let rounds =
        Rounds::take(how.rounds, format!("{CALLERS} callers"), "one caller, one commit each", |turn| match turn {
            Turn::Measured => round(CALLERS),
            Turn::Against => round(1),
        })?;
    report.add(Figure::ratio("issuing", &rounds, "keys/s", Bound::AtLeast(5.0)));
    Ok(())
}

/// Each caller issues one key after another, each to a customer of its own.
async fn keys_a_second(
    house: &House,
    numbers: &Arc<AtomicU64>,
    callers: usize,
    during: Duration,
) -> Result<f64, Failed> {
    let begun = Instant::now();
    let all: Vec<_> = (0..callers)
        .map(|_| {
            let (house, numbers) = (house.clone(), numbers.clone());
            tokio::spawn(async move {
                let mut issued = 0_u32;
                while begun.elapsed() < during {
                    let number = numbers.fetch_add(1, Ordering::Relaxed);
                    let key = house.issue(format!("Customer {number}"), "basic").await?;
                    // It is signed when it is wanted.
                    std::hint::black_box(key.text.reveal());
                    issued += 1;
                }
                Ok::<_, Failed>(issued)
            })
        })
        .collect();
    let mut issued = 0;
    for caller in all {
        issued += caller.await??;
    }
    Ok(f64::from(issued) / begun.elapsed().as_secs_f64())
}
