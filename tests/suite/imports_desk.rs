//! All data at once in the console: rows of a spreadsheet that are judged first and then taken in, exports, and a backup.

use latchkey_domain::operators::Role;

use crate::console::Shown;
use crate::house::{House, both_databases};

const IMPORT: &str = "/console/import";
const TAKE: &str = "/console/import/take";
const DATA: &str = "/console/data";
const BACKUP: &str = "/console/data/backup";

const SHEET: &str = "customer;offer;begin_date;end_date;issue_key\n\
    Initech;basic;2026-01-01;2026-12-31;yes\n\
    Umbrella & Söhne <b>;standard;2026-03-01;2027-02-28;\n";

/// The keys that a page shows, as the lines of their file.
fn keys_in(page: &Shown) -> Vec<String> {
    let file = page.html.split("id=\"keys\"").nth(1).unwrap_or_else(|| panic!("no keys in {}", page.html));
    let file = file.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    file.lines().skip(2).map(|line| line.rsplit(',').next().unwrap().to_owned()).collect()
}

both_databases! {
    fn a_sheet_is_judged_row_by_row_and_taken_in_whole_or_not_at_all(house: House) {
        let mut owner = house.owner();
        let page = owner.opens(IMPORT);
        page.is(200).says("one bad row keeps all out");
        let bad = "customer;offer;begin_date;end_date;issue_key\n\
            Initech;basic;2026-01-01;2026-12-31;yes\n\
            Hooli;gold;2026-01-01;2026-12-31;\n\
            Hooli;basic;31/12/2025;2026-12-31;\n\
            Hooli;basic;2026-01-01;2025-12-31;\n\
            Hooli;basic;2026-01-01;2026-12-31;perhaps\n\
            Hooli;basic\n\
            initech;basic;2026-01-01;2026-12-31;yes\n\
            \u{202e}ilooH;basic;2026-01-01;2026-12-31;\n";
        let judged = owner.uploads(&page, IMPORT, &[("kind", "subscriptions"), ("sheet", "")], &[("file", "sales.csv", bad.as_bytes())]);
        judged.is(422).says("6 rows cannot be taken in, so none is").says("gold").says("“31/12/2025” is not a date").says("“perhaps” is neither yes nor no");
        judged.says("2 fields where there are 5 columns").says("The same as line 2").says("invisible control character");
        assert!(!judged.html.contains(TAKE), "nothing that could be pressed");
        // Not by sending it all the same.
        owner.forges(&judged, IMPORT, TAKE, &[("kind", "subscriptions"), ("sheet", bad)]).is(422);
        assert!(owner.opens("/console/customers").html.contains("no customers yet"), "nothing was changed");

        let judged = owner.uploads(&page, IMPORT, &[("kind", "subscriptions"), ("sheet", "")], &[("file", "sales.csv", SHEET.as_bytes())]);
        judged.is(200).says("2 to be made, 0 there already").says("Umbrella &#38; Söhne &#60;b&#62;").says("Take all of them in");
        assert!(owner.opens("/console/customers").html.contains("no customers yet"), "nothing is changed yet");
        let taken = owner.sends(&judged, TAKE, &[]);
        taken.is(200).says("2 rows were taken in").says("The keys that were issued");
        let keys = keys_in(&taken);
        assert_eq!(keys.len(), 1, "{}", taken.html);
        assert_eq!(house.glpi_10().asks(&keys[0]).is_running(), Some(true));
        // A second click shows the same keys, and makes no more.
        assert_eq!(keys_in(&owner.sends(&judged, TAKE, &[])), keys);
        assert_eq!(owner.opens("/console/keys.csv").html.lines().count(), 2);
        // The same rows again are there already; also pasted, and with tabs.
        let again = owner.sends(&page, IMPORT, &[("kind", "subscriptions"), ("sheet", &SHEET.replace(';', "\t"))]);
        again.is(200).says("0 to be made, 2 there already");
        owner.sends(&again, TAKE, &[]).is(200).says("Everything was there already");
        assert_eq!(owner.opens("/console/subscriptions.csv").html.lines().count(), 3);
    }

    fn what_changed_after_it_was_looked_at_is_judged_anew(house: House) {
        let mut owner = house.owner();
        let issued = house.vendor().issues_key("Initech", "basic");
        let page = owner.opens(IMPORT);
        let judged = owner.sends(&page, IMPORT, &[("kind", "subscriptions"), ("sheet", &SHEET.replace("Initech", &issued.customer.id.to_string()))]);
        judged.is(200).says("2 to be made");
        let erase = format!("/console/customers/{}/erase", issued.customer.id);
        let form = owner.opens(&erase);
        owner.sends(&form, &erase, &[("reason", "asked for")]).is(200);
        let late = owner.sends(&judged, TAKE, &[]);
        late.is(422).says("One row cannot be taken in").says("erased");
        assert!(!owner.opens("/console/customers").html.contains("Umbrella"), "all or none");
    }

    fn what_is_no_sheet_is_said_in_a_sentence(house: House) {
        let mut owner = house.owner();
        let page = owner.opens(IMPORT);
        let many = format!("customer\n{}", "Somebody\n".repeat(501));
        let long = format!("customer\n{}", "x".repeat(70_000));
        for (sheet, words) in [
            (&b""[..], "There are no rows"),
            (b"customer\n", "There are no rows"),
            (b"custmer\nAcme\n", "Did you mean “customer”?"),
            (b"customer,customer\nAcme,Acme\n", "Two columns"),
            (b"offer\nbasic\n", "is missing"),
            (b"\xFF\xFEc\0u\0", "not text in UTF-8"),
            (b"customer\nCaf\xE9\n", "not text in UTF-8"),
            (many.as_bytes(), "501 rows are more than the 500"),
            (long.as_bytes(), "longer than 64 KiB"),
            (&vec![b'a'; 400_000], "longer than 64 KiB"),
        ] {
            let shown = owner.uploads(&page, IMPORT, &[("kind", "customers")], &[("file", "a.csv", sheet)]);
            shown.is(422).says("role=\"alert\"").says(words);
        }
        owner.reads("fr");
        let page = owner.opens(IMPORT);
        owner.uploads(&page, IMPORT, &[("kind", "customers")], &[("file", "a.csv", b"nom\nAcme\n")]).is(422).says("Il n’y a pas de colonne « nom »");
    }

    fn each_role_takes_and_gives_as_much_as_it_may(house: House) {
        house.vendor().issues_key("=cmd()", "basic");
        for (role, email, imports, backs_up) in [
            (Role::Auditor, "auditor@example.org", false, false),
            (Role::Support, "support@example.org", false, false),
            (Role::Manager, "manager@example.org", true, false),
            (Role::Owner, "somebody@example.org", true, true),
        ] {
            let mut browser = house.signed_in_as(role, email);
            let page = browser.opens(DATA);
            page.is(200);
            assert_eq!(page.html.contains(&format!("href=\"{IMPORT}\"")), imports, "{role}");
            assert_eq!(page.html.contains(&format!("href=\"{BACKUP}\"")), backs_up, "{role}");
            browser.opens(IMPORT).is(if imports { 200 } else { 403 });
            browser.opens(BACKUP).is(if backs_up { 200 } else { 403 });
            // Whoever may not see tokens in their list is not given them here.
            let tokens = format!("{DATA}/exports/tokens.csv");
            assert_eq!(page.html.contains(&tokens), backs_up, "{role}");
            browser.opens(&tokens).is(if backs_up { 200 } else { 403 });
            let password = "/console/account/password";
            let form = browser.opens(password);
            browser.forges(&form, password, BACKUP, &[]).is(if backs_up { 200 } else { 403 });
            if !imports {
                browser.forges(&form, password, TAKE, &[("kind", "customers"), ("sheet", "customer\nEve\n")]).is(403);
            }
        }
        let mut owner = house.signed_in_as(Role::Owner, "owner@example.org");
        for kind in ["customers", "subscriptions", "keys", "audit", "directory", "operators", "tokens", "agents"] {
            let csv = owner.opens(&format!("{DATA}/exports/{kind}.csv"));
            csv.is(200);
            owner.opens(&format!("{DATA}/exports/{kind}.jsonl")).is(200);
        }
        owner.opens(&format!("{DATA}/exports/customers.csv")).says("'=cmd()");
        owner.opens(&format!("{DATA}/exports/customers.jsonl")).says("\"=cmd()\"");
        for nothing in ["customers", "sessions.csv", "..%2Fkeys.csv", "keys.csv.gz"] {
            owner.opens(&format!("{DATA}/exports/{nothing}")).is(404);
        }
        let form = owner.opens(BACKUP);
        form.says("The master key is not in it");
        let backup = owner.sends(&form, BACKUP, &[]);
        backup.is(200);
        assert!(backup.html.len() > 1_000, "{} bytes", backup.html.len());
        assert!(!owner.opens("/console/customers").html.contains("Eve"));
    }
}

/// In a real browser: a file is chosen, looked at, and taken in, with scripts and without.
#[test]
fn a_file_is_taken_in_with_scripts_and_without() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sales.csv");
    for scripts in [true, false] {
        let house = House::on_sqlite();
        let browser = house.owner_browses(scripts);
        browser.follow("Import and export");
        browser.follow("Import from a spreadsheet");
        for (sheet, words) in [("customer,offer\nInitech,basic\n", "is missing"), (SHEET, "2 to be made")] {
            std::fs::write(&file, sheet).unwrap();
            browser.choose("#file", &file);
            browser.click("main form[action='/console/import'] button[type=submit]");
            browser.reads(words);
        }
        browser.picture(&crate::browser::pictures().join(format!("import-judged-{scripts}.png")));
        browser.push("Take all of them in");
        browser.reads("2 rows were taken in");
        browser.picture(&crate::browser::pictures().join(format!("import-taken-{scripts}.png")));
        browser.follow("Customers");
        browser.reads("Initech");
    }
}
