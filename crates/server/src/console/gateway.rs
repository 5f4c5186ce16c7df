//! The gateway at a glance: inventories by hour, refusals by cause, and what waits for GLPI.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Reason;
use latchkey_domain::time::{HOUR, Timestamp};
use latchkey_store::enrollment::hours::{self, Count};
use latchkey_store::enrollment::queue::{self, Load, Queued};
use latchkey_store::{Done, Reader as Database, StoreError, Tx, Undone, audit};
use serde::Deserialize;
use serde_json::json;

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, reason};
use super::form::{Fields, Form};
use super::key_deeds::optional_reason;
use super::list::{Action, Cell, Filter, Head, ListPage, ON_A_PAGE, Query, Table, Turns};
use super::notice::Notice;
use super::page::{Page, show};
use super::plots::{Bar, Bars};
use super::reader::Reader;
use super::states;
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;
use crate::gateway::tally;

const PLACE: &str = "/console/gateway";
const QUEUE: &str = "/console/queue";
/// Hours of the plot.
const HOURS: i64 = 48;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PLACE, get(page)),
        Place::page(QUEUE, get(list)),
        Place::page("/console/queue/{message}/retry", get(ask_retry).post(retry)),
        Place::page("/console/queue/{message}/drop", get(ask_drop).post(discard)),
    ]
}

#[derive(Template)]
#[template(path = "console/gateway.html")]
struct GatewayPage {
    page: Page,
    actions: Vec<Action>,
    numbers: Vec<(String, String, String)>,
    oldest: Option<String>,
    hours: Bars,
    hours_table: Table,
    refusals: Table,
}

async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let first = Timestamp::from_millis((now.millis() / HOUR - HOURS + 1) * HOUR);
    let counts = app.look(move |reader| Ok(hours::since(reader, first)?)).await?;
    let load = of_queue(&app, |reader| queue::load(reader)).await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("gateway-title"));
    let hours = by_hour(reader, &counts, first);
    let head = std::iter::once(frame.t("gateway-hour")).chain(hours.parts.iter().cloned()).map(Head::plain).collect();
    let row = |bar: &Bar| {
        std::iter::once(Cell::text(bar.label.as_str()))
            .chain(bar.values.iter().map(|value| Cell::text(value.to_string())))
            .collect()
    };
    let seen = hours.bars.iter().filter(|bar| bar.values.iter().any(|value| *value > 0)).map(row).collect();
    let hours_table = Table::new(hours.title.as_str(), head, seen);
    Ok(show(&GatewayPage {
        actions: vec![
            Action::new(super::enrollments::PLACE, frame.t("enrollments-title"), icons::KEY).second(),
            Action::new(super::agents::PLACE, frame.t("agents-title"), icons::DEVICES).second(),
        ],
        numbers: numbers(reader, &load),
        oldest: load.oldest_at.map(|at| frame.t_with("gateway-oldest", &[("time", reader.time(at))])),
        refusals: refusals(reader, &counts),
        hours,
        hours_table,
        page: frame,
    }))
}

fn numbers(reader: &Reader, load: &Load) -> Vec<(String, String, String)> {
    let shown = |count: i64| reader.number(usize::try_from(count).unwrap_or_default());
    vec![
        (shown(load.messages - load.dead), reader.t("gateway-waiting"), only("waiting")),
        (shown(load.dead), reader.t("gateway-dead"), only("dead")),
    ]
}

/// The queue, those alone that stand so.
pub(super) fn only(which: &str) -> String {
    Query::of([("only", which.to_owned())]).href(QUEUE)
}

/// Whether a code is one of a refusal: what else becomes of a message has codes of its own.
fn is_refusal(code: &str) -> bool {
    !["", tally::STORED, tally::DELIVERED, tally::STOOD_IN].contains(&code)
}

