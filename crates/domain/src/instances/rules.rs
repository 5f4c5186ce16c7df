//! Who gets a place, who loses one, and what a person may decide about it.

use super::holdings::{Change, Denial, Departure, Holdings, Instance, Move, Outcome, Place, Site};
use super::{Environment, Policy};
use crate::Refusal;
use crate::ids::{InstanceId, MoveId};
use crate::time::{DAY, Millis, Timestamp};

/// What counts as a year where something is allowed so many times a year, in milliseconds.
pub const YEAR: Millis = 365 * DAY;
/// Refused instances that are remembered of a subscription: a key that leaked must not fill the database.
pub const MOST_REFUSED: usize = 50;

/// Whoever asks for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// The id that it is to have where it is not known.
    pub id: InstanceId,
    /// The id of the move that it may open.
    pub move_id: MoveId,
    /// How it is told from others.
    pub site: Site,
    /// What it says that it is for.
    pub environment: Environment,
    /// Whether it was told to ask for a place by a person just now, rather than that it goes on asking by itself.
    pub on_purpose: bool,
}

/// What was used up within the last [`YEAR`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spent {
    /// When moves were opened that count.
    pub moves: Vec<Timestamp>,
    /// When seats were given back.
    pub releases: Vec<Timestamp>,
}

/// What becomes of a newcomer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Admission {
    /// What becomes different; nothing where it is known and all stays as it is.
    pub changes: Vec<Change>,
    /// Why it is not even remembered; else its standing afterwards is what counts.
    pub turned_away: Option<Refusal>,
}

impl Holdings {
    /// Gives a newcomer a place, or writes down that it has none.
    pub fn admit(&self, newcomer: &Newcomer, policy: &Policy, spent: &Spent, now: Timestamp) -> Admission {
        let mut changes = self.settling(now);
        let here = self.at(now);
        let known = here.find(&newcomer.site);
        let may_move = match known.map(|known| known.place) {
            None => true,
            Some(Place::Refused { why: Denial::SeatsTaken, retry_at, .. }) => retry_at.is_some_and(|at| at <= now),
            Some(Place::Refused { why: Denial::OldStayed | Denial::OthersTaken, .. }) => false,
            Some(Place::Gone { why: Departure::GivenBack { .. }, .. }) if newcomer.on_purpose => false,
            Some(Place::Seated { .. } | Place::Beside { .. } | Place::Arriving { .. })
            | Some(Place::Gone { .. } | Place::Refused { why: Denial::ByPerson, .. }) => {
                return Admission { changes, turned_away: None };
            }
        };
        let environment = match known {
            // What a person has declared, or what it said when it came first, unless it comes again on purpose.
            Some(known) if !newcomer.on_purpose => known.environment,
            Some(_) | None => newcomer.environment,
        };
        let id = known.map_or(newcomer.id, |known| known.id);
        let opening = if environment.takes_a_seat() && !here.has_room(now) && may_move {
            here.opening(id, newcomer.move_id, policy, spent, now)
        } else {
            None
        };
        let place = if !environment.takes_a_seat() {
            if here.others() < policy.others { Place::Beside { since: now } } else { denied(Denial::OthersTaken, now) }
        } else if here.has_room(now) {
            Place::Seated { seat: here.free_seat(), since: now }
        } else if opening.is_some() {
            Place::Arriving { since: now }
        } else {
            let refused =
                Place::Refused { at: now, why: Denial::SeatsTaken, retry_at: here.next_move(policy, spent, now) };
            // What it was told before stays true: the seat has moved, or did not move.
            let stays =
                |place: &Place| matches!(place, Place::Gone { .. } | Place::Refused { why: Denial::OldStayed, .. });
            known.map(|known| known.place).filter(stays).unwrap_or(refused)
        };
        match known {
            None => {
                if let Place::Refused { retry_at, .. } = place
                    && here.refused_count() >= MOST_REFUSED
                {
                    return Admission { changes, turned_away: Some(here.turned_away(environment, retry_at)) };
                }
                let site = newcomer.site.clone();
                changes.push(Change::Add(Instance { id, site, environment, place, last_seen: now }));
            }
            Some(known) => {
                if known.environment != environment {
                    changes.push(Change::Declare { instance: id, environment });
                }
                if known.place != place {
                    changes.push(Change::Place { instance: id, place });
                }
            }
        }
        changes.extend(opening.map(Change::Open));
        Admission { changes, turned_away: None }
    }

    /// That an instance was heard at `now`, where that decides something: it holds a seat that another one is moving to. What
    /// is heard after the window counts for nothing, so that what a move has come to never changes again.
    pub fn heard(&self, id: InstanceId, now: Timestamp) -> Option<Change> {
        let move_ = self.departure(id)?;
        (move_.asked_at.is_none() && now < move_.closes_at).then_some(Change::Asked { id: move_.id, at: now })
    }

    /// A person takes an instance's place away.
    pub fn release(&self, id: InstanceId, now: Timestamp) -> Result<Vec<Change>, Refusal> {
        self.leave(id, Departure::Released, now)
    }

