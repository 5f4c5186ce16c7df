//! What GLPI writes into, and the code that it includes: not writable by everybody.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::in_shell;

pub(super) const CHECK: Check = Check { id: "glpi.modes", chapter: Chapter::Folder, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let code = [glpi.config_dir.join("local_define.php"), glpi.dir.join("inc/downstream.php")];
    let all = [glpi.dir.clone(), glpi.config_dir.clone(), glpi.dir.join("plugins")].into_iter().chain(glpi.written());
    let open = |path: &PathBuf| fs::metadata(path).is_ok_and(|found| found.mode() & 0o002 != 0);
    let open: Vec<PathBuf> = all.chain(code).filter(open).collect();
    if open.is_empty() {
        return Finding::ok(Sight::FoldersClosed, Vec::new());
    }
    let command = format!("chmod o-w {}", in_shell(&open));
    Finding::warning(Code::FoldersOpen, vec![("folders", glpi.all_shown(&open)), ("command", command)])
}
