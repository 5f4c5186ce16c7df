//! The question that counts, asked without a key: whether the answer is one that a GLPI can read.

use latchkey_glpi::heard;
use latchkey_glpi::installation::INFO_PATH;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding, Status};
use super::super::visit::Visit;
use super::http::{fault_of, no_answer};
use super::millis;

pub(super) const CHECK: Check = Check { id: "road.info", chapter: Chapter::Road, slow: true, run };

fn run(visit: &mut Visit) -> Finding {
    let agent = visit.user_agent();
    let Some(road) = &mut visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(check) = road.blocked {
        return Finding::after(check);
    }
    let Some(way) = road.way.clone() else { return Finding::after(super::ipv4::CHECK.id) };
    let url = format!("{}{INFO_PATH}", road.url);
    let finding = match way.ask(INFO_PATH, &[("User-Agent", &agent)]) {
        Err(fault) => no_answer(&way, &url, &fault),
        // GLPI ignores the status of this answer.
        Ok(answer) if heard::read(&answer.body).is_some() => {
            Finding::ok(Sight::InfoAnswered, vec![("url", url), ("millis", millis(answer.took))])
        }
        Ok(answer) => fault_of(&way, &url, &answer).unwrap_or_else(|| {
            let (status, beginning) = (("status", answer.status.to_string()), ("beginning", answer.beginning()));
            Finding::error(Code::HttpNotJson, vec![("url", url), status, beginning])
        }),
    };
    if finding.status == Status::Error {
        road.block(CHECK.id);
    }
    finding
}
