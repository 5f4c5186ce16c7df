//! How things are printed: for people or as JSON, with colours or without, with advice or without.
//!
//! Commands fill a [`Page`] with styled text, or make a JSON value; only this module writes. Whoever closes standard
//! output early (`| head`) has seen enough: that is no problem and ends quietly.

mod table;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, ErrorKind, IsTerminal as _, Write};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::ColorChoice;
use comfy_table::{Cell, Color};
use serde_json::Value as Json;

use crate::args::Global;
use crate::data_dir::cause;
use crate::problem::{Exit, Problem};

pub(crate) use table::terminal_width;

#[derive(Debug, Clone)]
pub(crate) struct Printer {
    json: bool,
    quiet: bool,
    verbose: bool,
    color: ColorChoice,
}

/// What a word means, as far as a colour can say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// Nothing special.
    Plain,
    /// All is well.
    Good,
    /// Somebody should act.
    Careful,
    /// It does not work.
    Bad,
    /// Beside the point.
    Faint,
}

impl Printer {
    pub(crate) fn new(global: &Global) -> Self {
        Self { json: global.json, quiet: global.quiet, verbose: global.verbose, color: global.color }
    }

    /// For what has to be said about arguments that do not read: they are searched for the two flags that matter then.
    pub(crate) fn for_arguments(arguments: &[OsString]) -> Self {
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        let color = match (has("--color=never"), has("--color=always")) {
            (true, _) => ColorChoice::Never,
            (false, true) => ColorChoice::Always,
            (false, false) => arguments
                .windows(2)
                .find_map(|pair| match (pair[0].to_str()?, pair[1].to_str()?) {
                    ("--color", "never") => Some(ColorChoice::Never),
                    ("--color", "always") => Some(ColorChoice::Always),
                    _ => None,
                })
                .unwrap_or(ColorChoice::Auto),
        };
        Self { json: has("--json"), quiet: false, verbose: false, color }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    pub(crate) fn color(&self) -> ColorChoice {
        self.color
    }

    /// The result of a command, in one of its two forms.
    pub(crate) fn answer(&self, json: impl FnOnce() -> Json, page: impl FnOnce(&mut Page)) -> Result<(), Problem> {
        if self.json {
            return self.document(&json());
        }
        self.page(page)
    }

    /// One JSON document.
    pub(crate) fn document(&self, json: &Json) -> Result<(), Problem> {
        self.out(&format!("{json:#}\n"))
    }

    /// A page for people.
    pub(crate) fn page(&self, fill: impl FnOnce(&mut Page)) -> Result<(), Problem> {
        let mut page = Page { text: String::new(), quiet: self.quiet, advised: false };
        fill(&mut page);
        self.out(&page.text)
    }

    /// Says what went wrong, and gives the exit code.
    pub(crate) fn problem(&self, problem: &Problem) -> Exit {
        let text = if self.json {
            serde_json::to_string_pretty(problem).unwrap_or_else(|_| problem.detail.clone())
        } else {
            let error = Style::new().bold().fg_color(Some(AnsiColor::Red.into()));
            let mut text = format!("{error}error:{error:#} {}", problem.detail);
            if !problem.next_step.is_empty() {
                text.push_str("\n  ");
                text.push_str(&problem.next_step);
            }
            text
        };
        self.err(&text);
        problem.exit
    }

    /// Something to know beside the result.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet && !self.json {
            self.err(text);
        }
    }

    /// Something that goes without saying.
    pub(crate) fn aside(&self, text: &str) {
        if self.verbose {
            self.err(text);
        }
    }

    /// Whether something that moves may be shown on standard error.
    pub(crate) fn may_move(&self) -> bool {
        !self.quiet && !self.json && io::stderr().is_terminal()
    }

    /// Whether whoever reads standard error wants colours there.
    pub(crate) fn colors_errors(&self) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never,
        }
    }

    fn out(&self, text: &str) -> Result<(), Problem> {
        let mut out = AutoStream::new(io::stdout().lock(), self.stream_color());
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Problem::unable(
                "OUTPUT_FAILED",
                "Output not written",
                format!("the output cannot be written: {}", cause(&error)),
                "what the command did, it did; look before you repeat it: latchkey audit log",
            )),
        }
    }

    fn err(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr().lock(), self.stream_color());
        // There is no third place to complain to.
        let _ = writeln!(err, "{text}");
    }

    fn stream_color(&self) -> anstream::ColorChoice {
        match self.color {
            ColorChoice::Auto => anstream::ColorChoice::Auto,
            ColorChoice::Always => anstream::ColorChoice::Always,
            ColorChoice::Never => anstream::ColorChoice::Never,
        }
    }
}

/// Text for people, with its colours; they are taken out on the way where nobody wants them.
pub(crate) struct Page {
    text: String,
    quiet: bool,
    advised: bool,
}

impl Page {
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(crate) fn heading(&mut self, text: &str) {
        let bold = Style::new().bold();
        self.line(format!("{bold}{text}{bold:#}"));
    }

    /// What can be done next, apart from the rest; not for whoever wants no advice.
    pub(crate) fn advice(&mut self, text: impl AsRef<str>) {
        if self.quiet {
            return;
        }
        if !self.advised {
            self.blank();
        }
        self.advised = true;
        self.line(text);
    }

    /// Facts as aligned lines: label, value. Those without a value are left out.
    pub(crate) fn facts(&mut self, facts: &[(&str, Option<String>)]) {
        let width = facts.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
        let faint = Tone::Faint.style();
        for (label, value) in facts {
            if let Some(value) = value {
                self.line(format!("  {faint}{label:width$}{faint:#}  {value}"));
            }
        }
    }

    /// A list. Columns in `elastic` are broken between words where the terminal is too narrow; all others stay whole.
    pub(crate) fn table(&mut self, headers: &[&str], elastic: &[usize], rows: Vec<Vec<(String, Tone)>>) {
        table::lines(headers, elastic, rows).iter().for_each(|line| self.line(line));
    }
}

impl Tone {
    /// The same text in this tone.
    pub(crate) fn paint(self, text: impl AsRef<str>) -> String {
        let (style, mut painted) = (self.style(), String::new());
        // Writing to a string cannot fail.
        let _ = write!(painted, "{style}{}{style:#}", text.as_ref());
        painted
    }

    fn style(self) -> Style {
        let colored = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
        match self {
            Self::Plain => Style::new(),
            Self::Good => colored(AnsiColor::Green),
            Self::Careful => colored(AnsiColor::Yellow),
            Self::Bad => colored(AnsiColor::Red),
            Self::Faint => colored(AnsiColor::BrightBlack),
        }
    }

    fn cell(self, text: &str) -> Cell {
        let cell = Cell::new(text);
        match self {
            Self::Plain => cell,
            Self::Good => cell.fg(Color::DarkGreen),
            Self::Careful => cell.fg(Color::DarkYellow),
            Self::Bad => cell.fg(Color::DarkRed),
            Self::Faint => cell.fg(Color::DarkGrey),
        }
    }
}
