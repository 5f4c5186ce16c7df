//! `latchkey enroll check`: plays an agent's first contact, and explains what it sees.
//!
//! It says that it only checks, so that a gateway binds no machine and asks no GLPI for it; of a server that is no gateway
//! it asks nothing after the first word.

use std::time::Duration;

use clap::Args;
use latchkey_domain::network::Network;
use latchkey_glpi::agent::{Packing, check};
use latchkey_outgoing::{Answer, Client, Method, Request, Settings, Target};
use latchkey_texts::Language;
use serde::Serialize;
use serde_json::json;

use crate::context::Context;
use crate::printer::Tone;
use crate::problem::{Exit, Problem};

/// How long each step may take.
const WITHIN: Duration = Duration::from_secs(30);
const MOST_BYTES: usize = 1 << 20;

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// What agents have as server; it may hold user and secret
    url: String,
    /// What agents have as user
    #[arg(long)]
    user: Option<String>,
    /// What agents have as password, or - to read it from standard input
    #[arg(long, requires = "user")]
    password: Option<String>,
}

/// One thing that was seen.
#[derive(Debug, Serialize)]
struct Step {
    step: &'static str,
    status: Option<u16>,
    good: bool,
    says: String,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Outcome {
    LetIn,
    Refused,
    NeedsKey,
    Open,
    NoGateway,
    Unreachable,
}

pub(super) fn run(arguments: &Check, context: &Context) -> Result<Exit, Problem> {
    let (url, mut pair) = without_credentials(&arguments.url);
    if let (Some(user), Some(password)) = (&arguments.user, &arguments.password) {
        let password = if password == "-" { standard_input()? } else { password.clone() };
        pair = Some((user.clone(), password));
    }
    let target = Target::parse(&url).map_err(|_| {
        Problem::usage(
            "the address does not read",
            "give what agents have as server, such as https://inventory.example.org/",
        )
    })?;
    let client = client(context)?;
    let mut steps = Vec::new();
    let outcome = play(&client, &target, pair.as_ref(), &mut steps);
    context.printer.answer(
        || json!({ "server": target.origin().to_string(), "outcome": outcome, "steps": steps }),
        |page| {
            for step in &steps {
                let mark = if step.good { Tone::Good.paint("✓") } else { Tone::Bad.paint("✗") };
                page.line(format!("  {mark} {}", step.says));
            }
            page.blank();
            page.line(outcome.sentence());
        },
    )?;
    Ok(if outcome == Outcome::LetIn { Exit::Done } else { Exit::Refused })
}

/// Says what an agent says, in its order.
fn play(client: &Client, target: &Target, pair: Option<&(String, String)>, steps: &mut Vec<Step>) -> Outcome {
    let mut say = |step, status, good, says: String| steps.push(Step { step, status, good, says });
    let first = match send(client, target, None) {
        Ok(answer) => answer,
        Err(why) => {
            say("reach", None, false, why);
            return Outcome::Unreachable;
        }
    };
    let says = check::words(&first.body);
    match first.status {
        401 if first.header("www-authenticate") == Some(check::CHALLENGE) => {
            say("challenge", Some(401), true, "it asks for a key, in the way that agents understand".to_owned());
        }
        401 => {
            let challenge = first.header("www-authenticate").unwrap_or("none");
            say(
                "challenge",
                Some(401),
                false,
                format!("it asks for credentials, but this is no Latchkey gateway: {challenge}"),
            );
            return Outcome::NoGateway;
        }
        200 if check::is_let_in(&first.body) && target.path().contains("/enroll/") => {
            say("first word", Some(200), true, format!("the key in the address is taken: {says}"));
            return Outcome::LetIn;
        }
        200 if check::is_let_in(&first.body) => {
            say(
                "first word",
                Some(200),
                false,
                "it lets anybody in, without a key: this is a GLPI, not a gateway before it".to_owned(),
            );
            return Outcome::Open;
        }
        status if target.path().contains("/enroll/") => {
            say("first word", Some(status), false, format!("the key in the address is refused: {says}"));
            return Outcome::Refused;
        }
        status => {
            say(
                "first word",
                Some(status),
                false,
                format!("it answers with status {status}, as no gateway does: {says}"),
            );
            return Outcome::NoGateway;
        }
    }
    let Some(pair) = pair else {
        say("key", None, false, "no key was given to go on with: --user ID --password KEY".to_owned());
        return Outcome::NeedsKey;
    };
    match send(client, target, Some(pair)) {
        Err(why) => {
            say("key", None, false, why);
            Outcome::Unreachable
        }
        Ok(answer) if answer.status == 200 => {
            say("key", Some(200), true, format!("the key is taken: {}", check::words(&answer.body)));
            Outcome::LetIn
        }
        Ok(answer) => {
            say("key", Some(answer.status), false, check::words(&answer.body));
            Outcome::Refused
        }
    }
}

fn send(client: &Client, target: &Target, pair: Option<&(String, String)>) -> Result<Answer, String> {
    let body = Packing::Zlib.pack(check::PROLOG.as_bytes());
    let authorization = pair.map(|(user, password)| check::basic(user, password));
    let mut headers = vec![
        ("Content-Type", "application/x-compress-zlib"),
        (check::AGENT_ID, check::NOBODY),
        (check::ONLY_CHECKS, "1"),
    ];
    if let Some(authorization) = &authorization {
        headers.push(("Authorization", authorization));
    }
    let request =
        Request { target, method: Method::Post(&body), headers: &headers, within: WITHIN, most_bytes: MOST_BYTES };
    client.send(&request).map_err(|unanswered| {
        let said = latchkey_texts::unanswered(&unanswered, Language::English);
        format!("{} {}", said.cause, said.next_step)
    })
}

/// Whoever gives the command may reach what the machine reaches: it is no stranger who named the address.
fn client(context: &Context) -> Result<Client, Problem> {
    let settings = context.config.outgoing.settings()?;
    let everywhere: Vec<Network> = ["0.0.0.0/0", "::/0"].iter().filter_map(|network| network.parse().ok()).collect();
    Ok(Client::new(&Settings { allowed: everywhere, ..settings }))
}

/// `https://id:secret@host/` is how agents take credentials in an address.
fn without_credentials(url: &str) -> (String, Option<(String, String)>) {
    let Some((scheme, rest)) = url.split_once("://") else { return (url.to_owned(), None) };
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].rsplit_once('@') {
        Some((pair, host)) => {
            let pair = pair.split_once(':').map(|(user, secret)| (user.to_owned(), secret.to_owned()));
            (format!("{scheme}://{host}{}", &rest[end..]), pair)
        }
        None => (url.to_owned(), None),
    }
}

fn standard_input() -> Result<String, Problem> {
    let mut text = String::new();
    std::io::Read::read_to_string(&mut std::io::stdin(), &mut text)
        .map_err(|_| Problem::usage("standard input does not read", "give the password as one line"))?;
    Ok(text.trim().to_owned())
}

impl Outcome {
    fn sentence(self) -> &'static str {
        match self {
            Self::LetIn => "An agent with this server and this key is let in.",
            Self::Refused => "An agent with this server and this key is refused before it collects anything.",
            Self::NeedsKey => "An agent without a key is refused; with a key it was not tried.",
            Self::Open => "An agent needs no key here.",
            Self::NoGateway => "An agent would not get through here.",
            Self::Unreachable => "An agent on this machine would not get an answer.",
        }
    }
}
