//! Jobs: taken by one worker at a time, and given to another when the first is late.

use latchkey_domain::time::{HOUR, MINUTE};
use latchkey_store::installation::{PRUNE_FEED, SIGN_AUDIT_HEAD};
use latchkey_store::jobs::{self, Leased};

use crate::house::House;

impl House {
    fn enqueues(&self, id: &'static str, in_millis: i64) {
        let run_at = self.now().plus(in_millis);
        self.write(move |tx| jobs::enqueue(tx, id, "mail", r#"{"to":1}"#, run_at)).unwrap();
    }

    /// Takes a job for a minute.
    fn takes(&self) -> Option<Leased> {
        self.write(|tx| jobs::take(tx, jobs::Workers::Others, MINUTE)).unwrap()
    }

    fn finishes(&self, job: &Leased) -> bool {
        let job = job.clone();
        self.write(move |tx| jobs::finish(tx, &job)).unwrap()
    }

    fn puts_back(&self, job: &Leased, in_millis: i64, error: Option<&'static str>) -> bool {
        let (job, run_at) = (job.clone(), self.now().plus(in_millis));
        self.write(move |tx| jobs::put_back(tx, &job, run_at, error)).unwrap()
    }

    fn has_work(&self) -> bool {
        let now = self.now();
        self.store.ask(|reader| jobs::anything_due(reader, jobs::Workers::Others, now)).unwrap()
    }

    /// Does what every installation begins with, so that a story meets its own jobs alone.
    fn clears_its_desk(&self) {
        self.wait(HOUR);
        while let Some(job) = self.takes() {
            assert!(self.finishes(&job));
        }
    }
}

both_databases! {
    fn an_installation_begins_with_its_own_jobs(house: House) {
        assert!(house.has_work());
        assert_eq!(house.takes().unwrap().kind, SIGN_AUDIT_HEAD);
        assert_eq!(house.takes(), None);
        house.wait(HOUR);
        // The first one's lease is over, and it has been due for longest.
        assert_eq!(house.takes().unwrap().id, SIGN_AUDIT_HEAD);
        assert_eq!(house.takes().unwrap().id, PRUNE_FEED);
    }

    fn a_job_is_taken_once_and_finished_once(house: House) {
        house.clears_its_desk();
        house.enqueues("a", 0);
        let job = house.takes().unwrap();
        assert_eq!(
            (job.id.as_str(), job.kind.as_str(), job.payload.as_str(), job.attempts),
            ("a", "mail", r#"{"to":1}"#, 1)
        );
        assert_eq!(house.takes(), None);
        assert!(!house.has_work());
        assert!(house.finishes(&job));
        assert!(!house.finishes(&job));
        assert!(!house.puts_back(&job, 0, None));
        house.wait(HOUR);
        assert!(!house.has_work());
        assert_eq!(house.takes(), None);
    }

    fn a_job_that_begins_anew_is_lost_to_whoever_had_it(house: House) {
        house.clears_its_desk();
        house.enqueues("a", 0);
        let before = house.takes().unwrap();
        let now = house.now();
        house.write(move |tx| jobs::renew(tx, "a", "mail", r#"{"to":2}"#, now)).unwrap();
        assert!(!house.finishes(&before), "what it did is not this job's");
        let job = house.takes().unwrap();
        assert_eq!((job.payload.as_str(), job.attempts), (r#"{"to":2}"#, 1));
        assert!(!house.puts_back(&before, 0, None) && house.finishes(&job));
        house.write(move |tx| jobs::renew(tx, "a", "mail", "{}", now)).unwrap();
        assert_eq!(house.takes().map(|job| job.payload), Some("{}".to_owned()), "one that is done comes again");
    }

    fn what_is_due_first_is_done_first(house: House) {
        house.clears_its_desk();
        for (id, in_millis) in [("late", 3), ("c", 2), ("b", 2), ("early", 1)] {
            house.enqueues(id, in_millis);
        }
        assert_eq!((house.has_work(), house.takes()), (false, None));
        house.wait(1);
        assert!(house.has_work());
        assert_eq!(house.takes().unwrap().id, "early");
        assert_eq!(house.takes(), None);
        house.wait(10);
        let order: Vec<_> = std::iter::from_fn(|| house.takes()).map(|job| job.id).collect();
        assert_eq!(order, ["b", "c", "late"]);
    }

    fn a_worker_that_is_late_has_lost_its_job(house: House) {
        house.clears_its_desk();
        house.enqueues("a", 0);
        let first = house.takes().unwrap();
        house.wait(MINUTE - 1);
        assert_eq!((house.has_work(), house.takes()), (false, None), "the lease holds to its last millisecond");
        house.wait(1);
        assert!(house.has_work());
        let second = house.takes().unwrap();
        assert_eq!((second.id.as_str(), second.attempts), ("a", 2));
        assert!(!house.finishes(&first));
        assert!(!house.puts_back(&first, 0, Some("late")));
        assert_eq!(house.takes(), None, "the second worker's lease stands");
        assert_eq!(house.raw().rows("SELECT last_error FROM jobs WHERE id = 'a'"), [[None]]);
        assert!(house.finishes(&second));
    }

    fn a_worker_that_is_late_but_alone_may_still_report(house: House) {
        house.clears_its_desk();
        house.enqueues("a", 0);
        let job = house.takes().unwrap();
        house.wait(HOUR);
        assert!(house.finishes(&job));
        assert!(!house.has_work());
    }

    fn a_job_that_failed_comes_again(house: House) {
        house.clears_its_desk();
        house.enqueues("a", 0);
        let job = house.takes().unwrap();
        assert!(house.puts_back(&job, HOUR, Some("the relay does not answer")));
        assert_eq!(house.raw().value("SELECT last_error FROM jobs WHERE id = 'a'"), "the relay does not answer");
        assert_eq!((house.has_work(), house.takes()), (false, None));
        house.wait(HOUR);
        let again = house.takes().unwrap();
        assert_eq!(again.attempts, 2);
        assert!(house.finishes(&again));
        assert_eq!(house.raw().rows("SELECT last_error FROM jobs WHERE id = 'a'"), [[None]]);
    }

    fn the_same_job_asked_for_twice_is_one_job(house: House) {
        house.clears_its_desk();
        house.enqueues("a", 0);
        house.enqueues("a", HOUR);
        assert_eq!(house.raw().number("SELECT COUNT(*) FROM jobs WHERE id = 'a'"), 1);
        let job = house.takes().expect("the first one's time counts");
        house.enqueues("a", 0);
        assert_eq!(house.takes(), None, "nor is it freed");
        assert!(house.finishes(&job));
        house.enqueues("a", 0);
        assert_eq!(house.takes(), None, "what was done is not done again");
    }

    fn many_workers_share_the_work(house: House) {
        house.clears_its_desk();
        let due = house.now();
        house
            .write(move |tx| (0..40).try_for_each(|n| jobs::enqueue(tx, &format!("job-{n:02}"), "mail", "{}", due)))
            .unwrap();
        let taken = std::sync::Mutex::new(Vec::new());
        let other = house.another_store();
        std::thread::scope(|scope| {
            for worker in 0..6 {
                let store = if worker % 2 == 0 { &house.store } else { &other };
                let (taken, now) = (&taken, house.now());
                scope.spawn(move || {
                    while let Some(job) = store.write_blocking(now, |tx| jobs::take(tx, jobs::Workers::Others, MINUTE)).unwrap() {
                        taken.lock().unwrap().push(job.id.clone());
                        assert!(store.write_blocking(now, move |tx| jobs::finish(tx, &job)).unwrap());
                    }
                });
            }
        });
        let mut taken = taken.into_inner().unwrap();
        taken.sort();
        assert_eq!(taken, (0..40).map(|n| format!("job-{n:02}")).collect::<Vec<_>>());
    }
}
