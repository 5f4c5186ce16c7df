//! Setup links: with one, once, somebody chooses a password, and is signed in.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::{Email, Operator, Password};
use latchkey_key::secret::{SecretKey, SecretKind};
use latchkey_store::operators::links;
use latchkey_store::operators::sessions::begin;
use latchkey_texts::Said;

use super::Place;
use super::assets::icons;
use super::form::{Fields, GuestForm};
use super::page::{Field, Page, show};
use super::sign_in::{agent, said, with_session};
use super::trouble::{Trouble, refused, see_other};
use super::visit::Guest;
use crate::app::App;
use crate::front::Exchange;

pub(super) fn places() -> Vec<Place> {
    vec![Place::page("/console/setup/{link}", get(page).post(choose))]
}

#[derive(Template)]
#[template(path = "console/setup.html")]
struct SetupPage {
    page: Page,
    said: Option<Said>,
    /// Whose password it is; nobody's yet for the first owner.
    operator: Option<Operator>,
    email: Field,
    password: Field,
    again: Field,
}

async fn page(State(app): State<App>, guest: Guest, Path(link): Path<String>) -> Result<Response, Trouble> {
    let link = look(&app, &link).await?;
    Ok(show(&setup_page(&guest, link.operator, &Fields::default(), None)))
}

async fn choose(
    State(app): State<App>,
    exchange: Exchange,
    headers: HeaderMap,
    Path(link): Path<String>,
    form: GuestForm,
) -> Result<Response, Trouble> {
    let text = read(&link)?;
    let operator = look(&app, &link).await?.operator;
    let chosen = match &operator {
        Some(operator) => Ok(operator.email.clone()),
        None => Email::parse(form.fields.text("email")),
    };
    let typed = (form.fields.text("password"), form.fields.text("password_again"));
    let chosen = chosen.and_then(|email| Ok((Password::choose(typed.0, typed.1, &email)?, email)));
    let (password, email) = match chosen {
        Ok(chosen) => chosen,
        Err(refusal) => {
            let said = said(&form.guest, &refusal);
            return Ok(refused(&refusal, &setup_page(&form.guest, operator, &form.fields, Some(said))));
        }
    };
    let hash = app.hash(password).await?;
    let (vault, address, agent) = (app.console.vault.clone(), exchange.client().to_string(), agent(&headers));
    let begun = app
        .alter(move |tx| {
            let operator = links::redeem(tx, &vault, &text, &email, &hash)?;
            begin(tx, &vault, &operator, &address, &agent)
        })
        .await?;
    Ok(with_session(&app, &begun, see_other("/console/")))
}

fn setup_page(guest: &Guest, operator: Option<Operator>, typed: &Fields, said: Option<Said>) -> SetupPage {
    let page = guest.page(guest.reader().t("setup-title"));
    SetupPage {
        said,
        operator,
        email: Field::email("email", page.t("field-email")).typed(typed),
        password: Field::password("password", page.t("field-new-password"), "new-password")
            .hint(page.t("password-hint")),
        again: Field::password("password_again", page.t("field-password-again"), "new-password"),
        page,
    }
}

async fn look(app: &App, link: &str) -> Result<links::Link, Trouble> {
    let (text, vault, now) = (read(link)?, app.console.vault.clone(), app.now().map_err(Trouble::Failed)?);
    app.look(move |reader| links::look(reader, &vault, &text, now)).await
}

fn read(link: &str) -> Result<SecretKey, Trouble> {
    SecretKey::read(SecretKind::Setup, link).map_err(|_| Trouble::Refused(Refusal::LinkUnusable))
}
