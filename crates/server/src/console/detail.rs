//! How the page of one thing looks: what is so, what can be done, what belongs to it, what happened.

use askama::Template;

use super::assets::icons;
use super::history::Moment;
use super::list::{Action, Cell, Table};
use super::page::Page;

#[derive(Template)]
#[template(path = "console/detail.html")]
pub(super) struct DetailPage {
    pub(super) page: Page,
    /// Its state, beside its name.
    pub(super) state: Option<Cell>,
    /// What matters about the state.
    pub(super) about: Vec<String>,
    pub(super) actions: Vec<Action>,
    pub(super) facts: Vec<(String, Cell)>,
    pub(super) parts: Vec<Part>,
    pub(super) moments: Vec<Moment>,
    /// Where more of what happened is.
    pub(super) more: Option<String>,
}

/// What belongs to it.
pub(super) struct Part {
    pub(super) title: String,
    pub(super) table: Table,
    /// What is said where there is nothing.
    pub(super) none: String,
    /// Where all are, if these are not.
    pub(super) all: Option<String>,
}

impl Part {
    pub(super) fn new(title: String, table: Table, none: String) -> Self {
        Self { title, table, none, all: None }
    }
}
