//! `latchkey serve`: the service, until it is told to stop.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use latchkey_server::front::Front;
use latchkey_server::{Running, Server, Settings, StartError};
use latchkey_store::{Location, Store, Vault};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::context::Context;
use crate::data_dir::cause;
use crate::files_limit;
use crate::printer::Printer;
use crate::problem::{Exit, Given, Problem};
use crate::systemd::Systemd;

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Where to listen [default: 127.0.0.1:7070]; port 0 takes any that is free
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: Option<String>,
    /// The address by which others reach it [default: http://ADDRESS:PORT]
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Speak TLS with this certificate (PEM, followed by those that vouch for it); read again when it changes
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// The private key of the certificate (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Believe what this proxy says of who asks (an address, or a range such as 10.0.0.0/8); may be given again
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) trusted_proxy: Vec<String>,
    /// Where to tell metrics, in the clear; not on an address that strangers reach [default: nowhere]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) metrics_listen: Option<String>,
    /// Give the gateway for agents a listener of its own [default: below /gateway/ of the other one]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) gateway_listen: Option<String>,
    /// The address by which agents reach the gateway [default: that of its listener, or PUBLIC_URL/gateway/]
    #[arg(long, value_name = "URL")]
    pub(crate) gateway_url: Option<String>,
    /// The GLPI that agents' inventories go to, known as "main"
    #[arg(long, value_name = "URL")]
    pub(crate) gateway_upstream: Option<String>,
    /// How the log on standard error is written; LATCHKEY_LOG says what is in it (`info`, `debug`, `latchkey_server=debug`)
    #[arg(long, value_name = "FORMAT", value_enum)]
    log_format: Option<LogFormat>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum LogFormat {
    Text,
    Json,
}

pub(super) fn run(arguments: &Serve, context: &Context) -> Result<Exit, Problem> {
    log(arguments.log_format, "info", context)?;
    let (store, vault) = context.made()?;
    // The signed heads of the audit log are kept there, wherever the database is.
    context.config.data_dir.make()?;
    let runtime = runtime()?;
    let mut signals = Signals::listen(&runtime)?;
    let running = start(&runtime, store.clone(), vault, front(context), context)?;
    say_ready(&running, context)?;
    let systemd = Systemd::find();
    systemd.ready();
    runtime.block_on(async {
        tokio::select! {
            () = signals.told_to_stop() => {}
            () = systemd.live() => {}
        }
    });
    systemd.stopping();
    context.printer.aside("stopping: answers that are under way are finished");
    stop(&runtime, running, &store, &mut signals);
    Ok(Exit::Done)
}

