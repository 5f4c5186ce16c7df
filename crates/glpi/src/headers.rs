//! The headers by which a GLPI says who asks, in lower case; header names have none of their own.

/// The registration key as it was pasted, ends trimmed; GLPI writes `X-Registration-Key`.
pub const REGISTRATION_KEY: &str = "x-registration-key";
/// Which GLPI asks, see [`crate::InstanceUid`]; GLPI writes `X-Glpi-Network-Uid`.
pub const INSTANCE_UID: &str = "x-glpi-network-uid";
/// Which version of GLPI asks, see [`crate::UserAgent`].
pub const USER_AGENT: &str = "user-agent";
/// The language of whoever looks at GLPI: a bare primary tag, such as `fr`.
pub const ACCEPT_LANGUAGE: &str = "accept-language";
