//! Faults of the GLPI folder and of PHP.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;

use latchkey_tests_support::Program;
use nix::unistd::{Gid, Uid, User, chown, geteuid};

use super::lab::{Diagnosis, Lab, as_root, everything_below, web_user};
use crate::installed::Ran;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn given_to_root(path: &Path) {
    for path in everything_below(path) {
        chown(&path, Some(Uid::from_raw(0)), Some(Gid::from_raw(0))).unwrap();
    }
}

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
    let hole = super::stranger::BlackHole::at("127.0.0.1:0");
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
fn missing_folders_are_named_and_made() {
    let lab = Lab::healthy();
    for folder in ["files/_sessions", "files/_log", "marketplace"] {
        fs::remove_dir(lab.glpi().join(folder)).unwrap();
    }
    let fault = lab.diagnosis().names("GLPI_FOLDERS_MISSING");
    assert!(fault.seen.contains("files/_log, files/_sessions, marketplace"), "{}", fault.seen);
    fault.follow();
    lab.diagnosis().is_clean();
}

#[test]
fn all_folders_gone_are_one_fault() {
    let lab = Lab::healthy();
    fs::remove_dir_all(lab.glpi().join("files")).unwrap();
    lab.diagnosis().names("GLPI_FOLDERS_MISSING").follow();
    lab.diagnosis().is_clean();
}

#[test]
fn folders_that_a_restore_gave_to_root_are_named_and_given_back() {
    if !as_root("folders that belong to root") {
        return;
    }
    let lab = Lab::healthy();
    given_to_root(&lab.glpi().join("files/_sessions"));
    given_to_root(&lab.glpi().join("files/_cache"));
    let fault = lab.diagnosis().names("GLPI_FOLDERS_NOT_WRITABLE");
    assert!(fault.view.contains(&web_user().name), "{}", fault.view);
    assert!(fault.seen.ends_with("files/_cache, files/_sessions."), "{}", fault.seen);
    fault.follow();
    lab.diagnosis().is_clean();
}

#[test]
fn folders_that_nobody_may_write_are_named_and_opened() {
    if !as_root("folders without write permission, which their owner would see otherwise") {
        return;
    }
    let lab = Lab::healthy();
    mode(&lab.glpi().join("marketplace"), 0o550);
    lab.diagnosis().names("GLPI_FOLDERS_NOT_WRITABLE").follow();
    lab.diagnosis().is_clean();
}

#[test]
fn what_somebody_left_who_ran_glpi_as_root_is_named_and_given_back() {
    if !as_root("files that belong to root") {
        return;
    }
    let lab = Lab::healthy();
    let log = lab.glpi().join("files/_log/php-errors.log");
    fs::write(&log, "").unwrap();
    mode(&log, 0o644);
    let cache = lab.glpi().join("files/_cache/templates");
    fs::create_dir(&cache).unwrap();
    mode(&cache, 0o755);
    let fault = lab.diagnosis().names("GLPI_FOLDERS_NOT_WRITABLE");
    assert!(fault.seen.contains("files/_cache/templates, files/_log/php-errors.log"), "{}", fault.seen);
    fault.follow();
    lab.diagnosis().is_clean();
}

