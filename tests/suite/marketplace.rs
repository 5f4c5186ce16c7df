//! The marketplace, with requests as a stock GLPI sends them: discovered, filtered, paged, refused, opened, downloaded,
//! verified, updated, withdrawn.

use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use latchkey_domain::marketplace::Channel;
use latchkey_store::Actor;
use latchkey_store::marketplace as store;
use latchkey_store::subscriptions::keys::Issued;
use latchkey_tests_support::http::{Request, Response};
use latchkey_tests_support::poll_until;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::house::{House, both_databases, days};

pub(crate) const UID: &str = "7Bi5W7oTTA6tGL3nqM9vffhBKrQS8bTQR6IVdVvn";
pub(crate) const SOON: Duration = Duration::from_secs(5);

const SHEET: &str = "<root><name>Demo</name><key>demo</key>\
    <description><short><en>A demo</en><fr>Une démo</fr></short></description>\
    <tags><en><tag>Lab</tag><tag>Recommended</tag></en><fr><tag>Labo</tag><tag>Recommandé</tag></fr></tags></root>";

/// A plugin's archive, for GLPI from 10 to before 12.
pub(crate) fn archive(key: &str, version: &str) -> Vec<u8> {
    archive_with(key, version, b"more")
}

/// The same with this in another file of it.
pub(crate) fn archive_with(key: &str, version: &str, more: &[u8]) -> Vec<u8> {
    archive_of(key, version, SHEET, more)
}

fn archive_of(key: &str, version: &str, sheet: &str, more: &[u8]) -> Vec<u8> {
    let setup = format!(
        "<?php function plugin_version_{key}() {{ return ['name' => 'Demo {key}', 'version' => '{version}',
         'requirements' => ['glpi' => ['min' => '10.0.0', 'max' => '12.0.0']]]; }}"
    );
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let sheet = sheet.replace("<key>demo", &format!("<key>{key}"));
    for (name, text) in [("setup.php", setup.as_bytes()), ("plugin.xml", sheet.as_bytes()), ("more", more)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("{key}/{name}"), text).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap()
}

pub(crate) struct Market<'h> {
    house: &'h House,
    pub(crate) token: String,
}

impl<'h> Market<'h> {
    pub(crate) fn of(house: &'h House) -> Self {
        Self { house, token: house.makes_token(&["plugins:read", "plugins:publish"], None) }
    }

    pub(crate) fn publish(&self, query: &str, archive: &[u8]) -> Response {
        self.publish_as(None, query, archive)
    }

    /// Publishes with a request that has this name.
    fn publish_as(&self, name: Option<&str>, query: &str, archive: &[u8]) -> Response {
        self.sends(name, query, "application/octet-stream", archive)
    }

    /// The same with a form of these parts.
    fn publish_form(&self, name: Option<&str>, parts: &[(&str, &[u8])]) -> Response {
        self.sends(name, "", "multipart/form-data; boundary=boundary", &form(parts))
    }

    fn sends(&self, name: Option<&str>, query: &str, kind: &str, body: &[u8]) -> Response {
        let request = Request::post(&format!("/api/v1/plugins{query}"));
        let request = request.header("Authorization", &format!("Bearer {}", self.token));
        let request = name.into_iter().fold(request, |request, name| request.header("Idempotency-Key", name));
        let length = body.len().to_string();
        request.header("Content-Type", kind).header("Content-Length", &length).body(body).send(self.house.address())
    }

    pub(crate) fn withdraw(&self, plugin: &str, version: &str) -> Response {
        let request = Request::post(&format!("/api/v1/plugins/{plugin}/versions/{version}/withdraw"));
        let request = request.header("Authorization", &format!("Bearer {}", self.token));
        request.json(&json!({ "reason": "it loses data" })).send(self.house.address())
    }

