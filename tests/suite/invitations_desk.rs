//! Invitations and connections as an administrator has them: in the console without scripts, and as programs have them by REST.

use std::time::Duration;

use latchkey_domain::operators::Role;
use latchkey_tests_support::glpi::{GlpiDouble, Right, USER_TOKEN};
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use serde_json::{Value, json};

use crate::api::Program;
use crate::console::{Browser, Shown};
use crate::house::{House, both_databases};
use crate::invitations::Newcomer;

/// How long something is waited for that is written down later.
const PATIENCE: Duration = Duration::from_secs(30);

impl House {
    /// A GLPI that is connected, an invitation into it, and somebody who registered by it, for whoever looks at pages: their ids.
    pub(crate) fn has_an_invitation(&self, glpi: &GlpiDouble) -> [String; 2] {
        let admin = self.program(&["admin"]);
        let connection = admin.connects("main", glpi);
        let made = admin.posts(
            "/invitations",
            json!({ "name": "Sales <b>& Söhne</b>", "entity": 1, "profile": 2,
            "groups": [1], "uses": 12, "days": 14, "email_domains": ["example.org"], "comment": "For the fair" }),
        );
        let made = made.is(201);
        let newcomer = Newcomer::opens(self.address(), join(&made));
        assert_eq!(newcomer.sends(&[("password2", "another")]).status, 422);
        assert_eq!(newcomer.sends(&[]).status, 303);
        [connection["connection_id"].as_str().unwrap().to_owned(), made["invitation_id"].as_str().unwrap().to_owned()]
    }

    /// The id of the latest registration by an invitation.
    pub(crate) fn registration_by(&self, invitation: &str) -> String {
        let all = self.program(&["admin"]).gets(&format!("/invitations/{invitation}/registrations")).is(200);
        all["registrations"][0]["registration_id"].as_str().unwrap().to_owned()
    }
}

impl Program {
    fn connects(&self, name: &str, glpi: &GlpiDouble) -> Value {
        self.posts("/glpi-connections", json!({ "name": name, "url": glpi.url(), "user_token": USER_TOKEN })).is(201)
    }
}

/// What a GLPI wants to see before it takes inventories is said when it is connected, and at any time after.
fn what_it_is_shown_is_changed(admin: &Program, glpi: &GlpiDouble) {
    let shown = |of: Value| admin.posts("/glpi-connections/main/inventory", of);
    assert_eq!(admin.gets("/glpi-connections/main").is(200)["inventory"], "none");
    let basic = json!({ "inventory": "basic", "inventory_user": "inv", "inventory_password": "pass-w0rd-for-them" });
    let changed = shown(basic.clone()).is(200);
    assert!(changed["inventory"] == "basic" && !changed.to_string().contains("pass-w0rd"), "{changed}");
    let oauth =
        json!({ "inventory": "oauth", "inventory_client_id": "c", "inventory_client_secret": "s3cret-for-them" });
    assert_eq!(shown(oauth.clone()).is(200)["inventory"], "oauth");
    for (wrong, code, member) in [
        (json!({ "inventory": "none", "inventory_user": "inv" }), "INVENTORY_CREDENTIAL_MIXED", "inventory"),
        (json!({ "inventory": "basic", "inventory_client_id": "c" }), "INVENTORY_CREDENTIAL_MIXED", "inventory"),
        (json!({ "inventory": "basic", "inventory_user": "inv" }), "TEXT_INVALID", "inventory_password"),
        (
            json!({ "inventory": "basic", "inventory_user": "a:b", "inventory_password": "p" }),
            "TEXT_INVALID",
            "inventory_user",
        ),
        (json!({ "inventory": "oauth", "inventory_client_id": "c" }), "TEXT_INVALID", "inventory_client_secret"),
    ] {
        shown(wrong).is_problem(422, code).names(member);
    }
    shown(json!({ "inventory": "digest" })).is_problem(422, "BODY_INVALID").names("inventory");
    shown(json!({})).is_problem(422, "BODY_INVALID").names("inventory");
    assert_eq!(admin.gets("/glpi-connections/main").is(200)["inventory"], "oauth", "what is refused changes nothing");
    let mut order = json!({ "name": "second", "url": glpi.url(), "user_token": USER_TOKEN });
    order.as_object_mut().unwrap().extend(basic.as_object().unwrap().clone());
    assert_eq!(admin.posts("/glpi-connections", order).is(201)["inventory"], "basic");
    admin.posts("/glpi-connections/second/remove", json!({})).is(200);
    assert_eq!(shown(json!({ "inventory": "none" })).is(200)["inventory"], "none");
    admin.posts("/glpi-connections/mian/inventory", oauth).is_problem(404, "CONNECTION_UNKNOWN");
}

