//! What is given out, and the columns of each.

/// What is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Customers, erased ones by the name that stands in the place of theirs.
    Customers,
    /// Offers.
    Offers,
    /// Subscriptions.
    Subscriptions,
    /// Keys, without their texts.
    Keys,
    /// Instances.
    Instances,
    /// Trials of plugins.
    Trials,
    /// Plugins, a row for each version.
    Plugins,
    /// Which GLPI downloaded which version.
    Downloads,
    /// Connections to GLPIs, without their secrets.
    Connections,
    /// Invitations, without their secrets.
    Invitations,
    /// Who registered, without passwords.
    Registrations,
    /// Accounts of people who registered while there was no GLPI, without their passwords.
    Directory,
    /// Enrollment keys, without their secrets.
    EnrollmentKeys,
    /// Agents.
    Agents,
    /// Operators, without their passwords.
    Operators,
    /// API tokens, without their texts.
    Tokens,
    /// Signing keys, without their secrets.
    SigningKeys,
    /// The audit log.
    Audit,
}

impl Kind {
    /// All there are.
    pub const ALL: [Self; 18] = [
        Self::Customers,
        Self::Offers,
        Self::Subscriptions,
        Self::Keys,
        Self::Instances,
        Self::Trials,
        Self::Plugins,
        Self::Downloads,
        Self::Connections,
        Self::Invitations,
        Self::Registrations,
        Self::Directory,
        Self::EnrollmentKeys,
        Self::Agents,
        Self::Operators,
        Self::Tokens,
        Self::SigningKeys,
        Self::Audit,
    ];

    /// Its name, as people type it and as its file is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Offers => "offers",
            Self::Subscriptions => "subscriptions",
            Self::Keys => "keys",
            Self::Instances => "instances",
            Self::Trials => "trials",
            Self::Plugins => "plugins",
            Self::Downloads => "downloads",
            Self::Connections => "connections",
            Self::Invitations => "invitations",
            Self::Registrations => "registrations",
            Self::Directory => "directory",
            Self::EnrollmentKeys => "enrollment-keys",
            Self::Agents => "agents",
            Self::Operators => "operators",
            Self::Tokens => "tokens",
            Self::SigningKeys => "signing-keys",
            Self::Audit => "audit",
        }
    }

    /// The columns of its CSV, members of its rows. Lists are written as JSON.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Customers => &["customer_id", "customer", "created_at", "erased_at"],
            Self::Offers => &[
                "offer",
                "title",
                "grace_days",
                "seats",
                "staging_limit",
                "move_window_days",
                "moves_per_year",
                "self_service_releases_per_year",
                "cooling_off_days",
                "plugins",
                "seated_by",
                "trial_days",
            ],
            Self::Subscriptions => &[
                "subscription_id",
                "customer_id",
                "customer",
                "offer",
                "begin_date",
                "end_date",
                "grace_end_date",
                "state",
                "suspended_at",
                "terminated_at",
            ],
            Self::Keys => &[
                "key_id",
                "state",
                "signing_key",
                "issue_date",
                "superseded_by",
                "superseded_until",
                "revoked_at",
                "subscription_id",
                "subscription_state",
                "customer_id",
                "customer",
                "offer",
                "begin_date",
                "end_date",
            ],
            Self::Instances => &[
                "instance_id",
                "instance_uid",
                "plugin",
                "url",
                "key_id",
                "subscription_id",
                "customer_id",
                "customer",
                "offer",
                "environment",
                "state",
                "state_since",
                "state_reason",
                "seat",
                "first_seen",
                "last_seen",
                "glpi_version",
                "looks_like_two",
            ],
            Self::Trials => &[
                "trial_id",
                "plugin",
                "instance_uid",
                "url",
                "state",
                "started_at",
                "ends_at",
                "last_seen",
                "subscription_id",
            ],
            Self::Plugins => &[
                "plugin",
                "name",
                "requires",
                "version",
                "channel",
                "glpi_min",
                "glpi_max",
                "format",
                "sha256",
                "size",
                "signing_key",
                "signature",
                "published_at",
                "withdrawn_at",
            ],
            Self::Downloads => &["plugin", "version", "instance_uid", "subscription_id", "downloaded_at"],
            Self::Connections => {
                &["connection_id", "name", "url", "glpi_version", "profile", "remarks", "created_at", "checked_at"]
            }
            Self::Invitations => &[
                "invitation_id",
                "name",
                "comment",
                "state",
                "connection_id",
                "entity",
                "entity_name",
                "recursive",
                "profile",
                "profile_name",
                "groups",
                "group_names",
                "use_limit",
                "uses",
                "begins_at",
                "ends_at",
                "email_domains",
                "language",
                "created_at",
                "suspended_at",
                "revoked_at",
            ],
            Self::Registrations => &[
                "registration_id",
                "invitation_id",
                "invitation",
                "entity_name",
                "profile_name",
                "group_names",
                "state",
                "step",
                "remarks",
                "login",
                "firstname",
                "realname",
                "email",
                "language",
                "glpi_user",
                "created_at",
                "completed_at",
                "returned_at",
                "erased_at",
            ],
            Self::Directory => &[
                "registration_id",
                "login",
                "firstname",
                "realname",
                "email",
                "language",
                "invitation_id",
                "created_at",
            ],
            Self::EnrollmentKeys => &[
                "enrollment_key_id",
                "name",
                "state",
                "glpi",
                "tag",
                "agents",
                "agent_limit",
                "networks",
                "approves",
                "generation",
                "previous_until",
                "created_at",
                "ends_at",
                "suspended_at",
                "revoked_at",
            ],
            Self::Agents => &[
                "agent_id",
                "device",
                "glpi_agent_id",
                "state",
                "enrollment_key_id",
                "generation",
                "address",
                "version",
                "tag",
                "first_seen_at",
                "last_seen_at",
                "let_in_at",
                "approved_at",
                "quarantined_at",
                "twin_at",
                "twin",
            ],
            Self::Operators => &[
                "operator_id",
                "email",
                "role",
                "state",
                "has_second_factor",
                "created_at",
                "signed_in_at",
                "disabled_at",
            ],
            Self::Tokens => {
                &["token_id", "name", "scopes", "state", "created_at", "expires_at", "last_used_at", "revoked_at"]
            }
            Self::SigningKeys => &["signing_key", "public_key", "state", "created_at", "retired_at"],
            Self::Audit => &["seq", "at", "actor", "action", "subject_kind", "subject", "detail", "reason"],
        }
    }
}
