//! Plugins in the console: published from a file, looked at, withdrawn; each role as far as it may.

use latchkey_domain::operators::Role;
use latchkey_store::marketplace as store;
use latchkey_tests_support::poll_until;

use crate::house::{House, both_databases};
use crate::marketplace::{Market, SOON, UID, archive};

const PUBLISH: &str = "/console/plugins/publish";
const SHEET: &[u8] = b"<root><name>Demo by form</name><key>demo</key>\
    <description><short><en>From a form</en></short></description></root>";

/// In a real browser: with scripts, where the form shows how far it has come, and without.
#[test]
fn a_file_is_published_with_scripts_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("demo.tar.gz");
    for scripts in [true, false] {
        let house = House::on_sqlite();
        let browser = house.owner_browses(scripts);
        let whole = archive("demo", "1.0.0");
        for (bytes, words) in [(&whole[..40], "breaks off"), (&whole, "demo 1.0.0 is published")] {
            std::fs::write(&file, bytes).unwrap();
            browser.open(&house.url(PUBLISH));
            browser.choose("#archive", &file);
            browser.click("main form button[type=submit]");
            browser.reads(words);
        }
        assert!(browser.address().ends_with("/console/plugins/demo"), "{}", browser.address());
        // The page is a whole one: its menu leads on.
        browser.follow("Customers");
        browser.reads("There are no customers yet");
    }
}

