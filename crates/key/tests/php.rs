//! The PHP example agrees with this crate on every test vector. It is what plugin authors copy, so it is never skipped.

use std::path::Path;
use std::process::Command;

#[test]
fn the_php_example_agrees_on_every_vector() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let output = Command::new("php").arg(vectors.join("verify.php")).output().unwrap_or_else(|error| {
        panic!("cannot run php ({error}): install php-cli 7.4 or newer, with its sodium extension")
    });
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "verify.php: {}\n{stdout}{stderr}", output.status);

    let text = std::fs::read_to_string(vectors.join("registration-keys.json")).unwrap();
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let count: usize = ["good", "bad"].map(|list| vectors[list].as_array().unwrap().len()).iter().sum();
    assert_eq!(stdout, format!("{count} vectors checked\n"), "{stderr}");
}
