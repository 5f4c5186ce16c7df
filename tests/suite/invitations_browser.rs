//! The journey as both have it, in a real browser: the administrator who invites, and the newcomer on a phone.

use std::time::Duration;

use latchkey_domain::operators::Role;
use latchkey_domain::time::DAY;
use latchkey_tests_support::browser::Browser;
use latchkey_tests_support::glpi::{GlpiDouble, Right, USER_TOKEN};
use latchkey_tests_support::http::Request;
use latchkey_tests_support::poll_until;
use serde_json::json;

use crate::browser::{pictures, ui};
use crate::house::House;
use crate::invitations::{Newcomer, PASSWORD};

/// What a browser waits for until the account is there.
const PATIENCE: Duration = Duration::from_secs(30);

/// The administrator connects a GLPI and invites; gives what to open.
fn invites(house: &House, glpi: &GlpiDouble, browser: &Browser) -> String {
    // All of the form is on the screen: what is far away is scrolled to softly, and a click does not wait for that.
    browser.screen(1280, 2_000);
    house.signed_in(browser, "owner@example.org");
    browser.open(&house.url("/console/connections/new"));
    browser.fill("#name", "main");
    browser.fill("#url", &glpi.url());
    browser.fill("#user_token", USER_TOKEN);
    browser.click("main form button[type=submit]");
    browser.reads("accounts can be made in it");
    browser.open(&house.url("/console/invitations"));
    browser.follow("New invitation");
    browser.fill("#name", "the help desk of Lyon");
    browser.click("#entity option[value='1']");
    browser.click("#recursive option[value=yes]");
    browser.click("#profile option[value='2']");
    browser.click("input[name=groups][value='1']");
    browser.picture(&pictures().join("invitation-new.png"));
    browser.click("main form button[type=submit]");
    browser.reads("The invitation is made");
    browser.picture(&pictures().join("invitation-made.png"));
    browser.text("#invitation-url")
}

/// The newcomer opens what was sent, on a phone, and makes mistakes first.
fn registers(house: &House, browser: &Browser, url: &str, scripts: bool) {
    browser.screen(375, 812);
    // The house's own address: its public one is not this machine's.
    browser.open(&house.url(&url[url.find("/join/").unwrap()..]));
    browser.reads("Create your account");
    assert!(browser.address().ends_with("/join"), "no secret in the address: {}", browser.address());
    browser.picture(&pictures().join(format!("join-{scripts}.png")));
    browser.fill("#firstname", "Marie");
    browser.fill("#realname", "d’Été Curie");
    browser.fill("#email", "marie.curie@example.org");
    assert_eq!(browser.value("#login"), if scripts { "marie.d-ete-curie" } else { "" }, "offered from the name");
    browser.fill("#password", "password1");
    browser.fill("#password2", "password1");
    browser.click("main form button[type=submit]");
    browser.reads("lists that became known");
    assert_eq!(browser.value("#firstname"), "Marie", "what was typed is kept");
    assert_eq!((browser.value("#password"), browser.value("#password2")), (String::new(), String::new()));
    assert_eq!(browser.run("return document.activeElement.id"), "password", "the first field that is wrong");
    browser.picture(&pictures().join(format!("join-wrong-{scripts}.png")));
    // By keyboard alone: from one field to the next, and Enter sends the form.
    browser.press(PASSWORD);
    browser.press("\u{E004}");
    browser.press(PASSWORD);
    browser.press("\u{E007}");
    browser.reads("Your account");
    browser.picture(&pictures().join(format!("join-done-{scripts}.png")));
}

#[test]
fn somebody_is_invited_and_registers_on_a_phone_with_scripts_and_without() {
    for scripts in [true, false] {
        let (house, glpi) = (House::on_sqlite(), GlpiDouble::start());
        house.operator("owner@example.org", Role::Owner);
        let browser = Browser::start("en");
        if !scripts {
            browser.without_scripts();
        }
        let url = invites(&house, &glpi, &browser);
        let newcomer = Browser::start("en");
        if !scripts {
            newcomer.without_scripts();
        }
        registers(&house, &newcomer, &url, scripts);
        let made = poll_until(PATIENCE, || glpi.registered().first().cloned());
        assert_eq!((made.name.as_str(), made.password.as_deref()), ("marie.d-ete-curie", Some(PASSWORD)));
        let state = glpi.state();
        assert_eq!(state.rights_of(made.id), [Right { profile: 2, entity: 1, recursive: true }]);
        assert_eq!(
            (state.groups_of(made.id), state.emails_of(made.id)),
            (vec![1], vec!["marie.curie@example.org".to_owned()])
        );
        drop(state);
        browser.follow("To the invitation’s page");
        browser.reads("Root entity > North (1), and those below");
        browser.reads("marie.d-ete-curie");
        browser.picture(&pictures().join(format!("invitation-{scripts}.png")));
    }
}

