//! What Latchkey is told by flags, the environment and the configuration file, in that order of weight.
//!
//! Invariant: whatever is not understood is refused, with its place: a setting with a slip in its name must not silently
//! be the default. Values are the same text wherever they come from, and are read once, in [`load`].

mod archives;
mod environment;
mod front;
mod gateway;
mod outgoing;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use latchkey_domain::text::nearest;
use latchkey_domain::time::Zone;
use latchkey_storage::Place;
use latchkey_store::{Location, StoreError};
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use crate::args::Cli;
use crate::commands::Command;
use crate::data_dir::{self, DataDir};
use crate::master_key;
use crate::problem::{Given, Problem};

use archives::ArchivesSetting;
pub(crate) use environment::Environment;
pub(crate) use front::FrontConfig;
pub(crate) use gateway::{GatewayConfig, GatewaySetting};
pub(crate) use outgoing::OutgoingConfig;

/// Where the data is where nothing is said: below the directory in which the command is run.
const DATA_DIR: &str = "latchkey-data";
const LISTEN: &str = "127.0.0.1:7070";
const CACHE_KEYS: usize = 1_000_000;
const MAX_STALENESS_SECONDS: u64 = 3_600;

/// All that was configured, read and checked.
pub(crate) struct Config {
    pub(crate) data_dir: DataDir,
    pub(crate) database: Location,
    pub(crate) master_key: master_key::Source,
    /// Where somebody states one; the installation knows its own.
    pub(crate) zone: Option<StatedZone>,
    pub(crate) listen: SocketAddr,
    /// Without a slash at its end; `None` where it is the address listened on.
    pub(crate) public_url: Option<String>,
    pub(crate) cache_keys: usize,
    pub(crate) max_staleness: Duration,
    pub(crate) front: FrontConfig,
    pub(crate) outgoing: OutgoingConfig,
    pub(crate) gateway: GatewayConfig,
    /// Where plugins' archives lie.
    pub(crate) archives: Place,
    pub(crate) log: Option<String>,
    pub(crate) log_format: Option<String>,
    /// How this program was called, as far as another command has to repeat it.
    pub(crate) program: String,
}

/// A setting that has a flag or a variable, and a line in the configuration file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    DatabaseUrl,
    Listen,
    PublicUrl,
    TimeZone,
    CacheKeys,
    MaxStaleness,
    MasterKeyFile,
    TlsCert,
    TlsKey,
    TrustedProxies,
    NonProductionHosts,
    MetricsListen,
    MaxConnections,
    MaxRequests,
    MaxBodyBytes,
    MaxHeaderBytes,
    RequestTimeout,
    IdleTimeout,
    FailedKeys,
    TokenRequests,
    Drain,
    OutgoingAllow,
    OutgoingCaFile,
    Gateway(GatewaySetting),
    Archives(ArchivesSetting),
}

/// A value as text, and where it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stated {
    text: String,
    place: String,
}

/// A time zone, and where it was given.
pub(crate) struct StatedZone {
    pub(crate) zone: Zone,
    pub(crate) place: String,
}