/// Starts to write the log to standard error; what is in it by default is up to the command.
pub(super) fn log(format: Option<LogFormat>, default: &str, context: &Context) -> Result<(), Problem> {
    let format = match (format, context.config.log_format.as_deref()) {
        (Some(format), _) => format,
        (None, None | Some("text")) => LogFormat::Text,
        (None, Some("json")) => LogFormat::Json,
        (None, Some(other)) => {
            return Err(Problem::usage(
                format!("LATCHKEY_LOG_FORMAT: {} is not a format of the log", Given(other)),
                "give text or json",
            ));
        }
    };
    let filter = context.config.log.as_deref().unwrap_or(default);
    let filter = EnvFilter::try_new(filter).map_err(|error| {
        Problem::usage(
            format!("LATCHKEY_LOG: {} does not read: {error}", Given(filter)),
            "give a level (error, warn, info, debug), or such as info,latchkey_store=debug",
        )
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(context.printer.colors_errors()).init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

/// How strangers are met, as far as the system lets us.
fn front(context: &Context) -> Front {
    let mut front = context.config.front.front();
    let fit = files_limit::raise();
    if front.limits.connections > fit {
        tracing::warn!(
            wanted = front.limits.connections,
            fit,
            "fewer connections may be open than max_connections says; raise the limit of open files (LimitNOFILE, ulimit -n)"
        );
        front.limits.connections = fit;
    }
    front
}

pub(super) fn runtime() -> Result<Runtime, Problem> {
    Runtime::new().map_err(|error| {
        let detail = format!("cannot start threads: {}", cause(&error));
        Problem::unable("START_FAILED", "Not started", detail, "look at the limits of this account (ulimit -a)")
    })
}

pub(super) fn start(
    runtime: &Runtime,
    store: Store,
    vault: Vault,
    front: Front,
    context: &Context,
) -> Result<Running, Problem> {
    let config = &context.config;
    let scheme = if front.tls.is_some() { "https" } else { "http" };
    let settings = Settings {
        listen: config.listen,
        public_url: config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{}", config.listen)),
        zone: context.zone().clone(),
        cache_keys: config.cache_keys,
        max_staleness: config.max_staleness,
        audit_sink: config.data_dir.audit_sink(),
        front,
        gateway: config.gateway.settings(config)?,
        archives: super::plugin::archives(context)?,
        outgoing: config.outgoing.client()?,
    };
    runtime.block_on(Server::start(settings, store, vault, context.clock())).map_err(|error| match error {
        StartError::Store(error) => error.into(),
        StartError::Tls(fault) => Problem::unable(
            "TLS_UNUSABLE",
            "No TLS",
            fault.to_string(),
            "--tls-cert takes the certificate and those that vouch for it, --tls-key its private key, both as PEM",
        ),
        StartError::Listen { address, error } => not_listening(address, &error),
    })
}

/// Lets the server finish what is under way, and leaves the database complete in its file.
pub(super) fn stop(runtime: &Runtime, running: Running, store: &Store, signals: &mut Signals) {
    runtime.block_on(async {
        tokio::select! {
            () = running.stop() => {}
            // Whoever asks a second time wants it at once.
            () = signals.told_to_stop() => {}
        }
    });
    store.settle();
}

/// SIGTERM, and SIGINT, which is Ctrl-C.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on they are noted, and no longer end the process.
    pub(super) fn listen(runtime: &Runtime) -> Result<Self, Problem> {
        let _inside = runtime.enter();
        let both = signal(SignalKind::terminate())
            .and_then(|terminate| Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())? }));
        both.map_err(|error| {
            let detail = format!("cannot wait for signals: {}", cause(&error));
            Problem::unable("START_FAILED", "Not started", detail, "please report it")
        })
    }

    /// Returns when the next one comes.
    pub(super) async fn told_to_stop(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn say_ready(running: &Running, context: &Context) -> Result<(), Problem> {
    let scheme = if context.config.front.tls.is_some() { "https" } else { "http" };
    let url = format!("{scheme}://{}", running.address());
    let metrics = running.metrics_address().map(|address| format!("http://{address}/metrics"));
    let gateway = running.gateway_address().map(|address| format!("{scheme}://{address}/"));
    let public = context.config.public_url.as_ref();
    let printer: &Printer = &context.printer;
    printer.answer(
        || json!({ "listening": url, "public_url": public.unwrap_or(&url), "database": context.config.database.name(), "metrics": metrics, "gateway": gateway, "time_zone": context.zone().name() }),
        |page| {
            let place = match &context.config.database {
                Location::Sqlite(file) => format!("database {}", file.display()),
                Location::Postgres(_) => "database PostgreSQL".to_owned(),
            };
            let public = public.map(|public| format!(", known as {public}")).unwrap_or_default();
            page.line(format!("Latchkey listens on {url} ({place}{public})"));
            if let Some(gateway) = &gateway {
                page.line(format!("Agents bring their inventories to {gateway}"));
            }
            if let Some(metrics) = &metrics {
                page.line(format!("Metrics are told on {metrics}"));
            }
        },
    )
}

fn not_listening(address: SocketAddr, error: &io::Error) -> Problem {
    let (detail, next) = if error.kind() == ErrorKind::AddrInUse {
        (
            format!("cannot listen on {address}: another program does"),
            format!(
                "perhaps another Latchkey runs; stop it, or choose another port: --listen {}:{}",
                host(address),
                address.port().wrapping_add(1).max(1_024)
            ),
        )
    } else if error.kind() == ErrorKind::AddrNotAvailable {
        (
            format!("cannot listen on {address}: this machine has no such address"),
            format!("to listen on all addresses: --listen 0.0.0.0:{}", address.port()),
        )
    } else if error.kind() == ErrorKind::PermissionDenied {
        (
            format!("cannot listen on {address}: this account may not"),
            "ports below 1024 need a privilege; choose a higher one and put a proxy before it".to_owned(),
        )
    } else {
        (
            format!("cannot listen on {address}: {}", cause(error)),
            "choose another address: --listen ADDRESS:PORT".to_owned(),
        )
    };
    Problem::unable("LISTEN_FAILED", "Cannot listen", detail, next)
}

fn host(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    }
}
