//! `latchkey doctor`: what keeps a key from working, said by name, with the next step.
//!
//! On a GLPI server (`--glpi DIR`) it needs no data directory: it looks at the GLPI folder, at PHP, at the way to the
//! service, and at the key. On the machine of a Latchkey it looks at that. It changes nothing anywhere.
//!
//! Invariant: **one fault, one name.** A check that depends on another is not asked where that one failed, so that what
//! is named is the cause and not its consequences.

mod access;
mod child;
mod finding;
mod folder;
mod host;
mod key;
mod net;
mod php;
mod report;
mod road;
mod visit;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use latchkey_texts::Language;
use latchkey_texts::doctor::page;

use crate::args::Cli;
use crate::printer::Printer;
use crate::problem::{Exit, Given, Problem};

use finding::Check;
use host::Host;
use net::url::Url;
use php::Php;
use report::Report;
use road::Road;
use visit::Visit;

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Look at the GLPI in this folder; run it on the GLPI server, as root to see all
    #[arg(long, value_name = "DIR")]
    glpi: Option<PathBuf>,
    /// The service that this GLPI should ask [default: the one that it asks]
    #[arg(long, value_name = "URL", requires = "glpi")]
    url: Option<String>,
    /// Look at this registration key, too; `-` reads it from standard input, where no list of processes shows it
    #[arg(long, value_name = "KEY", allow_hyphen_values = true)]
    key: Option<String>,
    /// The user that the web server runs as [default: whoever it runs as]
    #[arg(long, value_name = "NAME", requires = "glpi")]
    web_user: Option<String>,
    /// PHP's command line [default: php, as found on the path]
    #[arg(long, value_name = "FILE", requires = "glpi")]
    php: Option<PathBuf>,
    /// How long each step may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    timeout: Duration,
    /// Where backups of this Latchkey are kept [default: the data directory, and `backups` in it]
    #[arg(long, value_name = "DIR", conflicts_with = "glpi")]
    backups: Option<PathBuf>,
    /// The language of the findings, en or fr [default: that of the environment]
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<Language>,
    /// Print every fault that can be named, and what to do about it, as Markdown
    #[arg(long, conflicts_with_all = ["glpi", "key", "backups"])]
    explain: bool,
}

/// Runs it. 0 where nothing is worse than a warning, 1 where something is, 2 where it could not run.
pub(crate) fn run(arguments: &Doctor, cli: &Cli, printer: &Printer) -> Result<Exit, Problem> {
    let language = arguments.language.unwrap_or_else(spoken);
    if arguments.explain {
        printer.page(|page| page.line(self::page(language).trim_end()))?;
        return Ok(Exit::Done);
    }
    let mut report = Report::new(printer, language);
    // PHP or a database may take its time.
    let bar = report.moving(if arguments.glpi.is_some() { "GLPI, PHP" } else { "Latchkey" });
    let visit = match &arguments.glpi {
        Some(dir) => at_glpi(arguments, dir, language, printer),
        None => at_home(arguments, cli, language, printer),
    };
    bar.finish_and_clear();
    let mut visit = visit?;
    let checks = if visit.glpi.is_some() { glpi_checks() } else { host_checks(&visit) };
    for check in &checks {
        let bar = report.working(check);
        let finding = (check.run)(&mut visit);
        bar.finish_and_clear();
        report.take(check, &finding, &visit)?;
    }
    Ok(if report.end()? { Exit::Refused } else { Exit::Done })
}

/// What is quick comes first: what waits for a network follows.
fn glpi_checks() -> Vec<Check> {
    [
        folder::CHECKS,
        php::CHECKS,
        key::TEXT_CHECKS,
        road::CHECKS,
        road::PHP_CHECKS,
        road::TIME_CHECKS,
        key::SERVICE_CHECKS,
    ]
    .concat()
}

fn host_checks(visit: &Visit) -> Vec<Check> {
    let mut checks = host::CHECKS.to_vec();
    if visit.key.is_some() {
        checks.extend_from_slice(key::TEXT_CHECKS);
    }
    // Without a public URL there is no way to look at.
    if visit.road.is_some() {
        checks.extend_from_slice(road::CHECKS);
        checks.extend_from_slice(road::TIME_CHECKS);
    }
    checks.extend_from_slice(host::PUBLIC_CHECKS);
    if visit.key.is_some() {
        checks.extend_from_slice(key::SERVICE_CHECKS);
    }
    checks
}

fn at_glpi(arguments: &Doctor, dir: &std::path::Path, language: Language, printer: &Printer) -> Result<Visit, Problem> {
    let wanted = match &arguments.url {
        Some(text) => Some(Url::parse(text).ok_or_else(|| {
            Problem::usage(
                format!("--url: {} is not the address of a service", Given(text)),
                "give one like https://keys.example.org",
            )
        })?),
        None => None,
    };
    let key = read_key(arguments, printer)?;
    let (mut glpi, web_user, php) = folder::look_around(dir, arguments.web_user.as_deref(), arguments.php.clone())?;
    let target = wanted.clone().or_else(|| glpi.asks.url.clone());
    glpi.wanted = wanted;
    Ok(Visit {
        language,
        glpi: Some(glpi),
        host: None,
        php,
        web_user,
        road: target.map(|url| Road::to(url, arguments.timeout)),
        key,
        key_refuted: false,
        backups: None,
    })
}

fn at_home(arguments: &Doctor, cli: &Cli, language: Language, printer: &Printer) -> Result<Visit, Problem> {
    let key = read_key(arguments, printer)?;
    let host = Host::look_around(cli, printer)?;
    let public = host.public_url().and_then(|url| Url::parse(&url));
    Ok(Visit {
        language,
        glpi: None,
        host: Some(host),
        php: Php::none(),
        web_user: None,
        road: public.map(|url| Road::to(url, arguments.timeout)),
        key,
        key_refuted: false,
        backups: arguments.backups.clone(),
    })
}

fn read_key(arguments: &Doctor, printer: &Printer) -> Result<Option<zeroize::Zeroizing<String>>, Problem> {
    arguments.key.as_deref().map(|text| super::key::read_text(text, printer).map(zeroize::Zeroizing::new)).transpose()
}

/// The language of whoever runs this, as the environment has it.
fn spoken() -> Language {
    let set = |name: &&str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let value = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).unwrap_or_default();
    Language::from_tag(value.split(['.', '@']).next().unwrap_or_default()).unwrap_or_default()
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "give seconds, such as 5 or 0.5".to_owned())?;
    if (0.1..=120.0).contains(&seconds) {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("give from 0.1 to 120 seconds".to_owned())
    }
}

fn language(text: &str) -> Result<Language, String> {
    match Language::from_tag(text) {
        Some(language @ (Language::English | Language::French)) => Ok(language),
        Some(Language::Spanish | Language::Portuguese | Language::German) | None => {
            Err("the doctor speaks en and fr".to_owned())
        }
    }
}
