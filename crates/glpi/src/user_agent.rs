//! Which GLPI asks, by its `User-Agent`. Anything that is not one of GLPI's is nobody in particular, never an error:
//! the answer to a key does not depend on it.

use core::fmt;

/// What GLPI says of itself: `GLPI/10.0.19 (installation-mode:TARBALL)`, or the version alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UserAgent<'a> {
    /// Its version.
    pub version: Version<'a>,
    /// How it was installed (`TARBALL`, `GIT`, or whatever a packager has put there), where it says so.
    pub installation_mode: Option<&'a str>,
}

/// A version of GLPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Version<'a> {
    /// `10` of `10.0.19`.
    pub major: u16,
    /// `0` of `10.0.19`.
    pub minor: u16,
    /// `19` of `10.0.19`.
    pub patch: u16,
    /// `beta` of `11.0.0-beta`: not a release.
    pub suffix: Option<&'a str>,
}

/// The longest header that is looked at, in bytes. GLPI's own has about 40.
const LONGEST: usize = 128;
/// The longest suffix and the longest installation mode, in bytes.
const LONGEST_WORD: usize = 32;

impl<'a> UserAgent<'a> {
    /// Reads the value of the header; `None` where it is not GLPI's.
    pub fn parse(header: &'a [u8]) -> Option<Self> {
        if header.len() > LONGEST {
            return None;
        }
        let text = core::str::from_utf8(header.trim_ascii()).ok()?.strip_prefix("GLPI/")?;
        let (version, installation_mode) = match text.split_once(' ') {
            Some((version, comment)) => {
                (version, Some(word(comment.strip_prefix("(installation-mode:")?.strip_suffix(')')?)?))
            }
            None => (text, None),
        };
        Some(Self { version: Version::parse(version)?, installation_mode })
    }
}

impl<'a> Version<'a> {
    /// Reads `10.0.19` or `11.0.0-beta`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (numbers, suffix) = match text.split_once('-') {
            Some((numbers, suffix)) => (numbers, Some(word(suffix)?)),
            None => (text, None),
        };
        let mut numbers = numbers.split('.').map(number);
        let (major, minor, patch) = (numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(Self { major, minor, patch, suffix })
    }
}

impl fmt::Display for Version<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { major, minor, patch, suffix } = self;
        write!(f, "{major}.{minor}.{patch}")?;
        suffix.iter().try_for_each(|suffix| write!(f, "-{suffix}"))
    }
}

/// Digits only: the standard library would let a sign pass.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

fn word(text: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ((1..=LONGEST_WORD).contains(&text.len()) && text.bytes().all(plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<(String, Option<&str>)> {
        UserAgent::parse(text.as_bytes()).map(|it| (it.version.to_string(), it.installation_mode))
    }

    #[test]
    fn each_generation_of_glpi_is_known() {
        assert_eq!(
            UserAgent::parse(b"GLPI/11.0.0-beta (installation-mode:GIT)"),
            Some(UserAgent {
                version: Version { major: 11, minor: 0, patch: 0, suffix: Some("beta") },
                installation_mode: Some("GIT"),
            })
        );
        for (text, version, mode) in [
            ("GLPI/9.5.13", "9.5.13", None),
            ("GLPI/10.0.19 (installation-mode:TARBALL)", "10.0.19", Some("TARBALL")),
            ("GLPI/10.0.0-rc1", "10.0.0-rc1", None),
            ("GLPI/11.0.2 (installation-mode:docker-1.2)", "11.0.2", Some("docker-1.2")),
        ] {
            assert_eq!(read(text), Some((version.to_owned(), mode)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_nobody_in_particular() {
        let long = format!("GLPI/10.0.19 (installation-mode:{})", "X".repeat(8_192));
        for text in [
            "",
            "GLPI",
            "GLPI/",
            "GLPI/10",
            "GLPI/10.0",
            "GLPI/10.0.0.1",
            "GLPI/10.0.+1",
            "GLPI/10..1",
            "GLPI/10.0.65536",
            "GLPI/10.0.1-",
            "GLPI/10.0.1-é",
            "glpi/10.0.1",
            "GLPI/10.0.1 ",
            "GLPI/10.0.1 installation-mode:GIT",
            "GLPI/10.0.1 (installation-mode:)",
            "GLPI/10.0.1 (installation-mode:GIT) x",
            "GLPI-Agent_v1.7",
            "curl/8.5.0",
            &long,
        ] {
            let read = read(text);
            // White space at the end is not part of a header's value.
            assert_eq!(read.is_some(), text == "GLPI/10.0.1 ", "{text}");
        }
        assert_eq!(UserAgent::parse(b"GLPI/10.0.1\xff"), None);
    }

    proptest! {
        #[test]
        fn every_version_is_read_back(
            numbers in any::<(u16, u16, u16)>(),
            suffix in proptest::option::of("[a-z0-9]{1,8}"),
            mode in proptest::option::of("[A-Z]{1,16}"),
        ) {
            let (major, minor, patch) = numbers;
            let version = Version { major, minor, patch, suffix: suffix.as_deref() };
            let comment = mode.as_deref().map(|mode| format!(" (installation-mode:{mode})")).unwrap_or_default();
            let header = format!("GLPI/{version}{comment}");
            let expected = UserAgent { version, installation_mode: mode.as_deref() };
            prop_assert_eq!(UserAgent::parse(header.as_bytes()), Some(expected));
        }

        #[test]
        fn what_is_near_to_one_is_read_as_it_stands_or_not_at_all(
            text in "GLPI/[1-9.+-]{0,12}( ?\\(?[a-z:-]{0,20}\\)?)?",
        ) {
            if let Some(UserAgent { version, .. }) = UserAgent::parse(text.as_bytes()) {
                let prefix = format!("GLPI/{version}");
                prop_assert!(text.starts_with(&prefix), "{} is not {}", text, prefix);
            }
        }
    }
}
