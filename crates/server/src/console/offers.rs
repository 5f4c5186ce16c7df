//! Offers: the list, one offer, a new one, and a change.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::instances::{Cover, LONGEST_TRIAL_DAYS, MOST_DAYS, MOST_NUMBER, PluginName, Policy, SeatedBy};
use latchkey_domain::operators::Deed;
use latchkey_domain::subscriptions::{MOST_GRACE_DAYS, Offer};
use latchkey_store::subscriptions::offers;
use latchkey_store::{audit, dashboard};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, Select, fault};
use super::detail::DetailPage;
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::unchanged;
use super::list::{Action, Cell, Csv, Filter, ListPage, Query, Sorted, Table, Turns};
use super::notice::Notice;
use super::page::{Field, show};
use super::reader::Reader;
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;

const PLACE: &str = "/console/offers";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/offers.csv", get(file)),
        Place::page("/console/offers/new", get(new).post(make)),
        Place::page("/console/offers/{offer}", get(show_one)),
        Place::page("/console/offers/{offer}/edit", get(ask_edit).post(edit)),
    ]
}

/// What the list is asked for. Offers are few: they are filtered and sorted here.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    q: String,
    sort: String,
    order: String,
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (mut found, running) =
        app.look(move |reader| Ok((offers::list(reader)?, dashboard::running_by_offer(reader, now)?))).await?;
    let part = latchkey_domain::text::fold(&wish.q);
    found.retain(|offer| {
        latchkey_domain::text::fold(offer.title.as_str()).contains(&part) || offer.reference.as_str().contains(&part)
    });
    let count =
        |offer: &Offer| running.iter().find(|(known, _)| *known == offer.reference).map_or(0, |(_, count)| *count);
    let ways = ["made", "offer", "title", "running"];
    let name = ways.into_iter().find(|way| *way == wish.sort).unwrap_or("made");
    let sorted = Sorted { by: (), name, descending: wish.order == "desc" };
    match sorted.name {
        "offer" => found.sort_by(|a, b| a.reference.cmp(&b.reference)),
        "title" => found.sort_by_key(|offer| offer.title.folded()),
        "running" => found.sort_by_key(count),
        _ => {}
    }
    if sorted.descending {
        found.reverse();
    }
    let query = Query::of([("q", wish.q.clone()), ("sort", wish.sort.clone()), ("order", wish.order.clone())]);
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("offers-title"));
    let columns = vec![
        (frame.t("field-title"), Some("title")),
        (frame.t("field-reference"), Some("offer")),
        (frame.t("field-grace-days"), None),
        (frame.t("running-subscriptions"), Some("running")),
    ];
    let number = |count: i64| reader.number(usize::try_from(count).unwrap_or_default());
    let row = |offer: &Offer| {
        let behind = format!("/console/subscriptions?offer={}&state=running", offer.reference);
        vec![
            Cell::link(offer.title.to_string(), format!("{PLACE}/{}", offer.reference)),
            Cell::code(offer.reference.to_string()),
            Cell::text(number(offer.grace_days.into())),
            Cell::link(number(count(offer)), behind),
        ]
    };
    let table = Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.iter().map(row).collect());
    let actions = if visit.can(Deed::EditOffer) {
        vec![Action::new("/console/offers/new", frame.t("offer-new"), icons::PLUS)]
    } else {
        Vec::new()
    };
    Ok(show(&ListPage {
        said: None,
        actions,
        filters: vec![Filter::text("q", frame.t("offers-filter"), &wish.q)],
        none: frame.t("none-found"),
        filtered: query.filters(),
        path: PLACE,
        turns: Turns::default(),
        csv: Some("/console/offers.csv".to_owned()),
        table,
        page: frame,
    }))
}

async fn file(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let mut csv = Csv::new(&["offer", "title", "grace_days"]);
    for offer in app.look(|reader| Ok(offers::list(reader)?)).await? {
        csv.row([offer.reference.to_string(), offer.title.to_string(), offer.grace_days.to_string()]);
    }
    Ok(csv.answer("offers"))
}

async fn show_one(State(app): State<App>, visit: Visit, Path(reference): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (offer, running, lines, people) = app
        .look(move |reader| {
            let offer = offers::find(reader, &reference)?;
            let mut lines = audit::history(reader, "offer", offer.reference.as_str())?;
            lines.reverse();
            Ok((offer, dashboard::running_by_offer(reader, now)?, lines, People::read(reader)?))
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, offer.title.to_string());
    let count = running.iter().find(|(known, _)| *known == offer.reference).map_or(0, |(_, count)| *count);
    let count = reader.number(usize::try_from(count).unwrap_or_default());
    let behind = format!("/console/subscriptions?offer={}&state=running", offer.reference);
    let actions = if visit.can(Deed::EditOffer) {
        vec![Action::new(format!("{PLACE}/{}/edit", offer.reference), frame.t("offer-edit"), icons::PENCIL)]
    } else {
        Vec::new()
    };
    Ok(show(&DetailPage {
        state: None,
        about: Vec::new(),
        actions,
        facts: facts(reader, &offer, Cell::link(count, behind)),
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, offer.reference.as_str()),
        more: None,
        page: frame,
    }))
}

