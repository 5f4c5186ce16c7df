//! What a vendor does with everything at once: backs it up, restores it, takes it in from elsewhere, gives it out, erases.

use std::fs;
use std::time::Duration;

use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{Program, poll_until};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::installed::{Installed, Ran};

fn installations() -> [Installed; 2] {
    [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())]
}

#[track_caller]
fn problem(ran: &Ran) -> Value {
    assert!(!ran.status.success(), "{}", ran.stdout);
    serde_json::from_str(&ran.stderr).unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
}

#[track_caller]
fn is_refused(installed: &Installed, arguments: &[&str], code: &str) {
    let mut with_json = vec!["--json"];
    with_json.extend_from_slice(arguments);
    let problem = problem(&installed.runs(&with_json));
    assert_eq!(problem["code"], code, "{arguments:?}: {problem}");
}

impl Installed {
    fn file(&self, name: &str) -> String {
        self.path().join(name).display().to_string()
    }

    /// Gives another installation the same master key, as whoever restores has to.
    fn shares_master_key_with(&self, other: &Installed) {
        fs::create_dir_all(other.data_dir()).unwrap();
        fs::copy(self.data_dir().join("master.key"), other.data_dir().join("master.key")).unwrap();
    }

    fn writes(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path().join(name), text).unwrap();
        self.file(name)
    }
}

#[test]
fn a_backup_of_either_database_is_restored_into_the_other() {
    let elsewhere = || {
        let [embedded, postgres] = installations();
        [postgres, embedded]
    };
    for (installed, other) in installations().into_iter().zip(elsewhere()) {
        let server = installed.serves();
        let issued = installed.issues_key("Acme");
        let text = issued["registration_key"].as_str().unwrap();
        let revoked = installed.issues_key("Beta");
        installed.json(&["key", "revoke", revoked["key_id"].as_str().unwrap(), "--reason", "leaked"]);
        let reissued = installed.json(&["key", "reissue", issued["key_id"].as_str().unwrap(), "--overlap-days", "3"]);
        let backup = installed.file("all.backup");
        let made = installed.json(&["backup", "--to", &backup]);
        assert_eq!(made["rows"]["keys"], 3);
        assert_eq!(server.glpi().asks(text).is_valid(), Some(true), "it goes on answering");
        let master_key = fs::read_to_string(installed.data_dir().join("master.key")).unwrap();
        let bytes = fs::read(&backup).unwrap();
        assert!(!bytes.windows(44).any(|window| window == master_key.trim().as_bytes()));

        is_refused(&other, &["restore", &backup], "MASTER_KEY_MISSING");
        installed.shares_master_key_with(&other);
        let restored = other.json(&["restore", &backup]);
        assert_eq!(restored["audit_log_whole"], true);
        assert_eq!(restored["rows"], made["rows"]);
        let there = other.serves();
        assert_eq!(there.glpi().asks(text).is_valid(), Some(true), "the overlap runs");
        assert_eq!(there.glpi().asks(reissued["registration_key"].as_str().unwrap()).is_valid(), Some(true));
        assert_eq!(there.glpi().asks(revoked["registration_key"].as_str().unwrap()).code(), "KEY_REVOKED");
        assert!(other.runs(&["audit", "verify"]).status.success());
        other.issues_key("Gamma");
        assert!(other.runs(&["audit", "verify"]).status.success(), "the chain goes on");
        assert_eq!(other.json(&["export", "customers", "--to", &other.file("c.csv")])["rows"], 3);
    }
}

#[test]
fn nothing_is_restored_over_what_is_there() {
    for installed in installations() {
        installed.issues_key("Acme");
        let backup = installed.file("all.backup");
        installed.json(&["backup", "--to", &backup]);
        is_refused(&installed, &["backup", "--to", &backup], "FILE_NOT_WRITTEN");
        is_refused(&installed, &["restore", &backup], "DATABASE_NOT_EMPTY");
        let listed = installed.json(&["customer", "list"]);
        assert_eq!(listed["customers"].as_array().unwrap().len(), 1);
    }
}

#[test]
fn an_embedded_database_is_moved_aside_and_never_deleted() {
    let installed = Installed::embedded();
    installed.issues_key("Acme");
    let backup = installed.file("all.backup");
    installed.json(&["backup", "--to", &backup]);
    let lost = installed.issues_key("Beta");
    let mut server = installed.serves();
    is_refused(&installed, &["restore", &backup, "--replace"], "DATABASE_IN_USE");
    assert_eq!(server.glpi().asks(lost["registration_key"].as_str().unwrap()).is_valid(), Some(true));
    server.process.terminate();
    server.process.wait(Duration::from_secs(20));

    let restored = installed.json(&["restore", &backup, "--replace"]);
    let aside = restored["moved_aside"].as_str().unwrap();
    assert!(fs::metadata(aside).unwrap().len() > 0);
    let server = installed.serves();
    server.glpi().asks(lost["registration_key"].as_str().unwrap()).is_our_failure("KEY_NOT_IN_STORE");
    let customers = installed.json(&["customer", "list"]);
    assert_eq!(customers["customers"][0]["customer"], "Acme");
    assert_eq!(customers["customers"].as_array().unwrap().len(), 1);
    assert!(installed.runs(&["audit", "verify"]).status.success());
}

