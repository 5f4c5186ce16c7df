//! An answer that is made while it is sent: as long as it likes, in bounded memory.
//!
//! The database is read by a thread of its own. Whoever does not take what is made lets go of it again, so that nobody holds
//! a snapshot for ever.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use latchkey_domain::Failure;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, timeout_at};

/// Answers of this kind at once; each holds a connection to the database.
pub(super) const AT_ONCE: usize = 2;
/// Bytes of a piece.
const PIECE: usize = 64 << 10;
/// Pieces that are made before the first of them is taken.
const AHEAD: usize = 8;
/// How long a piece may wait for being taken.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);
/// How long all of them may take.
const DONE_WITHIN: Duration = Duration::from_secs(3_600);

/// What is sent, and as what.
pub(super) struct Pouring {
    pub(super) media_type: &'static str,
    pub(super) file: String,
}

/// Makes an answer with `make`, which writes it. Where nothing was written before it failed, that is a failure like any
/// other; later the connection is cut, so that nobody takes a part for the whole.
pub(super) async fn pour(
    turns: &Arc<Semaphore>,
    what: Pouring,
    make: impl FnOnce(&mut Funnel) -> Result<(), Failure> + Send + 'static,
) -> Result<Response, Failure> {
    let turn = turns.clone().try_acquire_owned().map_err(|_| Failure::Overloaded)?;
    let (pieces, mut taken) = mpsc::channel(AHEAD);
    let mut funnel = Funnel {
        pieces,
        piece: Vec::with_capacity(PIECE),
        handle: Handle::current(),
        end: Instant::now() + DONE_WITHIN,
    };
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let made = make(&mut funnel).and_then(|()| funnel.flush().map_err(|_| Failure::Overloaded));
        if let Err(failure) = made {
            // Where nobody listens any more there is nobody to tell.
            let _ = funnel.pieces.blocking_send(Err(failure));
        }
    });
    let first = match taken.recv().await {
        Some(Err(failure)) => return Err(failure),
        Some(Ok(first)) => Some(Ok(first)),
        None => None,
    };
    let rest = stream::unfold((first, taken), |(first, mut taken)| async move {
        let piece = match first {
            Some(piece) => Some(piece),
            None => taken.recv().await,
        };
        let cut = |failure: Failure| io::Error::other(failure.code());
        piece.map(|piece: Result<Bytes, Failure>| (piece.map_err(cut), (None, taken)))
    });
    let headers = [
        (CONTENT_TYPE, what.media_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", what.file)),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(rest)).into_response())
}

/// Where an answer is written, on a thread that may wait.
pub(super) struct Funnel {
    pieces: mpsc::Sender<Result<Bytes, Failure>>,
    piece: Vec<u8>,
    handle: Handle,
    end: Instant,
}

impl Write for Funnel {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let by = self.end.min(Instant::now() + TAKEN_WITHIN);
        match self.handle.block_on(timeout_at(by, self.pieces.send(Ok(piece.into())))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(ErrorKind::BrokenPipe.into()),
            Err(_) => Err(ErrorKind::TimedOut.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    fn what() -> Pouring {
        Pouring { media_type: "text/plain", file: "a.txt".to_owned() }
    }

    #[tokio::test]
    async fn what_is_longer_than_memory_allows_comes_whole() {
        let turns = Arc::new(Semaphore::new(1));
        let poured = pour(&turns, what(), |out| {
            (0..100_000).try_for_each(|number| writeln!(out, "{number:08}")).map_err(|_| Failure::Internal)
        });
        let body = to_bytes(poured.await.unwrap().into_body(), usize::MAX).await.unwrap();
        assert_eq!(body.len(), 900_000);
        assert!(body.starts_with(b"00000000\n") && body.ends_with(b"00099999\n"));
    }

    #[tokio::test]
    async fn a_failure_is_a_problem_at_first_and_a_cut_later() {
        let turns = Arc::new(Semaphore::new(1));
        assert!(matches!(pour(&turns, what(), |_| Err(Failure::StoreAway)).await, Err(Failure::StoreAway)));
        let turn = turns.clone().acquire_owned().await.unwrap();
        assert!(matches!(pour(&turns, what(), |_| Ok(())).await, Err(Failure::Overloaded)), "there is no turn");
        drop(turn);
        let poured = pour(&turns, what(), |out| {
            out.write_all(&[b'x'; PIECE]).map_err(|_| Failure::Internal)?;
            Err(Failure::StoreAway)
        });
        assert!(to_bytes(poured.await.unwrap().into_body(), usize::MAX).await.is_err());
    }

    #[tokio::test]
    async fn who_goes_away_frees_the_turn() {
        let turns = Arc::new(Semaphore::new(1));
        let poured = pour(&turns, what(), |out| {
            loop {
                out.write_all(&[b'x'; PIECE]).map_err(|_| Failure::Overloaded)?;
            }
        });
        drop(poured.await.unwrap());
        turns.acquire().await.unwrap().forget();
    }
}