/// The program's arguments.
pub(crate) fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// Where the data is. The configuration file, which may be there, cannot name it.
pub(crate) fn data_dir(cli: &Cli, environment: &Environment) -> DataDir {
    let named = match &cli.command {
        Command::Demo(demo) => Some(demo.dir.clone()),
        Command::Serve(_)
        | Command::Migrate
        | Command::Instance(_)
        | Command::Trial(_)
        | Command::Offer(_)
        | Command::Customer(_)
        | Command::Subscription(_)
        | Command::Key(_)
        | Command::SigningKey(_)
        | Command::Token(_)
        | Command::Operator(_)
        | Command::SetupLink
        | Command::Plugin(_)
        | Command::Audit(_)
        | Command::Clock(_)
        | Command::TimeZone(_)
        | Command::Retention(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::MasterKey(_)
        | Command::Import(_)
        | Command::Export(_)
        | Command::Reach(_)
        | Command::Enroll(_)
        | Command::Invite(_)
        | Command::Glpi(_)
        | Command::Agent(_)
        | Command::Queue(_)
        | Command::Doctor(_) => cli.global.data_dir.clone(),
    };
    DataDir::new(named.or_else(|| environment.get("DATA_DIR").map(PathBuf::from)).unwrap_or_else(|| DATA_DIR.into()))
}

/// Puts everything together.
pub(crate) fn load(cli: &Cli, environment: Environment, data_dir: DataDir) -> Result<Config, Problem> {
    let named = cli.global.config.clone().or_else(|| environment.get("CONFIG").map(PathBuf::from));
    let (path, text) = match named {
        Some(path) => (path.clone(), data_dir::read_text(&path)?),
        None => {
            let path = data_dir.configuration();
            let text = if data_dir.exists()? { data_dir::read_text_if_there(&path)? } else { None };
            (path, text.unwrap_or_default())
        }
    };
    let file = read_file(&path, &text)?;
    let stated = |setting: Setting| {
        let flag = setting.flag_of(cli).map(|text| Stated { text, place: setting.flag().to_owned() });
        flag.or_else(|| {
            let name = setting.variable();
            environment.get(name).map(|text| Stated { text: text.to_owned(), place: format!("LATCHKEY_{name}") })
        })
        .or_else(|| file.iter().find(|(of, _)| *of == setting).map(|(_, stated)| stated.clone()))
    };
    let whole_number = "a whole number";

    let demo = matches!(cli.command, Command::Demo(_));
    let database = match stated(Setting::DatabaseUrl).filter(|_| !demo) {
        // Never repeated: it may hold a password.
        Some(url) => database_url(&url)?,
        None => Location::embedded(data_dir.path()),
    };
    let listen_text = stated(Setting::Listen).unwrap_or_else(|| Stated { text: LISTEN.into(), place: String::new() });
    let master_key = master_key_source(cli, &environment, stated(Setting::MasterKeyFile), &data_dir)?;
    Ok(Config {
        database,
        master_key,
        zone: stated(Setting::TimeZone).map(StatedZone::read).transpose()?,
        listen: listen_text.read("an address to listen on", "an IP address and a port, such as 127.0.0.1:7070")?,
        public_url: stated(Setting::PublicUrl).map(|url| public_url(&url)).transpose()?,
        cache_keys: match stated(Setting::CacheKeys) {
            Some(number) => number.read(whole_number, "how many keys are kept in memory, such as 1000000")?,
            None => CACHE_KEYS,
        },
        max_staleness: Duration::from_secs(match stated(Setting::MaxStaleness) {
            Some(number) => number.read(whole_number, "seconds, such as 3600")?,
            None => MAX_STALENESS_SECONDS,
        }),
        front: FrontConfig::read(&stated)?,
        outgoing: OutgoingConfig::read(&stated)?,
        gateway: GatewayConfig::read(&stated)?,
        archives: match demo {
            true => Place::Folder(data_dir.path().join("archives")),
            false => archives::read(&stated, data_dir.path())?,
        },
        log: environment.get("LOG").map(str::to_owned),
        log_format: environment.get("LOG_FORMAT").map(str::to_owned),
        program: program(cli, &data_dir),
        data_dir,
    })
}

/// How to call this program again, with the same data: by the path that it was called by, where it is not found by name.
fn program(cli: &Cli, data_dir: &DataDir) -> String {
    let called = arguments().into_iter().next().unwrap_or_default().to_string_lossy().into_owned();
    let mut program = if called.contains('/') { for_shell(&called) } else { "latchkey".to_owned() };
    if cli.global.data_dir.is_some() || matches!(cli.command, Command::Demo(_)) {
        program.push_str(&format!(" --data-dir {}", for_shell(&data_dir.path().to_string_lossy())));
    }
    if let Some(config) = &cli.global.config {
        program.push_str(&format!(" --config {}", for_shell(&config.to_string_lossy())));
    }
    // Never repeated: it may hold a password.
    if cli.global.database_url.is_some() {
        program.push_str(" --database-url URL");
    }
    program
}

fn master_key_source(
    cli: &Cli,
    environment: &Environment,
    file: Option<Stated>,
    data_dir: &DataDir,
) -> Result<master_key::Source, Problem> {
    if cli.global.master_key_file.is_none()
        && let Some(text) = environment.get("MASTER_KEY")
    {
        if environment.get("MASTER_KEY_FILE").is_some() {
            return Err(Problem::usage(
                "both LATCHKEY_MASTER_KEY and LATCHKEY_MASTER_KEY_FILE are set",
                "unset one of them",
            ));
        }
        return Ok(master_key::Source::Text(Zeroizing::new(text.to_owned())));
    }
    Ok(master_key::Source::File(file.map_or_else(|| data_dir.master_key(), |stated| stated.text.into())))
}

/// What was given is never repeated: it may hold a password.
fn database_url(url: &Stated) -> Result<Location, Problem> {
    Location::url(&url.text).map_err(|error| {
        let why = if let StoreError::Away(why) = error { why } else { error.to_string() };
        let (why, next_step) =
            why.split_once("; ").unwrap_or((&why, "give one like postgresql://latchkey@localhost/latchkey"));
        Problem::usage(format!("{}: {why}", url.place), next_step)
    })
}

fn public_url(url: &Stated) -> Result<String, Problem> {
    let text = url.text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let sound = !host.is_empty()
        && !host.starts_with([':', '/'])
        && text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '?' | '#' | '@' | '"' | '\'' | '<' | '>' | '\\'));
    if sound { Ok(text.to_owned()) } else { Err(url.unreadable("a public URL", "one like https://keys.example.org")) }
}

