//! The form by which a person who was invited gets an account.
//!
//! Opening an invitation's URL exchanges its secret for a visit: a sealed cookie that lives for two hours, and an address without
//! the secret. Nothing is used up by that, so mail scanners may open what they like. The form is read and judged on this side; only
//! then is a use reserved, together with the registration. What comes of it stands on a page of its own, which is known by a
//! receipt.
//!
//! The invariant: whoever has no right secret gets one answer, in one time: what is cut, made up, or another's is looked up by one
//! statement that finds nothing, and nothing before it asks what the text looks like.

mod door;
mod held;
pub(crate) mod maker;
mod making;
mod pages;
mod strength;
mod tally;

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::header::{HeaderMap, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use latchkey_domain::accounts::{Policy, Secret};
use latchkey_domain::invitations::form::{self, Fault, Field, Person, Typed};
use latchkey_domain::invitations::{Invitation, login};
use latchkey_domain::time::{Millis, Timestamp};
use latchkey_domain::{Failure, Refusal};
use latchkey_key::secret::{ID_BYTES, SECRET_BYTES, SecretKey, SecretKind};
use latchkey_store::accounts::connections;
use latchkey_store::invitations::registrations::{self, Applicant, Registration, State as Stands};
use latchkey_store::invitations::visits::Visit;
use latchkey_store::invitations::{counts, keys};
use latchkey_store::jobs::Leased;
use latchkey_texts::{Language, letters};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zeroize::Zeroizing;

use crate::app::App;
use crate::console::Trouble;
use crate::cookies::cookie;
use crate::front::{Exchange, Throttle};
use door::{COOKIE, Sent, language_of};
use maker::{LEASE, Maker};
use pages::{FormPage, Shown, SimplePage, StatusPage, show_as};
pub(crate) use tally::Tally;

/// How long a person waits for the account, before being told that the registration is kept.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);

/// What keeps others from trying secrets, and from filling in forms without end.
pub(crate) struct Desk {
    /// Wrong secrets by address: so many at once, then one in so many milliseconds.
    wrong: Throttle,
    /// Forms by address.
    addresses: Throttle,
    /// Forms by invitation.
    invitations: Throttle,
    /// All forms.
    overall: Throttle,
    /// Forms that are looked at at once; the others wait.
    turns: Semaphore,
    /// What came of invitations, for the worker.
    pub(crate) tally: Arc<Tally>,
    /// Accounts that are made while their people wait. Where a GLPI is slow they take longer than anybody waits, and more of
    /// them are left to the threads that take up what waits.
    at_once: Arc<Semaphore>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self {
            wrong: Throttle::new(30, 2_000),
            addresses: Throttle::new(60, 1_000),
            invitations: Throttle::new(1_000, 100),
            overall: Throttle::new(5_000, 20),
            turns: Semaphore::new(64),
            tally: Arc::default(),
            at_once: Arc::new(Semaphore::new(32)),
        }
    }
}

pub(crate) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/join", get(form_page).post(send))
        .route("/join/{secret}", get(open))
        .route("/join/kept/{receipt}", get(kept).post(choose_again))
        .layer(from_fn_with_state(app.clone(), door::pass))
}

