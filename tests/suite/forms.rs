//! The forms of every column: what is typed outlives the session, a second click does nothing more, and what was changed in another
//! tab is said; nothing that is typed breaks a page.

use latchkey_domain::operators::Role;
use latchkey_tests_support::browser::Browser as RealBrowser;
use latchkey_tests_support::glpi::{GlpiDouble, USER_TOKEN};

use crate::console::{Browser, PASSWORD, Shown};
use crate::gateway::key_of;
use crate::glpi::uid;
use crate::house::{House, both_databases};
use crate::marketplace::{archive, something_published};

const HOUR: i64 = 60 * 60 * 1_000;

/// A form of the console.
struct Case {
    /// Where it is, and where it goes.
    place: String,
    /// What is typed.
    typed: Vec<(&'static str, String)>,
    /// What has to be typed again after the session was over: secrets are kept nowhere.
    again: Vec<(&'static str, &'static str)>,
    /// What is said when it is done.
    done: &'static str,
    /// Whether it is about something that may be changed in another tab.
    about: bool,
}

impl Case {
    fn new(place: impl Into<String>, typed: &[(&'static str, &str)], done: &'static str) -> Self {
        let typed = typed.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { place: place.into(), typed, again: Vec::new(), done, about: true }
    }

    fn of_new(self) -> Self {
        Self { about: false, ..self }
    }

    fn pairs(&self) -> Vec<(&str, &str)> {
        self.typed.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn sent(&self, browser: &mut Browser, form: &Shown) -> Shown {
        let mut typed = self.pairs();
        typed.extend(&self.again);
        browser.sends(form, &self.place, &typed)
    }
}

/// Something of every column, and the forms about it.
fn forms_of_every_column(house: &House, glpi: &GlpiDouble) -> Vec<Case> {
    let issued = house.vendor().issues_key("Acme", "basic");
    let (newcomer, trial) = house.has_a_move_and_a_trial(issued.text.reveal());
    let other = house.vendor().issues_key("Globex", "basic");
    assert_eq!(house.glpi_10().number(5).asks(other.text.reveal()).is_valid(), Some(true));
    let agent = house.has_an_agent("Site A");
    let enrollment = key_of(house, "Site B", |_| ()).key.id;
    let [_, message] = house.has_messages();
    let [connection, invitation] = house.has_an_invitation(glpi);
    let registration = house.registration_by(&invitation);
    let (plugin, version) = something_published(house);
    let subscription = other.subscription.id;
    vec![
        Case::new(
            "/console/invitations/new",
            &[("name", "Spring fair"), ("comment", "hall 4"), ("uses", "3")],
            "The invitation is made",
        )
        .of_new(),
        Case::new(
            format!("/console/invitations/{invitation}/suspend"),
            &[("reason", "the fair is put off")],
            "The invitation is suspended",
        ),
        Case {
            again: vec![("user_token", USER_TOKEN)],
            ..Case::new(
                "/console/connections/new",
                &[("name", "second"), ("url", &glpi.url())],
                "accounts can be made in it",
            )
            .of_new()
        },
        Case {
            again: vec![("inventory_password", "a password that is kept nowhere")],
            ..Case::new(
                format!("/console/connections/{connection}/inventory"),
                &[("inventory", "basic"), ("inventory_user", "inventory")],
                "was changed",
            )
        },
        Case::new(format!("/console/connections/{connection}/remove"), &[], "are forgotten"),
        Case::new(
            "/console/enrollments/new",
            &[("name", "Warehouse"), ("glpi", "main"), ("networks", "10.1.0.0/16")],
            "The enrollment key is made",
        )
        .of_new(),
        Case::new(
            format!("/console/enrollments/{enrollment}/revoke"),
            &[("reason", "the site is closed"), ("agents", "quarantine")],
            "The key is revoked",
        ),
        Case::new(
            format!("/console/agents/{agent}/approve"),
            &[("reason", "a machine of ours")],
            "The agent is approved",
        ),
        Case::new(format!("/console/queue/{message}/drop"), &[("reason", "sent by mistake")], "The message is gone")
            .of_new(),
        Case::new(
            format!("/console/plugins/{plugin}/versions/{version}/withdraw"),
            &[("reason", "it loses data")],
            "is withdrawn",
        ),
        Case::new(format!("/console/instances/{newcomer}/approve"), &[("reason", "they told us")], "is approved"),
        Case::new(
            format!("/console/instances/{}/release", house.instance(5)),
            &[("reason", "decommissioned")],
            "is released",
        ),
        Case::new(
            format!("/console/trials/{trial}/extend"),
            &[("days", "10"), ("reason", "on holiday")],
            "The trial now ends on",
        ),
        Case::new(
            format!("/console/subscriptions/{subscription}/channel"),
            &[("channel", "pre-release")],
            "The channel is changed",
        ),
        Case::new(format!("/console/subscriptions/{subscription}/seats"), &[("seats", "4")], "of 4 taken"),
        Case::new(
            "/console/import/take",
            &[("kind", "customers"), ("sheet", "customer\nInitrode\n")],
            "One row was taken in",
        )
        .of_new(),
        Case::new(
            "/console/data/terms",
            &[("registrations_days", "60"), ("agents_days", "90"), ("reason", "policy 3")],
            "The terms are set",
        ),
        Case::new(
            format!("/console/registrations/{registration}/erase"),
            &[("reason", "ticket 4711")],
            "Who registered was erased",
        ),
        Case::new(format!("/console/agents/{agent}/erase"), &[("reason", "ticket 4712")], "The agent was erased"),
    ]
}

/// The page on which a form is.
fn shows(browser: &mut Browser, case: &Case) -> Shown {
    if case.place != "/console/import/take" {
        return browser.opens(&case.place);
    }
    // What is taken in was looked at before.
    let page = browser.opens("/console/import");
    browser.sends(&page, "/console/import", &case.pairs())
}

/// How long the audit log is.
fn rows(browser: &mut Browser) -> usize {
    browser.opens("/console/audit.csv").html.lines().count()
}

both_databases! {
    fn nothing_that_was_typed_is_lost_with_the_session(house: House) {
        let glpi = GlpiDouble::start();
        for case in forms_of_every_column(&house, &glpi) {
            let email = "owner@example.org";
            let mut owner = Browser::at(house.address());
            if owner.tries_to_sign_in(email, PASSWORD).status != 200 {
                owner = house.signed_in_as(Role::Owner, email);
            }
            let form = shows(&mut owner, &case);
            house.clock.advance(3 * HOUR);
            let login = case.sent(&mut owner, &form);
            login.is(403).says("session is over");
            let mut resumed = owner.sends(&login, "/console/login", &[("email", email), ("password", PASSWORD)]);
            resumed.is(200).says("Welcome back");
            for (name, value) in &case.typed {
                resumed.says(value);
                assert!(!resumed.html.contains(&format!("<dt>{name}</dt>")), "{}: {name} has a label", case.place);
            }
            if !case.again.is_empty() {
                assert!(!resumed.html.contains(USER_TOKEN));
                resumed = owner.sends(&resumed, &case.place, &[]);
                resumed.is(422);
                for (_, value) in &case.typed {
                    resumed.says(value);
                }
                case.sent(&mut owner, &resumed).is(200).says(case.done);
            } else {
                owner.sends(&resumed, &case.place, &[]).is(200).says(case.done);
            }
        }
    }

    fn what_was_chosen_beside_a_file_outlives_the_session(house: House) {
        let (publish, archive) = ("/console/plugins/publish", archive("demo", "1.0.0"));
        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        let form = owner.opens(publish);
        house.clock.advance(3 * HOUR);
        let files: [(&str, &str, &[u8]); 1] = [("archive", "demo.tar.gz", &archive)];
        let login = owner.uploads(&form, publish, &[("open_to", "offers"), ("offers", "basic")], &files);
        login.is(403).says("session is over");
        let resumed = owner.sends(&login, "/console/login", &[("email", "owner@example.org"), ("password", PASSWORD)]);
        resumed.is(200).says("Welcome back").says("<dt>Offers</dt>");
        let again = owner.sends(&resumed, publish, &[]);
        again.is(200).says("Publish a version").says("value=\"basic\" checked");
        owner.uploads(&again, publish, &[("open_to", "offers"), ("offers", "basic")], &files).is(200).says("demo 1.0.0 is published");
    }

    fn a_second_click_does_nothing_and_another_tab_is_told(house: House) {
        let glpi = GlpiDouble::start();
        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        for case in forms_of_every_column(&house, &glpi) {
            let (form, other) = (shows(&mut owner, &case), shows(&mut owner, &case));
            case.sent(&mut owner, &form).is(200).says(case.done);
            let before = rows(&mut owner);
            case.sent(&mut owner, &form).is(200).says(case.done);
            assert_eq!(rows(&mut owner), before, "{}: sent twice, done once", case.place);
            if case.about {
                let late = case.sent(&mut owner, &other);
                assert!(matches!(late.status, 404 | 409 | 410), "{}: {} {}", case.place, late.status, late.html);
                if late.status == 409 {
                    late.says("See how it stands now");
                }
                for (name, value) in case.typed.iter().filter(|(name, _)| late.status == 409 && *name == "reason") {
                    assert!(late.html.contains(value.as_str()), "{}: {name} is typed in vain", case.place);
                }
                assert_eq!(rows(&mut owner), before, "{}: the other tab has changed nothing", case.place);
            }
        }
    }

    fn whatever_is_typed_is_an_answer_and_never_markup(house: House) {
        let glpi = GlpiDouble::start();
        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        let long = "x".repeat(5_000);
        for case in forms_of_every_column(&house, &glpi) {
            for (at, (name, _)) in case.typed.iter().enumerate() {
                for bad in ["", " ", &long, "a\u{0}b", "a\u{1b}[31mb", "\u{202e}gnp.exe", "<script>alert(1)</script>", "\"><img src=x>", "31/12/2026", "１２", "-1", "1e9", "9999999999999999999"] {
                    let form = shows(&mut owner, &case);
                    // One that was done by then has no form any more.
                    if form.status != 200 {
                        continue;
                    }
                    let mut typed = case.pairs();
                    typed[at].1 = bad;
                    let answer = owner.sends(&form, &case.place, &typed);
                    assert!(matches!(answer.status, 200 | 404 | 409 | 410 | 422), "{} {name} {bad:?}: {} {}", case.place, answer.status, answer.html);
                    assert!(!answer.html.contains("<script>alert(1)") && !answer.html.contains("<img src=x>"), "{} {name}", case.place);
                    assert!(answer.html.contains("</html>"), "a whole page");
                }
            }
        }
        owner.opens("/console/dashboard").is(200);
    }

    fn filters_take_whatever_stands_in_an_address(house: House) {
        let glpi = GlpiDouble::start();
        forms_of_every_column(&house, &glpi);
        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        for (list, filters) in [
            ("instances", &["customer", "subscription", "state", "environment", "site", "twins"][..]),
            ("trials", &["plugin", "uid", "state"]),
            ("plugins", &["plugin", "only"]),
            ("enrollments", &["state"]),
            ("agents", &["key", "state", "tag", "version", "silent", "twins"]),
            ("queue", &["only", "after"]),
            ("invitations", &["q", "state"]),
            ("registrations", &["q", "state"]),
        ] {
            for filter in filters.iter().chain(&["sort", "order", "after", "before"]) {
                for bad in ["%00", "%1B", "%E2%80%AE", "%3Cscript%3Ealert(1)%3C/script%3E", "31/12/2026", "-1", "99999999999999999999", "%25", &"x".repeat(300)] {
                    let path = format!("/console/{list}?{filter}={bad}");
                    let page = owner.opens(&path);
                    page.is(200);
                    assert!(!page.html.contains("<script>alert(1)"), "{path}");
                }
            }
        }
        assert!(owner.opens(&format!("/console/instances?site={}", uid(5))).html.contains("Globex"));
    }
}

/// In a real browser: what a support operator may not do is offered nowhere, refused where its address is typed, refused where a form is
/// made up on a page of their own, and not opened by their session over the API.
#[test]
fn a_support_operator_in_a_browser_cannot_do_an_owners_work() {
    let house = House::on_sqlite();
    let issued = house.vendor().issues_key("Acme", "basic");
    let owner = house.operator("owner@example.org", Role::Owner);
    house.operator("support@example.org", Role::Support);
    let browser = RealBrowser::start("en");
    house.signed_in(&browser, "support@example.org");
    let customer = issued.customer.id;
    let owners = [
        ("/console/tokens/new".to_owned(), "name=mine&scopes=admin"),
        ("/console/signing-keys/rotate".to_owned(), "reason=now"),
        (format!("/console/customers/{customer}/erase"), "reason=now"),
        (format!("/console/operators/{owner}/disable"), ""),
        ("/console/operators/new".to_owned(), "email=eve%40example.org&role=owner"),
        ("/console/connections/new".to_owned(), "name=mine&url=https%3A%2F%2Fglpi.example.org&user_token=x"),
        ("/console/connections/main/inventory".to_owned(), "inventory=none"),
        ("/console/data/backup".to_owned(), ""),
    ];
    browser.open(&house.url(&format!("/console/customers/{customer}")));
    assert!(!browser.has(&format!("a[href='/console/customers/{customer}/erase']")), "it is not offered");
    let made_up = |place: &str, fields: &str| {
        format!(
            "const form = document.querySelector('main form');
             form.setAttribute('action', '{place}');
             for (const [name, value] of new URLSearchParams('{fields}')) {{
               const field = document.createElement('input');
               [field.type, field.name, field.value] = ['hidden', name, value];
               form.append(field);
             }}
             HTMLFormElement.prototype.submit.call(form);"
        )
    };
    for (place, fields) in &owners {
        browser.open(&house.url(place));
        browser.reads("Role not sufficient");
        browser.open(&house.url("/console/account/password"));
        browser.run(&made_up(place, fields));
        browser.reads("Role not sufficient");
    }
    // Their session is no key to the API, also for a script on a page of ours.
    for (method, path) in
        [("GET", "/api/v1/tokens"), ("POST", "/api/v1/signing-keys/rotate"), ("GET", "/api/v1/backup")]
    {
        let asked = format!(
            "const done = arguments[arguments.length - 1];
             fetch('{path}', {{ method: '{method}', credentials: 'include' }}).then(answer => done(answer.status), error => done(String(error)));"
        );
        assert_eq!(browser.run_async(&asked), 401, "{method} {path}");
    }
    // Nothing of it was done, and their own work goes on.
    assert_eq!(house.glpi_10().asks(issued.text.reveal()).is_valid(), Some(true));
    browser.open(&house.url(&format!("/console/keys/{}", issued.key.id)));
    browser.follow("Re-issue");
    browser.fill("#overlap_days", "3");
    browser.click("main form button[type=submit]");
    browser.reads("The new key is issued");
    let mut there = house.signed_in_as(Role::Auditor, "auditor@example.org");
    let operators = there.opens("/console/operators");
    assert!(!operators.html.contains("eve@example.org") && !operators.html.contains("Disabled"), "{}", operators.html);
}
