//! Other programs, run as another user where that is allowed, and never for longer than they may take.

use std::io::{ErrorKind, Read};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::{Gid, Uid, User, geteuid};

/// More is not read of what a program says, in bytes.
const LONGEST: u64 = 1 << 20;

/// A user of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: Uid,
    pub(super) gid: Gid,
}

/// What a program said.
pub(super) struct Ran {
    pub(super) success: bool,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

/// Why it did not say anything.
#[derive(Debug, Clone)]
pub(super) enum NotRan {
    Missing,
    TimedOut,
    Failed(String),
}

impl Account {
    pub(super) fn named(name: &str) -> Option<Self> {
        User::from_name(name).ok().flatten().map(Self::of)
    }

    pub(super) fn with_uid(uid: Uid) -> Self {
        match User::from_uid(uid) {
            Ok(Some(user)) => Self::of(user),
            // Containers often run under a number without a name.
            Ok(None) | Err(_) => Self { name: uid.to_string(), uid, gid: Gid::from_raw(uid.as_raw()) },
        }
    }

    /// Who runs this program.
    pub(super) fn own() -> Self {
        Self::with_uid(geteuid())
    }

    fn of(user: User) -> Self {
        Self { name: user.name, uid: user.uid, gid: user.gid }
    }

    /// As `chown` takes it: with the group of the account, where it has a name.
    pub(super) fn as_owner(&self) -> String {
        if Self::named(&self.name).is_some() { format!("{}:", self.name) } else { self.uid.to_string() }
    }

    /// Whether this program may look as this user.
    pub(super) fn can_be_taken(&self) -> bool {
        geteuid() == self.uid || geteuid().is_root()
    }
}

/// A program to be run as this user, if it may be; with the user's groups where the system has a tool for that.
pub(super) fn command(account: Option<&Account>, program: &Path) -> Command {
    let change = account.filter(|account| geteuid().is_root() && !account.uid.is_root());
    let Some(account) = change else { return Command::new(program) };
    if let Some(setpriv) = find("setpriv") {
        let mut command = Command::new(setpriv);
        command
            .arg(format!("--reuid={}", account.uid))
            .arg(format!("--regid={}", account.gid))
            // Without a name there is no list of groups to be had.
            .arg(if Account::named(&account.name).is_some() { "--init-groups" } else { "--clear-groups" })
            .arg("--")
            .arg(program);
        return command;
    }
    let mut command = Command::new(program);
    command.uid(account.uid.as_raw()).gid(account.gid.as_raw());
    command
}

/// Runs it, with nothing on its standard input.
pub(super) fn run(mut command: Command, patience: Duration) -> Result<Ran, NotRan> {
    let spawned = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| match error.kind() == ErrorKind::NotFound {
        true => NotRan::Missing,
        false => NotRan::Failed(crate::data_dir::cause(&error)),
    })?;
    let read = |pipe: Option<Box<dyn Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(pipe) = pipe {
                // What was read until then is what there is.
                let _ = pipe.take(LONGEST).read_to_end(&mut bytes);
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
    };
    let stdout = read(child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let stderr = read(child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>));
    let deadline = Instant::now() + patience;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() >= deadline => {
                // Both fail only where it is gone already.
                let _ = child.kill();
                let _ = child.wait();
                return Err(NotRan::TimedOut);
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => return Err(NotRan::Failed(crate::data_dir::cause(&error))),
        }
    };
    let text = |thread: std::thread::JoinHandle<String>| thread.join().unwrap_or_default();
    Ok(Ran { success: status.success(), stdout: text(stdout), stderr: text(stderr) })
}

/// A program on the path.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    })
}
