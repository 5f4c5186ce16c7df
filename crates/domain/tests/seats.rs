//! Seats and moves over any history and any clock.

#![allow(clippy::panic, clippy::unwrap_used, reason = "test code fails by panicking")]

use std::collections::BTreeMap;

use latchkey_domain::Refusal;
use latchkey_domain::ids::{InstanceId, MoveId};
use latchkey_domain::instances::{
    Change, Environment, Holdings, InstanceUid, MOST_REFUSED, Newcomer, Notice, Outcome, Place, Policy, Site, Spent,
    Standing, YEAR,
};
use latchkey_domain::time::{DAY, HOUR, MINUTE, Millis, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

/// A subscription with its history, as the store keeps it.
#[derive(Debug, Clone)]
struct World {
    holdings: Holdings,
    policy: Policy,
    /// When moves were opened, and how they ended.
    moves: BTreeMap<MoveId, (Timestamp, Option<Outcome>)>,
    releases: Vec<Timestamp>,
    now: Timestamp,
    next: u128,
}

impl World {
    fn new(policy: Policy) -> Self {
        let holdings = Holdings::new(policy.seats, Vec::new(), Vec::new());
        let now = Timestamp::from_millis(1_800_000_000_000);
        Self { holdings, policy, moves: BTreeMap::new(), releases: Vec::new(), now, next: 1 }
    }

    fn id(&mut self) -> Uuid {
        self.next += 1;
        Uuid::from_u128(self.next)
    }

    fn waits(&mut self, by: Millis) {
        self.now = self.now.plus(by);
    }

    fn spent(&self) -> Spent {
        let young = |at: &Timestamp| self.now.since(*at) < YEAR;
        let counts = |(at, outcome): &(Timestamp, Option<Outcome>)| {
            (young(at) && *outcome != Some(Outcome::Cancelled)).then_some(*at)
        };
        Spent {
            moves: self.moves.values().filter_map(counts).collect(),
            releases: self.releases.iter().copied().filter(young).collect(),
        }
    }

    fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Open(move_) => {
                    assert!(self.moves.insert(move_.id, (move_.opened_at, None)).is_none());
                    let open = self.holdings.moves().iter().any(|other| other.seat == move_.seat);
                    assert!(!open, "one window per seat");
                }
                Change::End { id, outcome, .. } => self.moves.get_mut(id).unwrap().1 = Some(*outcome),
                Change::Place { place, .. } => {
                    if let Some(seat) = place.seat() {
                        let taken = self.holdings.seated().any(|holder| holder.place.seat() == Some(seat));
                        assert!(!taken, "a seat is left before another one takes it");
                    }
                }
                Change::Add(_) | Change::Declare { .. } | Change::Asked { .. } => {}
            }
            self.holdings.apply(change);
        }
    }

    fn newcomer(&mut self, uid: u8, environment: Environment, on_purpose: bool) -> Newcomer {
        Newcomer { id: InstanceId(self.id()), move_id: MoveId(self.id()), site: site(uid), environment, on_purpose }
    }

    fn comes(&mut self, uid: u8, environment: Environment, on_purpose: bool) -> Standing {
        let newcomer = self.newcomer(uid, environment, on_purpose);
        let admission = self.holdings.admit(&newcomer, &self.policy, &self.spent(), self.now);
        self.apply(&admission.changes);
        match admission.turned_away {
            Some(refusal) => Standing::Stopped(refusal),
            None => self.holdings.standing(&site(uid), self.now),
        }
    }

    /// An instance asks; whether it was heard in time is written down or not.
    fn asks_and_is(&mut self, uid: u8, heard: bool) -> Standing {
        match self.holdings.standing(&site(uid), self.now) {
            Standing::Stranger | Standing::MayTry => self.comes(uid, Environment::Production, false),
            standing @ (Standing::Works(_) | Standing::Stopped(_)) => {
                if heard && matches!(standing, Standing::Works(_)) {
                    let id = self.of(uid).unwrap();
                    let change = self.holdings.heard(id, self.now);
                    self.apply(change.as_slice());
                }
                standing
            }
        }
    }

    fn asks(&mut self, uid: u8) -> Standing {
        self.asks_and_is(uid, true)
    }

    fn works(&mut self, uid: u8) -> bool {
        matches!(self.asks(uid), Standing::Works(_))
    }

    fn of(&self, uid: u8) -> Option<InstanceId> {
        self.holdings.find(&site(uid)).map(|known| known.id)
    }

    fn does(&mut self, changes: Result<Vec<Change>, Refusal>) -> Result<(), Refusal> {
        changes.map(|changes| self.apply(&changes))
    }

    fn releases(&mut self, uid: u8) -> Result<(), Refusal> {
        self.does(self.holdings.release(self.of(uid).unwrap(), self.now))
    }

    fn gives_back(&mut self, uid: u8) -> Result<(), Refusal> {
        let id = self.of(uid).unwrap();
        let seated = self.holdings.at(self.now).by_id(id).unwrap().place.seat().is_some();
        self.does(self.holdings.give_back(id, &self.policy, &self.spent(), self.now))?;
        if seated {
            self.releases.push(self.now);
        }
        Ok(())
    }

    fn approves(&mut self, uid: u8) -> Result<(), Refusal> {
        self.does(self.holdings.approve(self.of(uid).unwrap(), &self.policy, self.now))
    }

    fn refuses(&mut self, uid: u8) -> Result<(), Refusal> {
        self.does(self.holdings.refuse(self.of(uid).unwrap(), self.now))
    }

    fn declares(&mut self, uid: u8, environment: Environment) -> Result<(), Refusal> {
        self.does(self.holdings.declare(self.of(uid).unwrap(), environment, &self.policy, self.now))
    }

    /// Instants at which something may be different, and some far from all.
    fn moments(&self) -> Vec<Timestamp> {
        let ends = self.holdings.moves().iter().map(|move_| move_.closes_at);
        let far = [-2 * YEAR, -DAY, -1, 0, 1, DAY, 15 * DAY, 2 * YEAR].map(|by| self.now.plus(by));
        ends.flat_map(|end| [end.plus(-1), end, end.plus(1)]).chain(far).collect()
    }

    /// The invariant, at any moment: it looks at what instances are told, not at how that came about.
    fn is_right(&self) -> Result<(), TestCaseError> {
        for t in self.moments() {
            let mut by_seat: BTreeMap<u32, usize> = BTreeMap::new();
            let then = self.holdings.at(t);
            for known in self.holdings.instances() {
                let works = matches!(self.holdings.standing(&known.site, t), Standing::Works(_));
                if works && known.environment == Environment::Production {
                    let arrives = |id| self.holdings.arrival(id).map(|move_| move_.seat);
                    let seat = then.by_id(known.id).unwrap().place.seat().or_else(|| arrives(known.id));
                    *by_seat.entry(seat.unwrap()).or_default() += 1;
                }
            }
            prop_assert!(by_seat.len() <= self.holdings.seats as usize, "more seats than there are: {by_seat:?}");
            for (seat, holders) in by_seat {
                let windows = self.holdings.moves().iter().filter(|move_| move_.seat == seat && t < move_.closes_at);
                let windows = windows.count();
                prop_assert!(windows <= 1, "two windows on seat {seat}");
                prop_assert!(holders <= 1 + windows, "{holders} hold seat {seat} at {t}");
            }
        }
        Ok(())
    }
}

