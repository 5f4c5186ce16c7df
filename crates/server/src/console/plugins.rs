//! Plugins: the list, one plugin with its card and who has which version, and one version.

use std::collections::HashMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::marketplace::Channel;
use latchkey_domain::operators::Deed;
use latchkey_domain::time::{DAY, Timestamp};
use latchkey_glpi::sheet::Sheet;
use latchkey_store::lists::plugins::{Sort, page};
use latchkey_store::marketplace::{self as store, Held, Plugin, Version};
use latchkey_store::{Done, audit};
use latchkey_texts::glpi_range;
use serde::Deserialize;

use super::Place;
use super::assets::{Icon, icons};
use super::detail::{DetailPage, Part};
use super::history::{Moment, People, moments};
use super::list::{Action, Cell, Filter, Head, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::page::{Page, show};
use super::plots::{Bar, Bars};
use super::reader::Reader;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;

pub(super) const PLACE: &str = "/console/plugins";
/// GLPIs that a plugin's page names.
const SHOWN: u32 = 50;
/// Days of downloads that are shown.
const DAYS: i64 = 30;
/// The versions of GLPI for which it is said what they are offered: the latest of each line that asks here.
const GLPIS: [(&str, (u16, u16, u16)); 3] = [("9.5", (9, 5, 13)), ("10.0", (10, 0, 19)), ("11.0", (11, 0, 2))];

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::page("/console/plugins/{plugin}", get(show_one)),
        Place::page("/console/plugins/{plugin}/versions/{version}", get(show_version)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    plugin: String,
    /// `withdrawn`: those with a version that was withdrawn while somebody has it.
    only: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

#[derive(Template)]
#[template(path = "console/plugin.html")]
struct PluginPage {
    page: Page,
    actions: Vec<Action>,
    facts: Vec<(String, Cell)>,
    card: Card,
    /// Which version each line of GLPI is offered.
    lines: Table,
    downloads: Bars,
    downloads_table: Table,
    parts: Vec<Part>,
    moments: Vec<Moment>,
}

/// The card as a GLPI shows it.
struct Card {
    initials: String,
    name: String,
    short: String,
    long: String,
    tags: Vec<String>,
    /// Titles of the offers in its badge.
    offers: Vec<String>,
    version: String,
    license: String,
    authors: String,
    /// Where its buttons lead, and what stands on them.
    links: Vec<(String, Icon, String)>,
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let ways = [("plugin", Sort::Key, false), ("downloads", Sort::Downloads, true), ("updated", Sort::Updated, true)];
    let usual = Sorted { by: Sort::Key, name: "plugin", descending: false };
    let sorted = Sorted::of(&wish.sort, &wish.order, &ways).unwrap_or(usual);
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let has = Some(wish.plugin.trim().to_owned()).filter(|part| !part.is_empty());
    let withdrawn = wish.only == "withdrawn";
    let found = app.look(move |reader| Ok(page(reader, has.as_deref(), withdrawn, sorted.by, &rows)?)).await?;
    let query = Query::of([
        ("plugin", wish.plugin.clone()),
        ("only", wish.only.clone()),
        ("sort", wish.sort.clone()),
        ("order", wish.order.clone()),
    ]);
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("plugins-title"));
    let columns = vec![
        (frame.t("plugin-name"), Some("plugin")),
        (frame.t("plugin-latest"), None),
        (frame.t("plugin-versions"), None),
        (frame.t("plugin-needs"), None),
        (frame.t("plugin-downloads"), Some("downloads")),
        (frame.t("plugin-updated"), Some("updated")),
    ];
    let row = |(plugin, versions): &(Plugin, Vec<Version>)| {
        let open = |it: &&Version| it.release.withdrawn_at.is_none();
        let is_stable = |it: &&Version| open(it) && it.release.channel == Channel::Stable;
        let latest = versions.iter().find(is_stable).or_else(|| versions.iter().find(open));
        vec![
            Cell::link(plugin.name.as_str(), format!("{PLACE}/{}", plugin.key)),
            latest.map_or_else(|| Cell::text("–"), version_link),
            Cell::text(reader.number(versions.len())),
            Cell::text(needs(&app, reader, plugin)),
            Cell::text(reader.number(plugin.downloads as usize)),
            Cell::text(reader.day_of(plugin.updated_at)),
        ]
    };
    let table =
        Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.rows.iter().map(row).collect());
    let filtered = query.filters();
    let mut actions = Vec::new();
    if visit.can(Deed::ManagePlugins) {
        actions.push(Action::new(super::PUBLISH, frame.t("plugin-publish"), icons::UPLOAD));
    }
    Ok(show(&ListPage {
        said: None,
        actions,
        filters: vec![
            Filter::text("plugin", frame.t("plugin-name"), &wish.plugin),
            Filter::choice(
                "only",
                frame.t("plugin-only"),
                &wish.only,
                vec![(String::new(), frame.t("all")), ("withdrawn".to_owned(), frame.t("plugin-only-withdrawn"))],
            ),
        ],
        none: frame.t(if filtered { "none-found" } else { "plugins-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: None,
        table,
        page: frame,
    }))
}

/// Who may download it.
fn needs(app: &App, reader: &Reader, plugin: &Plugin) -> String {
    let titles: Vec<String> = plugin.offers.iter().map(|offer| app.offer_title(offer)).collect();
    if titles.is_empty() { reader.t("plugin-for-everybody") } else { titles.join(", ") }
}

fn version_link(version: &Version) -> Cell {
    let number = version.release.version.as_str();
    Cell::link(number, version_place(version))
}

fn version_place(version: &Version) -> String {
    format!("{PLACE}/{}/versions/{}", version.plugin, version.release.version)
}

/// What is read of the database about one plugin.
struct Known {
    plugin: Plugin,
    versions: Vec<Version>,
    spread: HashMap<String, u32>,
    held: Vec<Held>,
    downloaded: Vec<Timestamp>,
    lines: Vec<audit::Line>,
    people: People,
}

async fn show_one(State(app): State<App>, visit: Visit, Path(key): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let known = app
        .look(move |reader| {
            let (plugin, versions) = store::find(reader, &key)?;
            let mut lines = audit::history(reader, "plugin", plugin.key.as_str())?;
            lines.reverse();
            Ok(Known {
                spread: store::spread(reader, &plugin.key)?,
                held: store::running(reader, &plugin.key, SHOWN)?,
                downloaded: store::downloaded_at(reader, &plugin.key, now.plus(-DAYS * DAY))?,
                people: People::read(reader)?,
                plugin,
                versions,
                lines,
            })
        })
        .await?;
    let Known { plugin, versions, .. } = &known;
    let sheet = sheet(plugin)?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, plugin.name.clone());
    let mut actions = Vec::new();
    if visit.can(Deed::ManagePlugins) {
        actions.push(Action::new(super::PUBLISH, frame.t("plugin-publish"), icons::UPLOAD));
    }
    let instances: u32 = known.spread.values().sum();
    let facts = vec![
        (frame.t("plugin-key"), Cell::code(plugin.key.as_str())),
        (frame.t("plugin-needs"), Cell::text(needs(&app, reader, plugin))),
        (frame.t("plugin-downloads"), Cell::text(reader.number(plugin.downloads as usize))),
        (frame.t("plugin-instances"), Cell::text(reader.number(instances as usize))),
        (frame.t("plugin-added"), Cell::text(reader.time(plugin.added_at))),
        (frame.t("plugin-updated"), Cell::text(reader.time(plugin.updated_at))),
    ];
    let downloads = downloads(reader, &app, &known.downloaded, now);
    let all_versions = frame.t("plugin-versions");
    let who = frame.t("plugin-who-has");
    let parts = vec![
        Part::new(all_versions.clone(), versions_table(reader, all_versions, &known), frame.t("plugin-no-version")),
        Part::new(who.clone(), holders_table(reader, who, &known), frame.t("plugin-nobody")),
    ];
    Ok(show(&PluginPage {
        actions,
        facts,
        card: card(&app, reader, plugin, &sheet, versions),
        lines: offered(reader, versions),
        downloads_table: table_of(&downloads, frame.t("day")),
        downloads,
        parts,
        moments: moments(reader, &known.lines, &known.people, plugin.key.as_str()),
        page: frame,
    }))
}

fn sheet(plugin: &Plugin) -> Result<Sheet, Trouble> {
    serde_json::from_str(&plugin.sheet).map_err(|error| {
        tracing::error!(%error, plugin = %plugin.key, "a kept sheet does not read");
        Trouble::Failed(latchkey_domain::Failure::Internal)
    })
}

/// The card for a GLPI of the latest line that is offered anything.
fn card(app: &App, reader: &Reader, plugin: &Plugin, sheet: &Sheet, versions: &[Version]) -> Card {
    let own = reader.language.tag();
    let of = |language: &str| sheet.descriptions.iter().find(|it| it.language == language);
    let described = of(own).or_else(|| of("en")).or_else(|| sheet.descriptions.first());
    let language = if sheet.tags.iter().any(|tag| tag.language == own) { own } else { "en" };
    let offered = GLPIS.iter().rev().find_map(|(_, glpi)| best(versions, *glpi));
    let address = |address: &Option<String>, icon: Icon, word: &str| {
        address.as_ref().map(|href| (href.clone(), icon, reader.t(word)))
    };
    Card {
        initials: sheet.name.chars().filter(|c| c.is_alphanumeric()).take(2).collect::<String>().to_uppercase(),
        name: sheet.name.clone(),
        short: described.map(|it| it.short.clone()).unwrap_or_default(),
        long: described.map(|it| it.long.clone()).unwrap_or_default(),
        tags: sheet.tags.iter().filter(|tag| tag.language == language).map(|tag| tag.word.clone()).collect(),
        offers: plugin.offers.iter().map(|offer| app.offer_title(offer)).collect(),
        version: offered.map_or_else(|| "–".to_owned(), |it| it.release.version.to_string()),
        license: sheet.license.clone().unwrap_or_else(|| "–".to_owned()),
        authors: sheet.authors.join(", "),
        links: [
            address(&sheet.homepage, icons::WORLD, "plugin-homepage"),
            address(&sheet.issues, icons::BUG, "plugin-issues"),
            address(&sheet.readme, icons::BOOK, "plugin-readme"),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// What a GLPI of this version takes: the highest that is for it.
fn best(versions: &[Version], glpi: (u16, u16, u16)) -> Option<&Version> {
    versions.iter().find(|it| it.release.suits(Some(glpi), Channel::Stable))
}

fn offered(reader: &Reader, versions: &[Version]) -> Table {
    let row = |(line, glpi): &(&str, (u16, u16, u16))| {
        let offered = best(versions, *glpi);
        vec![
            Cell::text(format!("GLPI {line}")),
            offered.map_or_else(|| Cell::text(reader.t("plugin-not-available")), version_link),
        ]
    };
    let head = ["plugin-glpi", "plugin-latest"].map(|name| Head::plain(reader.t(name)));
    Table::new(reader.t("plugin-offered"), head.into(), GLPIS.iter().map(row).collect())
}

fn versions_table(reader: &Reader, caption: String, known: &Known) -> Table {
    let row = |version: &Version| {
        let instances = known.spread.get(version.release.version.as_str()).copied().unwrap_or_default();
        vec![
            version_link(version),
            states::release(reader, &version.release),
            Cell::text(glpi_range(&version.release.glpi, reader.language)),
            Cell::text(reader.number(instances as usize)),
            Cell::text(size(reader, version.size)),
            Cell::code(version.digest.chars().take(12).collect::<String>()),
            Cell::text(reader.day_of(version.published_at)),
        ]
    };
    let head = [
        "plugin-version",
        "state",
        "plugin-range",
        "plugin-holders",
        "plugin-size",
        "plugin-digest",
        "plugin-published",
    ]
    .map(|name| Head::plain(reader.t(name)));
    Table::new(caption, head.into(), known.versions.iter().map(row).collect())
}

fn size(reader: &Reader, bytes: u64) -> String {
    let kib = usize::try_from(bytes.div_ceil(1_024)).unwrap_or(usize::MAX);
    if kib < 10_240 {
        reader.t_with("plugin-kib", &[("size", reader.number(kib))])
    } else {
        reader.t_with("plugin-mib", &[("size", reader.number(kib / 1_024))])
    }
}

fn holders_table(reader: &Reader, caption: String, known: &Known) -> Table {
    let row = |held: &Held| {
        let version = known.versions.iter().find(|it| it.release.version.as_str() == held.version);
        let short = |uid: &String| uid.chars().take(8).chain(['…']).collect::<String>();
        let site = held.instance.as_ref().or(held.url.as_ref()).cloned().unwrap_or_default();
        let name = held.url.clone().or_else(|| held.instance.as_ref().map(short)).unwrap_or_default();
        let how = if held.runs { "plugin-known-runs" } else { "plugin-known-downloaded" };
        vec![
            Cell::text(held.customer.clone().unwrap_or_else(|| reader.t("plugin-holder-trial"))),
            version.map_or_else(|| Cell::text(held.version.as_str()), version_link),
            version.map_or_else(|| Cell::text("–"), |it| states::release(reader, &it.release)),
            Cell::link(name, Query::of([("site", site)]).href("/console/instances")),
            Cell::text(reader.t_with(how, &[("time", reader.time(held.at))])),
        ]
    };
    let head = ["field-customer", "plugin-version", "state", "plugin-instance", "plugin-known"]
        .map(|name| Head::plain(reader.t(name)));
    Table::new(caption, head.into(), known.held.iter().map(row).collect())
}

/// Downloads of the last days, each instance and version once.
fn downloads(reader: &Reader, app: &App, at: &[Timestamp], now: Timestamp) -> Bars {
    let mut counted: HashMap<_, u64> = HashMap::new();
    for at in at {
        *counted.entry(app.zone.date_of(*at)).or_default() += 1;
    }
    let today = app.zone.date_of(now);
    let bars = (0..DAYS).rev().map(|back| {
        let date = today.saturating_sub(jiff::SignedDuration::from_hours(24 * back));
        Bar {
            label: reader.day(date),
            mark: if back % 5 == 0 { date.day().to_string() } else { String::new() },
            values: vec![counted.get(&date).copied().unwrap_or_default()],
            href: None,
        }
    });
    Bars { title: reader.t("plugin-downloads-lately"), parts: vec![reader.t("plugin-downloads")], bars: bars.collect() }
}

fn table_of(plot: &Bars, first: String) -> Table {
    let head = std::iter::once(first).chain(plot.parts.iter().cloned()).map(Head::plain).collect();
    let row = |bar: &Bar| {
        let values = bar.values.iter().map(|value| Cell::text(value.to_string()));
        std::iter::once(Cell::text(bar.label.as_str())).chain(values).collect()
    };
    Table::new(plot.title.as_str(), head, plot.bars.iter().map(row).collect())
}

async fn show_version(
    State(app): State<App>,
    visit: Visit,
    Path((key, number)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (plugin, version, instances) = app
        .look(move |reader| -> Done<_> {
            let version = store::find_version(reader, &key, &number)?;
            let (plugin, _) = store::find(reader, version.plugin.as_str())?;
            let spread = store::spread(reader, &version.plugin)?;
            let instances = spread.get(version.release.version.as_str()).copied().unwrap_or_default();
            Ok((plugin, version, instances))
        })
        .await?;
    let reader = visit.reader();
    let release = &version.release;
    let frame = visit.page(PLACE, format!("{} {}", plugin.name, release.version));
    let mut actions = Vec::new();
    if visit.can(Deed::ManagePlugins) && release.withdrawn_at.is_none() {
        let place = format!("{}/withdraw", version_place(&version));
        actions.push(Action::new(place, frame.t("plugin-withdraw"), icons::BAN).dangerous());
    }
    let facts = vec![
        (frame.t("plugin-name"), Cell::link(plugin.name.as_str(), format!("{PLACE}/{}", plugin.key))),
        (frame.t("plugin-range"), Cell::text(glpi_range(&version.release.glpi, reader.language))),
        (frame.t("plugin-needs"), Cell::text(needs(&app, reader, &plugin))),
        (frame.t("plugin-instances"), Cell::text(reader.number(instances as usize))),
        (frame.t("plugin-published"), Cell::text(reader.time(version.published_at))),
        (frame.t("plugin-format"), Cell::text(version.packing.as_str())),
        (frame.t("plugin-size"), Cell::text(size(reader, version.size))),
        (frame.t("plugin-digest"), Cell::code(version.digest.as_str())),
        (
            frame.t("plugin-signed-by"),
            Cell::code(version.signing_key.to_string()).to(format!("/console/signing-keys/{}", version.signing_key)),
        ),
        (frame.t("plugin-signature"), Cell::code(version.signature.as_str())),
    ];
    let about = release.withdrawn_at.map(|at| frame.t_with("plugin-withdrawn-since", &[("time", reader.time(at))]));
    Ok(show(&DetailPage {
        state: Some(states::release(reader, release)),
        about: about.into_iter().collect(),
        actions,
        facts,
        parts: Vec::new(),
        moments: Vec::new(),
        more: None,
        page: frame,
    }))
}
