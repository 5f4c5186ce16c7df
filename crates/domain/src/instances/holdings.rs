//! All instances of a subscription, who of them holds which seat, and the moves that are under way.
//!
//! A change is made of [`Change`]s: the rules give them, [`Holdings::apply`] applies them to values and the store writes them
//! down. What the end of a window brings about is no different: [`Holdings::at`] applies it to what was read, and whoever
//! changes anything after it writes it down first.

use std::borrow::Cow;

use super::{Environment, InstanceUid};
use crate::Refusal;
use crate::ids::{InstanceId, MoveId};
use crate::time::Timestamp;

/// The instances of one subscription that are told apart in one way: GLPIs by their UIDs, or the sites of one plugin by their
/// addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holdings {
    /// How many production instances may use the subscription.
    pub seats: u32,
    /// In the order of their sites.
    instances: Box<[Instance]>,
    /// Those that nobody has ended; their windows may be over.
    moves: Box<[Move]>,
}

/// One instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    /// Its id.
    pub id: InstanceId,
    /// How it is told from others.
    pub site: Site,
    /// What it is for.
    pub environment: Environment,
    /// What it has.
    pub place: Place,
    /// When it last asked, give or take some time.
    pub last_seen: Timestamp,
}

/// How one instance is told from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Site {
    /// A GLPI, by its database.
    Glpi(InstanceUid),
    /// A site of a plugin, by its normalised address.
    Address(Box<str>),
}

/// What an instance has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A seat.
    Seated {
        /// Its number, from 1.
        seat: u32,
        /// Since when.
        since: Timestamp,
    },
    /// What needs no seat.
    Beside {
        /// Since when.
        since: Timestamp,
    },
    /// It works beside the holder of a seat, in the window of a move.
    Arriving {
        /// Since when.
        since: Timestamp,
    },
    /// It had a place.
    Gone {
        /// Since when it has none.
        at: Timestamp,
        /// Why.
        why: Departure,
    },
    /// It may not.
    Refused {
        /// Since when.
        at: Timestamp,
        /// Why.
        why: Denial,
        /// When it is worth to look again, if nobody acts before; `None` for never.
        retry_at: Option<Timestamp>,
    },
}

/// Why an instance lost its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Departure {
    /// Its seat has moved to another.
    Moved,
    /// A person released it.
    Released,
    /// Its administrator gave it back.
    GivenBack {
        /// Until when nobody else may take the seat.
        rests_until: Timestamp,
    },
}

/// Why an instance has never had a place, or not kept the one that it was moving to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denial {
    /// All seats were taken, and no move could be opened.
    SeatsTaken,
    /// There are as many instances for staging and development as there may be.
    OthersTaken,
    /// The move's window ended, and the old one was still in use.
    OldStayed,
    /// A person said no.
    ByPerson,
}

/// A move of a seat: for a bounded time its holder and a newcomer both work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Its id.
    pub id: MoveId,
    /// Which seat.
    pub seat: u32,
    /// From whom.
    pub from: InstanceId,
    /// To whom.
    pub to: InstanceId,
    /// When the newcomer appeared.
    pub opened_at: Timestamp,
    /// The first instant after the window.
    pub closes_at: Timestamp,
    /// When the old one was first heard after the newcomer had appeared, within the window.
    pub asked_at: Option<Timestamp>,
}

/// How a move ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The window ended and the old one had not asked: the seat has moved.
    Moved,
    /// The window ended and the old one had asked: the new one stopped.
    Stayed,
    /// A person let the seat move at once.
    Approved,
    /// A person stopped the new one.
    Refused,
    /// It was no move: the new one needs no seat, or is gone. It counts against no limit.
    Cancelled,
}

/// One thing that becomes different.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// An instance is there that was not.
    Add(Instance),
    /// An instance has another place.
    Place {
        /// Which one.
        instance: InstanceId,
        /// What it has now.
        place: Place,
    },
    /// An instance is for something else.
    Declare {
        /// Which one.
        instance: InstanceId,
        /// For what.
        environment: Environment,
    },
    /// A move began.
    Open(Move),
    /// The old one was heard within the window.
    Asked {
        /// Of which move.
        id: MoveId,
        /// When.
        at: Timestamp,
    },
    /// A move is over.
    End {
        /// Which one.
        id: MoveId,
        /// How.
        outcome: Outcome,
        /// Since when.
        at: Timestamp,
    },
}

