//! Subscriptions: the list, one subscription, and everything that is done with one.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::ids::SubscriptionId;
use latchkey_domain::instances::MOST_NUMBER;
use latchkey_domain::marketplace::Channel;
use latchkey_domain::operators::Deed;
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::{Name, OfferRef, Reason};
use latchkey_domain::time::Timestamp;
use latchkey_store::instances::decisions;
use latchkey_store::instances::list::Listed as ListedInstance;
use latchkey_store::lists::subscriptions::{Listed, Sort, Wanted, page};
use latchkey_store::lists::{self, Page as Rows, SubscriptionIs};
use latchkey_store::marketplace;
use latchkey_store::subscriptions::keys::Listed as ListedKey;
use latchkey_store::subscriptions::{offers, subscriptions};
use latchkey_store::{Actor, Done, Tx, Undone, audit};
use serde::{Deserialize, Serialize};

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, fault, reason};
use super::detail::{DetailPage, Part};
use super::form::{Fields, Form};
use super::history::{People, moments, short};
use super::instances::{holders, holders_part};
use super::key_deeds::{optional_reason, term, unchanged, unit};
use super::keys::{choices, offer_choices, whose};
use super::list::{self, AT_A_TIME, Action, Cell, Filter, Head, ListPage, ON_A_PAGE, Query, Sorted, Table, ends};
use super::notice::Notice;
use super::page::{Field, show};
use super::reader::Reader;
use super::states;
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::records;

