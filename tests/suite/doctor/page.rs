//! `docs/troubleshooting.md` against what the doctor says.

use latchkey_tests_support::Program;

use super::lab::everything_below;
use crate::house::test_file;
use crate::installed::Ran;

/// The laboratory's own files.
const LABORATORY: [&str; 9] = [
    include_str!("folder.rs"),
    include_str!("host.rs"),
    include_str!("key.rs"),
    include_str!("machine.rs"),
    include_str!("network.rs"),
    include_str!("php.rs"),
    include_str!("proxies.rs"),
    include_str!("road.rs"),
    include_str!("settings.rs"),
];

#[test]
fn every_fault_of_the_page_is_built_in_the_laboratory() {
    let page = std::fs::read_to_string(test_file("../docs/troubleshooting.md")).unwrap_or_default();
    let codes: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    assert!(codes.len() > 80, "{} codes", codes.len());
    let built = |code: &&str| LABORATORY.iter().any(|file| file.contains(&format!("\"{code}\"")));
    let missing: Vec<&&str> = codes.iter().filter(|code| !built(code)).collect();
    assert!(missing.is_empty(), "{missing:?} are named by no test");
}

#[test]
fn the_page_about_troubleshooting_is_what_the_doctor_says() {
    let explained = Ran::of(Program::new(env!("CARGO_BIN_EXE_latchkey")).args(["doctor", "--explain"]).spawn());
    assert_eq!(explained.status.code(), Some(0), "{}", explained.stderr);
    let page = std::fs::read_to_string(test_file("../docs/troubleshooting.md")).unwrap_or_default();
    assert!(
        page == explained.stdout,
        "docs/troubleshooting.md is not what the doctor says. Make it anew:\n  cargo run -p latchkey -- doctor --explain --language en > docs/troubleshooting.md"
    );
}

#[test]
fn each_check_has_a_file_of_its_own() {
    let mut checks = 0;
    for file in everything_below(&test_file("../crates/cli/src/commands/doctor")) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let here = text.matches(": Check = Check {").count();
        assert!(here <= 1, "{} has {here} checks", file.display());
        checks += here;
    }
    assert!(checks >= 35, "{checks}");
}
