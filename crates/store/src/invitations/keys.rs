//! Invitations themselves: made, recognised by their secrets, suspended, resumed, revoked.
//!
//! The text of a secret is not stored: its keyed hash is, and by that alone an invitation is found. So the same is done for
//! everybody who has no right one: whether the id in it is somebody's, or there is none, makes no difference.

use std::fmt;

use latchkey_domain::Refusal;
use latchkey_domain::accounts::Names;
use latchkey_domain::ids::ConnectionId;
use latchkey_domain::invitations::{Called, Closed, Invitation, MOST_USES, Target};
use latchkey_domain::text::{Name, Reason, fold, nearest, one_word};
use latchkey_domain::time::Timestamp;
use latchkey_key::secret::{SecretKey, SecretKind};
use serde_json::{Value as Json, json};
use subtle::ConstantTimeEq as _;

use crate::accounts::connections;
use crate::driver::Select;
use crate::value::{Row, params};
use crate::{Actor, Done, StoreError, Tx, Vault, audit, chance};

/// All of an invitation.
macro_rules! all_invitations {
    () => {
        "SELECT id, name, comment, connection_id, entity, is_recursive, profile, group_ids, target_names, use_limit, uses,
                email_domains, language, keyed_hash, begins_at, ends_at, created_at, suspended_at, revoked_at
           FROM invitations"
    };
}
pub(crate) use all_invitations;

/// What is asked for when an invitation is made.
#[derive(Debug, Clone)]
pub struct Order {
    /// What people call it.
    pub name: Name,
    /// What is to be known about it.
    pub comment: Option<Name>,
    /// The name or id of the connection to the GLPI that gets the accounts. Where none is said it is the only one there is, or
    /// the built-in directory where there is none at all.
    pub glpi: Option<String>,
    /// As what people are registered there.
    pub target: Target,
    /// How many may use it; any number where nothing is said, which has to be somebody's explicit choice.
    pub limit: Option<u32>,
    /// From when it may be used, else at once.
    pub begins_at: Option<Timestamp>,
    /// From when it may no longer be used, if ever.
    pub ends_at: Option<Timestamp>,
    /// Domains that addresses of e-mail have to be of.
    pub email_domains: Vec<String>,
    /// The tag of the language that the form begins in.
    pub language: Option<String>,
}

impl Order {
    /// For one person, at once and without an end; into the only GLPI there is, or the built-in directory.
    pub fn named(name: Name) -> Self {
        Self {
            name,
            comment: None,
            glpi: None,
            target: Target::default(),
            limit: Some(1),
            begins_at: None,
            ends_at: None,
            email_domains: Vec::new(),
            language: None,
        }
    }
}

/// An invitation with its secret, which is not to be had again.
pub struct Created {
    /// What is kept of it.
    pub invitation: Invitation,
    /// What its URL ends with.
    pub secret: SecretKey,
}

/// Makes an invitation.
pub fn create(tx: &mut Tx<'_>, vault: &Vault, order: &Order, actor: &Actor) -> Done<Created> {
    let now = tx.now();
    let begins_at = order.begins_at.unwrap_or(now);
    if order.limit.is_some_and(|limit| limit > MOST_USES) {
        return Err(Refusal::NumberInvalid { field: "uses", least: 0, most: MOST_USES }.into());
    }
    let connection = connection_of(tx, order.glpi.as_deref())?;
    let called = match connection {
        Some(id) => connections::names(tx, id)?.called(&order.target),
        None => Called::default(),
    };
    let secret = chance::secret(SecretKind::Invitation)?;
    let invitation = Invitation {
        id: secret.id().to_owned(),
        name: order.name.clone(),
        comment: order.comment.clone(),
        connection,
        target: order.target.clone(),
        called,
        limit: order.limit,
        uses: 0,
        begins_at,
        ends_at: order.ends_at,
        email_domains: order.email_domains.clone(),
        language: order.language.clone(),
        created_at: now,
        suspended_at: None,
        revoked_at: None,
    };
    let target = &invitation.target;
    tx.row(
        "INSERT INTO invitations
           (id, name, folded_name, comment, connection_id, entity, is_recursive, profile, group_ids, target_names, use_limit,
            uses, email_domains, language, keyed_hash, begins_at, ends_at, created_at)
         VALUES ($id, $name, $folded_name, $comment, $connection, $entity, $is_recursive, $profile, $group_ids, $target_names,
            $use_limit, 0, $email_domains, $language, $keyed_hash, $begins_at, $ends_at, $now)",
        params! {
            id: invitation.id.as_str(),
            name: &invitation.name,
            folded_name: invitation.name.folded(),
            comment: invitation.comment.as_ref(),
            connection,
            entity: target.entity,
            is_recursive: i64::from(target.recursive),
            profile: target.profile,
            group_ids: listed(&target.groups),
            target_names: written(&invitation.called),
            use_limit: invitation.limit,
            email_domains: invitation.email_domains.join(" "),
            language: invitation.language.as_deref(),
            keyed_hash: keyed_hash(vault, secret.reveal()),
            begins_at,
            ends_at: order.ends_at,
            now,
        },
    )?;
    let detail = json!({
        "connection": connection.map(|id| id.to_string()),
        "entity": target.entity,
        "profile": target.profile,
        "groups": target.groups,
        "uses": invitation.limit,
        "ends_at": order.ends_at.map(|at| at.to_string()),
    });
    tx.audit(audit::Entry::new(actor, "invitation.create", "invitation", &invitation.id).detail(detail))?;
    Ok(Created { invitation, secret })
}

