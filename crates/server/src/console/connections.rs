//! Connections to GLPIs: the list, a new one with what the GLPI said when it was asked, one with all that an invitation can
//! choose from, and the end of one.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::accounts::{
    Connection, Credentials, InventoryCredential, InventoryKind, LONGEST_CREDENTIAL, Policy, Secret, TypedInventory,
};
use latchkey_domain::operators::Deed;
use latchkey_domain::text::{Name, TextFault};
use latchkey_store::accounts::connections::{self, Order};
use latchkey_store::invitations::{delivery, registrations};
use latchkey_store::{Undone, audit};
use latchkey_texts::{Said, remark};

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, Select, fault};
use super::detail::{DetailPage, Part};
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::unchanged;
use super::list::{AT_A_TIME, Action, Cell, Csv, Head, ListPage, MOST_IN_A_FILE, Table, Turns};
use super::notice::Notice;
use super::page::{Field, Page, show};
use super::reader::Reader;
use super::states::{BAD, CAREFUL, GOOD};
use super::trouble::{Trouble, done, refused};
use super::visit::Visit;
use crate::accounts::{self, ASKED_WITHIN, Choices, Unasked};
use crate::app::App;

pub(super) const PLACE: &str = "/console/connections";
/// How long a page waits for a GLPI. Without an answer it says so.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::page("/console/connections/new", get(new).post(add)),
        Place::page("/console/connections/{connection}", get(show_one)),
        Place::page("/console/connections/{connection}/check", get(ask_check).post(check)),
        Place::page("/console/connections/{connection}/inventory", get(ask_inventory).post(inventory)),
        Place::page("/console/connections/{connection}/remove", get(ask_remove).post(remove)),
        Place::action("/console/directory.csv", get(directory)),
    ]
}

async fn list(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (all, in_directory) =
        app.look(|reader| Ok((connections::list(reader)?, registrations::directory(reader, "", 1)?.len()))).await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("connections-title"));
    let head = [
        frame.t("field-name"),
        frame.t("connection-url"),
        frame.t("connection-version"),
        frame.t("state"),
        frame.t("connection-checked"),
    ];
    let row = |it: &Connection| {
        vec![
            Cell::link(it.name.to_string(), format!("{PLACE}/{}", it.id)),
            Cell::text(it.url.as_str()),
            Cell::text(it.report.version.clone().unwrap_or_else(|| "–".to_owned())),
            state(reader, it),
            Cell::text(reader.time(it.checked_at)),
        ]
    };
    let mut actions = Vec::new();
    if visit.can(Deed::ManageConnections) {
        actions.push(Action::new("/console/connections/new", frame.t("connection-new"), icons::PLUS));
    }
    if in_directory > 0 {
        actions.push(Action::new("/console/directory.csv", frame.t("directory-csv"), icons::DOWNLOAD).second());
    }
    Ok(show(&ListPage {
        said: None,
        actions,
        filters: Vec::new(),
        none: frame.t("connections-none"),
        filtered: false,
        path: PLACE,
        turns: Turns::default(),
        csv: None,
        table: Table::new(frame.title.clone(), head.map(Head::plain).into(), all.iter().map(row).collect()),
        page: frame,
    }))
}

/// Whether accounts can be made there, and as promised.
fn state(reader: &Reader, it: &Connection) -> Cell {
    let remarks = &it.report.remarks;
    let (name, class) = if remarks.iter().any(|remark| remark.is_fatal()) {
        ("connection-unfit", BAD)
    } else if remarks.is_empty() {
        ("connection-good", GOOD)
    } else {
        ("connection-careful", CAREFUL)
    };
    Cell::badge(reader.t(name), class)
}

fn policy(reader: &Reader, policy: &Policy) -> String {
    let Policy { least, digit, lower, upper, symbol } = *policy;
    let mut parts = Vec::new();
    parts.extend((least > 0).then(|| reader.t_with("policy-least", &[("least", least)])));
    for (asked, name) in
        [(digit, "policy-digit"), (lower, "policy-lower"), (upper, "policy-upper"), (symbol, "policy-symbol")]
    {
        parts.extend(asked.then(|| reader.t(name)));
    }
    if parts.is_empty() { reader.t("policy-none") } else { parts.join(", ") }
}

