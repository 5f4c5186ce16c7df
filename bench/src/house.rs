//! One installation in a data directory, opened as the command line opens it.

use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use latchkey_domain::ids::KeyId;
use latchkey_domain::instances::InstanceUid;
use latchkey_domain::subscriptions::{Term, Unit};
use latchkey_domain::text::Reason;
use latchkey_domain::time::{Timestamp, Zone};
use latchkey_store::instances::binding::{self, Caller};
use latchkey_store::subscriptions::entries::{self, Filled};
use latchkey_store::subscriptions::keys::{self, Issued, Order};
use latchkey_store::{Actor, Location, Master, Store, Undone, Vault, installation};

use crate::Failed;

/// A store with the master key that belongs to it.
#[derive(Clone)]
pub(crate) struct House {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    actor: Actor,
    term: Term,
}

impl House {
    /// Opens the embedded database of a directory; a directory that is not there is made, with an installation.
    pub(crate) fn embedded(data_dir: &Path) -> Result<Self, Failed> {
        Self::at(Location::embedded(data_dir), data_dir)
    }

    /// The same with a database that is elsewhere.
    pub(crate) fn at(location: Location, data_dir: &Path) -> Result<Self, Failed> {
        std::fs::create_dir_all(data_dir)?;
        std::fs::set_permissions(data_dir, std::fs::Permissions::from_mode(0o700))?;
        let vault = Vault::new(master(&data_dir.join("master.key"))?);
        let store = Store::open(location, now())?;
        let actor = Actor::command_line("bench");
        installation::establish(&store, &vault, now(), &actor)?;
        Ok(Self { store, vault, actor, term: Term::new(1, Unit::Years).map_err(Undone::from).map_err(told)? })
    }

    /// Issues a key to a customer for a year from today; waits until it is durable.
    pub(crate) async fn issue(&self, customer: String, offer: &str) -> Result<Issued, Failed> {
        let order = Order { customer, offer: offer.to_owned(), begins: None, term: Some(self.term) };
        let (vault, actor) = (self.vault.clone(), self.actor.clone());
        let issue = move |tx: &mut latchkey_store::Tx<'_>| keys::issue(tx, &vault, &order, &Zone::utc(), &actor);
        self.store.write(now(), issue).await.map_err(told)
    }

    /// Reads a key, as every question about one that is not in memory begins.
    pub(crate) fn read(&self, key: KeyId) -> Result<Filled, Failed> {
        Ok(self.store.ask(|reader| entries::fill(reader, key))?)
    }

    /// Binds a GLPI to a key that was read, as its first question does; waits until it is durable.
    pub(crate) async fn bind(&self, key: KeyId, read: Filled, uid: [u8; 40]) -> Result<(), Failed> {
        let uid = InstanceUid::parse(&uid).map_err(|fault| format!("a UID is none: {fault:?}"))?;
        let caller = Caller { key, uid, version: Some("10.0.19".to_owned()), face: 1, read };
        self.store.write(now(), move |tx| binding::bind(tx, &caller)).await.map_err(binding::failed)?;
        Ok(())
    }

    /// Revokes a key; waits until it is durable.
    pub(crate) fn revoke(&self, id: KeyId) -> Result<(), Failed> {
        let reason = Reason::parse("measured").map_err(Undone::from).map_err(told)?;
        let actor = self.actor.clone();
        self.store.write_blocking(now(), move |tx| keys::revoke(tx, id, &actor, &reason)).map_err(told)?;
        Ok(())
    }
}

/// The present instant.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A directory below the place of work that is empty.
pub(crate) fn empty_directory(work: &Path, name: &str) -> Result<PathBuf, Failed> {
    let path = work.join(name);
    match std::fs::remove_dir_all(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        Ok(()) | Err(_) => {}
    }
    std::fs::create_dir_all(&path)?;
    Ok(path.canonicalize()?)
}

fn master(path: &Path) -> Result<Master, Failed> {
    if path.try_exists()? {
        let text = std::fs::read_to_string(path)?;
        return Master::from_text(&text).ok_or_else(|| format!("{} holds no master key", path.display()).into());
    }
    let master = Master::random()?;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    std::io::Write::write_all(&mut file, format!("{}\n", master.to_text().as_str()).as_bytes())?;
    Ok(master)
}

fn told(undone: Undone) -> Failed {
    match undone {
        Undone::Refused(refusal) => format!("refused: {}", refusal.code()).into(),
        Undone::Failed(error) => error.into(),
    }
}
