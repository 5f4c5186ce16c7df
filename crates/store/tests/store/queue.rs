//! What GLPI could not take: whose turn it is, what is held up by what, and that nothing is read that need not be.

use std::collections::BTreeSet;

use latchkey_domain::time::{DAY, MINUTE, Millis, Timestamp};
use latchkey_store::enrollment::queue::{self, AT_ONCE, Bounds, Leased, Parcel, Queued};
use latchkey_store::{Done, Store, Tx};

use crate::house::{House, opening_day};
use crate::raw::Raw;

const BOUNDS: Bounds = Bounds { bytes: 1 << 30, age: 30 * DAY };
const LEASE: Millis = MINUTE;

fn parcel(agent: &str, what: &str) -> Parcel {
    Parcel {
        agent: agent.into(),
        device: agent.into(),
        glpi: "main".into(),
        what: what.into(),
        head: "{}".into(),
        body: b"\x78\x9c inventory".repeat(50),
    }
}

/// A queue, and when it is.
struct Waiting {
    store: Store,
    now: Timestamp,
}

impl Waiting {
    fn of(house: &House) -> Self {
        Self { store: queue::open(&house.location(), house.now()).unwrap(), now: house.now() }
    }

    fn does<T: Send + 'static>(&self, operation: impl FnMut(&mut Tx<'_>) -> Done<T> + Send + 'static) -> T {
        self.store.write_blocking(self.now, operation).unwrap()
    }

    fn puts(&self, agent: &str, what: &str) {
        let parcel = parcel(agent, what);
        assert!(self.does(move |tx| queue::put(tx, &parcel, BOUNDS)));
    }

    fn takes(&self) -> Option<Leased> {
        let taken = self.does(|tx| queue::take(tx, "main", LEASE));
        if taken.is_some() {
            assert_eq!(self.does(|tx| queue::take(tx, "another", LEASE)), None);
        }
        taken
    }

    fn delivers(&self) -> Option<(String, i64)> {
        let leased = self.takes()?;
        let message = leased.message.clone();
        assert!(self.does(move |tx| queue::delivered(tx, &leased)));
        Some((message.agent, message.number))
    }

    fn is_due(&self) -> bool {
        self.store.ask(|reader| queue::due(reader, "main", self.now)).unwrap()
    }

    fn all(&self) -> Vec<Queued> {
        self.store.read(|reader| queue::list(reader, false, 0, 100_000)).unwrap()
    }
}

