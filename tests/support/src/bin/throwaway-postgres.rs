//! A PostgreSQL to try something on, with one empty database. Prints the cluster's directory and the database's URL.
//!
//! `throwaway-postgres COMMAND…` runs the command with the URL in `DATABASE_URL` and ends as it ends; without a command
//! it waits to be killed. Either way nothing stays behind.

use std::io::{self, Write};
use std::process::{Command, ExitCode};
use std::thread;

use latchkey_tests_support::postgres::Cluster;

fn main() -> io::Result<ExitCode> {
    let cluster = Cluster::shared();
    let url = cluster.fresh_database();
    let mut out = io::stdout();
    writeln!(out, "{}\n{url}", cluster.directory().display())?;
    out.flush()?;

    let mut words = std::env::args_os().skip(1);
    let Some(program) = words.next() else {
        loop {
            thread::park();
        }
    };
    let status = Command::new(program).args(words).env("DATABASE_URL", url).status()?;
    // A command that a signal ended has no code.
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)))
}
