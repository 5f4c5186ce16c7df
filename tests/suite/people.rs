//! People's data: operators over REST; who registered and what agents left behind, erased on demand and when their term is
//! over. The audit log stays whole.

use std::time::Duration;

use latchkey_domain::operators::Role;
use latchkey_domain::time::DAY;
use latchkey_tests_support::glpi::GlpiDouble;
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use serde_json::{Value, json};

use crate::api::Program;
use crate::gateway::{Agent, Mood, StubGlpi, key};
use crate::house::{House, both_databases};
use crate::invitations::{Newcomer, installed_on_both};

both_databases! {
    fn a_program_looks_after_operators(house: House) {
        let program = house.program(&["admin"]);
        assert_eq!(program.gets("/operators").is(200), json!({ "operators": [] }));
        let anne = json!({ "email": "Anne@example.org", "role": "owner" });
        let made = program.posts_as("one", "/operators", anne.clone()).is(201);
        assert_eq!(program.posts_as("one", "/operators", anne.clone()).is(201), made, "the same answer");
        let link = made["setup_link"].as_str().unwrap().to_owned();
        assert!(link.starts_with("https://keys.example.org/console/setup/lksetup_"), "{link}");
        assert_eq!((&made["operator"]["state"], &made["operator"]["role"]), (&json!("invited"), &json!("owner")));
        let opened = Request::get(link.strip_prefix("https://keys.example.org").unwrap()).send(house.address());
        assert_eq!(opened.status, 200, "{}", opened.text());
        program.posts("/operators", anne).is_problem(409, "OPERATOR_EXISTS");
        for (email, role, code, member) in [
            ("b@example.org", "boss", "ROLE_UNKNOWN", "role"),
            ("nobody", "owner", "EMAIL_INVALID", "email"),
        ] {
            program.posts("/operators", json!({ "email": email, "role": role })).is_problem(422, code).names(member);
        }
        let path = format!("/operators/{}", made["operator"]["operator_id"].as_str().unwrap());
        let does = |verb: &str, body: Value| program.posts(&format!("{path}/{verb}"), body);
        assert_eq!(does("role", json!({ "role": "support" })).is(200)["role"], "support");
        does("role", json!({ "role": "boss" })).is_problem(422, "ROLE_UNKNOWN").names("role");
        assert_eq!(does("disable", json!({})).is(200)["state"], "disabled");
        does("disable", json!({})).is_problem(403, "OPERATOR_DISABLED");
        assert_eq!(does("enable", json!({})).is(200)["state"], "invited");
        does("enable", json!({})).is_problem(409, "OPERATOR_NOT_DISABLED");
        let other = does("reset", json!({})).is(200);
        assert_ne!(other["setup_link"], link.as_str(), "the earlier one opens no more");
        does("reset", json!({ "reason": "lost" })).is_problem(422, "BODY_INVALID").names("reason");
        program.gets("/operators/b@example.org").is_problem(404, "OPERATOR_UNKNOWN");
        let shown = program.gets("/operators/anne@example.org").is(200);
        assert_eq!(shown["history"].as_array().unwrap().len(), 7, "{}", shown["history"]);
        let log = program.gets("/audit?limit=200").is(200).to_string();
        assert!(!log.contains("example.org") && !log.contains("lksetup_"), "{log}");
    }

    fn the_installation_says_how_it_reckons_and_how_long_it_keeps(house: House) {
        let reader = house.program(&["installation:read"]);
        let shown = reader.gets("/installation").is(200);
        assert_eq!((&shown["time_zone"], &shown["retention"]["agents_days"]), (&json!("Europe/Paris"), &json!(730)));
        let admin = house.program(&["admin"]);
        let set = admin.posts("/installation/retention", json!({ "agents_days": 90, "reason": "policy 3" })).is(200);
        assert_eq!(set, json!({ "registrations_days": 730, "agents_days": 90 }));
        assert_eq!(reader.gets("/installation").is(200)["retention"], set);
        for days in [0, 29, 3_661] {
            let asked = json!({ "registrations_days": days });
            admin.posts("/installation/retention", asked).is_problem(422, "BODY_INVALID").names("registrations_days");
        }
        let log = admin.gets("/audit?action=installation.set-retention").is(200);
        assert_eq!(log["lines"].as_array().unwrap().len(), 1);
        assert_eq!((&log["lines"][0]["detail"]["agents_kept_days_before"], &log["lines"][0]["reason"]), (&json!(730), &json!("policy 3")));
    }

    fn an_owner_erases_who_registered_and_says_how_long_people_are_known(house: House) {
        let glpi = GlpiDouble::start();
        let [_, invitation] = house.has_an_invitation(&glpi);
        let place = format!("/console/registrations/{}", house.registration_by(&invitation));
        let (erase, terms) = (format!("{place}/erase"), "/console/data/terms");
        let mut manager = house.signed_in_as(Role::Manager, "manager@example.org");
        manager.opens(&place).is(200).says("Curie").says("Registered");
        assert!(!manager.opens(&place).html.contains(&erase), "it is not offered");
        manager.opens("/console/data").is(200).says("730 days");
        for owners in [erase.as_str(), terms] {
            manager.opens(owners).is(403);
        }

        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        owner.opens("/console/registrations").says(&place);
        let form = owner.opens(&erase);
        form.is(200).says("cannot be undone").says("Name no person in it");
        owner.sends(&form, &erase, &[("reason", " ")]).is(422);
        owner.opens(&place).says("Curie");
        let form = owner.opens(&erase);
        owner.sends(&form, &erase, &[("reason", "ticket 4711")]).is(200).says("has been erased on").says("ticket 4711");
        assert!(!owner.opens(&place).html.contains(&erase), "once is enough");
        for told in [&place, "/console/registrations", "/console/registrations.csv", "/console/audit", "/console/data/exports/registrations.csv"] {
            assert!(!owner.opens(told).html.to_lowercase().contains("curie"), "{told}");
        }

        for (days, field) in [(["29", "90"], "registrations_days"), (["60", "3661"], "agents_days"), (["60", ""], "agents_days")] {
            let form = owner.opens(terms);
            let answer = owner.sends(&form, terms, &[("registrations_days", days[0]), ("agents_days", days[1])]);
            answer.is(422).says(&format!("id=\"{field}-fault\"")).says("from 30 to 3660");
        }
        let form = owner.opens(terms);
        form.says("value=\"730\"");
        let set = owner.sends(&form, terms, &[("registrations_days", "60"), ("agents_days", "90")]);
        set.is(200).says("The terms are set").says("60 days").says("90 days");
        let log = house.program(&["admin"]).gets("/audit?action=installation.set-retention").is(200);
        assert!(log["lines"][0]["actor"].as_str().unwrap().starts_with("operator:"), "{log}");
    }
}

