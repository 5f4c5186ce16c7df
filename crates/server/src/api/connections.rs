//! Connections to GLPIs, in which accounts are made, and to which the gateway passes inventories on. A GLPI is asked before anything is
//! kept, so that what is wrong with it is known to whoever can mend it.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::accounts::{
    Connection, Credentials, Fault, InventoryCredential, InventoryKind, Secret, TypedInventory,
};
use latchkey_domain::text::Name;
use latchkey_domain::tokens::Scope;
use latchkey_store::accounts::connections::{self, Order};
use latchkey_store::invitations::delivery;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Posted;
use super::caller::Caller;
use super::desk::shown;
use super::parts::Nothing;
use super::query::Named;
use crate::accounts::{self, ASKED_WITHIN, Asker, Unasked};
use crate::app::App;
use crate::problem::Problem;
use crate::records::invitations as record;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show))
        .routes(routes!(choices))
        .routes(routes!(check))
        .routes(routes!(inventory))
        .routes(routes!(remove))
}

#[derive(Serialize, ToSchema)]
struct Connections {
    connections: Vec<record::Connection>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateConnection {
    /// What people call it: 1 to 200 characters on one line.
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// The address at which the GLPI opens in a browser.
    #[schema(min_length = 1, max_length = 2000)]
    url: String,
    /// The service account's remote access token; or its login and password.
    #[schema(min_length = 1, max_length = 255)]
    user_token: Option<String>,
    /// The service account's login.
    #[schema(min_length = 1, max_length = 255)]
    login: Option<String>,
    /// Its password.
    #[schema(min_length = 1, max_length = 255)]
    password: Option<String>,
    /// The application token, where the GLPI asks for one.
    #[schema(min_length = 1, max_length = 255)]
    app_token: Option<String>,
    /// What the GLPI wants to see before it takes agents' inventories; nothing where nothing is said.
    inventory: Option<CredentialKind>,
    /// With `basic`: the user.
    #[schema(min_length = 1, max_length = 255)]
    inventory_user: Option<String>,
    /// With `basic`: the password.
    #[schema(min_length = 1, max_length = 255)]
    inventory_password: Option<String>,
    /// With `oauth`: the client's id.
    #[schema(min_length = 1, max_length = 255)]
    inventory_client_id: Option<String>,
    /// With `oauth`: the client's secret.
    #[schema(min_length = 1, max_length = 255)]
    inventory_client_secret: Option<String>,
}

/// What a GLPI is shown when inventories are passed on to it: nothing (up to GLPI 10), a user and a password, or what an OAuth client
/// gets for its id and secret (GLPI 11).
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum CredentialKind {
    None,
    Basic,
    Oauth,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeInventoryCredential {
    /// What it is shown from now on.
    inventory: CredentialKind,
    /// With `basic`: the user.
    #[schema(min_length = 1, max_length = 255)]
    inventory_user: Option<String>,
    /// With `basic`: the password.
    #[schema(min_length = 1, max_length = 255)]
    inventory_password: Option<String>,
    /// With `oauth`: the client's id.
    #[schema(min_length = 1, max_length = 255)]
    inventory_client_id: Option<String>,
    /// With `oauth`: the client's secret.
    #[schema(min_length = 1, max_length = 255)]
    inventory_client_secret: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct CreatedConnection {
    /// How many accounts of the built-in directory are on their way to it.
    delivered: usize,
    #[serde(flatten)]
    connection: record::Connection,
}

#[derive(Serialize, ToSchema)]
struct RemovedConnection {
    /// Its id.
    connection_id: String,
    /// Its name, which is free again.
    name: String,
    /// Always true.
    removed: bool,
}

/// All connections, as they were when they were last asked.
#[utoipa::path(get, path = "/glpi-connections", tag = "invitations", security(("token" = ["invitations:read"])),
    responses((status = 200, description = "All of them, by name.", body = Connections)))]
async fn list(State(app): State<App>, caller: Caller) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let all = app.ask(|reader| Ok(connections::list(reader)?)).await?;
    Ok(shown(&Connections { connections: all.iter().map(record::Connection::new).collect() }))
}

