//! The console in a real browser: with scripts and without, wide and narrow, light and dark, by keyboard alone, and as
//! axe-core sees it. Pictures of every page are kept in `target/screenshots`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use latchkey_domain::operators::{Email, Password, Role};
use latchkey_store::operators::passwords::PasswordHash;
use latchkey_store::operators::{self, links, second_factor};
use latchkey_store::{Actor, signing_keys};
use latchkey_tests_support::browser::Browser;
use latchkey_tests_support::glpi::GlpiDouble;
use latchkey_tests_support::http::Request;

use crate::console::PASSWORD;
use crate::house::House;

/// Everything that a page loads weighs less, compressed, in bytes.
const HEAVIEST: usize = 120 * 1_024;

impl House {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address())
    }

    /// An operator who can sign in.
    pub(crate) fn operator(&self, email: &str, role: Role) -> String {
        let (email, actor) = (Email::parse(email).unwrap(), Actor::command_line("vendor"));
        let hash = PasswordHash::of(&Password::typed(PASSWORD)).unwrap();
        let added = self
            .store
            .write_blocking(self.clock.wall(), move |tx| operators::add(tx, &email, role, Some(&hash), &actor));
        added.unwrap().id.to_string()
    }

    /// The browser of an owner who has signed in, with scripts or without.
    pub(crate) fn owner_browses(&self, scripts: bool) -> Browser {
        self.operator("owner@example.org", Role::Owner);
        let browser = Browser::start("en");
        if !scripts {
            browser.without_scripts();
        }
        self.signed_in(&browser, "owner@example.org");
        browser
    }

    pub(crate) fn signed_in(&self, browser: &Browser, email: &str) {
        browser.open(&self.url("/console/login"));
        browser.fill("#email", email);
        browser.fill("#password", PASSWORD);
        browser.click("main form[action='/console/login'] button[type=submit]");
        browser.reads(email);
    }
}

impl House {
    /// Whether the browser awaits its second step, for the page on which that is taken.
    fn half_open(&self, browser: &Browser, awaits: bool) {
        if !awaits {
            return;
        }
        let (id, vault) = (self.operator("two-steps@example.org", Role::Auditor).parse().unwrap(), self.vault.clone());
        let now = self.clock.wall();
        self.store
            .write_blocking(now, move |tx| {
                second_factor::prepare(tx, &vault, id)?;
                let code = second_factor::waiting(tx, &vault, id)?.unwrap().code_at(now);
                second_factor::turn_on(tx, &vault, id, &code).map(|_| ())
            })
            .unwrap();
        browser.open(&self.url("/console/login"));
        browser.fill("#email", "two-steps@example.org");
        browser.fill("#password", PASSWORD);
        browser.push("Sign in");
        browser.reads("Second step");
    }
}

pub(crate) fn ui(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui").join(path);
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}; npm ci --prefix ui", file.display()))
}

pub(crate) fn pictures() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    target.join("screenshots")
}

/// From a setup link to a page, as somebody new does it.
fn sets_up(house: &House, browser: &Browser) {
    let link = house.setup_link();
    browser.open(&house.url(&link));
    browser.reads("first account");
    browser.fill("#email", "owner@example.org");
    browser.fill("#password", PASSWORD);
    browser.fill("#password_again", PASSWORD);
    browser.push("Save and sign in");
    browser.reads("owner@example.org");
    browser.open(&house.url("/console/customers/new"));
    browser.fill("#customer", "Acme <b>& Söhne</b>");
    browser.push("Add the customer");
    browser.reads("Acme <b>& Söhne</b>");
}

#[test]
fn a_setup_link_leads_to_a_page_with_scripts_and_without() {
    let house = House::on_sqlite();
    sets_up(&house, &Browser::start("en"));
    let house = House::on_sqlite();
    let browser = Browser::start("en");
    browser.without_scripts();
    sets_up(&house, &browser);
}

/// A key's whole life, as somebody who has read nothing does it.
fn lives_through_a_key(house: &House, browser: &Browser, copies: bool) {
    browser.open(&house.url("/console/"));
    browser.follow("Issue a key");
    browser.fill("#customer", "Globex");
    browser.click("select[name=offer] option[value=basic]");
    browser.fill("#count", "1");
    browser.click("main form button[type=submit]");
    browser.reads("The key is issued");
    let text = browser.text("#key-text");
    assert_eq!(house.glpi_10().asks(&text).is_valid(), Some(true));
    if copies {
        browser.push("Copy");
        browser.reads("Copied");
    } else {
        assert!(!browser.body().contains("Copy"), "a button that could do nothing is not shown");
    }
    browser.follow("To the key");
    browser.follow("Renew");
    browser.fill("#count", "1");
    browser.click("main form button[type=submit]");
    browser.reads("Renewed. The last day is 21 Nov 2028");
    browser.open(&house.url("/console/keys"));
    browser.click("table tbody a");
    browser.follow("Re-issue");
    browser.fill("#overlap_days", "0");
    browser.click("main form button[type=submit]");
    browser.reads("The new key is issued");
    let next = browser.text("#key-text");
    assert_ne!(next, text);
    browser.follow("To the key");
    browser.follow("Revoke");
    browser.reads("cannot be undone");
    browser.fill("#reason", "only a try");
    browser.click("main form button[type=submit]");
    browser.reads("The key is revoked");
    house.clock.advance(1_000);
    assert_eq!(house.glpi_10().asks(&next).is_valid(), Some(false));
}

