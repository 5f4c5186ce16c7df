//! The folders that GLPI writes into, and that of its plugins: there.

use std::path::PathBuf;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{hidden, in_shell};

pub(super) const CHECK: Check = Check { id: "glpi.folders", chapter: Chapter::Folder, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let all: Vec<PathBuf> = glpi.written().into_iter().chain([glpi.dir.join("plugins")]).collect();
    if let Some(finding) = all.iter().find_map(|path| hidden(path)) {
        return finding;
    }
    let missing: Vec<PathBuf> = all.iter().filter(|path| !path.is_dir()).cloned().collect();
    if missing.is_empty() {
        return Finding::ok(Sight::Folders, vec![("count", all.len().to_string())]);
    }
    let paths = in_shell(&missing);
    let mut command = format!("mkdir -p {paths}");
    if let Some(account) = visit.web_account() {
        command.push_str(&format!(" && chown {} {paths}", account.as_owner()));
    }
    // Nobody else has to look into them, whatever the mask of whoever makes them.
    command.push_str(&format!(" && chmod 750 {paths}"));
    Finding::error(Code::FoldersMissing, vec![("folders", glpi.all_shown(&missing)), ("command", command)])
}