/// Whether an instance may use the subscription at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nobody knows it yet: it has to be admitted.
    Stranger,
    /// It has no place, but may have one now: it has to be admitted.
    MayTry,
    /// It may.
    Works(Notice),
    /// It may not.
    Stopped(Refusal),
}

/// What an instance that may use the subscription should know.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Notice {
    /// Nothing.
    #[default]
    None,
    /// It is moving in.
    Arriving {
        /// Which one holds the seat.
        holder: String,
        /// The end of the window.
        until: Timestamp,
        /// Whether the holder was heard meanwhile.
        holder_asks: bool,
    },
    /// Another one is moving in.
    Leaving {
        /// Which one.
        newcomer: String,
        /// Since when.
        since: Timestamp,
        /// The end of the window.
        until: Timestamp,
    },
}

impl Holdings {
    /// Holdings as they are stored.
    pub fn new(seats: u32, mut instances: Vec<Instance>, moves: Vec<Move>) -> Self {
        instances.sort_by(|a, b| a.site.cmp(&b.site));
        Self { seats, instances: instances.into(), moves: moves.into() }
    }

    /// Whether an instance may use the subscription at `now`.
    pub fn standing(&self, site: &Site, now: Timestamp) -> Standing {
        let here = self.at(now);
        match here.find(site) {
            Some(instance) => here.standing_of(instance, now),
            None => match here.crowded(now) {
                Some(refusal) => Standing::Stopped(refusal),
                None => Standing::Stranger,
            },
        }
    }