/// A gateway to which one agent came, and who may do everything there.
struct Shed {
    glpi: StubGlpi,
    house: House,
    agent: Agent,
    program: Program,
}

impl Shed {
    fn on_both() -> impl Iterator<Item = Self> {
        [false, true].into_iter().map(|on_postgres| {
            let glpi = StubGlpi::starts();
            let house = House::with_gateway(on_postgres, glpi.gateway());
            let agent = Agent::with(&house, &key(&house));
            assert_eq!(agent.contact().status, 200);
            let program = house.program(&["admin"]);
            Self { glpi, house, agent, program }
        })
    }

    /// GLPI goes away, and an inventory waits for it; the agent's id.
    fn keeps_an_inventory(&self) -> String {
        self.glpi.is(Mood::Away);
        assert_eq!(self.agent.inventory().status, 200);
        let shown = self.program.gets(&format!("/agents/{}", self.agent.device)).is(200);
        shown["agent_id"].as_str().unwrap().to_owned()
    }
}

#[test]
fn who_registered_is_erased_and_the_chain_stays_whole() {
    for installed in installed_on_both() {
        let served = installed.serves_with_glpi();
        let (id, path) = installed.invites(&["--unlimited"]);
        let done = Newcomer::opens(served.address, &path).sends(&[]);
        let receipt = done.header("location").unwrap();
        let registration = installed.registrations(&id)[0]["registration_id"].as_str().unwrap().to_owned();
        let made = installed.json(&["token", "create", "--name", "privacy", "--scope", "admin"]);
        let program = Program::with(served.address, made["api_token"].as_str().unwrap());
        let place = format!("/registrations/{registration}");
        assert_eq!(program.gets(&place).is(200)["login"], "marie.curie");
        program.gets("/registrations/nobody").is_problem(404, "REGISTRATION_UNKNOWN");
        program.posts(&format!("{place}/erase"), json!({})).is_problem(422, "BODY_INVALID").names("reason");

        let why = || json!({ "reason": "ticket 4711" });
        let erased = program.posts_as("once", &format!("{place}/erase"), why()).is(200);
        let nobody = format!("erased-{registration}");
        assert_eq!((&erased["state"], &erased["login"]), (&json!("erased"), &json!(nobody)));
        assert_eq!((&erased["email"], &erased["realname"]), (&json!(""), &json!("")));
        assert_eq!(program.posts_as("once", &format!("{place}/erase"), why()).is(200), erased);
        assert_eq!(program.posts(&format!("{place}/erase"), why()).is(200), erased, "it stays as it is");
        for told in [
            installed.json(&["invite", "registrations", &id]).to_string(),
            installed.runs(&["export", "directory"]).stdout,
            installed.runs(&["export", "audit"]).stdout,
            program.gets(&place).is(200).to_string(),
            Request::get(&receipt).send(served.address).text(),
        ] {
            assert!(!told.to_lowercase().contains("curie"), "{told}");
        }
        assert_eq!(installed.uses(&id), 1, "the use stays taken");

        let again = Newcomer::opens(served.address, &path).sends(&[]);
        assert_eq!(again.status, 303, "the login is free: {}", again.text());
        let all = installed.registrations(&id);
        let second = all.iter().find(|it| it["state"] == "directory").unwrap()["registration_id"].as_str().unwrap();
        let told = installed.json(&["invite", "erase", second, "--reason", "ticket 4712"]);
        assert_eq!(told["state"], "erased");
        let ran = installed.runs(&["--json", "invite", "erase", "nobody", "--reason", "ticket 4713"]);
        assert!(ran.stderr.contains("REGISTRATION_UNKNOWN"), "{}", ran.stderr);
        assert_eq!(installed.json(&["audit", "verify"])["whole"], true);

        let terms = installed.json(&["retention", "set", "--registrations-days", "60"]);
        assert_eq!(terms, json!({ "registrations_days": 60, "agents_days": 730 }));
        assert_eq!(installed.json(&["retention", "show"]), terms);
        assert_eq!(installed.runs(&["retention", "set", "--agents-days", "3"]).status.code(), Some(2));
        let nothing = installed.runs(&["retention", "set", "--reason", "policy 3"]);
        assert_eq!(nothing.status.code(), Some(2), "a reason alone sets nothing: {}", nothing.stdout);
    }
}

