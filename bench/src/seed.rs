//! A house with many keys, made once and kept.
//!
//! The keys are issued through the store's own operation, each to a customer of its own: the case that takes most
//! memory, since no two entries share an owner. Each is bound to a GLPI of its own. Their texts are kept beside the database, because that is what a GLPI
//! would present.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use latchkey_store::SCHEMA;

use crate::glpi::uid_of;
use crate::house::{House, empty_directory};
use crate::{Failed, How};

/// Callers that issue at once: as many as go into two groups of the writer.
const CALLERS: usize = 512;
/// What is sold, in turn; all from the first start.
const OFFERS: [&str; 4] = ["free", "basic", "standard", "advanced"];

/// The house, closed.
pub(crate) struct Seeded {
    pub(crate) data_dir: PathBuf,
    pub(crate) keys: Texts,
}

/// The texts of many keys, all of one length, one after another.
#[derive(Clone)]
pub(crate) struct Texts {
    bytes: Arc<[u8]>,
    length: usize,
}

impl Texts {
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / (self.length + 1)
    }

    /// The text at this place; places beyond the end begin anew.
    pub(crate) fn at(&self, place: usize) -> &[u8] {
        let begin = place % self.len() * (self.length + 1);
        &self.bytes[begin..begin + self.length]
    }

    fn read(file: &Path) -> Result<Self, Failed> {
        let bytes: Arc<[u8]> = std::fs::read(file)?.into();
        let length = bytes.iter().position(|byte| *byte == b'\n').ok_or("no key in the file of keys")?;
        let whole = bytes.chunks(length + 1).all(|line| line.len() == length + 1 && line[length] == b'\n');
        if whole { Ok(Self { bytes, length }) } else { Err("keys of several lengths".into()) }
    }
}

/// Finds the house of an earlier run, or makes it.
pub(crate) fn seeded(how: &How, count: usize) -> Result<Seeded, Failed> {
    let name = format!("{count}-keys");
    let kept = how.work.join(&name);
    let mark = format!("schema {SCHEMA}, {count} keys, one customer and one GLPI each\n");
    // Written last, so that it is there only where everything else is.
    let mark_file = kept.join("seeded");
    if std::fs::read_to_string(&mark_file).is_ok_and(|found| found == mark) {
        eprintln!("{count} keys are there from an earlier run, in {}", kept.display());
    } else {
        let data_dir = empty_directory(&how.work, &name)?;
        issue_all(&data_dir, count)?;
        std::fs::write(&mark_file, mark)?;
    }
    let data_dir = kept.canonicalize()?;
    Ok(Seeded { keys: Texts::read(&data_dir.join("keys.txt"))?, data_dir })
}

fn issue_all(data_dir: &Path, count: usize) -> Result<(), Failed> {
    let begun = Instant::now();
    let house = House::embedded(data_dir)?;
    let mut file = BufWriter::new(std::fs::File::create(data_dir.join("keys.txt"))?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let next = Arc::new(AtomicUsize::new(0));
    let (texts, issued) = std::sync::mpsc::sync_channel::<String>(CALLERS * 4);
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (house, next, texts) = (house.clone(), next.clone(), texts.clone());
            runtime.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return Ok::<_, Failed>(());
                    }
                    let offer = OFFERS[number % OFFERS.len()];
                    let issued = house.issue(format!("Customer {number:07} of the bench"), offer).await?;
                    house
                        .bind(issued.key.id, house.read(issued.key.id)?, uid_of(issued.text.reveal().as_bytes()))
                        .await?;
                    texts.send(issued.text.reveal().to_owned())?;
                }
            })
        })
        .collect();
    drop(texts);
    let mut said = Instant::now();
    for (done, text) in issued.iter().enumerate() {
        writeln!(file, "{text}")?;
        if said.elapsed() > Duration::from_secs(5) {
            said = Instant::now();
            let rate = done as f64 / begun.elapsed().as_secs_f64();
            eprintln!("  {done} of {count} keys issued and bound, {rate:.0} a second");
        }
    }
    for caller in callers {
        runtime.block_on(caller)??;
    }
    file.flush()?;
    eprintln!("{count} keys issued and bound in {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}
