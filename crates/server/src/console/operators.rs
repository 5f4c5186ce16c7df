//! Operators: who works here, and what each may do. Everybody sees them; owners change them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::{Deed, Email, Operator, Role};
use latchkey_store::operators::{self, links};
use latchkey_store::{Undone, audit};

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, Select, fault};
use super::detail::DetailPage;
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::unchanged;
use super::list::{Action, Cell, Head, ListPage, Table, Turns};
use super::notice::Notice;
use super::page::{Field, Page, show};
use super::trouble::{Trouble, done, refused};
use super::visit::Visit;
use crate::app::App;

const PLACE: &str = "/console/operators";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::page("/console/operators/new", get(ask_add).post(add)),
        Place::page("/console/operators/{operator}", get(show_one)),
        Place::page("/console/operators/{operator}/role", get(ask_role).post(change_role)),
        Place::page("/console/operators/{operator}/disable", get(ask_disable).post(disable)),
        Place::page("/console/operators/{operator}/enable", get(ask_enable).post(enable)),
        Place::page("/console/operators/{operator}/reset", get(ask_reset).post(reset)),
    ]
}

/// A link that an owner hands on.
#[derive(Template)]
#[template(path = "console/operator_link.html")]
struct LinkPage {
    page: Page,
    email: String,
    link: String,
    until: String,
    back: String,
}

/// What is kept of a link that was made: its text stands in the answer alone.
type Handed = (String, String, String, i64);

