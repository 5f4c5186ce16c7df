//! A message, from its head to its answer.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_LENGTH};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;
use latchkey_domain::enrollment::{AgentUid, Asking, Bearer, DeviceId, Step, Tag, Verdict, decide};
use latchkey_domain::text::fold;
use latchkey_domain::time::Timestamp;
use latchkey_domain::{MessageFault, Refusal};
use latchkey_glpi::agent::message::agent_uid;
use latchkey_glpi::agent::packing::Unpackable;
use latchkey_glpi::agent::{Format, Message, Packing, What, check, headers, paths};
use latchkey_store::Undone;
use latchkey_store::enrollment::agents::{self, Sighting};
use latchkey_store::enrollment::queue::{self, Parcel};

use super::credentials::{self, NotShown, Shown};
use super::forward::{Glpi, Head, Outcome, pass_on};
use super::roll::Member;
use super::told::{self, Manner};
use super::{BASE, Gateway, oauth, stand_in, tally};
use crate::app::App;
use crate::front::Exchange;

/// Bodies that are longer are unpacked and read on a thread that may take its time.
const LONG: usize = 8 << 10;

/// A message, as far as it was understood.
struct Letter {
    what: What,
    format: Format,
    manner: Manner,
    device: Option<DeviceId>,
    uid: Option<AgentUid>,
    message: Option<Message>,
    /// As it goes on: what came, but for the tag.
    body: Bytes,
}

/// Who sends it.
struct Sender {
    shown: Shown,
    member: Option<Arc<Member>>,
}

/// Meets whatever comes to the gateway.
pub(crate) async fn meet(app: &App, exchange: &Exchange, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let manner = Manner::of_head(&parts.headers);
    let Ok(now) = app.now() else {
        told::read_on(body);
        return told::unable(manner, "the gateway's clock is wrong");
    };
    let path = parts.uri.path();
    let path = path.strip_prefix(BASE).filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path);
    let (in_path, path) = paths::key_in(path);
    let path = match paths::read(path) {
        paths::Path::Token if parts.method == Method::POST => {
            return Box::pin(oauth::exchange(app, exchange, body, now)).await;
        }
        paths::Path::Inventory(path) | paths::Path::Plugin(path) => path.to_owned(),
        paths::Path::Token => return other_method(manner, "POST"),
        paths::Path::Other => {
            told::read_on(body);
            let words = latchkey_glpi::agent::answer::refusal(manner.format, "agents send nothing there", 24);
            return manner.say(StatusCode::NOT_FOUND, &words);
        }
    };
    if ![Method::GET, Method::POST].contains(&parts.method) {
        told::read_on(body);
        return other_method(manner, "GET, POST");
    }
    let shown = match credentials::shown(&app.gateway, in_path, &parts.headers, now) {
        Ok(shown) => shown,
        Err(NotShown::Nothing | NotShown::OldToken) => return told::challenge(manner, body),
        Err(NotShown::Wrong) => {
            told::read_on(body);
            let refusal = Refusal::EnrollmentKeyWrong;
            app.gateway.tally.count("message", refusal.code());
            // Asked only here: a key that is good is never kept waiting.
            if let Some(seconds) = app.failed_keys.note(exchange.client(), app.clock.monotonic()) {
                return told::too_many(app, seconds, manner);
            }
            return told::refused(app, &refusal, manner);
        }
    };
    let tag = shown.known.key.policy.tag.as_ref();
    let letter = match read(&app.gateway, &parts, body, manner, tag).await {
        Ok(letter) => letter,
        Err(fault) => {
            let refusal = Refusal::MessageInvalid { fault };
            app.gateway.tally.count("message", refusal.code());
            return told::refused(app, &refusal, manner);
        }
    };
    if parts.headers.contains_key(check::ONLY_CHECKS) {
        return match only_checked(app, exchange, &shown, &letter, now) {
            Ok(()) => stand_in::answer(None, letter.what, letter.format, letter.manner),
            Err(refusal) => told::refused(app, &refusal, letter.manner),
        };
    }
    match admit(app, exchange, shown, &letter, now).await {
        Ok(sender) => hand_on(app, exchange, &parts, &path, letter, sender, now).await,
        Err(Undone::Refused(refusal)) => {
            app.gateway.tally.count(letter.what.name(), refusal.code());
            tracing::debug!(what = letter.what.name(), code = refusal.code(), "an agent was refused");
            told::refused(app, &refusal, letter.manner)
        }
        Err(Undone::Failed(error)) => {
            tracing::error!(%error, "an agent could not be bound");
            told::unable(letter.manner, "the gateway's database does not answer")
        }
    }
}