pub(super) const PLACE: &str = "/console/subscriptions";
/// Keys on the page of a subscription.
const MOST_KEYS: u32 = 50;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/subscriptions.csv", get(file)),
        Place::page("/console/subscriptions/{subscription}", get(show_one)),
        Place::page("/console/subscriptions/{subscription}/renew", get(ask_renew).post(renew)),
        Place::page("/console/subscriptions/{subscription}/suspend", get(ask_suspend).post(suspend)),
        Place::page("/console/subscriptions/{subscription}/resume", get(ask_resume).post(resume)),
        Place::page("/console/subscriptions/{subscription}/terminate", get(ask_terminate).post(terminate)),
        Place::page("/console/subscriptions/{subscription}/seats", get(ask_seats).post(set_seats)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    customer: String,
    offer: String,
    state: String,
    ends_from: String,
    ends_until: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

impl Wish {
    fn query(&self) -> Query {
        Query::of([
            ("customer", self.customer.clone()),
            ("offer", self.offer.clone()),
            ("state", self.state.clone()),
            ("ends_from", self.ends_from.clone()),
            ("ends_until", self.ends_until.clone()),
            ("sort", self.sort.clone()),
            ("order", self.order.clone()),
        ])
    }

    fn sorted(&self) -> Sorted<Sort> {
        let ways = [("made", Sort::Made, true), ("end", Sort::End, false), ("customer", Sort::Customer, false)];
        let usual = Sorted { by: Sort::Made, name: "made", descending: true };
        Sorted::of(&self.sort, &self.order, &ways).unwrap_or(usual)
    }

    fn wanted(&self) -> Result<Wanted, Refusal> {
        let offer = self.offer.trim();
        Ok(Wanted {
            whose: whose(&self.customer),
            offer: if offer.is_empty() { None } else { Some(OfferRef::parse(offer)?) },
            is: SubscriptionIs::ALL.into_iter().find(|is| is.name() == self.state),
            ends: ends(&self.ends_from, &self.ends_until).map_err(|given| Refusal::DateInvalid { given })?,
        })
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, query, reader) = (wish.sorted(), wish.query(), visit.reader());
    let frame = visit.page(PLACE, reader.t("subscriptions-title"));
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let (found, said) = match wish.wanted() {
        Ok(wanted) => (app.look(move |reader| Ok(page(reader, &wanted, sorted.by, &rows, now)?)).await?, None),
        Err(refusal) => (lists::Found::default(), Some(frame.refusal(&refusal))),
    };
    let columns = vec![
        (frame.t("subscription"), Some("made")),
        (frame.t("field-customer"), Some("customer")),
        (frame.t("field-offer"), None),
        (frame.t("state"), None),
        (frame.t("first-day"), None),
        (frame.t("last-day"), Some("end")),
        (frame.t("keys-title"), None),
    ];
    let table = Table::new(
        frame.title.clone(),
        query.head(PLACE, &sorted, columns),
        found.rows.iter().map(|listed| row(reader, listed, now)).collect(),
    );
    let filtered = query.filters();
    Ok(show(&ListPage {
        said,
        actions: Vec::new(),
        filters: vec![
            Filter::text("customer", reader.t("field-customer"), &wish.customer),
            Filter::choice("offer", reader.t("field-offer"), &wish.offer, offer_choices(&app, reader)),
            Filter::choice(
                "state",
                reader.t("state"),
                &wish.state,
                choices(reader, SubscriptionIs::ALL.map(SubscriptionIs::name)),
            ),
            Filter::day("ends_from", reader.t("ends-from"), &wish.ends_from),
            Filter::day("ends_until", reader.t("ends-until"), &wish.ends_until),
        ],
        none: frame.t(if filtered { "none-found" } else { "subscriptions-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/subscriptions.csv")),
        table,
        page: frame,
    }))
}

/// A subscription's row: its id leads to its page.
pub(super) fn row(reader: &Reader, listed: &Listed, now: Timestamp) -> Vec<Cell> {
    let Listed { subscription, customer, keys } = listed;
    vec![
        Cell::code(short(&subscription.id.to_string())).to(format!("{PLACE}/{}", subscription.id)),
        Cell::link(customer.to_string(), format!("/console/customers/{}", subscription.customer)),
        Cell::text(subscription.offer.to_string()),
        states::phase(reader, &subscription.phase(now)),
        Cell::text(reader.day(subscription.period.begins)),
        Cell::text(reader.day(subscription.period.ends)),
        Cell::text(reader.number(usize::try_from(*keys).unwrap_or_default())),
    ]
}

/// The columns of [`row`].
pub(super) fn columns(reader: &Reader) -> Vec<Head> {
    ["subscription", "field-customer", "field-offer", "state", "first-day", "last-day", "keys-title"]
        .map(|name| Head::plain(reader.t(name)))
        .into()
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, wanted) = (wish.sorted(), wish.wanted().map_err(Trouble::Refused)?);
    const COLUMNS: &[&str] = &[
        "subscription_id",
        "customer_id",
        "customer",
        "offer",
        "state",
        "begin_date",
        "end_date",
        "grace_end_date",
        "suspended_at",
        "terminated_at",
        "keys",
    ];
    #[derive(Serialize)]
    struct Row {
        #[serde(flatten)]
        subscription: records::Subscription,
        keys: u32,
    }
    let row = |listed: &Listed| Row {
        subscription: records::Subscription::new(&listed.subscription, listed.customer.as_str(), now),
        keys: listed.keys,
    };
    list::file(
        &app,
        "subscriptions",
        COLUMNS,
        sorted.rows(AT_A_TIME, "", ""),
        move |reader, rows| Ok(page(reader, &wanted, sorted.by, rows, now)?),
        row,
    )
    .await
}

/// A subscription with all that its page shows.
struct Known {
    channel: Channel,
    subscription: Subscription,
    customer: Name,
    offer: String,
    keys: Vec<ListedKey>,
    more_keys: bool,
    holders: Vec<ListedInstance>,
    lines: Vec<audit::Line>,
    people: People,
}