/// The connection that is meant.
fn connection_of(tx: &mut Tx<'_>, named: Option<&str>) -> Done<Option<ConnectionId>> {
    if let Some(name) = named {
        return Ok(Some(connections::find(tx, name)?.id));
    }
    match connections::list(tx)?.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.id)),
        several => {
            Err(Refusal::ConnectionNotNamed { names: several.iter().map(|one| one.name.to_string()).collect() }.into())
        }
    }
}

/// Halts an invitation until it is resumed.
pub fn suspend(tx: &mut Tx<'_>, id: &str, actor: &Actor, reason: Option<&Reason>) -> Done<Invitation> {
    let id = find(tx, id)?.id;
    let now = tx.now();
    let row = tx.row(
        "UPDATE invitations SET suspended_at = $now
          WHERE id = $id AND suspended_at IS NULL AND revoked_at IS NULL RETURNING id",
        params! { now, id: id.as_str() },
    )?;
    let it = find(tx, &id)?;
    if row.is_none() {
        let closed = match (it.revoked_at, it.suspended_at) {
            (Some(at), _) => Closed::Revoked { at },
            (None, since) => Closed::Suspended { since: since.unwrap_or(now) },
        };
        return Err(Refusal::InvitationClosed(closed).into());
    }
    tx.audit(audit::Entry::new(actor, "invitation.suspend", "invitation", &id).reason(reason))?;
    Ok(it)
}

/// Lets a halted invitation go on. One into a GLPI whose connection was removed cannot.
pub fn resume(tx: &mut Tx<'_>, id: &str, actor: &Actor, reason: Option<&Reason>) -> Done<Invitation> {
    let Invitation { id, connection, .. } = find(tx, id)?;
    if let Some(connection) = connection {
        connections::by_id(tx, connection)?;
    }
    let row = tx.row(
        "UPDATE invitations SET suspended_at = NULL
          WHERE id = $id AND suspended_at IS NOT NULL AND revoked_at IS NULL RETURNING id",
        params! { id: id.as_str() },
    )?;
    let it = find(tx, &id)?;
    if row.is_none() {
        return Err(match it.revoked_at {
            Some(at) => Refusal::InvitationClosed(Closed::Revoked { at }).into(),
            None => Refusal::InvitationNotSuspended { invitation: id }.into(),
        });
    }
    tx.audit(audit::Entry::new(actor, "invitation.resume", "invitation", &id).reason(reason))?;
    Ok(it)
}

/// Withdraws an invitation for good. Whoever has registered keeps the account.
pub fn revoke(tx: &mut Tx<'_>, id: &str, actor: &Actor, reason: Option<&Reason>) -> Done<Invitation> {
    let id = find(tx, id)?.id;
    let now = tx.now();
    let row = tx.row(
        "UPDATE invitations SET revoked_at = $now WHERE id = $id AND revoked_at IS NULL RETURNING id",
        params! { now, id: id.as_str() },
    )?;
    let it = find(tx, &id)?;
    if row.is_none() {
        let at = it.revoked_at.unwrap_or(now);
        return Err(Refusal::InvitationClosed(Closed::Revoked { at }).into());
    }
    tx.audit(audit::Entry::new(actor, "invitation.revoke", "invitation", &id).reason(reason))?;
    Ok(it)
}

