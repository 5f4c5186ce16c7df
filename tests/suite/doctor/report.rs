//! The report as a whole: what a healthy GLPI gets, what people read, and who may look at what.

use std::fs;

use latchkey_tests_support::Program;
use nix::unistd::{User, geteuid};

use super::diagnosis::Diagnosis;
use super::lab::{Lab, as_root, everything_below, given_to_root, mode, web_user};
use super::stranger::BlackHole;
use crate::installed::Ran;

#[test]
fn a_healthy_laboratory_gets_a_clean_report() {
    let lab = Lab::healthy();
    let key = lab.service.house.vendor().issues_key("Acme", "basic");
    let diagnosis = lab.diagnosis_of(key.text.reveal());
    diagnosis.is_clean();
    // Nothing was passed over, but for what there is not: IPv6 of an address, and TLS.
    let skipped: Vec<&str> =
        diagnosis.checks.iter().filter(|check| check.status == "skipped").map(|check| check.id.as_str()).collect();
    assert_eq!(skipped, ["road.ipv6", "road.php_trust"]);
    assert!(diagnosis.seen("glpi.services").contains(&lab.service.url));
    assert!(diagnosis.check("road.php").view.contains(&web_user().name));
}

#[test]
fn people_read_a_report_at_a_glance() {
    let lab = Lab::healthy();
    fs::write(lab.glpi().join("config/glpicrypt.key"), [7; 16]).unwrap();
    fs::remove_dir(lab.glpi().join("files/_tmp")).unwrap();
    let ran = lab.runs(&[], &[]);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(/[\w.-]+)+/glpi\b", "[glpi]");
    settings.add_filter(r"127\.0\.0\.1:\d+", "127.0.0.1:[port]");
    settings.add_filter(r"in \d+ ms", "in [n] ms");
    settings.add_filter(r"\d+ [MG]iB", "[room]");
    settings.add_filter(r"PHP 8[^,]*, [^)]*\)", "PHP [version]");
    settings.add_filter(r"differ by \d+ s", "differ by [n] s");
    let own = User::from_uid(geteuid()).unwrap().unwrap().name;
    settings.add_filter(&format!(r"\b({}|{own})\b", web_user().name), "[user]");
    settings.bind(|| insta::assert_snapshot!(ran.seen()));
    let french = lab.runs(&[], &["--language", "fr"]);
    assert!(french.stdout.contains("✗ Des dossiers de GLPI manquent"), "{}", french.stdout);
    let quiet = lab.runs(&["--quiet"], &[]);
    assert!(!quiet.stdout.contains('✓') && quiet.stdout.contains('✗'), "{}", quiet.stdout);
}

#[test]
fn on_a_terminal_it_is_as_wide_as_that_has_colours_and_moves_while_it_waits() {
    let lab = Lab::healthy();
    let hole = BlackHole::at("127.0.0.1:0");
    lab.points_at(&format!("http://{}", hole.address));
    fs::remove_dir(lab.glpi().join("files/_tmp")).unwrap();
    let on_a_terminal = |command: &str| {
        let ran = Ran::of(
            Program::new("script")
                .args(["--quiet", "--return", "--command", command, "/dev/null"])
                .env("TERM", "xterm-256color")
                .spawn(),
        );
        (ran.status.code(), ran.stdout)
    };
    let doctor = format!(
        "stty cols 64; {} doctor --timeout 1 --web-user {} --glpi {}",
        env!("CARGO_BIN_EXE_latchkey"),
        web_user().name,
        lab.glpi().display()
    );
    let (code, seen) = on_a_terminal(&doctor);
    assert_eq!(code, Some(1), "{seen}");
    for colour in ["\u{1b}[31m✗", "\u{1b}[32m✓"] {
        assert!(seen.contains(colour), "{seen:?}");
    }
    assert!(seen.contains("Looking at: GLPI, PHP") && seen.contains("Looking at: road.ipv4"), "{seen:?}");
    let plain = strip(&seen);
    for line in plain.lines().filter(|line| !line.contains("mkdir") && !line.contains("Looking at")) {
        assert!(line.trim_end().chars().count() <= 64, "{line:?}");
    }
    let (_, seen) = on_a_terminal(&doctor.replace("doctor", "doctor --color never --quiet"));
    assert!(!seen.contains('\u{1b}') && !seen.contains("Looking at"), "{seen:?}");
}

