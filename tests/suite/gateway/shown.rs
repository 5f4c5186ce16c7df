//! What the GLPI of a connection is shown before it takes inventories, from the first word to the backup: by the real binary, with a
//! GLPI that asks for it.

use std::time::Duration;

use latchkey_tests_support::glpi::{Brought, GlpiDouble, USER_TOKEN, Wants};
use latchkey_tests_support::{free_port, poll_until, witness};
use serde_json::Value;

use super::agent::{Agent, json};
use super::kills::{PATIENCE, agent, installations};
use crate::installed::{Installed, Served};

const USER: &str = "inventory";
const PASSWORD: &str = "ein langes Passwort für Inventare: 7";
const CLIENT: &str = "8f2c1d0b7a6e5f4c3b2a19080706050a";
const SECRET: &str = "c1ient-s3cret-0f-the-inventories";

/// An installation with a server, and a GLPI to which there is a connection.
struct Site {
    installed: Installed,
    glpi: GlpiDouble,
}

impl Site {
    fn serves(&self) -> Served {
        let listen = format!("127.0.0.1:{}", free_port());
        let program = self.installed.program(&["serve", "--listen", &listen]);
        let process = program.env("LATCHKEY_OUTGOING_ALLOW", "127.0.0.0/8").spawn();
        let address = listen.parse().unwrap();
        poll_until(PATIENCE, || {
            let ready = latchkey_tests_support::http::Request::get("/readyz").try_send(address);
            ready.is_ok_and(|response| response.status == 200).then_some(())
        });
        Served { process, address }
    }

