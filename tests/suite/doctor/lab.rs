//! A healthy GLPI with a healthy service, which each test then spoils.

use std::fs::{self, Permissions};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use latchkey_tests_support::Program;
use nix::unistd::{Gid, Uid, User, chown, geteuid};

use super::certificates::{Authority, Wish};
use super::diagnosis::Diagnosis;
use super::stranger::{Answer, Stranger};
use crate::house::House;
use crate::installed::Ran;

/// How long the doctor waits for anybody, in seconds.
pub(super) const PATIENCE: &str = "1";

/// A Latchkey that answers, and what stands before it.
pub(super) struct Service {
    pub(super) house: House,
    pub(super) front: Option<(Stranger, Authority)>,
    pub(super) url: String,
}

impl Service {
    /// On this machine, in the clear.
    pub(super) fn plain() -> Self {
        let house = House::on_sqlite();
        let url = format!("http://{}", house.address());
        Self { house, front: None, url }
    }

    /// Behind a front that speaks TLS, with a certificate of the laboratory's own authority.
    pub(super) fn with_tls() -> Self {
        let house = House::on_sqlite();
        let authority = Authority::named("The laboratory's authority");
        let tls = authority.vouches_for(&Wish::of("127.0.0.1"));
        let front = Stranger::with_tls(tls, Answer::Of(house.address()));
        let url = front.url();
        Self { house, front: Some((front, authority)), url }
    }

    pub(super) fn latchkey(&self) -> SocketAddr {
        self.house.address()
    }

    pub(super) fn front(&self) -> &Stranger {
        &self.front.as_ref().unwrap().0
    }

    pub(super) fn authority(&self) -> &Authority {
        &self.front.as_ref().unwrap().1
    }
}

/// The laboratory: a GLPI on a disk, and the environment of whoever runs the doctor.
pub(super) struct Lab {
    pub(super) service: Service,
    dir: tempfile::TempDir,
    variables: Vec<(String, String)>,
    arguments: Vec<String>,
    patience: &'static str,
    /// What whoever runs the doctor typed before.
    pub(super) shell: Vec<String>,
}

impl Lab {
    pub(super) fn healthy() -> Self {
        Self::at(Service::plain())
    }

