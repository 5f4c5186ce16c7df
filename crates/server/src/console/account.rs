//! The operator's own account: password, second factor, recovery codes, and where it is signed in.
//!
//! What weakens an account (another password, no second factor) asks for the password again: a session that was left open
//! on a desk is not enough.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use latchkey_domain::Refusal;
use latchkey_domain::operators::{Deed, Operator, Password};
use latchkey_store::operators::passwords::PasswordHash;
use latchkey_store::operators::sessions::{self, Session};
use latchkey_store::operators::{credentials, second_factor, set_password};

use super::Place;
use super::assets::icons;
use super::deed::DeedPage;
use super::desk::throttled;
use super::form::Form;
use super::notice::Notice;
use super::page::{Field, Page, show};
use super::plots::Svg;
use super::qr;
use super::trouble::{Trouble, done, refused, see_other};
use super::visit::Visit;
use crate::app::App;
use crate::front::Exchange;

pub(super) const PLACE: &str = "/console/account";
const PASSWORD: &str = "/console/account/password";
const SECOND_FACTOR: &str = "/console/account/second-factor";
const TURN_OFF: &str = "/console/account/second-factor/off";
const CODES: &str = "/console/account/recovery-codes";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(page)),
        Place::page(PASSWORD, get(ask_password).post(choose_password)),
        Place::page(SECOND_FACTOR, get(second_factor_page).post(confirm_second_factor)),
        Place::page(TURN_OFF, get(ask_turn_off).post(turn_off)),
        Place::page(CODES, get(ask_codes).post(renew_codes)),
        Place::action("/console/account/second-factor/begin", post(begin)),
        Place::action("/console/account/sessions", post(end_session)),
    ]
}

#[derive(Template)]
#[template(path = "console/account.html")]
struct AccountPage {
    page: Page,
    operator: Operator,
    /// This one first.
    sessions: Vec<Session>,
    own: String,
    codes_left: usize,
}

#[derive(Template)]
#[template(path = "console/second_factor.html")]
struct SecondFactorPage {
    page: Page,
    said: Option<latchkey_texts::Said>,
    picture: Option<Svg>,
    secret: String,
    code: Field,
}

#[derive(Template)]
#[template(path = "console/recovery_codes.html")]
struct CodesPage {
    page: Page,
    codes: Vec<String>,
}

async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (id, own, now) = (visit.operator().id, visit.session().id.clone(), app.now().map_err(Trouble::Failed)?);
    let (mut sessions, codes_left) =
        app.look(move |reader| Ok((sessions::list(reader, id, now)?, second_factor::codes_left(reader, id)?))).await?;
    sessions.sort_by_key(|session| session.id != own);
    let (page, operator) = (visit.page(PLACE, visit.reader().t("account-title")), visit.operator().clone());
    let own = visit.session().id.clone();
    Ok(show(&AccountPage { page, operator, sessions, own, codes_left }))
}

async fn ask_password(visit: Visit) -> Response {
    show(&password_page(&visit, None))
}

async fn choose_password(State(app): State<App>, exchange: Exchange, form: Form) -> Result<Response, Trouble> {
    let visit = &form.visit;
    let chosen = Password::choose(form.text("password_new"), form.text("password_again"), &visit.operator().email);
    let outcome = match chosen {
        Ok(password) => match confirm(&app, &exchange, &form).await {
            Ok(()) => {
                let hash: PasswordHash = app.hash(password).await?;
                let (id, own, actor) = (visit.operator().id, visit.session().id.clone(), visit.actor());
                form.once(&app, move |tx| set_password(tx, id, &hash, Some(&own), &actor).map(|_| ())).await
            }
            Err(trouble) => Err(trouble),
        },
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match outcome {
        Ok(()) => Ok(done(&app, PLACE, &Notice::new("done-password"))),
        Err(Trouble::Refused(refusal)) => Ok(refused(&refusal, &password_page(visit, Some(&refusal)))),
        Err(trouble) => Err(trouble),
    }
}

fn password_page(visit: &Visit, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t("password-title"));
    let new =
        Field::password("password_new", page.t("field-new-password"), "new-password").hint(page.t("password-hint"));
    let again = Field::password("password_again", page.t("field-password-again"), "new-password");
    let (now, will) = (now_field(&page), page.t("password-will"));
    DeedPage::new(page, "password", PASSWORD.to_owned(), PLACE.to_owned())
        .will(will)
        .input(now)
        .input(new)
        .input(again)
        .refused(refusal)
}

