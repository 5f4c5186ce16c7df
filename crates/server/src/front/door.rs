//! A connection as requests are read from it, in the clear or from within TLS.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use latchkey_glpi::paste::Mender;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection on which a key with a line break inside is still a request (see [`latchkey_glpi::paste`]), and that says
/// whether anything moves on it.
pub(crate) struct Mended<T> {
    connection: T,
    /// None on HTTP/2, whose frames cannot hold such a key.
    mender: Option<Mender>,
    pulse: Arc<Pulse>,
}

/// What a connection did lately.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    moved: AtomicBool,
    asked: AtomicBool,
}

impl Pulse {
    /// A request has begun.
    pub(crate) fn asked(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Whether a request has begun since this was last called.
    pub(crate) fn take_asked(&self) -> bool {
        self.asked.swap(false, Ordering::Relaxed)
    }

    /// Whether a byte came or went since this was last called.
    pub(crate) fn take_moved(&self) -> bool {
        self.moved.swap(false, Ordering::Relaxed)
    }
}

impl<T> Mended<T> {
    pub(crate) fn new(connection: T, mender: Option<Mender>, pulse: Arc<Pulse>) -> Self {
        Self { connection, mender, pulse }
    }

    fn moved<V>(&self, outcome: Poll<V>) -> Poll<V> {
        if outcome.is_ready() {
            self.pulse.moved.store(true, Ordering::Relaxed);
        }
        outcome
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Mended<T> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.connection).poll_read(cx, buffer))?;
        if let Some(mender) = &mut self.mender {
            mender.mend(&mut buffer.filled_mut()[before..]);
        }
        self.moved(Poll::Ready(Ok(())))
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Mended<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.connection).poll_write(cx, bytes);
        self.moved(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.connection).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.connection).poll_write_vectored(cx, pieces);
        self.moved(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.connection.is_write_vectored()
    }
}