/// What a GLPI is shown for inventories, in a few words.
fn shown_to_it(reader: &Reader, kind: InventoryKind) -> String {
    reader.t(match kind {
        InventoryKind::None => "inventory-none",
        InventoryKind::Basic => "inventory-basic",
        InventoryKind::Client => "inventory-oauth",
    })
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let vault = app.console.vault.clone();
    let (it, credentials, lines, people) = app
        .look(move |reader| {
            let it = connections::find(reader, &id)?;
            let credentials = connections::credentials(reader, &vault, it.id)?;
            let mut lines = audit::history(reader, "connection", &it.id.to_string())?;
            lines.reverse();
            Ok((it, credentials, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, it.name.to_string());
    let choices = choose(&app, reader, &it, credentials).await?;
    let mut actions = Vec::new();
    if visit.can(Deed::ManageConnections) {
        let way = |name: &str| format!("{PLACE}/{}/{name}", it.id);
        actions.push(Action::new(way("check"), frame.t("connection-check"), icons::REFRESH));
        actions.push(Action::new(way("inventory"), frame.t("connection-inventory"), icons::KEY).second());
        actions.push(Action::new(way("remove"), frame.t("connection-remove"), icons::BAN).dangerous());
    }
    let verifies = if it.report.verifies_passwords { "connection-verifies-yes" } else { "connection-verifies-no" };
    let facts = vec![
        (frame.t("connection-url"), Cell::text(it.url.as_str())),
        (frame.t("connection-version"), Cell::text(it.report.version.clone().unwrap_or_else(|| "–".to_owned()))),
        (frame.t("connection-profile"), Cell::text(it.report.profile.as_str())),
        (frame.t("connection-policy"), Cell::text(policy(reader, &it.report.policy))),
        (frame.t("connection-verifies"), Cell::text(frame.t(verifies))),
        (frame.t("inventory"), Cell::text(shown_to_it(reader, it.inventory))),
        (frame.t("connection-checked"), Cell::text(reader.time(it.checked_at))),
        (frame.t("connection-id"), Cell::code(it.id.to_string())),
    ];
    let mut sentences: Vec<String> = it.report.remarks.iter().map(|it| remark(*it, reader.language)).collect();
    let parts = match choices {
        Ok(choices) => parts(&frame, &choices),
        Err(said) => {
            sentences.push(format!("{} {}", said.cause, said.next_step));
            Vec::new()
        }
    };
    Ok(show(&DetailPage {
        state: Some(state(reader, &it)),
        about: sentences,
        actions,
        facts,
        parts,
        moments: moments(reader, &lines, &people, &it.id.to_string()),
        more: None,
        page: frame,
    }))
}

/// What there is to choose from, as tables.
fn parts(page: &Page, choices: &Choices) -> Vec<Part> {
    let table = |title: &str, rows: Vec<(i64, String)>| {
        let head = [page.t("glpi-number"), page.t("field-name")].map(Head::plain).into();
        let rows = rows.into_iter().map(|(id, name)| vec![Cell::code(id.to_string()), Cell::text(name)]).collect();
        Part::new(page.t(title), Table::new(page.t(title), head, rows), page.t("choices-none"))
    };
    vec![
        table(
            "choices-entities",
            choices.entities.iter().map(|one| (one.id, indented(&one.path, &one.name))).collect(),
        ),
        table("choices-profiles", choices.profiles.iter().map(|one| (one.id, one.name.clone())).collect()),
        table("choices-groups", choices.groups.iter().map(|one| (one.id, one.path.clone())).collect()),
    ]
}

/// A name of a tree, as far to the right as it stands below others.
pub(super) fn indented(path: &str, name: &str) -> String {
    format!("{}{name}", "\u{2003}".repeat(path.matches(" > ").count()))
}

/// What an invitation can choose from; or why that is not known now.
pub(super) async fn choose(
    app: &App,
    reader: &Reader,
    it: &Connection,
    credentials: Credentials,
) -> Result<Result<Choices, Said>, Trouble> {
    match accounts::ask(app.outgoing.clone(), it.url.clone(), credentials, PATIENCE, accounts::choices).await {
        Ok(choices) => {
            accounts::learn(app, it.id, &choices).await;
            Ok(Ok(choices))
        }
        Err(Unasked::Refused(refusal)) => Ok(Err(reader.refusal(&refusal))),
        Err(Unasked::Failed(failure)) => Err(Trouble::Failed(failure)),
    }
}

async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::ManageConnections)?;
    Ok(show(&new_page(&visit, &Fields::default(), None)))
}

fn new_page(visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t("connection-new-title"));
    let wrong = |name: &str| fault(&page, refusal, name);
    let name = Field::text("name", page.t("field-name"))
        .hint(page.t("connection-name-hint"))
        .most(200)
        .typed(typed)
        .fault(wrong("name"));
    let url = Field::text("url", page.t("connection-url"))
        .hint(page.t("connection-url-hint"))
        .most(2_000)
        .typed(typed)
        .fault(wrong("url"));
    let secret = |name: &'static str, label: &str, hint: &str| {
        Field::password(name, page.t(label), "off")
            .hint(page.t(hint))
            .most(LONGEST_CREDENTIAL)
            .fault(wrong(name))
            .optional()
    };
    let token = secret("user_token", "connection-user-token", "connection-user-token-hint");
    let login = Field::text("login", page.t("connection-login"))
        .hint(page.t("connection-login-hint"))
        .most(LONGEST_CREDENTIAL)
        .autocomplete("off")
        .typed(typed)
        .fault(wrong("login"))
        .optional();
    let password = secret("password", "field-password", "connection-password-hint");
    let app_token = secret("app_token", "connection-app-token", "connection-app-token-hint");
    let (will, own_part) = (page.t("connection-new-will"), inventory_fields(&page, visit.reader(), typed, refusal));
    let asked = DeedPage::new(page, "connection-new", format!("{PLACE}/new"), PLACE.to_owned())
        .will(will)
        .input(name)
        .input(url)
        .input(token)
        .input(login)
        .input(password)
        .input(app_token);
    with_inventory(asked, own_part).refused(refusal)
}

