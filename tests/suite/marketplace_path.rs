//! The whole way of a plugin in one story, with the requests of a stock GLPI: discovered, filtered by a tag, paged, a paid one with
//! its badge, refused, the offer upgraded, downloaded, verified offline, updated, withdrawn.

use latchkey_tests_support::http::Request;
use latchkey_tests_support::{Program, poll_until};
use serde_json::{Value, json};

use crate::house::{both_databases, days};
use crate::marketplace::{Market, SOON, archive, path};

/// What `latchkey plugin verify` makes of a file, with nothing but what a stranger can have.
fn verifies(archive: &[u8], signature: &Value, keys: &str) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("plugin.tar.gz"), archive).unwrap();
    std::fs::write(at("signature.json"), signature.to_string()).unwrap();
    std::fs::write(at("keys.json"), keys).unwrap();
    let mut ran = Program::new(env!("CARGO_BIN_EXE_latchkey"))
        .directory(folder.path())
        .args(["plugin", "verify", "plugin.tar.gz", "--signature", "signature.json", "--keys", "keys.json"])
        .spawn();
    let status = ran.wait(SOON * 4);
    (status.code(), format!("{}{}", ran.stdout(), ran.stderr()))
}

both_databases! {
    fn from_the_first_look_to_the_last_version(house: House) {
        let market = Market::of(&house);
        let key = house.vendor().issues_key("Acme", "basic");
        for number in 0..5 {
            assert_eq!(market.publish("", &archive(&format!("free{number}"), "1.0.0")).status, 201);
        }
        let (first, next) = (archive("paid", "1.0.0"), archive("paid", "1.1.0"));
        let published = market.publish("?require_offers=advanced", &first);
        assert_eq!(published.status, 201, "{}", published.text());

        // The tab: first whether somebody is there, then what the key is, what is on offer, the tags and the list.
        let alive = Request::get("/api/registration/").header("User-Agent", "GLPI/10.0.19").send(house.address());
        assert!(!alive.body.is_empty());
        assert_eq!(house.glpi_10().asks(key.text.reveal()).json["subscription"]["offer_reference"], "basic");
        let offers = Request::get("/api/registration/offers").header("Accept-Language", "fr").send(house.address()).json();
        assert!(offers.as_array().unwrap().iter().any(|offer| offer["offer_reference"] == "advanced"), "the badge's title");
        let all = market.page_when(&key, |page| page.as_array().unwrap().len() == 6);
        let tags = market.asks("10.0.19", &key, "/api/marketplace/tags/top", &[("X-Lang", "en-GB")]).json();
        assert_eq!(tags[0], json!({ "key": "recommended", "tag": "Recommended" }));
        let of_tag = market.asks("10.0.19", &key, "/api/marketplace/tags/lab/plugin", &[("X-Range", "0-199")]).json();
        assert_eq!(of_tag, all);
        // GLPI asks on until a page is empty; two to a page here.
        let mut paged = Vec::new();
        for at in (0..).step_by(2) {
            let page = market.page("10.0.19", &key, &format!("{at}-{}", at + 1));
            match page.as_array().unwrap().as_slice() {
                [] => break,
                some => paged.extend_from_slice(some),
            }
        }
        assert_eq!(json!(paged), all);

        // The paid one has its badge and no address; whoever asks for its archive anyway is refused.
        let paid = &all[5];
        assert_eq!((&paid["key"], &paid["required_offers"]), (&json!("paid"), &json!(["advanced"])));
        assert_eq!(paid["versions"][0]["download_url"], "");
        let address = "/api/marketplace/archives/paid/paid-1.0.0.tar.gz";
        let refused = market.asks("10.0.19", &key, address, &[]);
        assert_eq!((refused.status, &refused.json()["code"]), (403, &json!("PLUGIN_NOT_OPENED")));

        // The offer is upgraded: the same GLPI, with the same key, gets it.
        house.vendor().issues("Acme", "advanced", None, days(365)).unwrap();
        let open = market.page_when(&key, |page| page[5]["versions"][0]["download_url"] != "");
        assert!(path(&open[5]).ends_with(".tar.gz") && path(&open[5]).starts_with("/api/marketplace/archives/"));
        let download = market.asks("10.0.19", &key, &path(&open[5]), &[("Accept", "*/*")]);
        assert_eq!((download.status, &download.body), (200, &first));
        assert_eq!(market.asks("10.0.19", &key, "/api/marketplace/plugin/paid/download/1.0.0", &[]).status, 200);

        // What came is what was signed: by a copy of the keys, without asking anybody.
        let keys = Request::get("/.well-known/latchkey-keys.json").send(house.address()).text();
        let (code, said) = verifies(&download.body, &published.json(), &keys);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("genuine: paid 1.0.0"), "{said}");
        let mut other = download.body;
        let middle = other.len() / 2;
        other[middle] ^= 1;
        assert_eq!(verifies(&other, &published.json(), &keys).0, Some(1));
        assert_eq!(verifies(&next, &published.json(), &keys).0, Some(1), "nor does it vouch for another");

        // An update is offered, and taken.
        assert_eq!(market.publish("", &next).status, 201);
        let newer = market.page_when(&key, |page| page[5]["versions"][0]["num"] == "1.1.0");
        assert_eq!(newer[5]["required_offers"], json!(["advanced"]), "as before");
        house.clock.advance(60_000);
        assert_eq!(market.asks("10.0.19", &key, &path(&newer[5]), &[]).body, next);

        // It was a bad one: the list goes back to the one before, and the tab warns whoever has it.
        assert_eq!(market.withdraw("paid", "1.1.0").status, 200);
        let back = market.page_when(&key, |page| page[5]["versions"][0]["num"] == "1.0.0");
        assert_eq!(back[5]["versions"].as_array().unwrap().len(), 1);
        assert_eq!(market.asks("10.0.19", &key, &path(&newer[5]), &[]).status, 410);
        poll_until(SOON, || {
            let message = house.glpi_10().asks(key.text.reveal()).json["validation_message"].to_string();
            message.contains("1.1.0").then_some(())
        });
    }
}
