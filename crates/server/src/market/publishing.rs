//! From an archive that has come in whole to a version that is published: what the command line and the REST API share.

use latchkey_domain::Refusal;
use latchkey_domain::marketplace::{ArchiveFault, Channel, Release};
use latchkey_glpi::archive::{self, Limits, Unexamined};
use latchkey_glpi::sheet::{self, Description, Sheet};
use latchkey_storage::{Spool, StorageError, hex};
use latchkey_store::marketplace::Order;

/// The longest archive that is taken, in bytes.
pub const MOST_BYTES: u64 = 128 * 1_024 * 1_024;

/// What whoever publishes has said.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// The plugin's sheet, in place of one that stands in the archive.
    pub sheet: Option<Vec<u8>>,
    /// The offers of which one is needed; as before where nothing is said.
    pub offers: Option<Vec<String>>,
    /// The version that the archive is to have.
    pub version: Option<String>,
    /// The channel, in place of the one that the version's name says.
    pub channel: Option<Channel>,
}

/// Why there is nothing to publish.
#[derive(Debug)]
pub enum NotReady {
    /// Something is wrong with the archive or the sheet.
    Refused(Refusal),
    /// It could not be read.
    Failed(StorageError),
}

/// Examines an archive and puts together what is to be published. Blocks while it reads.
pub fn order(spool: &mut Spool, wish: &Wish) -> Result<Order, NotReady> {
    let examined = archive::examine(spool.file(), Limits::default()).map_err(|unexamined| match unexamined {
        Unexamined::Fault(fault) => NotReady::Refused(Refusal::ArchiveRefused(fault)),
        Unexamined::Unread(error) => NotReady::Failed(StorageError::Away(error.to_string())),
    })?;
    let version = &examined.version;
    if let Some(wanted) = wish.version.as_ref().filter(|wanted| wanted.as_str() != version.as_str()) {
        let fault =
            ArchiveFault::OtherVersion { found: version.to_string(), wanted: wanted.chars().take(60).collect() };
        return Err(NotReady::Refused(Refusal::ArchiveRefused(fault)));
    }
    let read = |xml: &Vec<u8>| sheet::read(xml, &examined.plugin, version);
    let said = wish.sheet.as_ref().or(examined.sheet.as_ref()).map(read).transpose();
    let said = said.map_err(|mistakes| NotReady::Refused(Refusal::SheetRefused { mistakes }))?;
    let name = examined.name.clone().unwrap_or_else(|| examined.plugin.to_string());
    let plain = Sheet {
        name: name.clone(),
        license: examined.license.clone(),
        descriptions: vec![Description { language: "en".into(), short: name.clone(), long: String::new() }],
        ..Sheet::default()
    };
    let text = |sheet: &Sheet| serde_json::to_string(sheet).unwrap_or_default();
    Ok(Order {
        name: said.as_ref().map_or(name, |sheet| sheet.name.clone()),
        plain_sheet: text(said.as_ref().unwrap_or(&plain)),
        sheet: said.as_ref().map(text),
        offers: wish.offers.clone(),
        release: Release {
            channel: wish.channel.unwrap_or_else(|| version.channel()),
            glpi: examined.glpi,
            version: examined.version,
            withdrawn_at: None,
        },
        plugin: examined.plugin,
        packing: examined.packing.extension().to_owned(),
        digest: hex(&spool.digest()),
        size: spool.len(),
    })
}
