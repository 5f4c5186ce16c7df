//! Registration keys: the list, one key, and everything that is done with one.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::ids::KeyId;
use latchkey_domain::operators::Deed;
use latchkey_domain::subscriptions::{KeyEntry, decide};
use latchkey_domain::text::OfferRef;
use latchkey_store::instances::list::Listed as ListedInstance;
use latchkey_store::lists::keys::{Sort, Wanted, page};
use latchkey_store::lists::subscriptions::Whose;
use latchkey_store::lists::{KeyIs, SubscriptionIs};
use latchkey_store::questions::Asked;
use latchkey_store::subscriptions::keys::{self, Listed};
use latchkey_store::subscriptions::{entries, offers};
use latchkey_store::{Undone, audit, questions};
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::detail::{DetailPage, Part};
use super::history::{People, moments, short};
use super::instances::{holders, holders_part};
use super::list::{self, AT_A_TIME, Action, Cell, Filter, ListPage, ON_A_PAGE, Query, Sorted, Table, ends};
use super::page::show;
use super::reader::Reader;
use super::states;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::records;

pub(super) const PLACE: &str = "/console/keys";

pub(super) fn places() -> Vec<Place> {
    let mut places = vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/keys.csv", get(file)),
        Place::page("/console/keys/{key}", get(show_one)),
    ];
    places.extend(super::key_deeds::places());
    places
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    customer: String,
    offer: String,
    state: String,
    subscription_state: String,
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
            ("subscription_state", self.subscription_state.clone()),
            ("ends_from", self.ends_from.clone()),
            ("ends_until", self.ends_until.clone()),
            ("sort", self.sort.clone()),
            ("order", self.order.clone()),
        ])
    }

    fn sorted(&self) -> Sorted<Sort> {
        let ways = [("issued", Sort::Issued, true), ("end", Sort::End, false), ("customer", Sort::Customer, false)];
        let usual = Sorted { by: Sort::Issued, name: "issued", descending: true };
        Sorted::of(&self.sort, &self.order, &ways).unwrap_or(usual)
    }

    fn wanted(&self) -> Result<Wanted, Refusal> {
        let offer = self.offer.trim();
        Ok(Wanted {
            whose: whose(&self.customer),
            subscription: None,
            offer: if offer.is_empty() { None } else { Some(OfferRef::parse(offer)?) },
            is: KeyIs::ALL.into_iter().find(|is| is.name() == self.state),
            subscription_is: SubscriptionIs::ALL.into_iter().find(|is| is.name() == self.subscription_state),
            ends: ends(&self.ends_from, &self.ends_until).map_err(|given| Refusal::DateInvalid { given })?,
        })
    }
}

/// Customers by an id, or by a part of their name.
pub(super) fn whose(typed: &str) -> Option<Whose> {
    let typed = typed.trim();
    match typed.parse() {
        _ if typed.is_empty() => None,
        Ok(id) => Some(Whose::Customer(id)),
        Err(_) => Some(Whose::NameHas(typed.chars().take(200).collect())),
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, query) = (wish.sorted(), wish.query());
    let frame = visit.page(PLACE, visit.reader().t("keys-title"));
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let (found, said) = match wish.wanted() {
        Ok(wanted) => (app.look(move |reader| Ok(page(reader, &wanted, sorted.by, &rows, now)?)).await?, None),
        Err(refusal) => (latchkey_store::lists::Found::default(), Some(frame.refusal(&refusal))),
    };
    let columns = vec![
        (frame.t("key"), Some("issued")),
        (frame.t("field-customer"), Some("customer")),
        (frame.t("field-offer"), None),
        (frame.t("state"), None),
        (frame.t("last-day"), Some("end")),
        (frame.t("issued-on"), None),
    ];
    let table = Table::new(
        frame.title.clone(),
        query.head(PLACE, &sorted, columns),
        found.rows.iter().map(|listed| row(visit.reader(), listed, now)).collect(),
    );
    let filtered = query.filters();
    let mut actions = Vec::new();
    if visit.can(Deed::IssueKey) {
        actions.push(Action::new("/console/keys/new", frame.t("key-issue"), icons::PLUS));
    }
    Ok(show(&ListPage {
        said,
        actions,
        filters: filters(&app, visit.reader(), &wish),
        none: frame.t(if filtered { "none-found" } else { "keys-none" }),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/keys.csv")),
        table,
        page: frame,
    }))
}

/// A key's row: its id leads to its page.
pub(super) fn row(reader: &Reader, listed: &Listed, now: latchkey_domain::time::Timestamp) -> Vec<Cell> {
    let Listed { key, subscription, customer } = listed;
    vec![
        Cell::code(short(&key.id.to_string())).to(format!("{PLACE}/{}", key.id)),
        Cell::link(customer.to_string(), format!("/console/customers/{}", subscription.customer)),
        Cell::text(subscription.offer.to_string()),
        states::of_key(reader, key.standing(now), &subscription.phase(now)),
        Cell::text(reader.day(subscription.period.ends)),
        Cell::text(reader.day(key.issued)),
    ]
}

