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
    let name = giver(&name_of(getuid()), std::env::var("SUDO_USER").ok().filter(|_| getuid().is_root()));
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

/// Who gave the command: root through `sudo` is somebody, and the audit log should say who.
fn giver(account: &str, sudo_user: Option<String>) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    match sudo_user {
        Some(person) if person != account && (1..=64).contains(&person.len()) && person.chars().all(plain) => {
            format!("{account}({person})")
        }
        Some(_) | None => account.to_owned(),
    }
}

fn name_of(uid: Uid) -> String {
    match User::from_uid(uid) {
        Ok(Some(user)) => user.name,
        // Containers often run under a number without a name.
        Ok(None) | Err(_) => uid.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_uses_sudo_is_named() {
        let person = |name: &str| Some(name.to_owned());
        assert_eq!(giver("root", person("alice")), "root(alice)");
        assert_eq!(giver("root", person("root")), "root");
        assert_eq!(giver("latchkey", None), "latchkey");
        for odd in ["", "a b", "x\ny", &"a".repeat(65)] {
            assert_eq!(giver("root", person(odd)), "root", "{odd:?}");
        }
    }
}
