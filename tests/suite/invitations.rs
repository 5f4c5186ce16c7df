//! Invitations from end to end: an administrator makes one, a newcomer opens its URL, and there is an account, once.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use latchkey_tests_support::glpi::{GlpiDouble, Right, Wrong};
use latchkey_tests_support::http::{Request, Response};
use latchkey_tests_support::postgres::Cluster;
use latchkey_tests_support::{free_port, poll_until};
use serde_json::Value as Json;

use crate::installed::{Installed, Served};

pub(crate) const PASSWORD: &str = "Correct-horse 7 battery";
const PATIENCE: Duration = Duration::from_secs(60);

impl Installed {
    /// A server that may ask this machine.
    pub(crate) fn serves_with_glpi(&self) -> Served {
        let listen = format!("127.0.0.1:{}", free_port());
        let program = self.program(&["serve", "--listen", &listen, "--public-url", "http://join.example.org"]);
        let program =
            program.env("LATCHKEY_OUTGOING_ALLOW", "127.0.0.0/8").env("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1");
        let process = program.spawn();
        let address: SocketAddr = listen.parse().unwrap();
        poll_until(PATIENCE, || Request::get("/readyz").try_send(address).ok().filter(|answer| answer.status == 200));
        Served { process, address }
    }

    pub(crate) fn invites(&self, more: &[&str]) -> (String, String) {
        let mut arguments = vec!["invite", "create", "--name", "Sales"];
        arguments.extend_from_slice(more);
        let made = self.json(&arguments);
        let url = made["url"].as_str().unwrap();
        (made["invitation_id"].as_str().unwrap().to_owned(), url[url.find("/join/").unwrap()..].to_owned())
    }

    pub(crate) fn registrations(&self, invitation: &str) -> Vec<Json> {
        self.json(&["invite", "registrations", invitation])["registrations"].as_array().unwrap().clone()
    }

    pub(crate) fn uses(&self, invitation: &str) -> i64 {
        self.json(&["invite", "show", invitation])["uses"].as_i64().unwrap()
    }
}

/// Somebody who was invited.
#[derive(Clone)]
pub(crate) struct Newcomer {
    address: SocketAddr,
    cookie: String,
    token: String,
    /// From where, as the proxy says.
    from: String,
}