/// Ask a GLPI whether accounts can be made in it, and keep the connection, its secrets sealed. Accounts that wait in the
/// built-in directory are delivered to it.
#[utoipa::path(post, path = "/glpi-connections", tag = "invitations", request_body = CreateConnection,
    security(("token" = ["invitations:write"])),
    responses((status = 201, description = "The connection, with what was found.", body = CreatedConnection)))]
async fn create(State(app): State<App>, posted: Posted) -> Result<Response, Problem> {
    let (asked, claim) = posted.read::<CreateConnection>(Scope::InvitationsWrite)?;
    if let Some(answer) = app.answered(claim.as_ref()).await? {
        return Ok(answer);
    }
    let (name, url, credentials, inventory) = read(asked).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let found = ask(&app, url.clone(), credentials.clone(), accounts::check).await?;
    found.report.fit().map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let (vault, actor) = (app.api.vault.clone(), posted.caller.actor());
    let order = Order { name, url, credentials, names: found.names(), report: found.report, inventory };
    app.change(claim, StatusCode::CREATED, move |tx| {
        let connection = connections::add(tx, &vault, &order, &actor)?;
        // What was kept while there was no GLPI was kept for the first one.
        let delivered = delivery::connect(tx, connection.id, &actor)?;
        Ok(CreatedConnection { delivered, connection: record::Connection::new(&connection) })
    })
    .await
}

/// One connection, as it was when it was last asked.
#[utoipa::path(get, path = "/glpi-connections/{connection}", tag = "invitations",
    security(("token" = ["invitations:read"])), params(("connection" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The connection.", body = record::Connection)))]
async fn show(State(app): State<App>, caller: Caller, Named(name): Named) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let connection = app.ask(move |reader| connections::find(reader, &name)).await?;
    Ok(shown(&record::Connection::new(&connection)))
}

/// What an invitation can choose from: entities, profiles and groups, as the GLPI has them now.
#[utoipa::path(get, path = "/glpi-connections/{connection}/choices", tag = "invitations",
    security(("token" = ["invitations:read"])), params(("connection" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "What there is.", body = record::Choices)))]
async fn choices(State(app): State<App>, caller: Caller, Named(name): Named) -> Result<Response, Problem> {
    caller.may(Scope::InvitationsRead)?;
    let (connection, credentials) = known(&app, name).await?;
    let choices = ask(&app, connection.url, credentials, accounts::choices).await?;
    accounts::learn(&app, connection.id, &choices).await;
    Ok(shown(&record::Choices::new(&choices)))
}

/// Ask a GLPI again, and write down what is found.
#[utoipa::path(post, path = "/glpi-connections/{connection}/check", tag = "invitations", request_body = Nothing,
    security(("token" = ["invitations:write"])), params(("connection" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The connection as it is now.", body = record::Connection)))]
async fn check(State(app): State<App>, Named(name): Named, posted: Posted) -> Result<Response, Problem> {
    let (Nothing {}, claim) = posted.read(Scope::InvitationsWrite)?;
    if let Some(answer) = app.answered(claim.as_ref()).await? {
        return Ok(answer);
    }
    let (connection, credentials) = known(&app, name).await?;
    let found = ask(&app, connection.url, credentials, accounts::check).await?;
    let (id, actor, names) = (connection.id, posted.caller.actor(), found.names());
    app.change(claim, StatusCode::OK, move |tx| {
        Ok(record::Connection::new(&connections::checked(tx, id, &found.report, &names, &actor)?))
    })
    .await
}

/// Change what a GLPI is shown when agents' inventories are passed on to it. A gateway that runs shows it at once, and what waits for
/// the GLPI is tried again as soon as it answers.
#[utoipa::path(post, path = "/glpi-connections/{connection}/inventory", tag = "invitations",
    request_body = ChangeInventoryCredential, security(("token" = ["invitations:write"])),
    params(("connection" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "The connection as it is now.", body = record::Connection)))]
