//! Forms: read, known to come from one of our pages, and done once.
//!
//! The invariants: a form without the token of its session changes nothing, and what was typed into it is shown again
//! instead of being lost; **a form that is sent twice is done once**, and both times gets the same answer, as a request of the
//! API with an `Idempotency-Key` does. What a form is about may have changed since it was shown: it says what it saw
//! ([`Form::seen`]), and the operation compares.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header::CONTENT_TYPE;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use latchkey_domain::Failure;
use latchkey_store::api::idempotency::{self, Claim, Once, Reply};
use latchkey_store::{Done, StoreError, Tx, Undone};
use multer::{Constraints, Multipart, SizeLimit};
use serde::Serialize;
use serde::de::DeserializeOwned;
use subtle::ConstantTimeEq as _;

use super::trouble::Trouble;
use super::visit::{Guest, Visit, target};
use crate::app::App;

/// The longest form, in bytes. What stands in a file of a sheet takes up to three times as many in a form.
const MOST_BYTES: usize = 256 * 1_024;
/// The most fields.
const MOST_FIELDS: usize = 200;

/// The fields that every form of a session has: which session, which operation, and what was seen of its subject.
const TOKEN: &str = "form_token";
const OPERATION: &str = "operation";
const SEEN: &str = "seen";

/// What was typed, by the names of the fields.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

/// A form that an operator sent from one of our pages.
pub(crate) struct Form {
    pub(crate) visit: Visit,
    pub(crate) fields: Fields,
    path: String,
}

/// A form of somebody who has not signed in.
pub(crate) struct GuestForm {
    pub(crate) guest: Guest,
    pub(crate) fields: Fields,
}

/// What was typed into a form whose session was over, to be sent again. No passwords are in it.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Where the form goes.
    pub(crate) path: String,
    /// What was typed, and what the form itself holds, but for its token.
    pub(crate) fields: Fields,
}

impl Fields {
    /// As if this had been typed.
    pub(crate) fn of<const N: usize>(values: [(&str, String); N]) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// One more; false where there are too many.
    pub(super) fn push(&mut self, name: &str, value: String) -> bool {
        self.0.push((name.to_owned(), value));
        self.0.len() <= MOST_FIELDS
    }

    fn read(body: &[u8]) -> Option<Self> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().take(MOST_FIELDS + 1).collect();
        (fields.len() <= MOST_FIELDS).then_some(Self(fields))
    }

    /// The same of a form that may bring small files: what stands in one is the value of its field. What is not UTF-8 is marked.
    async fn read_parts(kind: &str, body: Body) -> Option<Self> {
        let boundary = multer::parse_boundary(kind).ok()?;
        let most = Constraints::new().size_limit(SizeLimit::new().whole_stream(MOST_BYTES as u64));
        let (mut parts, mut fields) =
            (Multipart::with_constraints(body.into_data_stream(), boundary, most), Self::default());
        while let Some(part) = parts.next_field().await.ok()? {
            let name = part.name().unwrap_or_default().to_owned();
            let value = String::from_utf8_lossy(&part.bytes().await.ok()?).into_owned();
            if !fields.push(&name, value) {
                return None;
            }
        }
        Some(fields)
    }

    /// What was typed into a field; nothing where it is not there. Of several, the first.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(given, _)| given == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// All that was chosen under one name.
    pub(crate) fn all<'f>(&'f self, name: &str) -> Vec<&'f str> {
        self.0.iter().filter(|(given, _)| given == name).map(|(_, value)| value.as_str()).collect()
    }

    /// All fields, in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// As a form would send them.
    pub(super) fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(self.iter()).finish()
    }

    fn without(&self, out: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| !out(name)).cloned().collect())
    }
}

impl Kept {
    pub(super) fn of(path: &str, fields: &Fields) -> Self {
        let secret = |name: &str| {
            name.ends_with("_token")
                || name.ends_with("_secret")
                || name.ends_with("_password")
                || name.starts_with("password")
                || name == "code"
        };
        Self { path: path.to_owned(), fields: fields.without(secret) }
    }

    /// What [`Fields::encoded`] wrote, for one of our own addresses.
    pub(super) fn read(path: &str, encoded: &str) -> Option<Self> {
        let fields = Fields::read(encoded.as_bytes())?;
        (is_ours(path) && !fields.0.is_empty()).then(|| Self::of(path, &fields))
    }