#[test]
fn a_key_is_issued_copied_renewed_reissued_and_revoked_with_scripts_and_without() {
    for scripts in [true, false] {
        let house = House::on_sqlite();
        let browser = house.owner_browses(scripts);
        lives_through_a_key(&house, &browser, scripts);
    }
}

#[test]
fn the_console_reads_french_on_a_phone_and_by_keyboard_alone() {
    let house = House::on_sqlite();
    house.operator("owner@example.org", Role::Owner);
    let browser = Browser::start("fr");
    browser.screen(375, 812);
    browser.open(&house.url("/console/login"));
    browser.reads("Connexion");
    browser.fill("#email", "owner@example.org");
    // From the field on to the next, and Enter sends the form.
    browser.press("\u{E004}");
    browser.press(PASSWORD);
    browser.press("\u{E007}");
    browser.reads("owner@example.org");
    assert_eq!(browser.run("return document.documentElement.lang"), "fr");
    browser.open(&house.url("/console/customers"));
    browser.reads("Clients");
    // The first stop of the tabulator leads past the menu.
    browser.press("\u{E004}");
    assert_eq!(browser.run("return document.activeElement.className"), "skip");
    browser.press("\u{E007}");
    assert_eq!(browser.run("return document.activeElement.id"), "content");
    browser.click("details.narrow summary");
    browser.reads("Abonnements");
}

#[test]
fn a_wrong_password_is_throttled() {
    let house = House::on_sqlite();
    house.operator("owner@example.org", Role::Owner);
    let browser = Browser::start("en");
    browser.open(&house.url("/console/login"));
    for _ in 0..8 {
        browser.fill("#email", "owner@example.org");
        browser.fill("#password", "a wrong password");
        browser.push("Sign in");
        browser.reads("is wrong");
    }
    browser.fill("#password", PASSWORD);
    browser.push("Sign in");
    browser.reads("Too many attempts");
    house.clock.advance(31_000);
    browser.fill("#password", PASSWORD);
    browser.push("Sign in");
    browser.reads("owner@example.org");
}

#[test]
fn light_and_dark_follow_the_system_until_one_is_chosen() {
    let house = House::on_sqlite();
    let browser = Browser::start("en");
    let is_dark = || {
        let color = browser.run("return getComputedStyle(document.body).backgroundColor");
        let brightness = browser.run(
            "const c = document.createElement('canvas').getContext('2d'); c.fillStyle = getComputedStyle(document.body).backgroundColor; c.fillRect(0, 0, 1, 1); return c.getImageData(0, 0, 1, 1).data[0];",
        );
        assert!(!color.is_null());
        brightness.as_i64().unwrap() < 100
    };
    browser.dark(false);
    browser.open(&house.url("/console/login"));
    assert!(!is_dark());
    browser.dark(true);
    assert!(is_dark());
    browser.click("button[name=theme][value=light]");
    browser.reads("Sign in");
    assert!(!is_dark(), "what was chosen goes before the system");
    browser.click("button[name=language][value=fr]");
    browser.reads("Connexion");
}

