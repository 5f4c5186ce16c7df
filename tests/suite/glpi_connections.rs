//! Connections to GLPIs, from the command line: asked before they are kept, sealed while they are.

use latchkey_tests_support::glpi::{GlpiDouble, USER_TOKEN};
use latchkey_tests_support::postgres::Cluster;
use serde_json::{Value as Json, json};

use crate::installed::{Installed, Ran};

impl Installed {
    /// Runs a command with something on its standard input; this machine may be asked.
    pub(crate) fn told(&self, arguments: &[&str], typed: &str) -> Ran {
        let program = self.program(arguments).env("LATCHKEY_OUTGOING_ALLOW", "127.0.0.0/8").input(typed);
        Ran::of(program.spawn())
    }

    /// Makes a connection that is called `main`.
    #[track_caller]
    pub(crate) fn knows(&self, glpi: &GlpiDouble) -> Json {
        let ran = self
            .told(&["--json", "glpi", "add", "--name", "main", "--url", &glpi.url(), "--user-token-stdin"], USER_TOKEN);
        assert!(ran.status.success(), "{}{}", ran.stdout, ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    fn refused(&self, glpi: &GlpiDouble) -> String {
        let ran = self
            .told(&["--json", "glpi", "add", "--name", "x", "--url", &glpi.url(), "--user-token-stdin"], USER_TOKEN);
        assert_eq!(ran.status.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
        let problem: Json = serde_json::from_str(&ran.stderr).unwrap();
        problem["code"].as_str().unwrap().to_owned()
    }
}

fn story(installed: &Installed) {
    let glpi = GlpiDouble::start();
    let target = ["--entity", "1", "--group", "1", "--group", "9"];
    let early = installed.json(&[&["invite", "create", "--name", "Early"], &target[..]].concat());
    assert_eq!((&early["entity_name"], &early["group_names"]), (&Json::Null, &json!([null, null])), "no GLPI said it");
    let named = |name: &str| {
        let it = installed.json(&["invite", "show", name]);
        [it["entity_name"].clone(), it["group_names"].clone()]
    };
    let added = installed.knows(&glpi);
    assert_eq!(named("Early"), [json!("Root entity > North"), json!(["Staff", null])], "it goes there now");
    assert_eq!((&added["name"], &added["glpi_version"]), (&"main".into(), &"10.0.19".into()));
    assert_eq!(added["password_policy"]["least"], 8);
    assert_eq!(added["verifies_passwords"], true);
    assert_eq!(added["remarks"].as_array().unwrap().len(), 1, "only that it is not encrypted: {added}");
    let again = installed
        .told(&["--json", "glpi", "add", "--name", "MAIN", "--url", &glpi.url(), "--user-token-stdin"], USER_TOKEN);
    assert!(again.stderr.contains("CONNECTION_EXISTS"), "{}", again.stderr);

    glpi.state().rights.insert("profile", 3);
    glpi.state().logins_on = false;
    let checked = installed.told(&["--json", "glpi", "check", "main"], "");
    let checked: Json = serde_json::from_str(&checked.stdout).unwrap();
    let codes: Vec<&str> =
        checked["remarks"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["RIGHTS_TOO_WIDE", "NOT_ENCRYPTED", "PASSWORDS_NOT_VERIFIABLE"]);
    assert_eq!(checked["profiles"].as_array().unwrap().len(), 8);
    let north = checked["entities"].as_array().unwrap().iter().find(|one| one["id"] == 1).unwrap();
    assert_eq!((&north["path"], &north["parent"]), (&"Root entity > North".into(), &0.into()));

    let listed = installed.json(&["glpi", "list"]);
    assert_eq!(listed["connections"][0]["remarks"], checked["remarks"]);
    for ran in [installed.runs(&["glpi", "list"]), installed.runs(&["audit", "log"])] {
        assert!(ran.status.success() && !ran.stdout.contains(USER_TOKEN), "{}", ran.stdout);
    }
    // An invitation says by name as what people are registered, beside GLPI's own numbers.
    let target = ["--entity", "1", "--recursive", "--profile", "2", "--group", "1", "--group", "9"];
    let made = installed.json(&[&["invite", "create", "--name", "Sales"], &target[..]].concat());
    assert_eq!((&made["entity_name"], &made["profile_name"]), (&"Root entity > North".into(), &"Observer".into()));
    assert_eq!(made["group_names"], json!(["Staff", null]));
    let shown = installed.runs(&["invite", "show", "Sales"]).stdout;
    for part in ["Root entity > North (1), and those below", "Observer (2)", "Staff (1), 9", "GLPI main"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    // What it says later is kept, too, and a name that was known stays.
    glpi.state().groups = vec![(1, "Everybody".into()), (9, "Night".into())];
    assert!(installed.told(&["glpi", "check", "main"], "").status.success());
    for name in ["Early", "Sales"] {
        assert_eq!(named(name), [json!("Root entity > North"), json!(["Staff", "Night"])], "{name}");
    }
    let csv = installed.runs(&["export", "invitations"]).stdout;
    let (head, rows) = csv.split_once('\n').unwrap();
    assert!(head.contains("entity,entity_name,recursive,profile,profile_name,groups,group_names"), "{head}");
    assert!(rows.contains(r#"1,Root entity > North,true,2,Observer,"[1,9]","[""Staff"",""Night""]""#), "{rows}");
    let slip = installed.runs(&["glpi", "remove", "mian"]);
    assert!(slip.stderr.contains("Did you mean \"main\"?"), "{}", slip.stderr);
    let second =
        installed.told(&["glpi", "add", "--name", "branch", "--url", &glpi.url(), "--user-token-stdin"], USER_TOKEN);
    assert!(second.status.success(), "{}", second.stderr);
    let unsaid = installed.runs(&["invite", "create", "--name", "Sales"]).stderr;
    assert!(unsaid.contains("none is named") && unsaid.contains("--glpi: branch, main"), "{unsaid}");
    installed.json(&["glpi", "remove", "branch"]);
    assert_eq!(installed.json(&["glpi", "remove", "main"])["removed"], true);
    let shown = installed.runs(&["invite", "show", "Sales"]).stdout;
    assert!(shown.contains("whose connection was removed"), "{shown}");
    assert_eq!(installed.json(&["glpi", "list"])["connections"].as_array().unwrap().len(), 0);
    installed.knows(&glpi);
}

#[test]
fn a_connection_is_asked_kept_checked_and_removed_on_sqlite() {
    let installed = Installed::embedded();
    story(&installed);
    for file in ["latchkey.db", "latchkey.db-wal"] {
        if let Ok(bytes) = std::fs::read(installed.data_dir().join(file)) {
            let found = bytes.windows(USER_TOKEN.len()).any(|part| part == USER_TOKEN.as_bytes());
            assert!(!found, "the token stands in {file}");
        }
    }
}

#[test]
fn a_connection_is_asked_kept_checked_and_removed_on_postgres() {
    story(&Installed::on_postgres(Cluster::shared().fresh_database()));
}

#[test]
fn what_keeps_a_glpi_from_being_used_is_named() {
    let installed = Installed::embedded();
    let glpi = GlpiDouble::start();
    glpi.state().api_on = false;
    assert_eq!(installed.refused(&glpi), "GLPI_API_OFF");
    (glpi.state().api_on, glpi.state().address_allowed) = (true, false);
    assert_eq!(installed.refused(&glpi), "GLPI_ADDRESS_NOT_ALLOWED");
    (glpi.state().address_allowed, glpi.state().app_token) = (true, Some("app".into()));
    assert_eq!(installed.refused(&glpi), "GLPI_APP_TOKEN_WRONG");
    glpi.state().app_token = None;
    let wrong = installed
        .told(&["--json", "glpi", "add", "--name", "x", "--url", &glpi.url(), "--user-token-stdin"], "another");
    assert!(wrong.stderr.contains("GLPI_LOGIN_WRONG"), "{}", wrong.stderr);
    glpi.state().rights.insert("user", 1);
    assert_eq!(installed.refused(&glpi), "USERS_CREATE_MISSING");
    glpi.is_away(true);
    assert_eq!(installed.refused(&glpi), "OUTGOING_BROKEN_OFF");
    let nothing = installed.told(&["glpi", "add", "--name", "x", "--url", &glpi.url(), "--user-token-stdin"], "\n");
    assert_eq!(nothing.status.code(), Some(2), "{}", nothing.stderr);
    let none = installed.runs(&["glpi", "list"]);
    assert!(
        none.stderr.contains("there is no Latchkey"),
        "nothing was made on the way: {}{}",
        none.stdout,
        none.stderr
    );
}