/// What an offer is, and what it allows.
fn facts(reader: &Reader, offer: &Offer, running: Cell) -> Vec<(String, Cell)> {
    let Offer { reference, grace_days, policy, cover, .. } = offer;
    let plugins: Vec<&str> = cover.plugins.iter().map(PluginName::as_str).collect();
    let mut facts = vec![
        (reader.t("field-reference"), Cell::code(reference.to_string())),
        (reader.t("field-grace-days"), Cell::text(grace_days.to_string())),
        (reader.t("running-subscriptions"), running),
    ];
    for (name, number) in NUMBERS.iter().zip(numbers(policy)) {
        facts.push((reader.t(&format!("field-{}", name.replace('_', "-"))), Cell::text(number.to_string())));
    }
    let opens = if plugins.is_empty() { reader.t("no-plugins") } else { plugins.join(", ") };
    facts.push((reader.t("field-plugins"), Cell::text(opens)));
    if !plugins.is_empty() {
        facts.push((reader.t("field-seated-by"), Cell::text(seated_by(reader, cover.seated_by))));
        facts.push((reader.t("field-trial-days"), Cell::text(cover.trial_days.to_string())));
    }
    facts
}

/// What an offer allows of seats and moves, by the names of the form's fields, which are the domain's.
const NUMBERS: [&str; 6] =
    ["seats", "staging_limit", "move_window_days", "moves_a_year", "self_service_releases_a_year", "cooling_off_days"];

/// The numbers of a policy in the order of [`NUMBERS`].
fn numbers(policy: &Policy) -> [u32; 6] {
    let Policy { seats, others, move_days, moves_a_year, releases_a_year, cooling_off_days } = *policy;
    [seats, others, move_days, moves_a_year, releases_a_year, cooling_off_days]
}

fn seated_by(reader: &Reader, seated_by: SeatedBy) -> String {
    match seated_by {
        SeatedBy::Instance => reader.t("seated-by-instance"),
        SeatedBy::Address => reader.t("seated-by-address"),
    }
}

/// A form's fields as they stand for an offer.
fn typed_of(title: &str, grace_days: u32, policy: &Policy, cover: &Cover) -> Fields {
    let [seats, others, move_days, moves, releases, cooling] = numbers(policy).map(|number| number.to_string());
    let plugins: Vec<&str> = cover.plugins.iter().map(PluginName::as_str).collect();
    Fields::of([
        ("title", title.to_owned()),
        ("grace_days", grace_days.to_string()),
        (NUMBERS[0], seats),
        (NUMBERS[1], others),
        (NUMBERS[2], move_days),
        (NUMBERS[3], moves),
        (NUMBERS[4], releases),
        (NUMBERS[5], cooling),
        ("plugins", plugins.join(" ")),
        ("seated_by", cover.seated_by.name().to_owned()),
        ("trial_days", cover.trial_days.to_string()),
    ])
}

async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::EditOffer)?;
    let typed = typed_of("", 14, &Policy::default(), &Cover::default());
    Ok(show(&offer_page(&visit, None, &typed, None)))
}

/// The form of an offer: a new one, or the one of this reference as it was seen.
fn offer_page(visit: &Visit, known: Option<(&str, i64)>, typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let name = if known.is_some() { "offer-edit" } else { "offer-new" };
    let frame = visit.page(PLACE, visit.reader().t(&format!("{name}-title")));
    let wrong = |field: &str| fault(&frame, refusal, field);
    let title = Field::text("title", frame.t("field-title")).most(200).typed(typed).fault(wrong("title"));
    let grace = Field::text("grace_days", frame.t("field-grace-days"))
        .hint(frame.t("grace-hint"))
        .optional()
        .typed(typed)
        .fault(wrong("grace_days"));
    let reference = Field::text("offer", frame.t("field-reference"))
        .hint(frame.t("reference-hint"))
        .most(40)
        .typed(typed)
        .fault(wrong("offer"));
    let number = |name: &'static str| {
        let label = frame.t(&format!("field-{}", name.replace('_', "-")));
        Field::text(name, label).typed(typed).fault(wrong(name))
    };
    let hinted = |name: &'static str, hint: &str| number(name).hint(frame.t(hint)).optional();
    let numbers = [
        hinted("seats", "seats-hint"),
        hinted("staging_limit", "staging-hint"),
        hinted("move_window_days", "move-window-hint"),
        hinted("moves_a_year", "moves-hint"),
        hinted("self_service_releases_a_year", "releases-hint"),
        hinted("cooling_off_days", "cooling-off-hint"),
    ];
    let plugins = Field::text("plugins", frame.t("field-plugins"))
        .hint(frame.t("plugins-hint"))
        .most(2_000)
        .optional()
        .typed(typed)
        .fault(wrong("plugin"));
    let seated = Select {
        name: "seated_by",
        label: frame.t("field-seated-by"),
        value: typed.text("seated_by").to_owned(),
        choices: [SeatedBy::Instance, SeatedBy::Address]
            .map(|known| (known.name().to_owned(), seated_by(&frame, known)))
            .into(),
        hint: Some(frame.t("seated-by-hint")),
        fault: None,
    };
    let trial = hinted("trial_days", "offer-trial-hint");
    let page = match known {
        None => DeedPage::new(frame, name, format!("{PLACE}/new"), PLACE.to_owned()).input(reference),
        Some((reference, seen)) => {
            let will = frame.t("offer-edit-will");
            let place = format!("{PLACE}/{reference}");
            DeedPage::new(frame, name, format!("{place}/edit"), place).will(will).seen(seen)
        }
    }
    .input(title)
    .input(grace);
    numbers.into_iter().fold(page, DeedPage::input).input(plugins).input(seated).input(trial).refused(refusal)
}