fn other_method(manner: Manner, allowed: &'static str) -> Response {
    let words = latchkey_glpi::agent::answer::refusal(manner.format, "agents send nothing in this way", 24);
    let mut response = manner.say(StatusCode::METHOD_NOT_ALLOWED, &words);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}

/// Reads a message as a whole, within bounds, and what it is; and writes the key's tag into it, while it is unpacked.
async fn read(
    gateway: &Gateway,
    parts: &Parts,
    body: Body,
    manner: Manner,
    tag: Option<&Tag>,
) -> Result<Letter, MessageFault> {
    let uid = agent_uid(parts.headers.get(headers::AGENT_ID).map(HeaderValue::as_bytes))?;
    let most = gateway.packed_bytes;
    let length = parts.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) {
        told::read_on(body);
        return Err(MessageFault::TooLong);
    }
    let body = match tokio::time::timeout(gateway.receive_time, axum::body::to_bytes(body, most)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Err(MessageFault::TooLong),
        Err(_) => return Err(MessageFault::Slow),
    };
    if parts.method == Method::GET {
        return question(parts, uid, manner);
    }
    let (packing, most) = (Packing::of(&body), gateway.plain_bytes);
    let (message, body) = if body.len() > LONG {
        let tag = tag.cloned();
        let unpack = move || unpack(body, packing, most, tag.as_ref());
        tokio::task::spawn_blocking(unpack).await.map_err(|_| MessageFault::Form)??
    } else {
        unpack(body, packing, most, tag)?
    };
    // GLPI's own protocol always says who speaks.
    if message.format == Format::Json && message.what != What::Question && uid.is_none() {
        return Err(MessageFault::Agent);
    }
    let manner = Manner::of(message.format, packing, &parts.headers);
    let device = message.device.clone();
    let (what, format) = (message.what, message.format);
    Ok(Letter { what, format, manner, device, uid, message: Some(message), body })
}

/// What a message is, and its bytes with this tag: the same bytes where it has that one already, or can have none.
fn unpack(body: Bytes, packing: Packing, most: usize, tag: Option<&Tag>) -> Result<(Message, Bytes), MessageFault> {
    let plain = packing.unpack(&body, most).map_err(|fault| match fault {
        Unpackable::Swells => MessageFault::Swells,
        Unpackable::Damaged => MessageFault::Packing,
    })?;
    let message = Message::read(&plain)?;
    match tag.and_then(|tag| message.with_tag(&plain, tag.as_str())) {
        Some(tagged) if tagged != plain => Ok((message, Bytes::from(packing.pack(&tagged)))),
        Some(_) | None => Ok((message, body)),
    }
}

/// A question on the way: for an agent's jobs, or for an answer that was not ready.
fn question(parts: &Parts, uid: Option<AgentUid>, manner: Manner) -> Result<Letter, MessageFault> {
    let query = parts.uri.query().unwrap_or_default();
    let member = |name: &str| {
        form_urlencoded::parse(query.as_bytes()).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
    };
    let device =
        member(paths::MACHINE).map(|device| DeviceId::parse(&device).ok_or(MessageFault::Device)).transpose()?;
    let asks = member(paths::ACTION).is_some() || parts.headers.contains_key(headers::REQUEST_ID);
    if !asks {
        return Err(MessageFault::Action);
    }
    let what = What::Question;
    Ok(Letter { what, format: Format::Json, manner, device, uid, message: None, body: Bytes::new() })
}

/// Says whether a message may go on, and binds a machine that is new.
async fn admit(
    app: &App,
    exchange: &Exchange,
    shown: Shown,
    letter: &Letter,
    now: Timestamp,
) -> Result<Sender, Undone> {
    let roll = &app.gateway.roll;
    let step = letter.what.step();
    let of_device = letter.device.as_ref().and_then(|device| roll.of_device(device));
    let of_uid = letter.uid.and_then(|uid| roll.of_uid(uid));
    let mut member = match step {
        // What an agent brings may be about another machine: a host of virtual ones, a device on the network.
        Step::Result | Step::Question => of_uid.or(of_device),
        Step::Knock => of_device,
    };
    loop {
        let verdict = {
            let remembered = member.as_ref().map(|member| member.look());
            let agent = remembered.as_ref().map(|remembered| &remembered.agent);
            let bearer = Bearer { key: &shown.known.key, generation: shown.generation };
            decide(bearer, Asking { step, address: exchange.client(), agent }, now)
        };
        match verdict {
            Verdict::LetThrough => break,
            Verdict::Refused(refusal) => {
                if let Some(member) = &member {
                    note(app, member, exchange, &shown, letter, now, false);
                }
                return Err(refusal.into());
            }
            Verdict::Bind => match &letter.device {
                Some(device) => {
                    let sighting = sighting(device, exchange, &shown, letter);
                    let key = shown.known.key.id.clone();
                    let bound = Box::pin(app.store.write(now, move |tx| agents::bind(tx, &key, &sighting))).await?;
                    member = Some(roll.take(bound));
                }
                // A question that names no machine: a file of a job, which the key alone opens.
                None if step == Step::Question => break,
                None => return Err(Refusal::MessageInvalid { fault: MessageFault::Device }.into()),
            },
        }
    }
    if let Some(member) = &member {
        note(app, member, exchange, &shown, letter, now, step == Step::Knock);
        tell_twins(app, member, letter, now);
    }
    Ok(Sender { shown, member })
}

