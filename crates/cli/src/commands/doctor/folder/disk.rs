//! How much room is left.

use std::path::Path;

use latchkey_texts::doctor::{Chapter, Code, Sight};
use nix::sys::statvfs::statvfs;

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "glpi.disk", chapter: Chapter::Folder, slow: false, run };

/// Below this the next download or log line may not fit, in bytes.
const FULL: u64 = 32 << 20;
/// Below this somebody should make room, in bytes.
const LOW: u64 = 512 << 20;

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let place = if glpi.var_dir.exists() { &glpi.var_dir } else { &glpi.dir };
    host_disk(place)
}

/// The room where a path is.
pub(in super::super) fn host_disk(path: &Path) -> Finding {
    let path_shown = path.display().to_string();
    let room = match statvfs(path) {
        Ok(room) => room,
        Err(errno) => {
            let values = vec![("path", path_shown), ("cause", errno.desc().to_owned())];
            return Finding::skipped(Sight::SkippedBySystem, values);
        }
    };
    #[allow(clippy::useless_conversion, reason = "the types differ between systems")]
    let free = u64::from(room.blocks_available()).saturating_mul(u64::from(room.fragment_size()));
    let values = vec![("path", path_shown), ("free", size(free))];
    match free {
        ..FULL => Finding::error(Code::DiskFull, values),
        FULL..LOW => Finding::warning(Code::DiskLow, values),
        LOW.. => Finding::ok(Sight::Disk, values),
    }
}

fn size(bytes: u64) -> String {
    match bytes >> 20 {
        megabytes @ ..10_240 => format!("{megabytes} MiB"),
        megabytes => format!("{} GiB", megabytes >> 10),
    }
}