    pub(super) fn at(service: Service) -> Self {
        let dir = tempfile::tempdir().unwrap();
        // The web server's user has to be able to come in.
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755)).unwrap();
        let lab =
            Self { service, dir, variables: Vec::new(), arguments: Vec::new(), patience: PATIENCE, shell: Vec::new() };
        lab.unpack();
        lab.points_at(&lab.service.url);
        let lab = lab.with_arguments(&["--web-user", &web_user().name]);
        if lab.service.front.is_none() {
            return lab;
        }
        let store = lab.file("authorities.pem");
        fs::write(&store, lab.service.authority().pem()).unwrap();
        lab.sets_php(&format!("curl.cainfo={}\n", store.display()));
        let store = store.display().to_string();
        lab.with_variable("SSL_CERT_FILE", &store)
    }

    /// Believes those whom the system believes, and nobody besides; so does PHP.
    pub(super) fn trusting_the_system(mut self) -> Self {
        self.variables.retain(|(name, _)| name != "SSL_CERT_FILE");
        self.sets_php("");
        self
    }

    /// GLPI 10.0.19, as a careful administrator leaves it.
    fn unpack(&self) {
        let glpi = self.glpi();
        for dir in ["inc", "front", "src", "version", "config", "plugins", "marketplace", "files"] {
            fs::create_dir_all(glpi.join(dir)).unwrap();
        }
        let below =
            "_cache _cron _dumps _graphs _inventories _lock _log _pictures _plugins _rss _sessions _tmp _uploads";
        for dir in below.split(' ') {
            fs::create_dir(glpi.join("files").join(dir)).unwrap();
        }
        fs::write(glpi.join("version/10.0.19"), "").unwrap();
        fs::write(glpi.join("inc/define.php"), "<?php\ndefine('GLPI_VERSION', '10.0.19');\n").unwrap();
        fs::write(
            glpi.join("config/config_db.php"),
            "<?php class DB extends DBmysql { public $dbhost = 'localhost'; }\n",
        )
        .unwrap();
        fs::write(glpi.join("config/glpicrypt.key"), [7; 32]).unwrap();
        fs::create_dir(self.file("php.d")).unwrap();
        let web = web_user();
        for path in everything_below(&glpi) {
            let mode = if path.is_dir() { 0o750 } else { 0o640 };
            // The folder itself is root's, as a packager leaves it, and everybody may come in.
            let (mode, owned) = if path == glpi { (0o755, false) } else { (mode, true) };
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            if owned && geteuid().is_root() {
                chown(&path, Some(web.uid), Some(web.gid)).unwrap();
            }
        }
        fs::set_permissions(self.file("php.d"), Permissions::from_mode(0o755)).unwrap();
    }

    pub(super) fn glpi(&self) -> PathBuf {
        self.file("glpi")
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn local_define(&self) -> PathBuf {
        self.glpi().join("config/local_define.php")
    }

    /// Lets the GLPI ask there.
    pub(super) fn points_at(&self, url: &str) {
        self.defines(&format!("<?php\ndefine('GLPI_NETWORK_SERVICES', '{url}');\n"));
    }

    pub(super) fn defines(&self, text: &str) {
        self.writes(&self.local_define(), text);
    }

    /// GLPI writes this file.
    pub(super) fn writes(&self, file: &Path, text: &str) {
        fs::write(file, text).unwrap();
        fs::set_permissions(file, Permissions::from_mode(0o640)).unwrap();
        if geteuid().is_root() {
            let web = web_user();
            chown(file, Some(web.uid), Some(web.gid)).unwrap();
        }
    }

    /// A program of the laboratory's own, in a folder that can be put on a path.
    pub(super) fn tool(&self, name: &str, script: &str) -> PathBuf {
        let dir = self.file("tools");
        fs::create_dir_all(&dir).unwrap();
        fs::set_permissions(&dir, Permissions::from_mode(0o755)).unwrap();
        fs::write(dir.join(name), script).unwrap();
        fs::set_permissions(dir.join(name), Permissions::from_mode(0o755)).unwrap();
        dir
    }

    /// Settings of PHP's own, beside the system's.
    pub(super) fn sets_php(&self, text: &str) {
        let file = self.file("php.d").join("lab.ini");
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        for store in fs::read_dir(self.dir.path()).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            fs::set_permissions(store.path(), Permissions::from_mode(0o644)).unwrap();
        }
    }

    pub(super) fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn with_arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// The doctor waits longer, in seconds.
    pub(super) fn with_patience(self, patience: &'static str) -> Self {
        Self { patience, ..self }
    }

    /// Without arguments of the laboratory's own.
    pub(super) fn without_arguments(self) -> Self {
        Self { arguments: Vec::new(), ..self }
    }

    /// The doctor's findings about this GLPI.
    pub(super) fn diagnosis(&self) -> Diagnosis {
        Diagnosis::of(&self.runs(&["--json"], &[]))
    }

    /// The same with a key.
    pub(super) fn diagnosis_of(&self, key: &str) -> Diagnosis {
        Diagnosis::of(&self.runs(&["--json"], &["--key", key]))
    }

    /// Runs the doctor, after what was typed before it.
    pub(super) fn runs(&self, before: &[&str], after: &[&str]) -> Ran {
        let mut program = Program::new("/bin/sh").directory(self.dir.path());
        let script = format!("{}\nexec \"$@\"", self.shell.join("\n"));
        program = program.args(["-c", &script, "sh", env!("CARGO_BIN_EXE_latchkey")]);
        // PHP reads the laboratory's settings after the system's.
        program = program.env("PHP_INI_SCAN_DIR", format!(":{}", self.file("php.d").display()));
        for (name, value) in &self.variables {
            program = program.env(name, value);
        }
        let glpi = self.glpi();
        program = program.args(before).args(["doctor", "--timeout", self.patience, "--glpi", glpi.to_str().unwrap()]);
        Ran::of(program.args(&self.arguments).args(after).spawn())
    }
}

/// Who stands for the web server: an account without rights where this may be taken, else whoever runs the tests.
pub(super) fn web_user() -> User {
    let usual = if geteuid().is_root() { User::from_name("www-data").unwrap() } else { None };
    usual.unwrap_or_else(|| User::from_uid(geteuid()).unwrap().unwrap())
}

/// Whether the tests run as root, without which nobody has other owners' files and other users' rights. What is left out
/// is said.
pub(super) fn as_root(what: &str) -> bool {
    if !geteuid().is_root() {
        #[allow(clippy::print_stderr, reason = "a test that is left out must say so")]
        {
            eprintln!("left out, since it takes root: {what}");
        }
    }
    geteuid().is_root()
}

pub(super) fn everything_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = vec![dir.to_owned()];
    if dir.is_file() {
        return found;
    }
    for entry in fs::read_dir(dir).unwrap().flatten() {
        match entry.path() {
            path if path.is_dir() => found.extend(everything_below(&path)),
            path => found.push(path),
        }
    }
    found
}

pub(super) fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

pub(super) fn given_to_root(path: &Path) {
    for path in everything_below(path) {
        chown(&path, Some(Uid::from_raw(0)), Some(Gid::from_raw(0))).unwrap();
    }
}
