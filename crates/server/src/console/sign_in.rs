//! Signing in and out.
//!
//! Which of address and password is wrong is not said, and takes as long either way. Both the account and the address from which
//! somebody tries are throttled, before a password is looked at.

use askama::Template;
use axum::extract::State;
use axum::http::header::{SET_COOKIE, USER_AGENT};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::{get, post};
use latchkey_domain::Refusal;
use latchkey_domain::operators::{Operator, Password};
use latchkey_domain::text::one_word;
use latchkey_store::operators::sessions::{Begun, begin, complete, end};
use latchkey_store::operators::{credentials, second_factor};
use latchkey_texts::Said;
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::desk::throttled;
use super::form::{Form, GuestForm, Kept, is_ours};
use super::page::{Field, Page, resume, show, show_as};
use super::trouble::{Trouble, refused, see_other};
use super::visit::{Guest, Wishes};
use crate::app::App;
use crate::front::Exchange;

const HOME: &str = "/console/";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page("/console/login", get(page).post(sign_in)),
        Place::page("/console/login/code", get(code_page).post(code)),
        Place::action("/console/logout", post(sign_out)),
    ]
}

#[derive(Deserialize, Default)]
struct Wish {
    next: Option<String>,
}

/// What is to happen after somebody has signed in.
struct After {
    next: String,
    kept: Option<Kept>,
}

#[derive(Template)]
#[template(path = "console/login.html")]
struct LoginPage {
    page: Page,
    said: Option<Said>,
    email: Field,
    password: Field,
    after: After,
}

#[derive(Template)]
#[template(path = "console/login_code.html")]
struct CodePage {
    page: Page,
    said: Option<Said>,
    code: Field,
    after: After,
}

impl After {
    fn of(form: &GuestForm) -> Self {
        let next = form.fields.text("next");
        Self {
            next: if is_ours(next) { next.to_owned() } else { HOME.to_owned() },
            kept: Kept::read(form.fields.text("kept_path"), form.fields.text("kept")),
        }
    }

    /// The fields that carry this through the forms.
    fn hidden(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("next", self.next.clone())];
        if let Some(kept) = &self.kept {
            fields.push(("kept_path", kept.path.clone()));
            fields.push(("kept", kept.fields.encoded()));
        }
        fields
    }
}

async fn page(guest: Guest, Wishes(wish): Wishes<Wish>) -> Response {
    let next = wish.next.filter(|next| is_ours(next)).unwrap_or_else(|| HOME.to_owned());
    if guest.operator.is_some() {
        return see_other(&next);
    }
    show(&login_page(&guest, String::new(), After { next, kept: None }, None))
}

/// The same for somebody whose session was over when a form came: what was typed is kept.
pub(super) fn with_kept(guest: &Guest, next: &str, kept: &Kept) -> Response {
    let reader = guest.reader();
    let said = Said { title: reader.t("kept-title"), cause: reader.t("kept-cause"), next_step: reader.t("kept-next") };
    let after = After { next: next.to_owned(), kept: Some(kept.clone()) };
    show_as(axum::http::StatusCode::FORBIDDEN, &login_page(guest, String::new(), after, Some(said)))
}

fn login_page(guest: &Guest, email: String, after: After, said: Option<Said>) -> LoginPage {
    let page = guest.page(guest.reader().t("login-title"));
    LoginPage {
        said,
        email: Field::email("email", page.t("field-email")).with(email),
        password: Field::password("password", page.t("field-password"), "current-password"),
        after,
        page,
    }
}

