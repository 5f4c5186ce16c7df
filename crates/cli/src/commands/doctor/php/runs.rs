//! Whether PHP is there, runs, and is new enough.

use latchkey_glpi::Version;
use latchkey_glpi::installation::least_php;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::child::NotRan;
use super::super::finding::{Check, Finding, View};
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "php.runs", chapter: Chapter::Php, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let program = || visit.php.program.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    let failed = |cause: String| Finding::error(Code::PhpFails, vec![("program", program()), ("cause", cause)]);
    let told = match &visit.php.told {
        Ok(told) => told,
        Err(NotRan::Missing) => return Finding::skipped(Sight::SkippedNoPhp, Vec::new()),
        Err(NotRan::TimedOut) => return failed(format!("no answer within {} s", super::PATIENCE.as_secs())),
        Err(NotRan::Failed(said)) => {
            return failed(said.lines().find(|line| !line.trim().is_empty()).unwrap_or("-").trim().to_owned());
        }
    };
    let version = visit.glpi.as_ref().and_then(|glpi| glpi.version.clone()).unwrap_or_default();
    if let Some(glpi) = Version::parse(&version) {
        let mut numbers = told.version.split('.').filter_map(|number| number.parse::<u16>().ok());
        let found = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        let least = least_php(&glpi);
        if found < least {
            let least = format!("{}.{}", least.0, least.1);
            let values = vec![("version", told.version.clone()), ("glpi", version.clone()), ("least", least)];
            return Finding::error(Code::PhpTooOld, values).seen_by(View::Php);
        }
    }
    let values = vec![("version", told.version.clone()), ("program", program()), ("ini", told.ini())];
    Finding::ok(Sight::Php, values).seen_by(View::Php)
}
