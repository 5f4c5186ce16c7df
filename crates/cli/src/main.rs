//! `latchkey`: the command line, and the service that it starts.
//!
//! The only crate that reads files, flags and the environment. It decides nothing about keys: a command asks or changes
//! the store by one named operation, and prints what came of it, for people or as one JSON document.
//!
//! Invariant: results go to standard output, everything else to standard error, and the exit code says which of four
//! things happened ([`problem::Exit`]).

mod account;
mod args;
mod commands;
mod config;
mod context;
mod data_dir;
mod files_limit;
mod master_key;
mod new_file;
mod printer;
mod problem;
mod records;
mod systemd;
mod words;

use std::process::ExitCode;

use nix::sys::prctl::set_thp_disable;
use nix::sys::stat::{Mode, umask};

use args::Parsed;
use context::Context;
use printer::Printer;
use problem::{Exit, Problem};

/// A server asks for memory some twenty times an answer, on all cores at once; the system's own way took a tenth of the
/// time of an answer.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Whatever is made here is its owner's alone: the database, its log, the master key.
    umask(Mode::from_bits_truncate(0o077));
    // Pages of 2 MB, which the allocator would ask the system for, are in memory as a whole for the few bytes of them that are
    // in use. Where the system does not know them there is nothing to switch off.
    let _ = set_thp_disable(true);
    let arguments: Vec<_> = config::arguments();
    let printer = Printer::for_arguments(&arguments);
    let exit = match args::parse(arguments, &printer) {
        Parsed::Run(cli) => {
            let printer = Printer::new(&cli.global);
            run(*cli, &printer).unwrap_or_else(|problem| printer.problem(&problem))
        }
        Parsed::Said(exit) => exit,
    };
    exit.into()
}

fn run(cli: args::Cli, printer: &Printer) -> Result<Exit, Problem> {
    // It looks for what is wrong with all that follows, and needs none of it.
    if let commands::Command::Doctor(doctor) = &cli.command {
        return commands::doctor::run(doctor, &cli, printer)
            .map_err(|problem| Problem { exit: Exit::Usage, ..problem });
    }
    let environment = config::Environment::read()?;
    let data_dir = config::data_dir(&cli, &environment);
    // Before any file is read and any thread is started.
    let account = account::settle(&data_dir, printer)?;
    let config = config::load(&cli, environment, data_dir)?;
    commands::run(cli.command, &Context::new(config, printer.clone(), account))
}
