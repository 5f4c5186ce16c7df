//! Disks and accounts that are not as one wishes, as somebody at the command line meets them.
//!
//! Root may write anywhere, and a test's disk is not full: these stories run within a namespace where even an ordinary user
//! may mount a small disk, or as somebody else. Where the system forbids that they say so and end.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use latchkey_tests_support::Program;
use serde_json::Value;

use crate::installed::{Installed, Ran};

/// Runs a shell script in which `"$@"` is the program, in a mount namespace of its own. `None` where that is forbidden.
fn with_a_mount(installed: &Installed, script: &str) -> Option<Ran> {
    let probe =
        Command::new("unshare").args(["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]).output();
    if !probe.is_ok_and(|probe| probe.status.success()) {
        #[allow(clippy::print_stderr, reason = "a test that was not run says so")]
        {
            eprintln!("this system lets nobody but root mount a disk, not even in a namespace: not tested here");
        }
        return None;
    }
    let program = Program::new("unshare")
        .directory(installed.path())
        .args(["--map-root-user", "--mount", "sh", "-ec", script, "sh", env!("CARGO_BIN_EXE_latchkey")])
        .env("LATCHKEY_DATA_DIR", installed.data_dir())
        .env("DATA", installed.data_dir());
    Some(Ran::of(program.spawn()))
}

#[test]
fn what_may_only_be_read_is_read() {
    let installed = Installed::embedded();
    let issued = installed.issues_key("Acme");
    let id = |member: &str| issued[member].as_str().unwrap().to_owned();
    let (key, subscription) = (id("key_id"), id("subscription_id"));
    let script = format!(
        r#"mount --bind "$DATA" "$DATA"; mount -o remount,bind,ro "$DATA"
        for command in "key list" "key show {key}" "subscription list" "subscription show {subscription}" "customer list" \
                       "offer list" "signing-key list" "token list" "audit log" "audit verify" "time-zone show" \
                       "export keys --to $PWD/out"; do
            "$@" $command >/dev/null || echo "not read: $command"
        done
        for command in "key revoke {key} --reason x" "customer add Beta" "signing-key rotate" "serve"; do
            if "$@" $command >/dev/null; then echo "written: $command"; else echo "[$?]" >&2; fi
        done"#
    );
    let Some(ran) = with_a_mount(&installed, &script) else { return };
    assert_eq!(ran.stdout, "", "{}", ran.stderr);
    let (said, codes): (Vec<&str>, Vec<&str>) = ran.stderr.lines().partition(|line| !line.starts_with('['));
    assert_eq!(codes, ["[3]"; 4], "{}", ran.stderr);
    let refused = said.iter().filter(|line| line.starts_with("error:"));
    let refused = refused.filter(|line| line.contains("written") || line.contains("write into"));
    assert_eq!(refused.count(), 4, "each says so: {}", ran.stderr);
    assert!(installed.path().join("out").exists(), "{}", ran.stderr);
    assert_eq!(installed.json(&["key", "list"])["keys"].as_array().unwrap().len(), 1);
}

#[test]
fn an_archive_for_which_there_is_no_room_is_not_published() {
    let installed = Installed::embedded();
    installed.issues_key("Acme");
    // Incompressible, so that it needs its room on the disk.
    let mut noise = Vec::new();
    let mut state = 1_u64;
    while noise.len() < 300_000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        noise.extend_from_slice(&state.to_be_bytes()[..4]);
    }
    let packed = crate::marketplace::archive_with("demo", "1.0.0", &noise);
    fs::write(installed.path().join("demo.tar.gz"), &packed).unwrap();
    let script = r#"mkdir "$DATA/archives"; mount -t tmpfs -o size=128k none "$DATA/archives"
        if "$@" --json plugin publish demo.tar.gz >published.json; then echo "published on a full disk"; fi
        "$@" --json plugin list >listed.json
        find "$DATA/archives" -type f
        mount -o remount,size=4m "$DATA/archives"
        "$@" plugin publish demo.tar.gz >/dev/null && echo published"#;
    let Some(ran) = with_a_mount(&installed, script) else { return };
    assert_eq!(ran.stdout, "published\n", "{}", ran.stderr);
    assert!(ran.stderr.contains("DISK_FULL") && ran.stderr.contains("make room"), "{}", ran.stderr);
    let listed = fs::read_to_string(installed.path().join("listed.json")).unwrap();
    assert!(!listed.contains("demo"), "{listed}");
}

#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let installed = Installed::embedded();
    fs::create_dir(installed.data_dir()).unwrap();
    let script = r#"mount -t tmpfs -o size=2m none "$DATA"
        issue() { "$@" --json key issue --customer Acme --offer basic --days 1; }
        issue "$@" >first.json
        issue "$@" >second.json
        dd if=/dev/zero of="$DATA/ballast" bs=4k 2>/dev/null || true
        if issue "$@" >third.json 2>error.txt; then echo "issued on a full disk"; fi
        cat error.txt >&2
        key=$(sed -n 's/.*"key_id": "\(.*\)".*/\1/p' first.json)
        if "$@" --json key revoke "$key" --reason full 2>refused.json; then echo "revoked on a full disk"; fi
        "$@" --json key list >listed.json
        rm "$DATA/ballast"
        issue "$@" >fourth.json
        "$@" --json key list >listed-again.json
        "$@" audit verify >/dev/null && echo whole"#;
    let Some(ran) = with_a_mount(&installed, script) else { return };
    assert_eq!((ran.stdout.trim(), ran.status.code()), ("whole", Some(0)), "{}", ran.stderr);
    let problem: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert!(problem["detail"].as_str().unwrap().contains("full; nothing was changed"), "{problem}");
    assert_eq!(problem["code"], "DISK_FULL");
    let read = |name: &str| fs::read_to_string(installed.path().join(name)).unwrap();
    let json = |name: &str| -> Value { serde_json::from_str(&read(name)).unwrap() };
    let ids = |list: Value| -> Vec<Value> {
        list["keys"].as_array().unwrap().iter().map(|key| key["key_id"].clone()).collect()
    };
    let [first, second, fourth] = ["first.json", "second.json", "fourth.json"].map(|name| json(name)["key_id"].clone());
    assert_eq!(read("third.json"), "");
    assert_eq!(json("refused.json")["code"], "DISK_FULL", "{}", read("refused.json"));
    assert_eq!(ids(json("listed.json")), [second.clone(), first.clone()], "what there is can be read all the while");
    assert_eq!(ids(json("listed-again.json")), [fourth, second, first]);
}

