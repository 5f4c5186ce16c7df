//! Delivers what GLPI could not take, in order for each agent, and goes easy on a GLPI that is away.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use latchkey_domain::time::{MINUTE, Millis, Timestamp};
use latchkey_glpi::agent::{What, answer};
use latchkey_store::enrollment::queue::{self, Leased};
use latchkey_store::{Store, StoreError, Undone};
use tokio::sync::watch;

use super::forward::{Glpi, Head, Outcome};
use super::{Gateway, tally};
use crate::app::App;

/// Messages of one GLPI that are under way at once.
const AT_ONCE: usize = 4;
/// How often it is looked whether something is due.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a delivery may take beyond the time that GLPI has, before somebody else may take it up, in milliseconds.
const LEASE: Millis = 10_000;
/// How long a message waits after it was not taken, at first; twice as long each time, up to the longest. In milliseconds.
const PAUSE: Millis = 5_000;
const LONGEST_PAUSE: Millis = 5 * MINUTE;

impl Gateway {
    /// Starts to deliver, until told to stop; to GLPIs that become known meanwhile, too.
    pub(crate) fn deliver(&self, app: &App, stopped: &watch::Receiver<bool>) {
        let (app, mut stopped) = (app.clone(), stopped.clone());
        tokio::spawn(async move {
            let mut served: Vec<Arc<Glpi>> = Vec::new();
            loop {
                let all = app.gateway.glpis.all();
                served.retain(|glpi| all.iter().any(|(_, known)| Arc::ptr_eq(known, glpi)));
                for (name, glpi) in all {
                    if !served.iter().any(|known| Arc::ptr_eq(known, &glpi)) {
                        send_couriers(&app, &name, &glpi, &stopped);
                        if glpi.was_away() {
                            app.gateway.glpi_is_back(&app, &name);
                        }
                        served.push(glpi);
                    }
                }
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    _ = stopped.wait_for(|stop| *stop) => return,
                }
            }
        });
    }

    /// Whatever waits for this GLPI is tried now.
    pub(super) fn glpi_is_back(&self, app: &App, name: &str) {
        let (gateway, app, name) = (self.clone(), app.clone(), name.to_owned());
        tokio::spawn(async move {
            let now = app.clock.wall();
            match gateway.queue.write(now, move |tx| queue::hurry(tx, &name)).await {
                Ok(0) => {}
                Ok(agents) => tracing::info!(agents, "what was kept for GLPI is delivered"),
                Err(undone) => tracing::warn!(?undone, "what was kept for GLPI is delivered a little later"),
            }
            gateway.wake.notify_waiters();
        });
    }
}

fn send_couriers(app: &App, name: &str, glpi: &Arc<Glpi>, stopped: &watch::Receiver<bool>) {
    for _ in 0..AT_ONCE {
        let courier = Courier { app: app.clone(), glpi: glpi.clone(), name: name.to_owned() };
        let mut stopped = stopped.clone();
        tokio::spawn(async move {
            tokio::select! {
                () = courier.work() => {}
                // A delivery that is cut short is made again: its message is still there.
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        });
    }
}

struct Courier {
    app: App,
    glpi: Arc<Glpi>,
    name: String,
}

impl Courier {
    /// Until its GLPI is no longer the one of its name.
    async fn work(&self) {
        while self.app.gateway.glpi(&self.name).is_some_and(|now| Arc::ptr_eq(&now, &self.glpi)) {
            match self.once().await {
                Ok(true) => {}
                Ok(false) => self.rest().await,
                Err(error) => {
                    tracing::warn!(%error, "what was kept for GLPI has to wait for the database");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    async fn rest(&self) {
        let woken = self.app.gateway.wake.notified();
        // Nothing depends on being woken: it only comes sooner.
        let _ = tokio::time::timeout(LOOK_EVERY, woken).await;
    }

    /// Delivers one message; false where there is none to deliver now.
    async fn once(&self) -> Result<bool, StoreError> {
        if self.glpi.rests() || !self.is_due().await? {
            return Ok(false);
        }
        let name = self.name.clone();
        let time = i64::try_from(self.app.gateway.upstream_time.as_millis()).unwrap_or(MINUTE);
        let Some(leased) = self.write(move |tx| queue::take(tx, &name, time + LEASE)).await? else { return Ok(false) };
        let Some(head) = Head::stored(&leased.head) else {
            self.bury(leased, "what was kept does not read".to_owned()).await?;
            return Ok(true);
        };
        let what = what(&leased);
        let (outcome, is_back) = self.glpi.send(what, &head, Bytes::from(leased.body.clone())).await;
        match outcome {
            Outcome::Answered(..) => {
                let ours = self.write(move |tx| queue::delivered(tx, &leased)).await?;
                if ours {
                    self.app.gateway.tally.count(what.name(), tally::DELIVERED);
                }
                if is_back {
                    self.app.gateway.glpi_is_back(&self.app, &self.name);
                }
            }
            Outcome::Never(answer) => {
                let said = answer::heard(&answer.body).body;
                let said: String =
                    String::from_utf8_lossy(&said).chars().filter(|c| !c.is_control()).take(300).collect();
                self.bury(leased, format!("GLPI answered with status {}: {said}", answer.status)).await?;
            }
            Outcome::NotNow(why) => {
                let doublings = u32::try_from(leased.message.attempts.clamp(1, 7) - 1).unwrap_or_default();
                let pause = (PAUSE << doublings).min(LONGEST_PAUSE);
                let run_at = self.app.clock.wall().plus(pause);
                self.write(move |tx| queue::put_back(tx, &leased, run_at, &why)).await?;
            }
        }
        Ok(true)
    }

    async fn bury(&self, leased: Leased, why: String) -> Result<(), StoreError> {
        tracing::error!(
            message = leased.message.number,
            device = leased.message.device,
            why,
            "ALARM: GLPI refuses a message that was kept for it; it is among the dead letters: latchkey queue show --dead"
        );
        self.app.gateway.tally.count(what(&leased).name(), tally::DECLINED);
        self.write(move |tx| queue::bury(tx, &leased, &why)).await.map(drop)
    }

    async fn is_due(&self) -> Result<bool, StoreError> {
        let (queue, name, now) = (self.queue().clone(), self.name.clone(), self.now());
        let due = tokio::task::spawn_blocking(move || queue.ask(|reader| queue::due(reader, &name, now))).await;
        due.unwrap_or_else(|error| Err(StoreError::Bug(error.to_string())))
    }

    async fn write<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut latchkey_store::Tx<'_>) -> latchkey_store::Done<T> + Send + 'static,
    {
        self.queue().write(self.now(), operation).await.map_err(|undone| match undone {
            Undone::Failed(error) => error,
            Undone::Refused(refusal) => StoreError::Bug(format!("a delivery was refused: {}", refusal.code())),
        })
    }

    fn queue(&self) -> &Store {
        &self.app.gateway.queue
    }

    fn now(&self) -> Timestamp {
        self.app.clock.wall()
    }
}

fn what(leased: &Leased) -> What {
    What::named(&leased.message.what).unwrap_or(What::Inventory { partial: false })
}
