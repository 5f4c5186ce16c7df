//! Trials of plugins: the list, one trial, more days for it, and what it is turned into.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::ids::TrialId;
use latchkey_domain::instances::{LONGEST_TRIAL_DAYS, TrialPhase};
use latchkey_domain::operators::Deed;
use latchkey_domain::text::{Name, OfferRef};
use latchkey_domain::time::Timestamp;
use latchkey_store::audit;
use latchkey_store::instances::trials::{self, Listed, Order};
use latchkey_store::lists::trials::{Sort, TrialIs, Wanted, page};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, Select, fault, reason};
use super::detail::DetailPage;
use super::form::{Fields, Form};
use super::history::{People, moments};
use super::key_deeds::{Text, optional_reason, shown, term, unchanged, unit};
use super::keys::choices;
use super::list::{self, AT_A_TIME, Action, Cell, Filter, Head, ListPage, ON_A_PAGE, Query, Sorted, Table};
use super::notice::Notice;
use super::page::{Field, show};
use super::reader::Reader;
use super::states;
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::exports::Kind;
use crate::records;

pub(super) const PLACE: &str = "/console/trials";

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/trials.csv", get(file)),
        Place::page("/console/trials/{trial}", get(show_one)),
        Place::page("/console/trials/{trial}/extend", get(ask_extend).post(extend)),
        Place::page("/console/trials/{trial}/subscribe", get(ask_subscribe).post(subscribe)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    plugin: String,
    uid: String,
    state: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

impl Wish {
    fn query(&self) -> Query {
        Query::of([
            ("plugin", self.plugin.clone()),
            ("uid", self.uid.clone()),
            ("state", self.state.clone()),
            ("sort", self.sort.clone()),
            ("order", self.order.clone()),
        ])
    }

    fn sorted(&self) -> Sorted<Sort> {
        let usual = Sorted { by: Sort::Begun, name: "begun", descending: true };
        Sorted::of(&self.sort, &self.order, &[("begun", Sort::Begun, true), ("end", Sort::End, false)]).unwrap_or(usual)
    }

    fn wanted(&self) -> Wanted {
        let typed = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Wanted {
            plugin: typed(&self.plugin),
            uid: typed(&self.uid),
            is: TrialIs::ALL.into_iter().find(|is| is.name() == self.state),
        }
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, query, reader, wanted) = (wish.sorted(), wish.query(), visit.reader(), wish.wanted());
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let found = app.look(move |reader| Ok(page(reader, &wanted, sorted.by, &rows, now)?)).await?;
    let frame = visit.page(PLACE, reader.t("trials-title"));
    let columns = NAMES.into_iter().map(|(name, way)| (frame.t(name), way)).collect();
    let table = Table::new(
        frame.title.clone(),
        query.head(PLACE, &sorted, columns),
        found.rows.iter().map(|listed| row(reader, listed, now)).collect(),
    );
    let filtered = query.filters();
    Ok(show(&ListPage {
        said: None,
        actions: Vec::new(),
        filters: vec![
            Filter::text("plugin", reader.t("plugin"), &wish.plugin),
            Filter::text("uid", reader.t("instance-uid"), &wish.uid),
            Filter::choice("state", reader.t("state"), &wish.state, choices(reader, TrialIs::ALL.map(TrialIs::name))),
        ],
        none: frame.t(if filtered { "none-found" } else { "trials-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/trials.csv")),
        table,
        page: frame,
    }))
}

/// The columns: the names of their words, and the way to be sorted by one.
const NAMES: [(&str, Option<&str>); 7] = [
    ("plugin", None),
    ("instance", None),
    ("address", None),
    ("state", None),
    ("trial-began", Some("begun")),
    ("trial-ends", Some("end")),
    ("last-seen", None),
];

pub(super) fn columns(reader: &Reader) -> Vec<Head> {
    NAMES.into_iter().map(|(name, _)| Head::plain(reader.t(name))).collect()
}

pub(super) fn row(reader: &Reader, listed: &Listed, now: Timestamp) -> Vec<Cell> {
    let trial = &listed.trial;
    vec![
        Cell::link(trial.plugin.to_string(), format!("{PLACE}/{}", trial.id)),
        Cell::code(trial.uid.as_str().get(..8).unwrap_or_default()),
        Cell::text(listed.url.as_deref().unwrap_or("–")),
        states::trial(reader, trial.phase(now)),
        Cell::text(reader.time(trial.started_at)),
        Cell::text(reader.time(trial.ends_at)),
        Cell::text(reader.time(listed.last_seen)),
    ]
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, wanted) = (wish.sorted(), wish.wanted());
    let (first, columns) = (sorted.rows(AT_A_TIME, "", ""), Kind::Trials.columns());
    list::file(
        &app,
        "trials",
        columns,
        first,
        move |reader, rows| Ok(page(reader, &wanted, sorted.by, rows, now)?),
        |listed| records::Trial::new(listed, now),
    )
    .await
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (id, now) = (read_id(&id)?, app.now().map_err(Trouble::Failed)?);
    let (listed, lines, people) = app
        .look(move |reader| {
            let listed = trials::find(reader, id)?;
            let mut lines = audit::history(reader, "trial", &id.to_string())?;
            lines.reverse();
            Ok((listed, lines, People::read(reader)?))
        })
        .await?;
    let (reader, trial) = (visit.reader(), &listed.trial);
    let phase = trial.phase(now);
    let frame = visit.page(PLACE, reader.t_with("trial-title", &[("plugin", trial.plugin.as_str())]));
    let mut facts = vec![
        (frame.t("trial-id"), Cell::code(id.to_string())),
        (frame.t("plugin"), Cell::code(trial.plugin.as_str())),
        (frame.t("instance-uid"), Cell::code(trial.uid.as_str())),
        (frame.t("address"), Cell::text(listed.url.as_deref().unwrap_or("–"))),
        (frame.t("trial-began"), Cell::text(frame.time(trial.started_at))),
        (frame.t("trial-ends"), Cell::text(frame.time(trial.ends_at))),
        (frame.t("last-seen"), Cell::text(frame.time(listed.last_seen))),
    ];
    let mut actions = Vec::new();
    match phase {
        TrialPhase::Subscribed(subscription) => {
            let id = subscription.to_string();
            facts.push((frame.t("subscription"), Cell::code(id.as_str()).to(format!("/console/subscriptions/{id}"))));
        }
        TrialPhase::Running | TrialPhase::Ended => {
            if visit.can(Deed::ExtendTrial) {
                let place = format!("{PLACE}/{id}/extend");
                actions.push(Action::new(place, frame.t("trial-extend"), icons::CALENDAR_PLUS));
            }
            if visit.can(Deed::IssueKey) {
                let place = format!("{PLACE}/{id}/subscribe");
                actions.push(Action::new(place, frame.t("trial-subscribe"), icons::KEY).second());
            }
        }
    }
    Ok(show(&DetailPage {
        state: Some(states::trial(reader, phase)),
        about: Vec::new(),
        actions,
        facts,
        parts: Vec::new(),
        moments: moments(reader, &lines, &people, &id.to_string()),
        more: None,
        page: frame,
    }))
}

