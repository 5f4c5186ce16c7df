//! The public keys of one publisher, by signing key id. Not a trust store for several vendors: a plugin that honours two
//! publishers keeps two keyrings.
//!
//! The invariant: every key in it belongs to its publisher, and an id never changes its key. So "another publisher's
//! key" and "a signing key of ours that is not here" can be told apart.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::ids::{PublisherId, SigningKeyId};
use crate::signing::PublicKey;

/// One publisher's public keys: the current one and those of earlier rotations, which still verify.
#[derive(Clone, Debug)]
pub struct PublicKeys {
    publisher: PublisherId,
    keys: BTreeMap<SigningKeyId, PublicKey>,
}

/// Why a public key was not added to a keyring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// It belongs to another publisher.
    #[error("{id} is not a signing key of publisher {publisher}")]
    OtherPublisher {
        /// The key that was to be added.
        id: SigningKeyId,
        /// The keyring's publisher.
        publisher: PublisherId,
    },
    /// The keyring holds another key by this id.
    #[error("there is already another public key called {id}")]
    IdTaken {
        /// The id both bear.
        id: SigningKeyId,
    },
}

impl PublicKeys {
    /// An empty keyring.
    pub fn new(publisher: PublisherId) -> Self {
        Self { publisher, keys: BTreeMap::new() }
    }

    /// Whose keys these are.
    pub fn publisher(&self) -> PublisherId {
        self.publisher
    }

    /// Adds a key. Adding the same key again changes nothing and is no error.
    pub fn insert(&mut self, key: PublicKey) -> Result<(), NotAdded> {
        let id = key.id();
        if id.publisher() != self.publisher {
            return Err(NotAdded::OtherPublisher { id, publisher: self.publisher });
        }
        match self.keys.entry(id) {
            Entry::Vacant(place) => {
                place.insert(key);
                Ok(())
            }
            Entry::Occupied(there) if *there.get() == key => Ok(()),
            Entry::Occupied(_) => Err(NotAdded::IdTaken { id }),
        }
    }

    /// The public key of this name, if it is here.
    pub fn get(&self, id: &SigningKeyId) -> Option<&PublicKey> {
        self.keys.get(id)
    }

    /// All keys, oldest number first.
    pub fn iter(&self) -> impl Iterator<Item = &PublicKey> {
        self.keys.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing::Signer;

    fn key(id: &str, seed: u8) -> PublicKey {
        Signer::from_seed(id.parse().unwrap(), [seed; 32]).public_key()
    }

    #[test]
    fn holds_one_publishers_keys_in_the_order_of_their_numbers() {
        let mut keys = PublicKeys::new("7k2m9xqd".parse().unwrap());
        for id in ["7k2m9xqd-10", "7k2m9xqd-2", "7k2m9xqd-1", "7k2m9xqd-2"] {
            assert_eq!(keys.insert(key(id, 1)), Ok(()));
        }
        assert_eq!(keys.iter().map(|key| key.id().number()).collect::<Vec<_>>(), [1, 2, 10]);
        assert_eq!(keys.get(&"7k2m9xqd-2".parse().unwrap()), Some(&key("7k2m9xqd-2", 1)));
        assert_eq!(keys.get(&"7k2m9xqd-3".parse().unwrap()), None);
    }

    #[test]
    fn an_id_never_changes_its_key_nor_a_keyring_its_publisher() {
        let mut keys = PublicKeys::new("7k2m9xqd".parse().unwrap());
        keys.insert(key("7k2m9xqd-1", 1)).unwrap();
        let id = "7k2m9xqd-1".parse().unwrap();
        assert_eq!(keys.insert(key("7k2m9xqd-1", 2)), Err(NotAdded::IdTaken { id }));
        assert_eq!(keys.get(&id), Some(&key("7k2m9xqd-1", 1)));
        let (id, publisher) = ("00000000-1".parse().unwrap(), keys.publisher());
        assert_eq!(keys.insert(key("00000000-1", 1)), Err(NotAdded::OtherPublisher { id, publisher }));
    }
}
