//! An answer and the connection over which it comes, moved on by one task: what one of them does lets the other go on.
//!
//! While they take turns they wake each other, and nobody else: the task that asks would be woken by its own request once for
//! each message. Invariant: nobody is forgotten. A wake that comes in their turns is another turn, and one that comes while they
//! sleep goes through to the task.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

/// How often an answer and its connection take turns before others have theirs.
const MOST_TURNS: usize = 32;

/// They take their turns.
const AWAKE: u8 = 0;
/// One of them has moved the other on meanwhile.
const NUDGED: u8 = 1;
/// They wait for the network.
const ASLEEP: u8 = 2;

/// What wakes an answer and its connection. It is kept with the connection, which may wake it for as long as it lives.
pub(crate) struct Nudge {
    state: AtomicU8,
    whom: Mutex<Waker>,
}

/// Waits for an answer, and moves the wire on meanwhile, which may end before it.
pub(crate) async fn in_turns<A, W>(nudge: &Arc<Nudge>, mut answer: Pin<&mut A>, mut wire: Pin<&mut W>) -> A::Output
where
    A: Future + ?Sized,
    W: Future<Output = ()> + ?Sized,
{
    let (mut is_over, waker) = (false, Waker::from(nudge.clone()));
    poll_fn(|context| {
        nudge.goes_to(context.waker());
        let mut own = Context::from_waker(&waker);
        // What one of them does lets the other go on: the request goes out, the head comes, the body is wanted and comes.
        for _ in 0..MOST_TURNS {
            nudge.begin();
            if let Poll::Ready(answer) = answer.as_mut().poll(&mut own) {
                return Poll::Ready(answer);
            }
            if !is_over && wire.as_mut().poll(&mut own).is_ready() {
                is_over = true;
            } else if nudge.may_sleep() {
                return Poll::Pending;
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

impl Nudge {
    /// Whoever waits for both is woken through this.
    fn goes_to(&self, waker: &Waker) {
        self.whom.lock().unwrap_or_else(PoisonError::into_inner).clone_from(waker);
    }

    fn begin(&self) {
        self.state.store(AWAKE, Ordering::Release);
    }

    /// Whether neither was moved on since their turn began: from then on whoever moves them wakes whom they go to.
    fn may_sleep(&self) -> bool {
        self.state.compare_exchange(AWAKE, ASLEEP, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

impl Default for Nudge {
    fn default() -> Self {
        Self { state: AtomicU8::new(AWAKE), whom: Mutex::new(Waker::noop().clone()) }
    }
}

impl Wake for Nudge {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.swap(NUDGED, Ordering::AcqRel) == ASLEEP {
            self.whom.lock().unwrap_or_else(PoisonError::into_inner).wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::pending;
    use std::pin::pin;
    use std::sync::atomic::AtomicUsize;

    use super::*;

    /// A task that counts how often it is woken.
    #[derive(Default)]
    struct Task(AtomicUsize);

    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    impl Task {
        /// Gives a future its turn.
        fn polls<T>(self: &Arc<Self>, future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
            future.poll(&mut Context::from_waker(&Waker::from(self.clone())))
        }

        fn woken(&self) -> usize {
            self.0.load(Ordering::Relaxed)
        }
    }

    /// Is there the second time that it is asked, and leaves behind who is to be woken.
    fn second(waker: &RefCell<Option<Waker>>) -> impl Future<Output = ()> {
        poll_fn(|context| match waker.replace(Some(context.waker().clone())) {
            Some(_) => Poll::Ready(()),
            None => Poll::Pending,
        })
    }

    fn wake(waker: &RefCell<Option<Waker>>) {
        waker.borrow().as_ref().unwrap().wake_by_ref();
    }

    #[test]
    fn what_one_does_for_the_other_in_its_turn_wakes_nobody_else() {
        let (task, nudge, waker) = (Arc::new(Task::default()), Arc::default(), RefCell::default());
        let answer = pin!(second(&waker));
        let wire = pin!(poll_fn(|_| {
            wake(&waker);
            Poll::Pending
        }));
        assert!(task.polls(pin!(in_turns(&nudge, answer, wire))).is_ready());
        assert_eq!(task.woken(), 0);
    }

    #[test]
    fn while_they_sleep_the_task_is_woken() {
        let (task, nudge, waker) = (Arc::new(Task::default()), Arc::default(), RefCell::default());
        let (answer, wire) = (pin!(second(&waker)), pin!(pending()));
        let mut both = pin!(in_turns(&nudge, answer, wire));
        assert!(task.polls(both.as_mut()).is_pending());
        assert_eq!(task.woken(), 0);
        wake(&waker);
        wake(&waker);
        assert_eq!(task.woken(), 1, "once is enough");
        assert!(task.polls(both).is_ready());
    }

    #[test]
    fn a_pair_that_never_rests_gives_others_their_turn() {
        let (task, nudge, turns) = (Arc::new(Task::default()), Arc::default(), RefCell::new(0));
        let answer = pin!(poll_fn(|context| {
            *turns.borrow_mut() += 1;
            context.waker().wake_by_ref();
            Poll::<()>::Pending
        }));
        assert!(task.polls(pin!(in_turns(&nudge, answer, pin!(pending())))).is_pending());
        assert_eq!((*turns.borrow(), task.woken()), (MOST_TURNS, 1), "and comes again");
    }
}
