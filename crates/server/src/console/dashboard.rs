//! The first page: what needs a person today. Each number leads to the list behind it.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::operators::Deed;
use latchkey_domain::time::{DAY, Date, Timestamp, Zone, day_after};
use latchkey_store::dashboard::{self, DAYS_AHEAD, NOT_DONE, Numbers, Open, Renewals};
use latchkey_store::enrollment::queue::{self, Load};
use latchkey_store::lists::instances::{self as moves, Waiting};
use latchkey_store::questions::{self, Count};
use latchkey_store::{Done, Reader as Database};

use super::Place;
use super::assets::icons;
use super::gateway::{of_queue, only};
use super::instances::waiting_table;
use super::list::{Action, Cell, Head, Query, Table};
use super::page::{Page, show};
use super::plots::{Bar, Bars};
use super::reader::Reader;
use super::states;
use super::trouble::Trouble;
use super::visit::Visit;
use super::{agents, plugins, registrations};
use crate::app::App;

/// The page's entry in the menu.
pub(super) const PLACE: &str = "/console/dashboard";
/// Moves that are shown; those that end first.
const MOST_MOVES: u32 = 10;
/// Days of answers that are shown.
const DAYS: i64 = 30;
/// Days that are lately.
const LATELY: i64 = 7;
/// Months of renewals that are shown, this one included.
const MONTHS: usize = 12;
/// Codes with which a key still opens everything.
const OPEN: [&str; 6] =
    ["", "KEY_OVERLAP", "SUBSCRIPTION_ENDS_SOON", "SUBSCRIPTION_IN_GRACE", "SEAT_MOVING_HERE", "SEAT_MOVING_AWAY"];
/// Codes of our own failures, which say nothing about a key.
const OURS: [&str; 6] =
    ["STORE_UNAVAILABLE", "KEY_NOT_IN_STORE", "CLOCK_SUSPECT", "SECRET_UNREADABLE", "OVERLOADED", "INTERNAL_ERROR"];

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(page))]
}

#[derive(Template)]
#[template(path = "console/dashboard.html")]
struct DashboardPage {
    page: Page,
    actions: Vec<Action>,
    /// Number, words, and the list behind it.
    numbers: Vec<(String, String, String)>,
    /// Moves that wait for a word; all of them are behind the link.
    moves: Table,
    refusals: Table,
    answers: Bars,
    answers_table: Table,
    renewals: Bars,
    renewals_table: Table,
}

/// What is read of the database.
struct Known {
    numbers: Numbers,
    open: Open,
    waiting: Vec<Waiting>,
    counts: Vec<Count>,
    renewals: Vec<Renewals>,
}

async fn page(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::Look)?;
    let (now, zone) = (app.now().map_err(Trouble::Failed)?, app.zone.clone());
    let today = zone.date_of(now);
    let months = months_from(today);
    let instants: Vec<Timestamp> = months.iter().map(|first| zone.start_of(*first)).collect();
    let ahead = DAYS_AHEAD.map(|days| days_after(today, days));
    let known = app.look(move |reader| read(reader, now, ahead.map(|day| zone.end_of(day)), &instants)).await?;
    let load = of_queue(&app, |reader| queue::load(reader)).await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t("dashboard-title"));
    let mut numbers = numbers(reader, &known.numbers, known.open.moves, ahead);
    numbers.extend(beside(reader, &known.open, &load, app.market.withdrawn_in_use()));
    let answers = answers(reader, &known.counts, today, &app.zone);
    let renewals = renewals(reader, &known.renewals, &months);
    let mut actions = Vec::new();
    if visit.can(Deed::IssueKey) {
        actions.push(Action::new("/console/keys/new", frame.t("key-issue"), icons::PLUS));
    }
    Ok(show(&DashboardPage {
        numbers,
        moves: waiting_table(reader, &known.waiting, now),
        refusals: refusals(reader, &known.counts, now),
        answers_table: table_of(&answers, frame.t("day")),
        renewals_table: table_of(&renewals, frame.t("month")),
        answers,
        renewals,
        actions,
        page: frame,
    }))
}

