//! The trust stores that PHP's settings name, if they name any: there, readable, and with certificates in them.

use std::fs;
use std::path::{Path, PathBuf};

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::access::{Wish, denied};
use super::super::finding::{Check, Finding, View};
use super::super::net::tls;
use super::super::visit::Visit;
use super::Told;

pub(in super::super) const CHECK: Check = Check { id: "php.trust_file", chapter: Chapter::Php, slow: false, run };

/// A trust store that a setting of PHP names.
pub(in super::super) struct Store {
    pub(in super::super) setting: &'static str,
    pub(in super::super) file: PathBuf,
    /// Where the setting stands.
    pub(in super::super) ini: String,
    /// PHP said so itself; else its settings were read.
    pub(in super::super) by_php: bool,
}

fn run(visit: &mut Visit) -> Finding {
    let Some(told) = visit.php.told() else { return Finding::skipped(Sight::SkippedNoPhp, Vec::new()) };
    let stores = stores(told);
    for store in &stores {
        if let Some(cause) = unusable(visit, &store.file) {
            let values = vec![
                ("setting", store.setting.to_owned()),
                ("file", store.file.display().to_string()),
                ("cause", cause),
                ("ini", store.ini.clone()),
            ];
            return Finding::error(Code::PhpTrustFile, values).seen_by(store.view());
        }
    }
    if stores.is_empty() {
        return Finding::ok(Sight::PhpTrustUnset, Vec::new()).seen_by(View::Php);
    }
    Finding::ok(Sight::PhpTrustSet, vec![("file", shown(&stores))]).seen_by(View::Php)
}

/// Their files, each once.
pub(in super::super) fn shown(stores: &[Store]) -> String {
    let mut files: Vec<String> = stores.iter().map(|store| store.file.display().to_string()).collect();
    files.dedup();
    files.join(", ")
}

impl Store {
    pub(in super::super) fn view(&self) -> View {
        if self.by_php { View::Php } else { View::Program }
    }
}

/// The trust stores that PHP's settings name: those of the command line as PHP says them, and those of what serves pages,
/// of which the command line does not tell. None where it is the system's everywhere.
pub(in super::super) fn stores(told: &Told) -> Vec<Store> {
    let own = told.trust_file().map(|(setting, file)| Store {
        setting,
        file: file.to_owned(),
        ini: told.ini(),
        by_php: true,
    });
    own.into_iter().chain(of_servers().iter().filter_map(|files| named_in(files))).collect()
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

/// The settings of PHP-FPM and of Apache's module, where Debian keeps them, and of the pools where others do: for each
/// its files, in the order in which they are read.
fn of_servers() -> Vec<Vec<PathBuf>> {
    let versions = below("/etc/php".as_ref(), |_| true);
    let mut servers: Vec<Vec<PathBuf>> = versions
        .iter()
        .flat_map(|version| ["fpm", "apache2"].map(|server| version.join(server)))
        .map(|server| {
            let own = Some(server.join("php.ini")).filter(|file| file.is_file());
            let more = below(&server.join("conf.d"), |file| file.extension().is_some_and(|kind| kind == "ini"));
            own.into_iter().chain(more).chain(pools(&server.join("pool.d"))).collect()
        })
        .collect();
    servers.push(pools("/etc/php-fpm.d".as_ref()));
    servers
}

fn pools(dir: &Path) -> Vec<PathBuf> {
    below(dir, |file| file.extension().is_some_and(|kind| kind == "conf"))
}

fn below(dir: &Path, wanted: fn(&Path) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| wanted(path)).collect();
    found.sort();
    found
}

/// The trust store that these files come to: of two lines the later one counts.
fn named_in(files: &[PathBuf]) -> Option<Store> {
    const SETTINGS: [&str; 2] = ["openssl.cafile", "curl.cainfo"];
    let mut named: [Option<(PathBuf, &Path)>; 2] = [None, None];
    for file in files {
        let text = fs::read_to_string(file).unwrap_or_default();
        for (name, value) in text.lines().filter_map(|line| line.trim().split_once('=')) {
            let name = name.trim();
            // A pool writes php_admin_value[curl.cainfo].
            let name = name.split_once("_value[").and_then(|(_, rest)| rest.strip_suffix(']')).unwrap_or(name);
            let Some(at) = SETTINGS.iter().position(|setting| *setting == name) else { continue };
            let value = value.split(';').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            named[at] = (!value.is_empty()).then(|| (PathBuf::from(value), file.as_path()));
        }
    }
    // In this order in PHP's own source.
    let (setting, (file, ini)) = SETTINGS.into_iter().zip(named).find_map(|(name, found)| Some((name, found?)))?;
    Some(Store { setting, file, ini: ini.display().to_string(), by_php: false })
}