/// Without colours, and of a line that was written over what came last.
fn strip(seen: &str) -> String {
    let mut plain = String::new();
    let mut parts = seen.split('\u{1b}');
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        plain.push_str(part.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, rest)| rest));
    }
    plain.lines().map(|line| format!("{}\n", line.trim_end().rsplit('\r').next().unwrap_or_default())).collect()
}

#[test]
fn a_folder_that_is_no_glpi_cannot_be_looked_at() {
    let dir = tempfile::tempdir().unwrap();
    for (path, said) in
        [(dir.path().join("nowhere"), "cannot look into"), (dir.path().to_owned(), "is not GLPI's folder")]
    {
        let program = Program::new(env!("CARGO_BIN_EXE_latchkey")).args(["doctor", "--glpi"]).arg(&path);
        let ran = Ran::of(program.spawn());
        assert_eq!(ran.status.code(), Some(2), "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let ran = Lab::healthy().runs(&[], &["--url", "keys.example.org"]);
    assert_eq!(ran.status.code(), Some(2));
    assert!(ran.stderr.contains("--url"), "{}", ran.stderr);
}

#[test]
fn whoever_is_not_root_is_told_what_was_made_out_from_owner_and_mode() {
    if !as_root("a look as somebody else") {
        return;
    }
    let as_nobody = |lab: &Lab| {
        let (glpi, url) = (lab.glpi(), lab.service.url.clone());
        let program = Program::new("setpriv")
            .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--", env!("CARGO_BIN_EXE_latchkey")])
            .args(["--json", "doctor", "--timeout", "1", "--web-user", &web_user().name, "--url", &url, "--glpi"]);
        Diagnosis::of(&Ran::of(program.arg(glpi).directory("/").spawn()))
    };
    // What may not be looked at is no fault of it.
    let lab = Lab::healthy();
    let diagnosis = as_nobody(&lab);
    diagnosis.is_clean();
    for id in ["glpi.config_db", "glpi.crypt_key", "glpi.local_define", "glpi.services", "glpi.folders", "glpi.owners"]
    {
        let check = diagnosis.check(id);
        assert!(check.status == "skipped" && check.seen.ends_with("Run this as root."), "{check:?}");
    }
    assert!(diagnosis.check("php.runs").view.ends_with("nobody"), "{}", diagnosis.check("php.runs").view);
    assert_eq!(diagnosis.check("road.php").status, "ok");

    // The folders may be looked into, the files with the secrets not.
    for path in everything_below(&lab.glpi()).iter().filter(|path| path.is_dir()) {
        mode(path, 0o755);
    }
    given_to_root(&lab.glpi().join("files/_sessions"));
    let diagnosis = as_nobody(&lab);
    let fault = diagnosis.names("GLPI_FOLDERS_NOT_WRITABLE");
    assert!(fault.view.contains("only root can look as"), "{}", fault.view);
    assert!(diagnosis.check("glpi.services").seen.ends_with("Run this as root."));
}

#[test]
fn the_doctor_changes_nothing() {
    let lab = Lab::healthy();
    let state = |lab: &Lab| -> Vec<String> {
        let all = everything_below(&lab.glpi());
        all.iter().map(|path| format!("{path:?} {:?}", fs::metadata(path).unwrap().modified().unwrap())).collect()
    };
    let before = state(&lab);
    lab.diagnosis().is_clean();
    assert_eq!(state(&lab), before);
}
