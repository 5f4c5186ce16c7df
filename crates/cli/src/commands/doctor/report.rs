//! The findings, for people and for scripts.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use latchkey_texts::Language;
use latchkey_texts::doctor::{Chapter, Sight, sight};
use serde_json::{Value as Json, json};

use super::child::Account;
use super::finding::{Check, Finding, Said, Status, View};
use super::visit::Visit;
use crate::printer::{Printer, Tone, terminal_width};
use crate::problem::Problem;

/// Lines for people are broken before they are longer, in characters; earlier where the terminal is narrower.
const WIDTH: usize = 100;
/// Narrower than this and words are broken by the terminal, in characters.
const NARROWEST: usize = 48;

/// Takes findings as they come: people read along, scripts get one document at the end.
pub(super) struct Report<'p> {
    printer: &'p Printer,
    language: Language,
    width: usize,
    chapter: Option<Chapter>,
    checks: Vec<Json>,
    /// What was not looked at for one reason, told in one line: the checks, and the reason.
    passed_over: (Vec<&'static str>, String),
    fine: usize,
    warnings: usize,
    errors: usize,
}

impl<'p> Report<'p> {
    pub(super) fn new(printer: &'p Printer, language: Language) -> Self {
        Self {
            printer,
            language,
            width: terminal_width().map_or(WIDTH, |width| width.clamp(NARROWEST, WIDTH)),
            chapter: None,
            checks: Vec::new(),
            passed_over: Default::default(),
            fine: 0,
            warnings: 0,
            errors: 0,
        }
    }

    /// Something that moves while a slow check runs, where somebody sees it.
    pub(super) fn working(&self, check: &Check) -> ProgressBar {
        if check.slow { self.moving(check.id) } else { ProgressBar::hidden() }
    }

    /// The same, while this is looked at.
    pub(super) fn moving(&self, what: &str) -> ProgressBar {
        if !self.printer.may_move() {
            return ProgressBar::hidden();
        }
        let style =
            ProgressStyle::with_template("{spinner} {msg}").unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style);
        bar.set_message(sight(Sight::Working, &[("what", what.to_owned())], self.language));
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }

    pub(super) fn take(&mut self, check: &Check, finding: &Finding, visit: &Visit) -> Result<(), Problem> {
        match finding.status {
            Status::Ok => self.fine += 1,
            Status::Warning => self.warnings += 1,
            Status::Error => self.errors += 1,
            Status::Skipped => {}
        }
        let said = finding.say(self.language);
        let view = self.view(finding.view, visit);
        if self.printer.is_json() {
            self.checks.push(as_json(check, finding.status, &said, &view));
            return Ok(());
        }
        if self.printer.is_quiet() && matches!(finding.status, Status::Ok | Status::Skipped) {
            return Ok(());
        }
        let skipped = finding.status == Status::Skipped;
        if !(skipped && said.seen == self.passed_over.1) || self.chapter != Some(check.chapter) {
            self.tell_passed_over()?;
        }
        let (language, width) = (self.language, self.width);
        let begins = self.chapter != Some(check.chapter);
        let first = self.chapter.is_none();
        self.chapter = Some(check.chapter);
        if skipped {
            self.passed_over.0.push(check.id);
            self.passed_over.1.clone_from(&said.seen);
        }
        self.printer.page(|page| {
            if begins {
                if !first {
                    page.blank();
                }
                page.heading(&sight(check.chapter.heading(), &[], language));
            }
            if !skipped {
                lines(finding.status, &said, &view, language, width).into_iter().for_each(|line| page.line(line));
            }
        })
    }

    /// Says what was not looked at since the last time.
    fn tell_passed_over(&mut self) -> Result<(), Problem> {
        let (checks, why) = std::mem::take(&mut self.passed_over);
        if checks.is_empty() {
            return Ok(());
        }
        let (text, width) = (format!("{}: {why}", checks.join(", ")), self.width);
        self.printer.page(|page| {
            for (at, line) in broken(&text, width - 4).iter().enumerate() {
                page.line(Tone::Faint.paint(format!("  {} {line}", if at == 0 { "·" } else { " " })));
            }
        })
    }

    /// Ends it. True where something is worse than a warning.
    pub(super) fn end(mut self) -> Result<bool, Problem> {
        self.tell_passed_over()?;
        let language = self.language;
        self.printer.answer(
            || json!({ "checks": self.checks }),
            |page| {
                page.blank();
                let (tone, sum) = if self.errors + self.warnings == 0 {
                    (Tone::Good, sight(Sight::SumClean, &[("fine", self.fine.to_string())], language))
                } else {
                    let values = [("errors", self.errors.to_string()), ("warnings", self.warnings.to_string())];
                    let tone = if self.errors > 0 { Tone::Bad } else { Tone::Careful };
                    (tone, sight(Sight::SumFaults, &values, language))
                };
                broken(&sum, self.width).iter().for_each(|line| page.line(tone.paint(line)));
            },
        )?;
        Ok(self.errors > 0)
    }

    fn view(&self, view: View, visit: &Visit) -> String {
        let user = |name: String| vec![("user", name)];
        let web = || visit.web_account().map_or_else(|| Account::own().name, |account| account.name.clone());
        let (view, values) = match view {
            View::Program => (Sight::ViewProgram, user(Account::own().name)),
            View::Php => (Sight::ViewPhp, user(visit.php_user())),
            View::WebUser => (Sight::ViewWebUser, user(web())),
            View::Computed => (Sight::ViewComputed, user(web())),
            View::Service => (Sight::ViewService, Vec::new()),
        };
        sight(view, &values, self.language)
    }
}

