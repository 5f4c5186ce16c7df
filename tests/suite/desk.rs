//! The console's pages, by forms alone: a key's whole life, what is refused and said beside its field, and who may do what.

use latchkey_domain::operators::{Email, Role};
use latchkey_domain::time::DAY;
use latchkey_server::front::{Front, Limits};
use latchkey_store::{Actor, operators};
use latchkey_tests_support::http::Request;

use crate::console::{Browser, Shown};
use crate::house::{House, both_databases};

/// The text between two marks of a page.
#[track_caller]
fn between<'p>(page: &'p Shown, begin: &str, end: &str) -> &'p str {
    let rest = page.html.split_once(begin).unwrap_or_else(|| panic!("no {begin:?} in {}", page.html)).1;
    rest.split_once(end).unwrap_or_else(|| panic!("no {end:?} after {begin:?}")).0
}

#[track_caller]
fn key_text(page: &Shown) -> String {
    between(page, "id=\"key-text\"", "</pre>").split_once('>').unwrap().1.to_owned()
}

#[track_caller]
fn key_page(page: &Shown) -> String {
    format!("/console/keys/{}", between(page, "href=\"/console/keys/0", "\"").split('/').next().unwrap())
        .replace("keys/", "keys/0")
}

impl House {
    pub(crate) fn signed_in_as(&self, role: Role, email: &str) -> Browser {
        self.has_operator(role, email);
        let mut browser = Browser::at(self.address());
        browser.signs_in(email);
        browser
    }
}

