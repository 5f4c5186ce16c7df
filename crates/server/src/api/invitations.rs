//! Invitations, by which people get accounts, and who registered.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use latchkey_domain::Refusal;
use latchkey_domain::invitations::{MOST_LISTED, Span, Target, email_domain};
use latchkey_domain::request::ValueFault;
use latchkey_domain::text::Name;
use latchkey_domain::time::Timestamp;
use latchkey_domain::tokens::Scope;
use latchkey_store::audit;
use latchkey_store::invitations::keys::{self, Order as Wanted};
use latchkey_store::invitations::registrations::{State as Stands, find_given};
use latchkey_store::invitations::{counts, erasure};
use latchkey_store::lists::invitations::{InvitationIs, InvitationSort, Sent, invitations, registrations};
use latchkey_texts::Language;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::{WithReason, WithoutReason, lines, required_reason};
use super::query::{self, Named, Order, Params};
use crate::app::App;
use crate::console::registrations_csv;
use crate::problem::Problem;
use crate::records::{self, invitations as record};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show))
        .routes(routes!(suspend))
        .routes(routes!(resume))
        .routes(routes!(revoke))
        .routes(routes!(registered))
        .routes(routes!(export))
        .routes(routes!(show_registration))
        .routes(routes!(erase_registration))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Those in this state alone.
    #[param(inline)]
    state: Option<InvitationState>,
}

/// Whether an invitation may be used.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum InvitationState {
    Open,
    Scheduled,
    Suspended,
    Expired,
    UsedUp,
    Revoked,
}

#[derive(Serialize, ToSchema)]
struct InvitationPage {
    invitations: Vec<record::Invitation>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateInvitation {
    /// What people call it; they read it above the form: 1 to 200 characters on one line.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// What is to be known about it; not shown to those who are invited.
    #[schema(min_length = 1, max_length = 200)]
    comment: Option<String>,
    /// The connection to the GLPI that gets the accounts, by its name or id; where nothing is said the only one there is, or
    /// the built-in directory where there is none.
    #[schema(min_length = 1, max_length = 200)]
    glpi: Option<String>,
    /// GLPI's number of the entity.
    entity: Option<u32>,
    /// Whether the profile counts in the entities below, too.
    #[serde(default)]
    recursive: bool,
    /// GLPI's number of the profile.
    profile: Option<u32>,
    /// GLPI's numbers of the groups.
    #[serde(default)]
    groups: Vec<u32>,
    /// How many may use it; 1 where nothing is said, 0 for nobody.
    #[schema(minimum = 0, maximum = 1_000_000)]
    uses: Option<u32>,
    /// Whether any number may use it; `uses` is then not taken.
    #[serde(default)]
    unlimited: bool,
    /// The first day on which it can be used; at once where nothing is said.
    from: Option<String>,
    /// For how many days; until it is used up or revoked where nothing is said.
    #[schema(minimum = 1, maximum = 3660)]
    days: Option<u32>,
    /// The last day on which it can be used, in the place of `days`: to its end in the vendor's time zone, so today is one.
    until: Option<String>,
    /// Take addresses of these domains alone.
    #[serde(default)]
    email_domains: Vec<String>,
    /// In which language the form begins: `en`, `fr`, `es`, `pt` or `de`; the browser's where nothing is said.
    language: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ShownInvitation {
    #[serde(flatten)]
    invitation: record::Invitation,
    /// What came of it, by the day.
    counts: Vec<record::InvitationCount>,
    /// What happened to it, oldest first.
    history: Vec<records::AuditLine>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Registered {
    /// At most so many.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// Where the page before ended: its `next`.
    #[param(min_length = 1)]
    cursor: Option<String>,
    /// Those in this state alone.
    #[param(inline)]
    state: Option<RegistrationState>,
}

/// How a registration stands.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum RegistrationState {
    Waiting,
    Directory,
    Complete,
    Incomplete,
    LoginTaken,
    PasswordNeeded,
    Erased,
}

#[derive(Serialize, ToSchema)]
struct ShownRegistration {
    #[serde(flatten)]
    registration: record::Registration,
    /// What happened to it, oldest first.
    history: Vec<records::AuditLine>,
}

#[derive(Serialize, ToSchema)]
struct RegistrationPage {
    registrations: Vec<record::Registration>,
    /// Whether there are more.
    more: bool,
    /// The cursor of the next page.
    next: Option<String>,
}

/// All invitations, without their secrets.
#[utoipa::path(get, path = "/invitations", tag = "invitations", params(Listing),
    security(("token" = ["invitations:read"])), responses((status = 200, description = "A page of invitations.", body = InvitationPage)))]