#[test]
fn a_backup_under_another_master_key_is_refused_by_its_fingerprint() {
    let (installed, other) = (Installed::embedded(), Installed::embedded());
    installed.issues_key("Acme");
    let backup = installed.file("all.backup");
    let made = installed.json(&["backup", "--to", &backup]);
    other.issues_key("Theirs");
    let refused = problem(&other.runs(&["--json", "restore", &backup, "--replace"]));
    assert_eq!(refused["code"], "BACKUP_OTHER_MASTER_KEY");
    let expected = made["master_key_fingerprint"].as_str().unwrap();
    assert!(refused["detail"].as_str().unwrap().contains(expected), "{refused}");
    assert_eq!(other.json(&["customer", "list"])["customers"][0]["customer"], "Theirs", "nothing was touched");
}

#[test]
fn a_damaged_backup_is_refused_before_anything_is_made() {
    let (installed, other) = (Installed::embedded(), Installed::embedded());
    installed.issues_key("Acme");
    let backup = installed.file("all.backup");
    installed.json(&["backup", "--to", &backup]);
    let bytes = fs::read(&backup).unwrap();
    let short = other.writes("short.backup", &bytes[..bytes.len() - 1]);
    is_refused(&other, &["restore", &short], "BACKUP_DAMAGED");
    let strange = other.writes("strange.backup", "hello");
    is_refused(&other, &["restore", &strange], "USAGE");
    is_refused(&other, &["restore", &other.file("not-there")], "USAGE");
    assert!(!other.data_dir().exists());
}

#[test]
fn a_backup_that_was_altered_anywhere_is_refused() {
    let (installed, other) = (Installed::embedded(), Installed::embedded());
    installed.issues_key("Acme");
    installed.shares_master_key_with(&other);
    let backup = installed.file("all.backup");
    installed.json(&["backup", "--to", &backup]);
    let bytes = fs::read(&backup).unwrap();
    // From the first line to the digest at the end.
    for part in 0..20 {
        let mut altered = bytes.clone();
        let at = part * (bytes.len() - 1) / 19;
        altered[at] ^= 1;
        let altered = other.writes("altered.backup", altered);
        let ran = other.runs(&["--json", "restore", &altered]);
        assert!(!ran.status.success(), "byte {at} of {} was altered: {}", bytes.len(), ran.stdout);
        let code = problem(&ran)["code"].as_str().unwrap().to_owned();
        assert!(["BACKUP_DAMAGED", "BACKUP_NEWER", "USAGE"].contains(&code.as_str()), "byte {at}: {code}");
        assert!(!other.data_dir().join("latchkey.db").exists(), "byte {at}: something was made");
    }
}

#[test]
fn a_backup_of_a_newer_latchkey_is_refused_as_one() {
    let (installed, other) = (Installed::embedded(), Installed::embedded());
    installed.issues_key("Acme");
    installed.shares_master_key_with(&other);
    let backup = installed.file("all.backup");
    installed.json(&["backup", "--to", &backup]);
    let bytes = fs::read(&backup).unwrap();
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let second = first + 1 + bytes[first + 1..].iter().position(|byte| *byte == b'\n').unwrap();
    let (head, header) = (std::str::from_utf8(&bytes[..first]).unwrap(), &bytes[first + 1..second]);
    // Another format of the file.
    let (name, format) = head.rsplit_once(' ').unwrap();
    let newer: u32 = format.parse::<u32>().unwrap() + 1;
    let file = [format!("{name} {newer}").as_bytes(), &bytes[first..]].concat();
    is_refused(&other, &["restore", &other.writes("format.backup", file)], "BACKUP_NEWER");
    // A schema that this program does not know, in a file that is whole.
    let mut header: Value = serde_json::from_slice(header).unwrap();
    header["schema"] = (header["schema"].as_u64().unwrap() + 1).into();
    let body = &bytes[second..bytes.len() - 32];
    let mut file = [head.as_bytes(), b"\n", header.to_string().as_bytes(), body].concat();
    let digest = Sha256::digest(&file);
    file.extend_from_slice(&digest);
    is_refused(&other, &["restore", &other.writes("schema.backup", file)], "BACKUP_NEWER");
    assert!(!other.data_dir().join("latchkey.db").exists());
}

