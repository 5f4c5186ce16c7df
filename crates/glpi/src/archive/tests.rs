//! Archives of every malicious kind, made here byte for byte.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use latchkey_domain::marketplace::ArchiveFault as Fault;
use proptest::prelude::*;
use tar::{Builder, EntryType, Header};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

const SETUP: &str = "<?php define('V', '1.0.0'); function plugin_version_demo() { return ['name' => 'Demo', \
    'version' => V, 'requirements' => ['glpi' => ['min' => '10.0.0', 'max' => '12.0.0']]]; }";

/// An entry: path, type, link's target, content.
type Entry<'a> = (&'a str, EntryType, &'a str, &'a [u8]);

fn setup() -> Entry<'static> {
    ("demo/setup.php", EntryType::Regular, "", SETUP.as_bytes())
}

fn file<'a>(path: &'a str, content: &'a [u8]) -> Entry<'a> {
    (path, EntryType::Regular, "", content)
}

fn tar(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut builder = Builder::new(Vec::new());
    for (path, kind, target, content) in entries {
        let mut header = Header::new_gnu();
        header.set_entry_type(*kind);
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        // The library does not write what is not allowed; whoever means harm does.
        let bytes = header.as_old_mut();
        bytes.name[..path.len()].copy_from_slice(path.as_bytes());
        bytes.linkname[..target.len()].copy_from_slice(target.as_bytes());
        header.set_cksum();
        builder.append(&header, *content).unwrap();
    }
    builder.into_inner().unwrap()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(entries: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, mode, content) in entries {
        if *mode == 0o120_777 {
            writer.add_symlink(*path, String::from_utf8_lossy(content), SimpleFileOptions::default()).unwrap();
        } else {
            writer.start_file(*path, SimpleFileOptions::default().unix_permissions(*mode)).unwrap();
            writer.write_all(content).unwrap();
        }
    }
    writer.finish().unwrap().into_inner()
}

fn of(bytes: &[u8]) -> Result<Examined, Fault> {
    within(bytes, Limits::default())
}

fn within(bytes: &[u8], limits: Limits) -> Result<Examined, Fault> {
    examine(Cursor::new(bytes), limits).map_err(|unexamined| match unexamined {
        Unexamined::Fault(fault) => fault,
        Unexamined::Unread(error) => panic!("{error}"),
    })
}

