//! This machine's clock against the service's.

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;

pub(super) const CHECK: Check = Check { id: "time.clock", chapter: Chapter::Time, slow: false, run };

/// From here on somebody should set it, in seconds.
const OFF: u64 = 60;
/// From here on certificates and days come out wrong, in seconds.
const WRONG: u64 = 60 * 60;

fn run(visit: &mut Visit) -> Finding {
    let Some(road) = &visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    let Some(ahead) = road.ahead else {
        return match road.blocked {
            Some(check) => Finding::after(check),
            None => Finding::skipped(Sight::SkippedNoDate, Vec::new()),
        };
    };
    let values = vec![("seconds", ahead.unsigned_abs().to_string()), ("host", road.url.host.clone())];
    let code = if ahead > 0 { Code::ClockAhead } else { Code::ClockBehind };
    match ahead.unsigned_abs() {
        ..OFF => Finding::ok(Sight::Clock, values),
        OFF..WRONG => Finding::warning(code, values),
        WRONG.. => Finding::error(code, values),
    }
}
