//! Faults of GLPI's settings: `local_define.php`, and which service they point at.

use std::fs;

use super::lab::{Lab, mode};

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
