//! PHP as the command line has it, run as the web server's user where that is allowed: GLPI asks with PHP, so its view is
//! the one that counts. PHP-FPM may have another php.ini.

mod archives;
mod extensions;
mod runs;
pub(super) mod trust_file;

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::child::{self, Account, NotRan};
use super::finding::Check;

pub(super) const CHECKS: &[Check] = &[runs::CHECK, extensions::CHECK, archives::CHECK, trust_file::CHECK];

/// A script that waits for nobody.
const PATIENCE: Duration = Duration::from_secs(10);

/// Lines of a name and a value, since even JSON is an extension.
const TELL: &str = r#"
echo "version\t", PHP_VERSION, "\n";
echo "extensions\t", implode(',', get_loaded_extensions()), "\n";
echo "ini\t", (string) php_ini_loaded_file(), "\n";
echo "openssl.cafile\t", (string) ini_get('openssl.cafile'), "\n";
echo "curl.cainfo\t", (string) ini_get('curl.cainfo'), "\n";
"#;

/// PHP's command line, if it is here.
pub(super) struct Php {
    program: Option<PathBuf>,
    account: Option<Account>,
    told: Result<Told, NotRan>,
}

/// What PHP says of itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    version: String,
    extensions: Vec<String>,
    /// Empty where it reads none.
    ini: String,
    cafile: String,
    cainfo: String,
}

impl Php {
    /// Nobody asks for it.
    pub(super) fn none() -> Self {
        Self { program: None, account: None, told: Err(NotRan::Missing) }
    }

    pub(super) fn look_around(program: Option<PathBuf>, account: Option<Account>) -> Self {
        let Some(program) = program.or_else(|| child::find("php")) else { return Self::none() };
        let mut php = Self { program: Some(program), account, told: Err(NotRan::Missing) };
        php.told = php.run(TELL, &[], PATIENCE, &[]).map(|text| Told::read(&text));
        php
    }

    /// What it says of itself, where it runs.
    pub(super) fn told(&self) -> Option<&Told> {
        self.told.as_ref().ok()
    }

    /// Runs a script, which has to end well, and gives what it wrote.
    pub(super) fn script(&self, code: &str, arguments: &[String]) -> Result<String, NotRan> {
        self.patient_script(code, arguments, PATIENCE)
    }

    /// The same, for a script that waits for somebody.
    pub(super) fn patient_script(
        &self,
        code: &str,
        arguments: &[String],
        patience: Duration,
    ) -> Result<String, NotRan> {
        // One that did not say its own version says nothing else, and may take its time over it.
        self.told.as_ref().map_err(NotRan::clone)?;
        self.run(code, arguments, patience, &[])
    }

    /// Includes a file; the error is what PHP says against it.
    pub(super) fn includes(&self, file: &Path) -> Result<(), String> {
        if self.told.is_err() {
            return Ok(());
        }
        let code = "if (!defined('GLPI_ROOT')) { define('GLPI_ROOT', dirname($argv[1], 2)); } include $argv[1];";
        let said = self.run(
            code,
            &[file.display().to_string()],
            PATIENCE,
            &["-d", "display_errors=stderr", "-d", "log_errors=0"],
        );
        match said {
            Err(NotRan::Failed(said)) => Err(said),
            Ok(_) | Err(NotRan::Missing | NotRan::TimedOut) => Ok(()),
        }
    }

    fn run(&self, code: &str, arguments: &[String], patience: Duration, flags: &[&str]) -> Result<String, NotRan> {
        let Some(program) = &self.program else { return Err(NotRan::Missing) };
        let mut command = child::command(self.account.as_ref(), program);
        command.args(flags).arg("-r").arg(code).arg("--").args(arguments);
        let ran = child::run(command, patience)?;
        if ran.success { Ok(ran.stdout) } else { Err(NotRan::Failed(format!("{}\n{}", ran.stderr, ran.stdout))) }
    }
}

impl Told {
    fn read(text: &str) -> Self {
        let mut told = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once('\t')) {
            match name {
                "version" => value.clone_into(&mut told.version),
                "extensions" => told.extensions = value.split(',').map(str::to_owned).collect(),
                "ini" => value.clone_into(&mut told.ini),
                "openssl.cafile" => value.clone_into(&mut told.cafile),
                "curl.cainfo" => value.clone_into(&mut told.cainfo),
                _ => {}
            }
        }
        told
    }

    pub(super) fn has(&self, extension: &str) -> bool {
        self.extensions.iter().any(|loaded| loaded.eq_ignore_ascii_case(extension))
    }

    /// The trust store that PHP's curl uses, and the setting that names it; `None` where it is the system's.
    pub(super) fn trust_file(&self) -> Option<(&'static str, &Path)> {
        // In this order in PHP's own source.
        [("openssl.cafile", &self.cafile), ("curl.cainfo", &self.cainfo)]
            .into_iter()
            .find(|(_, file)| !file.is_empty())
            .map(|(setting, file)| (setting, Path::new(file)))
    }

    pub(super) fn ini(&self) -> String {
        if self.ini.is_empty() { "php.ini: -".to_owned() } else { self.ini.clone() }
    }
}