#[test]
fn settings_that_everybody_may_write_are_named_and_closed() {
    let lab = Lab::healthy();
    mode(&lab.local_define(), 0o666);
    let fault = lab.diagnosis().names("GLPI_FOLDERS_OPEN");
    assert!(fault.seen.ends_with("config/local_define.php."), "{}", fault.seen);
    fault.follow();
    lab.diagnosis().is_clean();
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
fn folders_open_to_everybody_are_named_and_closed() {
    let lab = Lab::healthy();
    mode(&lab.glpi().join("files/_tmp"), 0o777);
    mode(&lab.glpi().join("plugins"), 0o777);
    let fault = lab.diagnosis().names("GLPI_FOLDERS_OPEN");
    assert!(fault.seen.contains("plugins, files/_tmp"), "{}", fault.seen);
    fault.follow();
    lab.diagnosis().is_clean();
}

#[test]
fn a_password_that_everybody_can_read_is_named_and_closed() {
    let lab = Lab::healthy();
    mode(&lab.glpi().join("config"), 0o755);
    mode(&lab.glpi().join("config/config_db.php"), 0o644);
    let fault = lab.diagnosis().names("GLPI_CONFIG_OPEN");
    assert!(fault.seen.contains("0644"), "{}", fault.seen);
    fault.follow();
    lab.diagnosis().is_clean();
}

#[test]
fn an_encryption_key_that_everybody_can_read_is_named_and_closed() {
    let lab = Lab::healthy();
    mode(&lab.glpi().join("config"), 0o755);
    mode(&lab.glpi().join("config/glpicrypt.key"), 0o644);
    lab.diagnosis().names("GLPI_CRYPT_KEY_OPEN").follow();
    lab.diagnosis().is_clean();
}

#[test]
fn files_that_the_web_server_cannot_read_are_named_and_given_to_it() {
    if !as_root("files that belong to root") {
        return;
    }
    for (file, code) in [
        ("config_db.php", "GLPI_CONFIG_UNREADABLE"),
        ("glpicrypt.key", "GLPI_CRYPT_KEY_UNREADABLE"),
        ("local_define.php", "LOCAL_DEFINE_UNREADABLE"),
    ] {
        let lab = Lab::healthy();
        given_to_root(&lab.glpi().join("config").join(file));
        mode(&lab.glpi().join("config").join(file), 0o600);
        lab.diagnosis().names(code).follow();
        lab.diagnosis().is_clean();
    }
}

#[test]
fn a_glpi_without_its_database_settings_is_named() {
    let lab = Lab::healthy();
    let file = lab.glpi().join("config/config_db.php");
    let kept = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    lab.diagnosis().names("GLPI_NOT_INSTALLED");
    // "Put the file back from your backup".
    fs::write(&file, kept).unwrap();
    mode(&file, 0o600);
    if as_root("giving the file to the web server") {
        let web = web_user();
        chown(&file, Some(web.uid), Some(web.gid)).unwrap();
    }
    lab.diagnosis().is_clean();
}

#[test]
fn an_encryption_key_that_is_short_or_gone_is_named() {
    let lab = Lab::healthy();
    let file = lab.glpi().join("config/glpicrypt.key");
    fs::write(&file, [7; 31]).unwrap();
    let fault = lab.diagnosis().names("GLPI_CRYPT_KEY_LENGTH");
    assert!(fault.seen.contains("31 bytes"), "{}", fault.seen);
    fs::write(&file, [7; 32]).unwrap();
    lab.diagnosis().is_clean();
    let aside = lab.file("aside");
    fs::rename(&file, &aside).unwrap();
    lab.diagnosis().names("GLPI_CRYPT_KEY_MISSING");
    fs::rename(&aside, &file).unwrap();
    lab.diagnosis().is_clean();
}

#[test]
fn where_no_backup_has_the_encryption_key_glpi_makes_a_new_one_as_it_is_said() {
    if !as_root("a file made by another user") {
        return;
    }
    let lab = Lab::healthy();
    let file = lab.glpi().join("config/glpicrypt.key");
    // What GLPI's own command does: it makes a key where there is none, and refuses where there is one that it cannot use.
    fs::create_dir(lab.glpi().join("bin")).unwrap();
    mode(&lab.glpi().join("bin"), 0o755);
    let console = lab.glpi().join("bin/console");
    let script = "<?php\n$key = dirname(__DIR__) . '/config/glpicrypt.key';\n\
                  if ($argv[1] !== 'glpi:security:change_key') { exit(2); }\n\
                  if (file_exists($key) && strlen(file_get_contents($key)) !== 32) { exit(1); }\n\
                  file_put_contents($key, random_bytes(32)) === 32 or exit(1);\n";
    fs::write(&console, script).unwrap();
    mode(&console, 0o644);
    for spoil in [|file: &Path| fs::write(file, [7; 31]).unwrap(), |file: &Path| fs::remove_file(file).unwrap()] {
        spoil(&file);
        let diagnosis = lab.diagnosis();
        let fault = diagnosis.check("glpi.crypt_key");
        assert_eq!(fault.status, "error");
        fault.follow();
        mode(&file, 0o600);
        lab.diagnosis().is_clean();
    }
}

#[test]
fn a_fault_that_shows_only_when_it_runs_is_named_with_its_line() {
    let lab = Lab::healthy();
    let url = lab.service.url.clone();
    lab.defines(&format!("<?php\ndefine('GLPI_NETWORK_SERVICES', '{url}');\ndefien('GLPI_LOG_LVL', 'x');\n"));
    let fault = lab.diagnosis().names("LOCAL_DEFINE_SYNTAX");
    assert!(fault.seen.contains("line 3") && fault.seen.contains("defien"), "{}", fault.seen);
    lab.points_at(&url);
    lab.diagnosis().is_clean();
}

#[test]
fn keys_and_plugins_asked_about_in_two_places_are_named_and_brought_together() {
    let lab = Lab::healthy();
    let url = lab.service.url.clone();
    for text in [
        format!("<?php\ndefine('GLPI_NETWORK_REGISTRATION_API_URL', '{url}/api/registration/');\n"),
        format!(
            "<?php\ndefine('GLPI_NETWORK_SERVICES', '{url}');\n\
             define('GLPI_MARKETPLACE_PLUGINS_API_URI', 'https://services.glpi-network.com/api/marketplace/');\n"
        ),
    ] {
        lab.defines(&text);
        let fault = lab.diagnosis().names("SERVICES_SPLIT");
        assert_eq!(fault.status, "warning");
        assert!(fault.seen.contains("https://services.glpi-network.com/api/marketplace/ about plugins"));
        fault.follow();
        lab.diagnosis().is_clean();
    }
}

#[test]
fn a_syntax_error_is_named_with_its_line() {
    let lab = Lab::healthy();
    let url = lab.service.url.clone();
    lab.defines(&format!("<?php\ndefine('GLPI_NETWORK_SERVICES', '{url}')\ndefine('GLPI_LOG_LVL', 'x');\n"));
    let fault = lab.diagnosis().names("LOCAL_DEFINE_SYNTAX");
    assert!(fault.seen.contains("line 3") && fault.seen.contains("syntax error"), "{}", fault.seen);
    assert!(fault.view.starts_with("PHP"), "{}", fault.view);
    // "often a missing semicolon at the end of the line before"
    lab.defines(&format!("<?php\ndefine('GLPI_NETWORK_SERVICES', '{url}');\ndefine('GLPI_LOG_LVL', 'x');\n"));
    lab.diagnosis().is_clean();
}

#[test]
fn a_glpi_that_asks_elsewhere_is_named_and_pointed_here() {
    let lab = Lab::healthy();
    let url = lab.service.url.clone();
    let lab = lab.with_arguments(&["--url", &url]);
    for text in [
        "<?php\ndefine('GLPI_NETWORK_SERVICES', 'https://services.example.org');\n",
        "<?php\ndefine('GLPI_LOG_LVL', 'x');\n?>\n",
        "<?php",
    ] {
        lab.defines(text);
        let fault = lab.diagnosis().names("SERVICES_ELSEWHERE");
        fault.follow();
        lab.diagnosis().is_clean();
    }
    fs::remove_file(lab.local_define()).unwrap();
    // Also where whoever makes it lets nobody else read what is made.
    let mut fault = lab.diagnosis().names("SERVICES_ELSEWHERE");
    fault.next_step = fault.next_step.replacen('`', "`umask 077; ", 1);
    fault.follow();
    lab.diagnosis().is_clean();
}

#[test]
fn a_glpi_9_5_has_settings_of_its_own() {
    let lab = Lab::healthy();
    fs::rename(lab.glpi().join("version/10.0.19"), lab.glpi().join("version/9.5.13")).unwrap();
    let url = lab.service.url.clone();
    lab.defines("<?php\n");
    let lab = lab.with_arguments(&["--url", &url]);
    let diagnosis = lab.diagnosis();
    diagnosis.check("glpi.services").follow();
    // 9.5 itself is worth a word.
    let fault = lab.diagnosis().names("GLPI_VERSION_ENDED");
    assert_eq!(fault.status, "warning");
    let text = fs::read_to_string(lab.local_define()).unwrap();
    assert!(text.contains("'GLPI_NETWORK_REGISTRATION_API_URL'") && text.contains("/api/glpi-plugins/"), "{text}");
    fs::rename(lab.glpi().join("version/9.5.13"), lab.glpi().join("version/10.0.19")).unwrap();
    lab.diagnosis().is_clean();
}

#[test]
fn an_address_that_glpi_cannot_use_as_it_is_is_named_with_the_right_one() {
    let lab = Lab::healthy();
    for written in [format!("{}/", lab.service.url), format!("{}/api/registration/", lab.service.url)] {
        lab.points_at(&written);
        let fault = lab.diagnosis().names("SERVICES_MALFORMED");
        let wanted = fault.next_step.split(['“', '”']).nth(1).unwrap().to_owned();
        lab.points_at(&wanted);
        lab.diagnosis().is_clean();
        lab.points_at(&written);
        fault.follow();
        lab.diagnosis().is_clean();
    }
}

#[test]
fn versions_are_judged() {
    let lab = Lab::healthy();
    let version = |from: &str, to: &str| {
        fs::rename(lab.glpi().join("version").join(from), lab.glpi().join("version").join(to)).unwrap();
    };
    version("10.0.19", "11.0.2");
    lab.diagnosis().is_clean();
    version("11.0.2", "9.4.6");
    let fault = lab.diagnosis().names("GLPI_VERSION_TOO_OLD");
    // "Upgrade to a maintained line": the new version's own files, and its name.
    for line in ["10.0", "11.0"] {
        assert!(fault.next_step.contains(line), "{}", fault.next_step);
        version("9.4.6", &format!("{line}.19"));
        lab.diagnosis().is_clean();
        version(&format!("{line}.19"), "9.4.6");
    }
    fs::remove_file(lab.glpi().join("version/9.4.6")).unwrap();
    assert!(lab.diagnosis().seen("glpi.version").contains("10.0.19"), "GLPI's own code says it, too");
    fs::remove_file(lab.glpi().join("inc/define.php")).unwrap();
    lab.diagnosis().names("GLPI_VERSION_UNKNOWN");
    // "it brings the file version/NUMBER with it"
    fs::write(lab.glpi().join("version/10.0.19"), "").unwrap();
    lab.diagnosis().is_clean();
}

#[test]
fn a_plugin_under_git_is_named_and_released() {
    let lab = Lab::healthy();
    fs::create_dir_all(lab.glpi().join("marketplace/fields/.git")).unwrap();
    let fault = lab.diagnosis().names("PLUGINS_UNDER_GIT");
    assert!(fault.seen.contains("marketplace/fields"), "{}", fault.seen);
    fault.follow();
    lab.diagnosis().is_clean();
}

#[test]
fn the_log_is_read_and_explained() {
    let lab = Lab::healthy();
    let log = lab.glpi().join("files/_log/php-errors.log");
    let now = jiff::Timestamp::now();
    let write = |at: jiff::Timestamp| {
        let when = at.strftime("%Y-%m-%d %H:%M:%S");
        let text = format!(
            "[{when}] glpiphplog.WARNING:   *** PHP User Warning (512): Unable to fetch registration information. in \
             /var/www/glpi/src/GLPINetwork.php at line 200\n  cURL error 60: SSL certificate problem: certificate has \
             expired\n  Backtrace :\n[{when}] glpiphplog.NOTICE:   *** PHP Notice: something else\n"
        );
        lab.writes(&log, &text);
    };
    write(now);
    let fault = lab.diagnosis().names("LOG_FAILURES");
    assert!(fault.seen.contains("has 1 such entries"), "{}", fault.seen);
    assert!(fault.seen.contains("Unable to fetch registration information"), "{}", fault.seen);
    assert!(fault.seen.contains("cURL error 60") && !fault.seen.contains("something else"), "{}", fault.seen);
    assert_eq!(fault.why, "GLPI did not believe the service’s certificate.");
    // Several, of which the last ones that differ are shown and explained.
    let line = |cause: &str| {
        let when = now.strftime("%Y-%m-%d %H:%M:%S");
        format!("[{when}] glpiphplog.WARNING: *** Unable to fetch registration information.\n  {cause}\n")
    };
    let page = "<!DOCTYPE html><html><title>Log in</title></html>";
    let causes = [
        "cURL error 28: timed out",
        "cURL error 6: Could not resolve host",
        "cURL error 6: Could not resolve host",
        page,
    ];
    fs::write(&log, causes.map(line).concat()).unwrap();
    let fault = lab.diagnosis().names("LOG_FAILURES");
    assert!(fault.seen.contains("has 4 such entries"), "{}", fault.seen);
    assert_eq!(fault.seen.matches("cURL error 6").count(), 1, "{}", fault.seen);
    assert!(fault.seen.find("Log in").unwrap() < fault.seen.find("cURL error 28").unwrap(), "{}", fault.seen);
    assert!(fault.why.starts_with("GLPI got a web page") && fault.why.ends_with("in time."), "{}", fault.why);
    // "within two days this message goes away"
    write(now - jiff::SignedDuration::from_hours(39));
    let diagnosis = lab.diagnosis();
    diagnosis.is_clean();
    assert!(diagnosis.seen("glpi.log").contains("more than a day old"));
}

#[test]
fn folders_that_a_packager_moved_are_found_where_they_are() {
    let lab = Lab::healthy();
    let (etc, var) = (lab.file("etc"), lab.file("var"));
    fs::rename(lab.glpi().join("config"), &etc).unwrap();
    fs::rename(lab.glpi().join("files"), &var).unwrap();
    let downstream = format!(
        "<?php\ndefine('GLPI_CONFIG_DIR', '{}');\ndefine('GLPI_VAR_DIR', '{}');\n",
        etc.display(),
        var.display()
    );
    fs::write(lab.glpi().join("inc/downstream.php"), downstream).unwrap();
    mode(&lab.glpi().join("inc/downstream.php"), 0o644);
    mode(&lab.glpi().join("inc"), 0o755);
    lab.diagnosis().is_clean();
    fs::write(etc.join("glpicrypt.key"), "").unwrap();
    let fault = lab.diagnosis().names("GLPI_CRYPT_KEY_LENGTH");
    assert!(fault.seen.contains(etc.to_str().unwrap()), "{}", fault.seen);
}

/// PHP as another one than the system's.
pub(super) fn with_php(lab: &Lab, script: &str) -> String {
    let program = lab.file("php");
    let php = which("php");
    fs::write(&program, script.replace("PHP", &php)).unwrap();
    mode(&program, 0o755);
    program.to_str().unwrap().to_owned()
}

fn which(program: &str) -> String {
    let path = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| file.is_file());
    found.expect("PHP's command line, which scripts/install-test-tools installs").to_str().unwrap().to_owned()
}

