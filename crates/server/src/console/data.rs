//! All data at once: what is given out as a file, what is taken in, and a backup of everything.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Failure;
use latchkey_domain::operators::Deed;
use latchkey_store::installation;

use super::assets::icons;
use super::deed::DeedPage;
use super::form::Form;
use super::list::{Action, Cell, Head, Table};
use super::page::{Page, show};
use super::trouble::Trouble;
use super::visit::Visit;
use super::{Place, imports, terms};
use crate::api::{backup_of, export_of};
use crate::app::App;
use crate::exports::{Format, Kind};

pub(super) const PLACE: &str = "/console/data";
const BACKUP: &str = "/console/data/backup";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(page)),
        Place::action("/console/data/exports/{file}", get(export)),
        Place::page(BACKUP, get(ask_backup).post(backup)),
    ]
}

#[derive(Template)]
#[template(path = "console/data.html")]
struct DataPage {
    page: Page,
    actions: Vec<Action>,
    exports: Table,
    /// For how long people's data is kept, in sentences.
    kept: [String; 2],
    /// Where that is changed, by whoever may.
    terms: Option<&'static str>,
}

async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let kept = app.look(|reader| Ok(installation::retention(reader)?)).await?;
    let page = visit.page(PLACE, visit.reader().t("data-title"));
    let mut actions = Vec::new();
    if visit.can(Deed::ImportSales) {
        actions.push(Action::new(imports::PLACE, page.t("import-title"), icons::UPLOAD));
    }
    if visit.can(Deed::TakeBackup) {
        actions.push(Action::new(BACKUP, page.t("backup-title"), icons::DOWNLOAD).second());
    }
    let row = |kind: Kind| {
        let link = |format: Format, words: &str| {
            Cell::link(words, format!("{PLACE}/exports/{}.{}", kind.name(), format.name()))
        };
        let what = page.t(&format!("export-{}", kind.name()));
        vec![Cell::text(what), link(Format::Csv, "CSV"), link(Format::Jsonl, "JSON Lines")]
    };
    let head = ["export-what", "export-sheet", "export-programs"].map(|name| Head::plain(page.t(name)));
    let rows = Kind::ALL.into_iter().filter(|kind| visit.can(needs(*kind))).map(row).collect();
    let exports = Table::new(page.t("exports-title"), head.into(), rows);
    let days = |name: &str, days: u32| page.t_count(name, days as usize);
    let kept = [days("kept-registrations", kept.registrations), days("kept-agents", kept.agents)];
    let terms = visit.can(Deed::SetTerms).then_some(terms::PLACE);
    Ok(show(&DataPage { actions, exports, kept, terms, page }))
}

/// What somebody has to be allowed to do elsewhere to see the rows of an export.
fn needs(kind: Kind) -> Deed {
    if kind == Kind::Tokens { Deed::ManageTokens } else { Deed::Look }
}

async fn export(State(app): State<App>, visit: Visit, Path(file): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let known = Kind::ALL.into_iter().flat_map(|kind| [Format::Csv, Format::Jsonl].map(|format| (kind, format)));
    let mut named = known.filter(|(kind, format)| format!("{}.{}", kind.name(), format.name()) == file);
    let (kind, format) = named.next().ok_or(Trouble::NotFound)?;
    visit.may(needs(kind))?;
    export_of(&app, kind, format).await.map_err(Trouble::Failed)
}

async fn ask_backup(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::TakeBackup)?;
    let page = visit.page(PLACE, visit.reader().t("backup-title"));
    let (will, key) = (page.t("backup-will"), page.t("backup-key"));
    Ok(show(&DeedPage::new(page, "backup", BACKUP.to_owned(), PLACE.to_owned()).will(will).will(key).again()))
}

/// A form, so that no link elsewhere makes a browser fetch everything.
async fn backup(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::TakeBackup)?;
    backup_of(&app).await.map_err(|failure: Failure| Trouble::Failed(failure))
}