fn now_field(page: &Page) -> Field {
    Field::password("password_now", page.t("field-password-now"), "current-password")
}

async fn begin(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    let (id, vault) = (form.visit.operator().id, app.console.vault.clone());
    form.once(&app, move |tx| second_factor::prepare(tx, &vault, id)).await?;
    Ok(see_other(SECOND_FACTOR))
}

async fn second_factor_page(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    match waiting(&app, &visit, None).await? {
        Some(page) => Ok(show(&page)),
        // It is on, or was not begun: both stand on the account's page.
        None => Ok(see_other(PLACE)),
    }
}

async fn confirm_second_factor(State(app): State<App>, exchange: Exchange, form: Form) -> Result<Response, Trouble> {
    let (id, vault, code) = (form.visit.operator().id, app.console.vault.clone(), form.text("code").to_owned());
    let (account, now) = (id.to_string(), app.clock.monotonic());
    throttled(app.console.accounts.wait(&account, now))?;
    let outcome = form
        .once(&app, move |tx| {
            let codes = second_factor::turn_on(tx, &vault, id, &code)?;
            Ok(codes.iter().map(|code| code.to_string()).collect::<Vec<String>>())
        })
        .await;
    match outcome {
        Ok(codes) => Ok(codes_page(&form.visit, codes)),
        Err(Trouble::Refused(refusal)) => {
            app.console.accounts.note(&account, now);
            app.console.addresses.note(exchange.client(), now);
            match waiting(&app, &form.visit, Some(&refusal)).await? {
                Some(page) => Ok(refused(&refusal, &page)),
                None => Ok(see_other(PLACE)),
            }
        }
        Err(trouble) => Err(trouble),
    }
}

/// The page on which a new second factor is confirmed, where one waits for that.
async fn waiting(app: &App, visit: &Visit, refusal: Option<&Refusal>) -> Result<Option<SecondFactorPage>, Trouble> {
    let (id, vault) = (visit.operator().id, app.console.vault.clone());
    let Some(secret) = app.look(move |reader| Ok(second_factor::waiting(reader, &vault, id)?)).await? else {
        return Ok(None);
    };
    let page = visit.page(PLACE, visit.reader().t("second-factor-title"));
    let uri = secret.to_uri("Latchkey", visit.operator().email.as_str());
    let base32 = secret.to_base32();
    let groups: Vec<&str> = (0..base32.len() / 4).map(|at| &base32[4 * at..4 * at + 4]).collect();
    Ok(Some(SecondFactorPage {
        said: refusal.map(|refusal| page.refusal(refusal)),
        picture: qr::drawn(&uri, &page.t("second-factor-picture")),
        secret: groups.join(" "),
        code: Field::text("code", page.t("field-code"))
            .hint(page.t("second-factor-code-hint"))
            .autocomplete("one-time-code"),
        page,
    }))
}

async fn ask_turn_off(visit: Visit) -> Response {
    show(&guarded_page(&visit, "second-factor-off", TURN_OFF, None))
}