    /// An administrator gives a seat back, as far as the policy lets that happen without a person.
    pub fn give_back(
        &self,
        id: InstanceId,
        policy: &Policy,
        spent: &Spent,
        now: Timestamp,
    ) -> Result<Vec<Change>, Refusal> {
        let seated = matches!(self.at(now).by_id(id).map(|known| known.place), Some(Place::Seated { .. }));
        let most = policy.releases_a_year.saturating_mul(self.seats);
        if seated && spent.releases.len() >= most as usize {
            return Err(Refusal::ReleasesSpent { most, next: next_of(&spent.releases, most) });
        }
        let rest = if seated { i64::from(policy.cooling_off_days) * DAY } else { 0 };
        self.leave(id, Departure::GivenBack { rests_until: now.plus(rest) }, now)
    }

    /// A person gives an instance a place: the seat that it is moving to, or one that is free. A seat that was given back is
    /// free for a person.
    pub fn approve(&self, id: InstanceId, policy: &Policy, now: Timestamp) -> Result<Vec<Change>, Refusal> {
        let mut changes = self.settling(now);
        let here = self.at(now);
        let instance = here.instance(id)?;
        match instance.place {
            Place::Arriving { .. } => match here.arrival(id) {
                Some(move_) => changes.extend(hand_over(move_, now)),
                None => return Err(Refusal::NothingToDecide { state: instance.place.name() }),
            },
            Place::Refused { .. } | Place::Gone { .. } if instance.environment.takes_a_seat() => {
                if here.taken() >= here.seats {
                    return Err(here.seats_taken(None));
                }
                let place = Place::Seated { seat: here.free_seat(), since: now };
                changes.push(Change::Place { instance: id, place });
            }
            Place::Refused { .. } | Place::Gone { .. } => {
                here.has_room_beside(policy)?;
                changes.push(Change::Place { instance: id, place: Place::Beside { since: now } });
            }
            Place::Seated { .. } | Place::Beside { .. } => {
                return Err(Refusal::NothingToDecide { state: instance.place.name() });
            }
        }
        Ok(changes)
    }

    /// A person stops an instance that is moving in, or one that is refused, which is then not looked at again.
    pub fn refuse(&self, id: InstanceId, now: Timestamp) -> Result<Vec<Change>, Refusal> {
        let mut changes = self.settling(now);
        let here = self.at(now);
        let instance = here.instance(id)?;
        match instance.place {
            Place::Arriving { .. } => {
                let end = |move_: &Move| Change::End { id: move_.id, outcome: Outcome::Refused, at: now };
                changes.extend(here.arrival(id).map(end));
            }
            Place::Refused { why: Denial::SeatsTaken | Denial::OthersTaken | Denial::OldStayed, .. } => {}
            Place::Refused { why: Denial::ByPerson, .. }
            | Place::Seated { .. }
            | Place::Beside { .. }
            | Place::Gone { .. } => return Err(Refusal::NothingToDecide { state: instance.place.name() }),
        }
        changes.push(Change::Place { instance: id, place: denied(Denial::ByPerson, now) });
        Ok(changes)
    }

