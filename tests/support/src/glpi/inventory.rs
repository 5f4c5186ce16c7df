//! Where the double takes inventories: from anybody, as GLPI 10 does, or from whoever shows what GLPI 11 asks for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value as Json, json};

use super::{Answered, State};

/// What it asks for before it takes inventories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Wants {
    /// Nothing.
    #[default]
    Nothing,
    /// A user and a password.
    Basic(&'static str, &'static str),
    /// A token, which a client gets for its id and secret.
    Client(&'static str, &'static str),
}

/// A message of an agent that came.
#[derive(Debug, Clone)]
pub struct Brought {
    /// Its `Authorization`.
    pub authorization: Option<String>,
    /// All its other headers, as one text.
    pub headers: String,
    /// Its body, as it came.
    pub body: Vec<u8>,
    /// Whether it was taken.
    pub taken: bool,
}

impl State {
    /// A message that came for the inventory page.
    pub(super) fn takes_inventory(&mut self, headers: &[(String, String)], body: &[u8]) -> Answered {
        let authorization = headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.clone());
        let shown = authorization.as_deref().unwrap_or_default();
        let taken = match &self.inventories_want {
            Wants::Nothing => true,
            Wants::Basic(user, password) => shown == format!("Basic {}", BASE64.encode(format!("{user}:{password}"))),
            Wants::Client(..) => {
                shown.strip_prefix("Bearer ").is_some_and(|token| self.tokens.iter().any(|it| it == token))
            }
        };
        let others = headers.iter().filter(|(name, _)| name != "authorization");
        let headers = others.map(|(name, value)| format!("{name}: {value}\n")).collect();
        self.brought.push(Brought { authorization, headers, body: body.to_vec(), taken });
        if taken {
            let task = json!({ "inventory": { "server": "glpi", "version": "11.0.2" } });
            Answered::good(200, json!({ "status": "ok", "expiration": 24, "tasks": task }))
        } else {
            let message = "Authorization header required to send an inventory";
            Answered::good(401, json!({ "status": "error", "message": message, "expiration": 24 }))
        }
    }

    /// A client that asks for a token.
    pub(super) fn gives_token(&mut self, asked: &Json) -> Answered {
        let Wants::Client(id, secret) = self.inventories_want else {
            return Answered::good(404, json!({ "status": "ERROR_RESOURCE_NOT_FOUND" }));
        };
        let good = asked["grant_type"] == "client_credentials" && asked["scope"] == "inventory";
        if !good || asked["client_id"] != id || asked["client_secret"] != secret {
            return Answered::good(
                401,
                json!({ "error": "invalid_client", "message": "Client authentication failed" }),
            );
        }
        let token = format!("token-{}", self.id());
        self.tokens.push(token.clone());
        Answered::good(200, json!({ "token_type": "Bearer", "expires_in": 3600, "access_token": token }))
    }
}