fn read(reader: &mut Database<'_>, now: Timestamp, by: [Timestamp; 3], months: &[Timestamp]) -> Done<Known> {
    Ok(Known {
        numbers: dashboard::numbers(reader, now, by)?,
        open: dashboard::open(reader, now)?,
        waiting: moves::waiting(reader, now, MOST_MOVES)?,
        counts: questions::counts_since(reader, now.plus(-DAYS * DAY))?,
        renewals: dashboard::renewals(reader, months)?,
    })
}

fn numbers(reader: &Reader, numbers: &Numbers, moving: i64, ahead: [Date; 3]) -> Vec<(String, String, String)> {
    let many = |count: i64| usize::try_from(count).unwrap_or_default();
    let working = |values: Vec<(&'static str, String)>| {
        Query::of([("state", "working".to_owned())].into_iter().chain(values)).href("/console/keys")
    };
    let moves = Query::of([("state", "moving".to_owned())]).href("/console/instances");
    let mut all = vec![(reader.number(many(moving)), reader.t_count("moves-to-decide", many(moving)), moves)];
    for ((count, days), until) in numbers.ending.into_iter().zip(DAYS_AHEAD).zip(ahead) {
        let words = reader.t_count_with("keys-ending", many(count), &[("days", days)]);
        let behind = vec![
            ("subscription_state", "running".to_owned()),
            ("ends_until", until.to_string()),
            ("sort", "end".to_owned()),
        ];
        all.push((reader.number(many(count)), words, working(behind)));
    }
    for (count, name, state) in
        [(numbers.in_grace, "keys-in-grace", "grace"), (numbers.suspended, "keys-suspended", "suspended")]
    {
        all.push((
            reader.number(many(count)),
            reader.t_count(name, many(count)),
            working(vec![("subscription_state", state.to_owned()), ("sort", "end".to_owned())]),
        ));
    }
    all
}

/// What waits in the other columns. Not everybody has them all: nothing is said of what does not wait.
fn beside(reader: &Reader, open: &Open, load: &Load, withdrawn: usize) -> Vec<(String, String, String)> {
    let in_state = |place: &str, state: &str| Query::of([("state", state.to_owned())]).href(place);
    let [incomplete, waiting, password_needed] = open.registrations;
    let [is_incomplete, is_waiting, needs_password] =
        NOT_DONE.map(|state| in_state(registrations::PLACE, state.name()));
    let plugins = Query::of([("only", "withdrawn".to_owned())]).href(plugins::PLACE);
    let all = [
        (open.agents, "agents-to-approve", in_state(agents::PLACE, "pending")),
        (load.dead, "queue-dead", only("dead")),
        (load.messages - load.dead, "queue-waiting", only("waiting")),
        (incomplete, "registrations-incomplete", is_incomplete),
        (waiting, "registrations-waiting", is_waiting),
        (password_needed, "registrations-password-needed", needs_password),
        (i64::try_from(withdrawn).unwrap_or(i64::MAX), "withdrawn-in-use", plugins),
    ];
    let said = all.into_iter().filter(|(count, ..)| *count > 0).map(|(count, name, href)| {
        let count = usize::try_from(count).unwrap_or_default();
        (reader.number(count), reader.t_count(name, count), href)
    });
    said.collect()
}

/// Refusals of the last days by their cause, the most frequent first.
fn refusals(reader: &Reader, counts: &[Count], now: Timestamp) -> Table {
    let since = now.plus(-LATELY * DAY);
    let refused = counts.iter().filter(|count| count.hour >= since && !OPEN.contains(&count.code.as_str()));
    let refused = refused.map(|count| (count.code.as_str(), count.times));
    Table::by_cause(reader, reader.t("refusals-lately"), refused, |code, times| {
        let behind = Query::of([("code", code.to_owned())]).href("/console/questions");
        vec![Cell::link(states::cause(reader, code), behind.clone()), Cell::link(times, behind)]
    })
}

