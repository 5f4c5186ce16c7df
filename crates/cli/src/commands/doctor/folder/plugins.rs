//! Plugins under version control, which the marketplace leaves alone without a word.

use std::fs;
use std::path::PathBuf;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::in_shell;

pub(super) const CHECK: Check = Check { id: "glpi.plugins", chapter: Chapter::Folder, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let mut found: Vec<PathBuf> = [glpi.dir.join("plugins"), glpi.marketplace_dir.clone()]
        .iter()
        .flat_map(|dir| fs::read_dir(dir).into_iter().flatten())
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|plugin| plugin.join(".git").exists())
        .collect();
    found.sort();
    if found.is_empty() {
        return Finding::ok(Sight::PluginsNotUnderGit, Vec::new());
    }
    let command: Vec<String> = found
        .iter()
        .map(|plugin| {
            let from = in_shell(&[plugin.join(".git")]);
            format!("mv {from} {}", in_shell(&[glpi.var_dir.join("_tmp").join(format!("{}.git", name(plugin)))]))
        })
        .collect();
    let values = vec![("plugins", glpi.all_shown(&found)), ("command", command.join(" && "))];
    Finding::warning(Code::PluginsUnderGit, values)
}

fn name(plugin: &std::path::Path) -> String {
    plugin.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