/// The channel of a subscription, with the way to another.
fn channel(reader: &Reader, may: bool, id: &str, channel: Channel) -> Cell {
    let name = reader.t(if channel == Channel::Stable { "state-stable" } else { "state-pre-release" });
    if may { Cell::link(name, format!("{PLACE}/{id}/channel")) } else { Cell::text(name) }
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (id, now) = (read_id(&id)?, app.now().map_err(Trouble::Failed)?);
    let known = app
        .look(move |reader| {
            let (subscription, customer) = find(reader, id)?;
            let wanted = lists::keys::Wanted { subscription: Some(id), ..lists::keys::Wanted::default() };
            let first = Rows::first(MOST_KEYS).descending();
            let keys = lists::keys::page(reader, &wanted, lists::keys::Sort::Issued, &first, now)?;
            let mut lines = audit::history(reader, "subscription", &id.to_string())?;
            for listed in &keys.rows {
                lines.extend(audit::history(reader, "key", &listed.key.id.to_string())?);
            }
            lines.sort_by_key(|line| std::cmp::Reverse(line.seq));
            Ok(Known {
                channel: marketplace::channel(reader, id)?,
                offer: offers::find(reader, subscription.offer.as_str())?.title.to_string(),
                more_keys: keys.after.is_some(),
                holders: holders(reader, id, now)?,
                keys: keys.rows,
                people: People::read(reader)?,
                lines,
                subscription,
                customer,
            })
        })
        .await?;
    let (reader, Known { subscription, customer, .. }) = (visit.reader(), &known);
    let (id, phase) = (subscription.id.to_string(), subscription.phase(now));
    let title =
        reader.t_with("subscription-title", &[("customer", customer.to_string()), ("offer", known.offer.clone())]);
    let frame = visit.page(PLACE, title);
    let period = subscription.period;
    let mut facts = vec![
        (frame.t("subscription-id"), Cell::code(id.as_str())),
        (
            frame.t("field-customer"),
            Cell::link(customer.to_string(), format!("/console/customers/{}", subscription.customer)),
        ),
        (frame.t("field-offer"), Cell::link(known.offer.as_str(), format!("/console/offers/{}", subscription.offer))),
        (frame.t("first-day"), Cell::text(reader.day(period.begins))),
        (frame.t("last-day"), Cell::text(reader.day(period.ends))),
    ];
    if period.grace_ends != period.ends {
        facts.push((frame.t("grace-until"), Cell::text(reader.day(period.grace_ends))));
    }
    let taken = known.holders.iter().filter(|holder| holder.plugin.is_none() && holder.place(now).seat().is_some());
    let seats = [("taken", reader.number(taken.count())), ("seats", reader.number(subscription.seats as usize))];
    facts.push((frame.t("field-seats"), Cell::text(frame.t_with("seats-taken", &seats))));
    facts.push((frame.t("plugin-channel"), channel(reader, visit.can(Deed::ManagePlugins), &id, known.channel)));
    let table = Table::new(
        frame.t("keys-title"),
        super::keys::columns(reader),
        known.keys.iter().map(|listed| super::keys::row(reader, listed, now)).collect(),
    );
    let mut part = Part::new(frame.t("keys-title"), table, frame.t("subscription-no-keys"));
    part.all = known.more_keys.then(|| format!("/console/keys?customer={}", subscription.customer));
    Ok(show(&DetailPage {
        state: Some(states::phase(reader, &phase)),
        about: states::about_phase(reader, &phase).into_iter().collect(),
        actions: actions(&visit, subscription),
        facts,
        parts: vec![holders_part(reader, subscription.id, &known.holders, now), part],
        moments: moments(reader, &known.lines, &known.people, &id),
        more: None,
        page: frame,
    }))
}

/// What may be done with a subscription, by this operator, as it stands.
fn actions(visit: &Visit, subscription: &Subscription) -> Vec<Action> {
    let reader = visit.reader();
    let at = |deed: &str| format!("{PLACE}/{}/{deed}", subscription.id);
    let mut actions = Vec::new();
    if subscription.not_terminated().is_err() {
        return actions;
    }
    if visit.can(Deed::RenewSubscription) {
        actions.push(Action::new(at("renew"), reader.t("subscription-renew"), icons::CALENDAR_PLUS));
    }
    if visit.can(Deed::IssueKey) {
        let new =
            Query::of([("customer", subscription.customer.to_string()), ("offer", subscription.offer.to_string())]);
        actions.push(Action::new(new.href("/console/keys/new"), reader.t("key-issue"), icons::PLUS).second());
    }
    if visit.can(Deed::ResumeSubscription) && subscription.may_resume().is_ok() {
        actions.push(Action::new(at("resume"), reader.t("subscription-resume"), icons::PLAYER_PLAY).second());
    }
    if visit.can(Deed::SuspendSubscription) && subscription.may_suspend().is_ok() {
        actions.push(Action::new(at("suspend"), reader.t("subscription-suspend"), icons::PLAYER_PAUSE).second());
    }
    if visit.can(Deed::SetSeats) {
        actions.push(Action::new(at("seats"), reader.t("subscription-seats"), icons::ARMCHAIR).second());
    }
    if visit.can(Deed::TerminateSubscription) {
        actions.push(Action::new(at("terminate"), reader.t("subscription-terminate"), icons::BAN).dangerous());
    }
    actions
}