async fn list(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let all = app.look(|reader| Ok(operators::list(reader)?)).await?;
    let page = visit.page(PLACE, visit.reader().t("operators-title"));
    let head = ["operator", "role", "state", "second-factor", "signed-in"];
    let head = head.map(|name| Head { title: page.t(name), href: None, sorted: None });
    let row = |operator: &Operator| {
        vec![
            Cell::link(operator.email.to_string(), format!("{PLACE}/{}", operator.id)),
            Cell::text(page.role_name(&operator.role)),
            state(&page, operator),
            Cell::text(page.t(if operator.has_second_factor { "yes" } else { "no" })),
            Cell::text(operator.signed_in_at.map_or_else(|| page.t("never"), |at| page.time(at))),
        ]
    };
    let table = Table { caption: page.title.clone(), head: head.into(), rows: all.iter().map(row).collect() };
    let actions = if visit.can(Deed::ManageOperators) {
        vec![Action::new("/console/operators/new", page.t("operator-new"), icons::PLUS)]
    } else {
        Vec::new()
    };
    Ok(show(&ListPage {
        said: None,
        actions,
        filters: Vec::new(),
        none: String::new(),
        filtered: false,
        path: PLACE,
        turns: Turns::default(),
        csv: None,
        table,
        page,
    }))
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (operator, lines, people) = app
        .look(move |reader| {
            let operator = operators::find(reader, &id)?;
            let mut lines = audit::history(reader, "operator", &operator.id.to_string())?;
            lines.reverse();
            Ok((operator, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let page = visit.page(PLACE, operator.email.to_string());
    let mut actions = Vec::new();
    if visit.can(Deed::ManageOperators) {
        let deed = |deed: &str| format!("{PLACE}/{}/{deed}", operator.id);
        actions.push(Action::new(deed("role"), page.t("operator-role"), icons::USER_COG));
        actions.push(Action::new(deed("reset"), page.t("operator-reset"), icons::REFRESH).second());
        actions.push(match operator.disabled_at {
            Some(_) => Action::new(deed("enable"), page.t("operator-enable"), icons::CHECK).second(),
            None => Action::new(deed("disable"), page.t("operator-disable"), icons::BAN).dangerous(),
        });
    }
    let at = |at: Option<_>| at.map_or_else(|| reader.t("never"), |at| reader.time(at));
    Ok(show(&DetailPage {
        state: Some(state(&page, &operator)),
        about: vec![page.t(&format!("role-{}-may", operator.role))],
        actions,
        facts: vec![
            (page.t("role"), Cell::text(page.role_name(&operator.role))),
            (page.t("second-factor"), Cell::text(page.t(if operator.has_second_factor { "yes" } else { "no" }))),
            (page.t("signed-in"), Cell::text(at(operator.signed_in_at))),
            (page.t("since"), Cell::text(reader.time(operator.created_at))),
            (page.t("operator-id"), Cell::code(operator.id.to_string().as_str())),
        ],
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, &operator.id.to_string()),
        more: None,
        page,
    }))
}

/// Active, invited or disabled.
fn state(page: &Page, operator: &Operator) -> Cell {
    let (name, badge) = match (operator.disabled_at, operator.has_password) {
        (Some(_), _) => ("state-disabled", "bg-red-lt"),
        (None, false) => ("state-invited", "bg-yellow-lt"),
        (None, true) => ("state-active", "bg-green-lt"),
    };
    Cell { text: page.t(name), badge: Some(badge), ..Cell::default() }
}

async fn ask_add(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::ManageOperators)?;
    Ok(show(&add_page(&visit, &Fields::of([("role", Role::Support.name().to_owned())]), None)))
}

fn add_page(visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t("operator-new-title"));
    let email = Field::email("email", page.t("field-email"))
        .autocomplete("off")
        .typed(typed)
        .fault(wrong(&page, refusal, "email"));
    let (role, will) = (role_field(&page, typed.text("role"), refusal), page.t("operator-new-will"));
    DeedPage::new(page, "operator-new", "/console/operators/new".to_owned(), PLACE.to_owned())
        .will(will)
        .input(email)
        .input(role)
        .refused(refusal)
}

fn role_field(page: &Page, chosen: &str, refusal: Option<&Refusal>) -> Select {
    let choice = |role: Role| (role.name().to_owned(), page.role_name(&role));
    Select {
        name: "role",
        label: page.t("role"),
        value: chosen.to_owned(),
        choices: Role::ALL.map(choice).into(),
        hint: Some(page.t("role-hint")),
        fault: wrong(page, refusal, "role"),
    }
}

/// What is wrong with a field, where a rule of operators says so.
fn wrong(page: &Page, refusal: Option<&Refusal>, name: &str) -> Option<String> {
    let own = match refusal {
        Some(Refusal::EmailInvalid { .. } | Refusal::OperatorExists { .. }) => name == "email",
        Some(Refusal::RoleUnknown { .. }) => name == "role",
        Some(_) | None => false,
    };
    if own { refusal.map(|refusal| page.refusal(refusal).cause) } else { fault(page, refusal, name) }
}

async fn add(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageOperators)?;
    let read = Email::parse(form.text("email")).and_then(|email| Ok((email, Role::parse(form.text("role"))?)));
    let added = match read {
        Ok((email, role)) => {
            let (vault, actor) = (app.console.vault.clone(), form.visit.actor());
            form.once(&app, move |tx| {
                let operator = operators::add(tx, &email, role, None, &actor)?;
                let made = links::make_for(tx, &vault, operator.id, &actor)?;
                Ok(handed(&operator, &made))
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match added {
        Ok(handed) => Ok(link_page(&app, &form.visit, handed)),
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, &add_page(&form.visit, &form.fields, Some(&refusal)))),
        Err(trouble) => Err(trouble),
    }
}

fn handed(operator: &Operator, made: &links::Made) -> Handed {
    let text = made.text.reveal().to_owned();
    (operator.id.to_string(), operator.email.to_string(), text, made.expires_at.millis())
}

fn link_page(app: &App, visit: &Visit, (id, email, text, until): Handed) -> Response {
    let page = visit.page(PLACE, visit.reader().t("operator-link-title"));
    let until = page.time(latchkey_domain::time::Timestamp::from_millis(until));
    let link = format!("{}/console/setup/{text}", app.public_url);
    show(&LinkPage { email, link, until, back: format!("{PLACE}/{id}"), page })
}

/// The page of a deed with an operator, as it stands now.
async fn deed_page(
    app: &App,
    visit: &Visit,
    id: &str,
    deed: &'static str,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    visit.may(Deed::ManageOperators)?;
    let asked = id.to_owned();
    let (operator, seen) = app
        .look(move |reader| {
            let operator = operators::find(reader, &asked)?;
            let seen = audit::latest(reader, "operator", &operator.id.to_string())?;
            Ok::<_, Undone>((operator, seen))
        })
        .await?;
    let name = format!("operator-{deed}");
    let page = visit.page(PLACE, visit.reader().t(&format!("{name}-title")));
    let (email, place) = (operator.email.to_string(), format!("{PLACE}/{}", operator.id));
    let will = page.t_with(&format!("{name}-will"), &[("email", email)]);
    let chosen = typed.map_or_else(|| operator.role.name().to_owned(), |typed| typed.text("role").to_owned());
    let role = (deed == "role").then(|| role_field(&page, &chosen, refusal));
    let deed = DeedPage::new(page, &name, format!("{place}/{deed}"), place).will(will).seen(seen).refused(refusal);
    Ok(match role {
        Some(role) => deed.input(role),
        None => deed,
    })
}

async fn ask_role(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&deed_page(&app, &visit, &id, "role", None, None).await?))
}