fn site(uid: u8) -> Site {
    Site::Glpi(InstanceUid::parse(&[b'a' + uid % 26; 40].map(|byte| if uid >= 26 { byte - 32 } else { byte })).unwrap())
}

#[derive(Debug, Clone)]
enum Step {
    Asks { uid: u8, heard: bool },
    Comes { uid: u8, environment: Environment },
    Releases(u8),
    GivesBack(u8),
    Approves(u8),
    Refuses(u8),
    Declares(u8, Environment),
    Seats(u32),
}

fn step() -> impl Strategy<Value = Step> {
    let uid = || 0_u8..6;
    let environment = || select(Environment::ALL.to_vec());
    prop_oneof![
        12 => (uid(), any::<bool>()).prop_map(|(uid, heard)| Step::Asks { uid, heard }),
        2 => (uid(), environment()).prop_map(|(uid, environment)| Step::Comes { uid, environment }),
        1 => uid().prop_map(Step::Releases),
        1 => uid().prop_map(Step::GivesBack),
        1 => uid().prop_map(Step::Approves),
        1 => uid().prop_map(Step::Refuses),
        1 => (uid(), environment()).prop_map(|(uid, environment)| Step::Declares(uid, environment)),
        1 => (1_u32..4).prop_map(Step::Seats),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    (1_u32..3, 0_u32..3, select(vec![0, 1, 14]), 0_u32..4, 0_u32..3, select(vec![0, 7])).prop_map(
        |(seats, others, move_days, moves_a_year, releases_a_year, cooling_off_days)| Policy {
            seats,
            others,
            move_days,
            moves_a_year,
            releases_a_year,
            cooling_off_days,
        },
    )
}

fn forward() -> impl Strategy<Value = Millis> {
    select(vec![0, 1, MINUTE, HOUR, DAY, 13 * DAY, 14 * DAY, 15 * DAY, 100 * DAY, YEAR])
}

fn any_way() -> impl Strategy<Value = Millis> {
    prop_oneof![3 => forward(), 1 => select(vec![-1, -HOUR, -DAY, -14 * DAY, -YEAR])]
}

fn lives(world: &mut World, step: &Step) -> Result<(), TestCaseError> {
    let known = |world: &World, uid| world.of(uid).is_some();
    match step {
        Step::Asks { uid, heard } => {
            let standing = world.asks_and_is(*uid, *heard);
            prop_assert!(
                !matches!(standing, Standing::Stranger | Standing::MayTry),
                "it hears yes or no: {standing:?}"
            );
            let again = world.holdings.clone();
            if known(world, *uid) {
                prop_assert_eq!(world.holdings.standing(&site(*uid), world.now), standing);
            }
            prop_assert_eq!(&again, &world.holdings, "asking twice changes nothing");
        }
        Step::Comes { uid, environment } => drop(world.comes(*uid, *environment, true)),
        // What is refused changes nothing, which the invariant sees.
        Step::Releases(uid) if known(world, *uid) => drop(world.releases(*uid)),
        Step::GivesBack(uid) if known(world, *uid) => drop(world.gives_back(*uid)),
        Step::Approves(uid) if known(world, *uid) => drop(world.approves(*uid)),
        Step::Refuses(uid) if known(world, *uid) => drop(world.refuses(*uid)),
        Step::Declares(uid, environment) if known(world, *uid) => drop(world.declares(*uid, *environment)),
        Step::Seats(seats) => {
            if world.holdings.may_have(*seats, world.now).is_ok() {
                let settling = world.holdings.settling(world.now);
                world.apply(&settling);
                world.holdings.seats = *seats;
            }
        }
        Step::Releases(_) | Step::GivesBack(_) | Step::Approves(_) | Step::Refuses(_) | Step::Declares(..) => {}
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn outside_a_window_two_production_instances_never_both_hold_one_seat(
        policy in policy(),
        life in proptest::collection::vec((any_way(), step()), 1..60),
    ) {
        let mut world = World::new(policy);
        for (wait, step) in &life {
            world.waits(*wait);
            lives(&mut world, step)?;
            world.is_right()?;
        }
    }

    #[test]
    fn what_a_year_allows_is_not_exceeded_while_time_goes_forward(
        policy in policy(),
        life in proptest::collection::vec((forward(), step()), 1..80),
    ) {
        let mut world = World::new(policy);
        for (wait, step) in &life {
            world.waits(*wait);
            if !matches!(step, Step::Seats(_)) {
                lives(&mut world, step)?;
            }
            let spent = world.spent();
            prop_assert!(spent.moves.len() <= (policy.moves_a_year * policy.seats) as usize);
            prop_assert!(spent.releases.len() <= (policy.releases_a_year * policy.seats) as usize);
        }
    }

    #[test]
    fn where_nobody_is_yet_the_first_has_a_seat_whatever_the_policy_says_and_was_used_up(
        policy in policy(),
        other in policy(),
        opened in proptest::collection::vec(0_i64..400, 0..9),
    ) {
        let mut world = World::new(policy);
        prop_assert!(world.holdings.is_free_to_all());
        let newcomer = world.newcomer(0, Environment::Production, false);
        let spent = Spent { moves: opened.iter().map(|days| world.now.plus(-days * DAY)).collect(), releases: Vec::new() };
        let admission = world.holdings.admit(&newcomer, &policy, &spent, world.now);
        prop_assert_eq!(&admission, &world.holdings.admit(&newcomer, &other, &Spent::default(), world.now));
        let [Change::Add(first)] = &admission.changes[..] else { panic!("{admission:?}") };
        prop_assert_eq!(first.place, Place::Seated { seat: 1, since: world.now });
        world.apply(&admission.changes);
        prop_assert!(!world.holdings.is_free_to_all());
    }

    #[test]
    fn who_holds_a_seat_and_goes_on_asking_keeps_it(
        policy in policy(),
        life in proptest::collection::vec((0_u8..6, select(vec![HOUR, 23 * HOUR])), 1..80),
    ) {
        // Nobody acts, and the first one is heard every day.
        let mut world = World::new(policy);
        prop_assert!(world.works(0));
        for (uid, wait) in life {
            world.asks(uid);
            world.waits(wait);
            prop_assert!(world.works(0), "{:?}", world.holdings);
        }
    }
}

#[test]
fn a_move_is_over_by_itself_when_the_old_one_is_silent() {
    let mut world = World::new(Policy::default());
    assert_eq!(world.asks(0), Standing::Works(Notice::None));
    world.waits(DAY);
    let closes_at = world.now.plus(14 * DAY);
    assert!(
        matches!(world.asks(1), Standing::Works(Notice::Arriving { until, holder_asks: false, .. }) if until == closes_at)
    );
    assert!(
        matches!(world.holdings.standing(&site(0), world.now), Standing::Works(Notice::Leaving { until, .. }) if until == closes_at)
    );
    world.waits(14 * DAY - 1);
    assert!(world.works(1));
    world.waits(1);
    assert_eq!(world.asks(1), Standing::Works(Notice::None));
    assert_eq!(world.asks(0), Standing::Stopped(Refusal::SeatMoved { at: closes_at }));
}

#[test]
fn the_new_one_stops_where_the_old_one_still_asks() {
    let mut world = World::new(Policy::default());
    assert!(world.works(0));
    world.waits(DAY);
    assert!(world.works(1));
    world.waits(DAY);
    assert!(world.works(0));
    assert!(matches!(world.asks(1), Standing::Works(Notice::Arriving { holder_asks: true, .. })));
    world.waits(13 * DAY);
    let at = world.now;
    assert_eq!(world.asks(0), Standing::Works(Notice::None));
    let holder = Some("GLPI aaaaaaaa".to_owned());
    assert_eq!(world.asks(1), Standing::Stopped(Refusal::MoveLapsed { at, holder }));
    world.waits(30 * DAY);
    assert!(!world.works(1), "it does not open another window by asking on");
}

#[test]
fn a_third_one_waits_until_the_window_is_over() {
    let mut world = World::new(Policy { moves_a_year: 2, ..Policy::default() });
    assert!(world.works(0) && world.works(1));
    let closes_at = world.holdings.moves()[0].closes_at;
    let refused = world.asks(2);
    assert_eq!(
        refused,
        Standing::Stopped(Refusal::SeatTaken {
            seats: 1,
            holder: Some("GLPI aaaaaaaa".into()),
            retry_at: Some(closes_at)
        })
    );
    world.waits(14 * DAY);
    assert!(world.works(2), "the seat has moved to the second, and may move on to the third");
    world.waits(14 * DAY);
    assert!(world.works(2) && !world.works(1) && !world.works(0));
    let next = world.moves.values().next().unwrap().0.plus(YEAR);
    let Standing::Stopped(Refusal::SeatTaken { retry_at, .. }) = world.asks(3) else { panic!("a third move") };
    assert_eq!(retry_at, Some(next), "two a year");
}

#[test]
fn the_seat_whose_holder_is_silent_is_the_one_that_moves() {
    let mut world = World::new(Policy { seats: 2, ..Policy::default() });
    assert!(world.works(0));
    world.waits(HOUR);
    assert!(world.works(1) && world.works(2));
    assert_eq!(world.holdings.moves()[0].from, world.of(0).unwrap());
    assert!(world.works(3), "one window for each seat");
    assert!(!world.works(4));
}

#[test]
fn a_person_decides_at_once() {
    let mut world = World::new(Policy::default());
    assert!(world.works(0) && world.works(1));
    world.approves(1).unwrap();
    assert_eq!(world.asks(1), Standing::Works(Notice::None));
    assert!(matches!(world.asks(0), Standing::Stopped(Refusal::SeatMoved { .. })));
    assert_eq!(world.approves(1), Err(Refusal::NothingToDecide { state: "active" }));

    let mut world = World::new(Policy::default());
    assert!(world.works(0) && world.works(1));
    world.refuses(1).unwrap();
    assert!(matches!(world.asks(1), Standing::Stopped(Refusal::MoveRefused { .. })));
    assert_eq!(world.asks(0), Standing::Works(Notice::None));
    world.waits(YEAR);
    assert!(!world.works(1), "a person's no is not forgotten");
    world.releases(0).unwrap();
    world.approves(1).unwrap();
    assert!(world.works(1) && !world.works(0));
}

#[test]
fn a_seat_is_free_when_a_person_releases_it_and_not_before() {
    let mut world = World::new(Policy { move_days: 0, ..Policy::default() });
    assert!(world.works(0) && !world.works(1));
    world.releases(0).unwrap();
    assert_eq!(world.releases(0), Err(Refusal::NothingToRelease { state: "released" }));
    assert!(!world.works(0), "it does not sit down again by asking on");
    assert!(world.works(1));
    assert_eq!(
        world.approves(0),
        Err(Refusal::SeatTaken { seats: 1, holder: Some("GLPI bbbbbbbb".into()), retry_at: None })
    );
}

#[test]
fn a_seat_that_was_given_back_rests_and_so_many_may_be_in_a_year() {
    let mut world = World::new(Policy { move_days: 0, releases_a_year: 1, cooling_off_days: 7, ..Policy::default() });
    assert!(world.works(0));
    world.gives_back(0).unwrap();
    assert!(!world.works(1), "it rests");
    world.waits(7 * DAY - 1);
    assert!(!world.works(1));
    world.waits(1);
    assert!(world.works(1));
    let next = Some(world.releases[0].plus(YEAR));
    assert_eq!(world.gives_back(1), Err(Refusal::ReleasesSpent { most: 1, next }));
    world.releases(1).unwrap();
    assert!(
        matches!(world.comes(0, Environment::Production, true), Standing::Works(_)),
        "who gave it back may come back"
    );
    let mut never = World::new(Policy::default());
    assert!(never.works(0));
    assert_eq!(never.gives_back(0), Err(Refusal::ReleasesSpent { most: 0, next: None }));
}

#[test]
fn staging_takes_no_seat_and_has_a_limit_of_its_own() {
    let mut world = World::new(Policy { others: 1, ..Policy::default() });
    assert!(world.works(0) && world.works(1));
    world.declares(1, Environment::Staging).unwrap();
    assert!(world.holdings.moves().is_empty(), "it was no move");
    assert!(world.spent().moves.is_empty(), "and counts against no limit");
    assert_eq!(world.asks(1), Standing::Works(Notice::None));
    assert_eq!(world.comes(2, Environment::Development, true), Standing::Stopped(Refusal::OthersTaken));
    assert!(matches!(world.declares(1, Environment::Production), Err(Refusal::SeatTaken { .. })));
    world.releases(0).unwrap();
    world.declares(1, Environment::Production).unwrap();
    assert_eq!(world.asks(1), Standing::Works(Notice::None));
}

#[test]
fn a_key_that_leaked_does_not_fill_the_database() {
    let mut world = World::new(Policy { move_days: 0, ..Policy::default() });
    let mut next = 0;
    let mut stranger = || {
        next += 1;
        let uid = format!("{next:0>40}");
        Site::Glpi(InstanceUid::parse(uid.as_bytes()).unwrap())
    };
    for _ in 0..MOST_REFUSED + 1 {
        let (id, move_id) = (InstanceId(world.id()), MoveId(world.id()));
        let newcomer =
            Newcomer { id, move_id, site: stranger(), environment: Environment::Production, on_purpose: false };
        let admission = world.holdings.admit(&newcomer, &world.policy, &world.spent(), world.now);
        world.apply(&admission.changes);
    }
    assert_eq!(world.holdings.instances().len(), MOST_REFUSED + 1);
    assert!(matches!(world.holdings.standing(&stranger(), world.now), Standing::Stopped(Refusal::SeatTaken { .. })));
    let holder = world.holdings.seated().next().unwrap().id;
    let changes = world.holdings.release(holder, world.now).unwrap();
    world.apply(&changes);
    assert_eq!(world.holdings.standing(&stranger(), world.now), Standing::Stranger, "there is a seat now");
}

#[test]
fn a_clock_that_goes_back_opens_nothing_again() {
    let mut world = World::new(Policy::default());
    assert!(world.works(0) && world.works(1));
    world.waits(14 * DAY);
    assert!(world.works(1) && !world.works(0));
    world.comes(1, Environment::Production, false);
    world.waits(-YEAR);
    assert!(world.works(1) && !world.works(0), "what was written down stays");
    assert_eq!(
        world.holdings.instances().iter().filter(|known| matches!(known.place, Place::Seated { .. })).count(),
        1
    );
}