/// In each of its languages the form is what a screen reader needs, and fits a phone.
#[test]
fn the_form_is_sound_in_five_languages() {
    let house = House::on_sqlite();
    let made = house
        .program(&["admin"])
        .posts("/invitations", json!({ "name": "Sales & Söhne", "email_domains": ["example.org"] }))
        .is(201);
    let url = made["url"].as_str().unwrap();
    let path = &url[url.find("/join/").unwrap()..];
    let axe = ui("node_modules/axe-core/axe.min.js");
    let audit = "const done = arguments[arguments.length - 1];
        axe.run(document, { resultTypes: ['violations'] }).then(result => done(result.violations
          .map(one => one.id + ': ' + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; '))));";
    let browser = Browser::start("de");
    browser.screen(375, 812);
    browser.open(&house.url(path));
    let mut broken = Vec::new();
    for (tag, title) in [
        ("de", "Konto anlegen"),
        ("fr", "Créer votre compte"),
        ("es", "Crear su cuenta"),
        ("pt", "Criar sua conta"),
        ("en", "Create your account"),
    ] {
        if tag != "de" {
            browser.click(&format!("a[hreflang={tag}]"));
        }
        browser.reads(title);
        assert_eq!(browser.run("return document.documentElement.lang"), tag);
        for sent in [false, true] {
            if sent {
                // Past the browser's own checks, so that all that the server says is there.
                browser.run("document.querySelector('form').noValidate = true");
                browser.click("main form button[type=submit]");
                poll_until(PATIENCE, || browser.has("#email-fault").then_some(()));
            }
            browser.run(&axe);
            for dark in [false, true] {
                browser.dark(dark);
                let found = browser.run_async(audit);
                if found.as_array().is_none_or(|all| !all.is_empty()) {
                    broken.push(format!("{tag} {sent} {dark}: {found:#}"));
                }
            }
            let over = browser.run("return document.documentElement.scrollWidth - 375");
            assert!(over.as_i64() <= Some(0), "{tag}: {over} pixels wider than the screen");
            browser.picture(&pictures().join(format!("join-{tag}-{sent}.png")));
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

/// A password that was held for too long is chosen again, once, on the page that the form led to.
#[test]
fn a_password_that_was_wiped_is_chosen_again() {
    let (house, glpi) = (House::on_sqlite(), GlpiDouble::start());
    let admin = house.program(&["admin"]);
    let order = json!({ "name": "main", "url": glpi.url(), "user_token": USER_TOKEN });
    admin.posts("/glpi-connections", order).is(201);
    let made = admin.posts("/invitations", json!({ "name": "Sales" })).is(201);
    let (id, url) = (made["invitation_id"].as_str().unwrap(), made["url"].as_str().unwrap());
    glpi.is_away(true);
    let newcomer = Newcomer::opens(house.address(), &url[url.find("/join/").unwrap()..]);
    let receipt = newcomer.sends(&[]).header("location").unwrap();
    assert!(Request::get(&receipt).send(house.address()).text().contains("is kept"));
    house.clock.advance(8 * DAY);
    let stands =
        || admin.gets(&format!("/invitations/{id}/registrations")).is(200)["registrations"][0]["state"].clone();
    poll_until(PATIENCE, || (stands() == "password-needed").then_some(()));
    glpi.is_away(false);
    let browser = Browser::start("en");
    browser.screen(375, 812);
    browser.open(&house.url(&receipt));
    browser.reads("password");
    browser.fill("#password", "Another-sentence 9 tapir");
    browser.fill("#password2", "Another-sentence 9 tapir");
    browser.click("main form button[type=submit]");
    poll_until(PATIENCE, || (stands() == "complete").then_some(()));
    assert_eq!(glpi.registered()[0].password.as_deref(), Some("Another-sentence 9 tapir"));
    browser.open(&house.url(&receipt));
    assert!(!browser.has("#password"), "once and no more");
}
