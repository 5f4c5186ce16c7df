//! The figures of one run: for people as a table, for programs as JSON.
//!
//! A figure that has a bound says by itself whether it keeps it; one without is told because it explains another.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};

use crate::rounds::{Rounds, median};
use crate::{Failed, How};

/// All that was measured.
pub(crate) struct Report {
    command: String,
    machine: Machine,
    begun: Instant,
    date: String,
    seconds: u64,
    figures: Vec<Figure>,
}

/// One thing that was measured.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// A short name that stays the same.
    pub(crate) name: &'static str,
    /// What was measured, in words, with its own value.
    pub(crate) what: String,
    /// What it is measured against, with its value; empty where it stands alone.
    pub(crate) against: String,
    /// One value for each round.
    pub(crate) values: Vec<f64>,
    /// Which of the values counts.
    pub(crate) counts: Counts,
    /// Its unit; empty for a ratio.
    pub(crate) unit: &'static str,
    /// What it has to be.
    pub(crate) bound: Bound,
}

/// Which of several values counts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Counts {
    Median,
    Worst,
}

/// What a value has to be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
    /// It is told, and not judged.
    None,
}

/// Where it was measured.
struct Machine {
    processor: String,
    cores: usize,
    memory_gb: f64,
    file_system: String,
    load_before: String,
    load_after: String,
}

impl Report {
    /// An empty one.
    pub(crate) fn begin(how: &How) -> Result<Self, Failed> {
        std::fs::create_dir_all(&how.work)?;
        let arguments: Vec<String> = std::env::args().skip(1).collect();
        let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
        let now = latchkey_domain::time::Timestamp::from_millis(since.as_millis().try_into()?);
        Ok(Self {
            command: [vec!["latchkey-bench".to_owned()], arguments].concat().join(" "),
            machine: Machine::look(how)?,
            begun: Instant::now(),
            date: now.to_string().chars().take(10).collect(),
            seconds: 0,
            figures: Vec::new(),
        })
    }

    /// Adds a figure, and says it at once: a whole run takes minutes.
    pub(crate) fn add(&mut self, figure: Figure) {
        eprintln!("  = {}: {} {}", figure.name, figure.shown(), figure.judged());
        self.figures.push(figure);
    }

    /// The last is measured.
    pub(crate) fn end(&mut self) {
        self.machine.load_after = load();
        self.seconds = self.begun.elapsed().as_secs();
    }

    pub(crate) fn figures(&self) -> &[Figure] {
        &self.figures
    }

    pub(crate) fn every_bound_is_kept(&self) -> bool {
        self.figures.iter().all(|figure| figure.kept() != Some(false))
    }

    /// For people.
    pub(crate) fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(UTF8_HORIZONTAL_ONLY).set_content_arrangement(ContentArrangement::Dynamic);
        if table.width().is_none() {
            table.set_width(140);
        }
        table.set_header(["name", "what", "against", "value", "rounds", "bound", ""]);
        for figure in &self.figures {
            table.add_row([
                figure.name.to_owned(),
                figure.what.clone(),
                figure.against.clone(),
                figure.shown(),
                figure.spread(),
                figure.bound.shown(figure.unit),
                figure.judged().to_owned(),
            ]);
        }
        let Machine { processor, cores, memory_gb, file_system, load_before, load_after } = &self.machine;
        format!(
            "{table}\n{} on {}, {} s\n{cores} cores ({processor}), {memory_gb:.0} GB, {file_system}; load before {load_before}, after {load_after}",
            self.command, self.date, self.seconds,
        )
    }

    /// For programs.
    pub(crate) fn json(&self) -> String {
        let Machine { processor, cores, memory_gb, file_system, load_before, load_after } = &self.machine;
        let document = json!({
            "command": self.command,
            "date": self.date,
            "seconds": self.seconds,
            "machine": {
                "processor": processor,
                "cores": cores,
                "memory_gb": memory_gb,
                "file_system": file_system,
                "load_before": load_before,
                "load_after": load_after,
            },
            "figures": self.figures.iter().map(Figure::json).collect::<Vec<_>>(),
        });
        format!("{document:#}\n")
    }
}