both_databases! {
    fn a_version_is_published_by_a_form_and_withdrawn(house: House) {
        let mut owner = house.owner();
        owner.opens("/console/plugins").is(200).says("No plugin is published yet");
        let (first, second) = (archive("demo", "1.0.0"), archive("demo", "1.1.0"));
        let form = owner.opens(PUBLISH);
        let typed = [("open_to", "offers"), ("offers", "basic"), ("channel", "")];
        let files: [(&str, &str, &[u8]); 2] = [("xml", "plugin.xml", SHEET), ("archive", "demo.tar.gz", &first)];
        let shown = owner.uploads(&form, PUBLISH, &typed, &files);
        shown.is(200).says("demo 1.0.0 is published").says("Demo by form").says("From a form").says("10.0.0 to before 12.0.0");
        // A second click does it once, and says so again.
        owner.uploads(&form, PUBLISH, &typed, &files).is(200).says("demo 1.0.0 is published");
        let form = owner.opens(PUBLISH);
        let again = owner.uploads(&form, PUBLISH, &typed, &files);
        again.is(409).says("value=\"basic\" checked");
        owner.uploads(&form, PUBLISH, &[], &[("xml", "", b""), ("archive", "demo.tar.gz", &second)]).is(200);

        // Who has what is known, and the bad version is withdrawn.
        let key = house.vendor().issues_key("Globex", "basic");
        let market = Market::of(&house);
        let download = market.asks("10.0.19", &key, "/api/marketplace/archives/demo/demo-1.1.0.tar.gz", &[]);
        assert_eq!((download.status, &download.body), (200, &second));
        poll_until(SOON, || (house.store.read(|reader| store::all(reader)).unwrap()[0].0.downloads == 1).then_some(()));
        owner.opens("/console/plugins/demo").is(200).says("Globex").says(&UID[..8]).says("Not available for this version");
        let withdraw = "/console/plugins/demo/versions/1.1.0/withdraw";
        let form = owner.opens(withdraw);
        form.is(200).says("1 GLPI has it").says("cannot be undone");
        owner.sends(&form, withdraw, &[("reason", " ")]).is(422).says("is empty");
        owner.sends(&form, withdraw, &[("reason", "it loses data")]).is(200).says("demo 1.1.0 is withdrawn");
        assert_eq!(market.asks("10.0.19", &key, "/api/marketplace/archives/demo/demo-1.1.0.tar.gz", &[]).status, 410);
        owner.opens("/console/plugins/demo/versions/1.1.0").is(200).says("Withdrawn since").says("GLPIs that have it");
        owner.opens("/console/plugins/demo").is(200).says("it loses data");
        let form = owner.opens("/console/plugins/demo/versions/1.0.0/withdraw");
        owner.sends(&form, "/console/plugins/demo/versions/1.0.0/withdraw", &[("reason", "old")]).is(200);
        owner.opens("/console/plugins?plugin=DEMO").is(200).says("/console/plugins/demo\"");
        owner.opens("/console/plugins?plugin=nothing").is(200).says("Show all");
        owner.opens("/console/plugins/none").is(404);
        owner.opens("/console/plugins/demo/versions/9").is(404);
    }

    fn what_is_refused_is_said_and_nothing_is_kept(house: House) {
        let mut owner = house.owner();
        let whole = archive("demo", "1.0.0");
        let form = owner.opens(PUBLISH);
        for (typed, file, words) in [
            (&[("open_to", "all")][..], &whole[..whole.len() / 2], "breaks off"),
            (&[("open_to", "all")], b"<?php", "neither tar.gz"),
            (&[("open_to", "all")], b"", "neither tar.gz"),
            (&[("open_to", "offers")], &whole, "empty"),
            (&[("open_to", "offers"), ("offers", "gold")], &whole, "gold"),
        ] {
            let shown = owner.uploads(&form, PUBLISH, typed, &[("archive", "demo.tar.gz", file)]);
            assert!((400..500).contains(&shown.status), "{}: {}", shown.status, shown.html);
            shown.says("alert").says("Publish a version");
            assert!(shown.html.to_lowercase().contains(words), "{words}: {}", shown.html);
        }
        let bad_sheet: (&str, &str, &[u8]) = ("xml", "plugin.xml", b"<root>\n<key>other</key></root>");
        let shown = owner.uploads(&form, PUBLISH, &[], &[bad_sheet, ("archive", "demo.tar.gz", &whole)]);
        shown.is(422).says("2");
        // A form that is of no session, or that begins with the file, is not read on.
        let mut stranger = crate::console::Browser::at(house.address());
        stranger.uploads(&form, PUBLISH, &[], &[("archive", "demo.tar.gz", &whole)]).says("Sign in");
        let mut other = house.signed_in_as(Role::Manager, "manager@example.org");
        other.uploads(&form, PUBLISH, &[], &[("archive", "demo.tar.gz", &whole)]).is(400);
        assert_eq!(house.store.read(|reader| store::all(reader)).unwrap().len(), 0);
        assert!(std::fs::read_dir(house.archives().join("incoming")).unwrap().next().is_none());
    }

    fn each_role_does_as_much_with_plugins_as_it_may(house: House) {
        let market = Market::of(&house);
        market.publish("", &archive("demo", "1.0.0"));
        let issued = house.vendor().issues_key("Acme", "basic");
        let channel = format!("/console/subscriptions/{}/channel", issued.subscription.id);
        for (role, email, may) in [
            (Role::Auditor, "auditor@example.org", false),
            (Role::Support, "support@example.org", false),
            (Role::Manager, "manager@example.org", true),
        ] {
            let mut browser = house.signed_in_as(role, email);
            let list = browser.opens("/console/plugins");
            list.is(200);
            assert_eq!(list.html.contains(PUBLISH), may, "{role}");
            browser.opens("/console/plugins/demo").is(200);
            let version = browser.opens("/console/plugins/demo/versions/1.0.0");
            version.is(200);
            assert_eq!(version.html.contains("/withdraw"), may, "{role}");
            for deed in [PUBLISH, "/console/plugins/demo/versions/1.0.0/withdraw", &channel] {
                browser.opens(deed).is(if may { 200 } else { 403 });
            }
        }
        let mut manager = house.signed_in_as(Role::Manager, "other@example.org");
        let form = manager.opens(&channel);
        manager.sends(&form, &channel, &[("channel", "pre-release")]).is(200).says("The channel is changed").says("Pre-release");
        let id = issued.subscription.id;
        let now = house.store.read(|reader| store::channel(reader, id)).unwrap();
        assert_eq!(now.name(), "pre-release");
    }
}