impl Newcomer {
    pub(crate) fn opens(address: SocketAddr, path: &str) -> Self {
        let opened = Request::get(path).send(address);
        assert_eq!((opened.status, opened.header("location").as_deref()), (303, Some("/join")), "{}", opened.text());
        let cookie = opened.header("set-cookie").unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let page = Request::get("/join").header("cookie", &cookie).send(address).text();
        let token = page.split("name=\"form_token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        Self { address, cookie, token, from: "192.0.2.1".to_owned() }
    }

    fn from(self, number: usize) -> Self {
        Self { from: format!("198.18.{}.{}", number / 250, number % 250 + 1), ..self }
    }

    pub(crate) fn sends(&self, fields: &[(&str, &str)]) -> Response {
        let login = fields.iter().find(|(name, _)| *name == "login").map_or("marie.curie", |(_, login)| login);
        let email = format!("{}@example.org", login.to_lowercase());
        let mut all = vec![
            ("form_token", self.token.as_str()),
            ("firstname", "Marie"),
            ("realname", "Curie"),
            ("email", &email),
            ("login", login),
            ("password", PASSWORD),
            ("password2", PASSWORD),
            ("_profiles_id", "4"),
        ];
        for (name, value) in fields {
            all.retain(|(known, _)| known != name);
            all.push((name, value));
        }
        let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body: Vec<String> = all.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        Request::post("/join")
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("x-forwarded-for", &self.from)
            .body(body.join("&"))
            .timeout(PATIENCE)
            .send(self.address)
    }
}

pub(crate) fn installed_on_both() -> [Installed; 2] {
    [Installed::embedded(), Installed::on_postgres(Cluster::shared().fresh_database())]
}

#[test]
fn without_a_glpi_the_built_in_directory_takes_the_account_and_gives_it_out() {
    for installed in installed_on_both() {
        let mut served = installed.serves_with_glpi();
        let (id, path) = installed.invites(&["--email-domain", "example.org"]);
        for _ in 0..3 {
            Newcomer::opens(served.address, &path);
        }
        assert_eq!(installed.uses(&id), 0, "opening uses nothing up");
        let newcomer = Newcomer::opens(served.address, &path);
        let refused =
            newcomer.sends(&[("login", "\u{430}dmin"), ("password", "password1"), ("password2", "password1")]);
        assert_eq!(refused.status, 422);
        let page = refused.text();
        for part in ["looks like another one", "on lists that became known", "value=\"Marie\"", "login-fault"] {
            assert!(page.contains(part), "all that is wrong is said at once: {part}: {page}");
        }
        assert!(!page.contains("password1"), "{page}");
        let done = newcomer.sends(&[]);
        assert_eq!(done.status, 303, "{}", done.text());
        let receipt = done.header("location").unwrap();
        assert!(Request::get(&receipt).send(served.address).text().contains("marie.curie"));
        assert_eq!(
            newcomer.sends(&[]).header("location"),
            Some(receipt.clone()),
            "a second click gets the first one's answer"
        );
        assert_eq!(installed.uses(&id), 1);
        let page = Request::get(&receipt).send(served.address);
        assert!(
            page.header("referrer-policy").as_deref() == Some("same-origin")
                && !page.text().contains(path.trim_start_matches("/join/"))
        );
        let gone = Request::get(&path).header("accept-language", "de").send(served.address);
        assert_eq!(gone.status, 410);
        assert!(gone.text().contains("aufgebraucht"), "{}", gone.text());

        let csv = installed.runs(&["export", "directory"]).stdout;
        assert!(csv.lines().count() == 2 && csv.contains(",marie.curie,Marie,Curie,marie.curie@example.org,"), "{csv}");
        served.process.terminate();
        served.process.wait(PATIENCE);
        let shown = installed.json(&["invite", "show", &id]);
        let counted = |what: &str| {
            let counts = shown["counts"].as_array().unwrap();
            counts.iter().filter(|it| it["what"] == what).map(|it| it["times"].as_i64().unwrap()).sum::<i64>()
        };
        let all = ["opened", "started", "completed", "refused:INVITATION_USED_UP"].map(counted);
        assert_eq!(all, [4, 3, 1, 1], "what was counted is written down by a server that is told to stop: {shown}");
        let secret = path.trim_start_matches("/join/");
        let log = format!("{}{}", served.process.stdout(), served.process.stderr());
        let receipt = receipt.trim_start_matches("/join/kept/");
        for hidden in [secret, receipt, PASSWORD, "marie"] {
            assert!(!log.contains(hidden), "{hidden}: {log}");
        }
    }
}

#[test]
fn the_demo_invites_and_takes_the_account() {
    let installed = Installed::embedded();
    let (listen, dir) = (format!("127.0.0.1:{}", free_port()), installed.path().join("demo"));
    let dir = dir.to_str().unwrap();
    let mut process = installed.program(&["demo", "--dir", dir, "--listen", &listen]).spawn();
    let line = process.wait_for_line("/join/", PATIENCE);
    let path = line[line.find("/join/").unwrap()..].trim_end().to_owned();
    assert_eq!(Newcomer::opens(listen.parse().unwrap(), &path).sends(&[]).status, 303);
    let csv = installed.runs(&["--data-dir", dir, "export", "directory"]).stdout;
    assert!(csv.contains(",marie.curie,Marie,Curie,marie.curie@example.org,"), "{csv}");
    process.terminate();
}

/// Where agents find the gateway says nothing of where people find the service.
#[test]
fn links_lead_to_where_the_server_said_that_it_is_found() {
    let installed = Installed::embedded();
    let says = |arguments: &[&str], member: &str| installed.json(arguments)[member].as_str().unwrap().to_owned();
    let invite = ["invite", "create", "--name", "Sales"];
    assert!(says(&invite, "url").starts_with("http://127.0.0.1:7070/join/"), "nobody has said anything yet");
    let listen = format!("127.0.0.1:{}", free_port());
    let (ours, agents) = ("https://keys.example.org", "https://agents.example.org/");
    let serve = ["serve", "--listen", &listen, "--public-url", ours, "--gateway-url", agents];
    let _process = installed.program(&serve).spawn();
    poll_until(PATIENCE, || Request::get("/readyz").try_send(&listen).ok());
    assert!(says(&invite, "url").starts_with(&format!("{ours}/join/")));
    assert!(says(&["setup-link"], "setup_link").starts_with(&format!("{ours}/console/setup/")));
}

#[test]
fn whoever_has_no_right_secret_gets_one_answer() {
    let installed = Installed::embedded();
    let served = installed.serves_with_glpi();
    let (_, path) = installed.invites(&[]);
    let (_, other) = installed.invites(&[]);
    let mixed = format!("{}{}", &path[..path.len() - 39], &other[other.len() - 39..]);
    // All of it but the moment and the request's number.
    let answer = |path: &str| {
        let answer = Request::get(path).send(served.address);
        let own = |name: &str| matches!(name.to_ascii_lowercase().as_str(), "date" | "x-request-id");
        let headers: Vec<_> = answer.headers.iter().filter(|(name, _)| !own(name)).cloned().collect();
        (answer.status, answer.text(), headers)
    };
    let first = answer("/join/nothing");
    assert!(first.0 == 404 && first.2.iter().all(|(name, _)| !name.eq_ignore_ascii_case("set-cookie")), "{first:?}");
    for wrong in [&mixed, &path[..path.len() - 1], "/join/lkinvite_000000000000_0", "/join/%00", "/join/%ff"] {
        assert_eq!(answer(wrong), first, "{wrong}");
    }
    let newcomer = Newcomer::opens(served.address, &path);
    let foreign = Newcomer { token: "0".repeat(64), ..Newcomer::opens(served.address, &path) };
    assert_eq!(foreign.sends(&[]).status, 403);
    // Nor may another page frame it, load into it, or have it sent.
    let page = Request::get("/join").header("cookie", &newcomer.cookie).send(served.address);
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.header("x-frame-options").as_deref(), Some("DENY"));
    let from_elsewhere =
        Request::post("/join").header("cookie", &newcomer.cookie).header("origin", "https://evil.example");
    assert_eq!(from_elsewhere.body("login=x").send(served.address).status, 403);
    assert_eq!(newcomer.sends(&[]).status, 303);
}

