//! A folder of archives: whole or not at all, by digest, in parts, collected.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code fails by panicking")]

mod stories;

use std::fs;
use std::path::Path;

use latchkey_storage::{Archives, Place, SpoolFault};
use stories::{bytes, digest_of, got, put, run};
use tempfile::TempDir;

fn store() -> (Archives, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    (Archives::open(&Place::Folder(dir.path().join("archives"))).unwrap(), dir)
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => all.extend(files(&path)),
            false => all.push(path.file_name().unwrap().to_string_lossy().into()),
        }
    }
    all
}

#[test]
fn it_keeps_the_promises_of_every_store() {
    let (archives, _dir) = store();
    run(stories::what_was_put_comes_out_again(&archives));
    run(stories::what_is_not_there_is_missing(&archives));
    run(stories::what_nothing_refers_to_is_collected(&archives));
}

#[test]
fn what_breaks_off_leaves_nothing() {
    let (archives, dir) = store();
    let mut spool = archives.spool(100).unwrap();
    spool.write(&[1; 60]).unwrap();
    assert!(files(dir.path()).is_empty(), "it has no name");
    assert_eq!(spool.write(&[1; 41]), Err(SpoolFault::TooLong { most: 100 }));
    assert_eq!(spool.len(), 60, "what was refused does not count");
    drop(spool);
    assert!(archives.spool(100).unwrap().is_empty());
    assert!(files(dir.path()).is_empty());
}

#[test]
fn an_archive_is_there_once_however_often_it_was_put() {
    let (archives, dir) = store();
    run(async {
        let all = tokio::join!(put(&archives, b"the same"), put(&archives, b"the same"));
        assert_eq!(all, (digest_of(b"the same"), digest_of(b"the same")));
        assert_eq!(files(dir.path()).len(), 1);
    });
}

#[test]
fn a_file_that_was_cut_is_told_and_not_passed_off_as_whole() {
    use futures_util::StreamExt as _;
    let (archives, dir) = store();
    run(async {
        let digest = put(&archives, &bytes(1_000)).await;
        assert!(got(&archives, &digest, 0..1_001).await.is_err(), "no more than there is");
        let name = files(dir.path()).remove(0);
        let file = dir.path().join("archives/sha256").join(&name[..2]).join(&name);
        let mut pieces = std::pin::pin!(archives.read(&digest, 0..1_000).await.unwrap());
        fs::OpenOptions::new().write(true).open(&file).unwrap().set_len(10).unwrap();
        assert_eq!(pieces.next().await.unwrap().unwrap().len(), 10);
        assert!(pieces.next().await.unwrap().is_err());
        assert!(pieces.next().await.is_none());
    });
}

#[test]
fn what_is_not_named_as_an_archive_is_left_alone() {
    let (archives, dir) = store();
    run(async {
        put(&archives, b"stray").await;
        fs::write(dir.path().join("archives/sha256/notes.txt"), "somebody's own").unwrap();
        assert_eq!(archives.collect(|_| false, 0).await, Ok(1));
        assert_eq!(files(dir.path()), ["notes.txt"]);
    });
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let error = Archives::open(&Place::Folder(dir.path().join("file/archives"))).err().unwrap();
    assert!(error.to_string().contains("file/archives"), "{error}");
    assert!(!error.is_full() && !error.is_missing());
}