/// The columns of [`row`].
pub(super) fn columns(reader: &Reader) -> Vec<list::Head> {
    ["key", "field-customer", "field-offer", "state", "last-day", "issued-on"]
        .map(|name| list::Head::plain(reader.t(name)))
        .into()
}

fn filters(app: &App, reader: &Reader, wish: &Wish) -> Vec<Filter> {
    vec![
        Filter::text("customer", reader.t("field-customer"), &wish.customer),
        Filter::choice("offer", reader.t("field-offer"), &wish.offer, offer_choices(app, reader)),
        Filter::choice("state", reader.t("key-is"), &wish.state, choices(reader, KeyIs::ALL.map(KeyIs::name))),
        Filter::choice(
            "subscription_state",
            reader.t("subscription-is"),
            &wish.subscription_state,
            choices(reader, SubscriptionIs::ALL.map(SubscriptionIs::name)),
        ),
        Filter::day("ends_from", reader.t("ends-from"), &wish.ends_from),
        Filter::day("ends_until", reader.t("ends-until"), &wish.ends_until),
    ]
}

/// States as choices, and all.
pub(super) fn choices<const N: usize>(reader: &Reader, states: [&'static str; N]) -> Vec<(String, String)> {
    let all = (String::new(), reader.t("all"));
    std::iter::once(all).chain(states.map(|state| (state.to_owned(), states::named(reader, state)))).collect()
}

/// Offers as choices, and all.
pub(super) fn offer_choices(app: &App, reader: &Reader) -> Vec<(String, String)> {
    let all = (String::new(), reader.t("all"));
    let offers = app.offers.load();
    let offers = offers.iter().map(|offer| (offer.reference.to_string(), offer.title.to_string()));
    std::iter::once(all).chain(offers).collect()
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let (sorted, wanted) = (wish.sorted(), wish.wanted().map_err(Trouble::Refused)?);
    const COLUMNS: &[&str] = &[
        "key_id",
        "state",
        "customer_id",
        "customer",
        "offer",
        "subscription_id",
        "subscription_state",
        "begin_date",
        "end_date",
        "grace_end_date",
        "issue_date",
        "revoked_at",
        "superseded_by",
        "superseded_until",
    ];
    let row = |listed: &Listed| records::Key::new(&listed.key, &listed.subscription, listed.customer.as_str(), now);
    list::file(
        &app,
        "keys",
        COLUMNS,
        sorted.rows(AT_A_TIME, "", ""),
        move |reader, rows| Ok(page(reader, &wanted, sorted.by, rows, now)?),
        row,
    )
    .await
}

/// A key with all that its page shows.
struct Known {
    entry: KeyEntry,
    offer: String,
    asked: Vec<Asked>,
    holders: Vec<ListedInstance>,
    lines: Vec<audit::Line>,
    people: People,
}

async fn show_one(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (id, now) = (read_id(&id)?, app.now().map_err(Trouble::Failed)?);
    let known = app
        .look(move |reader| {
            let Some(entry) = entries::fill(reader, id)?.entry else {
                return Err(Undone::Refused(Refusal::KeyUnknown { key: id.to_string() }));
            };
            let mut lines = audit::history(reader, "key", &id.to_string())?;
            lines.extend(audit::history(reader, "subscription", &entry.subscription.id.to_string())?);
            lines.sort_by_key(|line| std::cmp::Reverse(line.seq));
            Ok(Known {
                offer: offers::find(reader, entry.subscription.offer.as_str())?.title.to_string(),
                asked: questions::of_key(reader, id)?,
                holders: holders(reader, entry.subscription.id, now)?,
                people: People::read(reader)?,
                lines,
                entry,
            })
        })
        .await?;
    Ok(show(&one(&app, &visit, &known, now)))
}

fn one(app: &App, visit: &Visit, known: &Known, now: latchkey_domain::time::Timestamp) -> DetailPage {
    let (reader, KeyEntry { key, subscription, owner, holdings: _ }) = (visit.reader(), &known.entry);
    let (standing, phase) = (key.standing(now), subscription.phase(now));
    let id = key.id.to_string();
    let frame = visit.page(PLACE, frame_title(reader, &id));
    let told = latchkey_texts::verdict(&decide(&known.entry, now), &known.entry, reader.language, &app.zone);
    let mut facts = vec![
        (frame.t("key-id"), Cell::code(id.as_str())),
        (
            frame.t("field-customer"),
            Cell::link(owner.to_string(), format!("/console/customers/{}", subscription.customer)),
        ),
        (frame.t("field-offer"), Cell::link(known.offer.as_str(), format!("/console/offers/{}", subscription.offer))),
        (
            frame.t("subscription"),
            Cell { href: Some(format!("/console/subscriptions/{}", subscription.id)), ..states::phase(reader, &phase) },
        ),
        (frame.t("first-day"), Cell::text(reader.day(subscription.period.begins))),
        (frame.t("last-day"), Cell::text(reader.day(subscription.period.ends))),
        (frame.t("issued-on"), Cell::text(reader.day(key.issued))),
        (
            frame.t("signing-key"),
            Cell::link(key.signing_key.to_string(), format!("/console/signing-keys/{}", key.signing_key)),
        ),
        (frame.t("glpi-is-told"), Cell::text(told)),
    ];
    if let Some(by) = records::Key::new(key, subscription, owner, now).superseded_by {
        facts.insert(1, (frame.t("replaced-by"), Cell::code(by.as_str()).to(format!("{PLACE}/{by}"))));
    }
    let about = [states::about_standing(reader, standing), states::about_phase(reader, &phase)];
    DetailPage {
        state: Some(states::standing(reader, standing)),
        about: about.into_iter().flatten().collect(),
        actions: actions(visit, &known.entry),
        facts,
        parts: vec![
            holders_part(reader, subscription.id, &known.holders, now),
            Part::new(frame.t("last-questions"), asked_table(reader, &known.asked, false), frame.t("questions-none")),
        ],
        moments: moments(reader, &known.lines, &known.people, &id),
        more: None,
        page: frame,
    }
}

fn frame_title(reader: &Reader, id: &str) -> String {
    reader.t_with("key-title", &[("key", short(id))])
}

/// What may be done with a key, by this operator, as it stands.
fn actions(visit: &Visit, entry: &KeyEntry) -> Vec<Action> {
    let (key, reader) = (&entry.key, visit.reader());
    let at = |deed: &str| format!("{PLACE}/{}/{deed}", key.id);
    let mut actions = Vec::new();
    if visit.can(Deed::RevealKey) {
        actions.push(Action::new(at("reveal"), reader.t("key-reveal"), icons::EYE));
    }
    if visit.can(Deed::RenewSubscription) && entry.subscription.not_terminated().is_ok() {
        let renew = format!("/console/subscriptions/{}/renew", key.subscription);
        actions.push(Action::new(renew, reader.t("subscription-renew"), icons::CALENDAR_PLUS).second());
    }
    if visit.can(Deed::ReissueKey) && key.may_reissue(&entry.subscription).is_ok() {
        actions.push(Action::new(at("reissue"), reader.t("key-reissue"), icons::REFRESH).second());
    }
    if visit.can(Deed::RevokeKey) && key.may_revoke().is_ok() {
        actions.push(Action::new(at("revoke"), reader.t("key-revoke"), icons::BAN).dangerous());
    }
    actions
}

/// Who asked about keys, and what was answered; with the key, where they are of several.
pub(super) fn asked_table(reader: &Reader, asked: &[Asked], with_key: bool) -> Table {
    let mut head: Vec<_> = ["asked-at", "answer", "asked-from", "asked-version", "asked-instance", "asked-times"]
        .map(|name| list::Head::plain(reader.t(name)))
        .into();
    if with_key {
        head.insert(1, list::Head::plain(reader.t("key")));
    }
    let row = |asked: &Asked| {
        let or = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
        let times = if asked.times > 1 {
            let (times, since) = (usize::try_from(asked.times).unwrap_or_default(), reader.time(asked.first_at));
            reader.t_with("times-since", &[("times", reader.number(times)), ("time", since)])
        } else {
            "1".to_owned()
        };
        let mut row = vec![
            Cell::text(reader.time(asked.at)),
            states::answer(reader, &asked.verdict, &asked.code),
            Cell::code(asked.address.as_str()),
            Cell::text(or(&asked.version)),
            Cell::code(or(&asked.instance)),
            Cell::text(times),
        ];
        if with_key {
            row.insert(1, Cell::code(short(&asked.key.to_string())).to(format!("{PLACE}/{}", asked.key)));
        }
        row
    };
    Table::new(reader.t("last-questions"), head, asked.iter().map(row).collect())
}

/// The key that an address names.
pub(super) fn read_id(id: &str) -> Result<KeyId, Trouble> {
    id.parse().map_err(|_| Trouble::Refused(Refusal::KeyUnknown { key: id.to_owned() }))
}

/// The key that an address names, with what it opens.
pub(super) async fn entry(app: &App, id: KeyId) -> Result<(Listed, i64), Trouble> {
    app.look(move |reader| {
        let unknown = || Undone::Refused(Refusal::KeyUnknown { key: id.to_string() });
        let listed = keys::find_listed(reader, id)?.ok_or_else(unknown)?;
        Ok((listed, audit::latest(reader, "key", &id.to_string())?))
    })
    .await
}
