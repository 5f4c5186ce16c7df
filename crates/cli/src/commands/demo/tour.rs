//! What the demo shows, in its order.

use std::io;
use std::net::SocketAddr;

use latchkey_key::registration;
use latchkey_store::subscriptions::keys::Issued;
use latchkey_texts::Language;

use super::conversation::{Request, captured};
use crate::context::Context;
use crate::data_dir::cause;
use crate::printer::{Page, Tone};
use crate::problem::Problem;
use crate::records;

/// So much of a key is shown within a request, in characters.
const SHOWN: usize = 24;
/// So much of the key is left where one was cut, in characters.
const CUT: usize = 120;

/// Plays the requests, and shows questions and answers.
pub(super) fn show(address: SocketAddr, issued: &Issued, context: &Context) -> Result<(), Problem> {
    let failed = |error: io::Error| failed(&error);
    let key = issued.text.reveal();
    let info = || captured("/api/registration/info").map_err(failed);
    context.printer.page(|page| introduce(page, issued, context))?;
    let steps = [
        (
            "Is anybody there? (each time the tab GLPI Network is opened)",
            captured("/api/registration/").map_err(failed)?,
        ),
        ("What about this key?", info()?.with_key(key)),
        ("The same from a GLPI whose administrator reads French", info()?.with_key(key).in_language("fr")),
        ("What is sold? (for the badges on plugin cards)", captured("/api/registration/offers").map_err(failed)?),
        (
            "Which plugins are there? (the first page of the marketplace; this key opens both)",
            captured("/api/marketplace/plugins").map_err(failed)?.with_key(key),
        ),
    ];
    for (at, (question, request)) in steps.iter().enumerate() {
        let answer = request.ask(address).map_err(failed)?;
        context.printer.page(|page| exchange(page, at + 1, question, request, &answer.status, &answer.body))?;
    }
    let half = &key[..CUT];
    let request = info()?.with_key(half);
    let answer = request.ask(address).map_err(failed)?;
    context.printer.page(|page| {
        exchange(
            page,
            steps.len() + 1,
            "And where only half of the key was pasted?",
            &request,
            &answer.status,
            &answer.body,
        );
        if let Err(damage) = registration::read(half.as_bytes()) {
            page.line(format!(
                "GLPI shows its administrator: {}",
                Tone::Bad.paint(latchkey_texts::damage(&damage, Language::English).line())
            ));
        }
    })
}

/// The tour did not come to its end.
pub(super) fn failed(error: &io::Error) -> Problem {
    let detail = format!("the server did not answer as it should: {}", cause(error));
    Problem::unable("DEMO_FAILED", "Demo failed", detail, "is something else between? please report it")
}

/// Says how to go on.
pub(super) fn go_on(address: SocketAddr, issued: &Issued, context: &Context) -> Result<(), Problem> {
    context.printer.page(|page| how_to_go_on(page, address, issued, context))
}

fn introduce(page: &mut Page, issued: &Issued, context: &Context) {
    page.heading("Latchkey, shown with what an unmodified GLPI 10.0.19 asks");
    page.line(format!(
        "Everything of this demo is in {}; remove it when you are done.",
        context.config.data_dir.path().display()
    ));
    page.blank();
    page.facts(&records::subscription_facts(&issued.subscription, &issued.customer, context.now()));
}

fn exchange(page: &mut Page, number: usize, question: &str, request: &Request, status: &str, body: &str) {
    page.blank();
    page.heading(&format!("{number}. {question}"));
    page.line(Tone::Faint.paint(format!("> {}", request.line())));
    for (name, value) in &request.headers {
        page.line(Tone::Faint.paint(format!("> {name}: {}", shortened(value))));
    }
    page.line(format!("< {status}"));
    indented(body).lines().for_each(|line| page.line(format!("  {line}")));
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(SHOWN) {
        Some((end, _)) if value.len() > 2 * SHOWN => format!("{}… ({} characters)", &value[..end], value.len()),
        Some(_) | None => value.to_owned(),
    }
}

fn how_to_go_on(page: &mut Page, address: SocketAddr, issued: &Issued, context: &Context) {
    let (program, id) = (context.program(), issued.key.id);
    page.blank();
    page.heading("Now with a GLPI of yours");
    page.line("GLPI 10 and 11: write this line into config/local_define.php (which begins with <?php):");
    page.line(format!("  define('GLPI_NETWORK_SERVICES', 'http://{address}');"));
    page.line("GLPI 9.5 takes two:");
    page.line(format!("  define('GLPI_NETWORK_REGISTRATION_API_URL', 'http://{address}/api/registration/');"));
    page.line(format!("  define('GLPI_MARKETPLACE_PLUGINS_API_URI', 'http://{address}/api/glpi-plugins/');"));
    page.line("Then paste this key into Setup > General > GLPI Network and save. The GLPI of this tour counts as a test system, so");
    page.line("that yours gets the seat:");
    page.blank();
    page.line(issued.text.reveal());
    page.blank();
    page.heading("And in another terminal");
    for command in [
        format!("key show {id}"),
        format!("key revoke {id} --reason \"only a demo\""),
        format!("subscription renew {} --years 1", issued.subscription.id),
        "audit verify".to_owned(),
    ] {
        page.line(format!("  {program} {command}"));
    }
}

/// Compact JSON with line breaks, its members in the order in which they were sent.
fn indented(json: &str) -> String {
    let (mut out, mut depth, mut in_string, mut escaped) = (String::new(), 0_usize, false, false);
    let new_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    for c in json.chars() {
        match c {
            _ if in_string => {
                in_string = escaped || c != '"';
                escaped = c == '\\' && !escaped;
                out.push(c);
            }
            '{' | '[' => {
                depth += 1;
                out.push(c);
                new_line(&mut out, depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                new_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                new_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => {
                in_string = c == '"';
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_indented_as_it_was_sent() {
        let sent = r#"{"b":[1,{"a":null}],"a":"x, \"y\": {z}"}"#;
        let shown = "{\n  \"b\": [\n    1,\n    {\n      \"a\": null\n    }\n  ],\n  \"a\": \"x, \\\"y\\\": {z}\"\n}";
        assert_eq!(indented(sent), shown);
    }
}
