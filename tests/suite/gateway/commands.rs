//! The command line beside a gateway that runs.

use std::time::Duration;

use latchkey_tests_support::poll_until;
use serde_json::Value;

use super::glpi::StubGlpi;
use super::kills::{PATIENCE, agent, installations, serves};

#[test]
fn the_command_line_stands_beside_the_gateway() {
    for installed in installations() {
        let glpi = StubGlpi::starts();
        let server = serves(&installed, glpi.address);
        let created = installed.json(&["enroll", "create", "--name", "Site A", "--cidr", "127.0.0.0/8", "--tag", "A"]);
        for member in
            ["enrollment_key_id", "basic_user", "basic_password", "oauth_client_id", "oauth_client_secret", "url"]
        {
            assert!(created[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {created}");
        }
        assert_eq!(created["url"], format!("http://{}/gateway/", server.address));
        let elsewhere = installed.runs(&["enroll", "create", "--name", "Site C", "--glpi", "other"]);
        assert!(!elsewhere.status.success() && elsewhere.stderr.contains("no GLPI named"), "{}", elsewhere.stderr);
        let id = created["enrollment_key_id"].as_str().unwrap();
        let agent = agent(&created, server.address);
        poll_until(PATIENCE, || (agent.contact().status == 403).then_some(()));
        let pending = installed.json(&["agent", "list", "--state", "pending"]);
        assert_eq!(pending["agents"].as_array().unwrap().len(), 1);
        installed.json(&["agent", "approve", &agent.device]);
        poll_until(Duration::from_secs(1), || (agent.contact().status == 200).then_some(()));
        installed.json(&["enroll", "suspend", id]);
        poll_until(Duration::from_secs(1), || (agent.contact().status == 403).then_some(()));
        installed.json(&["enroll", "resume", "site a", "--reason", "back"]);
        poll_until(Duration::from_secs(1), || (agent.contact().status == 200).then_some(()));
        let rotated = installed.json(&["enroll", "rotate", id, "--overlap-days", "3"]);
        assert_eq!((rotated["enrollment_key_id"].as_str(), rotated["generation"].as_i64()), (Some(id), Some(2)));
        let shown = installed.json(&["enroll", "show", id]);
        assert_eq!(shown["agents_with_old_secret"][0]["device"], agent.device.as_str());
        // An agent's first contact, played; one that waits for a person is refused.
        let url = format!("http://{id}:{}@{}/gateway/", rotated["basic_password"].as_str().unwrap(), server.address);
        let checked = installed.runs(&["--json", "enroll", "check", &url]);
        let seen: Value = serde_json::from_str(&checked.stdout).unwrap();
        assert_eq!((checked.status.code(), seen["outcome"].as_str()), (Some(1), Some("refused")), "{seen}");
        let open = installed.json(&["enroll", "create", "--name", "Site B", "--approve"]);
        let with_key = open["url_with_key"].as_str().unwrap();
        poll_until(PATIENCE, || {
            let checked = installed.runs(&["--json", "enroll", "check", with_key]);
            (checked.status.code() == Some(0)).then_some(())
        });
        let bare = installed.runs(&["--json", "enroll", "check", &format!("http://{}/gateway/", server.address)]);
        assert!(bare.stdout.contains("needs-key"), "{}", bare.stdout);
        let glpi_itself = installed.runs(&["--json", "enroll", "check", &format!("http://{}/", glpi.address)]);
        assert!(glpi_itself.stdout.contains("\"open\""), "{}", glpi_itself.stdout);
        let agents = installed.json(&["agent", "list"]);
        assert_eq!(agents["agents"].as_array().unwrap().len(), 1, "a check binds nobody");
        installed.json(&["agent", "quarantine", &agent.device, "--reason", "stolen"]);
        poll_until(Duration::from_secs(1), || (agent.inventory().status == 403).then_some(()));
        installed.json(&["agent", "restore", &agent.device]);
        let revoked = installed.json(&["enroll", "revoke", id, "--quarantine"]);
        assert_eq!(revoked["quarantined"], 1);
        poll_until(Duration::from_secs(1), || (agent.inventory().status == 403).then_some(()));
        assert_eq!(installed.json(&["agent", "show", &agent.device])["state"], "quarantined");
        assert!(installed.runs(&["audit", "verify"]).status.success());
        // The key is nowhere to be read afterwards.
        assert!(!server.process.stderr().contains("lkenroll_"), "{}", server.process.stderr());
    }
}