async fn list(State(app): State<App>, caller: Caller, params: Params<Listing>) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let Params(Listing { limit, cursor, state }) = params;
    let now = app.now().map_err(Problem::ours)?;
    let page = query::page("invitations", InvitationSort::Id, Order::Asc, limit, cursor.as_deref())?;
    let is = state.map(|state| match state {
        InvitationState::Open => InvitationIs::Open,
        InvitationState::Scheduled => InvitationIs::Scheduled,
        InvitationState::Suspended => InvitationIs::Suspended,
        InvitationState::Expired => InvitationIs::Expired,
        InvitationState::UsedUp => InvitationIs::UsedUp,
        InvitationState::Revoked => InvitationIs::Revoked,
    });
    let found = app.ask(move |reader| Ok(invitations(reader, is, "", InvitationSort::Id, &page, now)?)).await?;
    let invitations = found.rows.iter().map(|it| record::Invitation::new(it, now)).collect();
    let (more, next) = (found.after.is_some(), query::next("invitations", &found));
    Ok(shown(&InvitationPage { invitations, more, next }))
}

/// Make an invitation. Its URL is in this answer alone.
#[utoipa::path(post, path = "/invitations", tag = "invitations", request_body = CreateInvitation,
    security(("token" = ["invitations:write"])),
    responses((status = 201, description = "The invitation, with its URL.", body = record::CreatedInvitation)))]
async fn create(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (asked, claim) = posted.read::<CreateInvitation>(Scope::InvitationsWrite)?;
    for (member, is_wrong) in [
        ("language", asked.language.as_deref().is_some_and(|tag| Language::from_tag(tag).is_none())),
        ("uses", asked.unlimited && asked.uses.is_some()),
        ("groups", asked.groups.len() > MOST_LISTED),
        ("email_domains", asked.email_domains.len() > MOST_LISTED),
    ] {
        if is_wrong {
            return Err(Problem::member(Some(member.to_owned()), ValueFault::NotTaken));
        }
    }
    let (until, now) = (asked.until.clone(), app.now().map_err(Problem::ours)?);
    let order = order(&app, asked, now).map_err(|refusal| {
        let problem = Problem::refusal(&refusal, &app.zone);
        // The members of this body have names of their own.
        if let Refusal::DateInvalid { given } = &refusal {
            problem.about(if until.as_ref() == Some(given) { "until" } else { "from" })
        } else if let (Refusal::LastDay(_), None) = (&refusal, &until) {
            problem.about("days")
        } else if let Refusal::TextInvalid { field: "email domain", .. } | Refusal::EmailDomainInvalid { .. } = refusal
        {
            problem.about("email_domains")
        } else {
            problem
        }
    })?;
    let (vault, actor, url) = (app.api.vault.clone(), posted.caller.actor(), app.public_url.clone());
    app.change(claim, StatusCode::CREATED, move |tx| {
        let created = keys::create(tx, &vault, &order, &actor)?;
        Ok(record::CreatedInvitation::new(&created.invitation, created.secret.reveal(), &url, tx.now()))
    })
    .await
}

