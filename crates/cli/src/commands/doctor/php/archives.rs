//! The extensions of PHP that archives need.

use latchkey_glpi::installation::ARCHIVE_EXTENSIONS;
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding};
use super::super::visit::Visit;
use super::extensions::look;

pub(super) const CHECK: Check = Check { id: "php.archives", chapter: Chapter::Php, slow: false, run };

fn run(visit: &mut Visit) -> Finding {
    let missing = |values| Finding::warning(Code::PhpArchiveExtensionMissing, values);
    look(visit, &ARCHIVE_EXTENSIONS, Sight::PhpArchiveExtensions, missing)
}
