//! The two plugins that the demo publishes, packed as a vendor would pack them.

use std::io;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{Builder, EntryType, Header};

/// A plugin, ready to be published.
pub(super) struct Plugin {
    pub(super) key: &'static str,
    /// The offer that opens it; none where every key does.
    pub(super) offer: Option<&'static str>,
    files: &'static [(&'static str, &'static str)],
}

/// What the folder of a plugin in this repository holds.
macro_rules! files {
    ($plugin:literal, $($file:literal),+) => {
        &[$(($file, include_str!(concat!("../../../../../demo/plugins/", $plugin, "/", $file)))),+]
    };
}

pub(super) const PLUGINS: [Plugin; 2] = [
    Plugin {
        key: "daynote",
        offer: None,
        files: files!("daynote", "setup.php", "hook.php", "plugin.xml", "inc/note.class.php"),
    },
    Plugin {
        key: "ticketpulse",
        offer: Some("basic"),
        files: files!("ticketpulse", "setup.php", "hook.php", "plugin.xml", "inc/pulse.class.php"),
    },
];

impl Plugin {
    /// As a tar.gz: one folder, named as the plugin. The same bytes each time, so that the demo, run again, finds its own.
    pub(super) fn packed(&self) -> io::Result<Vec<u8>> {
        let mut tar = Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
        let mut folders = vec![String::new()];
        folders.extend(
            self.files.iter().filter_map(|(file, _)| file.rsplit_once('/')).map(|(folder, _)| format!("{folder}/")),
        );
        folders.dedup();
        for folder in folders {
            let mut header = header(EntryType::Directory, 0o755, 0);
            tar.append_data(&mut header, format!("{}/{folder}", self.key), io::empty())?;
        }
        for (file, text) in self.files {
            let mut header = header(EntryType::Regular, 0o644, text.len() as u64);
            tar.append_data(&mut header, format!("{}/{file}", self.key), text.as_bytes())?;
        }
        tar.into_inner()?.finish()
    }
}

fn header(kind: EntryType, mode: u32, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_size(size);
    header.set_mtime(0);
    header
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;
    use std::process::Command;

    use latchkey_glpi::archive::{Limits, examine};
    use latchkey_glpi::sheet;

    use super::*;

    #[test]
    fn both_can_be_published_and_are_the_same_each_time() {
        for plugin in PLUGINS {
            let packed = plugin.packed().unwrap();
            assert_eq!(packed, plugin.packed().unwrap());
            let examined = examine(Cursor::new(&packed), Limits::default()).unwrap();
            assert_eq!(examined.plugin.as_str(), plugin.key);
            assert!(examined.glpi.holds((10, 0, 19)) && examined.glpi.holds((11, 0, 2)));
            let xml = examined.sheet.expect("its sheet stands beside setup.php");
            let sheet = sheet::read(&xml, &examined.plugin, &examined.version).unwrap();
            assert_eq!(Some(&sheet.name), examined.name.as_ref());
            for language in ["en", "fr"] {
                assert!(sheet.descriptions.iter().any(|told| told.language == language));
            }
        }
    }

    #[test]
    fn php_understands_them_and_reads_the_same_version() {
        for plugin in PLUGINS {
            let folder = tempfile::tempdir().unwrap();
            let packed = plugin.packed().unwrap();
            tar::Archive::new(flate2::read::GzDecoder::new(&packed[..])).unpack(&folder).unwrap();
            let folder = folder.path().join(plugin.key);
            for (file, _) in plugin.files.iter().filter(|(file, _)| file.ends_with(".php")) {
                let ran = Command::new("php").arg("-l").arg(folder.join(file)).output().unwrap();
                assert!(ran.status.success(), "{file}: {}", String::from_utf8_lossy(&ran.stdout));
            }
            let key = plugin.key;
            let says = format!("include 'setup.php'; echo plugin_version_{key}()['version'];");
            let ran = Command::new("php").arg("-r").arg(says).current_dir(&folder).output().unwrap();
            let examined = examine(Cursor::new(&packed), Limits::default()).unwrap();
            assert_eq!(String::from_utf8_lossy(&ran.stdout), examined.version.as_str());
        }
    }
}
