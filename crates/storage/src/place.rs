//! Where the archives lie, as it was configured.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::local::LocalFileSystem;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use zeroize::Zeroizing;

use crate::{PATIENCE, StorageError, spool};

/// Where the archives lie.
#[derive(Debug, Clone)]
pub enum Place {
    /// In a folder of this machine, made where it is not there.
    Folder(PathBuf),
    /// In a bucket of an S3-compatible store, which has to be there.
    S3(S3),
    /// In a container of Azure's blob storage, which has to be there.
    Azure(Azure),
}

/// A bucket.
#[derive(Debug, Clone)]
pub struct S3 {
    /// Its name.
    pub bucket: String,
    /// The region; stores of others often take any.
    pub region: String,
    /// The store's address; Amazon's own where there is none. One with `http://` is spoken to in the clear.
    pub endpoint: Option<String>,
    /// The id of the access key.
    pub key_id: String,
    /// The access key itself.
    pub secret: Secret,
    /// A folder of this machine for what comes in, until it is whole.
    pub incoming: PathBuf,
}

/// A container.
#[derive(Debug, Clone)]
pub struct Azure {
    /// The account.
    pub account: String,
    /// The container's name.
    pub container: String,
    /// The account's address; Azure's own where there is none. One with `http://` is spoken to in the clear.
    pub endpoint: Option<String>,
    /// The account's access key, in base64.
    pub secret: Secret,
    /// A folder of this machine for what comes in, until it is whole.
    pub incoming: PathBuf,
}

/// What lets us into a store. It cannot be printed, and is wiped when it goes.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Place {
    /// What kind of place it is.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Folder(_) => "folder",
            Self::S3(_) => "S3",
            Self::Azure(_) => "Azure",
        }
    }

    /// Where what comes in is written until it is whole: on the disk of this machine.
    pub(crate) fn incoming(&self) -> PathBuf {
        match self {
            Self::Folder(folder) => folder.join("incoming"),
            Self::S3(S3 { incoming, .. }) | Self::Azure(Azure { incoming, .. }) => incoming.clone(),
        }
    }

    pub(crate) fn open(&self) -> Result<Arc<dyn ObjectStore>, StorageError> {
        let away = |error: object_store::Error| StorageError::Away(error.to_string());
        Ok(match self {
            Self::Folder(folder) => {
                spool::make_folder(folder)?;
                // On the disk before the database refers to it.
                Arc::new(LocalFileSystem::new_with_prefix(folder).map_err(away)?.with_fsync(true))
            }
            Self::S3(S3 { bucket, region, endpoint, key_id, secret, incoming: _ }) => {
                let builder = AmazonS3Builder::new()
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(key_id)
                    .with_secret_access_key(secret.reveal())
                    .with_client_options(client(endpoint.as_deref()))
                    .with_retry(retry());
                Arc::new(
                    match endpoint {
                        Some(endpoint) => builder.with_endpoint(endpoint),
                        None => builder,
                    }
                    .build()
                    .map_err(away)?,
                )
            }
            Self::Azure(Azure { account, container, endpoint, secret, incoming: _ }) => {
                let builder = MicrosoftAzureBuilder::new()
                    .with_account(account)
                    .with_container_name(container)
                    .with_access_key(secret.reveal())
                    .with_client_options(client(endpoint.as_deref()))
                    .with_retry(retry());
                Arc::new(
                    match endpoint {
                        Some(endpoint) => builder.with_endpoint(endpoint.clone()),
                        None => builder,
                    }
                    .build()
                    .map_err(away)?,
                )
            }
        })
    }
}

fn client(endpoint: Option<&str>) -> ClientOptions {
    // The one whose TLS the whole program speaks; set already where the program has set it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    ClientOptions::new()
        .with_allow_http(endpoint.is_some_and(|endpoint| endpoint.starts_with("http://")))
        .with_connect_timeout(Duration::from_secs(5))
        // A large archive may take long; that nothing comes for a while is noticed by whoever waits for it.
        .with_timeout_disabled()
}

/// Once or twice more, where a store is busy for a moment; whoever asked waits no longer than it would for one that is away.
fn retry() -> RetryConfig {
    RetryConfig { max_retries: 2, retry_timeout: PATIENCE, ..RetryConfig::default() }
}

impl Secret {
    /// Takes one.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
