//! `config/local_define.php`, and the constants that are in effect: evaluated by PHP where it is there, else read.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use latchkey_glpi::installation::{self, CONFIG_DIR};
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::access::{Wish, denied};
use super::super::child::Account;
use super::super::finding::{Check, Finding, View};
use super::super::php::Php;
use super::super::visit::Visit;
use super::config_db::unreadable;
use super::{hidden_by_system, read_plainly};

pub(super) const CHECK: Check = Check { id: "glpi.local_define", chapter: Chapter::Folder, slow: false, run };

pub(super) type Constants = BTreeMap<String, String>;

/// As GLPI's own code includes them: first what a packager has put there, then the administrator's file.
const EVALUATE: &str = r#"
error_reporting(0);
ob_start();
define('GLPI_ROOT', $argv[1]);
if (is_file(GLPI_ROOT . '/inc/downstream.php')) { include_once GLPI_ROOT . '/inc/downstream.php'; }
if (!defined('GLPI_CONFIG_DIR')) { define('GLPI_CONFIG_DIR', GLPI_ROOT . '/config'); }
if (is_file(GLPI_CONFIG_DIR . '/local_define.php')) { include_once GLPI_CONFIG_DIR . '/local_define.php'; }
ob_end_clean();
$found = [];
foreach (array_slice($argv, 2) as $name) {
    if (defined($name) && is_string(constant($name))) { $found[$name] = constant($name); }
}
echo json_encode((object) $found);
"#;

/// What became of the file.
pub(super) struct LocalDefine {
    pub(super) config_dir: PathBuf,
    state: State,
}

enum State {
    None,
    Evaluated,
    /// There is no PHP to evaluate it with.
    Read,
    /// The web server's user may not read it; this program did.
    Unreadable,
    /// This program may not read it, so what GLPI reads in it is not known.
    Hidden(io::Error),
    /// PHP stumbles: the line, and what it says.
    Broken(String, String),
}

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let file = glpi.config_dir.join("local_define.php");
    let shown = || vec![("file", glpi.shown(&file))];
    if let State::None = glpi.local_define.state {
        return Finding::ok(Sight::LocalDefineNone, shown());
    }
    if let Some(finding) = glpi.local_define.hidden() {
        return finding;
    }
    if let Some(finding) = unreadable(visit, glpi, &file, Code::LocalDefineUnreadable) {
        return finding;
    }
    match &glpi.local_define.state {
        State::Broken(line, message) => Finding::error(
            Code::LocalDefineSyntax,
            vec![("file", file.display().to_string()), ("line", line.clone()), ("message", message.clone())],
        )
        .seen_by(View::Php),
        State::Evaluated => Finding::ok(Sight::LocalDefine, shown()).seen_by(View::Php),
        State::None | State::Read | State::Unreadable | State::Hidden(_) => {
            Finding::ok(Sight::LocalDefineUnchecked, shown())
        }
    }
}

impl LocalDefine {
    /// Whether PHP said what is in effect.
    pub(super) fn evaluated(&self) -> bool {
        matches!(self.state, State::Evaluated)
    }

    /// What to say where this program may not read it.
    pub(super) fn hidden(&self) -> Option<Finding> {
        let State::Hidden(error) = &self.state else { return None };
        Some(hidden_by_system(&self.config_dir.join("local_define.php"), error))
    }

    /// Whether GLPI does not come to know what is in it.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self.state, State::Broken(..) | State::Unreadable)
    }
}

/// Reads the constants that are in effect.
pub(super) fn read(dir: &Path, php: &Php, account: Option<&Account>) -> (LocalDefine, Constants) {
    let text = |path: PathBuf| fs::read_to_string(path).unwrap_or_default();
    let downstream = text(dir.join("inc/downstream.php"));
    let read_dir = installation::defined(&downstream, CONFIG_DIR).map_or_else(|| dir.join("config"), PathBuf::from);
    let evaluated = evaluate(dir, php);
    let config_dir = evaluated.as_ref().and_then(|found| found.get(CONFIG_DIR)).map_or(read_dir, PathBuf::from);
    let file = config_dir.join("local_define.php");
    let plainly = || read_plainly(&[downstream.clone(), text(file.clone())]);
    let shut = account.is_some_and(|account| !denied(account, Wish::Read, std::slice::from_ref(&file)).0.is_empty());
    if let Some(error) = may_not_read(&file) {
        return (LocalDefine { config_dir, state: State::Hidden(error) }, plainly());
    }
    let (state, constants) = match (file.exists(), evaluated) {
        (true, _) if shut => (State::Unreadable, plainly()),
        (true, Some(found)) => (State::Evaluated, found),
        (false, Some(found)) => (State::None, found),
        (false, None) => (State::None, plainly()),
        (true, None) => match stumbles(&file, php) {
            Some((line, message)) => (State::Broken(line, message), plainly()),
            None => (State::Read, plainly()),
        },
    };
    (LocalDefine { config_dir, state }, constants)
}

/// Why this program cannot say what is in a file that may be there.
fn may_not_read(file: &Path) -> Option<io::Error> {
    fs::File::open(file).err().filter(|error| error.kind() == ErrorKind::PermissionDenied)
}

fn evaluate(dir: &Path, php: &Php) -> Option<Constants> {
    let mut arguments = vec![dir.display().to_string()];
    arguments.extend(installation::CONSTANTS.map(str::to_owned));
    serde_json::from_str(&php.script(EVALUATE, &arguments).ok()?).ok()
}

/// What PHP says against the file: the line and the message. Also what only shows when it is run counts.
fn stumbles(file: &Path, php: &Php) -> Option<(String, String)> {
    let said = php.includes(file).err()?;
    let (message, line) = said.lines().find(|line| line.contains(" on line "))?.rsplit_once(" on line ")?;
    // What was thrown is told before where it was.
    let thrown = said.lines().find(|line| line.contains("Uncaught "));
    let message = thrown.unwrap_or(message);
    let message = message.split(" in /").next().unwrap_or(message);
    let message = message.split_once("rror: ").map_or(message, |(_, rest)| rest).trim();
    let message = message.strip_prefix("Uncaught Error: ").unwrap_or(message);
    let line: String = line.chars().take_while(char::is_ascii_digit).collect();
    Some((line, message.to_owned()))
}