/// Answers by day: those that open, those that do not, and what we could not answer.
fn answers(reader: &Reader, counts: &[Count], today: Date, zone: &Zone) -> Bars {
    let mut days: BTreeMap<Date, [u64; 3]> = BTreeMap::new();
    let mut date = days_after(today, -(DAYS - 1));
    for _ in 0..DAYS {
        days.insert(date, [0; 3]);
        date = day_after(date).unwrap_or(date);
    }
    for count in counts {
        let part = if OPEN.contains(&count.code.as_str()) {
            0
        } else if OURS.contains(&count.code.as_str()) {
            2
        } else {
            1
        };
        if let Some(day) = days.get_mut(&zone.date_of(count.hour)) {
            day[part] += u64::try_from(count.times).unwrap_or_default();
        }
    }
    let bars = days.into_iter().enumerate().map(|(at, (date, values))| Bar {
        label: reader.day(date),
        mark: if at % 5 == 4 { date.day().to_string() } else { String::new() },
        values: values.into(),
        href: None,
    });
    Bars {
        title: reader.t("answers-title"),
        parts: ["answers-open", "answers-refused", "answers-ours"].map(|name| reader.t(name)).into(),
        bars: bars.collect(),
    }
}

/// Subscriptions that end, by month.
fn renewals(reader: &Reader, renewals: &[Renewals], months: &[Date]) -> Bars {
    let bars = renewals.iter().zip(months.iter().zip(months.iter().skip(1))).map(|(renewals, (first, next))| {
        let last = days_after(*next, -1);
        let behind =
            Query::of([("ends_from", first.to_string()), ("ends_until", last.to_string()), ("sort", "end".to_owned())]);
        Bar {
            label: reader.month(*first),
            mark: reader.month_mark(*first),
            values: vec![u64::try_from(renewals.subscriptions).unwrap_or_default()],
            href: Some(behind.href("/console/subscriptions")),
        }
    });
    Bars { title: reader.t("renewals-title"), parts: vec![reader.t("renewals-due")], bars: bars.collect() }
}

/// The numbers of a plot, for whoever does not see it.
pub(super) fn table_of(plot: &Bars, first: String) -> Table {
    let head = std::iter::once(first).chain(plot.parts.iter().cloned()).map(Head::plain).collect();
    let row = |bar: &Bar| {
        let label = Cell { href: bar.href.clone(), ..Cell::text(bar.label.as_str()) };
        std::iter::once(label).chain(bar.values.iter().map(|value| Cell::text(value.to_string()))).collect()
    };
    Table::new(plot.title.as_str(), head, plot.bars.iter().map(row).collect())
}

/// The first days of so many months, from this one on, and of the one after them.
fn months_from(today: Date) -> Vec<Date> {
    let mut first = days_after(today, 1 - i64::from(today.day()));
    let mut months = vec![first];
    for _ in 0..MONTHS {
        // More days than any month has, then back to its first.
        let next = days_after(first, 31);
        first = days_after(next, 1 - i64::from(next.day()));
        months.push(first);
    }
    months
}

pub(super) fn days_after(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::SignedDuration::from_hours(24 * days))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_one_another() {
        let months = months_from("2027-01-31".parse().unwrap());
        let shown: Vec<_> = months.iter().map(ToString::to_string).collect();
        assert_eq!(shown.len(), MONTHS + 1);
        assert_eq!(
            (shown[0].as_str(), shown[1].as_str(), shown[12].as_str()),
            ("2027-01-01", "2027-02-01", "2028-01-01")
        );
    }

    #[test]
    fn every_failure_of_ours_is_known_as_one() {
        use latchkey_domain::Failure;
        for failure in
            [Failure::StoreAway, Failure::ClockSuspect, Failure::Sealed, Failure::Overloaded, Failure::Internal]
        {
            assert!(OURS.contains(&failure.code()), "{failure:?}");
        }
    }
}
