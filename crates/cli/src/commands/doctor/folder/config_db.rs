//! `config/config_db.php`: where GLPI's database is, and its password.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use latchkey_texts::doctor::{Chapter, Code, Sight, Value};

use super::super::access::{Wish, denied};
use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{Glpi, hidden, in_shell, octal};

pub(super) const CHECK: Check = Check { id: "glpi.config_db", chapter: Chapter::Folder, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let file = glpi.config_dir.join("config_db.php");
    if let Some(finding) = hidden(&file) {
        return finding;
    }
    if !file.exists() {
        return Finding::error(Code::NotInstalled, vec![("file", file.display().to_string())]);
    }
    unreadable(visit, glpi, &file, Code::ConfigUnreadable)
        .or_else(|| open(&file, Code::ConfigOpen))
        .unwrap_or_else(|| Finding::ok(Sight::Config, vec![("file", glpi.shown(&file))]))
}

/// The web server's user cannot read it.
pub(super) fn unreadable(visit: &Visit, glpi: &Glpi, file: &Path, code: Code) -> Option<Finding> {
    let account = visit.web_account()?;
    let (denied, view) = denied(account, Wish::Read, &[file.to_owned()]);
    if denied.is_empty() {
        return None;
    }
    // The folder above may be what is shut.
    let dir = in_shell(std::slice::from_ref(&glpi.config_dir));
    let command = format!("chown -R {} {dir} && chmod -R u+rwX {dir}", account.as_owner());
    Some(Finding::error(code, values(file, "user", account.name.clone(), command)).seen_by(view))
}

/// Everybody can read it.
pub(super) fn open(file: &Path, code: Code) -> Option<Finding> {
    let mode = fs::metadata(file).ok()?.mode();
    if mode & 0o004 == 0 || is_shut_above(file) {
        return None;
    }
    let command = format!("chmod o-rwx {}", in_shell(&[PathBuf::from(file)]));
    Some(Finding::warning(code, values(file, "mode", octal(mode), command)))
}

/// A folder above lets nobody in to whom it does not belong.
fn is_shut_above(file: &Path) -> bool {
    let above = file.parent().and_then(|dir| fs::metadata(dir).ok());
    above.is_some_and(|dir| dir.mode() & 0o001 == 0)
}

fn values(file: &Path, name: &'static str, value: String, command: String) -> Vec<Value> {
    vec![("file", file.display().to_string()), (name, value), ("command", command)]
}