#[test]
fn an_agent_is_erased_with_what_waits_of_it_and_comes_again_as_another() {
    for shed in Shed::on_both() {
        let id = shed.keeps_an_inventory();
        let Shed { glpi, agent, program, house: _house } = shed;
        program.posts("/queue/retry", json!({ "reason": "GLPI is back" })).is(200);
        program.posts(&format!("/agents/{id}/quarantine"), json!({ "reason": "of Marie" })).is(200);
        program.posts(&format!("/agents/{id}/restore"), json!({})).is(200);
        let erase = format!("/agents/{}/erase", agent.device);
        let erased = program.posts_as("once", &erase, json!({ "reason": "ticket 4711" })).is(200);
        assert_eq!(erased, json!({ "agent_id": id, "messages_dropped": 1, "reasons_erased": 1 }));
        assert_eq!(program.posts_as("once", &erase, json!({ "reason": "ticket 4711" })).is(200), erased);
        program.posts(&erase, json!({ "reason": "ticket 4711" })).is_problem(404, "AGENT_UNKNOWN");
        assert_eq!(program.gets("/queue").is(200)["load"]["messages"], 0);
        let log = program.gets("/audit?limit=200").is(200).to_string();
        assert!(!log.contains(&agent.device) && !log.contains("Marie"), "{log}");
        assert_eq!(program.gets("/audit/verification").is(200)["whole"], true);

        glpi.is_well();
        let new = poll_until(Duration::from_secs(5), || {
            agent.contact();
            program.gets("/agents").is(200)["agents"][0]["agent_id"].as_str().map(str::to_owned)
        });
        assert_ne!(new, id);
        assert_eq!(
            program.gets("/enrollment-keys").is(200)["enrollment_keys"][0]["agents"],
            1,
            "a place was given back"
        );
    }
}

#[test]
fn an_owner_erases_an_agent_with_what_waits_of_it() {
    for shed in Shed::on_both() {
        let id = shed.keeps_an_inventory();
        let Shed { house, agent, program, .. } = &shed;
        let waits = || program.gets("/queue").is(200)["load"]["messages"].clone();
        let (place, erase) = (format!("/console/agents/{id}"), format!("/console/agents/{id}/erase"));
        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        owner.opens(&place).says(&erase);
        let stale = owner.opens(&erase);
        program.posts(&format!("/agents/{id}/quarantine"), json!({ "reason": "lost" })).is(200);
        owner.sends(&stale, &erase, &[("reason", "ticket 4711")]).is(409).says("See how it stands now");
        assert_eq!(waits(), 1, "nothing is done of a form that is stale");
        let form = owner.opens(&erase);
        let list = owner.sends(&form, &erase, &[("reason", "ticket 4711")]);
        list.is(200).says("The agent was erased");
        assert!(!list.html.contains(&agent.device), "{}", list.html);
        assert_eq!(waits(), 0);
        owner.sends(&form, &erase, &[("reason", "ticket 4711")]).is(200).says("The agent was erased");
        owner.opens(&place).is(404);
        assert!(!owner.opens("/console/audit").html.contains(&agent.device));
    }
}

#[test]
fn an_agent_that_comes_no_more_is_forgotten_when_its_term_is_over() {
    for shed in Shed::on_both() {
        let Shed { house, program, .. } = &shed;
        program.posts("/installation/retention", json!({ "agents_days": 30 })).is(200);
        let known = || program.gets("/agents").is(200)["agents"].as_array().unwrap().len();
        house.clock.advance(29 * DAY);
        let swept = |count: usize| {
            let asked = "/audit?action=retention.erase&subject=agents";
            let lines = program.gets(asked).is(200);
            (lines["lines"].as_array().unwrap().len() == count).then_some(())
        };
        std::thread::sleep(Duration::from_secs(3));
        assert_eq!((known(), swept(0)), (1, Some(())));
        house.clock.advance(2 * DAY);
        poll_until(Duration::from_secs(10), || swept(1));
        assert_eq!(known(), 0);
        assert_eq!(program.gets("/audit/verification").is(200)["whole"], true);
    }
}
