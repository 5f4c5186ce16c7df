//! The doctor's laboratory: each fault is built for real (folders with owners and modes, servers, certificates, proxies,
//! name servers, networks of their own), the doctor names it and nothing besides, and what it advises mends it.

mod certificates;
mod diagnosis;
mod folder;
mod host;
mod key;
mod lab;
mod machine;
mod network;
mod page;
mod php;
mod proxies;
mod report;
mod road;
mod settings;
mod stranger;