    /// What holds at `now`: moves whose windows are over have had their end.
    pub fn at(&self, now: Timestamp) -> Cow<'_, Self> {
        if self.moves.iter().all(|move_| now < move_.closes_at) {
            return Cow::Borrowed(self);
        }
        let mut then = self.clone();
        for change in self.settling(now) {
            then.apply(&change);
        }
        Cow::Owned(then)
    }

    /// What the ends of windows that are over at `now` bring about.
    pub fn settling(&self, now: Timestamp) -> Vec<Change> {
        let mut changes = Vec::new();
        for move_ in self.moves.iter().filter(|move_| move_.closes_at <= now) {
            let Move { id, seat, from, to, closes_at: at, asked_at, .. } = *move_;
            if asked_at.is_some() {
                let place = Place::Refused { at, why: Denial::OldStayed, retry_at: None };
                changes.push(Change::End { id, outcome: Outcome::Stayed, at });
                changes.push(Change::Place { instance: to, place });
            } else {
                changes.push(Change::End { id, outcome: Outcome::Moved, at });
                changes.push(Change::Place { instance: from, place: Place::Gone { at, why: Departure::Moved } });
                changes.push(Change::Place { instance: to, place: Place::Seated { seat, since: at } });
            }
        }
        changes
    }

    /// Makes one thing different.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Add(instance) => {
                let mut all = std::mem::take(&mut self.instances).into_vec();
                let at = all.partition_point(|known| known.site < instance.site);
                all.insert(at, instance.clone());
                self.instances = all.into();
            }
            Change::Place { instance, place } => self.with(*instance, |known| known.place = *place),
            Change::Declare { instance, environment } => {
                self.with(*instance, |known| known.environment = *environment);
            }
            Change::Open(move_) => {
                let mut all = std::mem::take(&mut self.moves).into_vec();
                all.push(*move_);
                self.moves = all.into();
            }
            Change::Asked { id, at } => {
                for move_ in self.moves.iter_mut().filter(|move_| move_.id == *id) {
                    move_.asked_at = move_.asked_at.or(Some(*at));
                }
            }
            Change::End { id, .. } => {
                let mut all = std::mem::take(&mut self.moves).into_vec();
                all.retain(|move_| move_.id != *id);
                self.moves = all.into();
            }
        }
    }

    /// The instance of a site.
    pub fn find(&self, site: &Site) -> Option<&Instance> {
        self.position(site).and_then(|at| self.instances.get(at))
    }

    /// Where the instance of a site stands in [`Holdings::instances`].
    pub fn position(&self, site: &Site) -> Option<usize> {
        self.instances.binary_search_by(|known| known.site.cmp(site)).ok()
    }

    /// The instance of an id.
    pub fn by_id(&self, id: InstanceId) -> Option<&Instance> {
        self.instances.iter().find(|known| known.id == id)
    }

    /// All of them.
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// Moves that nobody has ended.
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// The move by which an instance arrives.
    pub fn arrival(&self, id: InstanceId) -> Option<&Move> {
        self.moves.iter().find(|move_| move_.to == id)
    }

    /// The move by which an instance's seat may leave it.
    pub fn departure(&self, id: InstanceId) -> Option<&Move> {
        self.moves.iter().find(|move_| move_.from == id)
    }

    /// Seats that are held, at the moment that these holdings are of.
    pub fn seated(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter(|known| matches!(known.place, Place::Seated { .. }))
    }

    /// How many seats are held. A moment's holdings come from [`Holdings::at`].
    pub fn taken(&self) -> u32 {
        u32::try_from(self.seated().count()).unwrap_or(u32::MAX)
    }

    /// Whether nobody uses this yet and there is a seat: a production instance that comes then has it, whatever the policy says
    /// and whatever was used up before.
    pub fn is_free_to_all(&self) -> bool {
        self.instances.is_empty() && self.moves.is_empty() && self.seats > 0
    }

    /// Whether a newcomer may sit down: no seat that was given back a moment ago counts as free.
    pub(super) fn has_room(&self, now: Timestamp) -> bool {
        let rests = |known: &&Instance| known.place.rests_until().is_some_and(|until| now < until);
        let resting = u32::try_from(self.instances.iter().filter(rests).count()).unwrap_or(u32::MAX);
        self.taken().saturating_add(resting) < self.seats
    }

    /// Why an instance that wants a seat has none: the words name one that holds one.
    pub(super) fn seats_taken(&self, retry_at: Option<Timestamp>) -> Refusal {
        // The one that was silent for longest is the one that the reader most likely has to find.
        let holder = self.seated().min_by_key(|holder| holder.last_seen);
        Refusal::SeatTaken { seats: self.seats, holder: holder.map(|holder| holder.site.short()), retry_at }
    }

    fn standing_of(&self, instance: &Instance, now: Timestamp) -> Standing {
        match instance.place {
            Place::Seated { .. } => Standing::Works(self.departure(instance.id).map_or(Notice::None, |move_| {
                let newcomer = self.name(move_.to);
                Notice::Leaving { newcomer, since: move_.opened_at, until: move_.closes_at }
            })),
            Place::Beside { .. } => Standing::Works(Notice::None),
            Place::Arriving { since } => match self.arrival(instance.id) {
                Some(move_) => Standing::Works(Notice::Arriving {
                    holder: self.name(move_.from),
                    until: move_.closes_at,
                    holder_asks: move_.asked_at.is_some(),
                }),
                // No move says until when: it must not go on for ever.
                None => Standing::Stopped(Refusal::MoveLapsed { at: since, holder: None }),
            },
            Place::Gone { at, why: Departure::Moved } => Standing::Stopped(Refusal::SeatMoved { at }),
            Place::Gone { at, why: Departure::Released | Departure::GivenBack { .. } } => {
                Standing::Stopped(Refusal::InstanceReleased { at })
            }
            Place::Refused { at, why, retry_at } => self.refused(at, why, retry_at, now),
        }
    }

    fn refused(&self, at: Timestamp, why: Denial, retry_at: Option<Timestamp>, now: Timestamp) -> Standing {
        match why {
            Denial::ByPerson => Standing::Stopped(Refusal::MoveRefused { at }),
            Denial::OthersTaken => Standing::Stopped(Refusal::OthersTaken),
            Denial::SeatsTaken | Denial::OldStayed if self.has_room(now) => Standing::MayTry,
            Denial::SeatsTaken if retry_at.is_some_and(|retry_at| retry_at <= now) => Standing::MayTry,
            Denial::SeatsTaken => Standing::Stopped(self.seats_taken(retry_at)),
            Denial::OldStayed => {
                let holder = self.seated().max_by_key(|holder| holder.last_seen).map(|holder| holder.site.short());
                Standing::Stopped(Refusal::MoveLapsed { at, holder })
            }
        }
    }

    /// Why not even a stranger is looked at: as many as are remembered were refused, and nothing has changed since.
    fn crowded(&self, now: Timestamp) -> Option<Refusal> {
        let refused = self.instances.iter().filter(|known| matches!(known.place, Place::Refused { .. }));
        if refused.clone().count() < super::MOST_REFUSED || self.has_room(now) {
            return None;
        }
        let next = refused.filter_map(|known| known.place.retry_at()).min();
        if next.is_some_and(|next| next <= now) { None } else { Some(self.seats_taken(next)) }
    }

    fn name(&self, id: InstanceId) -> String {
        self.by_id(id).map(|known| known.site.short()).unwrap_or_default()
    }

    fn with(&mut self, id: InstanceId, change: impl FnOnce(&mut Instance)) {
        if let Some(instance) = self.instances.iter_mut().find(|known| known.id == id) {
            change(instance);
        }
    }
}

