//! Which service this GLPI asks, and whether it is the one that it should ask.

use std::path::{Path, PathBuf};

use latchkey_glpi::installation::{
    MARKETPLACE_URL, PLUGINS_PATH, PLUGINS_PATH_9, PUBLISHERS_SERVICE, REGISTRATION_PATH, REGISTRATION_URL, SERVICES,
};
use latchkey_texts::doctor::{Chapter, Code, Sight};

use super::super::finding::{Check, Finding, View};
use super::super::net::url::Url;
use super::super::visit::Visit;
use super::local_define::Constants;
use super::{Glpi, in_shell};

pub(super) const CHECK: Check = Check { id: "glpi.services", chapter: Chapter::Folder, slow: false, run };

/// What stands for an address that nobody can guess.
const EXAMPLE: &str = "https://keys.example.org";

/// Which service is asked, by the settings.
pub(in super::super) struct Asks {
    /// `None` where what is set is no address.
    pub(in super::super) url: Option<Url>,
    /// What is asked about plugins, where that is not below the same address.
    plugins_elsewhere: Option<String>,
    by: By,
}

enum By {
    /// No setting: the publisher's.
    Default,
    /// PHP evaluated it.
    Evaluated,
    /// It was read.
    Read,
    /// A setting that GLPI cannot use as it is: its name, its value, and what was probably meant.
    Malformed { setting: &'static str, value: String, wanted: String },
}

fn run(visit: &mut Visit) -> Finding {
    let Some(glpi) = &visit.glpi else { return Finding::skipped(Sight::SkippedNoUrl, Vec::new()) };
    if let Some(finding) = glpi.local_define.hidden() {
        return finding;
    }
    if glpi.local_define.is_broken() {
        return Finding::after(super::local_define::CHECK.id);
    }
    let file = glpi.config_dir.join("local_define.php");
    if let By::Malformed { setting, value, wanted } = &glpi.asks.by
        && let Some(meant) = glpi.wanted.clone().or_else(|| glpi.asks.url.clone()).or_else(|| Url::parse(EXAMPLE))
    {
        let values = vec![
            ("setting", (*setting).to_owned()),
            ("value", value.clone()),
            ("wanted", wanted.clone()),
            ("file", file.display().to_string()),
            ("command", pointing(visit, glpi, &meant, &file)),
        ];
        return Finding::error(Code::ServicesMalformed, values).seen_by(View::Php);
    }
    let effective = glpi.asks.url.as_ref().map(Url::to_string).unwrap_or_default();
    if let Some(wanted) = glpi.wanted.as_ref().filter(|wanted| wanted.to_string() != effective) {
        let values = vec![
            ("effective", effective),
            ("wanted", wanted.to_string()),
            ("file", file.display().to_string()),
            ("command", pointing(visit, glpi, wanted, &file)),
        ];
        return Finding::error(Code::ServicesElsewhere, values);
    }
    if let (Some(plugins), Some(url)) = (&glpi.asks.plugins_elsewhere, &glpi.asks.url) {
        let values = vec![
            ("url", effective),
            ("plugins", plugins.clone()),
            ("file", file.display().to_string()),
            ("command", pointing(visit, glpi, url, &file)),
        ];
        return Finding::warning(Code::ServicesSplit, values);
    }
    let url = vec![("url", effective)];
    match glpi.asks.by {
        By::Default => Finding::ok(Sight::ServicesDefault, url),
        By::Read => Finding::ok(Sight::ServicesRead, url),
        By::Evaluated | By::Malformed { .. } => Finding::ok(Sight::Services, url).seen_by(View::Php),
    }
}

/// The command that points a GLPI at a service.
fn pointing(visit: &Visit, glpi: &Glpi, wanted: &Url, file: &Path) -> String {
    let define = |name: &str, value: &str| format!("define('{name}', '{value}');\\n");
    let (names, lines): (Vec<&str>, String) = match is_9(glpi.version.as_deref()) {
        true => (
            vec![REGISTRATION_URL, MARKETPLACE_URL],
            define(REGISTRATION_URL, &format!("{wanted}{REGISTRATION_PATH}"))
                + &define(MARKETPLACE_URL, &format!("{wanted}{PLUGINS_PATH_9}")),
        ),
        false => (vec![SERVICES, REGISTRATION_URL, MARKETPLACE_URL], define(SERVICES, &wanted.to_string())),
    };
    let path = in_shell(&[PathBuf::from(file)]);
    if !file.exists() {
        // Whoever makes it may let nobody else read it.
        let given = visit.web_account().map(|user| format!(" && chown {} {path}", user.as_owner())).unwrap_or_default();
        return format!("printf \"<?php\\n{lines}\" > {path}{given}");
    }
    let older: String = names.iter().map(|name| format!(" -e '/{name}/d'")).collect();
    // What stands behind a closing tag is no PHP.
    format!("sed -i{older} -e '/^?>/d' {path} && printf \"\\n{lines}\" >> {path}")
}

/// Which service is asked.
pub(super) fn asked(constants: &Constants, version: Option<&str>, evaluated: bool) -> Asks {
    let (url, by) = about_keys(constants, version, evaluated);
    let plugins = about_plugins(constants, version);
    let here = url.as_ref().is_some_and(|url| plugins.starts_with(&format!("{url}/")));
    Asks { url, by, plugins_elsewhere: (!here).then_some(plugins) }
}

/// Where plugins are asked for, as GLPI's own defaults have it.
fn about_plugins(constants: &Constants, version: Option<&str>) -> String {
    let own = constants.get(MARKETPLACE_URL).cloned();
    own.unwrap_or_else(|| match constants.get(SERVICES).filter(|_| !is_9(version)) {
        Some(services) => format!("{services}{PLUGINS_PATH}"),
        None if is_9(version) => format!("{PUBLISHERS_SERVICE}{PLUGINS_PATH_9}"),
        None => format!("{PUBLISHERS_SERVICE}{PLUGINS_PATH}"),
    })
}

fn about_keys(constants: &Constants, version: Option<&str>, evaluated: bool) -> (Option<Url>, By) {
    let by = || if evaluated { By::Evaluated } else { By::Read };
    if let Some(value) = constants.get(REGISTRATION_URL) {
        let base = value.strip_suffix(REGISTRATION_PATH);
        return match base.and_then(exactly) {
            Some(url) => (Some(url), by()),
            None => {
                let url = Url::parse(value.split("/api/").next().unwrap_or(value));
                let wanted = url
                    .as_ref()
                    .map_or_else(|| format!("{EXAMPLE}{REGISTRATION_PATH}"), |url| format!("{url}{REGISTRATION_PATH}"));
                (url, By::Malformed { setting: REGISTRATION_URL, value: value.clone(), wanted })
            }
        };
    }
    match constants.get(SERVICES).filter(|_| !is_9(version)) {
        Some(value) => match exactly(value) {
            Some(url) => (Some(url), by()),
            None => {
                let url = Url::parse(value.split("/api/").next().unwrap_or(value));
                let wanted = url.as_ref().map_or_else(|| EXAMPLE.to_owned(), Url::to_string);
                (url, By::Malformed { setting: SERVICES, value: value.clone(), wanted })
            }
        },
        None => (Url::parse(PUBLISHERS_SERVICE), By::Default),
    }
}

/// An address that GLPI can put its paths behind as it is.
fn exactly(text: &str) -> Option<Url> {
    let clean = text.trim() == text && !text.ends_with('/') && !text.contains("/api");
    Url::parse(text).filter(|_| clean)
}

/// 9.5 has settings of its own.
fn is_9(version: Option<&str>) -> bool {
    version.is_some_and(|version| version.starts_with("9.5"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(constants: &[(&str, &str)], version: &str) -> String {
        let constants = constants.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let asks = asked(&constants, Some(version), true);
        match asks.by {
            By::Malformed { wanted, .. } => format!("malformed, {wanted}"),
            By::Default | By::Evaluated | By::Read => asks.url.unwrap().to_string(),
        }
    }

    #[test]
    fn each_version_has_its_setting() {
        assert_eq!(asks(&[], "10.0.19"), PUBLISHERS_SERVICE);
        assert_eq!(asks(&[(SERVICES, "https://k.example")], "10.0.19"), "https://k.example");
        assert_eq!(asks(&[(SERVICES, "https://k.example")], "9.5.13"), PUBLISHERS_SERVICE);
        assert_eq!(asks(&[(REGISTRATION_URL, "https://k.example/api/registration/")], "9.5.13"), "https://k.example");
    }

    #[test]
    fn keys_and_plugins_may_be_asked_about_in_two_places() {
        let elsewhere = |constants: &[(&str, &str)], version: &str| {
            let constants = constants.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            asked(&constants, Some(version), true).plugins_elsewhere
        };
        let theirs = "https://services.glpi-network.com/api/marketplace/";
        assert_eq!(elsewhere(&[], "10.0.19"), None);
        assert_eq!(elsewhere(&[], "9.5.13"), None);
        assert_eq!(elsewhere(&[(SERVICES, "https://k.example")], "11.0.1"), None);
        let registration = (REGISTRATION_URL, "https://k.example/api/registration/");
        assert_eq!(elsewhere(&[registration], "10.0.19").as_deref(), Some(theirs));
        assert!(elsewhere(&[registration], "9.5.13").is_some());
        let plugins = (MARKETPLACE_URL, "https://k.example/api/glpi-plugins/");
        assert_eq!(elsewhere(&[registration, plugins], "9.5.13"), None);
        assert_eq!(
            elsewhere(&[(SERVICES, "https://k.example"), (MARKETPLACE_URL, theirs)], "10.0.19").as_deref(),
            Some(theirs)
        );
    }

    #[test]
    fn what_glpi_cannot_use_as_it_is_is_told_with_what_was_meant() {
        assert_eq!(asks(&[(SERVICES, "https://k.example/")], "10.0.19"), "malformed, https://k.example");
        assert_eq!(asks(&[(SERVICES, " https://k.example")], "11.0.1"), "malformed, https://k.example");
        assert_eq!(
            asks(&[(SERVICES, "https://k.example/api/registration/")], "10.0.19"),
            "malformed, https://k.example"
        );
        assert_eq!(asks(&[(SERVICES, "k.example")], "10.0.19"), "malformed, https://keys.example.org");
        assert_eq!(
            asks(&[(REGISTRATION_URL, "https://k.example/api/registration")], "9.5.13"),
            "malformed, https://k.example/api/registration/"
        );
    }
}
