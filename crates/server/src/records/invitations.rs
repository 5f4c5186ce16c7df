//! Invitations, who registered by them, and the GLPIs in which accounts are made.

use latchkey_domain::accounts::{self, Remark};
use latchkey_domain::invitations::Invitation as Domain;
use latchkey_domain::time::Timestamp;
use latchkey_store::invitations::counts::Count;
use latchkey_store::invitations::registrations::Registration as Stored;
use latchkey_texts::Language;
use serde::Serialize;
use utoipa::ToSchema;

/// An invitation, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitation {
    /// Its id. Not a secret.
    pub invitation_id: String,
    /// What people call it.
    pub name: String,
    /// What is to be known about it.
    pub comment: Option<String>,
    /// `open`, `scheduled`, `suspended`, `expired`, `used-up` or `revoked`.
    pub state: String,
    /// The connection to the GLPI that gets the accounts; null for the built-in directory.
    pub connection_id: Option<String>,
    /// GLPI's number of the entity.
    pub entity: Option<u32>,
    /// What GLPI called it when the invitation was made, or first said so later, with those above it; null while that is not known.
    pub entity_name: Option<String>,
    /// Whether the profile counts in the entities below, too.
    pub recursive: bool,
    /// GLPI's number of the profile.
    pub profile: Option<u32>,
    /// What GLPI called it.
    pub profile_name: Option<String>,
    /// GLPI's numbers of the groups.
    pub groups: Vec<u32>,
    /// What GLPI called them, in their order; null for one of which that was not known.
    pub group_names: Vec<Option<String>>,
    /// How many may use it; null for any number.
    pub use_limit: Option<u32>,
    /// How many have.
    pub uses: u32,
    /// From when it may be used.
    pub begins_at: String,
    /// From when it may no longer be used.
    pub ends_at: Option<String>,
    /// Domains that addresses have to be of; empty for all.
    pub email_domains: Vec<String>,
    /// In which language the form begins.
    pub language: Option<String>,
    /// Since when it exists.
    pub created_at: String,
    /// Since when it is suspended.
    pub suspended_at: Option<String>,
    /// Since when it is revoked.
    pub revoked_at: Option<String>,
}

/// An invitation with its URL, which is not to be had again.
#[derive(Debug, Serialize, ToSchema)]
pub struct CreatedInvitation {
    /// What a person opens. A secret.
    pub url: String,
    #[serde(flatten)]
    #[allow(missing_docs, reason = "its members are those of the invitation")]
    pub invitation: Invitation,
}

/// Somebody who sent the form.
#[derive(Debug, Serialize, ToSchema)]
pub struct Registration {
    /// Its id, which GLPI's user has as registration number.
    pub registration_id: String,
    /// By which invitation.
    pub invitation_id: String,
    /// `waiting`, `directory`, `complete`, `incomplete`, `login-taken`, `password-needed` or `erased`.
    pub state: String,
    /// What was last done for it.
    pub step: String,
    /// What is not as promised, or in the way, by name.
    pub remarks: Vec<String>,
    /// Login.
    pub login: String,
    /// First name.
    pub firstname: String,
    /// Last name.
    pub realname: String,
    /// Address of e-mail.
    pub email: String,
    /// In which language the form was filled in.
    pub language: String,
    /// GLPI's id of the account.
    pub glpi_user: Option<i64>,
    /// When the form was sent.
    pub created_at: String,
    /// When the account was there.
    pub completed_at: Option<String>,
    /// When the use was given back.
    pub returned_at: Option<String>,
    /// Since when nothing is known of the person.
    pub erased_at: Option<String>,
}

/// Somebody who sent the form, and as what the invitation has it: for who reads it away from the invitation.
#[derive(Debug, Serialize)]
pub(crate) struct InvitedRegistration {
    #[serde(flatten)]
    registration: Registration,
    /// What people call the invitation.
    invitation: String,
    /// What GLPI calls the entity, the profile and the groups.
    entity_name: Option<String>,
    profile_name: Option<String>,
    group_names: Vec<Option<String>>,
}

/// So many of something on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationCount {
    /// The day.
    pub day: String,
    /// `opened`, `started`, `completed`, or `refused:` and why.
    pub what: String,
    /// How many times.
    pub times: i64,
}

/// A connection to a GLPI, without its secrets.
#[derive(Debug, Serialize, ToSchema)]
pub struct Connection {
    /// Its id.
    pub connection_id: String,
    /// What people call it.
    pub name: String,
    /// Where the GLPI is.
    pub url: String,
    /// GLPI's version, where it says so.
    pub glpi_version: Option<String>,
    /// The profile of the account with which it is asked.
    pub profile: String,
    /// What it demands of a password.
    pub password_policy: PasswordPolicy,
    /// Whether a new password can be tried through its API.
    pub verifies_passwords: bool,
    /// What it is shown when agents' inventories are passed on to it: `none`, `basic` or `oauth`.
    pub inventory: &'static str,
    /// What is to be mended or known, the worst first.
    pub remarks: Vec<ConnectionRemark>,
    /// Since when it is known.
    pub created_at: String,
    /// When it was last asked.
    pub checked_at: String,
}

/// What a GLPI demands of a password.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasswordPolicy {
    /// The least characters; 0 where it demands nothing.
    pub least: u32,
    /// A digit.
    pub digit: bool,
    /// A letter in lower case.
    pub lower: bool,
    /// A letter in upper case.
    pub upper: bool,
    /// Neither letter nor digit.
    pub symbol: bool,
}

