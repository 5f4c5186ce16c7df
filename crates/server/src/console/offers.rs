//! Offers: the list, one offer, a new one, and a change.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::subscriptions::{MOST_GRACE_DAYS, Offer};
use latchkey_store::subscriptions::offers;
use latchkey_store::{audit, dashboard};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, fault};
use super::detail::DetailPage;
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::unchanged;
use super::list::{Action, Cell, Csv, Filter, ListPage, Query, Sorted, Table, Turns};
use super::notice::Notice;
use super::page::{Field, show};
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
        facts: vec![
            (frame.t("field-reference"), Cell::code(offer.reference.to_string())),
            (frame.t("field-grace-days"), Cell::text(offer.grace_days.to_string())),
            (frame.t("running-subscriptions"), Cell::link(count, behind)),
        ],
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, offer.reference.as_str()),
        more: None,
        page: frame,
    }))
}

async fn new(visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::EditOffer)?;
    let typed = Fields::of([("grace_days", "14".to_owned())]);
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
    match known {
        None => DeedPage::new(frame, name, format!("{PLACE}/new"), PLACE.to_owned()).input(reference),
        Some((reference, seen)) => {
            let will = frame.t("offer-edit-will");
            let place = format!("{PLACE}/{reference}");
            DeedPage::new(frame, name, format!("{place}/edit"), place).will(will).seen(seen)
        }
    }
    .input(title)
    .input(grace)
    .refused(refusal)
}

fn read(reference: &str, form: &Form) -> Result<Offer, Refusal> {
    let days = match form.text("grace_days").trim() {
        "" => 0,
        typed => typed.parse().map_err(|_| Refusal::DaysInvalid { field: "grace days", most: MOST_GRACE_DAYS })?,
    };
    Offer::new(reference, form.text("title"), days)
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
    let typed = Fields::of([("title", offer.title.to_string()), ("grace_days", offer.grace_days.to_string())]);
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
                // What this form does not show stays as it is.
                let known = offers::find(tx, offer.reference.as_str())?;
                let offer = Offer { policy: known.policy, cover: known.cover, ..offer.clone() };
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