#[track_caller]
fn refused(entries: &[Entry<'_>], code: &str) {
    for packed in [gz(&tar(entries)), bz(&tar(entries))] {
        assert_eq!(of(&packed).unwrap_err().code(), code);
    }
}

#[test]
fn a_sound_one_is_read_however_it_is_packed() {
    let entries = [
        ("./demo/", EntryType::Directory, "", &b""[..]),
        setup(),
        file("demo/inc/a.php", b"<?php"),
        file("demo/plugin.xml", b"<root/>"),
        ("demo/b.php", EntryType::Symlink, "inc/a.php", b""),
        ("demo/c.php", EntryType::Link, "demo/inc/a.php", b""),
    ];
    let tar = tar(&entries);
    let zip = zip(&[
        ("demo/setup.php", 0o644, SETUP.as_bytes()),
        ("demo/plugin.xml", 0o644, b"<root/>"),
        ("demo/l", 0o120_777, b"setup.php"),
    ]);
    for (packing, bytes) in [(Packing::TarGz, gz(&tar)), (Packing::TarBz2, bz(&tar)), (Packing::Zip, zip)] {
        let examined = of(&bytes).unwrap();
        assert_eq!((examined.packing, examined.plugin.as_str(), examined.version.as_str()), (packing, "demo", "1.0.0"));
        let range = GlpiRange { min: PluginVersion::parse("10.0.0").ok(), max: PluginVersion::parse("12.0.0").ok() };
        assert_eq!(examined.glpi, range);
        assert_eq!(examined.sheet.as_deref(), Some(&b"<root/>"[..]));
    }
}

#[test]
fn what_is_no_archive_is_called_so() {
    for bytes in [&b""[..], b"PK", b"<?php", &[0x1f, 0x8b, 9, 0, 0], &tar(&[setup()])] {
        assert_eq!(of(bytes), Err(Fault::NotOne));
    }
    assert_eq!(of(&gz(&tar(&[]))), Err(Fault::Empty));
    assert_eq!(of(&gz(b"")), Err(Fault::Empty));
}

#[test]
fn paths_that_leave_are_refused() {
    for path in
        ["/etc/passwd", "demo/../../x", "../demo/x", "demo//x", "demo/..", "demo/a\\b", "demo/C:x", "demo/a\nb", ".."]
    {
        refused(&[setup(), file(path, b"x")], "ARCHIVE_PATH_UNSAFE");
    }
    for path in ["/demo/x", "demo/../x", "demo\\..\\x"] {
        assert_eq!(
            of(&zip(&[("demo/setup.php", 0o644, SETUP.as_bytes()), (path, 0o644, b"x")])).unwrap_err().code(),
            "ARCHIVE_PATH_UNSAFE"
        );
    }
}

#[test]
fn links_that_leave_are_refused() {
    for target in ["/etc/passwd", "../x", "../../x", "a/../../x", "", "..\\x"] {
        refused(&[setup(), ("demo/l", EntryType::Symlink, target, b"")], "ARCHIVE_LINK_UNSAFE");
    }
    for target in ["/etc/passwd", "demo/none", "other/x", "demo/../x"] {
        refused(&[setup(), ("demo/l", EntryType::Link, target, b"")], "ARCHIVE_LINK_UNSAFE");
    }
    // Each stays as it is written, and the second leaves by way of the first.
    let up = ("demo/a/b/up", EntryType::Symlink, "..", &b""[..]);
    refused(&[setup(), up, ("demo/l", EntryType::Symlink, "a/b/up/../..", b"")], "ARCHIVE_LINK_UNSAFE");
    let stays = [setup(), file("demo/x", b"x"), ("demo/a/l", EntryType::Symlink, "../x", b""), up];
    assert!(of(&gz(&tar(&stays))).is_ok(), "links that stay are taken");
    // Through a link that stays, before and after it.
    let link = ("demo/l", EntryType::Symlink, "inc", &b""[..]);
    refused(&[setup(), link, file("demo/l/x", b"x")], "ARCHIVE_LINK_UNSAFE");
    refused(&[setup(), file("demo/l/x", b"x"), link], "ARCHIVE_LINK_UNSAFE");
    assert_eq!(
        of(&zip(&[("demo/setup.php", 0o644, SETUP.as_bytes()), ("demo/l", 0o120_777, b"../../x")])).unwrap_err().code(),
        "ARCHIVE_LINK_UNSAFE"
    );
}

#[test]
fn devices_and_pipes_are_refused() {
    for kind in [EntryType::Char, EntryType::Block, EntryType::Fifo, EntryType::GNUSparse, EntryType::new(b'V')] {
        refused(&[setup(), ("demo/d", kind, "", b"")], "ARCHIVE_SPECIAL_FILE");
    }
}

#[test]
fn one_folder_named_as_the_plugin() {
    refused(&[setup(), file("other/x", b"x")], "ARCHIVE_NOT_ONE_FOLDER");
    refused(&[file("setup.php", SETUP.as_bytes())], "ARCHIVE_NOT_ONE_FOLDER");
    refused(&[file("de-mo/setup.php", SETUP.as_bytes())], "ARCHIVE_FOLDER_NAME");
    refused(&[file("demo/x.php", b"x")], "ARCHIVE_NO_SETUP");
    refused(&[file("demo/sub/setup.php", SETUP.as_bytes())], "ARCHIVE_NO_SETUP");
    refused(&[file("other/setup.php", SETUP.as_bytes())], "ARCHIVE_OTHER_PLUGIN");
    refused(&[file("demo/setup.php", b"<?php function plugin_version_demo() {}")], "ARCHIVE_NO_VERSION");
    refused(&[setup(), setup()], "ARCHIVE_PATH_TWICE");
}

#[test]
fn bombs_are_let_lie() {
    let much = vec![0; 20 * 1_024 * 1_024];
    let bomb = [setup(), file("demo/much", &much)];
    for packed in [
        gz(&tar(&bomb)),
        bz(&tar(&bomb)),
        zip(&[("demo/setup.php", 0o644, SETUP.as_bytes()), ("demo/much", 0o644, &much)]),
    ] {
        assert_eq!(of(&packed).unwrap_err().code(), "ARCHIVE_BOMB");
        let loose = Limits { ratio: 1_000_000, unpacked: 1_024 * 1_024, ..Limits::default() };
        assert_eq!(within(&packed, loose), Err(Fault::TooLarge { most: loose.unpacked }));
    }
    let names: Vec<String> = (0..30).map(|number| format!("demo/{number}")).collect();
    let many: Vec<Entry<'_>> = names.iter().map(|name| file(name, b"")).collect();
    let few = Limits { files: 20, ..Limits::default() };
    assert_eq!(within(&gz(&tar(&many)), few), Err(Fault::TooMany { most: 20 }));
    let many: Vec<(&str, u32, &[u8])> = names.iter().map(|name| (name.as_str(), 0o644, &b""[..])).collect();
    assert_eq!(within(&zip(&many), few), Err(Fault::TooMany { most: 20 }));
    // A name as long as an archive, which a careless reader takes into memory.
    let name = vec![b'a'; 1_024 * 1_024];
    refused(&[("././@LongLink", EntryType::GNULongName, "", &name), setup()], "ARCHIVE_DAMAGED");
}

#[test]
fn extensions_count_for_what_they_say() {
    let long = format!("demo/{}", "a".repeat(120));
    let named = ("././@LongLink", EntryType::GNULongName, "", long.as_bytes());
    assert!(of(&gz(&tar(&[setup(), named, file("demo/x", b"")]))).is_ok());
    let leaves = ("././@LongLink", EntryType::GNULongName, "", &b"../../x"[..]);
    refused(&[setup(), leaves, file("demo/x", b"")], "ARCHIVE_PATH_UNSAFE");
    let pax = ("x", EntryType::XHeader, "", &b"16 path=../../x\n"[..]);
    refused(&[setup(), pax, file("demo/x", b"")], "ARCHIVE_PATH_UNSAFE");
    refused(&[setup(), ("x", EntryType::XHeader, "", &b"11 size=99\n"[..]), file("demo/x", b"")], "ARCHIVE_DAMAGED");
}

#[test]
fn cut_anywhere_it_is_damaged() {
    let entries = [setup(), file("demo/a", b"some content")];
    for whole in [
        gz(&tar(&entries)),
        bz(&tar(&entries)),
        zip(&[("demo/setup.php", 0o644, SETUP.as_bytes()), ("demo/a", 0o644, b"some content")]),
    ] {
        assert!(of(&whole).is_ok());
        for end in 0..whole.len() {
            let fault = of(&whole[..end]).unwrap_err();
            assert!(matches!(fault, Fault::Damaged | Fault::NotOne), "cut after {end}: {fault:?}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_the_bytes_there_is_an_answer(first in 0_usize..4, bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let magic: [&[u8]; 4] = [&[0x1f, 0x8b, 8, 0], b"BZh9", b"PK\x03\x04", b""];
        let _ = of(&[magic[first], &bytes].concat());
    }

    #[test]
    fn one_byte_changed_is_an_answer(at in 0_usize..2_000, with: u8) {
        for mut whole in [tar(&[setup(), file("demo/a", b"x")]), zip(&[("demo/setup.php", 0o644, SETUP.as_bytes())])] {
            let at = at % whole.len();
            whole[at] = with;
            let _ = of(&whole);
            let _ = of(&gz(&whole));
        }
    }
}
