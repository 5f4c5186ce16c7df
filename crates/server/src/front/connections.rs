//! Connections: taken, bounded in number, in time and in what they may send, and let go.
//!
//! In the clear HTTP/1.1 is spoken; within TLS, HTTP/2 as well, as the handshake settles it.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::serve::Listener;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use latchkey_glpi::paste::Mender;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use super::door::{Mended, Pulse};
use super::tls::{HTTP_2, Tls};
use super::{Gate, Limits};
use crate::metrics::{Limit, Metrics};

/// Requests that one HTTP/2 connection may have under way.
const MOST_STREAMS: u32 = 100;
/// What is read of a head beyond what it may have, in bytes: so whoever is a little beyond it hears why, from the gate. hyper holds
/// as much of an answer that nobody takes.
const BEYOND: usize = 16 << 10;
/// Bytes that TLS has sealed and whoever reads slowly has not taken yet, for each connection: two records.
const SEALED_BYTES: usize = 32 << 10;

/// Everything that a connection needs.
pub(crate) struct Connections {
    pub(crate) gate: Arc<Gate>,
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) limits: Limits,
    pub(crate) metrics: Arc<Metrics>,
}

impl Connections {
    /// Takes connections until it is told to stop, then lets those that are open finish what is under way, for
    /// `stop_within` at the most.
    pub(crate) async fn serve(
        self: Arc<Self>,
        mut listener: TcpListener,
        mut stopped: watch::Receiver<bool>,
        stop_within: Duration,
    ) {
        let room = Arc::new(Semaphore::new(self.limits.connections.clamp(1, Semaphore::MAX_PERMITS)));
        let mut open = JoinSet::new();
        let also_stopped = stopped.clone();
        loop {
            let next = async {
                // The next one is taken when there is room for it; until then it waits with the system.
                let place = self.place(&room).await;
                let (connection, peer) = Listener::accept(&mut listener).await;
                (place, connection, peer)
            };
            tokio::select! {
                (place, connection, peer) = next => {
                    let (all, stopped) = (self.clone(), also_stopped.clone());
                    open.spawn(async move {
                        all.metrics.connection_opened();
                        all.meet(connection, peer, stopped).await;
                        all.metrics.connection_closed();
                        drop(place);
                    });
                }
                Some(_) = open.join_next() => {}
                () = told_to(&mut stopped) => break,
            }
        }
        drop(listener);
        let all_closed = async { while open.join_next().await.is_some() {} };
        if tokio::time::timeout(stop_within, all_closed).await.is_err() {
            tracing::warn!(connections = open.len(), "some connections were still open at the end and were cut");
            open.shutdown().await;
        }
    }

    async fn place(&self, room: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = room.clone().try_acquire_owned() {
            return Some(place);
        }
        self.metrics.limited(Limit::Connections);
        room.clone().acquire_owned().await.ok()
    }

    async fn meet(&self, connection: TcpStream, peer: SocketAddr, stopped: watch::Receiver<bool>) {
        // Answers are small and complete: waiting for more to send would only delay them.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "cannot set TCP_NODELAY");
        }
        let Some(tls) = &self.tls else {
            return self.talk_http1(connection, peer.ip(), stopped).await;
        };
        let handshake = tls.acceptor().accept_with(connection, |tls| tls.set_buffer_limit(Some(SEALED_BYTES)));
        match tokio::time::timeout(self.limits.idle_time, handshake).await {
            Ok(Ok(connection)) if connection.get_ref().1.alpn_protocol() == Some(HTTP_2) => {
                self.talk_http2(connection, peer.ip(), stopped).await;
            }
            Ok(Ok(connection)) => self.talk_http1(connection, peer.ip(), stopped).await,
            Ok(Err(error)) => {
                self.metrics.handshake_failed();
                tracing::debug!(%error, client = %peer.ip(), "no TLS handshake");
            }
            Err(_) => {
                self.metrics.handshake_failed();
                tracing::debug!(client = %peer.ip(), "no TLS handshake in time");
            }
        }
    }

    async fn talk_http1<T>(&self, connection: T, peer: IpAddr, stopped: watch::Receiver<bool>)
    where
        T: AsyncRead + AsyncWrite + Unpin + 'static,
    {
        let pulse = Arc::new(Pulse::default());
        let io = TokioIo::new(Mended::new(connection, Some(Mender::default()), pulse.clone()));
        let asked = |request: hyper::Request<Incoming>| {
            pulse.asked();
            self.gate.answer(request.map(Body::new), peer)
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.idle_time)
            // Whoever says that nothing more will come may still want the answer.
            .half_close(true)
            // It takes 100 headers at the most; GLPI sends six. To say so would cost a table per request.
            .max_buf_size(self.limits.header_bytes.saturating_add(BEYOND).max(8_192))
            .serve_connection(io, service_fn(asked));
        self.watch_over(connection, &pulse, stopped).await;
    }

    async fn talk_http2<T>(&self, connection: T, peer: IpAddr, stopped: watch::Receiver<bool>)
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let pulse = Arc::new(Pulse::default());
        let io = TokioIo::new(Mended::new(connection, None, pulse.clone()));
        let (gate, heart) = (self.gate.clone(), pulse.clone());
        let asked = move |request: hyper::Request<Incoming>| {
            heart.asked();
            let gate = gate.clone();
            // Streams of one connection run as tasks of their own.
            async move { gate.answer(request.map(Body::new), peer).await }
        };
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .max_concurrent_streams(MOST_STREAMS)
            .max_header_list_size(u32::try_from(self.limits.header_bytes).unwrap_or(u32::MAX))
            .serve_connection(io, service_fn(asked));
        self.watch_over(connection, &pulse, stopped).await;
    }

    /// Sees a connection to its end. One on which nothing is asked is told to finish; one on which nothing moves, be it
    /// that nobody takes the answer, is cut.
    async fn watch_over<C>(&self, connection: C, pulse: &Pulse, mut stopped: watch::Receiver<bool>)
    where
        C: GracefulConnection + Future,
    {
        // Longer than any request may take, so that one that is under way is never taken for silence.
        let period = self.limits.idle_time + self.limits.request_time;
        let mut connection = pin!(connection);
        let mut watch = pin!(tokio::time::sleep(period));
        let mut stopping = false;
        loop {
            tokio::select! {
                biased;
                _ = connection.as_mut() => return,
                () = told_to(&mut stopped), if !stopping => {
                    stopping = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = watch.as_mut() => {
                    let moved = pulse.take_moved();
                    if !pulse.take_asked() {
                        if !moved {
                            self.metrics.limited(Limit::IdleTime);
                            return;
                        }
                        connection.as_mut().graceful_shutdown();
                    }
                    watch.as_mut().reset(tokio::time::Instant::now() + period);
                }
            }
        }
    }
}

/// Returns when it is time to stop. A sender that is gone means so, too.
async fn told_to(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}

#[cfg(test)]
mod tests;
