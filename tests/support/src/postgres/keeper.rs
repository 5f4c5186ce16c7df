//! The process that keeps a cluster: it runs PostgreSQL's programs for us, and takes everything down when we are gone.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use nix::unistd::{User, geteuid};

#[derive(Debug)]
pub(super) struct Keeper {
    process: Child,
    /// `None` once the keeper is let go. Rust opens pipes close-on-exec, so no other child of ours holds this end.
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    home: PathBuf,
}

impl Keeper {
    /// Makes the cluster's directory and starts a keeper for it. Nothing of PostgreSQL runs yet.
    pub(super) fn hire(programs: &Path, port: u16) -> Result<Keeper, String> {
        // Not TMPDIR: a socket's path must be shorter than 108 bytes, and the user we become must reach the place.
        let home = tempfile::Builder::new()
            .prefix("latchkey-postgres-")
            .tempdir_in("/tmp")
            .map_err(|error| format!("cannot make a directory for PostgreSQL in /tmp: {error}"))?;
        let mut command = Command::new("sh");
        command
            .args(["-c", include_str!("keeper.sh"), "latchkey-postgres-keeper"])
            .args([programs, home.path()])
            .arg(port.to_string())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C")
            .current_dir(home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C goes to the terminal's foreground group, and is for the tests alone.
            .process_group(0);
        if let Some(user) = lesser_user()? {
            chown(home.path(), Some(user.uid.as_raw()), Some(user.gid.as_raw()))
                .map_err(|error| format!("cannot give {} to {}: {error}", home.path().display(), user.name))?;
            // The standard library drops root's supplementary groups with the user id.
            command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        }
        let mut process = command.spawn().map_err(|error| format!("cannot start PostgreSQL's keeper (sh): {error}"))?;
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().ok_or("the keeper has no standard output")?);
        // From here on the keeper removes it.
        Ok(Keeper { process, orders, answers, home: home.keep() })
    }

    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// Has the keeper do one thing, and waits until it is done.
    pub(super) fn order(&mut self, verb: &str) -> Result<(), String> {
        let mut answer = String::new();
        self.orders
            .as_mut()
            .ok_or(std::io::ErrorKind::BrokenPipe.into())
            .and_then(|orders| writeln!(orders, "{verb}"))
            .and_then(|()| self.answers.read_line(&mut answer))
            .map_err(|error| format!("PostgreSQL's keeper does not answer to {verb}: {error}"))?;
        if answer.trim_end() == "done" {
            return Ok(());
        }
        Err(format!("PostgreSQL failed to {verb}.\n{}{}", self.log("keeper.log"), self.log("server.log")))
    }

    fn log(&self, name: &str) -> String {
        let text = fs::read_to_string(self.home.join(name)).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = &lines[lines.len().saturating_sub(20)..];
        last.iter().map(|line| format!("{name}: {line}\n")).collect()
    }
}

impl Drop for Keeper {
    /// Lets the keeper go, and returns when the cluster and its directory are gone.
    fn drop(&mut self) {
        drop(self.orders.take());
        // A failure here has nobody to tell: the keeper ends by itself.
        let _ = self.process.wait();
    }
}

/// Whom to become: PostgreSQL refuses to run as root. `None` where we are not root.
fn lesser_user() -> Result<Option<User>, String> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        match User::from_name(name) {
            Ok(Some(user)) => return Ok(Some(user)),
            Ok(None) => {}
            Err(error) => return Err(format!("cannot look up the user {name}: {error}")),
        }
    }
    Err("PostgreSQL refuses to run as root, and this machine has neither a user `postgres` nor `nobody`".to_owned())
}