fn read(reference: &str, form: &Form) -> Result<Offer, Refusal> {
    let days = match form.text("grace_days").trim() {
        "" => 0,
        typed => typed.parse().map_err(|_| Refusal::DaysInvalid { field: "grace days", most: MOST_GRACE_DAYS })?,
    };
    let number = |name: &'static str, field: &'static str, most| match form.text(name).trim() {
        "" => Ok(0),
        typed => typed.parse().map_err(|_| Refusal::NumberInvalid { field, least: 0, most }),
    };
    let plugins = form.text("plugins").split([' ', ',', ';']).filter(|name| !name.is_empty());
    Offer::new(reference, form.text("title"), days)?
        .allowing(Policy {
            seats: match form.text("seats").trim() {
                "" => Policy::default().seats,
                typed => {
                    typed.parse().map_err(|_| Refusal::NumberInvalid { field: "seats", least: 1, most: MOST_NUMBER })?
                }
            },
            others: number("staging_limit", "staging limit", MOST_NUMBER)?,
            move_days: number("move_window_days", "move window days", MOST_DAYS)?,
            moves_a_year: number("moves_a_year", "moves a year", MOST_NUMBER)?,
            releases_a_year: number("self_service_releases_a_year", "self service releases a year", MOST_NUMBER)?,
            cooling_off_days: number("cooling_off_days", "cooling off days", MOST_DAYS)?,
        })?
        .opening(Cover {
            plugins: plugins.map(PluginName::parse).collect::<Result<_, _>>()?,
            seated_by: if form.text("seated_by") == "address" { SeatedBy::Address } else { SeatedBy::Instance },
            trial_days: number("trial_days", "trial days", LONGEST_TRIAL_DAYS)?,
        })
}

async fn make(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::EditOffer)?;
    let made = match read(form.text("offer"), &form) {
        Ok(offer) => {
            let actor = form.visit.actor();
            form.once(&app, move |tx| {
                // Whoever wants a new one is not to change one that is there.
                unchanged(tx, "offer", offer.reference.as_str(), Some(0))?;
                offers::set(tx, &offer, &actor)?;
                Ok(offer.reference.to_string())
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match made {
        Ok(reference) => Ok(done(&app, &format!("{PLACE}/{reference}"), &Notice::new("done-offer-saved"))),
        Err(Trouble::Refused(refusal)) => {
            Ok(refused(&refusal, &offer_page(&form.visit, None, &form.fields, Some(&refusal))))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn ask_edit(State(app): State<App>, visit: Visit, Path(reference): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::EditOffer)?;
    let (offer, seen) = known(&app, reference).await?;
    let typed = typed_of(offer.title.as_str(), offer.grace_days, &offer.policy, &offer.cover);
    Ok(show(&offer_page(&visit, Some((offer.reference.as_str(), seen)), &typed, None)))
}

async fn edit(State(app): State<App>, Path(reference): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::EditOffer)?;
    let (before, latest) = known(&app, reference).await?;
    let edited = match read(before.reference.as_str(), &form) {
        Ok(offer) => {
            let (actor, seen) = (form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                unchanged(tx, "offer", offer.reference.as_str(), seen)?;
                offers::set(tx, &offer, &actor)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match edited {
        Ok(()) => Ok(done(&app, &format!("{PLACE}/{}", before.reference), &Notice::new("done-offer-saved"))),
        Err(Trouble::Refused(refusal)) => {
            let page = offer_page(&form.visit, Some((before.reference.as_str(), latest)), &form.fields, Some(&refusal));
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn known(app: &App, reference: String) -> Result<(Offer, i64), Trouble> {
    app.look(move |reader| {
        let offer = offers::find(reader, &reference)?;
        let seen = audit::latest(reader, "offer", offer.reference.as_str())?;
        Ok((offer, seen))
    })
    .await
}
