//! The REST API, for programs: one room per capability, each with its records, its handlers and their description.
//!
//! A handler reads, calls the operation of the store, and renders. Who may call stands in [`caller`], what a request may
//! carry in [`body`] and [`query`], and how a change and its answer are kept together in [`desk`]. The document that
//! describes it all is made from the handlers' own descriptions, so that it cannot name what is not there.

#![allow(unused_qualifications, reason = "utoipa's macros write them")]
#![allow(clippy::result_large_err, reason = "a problem ends its request, so it is moved a few times at the most")]

mod agents;
mod audit;
mod body;
mod caller;
mod connections;
mod customers;
mod data;
mod desk;
mod docs;
mod enrollments;
mod fault;
mod installation;
mod instances;
mod invitations;
mod keys;
mod marketplace;
mod offers;
mod operators;
mod parts;
mod plugins;
mod pour;
mod query;
mod queue;
mod signing_keys;
mod subscriptions;
mod tokens;
mod trials;

use std::sync::LazyLock;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value as Json, json};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use data::{backup_of, export_of};
pub(crate) use desk::{Desk, Uses};
pub(crate) use enrollments::networks;

use crate::app::App;
use crate::problem::Document;

/// Under which address it is.
const BASE: &str = "/api/v1";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Latchkey",
        version = "1",
        description = "Registration keys of the GLPI world: issue them, look after them.\n\nEach request carries a token in `Authorization: Bearer`; what the token has to be allowed stands with each operation. Instants are RFC 3339 in UTC, dates are `YYYY-MM-DD`. What goes wrong is told as a problem document (RFC 9457) with a stable `code`, in the language that `Accept-Language` asks for (en, fr, es, pt, de). The headers `RateLimit-Policy` and `RateLimit` say how many requests a token may send in a minute, and how many are left. A request that changes something may carry an `Idempotency-Key`: its repetition within 24 hours gets the same answer, and nothing is done twice.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(Document))
)]
struct Described;

/// The document, as it is served.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| format!("{:#}\n", document()));

pub(crate) fn routes() -> Router<App> {
    described().split_for_parts().0.route("/api/v1/openapi.json", get(openapi)).route("/api/v1/docs", get(docs::page))
}

/// `GET /api/v1/openapi.json`. No secret is in it, so that nobody needs a token to learn how to use one.
async fn openapi() -> Response {
    ([(CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

fn described() -> OpenApiRouter<App> {
    let rooms = OpenApiRouter::new()
        .merge(customers::routes())
        .merge(offers::routes())
        .merge(subscriptions::routes())
        .merge(keys::routes())
        .merge(instances::routes())
        .merge(plugins::routes())
        .merge(trials::routes())
        .merge(signing_keys::routes())
        .merge(audit::routes())
        .merge(tokens::routes())
        .merge(operators::routes())
        .merge(installation::routes())
        .merge(data::routes())
        .merge(enrollments::routes())
        .merge(agents::routes())
        .merge(queue::routes())
        .merge(marketplace::routes())
        .merge(connections::routes())
        .merge(invitations::routes());
    OpenApiRouter::with_openapi(Described::openapi()).nest(BASE, rooms)
}

/// The handlers' descriptions, with what is the same for all: how to say who calls, and what may go wrong.
fn document() -> Json {
    let described = described().split_for_parts().1;
    let mut document = serde_json::to_value(described).unwrap_or_default();
    document["components"]["securitySchemes"] = json!({
        "token": { "type": "http", "scheme": "bearer", "description": "An API token: `latchkey token create`." },
    });
    document["components"]["responses"] = json!({
        "Problem": {
            "description": "What went wrong, and what to do next.",
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        },
    });
    document["components"]["parameters"] = json!({
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": false,
            "description": "A name for this request, such as a UUID. The same request under the same name is answered alike for 24 hours, and done once.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
        },
    });
    let schemas = document["components"]["schemas"].take();
    let Some(paths) = document["paths"].as_object_mut() else { return document };
    for (path, operations) in paths {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            // What plugins ask carries its key in the body, and may always be asked again.
            let keyless = operation["security"] == json!([{}]);
            let changes = method != "get" && !keyless;
            // A handler's name is its room's own; clients that are generated need one that is nobody else's.
            let room = path.split('/').nth(3).unwrap_or_default().replace('-', "_");
            operation["operationId"] =
                format!("{room}_{}", operation["operationId"].as_str().unwrap_or_default()).into();
            // 400 for a token in the address and for JSON that does not read.
            let mut statuses = vec!["400", "422", "429", "500", "503"];
            if keyless {
                statuses.extend(["404", "409", "413", "415"]);
            } else {
                statuses.extend(["401", "403"]);
            }
            if path.contains('{') || operation["parameters"].as_array().is_some_and(|named| !named.is_empty()) {
                statuses.push("404");
            }
            // A UID may stand for several instances, a name for several invitations.
            if method == "get" && ["{instance}", "{invitation}"].iter().any(|named| path.contains(named)) {
                statuses.push("409");
            }
            // What was withdrawn is not withdrawn again.
            if path.ends_with("/withdraw") {
                statuses.push("410");
            }
            if changes {
                statuses.extend(["404", "409", "413", "415"]);
                let named = json!({ "$ref": "#/components/parameters/IdempotencyKey" });
                match operation["parameters"].as_array_mut() {
                    Some(parameters) => parameters.push(named),
                    None => operation["parameters"] = json!([named]),
                }
            }
            // Where no member has to be there, neither has the body.
            if let Some(body) = operation.get_mut("requestBody") {
                let name =
                    body["content"]["application/json"]["schema"]["$ref"].as_str().and_then(|at| at.rsplit('/').next());
                let archive = body["content"]["application/octet-stream"].is_object();
                let needed = archive || name.is_some_and(|name| schemas[name]["required"].is_array());
                body["required"] = needed.into();
            }
            for status in statuses {
                operation["responses"][status] = json!({ "$ref": "#/components/responses/Problem" });
            }
        }
    }
    document["components"]["schemas"] = schemas;
    document
}