both_databases! {
    fn messages_of_an_agent_are_taken_one_after_the_other_and_agents_in_turn(house: House) {
        let queue = Waiting::of(&house);
        assert!(!queue.is_due() && queue.takes().is_none());
        for (agent, what) in [("a", "inventory"), ("a", "partial"), ("b", "inventory"), ("a", "partial")] {
            queue.puts(agent, what);
        }
        let (first, second) = (queue.takes().unwrap(), queue.takes().unwrap());
        assert_eq!((first.message.number, second.message.number), (1, 3));
        assert_eq!((first.body.as_slice(), first.message.attempts), (parcel("a", "").body.as_slice(), 1));
        assert!(!queue.is_due() && queue.takes().is_none(), "what lies behind waits for what is under way");
        assert!(queue.does(move |tx| queue::delivered(tx, &second)));
        assert!(queue.does(move |tx| queue::delivered(tx, &first)));
        assert_eq!([queue.delivers(), queue.delivers()], [Some(("a".into(), 2)), Some(("a".into(), 4))]);
        assert!(queue.all().is_empty() && !queue.is_due());
    }

    fn what_could_not_be_taken_holds_up_its_agent_until_glpi_is_back(house: House) {
        let mut queue = Waiting::of(&house);
        queue.puts("a", "inventory");
        queue.puts("b", "inventory");
        let leased = queue.takes().unwrap();
        let later = queue.now.plus(MINUTE);
        assert!(queue.does(move |tx| queue::put_back(tx, &leased, later, "GLPI is away")));
        queue.puts("a", "partial");
        assert_eq!(queue.delivers(), Some(("b".into(), 2)));
        assert!(!queue.is_due(), "what came later waits, too");
        let shown = queue.all();
        assert_eq!((shown[0].attempts, shown[0].last_error.as_deref()), (1, Some("GLPI is away")));
        assert!(shown.iter().all(|queued| queued.run_at == later), "{shown:?}");
        assert_eq!(queue.does(|tx| queue::hurry(tx, "another")), 0);
        assert_eq!(queue.does(|tx| queue::hurry(tx, "main")), 1, "an agent, however much waits of it");
        assert_eq!([queue.delivers(), queue.delivers()], [Some(("a".into(), 1)), Some(("a".into(), 3))]);
        queue.puts("a", "inventory");
        let leased = queue.takes().unwrap();
        let later = queue.now.plus(MINUTE);
        assert!(queue.does(move |tx| queue::put_back(tx, &leased, later, "GLPI is away")));
        queue.now = later;
        assert_eq!(queue.delivers(), Some(("a".into(), 4)), "or until its time has come");
    }

    fn a_report_that_comes_too_late_counts_for_nothing(house: House) {
        let mut queue = Waiting::of(&house);
        queue.puts("a", "inventory");
        let slow = queue.takes().unwrap();
        queue.now = queue.now.plus(LEASE);
        let quick = queue.takes().unwrap();
        assert_eq!(quick.message.number, slow.message.number);
        let late = slow.clone();
        assert!(!queue.does(move |tx| queue::delivered(tx, &late)));
        let (late, later) = (slow.clone(), queue.now.plus(DAY));
        assert!(!queue.does(move |tx| queue::put_back(tx, &late, later, "away")));
        assert!(!queue.does(move |tx| queue::bury(tx, &slow, "no")));
        assert!(queue.does(move |tx| queue::delivered(tx, &quick)));
        assert!(queue.all().is_empty() && !queue.is_due());
    }

    fn a_dead_letter_holds_nobody_up_and_is_tried_again_when_somebody_says_so(house: House) {
        let queue = Waiting::of(&house);
        let agents = usize::try_from(AT_ONCE).unwrap() + 50;
        for number in 0..agents {
            queue.puts(&format!("agent-{number}"), "inventory");
        }
        while let Some(leased) = queue.takes() {
            assert!(queue.does(move |tx| queue::bury(tx, &leased, "GLPI said no")));
        }
        let load = queue.store.read(|reader| queue::load(reader)).unwrap();
        assert_eq!((load.dead, load.oldest_at), (i64::try_from(agents).unwrap(), None));
        queue.puts("agent-0", "partial");
        assert_eq!(queue.delivers().unwrap().0, "agent-0");
        queue.does(|tx| queue::retry(tx, "2"));
        assert_eq!(queue.delivers(), Some(("agent-1".into(), 2)));
        assert_eq!(queue::retry_all(&queue.store, queue.now).unwrap(), i64::try_from(agents).unwrap() - 1);
        let mut delivered = BTreeSet::new();
        while let Some((agent, _)) = queue.delivers() {
            assert!(delivered.insert(agent));
        }
        assert_eq!((delivered.len(), queue.all().len()), (agents - 1, 0));
    }

    fn what_is_taken_away_leaves_no_turn_behind(house: House) {
        let mut queue = Waiting::of(&house);
        queue.puts("a", "inventory");
        queue.puts("b", "inventory");
        queue.puts("b", "partial");
        queue.does(|tx| queue::discard(tx, "1"));
        assert_eq!(queue.does(|tx| queue::forget_agent(tx, "b")), 2);
        assert!(!queue.is_due() && queue.takes().is_none());
        queue.puts("a", "inventory");
        let under_way = queue.takes().unwrap();
        let number = under_way.message.number.to_string();
        queue.does(move |tx| queue::discard(tx, &number));
        assert!(queue.does(move |tx| queue::delivered(tx, &under_way)));
        assert!(!queue.is_due() && queue.takes().is_none());
        queue.puts("a", "inventory");
        queue.now = queue.now.plus(BOUNDS.age + 1);
        queue.puts("b", "inventory");
        assert_eq!(queue.does(|tx| queue::expire(tx, BOUNDS)).len(), 1);
        assert_eq!(queue.delivers().unwrap().0, "b");
        let load = queue.store.read(|reader| queue::load(reader)).unwrap();
        assert_eq!((load.messages, load.bytes), (0, 0));
    }
}

both_databases! {
    fn what_an_earlier_program_kept_has_its_turn(place: Place) {
        let location = place.location();
        Store::migrate_as(&location, 14, opening_day()).unwrap();
        let mut raw = Raw::open(&place);
        for (number, agent, dead) in [(1, "a", "NULL"), (2, "a", "NULL"), (3, "b", "5"), (4, "c", "NULL")] {
            raw.run(&format!(
                "INSERT INTO queued_messages (number, agent, device, glpi, what, head, body, bytes, received_at, run_at, attempts, dead_at)
                 VALUES ({number}, '{agent}', '{agent}', 'main', 'inventory', '{{}}', 'eA==', 6, {number}, {number}, 0, {dead})"
            ));
        }
        raw.run("UPDATE queue_head SET last_number = 4, messages = 4, bytes = 24");
        let queue = Waiting { store: Store::open(location, opening_day()).unwrap(), now: opening_day() };
        let mut delivered = Vec::new();
        while let Some((_, number)) = queue.delivers() {
            delivered.push(number);
        }
        delivered.sort_unstable();
        assert_eq!(delivered, [1, 2, 4]);
    }
}