/// What is asked about inventories: what the GLPI wants to see, and the fields of each kind.
fn inventory_fields(page: &Page, reader: &Reader, typed: &Fields, refusal: Option<&Refusal>) -> (Select, [Field; 4]) {
    let kind = InventoryKind::named(typed.text("inventory")).unwrap_or(InventoryKind::None);
    let choices = InventoryKind::ALL.map(|kind| (kind.code().to_owned(), shown_to_it(reader, kind)));
    let select = Select {
        name: "inventory",
        label: page.t("inventory"),
        value: kind.code().to_owned(),
        choices: choices.into(),
        hint: Some(page.t("inventory-hint")),
        fault: fault(page, refusal, "inventory"),
    };
    let text = |name: &'static str, label: &str| {
        Field::text(name, page.t(label)).autocomplete("off").typed(typed).fault(fault(page, refusal, name))
    };
    let secret =
        |name: &'static str, label: &str| Field::password(name, page.t(label), "off").fault(fault(page, refusal, name));
    let fields = [
        text("inventory_user", "inventory-user").hint(page.t("inventory-user-hint")),
        secret("inventory_password", "inventory-password"),
        text("inventory_client_id", "inventory-client-id").hint(page.t("inventory-client-hint")),
        secret("inventory_client_secret", "inventory-client-secret"),
    ];
    (select, fields.map(|field| field.most(LONGEST_CREDENTIAL).optional()))
}

fn with_inventory(page: DeedPage, (kind, fields): (Select, [Field; 4])) -> DeedPage {
    fields.into_iter().fold(page.input(kind), DeedPage::input)
}

