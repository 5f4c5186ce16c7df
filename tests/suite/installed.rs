//! The real binary, as a vendor runs it: a data directory, the command line, servers.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use latchkey_tests_support::http::Request;
use latchkey_tests_support::{Process, Program, free_port, poll_until, witness};
use serde_json::Value;

use crate::glpi::Glpi;
use crate::openapi;

/// How long any command may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Stories with the real binary, each told on both databases.
macro_rules! installed_on_both {
    ($(fn $name:ident($installed:ident: &Installed) $body:block)*) => {$(
        mod $name {
            use super::*;

            fn story($installed: &Installed) $body

            #[test]
            fn on_sqlite() {
                story(&Installed::embedded());
            }

            #[test]
            fn on_postgres() {
                story(&Installed::on_postgres(latchkey_tests_support::postgres::Cluster::shared().fresh_database()));
            }
        }
    )*};
}
pub(crate) use installed_on_both;

/// One installation: where its data is, and on which database.
pub(crate) struct Installed {
    dir: tempfile::TempDir,
    database_url: Option<String>,
}

/// What a command gave.
pub(crate) struct Ran {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A server that was started as a process.
pub(crate) struct Served {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
}

impl Installed {
    pub(crate) fn embedded() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), database_url: None }
    }

    pub(crate) fn on_postgres(database_url: String) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), database_url: Some(database_url) }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref()
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        openapi::compare_every_answer();
        let program = Program::new(env!("CARGO_BIN_EXE_latchkey"))
            .directory(self.dir.path())
            .env("LATCHKEY_DATA_DIR", self.data_dir())
            .args(arguments.iter().copied());
        match &self.database_url {
            Some(url) => program.env("LATCHKEY_DATABASE_URL", url),
            None => program,
        }
    }

    pub(crate) fn runs(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.program(arguments).spawn())
    }

    /// Runs a command that has to succeed, and reads its JSON.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let mut with_json = vec!["--json"];
        with_json.extend_from_slice(arguments);
        let ran = self.runs(&with_json);
        assert!(ran.status.success(), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        let json = serde_json::from_str(&ran.stdout);
        let json = json.unwrap_or_else(|error| panic!("{arguments:?}: {error}: {}", ran.stdout));
        witness::secrets_in(&json);
        if let Ok(master) = std::fs::read_to_string(self.data_dir().join("master.key")) {
            witness::secret(master.trim());
        }
        json
    }

    #[track_caller]
    pub(crate) fn issues_key(&self, customer: &str) -> Value {
        self.json(&["key", "issue", "--customer", customer, "--offer", "basic", "--years", "1"])
    }

    #[track_caller]
    pub(crate) fn serves(&self) -> Served {
        let listen = format!("127.0.0.1:{}", free_port());
        self.serves_at(&listen)
    }

    #[track_caller]
    pub(crate) fn serves_at(&self, listen: &str) -> Served {
        let process = self.program(&["serve", "--listen", listen, "--public-url", "https://keys.example.org"]).spawn();
        let address: SocketAddr = listen.parse().unwrap();
        let served = Served { process, address };
        poll_until(PATIENCE, || {
            Request::get("/readyz").try_send(address).ok().filter(|response| response.status == 200)
        });
        served
    }
}

impl Served {
    pub(crate) fn glpi(&self) -> Glpi {
        Glpi::version(self.address, "10.0.19")
    }
}

impl Ran {
    pub(crate) fn of(mut process: Process) -> Self {
        let status = process.wait(PATIENCE);
        Self { status, stdout: process.stdout(), stderr: process.stderr() }
    }

    /// Everything a person sees, for a snapshot: ids, dates, keys and places are replaced by their names.
    pub(crate) fn seen(&self) -> String {
        let code = self.status.code().map_or_else(|| "a signal".to_owned(), |code| code.to_string());
        let mut seen = String::new();
        if !self.stdout.is_empty() {
            seen.push_str(&format!("{}\n", self.stdout.trim_end()));
        }
        if !self.stderr.is_empty() {
            seen.push_str(&format!("[stderr]\n{}\n", self.stderr.trim_end()));
        }
        seen.push_str(&format!("[exit {code}]"));
        seen
    }
}