impl Figure {
    /// How much slower or faster one thing is than another, by the rounds' ratios.
    pub(crate) fn ratio(name: &'static str, rounds: &Rounds, unit: &str, bound: Bound) -> Self {
        let [measured, against] = [&rounds.measured, &rounds.against].map(|values| number(median(values)));
        Self {
            name,
            what: format!("{}: {measured} {unit}", rounds.what),
            against: format!("{}: {against} {unit}", rounds.against_what),
            values: rounds.ratios(),
            counts: Counts::Median,
            unit: "",
            bound,
        }
    }

    /// The value that counts.
    pub(crate) fn value(&self) -> f64 {
        match (self.counts, self.bound) {
            (Counts::Median, _) => median(&self.values),
            (Counts::Worst, Bound::AtLeast(_)) => self.values.iter().copied().fold(f64::INFINITY, f64::min),
            (Counts::Worst, Bound::AtMost(_) | Bound::None) => self.values.iter().copied().fold(0.0, f64::max),
        }
    }

    /// Whether the bound is kept; `None` where there is none.
    pub(crate) fn kept(&self) -> Option<bool> {
        match self.bound {
            Bound::AtLeast(least) => Some(self.value() >= least),
            Bound::AtMost(most) => Some(self.value() <= most),
            Bound::None => None,
        }
    }

    fn judged(&self) -> &'static str {
        match self.kept() {
            Some(true) => "pass",
            Some(false) => "FAIL",
            None => "",
        }
    }

    /// The value that counts, for people.
    pub(crate) fn shown(&self) -> String {
        with_unit(self.value(), self.unit)
    }

    /// The least and the greatest of the values.
    fn spread(&self) -> String {
        let least = self.values.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = self.values.iter().copied().fold(0.0, f64::max);
        match self.values.len() {
            0 | 1 => String::new(),
            rounds => format!("{rounds}: {} – {}", number(least), number(greatest)),
        }
    }

    fn json(&self) -> Value {
        let (at_least, at_most) = match self.bound {
            Bound::AtLeast(least) => (Some(least), None),
            Bound::AtMost(most) => (None, Some(most)),
            Bound::None => (None, None),
        };
        let counts = match self.counts {
            Counts::Median => "median",
            Counts::Worst => "worst",
        };
        json!({
            "name": self.name,
            "what": self.what,
            "against": self.against,
            "value": self.value(),
            "counts": counts,
            "unit": self.unit,
            "values": self.values,
            "at_least": at_least,
            "at_most": at_most,
            "kept": self.kept(),
        })
    }
}

impl Bound {
    pub(crate) fn shown(self, unit: &str) -> String {
        match self {
            Self::AtLeast(least) => format!("≥ {}", with_unit(least, unit)),
            Self::AtMost(most) => format!("≤ {}", with_unit(most, unit)),
            Self::None => String::new(),
        }
    }
}

impl Machine {
    fn look(how: &How) -> Result<Self, Failed> {
        let processors = std::fs::read_to_string("/proc/cpuinfo")?;
        let memory = std::fs::read_to_string("/proc/meminfo")?;
        let after = |text: &str, name: &str| {
            let line = text.lines().find(|line| line.starts_with(name))?;
            line.split_once(':').map(|(_, value)| value.trim().to_owned())
        };
        let kilobytes = after(&memory, "MemTotal").and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
        Ok(Self {
            processor: after(&processors, "model name").unwrap_or_default(),
            cores: std::thread::available_parallelism()?.get(),
            memory_gb: kilobytes.unwrap_or_default() / 1e6,
            file_system: file_system(how)?,
            load_before: load(),
            load_after: String::new(),
        })
    }
}

/// What kind of file system the databases are on: of all mounts that lie above them, the deepest.
fn file_system(how: &How) -> Result<String, Failed> {
    let place = how.work.canonicalize()?;
    let mounts = std::fs::read_to_string("/proc/mounts")?;
    let above = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (at, kind) = (words.next()?, words.next()?);
        place.starts_with(at).then_some((at.len(), kind))
    });
    Ok(above.max_by_key(|(length, _)| *length).map(|(_, kind)| kind.to_owned()).unwrap_or_default())
}

/// The load of the last minute, as the system has it.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or_default().to_owned()
}

fn with_unit(value: f64, unit: &str) -> String {
    if unit.is_empty() { number(value) } else { format!("{} {unit}", number(value)) }
}

/// Three digits that say something, and no more.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size < 0.1 => format!("{value:.4}"),
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
