//! Accounts that are made in a GLPI: the connections by which that is done.

pub mod connections;
