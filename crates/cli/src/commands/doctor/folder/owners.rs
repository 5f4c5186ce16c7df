//! What GLPI writes into, and what it changes: writable by its web server's user.

use std::fs;
use std::path::PathBuf;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::access::{Wish, denied};
use super::super::child::Account;
use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{hidden, in_shell};

pub(super) const CHECK: Check = Check { id: "glpi.owners", chapter: Chapter::Folder, slow: false, run };

/// Whose files GLPI changes again and again.
const CHANGED: [&str; 5] = ["_log", "_cache", "_cron", "_lock", "_sessions"];
/// More are not looked at in one folder, nor at once.
const MOST: usize = 500;

fn run(visit: &mut Visit) -> Finding {
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
    let command = format!("chown -R {} {paths} && chmod -R u+rwX {paths}", account.as_owner());
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
