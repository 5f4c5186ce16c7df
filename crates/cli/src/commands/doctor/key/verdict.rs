//! What the service says of the key, asked as a GLPI asks; without the number of a GLPI, so that none is noted for it.

use latchkey_glpi::heard;
use latchkey_glpi::installation::INFO_PATH;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding, View};
use super::super::road::{fault_of, no_answer};
use super::super::visit::Visit;
use super::signature;

pub(super) const CHECK: Check = Check { id: "key.verdict", chapter: Chapter::Verdict, slow: true, run };

fn run(visit: &mut Visit) -> Finding {
    let Some(key) = &visit.key else { return Finding::skipped(Sight::SkippedNoKey, Vec::new()) };
    if visit.key_refuted {
        return Finding::after(signature::CHECK.id);
    }
    let Some(road) = &visit.road else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(check) = road.blocked {
        return Finding::after(check);
    }
    let Some(way) = &road.way else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    // Not as a GLPI: that would say which one it is, and take a seat.
    let agent = format!("latchkey-doctor/{}", env!("CARGO_PKG_VERSION"));
    let headers =
        [("Accept-Language", visit.language.tag()), ("User-Agent", agent.as_str()), ("X-Registration-Key", key.trim())];
    let url = format!("{}{INFO_PATH}", road.url);
    let answer = match way.ask(INFO_PATH, &headers) {
        Ok(answer) => answer,
        Err(fault) => return no_answer(way, &url, &fault),
    };
    let Some(heard) = heard::read(&answer.body) else {
        return fault_of(way, &url, &answer).unwrap_or_else(|| {
            let values = vec![("status", answer.status.to_string()), ("beginning", answer.beginning())];
            Finding::error(Code::VerdictUnusable, values)
        });
    };
    let message = ("message", heard.message.unwrap_or_else(|| "-".to_owned()));
    let told = |message| vec![("code", heard.code.clone().unwrap_or_else(|| "(no code)".to_owned())), message];
    let finding = match (heard.valid, heard.running, &heard.code) {
        (false, _, _) => Finding::error(Code::KeyRefused, told(message)),
        (true, Some(false), _) => Finding::error(Code::SubscriptionStopped, told(message)),
        (true, Some(true) | None, Some(_)) => Finding::warning(Code::KeyNeedsAttention, told(message)),
        (true, Some(true) | None, None) => Finding::ok(Sight::KeyGood, vec![message]),
    };
    finding.seen_by(View::Service)
}
