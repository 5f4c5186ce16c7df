//! Whether one name is used by two: a GLPI that was copied shares its UID with its copy.
//!
//! A face is what an instance looks like from outside, its address and its User-Agent, as a keyed digest. An instance
//! that changes its face has moved, or was updated. One that goes back to the face before, again and again, is two. It is
//! shown, never punished: two roads to the Internet look alike.

use crate::time::Timestamp;

/// After so many returns an instance is shown as one that is probably two.
pub const MANY_RETURNS: u32 = 3;

/// The two faces that were seen last, and how often they took turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Faces {
    /// The latest.
    pub latest: Option<u32>,
    /// The one before.
    pub before: Option<u32>,
    /// How often the one before came back.
    pub returns: u32,
    /// When it last did.
    pub returned_at: Option<Timestamp>,
}

impl Faces {
    /// After a face was seen.
    pub fn see(self, face: u32, at: Timestamp) -> Self {
        if self.latest == Some(face) {
            self
        } else if self.before == Some(face) {
            Self {
                latest: Some(face),
                before: self.latest,
                returns: self.returns.saturating_add(1),
                returned_at: Some(at),
            }
        } else {
            // A third one: what took turns before is over.
            Self { latest: Some(face), before: self.latest, returns: 0, returned_at: None }
        }
    }

    /// Whether it is probably two.
    pub fn are_two(self) -> bool {
        self.returns >= MANY_RETURNS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(faces: &[u32]) -> Faces {
        faces.iter().fold(Faces::default(), |seen, face| seen.see(*face, Timestamp::from_millis(i64::from(*face))))
    }

    #[test]
    fn a_move_and_an_update_are_no_copy() {
        assert!(!seen(&[1, 1, 1]).are_two());
        assert!(!seen(&[1, 2, 2, 3, 3, 4]).are_two(), "a provider that gives out new addresses");
        assert!(!seen(&[1, 2, 1, 1, 1]).are_two(), "a server that was tried elsewhere once");
    }

    #[test]
    fn two_that_take_turns_are_shown() {
        assert!(seen(&[1, 2, 1, 2, 1]).are_two());
        assert!(seen(&[7, 1, 1, 2, 2, 1, 2, 1]).are_two());
    }
}