/// Inventories by hour: those that GLPI took, those that were refused, those that wait or waited.
fn by_hour(reader: &Reader, counts: &[Count], first: Timestamp) -> Bars {
    let mut hours: BTreeMap<i64, [u64; 3]> =
        (0..HOURS).map(|hour| (first.plus(hour * HOUR).millis(), [0; 3])).collect();
    for count in counts.iter().filter(|count| matches!(count.what.as_str(), "inventory" | "partial" | "task")) {
        let part = match count.code.as_str() {
            "" => 0,
            code if code == tally::STORED => 2,
            // They were counted when they came.
            code if code == tally::DELIVERED => continue,
            _ => 1,
        };
        if let Some(hour) = hours.get_mut(&count.hour.millis()) {
            hour[part] += u64::try_from(count.times).unwrap_or_default();
        }
    }
    let bars = hours.into_iter().enumerate().map(|(at, (hour, values))| {
        let label = reader.time(Timestamp::from_millis(hour));
        // The hour alone: what is said of the zone begins otherwise.
        let clock = label.split(' ').find(|word| word.contains(':') && !word.starts_with("UTC"));
        let mark = clock.filter(|_| at % 6 == 5).unwrap_or_default().to_owned();
        Bar { label, mark, values: values.into(), href: None }
    });
    Bars {
        title: reader.t("gateway-hours-title"),
        parts: ["gateway-answered", "gateway-refused", "gateway-stored"].map(|name| reader.t(name)).into(),
        bars: bars.collect(),
    }
}

fn refusals(reader: &Reader, counts: &[Count]) -> Table {
    let refused = counts.iter().filter(|count| is_refusal(&count.code));
    let refused = refused.map(|count| (count.code.as_str(), count.times));
    Table::by_cause(reader, reader.t("gateway-refusals"), refused, |code, times| {
        let cause = match code {
            tally::DECLINED => reader.t("gateway-declined"),
            tally::NO_ROOM => reader.t("gateway-no-room"),
            refusal => states::cause(reader, refusal),
        };
        vec![Cell::text(cause), Cell::text(times)]
    })
}

/// What the list is asked for.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Wish {
    only: String,
    after: String,
}

async fn list(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Wish>) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (dead, waiting) = (wish.only == "dead", wish.only == "waiting");
    let after = wish.after.parse().unwrap_or_default();
    let asked = move |reader: &mut Database<'_>| match waiting {
        true => queue::list_waiting(reader, after, ON_A_PAGE + 1),
        false => queue::list(reader, dead, after, ON_A_PAGE + 1),
    };
    let mut found = of_queue(&app, asked).await?;
    let more = found.len() > ON_A_PAGE as usize;
    found.truncate(ON_A_PAGE as usize);
    let reader = visit.reader();
    let frame = visit.page(QUEUE, reader.t("queue-title"));
    let query = Query::of([("only", wish.only.clone())]);
    let may = visit.can(Deed::ManageQueue);
    let mut head =
        vec!["queue-number", "agent-device", "queue-what", "state", "queue-since", "queue-tried", "queue-why"];
    if may {
        head.extend(["queue-retry", "queue-drop"]);
    }
    let row = |queued: &Queued| {
        let mut cells = vec![
            Cell::text(queued.number.to_string()),
            Cell::link(queued.device.as_str(), format!("{}/{}", super::agents::PLACE, queued.agent)),
            Cell::text(queued.what.as_str()),
            states::queued(reader, queued.dead_at.is_some()),
            Cell::text(reader.time(queued.received_at)),
            Cell::text(queued.attempts.to_string()),
            Cell::text(queued.last_error.clone().unwrap_or_else(|| "–".to_owned())),
        ];
        if may {
            cells.push(Cell::link(frame.t("queue-retry"), format!("{QUEUE}/{}/retry", queued.number)));
            cells.push(Cell::link(frame.t("queue-drop"), format!("{QUEUE}/{}/drop", queued.number)));
        }
        cells
    };
    let rows = found.iter().map(row).collect();
    let table =
        Table::new(frame.title.clone(), head.into_iter().map(|name| Head::plain(frame.t(name))).collect(), rows);
    let next = found.last().filter(|_| more).map(|last| query.with("after", last.number.to_string()).href(QUEUE));
    let first = (after > 0).then(|| query.href(QUEUE));
    Ok(show(&ListPage {
        said: None,
        actions: Vec::new(),
        filters: vec![Filter::choice(
            "only",
            frame.t("queue-only"),
            &wish.only,
            vec![
                (String::new(), frame.t("queue-all")),
                ("waiting".to_owned(), frame.t("queue-only-waiting")),
                ("dead".to_owned(), frame.t("queue-only-dead")),
            ],
        )],
        none: frame.t(if dead { "queue-none-dead" } else { "queue-none" }),
        filtered: dead || waiting,
        path: QUEUE,
        turns: Turns { first, before: None, after: next },
        csv: None,
        table,
        page: frame,
    }))
}

