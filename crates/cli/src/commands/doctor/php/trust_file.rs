//! The trust store that php.ini names, if it names one: there, readable, and with certificates in it.

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::access::{Wish, denied};
use super::super::finding::{Check, Finding, View};
use super::super::net::tls;
use super::super::visit::Visit;

pub(in super::super) const CHECK: Check = Check { id: "php.trust_file", chapter: Chapter::Php, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(told) = visit.php.told() else { return Finding::skipped(Sight::SkippedNoPhp, Vec::new()) };
    let own = told.trust_file();
    if let Some((setting, file)) = own
        && let Some(cause) = unusable(visit, file)
    {
        return fault(setting, file, cause, told.ini()).seen_by(View::Php);
    }
    // What serves pages has another php.ini, which the command line does not tell of.
    for ini in of_servers() {
        for (setting, file) in named_in(&ini) {
            if let Some(cause) = unusable(visit, &file) {
                return fault(setting, &file, cause, ini.display().to_string());
            }
        }
    }
    let finding = match own {
        Some((_, file)) => Finding::ok(Sight::PhpTrustSet, vec![("file", file.display().to_string())]),
        None => Finding::ok(Sight::PhpTrustUnset, Vec::new()),
    };
    finding.seen_by(View::Php)
}

fn fault(setting: &str, file: &Path, cause: String, ini: String) -> Finding {
    let values =
        vec![("setting", setting.to_owned()), ("file", file.display().to_string()), ("cause", cause), ("ini", ini)];
    Finding::error(Code::PhpTrustFile, values)
}

/// Why a trust store is of no use, if so.
fn unusable(visit: &Visit, file: &Path) -> Option<String> {
    let shut = visit
        .web_account()
        .filter(|account| file.exists() && !denied(account, Wish::Read, &[file.to_owned()]).0.is_empty());
    match shut {
        Some(account) => Some(format!("{}: Permission denied", account.name)),
        None => tls::trust(file).err(),
    }
}

/// The php.ini of PHP-FPM and of Apache's module, where Debian keeps them.
fn of_servers() -> Vec<PathBuf> {
    let versions = fs::read_dir("/etc/php").into_iter().flatten().flatten();
    let files =
        versions.flat_map(|version| ["fpm", "apache2"].map(|server| version.path().join(server).join("php.ini")));
    let mut files: Vec<PathBuf> = files.filter(|file| file.is_file()).collect();
    files.sort();
    files
}

/// The trust stores that a php.ini names.
fn named_in(ini: &Path) -> Vec<(&'static str, PathBuf)> {
    let text = fs::read_to_string(ini).unwrap_or_default();
    let settings = text.lines().filter_map(|line| {
        let (name, value) = line.trim().split_once('=')?;
        let setting = ["openssl.cafile", "curl.cainfo"].into_iter().find(|setting| *setting == name.trim())?;
        let value = value.trim().trim_matches(['"', '\'']);
        (!value.is_empty()).then(|| (setting, PathBuf::from(value)))
    });
    settings.collect()
}
