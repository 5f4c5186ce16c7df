//! The audit log: who did what, when and why; and whether it is whole.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::time::Timestamp;
use latchkey_store::audit::{self, Finding, Line, Reached, Verification};
use latchkey_store::lists::Found;
use latchkey_store::lists::audit::{ByNumber, Wanted, page};
use latchkey_store::signing_keys;
use serde::Deserialize;

use super::Place;
use super::assets::icons;
use super::detail::DetailPage;
use super::history::{People, action, place, short};
use super::list::{self, AT_A_TIME, Action, Cell, Filter, ListPage, ON_A_PAGE, Query, Sorted, Table, day};
use super::page::show;
use super::trouble::Trouble;
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::exports::Kind;
use crate::records;

const PLACE: &str = "/console/audit";

/// Rows that are verified for one page.
const MOST_VERIFIED: i64 = 100_000;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(list)),
        Place::action("/console/audit.csv", get(file)),
        Place::page("/console/audit/verification", get(verify)),
    ]
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    action: String,
    actor: String,
    subject: String,
    from: String,
    until: String,
    sort: String,
    order: String,
    after: String,
    before: String,
}

impl Wish {
    fn query(&self) -> Query {
        Query::of([
            ("action", self.action.clone()),
            ("actor", self.actor.clone()),
            ("subject", self.subject.clone()),
            ("from", self.from.clone()),
            ("until", self.until.clone()),
            ("sort", self.sort.clone()),
            ("order", self.order.clone()),
        ])
    }

    fn sorted(&self) -> Sorted<ByNumber> {
        let usual = Sorted { by: ByNumber, name: "time", descending: true };
        Sorted::of(&self.sort, &self.order, &[("time", ByNumber, true)]).unwrap_or(usual)
    }

    /// What is wanted; an operator is known by its address, too.
    fn wanted(&self, app: &App, people: &People) -> Result<Wanted, Refusal> {
        let date = |text: &str| day(text).map_err(|given| Refusal::DateInvalid { given });
        let said =
            |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(|text| text.chars().take(200).collect());
        let starts = |date: latchkey_domain::time::Date| app.zone.start_of(date);
        Ok(Wanted {
            action: said(&self.action),
            actor: said(&self.actor).map(|actor: String| people.actor(&actor).unwrap_or(actor)),
            subject_kind: None,
            subject: said(&self.subject),
            from: date(&self.from)?.map(starts),
            until: date(&self.until)?.map(|date| -> Timestamp { app.zone.end_of(date) }),
        })
    }
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (sorted, query, reader) = (wish.sorted(), wish.query(), visit.reader());
    let frame = visit.page(PLACE, reader.t("audit-title"));
    let rows = sorted.rows(ON_A_PAGE, &wish.after, &wish.before);
    let people = app.look(People::read).await?;
    let (found, said) = match wish.wanted(&app, &people) {
        Ok(wanted) => (app.look(move |reader| Ok(page(reader, &wanted, &rows)?)).await?, None),
        Err(refusal) => (Found::default(), Some(frame.refusal(&refusal))),
    };
    let columns = vec![
        (frame.t("time"), Some("time")),
        (frame.t("what"), None),
        (frame.t("subject"), None),
        (frame.t("who"), None),
        (frame.t("field-reason"), None),
    ];
    let row = |line: &Line| {
        let subject = Cell::code(short(&line.subject));
        vec![
            Cell::text(reader.time(line.at)),
            Cell::text(action(reader, &line.action)),
            match place(&line.subject_kind, &line.subject) {
                Some(href) => subject.to(href),
                None => subject,
            },
            Cell::text(people.name(&line.actor)),
            Cell::text(line.reason.clone().unwrap_or_default()),
        ]
    };
    let table =
        Table::new(frame.title.clone(), query.head(PLACE, &sorted, columns), found.rows.iter().map(row).collect());
    let filtered = query.filters();
    let none = if found.before.is_some() || found.after.is_some() { "audit-none-here" } else { "none-found" };
    Ok(show(&ListPage {
        said,
        actions: vec![
            Action::new("/console/audit/verification", frame.t("audit-verify"), icons::SHIELD_CHECK).second(),
        ],
        filters: vec![
            Filter::choice("action", frame.t("what"), &wish.action, actions(&visit)),
            Filter::text("actor", frame.t("who"), &wish.actor),
            Filter::text("subject", frame.t("subject"), &wish.subject),
            Filter::day("from", frame.t("from-day"), &wish.from),
            Filter::day("until", frame.t("until-day"), &wish.until),
        ],
        none: frame.t(none),
        filtered,
        path: PLACE,
        turns: query.turns(PLACE, &found),
        csv: Some(query.href("/console/audit.csv")),
        table,
        page: frame,
    }))
}

