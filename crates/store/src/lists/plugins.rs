//! Plugins of the marketplace.

use super::{Column, Found, Page, Question, Sorting, containing};
use crate::StoreError;
use crate::driver::Select;
use crate::marketplace::holders::{is_held, is_latest, latest_activations, latest_downloads, latest_trials};
use crate::marketplace::{Plugin, Version, plugin, versions};

/// How plugins are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By their keys.
    #[default]
    Key,
    /// By their downloads.
    Downloads,
    /// By the moment at which their latest version was published.
    Updated,
}

impl Sorting for Sort {
    fn columns(self) -> &'static [Column] {
        const KEY: Column = Column::text("p.plugin", "plugin");
        match self {
            Self::Key => const { &[KEY] },
            Self::Downloads => const { &[Column::number("p.downloads", "downloads"), KEY] },
            Self::Updated => const { &[Column::number("p.updated_at", "updated_at"), KEY] },
        }
    }
}

/// A page of plugins, each with its versions, the highest first; those whose key or name has this in it, where something is said, and
/// those alone that have a version which was withdrawn while a GLPI still has it, where `withdrawn`.
pub fn page(
    from: &mut impl Select,
    has: Option<&str>,
    withdrawn: bool,
    sort: Sort,
    page: &Page,
) -> Result<Found<(Plugin, Vec<Version>)>, StoreError> {
    let mut question = Question::new(
        "SELECT p.plugin, p.name, p.sheet, p.offers, p.downloads, p.added_at, p.updated_at",
        "FROM plugins p",
    );
    if let Some(part) = has {
        question
            .and("(LOWER(p.plugin) LIKE $has ESCAPE '!' OR p.folded_name LIKE $has ESCAPE '!')")
            .bind("has", containing(part));
    }
    if withdrawn {
        question.and(concat!(
            "EXISTS (SELECT 1 FROM plugin_versions v WHERE v.plugin = p.plugin AND v.withdrawn_at IS NOT NULL AND ",
            is_held!(),
            ")"
        ));
    }
    question.page(from, sort, page, |from, row| {
        let plugin = plugin(row)?;
        let versions = versions(from, &plugin.key)?;
        Ok((plugin, versions))
    })
}
