//! What every store of archives promises, wherever it is.

use futures_util::TryStreamExt as _;
use latchkey_storage::{Archives, Digest, StorageError};
use sha2::Digest as _;

pub(crate) fn run<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story)
}

pub(crate) fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|at| (at * 31 % 251) as u8).collect()
}

pub(crate) fn digest_of(bytes: &[u8]) -> Digest {
    sha2::Sha256::digest(bytes).into()
}

pub(crate) async fn put(archives: &Archives, bytes: &[u8]) -> Digest {
    let mut spool = archives.spool(1 << 30).unwrap();
    bytes.chunks(70_001).for_each(|chunk| spool.write(chunk).unwrap());
    let digest = spool.digest();
    assert_eq!((spool.len(), digest), (bytes.len() as u64, digest_of(bytes)));
    archives.keep(spool).await.unwrap();
    digest
}

pub(crate) async fn got(
    archives: &Archives,
    digest: &Digest,
    range: std::ops::Range<u64>,
) -> Result<Vec<u8>, StorageError> {
    let pieces: Vec<_> = archives.read(digest, range).await?.try_collect().await?;
    Ok(pieces.concat())
}

pub(crate) async fn what_was_put_comes_out_again(archives: &Archives) {
    // Below, at and beyond the size from which an archive is put in parts.
    for length in [1, 70_000, 5 << 20, (5 << 20) + 1, 12_345_678] {
        let bytes = bytes(length);
        let digest = put(archives, &bytes).await;
        assert_eq!(archives.size(&digest).await, Ok(length as u64));
        assert!(got(archives, &digest, 0..length as u64).await.unwrap() == bytes, "{length}");
        let (from, to) = (length / 3, length / 3 * 2);
        assert!(got(archives, &digest, from as u64..to as u64).await.unwrap() == bytes[from..to], "{length}");
        assert_eq!(put(archives, &bytes).await, digest, "once more changes nothing");
    }
}

pub(crate) async fn what_is_not_there_is_missing(archives: &Archives) {
    let unknown = digest_of(b"nobody put this");
    assert!(archives.size(&unknown).await.unwrap_err().is_missing());
    assert!(got(archives, &unknown, 0..1).await.unwrap_err().is_missing());
    archives.answers().await.unwrap();
}

pub(crate) async fn what_nothing_refers_to_is_collected(archives: &Archives) {
    archives.collect(|_| false, 0).await.unwrap();
    let (used, stray) = (put(archives, b"used").await, put(archives, b"stray").await);
    let is_used = |digest: &Digest| *digest == used;
    assert_eq!(archives.collect(is_used, 3_600).await, Ok(0), "what was put just now may be referred to in a moment");
    assert_eq!(archives.collect(is_used, 0).await, Ok(1));
    assert!(archives.size(&used).await.is_ok());
    assert!(archives.size(&stray).await.unwrap_err().is_missing());
}
