//! What goes wrong with a marketplace: uploads that break off, disks that are full, stores that are slow or away, listings while
//! a version goes, and more plugins than anybody has.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use latchkey_domain::marketplace::{Channel, GlpiRange, PluginKey, PluginVersion, Release};
use latchkey_storage::{Archives, Place, S3, Secret};
use latchkey_store::Actor;
use latchkey_store::marketplace::{self as store, Order};
use latchkey_tests_support::http::{Request, answer_to};
use latchkey_tests_support::poll_until;
use serde_json::json;

use crate::house::{House, both_databases};
use crate::marketplace::{Market, SOON, archive, path};

impl House {
    /// Publishes by the operation itself: the archive is not kept anywhere.
    fn knows_versions(&self, plugin: &str, versions: impl Iterator<Item = String>) {
        let sheet = format!(
            r#"{{"name":"Plugin {plugin}","descriptions":[{{"language":"en","short":"Does {plugin}","long":""}}],"authors":["Us"],"tags":[]}}"#
        );
        let version = |text: &str| PluginVersion::parse(text).unwrap();
        let orders: Vec<Order> = versions
            .map(|number| Order {
                plugin: PluginKey::parse(plugin).unwrap(),
                name: format!("Plugin {plugin}"),
                sheet: None,
                plain_sheet: sheet.clone(),
                offers: None,
                release: Release {
                    version: version(&number),
                    glpi: GlpiRange { min: Some(version("10.0.0")), max: Some(version("12.0.0")) },
                    channel: Channel::Stable,
                    withdrawn_at: None,
                },
                packing: "tar.gz".into(),
                digest: crate::marketplace::hex(format!("{plugin} {number}").as_bytes()),
                size: 1_000,
            })
            .collect();
        let (vault, actor) = (self.vault.clone(), Actor::command_line("vendor"));
        self.store
            .write_blocking(self.clock.wall(), move |tx| {
                orders.iter().try_for_each(|order| store::publish(tx, &vault, order, &actor).map(drop))
            })
            .unwrap();
    }
}

/// Where nothing is there, or where something takes every connection and never says a word.
fn s3_at(endpoint: String, incoming: &tempfile::TempDir) -> Archives {
    let place = Place::S3(S3 {
        bucket: "archives".into(),
        region: "eu-west-3".into(),
        endpoint: Some(endpoint),
        key_id: "testing".into(),
        secret: Secret::new("hunter2".into()),
        incoming: incoming.path().to_owned(),
    });
    Archives::open(&place).unwrap().waiting(Duration::from_millis(500))
}

fn does_without_its_store(endpoint: String, on_postgres: bool) {
    let incoming = tempfile::tempdir().unwrap();
    let house = House::storing(on_postgres, s3_at(endpoint, &incoming));
    let (market, key) = (Market::of(&house), house.vendor().issues_key("Acme", "basic"));
    house.knows_versions("known", ["1.0.0".to_owned()].into_iter());
    // The catalogue is there, and so is the verdict; what needs the store says so, soon, and publishes nothing.
    let page = market.page_when(&key, |page| page[0]["key"] == "known");
    assert_eq!(house.glpi_10().asks(key.text.reveal()).is_valid(), Some(true));
    let begun = std::time::Instant::now();
    for answer in [market.asks("10.0.19", &key, &path(&page[0]), &[]), market.publish("", &archive("demo", "1.0.0"))] {
        assert_eq!((answer.status, &answer.json()["code"]), (503, &json!("STORAGE_UNAVAILABLE")), "{}", answer.text());
        assert!(answer.header("retry-after").is_some());
        assert!(!answer.text().contains("hunter2"));
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let known = house.store.read(|reader| store::all(reader)).unwrap();
    assert_eq!((known.len(), known[0].0.downloads), (1, 0), "nothing was published, and nothing counted");
    assert!(std::fs::read_dir(incoming.path()).unwrap().next().is_none());
}

#[test]
fn a_store_that_is_away_takes_archives_alone_with_it() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for on_postgres in [false, true] {
        does_without_its_store(format!("http://{nobody}"), on_postgres);
    }
}