fn find(reader: &mut latchkey_store::Reader<'_>, id: SubscriptionId) -> Done<(Subscription, Name)> {
    let unknown = || Undone::Refused(Refusal::SubscriptionUnknown { subscription: id.to_string() });
    subscriptions::find_listed(reader, id)?.ok_or_else(unknown)
}

pub(super) fn read_id(id: &str) -> Result<SubscriptionId, Trouble> {
    id.parse().map_err(|_| Trouble::Refused(Refusal::SubscriptionUnknown { subscription: id.to_owned() }))
}

/// Which deed, with what its page needs to say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Renew,
    Suspend,
    Resume,
    Terminate,
    Seats,
}

impl Kind {
    fn deed(self) -> Deed {
        match self {
            Self::Renew => Deed::RenewSubscription,
            Self::Suspend => Deed::SuspendSubscription,
            Self::Resume => Deed::ResumeSubscription,
            Self::Terminate => Deed::TerminateSubscription,
            Self::Seats => Deed::SetSeats,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Renew => "subscription-renew",
            Self::Suspend => "subscription-suspend",
            Self::Resume => "subscription-resume",
            Self::Terminate => "subscription-terminate",
            Self::Seats => "subscription-seats",
        }
    }

    fn notice(self) -> &'static str {
        match self {
            Self::Renew => "done-subscription-renew",
            Self::Suspend => "done-subscription-suspend",
            Self::Resume => "done-subscription-resume",
            Self::Terminate => "done-subscription-terminate",
            Self::Seats => "done-subscription-seats",
        }
    }

    fn path(self) -> &'static str {
        self.name().trim_start_matches("subscription-")
    }

    fn needs_reason(self) -> bool {
        match self {
            Self::Suspend | Self::Terminate => true,
            Self::Renew | Self::Resume | Self::Seats => false,
        }
    }
}

async fn ask_renew(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Renew).await
}

async fn ask_suspend(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Suspend).await
}

async fn ask_resume(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Resume).await
}

async fn ask_terminate(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Terminate).await
}

async fn ask_seats(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Seats).await
}

async fn ask(app: &App, visit: &Visit, id: &str, kind: Kind) -> Result<Response, Trouble> {
    visit.may(kind.deed())?;
    Ok(show(&deed_page(app, visit, read_id(id)?, kind, None, None).await?))
}

/// The form of a deed, with how the subscription stands now.
async fn deed_page(
    app: &App,
    visit: &Visit,
    id: SubscriptionId,
    kind: Kind,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let now = app.now().map_err(Trouble::Failed)?;
    let ((subscription, customer), seen) = app
        .look(move |reader| Ok((find(reader, id)?, audit::latest(reader, "subscription", &id.to_string())?)))
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t(&format!("{}-title", kind.name())));
    let values = [
        ("customer", customer.to_string()),
        ("offer", app.offer_title(&subscription.offer)),
        ("ends", reader.day(subscription.period.ends)),
    ];
    let usual = Fields::of([("count", "1".to_owned()), ("seats", subscription.seats.to_string())]);
    let typed = typed.unwrap_or(&usual);
    let lapsed = now >= subscription.period.grace_ends_at;
    let will = match kind {
        Kind::Renew if lapsed => frame.t_with("subscription-renew-lapsed-will", &values),
        Kind::Renew | Kind::Suspend | Kind::Resume | Kind::Terminate | Kind::Seats => {
            frame.t_with(&format!("{}-will", kind.name()), &values)
        }
    };
    let mut page = DeedPage::new(frame, kind.name(), format!("{PLACE}/{id}/{}", kind.path()), format!("{PLACE}/{id}"))
        .will(will)
        .seen(seen);
    if kind == Kind::Renew {
        let count =
            Field::text("count", page.page.t("field-count")).typed(typed).fault(fault(&page.page, refusal, "count"));
        let unit = unit(&page.page, typed);
        page = page.input(count).input(unit);
    }
    if kind == Kind::Seats {
        let seats =
            Field::text("seats", page.page.t("field-seats")).typed(typed).fault(fault(&page.page, refusal, "seats"));
        page = page.input(seats);
    }
    let why = reason(&page.page, typed, refusal, kind.needs_reason());
    let page = page.input(why).refused(refusal);
    Ok(if kind == Kind::Terminate { page.for_good() } else { page })
}

