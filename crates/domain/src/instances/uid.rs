//! The name by which one GLPI is told from another.

use core::fmt;

/// One GLPI database: 40 ASCII letters and digits, drawn at random when it was made, and the same ever since. Not a
/// secret, and not proof of anything: whoever copies the database copies it too.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceUid([u8; Self::LENGTH]);

/// Why a header is no such name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UidFault {
    /// There is none, or it is empty. GLPI sends one with every question about a key.
    Absent,
    /// It has fewer bytes than 40.
    TooShort {
        /// How many it has.
        len: usize,
    },
    /// It has more bytes than 40.
    TooLong {
        /// How many it has.
        len: usize,
    },
    /// A byte that is neither an ASCII letter nor a digit.
    Character {
        /// Which byte, counted from 1.
        at: usize,
    },
}

impl InstanceUid {
    /// How many characters GLPI gives it.
    pub const LENGTH: usize = 40;

    /// Reads the value of the header, or a stored name. White space at the ends is ignored.
    pub fn parse(bytes: &[u8]) -> Result<Self, UidFault> {
        let bytes = bytes.trim_ascii();
        let len = bytes.len();
        let Ok(name) = <[u8; Self::LENGTH]>::try_from(bytes) else {
            return Err(match len {
                0 => UidFault::Absent,
                1..Self::LENGTH => UidFault::TooShort { len },
                _ => UidFault::TooLong { len },
            });
        };
        match name.iter().position(|byte| !byte.is_ascii_alphanumeric()) {
            Some(at) => Err(UidFault::Character { at: at + 1 }),
            None => Ok(Self(name)),
        }
    }

    /// Its 40 characters.
    pub fn as_str(&self) -> &str {
        // Only letters and digits get in, so these bytes are always ASCII.
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for InstanceUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for InstanceUid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InstanceUid({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "7Bi5W7oTTA6tGL3nqM9vffhBKrQS8bTQR6IVdVvn";

    #[test]
    fn a_name_as_glpi_makes_it_is_read_and_written() {
        let uid = InstanceUid::parse(NAME.as_bytes()).unwrap();
        assert_eq!(uid.as_str(), NAME);
        assert_eq!(uid.to_string(), NAME);
        assert_eq!(format!("{uid:?}"), format!("InstanceUid({NAME})"));
        assert_eq!(InstanceUid::parse(format!(" {NAME}\t").as_bytes()), Ok(uid));
    }

    #[test]
    fn each_fault_has_its_name() {
        let fault = |text: &str| InstanceUid::parse(text.as_bytes()).unwrap_err();
        assert_eq!(fault(""), UidFault::Absent);
        assert_eq!(fault("  "), UidFault::Absent);
        assert_eq!(fault(&NAME[1..]), UidFault::TooShort { len: 39 });
        assert_eq!(fault(&format!("{NAME}x")), UidFault::TooLong { len: 41 });
        assert_eq!(fault(&"x".repeat(8_192)), UidFault::TooLong { len: 8_192 });
        assert_eq!(fault(&NAME.replacen('W', "-", 1)), UidFault::Character { at: 5 });
        assert_eq!(fault(&NAME.replacen("7B", "é", 1)), UidFault::Character { at: 1 });
    }
}
