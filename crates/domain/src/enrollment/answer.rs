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

/// Weighs an answer by its number (that of HTTP). `speaks_glpi` says whether its body is one that GLPI's inventory writes,
/// `disabled` whether it says that inventory is switched off. What a proxy or a web server without GLPI says about a page
/// is no word on the message.
pub fn weigh(status: u16, speaks_glpi: bool, disabled: bool) -> Word {
    match status {
        200..=399 => Word::Answered,
        // Its credential for us is wrong, or the way to it is: nothing that the agent could mend.
        401 | 407 | 408 | 421 | 423 | 425 | 429 => Word::NotNow,
        _ if disabled => Word::NotNow,
        400 | 406 | 411 | 413 | 415 | 417 | 422 => Word::Never,
        402..=499 if speaks_glpi => Word::Never,
        _ => Word::NotNow,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_glpi_itself_says_never() {
        for (status, speaks_glpi, disabled, word) in [
            (200, true, false, Word::Answered),
            (302, false, false, Word::Answered),
            (400, true, false, Word::Never),
            (400, false, false, Word::Never),
            (403, true, false, Word::Never),
            (403, false, true, Word::NotNow),
            (403, false, false, Word::NotNow),
            (404, false, false, Word::NotNow),
            (401, true, false, Word::NotNow),
            (429, true, false, Word::NotNow),
            (500, true, false, Word::NotNow),
            (503, false, false, Word::NotNow),
        ] {
            assert_eq!(weigh(status, speaks_glpi, disabled), word, "{status}");
        }
    }
}
