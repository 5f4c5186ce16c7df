//! `config/glpicrypt.key`: what every stored secret is encrypted with, the registration key included.

use std::fs;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::config_db::{open, unreadable};

pub(super) const CHECK: Check = Check { id: "glpi.crypt_key", chapter: Chapter::Folder, slow: false, run };

/// XChaCha20-Poly1305 takes no other key, in bytes.
const LENGTH: u64 = 32;

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let file = glpi.config_dir.join("glpicrypt.key");
    let shown = || file.display().to_string();
    let Ok(found) = fs::metadata(&file) else {
        return Finding::error(Code::CryptKeyMissing, vec![("file", shown())]);
    };
    if found.len() != LENGTH {
        return Finding::error(Code::CryptKeyLength, vec![("file", shown()), ("length", found.len().to_string())]);
    }
    unreadable(visit, glpi, &file, Code::CryptKeyUnreadable)
        .or_else(|| open(&file, Code::CryptKeyOpen))
        .unwrap_or_else(|| Finding::ok(Sight::CryptKey, vec![("file", glpi.shown(&file))]))
}