/// The command of another account: only root can become one.
#[test]
fn root_acts_as_the_owner_and_others_are_told_who_may() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
    let installed = Installed::embedded();
    // Others have to reach it.
    fs::set_permissions(installed.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(installed.data_dir()).unwrap();
    nix::unistd::chown(&installed.data_dir(), Some(nobody.uid), Some(nobody.gid)).unwrap();
    installed.issues_key("Acme");
    for file in fs::read_dir(installed.data_dir()).unwrap() {
        let file = file.unwrap();
        let owner = std::os::unix::fs::MetadataExt::uid(&file.metadata().unwrap());
        assert_eq!(owner, nobody.uid.as_raw(), "{:?}", file.file_name());
    }
    assert!(installed.runs(&["audit", "log"]).stdout.contains("cli:root"), "who gave the command is written down");
    let as_daemon = |arguments: &[&str]| {
        let program = Program::new("setpriv")
            .directory(installed.path())
            .args(["--reuid=daemon", "--regid=daemon", "--clear-groups", env!("CARGO_BIN_EXE_latchkey")])
            .args(arguments.iter().copied())
            .env("LATCHKEY_DATA_DIR", installed.data_dir());
        Ran::of(program.spawn())
    };
    if as_daemon(&["--version"]).status.code() != Some(0) {
        return; // The program itself lies where only root may go.
    }
    fs::set_permissions(installed.data_dir(), fs::Permissions::from_mode(0o755)).unwrap();
    let ran = as_daemon(&["key", "list"]);
    assert_eq!(ran.status.code(), Some(3), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("cannot read the database") && ran.stderr.contains("Permission denied"),
        "{}",
        ran.stderr
    );
    fs::set_permissions(installed.data_dir(), fs::Permissions::from_mode(0o700)).unwrap();
    let ran = as_daemon(&["key", "list"]);
    assert!(ran.stderr.contains("cannot enter the data directory"), "{}", ran.stderr);
}
