//! Faults on the way that need no network of their own: ports, certificates, answers, clocks, PHP.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use super::certificates::{Authority, Wish, self_signed};
use super::lab::{Lab, Service};
use super::php::with_php;
use super::stranger::{Answer, BlackHole, Manner, Stranger};

/// An answer over HTTP with this status, these headers and this body.
fn reply(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

/// A laboratory whose GLPI is pointed at a stranger, which may become the service.
fn at_a_stranger(answer: impl FnOnce(SocketAddr) -> Answer) -> (Stranger, Lab) {
    let lab = Lab::healthy();
    let stranger = Stranger::in_the_clear(answer(lab.service.latchkey()));
    lab.points_at(&stranger.url());
    (stranger, lab)
}

/// The fault is named, and where the stranger becomes the service, it is gone.
#[track_caller]
fn is_named_and_gone(answer: impl FnOnce(SocketAddr) -> Answer, code: &str, check: &str) {
    let (stranger, lab) = at_a_stranger(answer);
    let fault = lab.diagnosis().names(code);
    assert_eq!(fault.id, check);
    stranger.changes(|manner| manner.answer = Answer::Of(lab.service.latchkey()));
    lab.diagnosis().is_clean();
}

#[test]
fn a_service_behind_tls_gets_a_clean_report() {
    let lab = Lab::at(Service::with_tls());
    let diagnosis = lab.diagnosis();
    diagnosis.is_clean();
    assert!(diagnosis.seen("road.tls").starts_with("TLS 1.3; the certificate of 127.0.0.1"));
    assert!(diagnosis.seen("road.php_trust").contains("authorities.pem"));
}

#[test]
fn a_port_that_nobody_listens_on_is_named_and_the_service_on_it_mends_it() {
    let lab = Lab::healthy();
    let port = latchkey_tests_support::free_port();
    lab.points_at(&format!("http://127.0.0.1:{port}"));
    let fault = lab.diagnosis().names("TCP_REFUSED");
    assert_eq!(fault.id, "road.ipv4");
    assert!(fault.seen.contains(&format!("127.0.0.1:{port}")), "{}", fault.seen);
    // "starts the service"
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let _service = Stranger::on(listener, Manner { tls: None, answer: Answer::Of(lab.service.latchkey()) });
    lab.diagnosis().is_clean();
}

#[test]
fn a_black_hole_is_named_and_opening_the_firewall_mends_it() {
    let lab = Lab::healthy();
    let hole = BlackHole::at("127.0.0.1:0");
    lab.points_at(&format!("http://{}", hole.address));
    let diagnosis = lab.diagnosis();
    diagnosis.names("TCP_TIMEOUT");
    assert!(diagnosis.seen("road.php").contains("PHP meets the same"), "{}", diagnosis.seen("road.php"));
    let _opened = hole.opens(Manner { tls: None, answer: Answer::Of(lab.service.latchkey()) });
    lab.diagnosis().is_clean();
}

/// The front's certificate is exchanged for another one; the doctor names what is wrong with it; the old one mends it.
#[track_caller]
fn certificate_is_named(
    code: &str,
    said: &str,
    certificate: impl FnOnce(&Lab) -> std::sync::Arc<rustls::ServerConfig>,
) {
    let lab = Lab::at(Service::with_tls());
    let spoiled = certificate(&lab);
    lab.service.front().changes(|manner| manner.tls = Some(spoiled));
    let fault = lab.diagnosis().names(code);
    assert_eq!(fault.id, "road.tls");
    assert!(fault.seen.contains(said), "{}", fault.seen);
    let good = lab.service.authority().vouches_for(&Wish::of("127.0.0.1"));
    lab.service.front().changes(|manner| manner.tls = Some(good));
    lab.diagnosis().is_clean();
}

#[test]
fn an_expired_certificate_is_named() {
    certificate_is_named("CERT_EXPIRED", "ended on 2024-01-01", |lab| {
        lab.service.authority().vouches_for(&Wish { years: (2021, 2024), ..Wish::of("127.0.0.1") })
    });
}

#[test]
fn a_certificate_of_tomorrow_is_named() {
    certificate_is_named("CERT_NOT_YET_VALID", "begins on 2090-01-01", |lab| {
        lab.service.authority().vouches_for(&Wish { years: (2090, 2091), ..Wish::of("127.0.0.1") })
    });
}

#[test]
fn a_certificate_of_another_name_is_named() {
    certificate_is_named("CERT_WRONG_NAME", "a certificate for www.example.org", |lab| {
        lab.service.authority().vouches_for(&Wish::of("www.example.org"))
    });
}

#[test]
fn a_certificate_signed_by_itself_is_named() {
    certificate_is_named("CERT_SELF_SIGNED", "127.0.0.1", |_| self_signed(&Wish::of("127.0.0.1")));
}

#[test]
fn a_certificate_of_an_unknown_authority_is_named_and_trusting_it_mends_it() {
    let lab = Lab::at(Service::with_tls());
    let other = Authority::named("Somebody's own authority");
    lab.service.front().changes(|manner| manner.tls = Some(other.vouches_for(&Wish::of("127.0.0.1"))));
    let fault = lab.diagnosis().names("CERT_UNKNOWN_ISSUER");
    assert!(fault.seen.contains("Somebody's own authority"), "{}", fault.seen);
    // What update-ca-certificates does with a file of one's own: the store has it, too.
    let store = lab.file("authorities.pem");
    fs::write(&store, format!("{}{}", fs::read_to_string(&store).unwrap(), other.pem())).unwrap();
    lab.diagnosis().is_clean();
}

#[test]
fn a_chain_with_a_gap_is_named_and_sending_the_whole_chain_mends_it() {
    let lab = Lab::at(Service::with_tls());
    let between = lab.service.authority().below("An authority between");
    lab.service.front().changes(|manner| manner.tls = Some(between.vouches_for(&Wish::of("127.0.0.1"))));
    let fault = lab.diagnosis().names("CERT_UNKNOWN_ISSUER");
    assert!(fault.seen.contains("An authority between"), "{}", fault.seen);
    // "let it send the whole chain"
    lab.service.front().changes(|manner| manner.tls = Some(between.vouches_with_its_own(&Wish::of("127.0.0.1"))));
    lab.diagnosis().is_clean();
}

#[test]
fn a_certificate_that_soon_ends_is_named() {
    certificate_is_named("CERT_EXPIRES_SOON", "127.0.0.1", |lab| {
        lab.service.authority().vouches_for(&Wish { days_left: Some(5), ..Wish::of("127.0.0.1") })
    });
}

#[test]
fn a_certificate_that_is_none_of_a_server_is_named() {
    certificate_is_named("CERT_UNUSABLE", "127.0.0.1", |lab| {
        lab.service.authority().vouches_for(&Wish { may_vouch: true, ..Wish::of("127.0.0.1") })
    });
}

#[test]
fn a_server_that_does_not_speak_tls_as_it_should_is_named() {
    // What a server sends that knows no version that is offered, and one that likes no cipher.
    for (alert, code) in [(&[21, 3, 1, 0, 2, 2, 70], "TLS_TOO_OLD"), (&[21, 3, 3, 0, 2, 2, 40], "TLS_FAILED")] {
        let lab = Lab::at(Service::with_tls());
        let good = lab.service.authority().vouches_for(&Wish::of("127.0.0.1"));
        let service = lab.service.latchkey();
        lab.service.front().changes(|manner| *manner = Manner { tls: None, answer: Answer::Raw(alert) });
        lab.diagnosis().names(code);
        lab.service.front().changes(|manner| *manner = Manner { tls: Some(good), answer: Answer::Of(service) });
        lab.diagnosis().is_clean();
    }
}

#[test]
fn a_known_interceptor_is_called_one() {
    certificate_is_named("CERT_INTERCEPTED", "FortiGate CA", |_| {
        Authority::named("FortiGate CA").vouches_for(&Wish::of("127.0.0.1"))
    });
}

#[test]
fn a_port_without_tls_is_named_and_the_right_scheme_mends_it() {
    let lab = Lab::healthy();
    lab.points_at(&lab.service.url.replace("http://", "https://"));
    lab.diagnosis().names("TLS_NOT_SPOKEN");
    lab.points_at(&lab.service.url);
    lab.diagnosis().is_clean();
}

#[test]
fn a_web_page_where_json_was_due_is_named() {
    let page = reply("200 OK", "Content-Type: text/html\r\n", "<!DOCTYPE html><title>It works!</title>");
    let (_stranger, lab) = at_a_stranger(|_| Answer::Bytes(page.clone()));
    assert!(lab.diagnosis().names("HTTP_HTML").seen.contains("It works!"));
    is_named_and_gone(|_| Answer::Bytes(page.clone()), "HTTP_HTML", "road.http");
    is_named_and_gone(|to| Answer::For("/api/registration/info", page.clone(), to), "HTTP_HTML", "road.info");
}

#[test]
fn other_answers_that_glpi_cannot_read_are_named() {
    is_named_and_gone(|_| Answer::Bytes(reply("200 OK", "", "")), "HTTP_EMPTY", "road.http");
    is_named_and_gone(|_| Answer::Bytes(reply("404 Not Found", "", "{}")), "HTTP_STATUS", "road.http");
    is_named_and_gone(|_| Answer::Bytes("SSH-2.0-OpenSSH\r\n".into()), "HTTP_BROKEN", "road.http");
    is_named_and_gone(|_| Answer::Nothing, "HTTP_BROKEN", "road.http");
    let odd = reply("200 OK", "", "hello");
    is_named_and_gone(|to| Answer::For("/api/registration/info", odd, to), "HTTP_NOT_JSON", "road.info");
}

#[test]
fn an_answer_that_does_not_come_is_named() {
    is_named_and_gone(|to| Answer::After(Duration::from_millis(1_500), to), "HTTP_TIMEOUT", "road.http");
}

#[test]
fn an_answer_that_comes_late_is_named() {
    let (stranger, lab) = at_a_stranger(|to| Answer::After(Duration::from_millis(2_100), to));
    let lab = lab.with_patience("4");
    let fault = lab.diagnosis().names("HTTP_SLOW");
    assert_eq!(fault.status, "warning");
    stranger.changes(|manner| manner.answer = Answer::Of(lab.service.latchkey()));
    lab.diagnosis().is_clean();
}

#[test]
fn redirects_are_named_by_where_they_lead() {
    let to = |location: &str| reply("302 Found", &format!("Location: {location}\r\n"), "");
    is_named_and_gone(|_| Answer::Bytes(to("/api/registration/")), "REDIRECT_LOOP", "road.http");

    let (stranger, lab) = at_a_stranger(Answer::Of);
    let location = format!("{}/api/registration/", lab.service.url);
    stranger.changes(|manner| manner.answer = Answer::Bytes(to(&location)));
    let fault = lab.diagnosis().names("REDIRECTED");
    // "Write the final address in local_define.php"
    let line = fault.next_step.rsplit(": define(").next().unwrap();
    lab.defines(&format!("<?php\ndefine({line}\n"));
    lab.diagnosis().is_clean();
}

#[test]
fn a_redirect_that_leads_to_no_service_is_named_and_taking_it_away_mends_it() {
    let to = |location: &str| reply("302 Found", &format!("Location: {location}\r\n"), "");
    let text = Stranger::in_the_clear(Answer::Bytes(reply("200 OK", "Content-Type: text/plain\r\n", "moved")));
    let nobody = format!("http://127.0.0.1:{}/api/registration/", latchkey_tests_support::free_port());
    for location in [format!("{}/api/registration/", text.url()), nobody, "mailto:somebody@example.org".to_owned()] {
        is_named_and_gone(|_| Answer::Bytes(to(&location)), "REDIRECTED_ASTRAY", "road.http");
    }
}

#[test]
fn a_redirect_to_https_is_named_with_the_address_to_write() {
    let lab = Lab::at(Service::with_tls());
    let secure = lab.service.url.clone();
    let plain = Stranger::in_the_clear(Answer::Bytes(reply(
        "301 Moved Permanently",
        &format!("Location: {secure}/api/registration/\r\n"),
        "",
    )));
    lab.points_at(&plain.url());
    let fault = lab.diagnosis().names("REDIRECTED");
    assert!(fault.next_step.contains(&format!("'{secure}'")), "{}", fault.next_step);
    lab.points_at(&secure);
    lab.diagnosis().is_clean();
}

#[test]
fn a_circle_over_two_hosts_is_one_too() {
    let to = |location: &str| reply("302 Found", &format!("Location: {location}\r\n"), "");
    let (one, lab) = at_a_stranger(Answer::Of);
    let other = Stranger::in_the_clear(Answer::Bytes(to(&format!("{}/api/registration/", one.url()))));
    one.changes(|manner| manner.answer = Answer::Bytes(to(&format!("{}/x", other.url()))));
    lab.diagnosis().names("REDIRECT_LOOP");
    one.changes(|manner| manner.answer = Answer::Of(lab.service.latchkey()));
    lab.diagnosis().is_clean();
}

#[test]
fn a_portal_is_named_and_being_let_through_mends_it() {
    let page = reply("200 OK", "Content-Type: text/html\r\n", "<html><title>Hotel Wi-Fi</title></html>");
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let portal = Stranger::on(listener, Manner { tls: None, answer: Answer::Bytes(page) });
    let away = reply("302 Found", &format!("Location: http://{}/login\r\n", portal.address), "");
    is_named_and_gone(|_| Answer::Bytes(away), "CAPTIVE_PORTAL", "road.http");
    let required = reply("511 Network Authentication Required", "", "<html><title>Log in</title></html>");
    is_named_and_gone(|_| Answer::Bytes(required), "CAPTIVE_PORTAL", "road.http");
}

#[test]
fn a_service_that_cannot_answer_is_named_with_its_own_code() {
    let problem = r#"{"code":"STORE_UNAVAILABLE","title":"Database not available","detail":"It is away."}"#;
    let (_stranger, lab) = at_a_stranger(|_| Answer::Bytes(reply("503 Service Unavailable", "", problem)));
    let fault = lab.diagnosis().names("SERVICE_UNAVAILABLE");
    assert!(fault.seen.contains("503 STORE_UNAVAILABLE: It is away."), "{}", fault.seen);
    is_named_and_gone(
        |_| Answer::Bytes(reply("503 Service Unavailable", "", problem)),
        "SERVICE_UNAVAILABLE",
        "road.http",
    );
}

#[test]
fn a_clock_that_is_off_is_named_and_the_right_time_mends_it() {
    for (seconds, code, status) in [
        (-7_200, "CLOCK_AHEAD", "error"),
        (7_200, "CLOCK_BEHIND", "error"),
        (-120, "CLOCK_AHEAD", "warning"),
        (120, "CLOCK_BEHIND", "warning"),
    ] {
        let (stranger, lab) = at_a_stranger(|to| Answer::WithClockOff(to, seconds));
        let fault = lab.diagnosis().names(code);
        assert_eq!(fault.status, status);
        assert!(fault.seen.contains(" s ahead") || fault.seen.contains(" s behind"), "{}", fault.seen);
        assert!(fault.why.contains("believes what it heard of a key"), "{}", fault.why);
        // Where this command keeps time, the clocks agree from then on. This machine's cannot be set by a test.
        let set = lab.file("kept");
        let tools =
            lab.tool("timedatectl", &format!("#!/bin/sh\n[ \"$*\" = 'set-ntp true' ] && : > {}\n", set.display()));
        fault.follow_where(&[&tools]);
        assert!(set.exists());
        stranger.changes(|manner| manner.answer = Answer::Of(lab.service.latchkey()));
        lab.diagnosis().is_clean();
    }
}

#[test]
fn a_clock_that_makes_a_good_certificate_look_expired_is_named_and_not_the_certificate() {
    let lab = Lab::at(Service::with_tls());
    // By the service's clock it is 2023.
    let past = lab.service.authority().vouches_for(&Wish { years: (2022, 2024), ..Wish::of("127.0.0.1") });
    let years = jiff::Timestamp::now().as_second() - 1_685_620_800;
    let service = lab.service.latchkey();
    lab.service
        .front()
        .changes(|manner| *manner = Manner { tls: Some(past), answer: Answer::WithClockOff(service, -years) });
    let fault = lab.diagnosis().names("CLOCK_AHEAD");
    assert_eq!(fault.id, "time.clock");
    // With the right time on both sides the certificate is one of today.
    let today = lab.service.authority().vouches_for(&Wish::of("127.0.0.1"));
    lab.service.front().changes(|manner| *manner = Manner { tls: Some(today), answer: Answer::Of(service) });
    lab.diagnosis().is_clean();
}

#[test]
fn a_trust_store_of_phps_own_that_is_not_there_is_named_and_taking_it_out_mends_it() {
    let lab = Lab::healthy();
    lab.sets_php("openssl.cafile=/nowhere/authorities.pem\n");
    let fault = lab.diagnosis().names("PHP_TRUST_FILE");
    assert!(fault.seen.contains("openssl.cafile") && fault.seen.contains("/nowhere/"), "{}", fault.seen);
    lab.sets_php("");
    lab.diagnosis().is_clean();
}

#[test]
fn a_trust_store_of_phps_own_that_lacks_the_authority_is_named_and_adding_it_mends_it() {
    let lab = Lab::at(Service::with_tls());
    let store = lab.file("php.pem");
    fs::write(&store, Authority::named("Another authority").pem()).unwrap();
    lab.sets_php(&format!("openssl.cafile={}\n", store.display()));
    let fault = lab.diagnosis().names("PHP_TRUST_ISSUER");
    assert!(fault.seen.contains("The laboratory's authority"), "{}", fault.seen);
    // "add the authority's certificate"
    fs::write(&store, format!("{}{}", fs::read_to_string(&store).unwrap(), lab.service.authority().pem())).unwrap();
    lab.diagnosis().is_clean();
}

#[test]
fn an_answer_that_php_alone_does_not_get_is_named() {
    let page = reply("200 OK", "Content-Type: text/html\r\n", "<!DOCTYPE html><title>Blocked</title>");
    let asks = reply("407 Proxy Authentication Required", "", "");
    for (answer, said) in [(page, "200 “Blocked”"), (asks, "407")] {
        let lab = Lab::healthy();
        // A proxy that is set for PHP and for nothing else, as a pool or a wrapper does.
        let proxy = Stranger::in_the_clear(Answer::Bytes(answer));
        let php = with_php(&lab, &format!("#!/bin/sh\nhttp_proxy={} exec PHP \"$@\"\n", proxy.url()));
        let lab = lab.with_arguments(&["--php", &php]);
        let fault = lab.diagnosis().names("PHP_ROAD");
        assert!(fault.seen.contains(said), "{}", fault.seen);
        assert!(fault.next_step.starts_with("Look for what is different for PHP or for this user: a proxy"));
        with_php(&lab, "#!/bin/sh\nexec PHP \"$@\"\n");
        lab.diagnosis().is_clean();
    }
}

#[test]
fn a_way_that_php_alone_does_not_have_is_named() {
    let lab = Lab::healthy();
    lab.sets_php("disable_functions=curl_exec\n");
    let fault = lab.diagnosis().names("PHP_ROAD");
    assert!(fault.next_step.contains("disabled functions in php.ini"), "{}", fault.next_step);
    lab.sets_php("");
    lab.diagnosis().is_clean();
}