/// Something about a connection that is not as it should be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConnectionRemark {
    /// Its stable name.
    pub code: &'static str,
    /// What is so.
    pub detail: String,
}

/// What an invitation can choose from in a GLPI.
#[derive(Debug, Serialize, ToSchema)]
pub struct Choices {
    /// Entities, each behind the one above it.
    pub entities: Vec<EntityChoice>,
    /// Profiles.
    pub profiles: Vec<ProfileChoice>,
    /// Groups.
    pub groups: Vec<GroupChoice>,
}

/// An entity of a GLPI.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntityChoice {
    /// GLPI's number; 0 is the root.
    pub id: i64,
    /// Its own name.
    pub name: String,
    /// Its name with those above it.
    pub path: String,
    /// The one above it.
    pub parent: Option<i64>,
}

/// A profile of a GLPI.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProfileChoice {
    /// GLPI's number.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A group of a GLPI.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupChoice {
    /// GLPI's number.
    pub id: i64,
    /// Its name with those above it.
    pub path: String,
}

impl Connection {
    /// The record of a connection.
    pub fn new(connection: &accounts::Connection) -> Self {
        let accounts::Report { version, policy, verifies_passwords, profile, remarks } = &connection.report;
        let accounts::Policy { least, digit, lower, upper, symbol } = *policy;
        Self {
            connection_id: connection.id.to_string(),
            name: connection.name.to_string(),
            url: connection.url.clone(),
            glpi_version: version.clone(),
            profile: profile.clone(),
            password_policy: PasswordPolicy { least, digit, lower, upper, symbol },
            verifies_passwords: *verifies_passwords,
            inventory: connection.inventory.code(),
            remarks: remarks.iter().map(|remark| ConnectionRemark::new(*remark)).collect(),
            created_at: connection.created_at.to_string(),
            checked_at: connection.checked_at.to_string(),
        }
    }
}

impl ConnectionRemark {
    /// The record of a remark.
    pub fn new(remark: Remark) -> Self {
        Self { code: remark.code(), detail: latchkey_texts::remark(remark, Language::English) }
    }
}

impl Choices {
    /// The record of what there is to choose from.
    pub fn new(choices: &crate::accounts::Choices) -> Self {
        let entity = |one: &latchkey_glpi::accounts::Entity| EntityChoice {
            id: one.id,
            name: one.name.clone(),
            path: one.path.clone(),
            parent: one.parent,
        };
        Self {
            entities: choices.entities.iter().map(entity).collect(),
            profiles: choices.profiles.iter().map(|one| ProfileChoice { id: one.id, name: one.name.clone() }).collect(),
            groups: choices.groups.iter().map(|one| GroupChoice { id: one.id, path: one.path.clone() }).collect(),
        }
    }
}

impl Invitation {
    /// The record of an invitation as it stands at `now`.
    pub fn new(it: &Domain, now: Timestamp) -> Self {
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            invitation_id: it.id.clone(),
            name: it.name.to_string(),
            comment: it.comment.as_ref().map(ToString::to_string),
            state: it.state(now).to_owned(),
            connection_id: it.connection.map(|id| id.to_string()),
            entity: it.target.entity,
            entity_name: it.called.entity.clone(),
            recursive: it.target.recursive,
            profile: it.target.profile,
            profile_name: it.called.profile.clone(),
            groups: it.target.groups.clone(),
            group_names: group_names(it),
            use_limit: it.limit,
            uses: it.uses,
            begins_at: it.begins_at.to_string(),
            ends_at: text(it.ends_at),
            email_domains: it.email_domains.clone(),
            language: it.language.clone(),
            created_at: it.created_at.to_string(),
            suspended_at: text(it.suspended_at),
            revoked_at: text(it.revoked_at),
        }
    }
}

impl CreatedInvitation {
    /// The record of an invitation that was made, for the service at `public_url`.
    pub fn new(it: &Domain, secret: &str, public_url: &str, now: Timestamp) -> Self {
        Self { url: format!("{public_url}/join/{secret}"), invitation: Invitation::new(it, now) }
    }
}

impl Registration {
    /// The record of a registration.
    pub fn new(it: &Stored) -> Self {
        let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            registration_id: it.id.to_string(),
            invitation_id: it.invitation.clone(),
            state: it.state.name().to_owned(),
            step: it.step.clone(),
            remarks: it.remarks.clone(),
            login: it.person.login.clone(),
            firstname: it.person.firstname.clone(),
            realname: it.person.realname.clone(),
            email: it.person.email.clone(),
            language: it.person.language.clone(),
            glpi_user: it.glpi_user,
            created_at: it.created_at.to_string(),
            completed_at: text(it.completed_at),
            returned_at: text(it.returned_at),
            erased_at: text(it.erased_at),
        }
    }
}

impl InvitedRegistration {
    pub(crate) fn new((it, invitation): &(Stored, Domain)) -> Self {
        Self {
            registration: Registration::new(it),
            invitation: invitation.name.to_string(),
            entity_name: invitation.called.entity.clone(),
            profile_name: invitation.called.profile.clone(),
            group_names: group_names(invitation),
        }
    }
}

/// What GLPI calls the groups, in their order.
fn group_names(it: &Domain) -> Vec<Option<String>> {
    it.groups().map(|(_, name)| name.map(str::to_owned)).collect()
}

impl InvitationCount {
    /// The record of a count.
    pub fn new(it: &Count) -> Self {
        Self { day: it.day.to_string(), what: it.what.clone(), times: it.times }
    }
}
