//! API tokens: the list, one token, a new one, and the end of one. Only owners have anything to do with them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::{Name, Reason};
use latchkey_domain::tokens::{MOST_TOKEN_DAYS, Scope, Scopes, Token};
use latchkey_store::api::tokens::{self, Order};
use latchkey_store::lists::tokens::{Sort, TokenIs, page};
use latchkey_store::{Undone, audit};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::deed::{Checks, DeedPage, fault, reason};
use super::detail::DetailPage;
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::unchanged;
use super::keys::choices;
use super::list::{self, AT_A_TIME, Action, Cell, Filter, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::notice::Notice;
use super::page::{Field, Page, show};
use super::states;
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::exports::Kind;
use crate::records;

const PLACE: &str = "/console/tokens";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/tokens.csv", get(file)),
        Place::page("/console/tokens/new", get(new).post(create)),
        Place::page("/console/tokens/{token}", get(show_one)),
        Place::page("/console/tokens/{token}/revoke", get(ask_revoke).post(revoke)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    state: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

impl Wish {
    fn sorted(&self) -> Sorted<Sort> {
        let ways = [("name", Sort::Name, false), ("made", Sort::Made, true), ("used", Sort::Used, true)];
        let usual = Sorted { by: Sort::Name, name: "name", descending: false };
        Sorted::of(&self.sort, &self.order, &ways).unwrap_or(usual)
    }

    fn is(&self) -> Option<TokenIs> {
        TokenIs::ALL.into_iter().find(|is| is.name() == self.state)
    }
}

#[derive(Template)]
#[template(path = "console/token_text.html")]
struct TextPage {
    page: Page,
    id: String,
    text: String,
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::ManageTokens)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, is) = (wish.sorted(), wish.is());
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let found = app.look(move |reader| Ok(page(reader, is, sorted.by, &rows, now)?)).await?;
    let query = Query::of([("state", wish.state.clone()), ("sort", wish.sort.clone()), ("order", wish.order.clone())]);
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("tokens-title"));
    let columns = vec![
        (frame.t("field-name"), Some("name")),
        (frame.t("state"), None),
        (frame.t("scopes"), None),
        (frame.t("since"), Some("made")),
        (frame.t("last-used"), Some("used")),
    ];
    let row = |token: &Token| {
        vec![
            Cell::link(token.name.to_string(), format!("{PLACE}/{}", token.id)),
            states::token(reader, token.standing(now)),
            Cell::text(token.scopes.names().collect::<Vec<_>>().join(", ")),
            Cell::text(reader.day_of(token.created_at)),
            Cell::text(token.last_used_at.map_or_else(|| "–".to_owned(), |at| reader.time(at))),
        ]
    };
    let table =
        Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.rows.iter().map(row).collect());
    let filtered = query.filters();
    Ok(show(&ListPage {
        said: None,
        actions: vec![Action::new("/console/tokens/new", frame.t("token-new"), icons::PLUS)],
        filters: vec![Filter::choice(
            "state",
            frame.t("state"),
            &wish.state,
            choices(reader, TokenIs::ALL.map(TokenIs::name)),
        )],
        none: frame.t(if filtered { "none-found" } else { "tokens-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/tokens.csv")),
        table,
        page: frame,
    }))
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::ManageTokens)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, is) = (wish.sorted(), wish.is());
    let (first, columns) = (sorted.rows(AT_A_TIME, "", ""), Kind::Tokens.columns());
    list::file(
        &app,
        "tokens",
        columns,
        first,
        move |reader, rows| Ok(page(reader, is, sorted.by, rows, now)?),
        |token| records::Token::new(token, now),
    )
    .await
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::ManageTokens)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (token, lines, people) = app
        .look(move |reader| {
            let token = tokens::find(reader, &id)?;
            let mut lines = audit::history(reader, "token", &token.id)?;
            lines.reverse();
            Ok((token, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, token.name.to_string());
    let or_none = |at: Option<latchkey_domain::time::Timestamp>, none: &str| {
        at.map_or_else(|| reader.t(none), |at| reader.time(at))
    };
    let actions = if token.may_revoke().is_ok() {
        vec![Action::new(format!("{PLACE}/{}/revoke", token.id), frame.t("token-revoke"), icons::BAN).dangerous()]
    } else {
        Vec::new()
    };
    Ok(show(&DetailPage {
        state: Some(states::token(reader, token.standing(now))),
        about: Vec::new(),
        actions,
        facts: vec![
            (frame.t("token-id"), Cell::code(token.id.as_str())),
            (frame.t("scopes"), Cell::text(token.scopes.names().collect::<Vec<_>>().join(", "))),
            (frame.t("since"), Cell::text(reader.time(token.created_at))),
            (frame.t("token-until"), Cell::text(or_none(token.expires_at, "never-ends"))),
            (frame.t("last-used"), Cell::text(or_none(token.last_used_at, "never-used"))),
        ],
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, &token.id),
        more: None,
        page: frame,
    }))
}

async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::ManageTokens)?;
    let typed = Fields::of([("days", "365".to_owned())]);
    Ok(show(&new_page(&visit, &typed, None)))
}

