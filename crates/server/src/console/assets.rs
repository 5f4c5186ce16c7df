//! What pages load: embedded, named by what is in it, and so kept by browsers for ever.

use std::fmt;

use askama::FastWritable;
use askama::filters::HtmlSafe;
use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;

use crate::app::App;

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One of Tabler's icons, drawn in the colour of the text around it. A reader of screens passes it by: the words beside it say
/// what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Icon(&'static str);

/// The icons that are named somewhere in the console; whoever names another one has it.
pub(crate) mod icons {
    use super::Icon;

    include!(concat!(env!("OUT_DIR"), "/icons.rs"));
}

/// A file that is loaded by pages.
#[derive(Clone, Copy)]
pub(crate) struct Asset {
    /// Where it is: its name changes with what is in it.
    pub(crate) path: &'static str,
    kind: &'static str,
    plain: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

pub(super) fn routes() -> Router<App> {
    let serve = |asset: Asset| get(move |headers: HeaderMap| async move { asset.answer(&headers) });
    [STYLE, SCRIPT, PICTURE].into_iter().fold(Router::new(), |router, asset| router.route(asset.path, serve(asset)))
}

impl Asset {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let (bytes, coding) = match Coding::of(headers) {
            Coding::Brotli => (self.brotli, Some("br")),
            Coding::Gzip => (self.gzip, Some("gzip")),
            Coding::Plain => (self.plain, None),
        };
        let mut response = Body::from(bytes).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.insert("x-content-type-options", HeaderValue::from_static("nosniff"));
        if let Some(coding) = coding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// How an answer may be compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Gzip,
    Plain,
}

impl Coding {
    /// The best that a browser takes.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let taken = |name: &str| {
            headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|list| {
                list.split(',').any(|one| {
                    let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
                    coding.trim().eq_ignore_ascii_case(name) && !weight.replace(' ', "").starts_with("q=0")
                })
            })
        };
        match (taken("br"), taken("gzip")) {
            (true, _) => Self::Brotli,
            (false, true) => Self::Gzip,
            (false, false) => Self::Plain,
        }
    }
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Not text, but our own markup.
impl HtmlSafe for Icon {}

impl FastWritable for Icon {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(dest.write_str(self.0)?)
    }
}
