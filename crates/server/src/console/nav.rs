//! The menu: by column, each entry a page that is there. A column that comes adds its entries here.

use super::assets::{Icon, icons};

/// A part of the menu.
pub(crate) struct Section {
    /// The name of its words; none for what stands above all columns.
    pub(crate) title: Option<&'static str>,
    pub(crate) items: &'static [Item],
}

/// A page in the menu.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    /// The name of its words.
    pub(crate) title: &'static str,
    pub(crate) path: &'static str,
    pub(crate) icon: Icon,
}

/// The whole menu.
pub(crate) const MENU: &[Section] = &[Section {
    title: Some("nav-subscriptions"),
    items: &[Item { title: "customers-title", path: "/console/customers", icon: icons::USERS }],
}];
