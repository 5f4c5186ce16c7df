//! A GLPI as it stands on a disk, as far as keys are concerned: what belongs where, which constants point it at a service,
//! which versions there are, and what its log says about registration. It reads no file: whoever does hands over text.
//!
//! Observed on an installed GLPI 10.0.19; 9.5 and 11 as their source says.

use crate::user_agent::Version;

/// The folders below `files/` that GLPI writes into.
pub const FOLDERS: [&str; 13] = [
    "_cache",
    "_cron",
    "_dumps",
    "_graphs",
    "_inventories",
    "_lock",
    "_log",
    "_pictures",
    "_plugins",
    "_rss",
    "_sessions",
    "_tmp",
    "_uploads",
];

/// The constants of `local_define.php` and `downstream.php` that matter here.
pub const CONSTANTS: [&str; 8] = [
    CONFIG_DIR,
    VAR_DIR,
    LOG_DIR,
    MARKETPLACE_DIR,
    SERVICES,
    REGISTRATION_URL,
    MARKETPLACE_URL,
    "GLPI_PLUGINS_DIRECTORIES",
];

/// Where `config/` was moved to.
pub const CONFIG_DIR: &str = "GLPI_CONFIG_DIR";
/// Where `files/` was moved to.
pub const VAR_DIR: &str = "GLPI_VAR_DIR";
/// Where `files/_log` was moved to.
pub const LOG_DIR: &str = "GLPI_LOG_DIR";
/// Where `marketplace/` was moved to.
pub const MARKETPLACE_DIR: &str = "GLPI_MARKETPLACE_DIR";
/// What GLPI 10 and 11 derive every address of a service from.
pub const SERVICES: &str = "GLPI_NETWORK_SERVICES";
/// What GLPI 9.5 asks about keys.
pub const REGISTRATION_URL: &str = "GLPI_NETWORK_REGISTRATION_API_URL";
/// What GLPI 9.5 asks about plugins.
pub const MARKETPLACE_URL: &str = "GLPI_MARKETPLACE_PLUGINS_API_URI";

/// What is asked where nothing is configured: GLPI's publisher.
pub const PUBLISHERS_SERVICE: &str = "https://services.glpi-network.com";
/// Below the service: whether anybody is there. The slash at its end belongs to it.
pub const REGISTRATION_PATH: &str = "/api/registration/";
/// Below the service: about a key.
pub const INFO_PATH: &str = "/api/registration/info";
/// Below the service: about plugins.
pub const PLUGINS_PATH: &str = "/api/marketplace/";
/// How 9.5's own setting for plugins ends.
pub const PLUGINS_PATH_9: &str = "/api/glpi-plugins/";

/// PHP's extensions without which a key is neither asked about nor decrypted.
pub const KEY_EXTENSIONS: [&str; 4] = ["curl", "sodium", "openssl", "json"];
/// PHP's extensions without which some plugin archives cannot be unpacked.
pub const ARCHIVE_EXTENSIONS: [&str; 4] = ["zlib", "bz2", "zip", "Phar"];

/// How a line of versions stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Without registration keys: before 9.5.
    TooOld,
    /// It knows keys, and gets no more corrections.
    Ended,
    /// It gets corrections.
    Maintained,
    /// Later than what is known here.
    Newer,
}

/// How the line of this version stands, as far as was known when this was written.
pub fn standing(version: &Version<'_>) -> Standing {
    match (version.major, version.minor) {
        (..=8, _) | (9, ..=4) => Standing::TooOld,
        (9, _) => Standing::Ended,
        (10 | 11, 0) => Standing::Maintained,
        (10.., _) => Standing::Newer,
    }
}

/// The oldest PHP that this version runs on, as major and minor.
pub fn least_php(version: &Version<'_>) -> (u16, u16) {
    match version.major {
        ..=9 => (7, 2),
        10 => (7, 4),
        11.. => (8, 2),
    }
}

/// The version in `define('GLPI_VERSION', '9.5.13');`, which stands in GLPI's own code.
pub fn version_in_code(code: &str) -> Option<&str> {
    defined(code, "GLPI_VERSION")
}

/// The text that a constant is defined as, where it is a plain one. Comments do not count, and of two the first.
pub fn defined<'a>(code: &'a str, name: &str) -> Option<&'a str> {
    let lines = code.lines().filter(|line| !line.trim_start().starts_with(['/', '#', '*']));
    for line in lines {
        let mut rest = line;
        while let Some((_, after)) = rest.split_once("define") {
            rest = after;
            let Some(arguments) = after.trim_start().strip_prefix('(') else { continue };
            let Some((given, after_name)) = quoted(arguments) else { continue };
            let Some(value) = after_name.trim_start().strip_prefix(',') else { continue };
            if given == name {
                return quoted(value).map(|(text, _)| text);
            }
        }
    }
    None
}

