//! A plugin's archive, examined before anything of it is kept: GLPI unpacks what it is given, and asks nothing.
//!
//! Invariant: examining takes a bounded amount of memory and time, whatever the bytes are, and writes nothing anywhere.

mod paths;
mod setup;
mod tarred;
mod zipped;

use std::io::{self, Read, Seek, SeekFrom};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use latchkey_domain::marketplace::{ArchiveFault, GlpiRange, PluginKey, PluginVersion};

use paths::Folder;

/// How much an archive may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files, folders and links.
    pub files: u64,
    /// Bytes that come out.
    pub unpacked: u64,
    /// How many times the bytes that come out may be those that went in; not asked of the first [`Self::LITTLE`].
    pub ratio: u64,
}

/// How an archive is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// `.tar.gz`
    TarGz,
    /// `.tar.bz2`
    TarBz2,
    /// `.zip`
    Zip,
}

/// What an archive says of its plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// How it is packed.
    pub packing: Packing,
    /// The plugin, by the name of the folder.
    pub plugin: PluginKey,
    /// The version, by `setup.php`.
    pub version: PluginVersion,
    /// How people read the plugin's name, where `setup.php` says it plainly.
    pub name: Option<String>,
    /// The licence, where `setup.php` says it plainly.
    pub license: Option<String>,
    /// The versions of GLPI that it is made for.
    pub glpi: GlpiRange,
    /// Files, folders and links in it.
    pub files: u64,
    /// Bytes that come out.
    pub unpacked: u64,
    /// The plugin's sheet, where one stands beside `setup.php`: `plugin.xml`, or one that is named as the plugin.
    pub sheet: Option<Vec<u8>>,
}

/// Why an archive was not examined to its end.
#[derive(Debug)]
pub enum Unexamined {
    /// There is something wrong with it.
    Fault(ArchiveFault),
    /// It could not be read.
    Unread(io::Error),
}

/// The largest `setup.php` and the largest sheet that are looked at, in bytes.
const LARGEST_TEXT: u64 = 1_024 * 1_024;
/// What [`Gauge`] says when more comes out than may.
const TOO_LARGE: &str = "too large";
const BOMB: &str = "packed too tightly";

impl Limits {
    /// So many bytes come out of a small archive without anybody asking how.
    pub const LITTLE: u64 = 8 * 1_024 * 1_024;
}

impl Default for Limits {
    fn default() -> Self {
        Self { files: 20_000, unpacked: 512 * 1_024 * 1_024, ratio: 100 }
    }
}

impl Packing {
    /// The extension by which a GLPI knows how to unpack it.
    pub fn extension(self) -> &'static str {
        match self {
            Self::TarGz => "tar.gz",
            Self::TarBz2 => "tar.bz2",
            Self::Zip => "zip",
        }
    }

    /// The one of this extension.
    pub fn of_extension(extension: &str) -> Option<Self> {
        [Self::TarGz, Self::TarBz2, Self::Zip].into_iter().find(|packing| packing.extension() == extension)
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::TarGz => "application/gzip",
            Self::TarBz2 => "application/x-bzip2",
            Self::Zip => "application/zip",
        }
    }

    /// By its first bytes, which cannot lie as a name can.
    fn of(first: [u8; 4]) -> Option<Self> {
        match first {
            [0x1f, 0x8b, 8, _] => Some(Self::TarGz),
            [b'B', b'Z', b'h', b'1'..=b'9'] => Some(Self::TarBz2),
            [b'P', b'K', 3, 4] => Some(Self::Zip),
            // A zip without a file.
            [b'P', b'K', 5, 6] => Some(Self::Zip),
            _ => None,
        }
    }
}

/// Examines an archive from its first byte to its last.
pub fn examine(mut archive: impl Read + Seek, limits: Limits) -> Result<Examined, Unexamined> {
    let length = archive.seek(SeekFrom::End(0)).map_err(Unexamined::Unread)?;
    archive.rewind().map_err(Unexamined::Unread)?;
    let mut first = [0; 4];
    match archive.read_exact(&mut first) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Err(ArchiveFault::NotOne.into()),
        Err(error) => return Err(Unexamined::Unread(error)),
    }
    archive.rewind().map_err(Unexamined::Unread)?;
    let packing = Packing::of(first).ok_or(ArchiveFault::NotOne)?;
    let mut folder = Folder::new(limits);
    let allowance =
        Allowance { left: limits.unpacked, out: 0, most: Limits::LITTLE.max(length.saturating_mul(limits.ratio)) };
    let unpacked = match packing {
        Packing::TarGz => tarred::read(MultiGzDecoder::new(io::BufReader::new(archive)), allowance, &mut folder),
        Packing::TarBz2 => tarred::read(MultiBzDecoder::new(io::BufReader::new(archive)), allowance, &mut folder),
        Packing::Zip => zipped::read(archive, length, allowance, &mut folder),
    }
    .map_err(|error| limits.name(error))?;
    let closed = folder.close()?;
    let plugin =
        PluginKey::parse(&closed.top).map_err(|_| ArchiveFault::Folder { found: paths::shown(&closed.top) })?;
    let setup = setup::read(&closed.setup, &plugin)?;
    Ok(Examined {
        packing,
        plugin,
        version: setup.version,
        name: setup.name,
        license: setup.license,
        glpi: setup.glpi,
        files: closed.files,
        unpacked,
        sheet: closed.sheet,
    })
}

/// How much may still come out of an archive.
#[derive(Debug, Clone, Copy)]
struct Allowance {
    left: u64,
    out: u64,
    most: u64,
}

/// A reader of what comes out, which stops where it becomes too much.
struct Gauge<R> {
    inner: R,
    allowance: Allowance,
}

impl Allowance {
    fn take(&mut self, bytes: usize) -> io::Result<()> {
        let bytes = bytes as u64;
        self.out += bytes;
        if self.out > self.most {
            return Err(io::Error::other(BOMB));
        }
        self.left = self.left.checked_sub(bytes).ok_or_else(|| io::Error::other(TOO_LARGE))?;
        Ok(())
    }
}

impl<R: Read> Read for Gauge<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.allowance.take(read)?;
        Ok(read)
    }
}

impl Limits {
    /// An error of a reader as what is wrong with the archive.
    fn name(&self, error: Unexamined) -> Unexamined {
        let Unexamined::Unread(error) = error else { return error };
        let said = error.get_ref().map(ToString::to_string).unwrap_or_default();
        if said.contains(TOO_LARGE) {
            return ArchiveFault::TooLarge { most: self.unpacked }.into();
        }
        if said.contains(BOMB) {
            return ArchiveFault::Bomb { most: self.ratio }.into();
        }
        // What the system says of a disk has a number; what a decoder says of its bytes has none.
        if error.raw_os_error().is_some() { Unexamined::Unread(error) } else { ArchiveFault::Damaged.into() }
    }
}

impl From<ArchiveFault> for Unexamined {
    fn from(fault: ArchiveFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<io::Error> for Unexamined {
    fn from(error: io::Error) -> Self {
        Self::Unread(error)
    }
}

#[cfg(test)]
mod tests;
