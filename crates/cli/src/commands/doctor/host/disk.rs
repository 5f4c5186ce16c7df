//! The room where the data directory is.

use latchkey_texts::doctor::Chapter;

use super::super::finding::{Check, Finding};
use super::super::folder::host_disk;
use super::super::visit::Visit;
use super::{Database, config, data_dir, either};

pub(super) const CHECK: Check = Check { id: "host.disk", chapter: Chapter::Host, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (host, config) = config(visit)?;
    let path = config.data_dir.path();
    if let (false, Database::None) = (path.exists(), &host.database) {
        return Err(Finding::after(data_dir::CHECK.id));
    }
    // With PostgreSQL it may not have been made yet.
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(path);
    Ok(host_disk(there))
}
