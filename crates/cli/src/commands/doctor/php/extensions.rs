//! The extensions of PHP that keys need.

use latchkey_glpi::installation::KEY_EXTENSIONS;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::child;
use super::super::finding::{Check, Finding, View};
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "php.extensions", chapter: Chapter::Php, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    look(visit, &KEY_EXTENSIONS, Sight::PhpExtensions, |values| Finding::error(Code::PhpExtensionMissing, values))
}

/// Which of these are missing, and how they are installed.
pub(super) fn look(
    visit: &Visit,
    needed: &[&str],
    fine: Sight,
    fault: fn(Vec<latchkey_texts::doctor::Value>) -> Finding,
) -> Finding {
    let Some(told) = visit.php.told() else { return Finding::skipped(Sight::SkippedNoPhp, Vec::new()) };
    let missing: Vec<&str> = needed.iter().filter(|extension| !told.has(extension)).copied().collect();
    if missing.is_empty() {
        return Finding::ok(fine, Vec::new()).seen_by(View::Php);
    }
    let values = vec![("extensions", missing.join(", ")), ("ini", told.ini()), ("command", install(&missing))];
    fault(values).seen_by(View::Php)
}

/// The command that installs them; some come with PHP itself, in a package that may have been left out.
fn install(extensions: &[&str]) -> String {
    let tool = if child::find("dnf").is_some() { "dnf" } else { "apt-get" };
    let mut packages: Vec<String> = extensions
        .iter()
        .map(|extension| match *extension {
            "zlib" | "Phar" | "openssl" | "sodium" | "json" => "php-common".to_owned(),
            other => format!("php-{other}"),
        })
        .collect();
    packages.sort();
    packages.dedup();
    format!("{tool} install {}", packages.join(" "))
}
