//! A session of the API: opened, used, and closed again.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use latchkey_domain::accounts::{Credentials, Secret, Who};
use serde_json::Value as Json;

use super::{Call, Fault, Heard, Verb, Wire, read};

/// A session that is open.
pub struct Session<'w, W: Wire> {
    wire: &'w W,
    token: Secret,
    app_token: Option<Secret>,
}

impl<'w, W: Wire> Session<'w, W> {
    /// Opens one.
    pub fn open(wire: &'w W, credentials: &Credentials) -> Result<Self, Fault> {
        let authorization = match &credentials.who {
            Who::UserToken(token) => format!("user_token {}", token.reveal()),
            Who::Login { login, password } => {
                format!("Basic {}", BASE64.encode(format!("{login}:{}", password.reveal())))
            }
        };
        let mut headers = vec![("Authorization", authorization), ("Accept", "application/json".to_owned())];
        headers.extend(credentials.app_token.iter().map(|token| ("App-Token", token.reveal().to_owned())));
        let call = Call { verb: Verb::Get, path: "/apirest.php/initSession".to_owned(), headers, body: None };
        let heard = wire.send(&call).map_err(Fault::Unanswered)?;
        let json = read(&heard)?;
        let token = json["session_token"].as_str().ok_or(Fault::NotGlpi { status: heard.status })?;
        Ok(Self { wire, token: Secret::new(token), app_token: credentials.app_token.clone() })
    }

    /// Closes it. A session that cannot be closed ends by itself.
    pub fn close(self) {
        let _ = self.heard(Verb::Get, "killSession".to_owned(), None);
    }

    /// Asks for something below `apirest.php/`.
    pub(super) fn ask(&self, verb: Verb, path: String, body: Option<&Json>) -> Result<Json, Fault> {
        read(&self.heard(verb, path, body)?)
    }

    pub(super) fn heard(&self, verb: Verb, path: String, body: Option<&Json>) -> Result<Heard, Fault> {
        let body = body.map(|body| body.to_string().into_bytes());
        let mut headers =
            vec![("Session-Token", self.token.reveal().to_owned()), ("Accept", "application/json".to_owned())];
        headers.extend(self.app_token.iter().map(|token| ("App-Token", token.reveal().to_owned())));
        headers.extend(body.as_ref().map(|_| ("Content-Type", "application/json".to_owned())));
        let call = Call { verb, path: format!("/apirest.php/{path}"), headers, body: body.as_deref() };
        self.wire.send(&call).map_err(Fault::Unanswered)
    }
}

/// Whether a password opens an account: a session is opened and closed again. `None` where this GLPI lets nobody try.
pub fn opens<W: Wire>(
    wire: &W,
    login: &str,
    password: &Secret,
    app_token: Option<&Secret>,
) -> Result<Option<bool>, Fault> {
    let who = Who::Login { login: login.to_owned(), password: password.clone() };
    match Session::open(wire, &Credentials { who, app_token: app_token.cloned() }) {
        Ok(session) => {
            session.close();
            Ok(Some(true))
        }
        Err(Fault::LoginWrong) => Ok(Some(false)),
        Err(Fault::NoLogins) => Ok(None),
        Err(fault) => Err(fault),
    }
}
