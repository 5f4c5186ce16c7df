//! What the search finds beside customers, subscriptions and keys: the things of the other columns.
//!
//! Where there may be many of a kind they are found by how they begin, which is a stretch of an index; where there are few, by any
//! part of their names.

use latchkey_domain::accounts::Connection;
use latchkey_domain::enrollment::{Agent, AgentUid, EnrollmentKey};
use latchkey_domain::ids::{AgentId, InstanceId};
use latchkey_domain::instances::Address;
use latchkey_domain::invitations::{Invitation, login};
use latchkey_domain::text::fold;
use latchkey_domain::time::Timestamp;
use latchkey_key::secret::{SecretKey, SecretKind};

use super::invitations::InvitationSort;
use super::search::{MOST, range_of_ids};
use super::{Page, containing, instances, invitations, plugins};
use crate::driver::Select;
use crate::enrollment::keys::all_enrollments;
use crate::enrollment::{agents, keys as enrollments};
use crate::instances::list::Listed as Instance;
use crate::instances::trials::{self, Listed as Trial};
use crate::invitations::keys::all_invitations;
use crate::invitations::registrations::all_registrations;
use crate::invitations::{keys as invitation_keys, registrations};
use crate::marketplace::Plugin;
use crate::value::params;
use crate::{StoreError, accounts};

/// The shortest beginning of a name that is looked for, in characters.
const SHORTEST_NAME: usize = 3;
/// The same of a UID or an address, which look much alike.
const SHORTEST_SITE: usize = 6;

/// What was found, at most [`MOST`] of each.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Instances whose id, UID or address begins so.
    pub instances: Vec<Instance>,
    /// Trials of a GLPI whose UID begins so, or whose id does.
    pub trials: Vec<Trial>,
    /// Agents whose device or id begins so, or that say that they are this one.
    pub agents: Vec<Agent>,
    /// Enrollment keys with this in their names, or of this id.
    pub enrollments: Vec<EnrollmentKey>,
    /// The same of invitations.
    pub invitations: Vec<Invitation>,
    /// Registrations whose login, e-mail address or id begins so.
    pub registrations: Vec<registrations::Registration>,
    /// Plugins with this in their keys or names.
    pub plugins: Vec<Plugin>,
    /// Connections with this in their names or addresses.
    pub connections: Vec<Connection>,
}

/// Looks for what a text may mean.
pub fn find(from: &mut impl Select, text: &str, now: Timestamp) -> Result<Beside, StoreError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Beside::default());
    }
    let page = Page::first(MOST);
    let plugins = plugins::page(from, Some(text), false, plugins::Sort::Key, &page)?.rows;
    Ok(Beside {
        instances: of_site(from, text)?,
        trials: of_uid(from, text)?,
        agents: of_device(from, text)?,
        enrollments: enrollments_named(from, text)?,
        invitations: invitations_named(from, text, now)?,
        registrations: of_person(from, text)?,
        plugins: plugins.into_iter().map(|(plugin, _)| plugin).collect(),
        connections: connections_named(from, text)?,
    })
}

/// What a whole secret opens that somebody pasted, also one that was rotated or revoked; it is known by the id in it, and opens nothing here.
pub fn of_secret(from: &mut impl Select, text: &str) -> Result<Option<Beside>, StoreError> {
    // An invitation is pasted as the address in which it was sent.
    let last = text.trim().rsplit(['/', '#', '=']).next().unwrap_or_default();
    let id_of = |kind| SecretKey::read(kind, last).map(|secret| secret.id().to_owned());
    if let Ok(id) = id_of(SecretKind::Enrollment) {
        let enrollments = enrollment_of(from, &id)?.into_iter().collect();
        return Ok(Some(Beside { enrollments, ..Beside::default() }));
    }
    if let Ok(id) = id_of(SecretKind::Invitation) {
        let invitations = invitation_of(from, &id)?.into_iter().collect();
        return Ok(Some(Beside { invitations, ..Beside::default() }));
    }
    Ok(None)
}

