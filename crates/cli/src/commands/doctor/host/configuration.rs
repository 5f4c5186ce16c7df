//! Flags, environment and latchkey.toml.

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "host.configuration", chapter: Chapter::Host, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    match visit.host.as_ref().map(|host| &host.config) {
        None => Finding::skipped(Sight::SkippedNoUrl, Vec::new()),
        Some(Ok(config)) => {
            let file = config.data_dir.configuration();
            let place = if file.exists() { file } else { config.data_dir.path().to_owned() };
            Finding::ok(Sight::Configuration, vec![("place", place.display().to_string())])
        }
        Some(Err(problem)) => {
            let values = vec![("detail", problem.detail.clone()), ("next", problem.next_step.clone())];
            Finding::error(Code::ConfigurationInvalid, values)
        }
    }
}