#[test]
fn of_a_hundred_at_once_as_many_get_in_as_may() {
    let database = Cluster::shared().fresh_database();
    let (first, second) = (Installed::on_postgres(database), Installed::embedded());
    let on_postgres = [first.serves_with_glpi(), first.serves_with_glpi()];
    let on_sqlite = [second.serves_with_glpi()];
    for (installed, servers) in [(&first, &on_postgres[..]), (&second, &on_sqlite[..])] {
        let glpi = GlpiDouble::start();
        installed.knows(&glpi);
        // A few rounds; fifty where somebody has the time: `make soak`.
        let rounds = std::env::var("LATCHKEY_SOAK").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2);
        for (limit, round) in (0..rounds).map(|round| (["1", "7"][round % 2], round)) {
            let (id, path) = installed.invites(&["--uses", limit]);
            let opens = |number: usize| Newcomer::opens(servers[number % servers.len()].address, &path).from(number);
            let newcomers: Vec<Newcomer> = (0..100).map(opens).collect();
            let in_ = AtomicUsize::new(0);
            std::thread::scope(|scope| {
                for (number, newcomer) in newcomers.iter().enumerate() {
                    let in_ = &in_;
                    scope.spawn(move || {
                        let login = format!("user.{round}.{number}");
                        // Who is told that there is no time just now sends the form again, and it is the same registration.
                        let mut answers = (0..30).map(|_| newcomer.sends(&[("login", &login)]).status);
                        match answers.find(|status| *status != 503) {
                            Some(303) => drop(in_.fetch_add(1, Ordering::SeqCst)),
                            status => assert_eq!(status, Some(410)),
                        }
                    });
                }
            });
            assert_eq!(in_.load(Ordering::SeqCst).to_string(), limit);
            let all = poll_until(PATIENCE, || {
                let all = installed.registrations(&id);
                all.iter().all(|one| one["state"] == "complete").then_some(all)
            });
            assert_eq!(all.len().to_string(), limit);
            let made = glpi.registered();
            let of_round = made.iter().filter(|user| user.name.starts_with(&format!("user.{round}.")));
            assert_eq!(of_round.count().to_string(), limit, "as many accounts in GLPI: {made:?}");
        }
    }
}

#[test]
fn what_cannot_be_mended_is_named_and_a_right_that_is_gone_takes_no_login_away() {
    let (installed, glpi) = (Installed::embedded(), GlpiDouble::start());
    let served = installed.serves_with_glpi();
    installed.knows(&glpi);
    let (id, path) = installed.invites(&["--uses", "9", "--entity", "1", "--profile", "2", "--group", "1"]);
    // It creates, but changes nothing any more.
    for (login, wrong) in [("no.password", Wrong::PasswordDropped), ("no.email", Wrong::EmailDropped)] {
        glpi.state().rights.insert("user", 1 | 4);
        glpi.goes_wrong("POST User", wrong);
        assert_eq!(Newcomer::opens(served.address, &path).sends(&[("login", login)]).status, 303);
        let all = installed.registrations(&id);
        let it = all.iter().find(|it| it["login"] == login).unwrap();
        assert_eq!((it["state"].as_str(), &it["remarks"][0]), (Some("incomplete"), &login[3..].into()), "{it}");
    }
    // It creates nothing any more, either: nobody is told that a login is taken which is not.
    glpi.state().rights.insert("user", 1);
    let sent = Newcomer::opens(served.address, &path).sends(&[("login", "patience")]);
    let page = Request::get(&sent.header("location").unwrap()).send(served.address).text();
    assert!(page.contains("is kept"), "{page}");
    glpi.state().rights.insert("user", 1 | 2 | 4);
    poll_until(PATIENCE, || (installed.registrations(&id)[2]["state"] == "complete").then_some(()));
    assert_eq!(glpi.users("patience").len(), 1);
}