/// Settings of a configuration file, each with its line.
fn read_file(path: &Path, text: &str) -> Result<Vec<(Setting, Stated)>, Problem> {
    let line = |at: usize| text.get(..at).map_or(1, |before| before.matches('\n').count() + 1);
    let table = DeTable::parse(text).map_err(|error| {
        let place = error.span().map_or(1, |span| line(span.start));
        let message = error.message().replace('\n', ", ");
        Problem::usage(
            format!("{}:{place}: {message}", path.display()),
            "the file is TOML: name = \"value\", one to a line",
        )
    })?;
    let mut found = Vec::new();
    for (key, value) in table.get_ref() {
        let place = format!("{}:{}: {}", path.display(), line(key.span().start), key.get_ref().escape_debug());
        let Some(setting) = Setting::all().find(|setting| setting.key() == key.get_ref()) else {
            let known: Vec<&str> = Setting::all().map(Setting::key).collect();
            return Err(Problem::usage(format!("{place}: no such setting"), suggestion(key.get_ref(), &known)));
        };
        let mut stated = Stated { text: String::new(), place };
        stated.text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            // Several ranges of addresses, one to an element.
            DeValue::Array(list)
                if matches!(
                    setting,
                    Setting::TrustedProxies | Setting::NonProductionHosts | Setting::OutgoingAllow
                ) =>
            {
                let words = list.iter().map(|item| item.get_ref().as_str().unwrap_or("(no text)"));
                words.collect::<Vec<_>>().join(",")
            }
            DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                let kind = value.get_ref().type_str();
                return Err(Problem::usage(
                    format!("{}: is neither a text nor a whole number but of type {kind}", stated.place),
                    "write it as name = \"value\"",
                ));
            }
        };
        if matches!(
            setting,
            Setting::MasterKeyFile
                | Setting::TlsCert
                | Setting::TlsKey
                | Setting::OutgoingCaFile
                | Setting::Archives(ArchivesSetting::Folder)
        ) {
            // A relative path means the same from wherever the command is run.
            let below = path.parent().unwrap_or_else(|| Path::new("")).join(&stated.text);
            stated.text = below.to_string_lossy().into_owned();
        }
        found.push((setting, stated));
    }
    Ok(found)
}

/// A word as a shell takes it.
pub(crate) fn for_shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '+' | ',' | ':' | '@' | '%');
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// What to write for a time zone.
pub(crate) fn zone_hint(typed: &str) -> String {
    match Zone::meant(typed) {
        Some(meant) => format!("Did you mean {meant:?}?"),
        None => "give an IANA name, such as Europe/Paris".to_owned(),
    }
}

fn suggestion(typed: &str, known: &[&str]) -> String {
    match nearest(typed, known.iter().copied()) {
        Some(meant) => format!("Did you mean {meant:?}?"),
        None => format!("there are: {}", known.join(", ")),
    }
}

