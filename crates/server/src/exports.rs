//! Everything there is, as rows of a spreadsheet or as lines of JSON: for the command line and for the API.
//!
//! Pages are read one after another, not in one snapshot, so that a slow reader holds nothing up.

mod kinds;
mod rows;

use std::io::{self, Write};

pub use kinds::Kind;
use latchkey_domain::time::Timestamp;
use latchkey_store::{Store, StoreError};
use serde::Serialize;
use serde_json::Value as Json;

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a line of names; what a spreadsheet would take for a formula begins with an apostrophe.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Why an export was not made.
#[derive(Debug)]
pub enum Failed {
    /// The database did not give it.
    Store(StoreError),
    /// The other side did not take it.
    Written(io::Error),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        Self::Written(error)
    }
}

/// Gives all rows of a kind out, and returns how many there were; `step` is told after each row. States are those at `now`.
pub fn write(
    kind: Kind,
    format: Format,
    store: &Store,
    now: Timestamp,
    out: impl Write,
    step: impl FnMut(u64),
) -> Result<u64, Failed> {
    let mut sheet = Sheet::begin(kind, format, out, step)?;
    rows::write(kind, store, now, &mut sheet)?;
    sheet.finish()
}

impl Format {
    /// Its name, as people type it and as its file ends.
    pub fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
        }
    }
}

/// Where rows go.
struct Sheet<W: Write, S> {
    out: Out<W>,
    columns: &'static [&'static str],
    rows: u64,
    step: S,
}

enum Out<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

impl<W: Write, S: FnMut(u64)> Sheet<W, S> {
    fn begin(kind: Kind, format: Format, out: W, step: S) -> io::Result<Self> {
        let columns = kind.columns();
        let out = match format {
            Format::Csv => {
                let mut out = csv::Writer::from_writer(out);
                out.write_record(columns)?;
                Out::Csv(Box::new(out))
            }
            Format::Jsonl => Out::Jsonl(out),
        };
        Ok(Self { out, columns, rows: 0, step })
    }

    fn row(&mut self, record: &impl Serialize) -> Result<(), Failed> {
        self.rows += 1;
        (self.step)(self.rows);
        match &mut self.out {
            Out::Csv(out) => {
                out.write_record(fields(self.columns, record)?).map_err(io::Error::from)?;
            }
            Out::Jsonl(out) => {
                serde_json::to_writer(&mut *out, record).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<u64, Failed> {
        match self.out {
            Out::Csv(mut out) => out.flush()?,
            Out::Jsonl(mut out) => out.flush()?,
        }
        Ok(self.rows)
    }
}

/// The members of a record that have these names, each as a field of a spreadsheet; one that is not there is empty.
pub(crate) fn fields(columns: &[&str], record: &impl Serialize) -> io::Result<Vec<String>> {
    let row = serde_json::to_value(record)?;
    Ok(columns.iter().map(|column| field(row.get(*column).unwrap_or(&Json::Null))).collect())
}

fn field(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => harmless(text),
        Json::Number(number) => number.to_string(),
        Json::Bool(_) | Json::Array(_) | Json::Object(_) => value.to_string(),
    }
}

/// A spreadsheet takes a field that begins like a formula for one, and runs it. An apostrophe makes it text; `import`
/// takes it away again.
pub fn harmless(text: &str) -> String {
    if begins_a_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// Whether a spreadsheet would take a field for a formula.
pub fn begins_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_field_is_a_formula() {
        assert_eq!(field(&json!("=HYPERLINK(\"http://x\")")), "'=HYPERLINK(\"http://x\")");
        for text in ["+1", "-1", "@A1"] {
            assert_eq!(field(&json!(text)), format!("'{text}"));
        }
        assert_eq!(field(&json!("Acme = Co")), "Acme = Co");
        assert_eq!(field(&json!(-1)), "-1", "a number is one");
    }
}