#[test]
fn forms_come_so_often_from_one_address_and_no_more() {
    let installed = Installed::embedded();
    let served = installed.serves_with_glpi();
    let (_, path) = installed.invites(&[]);
    let newcomer = Newcomer::opens(served.address, &path);
    let mut sent = (0..400).map(|_| newcomer.sends(&[("login", "...")]));
    let (before, refused) = sent.by_ref().enumerate().find(|(_, answer)| answer.status != 422).unwrap();
    assert!(before >= 60, "{before}");
    assert!(refused.status == 429 && refused.header("retry-after").is_some(), "{}", refused.text());
    let elsewhere = Newcomer::opens(served.address, &path).from(7);
    assert_eq!(elsewhere.sends(&[]).status, 303, "others do not wait");
}

/// Bytes that no person would type, in every field: each form has an answer of ours, and none uses the invitation up.
#[test]
fn the_form_takes_anything_and_stumbles_over_nothing() {
    let installed = Installed::embedded();
    let mut served = installed.serves_with_glpi();
    let (mut all, mut taken) = (0, 0);
    let parts = [
        "",
        " ",
        "a",
        "admin",
        "\u{0}",
        "\u{202e}",
        "\u{200b}",
        "é",
        "аdmin",
        "<script>",
        "' OR 1=1 --",
        "{{7*7}}",
        "%00",
        "\r\nSet-Cookie: x=y",
        "@",
        "..",
        "\u{fffd}",
        "😀",
        "＠",
        "\\",
    ];
    let long = "x".repeat(5_000);
    let mut seed = 88_172_645_463_325_252_u64;
    let mut any = |most: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % most).unwrap()
    };
    let rounds = if std::env::var_os("LATCHKEY_SOAK").is_some() { 4_500 } else { 300 };
    let opens = || {
        let (id, path) = installed.invites(&["--unlimited"]);
        (id, Newcomer::opens(served.address, &path))
    };
    let (mut id, mut newcomer) = opens();
    for round in 0..rounds {
        // An invitation takes so many forms at once, and no more.
        if round % 900 == 899 {
            all += installed.registrations(&id).len();
            (id, newcomer) = opens();
        }
        let mut texts: Vec<(&str, String)> = Vec::new();
        for field in ["firstname", "realname", "email", "login", "password", "password2", "form_token", "x"] {
            if any(3) == 0 && (field != "form_token" || any(20) == 0) {
                let text: String = (0..any(6)).map(|_| parts[any(parts.len() as u64)]).collect();
                texts.push((field, if any(40) == 0 { long.clone() } else { text }));
            }
        }
        let fields: Vec<(&str, &str)> = texts.iter().map(|(field, text)| (*field, text.as_str())).collect();
        let answer = newcomer.clone().from(round).sends(&fields);
        assert!(matches!(answer.status, 303 | 403 | 422), "{} for {texts:?}", answer.status);
        assert!(answer.header("set-cookie").is_none() && !answer.text().contains("<script>"), "{texts:?}");
        taken += usize::from(answer.status == 303);
    }
    all += installed.registrations(&id).len();
    assert!((1..=taken).contains(&all), "the same login again is the same registration");
    for raw in [&b"\xff\xfe=&&&=%zz"[..], &[b'a'; 40_000], b"", b"form_token=%"] {
        let request = Request::post("/join").header("cookie", &newcomer.cookie).body(raw.to_vec());
        let status = request.send(served.address).status;
        assert!(matches!(status, 403 | 413), "{status}");
    }
    for cookie in ["latchkey_join=", "latchkey_join=AAAA", &format!("latchkey_join={}", "A".repeat(4_000))] {
        assert_eq!(Request::get("/join").header("cookie", cookie).send(served.address).status, 404, "{cookie}");
    }
    served.process.terminate();
    let log = served.process.stderr();
    assert!(!log.contains("panicked"), "{log}");
}