impl Setting {
    const ALL: [Self; 23] = [
        Self::DatabaseUrl,
        Self::Listen,
        Self::PublicUrl,
        Self::TimeZone,
        Self::CacheKeys,
        Self::MaxStaleness,
        Self::MasterKeyFile,
        Self::TlsCert,
        Self::TlsKey,
        Self::TrustedProxies,
        Self::NonProductionHosts,
        Self::MetricsListen,
        Self::MaxConnections,
        Self::MaxRequests,
        Self::MaxBodyBytes,
        Self::MaxHeaderBytes,
        Self::RequestTimeout,
        Self::IdleTimeout,
        Self::FailedKeys,
        Self::TokenRequests,
        Self::Drain,
        Self::OutgoingAllow,
        Self::OutgoingCaFile,
    ];

    /// All there are.
    fn all() -> impl Iterator<Item = Self> {
        let of_columns = GatewaySetting::ALL.map(Self::Gateway).into_iter();
        Self::ALL.into_iter().chain(of_columns).chain(ArchivesSetting::ALL.map(Self::Archives))
    }

    fn key(self) -> &'static str {
        match self {
            Self::DatabaseUrl => "database_url",
            Self::Listen => "listen",
            Self::PublicUrl => "public_url",
            Self::TimeZone => "time_zone",
            Self::CacheKeys => "cache_keys",
            Self::MaxStaleness => "max_staleness_seconds",
            Self::MasterKeyFile => "master_key_file",
            Self::TlsCert => "tls_cert",
            Self::TlsKey => "tls_key",
            Self::TrustedProxies => "trusted_proxies",
            Self::NonProductionHosts => "non_production_hosts",
            Self::MetricsListen => "metrics_listen",
            Self::MaxConnections => "max_connections",
            Self::MaxRequests => "max_requests",
            Self::MaxBodyBytes => "max_body_bytes",
            Self::MaxHeaderBytes => "max_header_bytes",
            Self::RequestTimeout => "request_timeout_seconds",
            Self::IdleTimeout => "idle_timeout_seconds",
            Self::FailedKeys => "failed_keys_per_minute",
            Self::TokenRequests => "token_requests_per_minute",
            Self::Drain => "drain_seconds",
            Self::OutgoingAllow => "outgoing_allow",
            Self::OutgoingCaFile => "outgoing_ca_file",
            Self::Gateway(setting) => setting.key(),
            Self::Archives(setting) => setting.key(),
        }
    }

    /// Without its prefix.
    fn variable(self) -> &'static str {
        match self {
            Self::DatabaseUrl => "DATABASE_URL",
            Self::Listen => "LISTEN",
            Self::PublicUrl => "PUBLIC_URL",
            Self::TimeZone => "TIME_ZONE",
            Self::CacheKeys => "CACHE_KEYS",
            Self::MaxStaleness => "MAX_STALENESS_SECONDS",
            Self::MasterKeyFile => "MASTER_KEY_FILE",
            Self::TlsCert => "TLS_CERT",
            Self::TlsKey => "TLS_KEY",
            Self::TrustedProxies => "TRUSTED_PROXIES",
            Self::NonProductionHosts => "NON_PRODUCTION_HOSTS",
            Self::MetricsListen => "METRICS_LISTEN",
            Self::MaxConnections => "MAX_CONNECTIONS",
            Self::MaxRequests => "MAX_REQUESTS",
            Self::MaxBodyBytes => "MAX_BODY_BYTES",
            Self::MaxHeaderBytes => "MAX_HEADER_BYTES",
            Self::RequestTimeout => "REQUEST_TIMEOUT_SECONDS",
            Self::IdleTimeout => "IDLE_TIMEOUT_SECONDS",
            Self::FailedKeys => "FAILED_KEYS_PER_MINUTE",
            Self::TokenRequests => "TOKEN_REQUESTS_PER_MINUTE",
            Self::Drain => "DRAIN_SECONDS",
            Self::OutgoingAllow => "OUTGOING_ALLOW",
            Self::OutgoingCaFile => "OUTGOING_CA_FILE",
            Self::Gateway(setting) => setting.variable(),
            Self::Archives(setting) => setting.variable(),
        }
    }

    fn flag(self) -> &'static str {
        match self {
            Self::DatabaseUrl => "--database-url",
            Self::Listen => "--listen",
            Self::PublicUrl => "--public-url",
            Self::TimeZone => "--time-zone",
            Self::MasterKeyFile => "--master-key-file",
            Self::TlsCert => "--tls-cert",
            Self::TlsKey => "--tls-key",
            Self::TrustedProxies => "--trusted-proxy",
            Self::MetricsListen => "--metrics-listen",
            Self::CacheKeys
            | Self::MaxStaleness
            | Self::MaxConnections
            | Self::MaxRequests
            | Self::MaxBodyBytes
            | Self::MaxHeaderBytes
            | Self::RequestTimeout
            | Self::IdleTimeout
            | Self::FailedKeys
            | Self::TokenRequests
            | Self::Drain
            | Self::NonProductionHosts
            | Self::OutgoingAllow
            | Self::OutgoingCaFile
            | Self::Archives(_) => "",
            Self::Gateway(setting) => setting.flag(),
        }
    }

    fn flag_of(self, cli: &Cli) -> Option<String> {
        let (listen, public_url) = match &cli.command {
            Command::Serve(serve) => (serve.listen.clone(), serve.public_url.clone()),
            Command::Demo(demo) => (Some(demo.listen.clone()), None),
            Command::Migrate
            | Command::Instance(_)
            | Command::Trial(_)
            | Command::Offer(_)
            | Command::Glpi(_)
            | Command::Customer(_)
            | Command::Subscription(_)
            | Command::Key(_)
            | Command::SigningKey(_)
            | Command::Token(_)
            | Command::Operator(_)
            | Command::SetupLink
            | Command::Plugin(_)
            | Command::Audit(_)
            | Command::Clock(_)
            | Command::TimeZone(_)
            | Command::Retention(_)
            | Command::Backup(_)
            | Command::Restore(_)
            | Command::MasterKey(_)
            | Command::Import(_)
            | Command::Export(_)
            | Command::Reach(_)
            | Command::Enroll(_)
            | Command::Invite(_)
            | Command::Agent(_)
            | Command::Queue(_)
            | Command::Doctor(_) => (None, None),
        };
        let serve = if let Command::Serve(serve) = &cli.command { Some(serve) } else { None };
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        match self {
            Self::TlsCert => serve.and_then(|serve| serve.tls_cert.as_ref()).map(path),
            Self::TlsKey => serve.and_then(|serve| serve.tls_key.as_ref()).map(path),
            Self::TrustedProxies => {
                serve.filter(|serve| !serve.trusted_proxy.is_empty()).map(|serve| serve.trusted_proxy.join(","))
            }
            Self::MetricsListen => serve.and_then(|serve| serve.metrics_listen.clone()),
            Self::DatabaseUrl => cli.global.database_url.clone(),
            Self::Listen => listen,
            Self::PublicUrl => public_url,
            Self::TimeZone => cli.global.time_zone.clone(),
            Self::MasterKeyFile => cli.global.master_key_file.as_ref().map(|path| path.to_string_lossy().into_owned()),
            Self::CacheKeys
            | Self::MaxStaleness
            | Self::MaxConnections
            | Self::MaxRequests
            | Self::MaxBodyBytes
            | Self::MaxHeaderBytes
            | Self::RequestTimeout
            | Self::IdleTimeout
            | Self::FailedKeys
            | Self::TokenRequests
            | Self::Drain
            | Self::NonProductionHosts
            | Self::OutgoingAllow
            | Self::OutgoingCaFile
            | Self::Archives(_) => None,
            Self::Gateway(setting) => setting.flag_of(&cli.command),
        }
    }
}

impl StatedZone {
    fn read(stated: Stated) -> Result<Self, Problem> {
        match Zone::named(&stated.text) {
            Some(zone) => Ok(Self { zone, place: stated.place }),
            None => {
                let Stated { text, place } = stated;
                Err(Problem::usage(format!("{place}: {} is not a time zone", Given(&text)), zone_hint(&text)))
            }
        }
    }
}

impl Stated {
    fn read<T: FromStr>(&self, what: &str, example: &str) -> Result<T, Problem> {
        self.text.trim().parse().map_err(|_| self.unreadable(what, example))
    }

    fn unreadable(&self, what: impl fmt::Display, example: &str) -> Problem {
        Problem::usage(format!("{}: {} is not {what}", self.place, Given(&self.text)), format!("give {example}"))
    }
}

#[cfg(test)]
mod tests;