fn new_page(visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t("token-new-title"));
    let wrong = |name: &str| fault(&page, refusal, name);
    let name = Field::text("name", page.t("field-name"))
        .hint(page.t("token-name-hint"))
        .most(200)
        .typed(typed)
        .fault(wrong("name"));
    let chosen = typed.all("scopes");
    let scope = |scope: Scope| {
        let name = scope.name();
        (name.to_owned(), page.t(&format!("scope-{}", name.replace(':', "-"))), chosen.contains(&name))
    };
    let scopes = Checks {
        name: "scopes",
        label: page.t("scopes"),
        choices: Scope::ALL.map(scope).into(),
        hint: None,
        fault: wrong("scopes"),
        required: true,
    };
    let days = Field::text("days", page.t("field-days"))
        .hint(page.t("token-days-hint"))
        .optional()
        .typed(typed)
        .fault(wrong("days"));
    let will = page.t("token-new-will");
    DeedPage::new(page, "token-new", format!("{PLACE}/new"), PLACE.to_owned())
        .will(will)
        .input(name)
        .input(scopes)
        .input(days)
        .refused(refusal)
}

async fn create(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageTokens)?;
    let read = || {
        let days = match form.text("days").trim() {
            "" => None,
            typed => Some(typed.parse().map_err(|_| Refusal::NumberInvalid {
                field: "days",
                least: 1,
                most: MOST_TOKEN_DAYS,
            })?),
        };
        Ok(Order {
            name: Name::parse("name", form.text("name"))?,
            scopes: Scopes::parse(form.fields.all("scopes"))?,
            days,
        })
    };
    let created = match read() {
        Ok(order) => {
            let (vault, actor) = (app.console.vault.clone(), form.visit.actor());
            form.once(&app, move |tx| {
                let created = tokens::create(tx, &vault, &order, &actor)?;
                Ok((created.token.id, created.text.reveal().to_owned()))
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match created {
        Ok((id, text)) => {
            let page = form.visit.page(PLACE, form.visit.reader().t("token-made-title"));
            Ok(show(&TextPage { page, id, text }))
        }
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, &new_page(&form.visit, &form.fields, Some(&refusal)))),
        Err(trouble) => Err(trouble),
    }
}

async fn revoke_page(
    app: &App,
    visit: &Visit,
    id: String,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let (token, seen) = app
        .look(move |reader| {
            let token = tokens::find(reader, &id)?;
            let seen = audit::latest(reader, "token", &token.id)?;
            Ok::<_, Undone>((token, seen))
        })
        .await?;
    let page = visit.page(PLACE, visit.reader().t("token-revoke-title"));
    let will = page.t_with("token-revoke-will", &[("name", token.name.to_string())]);
    let place = format!("{PLACE}/{}", token.id);
    let page = DeedPage::new(page, "token-revoke", format!("{place}/revoke"), place);
    let why = reason(&page.page, typed, refusal, true);
    Ok(page.will(will).seen(seen).for_good().input(why).refused(refusal))
}

async fn ask_revoke(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::ManageTokens)?;
    Ok(show(&revoke_page(&app, &visit, id, &Fields::default(), None).await?))
}

async fn revoke(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageTokens)?;
    let revoked = match Reason::parse(form.text("reason")) {
        Ok(why) => {
            let (actor, seen, id) = (form.visit.actor(), form.seen(), id.clone());
            form.once(&app, move |tx| {
                let id = tokens::find(tx, &id)?.id;
                unchanged(tx, "token", &id, seen)?;
                Ok(tokens::revoke(tx, &id, &actor, &why)?.id)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match revoked {
        Ok(id) => Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-token-revoked"))),
        Err(Trouble::Refused(refusal)) => {
            let page = revoke_page(&app, &form.visit, id, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}
