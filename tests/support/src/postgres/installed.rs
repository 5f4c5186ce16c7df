//! Where PostgreSQL's server programs are on this machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian puts them, each major version in a directory of its own.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The directory of `initdb`, `pg_ctl` and `postgres`: the highest version of Debian's, else what `pg_config` names.
pub(super) fn programs() -> Result<PathBuf, String> {
    search(Path::new(DEBIAN), OsStr::new("pg_config"))
}

fn search(debian: &Path, pg_config: &OsStr) -> Result<PathBuf, String> {
    highest(debian).or_else(|| named_by(pg_config)).ok_or_else(|| {
        format!(
            "PostgreSQL's server programs are missing: no initdb in {}/*/bin, nor where `{}` points. These tests need \
             the Debian package `postgresql`: run scripts/install-test-tools, or apt-get install postgresql",
            debian.display(),
            pg_config.display()
        )
    })
}

fn highest(debian: &Path) -> Option<PathBuf> {
    fs::read_dir(debian)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let version: u32 = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, programs)| complete(programs))
        .max()
        .map(|(_, programs)| programs)
}

fn named_by(pg_config: &OsStr) -> Option<PathBuf> {
    let answer = Command::new(pg_config).arg("--bindir").output().ok()?;
    let programs = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim_end());
    complete(&programs).then_some(programs)
}

/// Debian's client package shares the directory with the server's: only `initdb` tells that the server is there.
fn complete(programs: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| programs.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn install(directory: &Path, programs: &[&str]) {
        fs::create_dir_all(directory).unwrap();
        for program in programs {
            fs::write(directory.join(program), "").unwrap();
        }
    }

    #[test]
    fn the_highest_complete_version_wins() {
        let root = tempfile::tempdir().unwrap();
        install(&root.path().join("9/bin"), &["initdb", "pg_ctl", "postgres"]);
        install(&root.path().join("15/bin"), &["initdb", "pg_ctl", "postgres"]);
        install(&root.path().join("17/bin"), &["psql", "pg_config"]);
        install(&root.path().join("common/bin"), &["initdb", "pg_ctl", "postgres"]);
        assert_eq!(search(root.path(), OsStr::new("/nowhere/pg_config")).unwrap(), root.path().join("15/bin"));
    }

    #[test]
    fn else_pg_config_is_asked() {
        let root = tempfile::tempdir().unwrap();
        let programs = root.path().join("opt/pgsql/bin");
        install(&programs, &["initdb", "pg_ctl", "postgres"]);
        let pg_config = root.path().join("pg_config");
        fs::write(&pg_config, format!("#!/bin/sh\n[ \"$1\" = --bindir ] && echo {}\n", programs.display())).unwrap();
        fs::set_permissions(&pg_config, fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(search(&root.path().join("none"), pg_config.as_os_str()).unwrap(), programs);
    }

    #[test]
    fn where_there_is_none_the_package_is_named() {
        let why = search(Path::new("/nowhere"), OsStr::new("/nowhere/pg_config")).unwrap_err();
        assert!(why.contains("apt-get install postgresql"), "{why}");
        assert!(why.contains("no initdb in /nowhere/*/bin"), "{why}");
    }
}