#[test]
fn a_store_that_never_answers_is_waited_for_no_longer_than_one_has_patience() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    std::thread::spawn(move || {
        let taken: Vec<_> = silent.incoming().collect();
        drop(taken);
    });
    for on_postgres in [false, true] {
        does_without_its_store(format!("http://{address}"), on_postgres);
    }
}

both_databases! {
    fn an_upload_that_breaks_off_leaves_nothing_behind(house: House) {
        let market = Market::of(&house);
        let whole = archive("demo", "1.0.0");
        let head = format!(
            "POST /api/v1/plugins HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
            market.token,
            whole.len()
        );
        let cuts = (0..whole.len()).step_by(whole.len() / 60 + 1).chain([whole.len() - 1]);
        for end in cuts {
            let mut stream = TcpStream::connect(house.address()).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&whole[..end]).unwrap();
            stream.shutdown(std::net::Shutdown::Write).unwrap();
            // Whoever breaks off may hear nothing more.
            if let Ok(answer) = answer_to("POST", "/api/v1/plugins", &mut stream) {
                assert!(answer.status >= 400, "cut after {end}: {} {}", answer.status, answer.text());
            }
        }
        assert_eq!(house.store.read(|reader| store::all(reader)).unwrap().len(), 0);
        assert!(std::fs::read_dir(house.archives().join("incoming")).unwrap().next().is_none());
        assert!(!house.archives().join("sha256").exists());
        assert_eq!(market.publish("", &whole).status, 201, "and the whole one is taken");
    }

    fn while_versions_go_every_listing_is_whole(house: House) {
        let key = house.vendor().issues_key("Acme", "basic");
        house.knows_versions("demo", (0..30).map(|number| format!("1.{number}.0")));
        house.knows_versions("other", ["1.0.0".to_owned()].into_iter());
        let market = Market::of(&house);
        market.page_when(&key, |page| page.as_array().unwrap().len() == 2);
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let readers: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| {
                        let (mut before, mut listed) = (30, 0);
                        while !done.load(Ordering::Relaxed) {
                            let page = market.page("10.0.19", &key, "0-199");
                            assert_eq!((&page[0]["key"], &page[1]["key"]), (&json!("demo"), &json!("other")));
                            let now = page[0]["versions"].as_array().unwrap().len();
                            assert!(now <= before, "a version that is gone stays gone");
                            (before, listed) = (now, listed + 1);
                        }
                        listed
                    })
                })
                .collect();
            for number in (10..30).rev() {
                assert_eq!(market.withdraw("demo", &format!("1.{number}.0")).status, 200);
                // Refused at once, whatever a listing of a moment ago says.
                let gone = format!("/api/marketplace/archives/demo/demo-1.{number}.0.tar.gz");
                assert_eq!(market.asks("10.0.19", &key, &gone, &[]).status, 410);
            }
            market.page_when(&key, |page| page[0]["versions"].as_array().unwrap().len() == 10);
            done.store(true, Ordering::Relaxed);
            assert!(readers.into_iter().all(|reader| reader.join().unwrap() > 5));
        });
    }

    fn whatever_is_sent_there_is_an_answer(house: House) {
        let market = Market::of(&house);
        let whole = archive("demo", "1.0.0");
        let mut state = 42_u64;
        let mut next = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        for round in 0..150 {
            let mut bytes = whole.clone();
            for _ in 0..=next(4) {
                let at = next(bytes.len());
                match next(3) {
                    0 => bytes[at] = u8::try_from(next(256)).unwrap(),
                    1 => bytes.truncate(at.max(1)),
                    _ => bytes.insert(at, u8::try_from(next(256)).unwrap()),
                }
            }
            let answer = market.publish("", &bytes);
            assert!(matches!(answer.status, 201 | 409 | 422), "round {round}: {} {}", answer.status, answer.text());
            assert!(answer.json().is_object(), "round {round}");
        }
    }

    fn of_many_publishers_at_once_each_version_has_one(house: House) {
        let market = Market::of(&house);
        let archives: Vec<_> = (0..3).map(|number| archive("demo", &format!("1.{number}.0"))).collect();
        let statuses: Vec<(usize, u16)> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..9)
                .map(|number| {
                    let (market, bytes) = (&market, &archives[number % 3]);
                    scope.spawn(move || (number % 3, market.publish("", bytes).status))
                })
                .collect();
            all.into_iter().map(|it| it.join().unwrap()).collect()
        });
        for version in 0..3 {
            let mut of_it: Vec<u16> = statuses.iter().filter(|(of, _)| *of == version).map(|(_, status)| *status).collect();
            of_it.sort_unstable();
            assert_eq!(of_it, [201, 409, 409], "{statuses:?}");
        }
    }
}

