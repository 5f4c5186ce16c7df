//! Making a backup, while everything goes on.

use std::collections::BTreeMap;
use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use latchkey_domain::time::Timestamp;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::tables::{SECTIONS, Section};
use super::{FORMAT, Header, MAGIC, Trouble};
use crate::value::Value;
use crate::{Reader, Store, StoreError, installation, migrations};

/// Writes everything to `out`, as it was at one moment. `progress` is told how many rows were written, and of how many.
///
/// Memory stays bounded, and nobody waits for it. SQLite's log grows while it runs, since it still needs what is changed.
pub fn write(
    store: &Store,
    now: Timestamp,
    out: impl Write,
    mut progress: impl FnMut(u64, u64),
) -> Result<Header, Trouble> {
    let kind = store.location().name();
    // What the output has to say passes through the reader, which only knows the database's errors.
    store.read(|reader| match write_snapshot(reader, kind, now, out, &mut progress) {
        Err(Trouble::Store(error)) => Err(error),
        outcome => Ok(outcome),
    })?
}

fn write_snapshot(
    reader: &mut Reader<'_>,
    kind: &str,
    now: Timestamp,
    out: impl Write,
    progress: &mut impl FnMut(u64, u64),
) -> Result<Header, Trouble> {
    let header = header(reader, kind, now)?;
    let mut out = Digesting { out, digest: Sha256::new() };
    writeln!(out, "{MAGIC}{FORMAT}")?;
    writeln!(out, "{}", json!(header))?;
    // Fast: a server beside it has better things to do.
    let mut body = GzEncoder::new(out, Compression::fast());
    let (mut done, total) = (0, header.total());
    for section in SECTIONS {
        writeln!(body, "{}", json!({ "section": section.name, "columns": section.columns }))?;
        let mut last: Option<Value> = None;
        loop {
            let page = match &last {
                None => reader.driver().run(&section.page(true), &[])?,
                Some(key) => reader.driver().run(&section.page(false), std::slice::from_ref(key))?,
            };
            for row in &page {
                let row: Vec<Json> = row.iter().map(as_json).collect();
                serde_json::to_writer(&mut body, &row).map_err(io::Error::from)?;
                body.write_all(b"\n")?;
            }
            done += page.len() as u64;
            progress(done, total);
            match page.into_iter().next_back() {
                Some(row) => last = row.into_iter().next(),
                None => break,
            }
        }
    }
    let mut out = body.finish()?;
    let digest = std::mem::take(&mut out.digest).finalize();
    out.out.write_all(&digest)?;
    out.out.flush()?;
    Ok(header)
}

fn header(reader: &mut Reader<'_>, kind: &str, now: Timestamp) -> Result<Header, StoreError> {
    let known = migrations::SCHEMA;
    let schema = migrations::current(reader.driver())?.unwrap_or(0);
    if schema > known {
        // This program may use such a database, but does not know all that is in it.
        return Err(StoreError::NewerSchema { found: schema, needs: schema, known });
    }
    let installation =
        installation::load(reader)?.ok_or_else(|| StoreError::Corrupt("there is no installation in it".into()))?;
    let mut rows = BTreeMap::new();
    for section in SECTIONS {
        rows.insert(section.name.to_owned(), count(reader, section)?);
    }
    Ok(Header {
        schema,
        created_at: now.millis(),
        database: kind.to_owned(),
        master_key_fingerprint: installation.master_key_fingerprint,
        publisher: installation.publisher.to_string(),
        rows,
    })
}

fn count(reader: &mut Reader<'_>, section: &Section) -> Result<u64, StoreError> {
    match reader.driver().run(&section.count(), &[])?.first().and_then(|row| row.first()) {
        Some(Value::Int(count)) => Ok(count.unsigned_abs()),
        Some(Value::Null | Value::Text(_)) | None => Err(StoreError::Bug("a count is no number".into())),
    }
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
    }
}

/// Takes the digest of what passes.
struct Digesting<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