    /// What a person typed, as opposed to what the form itself holds.
    pub(crate) fn typed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter(|(name, value)| *name != OPERATION && *name != SEEN && !value.is_empty())
    }
}

/// Whether an address is one of the console's, so that somebody may be sent there.
pub(super) fn is_ours(path: &str) -> bool {
    path.starts_with("/console/")
        && !path.contains("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

impl FromRequest<App> for Form {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Self, Trouble> {
        let (target, GuestForm { guest, fields }) =
            (target(request.uri()), GuestForm::from_request(request, app).await?);
        let path = target.split('?').next().unwrap_or_default().to_owned();
        let kept = Kept::of(&path, &fields);
        let Some(visit) = guest.visit() else { return Err(Trouble::SignIn { target: path, kept: Some(kept) }) };
        if !is_token(fields.text(TOKEN), visit.form_token()) {
            return Err(Trouble::OtherSession(kept));
        }
        Ok(Self { visit, fields, path })
    }
}

impl FromRequest<App> for GuestForm {
    type Rejection = Trouble;

    async fn from_request(request: Request, app: &App) -> Result<Self, Trouble> {
        let (mut parts, body) = request.into_parts();
        let guest = Guest::from_request_parts(&mut parts, app).await?;
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        let fields = if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let body = to_bytes(body, MOST_BYTES).await.map_err(|_| Trouble::Unreadable)?;
            Fields::read(&body)
        } else {
            Fields::read_parts(kind, body).await
        };
        let fields = fields.ok_or(Trouble::Unreadable)?;
        Ok(Self { guest, fields })
    }
}

impl Form {
    /// A form that was read elsewhere, because a file came with it. The file has to be chosen again where it is not of this
    /// session.
    pub(super) fn with_file(visit: Visit, fields: Fields, path: &str) -> Result<Self, Trouble> {
        if is_token(fields.text(TOKEN), visit.form_token()) {
            Ok(Self { visit, fields, path: path.to_owned() })
        } else {
            Err(Trouble::Unreadable)
        }
    }

    /// What was typed into a field.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.fields.text(name)
    }

    /// The number of the latest row of the audit log about the form's subject, as the form was shown.
    pub(crate) fn seen(&self) -> Option<i64> {
        self.fields.text(SEEN).parse().ok()
    }

    /// Does what the form asks for, once: a second time it gives what it gave the first time. What it gives is kept with what
    /// was done, sealed, for a day.
    pub(crate) async fn once<T>(
        &self,
        app: &App,
        mut operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, Trouble>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
    {
        let now = app.now().map_err(Trouble::Failed)?;
        let (vault, claim) = (app.console.vault.clone(), self.claim());
        let done = app.store.write(now, move |tx| {
            idempotency::once(tx, &vault, claim.as_ref(), |tx| {
                let body = serde_json::to_vec(&operation(tx)?).map_err(|error| StoreError::Bug(error.to_string()))?;
                Ok(Reply { status: 200, body })
            })
        });
        match done.await {
            Ok(done) => self.given(&done),
            Err(Undone::Refused(refusal)) => Err(Trouble::Refused(refusal)),
            Err(Undone::Failed(error)) => {
                tracing::error!(%error, "the database did not do what the console was asked for");
                Err(Trouble::Failed(error.failure()))
            }
        }
    }

    /// What [`Form::once`] gave the first time, if it was there before: for what is asked of others before it, who may say
    /// something else by now, or nothing.
    pub(crate) async fn before<T: DeserializeOwned>(&self, app: &App) -> Result<Option<T>, Trouble> {
        let Some(claim) = self.claim() else { return Ok(None) };
        let (now, vault) = (app.now().map_err(Trouble::Failed)?, app.console.vault.clone());
        let known = app.look_once(move |reader| Ok(idempotency::known(reader, &vault, &claim, now)?)).await?;
        known.map(|done| self.given(&done)).transpose()
    }

    fn given<T: DeserializeOwned>(&self, done: &Once) -> Result<T, Trouble> {
        match done {
            Once::Done(reply) | Once::Replayed(reply) => serde_json::from_slice(&reply.body).map_err(|error| {
                tracing::error!(%error, "a kept answer of the console does not read");
                Trouble::Failed(Failure::Internal)
            }),
            // The same form with other values: it came back by the browser's way back, and is a new one.
            Once::OtherRequest => {
                Err(Trouble::OtherSession(Kept::of(&self.path, &self.fields.without(|name| name == OPERATION))))
            }
        }
    }

    fn claim(&self) -> Option<Claim> {
        let operation = self.fields.text(OPERATION);
        let whole = self.fields.without(|name| name == TOKEN).encoded();
        let caller = self.visit.operator().id.to_string();
        (!operation.is_empty() && operation.len() <= 64)
            .then(|| Claim::new(&caller, operation, &[self.path.as_bytes(), whole.as_bytes()]))
    }
}

/// The hidden fields of a form.
pub(super) fn hidden(form_token: &str, seen: Option<i64>) -> Vec<(&'static str, String)> {
    let mut fields = vec![(TOKEN, masked(form_token)), (OPERATION, BASE64.encode(random::<16>()))];
    fields.extend(seen.map(|seen| (SEEN, seen.to_string())));
    fields
}

/// The hidden token alone, for a form that is shown again with its own operation.
pub(super) fn hidden_token(form_token: &str) -> (&'static str, String) {
    (TOKEN, masked(form_token))
}

/// A session's token behind a mask that is another each time: pages are compressed, and the length of an answer must not tell
/// what is the same in two of them.
fn masked(form_token: &str) -> String {
    let (mask, token) = (random::<32>(), token_bytes(form_token));
    let hidden = mask.iter().zip(token).map(|(mask, token)| mask ^ token);
    BASE64.encode(mask.iter().copied().chain(hidden).collect::<Vec<u8>>())
}

fn is_token(given: &str, form_token: &str) -> bool {
    let Ok(bytes) = BASE64.decode(given) else { return false };
    let Some((mask, hidden)) = bytes.split_first_chunk::<32>() else { return false };
    let token: Vec<u8> = mask.iter().zip(hidden).map(|(mask, hidden)| mask ^ hidden).collect();
    hidden.len() == 32 && bool::from(token.ct_eq(&token_bytes(form_token)))
}

/// The first half of a keyed hash in hexadecimal digits, as bytes of text.
fn token_bytes(form_token: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(form_token.bytes()) {
        *to = from;
    }
    bytes
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // Where the system has no randomness it has no sessions either; zeroes are then only as good as no mask.
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "no randomness");
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_another_each_time_and_counts_for_its_session_alone() {
        let (one, other) = ("0123456789abcdef".repeat(4), "f123456789abcdef".repeat(4));
        let (first, second) = (masked(&one), masked(&one));
        assert_ne!(first, second);
        assert!(is_token(&first, &one) && is_token(&second, &one));
        assert!(!is_token(&first, &other));
        for bad in ["", "x", &first[1..], &BASE64.encode([0; 32]), &BASE64.encode([0; 64])] {
            assert!(!is_token(bad, &one), "{bad}");
        }
    }

    #[test]
    fn nobody_is_sent_out_of_the_house() {
        for ours in ["/console/", "/console/customers?q=a%20b"] {
            assert!(is_ours(ours), "{ours}");
        }
        for not in [
            "",
            "/",
            "//evil.example",
            "/console//evil.example",
            "https://evil.example/console/",
            "/console/\\a",
            "/console/\n",
        ] {
            assert!(!is_ours(not), "{not}");
        }
    }

    #[test]
    fn what_was_typed_is_kept_without_passwords() {
        let typed =
            Fields::read(b"form_token=t&operation=o&customer=Acme+Ltd&password=hunter2&password_again=x&code=1")
                .unwrap();
        let kept = Kept::of("/console/customers", &typed);
        assert_eq!(kept.typed().collect::<Vec<_>>(), [("customer", "Acme Ltd")]);
        assert_eq!(kept.fields.encoded(), "operation=o&customer=Acme+Ltd");
        let read = Kept::read(&kept.path, &kept.fields.encoded()).unwrap();
        assert_eq!(read.fields.encoded(), kept.fields.encoded());
        assert!(Kept::read("https://evil.example/", "a=b").is_none());
    }
}
