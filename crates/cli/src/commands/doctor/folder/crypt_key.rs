//! `config/glpicrypt.key`: what every stored secret is encrypted with, the registration key included.

use std::fs;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::config_db::{open, unreadable};
use super::{Glpi, hidden, in_shell};

pub(super) const CHECK: Check = Check { id: "glpi.crypt_key", chapter: Chapter::Folder, slow: false, run };

/// XChaCha20-Poly1305 takes no other key, in bytes.
const LENGTH: u64 = 32;

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let file = glpi.config_dir.join("glpicrypt.key");
    let shown = || file.display().to_string();
    let file_in_shell = in_shell(std::slice::from_ref(&file));
    if let Some(finding) = hidden(&file) {
        return finding;
    }
    let Ok(found) = fs::metadata(&file) else {
        return Finding::error(Code::CryptKeyMissing, vec![("file", shown()), ("command", anew(visit, glpi))]);
    };
    if found.len() != LENGTH {
        // GLPI makes no new one where there is one that it cannot use.
        let command = format!("mv {file_in_shell} {file_in_shell}.broken && {}", anew(visit, glpi));
        let values = vec![("file", shown()), ("length", found.len().to_string()), ("command", command)];
        return Finding::error(Code::CryptKeyLength, values);
    }
    unreadable(visit, glpi, &file, Code::CryptKeyUnreadable)
        .or_else(|| open(&file, Code::CryptKeyOpen))
        .unwrap_or_else(|| Finding::ok(Sight::CryptKey, vec![("file", glpi.shown(&file))]))
}

/// The command by which GLPI makes itself a new key, as its own user, so that it can read it.
fn anew(visit: &Visit, glpi: &Glpi) -> String {
    let console = in_shell(&[glpi.dir.join("bin/console")]);
    let user = visit.web_account().map(|account| format!("runuser -u {} -- ", account.name)).unwrap_or_default();
    format!("{user}php {console} glpi:security:change_key")
}
