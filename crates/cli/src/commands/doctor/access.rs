//! What the web server's user may do with a path: by trying it as that user where that is allowed, else from owner and
//! mode, which knows nothing of access lists and read-only disks.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::unistd::getgrouplist;

use super::child::{self, Account};
use super::finding::View;

/// A child that only looks at files.
const PATIENCE: Duration = Duration::from_secs(10);

/// What somebody wants to do with a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wish {
    /// Read a file.
    Read,
    /// Change a file.
    Write,
    /// Make files in a folder.
    WriteInto,
}

/// The paths of those that are there with which `account` may not do it, and whose view that is.
pub(super) fn denied(account: &Account, wish: Wish, paths: &[PathBuf]) -> (Vec<PathBuf>, View) {
    if account.can_be_taken()
        && let Some(denied) = tried(account, wish, paths)
    {
        return (denied, View::WebUser);
    }
    (paths.iter().filter(|path| !computed(account, wish, path)).cloned().collect(), View::Computed)
}

fn tried(account: &Account, wish: Wish, paths: &[PathBuf]) -> Option<Vec<PathBuf>> {
    let test = match wish {
        Wish::Read => r#"test -r "$path""#,
        Wish::Write => r#"test -w "$path""#,
        Wish::WriteInto => r#"test -w "$path" && test -x "$path""#,
    };
    // By number: a path may have anything in its name.
    let script = format!(r#"n=0; for path; do {{ {test}; }} || echo "$n"; n=$((n + 1)); done; echo end"#);
    let mut command = child::command(Some(account), Path::new("/bin/sh"));
    command.arg("-c").arg(script).arg("sh").args(paths);
    let ran = child::run(command, PATIENCE).ok()?;
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let (last, numbers) = lines.split_last()?;
    if *last != "end" {
        return None;
    }
    numbers.iter().map(|line| Some(paths.get(line.parse::<usize>().ok()?)?.clone())).collect()
}

fn computed(account: &Account, wish: Wish, path: &Path) -> bool {
    let Ok(found) = std::fs::metadata(path) else { return false };
    let mode = found.mode();
    let groups: Vec<u32> = std::ffi::CString::new(account.name.as_str())
        .ok()
        .and_then(|name| getgrouplist(&name, account.gid).ok())
        .map_or_else(|| vec![account.gid.as_raw()], |groups| groups.iter().map(|group| group.as_raw()).collect());
    let bits = if account.uid.is_root() {
        0o7
    } else if found.uid() == account.uid.as_raw() {
        mode >> 6
    } else if groups.contains(&found.gid()) {
        mode >> 3
    } else {
        mode
    };
    let needed = match wish {
        Wish::Read => 0o4,
        Wish::Write => 0o2,
        Wish::WriteInto => 0o3,
    };
    bits & needed == needed
}
