//! Latchkey's registration keys: what a vendor hands to a GLPI instance, and all that can be said about one offline.
//!
//! The crate issues keys, reads them, verifies their signatures and names what is wrong with a damaged one. It does not
//! know whether a key was revoked or a subscription has ended: that is the service's to answer. It does no I/O, asks no
//! clock and draws no randomness, so a plugin vendor can use it alone; seeds and dates are arguments.
//!
//! The invariant everything rests on: **one value, one text.** [`registration::read`] accepts exactly the texts that
//! [`RegistrationKey::to_text`] writes, byte for byte, so nothing can be changed in a key without changing what was signed.
//! The format itself is specified in the crate's `README.md`.
//!
//! ```
//! use latchkey_key::{IssueDate, KeyId, PublicKeys, Signer, SigningKeyId, registration};
//!
//! let signer = Signer::from_seed("7k2m9xqd-1".parse::<SigningKeyId>()?, [7; 32]);
//! let id = "0198c1de-7a3b-7c4d-8e5f-60718293a4b5".parse::<KeyId>()?;
//! let text = registration::issue(&signer, id, IssueDate::new(2026, 3, 1)?).to_text();
//!
//! let mut keys = PublicKeys::new(signer.id().publisher());
//! keys.insert(signer.public_key())?;
//! assert_eq!(registration::check(text.as_bytes(), &keys)?.id, id);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod damage;
mod date;
mod ids;
mod keyring;
pub mod purpose;
pub mod registration;
pub mod secret;
mod signing;

pub use damage::{Damage, Part, WhiteSpaceKind};
pub use date::IssueDate;
pub use ids::{KeyId, Malformed, PublisherId, SigningKeyId};
pub use keyring::{NotAdded, PublicKeys};
pub use purpose::Purpose;
pub use registration::RegistrationKey;
pub use secret::{SecretFault, SecretKey, SecretKind};
pub use signing::{BadPublicKey, PublicKey, Signer};
