//! The lines that install an agent with an enrollment key: what whoever rolls agents out copies.

use super::reader::Reader;

/// One way, with what is copied.
pub(super) struct Lines {
    pub(super) title: String,
    /// By which the page finds it.
    pub(super) id: &'static str,
    pub(super) text: String,
}

/// All ways. `url` is where agents find the gateway, with a slash at its end.
pub(super) fn lines(reader: &Reader, url: &str, id: &str, key: &str) -> Vec<Lines> {
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
