//! The one folder of an archive, as its entries are read: what may stand in it, and the texts that are looked at.

use std::collections::HashMap;
use std::io::Read;

use latchkey_domain::marketplace::ArchiveFault;

use super::{LARGEST_TEXT, Limits, Unexamined};

/// The longest path, in bytes, and the deepest.
const LONGEST: usize = 255;
const DEEPEST: usize = 32;

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Thing {
    File,
    Folder,
    /// To this path, as the link has it.
    Link(Vec<u8>),
    /// To another entry, by its path from the archive's top.
    HardLink(Vec<u8>),
    Special,
}

/// The folder, while entries are read.
pub(super) struct Folder {
    limits: Limits,
    files: u64,
    top: Option<String>,
    /// Every path that there is, without the top folder's name, and whether it is a folder.
    seen: HashMap<String, Kind>,
    setup: Option<Vec<u8>>,
    sheet: Option<Vec<u8>>,
    sheet_is_own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Link,
}

/// The folder, when all was read.
pub(super) struct Closed {
    pub(super) top: String,
    pub(super) files: u64,
    pub(super) setup: Vec<u8>,
    pub(super) sheet: Option<Vec<u8>>,
}

impl Folder {
    pub(super) fn new(limits: Limits) -> Self {
        Self { limits, files: 0, top: None, seen: HashMap::new(), setup: None, sheet: None, sheet_is_own: false }
    }

    /// The most entries that are taken.
    pub(super) fn most(&self) -> u64 {
        self.limits.files
    }

    /// Takes an entry. What is left of `content` afterwards nobody looks at.
    pub(super) fn take(&mut self, path: &[u8], thing: Thing, content: &mut impl Read) -> Result<(), Unexamined> {
        self.files += 1;
        if self.files > self.limits.files {
            return Err(ArchiveFault::TooMany { most: self.limits.files }.into());
        }
        let named = || shown(&String::from_utf8_lossy(path));
        let parts = parts(path).ok_or_else(|| ArchiveFault::Path { path: named() })?;
        let Some((top, below)) = parts.split_first() else {
            // `./`, which some programs write first.
            return if thing == Thing::Folder { Ok(()) } else { Err(ArchiveFault::Path { path: named() }.into()) };
        };
        match &self.top {
            None => self.top = Some((*top).to_owned()),
            Some(first) if first == top => {}
            Some(_) => return Err(ArchiveFault::Top { found: shown(top) }.into()),
        }
        let (kind, target) = match thing {
            Thing::File => (Kind::File, None),
            Thing::Folder => (Kind::Folder, None),
            Thing::Link(target) => (Kind::Link, Some((target, false))),
            Thing::HardLink(target) => (Kind::Link, Some((target, true))),
            Thing::Special => return Err(ArchiveFault::Special { path: named() }.into()),
        };
        if below.is_empty() {
            return if kind == Kind::Folder { Ok(()) } else { Err(ArchiveFault::Top { found: shown(top) }.into()) };
        }
        let stays = match &target {
            None => true,
            Some((target, false)) => stays_within(&below[..below.len() - 1], target),
            Some((target, true)) => self.is_earlier_file(top, target),
        };
        // Through a link, a path is not where it seems to be.
        let ancestors = (1..below.len()).map(|depth| below[..depth].join("/"));
        let through = ancestors
            .map(|above| self.seen.get(&above).copied())
            .any(|kind| matches!(kind, Some(Kind::Link | Kind::File)));
        if !stays || through {
            return Err(ArchiveFault::Link { path: named() }.into());
        }
        let path = below.join("/");
        match self.seen.insert(path.clone(), kind) {
            None => {}
            Some(Kind::Folder) if kind == Kind::Folder => {}
            Some(_) => return Err(ArchiveFault::Twice { path: named() }.into()),
        }
        if kind == Kind::File {
            self.look_at(top, &path, content)?;
        }
        Ok(())
    }

    /// Everything was read.
    pub(super) fn close(self) -> Result<Closed, ArchiveFault> {
        let top = self.top.ok_or(ArchiveFault::Empty)?;
        // A path may come before what it goes through.
        let through = self.seen.keys().find(|path| {
            path.match_indices('/').any(|(at, _)| matches!(self.seen.get(&path[..at]), Some(Kind::Link | Kind::File)))
        });
        if let Some(path) = through {
            return Err(ArchiveFault::Link { path: shown(&format!("{top}/{path}")) });
        }
        match self.setup {
            Some(setup) => Ok(Closed { top, files: self.files, setup, sheet: self.sheet }),
            None => Err(ArchiveFault::NoSetup { folder: shown(&top) }),
        }
    }

    fn look_at(&mut self, top: &str, path: &str, content: &mut impl Read) -> Result<(), Unexamined> {
        let own = path.strip_suffix(".xml").is_some_and(|name| name == top);
        let mut text = || {
            let mut bytes = Vec::new();
            content.take(LARGEST_TEXT).read_to_end(&mut bytes).map(|_| bytes)
        };
        if path == "setup.php" {
            self.setup = Some(text()?);
        } else if own || path == "plugin.xml" && !self.sheet_is_own {
            self.sheet = Some(text()?);
            self.sheet_is_own = own;
        }
        Ok(())
    }

    /// A hard link may name a file of the same folder that stood before it.
    fn is_earlier_file(&self, top: &str, target: &[u8]) -> bool {
        let Some(parts) = parts(target) else { return false };
        let Some((first, below)) = parts.split_first() else { return false };
        *first == top && self.seen.get(&below.join("/")) == Some(&Kind::File)
    }
}

/// A path's parts; `None` where it is not one that stays where it is unpacked, on any system.
fn parts(path: &[u8]) -> Option<Vec<&str>> {
    let path = core::str::from_utf8(path).ok()?;
    let strange = |c: char| c.is_control() || matches!(c, '\\' | ':' | '\u{fffd}');
    if path.len() > LONGEST || path.starts_with('/') || path.contains(strange) {
        return None;
    }
    let mut parts = Vec::new();
    for part in path.strip_suffix('/').unwrap_or(path).split('/') {
        match part {
            "." => {}
            "" if path.is_empty() => return None,
            "" | ".." => return None,
            part => parts.push(part),
        }
    }
    (parts.len() <= DEEPEST).then_some(parts)
}

/// Whether a link from this folder leads to a place within the plugin's.
fn stays_within(folder: &[&str], target: &[u8]) -> bool {
    let Ok(target) = core::str::from_utf8(target) else { return false };
    if target.is_empty() || target.len() > LONGEST || target.starts_with('/') || target.contains(['\\', ':', '\0']) {
        return false;
    }
    // Up first and then down: behind a part that is itself a link, `..` is not where it seems to be.
    let parts: Vec<&str> = target.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let up = parts.iter().take_while(|part| **part == "..").count();
    up <= folder.len() && !parts.iter().skip(up).any(|part| *part == "..")
}

/// A path as it can be shown to people.
pub(super) fn shown(path: &str) -> String {
    path.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(80).collect()
}
