//! The certificate that this Latchkey shows, as it stands in its file.

use latchkey_server::front::examine;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::net::certificate::summary;
use super::super::road::{day, days_until};
use super::super::visit::Visit;
use super::{config, either};

pub(super) const CHECK: Check = Check { id: "host.certificate", chapter: Chapter::Host, slow: false, run };

/// Renewed by now, where that happens by itself.
const SOON: i64 = 14;

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (_, config) = config(visit)?;
    let Some(source) = config.front.front().tls else {
        return Ok(Finding::skipped(Sight::SkippedNoCertificate, Vec::new()));
    };
    let unusable = |detail: String| Finding::error(Code::TlsPairUnusable, vec![("detail", detail)]);
    let chain = examine(&source).map_err(|fault| unusable(fault.to_string()))?;
    let told = summary(&chain).ok_or_else(|| unusable(source.certificate.clone()))?;
    let days = days_until(told.ends);
    let (subject, date) = (("subject", told.subject), ("date", day(told.ends)));
    if days < 0 {
        return Err(Finding::error(Code::CertExpired, vec![subject, date]));
    }
    let life = i64::try_from(told.ends.saturating_sub(told.begins).as_secs() / 86_400).unwrap_or(i64::MAX);
    let days_shown = ("days", days.to_string());
    if days < SOON && days < life / 3 {
        return Err(Finding::warning(Code::CertExpiresSoon, vec![subject, date, days_shown]));
    }
    Ok(Finding::ok(Sight::Certificate, vec![subject, date, days_shown]))
}