/// What was chosen and typed about inventories.
fn read_inventory(fields: &Fields) -> Result<InventoryCredential, Refusal> {
    let kind = match fields.text("inventory") {
        "" => InventoryKind::None,
        code => InventoryKind::named(code)
            .ok_or(Refusal::TextInvalid { field: "inventory", fault: TextFault::Character { at: 1 } })?,
    };
    let typed = TypedInventory {
        user: fields.text("inventory_user").to_owned(),
        password: Secret::new(fields.text("inventory_password")),
        client_id: fields.text("inventory_client_id").to_owned(),
        client_secret: Secret::new(fields.text("inventory_client_secret")),
    };
    InventoryCredential::read(kind, &typed)
}

async fn add(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageConnections)?;
    match added(&app, &form).await {
        Ok((id, 0)) => Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-connection-added"))),
        Ok((id, delivered)) => {
            let notice = Notice::new("done-connection-delivers").with("count", delivered);
            Ok(done(&app, &format!("{PLACE}/{id}"), &notice))
        }
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, &new_page(&form.visit, &form.fields, Some(&refusal)))),
        Err(trouble) => Err(trouble),
    }
}

/// The connection's id, and how many accounts are delivered to it.
async fn added(app: &App, form: &Form) -> Result<(String, usize), Trouble> {
    if let Some(added) = form.before(app).await? {
        return Ok(added);
    }
    let order = order(app, &form.fields).await?;
    let (vault, actor) = (app.console.vault.clone(), form.visit.actor());
    form.once(app, move |tx| {
        let it = connections::add(tx, &vault, &order, &actor)?;
        Ok((it.id.to_string(), delivery::connect(tx, it.id, &actor)?))
    })
    .await
}

/// What was typed, after the GLPI was asked whether it is fit.
async fn order(app: &App, fields: &Fields) -> Result<Order, Trouble> {
    let text = |name: &str| fields.text(name);
    let read = || {
        let (name, url) = (Name::parse("name", text("name"))?, accounts::read_base(text("url"))?);
        let credentials = Credentials::read(text("user_token"), text("login"), text("password"), text("app_token"))?;
        Ok((name, url, credentials, read_inventory(fields)?))
    };
    let (name, url, credentials, inventory) = read().map_err(Trouble::Refused)?;
    let asked = accounts::ask(app.outgoing.clone(), url.clone(), credentials.clone(), ASKED_WITHIN, accounts::check);
    let found = asked.await.map_err(trouble)?;
    found.report.fit().map_err(Trouble::Refused)?;
    Ok(Order { name, url, credentials, names: found.names(), report: found.report, inventory })
}

fn trouble(unasked: Unasked) -> Trouble {
    match unasked {
        Unasked::Refused(refusal) => Trouble::Refused(refusal),
        Unasked::Failed(failure) => Trouble::Failed(failure),
    }
}

async fn known(app: &App, id: String) -> Result<(Connection, i64), Trouble> {
    app.look(move |reader| {
        let it = connections::find(reader, &id)?;
        let seen = audit::latest(reader, "connection", &it.id.to_string())?;
        Ok::<_, Undone>((it, seen))
    })
    .await
}

async fn deed_page(
    app: &App,
    visit: &Visit,
    name: &'static str,
    id: String,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    visit.may(Deed::ManageConnections)?;
    let (it, seen) = known(app, id).await?;
    let page = visit.page(PLACE, visit.reader().t(&format!("{name}-title")));
    let will = page.t_with(&format!("{name}-will"), &[("name", it.name.to_string())]);
    let place = format!("{PLACE}/{}", it.id);
    let way = name.trim_start_matches("connection-");
    Ok(DeedPage::new(page, name, format!("{place}/{way}"), place).will(will).seen(seen).refused(refusal))
}

async fn ask_check(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&deed_page(&app, &visit, "connection-check", id, None).await?))
}

