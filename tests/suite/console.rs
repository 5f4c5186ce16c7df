//! The console, as a browser without scripts meets it: pages, forms, cookies.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use latchkey_domain::operators::Password;
use latchkey_store::Actor;
use latchkey_store::operators::links;
use latchkey_store::operators::passwords::PasswordHash;
use latchkey_tests_support::http::{Request, Response};

use crate::house::{House, both_databases};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A browser: it keeps cookies, says where a form comes from, and sends the hidden fields of the form that it shows.
pub(crate) struct Browser {
    service: SocketAddr,
    cookies: BTreeMap<String, String>,
    language: &'static str,
}

/// A page that is shown.
pub(crate) struct Shown {
    pub(crate) status: u16,
    pub(crate) html: String,
    pub(crate) path: String,
    response: Response,
}

impl Browser {
    pub(crate) fn at(service: SocketAddr) -> Self {
        Self { service, cookies: BTreeMap::new(), language: "en" }
    }

    fn ask(&mut self, request: Request, path: &str) -> Shown {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header("Accept-Language", self.language);
        if !cookies.is_empty() {
            request = request.header("Cookie", &cookies.join("; "));
        }
        let response = request.send(self.service);
        let cookies = response.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        for (_, cookie) in cookies {
            let cookie = String::from_utf8_lossy(cookie);
            let (pair, rest) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Shown { status: response.status, html: response.text(), path: path.to_owned(), response }
    }

    /// Opens an address, and follows where it is sent.
    pub(crate) fn opens(&mut self, path: &str) -> Shown {
        let shown = self.ask(Request::get(path), path);
        self.follows(shown)
    }

    fn follows(&mut self, shown: Shown) -> Shown {
        match (shown.status, shown.response.header("location")) {
            (303, Some(place)) => self.opens(&place),
            _ => shown,
        }
    }

    /// Fills in the form of a page that goes to an address, with its hidden fields, and sends it.
    pub(crate) fn sends(&mut self, page: &Shown, action: &str, typed: &[(&str, &str)]) -> Shown {
        let mut fields = page.hidden(action);
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.posts(action, &fields)
    }

    /// Sends a form that was never shown, with the hidden fields of another one.
    pub(crate) fn forges(&mut self, page: &Shown, action: &str, other: &str, typed: &[(&str, &str)]) -> Shown {
        let mut fields = page.hidden(action);
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.posts(other, &fields)
    }

    /// Signs in with the password that all have in stories.
    #[track_caller]
    pub(crate) fn signs_in(&mut self, email: &str) {
        let page = self.opens("/console/login");
        self.sends(&page, "/console/login", &[("email", email), ("password", PASSWORD)]).is(200);
    }

    /// Asks for another language from now on.
    pub(crate) fn reads(&mut self, language: &'static str) {
        self.language = language;
    }

    /// All cookies, as they are sent.
    pub(crate) fn cookie_line(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn posts(&mut self, action: &str, fields: &[(String, String)]) -> Shown {
        let origin = format!("http://{}", self.service);
        self.posts_from(&origin, action, fields)
    }

    fn posts_from(&mut self, origin: &str, action: &str, fields: &[(String, String)]) -> Shown {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = Request::post(action)
            .header("Origin", origin)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.join("&"));
        let shown = self.ask(request, action);
        self.follows(shown)
    }
}

impl Shown {
    /// The hidden fields of the form that goes to an address.
    fn hidden(&self, action: &str) -> Vec<(String, String)> {
        let begin = format!("action=\"{action}\"");
        let form = self.html.split("<form").find(|form| form.contains(&begin));
        let form = form.unwrap_or_else(|| panic!("no form to {action} in {}", self.html));
        let form = form.split("</form>").next().unwrap();
        let attribute = |tag: &str, name: &str| {
            let rest = tag.split(&format!("{name}=\"")).nth(1)?;
            Some(rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"))
        };
        form.split("<input")
            .filter(|tag| tag.contains("type=\"hidden\""))
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
            .collect()
    }

    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> &Self {
        assert!(self.html.contains(words), "{} {}: no {words:?} in {}", self.status, self.path, self.html);
        self
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}: {}", self.path, self.html);
        self
    }
}

/// The hash of [`PASSWORD`].
pub(crate) fn password_hash() -> PasswordHash {
    PasswordHash::of(&Password::typed(PASSWORD)).unwrap()
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

impl House {
    /// The path of a link by which the first owner is made.
    pub(crate) fn setup_link(&self) -> String {
        let (vault, actor) = (self.vault.clone(), Actor::command_line("vendor"));
        let made = self.store.write_blocking(self.clock.wall(), move |tx| links::make_first(tx, &vault, &actor));
        format!("/console/setup/{}", made.unwrap().text.reveal())
    }

    /// Somebody who has signed in as the first owner.
    pub(crate) fn owner(&self) -> Browser {
        let link = self.setup_link();
        let mut browser = Browser::at(self.address());
        let page = browser.opens(&link);
        let typed = [("email", "owner@example.org"), ("password", PASSWORD), ("password_again", PASSWORD)];
        browser.sends(&page, &link, &typed).is(200);
        browser
    }
}

both_databases! {
    fn a_setup_link_makes_the_first_owner_once(house: House) {
        let link = house.setup_link();
        let mut browser = Browser::at(house.address());
        browser.opens("/console/").is(200).says("Sign in");
        let page = browser.opens(&link);
        page.is(200).says("first account");
        let weak = [("email", "owner@example.org"), ("password", "short"), ("password_again", "short")];
        browser.sends(&page, &link, &weak).is(422).says("fewer than 12 characters");
        let typed = [("email", "owner@example.org"), ("password", PASSWORD), ("password_again", PASSWORD)];
        browser.sends(&page, &link, &typed).is(200).says("owner@example.org").says("Customers");
        browser.opens(&link).is(410).says("used already");
        Browser::at(house.address()).opens("/console/customers").says("Sign in");
    }

    fn a_customer_is_added_once_however_often_the_form_is_sent(house: House) {
        let mut owner = house.owner();
        let page = owner.opens("/console/customers/new");
        owner.sends(&page, "/console/customers/new", &[("customer", "Acme & Söhne")]).is(200).says("Acme &#38; Söhne was added");
        owner.sends(&page, "/console/customers/new", &[("customer", "Acme & Söhne")]).is(200).says("was added");
        let again = owner.opens("/console/customers/new");
        owner.sends(&again, "/console/customers/new", &[("customer", "acme & söhne")]).is(409).says("exists already");
        let bad = owner.opens("/console/customers/new");
        owner.sends(&bad, "/console/customers/new", &[("customer", "  ")]).is(422).says("is empty");
    }

    fn a_form_from_elsewhere_or_of_another_session_changes_nothing(house: House) {
        let mut owner = house.owner();
        let page = owner.opens("/console/customers/new");
        let mut fields = page.hidden("/console/customers/new");
        fields.push(("customer".into(), "Acme".into()));
        owner.posts_from("https://evil.example", "/console/customers/new", &fields).is(403).says("not sent from a page");
        let without: Vec<_> = fields.iter().filter(|(name, _)| name != "form_token").cloned().collect();
        owner.posts("/console/customers/new", &without).says("Acme").says("Send it now");
        assert!(!owner.opens("/console/customers").html.contains("Acme"));
    }

    fn what_was_typed_outlives_the_session(house: House) {
        let mut owner = house.owner();
        let page = owner.opens("/console/customers/new");
        house.clock.advance(3 * 60 * 60 * 1_000);
        let login = owner.sends(&page, "/console/customers/new", &[("customer", "Acme")]);
        login.is(403).says("session is over");
        let typed = [("email", "owner@example.org"), ("password", PASSWORD)];
        let resumed = owner.sends(&login, "/console/login", &typed);
        resumed.is(200).says("Welcome back").says("Acme");
        owner.sends(&resumed, "/console/customers/new", &[]).is(200).says("Acme was added");
    }
}