/// As many as nobody has: each is there once, in order, whatever the size of the pages.
fn five_thousand_plugins(house: &House) {
    for hundred in 0..50 {
        for number in hundred * 100..(hundred + 1) * 100 {
            house.knows_versions(&format!("p{number:04}"), (0..20).map(|minor| format!("1.{minor}.0")));
        }
    }
    let key = house.vendor().issues_key("Acme", "basic");
    let market = Market::of(house);
    poll_until(SOON * 6, || Some(market.page("10.0.19", &key, "4999-4999")).filter(|page| page[0]["key"] == "p4999"));
    let mut seen = Vec::new();
    for first in (0..).step_by(200) {
        let page = market.page("10.0.19", &key, &format!("{first}-{}", first + 199));
        let page = page.as_array().unwrap().clone();
        if page.is_empty() {
            break;
        }
        for plugin in page {
            let versions = plugin["versions"].as_array().unwrap();
            assert_eq!((versions.len(), &versions[0]["num"]), (20, &json!("1.19.0")), "{plugin}");
            seen.push(plugin["key"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(seen, (0..5_000).map(|number| format!("p{number:04}")).collect::<Vec<_>>());
    // The same over REST, by its own pages, and in the console.
    let (mut cursor, mut count) = (String::new(), 0);
    loop {
        let token = format!("Bearer {}", market.token);
        let page = Request::get(&format!("/api/v1/plugins?limit=200{cursor}")).header("Authorization", &token);
        let page = page.send(house.address()).json();
        count += page["plugins"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(count, 5_000);
    house.owner().opens("/console/plugins").is(200).says("p0000").says("Next");
    let versions = market.asks("9.5.13", &key, "/api/glpi-plugins/plugins", &[("X-Range", "0-199")]).json();
    assert_eq!(versions[0]["versions"], json!([]));
}

#[test]
fn five_thousand_plugins_with_twenty_versions_each_are_listed_whole() {
    five_thousand_plugins(&House::on_sqlite());
}

/// A GLPI goes by PHP's order of versions, whatever stands in them; so do we.
#[test]
fn versions_are_in_the_order_in_which_php_has_them() {
    let mut seed = 88_172_645_463_325_252_u64;
    let mut any = |most: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % most as u64).unwrap()
    };
    let parts = [
        "0", "1", "2", "10", "01", ".", "-", "+", "_", "dev", "alpha", "a", "aa", "beta", "b", "bx", "RC", "rc", "rca",
    ];
    let parts = [&parts[..], &["c", "p", "pl", "pq", "x", "Beta", "DEV", "de"]].concat();
    let mut version = || {
        let text = (0..any(5)).fold(any(3).to_string(), |text, _| text + parts[any(parts.len())]);
        text.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned()
    };
    let pairs: Vec<[String; 2]> = (0..4_000).map(|_| [version(), version()]).collect();
    let asked: String = pairs.iter().map(|[a, b]| format!("{a} {b}\n")).collect();
    let program = "while ($line = fgets(STDIN)) { echo version_compare(...explode(' ', rtrim($line))), \"\\n\"; }";
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("pairs"), asked).unwrap();
    let php = std::process::Command::new("php")
        .args(["-r", program])
        .stdin(std::fs::File::open(dir.path().join("pairs")).unwrap())
        .output()
        .expect("php, as scripts/install-test-tools installs it");
    let said = String::from_utf8(php.stdout).unwrap();
    assert_eq!(said.lines().count(), pairs.len());
    for ([a, b], said) in pairs.iter().zip(said.lines()) {
        let [left, right] = [a, b].map(|text| PluginVersion::parse(text).unwrap());
        assert_eq!((left.compare(&right) as i8).to_string(), said, "{a} against {b}");
    }
}