both_databases! {
    fn a_key_lives_its_whole_life_in_the_console(house: House) {
        let mut owner = house.owner();
        owner.opens("/console/").is(200).says("Today").says("keys end within 7 days");
        let form = owner.opens("/console/keys/new");
        let order = [("customer", "Acme & Söhne <b>"), ("offer", "basic"), ("begin_date", ""), ("count", "1"), ("unit", "years")];
        let issued = owner.sends(&form, "/console/keys/new", &order);
        issued.is(200).says("The key is issued").says("class=\"qr\"").says("Votre clé").says("Acme &#38; Söhne &#60;b&#62;");
        let (text, page) = (key_text(&issued), key_page(&issued));
        assert_eq!(house.glpi_10().asks(&text).is_valid(), Some(true));
        // A form that is sent twice is done once, and shows the same key.
        let again = owner.sends(&form, "/console/keys/new", &order);
        assert_eq!(key_text(&again), text);
        owner.opens(&page).is(200).says("Active").says("Key issued").says("Latest questions");
        // Found by its whole text, which is sent by POST.
        let search = owner.opens("/console/search");
        assert_eq!(owner.sends(&search, "/console/search", &[("q", &text)]).path, page);
        owner.sends(&search, "/console/search", &[("q", &text[..100])]).says("Key cut off");
        owner.sends(&search, "/console/search", &[("q", "acme")]).is(200).says("Acme &#38; Söhne");

        let subscription = between(&owner.opens(&page), "href=\"/console/subscriptions/", "\"").to_owned();
        let subscription = format!("/console/subscriptions/{}", subscription.split('/').next().unwrap());
        let renew = format!("{subscription}/renew");
        let form = owner.opens(&renew);
        form.says("goes on from there without a gap");
        owner.sends(&form, &renew, &[("count", "two"), ("unit", "years"), ("reason", "ordered")]).is(422).says("value=\"two\"").says("value=\"ordered\"").says("at least one day");
        owner.sends(&form, &renew, &[("count", "1"), ("unit", "years")]).is(200).says("Renewed. The last day is 21 Nov 2028");

        let reveal = format!("{page}/reveal");
        let form = owner.opens(&reveal);
        assert_eq!(key_text(&owner.sends(&form, &reveal, &[])), text);
        let reissue = format!("{page}/reissue");
        let form = owner.opens(&reissue);
        owner.sends(&form, &reissue, &[("overlap_days", "9999")]).is(422).says("larger than 366").says("value=\"9999\"");
        let next = owner.sends(&form, &reissue, &[("overlap_days", "0"), ("reason", "lost")]);
        next.is(200).says("The new key is issued");
        let (new_text, new_page) = (key_text(&next), key_page(&next));
        assert_ne!(new_text, text);
        let revoke = format!("{new_page}/revoke");
        let form = owner.opens(&revoke);
        form.says("cannot be undone").says("stops working within a second");
        owner.sends(&form, &revoke, &[("reason", "  ")]).is(422).says("is empty");
        owner.sends(&form, &revoke, &[("reason", "leaked")]).is(200).says("The key is revoked").says("Because: leaked");
        owner.opens("/console/audit?action=key.revoke").says("leaked").says("owner@example.org");
        owner.opens("/console/keys?state=revoked").says("Revoked");
        owner.opens("/console/audit/verification").says("signed head agree");
    }

    fn what_was_changed_in_another_tab_is_said_and_not_done_again(house: House) {
        let mut owner = house.owner();
        let issued = house.vendor().issues_key("Acme", "basic");
        let page = format!("/console/keys/{}", issued.key.id);
        let (revoke, reissue) = (format!("{page}/revoke"), format!("{page}/reissue"));
        let (first, second) = (owner.opens(&revoke), owner.opens(&reissue));
        owner.sends(&first, &revoke, &[("reason", "leaked")]).is(200);
        let stale = owner.sends(&second, &reissue, &[("overlap_days", "3"), ("reason", "they asked")]);
        stale.is(409).says("Changed in the meantime").says("See how it stands now").says("value=\"they asked\"");
        // Whoever has looked may decide again.
        owner.sends(&stale, &reissue, &[("overlap_days", "3"), ("reason", "they asked")]).is(200).says("The new key is issued");
    }

    fn lists_are_filtered_sorted_and_taken_as_files(house: House) {
        let mut owner = house.owner();
        for (customer, offer) in [("Zoo", "basic"), ("=cmd()", "free"), ("Acme", "standard")] {
            house.vendor().issues_key(customer, offer);
            house.clock.advance(1);
        }
        let at = |page: &Shown, name: &str| page.html.find(&format!(">{name}<")).unwrap_or_else(|| panic!("no {name}: {}", page.html));
        let page = owner.opens("/console/keys?sort=customer");
        assert!(at(&page, "Acme") < at(&page, "Zoo"));
        let page = owner.opens("/console/keys?sort=customer&order=desc");
        assert!(at(&page, "Acme") > at(&page, "Zoo"));
        let page = owner.opens("/console/keys?offer=basic");
        assert!(page.html.contains(">Zoo<") && !page.html.contains(">Acme<"));
        owner.opens("/console/keys?ends_until=31%2F12%2F2026").says("is not a date that can be used here").says("value=\"31/12/2026\"");
        owner.opens("/console/keys?state=revoked").says("Nothing fits");
        owner.opens("/console/customers?q=zoo").says(">Zoo<");
        owner.opens("/console/customers?q=a%00b").is(200).says("invisible control character");
        let file = owner.opens("/console/keys.csv?sort=customer").html;
        assert_eq!(file.lines().count(), 4, "{file}");
        assert!(file.starts_with("key_id,state,customer_id,customer,offer") && file.contains(",'=cmd(),"), "{file}");
        for list in ["customers", "subscriptions", "offers", "signing-keys", "tokens", "audit", "questions"] {
            assert!(owner.opens(&format!("/console/{list}.csv")).html.lines().count() >= 1, "{list}");
        }
    }

    fn each_role_does_its_own_work_and_no_other(house: House) {
        let issued = house.vendor().issues_key("Acme", "basic");
        let (key, customer) = (issued.key.id, issued.customer.id);
        let mut support = house.signed_in_as(Role::Support, "support@example.org");
        support.opens(&format!("/console/keys/{key}")).is(200).says("Re-issue");
        let reissue = format!("/console/keys/{key}/reissue");
        let form = support.opens(&reissue);
        form.is(200);
        for owners in [
            "/console/tokens".to_owned(),
            "/console/tokens/new".to_owned(),
            "/console/signing-keys/rotate".to_owned(),
            format!("/console/customers/{customer}/erase"),
            format!("/console/keys/{key}/revoke"),
            "/console/keys/new".to_owned(),
            "/console/offers/new".to_owned(),
        ] {
            support.opens(&owners).is(403);
        }
        // Not by sending a form that was never shown, either.
        let typed = [("reason", "no"), ("name", "x"), ("scopes", "admin"), ("customer", "Eve"), ("offer", "basic"), ("count", "1")];
        for owners in [format!("/console/customers/{customer}/erase"), format!("/console/keys/{key}/revoke"), "/console/tokens/new".to_owned(), "/console/signing-keys/rotate".to_owned(), "/console/keys/new".to_owned()] {
            support.forges(&form, &reissue, &owners, &typed).is(403);
        }
        // Nor by the API: a session is no token.
        let api = Request::get("/api/v1/tokens").header("Cookie", &support.cookie_line()).send(house.address());
        assert_eq!(api.status, 401);
        assert_eq!(house.glpi_10().asks(issued.text.reveal()).is_valid(), Some(true));
        let mut auditor = house.signed_in_as(Role::Auditor, "auditor@example.org");
        auditor.opens("/console/audit").is(200);
        auditor.opens(&reissue).is(403);
        auditor.opens(&format!("/console/keys/{key}/reveal")).is(403);
    }

    fn owners_do_what_only_they_may(house: House) {
        let mut owner = house.owner();
        let form = owner.opens("/console/tokens/new");
        owner.sends(&form, "/console/tokens/new", &[("name", "shop"), ("days", "30")]).is(422).says("given no scope").says("value=\"shop\"");
        let made = owner.sends(&form, "/console/tokens/new", &[("name", "shop"), ("scopes", "keys:issue"), ("scopes", "keys:read"), ("days", "30")]);
        made.is(200).says("lkapi_").says("not shown again");
        let token = between(&made, "href=\"/console/tokens/", "\"").to_owned();
        let revoke = format!("/console/tokens/{token}/revoke");
        let form = owner.opens(&revoke);
        owner.sends(&form, &revoke, &[("reason", "leaked")]).is(200).says("The token is revoked");
        let form = owner.opens("/console/signing-keys/rotate");
        owner.sends(&form, "/console/signing-keys/rotate", &[("reason", "yearly")]).is(200).says("from now on");
        owner.sends(&form, "/console/signing-keys/rotate", &[("reason", "yearly")]).is(200).says("from now on");
        assert_eq!(owner.opens("/console/signing-keys.csv").html.lines().count(), 3, "rotated once");
        let form = owner.opens("/console/offers/new");
        let typed = [("offer", "gold"), ("title", "Gold"), ("grace_days", "7")];
        owner.sends(&form, "/console/offers/new", &typed).is(200).says("The offer is saved");
        let form = owner.opens("/console/offers/new");
        owner.sends(&form, "/console/offers/new", &typed).is(409).says("value=\"gold\"");
        let edit = "/console/offers/gold/edit";
        let form = owner.opens(edit);
        owner.sends(&form, edit, &[("title", "\u{202e}dloG"), ("grace_days", "7")]).is(422).says("invisible control character");
        owner.sends(&form, edit, &[("title", "Gold plus"), ("grace_days", "")]).is(200).says("Gold plus");
        let issued = house.vendor().issues_key("Acme", "basic");
        let erase = format!("/console/customers/{}/erase", issued.customer.id);
        let form = owner.opens(&erase);
        form.says("becomes a pseudonym");
        owner.sends(&form, &erase, &[("reason", "asked for")]).is(200).says("was erased");
        assert_eq!(house.glpi_10().asks(issued.text.reveal()).is_valid(), Some(false));
    }

    fn subscriptions_are_halted_and_go_on(house: House) {
        let mut owner = house.owner();
        let issued = house.vendor().issues_key("Acme", "basic");
        let place = format!("/console/subscriptions/{}", issued.subscription.id);
        let asks = || house.glpi_10().asks(issued.text.reveal()).is_running();
        for (deed, reason, says, runs) in [("suspend", "unpaid", "Suspended.", Some(false)), ("resume", "", "Resumed.", Some(true)), ("terminate", "over", "Terminated.", Some(false))] {
            let path = format!("{place}/{deed}");
            let form = owner.opens(&path);
            owner.sends(&form, &path, &[("reason", reason)]).is(200).says(says);
            latchkey_tests_support::poll_until(std::time::Duration::from_secs(20), || (asks() == runs).then_some(()));
        }
        owner.opens(&place).says("ended for good");
    }
}