/// The invitation that this text is the secret of; `None` where it is that of none, be the text cut, made up, or of an id that is
/// there with another secret: all these are hashed, and their hash is in no row. White space at its ends does not count.
/// Whether the invitation may be used is for the caller to ask.
pub fn recognise(from: &mut impl Select, vault: &Vault, text: &str) -> Result<Option<Invitation>, StoreError> {
    let given = keyed_hash(vault, text.trim());
    let row = from.row(concat!(all_invitations!(), " WHERE keyed_hash = $given"), params! { given: given.as_str() })?;
    // What the database took for the same is compared once more, in one time. Only who has the secret comes to this.
    match row {
        Some(row) if bool::from(row.get::<String>("keyed_hash")?.as_bytes().ct_eq(given.as_bytes())) => {
            read(&row).map(Some)
        }
        Some(_) | None => Ok(None),
    }
}

/// The invitation of an id; or of a name that only one has, or only one that is not revoked.
pub fn find(from: &mut impl Select, invitation: &str) -> Done<Invitation> {
    let asked = one_word(invitation);
    let rows = from.rows(
        concat!(
            all_invitations!(),
            " WHERE id = $id OR folded_name = $folded
          ORDER BY CASE WHEN id = $id THEN 0 WHEN revoked_at IS NULL THEN 1 ELSE 2 END, id LIMIT 2"
        ),
        params! { id: asked.as_str(), folded: fold(&asked) },
    )?;
    let found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    match found.as_slice() {
        [] => {}
        // Whoever makes one again under its name means the one that still opens.
        [one, others @ ..]
            if one.id == asked || others.iter().all(|other| one.revoked_at.is_none() && other.revoked_at.is_some()) =>
        {
            return Ok(one.clone());
        }
        several => {
            let ids = several.iter().map(|one| one.id.clone()).collect();
            return Err(Refusal::InvitationAmbiguous { invitation: asked, ids }.into());
        }
    }
    let names = from.rows("SELECT id, name FROM invitations ORDER BY id LIMIT 1000", params! {})?;
    let ids: Vec<String> = names.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    let all: Vec<String> = names.iter().map(|row| row.get("name")).collect::<Result<_, _>>()?;
    let meant = nearest(&asked, ids.iter().chain(&all).map(String::as_str)).map(str::to_owned);
    Err(Refusal::InvitationUnknown { invitation: asked, meant }.into())
}

/// The invitation of an id, which has to be there.
pub(super) fn by_id(from: &mut impl Select, id: &str) -> Result<Invitation, StoreError> {
    let row = from.row(concat!(all_invitations!(), " WHERE id = $id"), params! { id })?;
    row.as_ref().map(read).transpose()?.ok_or_else(|| StoreError::Corrupt(format!("invitation {id} is not there")))
}

/// Invitations by id, those after one, and at most so many.
pub fn list(from: &mut impl Select, after: &str, most: u32) -> Result<Vec<Invitation>, StoreError> {
    from.rows(concat!(all_invitations!(), " WHERE id > $after ORDER BY id LIMIT $most"), params! { after, most })?
        .iter()
        .map(read)
        .collect()
}

/// Gives invitations into a GLPI the names that were not known when they were made.
pub(crate) fn name_targets(tx: &mut Tx<'_>, connection: ConnectionId, names: &Names) -> Done<()> {
    let targets = tx.rows(
        "SELECT DISTINCT entity, is_recursive, profile, group_ids, target_names FROM invitations
          WHERE connection_id = $connection AND (entity IS NOT NULL OR profile IS NOT NULL OR group_ids <> '')",
        params! { connection },
    )?;
    for row in &targets {
        let (target, before): (_, Option<String>) = (target(row)?, row.get("target_names")?);
        let later = written(&called(before.as_deref())?.completed(names.called(&target)));
        if later == before {
            continue;
        }
        tx.changed(
            "UPDATE invitations SET target_names = $later
              WHERE connection_id = $connection AND entity IS NOT DISTINCT FROM $entity
                AND profile IS NOT DISTINCT FROM $profile AND group_ids = $group_ids
                AND target_names IS NOT DISTINCT FROM $before",
            params! {
                later,
                connection,
                entity: target.entity,
                profile: target.profile,
                group_ids: listed(&target.groups),
                before,
            },
        )?;
    }
    Ok(())
}

impl fmt::Debug for Created {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Created").field("invitation", &self.invitation).finish_non_exhaustive()
    }
}

fn keyed_hash(vault: &Vault, text: &str) -> String {
    vault.keyed_hash("latchkey/invitation", text.as_bytes())
}

fn listed(groups: &[u32]) -> String {
    groups.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
}

fn target(row: &Row) -> Result<Target, StoreError> {
    let groups: String = row.get("group_ids")?;
    let groups = groups.split_whitespace().map(str::parse).collect::<Result<Vec<u32>, _>>();
    Ok(Target {
        entity: row.get("entity")?,
        recursive: row.get::<i64>("is_recursive")? != 0,
        profile: row.get("profile")?,
        groups: groups.map_err(|error| StoreError::Corrupt(format!("groups of an invitation: {error}")))?,
    })
}