async fn sign_in(
    State(app): State<App>,
    exchange: Exchange,
    headers: HeaderMap,
    form: GuestForm,
) -> Result<Response, Trouble> {
    let email = one_word(form.fields.text("email"));
    let agent = agent(&headers);
    match try_to_sign_in(&app, &exchange, &email, form.fields.text("password"), agent).await {
        Ok((operator, begun)) if begun.session.times.half_open => {
            let page = code_form(&form.guest, After::of(&form), None);
            tracing::info!(operator = %operator.id, "the password was right, the second factor is awaited");
            Ok(with_session(&app, &begun, show(&page)))
        }
        Ok((operator, begun)) => Ok(welcome(&app, &form, &operator, &begun)),
        Err(Trouble::Refused(refusal)) => {
            let said = said(&form.guest, &refusal);
            let page = login_page(&form.guest, email, After::of(&form), Some(said));
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn try_to_sign_in(
    app: &App,
    exchange: &Exchange,
    email: &str,
    password: &str,
    agent: String,
) -> Result<(Operator, Begun), Trouble> {
    let (now, account, address) = (app.clock.monotonic(), email.to_lowercase(), exchange.client());
    throttled(app.console.addresses.wait(address, now).or_else(|| app.console.accounts.wait(&account, now)))?;
    let (password, asked) = (Password::typed(password), account.clone());
    let found = app.look(move |reader| Ok(credentials(reader, &asked)?)).await?;
    let (operator, chosen) = found.map_or((None, None), |(operator, chosen)| (Some(operator), chosen));
    let right = app.compare(password, chosen).await?;
    let Some(operator) = operator.filter(|_| right) else {
        app.console.accounts.note(&account, now);
        app.console.addresses.note(address, now);
        tracing::warn!(client = %address, "a sign-in was refused");
        return Err(Trouble::Refused(Refusal::SignInRefused));
    };
    if let Some(since) = operator.disabled_at {
        return Err(Trouble::Refused(Refusal::OperatorDisabled { since }));
    }
    let (vault, who, address) = (app.console.vault.clone(), operator.clone(), address.to_string());
    let begun = app.alter(move |tx| begin(tx, &vault, &who, &address, &agent)).await?;
    Ok((operator, begun))
}

fn code_form(guest: &Guest, after: After, said: Option<Said>) -> CodePage {
    let page = guest.page(guest.reader().t("login-code-title"));
    let code = Field::text("code", page.t("field-code")).hint(page.t("login-code-hint")).autocomplete("one-time-code");
    CodePage { said, code, after, page }
}

async fn code_page(guest: Guest) -> Response {
    if guest.half_open.is_none() {
        return see_other("/console/login");
    }
    show(&code_form(&guest, After { next: HOME.to_owned(), kept: None }, None))
}

async fn code(State(app): State<App>, exchange: Exchange, form: GuestForm) -> Result<Response, Trouble> {
    let Some(half_open) = form.guest.half_open.clone() else { return Ok(see_other("/console/login")) };
    let (now, account) = (app.clock.monotonic(), half_open.operator.id.to_string());
    let wait = app.console.addresses.wait(exchange.client(), now).or_else(|| app.console.accounts.wait(&account, now));
    let outcome = match throttled(wait) {
        Ok(()) => {
            let (vault, typed) = (app.console.vault.clone(), form.fields.text("code").to_owned());
            let (session, operator) = (half_open.session.clone(), half_open.operator.clone());
            app.alter(move |tx| {
                second_factor::take(tx, &vault, operator.id, &typed)?;
                complete(tx, &vault, &session, &operator)
            })
            .await
        }
        Err(trouble) => Err(trouble),
    };
    match outcome {
        Ok(begun) => Ok(welcome(&app, &form, &half_open.operator, &begun)),
        Err(Trouble::Refused(refusal)) => {
            if refusal == Refusal::CodeWrong {
                app.console.accounts.note(&account, now);
                app.console.addresses.note(exchange.client(), now);
                tracing::warn!(client = %exchange.client(), operator = %account, "a code was refused");
            }
            let said = said(&form.guest, &refusal);
            Ok(refused(&refusal, &code_form(&form.guest, After::of(&form), Some(said))))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn sign_out(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    let (operator, session, actor) = (form.visit.operator().id, form.visit.session().id.clone(), form.visit.actor());
    app.alter(move |tx| end(tx, operator, &session, &actor)).await?;
    let mut response = see_other("/console/login");
    set_cookie(&mut response, &app, "", "; Max-Age=0");
    Ok(response)
}

/// Where somebody goes who has signed in: to what was wanted, or to what was typed before the session was over.
pub(super) fn welcome(app: &App, form: &GuestForm, operator: &Operator, begun: &Begun) -> Response {
    let after = After::of(form);
    let response = match &after.kept {
        Some(kept) => {
            let reader = form.guest.reader();
            let said = Said {
                title: reader.t("resume-title"),
                cause: reader.t("resume-cause"),
                next_step: reader.t("resume-next"),
            };
            let token = latchkey_store::operators::sessions::form_token(&app.console.vault, &begun.text);
            resume(&form.guest.as_visit(operator, &begun.session, token), kept, said)
        }
        None => see_other(&after.next),
    };
    with_session(app, begun, response)
}

pub(super) fn with_session(app: &App, begun: &Begun, mut response: Response) -> Response {
    set_cookie(&mut response, app, begun.text.reveal(), "");
    response
}

/// The cookie lasts as long as the browser; how long the session counts is the server's to say.
fn set_cookie(response: &mut Response, app: &App, value: &str, more: &str) {
    let secure = if app.console_is_secure() { "; Secure" } else { "" };
    let cookie = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}", app.session_cookie());
    if let Ok(mut cookie) = HeaderValue::try_from(cookie) {
        cookie.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

pub(super) fn agent(headers: &HeaderMap) -> String {
    headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}

pub(super) fn said(guest: &Guest, refusal: &Refusal) -> Said {
    guest.reader().refusal(refusal)
}