#[test]
fn a_php_that_lacks_what_keys_need_is_named() {
    let lab = Lab::healthy();
    // -n leaves out every extension that is not built in: curl, sodium, zip and bz2 are not.
    let extensions = |names: &[&str]| names.iter().map(|name| format!(" -d extension={name}")).collect::<String>();
    let without = |loaded: &[&str]| format!("#!/bin/sh\nexec PHP -n{} \"$@\"\n", extensions(loaded));
    let all = |but: &str| -> Vec<&str> {
        let loaded = ["curl", "sodium", "bz2", "zip", "phar"];
        loaded.into_iter().filter(|name| *name != but && is_shared(name)).collect()
    };
    for (missing, code) in [("curl", "PHP_EXTENSION_MISSING"), ("zip", "PHP_ARCHIVE_EXTENSION_MISSING")] {
        let program = with_php(&lab, &without(&all(missing)));
        let ran = lab.runs(&["--json"], &["--php", &program]);
        let fault = Diagnosis::of(&ran).names(code);
        assert!(fault.seen.contains(missing), "{}", fault.seen);
        assert!(fault.next_step.contains(&format!("php-{missing}")), "{}", fault.next_step);
        // "Install and enable them": what the tests need of Debian is installed, so that nothing is left to do.
        let [command] = fault.commands().try_into().unwrap();
        if command.starts_with("apt-get install ") {
            let simulated = command.replacen("install", "install --simulate", 1);
            let ran = Ran::of(Program::new("/bin/sh").args(["-c", &simulated]).spawn());
            assert!(ran.status.success(), "{command}: {}", ran.stderr);
        }
        let program = with_php(&lab, &without(&all("")));
        Diagnosis::of(&lab.runs(&["--json"], &["--php", &program])).is_clean();
    }
}

