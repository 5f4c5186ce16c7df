//! Faults of PHP as it is installed: another one than the system's, made on the spot.

use std::fs;
use std::os::unix::fs::symlink;

use latchkey_tests_support::Program;

use super::diagnosis::Diagnosis;
use super::lab::{Lab, mode};
use crate::installed::Ran;

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
