//! The folders that GLPI writes into: there, writable by its web server, and not by everybody.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::access::{Wish, denied};
use super::super::child::Account;
use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{hidden, in_shell};

pub(super) const MISSING: Check = Check { id: "glpi.folders", chapter: Chapter::Folder, slow: false, run: missing };
pub(super) const WRITABLE: Check = Check { id: "glpi.owners", chapter: Chapter::Folder, slow: false, run: writable };
pub(super) const OPEN: Check = Check { id: "glpi.modes", chapter: Chapter::Folder, slow: false, run: open };

/// Whose files GLPI changes again and again.
const CHANGED: [&str; 5] = ["_log", "_cache", "_cron", "_lock", "_sessions"];
/// More are not looked at in one folder, nor at once.
const MOST: usize = 500;

fn missing(visit: &mut Visit) -> Finding {
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
        command.push_str(&format!(" && chown {}: {paths}", account.name));
    }
    // Nobody else has to look into them, whatever the mask of whoever makes them.
    command.push_str(&format!(" && chmod 750 {paths}"));
    Finding::error(Code::FoldersMissing, vec![("folders", glpi.all_shown(&missing)), ("command", command)])
}

fn writable(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let Some(account) = visit.web_account() else { return Finding::skipped(Sight::SkippedNoWebUser, Vec::new()) };
    let all = glpi.written();
    if let Some(finding) = all.iter().find_map(|path| hidden(path)) {
        return finding;
    }
    let there: Vec<PathBuf> = all.into_iter().filter(|path| path.is_dir()).collect();
    let (mut denied, view) = denied(account, Wish::WriteInto, &there);
    // What somebody left in them who ran GLPI as root: its logs and its cache are changed and not only made.
    denied.extend(foreign(account, &there, &denied));
    if denied.is_empty() {
        return Finding::ok(Sight::FoldersWritable, vec![("user", account.name.clone())]).seen_by(view);
    }
    let paths = in_shell(&denied);
    let command = format!("chown -R {}: {paths} && chmod -R u+rwX {paths}", account.name);
    let values = vec![("folders", glpi.all_shown(&denied)), ("user", account.name.clone()), ("command", command)];
    Finding::error(Code::FoldersNotWritable, values).seen_by(view)
}

/// Logs, folders and cached files within these that the web server's user cannot change, but for folders that are named.
fn foreign(account: &Account, folders: &[PathBuf], named: &[PathBuf]) -> Vec<PathBuf> {
    let changed = folders.iter().filter(|dir| !named.contains(dir)).filter(|dir| {
        let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        CHANGED.contains(&name)
    });
    let below = changed.flat_map(|dir| fs::read_dir(dir).into_iter().flatten().flatten().take(MOST));
    let mut entries: Vec<PathBuf> = below.map(|entry| entry.path()).collect();
    entries.sort();
    let (dirs, files): (Vec<_>, Vec<_>) = entries.into_iter().partition(|path| path.is_dir());
    let denied = |wish, paths: &[PathBuf]| paths.chunks(MOST).flat_map(|some| denied(account, wish, some).0).collect();
    let mut found: Vec<PathBuf> = denied(Wish::WriteInto, &dirs);
    found.extend(denied(Wish::Write, &files));
    found
}

fn open(visit: &mut Visit) -> Finding {
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