fn of_site(from: &mut impl Select, text: &str) -> Result<Vec<Instance>, StoreError> {
    let mut ids: Vec<InstanceId> = Vec::new();
    if let Some((begin, end)) = range_of_ids(text) {
        let sql = "SELECT id FROM instances WHERE id >= $begin AND id < $end ORDER BY id DESC LIMIT $most";
        for row in from.rows(sql, params! { begin, end, most: MOST })? {
            ids.push(row.get("id")?);
        }
    }
    // As it is typed, and as addresses are kept.
    let mut sites = Vec::new();
    if text.chars().count() >= SHORTEST_SITE {
        sites.push(text.to_owned());
        for whole in [text.to_owned(), format!("https://{text}"), format!("http://{text}")] {
            if let Ok(address) = Address::parse(&whole)
                && !sites.iter().any(|site| site == address.as_str())
            {
                sites.push(address.as_str().to_owned());
            }
        }
    }
    for begin in sites {
        let end = beyond(&begin);
        for sql in [
            "SELECT id FROM instances WHERE site >= $begin AND site < $end ORDER BY site, id LIMIT $most",
            "SELECT id FROM instances WHERE uid >= $begin AND uid < $end ORDER BY uid, id LIMIT $most",
        ] {
            for row in from.rows(sql, params! { begin: begin.as_str(), end: end.as_str(), most: MOST })? {
                let id = row.get("id")?;
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
    }
    ids.truncate(MOST as usize);
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(instances::by_id(from, id)?);
    }
    Ok(found)
}

fn of_uid(from: &mut impl Select, text: &str) -> Result<Vec<Trial>, StoreError> {
    let (id_begin, id_end) = range_of_ids(text).unwrap_or_default();
    let begin = if text.chars().count() >= SHORTEST_SITE { text } else { return Ok(Vec::new()) };
    let rows = from.rows(
        "SELECT t.id, t.plugin, t.uid, t.url, t.started_at, t.ends_at, t.last_seen, t.subscription_id FROM trials t
          WHERE (t.uid >= $begin AND t.uid < $end) OR (t.id >= $id_begin AND t.id < $id_end) ORDER BY t.uid, t.id LIMIT $most",
        params! { begin, end: beyond(begin), id_begin, id_end, most: MOST },
    )?;
    rows.iter().map(trials::read).collect()
}

fn of_device(from: &mut impl Select, text: &str) -> Result<Vec<Agent>, StoreError> {
    let mut ids: Vec<AgentId> = Vec::new();
    let mut note = |rows: Vec<crate::value::Row>| {
        for row in rows {
            let id = row.get("id")?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok::<_, StoreError>(())
    };
    if let Some(uid) = AgentUid::parse(text) {
        let sql = "SELECT id FROM agents WHERE agent_uid = $uid ORDER BY id LIMIT $most";
        note(from.rows(sql, params! { uid: uid.to_string(), most: MOST })?)?;
    }
    if let Some((begin, end)) = range_of_ids(text) {
        let sql = "SELECT id FROM agents WHERE id >= $begin AND id < $end ORDER BY id DESC LIMIT $most";
        note(from.rows(sql, params! { begin, end, most: MOST })?)?;
    }
    if text.chars().count() >= SHORTEST_NAME {
        let begin = fold(text);
        let sql = "SELECT id FROM agents WHERE folded_device >= $begin AND folded_device < $end
                    ORDER BY folded_device, id LIMIT $most";
        note(from.rows(sql, params! { begin: begin.as_str(), end: beyond(&begin), most: MOST })?)?;
    }
    ids.truncate(MOST as usize);
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(agents::remembered_by(from, id)?.map(|known| known.agent));
    }
    Ok(found)
}

fn enrollments_named(from: &mut impl Select, text: &str) -> Result<Vec<EnrollmentKey>, StoreError> {
    let rows = from.rows(
        concat!(
            all_enrollments!(),
            " WHERE id = $id OR folded_name LIKE $has ESCAPE '!' ORDER BY folded_name LIMIT $most"
        ),
        params! { id: text, has: containing(text), most: MOST },
    )?;
    rows.iter().map(|row| Ok(enrollments::read(row)?.key)).collect()
}

fn enrollment_of(from: &mut impl Select, id: &str) -> Result<Option<EnrollmentKey>, StoreError> {
    Ok(enrollments::known_by(from, id)?.map(|known| known.key))
}

fn invitations_named(from: &mut impl Select, text: &str, now: Timestamp) -> Result<Vec<Invitation>, StoreError> {
    if let Some(one) = invitation_of(from, text)? {
        return Ok(vec![one]);
    }
    let page = Page::first(MOST);
    Ok(invitations::invitations(from, None, text, InvitationSort::Name, &page, now)?.rows)
}

fn invitation_of(from: &mut impl Select, id: &str) -> Result<Option<Invitation>, StoreError> {
    from.row(concat!(all_invitations!(), " WHERE id = $id"), params! { id })?
        .as_ref()
        .map(invitation_keys::read)
        .transpose()
}

fn of_person(from: &mut impl Select, text: &str) -> Result<Vec<registrations::Registration>, StoreError> {
    let mut found = match range_of_ids(text) {
        Some((begin, end)) => from
            .rows(
                concat!(all_registrations!(), " WHERE id >= $begin AND id < $end ORDER BY id DESC LIMIT $most"),
                params! { begin, end, most: MOST },
            )?
            .iter()
            .map(registrations::read)
            .collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    if text.chars().count() >= SHORTEST_NAME {
        let page = Page::first(MOST).descending();
        let named = invitations::registrations(from, None, None, Some(text), &page)?.rows;
        found.extend(named);
    }
    found.truncate(MOST as usize);
    Ok(found)
}

fn connections_named(from: &mut impl Select, text: &str) -> Result<Vec<Connection>, StoreError> {
    let (part, whole) = (fold(text), text.to_lowercase());
    let mut all = accounts::connections::list(from)?;
    all.retain(|it| {
        fold(it.name.as_str()).contains(&part)
            || it.url.as_str().to_lowercase().contains(&whole)
            || it.id.to_string() == whole
    });
    all.truncate(MOST as usize);
    Ok(all)
}

/// A text that sorts after all that begin so.
pub(super) fn beyond(begin: &str) -> String {
    format!("{begin}\u{10ffff}")
}

/// A login as it is compared, and an address likewise.
pub(super) fn folded_person(text: &str) -> (String, String) {
    (login::folded(text.trim()), text.trim().to_lowercase())
}
