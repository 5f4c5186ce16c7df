//! Faults of the GLPI folder: what stands where, and whose it is.

use std::fs;
use std::path::Path;

use nix::unistd::chown;

use super::lab::{Lab, as_root, given_to_root, mode, web_user};

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
