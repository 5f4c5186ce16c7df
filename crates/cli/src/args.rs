//! The command line's grammar. What each command takes stands beside the command; here is what they share.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ColorChoice, CommandFactory as _, FromArgMatches as _, Parser};

use crate::commands::Command;
use crate::printer::Printer;
use crate::problem::{Exit, Problem};

const AFTER_HELP: &str = "\
Begin with: latchkey demo --dir /tmp/latchkey-demo

Exit codes:
  0  done
  1  refused: a rule said no, a key is not whole and true, the audit log was tampered with
  2  not understood: arguments, environment, configuration file
  3  could not: the database, the disk, the master key, the clock
  (latchkey doctor: 0 nothing is worse than a warning, 1 something is, 2 could not run)

Environment (a flag goes before it, the configuration file comes after it):
  LATCHKEY_DATA_DIR      LATCHKEY_CONFIG     LATCHKEY_MASTER_KEY (base64) or
  LATCHKEY_DATABASE_URL  LATCHKEY_TIME_ZONE  LATCHKEY_MASTER_KEY_FILE
  LATCHKEY_LISTEN        LATCHKEY_LOG        LATCHKEY_CACHE_KEYS
  LATCHKEY_PUBLIC_URL    LATCHKEY_LOG_FORMAT LATCHKEY_MAX_STALENESS_SECONDS
  LATCHKEY_TLS_CERT      LATCHKEY_TLS_KEY    LATCHKEY_TRUSTED_PROXIES
  LATCHKEY_METRICS_LISTEN
  LATCHKEY_GATEWAY_LISTEN, _URL, _UPSTREAM, _UPSTREAM_USER, _UPSTREAM_PASSWORD, _UPSTREAM_CLIENT_ID,
  _UPSTREAM_CLIENT_SECRET, _UPSTREAM_SECONDS (20), _RECEIVE_SECONDS (60), _MAX_BODY_BYTES,
  _MAX_PLAIN_BYTES, _QUEUE_BYTES, _QUEUE_DAYS (30)
  LATCHKEY_ARCHIVES_STORE (folder, s3, azure), _FOLDER, _BUCKET, _REGION, _ENDPOINT, _KEY_ID, _SECRET,
  _ACCOUNT, _CONTAINER

Configuration file (TOML; DATA_DIR/latchkey.toml is read where it exists):
  gateway_listen, archives_store and so on, as above in small letters;
  database_url, listen, public_url, time_zone, master_key_file,
  cache_keys (keys kept in memory, 1000000),
  max_staleness_seconds (for how long keys in memory are answered for without the database, 3600),
  non_production_hosts (of plugins' sites that take no seat),
  tls_cert, tls_key, trusted_proxies, metrics_listen, drain_seconds (1), max_connections (16384),
  max_requests (1024), max_body_bytes, max_header_bytes, request_timeout_seconds (10),
  idle_timeout_seconds (15), failed_keys_per_minute (60); each also as LATCHKEY_ and its name in capitals";

/// Registration keys for GLPI: issue them, answer for them, look after them.
#[derive(Debug, Parser)]
#[command(name = "latchkey", bin_name = "latchkey", version, after_help = AFTER_HELP, arg_required_else_help = true, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// Where the database and the master key are [default: ./latchkey-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Use this PostgreSQL database instead of the embedded one (better given in LATCHKEY_DATABASE_URL)
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Read this configuration file [default: DATA_DIR/latchkey.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Where the master key is [default: DATA_DIR/master.key]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) master_key_file: Option<PathBuf>,
    /// The time zone in which dates begin and end, by its IANA name; for the first start [default: the installation's]
    #[arg(long, global = true, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// Print one JSON document; problems, too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto)]
    pub(crate) color: ColorChoice,
    /// Only what was asked for, no advice
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say also what goes without saying
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// What became of the arguments.
pub(crate) enum Parsed {
    /// They name a command.
    Run(Box<Cli>),
    /// All is said: help, the version, or what is wrong with them.
    Said(Exit),
}

/// Reads the arguments. What is wrong with them is said in the way that they ask for.
pub(crate) fn parse(arguments: Vec<OsString>, printer: &Printer) -> Parsed {
    let command = Cli::command().color(printer.color());
    let parsed = command.try_get_matches_from(arguments).and_then(|matches| Cli::from_arg_matches(&matches));
    let error = match parsed {
        Ok(cli) => return Parsed::Run(Box::new(cli)),
        Err(error) => error,
    };
    if printer.is_json() && error.use_stderr() {
        let text = error.render().to_string();
        return Parsed::Said(printer.problem(&as_problem(&text)));
    }
    // Where standard output was closed there is nobody left to tell.
    let _ = error.print();
    // Help and the version are what was asked for, and go to standard output.
    Parsed::Said(if error.use_stderr() { Exit::Usage } else { Exit::Done })
}

/// The parser's own words, a paragraph each: what went wrong, what might have been meant, how it is used.
fn as_problem(text: &str) -> Problem {
    let mut paragraphs = text.trim().split("\n\n").map(|lines| lines.split_whitespace().collect::<Vec<_>>().join(" "));
    let detail = paragraphs.next().unwrap_or_default();
    let more: Vec<String> = paragraphs.filter(|text| !text.starts_with("For more information")).collect();
    Problem::usage(detail.trim_start_matches("error: "), more.join(". ").trim_start_matches("tip: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grammar_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_slip_of_the_finger_is_named() {
        let error = Cli::try_parse_from(["latchkey", "key", "isue"]).unwrap_err();
        let problem = as_problem(&error.render().to_string());
        assert_eq!(problem.detail, "unrecognized subcommand 'isue'");
        assert!(problem.next_step.contains("'issue'"), "{}", problem.next_step);
        let error = Cli::try_parse_from(["latchkey", "key", "revoke", "x"]).unwrap_err();
        let problem = as_problem(&error.render().to_string());
        assert!(problem.detail.ends_with("--reason <REASON>"), "{}", problem.detail);
    }
}