#[test]
fn a_full_disk_leaves_no_half_backup() {
    let installed = Installed::embedded();
    installed.issues_key("Acme");
    let server = installed.serves();
    let names: String = (0..2_000).map(|number| format!("Customer {number}\n")).collect();
    installed.json(&["import", "customers", &installed.writes("names.csv", format!("customer\n{names}"))]);
    let backup = installed.file("all.backup");
    // A limit on the size of files, which says the same to whoever writes: no more.
    let script = format!(
        "trap '' XFSZ; ulimit -f 32; exec {} --json --data-dir {} backup --to {backup}",
        env!("CARGO_BIN_EXE_latchkey"),
        installed.data_dir().display()
    );
    let refused = problem(&Ran::of(Program::new("sh").args(["-c", &script]).spawn()));
    assert_eq!(refused["code"], "FILE_NOT_WRITTEN", "{refused}");
    let left: Vec<_> = fs::read_dir(installed.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("backup")), "{left:?}");
    installed.json(&["backup", "--to", &backup]);
    drop(server);
}

#[test]
fn a_master_key_is_kept_under_a_passphrase() {
    let installed = Installed::embedded();
    let issued = installed.issues_key("Acme");
    let fingerprint = installed.json(&["master-key", "show-fingerprint"]);
    assert_eq!(fingerprint["belongs_to_database"], true);
    let sealed = installed.file("master-key.sealed");
    let exports = |passphrase: &str| {
        Ran::of(installed.program(&["--json", "master-key", "export", "--to", &sealed]).input(passphrase).spawn())
    };
    assert_eq!(problem(&exports("short\n"))["code"], "USAGE");
    assert!(exports("correct horse battery\n").status.success());
    assert!(!fs::read_to_string(&sealed).unwrap().contains("correct horse"));

    let imports = |passphrase: &str| {
        Ran::of(installed.program(&["--json", "master-key", "import", &sealed]).input(passphrase).spawn())
    };
    assert_eq!(problem(&imports("correct horse battery\n"))["code"], "MASTER_KEY_EXISTS");
    fs::remove_file(installed.data_dir().join("master.key")).unwrap();
    assert_eq!(problem(&imports("correct horse batteri\n"))["code"], "PASSPHRASE_WRONG");
    assert!(imports("correct horse battery\n").status.success());
    assert_eq!(installed.json(&["master-key", "show-fingerprint"]), fingerprint);
    let shown = installed.json(&["key", "show", issued["key_id"].as_str().unwrap(), "--reveal"]);
    assert_eq!(shown["registration_key"], issued["registration_key"]);
}

#[test]
fn a_spreadsheet_is_taken_in_wholly_or_not_at_all() {
    for installed in installations() {
        installed.json(&["key", "issue", "--customer", "Acme", "--offer", "basic", "--years", "1"]);
        let bad = "customer,offer,begin_date,end_date,issue_key\n\
                   Beta,basic,2026-01-01,2099-12-31,yes\n\
                   Gamma,bascic,2026-01-01,2099-12-31,yes\n\
                   Delta,basic,2026-12-31,2026-01-01,\n";
        let bad = installed.writes("bad.csv", bad);
        for dry_run in [true, false] {
            let mut arguments = vec!["--json", "import", "subscriptions", &bad];
            arguments.extend(dry_run.then_some("--dry-run"));
            let ran = installed.runs(&arguments);
            assert_eq!(ran.status.code(), Some(1), "{}", ran.stderr);
            let said: Value = serde_json::from_str(&ran.stdout).unwrap();
            assert_eq!((&said["refused"], &said["done"]), (&2.into(), &false.into()), "{said}");
            let fates: Vec<_> =
                said["rows"].as_array().unwrap().iter().map(|row| row["fate"].as_str().unwrap()).collect();
            assert_eq!(fates, ["made", "refused", "refused"]);
            assert_eq!(said["rows"][1]["code"], "OFFER_UNKNOWN");
            assert_eq!(said["rows"][1]["line"], 3);
        }
        assert_eq!(installed.json(&["customer", "list"])["customers"].as_array().unwrap().len(), 1);

        let good = "customer;offer;begin_date;end_date;issue_key\n\
                    Beta;basic;2026-01-01;2099-12-31;yes\n\
                    '=Gamma;standard;2026-01-01;2099-12-31;\n\
                    BETA;basic;2026-01-01;2099-12-31;yes\n";
        let good = installed.writes("good.csv", good);
        let (keys, more) = (installed.file("keys.csv"), installed.file("more.csv"));
        is_refused(&installed, &["import", "subscriptions", &good], "USAGE");
        let made = installed.json(&["import", "subscriptions", &good, "--keys-to", &keys]);
        assert_eq!((&made["made"], &made["existing"]), (&2.into(), &1.into()), "{made}");
        let keys = fs::read_to_string(&keys).unwrap();
        let key = keys.lines().nth(1).unwrap().rsplit(',').next().unwrap();
        assert_eq!(keys.lines().count(), 2, "a row that comes twice has one key");
        let server = installed.serves();
        assert_eq!(server.glpi().asks(key).is_valid(), Some(true));

        let again = installed.json(&["import", "subscriptions", &good, "--keys-to", &more]);
        assert_eq!((&again["made"], &again["existing"]), (&0.into(), &3.into()), "{again}");
        let out = installed.file("out");
        assert!(installed.runs(&["export", "all", "--to", &out]).status.success());
        let customers = fs::read_to_string(format!("{out}/customers.csv")).unwrap();
        assert!(customers.contains(",'=Gamma,"), "{customers}");
        let ran = installed.runs(&["export", "subscriptions", "--format", "jsonl"]);
        let first: Value = serde_json::from_str(ran.stdout.lines().next().unwrap()).unwrap();
        assert_eq!(first["customer"], "Acme");
        assert_eq!(ran.stdout.lines().count(), 3);
        let back = installed.json(&["import", "subscriptions", &format!("{out}/subscriptions.csv"), "--dry-run"]);
        assert_eq!(back["existing"], 3, "what was given out is known again: {back}");
    }
}

