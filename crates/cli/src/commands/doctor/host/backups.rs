//! The age of the latest backup, by what the backups say of themselves.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use latchkey_domain::time::{DAY, Timestamp};
use latchkey_server::Clock;
use latchkey_store::archive;
use latchkey_texts::doctor::{Chapter, Code, Sight};
use nix::unistd::Uid;

use super::super::child::Account;
use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{either, examined};
use crate::config::for_shell;

pub(super) const CHECK: Check = Check { id: "host.backups", chapter: Chapter::Host, slow: false, run };

/// A backup a day, and one that may fail, in milliseconds.
const OLD: i64 = 2 * DAY;

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (config, examined) = examined(visit)?;
    let beside = config.data_dir.path().join("backups");
    let places = match &visit.backups {
        Some(named) => vec![named.clone()],
        None => vec![config.data_dir.path().to_owned(), beside.clone()],
    };
    // One of another installation does not count.
    let publisher = examined.installation.as_ref().map(|it| it.publisher.to_string()).unwrap_or_default();
    let latest = places.iter().filter_map(|place| latest(place, &publisher)).max();
    let keep = visit.backups.clone().unwrap_or(beside);
    let kept = for_shell(&keep.to_string_lossy());
    // Every command works as the owner of the data directory, whoever types it.
    let owner = fs::metadata(config.data_dir.path()).map(|found| Account::with_uid(Uid::from_raw(found.uid())).name);
    let owner = owner.map(|name| format!("-o {name} ")).unwrap_or_default();
    let command = format!(
        "install -d -m 700 {owner}{kept} && {} backup --to {kept}/latchkey-$(date +%Y%m%dT%H%M%S).backup",
        config.program
    );
    let Some((made, file)) = latest else {
        let dir = places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(", ");
        return Err(Finding::warning(Code::BackupNone, vec![("dir", dir), ("command", command)]));
    };
    let age = Clock::system().wall().millis() - made;
    let date: String = Timestamp::from_millis(made).to_string().chars().take(10).collect();
    let told = vec![("file", file.display().to_string()), ("date", date)];
    if age > OLD {
        let more = [("days", (age / DAY).to_string()), ("command", command)];
        return Err(Finding::warning(Code::BackupOld, told.into_iter().chain(more).collect()));
    }
    Ok(Finding::ok(Sight::Backup, told))
}

fn latest(place: &Path, publisher: &str) -> Option<(i64, PathBuf)> {
    let files = fs::read_dir(place).ok()?.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file());
    files
        .filter_map(|path| {
            let header = archive::glance(&mut File::open(&path).ok()?).ok()?;
            (header.publisher == publisher).then_some((header.created_at, path))
        })
        .max()
}