/// What can be looked for.
const ACTIONS: [&str; 14] = [
    "customer.add",
    "customer.erase",
    "subscription.create",
    "subscription.renew",
    "subscription.suspend",
    "subscription.resume",
    "subscription.terminate",
    "key.issue",
    "key.show",
    "key.reissue",
    "key.revoke",
    "offer.set",
    "signing-key.rotate",
    "token.create",
];

fn actions(visit: &Visit) -> Vec<(String, String)> {
    let all = (String::new(), visit.reader().t("all"));
    let known = ACTIONS.map(|name| (name.to_owned(), action(visit.reader(), name)));
    std::iter::once(all).chain(known).collect()
}

async fn file(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let people = app.look(People::read).await?;
    let (sorted, wanted) = (wish.sorted(), wish.wanted(&app, &people).map_err(Trouble::Refused)?);
    let (first, columns) = (sorted.rows(AT_A_TIME, "", ""), Kind::Audit.columns());
    list::file(
        &app,
        "audit",
        columns,
        first,
        move |reader, rows| Ok(page(reader, &wanted, rows)?),
        records::AuditLine::new,
    )
    .await
}

/// How far a verification has come: it goes on from page to page, since a long log takes longer than an answer may.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Going {
    row: i64,
    erased: i64,
    hash: String,
}

async fn verify(State(app): State<App>, visit: Visit, Wishes(going): Wishes<Going>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let is_one = going.row > 0 && going.erased >= 0 && going.hash.len() == 64;
    let reached =
        if is_one { Reached { seq: going.row, hash: going.hash, erased: going.erased } } else { Reached::default() };
    let verification = app
        .look(move |reader| {
            let ring = signing_keys::ring(reader)?;
            Ok(audit::verify_on(reader, &ring, &[], reached, MOST_VERIFIED, |_, _| {})?)
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("audit-verify-title"));
    let number = |count: i64| reader.number(usize::try_from(count).unwrap_or_default());
    let back = Action::new(PLACE, frame.t("audit-title"), icons::ARROW_LEFT).second();
    let (state, badge, sentence, facts, actions) = match verification {
        Verification::Reached(Reached { seq, hash, erased }) => {
            let on = Query::of([("row", seq.to_string()), ("erased", erased.to_string()), ("hash", hash)]);
            let on =
                Action::new(on.href("/console/audit/verification"), frame.t("audit-verify-on"), icons::ARROW_RIGHT);
            let facts = vec![(frame.t("audit-rows"), Cell::text(number(seq)))];
            ("state-whole-so-far", "bg-yellow-lt", "audit-whole-so-far", facts, vec![on, back])
        }
        Verification::Ended(Finding::Whole { rows, heads, erased }) => {
            let facts = vec![
                (frame.t("audit-rows"), Cell::text(number(rows))),
                (frame.t("audit-heads"), Cell::text(reader.number(heads))),
                (frame.t("audit-erased"), Cell::text(number(erased))),
            ];
            ("state-whole", "bg-green-lt", "audit-whole", facts, vec![back])
        }
        Verification::Ended(
            Finding::Altered { seq }
            | Finding::Missing { seq }
            | Finding::Cut { last: seq, was: _ }
            | Finding::Rewritten { seq }
            | Finding::HeadForged { seq },
        ) => {
            let facts = vec![(frame.t("audit-at-row"), Cell::text(number(seq)))];
            ("state-not-whole", "bg-red-lt", "audit-not-whole", facts, vec![back])
        }
    };
    Ok(show(&DetailPage {
        state: Some(Cell::badge(frame.t(state), badge)),
        about: vec![frame.t(sentence), frame.t("audit-heads-elsewhere")],
        actions,
        facts,
        parts: Vec::new(),
        moments: Vec::new(),
        more: None,
        page: frame,
    }))
}
