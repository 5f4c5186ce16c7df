//! Where plugins' archives lie: a folder of this machine, an S3-compatible store, or Azure.

use std::path::Path;

use latchkey_storage::{Azure, Place, S3, Secret};

use super::{Setting, Stated};
use crate::problem::Problem;

/// What a store's region is called where it takes any.
const REGION: &str = "us-east-1";

/// A setting of the place for archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ArchivesSetting {
    Store,
    Folder,
    Bucket,
    Region,
    Endpoint,
    KeyId,
    Secret,
    Account,
    Container,
}

impl ArchivesSetting {
    pub(crate) const ALL: [Self; 9] = [
        Self::Store,
        Self::Folder,
        Self::Bucket,
        Self::Region,
        Self::Endpoint,
        Self::KeyId,
        Self::Secret,
        Self::Account,
        Self::Container,
    ];

    /// Its names: in the configuration file, and in the environment.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Store => ("archives_store", "ARCHIVES_STORE"),
            Self::Folder => ("archives_folder", "ARCHIVES_FOLDER"),
            Self::Bucket => ("archives_bucket", "ARCHIVES_BUCKET"),
            Self::Region => ("archives_region", "ARCHIVES_REGION"),
            Self::Endpoint => ("archives_endpoint", "ARCHIVES_ENDPOINT"),
            Self::KeyId => ("archives_key_id", "ARCHIVES_KEY_ID"),
            Self::Secret => ("archives_secret", "ARCHIVES_SECRET"),
            Self::Account => ("archives_account", "ARCHIVES_ACCOUNT"),
            Self::Container => ("archives_container", "ARCHIVES_CONTAINER"),
        }
    }

    pub(super) const fn key(self) -> &'static str {
        self.names().0
    }

    pub(super) const fn variable(self) -> &'static str {
        self.names().1
    }

    /// Which kinds of store it says something about.
    fn is_of(self, kind: &str) -> bool {
        match self {
            Self::Store => true,
            // Of the others it is where an archive waits until it is whole.
            Self::Folder => true,
            Self::Bucket | Self::Region | Self::KeyId => kind == "s3",
            Self::Endpoint | Self::Secret => kind != "folder",
            Self::Account | Self::Container => kind == "azure",
        }
    }
}

/// Reads where archives lie. What belongs to another kind of store is refused: it was meant for something.
pub(super) fn read(stated: &dyn Fn(Setting) -> Option<Stated>, data_dir: &Path) -> Result<Place, Problem> {
    let stated = |setting| stated(Setting::Archives(setting));
    let kind = stated(ArchivesSetting::Store);
    let name = kind.as_ref().map_or("folder", |kind| kind.text.trim());
    if let Some(kind) = kind.as_ref().filter(|_| !["folder", "s3", "azure"].contains(&name)) {
        return Err(kind.unreadable("a kind of store for archives", "folder, s3 or azure"));
    }
    for setting in ArchivesSetting::ALL.into_iter().filter(|setting| !setting.is_of(name)) {
        if let Some(given) = stated(setting) {
            return Err(Problem::usage(
                format!("{}: archives lie in a store of the kind {name}, which has no such setting", given.place),
                format!("take it out, or set {} to the kind that it belongs to", ArchivesSetting::Store.key()),
            ));
        }
    }
    let needed = |setting: ArchivesSetting| {
        stated(setting).map(|given| given.text).ok_or_else(|| {
            Problem::usage(
                format!("archives lie in a store of the kind {name}, and {} is not set", setting.key()),
                format!("set it in the configuration file, or as LATCHKEY_{}", setting.variable()),
            )
        })
    };
    let folder = stated(ArchivesSetting::Folder).map(|given| given.text.into());
    let endpoint = stated(ArchivesSetting::Endpoint).map(address).transpose()?;
    let incoming = || folder.clone().unwrap_or_else(|| data_dir.join("archives")).join("incoming");
    Ok(match name {
        "s3" => Place::S3(S3 {
            bucket: needed(ArchivesSetting::Bucket)?,
            region: stated(ArchivesSetting::Region).map_or_else(|| REGION.to_owned(), |given| given.text),
            endpoint,
            key_id: needed(ArchivesSetting::KeyId)?,
            secret: Secret::new(needed(ArchivesSetting::Secret)?),
            incoming: incoming(),
        }),
        "azure" => Place::Azure(Azure {
            account: needed(ArchivesSetting::Account)?,
            container: needed(ArchivesSetting::Container)?,
            endpoint,
            secret: Secret::new(needed(ArchivesSetting::Secret)?),
            incoming: incoming(),
        }),
        _ => Place::Folder(folder.unwrap_or_else(|| data_dir.join("archives"))),
    })
}

fn address(given: Stated) -> Result<String, Problem> {
    let text = given.text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    // Also against a secret in it: the address is told in errors.
    if host.is_empty() || host.contains(['@', '?', '#', ' ']) {
        return Err(Problem::usage(
            format!("{}: is not the address of a store of archives", given.place),
            "give one like https://s3.example.org, without a user in it",
        ));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use latchkey_storage::Place;

    use super::super::tests::{load_with, problem};

    #[test]
    fn a_folder_is_the_usual_place_and_the_others_are_whole_or_refused() {
        let place = |file: &str| load_with(&["serve"], &[], file).unwrap().archives;
        let Place::Folder(folder) = place("") else { panic!("no folder") };
        assert!(folder.ends_with("archives"));
        let Place::Folder(folder) = place("archives_folder = \"elsewhere\"") else { panic!("no folder") };
        assert!(folder.is_absolute() && folder.ends_with("elsewhere"), "{folder:?}: beside the file that names it");
        let s3 = "archives_store = \"s3\"\narchives_bucket = \"plugins\"\narchives_key_id = \"AK\"\narchives_secret = \"hunter2\"\n";
        let Place::S3(read) = place(&format!("{s3}archives_endpoint = \"http://127.0.0.1:9000/\"")) else {
            panic!("no bucket")
        };
        assert_eq!((read.bucket.as_str(), read.endpoint.as_deref()), ("plugins", Some("http://127.0.0.1:9000")));
        assert!(!format!("{read:?}").contains("hunter2"));
        let azure = "archives_store = \"azure\"\narchives_account = \"vendor\"\narchives_container = \"plugins\"\n";
        let missing = problem(&["serve"], &[], azure);
        assert!(missing.detail.ends_with("archives_secret is not set"), "{}", missing.detail);
        assert!(missing.next_step.ends_with("LATCHKEY_ARCHIVES_SECRET"), "{}", missing.next_step);
        let secret = [("LATCHKEY_ARCHIVES_SECRET", "aHVudGVyMg==")];
        assert!(matches!(load_with(&["serve"], &secret, azure).unwrap().archives, Place::Azure(_)));
    }

    #[test]
    fn what_belongs_to_another_kind_is_refused_and_no_secret_is_repeated() {
        let other = problem(&["serve"], &[], "archives_store = \"ftp\"");
        assert!(
            other.detail.ends_with("archives_store: \"ftp\" is not a kind of store for archives"),
            "{}",
            other.detail
        );
        let stray = problem(&["serve"], &[], "archives_bucket = \"plugins\"");
        assert!(stray.detail.ends_with("of the kind folder, which has no such setting"), "{}", stray.detail);
        for file in [
            "archives_secret = \"hunter2\"",
            "archives_store = \"s3\"\narchives_secret = \"hunter2\"",
            "archives_store = \"s3\"\narchives_endpoint = \"https://me:hunter2@store.example.org\"",
        ] {
            let refused = problem(&["serve"], &[], file);
            assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
        }
    }
}