/// Says what would come of it, and binds nobody.
fn only_checked(app: &App, exchange: &Exchange, shown: &Shown, letter: &Letter, now: Timestamp) -> Result<(), Refusal> {
    let key = &shown.known.key;
    let bearer = Bearer { key, generation: shown.generation };
    let asking = Asking { step: letter.what.step(), address: exchange.client(), agent: None };
    match decide(bearer, asking, now) {
        Verdict::Refused(refusal) => Err(refusal),
        Verdict::LetThrough | Verdict::Bind => match key.policy.agent_limit {
            Some(most) if key.agents >= most => Err(Refusal::EnrollmentFull { most }),
            _ if app.gateway.glpi(&key.policy.glpi).is_none() => {
                Err(Refusal::GlpiUnknown { glpi: key.policy.glpi.clone(), meant: None })
            }
            _ if !key.policy.approves => Err(Refusal::AgentPending { since: now }),
            Some(_) | None => Ok(()),
        },
    }
}

fn sighting(device: &DeviceId, exchange: &Exchange, shown: &Shown, letter: &Letter) -> Sighting {
    let message = letter.message.as_ref();
    Sighting {
        device: device.clone(),
        uid: letter.uid,
        generation: shown.generation,
        address: exchange.client().to_canonical().to_string(),
        version: message.and_then(|message| message.version.clone()).unwrap_or_default(),
        tag: message.and_then(|message| message.tag.clone()),
    }
}

/// Notes that an agent came.
fn note(app: &App, member: &Member, exchange: &Exchange, shown: &Shown, letter: &Letter, now: Timestamp, let_in: bool) {
    {
        let mut remembered = member.look();
        let agent = &mut remembered.agent;
        agent.last_seen_at = agent.last_seen_at.max(now);
        if let_in {
            agent.let_in_at = Some(now);
        }
        agent.generation = shown.generation;
        let address = exchange.client().to_canonical().to_string();
        if agent.address != address {
            agent.address = address;
        }
        if let Some(message) = &letter.message {
            if let Some(version) = message.version.as_ref().filter(|version| **version != agent.version) {
                agent.version.clone_from(version);
            }
            if message.tag.is_some() && message.tag != agent.tag {
                agent.tag.clone_from(&message.tag);
            }
        }
    }
    app.gateway.roll.note(member.id);
}

/// Sees whether two machines go by one identity. Written down beside the answer, which does not wait for it.
fn tell_twins(app: &App, member: &Member, letter: &Letter, now: Timestamp) {
    let (uid, machine) = {
        let remembered = member.look();
        let about_itself = letter.device.as_ref() == Some(&remembered.agent.device);
        let uid = letter.uid.filter(|uid| about_itself && Some(*uid) != remembered.agent.uid);
        let machine = letter.message.as_ref().and_then(|message| message.machine.clone());
        (uid, machine.filter(|machine| about_itself && Some(machine) != remembered.machine.as_ref()))
    };
    // What an agent brings may be about a machine that has an agent of its own, under that one's name.
    let uid = uid.filter(|_| letter.what.step() == Step::Knock);
    if uid.is_none() && machine.is_none() {
        return;
    }
    let (store, id) = (app.store.clone(), member.id);
    tokio::spawn(async move {
        let noted = store.write(now, move |tx| {
            uid.map(|uid| agents::note_uid(tx, id, uid)).transpose()?;
            machine.as_deref().map(|machine| agents::note_machine(tx, id, machine)).transpose()?;
            Ok(())
        });
        if let Err(Undone::Failed(error)) = noted.await {
            tracing::warn!(%error, "an agent's identity was not written down");
        }
    });
}

