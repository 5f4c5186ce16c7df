//! Entries of a tar archive. Extensions are read here, within limits: the library would take in a name of any length.

#![allow(clippy::wildcard_enum_match_arm, reason = "kinds of entries have no end: what is not known is refused")]

use std::io::{self, Read};

use latchkey_domain::marketplace::ArchiveFault;
use tar::{Archive, EntryType};

use super::paths::{Folder, Thing, shown};
use super::{Allowance, Gauge, Unexamined};

/// The largest extension of one entry, in bytes.
const LARGEST_EXTENSION: u64 = 64 * 1_024;

/// What extensions say of the entry that follows.
#[derive(Default)]
struct Said {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
}

/// Reads all entries, and gives how many bytes came out.
pub(super) fn read(unpacked: impl Read, allowance: Allowance, folder: &mut Folder) -> Result<u64, Unexamined> {
    let mut archive = Archive::new(Gauge { inner: unpacked, allowance });
    let mut said = Said::default();
    let mut extensions = 0_u64;
    for entry in archive.entries()?.raw(true) {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        let path = entry.path_bytes().into_owned();
        match kind {
            EntryType::GNULongName | EntryType::GNULongLink | EntryType::XHeader | EntryType::XGlobalHeader => {
                extensions += 1;
                if entry.size() > LARGEST_EXTENSION || extensions > 100_000 {
                    return Err(ArchiveFault::Damaged.into());
                }
                let mut text = Vec::new();
                entry.read_to_end(&mut text)?;
                said.hear(kind, text)?;
                continue;
            }
            _ => {}
        }
        let Said { path: long, link } = std::mem::take(&mut said);
        let path = long.unwrap_or(path);
        let target =
            || link.clone().or_else(|| entry.link_name_bytes().map(|name| name.into_owned())).unwrap_or_default();
        let thing = match kind {
            EntryType::Regular if path.ends_with(b"/") => Thing::Folder,
            EntryType::Regular | EntryType::Continuous => Thing::File,
            EntryType::Directory => Thing::Folder,
            EntryType::Symlink => Thing::Link(target()),
            EntryType::Link => Thing::HardLink(target()),
            EntryType::Char | EntryType::Block | EntryType::Fifo => Thing::Special,
            // A sparse file is larger than it looks; nothing else is of use to a plugin.
            _ => return Err(ArchiveFault::Special { path: shown(&String::from_utf8_lossy(&path)) }.into()),
        };
        folder.take(&path, thing, &mut entry)?;
    }
    // To the end, so that one which breaks off is noticed wherever it does.
    let mut rest = archive.into_inner();
    io::copy(&mut rest, &mut io::sink())?;
    Ok(rest.allowance.out)
}

impl Said {
    fn hear(&mut self, kind: EntryType, text: Vec<u8>) -> Result<(), Unexamined> {
        match kind {
            EntryType::GNULongName => self.path = Some(until_nul(text)),
            EntryType::GNULongLink => self.link = Some(until_nul(text)),
            EntryType::XHeader => {
                for (name, value) in records(&text).ok_or(ArchiveFault::Damaged)? {
                    match name {
                        b"path" => self.path = Some(value.to_vec()),
                        b"linkpath" => self.link = Some(value.to_vec()),
                        // Another size than the header's, or a file with holes: two readers would see two archives.
                        b"size" => return Err(ArchiveFault::Damaged.into()),
                        name if name.starts_with(b"GNU.sparse") => return Err(ArchiveFault::Damaged.into()),
                        _ => {}
                    }
                }
            }
            // One for all: git writes its commit there. A path for all is none.
            _ => match records(&text) {
                Some(all) if all.iter().all(|(name, _)| !matches!(*name, b"path" | b"linkpath" | b"size")) => {}
                _ => return Err(ArchiveFault::Damaged.into()),
            },
        }
        Ok(())
    }
}

fn until_nul(mut text: Vec<u8>) -> Vec<u8> {
    let end = memchr::memchr(0, &text).unwrap_or(text.len());
    text.truncate(end);
    text
}

/// Records of a PAX header: `LENGTH NAME=VALUE\n`, the length being that of all of it.
fn records(text: &[u8]) -> Option<Vec<(&[u8], &[u8])>> {
    let (mut rest, mut all) = (text, Vec::new());
    while !rest.is_empty() && rest[0] != 0 {
        let blank = memchr::memchr(b' ', rest)?;
        let length: usize = core::str::from_utf8(&rest[..blank]).ok()?.parse().ok()?;
        let record = rest.get(blank + 1..length)?.strip_suffix(b"\n")?;
        let equals = memchr::memchr(b'=', record)?;
        all.push((&record[..equals], &record[equals + 1..]));
        rest = &rest[length..];
    }
    Some(all)
}
