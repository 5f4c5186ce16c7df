//! Stores of objects on other machines: the same promises as a folder's, against moto's S3 and Microsoft's Azurite.
//!
//! `scripts/object-stores` installs both, starts them, and runs these.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code fails by panicking")]

mod stories;

use std::net::TcpListener;
use std::time::{Duration, Instant};

use latchkey_storage::{Archives, Azure, Place, S3, Secret};
use stories::{bytes, digest_of, put, run};

fn address_of(store: &str) -> String {
    std::env::var(store).unwrap_or_else(|_| panic!("{store} is not set; run scripts/object-stores"))
}

fn s3(endpoint: String, incoming: &tempfile::TempDir) -> Archives {
    let place = Place::S3(S3 {
        bucket: "archives".into(),
        region: "eu-west-3".into(),
        endpoint: Some(endpoint),
        key_id: "testing".into(),
        secret: Secret::new("testing".into()),
        incoming: incoming.path().to_owned(),
    });
    assert!(!format!("{place:?}").contains("secret: Secret(\""), "{place:?}");
    Archives::open(&place).unwrap()
}

fn azure(endpoint: String, incoming: &tempfile::TempDir) -> Archives {
    Archives::open(&Place::Azure(Azure {
        account: "devstoreaccount1".into(),
        container: "archives".into(),
        endpoint: Some(endpoint),
        secret: Secret::new(address_of("AZURITE_KEY")),
        incoming: incoming.path().to_owned(),
    }))
    .unwrap()
}

fn keeps_its_promises(archives: &Archives) {
    run(stories::what_was_put_comes_out_again(archives));
    run(stories::what_is_not_there_is_missing(archives));
    run(stories::what_nothing_refers_to_is_collected(archives));
    run(async {
        let (one, two) = (bytes(6 << 20), bytes(7 << 20));
        let all = tokio::join!(put(archives, &one), put(archives, &two), put(archives, &one));
        assert_eq!(all, (digest_of(&one), digest_of(&two), digest_of(&one)), "side by side");
    });
}

#[test]
#[ignore = "scripts/object-stores runs it"]
fn s3_keeps_the_promises_of_every_store() {
    let incoming = tempfile::tempdir().unwrap();
    keeps_its_promises(&s3(address_of("MOTO_URL"), &incoming));
}

#[test]
#[ignore = "scripts/object-stores runs it"]
fn azure_keeps_the_promises_of_every_store() {
    let incoming = tempfile::tempdir().unwrap();
    keeps_its_promises(&azure(address_of("AZURITE_URL"), &incoming));
}

#[test]
fn a_store_that_is_away_is_said_to_be_soon() {
    let incoming = tempfile::tempdir().unwrap();
    // Nothing listens there, but the port is taken.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", taken.local_addr().unwrap());
    let archives = s3(endpoint, &incoming).waiting(Duration::from_millis(500));
    run(async {
        let begun = Instant::now();
        let error = archives.answers().await.unwrap_err();
        assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
        assert!(!error.is_missing() && !error.is_full(), "{error}");
        let mut spool = archives.spool(100).unwrap();
        spool.write(b"an archive").unwrap();
        assert!(archives.keep(spool).await.is_err());
        assert!(archives.read(&digest_of(b"x"), 0..1).await.is_err());
        assert!(archives.collect(|_| false, 0).await.is_err());
    });
    assert_eq!(std::fs::read_dir(incoming.path()).unwrap().count(), 0, "nothing stays behind");
}
