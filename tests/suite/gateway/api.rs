//! What programs do with enrollment keys, agents and the queue, over REST.

use std::time::Duration;

use latchkey_tests_support::poll_until;
use serde_json::json;

use super::agent::Agent;
use super::glpi::{Mood, StubGlpi};
use crate::house::House;

#[test]
fn a_program_looks_after_keys_agents_and_the_queue() {
    for on_postgres in [false, true] {
        let glpi = StubGlpi::starts();
        let house = House::with_gateway(on_postgres, glpi.gateway());
        let program = house.program(&[
            "enrollment:read",
            "enrollment:write",
            "agents:read",
            "agents:write",
            "queue:read",
            "queue:write",
        ]);
        let asked = json!({ "name": "Site A", "tag": "A", "agents": 5, "days": 30, "networks": ["127.0.0.0/8"] });
        let created = program.posts("/enrollment-keys", asked.clone()).is(201);
        assert_eq!(created["url"], "https://keys.example.org/gateway/");
        program.posts("/enrollment-keys", asked).is_problem(409, "ENROLLMENT_KEY_EXISTS").names("name");
        program
            .posts("/enrollment-keys", json!({ "name": "B", "networks": ["10.0.0.0/33"] }))
            .is_problem(422, "NETWORK_INVALID")
            .names("networks");
        let member = |name: &str| created[name].as_str().unwrap().to_owned();
        let agent = Agent::at(house.address(), member("basic_user"), member("basic_password"));
        poll_until(Duration::from_secs(5), || (agent.contact().status == 403).then_some(()));
        let pending = program.gets("/agents?state=pending&key=site%20a").is(200);
        let id = pending["agents"][0]["agent_id"].as_str().unwrap().to_owned();
        assert_eq!(pending["agents"][0]["device"], agent.device.as_str());
        for (empty, name) in [("tag=", "tag"), ("version=%20", "version")] {
            program.gets(&format!("/agents?{empty}")).is_problem(422, "TEXT_INVALID").names(name);
        }
        program.posts(&format!("/agents/{id}/approve"), json!({})).is(200);
        program.posts(&format!("/agents/{id}/approve"), json!({})).is_problem(409, "AGENT_NOT_PENDING");
        poll_until(Duration::from_secs(1), || (agent.contact().status == 200).then_some(()));
        program.posts(&format!("/agents/{id}/quarantine"), json!({ "reason": "stolen" })).is(200);
        poll_until(Duration::from_secs(1), || (agent.contact().status == 403).then_some(()));
        program.posts(&format!("/agents/{id}/restore"), json!({})).is(200);
        let shown = program.gets(&format!("/agents/{}", agent.device)).is(200);
        assert_eq!((shown["state"].as_str(), shown["history"].as_array().unwrap().len()), (Some("approved"), 4));
        program.gets("/agents/nobody").is_problem(404, "AGENT_UNKNOWN");
        poll_until(Duration::from_secs(1), || (agent.contact().status == 200).then_some(()));

        glpi.is(Mood::Away);
        assert_eq!((agent.inventory().status, agent.partial().status), (200, 200));
        let queue = program.gets("/queue?limit=1").is(200);
        assert_eq!((queue["load"]["messages"].as_i64(), queue["more"].as_bool()), (Some(2), Some(true)));
        let next = program.gets(&format!("/queue?cursor={}", queue["next"].as_str().unwrap())).is(200);
        assert_eq!((next["queued"][0]["what"].as_str(), next["more"].as_bool()), (Some("partial"), Some(false)));
        let number = next["queued"][0]["message"].as_i64().unwrap();
        let dropped = program.posts_as("once", &format!("/queue/{number}/drop"), json!({})).is(200);
        assert_eq!(program.posts_as("once", &format!("/queue/{number}/drop"), json!({})).is(200), dropped, "done once");
        program.posts(&format!("/queue/{number}/retry"), json!({})).is_problem(404, "QUEUED_MESSAGE_UNKNOWN");
        let first = queue["queued"][0]["message"].as_i64().unwrap();
        program.posts(&format!("/queue/{first}/retry"), json!({})).is(200);

        let key = member("enrollment_key_id");
        let rotated = program.posts(&format!("/enrollment-keys/{key}/rotate"), json!({ "overlap_days": 3 })).is(200);
        assert_eq!((rotated["generation"].as_i64(), rotated["basic_user"].as_str()), (Some(2), Some(key.as_str())));
        program
            .posts(&format!("/enrollment-keys/{key}/resume"), json!({}))
            .is_problem(409, "ENROLLMENT_KEY_NOT_SUSPENDED");
        let suspended = program.posts(&format!("/enrollment-keys/{key}/suspend"), json!({ "reason": "audit" })).is(200);
        assert_eq!(suspended["state"], "suspended");
        assert_eq!(
            program.gets("/enrollment-keys?state=suspended").is(200)["enrollment_keys"].as_array().unwrap().len(),
            1
        );
        program.posts(&format!("/enrollment-keys/{key}/resume"), json!({})).is(200);
        let revoked = program.posts(&format!("/enrollment-keys/{key}/revoke"), json!({ "quarantine": true })).is(200);
        assert_eq!((revoked["quarantined"].as_i64(), revoked["state"].as_str()), (Some(1), Some("revoked")));
        let shown = program.gets(&format!("/enrollment-keys/{key}")).is(200);
        assert!(!shown.to_string().contains("lkenroll_"), "no text is shown again");
        assert_eq!(shown["history"].as_array().unwrap().len(), 6);
    }
}
