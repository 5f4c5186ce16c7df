//! The console: where people work, in a browser.
//!
//! Pages are written here, on the server, and work without scripts. How one is made stands in `ARCHITECTURE.md`: a handler takes a
//! `visit::Visit` or a `form::Form`, asks the store, and fills a struct whose template extends the frame; its words stand in
//! `crates/texts/locales/console`. What all have in common is done by the `door`.
//!
//! The invariant: **every page stands in `places`**, from which the router is made; the tests visit all of them.

mod account;
mod agents;
mod assets;
mod audit;
mod change;
mod check;
mod connections;
mod customers;
mod dashboard;
mod data;
mod deed;
mod desk;
mod detail;
mod door;
mod enrollments;
mod form;
mod gateway;
mod history;
mod imports;
mod install;
mod instance_deeds;
mod instances;
mod invitation_new;
mod invitations;
mod key_deeds;
mod keys;
mod list;
mod nav;
mod notice;
mod offers;
mod operators;
mod page;
mod plots;
mod plugin_deeds;
mod plugins;
mod preferences;
mod qr;
mod questions;
mod reader;
mod registrations;
mod search;
mod setup;
mod sign_in;
mod signing_keys;
mod states;
mod subscriptions;
mod terms;
mod tokens;
mod trials;
mod trouble;
mod visit;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, any, get};

pub(crate) use assets::{Asset, PICTURE, SCRIPT, STYLE};
pub(crate) use desk::{Desk, Sightings};
pub(crate) use door::{dressed, is_foreign};
pub(crate) use key_deeds::own_name;
pub(crate) use page::show_as;
pub(crate) use plugin_deeds::PUBLISH;
pub(crate) use registrations::csv as registrations_csv;
pub(crate) use trouble::Trouble;

use crate::app::App;
use trouble::see_other;
use visit::Visit;

/// Something at an address.
pub(super) struct Place {
    path: &'static str,
    handlers: MethodRouter<App>,
    kind: Kind,
}

/// Whether there is something to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A page, which can be asked for with GET.
    Page,
    /// Only forms are sent there, or a file is given out.
    Action,
}

impl Place {
    /// A page; forms may be sent to its address, too.
    fn page(path: &'static str, handlers: MethodRouter<App>) -> Self {
        Self { path, handlers, kind: Kind::Page }
    }

    /// Where only forms are sent, or a file is given out.
    fn action(path: &'static str, handlers: MethodRouter<App>) -> Self {
        Self { path, handlers, kind: Kind::Action }
    }
}

/// Everything there is.
fn places() -> Vec<Place> {
    [
        vec![Place::action("/console/", get(home))],
        sign_in::places(),
        setup::places(),
        preferences::places(),
        dashboard::places(),
        search::places(),
        customers::places(),
        subscriptions::places(),
        keys::places(),
        instances::places(),
        trials::places(),
        questions::places(),
        offers::places(),
        plugins::places(),
        plugin_deeds::places(),
        gateway::places(),
        enrollments::places(),
        agents::places(),
        invitations::places(),
        registrations::places(),
        connections::places(),
        signing_keys::places(),
        tokens::places(),
        audit::places(),
        data::places(),
        terms::places(),
        imports::places(),
        check::places(),
        operators::places(),
        account::places(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The addresses of all pages, as templates: `/console/customers/{customer}`.
pub fn pages() -> Vec<&'static str> {
    places().into_iter().filter(|place| place.kind == Kind::Page).map(|place| place.path).collect()
}

pub(crate) fn routes(app: &App) -> Router<App> {
    let all = places().into_iter().fold(Router::new(), |router, place| router.route(place.path, place.handlers));
    all.route("/console", any(|| async { see_other("/console/") }))
        .route("/console/{*nothing}", any(|| async { Trouble::NotFound }))
        .method_not_allowed_fallback(|| async { Trouble::OtherMethod })
        .layer(from_fn_with_state(app.clone(), door::pass))
        .merge(assets::routes())
}

async fn home(_: Visit) -> axum::response::Response {
    see_other(dashboard::PLACE)
}

impl App {
    /// Whether browsers reach us by TLS alone, so that cookies may be kept to it.
    pub(crate) fn is_secure(&self) -> bool {
        self.console_is_secure()
    }

    /// The same, as the console calls it.
    fn console_is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The name of the cookie that holds a session.
    fn session_cookie(&self) -> &'static str {
        if self.console_is_secure() { "__Host-latchkey_session" } else { "latchkey_session" }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use latchkey_texts::Language;
    use latchkey_texts::console::{is_word, source};

    /// Names that are put together while running: from a field, a language, a state, what the audit log says, and so on.
    const PUT_TOGETHER: [&str; 18] = [
        "remark-",
        "join-fault-",
        "field-",
        "language-",
        "theme-",
        "role-",
        "trouble-",
        "state-",
        "action-",
        "fact-",
        "scope-",
        "unit-",
        "environment-",
        "outcome-",
        "about-instance-",
        "import-kind-",
        "import-column-",
        "export-",
    ];
    /// What a deed says of itself, behind its name.
    const OF_DEEDS: [&str; 3] = ["-title", "-will", "-do"];

    fn read(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                all.push_str(text.split("#[cfg(test)]").next().unwrap());
            }
        }
    }

    fn everything() -> String {
        let (here, mut all) = (Path::new(env!("CARGO_MANIFEST_DIR")), String::new());
        read(&here.join("templates/console"), &mut all);
        read(&here.join("src/console"), &mut all);
        all
    }

    #[test]
    fn every_word_that_is_used_is_there_and_every_word_that_is_there_is_used() {
        let all = everything();
        for call in [".t(\"", ".t_with(\"", ".t_count(\"", ".t_count_with(\"", "Notice::new(\""] {
            for rest in all.split(call).skip(1) {
                let name = rest.split('"').next().unwrap();
                assert!(is_word(name), "{call}{name}: no such word");
            }
        }
        let entries = source(Language::English).lines().filter_map(|line| line.split_once(" ="));
        for (name, _) in entries.filter(|(name, _)| !name.starts_with([' ', '#'])) {
            let quoted = |name: &str| all.contains(&format!("\"{name}\""));
            let used = quoted(name)
                || PUT_TOGETHER.iter().any(|part| name.starts_with(part))
                || OF_DEEDS.iter().any(|part| name.strip_suffix(part).is_some_and(quoted));
            assert!(used, "{name}: nobody says it");
        }
    }

    #[test]
    fn nothing_stands_inline() {
        for forbidden in
            [" style=", " onclick=", " onsubmit=", "<style", "javascript:", "<script>", "http://", "https://"]
        {
            let mut templates = String::new();
            read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut templates);
            assert!(
                !templates.contains(forbidden),
                "{forbidden} in a template: the Content-Security-Policy forbids it"
            );
        }
    }
}