/// The text between the quotation marks that `code` begins with, and what follows.
fn quoted(code: &str) -> Option<(&str, &str)> {
    let code = code.trim_start();
    let mark = code.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    code[1..].split_once(mark)
}

/// What a line of `php-errors.log` says about registration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogCause {
    /// The name was not found.
    Name,
    /// No connection came about.
    Connection,
    /// It took too long.
    TimeOut,
    /// The certificate was not believed.
    Certificate,
    /// A web page came.
    WebPage,
    /// The service said that it cannot answer.
    Unavailable,
    /// Something else.
    Other,
}

/// What a line of the log, with those that belong to it, says about registration; `None` where it is about other things.
pub fn log_cause(entry: &str) -> Option<LogCause> {
    let about = ["registration information", "GLPI_NETWORK", "/api/registration", "glpi-network", "GLPI Network"];
    if !about.iter().any(|words| entry.contains(words)) {
        return None;
    }
    let lower = entry.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    Some(if has(&["curl error 6:", "curl error 6 ", "could not resolve", "getaddrinfo"]) {
        LogCause::Name
    } else if has(&["curl error 28", "timed out", "timeout"]) {
        LogCause::TimeOut
    } else if has(&["curl error 60", "curl error 77", "curl error 35", "certificate", "ssl"]) {
        LogCause::Certificate
    } else if has(&["curl error 7", "failed to connect", "connection refused"]) {
        LogCause::Connection
    } else if has(&["<html", "<!doctype", "<body", "<head"]) {
        LogCause::WebPage
    } else if has(&["503", "_unavailable", "overloaded", "clock_suspect"]) {
        LogCause::Unavailable
    } else {
        LogCause::Other
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version<'_> {
        Version::parse(text).unwrap()
    }

    #[test]
    fn each_line_of_versions_has_its_standing() {
        for (text, expected) in [
            ("0.84.3", Standing::TooOld),
            ("9.4.6", Standing::TooOld),
            ("9.5.13", Standing::Ended),
            ("10.0.19", Standing::Maintained),
            ("11.0.1", Standing::Maintained),
            ("11.1.0", Standing::Newer),
            ("12.0.0", Standing::Newer),
        ] {
            assert_eq!(standing(&version(text)), expected, "{text}");
        }
        assert_eq!(least_php(&version("11.0.0")), (8, 2));
    }

    #[test]
    fn a_constant_is_read_as_php_would() {
        let code = "<?php\n// define('GLPI_NETWORK_SERVICES', 'https://old.example.org');\n  define( \"GLPI_VAR_DIR\" , \
                    '/var/lib/glpi' ); define('GLPI_NETWORK_SERVICES', 'https://keys.example.org');\n";
        assert_eq!(defined(code, SERVICES), Some("https://keys.example.org"));
        assert_eq!(defined(code, VAR_DIR), Some("/var/lib/glpi"));
        assert_eq!(defined(code, LOG_DIR), None);
        assert_eq!(defined("define('GLPI_LOG_DIR', GLPI_VAR_DIR . '/_log');", LOG_DIR), None, "not a plain text");
        assert_eq!(version_in_code("define('GLPI_VERSION', '9.5.13');"), Some("9.5.13"));
        assert_eq!(defined("define define(", SERVICES), None);
    }

    #[test]
    fn the_log_is_understood() {
        for (line, expected) in [
            ("Unable to fetch registration information. cURL error 6: Could not resolve host", Some(LogCause::Name)),
            ("Unable to fetch registration information. cURL error 7: Failed to connect", Some(LogCause::Connection)),
            ("https://k/api/registration/info cURL error 28: Operation timed out", Some(LogCause::TimeOut)),
            ("/api/registration/ cURL error 60: SSL certificate problem", Some(LogCause::Certificate)),
            ("Unable to fetch registration information. <!DOCTYPE html><html>", Some(LogCause::WebPage)),
            ("Unable to fetch registration information. {\"code\":\"STORE_UNAVAILABLE\"}", Some(LogCause::Unavailable)),
            ("Unable to fetch registration information.", Some(LogCause::Other)),
            ("Undefined array key 3 in /var/www/glpi/front/x.php", None),
        ] {
            assert_eq!(log_cause(line), expected, "{line}");
        }
    }
}
