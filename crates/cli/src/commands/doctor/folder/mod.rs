//! The GLPI folder: what stands where, whose it is, and which service it points at.

mod config_db;
mod crypt_key;
mod disk;
mod local_define;
mod log;
mod missing;
mod modes;
mod owners;
mod plugins;
mod services;
mod version;
mod web_user;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use latchkey_glpi::installation::{self, FOLDERS};
use latchkey_texts::doctor::Sight;

use super::finding::{Check, Finding};
use super::net::url::Url;
use super::php::Php;
use super::visit::WebUser;
use crate::config::for_shell;
use crate::data_dir::cause;
use crate::problem::Problem;
use local_define::{Constants, LocalDefine};
use services::Asks;

pub(super) use disk::host_disk;

pub(super) const CHECKS: &[Check] = &[
    version::CHECK,
    web_user::CHECK,
    config_db::CHECK,
    crypt_key::CHECK,
    local_define::CHECK,
    services::CHECK,
    missing::CHECK,
    owners::CHECK,
    modes::CHECK,
    plugins::CHECK,
    disk::CHECK,
    log::CHECK,
];

/// A GLPI as it stands on the disk.
pub(super) struct Glpi {
    pub(super) dir: PathBuf,
    /// Such as `10.0.19`.
    pub(super) version: Option<String>,
    pub(super) config_dir: PathBuf,
    var_dir: PathBuf,
    log_dir: PathBuf,
    marketplace_dir: PathBuf,
    local_define: LocalDefine,
    /// Which service it asks, by its own settings.
    pub(super) asks: Asks,
    /// Which one it should ask.
    pub(super) wanted: Option<Url>,
}

/// Finds out all that several checks need. An error where there is no GLPI to look at.
pub(super) fn look_around(
    dir: &Path,
    web_user: Option<&str>,
    php: Option<PathBuf>,
) -> Result<(Glpi, Option<WebUser>, Php), Problem> {
    let dir = fs::canonicalize(dir).map_err(|error| {
        Problem::usage(
            format!("--glpi: cannot look into {}: {}", dir.display(), cause(&error)),
            "name GLPI's folder, such as /var/www/glpi",
        )
    })?;
    let signs = ["inc", "front", "src", "config", "version", "bin/console", "files"];
    if signs.iter().filter(|sign| dir.join(sign).exists()).count() < 2 {
        return Err(Problem::usage(
            format!("--glpi: {} is not GLPI's folder: it has neither inc, front nor config", dir.display()),
            "name the folder that GLPI was unpacked into, such as /var/www/glpi",
        ));
    }
    let web_user = web_user::find(&dir, web_user)?;
    let account = web_user.as_ref().map(|user| user.account.clone());
    let php = Php::look_around(php, account.clone());
    let version = version::find(&dir);
    let (local_define, constants) = local_define::read(&dir, &php, account.as_ref());
    let place = |name: &str, usual: PathBuf| constants.get(name).map_or(usual, PathBuf::from);
    let var_dir = place(installation::VAR_DIR, dir.join("files"));
    let mut asks = services::asked(&constants, version.as_deref(), local_define.evaluated());
    if local_define.hidden().is_some() {
        // Not the publisher's for want of a setting: it may have one.
        asks.url = None;
    }
    let glpi = Glpi {
        config_dir: local_define.config_dir.clone(),
        log_dir: place(installation::LOG_DIR, var_dir.join("_log")),
        marketplace_dir: place(installation::MARKETPLACE_DIR, dir.join("marketplace")),
        var_dir,
        version,
        local_define,
        asks,
        wanted: None,
        dir,
    };
    Ok((glpi, web_user, php))
}

impl Glpi {
    /// The folders that GLPI writes into, with `files/` itself first.
    fn written(&self) -> Vec<PathBuf> {
        // 9.5 has no inventories.
        let has = |folder: &&&str| {
            **folder != "_inventories" || !self.version.as_deref().is_some_and(|it| it.starts_with("9."))
        };
        let below = FOLDERS.iter().filter(has).map(|folder| match *folder {
            "_log" => self.log_dir.clone(),
            other => self.var_dir.join(other),
        });
        std::iter::once(self.var_dir.clone()).chain(below).chain([self.marketplace_dir.clone()]).collect()
    }

    /// A path as it is shown: below GLPI's folder without that.
    fn shown(&self, path: &Path) -> String {
        path.strip_prefix(&self.dir).unwrap_or(path).display().to_string()
    }

    fn all_shown(&self, paths: &[PathBuf]) -> String {
        paths.iter().map(|path| self.shown(path)).collect::<Vec<_>>().join(", ")
    }
}

/// What to say of a path that this program may not look at, or into: nothing is known about it.
fn hidden(path: &Path) -> Option<Finding> {
    let looked = match path.is_dir() {
        true => fs::read_dir(path).map(|_| true),
        false => path.try_exists(),
    };
    looked.err().map(|error| hidden_by_system(path, &error))
}

fn hidden_by_system(path: &Path, error: &std::io::Error) -> Finding {
    Finding::skipped(Sight::SkippedBySystem, vec![("path", path.display().to_string()), ("cause", cause(error))])
}

/// Paths as a shell takes them.
fn in_shell(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| for_shell(&path.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// A mode as people write it.
fn octal(mode: u32) -> String {
    format!("{:04o}", mode & 0o7777)
}

/// Constants that were read and not evaluated.
fn read_plainly(texts: &[String]) -> Constants {
    let mut found = BTreeMap::new();
    for name in installation::CONSTANTS {
        if let Some(value) = texts.iter().find_map(|text| installation::defined(text, name)) {
            found.insert(name.to_owned(), value.to_owned());
        }
    }
    found
}