    fn adds(&self, name: &str, more: &[&str], typed: &str) -> Value {
        let url = self.glpi.url();
        let arguments =
            [&["--json", "glpi", "add", "--name", name, "--url", &url, "--user-token-stdin"], more].concat();
        let ran = self.installed.told(&arguments, typed);
        assert!(ran.status.success(), "{}{}", ran.stdout, ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// From now on the GLPI is shown this.
    fn shows(&self, arguments: &[&str], typed: &str) -> Value {
        let ran = self.installed.told(&[&["--json", "glpi", "inventory", "paris"], arguments].concat(), typed);
        assert!(ran.status.success(), "{}{}", ran.stdout, ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    fn waiting(&self) -> Value {
        self.installed.json(&["queue", "show"])
    }

    /// What came since this was last called.
    fn brought(&self) -> Vec<Brought> {
        std::mem::take(&mut self.glpi.state().brought)
    }

    /// Whether what an agent says gets to the GLPI itself, and is taken.
    fn takes(&self, agent: &Agent) -> bool {
        self.brought();
        let answer = agent.contact();
        let taken = self.brought().iter().any(|it| it.taken);
        taken && answer.status == 200 && json(&answer)["tasks"]["inventory"]["version"] == "11.0.2"
    }
}

/// What every agent's message was shown with, where it was taken.
fn shown(brought: &[Brought]) -> Vec<&str> {
    brought.iter().filter(|it| it.taken).map(|it| it.authorization.as_deref().unwrap_or("nothing")).collect()
}

#[test]
fn a_glpi_is_shown_what_it_asks_for_and_never_what_agents_show() {
    for installed in installations() {
        witness::secret(SECRET);
        let site = Site { installed, glpi: GlpiDouble::start() };
        site.glpi.state().inventories_want = Wants::Basic(USER, PASSWORD);
        assert_eq!(site.adds("paris", &[], USER_TOKEN)["inventory"], "none");
        let server = site.serves();
        let created = site.installed.json(&["enroll", "create", "--name", "Site P", "--glpi", "paris", "--approve"]);
        let agent = agent(&created, server.address);
        let key = created["basic_password"].as_str().unwrap();
        poll_until(PATIENCE, || (agent.contact().status == 200).then_some(()));
        // Without a credential nothing is taken, and nothing is lost: why is said.
        assert_eq!(agent.inventory().status, 200);
        let waiting = poll_until(PATIENCE, || {
            let waiting = site.waiting();
            waiting["queued"][0]["last_error"].is_string().then_some(waiting)
        });
        let why = waiting["queued"][0]["last_error"].as_str().unwrap();
        assert!(why.contains("wants a credential for inventories") && why.contains("401"), "{waiting}");
        // A wrong one changes nothing; a right one is shown at once, and brings what waits on its way.
        site.shows(&["--user", USER, "--password-stdin"], "wrong\n");
        assert!(!site.takes(&agent));
        assert_eq!(site.waiting()["messages"], 1);
        let changed = site.shows(&["--user", USER, "--password-stdin"], &format!("{PASSWORD}\n"));
        assert_eq!(changed["inventory"], "basic");
        poll_until(Duration::from_secs(10), || (site.waiting()["messages"] == 0).then_some(()));
        poll_until(PATIENCE, || site.takes(&agent).then_some(()));
        assert_eq!(agent.inventory().status, 200);
        let brought = site.brought();
        assert_eq!(shown(&brought), ["Basic aW52ZW50b3J5OmVpbiBsYW5nZXMgUGFzc3dvcnQgZsO8ciBJbnZlbnRhcmU6IDc="]);

        // A client's token is fetched, used again, and fetched anew once it does not count any more.
        site.glpi.state().inventories_want = Wants::Client(CLIENT, SECRET);
        site.shows(&["--client-id", CLIENT, "--client-secret-stdin"], SECRET);
        poll_until(PATIENCE, || site.takes(&agent).then_some(()));
        assert_eq!((agent.contact().status, agent.inventory().status), (200, 200));
        let first = format!("Bearer {}", site.glpi.state().tokens[0]);
        assert_eq!(shown(&site.brought()), [first.as_str(), first.as_str()]);
        site.glpi.state().tokens.clear();
        assert_eq!((agent.contact().status, agent.inventory().status), (200, 200));
        let second = format!("Bearer {}", site.glpi.state().tokens[0]);
        let brought = site.brought();
        assert_eq!(
            (shown(&brought), brought.len()),
            (vec![second.as_str(), second.as_str()], 3),
            "and one was refused"
        );
        assert!(second != first && site.glpi.state().tokens.len() == 1);
        assert_eq!(site.waiting()["messages"], 0);

        // Nobody is shown it but the GLPI.
        let listed = site.installed.json(&["glpi", "list"]);
        assert_eq!(listed["connections"][0]["inventory"], "oauth");
        let outputs = [
            &["glpi", "list"][..],
            &["--json", "glpi", "list"],
            &["--json", "audit", "log"],
            &["export", "connections", "--format", "jsonl"],
            &["glpi", "inventory", "pariss", "--none"],
        ];
        let mut all: String =
            outputs.iter().map(|it| site.installed.runs(it)).map(|ran| ran.stdout + &ran.stderr).collect();
        assert!(all.contains("glpi.inventory") && all.contains("Did you mean \"paris\"?"), "{all}");
        all.push_str(&site.installed.told(&["glpi", "check", "paris"], "").stdout);
        all.push_str(&server.process.stderr());
        for secret in [PASSWORD, SECRET, "token-", key] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
        for file in ["latchkey.db", "latchkey.db-wal"].map(|file| site.installed.data_dir().join(file)) {
            let bytes = std::fs::read(&file).unwrap_or_default();
            assert!(!bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()), "it stands in {file:?}");
        }
        let everything = site.glpi.state().brought.clone();
        assert!(everything.iter().all(|it| !it.headers.contains(key)), "{everything:?}");

        site.glpi.state().inventories_want = Wants::Nothing;
        assert_eq!(site.shows(&["--none"], "")["inventory"], "none");
        poll_until(PATIENCE, || {
            let taken = site.takes(&agent);
            agent.contact();
            (taken && shown(&site.brought()) == ["nothing"]).then_some(())
        });
        assert!(site.installed.runs(&["audit", "verify"]).status.success());
    }
}

#[test]
fn a_connection_is_made_and_made_anew_with_what_its_glpi_is_shown() {
    for (installed, other) in installations().into_iter().zip(installations()) {
        let site = Site { installed, glpi: GlpiDouble::start() };
        site.glpi.state().inventories_want = Wants::Client(CLIENT, SECRET);
        let client = ["--inventory-client-id", CLIENT, "--inventory-client-secret-stdin"];
        for (typed, code) in
            [(USER_TOKEN.to_owned(), "two secrets are read"), (format!("{USER_TOKEN}\n\n"), "two secrets")]
        {
            let url = site.glpi.url();
            let add = ["glpi", "add", "--name", "paris", "--url", &url, "--user-token-stdin"];
            let ran = site.installed.told(&[&add[..], &client].concat(), &typed);
            assert!(ran.status.code() == Some(2) && ran.stderr.contains(code), "{}", ran.stderr);
        }
        let added = site.adds("paris", &client, &format!("{USER_TOKEN}\r\n{SECRET}\r\n"));
        assert_eq!(added["inventory"], "oauth");
        let colon = ["glpi", "inventory", "paris", "--user", "a:b", "--password-stdin"];
        let ran = site.installed.told(&colon, "p");
        assert!(ran.stderr.contains("character 2 of the inventory user cannot stand there"), "{}", ran.stderr);
        let created = site.installed.json(&["enroll", "create", "--name", "Site P", "--glpi", "paris", "--approve"]);

        // It is in the backup as the connection's other secrets are, and opens where the master key is the same.
        let backup = site.installed.path().join("all.backup").display().to_string();
        site.installed.json(&["backup", "--to", &backup]);
        std::fs::create_dir_all(other.data_dir()).unwrap();
        std::fs::copy(site.installed.data_dir().join("master.key"), other.data_dir().join("master.key")).unwrap();
        other.json(&["restore", &backup]);
        let restored = Site { installed: other, ..site };
        let server = restored.serves();
        let agent = agent(&created, server.address);
        poll_until(PATIENCE, || (agent.contact().status == 200 && restored.takes(&agent)).then_some(()));

        // With the connection it is forgotten: made anew, it is shown what is said then.
        restored.installed.json(&["glpi", "remove", "paris"]);
        assert_eq!(restored.adds("paris", &[], USER_TOKEN)["inventory"], "none");
        poll_until(PATIENCE, || (!restored.takes(&agent)).then_some(()));
        restored.installed.json(&["glpi", "remove", "paris"]);
        let basic = ["--inventory-user", USER, "--inventory-password-stdin"];
        restored.glpi.state().inventories_want = Wants::Basic(USER, PASSWORD);
        let added = restored.adds("paris", &basic, &format!("{USER_TOKEN}\n{PASSWORD}"));
        assert_eq!(added["inventory"], "basic");
        poll_until(PATIENCE, || restored.takes(&agent).then_some(()));
    }
}
