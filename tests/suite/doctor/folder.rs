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
    lab.diagnosis().names("SERVICES_ELSEWHERE").follow();
    mode(&lab.local_define(), 0o644);
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
    lab.diagnosis().names("GLPI_VERSION_TOO_OLD");
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
        fs::write(&log, text).unwrap();
        mode(&log, 0o644);
    };
    write(now);
    let fault = lab.diagnosis().names("LOG_FAILURES");
    assert!(fault.seen.contains("has 1 such lines"), "{}", fault.seen);
    assert!(fault.seen.contains("Unable to fetch registration information"), "{}", fault.seen);
    // "after a day this message goes away"
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
fn with_php(lab: &Lab, script: &str) -> String {
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
        // "Install and enable them"
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
}

#[test]
fn a_php_that_is_too_old_is_named() {
    let lab = Lab::healthy();
    fs::rename(lab.glpi().join("version/10.0.19"), lab.glpi().join("version/11.0.2")).unwrap();
    let program = with_php(&lab, "#!/bin/sh\nPHP \"$@\" | sed -E 's/^version\\t8[.].*/version\\t8.1.2/'\n");
    let fault = Diagnosis::of(&lab.runs(&["--json"], &["--php", &program])).names("PHP_TOO_OLD");
    assert!(fault.seen.contains("8.1.2") && fault.next_step.contains("8.2"), "{fault:?}");
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