async fn ask_extend(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::ExtendTrial)?;
    let typed = Fields::of([("days", "14".to_owned())]);
    Ok(show(&extend_page(&app, &visit, read_id(&id)?, &typed, None).await?))
}

async fn extend_page(
    app: &App,
    visit: &Visit,
    id: TrialId,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let (listed, seen) = known(app, id).await?;
    let (now, reader) = (app.now().map_err(Trouble::Failed)?, visit.reader());
    let frame = visit.page(PLACE, reader.t("trial-extend-title"));
    let values = [("plugin", listed.trial.plugin.to_string()), ("time", reader.time(listed.trial.ends_at))];
    let will = if listed.trial.runs(now) { "trial-extend-will" } else { "trial-extend-ended-will" };
    let will = frame.t_with(will, &values);
    let place = format!("{PLACE}/{id}");
    let page = DeedPage::new(frame, "trial-extend", format!("{place}/extend"), place).will(will).seen(seen);
    let days = Field::text("days", page.page.t("field-days"))
        .hint(page.page.t("trial-days-hint"))
        .typed(typed)
        .fault(fault(&page.page, refusal, "days"));
    let why = reason(&page.page, typed, refusal, false);
    Ok(page.input(days).input(why).refused(refusal))
}

async fn extend(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ExtendTrial)?;
    let id = read_id(&id)?;
    let read = || {
        let none = |_| Refusal::NumberInvalid { field: "days", least: 1, most: LONGEST_TRIAL_DAYS };
        Ok((form.text("days").trim().parse::<u32>().map_err(none)?, optional_reason(&form)?))
    };
    let extended = match read() {
        Ok((days, why)) => {
            let (actor, seen) = (form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                unchanged(tx, "trial", &id.to_string(), seen)?;
                Ok(trials::extend(tx, id, days, &actor, why.as_ref())?.trial.ends_at.to_string())
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match extended {
        Ok(ends) => {
            let ends = Timestamp::parse(&ends).map_or(ends, |ends| form.visit.reader().time(ends));
            Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-trial-extended").with("time", ends)))
        }
        Err(Trouble::Refused(refusal)) => {
            let page = extend_page(&app, &form.visit, id, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn ask_subscribe(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::IssueKey)?;
    let typed = Fields::of([("count", "1".to_owned())]);
    Ok(show(&subscribe_page(&app, &visit, read_id(&id)?, &typed, None).await?))
}

async fn subscribe_page(
    app: &App,
    visit: &Visit,
    id: TrialId,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let (listed, seen) = known(app, id).await?;
    let (now, reader) = (app.now().map_err(Trouble::Failed)?, visit.reader());
    let frame = visit.page(PLACE, reader.t("trial-subscribe-title"));
    let begins = app.zone.date_of(listed.trial.ends_at.max(now));
    let values = [("plugin", listed.trial.plugin.to_string()), ("day", reader.day(begins))];
    let will = frame.t_with("trial-subscribe-will", &values);
    let place = format!("{PLACE}/{id}");
    let page = DeedPage::new(frame, "trial-subscribe", format!("{place}/subscribe"), place).will(will).seen(seen);
    let wrong = |name: &str| fault(&page.page, refusal, name);
    let customer = Field::text("customer", page.page.t("field-customer"))
        .hint(page.page.t("key-customer-hint"))
        .most(200)
        .typed(typed)
        .fault(wrong("customer"));
    let offers = app.offers.load();
    let covering = offers.iter().filter(|offer| offer.cover.opens(&listed.trial.plugin));
    let offer = Select {
        name: "offer",
        label: page.page.t("field-offer"),
        value: typed.text("offer").to_owned(),
        choices: covering.map(|offer| (offer.reference.to_string(), offer.title.to_string())).collect(),
        hint: Some(page.page.t("trial-offer-hint")),
        fault: wrong("offer"),
    };
    let count = Field::text("count", page.page.t("field-count")).typed(typed).fault(wrong("count"));
    let unit = unit(&page.page, typed);
    Ok(page.input(customer).input(offer).input(count).input(unit).refused(refusal))
}

async fn subscribe(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::IssueKey)?;
    let id = read_id(&id)?;
    let read = || {
        let (customer, offer) = (form.text("customer").to_owned(), form.text("offer").to_owned());
        Name::parse("customer", &customer)?;
        OfferRef::parse(&offer)?;
        Ok(Order { customer, offer, term: term(&form.fields)?.ok_or(Refusal::TermMissing)? })
    };
    let issued = match read() {
        Ok(order) => {
            let (vault, zone) = (app.console.vault.clone(), app.zone.clone());
            let (actor, seen) = (form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                unchanged(tx, "trial", &id.to_string(), seen)?;
                Ok(Text::from(&trials::subscribe(tx, &vault, id, &order, &zone, &actor)?))
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match issued {
        Ok(text) => Ok(shown(&app, &form.visit, "key-issued-title", text)),
        Err(Trouble::Refused(refusal)) => {
            let page = subscribe_page(&app, &form.visit, id, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn known(app: &App, id: TrialId) -> Result<(Listed, i64), Trouble> {
    app.look(move |reader| Ok((trials::find(reader, id)?, audit::latest(reader, "trial", &id.to_string())?))).await
}

fn read_id(id: &str) -> Result<TrialId, Trouble> {
    id.parse().map_err(|_| Trouble::Refused(Refusal::TrialUnknown { trial: id.to_owned() }))
}