impl Site {
    /// Enough of it to tell it from others by eye.
    pub fn short(&self) -> String {
        match self {
            Self::Glpi(uid) => format!("GLPI {}", uid.as_str().get(..8).unwrap_or_default()),
            Self::Address(address) => address.to_string(),
        }
    }

    /// All of it, as it is stored and shown.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Glpi(uid) => uid.as_str(),
            Self::Address(address) => address,
        }
    }
}

impl Place {
    /// The number of its seat.
    pub const fn seat(self) -> Option<u32> {
        match self {
            Self::Seated { seat, .. } => Some(seat),
            Self::Beside { .. } | Self::Arriving { .. } | Self::Gone { .. } | Self::Refused { .. } => None,
        }
    }

    /// When it is worth to look again at one that was refused.
    const fn retry_at(self) -> Option<Timestamp> {
        match self {
            Self::Refused { retry_at, .. } => retry_at,
            Self::Seated { .. } | Self::Beside { .. } | Self::Arriving { .. } | Self::Gone { .. } => None,
        }
    }

    /// Until when the seat that was given back stays empty.
    pub(super) const fn rests_until(self) -> Option<Timestamp> {
        match self {
            Self::Gone { why: Departure::GivenBack { rests_until }, .. } => Some(rests_until),
            Self::Gone { why: Departure::Moved | Departure::Released, .. }
            | Self::Seated { .. }
            | Self::Beside { .. }
            | Self::Arriving { .. }
            | Self::Refused { .. } => None,
        }
    }

    /// Since when it is so.
    pub const fn since(self) -> Timestamp {
        match self {
            Self::Seated { since, .. } | Self::Beside { since } | Self::Arriving { since } => since,
            Self::Gone { at, .. } | Self::Refused { at, .. } => at,
        }
    }

    /// The state's name, as commands and the API print it; that of holdings at a moment, see [`Holdings::at`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::Seated { .. } | Self::Beside { .. } => "active",
            Self::Arriving { .. } => "moving",
            Self::Gone { .. } => "released",
            Self::Refused { .. } => "refused",
        }
    }
}

impl Notice {
    /// The stable name of what is to be known.
    pub const fn code(&self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Arriving { .. } => Some("SEAT_MOVING_HERE"),
            Self::Leaving { .. } => Some("SEAT_MOVING_AWAY"),
        }
    }
}

impl Outcome {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Moved, Self::Stayed, Self::Approved, Self::Refused, Self::Cancelled];

    /// Its name, as it is stored and shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Stayed => "stayed",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }
}