async fn ask_disable(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&deed_page(&app, &visit, &id, "disable", None, None).await?))
}

async fn ask_enable(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&deed_page(&app, &visit, &id, "enable", None, None).await?))
}

async fn ask_reset(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&deed_page(&app, &visit, &id, "reset", None, None).await?))
}

/// What becomes of a deed: the operator's page, or the form again.
async fn after(
    app: &App,
    form: &Form,
    id: &str,
    deed: &'static str,
    outcome: Result<String, Trouble>,
) -> Result<Response, Trouble> {
    match outcome {
        Ok(id) => {
            let email = form.visit.operator().email.to_string();
            let notice = Notice::new(match deed {
                "role" => "done-operator-role",
                "disable" => "done-operator-disabled",
                _ => "done-operator-enabled",
            });
            Ok(done(app, &format!("{PLACE}/{id}"), &notice.with("by", email)))
        }
        Err(Trouble::Refused(refusal)) => {
            let page = deed_page(app, &form.visit, id, deed, Some(&form.fields), Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn change_role(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageOperators)?;
    let outcome = match Role::parse(form.text("role")) {
        Ok(role) => {
            let (asked, actor, seen) = (id.clone(), form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                let operator = operators::find(tx, &asked)?.id;
                unchanged(tx, "operator", &operator.to_string(), seen)?;
                Ok(operators::change_role(tx, operator, role, &actor)?.id.to_string())
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    after(&app, &form, &id, "role", outcome).await
}

async fn disable(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageOperators)?;
    let (asked, actor) = (id.clone(), form.visit.actor());
    let outcome = form
        .once(&app, move |tx| {
            let operator = operators::find(tx, &asked)?.id;
            Ok(operators::disable(tx, operator, &actor)?.id.to_string())
        })
        .await;
    after(&app, &form, &id, "disable", outcome).await
}

async fn enable(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageOperators)?;
    let (asked, actor) = (id.clone(), form.visit.actor());
    let outcome = form
        .once(&app, move |tx| {
            let operator = operators::find(tx, &asked)?.id;
            Ok(operators::enable(tx, operator, &actor)?.id.to_string())
        })
        .await;
    after(&app, &form, &id, "enable", outcome).await
}

async fn reset(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageOperators)?;
    let (asked, actor, vault, seen) = (id.clone(), form.visit.actor(), app.console.vault.clone(), form.seen());
    let outcome: Result<Handed, Trouble> = form
        .once(&app, move |tx| {
            let operator = operators::find(tx, &asked)?.id;
            unchanged(tx, "operator", &operator.to_string(), seen)?;
            let operator = operators::reset(tx, operator, &actor)?;
            let made = links::make_for(tx, &vault, operator.id, &actor)?;
            Ok(handed(&operator, &made))
        })
        .await;
    match outcome {
        Ok(handed) => Ok(link_page(&app, &form.visit, handed)),
        Err(trouble) => after(&app, &form, &id, "reset", Err(trouble)).await,
    }
}
