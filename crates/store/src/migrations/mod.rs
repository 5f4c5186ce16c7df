//! The schema, in numbered steps that only go forward.
//!
//! A step first expands; what an older program still needs is taken away by a later step, together with a higher
//! `oldest_program`. So programs of two versions can share a database, and only one that is too old refuses to start.

mod names;

use latchkey_domain::time::Timestamp;

use crate::StoreError;
use crate::driver::Driver;
use crate::value::params;

/// The schema that this program knows.
pub const SCHEMA: i64 = 19;

/// One step.
struct Step {
    version: i64,
    name: &'static str,
    /// The oldest schema that a program has to know to use the database after this step. It never goes down: a program looks
    /// at the last step's alone.
    oldest_program: i64,
    /// Statements; `{text}` stands for the type of a text column, and `{number}` for that of a number by which rows are kept.
    sql: &'static str,
    /// What no statement can say, done after them.
    then: fn(&mut dyn Driver) -> Result<(), StoreError>,
}

const STEPS: &[Step] = &[
    step(1, 1, "the house", include_str!("0001_the_house.sql")),
    step(2, 1, "the API", include_str!("0002_api.sql")),
    step(3, 1, "erasure", include_str!("0003_erasure.sql")),
    // An older program folds names in its own way, and would add a customer that is there.
    Step { version: 4, name: "names as Unicode has them", oldest_program: 4, sql: "", then: names::fold_anew },
    step(5, 4, "lists and last questions", include_str!("0005_lists.sql")),
    step(6, 4, "operators", include_str!("0006_operators.sql")),
    step(7, 4, "the time zone", include_str!("0007_time_zone.sql")),
    step(8, 4, "enrollment", include_str!("0008_enrollment.sql")),
    // An older program knows no seats: it would let in whoever asks, and erase a customer without its addresses.
    step(9, 9, "instances", include_str!("0009_instances.sql")),
    step(10, 9, "the marketplace", include_str!("0010_marketplace.sql")),
    step(11, 9, "connections to GLPIs", include_str!("0011_connections.sql")),
    step(12, 9, "invitations", include_str!("0012_invitations.sql")),
    // An older program does not know how an erased registration stands.
    step(13, 13, "terms", include_str!("0013_terms.sql")),
    step(14, 13, "what waits", include_str!("0014_what_waits.sql")),
    // An older program would keep messages whose turn never comes.
    step(15, 15, "turns", include_str!("0015_turns.sql")),
    Step {
        version: 16,
        name: "names and places",
        oldest_program: 15,
        sql: include_str!("0016_names_and_places.sql"),
        then: names::fold_plugins,
    },
    step(17, 15, "seats and sites", include_str!("0017_seats_and_sites.sql")),
    step(18, 15, "who runs what", include_str!("0018_who_runs_what.sql")),
    // An older program would leave the second secret of a connection that it removes, and keep messages that never make way.
    step(19, 19, "shown and spared", include_str!("0019_shown_and_spared.sql")),
];

/// A step of statements alone.
const fn step(version: i64, oldest_program: i64, name: &'static str, sql: &'static str) -> Step {
    Step { version, name, oldest_program, sql, then: |_| Ok(()) }
}

/// What was done to a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The schema before; 0 for a new database.
    pub from: i64,
    /// The schema now.
    pub to: i64,
}

/// Applies what is missing, in one transaction.
pub(crate) fn apply(driver: &mut dyn Driver, now: Timestamp) -> Result<Applied, StoreError> {
    // A look without a lock first: a database that is up to date may be one that somebody else is writing to.
    if let Some(found) = current(driver)?
        && found >= SCHEMA
    {
        return Ok(Applied { from: found, to: found });
    }
    driver.begin_schema()?;
    match apply_up_to(driver, SCHEMA, now) {
        Ok(applied) => driver.commit().map(|()| applied),
        Err(error) => {
            let _ = driver.batch("ROLLBACK");
            Err(error)
        }
    }
}

