//! What is said of connections to GLPIs, and of invitations into them.

use fluent_bundle::FluentArgs;
use latchkey_domain::accounts::{Fault, Remark};
use latchkey_domain::invitations::{LastDayFault, MOST_INVITATION_DAYS};

use super::{args, quoted, unanswered};

pub(super) fn fault(fault: &Fault) -> FluentArgs<'static> {
    match fault {
        Fault::Unanswered(why) => unanswered(why),
        Fault::NotGlpi { status } | Fault::Broken { status } => args([("status", status.to_string())]),
        Fault::Refused { code } => args([("code", quoted(code))]),
        Fault::ApiOff
        | Fault::AddressNotAllowed
        | Fault::AppToken
        | Fault::LoginWrong
        | Fault::NoLogins
        | Fault::SessionOver => FluentArgs::new(),
    }
}

/// The console's word for it.
pub(crate) fn remark(remark: Remark) -> &'static str {
    match remark {
        Remark::CannotReadUsers => "remark-cannot-read-users",
        Remark::CannotCreateUsers => "remark-cannot-create-users",
        Remark::CannotUpdateUsers => "remark-cannot-update-users",
        Remark::CannotReadGroups => "remark-cannot-read-groups",
        Remark::CannotUpdateGroups => "remark-cannot-update-groups",
        Remark::SuperAdmin => "remark-super-admin",
        Remark::NotEncrypted => "remark-not-encrypted",
        Remark::CannotVerifyPasswords => "remark-cannot-verify",
    }
}

pub(super) fn last_day(fault: LastDayFault) -> FluentArgs<'static> {
    match fault {
        LastDayFault::Over { given, today } => args([("given", given.to_string()), ("today", today.to_string())]),
        LastDayFault::BeforeFirst { given, first } => {
            args([("given", given.to_string()), ("first", first.to_string())])
        }
        LastDayFault::TooLate { given, latest } => args([
            ("given", given.to_string()),
            ("latest", latest.to_string()),
            ("most", MOST_INVITATION_DAYS.to_string()),
        ]),
        LastDayFault::AndDays { given } => args([("given", given.to_string())]),
    }
}