/// Addresses of every page, with something real in the place of each parameter.
fn addresses(house: &House, glpi: &GlpiDouble) -> Vec<(String, String)> {
    let vendor = house.vendor();
    let issued = vendor.issues_key("Société Générale & Fils <script>alert(1)</script>", "basic");
    let suspended = vendor.issues_key("Globex Corporation", "standard");
    vendor.suspends(&suspended.subscription);
    for number in 0..60 {
        vendor.issues_key(&format!("Customer {number:02}"), "advanced");
    }
    let support = house.operator("support@example.org", Role::Support);
    let disabled = house.operator("former@example.org", Role::Manager);
    let (actor, id) = (Actor::command_line("vendor"), disabled.parse().unwrap());
    house.store.write_blocking(house.clock.wall(), move |tx| operators::disable(tx, id, &actor)).unwrap();
    let token = house.makes_token(&["keys:issue"], Some(30)).split('_').nth(1).unwrap().to_owned();
    let signer = house.store.read(|reader| signing_keys::list(reader)).unwrap()[0].id.to_string();
    let (vault, actor) = (house.vault.clone(), Actor::command_line("vendor"));
    let id = support.parse().unwrap();
    let link =
        house.store.write_blocking(house.clock.wall(), move |tx| links::make_for(tx, &vault, id, &actor)).unwrap();
    let [enrollment, agent, message] = crate::gateway::something_of_each(house);
    let (instance, trial) = house.has_a_move_and_a_trial(issued.text.reveal());
    let (plugin, version) = crate::marketplace::something_published(house);
    let [connection, invitation] = house.has_an_invitation(glpi);
    let registration = house.registration_by(&invitation);
    let values = BTreeMap::from([
        ("plugin", plugin),
        ("version", version),
        ("instance", instance),
        ("trial", trial),
        ("customer", issued.subscription.customer.to_string()),
        ("subscription", issued.subscription.id.to_string()),
        ("key", issued.key.id.to_string()),
        ("offer", "basic".to_owned()),
        ("token", token),
        ("operator", support),
        ("link", link.text.reveal().to_owned()),
        ("enrollment", enrollment),
        ("agent", agent),
        ("message", message),
        ("connection", connection),
        ("invitation", invitation),
        ("registration", registration),
    ]);
    let fill = |path: &str| {
        let mut filled = path.to_owned();
        for (name, value) in &values {
            // Two kinds of key.
            let value = if path.contains("signing-keys") { &signer } else { value };
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        match path {
            "/console/subscriptions/{subscription}/resume" => {
                format!("/console/subscriptions/{}/resume", suspended.subscription.id)
            }
            "/console/operators/{operator}/enable" => format!("/console/operators/{disabled}/enable"),
            _ => filled,
        }
    };
    latchkey_server::console::pages()
        .into_iter()
        .map(|path| {
            let name: String = path
                .trim_start_matches("/console/")
                .chars()
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                .collect();
            (name.trim_matches('-').to_owned(), fill(path))
        })
        .collect()
}

/// axe-core visits every page that the router has, in each form in which people see it.
#[test]
fn every_page_is_sound_light_enough_and_fits_its_screen() {
    let house = House::on_sqlite();
    let owner = house.operator("owner@example.org", Role::Owner).parse().unwrap();
    let vault = house.vault.clone();
    house.store.write_blocking(house.clock.wall(), move |tx| second_factor::prepare(tx, &vault, owner)).unwrap();
    let glpi = GlpiDouble::start();
    let pages = addresses(&house, &glpi);
    assert!(pages.len() >= 5 && pages.iter().all(|(_, path)| !path.contains('{')), "{pages:?}");
    let axe = ui("node_modules/axe-core/axe.min.js");
    let audit = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(result => done(result.violations
          .filter(one => ['serious', 'critical'].includes(one.impact))
          .map(one => one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))));";
    let browser = Browser::start("en");
    let mut broken = Vec::new();
    for signed_in in [false, true] {
        if signed_in {
            house.signed_in(&browser, "owner@example.org");
        }
        for (name, path) in &pages {
            let is_bare = ["login", "setup-", "check"].iter().any(|bare| name.starts_with(bare));
            if is_bare == signed_in {
                continue;
            }
            if is_bare {
                house.half_open(&browser, name == "login-code");
            }
            for (width, height, screen) in [(1280, 900, "wide"), (375, 812, "narrow")] {
                browser.screen(width, height);
                browser.open(&house.url(path));
                // A phone shows a page that is too wide as a whole, smaller.
                let over = browser.run(&format!("return document.documentElement.scrollWidth - {width}"));
                if over.as_i64() > Some(0) {
                    broken.push(format!("{name} {screen}: {over} pixels wider than its screen"));
                }
                browser.run(&axe);
                for (dark, light) in [(false, "light"), (true, "dark")] {
                    browser.dark(dark);
                    browser.picture(&pictures().join(format!("{name}-{screen}-{light}.png")));
                    let found = browser.run_async(audit);
                    if found.as_array().is_none_or(|all| !all.is_empty()) {
                        broken.push(format!("{name} {screen} {light}: {found:#}"));
                    }
                }
            }
            if !browser.has("h1") {
                broken.push(format!("{name}: no heading"));
            }
            let weight = browser.run(
                "const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
                 return all.reduce((sum, one) => sum + one.encodedBodySize, 0);",
            );
            // What was kept from the page before counts as it would the first time.
            if weight.as_u64().unwrap() as usize > HEAVIEST {
                broken.push(format!("{name}: {weight} bytes compressed"));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

#[test]
fn what_pages_load_is_kept_for_ever_and_nothing_comes_from_elsewhere() {
    let house = House::on_sqlite();
    let page = Request::get("/console/login").header("Accept-Encoding", "gzip").send(house.address());
    assert_eq!(page.header("content-encoding").as_deref(), Some("gzip"));
    assert_eq!(page.header("cache-control").as_deref(), Some("no-store"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let plain = Request::get("/console/login").send(house.address()).text();
    let assets: Vec<&str> = plain.split('"').filter(|value| value.starts_with("/console/assets/")).collect();
    assert_eq!(assets.len(), 3, "{assets:?}");
    let mut weight = page.body.len();
    for asset in assets {
        let answer = Request::get(asset).header("Accept-Encoding", "gzip").send(house.address());
        assert_eq!(answer.status, 200, "{asset}");
        assert!(answer.header("cache-control").unwrap().contains("immutable"), "{asset}");
        weight += answer.body.len();
        let better = Request::get(asset).header("Accept-Encoding", "gzip, br").send(house.address());
        assert_eq!(better.header("content-encoding").as_deref(), Some("br"), "{asset}");
        assert!(better.body.len() <= answer.body.len() && !better.body.is_empty());
    }
    assert!(weight < HEAVIEST, "{weight} bytes with gzip alone");
}
