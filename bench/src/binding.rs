//! First questions: many GLPIs at once, each bound durably to its key, against one that waits for each commit. The keys have
//! been read before, as a server does to see that they count.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use latchkey_domain::ids::KeyId;
use latchkey_store::subscriptions::entries::Filled;

use crate::house::{House, empty_directory};
use crate::report::{Bound, Figure, Report};
use crate::rounds::{Rounds, Turn};
use crate::{Failed, How};

/// Callers at once.
const CALLERS: usize = 64;

pub(crate) fn measure(how: &How, report: &mut Report) -> Result<(), Failed> {
    eprintln!("binding: {CALLERS} callers at once, and one");
    let house = House::embedded(&empty_directory(&how.work, "binding")?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let (many, few) = if how.quick { (400, 40) } else { (6_000, 600) };
    let customers = Arc::new(AtomicUsize::new(0));
    let round = |callers: usize, bindings: usize| {
        let keys = runtime.block_on(issue(&house, &customers, bindings))?;
        let read = keys.into_iter().map(|key| Ok((key, house.read(key)?)));
        let keys = Arc::new(read.collect::<Result<Vec<_>, Failed>>()?);
        runtime.block_on(bindings_a_second(&house, &keys, callers))
    };
    round(CALLERS, many)?;
    let rounds =
        Rounds::take(how.rounds, format!("{CALLERS} callers"), "one caller, one commit each", |turn| match turn {
            Turn::Measured => round(CALLERS, many),
            Turn::Against => round(1, few),
        })?;
    report.add(Figure::ratio("binding", &rounds, "first questions/s", Bound::AtLeast(5.0)));
    Ok(())
}

/// Keys that nobody has asked about, each of a customer of its own.
async fn issue(house: &House, customers: &Arc<AtomicUsize>, count: usize) -> Result<Vec<KeyId>, Failed> {
    let wanted = Arc::new(AtomicUsize::new(count));
    let all: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (house, customers, wanted) = (house.clone(), customers.clone(), wanted.clone());
            tokio::spawn(async move {
                let mut keys = Vec::new();
                while wanted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                    let number = customers.fetch_add(1, Ordering::Relaxed);
                    keys.push(house.issue(format!("Customer {number}"), "basic").await?.key.id);
                }
                Ok::<_, Failed>(keys)
            })
        })
        .collect();
    let mut keys = Vec::with_capacity(count);
    for caller in all {
        keys.extend(caller.await??);
    }
    Ok(keys)
}

async fn bindings_a_second(house: &House, keys: &Arc<Vec<(KeyId, Filled)>>, callers: usize) -> Result<f64, Failed> {
    let (begun, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let all: Vec<_> = (0..callers)
        .map(|_| {
            let (house, keys, next) = (house.clone(), keys.clone(), next.clone());
            tokio::spawn(async move {
                while let Some((key, read)) = keys.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut uid = [b'0'; 40];
                    key.0.simple().encode_lower(&mut uid);
                    house.bind(*key, read.clone(), uid).await?;
                }
                Ok::<_, Failed>(())
            })
        })
        .collect();
    for caller in all {
        caller.await??;
    }
    Ok(keys.len() as f64 / begun.elapsed().as_secs_f64())
}
