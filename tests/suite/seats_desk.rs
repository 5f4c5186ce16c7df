//! Instances, moves and trials in the console: what support sees and decides, with the tabs of both GLPIs open beside it.

use std::time::Duration;

use latchkey_domain::operators::Role;
use latchkey_domain::time::DAY;
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use serde_json::{Value, json};

use crate::console::{Browser, Shown};
use crate::glpi::uid;
use crate::house::{House, both_databases};

impl House {
    /// A move from one GLPI to another that asks with the same key, and a trial: the ids of the newcomer and of the trial.
    pub(crate) fn has_a_move_and_a_trial(&self, key: &str) -> (String, String) {
        for number in [1, 2] {
            assert_eq!(self.glpi_10().number(number).asks(key).is_valid(), Some(true));
        }
        let mut owner = self.owner_called("moves@example.org");
        sells_the_helpdesk(&mut owner, "suite");
        self.tries("helpdesk", 9);
        (self.instance(2), id_in(&owner.opens("/console/trials"), "/console/trials/"))
    }

    /// Somebody who may do everything.
    fn owner_called(&self, email: &str) -> Browser {
        self.signed_in_as(Role::Owner, email)
    }

    fn tries(&self, plugin: &str, number: u32) -> Value {
        let site = json!({ "plugin": plugin, "plugin_version": "1.2.0", "url": "https://glpi.example.org/",
                           "uid": uid(number), "glpi_version": "10.0.19" });
        let request = Request::post("/api/v1/activations").header("Content-Type", "application/json");
        let response = request.body(site.to_string()).send(self.address());
        assert_eq!(response.status, 200, "{}", response.text());
        response.json()
    }

    /// Waits until a GLPI hears this; the feed takes a moment.
    fn hears(&self, key: &str, number: u32, code: &str) {
        poll_until(Duration::from_secs(10), || (self.glpi_10().number(number).asks(key).code() == code).then_some(()));
    }

    /// The id of a GLPI's instance.
    pub(crate) fn instance(&self, number: u32) -> String {
        let page = latchkey_store::instances::list::Page { site: Some(uid(number)), ..Default::default() };
        self.store.read(|reader| latchkey_store::instances::list::page(reader, &page, 1)).unwrap()[0].id.to_string()
    }
}

/// An offer that opens a plugin, made in the console.
fn sells_the_helpdesk(owner: &mut Browser, reference: &str) {
    let form = owner.opens("/console/offers/new");
    let typed = [
        ("offer", reference),
        ("title", "Suite"),
        ("grace_days", "0"),
        ("seats", "1"),
        ("staging_limit", "2"),
        ("move_window_days", "14"),
        ("moves_a_year", "3"),
        ("self_service_releases_a_year", "0"),
        ("cooling_off_days", "7"),
        ("plugins", "helpdesk, datainjection"),
        ("seated_by", "instance"),
        ("trial_days", "30"),
    ];
    owner.sends(&form, "/console/offers/new", &typed).is(200).says("datainjection, helpdesk").says("Days of trial");
}

#[track_caller]
fn id_in(page: &Shown, place: &str) -> String {
    let begin = format!("href=\"{place}0");
    let rest = page.html.split_once(&begin).unwrap_or_else(|| panic!("no {place} in {}", page.html)).1;
    format!("0{}", &rest[..35])
}