async fn renew(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    let read = || Ok((term(&form.fields)?.ok_or(Refusal::TermMissing)?, optional_reason(&form)?));
    match read() {
        Ok((term, why)) => {
            let zone = app.zone.clone();
            act(&app, &form, &id, Kind::Renew, move |tx, id, actor| {
                subscriptions::renew(tx, id, term, &zone, actor, why.as_ref())
            })
            .await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Renew, &refusal).await,
    }
}

async fn suspend(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    match Reason::parse(form.text("reason")) {
        Ok(why) => {
            act(&app, &form, &id, Kind::Suspend, move |tx, id, actor| subscriptions::suspend(tx, id, actor, &why)).await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Suspend, &refusal).await,
    }
}

async fn resume(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    match optional_reason(&form) {
        Ok(why) => {
            act(&app, &form, &id, Kind::Resume, move |tx, id, actor| subscriptions::resume(tx, id, actor, why.as_ref()))
                .await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Resume, &refusal).await,
    }
}

async fn terminate(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    match Reason::parse(form.text("reason")) {
        Ok(why) => {
            act(&app, &form, &id, Kind::Terminate, move |tx, id, actor| subscriptions::terminate(tx, id, actor, &why))
                .await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Terminate, &refusal).await,
    }
}

async fn set_seats(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    let read = || {
        let none = |_| Refusal::NumberInvalid { field: "seats", least: 1, most: MOST_NUMBER };
        Ok((form.text("seats").trim().parse::<u32>().map_err(none)?, optional_reason(&form)?))
    };
    match read() {
        Ok((seats, why)) => {
            act(&app, &form, &id, Kind::Seats, move |tx, id, actor| {
                decisions::set_seats(tx, id, seats, actor, why.as_ref())
            })
            .await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Seats, &refusal).await,
    }
}

/// Does a deed once, and goes back to the subscription.
async fn act(
    app: &App,
    form: &Form,
    id: &str,
    kind: Kind,
    mut operation: impl FnMut(&mut Tx<'_>, SubscriptionId, &Actor) -> Done<Subscription> + Send + 'static,
) -> Result<Response, Trouble> {
    form.visit.may(kind.deed())?;
    let (id, actor, seen) = (read_id(id)?, form.visit.actor(), form.seen());
    let acted = form
        .once(app, move |tx| {
            unchanged(tx, "subscription", &id.to_string(), seen)?;
            Ok(operation(tx, id, &actor)?.period.ends.to_string())
        })
        .await;
    match acted {
        Ok(ends) => {
            let ends = ends.parse().map_or(ends, |ends: latchkey_domain::time::Date| form.visit.reader().day(ends));
            Ok(done(app, &format!("{PLACE}/{id}"), &Notice::new(kind.notice()).with("ends", ends)))
        }
        Err(Trouble::Refused(refusal)) => again(app, form, &id.to_string(), kind, &refusal).await,
        Err(trouble) => Err(trouble),
    }
}

/// The form again, with what was typed and what a rule says.
async fn again(app: &App, form: &Form, id: &str, kind: Kind, refusal: &Refusal) -> Result<Response, Trouble> {
    form.visit.may(kind.deed())?;
    let page = deed_page(app, &form.visit, read_id(id)?, kind, Some(&form.fields), Some(refusal)).await?;
    Ok(refused(refusal, &page))
}