async fn inventory(State(app): State<App>, Named(name): Named, posted: Posted) -> Result<Response, Problem> {
    let (asked, claim) = posted.read::<ChangeInventoryCredential>(Scope::InvitationsWrite)?;
    let ChangeInventoryCredential {
        inventory,
        inventory_user,
        inventory_password,
        inventory_client_id,
        inventory_client_secret,
    } = asked;
    let typed = typed(inventory_user, inventory_password, inventory_client_id, inventory_client_secret);
    let credential =
        InventoryCredential::read(inventory.kind(), &typed).map_err(|refusal| Problem::refusal(&refusal, &app.zone))?;
    let (vault, actor) = (app.api.vault.clone(), posted.caller.actor());
    app.change(claim, StatusCode::OK, move |tx| {
        Ok(record::Connection::new(&connections::shows(tx, &vault, &name, &credential, &actor)?))
    })
    .await
}

/// Forget a connection and its secrets.
#[utoipa::path(post, path = "/glpi-connections/{connection}/remove", tag = "invitations", request_body = Nothing,
    security(("token" = ["invitations:write"])), params(("connection" = String, Path, description = "Its id, or its name.")),
    responses((status = 200, description = "It is forgotten.", body = RemovedConnection)))]
async fn remove(State(app): State<App>, Named(name): Named, posted: Posted) -> Result<Response, Problem> {
    let (Nothing {}, claim) = posted.read(Scope::InvitationsWrite)?;
    let actor = posted.caller.actor();
    app.change(claim, StatusCode::OK, move |tx| {
        let gone = connections::remove(tx, &name, &actor)?;
        Ok(RemovedConnection { connection_id: gone.id.to_string(), name: gone.name.to_string(), removed: true })
    })
    .await
}

async fn known(app: &App, name: String) -> Result<(Connection, Credentials), Problem> {
    let vault = app.api.vault.clone();
    app.ask(move |reader| {
        let connection = connections::find(reader, &name)?;
        let credentials = connections::credentials(reader, &vault, connection.id)?;
        Ok((connection, credentials))
    })
    .await
}

fn read(asked: CreateConnection) -> Result<(Name, String, Credentials, InventoryCredential), Refusal> {
    let text = |given: &Option<String>| given.clone().unwrap_or_default();
    let name = Name::parse("name", &asked.name)?;
    let (password, url) = (text(&asked.password), accounts::read_base(&asked.url)?);
    let credentials =
        Credentials::read(&text(&asked.user_token), &text(&asked.login), &password, &text(&asked.app_token))?;
    let kind = asked.inventory.map_or(InventoryKind::None, CredentialKind::kind);
    let typed =
        typed(asked.inventory_user, asked.inventory_password, asked.inventory_client_id, asked.inventory_client_secret);
    Ok((name, url, credentials, InventoryCredential::read(kind, &typed)?))
}

fn typed(
    user: Option<String>,
    password: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
) -> TypedInventory {
    let secret = |given: Option<String>| Secret::new(&given.unwrap_or_default());
    TypedInventory {
        user: user.unwrap_or_default(),
        password: secret(password),
        client_id: client_id.unwrap_or_default(),
        client_secret: secret(client_secret),
    }
}

impl CredentialKind {
    fn kind(self) -> InventoryKind {
        match self {
            Self::None => InventoryKind::None,
            Self::Basic => InventoryKind::Basic,
            Self::Oauth => InventoryKind::Client,
        }
    }
}

/// Asks a GLPI, within the time that a program waits.
async fn ask<T: Send + 'static>(
    app: &App,
    url: String,
    credentials: Credentials,
    question: fn(&Asker, &Credentials) -> Result<T, Fault>,
) -> Result<T, Problem> {
    accounts::ask(app.outgoing.clone(), url, credentials, ASKED_WITHIN, question).await.map_err(|unasked| match unasked
    {
        Unasked::Refused(refusal) => Problem::refusal(&refusal, &app.zone),
        Unasked::Failed(failure) => Problem::ours(failure),
    })
}
