//! The user that the web server runs as: everything that GLPI may do, it may do as this one.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use latchkey_texts::doctor::{Chapter, Code, Sight};
use nix::unistd::Uid;

use super::super::child::Account;
use super::super::finding::{Check, Finding};
use super::super::visit::{KnownBy, Visit, WebUser};
use crate::problem::{Given, Problem};

pub(super) const CHECK: Check = Check { id: "glpi.web_user", chapter: Chapter::Folder, slow: false, run };

/// Programs that run GLPI, what runs its PHP first.
const PROGRAMS: [&str; 4] = ["php-fpm", "apache2", "httpd", "nginx"];
/// What distributions call the account.
const USUAL: [&str; 3] = ["www-data", "apache", "nginx"];

fn run(visit: &mut Visit) -> Finding {
    let Some(user) = &visit.web_user else { return Finding::warning(Code::WebUserUnknown, Vec::new()) };
    let sight = match user.known_by {
        KnownBy::Given => Sight::WebUserGiven,
        KnownBy::Process => Sight::WebUser,
        KnownBy::Owner => Sight::WebUserOwner,
        KnownBy::Usual => Sight::WebUserUsual,
    };
    Finding::ok(sight, vec![("user", user.account.name.clone())])
}

/// The web server's user: as given, as it runs, as it owns GLPI's files, as it is usually called.
pub(super) fn find(dir: &Path, given: Option<&str>) -> Result<Option<WebUser>, Problem> {
    if let Some(name) = given {
        let account = Account::named(name).ok_or_else(|| {
            Problem::usage(
                format!("--web-user: this machine has no user named {}", Given(name)),
                "give the one that the web server runs as, such as www-data",
            )
        })?;
        return Ok(Some(WebUser { account, known_by: KnownBy::Given }));
    }
    let owner = ["files/_log", "files", "config/config_db.php"].iter().find_map(|path| {
        let uid = Uid::from_raw(fs::metadata(dir.join(path)).ok()?.uid());
        (!uid.is_root()).then(|| Account::with_uid(uid))
    });
    let known = |account: Account, known_by| WebUser { account, known_by };
    Ok(running()
        .map(|account| known(account, KnownBy::Process))
        .or_else(|| owner.map(|account| known(account, KnownBy::Owner)))
        .or_else(|| USUAL.iter().find_map(|name| Account::named(name)).map(|account| known(account, KnownBy::Usual))))
}

/// The owner of a process that serves pages; its parent is often root's.
fn running() -> Option<Account> {
    let mut found: Vec<(usize, Uid)> = fs::read_dir("/proc")
        .ok()?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            path.file_name()?.to_str()?.parse::<u32>().ok()?;
            let name = fs::read_to_string(path.join("comm")).ok()?;
            let rank = PROGRAMS.iter().position(|program| name.starts_with(program))?;
            let uid = Uid::from_raw(fs::metadata(&path).ok()?.uid());
            (!uid.is_root()).then_some((rank, uid))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.first().map(|(_, uid)| Account::with_uid(*uid))
}