/// `GET /join/<secret>`: exchanges it for a visit.
async fn open(State(app): State<App>, secret: InPath, exchange: Exchange, headers: HeaderMap) -> Response {
    let language = language_of(&headers, "", None);
    let now = match app.now() {
        Ok(now) => now,
        Err(failure) => return failed(&failure, language),
    };
    let vault = app.console.vault().clone();
    let secret = in_path(secret);
    let found = app.look_once(move |reader| Ok(keys::recognise(reader, &vault, &secret)?)).await;
    let invitation = match found {
        Ok(Some(invitation)) => invitation,
        Ok(None) => {
            if let Some(seconds) = app.join.wrong.note(exchange.client(), app.clock.monotonic()) {
                return wait(seconds, language);
            }
            return closed(language);
        }
        Err(trouble) => return troubled(&trouble, language),
    };
    let language = language_of(&headers, "", invitation.language.as_deref());
    if let Err(why) = invitation.may_use(now) {
        return refused(&app, &invitation.id, &Refusal::InvitationClosed(why), language, now);
    }
    let sealed = Visit::begin(&invitation.id, now).and_then(|visit| visit.sealed(app.console.vault()));
    let sealed = match sealed {
        Ok(sealed) => sealed,
        Err(error) => return failed(&error.failure(), language),
    };
    note(&app, &invitation.id, "opened".into(), now);
    let mut response = StatusCode::SEE_OTHER.into_response();
    response.headers_mut().insert(LOCATION, HeaderValue::from_static("/join"));
    let secure = if app.is_secure() { "; Secure" } else { "" };
    if let Ok(value) =
        HeaderValue::try_from(format!("{COOKIE}={sealed}; Path=/join; Max-Age=7200; HttpOnly; SameSite=Lax{secure}"))
    {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// A visit that counts, its invitation, and what is asked of passwords.
struct Welcome {
    visit: Visit,
    invitation: Invitation,
    policy: Policy,
}

async fn welcome(app: &App, headers: &HeaderMap, now: Timestamp) -> Result<Option<Welcome>, Trouble> {
    let Some(visit) = cookie(headers, COOKIE).and_then(|sealed| Visit::open(app.console.vault(), sealed, now)) else {
        return Ok(None);
    };
    let found = app
        .look(move |reader| {
            let invitation = keys::find(reader, &visit.invitation)?;
            let connection = match invitation.connection {
                // One that was removed demands nothing any more.
                Some(id) => connections::by_id(reader, id).ok(),
                None => None,
            };
            let policy = connection.map(|connection| connection.report.policy).unwrap_or_default();
            Ok(Welcome { visit, invitation, policy: form::asked(&policy) })
        })
        .await?;
    Ok(Some(found))
}

/// `GET /join`: the form.
async fn form_page(State(app): State<App>, uri: axum::http::Uri, headers: HeaderMap) -> Response {
    let wish = door::wish(&uri);
    let language = language_of(&headers, &wish, None);
    let now = match app.now() {
        Ok(now) => now,
        Err(failure) => return failed(&failure, language),
    };
    match welcome(&app, &headers, now).await {
        Ok(Some(welcome)) => {
            let language = language_of(&headers, &wish, welcome.invitation.language.as_deref());
            match welcome.invitation.may_use(now) {
                Ok(()) => show_as(StatusCode::OK, &page_of(&app, &welcome, language, Shown::default())),
                Err(why) => refused(&app, &welcome.invitation.id, &Refusal::InvitationClosed(why), language, now),
            }
        }
        Ok(None) => closed(language),
        Err(trouble) => troubled(&trouble, language),
    }
}

/// `POST /join`: the form, filled in.
async fn send(
    State(app): State<App>,
    exchange: Exchange,
    uri: axum::http::Uri,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    let wish = door::wish(&uri);
    let language = language_of(&headers, &wish, None);
    let now = match app.now() {
        Ok(now) => now,
        Err(failure) => return failed(&failure, language),
    };
    let welcome = match welcome(&app, &headers, now).await {
        Ok(Some(welcome)) => welcome,
        Ok(None) => return closed(language),
        Err(trouble) => return troubled(&trouble, language),
    };
    let language = language_of(&headers, &wish, welcome.invitation.language.as_deref());
    if !welcome.visit.sent(app.console.vault(), sent.text("form_token")) {
        return foreign(language);
    }
    let monotonic = app.clock.monotonic();
    let waits = app.join.addresses.note(exchange.client(), monotonic);
    let waits = waits.or_else(|| app.join.invitations.note(&welcome.invitation.id, monotonic));
    if let Some(seconds) = waits.or_else(|| app.join.overall.note(&"all".to_owned(), monotonic)) {
        return wait(seconds, language);
    }
    let Ok(_turn) = app.join.turns.acquire().await else { return failed(&Failure::Overloaded, language) };
    note(&app, &welcome.invitation.id, "started".into(), now);
    let login = chosen_login(&sent);
    let receipt = welcome.visit.receipt(app.console.vault(), &login::folded(login.trim()));
    match register(&app, &welcome, &sent, &login, &receipt, language).await {
        Ok(()) => see_receipt(&receipt),
        Err(Unregistered::Faults(faults)) => {
            // The same form, sent twice: the second one gets the first one's answer.
            if let Ok(true) = is_known(&app, &receipt).await {
                return see_receipt(&receipt);
            }
            for (field, fault) in &faults {
                let what = format!("refused:{}:{}", field.name(), fault.code());
                note(&app, &welcome.invitation.id, what.into(), now);
            }
            let shown = Shown { values: sent.kept(), faults };
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &page_of(&app, &welcome, language, shown))
        }
        Err(Unregistered::Refused(refusal)) => {
            if let Ok(true) = is_known(&app, &receipt).await {
                return see_receipt(&receipt);
            }
            refused(&app, &welcome.invitation.id, &refusal, language, now)
        }
        Err(Unregistered::Failed(trouble)) => troubled(&trouble, language),
    }
}

/// The login that was typed, or the one that is offered to somebody of this name.
fn chosen_login(sent: &Sent) -> String {
    match sent.text("login") {
        typed if typed.trim().is_empty() => login::offered(sent.text("firstname"), sent.text("realname")),
        typed => typed.to_owned(),
    }
}

/// Why there is no registration.
enum Unregistered {
    Faults(Vec<(Field, Fault)>),
    Refused(Refusal),
    Failed(Trouble),
}

async fn register(
    app: &App,
    welcome: &Welcome,
    sent: &Sent,
    login: &str,
    receipt: &SecretKey,
    language: Language,
) -> Result<(), Unregistered> {
    let typed = Typed {
        firstname: sent.text("firstname"),
        realname: sent.text("realname"),
        email: sent.text("email"),
        login,
        password: sent.text("password"),
        password2: sent.text("password2"),
    };
    let invitation = &welcome.invitation;
    // All that is wrong is said at once: whoever mends a login should not then be sent back for the password.
    let judged =
        judge(sent.text("password"), as_typed(&typed), invitation.name.as_str()).await.map_err(Unregistered::Failed)?;
    let read = form::read(typed, &invitation.email_domains, &welcome.policy, language.tag());
    let (person, password) = match (read, judged) {
        (Ok(read), None) => read,
        (Ok(_), Some(weak)) => return Err(Unregistered::Faults(vec![(Field::Password, weak)])),
        (Err(mut faults), weak) => {
            let said = faults.iter().any(|(field, _)| *field == Field::Password);
            faults.extend(weak.filter(|_| !said).map(|weak| (Field::Password, weak)));
            return Err(Unregistered::Faults(faults));
        }
    };
    let applicant = app.now().and_then(|now| {
        let applicant = Applicant::new(app.console.vault(), person, &password, receipt, now);
        applicant.map_err(|error| error.failure())
    });
    let applicant = applicant.map_err(|failure| Unregistered::Failed(Trouble::Failed(failure)))?;
    let (id, zone) = (invitation.id.clone(), app.zone.clone());
    let slot = app.join.at_once.clone().try_acquire_owned().ok();
    let lease = lease(slot.as_ref());
    let reserved = app
        .alter(move |tx| {
            let reserved = registrations::reserve(tx, &id, &applicant, lease)?;
            if reserved.job.is_none() {
                counts::count(tx, &id, zone.date_of(tx.now()), "completed")?;
            }
            Ok(reserved)
        })
        .await;
    match reserved {
        Ok(reserved) => {
            make_now(app, reserved.job, slot).await;
            Ok(())
        }
        Err(Trouble::Refused(Refusal::LoginTaken)) => Err(Unregistered::Faults(vec![(Field::Login, Fault::Taken)])),
        Err(Trouble::Refused(refusal)) => Err(Unregistered::Refused(refusal)),
        Err(trouble) => Err(Unregistered::Failed(trouble)),
    }
}

/// How long a job is held by whoever reserved it: not at all, where it is left to others.
fn lease(slot: Option<&OwnedSemaphorePermit>) -> Millis {
    if slot.is_some() { LEASE } else { 0 }
}

/// Makes an account while its person waits, for a time. It goes on by itself where the person does not wait for it.
async fn make_now(app: &App, job: Option<Leased>, slot: Option<OwnedSemaphorePermit>) {
    let (Some(job), Some(slot)) = (job, slot) else { return };
    let maker = Maker::of(app);
    let (made, heard) = tokio::sync::oneshot::channel::<()>();
    tokio::task::spawn_blocking(move || {
        maker.attempt(&job, made);
        drop(slot);
    });
    // It is told by being dropped, whatever came of it.
    let _ = tokio::time::timeout(PATIENCE, heard).await;
}

/// Somebody as typed, who may not be whole.
fn as_typed(typed: &Typed<'_>) -> Person {
    Person {
        firstname: typed.firstname.to_owned(),
        realname: typed.realname.to_owned(),
        email: typed.email.to_owned(),
        login: typed.login.to_owned(),
        language: String::new(),
    }
}

/// How soon a password would be guessed. That takes a while, so it is not done where others wait.
async fn judge(password: &str, person: Person, invitation: &str) -> Result<Option<Fault>, Trouble> {
    let (password, invitation) = (Secret::new(password), invitation.to_owned());
    let judged = tokio::task::spawn_blocking(move || strength::fault(password.reveal(), &person, &invitation));
    judged.await.map_err(|_| Trouble::Failed(Failure::Internal))
}

/// What stands in an address where a secret belongs.
type InPath = Result<Path<String>, PathRejection>;

/// What is no text at all is a wrong secret like any other.
fn in_path(given: InPath) -> Zeroizing<String> {
    Zeroizing::new(given.map(|Path(text)| text).unwrap_or_default())
}

/// A receipt as it stands in an address. What is none is looked up like one that is wrong.
fn receipt_of(text: &str) -> SecretKey {
    SecretKey::read(SecretKind::Receipt, text)
        .unwrap_or_else(|_| SecretKey::from_random(SecretKind::Receipt, [0; ID_BYTES], &[0; SECRET_BYTES]))
}

async fn is_known(app: &App, receipt: &SecretKey) -> Result<bool, Trouble> {
    Ok(found(app, receipt).await?.is_some())
}

async fn found(app: &App, receipt: &SecretKey) -> Result<Option<(Registration, Option<(Policy, String)>)>, Trouble> {
    let (vault, receipt) = (app.console.vault().clone(), receipt.clone());
    app.look(move |reader| {
        let Some(registration) = registrations::by_receipt(reader, &vault, &receipt)? else { return Ok(None) };
        let connection = registration.connection.and_then(|id| connections::by_id(reader, id).ok());
        Ok(Some((registration, connection.map(|connection| (connection.report.policy, connection.url)))))
    })
    .await
}

/// `GET /join/kept/<receipt>`: how a registration stands.
async fn kept(
    State(app): State<App>,
    receipt: InPath,
    exchange: Exchange,
    uri: axum::http::Uri,
    headers: HeaderMap,
) -> Response {
    status(&app, &in_path(receipt), &exchange, &door::wish(&uri), &headers, None).await
}

async fn status(
    app: &App,
    receipt: &str,
    exchange: &Exchange,
    wish: &str,
    headers: &HeaderMap,
    fault: Option<(Field, Fault)>,
) -> Response {
    let language = language_of(headers, wish, None);
    let key = receipt_of(receipt);
    match found(app, &key).await {
        Ok(Some((registration, connection))) => {
            let language = language_of(headers, wish, Some(&registration.person.language));
            let (policy, address) = connection.unzip();
            let policy = form::asked(&policy.unwrap_or_default());
            let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let token = app.console.vault().clone();
            let page = StatusPage {
                language,
                form_token: registrations::form_token(&token, &key),
                receipt: receipt.trim().to_owned(),
                state: registration.state,
                login: registration.person.login,
                address,
                policy,
                fault,
            };
            show_as(status, &page)
        }
        Ok(None) => {
            if let Some(seconds) = app.join.wrong.note(exchange.client(), app.clock.monotonic()) {
                return wait(seconds, language);
            }
            closed(language)
        }
        Err(trouble) => troubled(&trouble, language),
    }
}

/// `POST /join/kept/<receipt>`: the password, chosen again.
async fn choose_again(
    State(app): State<App>,
    receipt: InPath,
    exchange: Exchange,
    uri: axum::http::Uri,
    headers: HeaderMap,
    sent: Sent,
) -> Response {
    let (wish, receipt) = (door::wish(&uri), in_path(receipt));
    let language = language_of(&headers, &wish, None);
    let key = receipt_of(&receipt);
    if !registrations::is_form_token(app.console.vault(), &key, sent.text("form_token")) {
        return foreign(language);
    }
    if let Some(seconds) = app.join.addresses.note(exchange.client(), app.clock.monotonic()) {
        return wait(seconds, language);
    }
    let (registration, policy) = match found(&app, &key).await {
        Ok(Some((registration, connection))) if registration.state == Stands::PasswordNeeded => {
            (registration, connection.map(|(policy, _)| policy).unwrap_or_default())
        }
        Ok(Some(_)) => return see_receipt(&key),
        Ok(None) => return closed(language),
        Err(trouble) => return troubled(&trouble, language),
    };
    let password = form::password(sent.text("password"), sent.text("password2"), &policy);
    let judged = match judge(sent.text("password"), registration.person, "").await {
        Ok(weak) => password.and_then(|password| weak.map_or(Ok(password), |weak| Err((Field::Password, weak)))),
        Err(trouble) => return troubled(&trouble, language),
    };
    let password = match judged {
        Ok(password) => password,
        Err(fault) => return status(&app, &receipt, &exchange, &wish, &headers, Some(fault)).await,
    };
    let (vault, id) = (app.console.vault().clone(), registration.id);
    let slot = app.join.at_once.clone().try_acquire_owned().ok();
    let lease = lease(slot.as_ref());
    match app.alter(move |tx| registrations::choose_again(tx, &vault, id, &password, lease)).await {
        Ok(job) => {
            make_now(&app, job, slot).await;
            see_receipt(&key)
        }
        Err(Trouble::Refused(_)) => see_receipt(&key),
        Err(trouble) => troubled(&trouble, language),
    }
}

fn page_of(app: &App, welcome: &Welcome, language: Language, shown: Shown) -> FormPage {
    FormPage {
        language,
        form_token: welcome.visit.form_token(app.console.vault()),
        name: welcome.invitation.name.to_string(),
        domains: welcome.invitation.email_domains.clone(),
        policy: welcome.policy,
        shown,
    }
}

/// Counts what came of an invitation.
fn note(app: &App, invitation: &str, what: Cow<'static, str>, now: Timestamp) {
    app.join.tally.count(invitation, app.zone.date_of(now), what);
}

fn see_receipt(receipt: &SecretKey) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(place) = HeaderValue::try_from(format!("/join/kept/{}", receipt.reveal())) {
        response.headers_mut().insert(LOCATION, place);
    }
    response
}

