//! The lines that install an agent with an enrollment key: what whoever rolls agents out copies, with the key's text in them this
//! once, or at any time without.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use latchkey_domain::operators::Deed;
use latchkey_store::enrollment::keys;

use super::assets::icons;
use super::enrollments::PLACE;
use super::page::{Page, show};
use super::reader::Reader;
use super::trouble::Trouble;
use super::visit::Visit;
use crate::app::App;

/// What stands in the place of a text that is not kept.
const NO_TEXT: &str = "KEY";

/// The page of the lines.
#[derive(Template)]
#[template(path = "console/enrollment_text.html")]
pub(super) struct InstallPage {
    page: Page,
    id: String,
    text: Option<String>,
    ways: Vec<Lines>,
}

/// One way, with what is copied.
pub(super) struct Lines {
    pub(super) title: String,
    /// By which the page finds it.
    pub(super) id: &'static str,
    pub(super) text: String,
}

impl InstallPage {
    /// Of a key that was just made.
    pub(super) fn once(visit: &Visit, id: String, text: String, url: &str) -> Self {
        let page = visit.page(PLACE, visit.reader().t("enrollment-made-title"));
        let ways = lines(visit.reader(), url, &id, &text);
        Self { page, id, text: Some(text), ways }
    }
}

/// The lines of a key whose text somebody else has.
pub(super) async fn without_text(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (key, url) =
        app.look(move |reader| Ok((keys::find(reader, &id)?, keys::gateway_url(reader)?.unwrap_or_default()))).await?;
    let title = visit.reader().t("enrollment-install-title");
    let (page, ways) = (visit.page(PLACE, title), lines(visit.reader(), &url, &key.id, NO_TEXT));
    Ok(show(&InstallPage { page, id: key.id, text: None, ways }))
}

/// All ways. `url` is where agents find the gateway, with a slash at its end.
fn lines(reader: &Reader, url: &str, id: &str, key: &str) -> Vec<Lines> {
    let file = format!("server = {url}\nuser = {id}\npassword = {key}");
    // What needs a privilege is asked for once, and the key stands in no list of processes.
    let into =
        |path: &str, restart: &str| format!("sudo install -m 600 /dev/stdin {path} <<'EOF'\n{file}\nEOF\n{restart}");
    let linux = "sudo systemctl restart glpi-agent";
    let conf = "/etc/glpi-agent/conf.d/gateway.cfg";
    let all = [
        ("install-file", "agent-cfg", file.clone()),
        (
            "install-oauth",
            "agent-oauth",
            format!("server = {url}\noauth-client-id = {id}\noauth-client-secret = {key}"),
        ),
        (
            "install-windows",
            "agent-msi",
            format!("msiexec /i GLPI-Agent-x64.msi /quiet SERVER=\"{url}\" USER=\"{id}\" PASSWORD=\"{key}\" RUNNOW=1"),
        ),
        ("install-debian", "agent-deb", format!("sudo apt install ./glpi-agent_*_all.deb\n{}", into(conf, linux))),
        ("install-rpm", "agent-rpm", format!("sudo dnf install ./glpi-agent-*.noarch.rpm\n{}", into(conf, linux))),
        (
            "install-macos",
            "agent-macos",
            into("/Applications/GLPI-Agent/etc/conf.d/gateway.cfg", "sudo launchctl stop com.teclib.glpi-agent"),
        ),
        (
            "install-appimage",
            "agent-appimage",
            format!("sudo ./glpi-agent-*-x86_64.AppImage --install --server \"{url}\" --user {id} --password {key}"),
        ),
        ("install-proxy", "agent-proxy", format!("disabled = no\n\n# agent.cfg\n{file}")),
        ("install-path", "agent-path", format!("server = {url}enroll/{key}/")),
    ];
    all.map(|(title, id, text)| Lines { title: reader.t(title), id, text }).into()
}
