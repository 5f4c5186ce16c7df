//! Pages for whoever comes: nobody has signed in, and they speak all languages. What is the same on each of them.

use latchkey_texts::{Language, letters};

use crate::console::{Asset, PICTURE, STYLE, own_name};

/// A page on `public/base.html`.
pub(crate) trait Public {
    /// In which it is.
    fn language(&self) -> Language;

    /// A word of it.
    fn w(&self, name: &str) -> String {
        letters::word(self.language(), name, &[])
    }

    /// All that it may be in: tag, own name, and whether it is this one.
    fn languages(&self) -> Vec<(&'static str, String, bool)> {
        Language::ALL.map(|language| (language.tag(), own_name(language), language == self.language())).into()
    }

    fn style(&self) -> Asset {
        STYLE
    }

    fn picture(&self) -> Asset {
        PICTURE
    }
}