    /// As the capture of GLPI 10.0.19 has it, with more headers where a path takes them.
    pub(crate) fn asks(&self, glpi: &str, key: &Issued, path: &str, more: &[(&str, &str)]) -> Response {
        let agent = format!("GLPI/{glpi} (installation-mode:TARBALL)");
        let mut request = Request::get(path)
            .header("Accept", "application/json")
            .header("User-Agent", &agent)
            .header("X-Registration-Key", key.text.reveal())
            .header("X-Glpi-Network-Uid", UID);
        for (name, value) in more {
            request = request.header(name, value);
        }
        request.send(self.house.address())
    }

    pub(crate) fn page(&self, glpi: &str, key: &Issued, range: &str) -> Value {
        // A machine that is busy with other tests may say so; a GLPI asks again, too.
        let response = poll_until(SOON * 6, || {
            let response = self.asks(glpi, key, "/api/marketplace/plugins", &[("X-Range", range)]);
            (response.status != 503).then_some(response)
        });
        assert_eq!(response.status, 200, "{}", response.text());
        response.json()
    }

    /// The list, once it is as it should be: a change takes a moment to be heard.
    pub(crate) fn page_when(&self, key: &Issued, is: impl Fn(&Value) -> bool) -> Value {
        poll_until(SOON, || Some(self.page("10.0.19", key, "0-199")).filter(&is))
    }
}

fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, content) in parts {
        let head = format!("--boundary\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n");
        body.extend_from_slice(&[head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend_from_slice(b"--boundary--\r\n");
    body
}

/// A plugin with a version that somebody has, and one that was withdrawn: its key, and the version.
pub(crate) fn something_published(house: &House) -> (String, String) {
    let market = Market::of(house);
    for version in ["1.0.0", "1.1.0", "1.2.0-beta1"] {
        assert_eq!(market.publish("?require_offers=basic,standard", &archive("demo", version)).status, 201);
    }
    assert_eq!(market.withdraw("demo", "1.0.0").status, 200);
    let key = house.vendor().issues_key("Initech", "basic");
    let download = market.asks("10.0.19", &key, "/api/marketplace/archives/demo/demo-1.1.0.tar.gz", &[]);
    assert_eq!(download.status, 200, "{}", download.text());
    poll_until(SOON, || (house.store.read(|reader| store::all(reader)).unwrap()[0].0.downloads == 1).then_some(()));
    ("demo".to_owned(), "1.1.0".to_owned())
}

/// Where an address of the public service is here.
pub(crate) fn path(plugin: &Value) -> String {
    let url = plugin["versions"][0]["download_url"].as_str().unwrap();
    url.strip_prefix("https://keys.example.org").unwrap().to_owned()
}

both_databases! {
    fn an_upload_that_has_a_name_is_done_once(house: House) {
        let (market, first, other) = (Market::of(&house), archive("demo", "1.0.0"), archive("demo", "1.0.1"));
        let published = market.publish_as(Some("once"), "", &first);
        assert_eq!(published.status, 201, "{}", published.text());
        let again = market.publish_as(Some("once"), "", &first);
        assert_eq!((again.status, &again.body), (201, &published.body), "the answer of the first");
        assert_eq!(market.publish_as(Some("once"), "", &other).json()["code"], "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(market.publish("", &first).json()["code"], "PLUGIN_VERSION_EXISTS", "without its name");
    }

    fn a_sheet_comes_beside_an_archive(house: House) {
        let (market, key) = (Market::of(&house), house.vendor().issues_key("Acme", "basic"));
        let told = |name: &str| SHEET.replace("<name>Demo", &format!("<name>{name}")).into_bytes();
        let (first, second) = (archive("demo", "1.0.0"), archive("demo", "1.1.0"));
        let (before, after) = (told("Before it"), told("After it"));
        let published = market.publish_form(Some("once"), &[("xml", &before), ("archive", &first)]);
        assert_eq!((published.status, &published.json()["sha256"]), (201, &json!(hex(&first))), "{}", published.text());
        market.page_when(&key, |page| page[0]["name"] == "Before it");
        let again = |sheet: &[u8]| market.publish_form(Some("once"), &[("xml", sheet), ("archive", &first)]);
        assert_eq!(again(&before).body, published.body, "sent twice, done once");
        assert_eq!(again(&after).json()["code"], "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(market.publish_form(None, &[("archive", &second), ("xml", &after)]).status, 201);
        market.page_when(&key, |page| page[0]["name"] == "After it");

        let (third, long) = (archive("demo", "1.2.0"), vec![b' '; (1 << 20) + 1]);
        for (parts, status, code, member) in [
            (&[("xml", &before[..])][..], 422, "BODY_INVALID", json!("archive")),
            (&[("archive", &third), ("archive", &third)], 422, "BODY_INVALID", json!("archive")),
            (&[("archive", &third), ("sheet", &before)], 422, "BODY_INVALID", json!("sheet")),
            (&[("archive", &third), ("xml", &long)], 413, "BODY_TOO_LONG", json!("xml")),
            (&[("archive", &third), ("xml", b"<root><key>demo</key>")], 422, "PLUGIN_SHEET_INVALID", Value::Null),
            (&[("archive", b"no archive"), ("xml", &before)], 422, "ARCHIVE_UNKNOWN_FORMAT", Value::Null),
        ] {
            let answer = market.publish_form(None, parts);
            let told = (answer.status, answer.json()["code"].clone(), answer.json()["member"].clone());
            assert_eq!(told, (status, json!(code), member), "{}", answer.text());
        }
        assert_eq!(market.sends(None, "", "multipart/form-data", &third).json()["member"], "archive", "no boundary");
        let whole = form(&[("xml", &before), ("archive", &third)]);
        for end in (0..whole.len() - 4).step_by(61) {
            let cut = market.sends(None, "", "multipart/form-data; boundary=boundary", &whole[..end]);
            assert_eq!(cut.status, 422, "cut after {end}: {}", cut.text());
        }
        assert_eq!(house.store.read(|reader| store::all(reader)).unwrap()[0].1.len(), 2, "nothing of these is there");
    }

    fn the_whole_way_of_a_plugin(house: House) {
        let market = Market::of(&house);
        let basic = house.vendor().issues_key("Acme", "basic");
        let (first, paid) = (archive("demo", "1.0.0"), archive("paid", "1.0.0"));
        let published = market.publish("", &first);
        assert_eq!(published.status, 201, "{}", published.text());
        assert_eq!(published.json()["sha256"], hex(&first).as_str());
        assert_eq!(market.publish("?require_offers=advanced", &paid).status, 201);

        // Discovered, in pages.
        let all = market.page_when(&basic, |page| page.as_array().unwrap().len() == 2);
        assert_eq!((&all[0]["key"], &all[0]["name"], &all[0]["versions"][0]["num"]), (&json!("demo"), &json!("Demo"), &json!("1.0.0")));
        assert_eq!(market.page("10.0.19", &basic, "0-0").as_array().unwrap().len(), 1);
        assert_eq!(market.page("10.0.19", &basic, "1-1")[0]["key"], "paid");
        assert_eq!(market.asks("10.0.19", &basic, "/api/marketplace/plugins", &[("X-Range", "200-399")]).text(), "[]");
        let eleven = market.asks("11.0.2", &basic, "/api/marketplace/plugins", &[("X-Range", "0-199")]).json();
        assert_eq!(eleven[0]["versions"].as_array().unwrap().len(), 1);
        let old = market.asks("9.5.13", &basic, "/api/glpi-plugins/plugins", &[("X-Range", "0-199")]).json();
        assert_eq!(old[0]["versions"], json!([]), "not for this GLPI");

        // Tags, in the language of whoever looks, the vendor's recommendations first.
        let tags = market.asks("10.0.19", &basic, "/api/marketplace/tags/top", &[("X-Lang", "fr-FR")]).json();
        assert_eq!(tags, json!([{ "key": "recommended", "tag": "Recommandé" }, { "key": "lab", "tag": "Labo" }]));
        let lab = market.asks("10.0.19", &basic, "/api/marketplace/tags/lab/plugin", &[("X-Range", "0-199")]).json();
        assert_eq!(lab.as_array().unwrap().len(), 2);
        let none = market.asks("10.0.19", &basic, "/api/marketplace/tags/none/plugin", &[("X-Range", "0-199")]);
        assert_eq!((none.status, none.text().as_str()), (200, "[]"));

        // The paid one has its badge and no address, and its archive is refused.
        assert_eq!((&all[1]["required_offers"], &all[1]["versions"][0]["download_url"]), (&json!(["advanced"]), &json!("")));
        let address = "/api/marketplace/archives/paid/paid-1.0.0.tar.gz";
        let refused = market.asks("10.0.19", &basic, address, &[]);
        assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("PLUGIN_NOT_OPENED")));

        // Another subscription of the same customer opens it, for as long as it runs.
        house.vendor().issues("Acme", "advanced", None, days(30)).unwrap();
        let opened = market.page_when(&basic, |page| page[1]["versions"][0]["download_url"] != "");
        let download = market.asks("10.0.19", &basic, &path(&opened[1]), &[]);
        assert_eq!((download.status, &download.body), (200, &paid));
        house.clock.advance(days_of(50));
        assert_eq!(market.asks("10.0.19", &basic, address, &[]).status, 403);
        assert_eq!(market.page("10.0.19", &basic, "0-199")[1]["versions"][0]["download_url"], "");
    }

    fn archives_are_given_whole_in_part_and_once(house: House) {
        let market = Market::of(&house);
        let key = house.vendor().issues_key("Acme", "basic");
        let bytes = archive("demo", "1.0.0");
        market.publish("", &bytes);
        let address = path(&market.page_when(&key, |page| page[0]["key"] == "demo")[0]);
        let whole = market.asks("10.0.19", &key, &address, &[]);
        let etag = whole.header("etag").unwrap();
        assert_eq!((whole.status, &whole.body), (200, &bytes));
        assert_eq!(etag, format!("\"{}\"", hex(&bytes)));
        assert!(whole.header("repr-digest").unwrap().starts_with("sha-256=:"));
        let ask = |more: &[(&str, &str)]| market.asks("10.0.19", &key, &address, more);
        assert_eq!(ask(&[("If-None-Match", &etag)]).status, 304);
        let part = ask(&[("Range", "bytes=10-19")]);
        assert_eq!((part.status, &part.body[..]), (206, &bytes[10..20]));
        assert_eq!(part.header("content-range").unwrap(), format!("bytes 10-19/{}", bytes.len()));
        assert_eq!(ask(&[("Range", "bytes=-5")]).body, bytes[bytes.len() - 5..]);
        assert_eq!(ask(&[("Range", "bytes=999999-")]).status, 416);
        assert_eq!(ask(&[("Range", "bytes=10-19"), ("If-Range", "\"other\"")]).status, 200);

        // Two downloads and GLPI's own report are one.
        let report = market.asks("10.0.19", &key, "/api/marketplace/plugin/demo/download/1.0.0", &[]);
        assert_eq!(report.status, 200);
        let counted = || house.store.read(|reader| store::all(reader)).unwrap()[0].0.downloads;
        assert_eq!(poll_until(SOON, || Some(counted()).filter(|count| *count > 0)), 1);

        // Without a key, with a wrong one and with one that was revoked there is nothing.
        assert_eq!(Request::get(&address).send(house.address()).status, 403);
        house.vendor().revokes(&key.key, "leaked");
        let closed = poll_until(SOON, || Some(ask(&[])).filter(|it| it.status != 200));
        assert_eq!((closed.status, &closed.json()["code"]), (403, &json!("KEY_REVOKED")));
    }

    fn a_withdrawn_version_is_for_nobody_and_who_has_it_is_warned(house: House) {
        let market = Market::of(&house);
        let key = house.vendor().issues_key("Acme", "basic");
        market.publish("", &archive("demo", "1.0.0"));
        market.publish("", &archive("demo", "1.1.0"));
        let address = path(&market.page_when(&key, |page| page[0]["versions"][0]["num"] == "1.1.0")[0]);
        assert_eq!(market.asks("10.0.19", &key, &address, &[]).status, 200);
        poll_until(SOON, || (house.store.read(|reader| store::all(reader)).unwrap()[0].0.downloads == 1).then_some(()));
        assert_eq!(market.withdraw("demo", "1.1.0").status, 200);
        let gone = market.asks("10.0.19", &key, &address, &[]);
        assert_eq!((gone.status, &gone.json()["code"]), (410, &json!("PLUGIN_VERSION_WITHDRAWN")));
        market.page_when(&key, |page| page[0]["versions"][0]["num"] == "1.0.0");
        let told = |words: &str| {
            poll_until(SOON, || Some(house.glpi_10().asks(key.text.reveal()).json).filter(|it| {
                it["validation_message"].as_str().unwrap().contains(words)
            }))
        };
        assert_eq!(told("Version 1.1.0 of the plugin demo")["is_valid"], true);
        let again = market.withdraw("demo", "1.1.0");
        assert_eq!((again.status, &again.json()["code"]), (410, &json!("PLUGIN_VERSION_WITHDRAWN")));

        // The update ends the warning.
        market.publish("", &archive("demo", "1.2.0"));
        let address = path(&market.page_when(&key, |page| page[0]["versions"][0]["num"] == "1.2.0")[0]);
        house.clock.advance(1_000);
        market.asks("10.0.19", &key, &address, &[]);
        poll_until(SOON, || {
            let message = house.glpi_10().asks(key.text.reveal()).json["validation_message"].as_str().unwrap().to_owned();
            (!message.contains("withdrawn")).then_some(())
        });
    }

    fn what_is_published_for_an_older_line_leaves_the_description_alone(house: House) {
        let market = Market::of(&house);
        let key = house.vendor().issues_key("Acme", "basic");
        for (version, name, shown) in [("2.0.0", "Demo", "Demo"), ("1.0.1", "Mended", "Demo"), ("2.0.1", "Newer", "Newer")] {
            let sheet = SHEET.replace("<name>Demo", &format!("<name>{name}"));
            assert_eq!(market.publish("", &archive_of("demo", version, &sheet, b"more")).status, 201);
            let has = |one: &Value| one["num"] == version;
            let page = market.page_when(&key, |page| page[0]["versions"].as_array().is_some_and(|all| all.iter().any(has)));
            assert_eq!(page[0]["name"], shown, "after {version}");
        }
    }

    fn who_goes_back_to_an_earlier_version_is_warned_no_longer(house: House) {
        let market = Market::of(&house);
        let key = house.vendor().issues_key("Acme", "basic");
        let fetch = |version: &str| {
            let address = path(&market.page_when(&key, |page| page[0]["versions"][0]["num"] == version)[0]);
            house.clock.advance(1_000);
            assert_eq!(market.asks("10.0.19", &key, &address, &[]).status, 200);
            address
        };
        let warned = |is: bool| {
            poll_until(SOON, || {
                let said = house.glpi_10().asks(key.text.reveal()).json["validation_message"].as_str().unwrap().to_owned();
                (said.contains("withdrawn") == is).then_some(())
            });
        };
        market.publish("", &archive("demo", "1.0.0"));
        let first = fetch("1.0.0");
        market.publish("", &archive("demo", "1.1.0"));
        fetch("1.1.0");
        poll_until(SOON, || (house.store.read(|reader| store::all(reader)).unwrap()[0].0.downloads == 2).then_some(()));
        assert_eq!(market.withdraw("demo", "1.1.0").status, 200);
        warned(true);
        house.clock.advance(1_000);
        assert_eq!(market.asks("10.0.19", &key, &first, &[]).status, 200);
        warned(false);
        assert_eq!(house.store.read(|reader| store::all(reader)).unwrap()[0].0.downloads, 2, "nothing is counted twice");
    }

    fn pre_releases_are_for_subscriptions_on_that_channel(house: House) {
        let market = Market::of(&house);
        let key = house.vendor().issues_key("Acme", "basic");
        market.publish("", &archive("demo", "1.0.0"));
        market.publish("", &archive("demo", "2.0.0-beta1"));
        let page = market.page_when(&key, |page| page[0]["key"] == "demo");
        assert_eq!(page[0]["versions"].as_array().unwrap().len(), 1);
        let beta = "/api/marketplace/archives/demo/demo-2.0.0-beta1.tar.gz";
        let hidden = market.asks("10.0.19", &key, beta, &[]);
        assert_eq!((hidden.status, &hidden.json()["code"]), (404, &json!("PLUGIN_VERSION_UNKNOWN")));
        let (id, actor) = (key.subscription.id, Actor::command_line("vendor"));
        house.store.write_blocking(house.clock.wall(), move |tx| store::set_channel(tx, id, Channel::PreRelease, &actor)).unwrap();
        let page = market.page_when(&key, |page| page[0]["versions"].as_array().unwrap().len() == 2);
        assert_eq!((&page[0]["versions"][0]["num"], &page[0]["versions"][0]["stability"]), (&json!("2.0.0-beta1"), &json!("stable")));
        assert_eq!(market.asks("10.0.19", &key, beta, &[]).status, 200);
    }

    fn of_two_who_publish_one_version_one_is_told(house: House) {
        let market = Market::of(&house);
        let bytes = archive("demo", "1.0.0");
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let both: Vec<_> = (0..2).map(|_| scope.spawn(|| market.publish("", &bytes).status)).collect();
            both.into_iter().map(|it| it.join().unwrap()).collect()
        });
        assert!(statuses == [201, 409] || statuses == [409, 201], "{statuses:?}");
    }

    fn what_nothing_refers_to_is_taken_away_after_a_day(house: House) {
        let market = Market::of(&house);
        let bytes = archive("demo", "1.0.0");
        market.publish("", &bytes);
        // Refused at the last moment, after its archive was kept.
        let (late, old) = (archive("demo", "1.0.0-p1"), hex(b"old"));
        assert_eq!(market.publish("?require_offers=gold", &late).json()["code"], "OFFER_UNKNOWN");
        let at = |digest: &str| house.archives().join("sha256").join(&digest[..2]).join(digest);
        std::fs::create_dir_all(at(&old).parent().unwrap()).unwrap();
        std::fs::write(at(&old), b"old").unwrap();
        let two_days = std::time::SystemTime::now() - Duration::from_secs(2 * 86_400);
        for kept in [at(&old), at(&hex(&bytes))] {
            std::fs::File::open(kept).unwrap().set_modified(two_days).unwrap();
        }
        assert!(at(&hex(&late)).exists());
        house.clock.advance(7 * 3_600_000);
        poll_until(SOON, || (!at(&old).exists()).then_some(()));
        assert!(at(&hex(&bytes)).exists(), "what a version refers to stays, however old");
        assert!(at(&hex(&late)).exists(), "what is new may be referred to in a moment");
    }

    fn what_is_not_an_archive_leaves_nothing_behind(house: House) {
        let market = Market::of(&house);
        let whole = archive("demo", "1.0.0");
        for end in (0..whole.len()).step_by(37) {
            assert_eq!(market.publish("", &whole[..end]).status, 422, "cut after {end}");
        }
        let other = market.publish("?version=9.9.9", &whole);
        assert_eq!((other.status, &other.json()["code"]), (422, &json!("ARCHIVE_OTHER_VERSION")));
        assert_eq!(market.publish("?require_offers=gold", &whole).json()["code"], "OFFER_UNKNOWN");
        assert_eq!(market.publish("?channel=beta", &whole).json()["code"], "CHANNEL_UNKNOWN");
        assert_eq!(house.store.read(|reader| store::all(reader)).unwrap().len(), 0);
        let stranger = house.makes_token(&["plugins:read"], None);
        let market = Market { house: &house, token: stranger };
        assert_eq!(market.publish("", &whole).status, 403);
    }
}

pub(crate) fn days_of(count: i64) -> i64 {
    count * 86_400_000
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
