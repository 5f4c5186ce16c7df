//! Debian's `fusioninventory-agent`: a real agent of the old protocol.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::agent::key_with;
use super::glpi::{Mood, StubGlpi};
use crate::house::House;

const PROGRAM: &str = "/usr/bin/fusioninventory-agent";
const REPLY: &str =
    "<?xml version='1.0' encoding='UTF-8'?>\n<REPLY><PROLOG_FREQ>24</PROLOG_FREQ><RESPONSE>SEND</RESPONSE></REPLY>";

/// Runs the agent once, as its administrator would; gives what it says.
fn runs(server: &str, user: &str, password: &str) -> String {
    assert!(Path::new(PROGRAM).exists(), "fusioninventory-agent is missing: scripts/install-test-tools installs it");
    let mut program = Command::new("timeout");
    program.args(["120", PROGRAM, "--server", server]).args([
        "--force",
        "--no-task=deploy,collect,esx,netdiscovery,netinventory,wakeonlan,maintenance",
        "--no-category=software,process,environment,printer,licenseinfo,usb,antivirus",
        "--tag=SITE-A",
        "--debug",
        "--logger=stderr",
        "--no-httpd",
        "--wait=0",
    ]);
    if !user.is_empty() {
        program.args(["--user", user, "--password", password]);
    }
    let output = program.output().unwrap();
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn a_real_old_agent_with_a_key_is_in_and_one_without_is_out() {
    let glpi = StubGlpi::starts();
    glpi.is(Mood::Says(200, REPLY.into()));
    let house = House::with_gateway(false, glpi.gateway());
    let created = key_with(&house, "Site A", |policy| policy.tag = super::agent::tag("SITE-B"));
    let server = format!("http://{}/gateway/", house.address());
    let said = runs(&server, "", "");
    assert!(glpi.takes().is_empty(), "{said}");
    let said = runs(&server, &created.key.id, created.text.reveal());
    let heard = glpi.takes();
    let texts: Vec<String> = heard.iter().map(super::glpi::Heard::text).collect();
    assert!(texts.iter().any(|text| text.contains("<QUERY>PROLOG</QUERY>")), "{said}");
    let inventory = texts.iter().find(|text| text.contains("<QUERY>INVENTORY</QUERY>"));
    let inventory = inventory.unwrap_or_else(|| panic!("no inventory: {said}"));
    let tag = inventory
        .find("SITE-A")
        .or_else(|| inventory.find("SITE-"))
        .map(|at| &inventory[at.saturating_sub(200)..at + 20]);
    assert!(inventory.contains("<KEYVALUE>SITE-B</KEYVALUE>"), "the key's tag is in it: {tag:?}");
    assert!(heard.iter().all(|heard| heard.header("Authorization").is_none()));
}

#[test]
fn a_real_old_agent_that_waits_sends_no_inventory() {
    let glpi = StubGlpi::starts();
    glpi.is(Mood::Says(200, REPLY.into()));
    let house = House::with_gateway(false, glpi.gateway());
    let created = key_with(&house, "Site A", |policy| policy.approves = false);
    let server = format!("http://{}/gateway/enroll/{}/", house.address(), created.text.reveal());
    let said = runs(&server, "", "");
    assert!(glpi.takes().is_empty(), "{said}");
    // And one that is approved brings it while GLPI is away, and is believed.
    let approved = key_with(&house, "Site B", |_| {});
    glpi.is(Mood::Away);
    let said = runs(&server.replace(created.text.reveal(), approved.text.reveal()), "", "");
    std::thread::sleep(Duration::from_millis(200));
    let queue = latchkey_store::enrollment::queue::open(house.store.location(), house.clock.wall()).unwrap();
    let waiting = queue.read(|reader| latchkey_store::enrollment::queue::list(reader, false, 0, 10)).unwrap();
    assert_eq!(waiting.len(), 1, "{said}");
    assert_eq!(waiting[0].what, "inventory");
}