/// The path of an invitation's URL.
fn join(made: &Value) -> &str {
    let url = made["url"].as_str().unwrap();
    &url[url.find("/join/").unwrap()..]
}

/// The path of the URL that a page shows.
#[track_caller]
fn join_in(page: &Shown) -> String {
    let rest = page.html.split_once("/join/").unwrap_or_else(|| panic!("no URL in {}", page.html)).1;
    format!("/join/{}", rest.split('<').next().unwrap())
}

both_databases! {
    fn programs_connect_a_glpi_invite_and_see_who_came(house: House) {
        let (admin, glpi) = (house.program(&["invitations:read", "invitations:write"]), GlpiDouble::start());
        admin.gets("/glpi-connections").is(200);
        let order = json!({ "name": "main", "url": format!("{}/apirest.php", glpi.url()), "login": "latchkey", "password": "wrong" });
        admin.posts("/glpi-connections", order).is_problem(422, "GLPI_LOGIN_WRONG");
        let order = json!({ "name": "main", "url": "nowhere", "user_token": USER_TOKEN });
        admin.posts("/glpi-connections", order).is_problem(422, "OUTGOING_URL_INVALID");
        admin.posts("/glpi-connections", json!({ "name": "main", "url": glpi.url() })).is_problem(422, "TEXT_INVALID").names("user_token");
        glpi.state().rights.insert("user", 1);
        let order = json!({ "name": "main", "url": glpi.url(), "user_token": USER_TOKEN });
        admin.posts("/glpi-connections", order.clone()).is_problem(422, "USERS_CREATE_MISSING");
        glpi.state().rights.insert("user", 7);
        let made = admin.posts_as("once", "/glpi-connections", order.clone()).is(201);
        glpi.is_away(true);
        let again = admin.posts_as("once", "/glpi-connections", order.clone()).is(201);
        assert_eq!(again, made, "what was done is said again, whatever became of the GLPI");
        let checked = || admin.posts_as("check", "/glpi-connections/main/check", json!({}));
        checked().is_problem(422, "OUTGOING_BROKEN_OFF");
        glpi.is_away(false);
        let first = checked().is(200);
        glpi.is_away(true);
        assert_eq!(checked().is(200), first);
        glpi.is_away(false);
        admin.posts("/glpi-connections", order).is_problem(409, "CONNECTION_EXISTS").names("name");
        assert!(!made.to_string().contains(USER_TOKEN));
        let choices = admin.gets("/glpi-connections/main/choices").is(200);
        assert_eq!(choices["entities"][1]["path"], "Root entity > North", "{choices}");
        assert_eq!((choices["profiles"].as_array().unwrap().len(), choices["groups"][0]["path"].as_str()), (8, Some("Staff")));
        assert_eq!(admin.posts("/glpi-connections/main/check", json!({})).is(200)["glpi_version"], "10.0.19");
        what_it_is_shown_is_changed(&admin, &glpi);

        for (asked, member) in [
            (json!({ "name": "" }), "name"),
            (json!({ "name": "x", "days": 0 }), "days"),
            (json!({ "name": "x", "uses": 2_000_000 }), "uses"),
            (json!({ "name": "x", "uses": 2, "unlimited": true }), "uses"),
            (json!({ "name": "x", "language": "xx" }), "language"),
            (json!({ "name": "x", "email_domains": ["a@b"] }), "email_domains"),
            (json!({ "name": "x", "from": "tomorrow" }), "from"),
            (json!({ "name": "x", "until": "2026-11-21" }), "until"),
            (json!({ "name": "x", "from": "2026-12-24", "until": "2026-12-23" }), "until"),
            (json!({ "name": "x", "days": 2, "until": "2026-12-23" }), "until"),
        ] {
            let answer = admin.posts("/invitations", asked);
            assert_eq!(answer.status, 422, "{}", answer.json);
            answer.names(member);
        }
        for (asked, code, said) in [
            (json!({ "name": "x", "until": "2020-01-01" }), "LAST_DAY_OVER", "2020-01-01, is over: today is 2026-11-22"),
            (json!({ "name": "x", "from": "2026-11-01", "days": 5 }), "LAST_DAY_OVER", "2026-11-05, is over"),
            (json!({ "name": "x", "from": "2026-12-24", "until": "2026-12-23" }), "LAST_DAY_BEFORE_FIRST", "2026-12-24"),
            (json!({ "name": "x", "until": "2999-01-01" }), "LAST_DAY_TOO_LATE", "2999-01-01, is too far away"),
            (json!({ "name": "x", "days": 2, "until": "2026-12-23" }), "LAST_DAY_AND_DAYS", "2026-12-23"),
        ] {
            let answer = admin.posts("/invitations", asked);
            answer.is_problem(422, code);
            assert!(answer.json["detail"].as_str().unwrap().contains(said), "{}", answer.json);
        }
        admin.posts("/invitations", json!({ "name": "x", "glpi": "mian" })).is_problem(404, "CONNECTION_UNKNOWN").names("glpi");
        admin.gets("/glpi-connections/mian").is_problem(404, "CONNECTION_UNKNOWN");
        let order = json!({ "name": "Sales", "entity": 1, "recursive": true, "profile": 2, "groups": [1] });
        let made = admin.posts_as("invite", "/invitations", order.clone()).is(201);
        assert_eq!(admin.posts_as("invite", "/invitations", order).is(201)["url"], made["url"], "sent twice, made once");
        let id = made["invitation_id"].as_str().unwrap();
        let newcomer = Newcomer::opens(house.address(), join(&made));
        assert_eq!(newcomer.sends(&[("login", "Admin")]).status, 422);
        assert_eq!(newcomer.sends(&[]).status, 303);
        let user = glpi.registered()[0].id;
        assert_eq!(glpi.state().rights_of(user), [Right { profile: 2, entity: 1, recursive: true }]);

        // What came of it is written down every second, together.
        let shown = poll_until(PATIENCE, || {
            let shown = admin.gets(&format!("/invitations/{id}")).is(200);
            let counts = shown["counts"].as_array().unwrap();
            let times = |what: &str| counts.iter().find(|it| it["what"] == what).map_or(0, |it| it["times"].as_i64().unwrap());
            let all = ["opened", "started", "completed", "refused:login:reserved"].map(times);
            (all == [1, 2, 1, 1]).then_some(shown)
        });
        assert!(!shown.to_string().contains("lkinvite_"), "{shown}");
        let registered = admin.gets(&format!("/invitations/{id}/registrations")).is(200);
        assert_eq!(registered["registrations"][0]["state"], "complete", "{registered}");
        assert_eq!(admin.gets(&format!("/invitations/{id}/registrations?state=waiting")).is(200)["registrations"], json!([]));
        let csv = Request::get(&format!("/api/v1/invitations/{id}/registrations.csv"))
            .header("Authorization", &format!("Bearer {}", house.makes_token(&["invitations:read"], None)))
            .send(house.address());
        assert_eq!((csv.status, csv.header("content-type").as_deref()), (200, Some("text/csv")));
        assert!(csv.text().lines().count() == 2 && csv.text().contains(",marie.curie,Marie,Curie,"), "{}", csv.text());

        // Each is found under the state that it says it has, and under no other.
        let days = |days: i64| house.clock.advance(days * latchkey_domain::time::DAY);
        admin.posts("/invitations", json!({ "name": "Later", "from": "2027-12-01" })).is(201);
        admin.posts("/invitations", json!({ "name": "Over", "until": "2026-11-23" })).is(201);
        admin.posts("/invitations", json!({ "name": "Open", "unlimited": true })).is(201);
        for (name, deed) in [("Halted", "suspend"), ("Gone", "revoke")] {
            admin.posts("/invitations", json!({ "name": name })).is(201);
            assert_eq!(admin.posts(&format!("/invitations/{name}/{deed}"), json!({ "reason": "a try" })).is(200)["name"], name);
        }
        days(2);
        for (state, name) in [("open", "Open"), ("scheduled", "Later"), ("suspended", "Halted"), ("expired", "Over"), ("used-up", "Sales"), ("revoked", "Gone")] {
            let found = admin.gets(&format!("/invitations?state={state}")).is(200);
            let all = found["invitations"].as_array().unwrap();
            assert!(all.len() == 1 && all[0]["name"] == name && all[0]["state"] == state, "{state}: {found}");
        }
        admin.posts("/invitations/Gone/resume", json!({})).is_problem(409, "INVITATION_REVOKED");
        admin.posts("/invitations/Open/resume", json!({})).is_problem(409, "INVITATION_NOT_SUSPENDED");
        assert_eq!(admin.posts("/invitations/Halted/resume", json!({})).is(200)["state"], "open");
        admin.gets("/invitations/nothing").is_problem(404, "INVITATION_UNKNOWN");
        let second = admin.posts("/invitations", json!({ "name": "Open" })).is(201)["invitation_id"].as_str().unwrap().to_owned();
        admin.gets("/invitations/Open").is_problem(409, "INVITATION_AMBIGUOUS");
        admin.posts(&format!("/invitations/{second}/revoke"), json!({ "reason": "one too many" })).is(200);
        assert_ne!(admin.gets("/invitations/Open").is(200)["invitation_id"], second.as_str(), "the name is the other's alone again");
        assert_eq!(admin.gets(&format!("/invitations/{second}")).is(200)["state"], "revoked");

        // Nobody is invited into a GLPI that was removed, and whoever waits for it is shown with the cause.
        let made = admin.posts("/invitations", json!({ "name": "Waits" })).is(201);
        glpi.is_away(true);
        let newcomer = Newcomer::opens(house.address(), join(&made));
        assert_eq!(newcomer.sends(&[("login", "irene.joliot"), ("email", "irene@example.org")]).status, 303);
        assert_eq!(admin.posts("/glpi-connections/main/remove", json!({})).is(200)["removed"], true);
        assert_eq!(admin.gets("/invitations/Waits").is(200)["state"], "suspended");
        admin.posts("/invitations/Waits/resume", json!({})).is_problem(404, "CONNECTION_UNKNOWN");
        days(1);
        poll_until(PATIENCE, || {
            let waits = admin.gets("/invitations/Waits/registrations?state=waiting").is(200);
            (waits["registrations"][0]["remarks"] == json!(["CONNECTION_UNKNOWN"])).then_some(())
        });

        // Made again with its name and its address it is the same, and whoever waited gets the account.
        glpi.is_away(false);
        admin.connects("main", &glpi);
        days(1);
        poll_until(PATIENCE, || {
            let done = admin.gets("/invitations/Waits/registrations?state=complete").is(200);
            (done["registrations"][0]["login"] == "irene.joliot").then_some(())
        });
        assert_eq!(glpi.users("irene.joliot").len(), 1);
        assert_eq!(admin.posts("/invitations/Waits/resume", json!({})).is(200)["state"], "used-up");
    }

    fn an_invitation_says_by_name_as_what_people_are_registered(house: House) {
        let (admin, glpi) = (house.program(&["invitations:read", "invitations:write"]), GlpiDouble::start());
        admin.connects("main", &glpi);
        let names = |of: &Value| [of["entity_name"].clone(), of["profile_name"].clone(), of["group_names"].clone()];
        let north = [json!("Root entity > North"), json!("Observer"), json!(["Staff"])];
        let order = json!({ "name": "North", "entity": 1, "profile": 2, "groups": [1] });
        assert_eq!(names(&admin.posts("/invitations", order).is(201)), north);
        let unnamed = json!({ "name": "Unnamed", "entity": 9, "groups": [2, 9] });
        let unnamed = admin.posts("/invitations", unnamed).is(201);
        assert_eq!(names(&unnamed), [Value::Null, Value::Null, json!(["Field", null])], "numbers that no GLPI has named");
        // What is called otherwise later was still meant by its name when somebody was invited.
        glpi.state().entities[1].1 = "The North".to_owned();
        admin.gets("/glpi-connections/main/choices").is(200);
        let renamed = admin.posts("/invitations", json!({ "name": "Renamed", "entity": 1 })).is(201);
        assert_eq!(names(&renamed), [json!("Root entity > The North"), Value::Null, json!([])]);
        let listed = admin.gets("/invitations").is(200);
        let kept = listed["invitations"].as_array().unwrap().iter().find(|it| it["name"] == "North").unwrap();
        assert_eq!(names(kept), north);
        glpi.state().entities[1].1 = "Anew".to_owned();
        admin.posts("/glpi-connections/main/check", json!({})).is(200);
        let anew = admin.posts("/invitations", json!({ "name": "Anew", "entity": 1 })).is(201);
        assert_eq!(anew["entity_name"], "Root entity > Anew");
    }

    fn an_administrator_connects_invites_and_withdraws_without_scripts(house: House) {
        let glpi = GlpiDouble::start();
        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        owner.opens("/console/connections").is(200).says("No GLPI is connected yet");
        owner.opens("/console/invitations/new").is(200).says("built-in directory");
        let form = owner.opens("/console/connections/new");
        let wrong = [("name", "main"), ("url", &glpi.url()), ("user_token", "a wrong token")];
        let refused = owner.sends(&form, "/console/connections/new", &wrong);
        refused.is(422).says("does not know this token");
        assert!(!refused.html.contains("a wrong token"), "{}", refused.html);
        let right = [("name", "main"), ("url", &glpi.url()), ("user_token", USER_TOKEN)];
        let added = owner.sends(&form, "/console/connections/new", &right);
        glpi.is_away(true);
        owner.sends(&form, "/console/connections/new", &right).is(200).says("accounts can be made in it");
        glpi.is_away(false);
        added.is(200).says("accounts can be made in it").says("10.0.19").says("North").says("Self-Service").says("Staff");
        assert!(!added.html.contains(USER_TOKEN));

        let form = owner.opens("/console/invitations/new");
        form.is(200).says("The accounts are made in main").says("\u{2003}North (1)").says("Observer (2)");
        for (until, said) in [("2026-11-21", "is over: today is 2026-11-22"), ("some day", "is not a date that can be used here")] {
            let bad = [("name", "Sales"), ("uses", "1"), ("until", until)];
            owner.sends(&form, "/console/invitations/new", &bad).is(422).says(said).says("id=\"until-fault\"");
        }
        let bad = [("name", "Sales"), ("uses", "many")];
        owner.sends(&form, "/console/invitations/new", &bad).is(422).says("value=\"many\"");
        let typed = [("name", "Sales & Söhne"), ("entity", "1"), ("recursive", "yes"), ("profile", "2"), ("groups", "1"),
            ("uses", "1"), ("language", "fr"), ("email_domain", "example.org, example.com")];
        let made = owner.sends(&form, "/console/invitations/new", &typed);
        made.is(200).says("It is not shown again").says("<svg class=\"qr\"").says("Vous êtes invité à Sales");
        let path = join_in(&made);
        assert_eq!(join_in(&owner.sends(&form, "/console/invitations/new", &typed)), path, "sent twice, made once");
        let newcomer = Newcomer::opens(house.address(), &path);
        assert_eq!(newcomer.sends(&[("email", "marie@example.net")]).status, 422);
        assert_eq!(newcomer.sends(&[]).status, 303);
        let user = glpi.registered()[0].id;
        assert_eq!(glpi.state().groups_of(user), [1]);

        owner.opens("/console/invitations").is(200).says("Used up").says("1 of 1");
        owner.opens("/console/invitations?q=sales&state=used-up").says("Sales &#38; Söhne");
        owner.opens("/console/invitations?state=open").says("Nothing fits");
        let id = place_of(&owner.opens("/console/invitations"));
        let one = poll_until(PATIENCE, || {
            let one = owner.opens(&id);
            one.html.contains("E-mail address: another domain").then_some(one)
        });
        one.is(200).says("marie.curie").says("Complete").says("<svg class=\"plot\"");
        one.says("Root entity &#62; North (1), and those below");
        for named in ["Root entity &#62; North (1)", "Observer (2)", "Staff (1)"] {
            assert_eq!(one.html.matches(named).count(), 2, "{named}, among the facts and in what happened: {}", one.html);
        }
        assert!(!one.html.contains("lkinvite_"));
        owner.opens("/console/registrations?state=complete").is(200).says("marie.curie");
        owner.opens("/console/registrations?state=incomplete").says("Nothing fits");
        let file = owner.opens("/console/registrations.csv").html;
        assert!(file.lines().count() == 2 && file.contains(",Sales & Söhne,Root entity > North,Observer,"), "{file}");

        let form = owner.opens(&format!("{id}/suspend"));
        owner.sends(&form, &format!("{id}/suspend"), &[]).is(200).says("The invitation is suspended");
        let form = owner.opens(&format!("{id}/resume"));
        owner.sends(&form, &format!("{id}/resume"), &[]).is(200).says("can be used again");
        let form = owner.opens(&format!("{id}/revoke"));
        form.says("cannot be undone");
        owner.sends(&form, &format!("{id}/revoke"), &[]).is(422).says("reason");
        owner.sends(&form, &format!("{id}/revoke"), &[("reason", "the fair is over")]).is(200).says("is revoked").says("the fair is over");
        let gone = Request::get(&path).send(house.address());
        assert!(gone.status == 410 && gone.text().contains("retirée"), "{}", gone.text());

        let connection = place_of(&owner.opens("/console/connections"));
        glpi.is_away(true);
        owner.opens(&connection).is(200).says("broke off, or what came over it is not HTTP");
        owner.opens("/console/invitations/new").is(200).says("type GLPI’s own numbers");
        glpi.is_away(false);
        let form = owner.opens(&format!("{connection}/check"));
        owner.sends(&form, &format!("{connection}/check"), &[]).is(200).says("The GLPI answers");
        let place = format!("{connection}/inventory");
        let form = owner.opens(&place);
        form.is(200).says("Shown for inventories").says("An OAuth client");
        let half = [("inventory", "basic"), ("inventory_user", "inv & co"), ("inventory_password", "")];
        owner.sends(&form, &place, &half).is(422).says("password for inventories").says("inv &#38; co");
        let mixed = [("inventory", "none"), ("inventory_client_secret", "n0-secret-of-anybody")];
        let refused = owner.sends(&form, &place, &mixed);
        refused.is(422).says("No credential for inventories was chosen");
        assert!(!refused.html.contains("n0-secret-of-anybody"));
        let good = [("inventory", "oauth"), ("inventory_client_id", "inv"), ("inventory_client_secret", "n0-secret-of-anybody")];
        let changed = owner.sends(&form, &place, &good);
        changed.is(200).says("was changed").says("An OAuth client").says("GLPI is shown something else for inventories");
        assert!(!changed.html.contains("n0-secret-of-anybody"));
        let form = owner.opens(&format!("{connection}/remove"));
        owner.sends(&form, &format!("{connection}/remove"), &[]).is(200).says("are forgotten");
        owner.opens(&id).says("whose connection was removed");
    }

    fn who_may_invite_and_who_may_only_look(house: House) {
        let glpi = GlpiDouble::start();
        let [connection, invitation] = house.has_an_invitation(&glpi);
        let mut manager = house.signed_in_as(Role::Manager, "manager@example.org");
        let mut support = house.signed_in_as(Role::Support, "support@example.org");
        for path in ["/console/invitations/new".to_owned(), format!("/console/invitations/{invitation}/revoke")] {
            manager.opens(&path).is(200);
            support.opens(&path).is(403);
        }
        for path in ["/console/connections/new".to_owned(), format!("/console/connections/{connection}/remove")] {
            manager.opens(&path).is(403);
            support.opens(&path).is(403);
        }
        for path in ["/console/invitations".to_owned(), format!("/console/invitations/{invitation}"), format!("/console/connections/{connection}"), "/console/registrations".to_owned()] {
            support.opens(&path).is(200);
        }
        let mut reader: Browser = house.signed_in_as(Role::Auditor, "auditor@example.org");
        reader.opens("/console/registrations.csv").is(200);
    }
}

/// The address of the first thing in a list.
#[track_caller]
fn place_of(list: &Shown) -> String {
    let table = list.html.split_once("<tbody>").unwrap_or_else(|| panic!("no rows in {}", list.html)).1;
    table.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}
