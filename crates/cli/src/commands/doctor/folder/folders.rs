//! The folders that GLPI writes into: there, writable by its web server, and not by everybody.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::access::{Wish, denied};
use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::in_shell;

pub(super) const MISSING: Check = Check { id: "glpi.folders", chapter: Chapter::Folder, slow: false, run: missing };
pub(super) const WRITABLE: Check = Check { id: "glpi.owners", chapter: Chapter::Folder, slow: false, run: writable };
pub(super) const OPEN: Check = Check { id: "glpi.modes", chapter: Chapter::Folder, slow: false, run: open };

fn missing(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let all: Vec<PathBuf> = glpi.written().into_iter().chain([glpi.dir.join("plugins")]).collect();
    let missing: Vec<PathBuf> = all.iter().filter(|path| !path.is_dir()).cloned().collect();
    if missing.is_empty() {
        return Finding::ok(Sight::Folders, vec![("count", all.len().to_string())]);
    }
    let paths = in_shell(&missing);
    let mut command = format!("mkdir -p {paths}");
    if let Some(account) = visit.web_account() {
        command.push_str(&format!(" && chown {}: {paths}", account.name));
    }
    // Nobody else has to look into them, whatever the mask of whoever makes them.
    command.push_str(&format!(" && chmod 750 {paths}"));
    Finding::error(Code::FoldersMissing, vec![("folders", glpi.all_shown(&missing)), ("command", command)])
}

fn writable(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let Some(account) = visit.web_account() else { return Finding::skipped(Sight::SkippedNoWebUser, Vec::new()) };
    let there: Vec<PathBuf> = glpi.written().into_iter().filter(|path| path.is_dir()).collect();
    let (denied, view) = denied(account, Wish::WriteInto, &there);
    if denied.is_empty() {
        return Finding::ok(Sight::FoldersWritable, vec![("user", account.name.clone())]).seen_by(view);
    }
    let paths = in_shell(&denied);
    let command = format!("chown -R {}: {paths} && chmod -R u+rwX {paths}", account.name);
    let values = vec![("folders", glpi.all_shown(&denied)), ("user", account.name.clone()), ("command", command)];
    Finding::error(Code::FoldersNotWritable, values).seen_by(view)
}

fn open(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let all = [glpi.dir.clone(), glpi.config_dir.clone(), glpi.dir.join("plugins")].into_iter().chain(glpi.written());
    let open: Vec<PathBuf> =
        all.filter(|path| fs::metadata(path).is_ok_and(|found| found.is_dir() && found.mode() & 0o002 != 0)).collect();
    if open.is_empty() {
        return Finding::ok(Sight::FoldersClosed, Vec::new());
    }
    let command = format!("chmod o-w {}", in_shell(&open));
    Finding::warning(Code::FoldersOpen, vec![("folders", glpi.all_shown(&open)), ("command", command)])
}