async fn check(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageConnections)?;
    match checked(&app, &form, id.clone()).await {
        Ok(id) => Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-connection-checked"))),
        Err(Trouble::Refused(refusal)) => {
            let page = deed_page(&app, &form.visit, "connection-check", id, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

/// The connection's id, after it was asked again.
async fn checked(app: &App, form: &Form, id: String) -> Result<String, Trouble> {
    if let Some(checked) = form.before(app).await? {
        return Ok(checked);
    }
    let vault = app.console.vault.clone();
    let (it, credentials) = app
        .look(move |reader| {
            let it = connections::find(reader, &id)?;
            let credentials = connections::credentials(reader, &vault, it.id)?;
            Ok((it, credentials))
        })
        .await?;
    let asked = accounts::ask(app.outgoing.clone(), it.url, credentials, ASKED_WITHIN, accounts::check);
    let found = asked.await.map_err(trouble)?;
    let (actor, names) = (form.visit.actor(), found.names());
    form.once(app, move |tx| Ok(connections::checked(tx, it.id, &found.report, &names, &actor)?.id.to_string())).await
}

async fn ask_inventory(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&inventory_page(&app, &visit, id, None, None).await?))
}

/// The form, with what was typed or, before that, with what the GLPI is shown now.
async fn inventory_page(
    app: &App,
    visit: &Visit,
    id: String,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let page = deed_page(app, visit, "connection-inventory", id.clone(), None).await?;
    let now = known(app, id).await?.0.inventory;
    let kept = Fields::of([("inventory", now.code().to_owned())]);
    let fields = inventory_fields(&page.page, visit.reader(), typed.unwrap_or(&kept), refusal);
    Ok(with_inventory(page, fields).refused(refusal))
}

async fn inventory(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageConnections)?;
    match changed_inventory(&app, &form, id.clone()).await {
        Ok(id) => Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-connection-inventory"))),
        Err(Trouble::Refused(refusal)) => {
            let page = inventory_page(&app, &form.visit, id, Some(&form.fields), Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

/// The connection's id, after it was changed.
async fn changed_inventory(app: &App, form: &Form, id: String) -> Result<String, Trouble> {
    let credential = read_inventory(&form.fields).map_err(Trouble::Refused)?;
    let (vault, actor, seen) = (app.console.vault.clone(), form.visit.actor(), form.seen());
    form.once(app, move |tx| {
        let it = connections::find(tx, &id)?;
        unchanged(tx, "connection", &it.id.to_string(), seen)?;
        Ok(connections::shows(tx, &vault, &id, &credential, &actor)?.id.to_string())
    })
    .await
}

async fn ask_remove(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&deed_page(&app, &visit, "connection-remove", id, None).await?))
}

async fn remove(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageConnections)?;
    let (actor, seen, named) = (form.visit.actor(), form.seen(), id.clone());
    let removed = form
        .once(&app, move |tx| {
            let it = connections::find(tx, &named)?;
            unchanged(tx, "connection", &it.id.to_string(), seen)?;
            Ok(connections::remove(tx, &named, &actor)?.name.to_string())
        })
        .await;
    match removed {
        Ok(name) => Ok(done(&app, PLACE, &Notice::new("done-connection-removed").with("name", name))),
        Err(Trouble::Refused(refusal)) => {
            let page = deed_page(&app, &form.visit, "connection-remove", id, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

/// Accounts of the built-in directory, without passwords.
async fn directory(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let csv = app
        .look(|reader| {
            let mut csv =
                Csv::new(&["registration_id", "login", "firstname", "realname", "email", "language", "created_at"]);
            let (mut after, mut rows) = (String::new(), 0);
            loop {
                let page = registrations::directory(reader, &after, AT_A_TIME)?;
                let Some(last) = page.last() else { return Ok(csv) };
                (after, rows) = (last.id.to_string(), rows + page.len());
                for it in page {
                    let person = it.person;
                    csv.row([
                        it.id.to_string(),
                        person.login,
                        person.firstname,
                        person.realname,
                        person.email,
                        person.language,
                        it.created_at.to_string(),
                    ]);
                }
                if rows >= MOST_IN_A_FILE {
                    return Ok(csv);
                }
            }
        })
        .await?;
    Ok(csv.answer("directory"))
}
