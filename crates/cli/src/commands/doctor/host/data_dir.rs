//! The data directory: there, with an installation in it, and for its owner alone.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{Database, config, either};
use crate::config::for_shell;

pub(super) const CHECK: Check = Check { id: "host.data_dir", chapter: Chapter::Host, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (host, config) = config(visit)?;
    let path = config.data_dir.path();
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let dir = ("dir", whole.display().to_string());
    if let Database::None = host.database {
        let values = vec![dir, ("command", format!("{} serve", config.program))];
        return Err(Finding::error(Code::InstallationMissing, values));
    }
    // With PostgreSQL and the master key elsewhere there need not be one.
    let Ok(found) = fs::metadata(path) else { return Ok(Finding::ok(Sight::DataDir, vec![dir])) };
    if found.mode() & 0o077 != 0 {
        let command = format!("chmod 700 {}", for_shell(&path.to_string_lossy()));
        let mode = format!("{:04o}", found.mode() & 0o7777);
        return Err(Finding::warning(Code::DataDirOpen, vec![dir, ("mode", mode), ("command", command)]));
    }
    Ok(Finding::ok(Sight::DataDir, vec![dir]))
}
