//! What an invitation can choose from: entities, profiles and groups, read page by page.

use serde_json::Value as Json;

use super::session::Session;
use super::{Fault, Verb, Wire, number, read};

/// Rows that are asked for at a time.
const PAGE: usize = 200;
/// More are not read: a list to choose from is of no use by then.
const MOST: usize = 5_000;

/// An entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Its id; 0 is the root.
    pub id: i64,
    /// Its own name.
    pub name: String,
    /// Its name with those above it: `Root entity > North`.
    pub path: String,
    /// The one above it.
    pub parent: Option<i64>,
}

/// A profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: i64,
    /// Its name with those above it.
    pub path: String,
}

/// All entities, each behind the one above it.
pub fn entities<W: Wire>(session: &Session<'_, W>) -> Result<Vec<Entity>, Fault> {
    let mut all: Vec<Entity> = rows(session, "Entity")?
        .iter()
        .filter_map(|row| {
            let id = number(&row["id"])?;
            Some(Entity {
                id,
                name: text(row, "name"),
                path: path(row),
                parent: number(&row["entities_id"]).filter(|_| id != 0),
            })
        })
        .collect();
    all.sort_by(|a, b| a.path.cmp(&b.path).then(a.id.cmp(&b.id)));
    Ok(all)
}

/// All profiles.
pub fn profiles<W: Wire>(session: &Session<'_, W>) -> Result<Vec<Profile>, Fault> {
    let rows = rows(session, "Profile")?;
    Ok(rows.iter().filter_map(|row| Some(Profile { id: number(&row["id"])?, name: text(row, "name") })).collect())
}

/// All groups.
pub fn groups<W: Wire>(session: &Session<'_, W>) -> Result<Vec<Group>, Fault> {
    let rows = rows(session, "Group")?;
    Ok(rows.iter().filter_map(|row| Some(Group { id: number(&row["id"])?, path: path(row) })).collect())
}

fn rows<W: Wire>(session: &Session<'_, W>, kind: &str) -> Result<Vec<Json>, Fault> {
    let mut all = Vec::new();
    while all.len() < MOST {
        let (from, to) = (all.len(), all.len() + PAGE - 1);
        let heard = session.heard(Verb::Get, format!("{kind}?range={from}-{to}"), None)?;
        let page = match read(&heard) {
            Ok(Json::Array(page)) => page,
            Ok(_) => return Err(Fault::NotGlpi { status: heard.status }),
            // There are none at all, or as many as were read.
            Err(Fault::Refused { code }) if code == "ERROR_RANGE_EXCEED_TOTAL" => break,
            Err(fault) => return Err(fault),
        };
        let (read, whole) = (page.len(), heard.status == 200);
        all.extend(page);
        if whole || read < PAGE {
            break;
        }
    }
    Ok(all)
}

/// A name as people read it. GLPI 9.5 and 10 keep `<`, `>` and `&` as entities of HTML, the marks between the levels of a tree
/// among them.
fn text(row: &Json, member: &str) -> String {
    let kept = row[member].as_str().unwrap_or_default();
    let plain = [("&#60;", "<"), ("&lt;", "<"), ("&#62;", ">"), ("&gt;", ">"), ("&#38;", "&"), ("&amp;", "&")];
    plain.iter().fold(kept.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

fn path(row: &Json) -> String {
    let whole = text(row, "completename");
    if whole.is_empty() { text(row, "name") } else { whole }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_as_people_read_them() {
        for (kept, read) in [
            ("Root entity &#62; R&#38;D", "Root entity > R&D"),
            ("Root entity &gt; R&amp;D", "Root entity > R&D"),
            ("Root entity > R&D", "Root entity > R&D"),
            ("&#38;#62;", "&#62;"),
        ] {
            let row = json!({ "completename": kept, "name": "x" });
            assert_eq!(path(&row), read, "{kept}");
        }
        assert_eq!(path(&json!({ "completename": "", "name": "Staff" })), "Staff");
    }
}
