//! What is measured of Latchkey, against what, in one run.
//!
//! `latchkey-bench` runs every measurement, prints a table, and ends with 1 where a bound is missed. The machine is
//! shared and noisy, so a speed is never a number by itself: it is a ratio to a named other thing that was measured in
//! the same run, in rounds that take turns, and of the rounds' ratios the median counts.
//!
//! It looks at the house from outside: the server that answers is the real `latchkey serve`, the program next to this
//! one, in a process of its own. What must be looked at more closely (an operation, a commit) is called in the crates.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark that says nothing is of no use")]

mod agents;
mod backup;
mod binding;
mod console;
mod constant;
mod enrollment;
mod glpi;
mod house;
mod info;
mod inviting;
mod issuing;
mod load;
mod marketplace;
mod nginx;
mod offline;
mod picture;
mod program;
mod report;
mod revocation;
mod rounds;
mod secrets;
mod seed;

use std::path::PathBuf;
use std::process::ExitCode;

/// The one of Latchkey, so that the constant answer does not wait for another.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

use clap::{Parser, Subcommand, ValueEnum};

use report::Report;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Measure Latchkey: every speed as a ratio to another thing of the same run.
#[derive(Debug, Parser)]
#[command(name = "latchkey-bench", args_conflicts_with_subcommands = true)]
struct Cli {
    /// What to measure [default: everything]
    #[arg(value_enum)]
    names: Vec<Name>,
    #[command(flatten)]
    how: How,
    /// Write the figures into this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Draw the figures against their bounds into this file, as SVG
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// How everything is measured.
#[derive(Debug, clap::Args)]
struct How {
    /// How many rounds, of which the median counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=99))]
    rounds: u32,
    /// Fewer keys and shorter rounds: to try the benchmark, not to measure
    #[arg(long)]
    quick: bool,
    /// Where databases are made and kept
    #[arg(long, value_name = "DIR", default_value = "bench/.work")]
    work: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Questions of a GLPI with many keys in the store: throughput, latency, writes, memory, start
    Info,
    /// Checking a key offline
    Offline,
    /// Issuing keys durably, by many callers at once
    Issuing,
    /// First questions of GLPIs, bound durably, by many at once
    Binding,
    /// Uses of an invitation reserved by many at once, and whole registrations
    Inviting,
    /// Secrets of invitations looked up, against another server of registration tokens; needs python3 and PyPI
    Secrets,
    /// How soon a revocation is heard
    Revocation,
    /// A backup while everybody asks
    Backup,
    /// Pages of the console with many customers and keys
    Console,
    /// Archives and pages of the marketplace
    Marketplace,
    /// Agents before the gateway: first words, inventories, and what is kept while GLPI is away; needs nginx
    Enrollment,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The server that is measured against: a constant answer to each question
    #[command(hide = true)]
    Constant(constant::Arguments),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match cli.command {
        Some(Command::Constant(arguments)) => constant::run(&arguments).map(|()| true),
        None => measure(&cli),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(3)
        }
    }
}

/// Whether every bound is kept.
fn measure(cli: &Cli) -> Result<bool, Failed> {
    let mut report = Report::begin(&cli.how)?;
    let wanted = |name| cli.names.is_empty() || cli.names.contains(&name);
    for name in Name::value_variants().iter().copied().filter(|name| wanted(*name)) {
        match name {
            Name::Info => info::measure(&cli.how, &mut report)?,
            Name::Offline => offline::measure(&cli.how, &mut report)?,
            Name::Issuing => issuing::measure(&cli.how, &mut report)?,
            Name::Binding => binding::measure(&cli.how, &mut report)?,
            Name::Inviting => inviting::measure(&cli.how, &mut report)?,
            Name::Secrets => secrets::measure(&cli.how, &mut report)?,
            Name::Revocation => revocation::measure(&cli.how, &mut report)?,
            Name::Backup => backup::measure(&cli.how, &mut report)?,
            Name::Console => console::measure(&cli.how, &mut report)?,
            Name::Marketplace => marketplace::measure(&cli.how, &mut report)?,
            Name::Enrollment => enrollment::measure(&cli.how, &mut report)?,
        }
    }
    report.end();
    println!("{}", report.table());
    if let Some(file) = &cli.json {
        std::fs::write(file, report.json())?;
    }
    if let Some(file) = &cli.picture {
        std::fs::write(file, picture::draw(report.figures()))?;
    }
    Ok(report.every_bound_is_kept())
}