fn as_json(check: &Check, status: Status, said: &Said, view: &str) -> Json {
    json!({
        "id": check.id,
        "status": match status {
            Status::Ok => "ok",
            Status::Warning => "warning",
            Status::Error => "error",
            Status::Skipped => "skipped",
        },
        "code": said.code,
        "view": view,
        "seen": said.seen,
        "why": said.why,
        "next_step": said.next_step,
    })
}

fn lines(status: Status, said: &Said, view: &str, language: Language, most: usize) -> Vec<String> {
    let (mark, tone) = match status {
        Status::Ok => ("✓", Tone::Good),
        Status::Warning => ("!", Tone::Careful),
        Status::Error => ("✗", Tone::Bad),
        Status::Skipped => ("·", Tone::Faint),
    };
    let Some(code) = said.code else {
        let mut broken = broken(&said.seen, most - 4).into_iter();
        let first = broken.next().unwrap_or_default();
        let head = format!("  {} {first}", tone.paint(mark));
        return std::iter::once(head).chain(broken.map(|line| format!("    {line}"))).collect();
    };
    let mut lines = vec![format!("  {} {}  {}", tone.paint(mark), tone.paint(&said.title), Tone::Faint.paint(code))];
    lines.extend(broken(&said.seen, most - 4).into_iter().map(|line| format!("    {line}")));
    let labels = [Sight::LabelView, Sight::LabelWhy, Sight::LabelNext].map(|label| sight(label, &[], language));
    let width = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    for (label, text) in labels.iter().zip([view, &said.why, &said.next_step]) {
        let padding = " ".repeat(width - label.chars().count());
        for (at, line) in broken(text, most - 6 - width).into_iter().enumerate() {
            lines.push(match at {
                0 => format!("    {}{padding}  {line}", Tone::Faint.paint(label)),
                _ => format!("    {}  {line}", " ".repeat(width)),
            });
        }
    }
    lines
}

/// Breaks a text between words. A command between backticks has a line of its own, to be copied; what only ends the
/// sentence behind it is left out.
fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, part) in text.split('`').enumerate() {
        if at % 2 == 1 {
            lines.push(part.to_owned());
            continue;
        }
        let part = if at == 0 { part } else { part.trim_start_matches(['.', ',', ';']) };
        let mut line = String::new();
        for word in part.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            } else if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_stays_whole_and_alone() {
        let lines = broken("Give it to the user: `chown -R www-data: /var/www/glpi/files`; then look again.", 40);
        assert_eq!(lines, ["Give it to the user:", "chown -R www-data: /var/www/glpi/files", "then look again."]);
        assert_eq!(broken("Run `latchkey doctor` there.", 40), ["Run", "latchkey doctor", "there."]);
        assert_eq!(broken("one two three", 8), ["one two", "three"]);
    }
}
