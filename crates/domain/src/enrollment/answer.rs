//! What an answer of GLPI means for what was sent to it.

/// What GLPI's word on a message comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// GLPI has the message, and this is its answer.
    Answered,
    /// GLPI says no to this very message, and would say so again.
    Never,
    /// GLPI cannot take it now: away, too slow, at work on itself, or not set up to take inventories at all. It keeps.
    NotNow,
}

/// Who speaks in an answer, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voice {
    /// Somebody else: a web server, a proxy, a page for people.
    Foreign,
    /// A program without the words of GLPI's inventory, or without any: its plugins answer about jobs so.
    Program,
    /// GLPI's inventory, and all is well.
    Own,
    /// GLPI's inventory: something is wrong with the message.
    Objects,
    /// GLPI: inventory is switched off.
    SwitchedOff,
}

/// Weighs an answer by its number (that of HTTP) and who speaks in it. `needs_own` says whether it was for GLPI's inventory
/// itself to answer; about jobs, plugins answer as they like.
///
/// What an agent brings is believed to have arrived only where GLPI itself says so: a redirect, or a page that says in all
/// friendliness that somebody works on the server, comes with a good number, too. What a proxy or a web server without GLPI
/// says about a page is no word on the message.
pub fn weigh(needs_own: bool, status: u16, voice: Voice) -> Word {
    match (status, voice) {
        (200..=299, Voice::Own) => Word::Answered,
        (200..=299, Voice::Objects) => Word::Never,
        (200..=299, Voice::Program) if !needs_own => Word::Answered,
        // Its credential for us is wrong, or the way to it is: nothing that the agent could mend.
        (401 | 407 | 408 | 421 | 423 | 425 | 429, _) | (_, Voice::SwitchedOff) => Word::NotNow,
        (400 | 406 | 411 | 413 | 415 | 417 | 422, _) => Word::Never,
        (402..=499, Voice::Own | Voice::Objects) => Word::Never,
        _ => Word::NotNow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_glpi_itself_says_that_it_has_it_or_never_will() {
        use Voice::{Foreign, Objects, Own, Program, SwitchedOff};
        for (status, voice, word) in [
            (200, Own, Word::Answered),
            (200, Objects, Word::Never),
            (200, Foreign, Word::NotNow),
            (200, Program, Word::NotNow),
            (200, SwitchedOff, Word::NotNow),
            (204, Foreign, Word::NotNow),
            (302, Foreign, Word::NotNow),
            (307, Own, Word::NotNow),
            (400, Objects, Word::Never),
            (400, Foreign, Word::Never),
            (403, Objects, Word::Never),
            (403, SwitchedOff, Word::NotNow),
            (403, Foreign, Word::NotNow),
            (404, Foreign, Word::NotNow),
            (401, Objects, Word::NotNow),
            (429, Objects, Word::NotNow),
            (500, Objects, Word::NotNow),
            (503, Foreign, Word::NotNow),
        ] {
            assert_eq!(weigh(true, status, voice), word, "{status} {voice:?}");
            let about_jobs = if voice == Program { Word::Answered } else { word };
            assert_eq!(weigh(false, status, voice), about_jobs, "about jobs: {status} {voice:?}");
        }
    }
}
