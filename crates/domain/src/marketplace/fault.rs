//! What is wrong with an archive, or with the sheet that describes a plugin. Nothing of it was stored.

/// Why an archive is not published. Paths are as they stand in it, cut where they are long, without control characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveFault {
    /// Neither tar.gz nor tar.bz2 nor zip.
    NotOne,
    /// It breaks off, or its checksums do not hold.
    Damaged,
    /// No file in it.
    Empty,
    /// It is longer than is taken, in bytes.
    TooLong {
        /// The most that is taken.
        most: u64,
    },
    /// A path that is absolute, has `..` in it, or characters that have no place in a path.
    Path {
        /// Which.
        path: String,
    },
    /// A link that leads out of the plugin's folder, or through which another path goes.
    Link {
        /// Which.
        path: String,
    },
    /// A device, a pipe, or another thing that is neither file, folder nor link.
    Special {
        /// Which.
        path: String,
    },
    /// The same path stands in it twice.
    Twice {
        /// Which.
        path: String,
    },
    /// More files than are taken.
    TooMany {
        /// The most that are taken.
        most: u64,
    },
    /// More bytes come out than are taken.
    TooLarge {
        /// The most that are taken, in bytes.
        most: u64,
    },
    /// It is packed more tightly than any plugin is.
    Bomb {
        /// The most times that it may grow.
        most: u64,
    },
    /// More than one thing stands at its top, or something that is no folder.
    Top {
        /// What stands there beside the first folder.
        found: String,
    },
    /// The top folder's name is no key of a plugin.
    Folder {
        /// Its name.
        found: String,
    },
    /// The folder has no `setup.php`.
    NoSetup {
        /// The folder.
        folder: String,
    },
    /// `setup.php` does not have the function in which a plugin says its version: it is another plugin's.
    OtherPlugin {
        /// The function.
        function: String,
    },
    /// `setup.php` says no version that can be read without running it.
    NoVersion,
    /// `setup.php` says another version than was to be published.
    OtherVersion {
        /// What it says.
        found: String,
        /// What was to be published.
        wanted: String,
    },
    /// `setup.php` says versions of GLPI that do not read, or of which there are none.
    Range {
        /// What it says.
        found: String,
    },
}

impl ArchiveFault {
    /// The stable name of the cause.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotOne => "ARCHIVE_UNKNOWN_FORMAT",
            Self::Damaged => "ARCHIVE_DAMAGED",
            Self::Empty => "ARCHIVE_EMPTY",
            Self::TooLong { .. } => "ARCHIVE_TOO_LONG",
            Self::Path { .. } => "ARCHIVE_PATH_UNSAFE",
            Self::Link { .. } => "ARCHIVE_LINK_UNSAFE",
            Self::Special { .. } => "ARCHIVE_SPECIAL_FILE",
            Self::Twice { .. } => "ARCHIVE_PATH_TWICE",
            Self::TooMany { .. } => "ARCHIVE_TOO_MANY_FILES",
            Self::TooLarge { .. } => "ARCHIVE_TOO_LARGE",
            Self::Bomb { .. } => "ARCHIVE_BOMB",
            Self::Top { .. } => "ARCHIVE_NOT_ONE_FOLDER",
            Self::Folder { .. } => "ARCHIVE_FOLDER_NAME",
            Self::NoSetup { .. } => "ARCHIVE_NO_SETUP",
            Self::OtherPlugin { .. } => "ARCHIVE_OTHER_PLUGIN",
            Self::NoVersion => "ARCHIVE_NO_VERSION",
            Self::OtherVersion { .. } => "ARCHIVE_OTHER_VERSION",
            Self::Range { .. } => "ARCHIVE_GLPI_RANGE",
        }
    }
}

/// One mistake in a sheet, and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetMistake {
    /// The line, from 1.
    pub line: u32,
    /// What is wrong there.
    pub fault: SheetFault,
}

/// What is wrong at a place of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetFault {
    /// It is not well-formed XML in UTF-8, or declares a document type.
    NotXml,
    /// The outermost element is not `root`.
    Root,
    /// An element has to be there, and is not.
    Missing {
        /// Its name.
        element: &'static str,
    },
    /// An element may be there once.
    Twice {
        /// Its name.
        element: String,
    },
    /// An element is empty, longer than is taken, or has characters that have no place in it.
    Text {
        /// Its name.
        element: String,
    },
    /// An element is not an address that begins with `https://` or `http://`.
    Address {
        /// Its name.
        element: String,
    },
    /// It describes another plugin.
    OtherPlugin {
        /// The key that it has.
        found: String,
    },
    /// The version of the archive is not among its versions.
    VersionMissing {
        /// The archive's version.
        version: String,
    },
}

impl SheetFault {
    /// A short name, for scripts and for choosing words.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotXml => "not-xml",
            Self::Root => "root",
            Self::Missing { .. } => "missing",
            Self::Twice { .. } => "twice",
            Self::Text { .. } => "text",
            Self::Address { .. } => "address",
            Self::OtherPlugin { .. } => "other-plugin",
            Self::VersionMissing { .. } => "version-missing",
        }
    }

    /// What it is about: an element's name, a key, a version; empty where there is nothing to name.
    pub fn about(&self) -> &str {
        match self {
            Self::NotXml | Self::Root => "",
            Self::Missing { element } => element,
            Self::Twice { element } | Self::Text { element } | Self::Address { element } => element,
            Self::OtherPlugin { found } => found,
            Self::VersionMissing { version } => version,
        }
    }
}
