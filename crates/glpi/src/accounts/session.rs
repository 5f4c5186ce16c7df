//! A session of the API: opened, used, and closed again.

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
            Who::Login { login, password } => format!("Basic {}", base64(&format!("{login}:{}", password.reveal()))),
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

/// Standard base64, for the one header that wants it.
fn base64(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(three.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * at) & 63) as usize];
            out.push(if at <= three.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_the_common_one() {
        for (text, code) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(base64(text), code);
        }
    }
}
