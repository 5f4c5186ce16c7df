//! Which GLPI it is, and whether it is still maintained.

use std::fs;
use std::path::Path;

use latchkey_glpi::Version;
use latchkey_glpi::installation::{Standing, standing, version_in_code};
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::hidden;

pub(super) const CHECK: Check = Check { id: "glpi.version", chapter: Chapter::Folder, slow: false, run };

/// Where GLPI's own code says its version: 9.5 and 10, then 11.
const IN_CODE: [&str; 3] = ["inc/define.php", "src/autoload/constants.php", "inc/autoload.function.php"];

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let Some(text) = &glpi.version else {
        if let Some(finding) = hidden(&glpi.dir.join("version")) {
            return finding;
        }
        return Finding::warning(Code::VersionUnknown, vec![("dir", glpi.dir.display().to_string())]);
    };
    let values = || vec![("version", text.clone())];
    match Version::parse(text).map(|version| standing(&version)) {
        Some(Standing::TooOld) => Finding::error(Code::VersionTooOld, values()),
        Some(Standing::Ended) => Finding::warning(Code::VersionEnded, values()),
        Some(Standing::Maintained) => Finding::ok(Sight::Version, values()),
        Some(Standing::Newer) => Finding::ok(Sight::VersionNewer, values()),
        None => Finding::warning(Code::VersionUnknown, vec![("dir", glpi.dir.display().to_string())]),
    }
}

/// The version: the name of the one file in `version/`, else what GLPI's code says.
pub(super) fn find(dir: &Path) -> Option<String> {
    let names: Vec<String> = fs::read_dir(dir.join("version"))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| Version::parse(name).is_some())
        .collect();
    if let [name] = names.as_slice() {
        return Some(name.clone());
    }
    IN_CODE.iter().find_map(|file| {
        let code = fs::read_to_string(dir.join(file)).ok()?;
        version_in_code(&code).filter(|version| Version::parse(version).is_some()).map(str::to_owned)
    })
}