both_databases! {
    fn a_move_is_seen_on_the_first_page_and_approved(house: House) {
        let issued = house.vendor().issues_key("Acme", "basic");
        let key = issued.text.reveal();
        let mut support = house.signed_in_as(Role::Support, "support@example.org");
        support.opens("/console/dashboard").is(200).says("moves to decide");
        house.glpi_10().number(1).asks(key);
        house.clock.advance(DAY);
        assert_eq!(house.glpi_10().number(2).asks(key).code(), "SEAT_MOVING_HERE");
        // The day has ended the session.
        support.signs_in("support@example.org");
        support.opens("/console/dashboard").says("Moves to decide").says("GLPI 00000000").says("Silent: the seat would move");
        let (old, new) = (house.instance(1), house.instance(2));
        let place = |id: &str, deed: &str| format!("/console/instances/{id}{deed}");
        support.opens(&place(&new, "")).is(200).says("It is moving to the seat of").says("Who holds the seats").says(&uid(2));
        support.opens(&place(&old, "")).is(200).says("is moving to its seat").says("1 of 1");
        support.opens("/console/instances?state=moving").says(&new);
        support.opens(&format!("/console/instances?site={}", uid(1))).says(&old);
        support.opens("/console/instances?state=refused").says("Nothing fits");
        support.opens("/console/instances?subscription=none").is(200).says("No subscription");
        // Who holds the seat stands on the key's and the subscription's page, too; a UID is found by the search.
        support.opens(&format!("/console/keys/{}", issued.key.id)).says("Who holds the seats").says(&old);
        support.opens(&format!("/console/subscriptions/{}", issued.subscription.id)).says("1 of 1 taken").says(&new);
        support.opens(&format!("/console/customers/{}", issued.customer.id)).says(&old).says(&new);
        let search = support.opens("/console/search");
        assert_eq!(support.sends(&search, "/console/search", &[("q", &uid(2))]).path, place(&new, ""));

        let approve = place(&new, "/approve");
        let (form, stale) = (support.opens(&approve), support.opens(&place(&new, "/refuse")));
        form.says("has the seat at once");
        support.sends(&form, &approve, &[("reason", "they told us")]).is(200).says("is approved").says("Because: they told us");
        let late = support.sends(&stale, &place(&new, "/refuse"), &[("reason", "no")]);
        late.is(409).says("Changed in the meantime").says("value=\"no\"");
        house.hears(key, 2, "");
        house.hears(key, 1, "SEAT_MOVED");
        support.opens(&place(&old, "")).says("Its seat moved to another instance");
        assert!(support.opens("/console/instances.csv").html.lines().count() == 3);
    }

    fn an_instance_is_refused_declared_and_released(house: House) {
        let issued = house.vendor().issues_key("Acme", "basic");
        let key = issued.text.reveal();
        let mut support = house.signed_in_as(Role::Support, "support@example.org");
        house.glpi_10().number(1).asks(key);
        house.glpi_10().number(2).asks(key);
        let (old, new) = (house.instance(1), house.instance(2));
        let place = |id: &str, deed: &str| format!("/console/instances/{id}/{deed}");
        let refuse = place(&new, "refuse");
        let form = support.opens(&refuse);
        support.sends(&form, &refuse, &[("reason", "")]).is(422).says("is empty");
        support.sends(&form, &refuse, &[("reason", "a stranger")]).is(200).says("is refused");
        house.hears(key, 2, "MOVE_REFUSED");
        let form = support.opens(&refuse);
        support.sends(&form, &refuse, &[("reason", "again")]).is(409).says("See how it stands now");
        // For want of a seat it cannot be approved; as a test system it needs none.
        let approve = place(&new, "approve");
        let form = support.opens(&approve);
        support.sends(&form, &approve, &[]).is(409);
        let declare = place(&old, "declare");
        let form = support.opens(&declare);
        support.sends(&form, &declare, &[("environment", "moon")]).is(422);
        support.sends(&form, &declare, &[("environment", "staging")]).is(200).says("Staging");
        house.hears(key, 1, "");
        let form = support.opens(&approve);
        support.sends(&form, &approve, &[]).is(200).says("is approved");
        house.hears(key, 2, "");
        let release = place(&new, "release");
        let form = support.opens(&release);
        support.sends(&form, &release, &[("reason", "decommissioned")]).is(200).says("is released").says("Released");
        house.hears(key, 2, "INSTANCE_RELEASED");
        // More seats are the manager's to give.
        let seats = format!("/console/subscriptions/{}/seats", issued.subscription.id);
        support.opens(&seats).is(403);
        support.forges(&form, &release, &seats, &[("seats", "9")]).is(403);
        let mut manager = house.signed_in_as(Role::Manager, "manager@example.org");
        let form = manager.opens(&seats);
        manager.sends(&form, &seats, &[("seats", "0")]).is(422).says("value=\"0\"");
        manager.sends(&form, &seats, &[("seats", "many")]).is(422).says("value=\"many\"");
        manager.sends(&form, &seats, &[("seats", "3")]).is(200).says("0 of 3 taken");
        let mut auditor = house.signed_in_as(Role::Auditor, "auditor@example.org");
        auditor.opens(&format!("/console/instances/{old}")).is(200);
        auditor.opens(&declare).is(403);
        auditor.opens("/console/instances/none").is(404);
        auditor.opens("/console/audit?action=instance.release").says("decommissioned");
    }

    fn a_trial_is_extended_and_becomes_a_subscription(house: House) {
        let mut manager = house.signed_in_as(Role::Manager, "manager@example.org");
        let mut support = house.signed_in_as(Role::Support, "support@example.org");
        sells_the_helpdesk(&mut manager, "suite");
        assert_eq!(house.tries("helpdesk", 1)["basis"], "trial");
        let list = support.opens("/console/trials?state=running&plugin=helpdesk");
        list.says("helpdesk").says("Running");
        let trial = format!("/console/trials/{}", id_in(&list, "/console/trials/"));
        support.opens(&trial).is(200).says(&uid(1)).says("Trial begun");
        house.clock.advance(40 * DAY);
        support.signs_in("support@example.org");
        manager.signs_in("manager@example.org");
        support.opens("/console/trials?state=ended").says("Ended");
        let extend = format!("{trial}/extend");
        let form = support.opens(&extend);
        form.says("goes on from now");
        support.sends(&form, &extend, &[("days", "400")]).is(422).says("value=\"400\"");
        support.sends(&form, &extend, &[("days", "10"), ("reason", "they were on holiday")]).is(200).says("The trial now ends on");
        assert_eq!(house.tries("helpdesk", 1)["basis"], "trial");
        let subscribe = format!("{trial}/subscribe");
        support.opens(&subscribe).is(403);
        let form = manager.opens(&subscribe);
        form.says("without a gap");
        manager.sends(&form, &subscribe, &[("customer", "Acme"), ("offer", "basic"), ("count", "1"), ("unit", "years")]).is(409);
        let issued = manager.sends(&form, &subscribe, &[("customer", "Acme"), ("offer", "suite"), ("count", "1"), ("unit", "years")]);
        issued.is(200).says("The key is issued");
        support.opens(&trial).says("Subscribed");
        support.opens("/console/instances").says("GLPI 00000000").says("Acme");
        assert_eq!(support.opens("/console/trials.csv").html.lines().count(), 2);
    }
}

#[test]
fn instances_are_read_in_french() {
    let house = House::on_sqlite();
    let issued = house.vendor().issues_key("Acme", "basic");
    let (new, trial) = house.has_a_move_and_a_trial(issued.text.reveal());
    let mut support = house.signed_in_as(Role::Support, "support@example.org");
    support.reads("fr");
    support.opens("/console/dashboard").says("Transferts à décider").says("Silencieuse");
    support.opens(&format!("/console/instances/{new}")).says("Elle reprend le siège de").says("Qui occupe les sièges");
    support.opens(&format!("/console/instances/{new}/approve")).says("a le siège tout de suite");
    support.opens(&format!("/console/trials/{trial}/extend")).says("Prolonger un essai");
}