/// Whether this PHP has the extension as a file of its own.
fn is_shared(extension: &str) -> bool {
    let ran = Ran::of(Program::new(which("php")).args(["-n", "-m"]).spawn());
    !ran.stdout.lines().any(|line| line.eq_ignore_ascii_case(extension))
}

#[test]
fn a_php_that_does_not_run_is_named() {
    let lab = Lab::healthy();
    let program =
        with_php(&lab, "#!/bin/sh\necho 'error while loading shared libraries: libonig.so.5' >&2; exit 127\n");
    let fault = Diagnosis::of(&lab.runs(&["--json"], &["--php", &program])).names("PHP_FAILS");
    assert!(fault.seen.contains("libonig.so.5"), "{}", fault.seen);
    // "Run it by hand and mend what it says"
    let [by_hand] = fault.commands().try_into().unwrap();
    let said = Ran::of(Program::new("/bin/sh").args(["-c", by_hand.as_str()]).spawn());
    assert!(said.stderr.contains("libonig.so.5"), "{}", said.stderr);
    let program = with_php(&lab, "#!/bin/sh\nexec PHP \"$@\"\n");
    Diagnosis::of(&lab.runs(&["--json"], &["--php", &program])).is_clean();
}

#[test]
fn a_php_that_hangs_is_named_and_waited_for_in_bounds() {
    let lab = Lab::healthy();
    let program = with_php(&lab, "#!/bin/sh\nexec sleep 60\n");
    let begun = std::time::Instant::now();
    let fault = Diagnosis::of(&lab.runs(&["--json"], &["--php", &program])).names("PHP_FAILS");
    assert!(fault.seen.contains("no answer within"), "{}", fault.seen);
    assert!(begun.elapsed().as_secs() < 40, "{:?}", begun.elapsed());
}

