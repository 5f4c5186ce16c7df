//! The black-box suite: over HTTP and the command line, each story on SQLite and on PostgreSQL.
//!
//! One binary, so that the throw-away PostgreSQL is started once. Most stories run against a server in this process,
//! whose clock they can move; where processes matter, against the real binary.

#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used, reason = "test code fails by panicking")]

mod api;
mod api_data;
mod api_manners;
mod bad_input;
mod browser;
mod command_line;
mod console;
mod data;
mod desk;
mod disks;
mod doctor;
mod exports;
mod failures;
mod forms;
mod front;
mod gateway;
mod glpi;
mod glpi_connections;
mod house;
mod imports_desk;
mod installed;
mod instances;
mod invitations;
mod invitations_browser;
mod invitations_desk;
mod invitations_killed;
mod marketplace;
mod marketplace_bad;
mod marketplace_desk;
mod marketplace_path;
mod openapi;
mod outgoing;
mod people;
mod plugins;
mod processes;
mod questions;
mod seats_desk;
mod time_zone;
mod tls;
mod today;
mod verdicts;
