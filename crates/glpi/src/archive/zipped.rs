//! Entries of a zip archive, each read to its end, so that its checksum is known to hold.

use std::io::{self, Read, Seek, SeekFrom};

use latchkey_domain::marketplace::ArchiveFault;
use zip::ZipArchive;
use zip::result::ZipError;

use super::paths::{Folder, Thing, shown};
use super::{Allowance, Gauge, Unexamined};

/// The end record, and the longest comment after it, in bytes.
const END: usize = 22;
const LONGEST_COMMENT: u64 = 65_535;
/// The type of a file, as Unix has it.
const TYPE: u32 = 0o170_000;

/// Reads all entries, and gives how many bytes came out.
pub(super) fn read(
    mut archive: impl Read + Seek,
    length: u64,
    mut allowance: Allowance,
    folder: &mut Folder,
) -> Result<u64, Unexamined> {
    // Before the library makes room for as many as it is told there are.
    let named = entries(&mut archive, length)?.ok_or(ArchiveFault::Damaged)?;
    if u64::from(named) > folder.most() {
        return Err(ArchiveFault::TooMany { most: folder.most() }.into());
    }
    let mut archive = ZipArchive::new(archive).map_err(unread)?;
    if archive.len() != usize::from(named) {
        // Two readers would see two archives: two entries of one name, or two ends.
        return Err(ArchiveFault::Damaged.into());
    }
    for at in 0..archive.len() {
        let file = archive.by_index(at).map_err(unread)?;
        let path = file.name_raw().to_vec();
        let mode = file.unix_mode().unwrap_or(0) & TYPE;
        let is_folder = file.is_dir();
        let mut content = Gauge { inner: file, allowance };
        let thing = match mode {
            0o120_000 => {
                let mut target = Vec::new();
                (&mut content).take(4_096).read_to_end(&mut target)?;
                Thing::Link(target)
            }
            0 | 0o100_000 | 0o040_000 if is_folder => Thing::Folder,
            0 | 0o100_000 => Thing::File,
            _ => return Err(ArchiveFault::Special { path: shown(&String::from_utf8_lossy(&path)) }.into()),
        };
        folder.take(&path, thing, &mut content)?;
        io::copy(&mut content, &mut io::sink())?;
        allowance = content.allowance;
    }
    Ok(allowance.out)
}

/// How many entries the end record names.
fn entries(archive: &mut (impl Read + Seek), length: u64) -> io::Result<Option<u16>> {
    let tail = length.min(LONGEST_COMMENT + END as u64);
    archive.seek(SeekFrom::Start(length - tail))?;
    let mut bytes = Vec::new();
    archive.take(tail).read_to_end(&mut bytes)?;
    archive.rewind()?;
    let at = memchr::memmem::rfind(&bytes, b"PK\x05\x06").filter(|at| at + END <= bytes.len());
    Ok(at.map(|at| u16::from_le_bytes([bytes[at + 10], bytes[at + 11]])))
}

fn unread(error: ZipError) -> Unexamined {
    if let ZipError::Io(error) = error { Unexamined::Unread(error) } else { ArchiveFault::Damaged.into() }
}
