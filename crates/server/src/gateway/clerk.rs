//! Writes down what was noted while messages came, and looks after the queue's bounds.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use latchkey_domain::time::Timestamp;
use latchkey_store::enrollment::{agents, hours, queue};
use latchkey_store::{StoreError, Undone};

use crate::app::App;

/// How often.
const EVERY: Duration = Duration::from_secs(1);
/// With every so manieth time, the queue is looked at.
const QUEUE_EVERY: u32 = 30;
/// Agents in one change.
const AGENTS_AT_ONCE: usize = 200;

/// The thread that writes.
pub(crate) struct Clerk {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Clerk {
    pub(crate) fn start(app: App) -> Result<Self, StoreError> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("gateway".into())
            .spawn(move || {
                let mut times = 0_u32;
                while matches!(stopped.recv_timeout(EVERY), Err(RecvTimeoutError::Timeout)) {
                    if let Ok(now) = app.now() {
                        write_down(&app, now);
                        if times.is_multiple_of(QUEUE_EVERY) {
                            look_after(&app, now);
                        }
                    }
                    times = times.wrapping_add(1);
                }
                if let Ok(now) = app.now() {
                    write_down(&app, now);
                }
            })
            .map_err(|error| StoreError::Bug(error.to_string()))?;
        Ok(Self { stop, thread })
    }

    /// Writes down the rest and ends.
    pub(crate) fn stop(self) {
        drop(self.stop);
        if self.thread.join().is_err() {
            tracing::error!("the gateway's clerk panicked");
        }
    }
}

fn write_down(app: &App, now: Timestamp) {
    let noted = app.gateway.roll.take_noted();
    for some in noted.chunks(AGENTS_AT_ONCE) {
        let seen = some.to_vec();
        if let Err(undone) = app.store.write_blocking(now, move |tx| agents::seen(tx, &seen)) {
            app.gateway.roll.give_back(some.iter().map(|seen| seen.id));
            tracing::debug!(?undone, "when agents came is written down later");
        }
    }
    let counts = app.gateway.tally.take_new();
    if !counts.is_empty()
        && let Err(undone) = app.store.write_blocking(now, move |tx| hours::count(tx, now, &counts))
    {
        tracing::debug!(?undone, "messages of agents were not counted");
    }
}

fn look_after(app: &App, now: Timestamp) {
    let bounds = app.gateway.bounds;
    let Ok(load) = app.gateway.queue.ask(|reader| queue::load(reader)) else { return };
    let oldest = load.oldest_at.map_or(0, |at| now.since(at));
    if load.bytes > bounds.bytes / 2 || oldest > bounds.age / 2 {
        tracing::error!(
            messages = load.messages,
            bytes = load.bytes,
            most_bytes = bounds.bytes,
            oldest_hours = oldest / latchkey_domain::time::HOUR,
            most_hours = bounds.age / latchkey_domain::time::HOUR,
            "ALARM: the queue of inventories is more than half full; when it is full, the oldest that can be spared are dropped"
        );
    }
    if load.messages == 0 {
        return;
    }
    loop {
        match app.gateway.queue.write_blocking(now, move |tx| queue::expire(tx, bounds)) {
            Ok(gone) if gone.is_empty() => return,
            Ok(gone) => {
                tracing::error!(messages = gone.len(), "ALARM: messages waited for too long and were dropped");
                if gone.len() < queue::AT_ONCE as usize {
                    return;
                }
            }
            Err(Undone::Failed(error)) => {
                tracing::warn!(%error, "the queue was not looked after");
                return;
            }
            Err(Undone::Refused(_)) => return,
        }
    }
}
