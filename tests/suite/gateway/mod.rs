//! Agents before the gateway, with the messages of real ones, and a GLPI behind it that does what it is told.

mod agent;
mod api;
mod away;
mod glpi;
mod kills;
mod legacy;
mod malice;
mod stories;