/// Asks the queue, which may lie in a file of its own.
pub(super) async fn of_queue<T: Send + 'static>(
    app: &App,
    question: impl FnOnce(&mut Database<'_>) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Trouble> {
    let store = app.gateway.queue.clone();
    let asked = tokio::task::spawn_blocking(move || store.read(question)).await;
    asked
        .unwrap_or_else(|error| Err(StoreError::Bug(error.to_string())))
        .map_err(|error| Trouble::Failed(error.failure()))
}

/// Retry, or drop: the names of the words, and of the row in the log.
#[derive(Clone, Copy)]
enum Change {
    Retry,
    Drop,
}

impl Change {
    fn words(self) -> (&'static str, &'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Retry => ("queue-retry", "queue-retry-title", "queue-retry-will", "retry", "queue.retry"),
            Self::Drop => ("queue-drop", "queue-drop-title", "queue-drop-will", "drop", "queue.drop"),
        }
    }

    fn is_for_good(self) -> bool {
        match self {
            Self::Retry => false,
            Self::Drop => true,
        }
    }

    fn notice(self) -> Notice {
        match self {
            Self::Retry => Notice::new("done-queue-retried"),
            Self::Drop => Notice::new("done-queue-dropped"),
        }
    }

    fn run(self, tx: &mut Tx<'_>, number: &str) -> Done<Queued> {
        match self {
            Self::Retry => queue::retry(tx, number),
            Self::Drop => queue::discard(tx, number),
        }
    }
}

async fn change_page(
    app: &App,
    visit: &Visit,
    change: Change,
    number: String,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    visit.may(Deed::ManageQueue)?;
    let unknown = || Trouble::Refused(Refusal::QueuedUnknown { message: number.clone() });
    let wanted: i64 = number.parse().map_err(|_| unknown())?;
    let before = wanted.checked_sub(1).ok_or_else(unknown)?;
    let found = of_queue(app, move |reader| queue::list(reader, false, before, 1)).await?;
    let message = found.into_iter().find(|found| found.number == wanted).ok_or_else(unknown)?;
    let (name, title, will, way, _) = change.words();
    let page = visit.page(QUEUE, visit.reader().t(title));
    let will = page.t_with(will, &[("name", message.device)]);
    let why = reason(&page, typed, refusal, change.is_for_good());
    let deed = DeedPage::new(page, name, format!("{QUEUE}/{number}/{way}"), QUEUE.to_owned()).will(will);
    let deed = if change.is_for_good() { deed.for_good() } else { deed };
    Ok(deed.input(why).refused(refusal))
}

/// First it is done where the queue is, then it is written down where the log is; the same form sent again finds it written down.
async fn do_change(app: App, change: Change, number: String, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageQueue)?;
    let why = if change.is_for_good() { Reason::parse(form.text("reason")).map(Some) } else { optional_reason(&form) };
    let changed = match why {
        Ok(why) => {
            let (now, asked) = (app.now().map_err(Trouble::Failed)?, number.clone());
            let message = match app.gateway.queue.write(now, move |tx| change.run(tx, &asked)).await {
                Ok(message) => Ok(message),
                Err(Undone::Refused(refusal)) => Err(refusal),
                Err(Undone::Failed(error)) => return Err(Trouble::Failed(error.failure())),
            };
            let actor = form.visit.actor();
            form.once(&app, move |tx| {
                let message = message.as_ref().map_err(Clone::clone)?;
                let detail = json!({ "agent": message.agent, "what": message.what });
                let entry = audit::Entry::new(&actor, change.words().4, "queue", message.number);
                tx.audit(entry.reason(why.as_ref()).detail(detail))
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match changed {
        Ok(()) => Ok(done(&app, QUEUE, &change.notice())),
        Err(Trouble::Refused(refusal)) => {
            // What is no longer there cannot be asked about again: that is said instead.
            let page = change_page(&app, &form.visit, change, number, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

macro_rules! changes {
    ($($ask:ident $do:ident $change:ident),*) => {$(
        async fn $ask(State(app): State<App>, visit: Visit, Path(number): Path<String>) -> Result<Response, Trouble> {
            Ok(show(&change_page(&app, &visit, Change::$change, number, &Fields::default(), None).await?))
        }

        async fn $do(State(app): State<App>, Path(number): Path<String>, form: Form) -> Result<Response, Trouble> {
            do_change(app, Change::$change, number, form).await
        }
    )*};
}
changes!(ask_retry retry Retry, ask_drop discard Drop);