#[test]
fn a_php_that_is_too_old_is_named() {
    let lab = Lab::healthy();
    fs::rename(lab.glpi().join("version/10.0.19"), lab.glpi().join("version/11.0.2")).unwrap();
    let program = with_php(&lab, "#!/bin/sh\nPHP \"$@\" | sed -E 's/^version\\t8[.].*/version\\t8.1.2/'\n");
    let fault = Diagnosis::of(&lab.runs(&["--json"], &["--php", &program])).names("PHP_TOO_OLD");
    assert!(fault.seen.contains("8.1.2") && fault.next_step.contains("8.2"), "{fault:?}");
    // "Install PHP 8.2 or later": the one of this system is.
    let program = with_php(&lab, "#!/bin/sh\nexec PHP \"$@\"\n");
    Diagnosis::of(&lab.runs(&["--json"], &["--php", &program])).is_clean();
}

#[test]
fn without_php_the_settings_are_read() {
    let lab = Lab::healthy();
    let nowhere = lab.file("bin");
    fs::create_dir(&nowhere).unwrap();
    for tool in ["sh", "setpriv"] {
        symlink(which(tool), nowhere.join(tool)).unwrap();
    }
    let lab = lab.with_variable("PATH", nowhere.to_str().unwrap());
    let diagnosis = lab.diagnosis();
    diagnosis.is_clean();
    assert_eq!(diagnosis.check("php.runs").status, "skipped");
    assert!(diagnosis.seen("glpi.services").contains("as its settings read"));
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