    /// A person says what an instance is for. One that is no longer production leaves its seat at once; one that becomes
    /// production needs one that is free.
    pub fn declare(
        &self,
        id: InstanceId,
        environment: Environment,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Vec<Change>, Refusal> {
        let mut changes = self.settling(now);
        let here = self.at(now);
        let instance = here.instance(id)?;
        if instance.environment == environment {
            return Ok(changes);
        }
        let place = match (instance.place, environment.takes_a_seat()) {
            // It stays gone, or stopped by a person, whatever it is for.
            (Place::Gone { .. } | Place::Refused { why: Denial::ByPerson, .. }, _) => None,
            (Place::Beside { .. }, false) => None,
            (Place::Seated { .. } | Place::Arriving { .. } | Place::Refused { .. }, false) => {
                here.has_room_beside(policy)?;
                Some(Place::Beside { since: now })
            }
            (Place::Beside { .. } | Place::Refused { .. }, true) if here.has_room(now) => {
                Some(Place::Seated { seat: here.free_seat(), since: now })
            }
            (Place::Beside { .. } | Place::Refused { .. }, true) => return Err(here.seats_taken(None)),
            (Place::Seated { .. } | Place::Arriving { .. }, true) => None,
        };
        changes.push(Change::Declare { instance: id, environment });
        if let Some(place) = place {
            if let Some(arrival) = here.arrival(id) {
                changes.push(Change::End { id: arrival.id, outcome: Outcome::Cancelled, at: now });
            }
            changes.push(Change::Place { instance: id, place });
            changes.extend(here.departure(id).into_iter().flat_map(|move_| succeed(move_, now)));
        }
        Ok(changes)
    }

    /// Whether the subscription may have so many seats: none is taken from under anybody.
    pub fn may_have(&self, seats: u32, now: Timestamp) -> Result<(), Refusal> {
        let taken = self.at(now).taken();
        if seats < taken { Err(Refusal::SeatsInUse { taken, seats }) } else { Ok(()) }
    }

    fn leave(&self, id: InstanceId, why: Departure, now: Timestamp) -> Result<Vec<Change>, Refusal> {
        let mut changes = self.settling(now);
        let here = self.at(now);
        let instance = here.instance(id)?;
        match instance.place {
            Place::Seated { .. } | Place::Beside { .. } | Place::Arriving { .. } => {}
            Place::Gone { .. } | Place::Refused { .. } => {
                return Err(Refusal::NothingToRelease { state: instance.place.name() });
            }
        }
        if let Some(arrival) = here.arrival(id) {
            changes.push(Change::End { id: arrival.id, outcome: Outcome::Cancelled, at: now });
        }
        // A seat that another one is moving to is not left empty, and so does not rest.
        let why = match (why, here.departure(id)) {
            (Departure::GivenBack { .. }, Some(_)) => Departure::GivenBack { rests_until: now },
            (why, _) => why,
        };
        changes.push(Change::Place { instance: id, place: Place::Gone { at: now, why } });
        changes.extend(here.departure(id).into_iter().flat_map(|move_| succeed(move_, now)));
        Ok(changes)
    }

    /// The move that a newcomer may open: from the seat whose holder was silent for longest, of those that nobody else is
    /// moving to.
    fn opening(&self, to: InstanceId, id: MoveId, policy: &Policy, spent: &Spent, now: Timestamp) -> Option<Move> {
        let most = policy.moves_a_year.saturating_mul(self.seats);
        if policy.move_days == 0 || spent.moves.len() >= most as usize {
            return None;
        }
        let still = self.seated().filter(|holder| self.departure(holder.id).is_none());
        let (holder, seat) = still
            .filter_map(|holder| holder.place.seat().map(|seat| (holder, seat)))
            .min_by_key(|(holder, seat)| (holder.last_seen, *seat))?;
        let closes_at = now.plus(i64::from(policy.move_days) * DAY);
        Some(Move { id, seat, from: holder.id, to, opened_at: now, closes_at, asked_at: None })
    }

    /// When a move could be opened that cannot be now; `None` for never.
    fn next_move(&self, policy: &Policy, spent: &Spent, now: Timestamp) -> Option<Timestamp> {
        let most = policy.moves_a_year.saturating_mul(self.seats);
        if policy.move_days == 0 || most == 0 {
            return None;
        }
        if spent.moves.len() >= most as usize {
            return next_of(&spent.moves, most);
        }
        // All seats are being moved to, or rest.
        let rests = self.instances().iter().filter_map(|known| known.place.rests_until()).filter(|until| now < *until);
        self.moves().iter().map(|move_| move_.closes_at).chain(rests).min()
    }

    fn instance(&self, id: InstanceId) -> Result<&Instance, Refusal> {
        self.by_id(id).ok_or_else(|| Refusal::InstanceUnknown { instance: id.to_string() })
    }

    fn has_room_beside(&self, policy: &Policy) -> Result<(), Refusal> {
        if self.others() < policy.others { Ok(()) } else { Err(Refusal::OthersTaken) }
    }

    fn others(&self) -> u32 {
        let beside = self.instances().iter().filter(|known| matches!(known.place, Place::Beside { .. }));
        u32::try_from(beside.count()).unwrap_or(u32::MAX)
    }

    fn refused_count(&self) -> usize {
        self.instances().iter().filter(|known| matches!(known.place, Place::Refused { .. })).count()
    }

    fn turned_away(&self, environment: Environment, retry_at: Option<Timestamp>) -> Refusal {
        if environment.takes_a_seat() { self.seats_taken(retry_at) } else { Refusal::OthersTaken }
    }

    /// The smallest number that no holder's seat has.
    fn free_seat(&self) -> u32 {
        let mut taken: Vec<u32> = self.seated().filter_map(|holder| holder.place.seat()).collect();
        taken.sort_unstable();
        (1..).zip(taken).take_while(|(number, taken)| number == taken).last().map_or(1, |(number, _)| number + 1)
    }
}

fn denied(why: Denial, at: Timestamp) -> Place {
    Place::Refused { at, why, retry_at: None }
}

/// The seat goes to whoever is moving in, and the old one leaves.
fn hand_over(move_: &Move, now: Timestamp) -> Vec<Change> {
    let left = Change::Place { instance: move_.from, place: Place::Gone { at: now, why: Departure::Moved } };
    std::iter::once(left).chain(succeed(move_, now)).collect()
}

/// The seat goes to whoever is moving in; the old one has left.
fn succeed(move_: &Move, now: Timestamp) -> [Change; 2] {
    [
        Change::End { id: move_.id, outcome: Outcome::Approved, at: now },
        Change::Place { instance: move_.to, place: Place::Seated { seat: move_.seat, since: now } },
    ]
}

/// When so few of these are younger than a year that there are less than `most`.
fn next_of(spent: &[Timestamp], most: u32) -> Option<Timestamp> {
    let mut spent = spent.to_vec();
    spent.sort_unstable();
    let at = spent.len().checked_sub(most as usize)?;
    spent.get(at).map(|oldest| oldest.plus(YEAR))
}