/// Applies what an earlier program would have.
pub(crate) fn apply_as(driver: &mut dyn Driver, schema: i64, now: Timestamp) -> Result<Applied, StoreError> {
    driver.begin_schema()?;
    let applied = apply_up_to(driver, schema, now)?;
    driver.commit().map(|()| applied)
}

/// Whether any were ever applied. Another program may have a table that is named like one of ours.
pub(crate) fn are_there(driver: &mut dyn Driver) -> Result<bool, StoreError> {
    Ok(driver.has("schema_versions")? && driver.has("feed_head")?)
}

/// Applies what is missing up to a schema, in a transaction that holds the schema's lock.
pub(crate) fn apply_up_to(driver: &mut dyn Driver, to: i64, now: Timestamp) -> Result<Applied, StoreError> {
    let from = match current(driver)? {
        Some(from) => from,
        None => refuse_foreign(driver).map(|()| 0)?,
    };
    for step in STEPS.iter().filter(|step| step.version > from && step.version <= to) {
        let sql = step.sql.replace("{text}", driver.text_type()).replace("{number}", driver.row_number_type());
        driver.batch(&sql)?;
        (step.then)(driver)?;
        driver.rows(
            "INSERT INTO schema_versions (version, name, oldest_program, applied_at)
             VALUES ($version, $name, $oldest_program, $now)",
            params! { version: step.version, name: step.name, oldest_program: step.oldest_program, now },
        )?;
    }
    Ok(Applied { from, to: to.max(from) })
}

/// Says what is in the way of a new schema. A database of another program is most likely a slip in the URL.
fn refuse_foreign(driver: &mut dyn Driver) -> Result<(), StoreError> {
    let mut found = Vec::new();
    for name in STEPS.iter().flat_map(|step| made_by(step.sql)) {
        if driver.has(name)? {
            found.push(name);
        }
    }
    if found.is_empty() { Ok(()) } else { Err(StoreError::Foreign(found.join(", "))) }
}

/// What a step's statements make.
fn made_by(sql: &str) -> impl Iterator<Item = &str> {
    sql.lines().filter_map(|line| {
        let mut words = line.strip_prefix("CREATE ")?.split_whitespace().skip_while(|word| *word == "UNIQUE");
        matches!(words.next(), Some("TABLE" | "INDEX")).then(|| words.next()).flatten()
    })
}

/// The schema of the database, `None` for a new one; an error where this program is too old for it.
pub(crate) fn current(driver: &mut dyn Driver) -> Result<Option<i64>, StoreError> {
    if !are_there(driver)? {
        return Ok(None);
    }
    let rows =
        driver.rows("SELECT version, oldest_program FROM schema_versions ORDER BY version DESC LIMIT 1", params! {})?;
    let Some(row) = rows.first() else {
        return Ok(None);
    };
    let (found, needs): (i64, i64) = (row.get("version")?, row.get("oldest_program")?);
    if needs > SCHEMA {
        return Err(StoreError::NewerSchema { found, needs, known: SCHEMA });
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_and_let_no_program_back_in() {
        for (at, pair) in STEPS.windows(2).enumerate() {
            let [before, after] = pair else { continue };
            assert_eq!((before.version, after.version), (at as i64 + 1, at as i64 + 2));
            assert!(
                before.oldest_program <= after.oldest_program && after.oldest_program <= after.version,
                "{}",
                after.name
            );
        }
        assert_eq!(STEPS.last().map(|step| step.version), Some(SCHEMA));
    }

    #[test]
    fn what_a_step_makes_is_read_from_its_statements() {
        let all: Vec<&str> = STEPS.iter().flat_map(|step| made_by(step.sql)).collect();
        for name in ["schema_versions", "feed", "keys", "jobs_due", "api_tokens"] {
            assert!(all.contains(&name), "{name}: {all:?}");
        }
        assert!(all.iter().all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '_')), "{all:?}");
        let made = STEPS.iter().map(|step| step.sql.matches("CREATE ").count()).sum::<usize>();
        assert_eq!(all.len(), made, "nothing that a step makes is overlooked");
    }
}
