//! As whom this process acts.
//!
//! Run as root beside a data directory that belongs to somebody else, it becomes that user, for good: otherwise the
//! service would later meet files of root's that it cannot write.

use std::os::unix::fs::MetadataExt as _;

use nix::errno::Errno;
use nix::unistd::{Gid, Uid, User, geteuid, getuid, setgid, setgroups, setuid};

use crate::data_dir::DataDir;
use crate::printer::Printer;
use crate::problem::Problem;

/// Becomes the data directory's owner where that is called for. Gives the name of the account that the command was given
/// by, which is what the audit log tells.
///
/// To be called before any thread is started: the rights of a thread are its own.
pub(crate) fn settle(data_dir: &DataDir, printer: &Printer) -> Result<String, Problem> {
    let name = name_of(getuid());
    let Ok(found) = std::fs::metadata(data_dir.path()) else { return Ok(name) };
    let (owner, group) = (Uid::from_raw(found.uid()), Gid::from_raw(found.gid()));
    if !geteuid().is_root() || owner.is_root() || !found.is_dir() {
        return Ok(name);
    }
    let owner_name = name_of(owner);
    // Group rights of root's must not outlive it, so they go first, while there is still the right to give them up.
    setgroups(&[group]).and_then(|()| setgid(group)).and_then(|()| setuid(owner)).map_err(|error: Errno| {
        Problem::unable(
            "ACCOUNT_UNUSABLE",
            "Cannot become the owner",
            format!("cannot become {owner_name}, who owns {}: {}", data_dir.path().display(), error.desc()),
            format!("run this command as {owner_name}"),
        )
    })?;
    printer.aside(&format!("acting as {owner_name}, who owns {}", data_dir.path().display()));
    Ok(name)
}

fn name_of(uid: Uid) -> String {
    match User::from_uid(uid) {
        Ok(Some(user)) => user.name,
        // Containers often run under a number without a name.
        Ok(None) | Err(_) => uid.to_string(),
    }
}