#[test]
fn a_hundred_thousand_rows_with_one_bad_one_change_nothing() {
    let installed = Installed::embedded();
    installed.issues_key("Acme");
    let mut text = String::from("customer\n");
    for number in 0..100_000 {
        text.push_str(&format!("Customer {number}\n"));
    }
    let names = installed.writes("names.csv", text.clone() + "\u{202E}emcA\n");
    let ran = installed.runs(&["import", "customers", &names]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(ran.stdout.contains("100002"), "the line is named: {}", ran.stdout);
    assert_eq!(installed.json(&["customer", "list"])["customers"].as_array().unwrap().len(), 1);
}

#[test]
fn an_erased_customer_is_gone_and_the_audit_log_is_whole() {
    for installed in installations() {
        let server = installed.serves();
        let issued = installed.issues_key("Jane Roe Consulting");
        let (key, id) = (issued["registration_key"].as_str().unwrap(), issued["customer_id"].as_str().unwrap());
        let subscription = issued["subscription_id"].as_str().unwrap();
        installed.json(&["subscription", "suspend", subscription, "--reason", "Jane Roe did not pay"]);
        installed.json(&["subscription", "resume", subscription, "--reason", "Jane Roe paid"]);
        let other = installed.issues_key("Other");
        assert!(server.glpi().asks(key).text.contains("Jane Roe"));

        let erased = installed.json(&["customer", "erase", id, "--reason", "request 4711"]);
        assert_eq!(erased["customer"], format!("erased-{id}"));
        assert_eq!((&erased["keys_revoked"], &erased["reasons_erased"]), (&1.into(), &2.into()), "{erased}");
        poll_until(Duration::from_secs(1), || (server.glpi().asks(key).code() == "KEY_REVOKED").then_some(()));
        assert!(!server.glpi().asks(key).text.contains("Jane Roe"));
        assert_eq!(server.glpi().asks(other["registration_key"].as_str().unwrap()).is_valid(), Some(true));

        let verified = installed.json(&["audit", "verify"]);
        assert_eq!((&verified["whole"], &verified["erased_reasons"]), (&true.into(), &2.into()), "{verified}");
        let out = installed.file("out");
        assert!(installed.runs(&["export", "all", "--format", "jsonl", "--to", &out]).status.success());
        for name in ["customers", "subscriptions", "keys", "audit"] {
            let text = fs::read_to_string(format!("{out}/{name}.jsonl")).unwrap();
            assert!(!text.contains("Jane Roe"), "{name}: {text}");
        }
        assert!(fs::read_to_string(format!("{out}/audit.jsonl")).unwrap().contains("request 4711"));
        is_refused(&installed, &["customer", "erase", id, "--reason", "again"], "CUSTOMER_ERASED");
        let buys = ["key", "issue", "--customer", id, "--offer", "basic", "--years", "1"];
        is_refused(&installed, &buys, "CUSTOMER_ERASED");
        is_refused(&installed, &["customer", "erase", "Nobody", "--reason", "x"], "CUSTOMER_UNKNOWN");
        let anew = installed.issues_key("Jane Roe Consulting");
        assert_ne!(anew["customer_id"], issued["customer_id"], "a new contract is a new customer");
    }
}

#[test]
fn an_erased_name_is_nowhere_in_the_embedded_database() {
    let installed = Installed::embedded();
    let issued = installed.issues_key("Jane Roe Consulting");
    installed.json(&["customer", "erase", issued["customer_id"].as_str().unwrap(), "--reason", "request 4711"]);
    for entry in fs::read_dir(installed.data_dir()).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).to_lowercase();
        assert!(!text.contains("jane roe"), "{}", path.display());
    }
}