/// Hands a message on to GLPI, or keeps it.
async fn hand_on(
    app: &App,
    exchange: &Exchange,
    parts: &Parts,
    path: &str,
    letter: Letter,
    sender: Sender,
    now: Timestamp,
) -> Response {
    let gateway = &app.gateway;
    let policy = &sender.shown.known.key.policy;
    let client = exchange.client().to_canonical();
    let head = Head::of(&parts.method, path, parts.uri.query(), &parts.headers, client);
    let body = letter.body.clone();
    let (glpi, name) = (gateway.glpi(&policy.glpi), fold(&policy.glpi));
    let member = sender.member.as_deref();
    match letter.what.step() {
        Step::Result => match member {
            Some(member) => Box::pin(bring(app, &letter, member, glpi, &name, head, body, now)).await,
            None => told::refused(app, &Refusal::MessageInvalid { fault: MessageFault::Device }, letter.manner),
        },
        Step::Knock | Step::Question => {
            let Some(glpi) = glpi else {
                // Before anything is collected it can be said.
                let refusal = Refusal::GlpiUnknown { glpi: policy.glpi.clone(), meant: None };
                gateway.tally.count(letter.what.name(), refusal.code());
                return told::refused(app, &refusal, letter.manner);
            };
            ask(app, &letter, member, &glpi, &name, head, body).await
        }
    }
}

/// Asks GLPI something that loses nothing where GLPI does not answer.
async fn ask(
    app: &App,
    letter: &Letter,
    member: Option<&Member>,
    glpi: &Arc<Glpi>,
    name: &str,
    head: Head,
    body: Bytes,
) -> Response {
    let gateway = &app.gateway;
    let what = letter.what;
    if let Some(answer) = answered(app, what, member, glpi, name, &head, body).await {
        return answer;
    }
    gateway.tally.count(what.name(), tally::STOOD_IN);
    stand_in::answer(member, what, letter.format, letter.manner)
}

/// What GLPI itself says, where it can be asked and says something; what it told an agent is remembered.
async fn answered(
    app: &App,
    what: What,
    member: Option<&Member>,
    glpi: &Glpi,
    name: &str,
    head: &Head,
    body: Bytes,
) -> Option<Response> {
    if glpi.rests() {
        return None;
    }
    let gateway = &app.gateway;
    let (outcome, is_back) = glpi.send(what, head, body).await;
    if is_back {
        gateway.glpi_is_back(app, name);
    }
    match outcome {
        Outcome::Answered(answer, heard) => {
            if let Some(member) = member
                && stand_in::remember(member, what, &heard)
            {
                gateway.roll.note(member.id);
            }
            gateway.tally.count(what.name(), "");
            Some(pass_on(answer))
        }
        Outcome::Never(answer) => {
            gateway.tally.count(what.name(), tally::DECLINED);
            Some(pass_on(answer))
        }
        Outcome::NotNow(_) => None,
    }
}

/// Brings to GLPI what an agent has collected, in its turn, or keeps it until GLPI can take it.
#[allow(clippy::too_many_arguments, reason = "each is a thing of its own, and they are together here alone")]
async fn bring(
    app: &App,
    letter: &Letter,
    member: &Member,
    glpi: Option<Arc<Glpi>>,
    name: &str,
    head: Head,
    body: Bytes,
    now: Timestamp,
) -> Response {
    let gateway = &app.gateway;
    let what = letter.what;
    let _turn = member.turn.lock().await;
    let agent = member.id.to_string();
    let waits = {
        let (queue, agent) = (gateway.queue.clone(), agent.clone());
        tokio::task::spawn_blocking(move || queue.ask(|reader| queue::waits(reader, &agent))).await
    };
    // Where it cannot be said whether something waits, what comes waits behind it.
    let waits = !matches!(waits, Ok(Ok(false)));
    if let Some(glpi) = glpi.filter(|_| !waits)
        && let Some(answer) = answered(app, what, Some(member), &glpi, name, &head, body.clone()).await
    {
        return answer;
    }
    let device = letter.device.as_ref().map_or_else(String::new, DeviceId::to_string);
    let parcel = Parcel {
        agent,
        device,
        glpi: name.to_owned(),
        what: what.name().to_owned(),
        head: head.store(),
        body: body.to_vec(),
    };
    let bounds = gateway.bounds;
    match gateway.queue.write(now, move |tx| queue::put(tx, &parcel, bounds)).await {
        Ok(true) => {
            gateway.tally.count(what.name(), tally::STORED);
            gateway.wake.notify_one();
            stand_in::answer(Some(member), what, letter.format, letter.manner)
        }
        Ok(false) => {
            tracing::error!("ALARM: the queue is full, and nothing in it can make way; an inventory was refused");
            gateway.tally.count(what.name(), tally::NO_ROOM);
            told::unable(letter.manner, "GLPI is away, and the gateway has no more room")
        }
        Err(undone) => {
            tracing::error!(?undone, "ALARM: an inventory could not be stored");
            gateway.tally.count(what.name(), tally::NO_ROOM);
            told::unable(letter.manner, "GLPI is away, and the gateway cannot store anything")
        }
    }
}