/// What was promised is there: one account, and all of it.
#[track_caller]
pub(crate) fn is_whole(glpi: &GlpiDouble) {
    let made = glpi.registered();
    assert_eq!(made.len(), 1, "{made:?}");
    let (user, state) = (&made[0], glpi.state());
    assert_eq!((user.name.as_str(), user.password.as_deref()), ("marie.curie", Some(PASSWORD)));
    assert_eq!(state.emails_of(user.id), ["marie.curie@example.org"]);
    assert_eq!(state.rights_of(user.id), [Right { profile: 2, entity: 1, recursive: true }]);
    assert_eq!(state.groups_of(user.id), [1]);
}

pub(crate) const AS_PROMISED: [&str; 7] = ["--entity", "1", "--recursive", "--profile", "2", "--group", "1"];

#[test]
fn whatever_glpi_does_the_account_is_as_promised_or_the_use_is_given_back() {
    let faults = [
        None,
        Some(("POST User", Wrong::AnswerLost)),
        Some(("POST User", Wrong::Broken)),
        Some(("POST User", Wrong::BrokenAfter)),
        Some(("POST User", Wrong::Silence(Duration::from_secs(30)))),
        Some(("POST User", Wrong::DefaultProfile)),
        Some(("POST User", Wrong::PasswordDropped)),
        Some(("POST User", Wrong::EmailDropped)),
        Some(("POST Group_User", Wrong::AnswerLost)),
        Some(("GET initSession", Wrong::Broken)),
    ];
    // Some wait for a while, so they wait together.
    let story = |fault| {
        let (installed, glpi) = (Installed::embedded(), GlpiDouble::start());
        let served = installed.serves_with_glpi();
        installed.knows(&glpi);
        let (id, path) = installed.invites(&AS_PROMISED);
        if let Some((call, how)) = fault {
            glpi.goes_wrong(call, how);
        }
        let begun = Instant::now();
        assert_eq!(Newcomer::opens(served.address, &path).sends(&[]).status, 303, "{fault:?}");
        assert!(begun.elapsed() < Duration::from_secs(25), "nobody waits before a page for as long as GLPI is silent");
        let ended = poll_until(PATIENCE, || {
            let all = installed.registrations(&id);
            (all.len() == 1 && all[0]["state"] != "waiting").then(|| all[0].clone())
        });
        assert_eq!(ended["state"], "complete", "{fault:?}: {ended}");
        is_whole(&glpi);
    };
    std::thread::scope(|stories| {
        for fault in faults {
            stories.spawn(move || story(fault));
        }
    });

    let (installed, glpi) = (Installed::embedded(), GlpiDouble::start());
    let served = installed.serves_with_glpi();
    installed.knows(&glpi);
    let (id, path) = installed.invites(&AS_PROMISED);
    glpi.goes_wrong("POST User", Wrong::TakenBefore);
    let sent = Newcomer::opens(served.address, &path).sends(&[]);
    assert_eq!(installed.registrations(&id)[0]["state"], "login-taken");
    assert_eq!(installed.uses(&id), 0, "the use was given back");
    assert!(Request::get(&sent.header("location").unwrap()).send(served.address).text().contains("taken"));
    assert_eq!(Newcomer::opens(served.address, &path).sends(&[("login", "marie.c")]).status, 303);
    assert_eq!(installed.registrations(&id)[1]["state"], "complete");
}

#[test]
fn a_registration_is_kept_while_glpi_is_away_and_what_waited_is_delivered() {
    for installed in installed_on_both() {
        let glpi = GlpiDouble::start();
        let served = installed.serves_with_glpi();
        let (early, early_path) = installed.invites(&AS_PROMISED);
        assert_eq!(Newcomer::opens(served.address, &early_path).sends(&[]).status, 303);
        assert_eq!(installed.registrations(&early)[0]["state"], "directory");
        installed.knows(&glpi);
        poll_until(PATIENCE, || (installed.registrations(&early)[0]["state"] == "complete").then_some(()));
        is_whole(&glpi);

        let (id, path) = installed.invites(&[]);
        glpi.is_away(true);
        let sent = Newcomer::opens(served.address, &path).sends(&[("login", "pierre")]);
        let page = Request::get(&sent.header("location").unwrap()).send(served.address).text();
        assert!(page.contains("is kept"), "{page}");
        assert_eq!(installed.registrations(&id)[0]["state"], "waiting");
        glpi.is_away(false);
        poll_until(PATIENCE, || (installed.registrations(&id)[0]["state"] == "complete").then_some(()));
        assert_eq!(glpi.users("pierre").len(), 1);
    }
}
