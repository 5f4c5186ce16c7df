//! The console, as a browser without scripts meets it: pages, forms, cookies.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use latchkey_domain::operators::Password;
use latchkey_domain::operators::Role;
use latchkey_domain::operators::totp::Secret;
use latchkey_domain::time::Timestamp;
use latchkey_store::Actor;
use latchkey_store::operators::links;
use latchkey_store::operators::passwords::PasswordHash;
use latchkey_tests_support::http::{Request, Response};

use crate::house::{House, both_databases};

pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// A browser: it keeps cookies, says where a form comes from, and sends the hidden fields of the form that it shows.
#[derive(Clone)]
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

    /// The same for a form with files: each by its field, its name and what is in it.
    pub(crate) fn uploads(
        &mut self,
        page: &Shown,
        action: &str,
        typed: &[(&str, &str)],
        files: &[(&str, &str, &[u8])],
    ) -> Shown {
        let mut body = Vec::new();
        let mut part = |head: String, content: &[u8]| {
            body.extend_from_slice(format!("--boundary\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        let hidden = page.hidden(action);
        let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in hidden.chain(typed.iter().copied()) {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        for (field, name, content) in files {
            part(format!("name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream"), content);
        }
        body.extend_from_slice(b"--boundary--\r\n");
        let request = Request::post(action)
            .header("Origin", &format!("http://{}", self.service))
            .header("Content-Type", "multipart/form-data; boundary=boundary")
            .body(body);
        let shown = self.ask(request, action);
        self.follows(shown)
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
            let text = rest.split('"').next().unwrap();
            let plain =
                [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&amp;", "&"), ("&#38;", "&")];
            Some(plain.iter().fold(text.to_owned(), |text, (sign, plain)| text.replace(sign, plain)))
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

both_databases! {
    fn a_support_operator_cannot_do_an_owners_work(house: House) {
        let owner_id = house.operator("owner@example.org", Role::Owner);
        house.operator("support@example.org", Role::Support);
        house.operator("auditor@example.org", Role::Auditor);
        let key = house.vendor().issues_key("Acme", "basic");
        let (key, subscription, customer) = (key.key.id, key.subscription.id, key.subscription.customer);
        let mut support = house.signs_in("support@example.org");
        let mut auditor = house.signs_in("auditor@example.org");
        let mut owner = house.signs_in("owner@example.org");
        for path in [
            "/console/operators/new".to_owned(),
            format!("/console/operators/{owner_id}/role"),
            format!("/console/operators/{owner_id}/disable"),
            format!("/console/operators/{owner_id}/reset"),
            "/console/tokens".to_owned(),
            "/console/tokens/new".to_owned(),
            "/console/signing-keys/rotate".to_owned(),
            format!("/console/customers/{customer}/erase"),
            format!("/console/keys/{key}/revoke"),
            format!("/console/subscriptions/{subscription}/terminate"),
            "/console/keys/new".to_owned(),
            "/console/customers/new".to_owned(),
        ] {
            support.opens(&path).is(403).says("needs");
            // Also where the form is made up: with a session's own token, and all that the form would hold.
            let page = support.opens("/console/account/password");
            let mut fields = page.hidden("/console/account/password");
            for (name, value) in [("email", "x@example.org"), ("role", "owner"), ("reason", "r"), ("customer", "New"), ("name", "n"), ("scopes", "admin")] {
                fields.push((name.to_owned(), value.to_owned()));
            }
            let sent = support.posts(&path, &fields);
            assert!(matches!(sent.status, 403 | 405), "{path}: {} {}", sent.status, sent.html);
            owner.opens(&path).is(200);
        }
        support.opens(&format!("/console/keys/{key}/reissue")).is(200);
        auditor.opens(&format!("/console/keys/{key}/reissue")).is(403);
        auditor.opens("/console/operators").is(200);
        // Nor by the API: a session opens nothing there.
        let cookie = support.cookie();
        let answer = Request::get("/api/v1/tokens").header("Cookie", &cookie).send(house.address());
        assert_eq!(answer.status, 401, "{}", answer.text());
    }

    fn an_owner_adds_changes_and_disables_an_operator(house: House) {
        house.operator("owner@example.org", Role::Owner);
        let mut owner = house.signs_in("owner@example.org");
        let page = owner.opens("/console/operators/new");
        owner.sends(&page, "/console/operators/new", &[("email", "new@"), ("role", "support")]).is(422).says("not an e-mail address");
        let made = owner.sends(&page, "/console/operators/new", &[("email", "new@example.org"), ("role", "support")]);
        made.is(200).says("A link to hand on");
        let again = owner.sends(&page, "/console/operators/new", &[("email", "new@example.org"), ("role", "support")]);
        assert_eq!(link_in(&again), link_in(&made), "sent twice, made once");

        let link = link_in(&made);
        let mut new = Browser::at(house.address());
        let setup = new.opens(&link);
        setup.is(200).says("new@example.org");
        new.sends(&setup, &link, &[("password", PASSWORD), ("password_again", PASSWORD)]).is(200);
        new.opens("/console/tokens").is(403);

        let listed = owner.opens("/console/operators");
        let place = place_of(&listed, "new@example.org");
        let (first, second) = (owner.opens(&format!("{place}/role")), owner.opens(&format!("{place}/role")));
        owner.sends(&first, &format!("{place}/role"), &[("role", "owner")]).is(200).says("The role was changed");
        // The other tab does not know that yet.
        owner.sends(&second, &format!("{place}/role"), &[("role", "auditor")]).is(409).says("Changed in the meantime");
        new.opens("/console/tokens").is(200);

        let form = owner.opens(&format!("{place}/disable"));
        owner.sends(&form, &format!("{place}/disable"), &[]).is(200).says("can no longer sign in");
        new.opens("/console/customers").says("Sign in");
        new.tries_to_sign_in("new@example.org", PASSWORD).is(403).says("was disabled");

        let own = owner.opens("/console/operators");
        let own = format!("{}/disable", place_of(&own, "owner@example.org"));
        let form = owner.opens(&own);
        owner.sends(&form, &own, &[]).is(409).says("only owner who can sign in");
    }

    fn a_second_factor_is_asked_for_and_each_code_opens_once(house: House) {
        house.operator("owner@example.org", Role::Owner);
        let mut owner = house.signs_in("owner@example.org");
        let account = owner.opens("/console/account");
        let begun = owner.sends(&account, "/console/account/second-factor/begin", &[]);
        let secret = begun.html.split("<code class=\"secret\">").nth(1).unwrap().split('<').next().unwrap();
        let secret = Authenticator::typed(secret);
        owner.sends(&begun, "/console/account/second-factor", &[("code", "000000")]).is(403).says("Wrong code");
        let code = secret.code_at(house.clock.wall());
        let on = owner.sends(&begun, "/console/account/second-factor", &[("code", &code)]);
        on.is(200).says("Your recovery codes");
        let codes: Vec<String> =
            on.html.split("<li>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).filter(|code| code.len() == 11).collect();
        assert_eq!(codes.len(), 10, "{}", on.html);

        let mut elsewhere = Browser::at(house.address());
        let second = elsewhere.tries_to_sign_in("owner@example.org", PASSWORD);
        second.is(200).says("Second step");
        elsewhere.opens("/console/customers").says("Sign in");
        elsewhere.sends(&second, "/console/login/code", &[("code", &code)]).is(403).says("Wrong code");
        house.clock.advance(60_000);
        let next = secret.code_at(house.clock.wall());
        elsewhere.sends(&second, "/console/login/code", &[("code", &next)]).is(200).says("owner@example.org");

        let mut lost = Browser::at(house.address());
        let second = lost.tries_to_sign_in("owner@example.org", PASSWORD);
        lost.sends(&second, "/console/login/code", &[("code", &codes[3].to_uppercase())]).is(200).says("owner@example.org");
        lost.opens("/console/account").says("9 recovery codes are left");
        let mut thief = Browser::at(house.address());
        let second = thief.tries_to_sign_in("owner@example.org", PASSWORD);
        thief.sends(&second, "/console/login/code", &[("code", &codes[3])]).is(403).says("Wrong code");

        let off = lost.opens("/console/account/second-factor/off");
        lost.sends(&off, "/console/account/second-factor/off", &[("password_now", "not this one")]).is(403).says("is wrong");
        lost.sends(&off, "/console/account/second-factor/off", &[("password_now", PASSWORD)]).is(200).says("second factor is off");
        Browser::at(house.address()).tries_to_sign_in("owner@example.org", PASSWORD).is(200).says("Customers");
    }

    fn sessions_are_listed_and_ended(house: House) {
        house.operator("owner@example.org", Role::Owner);
        let (mut here, mut there) = (house.signs_in("owner@example.org"), house.signs_in("owner@example.org"));
        let account = here.opens("/console/account");
        account.says("This one").says("End all others");
        here.sends(&account, "/console/account/sessions", &[("session", "others")]).is(200).says("The session is over");
        there.opens("/console/account").says("Sign in");
        here.opens("/console/account").is(200);
        here.opens("/console/audit").says("Signed out");

        let mut third = house.signs_in("owner@example.org");
        let page = here.opens("/console/account/password");
        let typed = [("password_now", PASSWORD), ("password_new", "another long sentence"), ("password_again", "another long sentence")];
        here.sends(&page, "/console/account/password", &typed).is(200).says("was changed");
        third.opens("/console/account").says("Sign in");
        here.opens("/console/account").is(200);
        Browser::at(house.address()).tries_to_sign_in("owner@example.org", PASSWORD).is(403).says("is wrong");

        let account = here.opens("/console/account");
        let mut gone = here.clone();
        here.sends(&account, "/console/logout", &[]).says("Sign in");
        gone.opens("/console/account").says("Sign in");
    }

    fn wrong_passwords_are_throttled_by_account_and_by_address(house: House) {
        house.operator("owner@example.org", Role::Owner);
        let mut browser = Browser::at(house.address());
        for _ in 0..8 {
            browser.tries_to_sign_in("owner@example.org", "a wrong password").is(403).says("is wrong");
        }
        let waits = browser.tries_to_sign_in("OWNER@example.org", PASSWORD);
        waits.is(429).says("Too many attempts");
        assert!(waits.header("retry-after").unwrap().parse::<u32>().unwrap() <= 30);
        // Accounts that are not there are throttled alike, and so is the address in the end.
        for number in 0..12 {
            browser.tries_to_sign_in(&format!("nobody{number}@example.org"), PASSWORD).is(403).says("is wrong");
        }
        browser.tries_to_sign_in("somebody@example.org", PASSWORD).is(429);
        house.clock.advance(31_000);
        browser.tries_to_sign_in("owner@example.org", PASSWORD).is(200).says("Customers");
    }
}

/// The address of an operator's page, from the list of them.
fn place_of(list: &Shown, email: &str) -> String {
    let links = list.html.split("href=\"").skip(1).filter_map(|rest| rest.split_once("\">"));
    let mut theirs = links.filter(|(_, rest)| rest.starts_with(&format!("{email}</a>"))).map(|(href, _)| href);
    theirs.next().unwrap_or_else(|| panic!("no {email} in {}", list.html)).to_owned()
}

/// The address of a link that a page hands on.
fn link_in(page: &Shown) -> String {
    let rest = page.html.split("/console/setup/").nth(1).unwrap_or_else(|| panic!("no link in {}", page.html));
    format!("/console/setup/{}", rest.split('<').next().unwrap().trim())
}

/// An authenticator app.
struct Authenticator(Secret);

impl Authenticator {
    /// With the secret typed into it.
    fn typed(text: &str) -> Self {
        let letters = text.bytes().filter(|byte| !byte.is_ascii_whitespace());
        let bits: Vec<u64> = letters
            .map(|letter| {
                u64::try_from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|other| *other == letter).unwrap())
                    .unwrap()
            })
            .collect();
        let bytes: Vec<u8> = bits
            .chunks(8)
            .flat_map(|eight| {
                let whole = eight.iter().fold(0_u64, |sum, five| sum << 5 | five);
                whole.to_be_bytes()[3..].to_vec()
            })
            .collect();
        Self(Secret::read(&bytes).unwrap())
    }

    fn code_at(&self, now: Timestamp) -> String {
        self.0.code_at(now)
    }
}

impl Browser {
    /// Fills in the sign-in page.
    pub(crate) fn tries_to_sign_in(&mut self, email: &str, password: &str) -> Shown {
        let page = self.opens("/console/login");
        self.sends(&page, "/console/login", &[("email", email), ("password", password)])
    }

    fn cookie(&self) -> String {
        let all: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        all.join("; ")
    }
}

impl Shown {
    fn header(&self, name: &str) -> Option<String> {
        self.response.header(name)
    }
}

impl House {
    fn signs_in(&self, email: &str) -> Browser {
        let mut browser = Browser::at(self.address());
        browser.tries_to_sign_in(email, PASSWORD).is(200).says(email);
        browser
    }
}
