//! The master key: there, readable, for its owner alone, and the one of this database.

use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::{either, examined};
use crate::problem::Problem;

pub(super) const CHECK: Check = Check { id: "host.master_key", chapter: Chapter::Host, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    either(look(visit))
}

fn look(visit: &Visit) -> Result<Finding, Finding> {
    let (config, examined) = examined(visit)?;
    let unusable = |problem: Problem| {
        Finding::error(Code::MasterKeyUnusable, vec![("detail", problem.detail), ("next", problem.next_step)])
    };
    let master = config.master_key.read().map_err(unusable)?;
    let given = master.ok_or_else(|| unusable(config.master_key.missing()))?.fingerprint();
    match &examined.installation {
        Some(there) if there.master_key_fingerprint != given => {
            let expected = ("expected", there.master_key_fingerprint.clone());
            Err(Finding::error(Code::MasterKeyOther, vec![expected, ("given", given)]))
        }
        Some(_) | None => Ok(Finding::ok(Sight::MasterKey, vec![("fingerprint", given)])),
    }
}