async fn turn_off(State(app): State<App>, exchange: Exchange, form: Form) -> Result<Response, Trouble> {
    let outcome = match confirm(&app, &exchange, &form).await {
        Ok(()) => {
            let (id, actor) = (form.visit.operator().id, form.visit.actor());
            form.once(&app, move |tx| second_factor::turn_off(tx, id, &actor)).await
        }
        Err(trouble) => Err(trouble),
    };
    match outcome {
        Ok(()) => Ok(done(&app, PLACE, &Notice::new("done-second-factor-off"))),
        Err(Trouble::Refused(refusal)) => {
            Ok(refused(&refusal, &guarded_page(&form.visit, "second-factor-off", TURN_OFF, Some(&refusal))))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn ask_codes(visit: Visit) -> Response {
    show(&guarded_page(&visit, "recovery-codes", CODES, None))
}

async fn renew_codes(State(app): State<App>, exchange: Exchange, form: Form) -> Result<Response, Trouble> {
    let outcome = match confirm(&app, &exchange, &form).await {
        Ok(()) => {
            let (id, vault) = (form.visit.operator().id, app.console.vault.clone());
            form.once(&app, move |tx| {
                let codes = second_factor::renew_codes(tx, &vault, id)?;
                Ok(codes.iter().map(|code| code.to_string()).collect::<Vec<String>>())
            })
            .await
        }
        Err(trouble) => Err(trouble),
    };
    match outcome {
        Ok(codes) => Ok(codes_page(&form.visit, codes)),
        Err(Trouble::Refused(refusal)) => {
            Ok(refused(&refusal, &guarded_page(&form.visit, "recovery-codes", CODES, Some(&refusal))))
        }
        Err(trouble) => Err(trouble),
    }
}

/// A deed for which the password is asked again.
fn guarded_page(visit: &Visit, name: &str, action: &str, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t(&format!("{name}-title")));
    let (now, will) = (now_field(&page), page.t(&format!("{name}-will")));
    DeedPage::new(page, name, action.to_owned(), PLACE.to_owned()).will(will).input(now).refused(refusal)
}

fn codes_page(visit: &Visit, codes: Vec<String>) -> Response {
    show(&CodesPage { page: visit.page(PLACE, visit.reader().t("recovery-codes-made")), codes })
}

async fn end_session(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    let (id, own, actor) = (form.visit.operator().id, form.visit.session().id.clone(), form.visit.actor());
    let which = form.text("session").to_owned();
    form.once(&app, move |tx| match which.as_str() {
        "others" => sessions::end_others(tx, id, &own, &actor),
        one => sessions::end(tx, id, one, &actor),
    })
    .await?;
    Ok(done(&app, PLACE, &Notice::new("done-session-ended")))
}

/// Asks for the password again, throttled like a sign-in.
async fn confirm(app: &App, exchange: &Exchange, form: &Form) -> Result<(), Trouble> {
    let email = form.visit.operator().email.folded();
    let (now, address) = (app.clock.monotonic(), exchange.client());
    throttled(app.console.addresses.wait(address, now).or_else(|| app.console.accounts.wait(&email, now)))?;
    let (asked, typed) = (email.clone(), Password::typed(form.text("password_now")));
    let chosen = app.look(move |reader| Ok(credentials(reader, &asked)?)).await?.and_then(|(_, chosen)| chosen);
    if app.compare(typed, chosen).await? {
        return Ok(());
    }
    app.console.accounts.note(&email, now);
    app.console.addresses.note(address, now);
    Err(Trouble::Refused(Refusal::SignInRefused))
}

/// A browser as people call it, from the name that it gives itself; that name where it is not one of the usual.
pub(crate) fn browser(agent: &str) -> String {
    let version_after = |mark: &str| {
        let rest = agent.split_once(mark)?.1;
        let version: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (!version.is_empty()).then_some(version)
    };
    // Each names also those that came before it, so the later ones are looked for first.
    let known = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Version/", "Safari")];
    let found =
        known.into_iter().find_map(|(mark, name)| version_after(mark).map(|version| format!("{name} {version}")));
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let system = systems.into_iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| name);
    match (found, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser,
        (None, _) if agent.trim().is_empty() => "–".to_owned(),
        (None, _) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn a_browser_is_called_as_people_call_it() {
        for (agent, called) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
                "Chrome 156, Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
                "Edge 156, Windows",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15",
                "Safari 19, macOS",
            ),
            ("Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0", "Firefox 150, Android"),
            ("curl/8.10", "curl/8.10"),
            ("", "–"),
        ] {
            assert_eq!(browser(agent), called);
        }
    }
}
