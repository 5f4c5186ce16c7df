//! `/.well-known/latchkey-keys.json`: what a plugin needs to check keys offline.

use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use latchkey_key::{BadPublicKey, NotAdded, PublicKey, PublicKeys, PublisherId, SigningKeyId};
use latchkey_store::signing_keys::SigningKey;
use serde::{Deserialize, Serialize};

use crate::app::App;

/// Where it is.
pub const PATH: &str = "/.well-known/latchkey-keys.json";

/// The document. Members may be added; readers leave alone what they do not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKeys {
    /// The vendor's id, in each of its keys.
    pub publisher: String,
    /// Every signing key there ever was, oldest first: old ones still verify.
    pub keys: Vec<PublishedKey>,
}

/// One signing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    /// The id that a registration key names as `kid`.
    pub id: String,
    /// Always `Ed25519`.
    pub algorithm: String,
    /// 32 bytes in standard base64.
    pub public_key: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC; null for the one that signs now.
    pub retired_at: Option<String>,
}

/// Why a document does not make a key ring.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// An id does not read.
    #[error("{0:?} is not an id of a publisher or a signing key")]
    Id(String),
    /// A public key does not read.
    #[error(transparent)]
    Key(#[from] BadPublicKey),
    /// The keys do not go together.
    #[error(transparent)]
    Together(#[from] NotAdded),
}

impl PublishedKeys {
    /// The document for these signing keys.
    pub fn new(keys: &[SigningKey]) -> Self {
        Self {
            publisher: keys.first().map(|key| key.id.publisher().to_string()).unwrap_or_default(),
            keys: keys
                .iter()
                .map(|key| PublishedKey {
                    id: key.id.to_string(),
                    algorithm: "Ed25519".to_owned(),
                    public_key: key.public_key.to_base64(),
                    created_at: key.created_at.to_string(),
                    retired_at: key.retired_at.map(|at| at.to_string()),
                })
                .collect(),
        }
    }

    /// The key ring that the document describes.
    pub fn ring(&self) -> Result<PublicKeys, Unusable> {
        let publisher: PublisherId = self.publisher.parse().map_err(|_| Unusable::Id(self.publisher.clone()))?;
        let mut ring = PublicKeys::new(publisher);
        for key in &self.keys {
            let id: SigningKeyId = key.id.parse().map_err(|_| Unusable::Id(key.id.clone()))?;
            ring.insert(PublicKey::from_base64(id, &key.public_key)?)?;
        }
        Ok(ring)
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new().route(PATH, get(keys))
}

async fn keys(State(app): State<App>) -> impl IntoResponse {
    // A plugin that sees a key of a signing key it does not know asks again; ten minutes spare us the rest.
    ([(CACHE_CONTROL, "max-age=600")], Json(PublishedKeys::new(&app.signing_keys.load())))
}