/// One invitation, what came of it, and its history.
#[utoipa::path(get, path = "/invitations/{invitation}", tag = "invitations", security(("token" = ["invitations:read"])),
    params(("invitation" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The invitation.", body = ShownInvitation)))]
async fn show(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let now = app.now().map_err(Problem::ours)?;
    let (it, came, history) = app
        .ask(move |reader| {
            let it = keys::find(reader, &id)?;
            let came = counts::of(reader, &it.id)?;
            let history = audit::history(reader, "invitation", &it.id)?;
            Ok((it, came, history))
        })
        .await?;
    Ok(shown(&ShownInvitation {
        invitation: record::Invitation::new(&it, now),
        counts: came.iter().map(record::InvitationCount::new).collect(),
        history: lines(&history),
    }))
}

/// Let nobody use it until it is resumed.
#[utoipa::path(post, path = "/invitations/{invitation}/suspend", tag = "invitations", request_body = WithoutReason,
    security(("token" = ["invitations:write"])), params(("invitation" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The invitation as it is now.", body = record::Invitation)))]
async fn suspend(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::InvitationsWrite, id, &posted, keys::suspend, record::Invitation::new).await
}

/// Let a suspended one go on.
#[utoipa::path(post, path = "/invitations/{invitation}/resume", tag = "invitations", request_body = WithoutReason,
    security(("token" = ["invitations:write"])), params(("invitation" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The invitation as it is now.", body = record::Invitation)))]
async fn resume(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::InvitationsWrite, id, &posted, keys::resume, record::Invitation::new).await
}

/// Withdraw it for good. Whoever has registered keeps the account.
#[utoipa::path(post, path = "/invitations/{invitation}/revoke", tag = "invitations", request_body = WithoutReason,
    security(("token" = ["invitations:write"])), params(("invitation" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The invitation as it is now.", body = record::Invitation)))]
async fn revoke(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    app.change_one(Scope::InvitationsWrite, id, &posted, keys::revoke, record::Invitation::new).await
}

/// Who registered by an invitation, the first one first.
#[utoipa::path(get, path = "/invitations/{invitation}/registrations", tag = "invitations",
    security(("token" = ["invitations:read"])),
    params(("invitation" = String, Path, description = "Its id, or its name."), Registered),
    responses((status = 200, description = "A page of registrations.", body = RegistrationPage)))]
async fn registered(
    State(app): State<App>,
    caller: Caller,
    Named(id): Named,
    params: Params<Registered>,
) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let Params(Registered { limit, cursor, state }) = params;
    let page = query::page("registrations", Sent, Order::Asc, limit, cursor.as_deref())?;
    let is = state.map(|state| match state {
        RegistrationState::Waiting => Stands::Waiting,
        RegistrationState::Directory => Stands::Directory,
        RegistrationState::Complete => Stands::Complete,
        RegistrationState::Incomplete => Stands::Incomplete,
        RegistrationState::LoginTaken => Stands::Taken,
        RegistrationState::PasswordNeeded => Stands::PasswordNeeded,
        RegistrationState::Erased => Stands::Erased,
    });
    let found = app
        .ask(move |reader| {
            let it = keys::find(reader, &id)?;
            Ok(registrations(reader, Some(&it.id), is, None, &page)?)
        })
        .await?;
    let (more, next) = (found.after.is_some(), query::next("registrations", &found));
    Ok(shown(&RegistrationPage {
        registrations: found.rows.iter().map(record::Registration::new).collect(),
        more,
        next,
    }))
}

/// The same as a file that spreadsheets open.
#[utoipa::path(get, path = "/invitations/{invitation}/registrations.csv", tag = "invitations",
    security(("token" = ["invitations:read"])), params(("invitation" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "All of them, with a line of titles.", body = String, content_type = "text/csv")))]
async fn export(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let csv = app
        .ask(move |reader| {
            let it = keys::find(reader, &id)?;
            registrations_csv(reader, &it.id)
        })
        .await?;
    let headers = [
        (CONTENT_TYPE, "text/csv"),
        (CACHE_CONTROL, "no-store"),
        (CONTENT_DISPOSITION, "attachment; filename=\"registrations.csv\""),
    ];
    Ok((headers, csv).into_response())
}

fn order(app: &App, asked: CreateInvitation, now: Timestamp) -> Result<Wanted, Refusal> {
    let span = Span { from: asked.from.as_deref(), days: asked.days, until: asked.until.as_deref() };
    let (begins_at, ends_at) = span.read(now, &app.zone)?;
    Ok(Wanted {
        name: Name::parse("name", &asked.name)?,
        comment: asked.comment.as_deref().map(|text| Name::parse("comment", text)).transpose()?,
        glpi: asked.glpi,
        target: Target {
            entity: asked.entity,
            recursive: asked.recursive,
            profile: asked.profile,
            groups: asked.groups,
        },
        limit: (!asked.unlimited).then_some(asked.uses.unwrap_or(1)),
        begins_at,
        ends_at,
        email_domains: asked.email_domains.iter().map(|text| email_domain(text)).collect::<Result<_, _>>()?,
        language: asked.language,
    })
}

/// One registration, and its history.
#[utoipa::path(get, path = "/registrations/{registration}", tag = "invitations",
    security(("token" = ["invitations:read"])), params(("registration" = String, Path, description = "Its id.")),
    responses((status = 200, description = "The registration.", body = ShownRegistration)))]
async fn show_registration(State(app): State<App>, caller: Caller, Named(id): Named) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let (it, history) = app
        .ask(move |reader| {
            let it = find_given(reader, &id)?;
            let history = audit::history(reader, "registration", &it.id.to_string())?;
            Ok((it, history))
        })
        .await?;
    Ok(shown(&ShownRegistration { registration: record::Registration::new(&it), history: lines(&history) }))
}

/// Erase who registered, for good: name, login, address, language. That there was a registration stays, and an account that
/// is in a GLPI is that GLPI's. The `reason` of this is kept: it should not name the person.
#[utoipa::path(post, path = "/registrations/{registration}/erase", tag = "invitations", request_body = WithReason,
    security(("token" = ["admin"])), params(("registration" = String, Path, description = "Its id.")),
    responses((status = 200, description = "What is left of it.", body = record::Registration)))]
async fn erase_registration(State(app): State<App>, Named(id): Named, posted: Posted) -> Result<Response, Problem> {
    let (WithReason { reason }, claim) = posted.read(Scope::Admin)?;
    let (reason, actor) = (required_reason(&app, &reason)?, posted.caller.actor());
    let answer = app
        .change(claim, StatusCode::OK, move |tx| {
            Ok(record::Registration::new(&erasure::erase(tx, &id, &actor, &reason)?))
        })
        .await?;
    app.settle_erased().await;
    Ok(answer)
}