fn written(called: &Called) -> Option<String> {
    let Called { entity, profile, groups } = called;
    let nothing = entity.is_none() && profile.is_none() && groups.iter().all(Option::is_none);
    (!nothing).then(|| json!({ "entity": entity, "profile": profile, "groups": groups }).to_string())
}

fn called(written: Option<&str>) -> Result<Called, StoreError> {
    let Some(written) = written else { return Ok(Called::default()) };
    let json: Json = serde_json::from_str(written)
        .map_err(|error| StoreError::Corrupt(format!("the names of an invitation's target: {error}")))?;
    let text = |json: &Json| json.as_str().map(str::to_owned);
    Ok(Called {
        entity: text(&json["entity"]),
        profile: text(&json["profile"]),
        groups: json["groups"].as_array().into_iter().flatten().map(text).collect(),
    })
}

pub(crate) fn read(row: &Row) -> Result<Invitation, StoreError> {
    let domains: String = row.get("email_domains")?;
    Ok(Invitation {
        id: row.get("id")?,
        name: row.get("name")?,
        comment: row.get("comment")?,
        connection: row.get("connection_id")?,
        target: target(row)?,
        called: called(row.get::<Option<String>>("target_names")?.as_deref())?,
        limit: row.get("use_limit")?,
        uses: row.get("uses")?,
        begins_at: row.get("begins_at")?,
        ends_at: row.get("ends_at")?,
        email_domains: domains.split_whitespace().map(str::to_owned).collect(),
        language: row.get("language")?,
        created_at: row.get("created_at")?,
        suspended_at: row.get("suspended_at")?,
        revoked_at: row.get("revoked_at")?,
    })
}

#[cfg(test)]
mod tests {
    use latchkey_key::secret::SECRET_BYTES;

    use super::*;
    use crate::driver::Composed;
    use crate::value::Params;
    use crate::{Location, Master, Reader, Store, installation};

    /// A reader that keeps what it is asked, and how many rows came.
    struct Watched<'w, 'c>(&'w mut Reader<'c>, Vec<(&'static str, usize)>);

    impl Select for Watched<'_, '_> {
        fn rows(&mut self, sql: &'static str, params: Params<'_>) -> Result<Vec<Row>, StoreError> {
            let rows = self.0.rows(sql, params)?;
            self.1.push((sql, rows.len()));
            Ok(rows)
        }

        fn composed_rows(&mut self, sql: &Composed, _: Params<'_>) -> Result<Vec<Row>, StoreError> {
            Err(StoreError::Bug(format!("nothing is put together for a secret: {}", sql.as_str())))
        }
    }

    #[test]
    fn for_whoever_has_no_right_secret_the_same_is_done() {
        let (dir, now) = (tempfile::tempdir().unwrap(), Timestamp::from_millis(1_795_345_200_000));
        let (store, vault) =
            (Store::open(Location::embedded(dir.path()), now).unwrap(), Vault::new(Master::random().unwrap()));
        installation::establish(&store, &vault, now, &Actor::server()).unwrap();
        let order = Order::named(Name::parse("name", "Sales").unwrap());
        let there = vault.clone();
        let made = store.write_blocking(now, move |tx| create(tx, &there, &order, &Actor::server())).unwrap();
        let right = made.secret.reveal();
        let known = |text: &str| {
            store
                .read(|reader| {
                    let mut watched = Watched(reader, Vec::new());
                    let found = recognise(&mut watched, &vault, text)?;
                    Ok((found.map(|it| it.id), watched.1))
                })
                .unwrap()
        };
        let (found, asked) = known(&format!(" {right}\n"));
        assert_eq!(found.as_deref(), Some(made.invitation.id.as_str()));
        assert!(matches!(asked.as_slice(), [(_, 1)]), "{asked:?}");

        let [of_nobody, another] = [(); 2].map(|()| chance::secret(SecretKind::Invitation).unwrap());
        let of_its_id = SecretKey::renewed(SecretKind::Invitation, &made.invitation.id, &[7; SECRET_BYTES]).unwrap();
        assert_eq!(of_its_id.id(), made.invitation.id);
        let cut = &right[..right.len() - 1];
        let long = right.repeat(20);
        let first = known(of_nobody.reveal());
        assert!(matches!(first.1.as_slice(), [(_, 0)]), "one statement, and nothing is found: {first:?}");
        for wrong in [another.reveal(), of_its_id.reveal(), cut, &long, "", "nothing", "\0", &right.to_uppercase()] {
            assert_eq!(known(wrong), first, "{wrong:?}");
        }
    }
}