#[test]
fn the_console_speaks_french() {
    let house = House::on_sqlite();
    house.vendor().issues_key("Acme", "basic");
    let mut owner = house.owner();
    owner.reads("fr");
    owner.opens("/console/").says("Aujourd’hui").says("clé arrive à terme sous 7 jours");
    owner.opens("/console/keys").says("Dernier jour").says("21 nov. 2027");
    owner.opens("/console/audit").says("Clé émise").says("à 12:00 UTC+01:00");
}

#[test]
fn whoever_has_a_key_sees_how_it_stands_in_any_language() {
    let house = House::on_sqlite();
    let issued = house.vendor().issues_key("Acme", "basic");
    let ask = |lang: &str, text: &str| {
        let mut browser = Browser::at(house.address());
        let path = format!("/check?lang={lang}");
        let page = browser.opens(&path);
        browser.sends(&page, &path, &[("registration_key", text)])
    };
    for (lang, good) in [
        ("en", "The key is in order"),
        ("fr", "La clé est en ordre"),
        ("es", "La clave está en orden"),
        ("pt", "A chave está em ordem"),
        ("de", "Der Schlüssel ist in Ordnung"),
    ] {
        let page = ask(lang, issued.text.reveal());
        page.is(200).says(good).says("2027-11-21").says(&format!("lang=\"{lang}\""));
        assert!(
            !page.html.contains(issued.text.reveal()) && !page.html.contains("Acme"),
            "the key itself is not shown again"
        );
    }
    house.clock.advance(400 * DAY);
    ask("en", issued.text.reveal()).is(200).says("does not run").says("Renew it with your vendor");
    ask("fr", &issued.text.reveal()[..90]).is(422).says("Clé tronquée");
    ask("en", "").is(422).says("No key");
    ask("en", "<script>alert(1)</script>").is(422);
}

#[test]
fn whoever_tries_keys_on_the_page_has_to_wait_and_good_keys_do_not() {
    let limits = Limits { failed_keys_per_minute: 3, ..Limits::default() };
    let house = House::behind(Front { limits, ..Front::default() });
    let issued = house.vendor().issues_key("Acme", "basic");
    let mut browser = Browser::at(house.address());
    let page = browser.opens("/check?lang=en");
    for _ in 0..3 {
        browser.sends(&page, "/check?lang=en", &[("registration_key", "nothing")]).is(422);
    }
    browser.sends(&page, "/check?lang=en", &[("registration_key", "nothing")]).is(429).says("Try again in");
    browser.sends(&page, "/check?lang=en", &[("registration_key", issued.text.reveal())]).is(200);
}

impl House {
    /// Somebody of a role, with the password that all have here.
    fn has_operator(&self, role: Role, email: &str) {
        let (email, actor) = (Email::parse(email).unwrap(), Actor::command_line("vendor"));
        let hash = crate::console::password_hash();
        self.store
            .write_blocking(self.clock.wall(), move |tx| operators::add(tx, &email, role, Some(&hash), &actor))
            .unwrap();
    }
}