/// The one answer for whoever has no right secret.
fn closed(language: Language) -> Response {
    let w = |name: &str| letters::word(language, name, &[]);
    let page =
        SimplePage { language, title: w("join-closed-title"), cause: w("join-closed"), next: w("join-closed-next") };
    show_as(StatusCode::NOT_FOUND, &page)
}

fn foreign(language: Language) -> Response {
    let w = |name: &str| letters::word(language, name, &[]);
    let page = SimplePage { language, title: w("join-closed-title"), cause: w("join-foreign"), next: String::new() };
    show_as(StatusCode::FORBIDDEN, &page)
}

fn wait(seconds: u64, language: Language) -> Response {
    let cause = letters::word(language, "join-wait", &[("seconds", &seconds.to_string())]);
    let title = letters::word(language, "join-wait-title", &[]);
    let mut response =
        show_as(StatusCode::TOO_MANY_REQUESTS, &SimplePage { language, title, cause, next: String::new() });
    response.headers_mut().insert(axum::http::header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Whoever has the right secret is told why it does not open, and whom to ask.
fn refused(app: &App, invitation: &str, refusal: &Refusal, language: Language, now: Timestamp) -> Response {
    note(app, invitation, format!("refused:{}", refusal.code()).into(), now);
    let said = latchkey_texts::refusal(refusal, language, &app.zone);
    let page = SimplePage { language, title: said.title, cause: said.cause, next: said.next_step };
    show_as(StatusCode::GONE, &page)
}

fn troubled(trouble: &Trouble, language: Language) -> Response {
    match trouble {
        Trouble::Failed(failure) => failed(failure, language),
        // Only what is asked of the store can go wrong here, and what was there is there.
        Trouble::SignIn { .. }
        | Trouble::Refused(_)
        | Trouble::NotFound
        | Trouble::OtherMethod
        | Trouble::Foreign
        | Trouble::OtherSession(_)
        | Trouble::Unreadable => closed(language),
    }
}

fn failed(failure: &Failure, language: Language) -> Response {
    let said = latchkey_texts::failure(failure, language);
    let page = SimplePage { language, title: said.title, cause: said.cause, next: said.next_step };
    let mut response = show_as(StatusCode::SERVICE_UNAVAILABLE, &page);
    response.headers_mut().insert(axum::http::header::RETRY_AFTER, HeaderValue::from_static("60"));
    response
}
