//! How soon a password is guessed, and whether it became known: by zxcvbn, and the list of 30,000 passwords most often found in
//! leaks that it ships with.

use latchkey_domain::invitations::form::{Fault, Person};
use zxcvbn::Score;
use zxcvbn::matching::patterns::MatchPattern;

/// The most characters that are looked at: what is longer is not weaker, and looking takes time.
const LOOKED_AT: usize = 100;

/// What is wrong with a password of somebody, if anything.
pub(super) fn fault(password: &str, person: &Person, name: &str) -> Option<Fault> {
    let password: String = password.chars().take(LOOKED_AT).collect();
    let address = person.email.split('@').next().unwrap_or_default();
    let theirs = [person.login.as_str(), &person.firstname, &person.realname, &person.email, address, name, "glpi"];
    let found = zxcvbn::zxcvbn(&password, &theirs);
    // The dictionary's type has no name outside its crate.
    let is_known = match found.sequence() {
        [whole] => {
            matches!(&whole.pattern, MatchPattern::Dictionary(word) if format!("{:?}", word.dictionary_name) == "Passwords")
        }
        _ => false,
    };
    if is_known {
        return Some(Fault::Known);
    }
    (found.score() < Score::Three).then_some(Fault::Weak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused_and_what_is_not_is_not() {
        let person = Person {
            firstname: "Marie".into(),
            realname: "Curie".into(),
            email: "radium1898@example.org".into(),
            login: "marie.curie".into(),
            language: "en".into(),
        };
        let judged = |password: &str| fault(password, &person, "Sales");
        for known in ["password1", "iloveyou", "Password", "football", "p@ssword"] {
            assert_eq!(judged(known), Some(Fault::Known), "{known}");
        }
        for weak in ["mariecurie", "Marie.Curie", "qwertyuiop1", "aaaaaaaaaaaa", "radium1898", "12345678901234"] {
            assert!(matches!(judged(weak), Some(Fault::Known | Fault::Weak)), "{weak}");
        }
        for good in ["correct horse battery staple", "vT9#qwLz!m2", "wohnung kerze tapir"] {
            assert_eq!(judged(good), None, "{good}");
        }
        assert_eq!(judged(&"x7!Qp".repeat(200)), Some(Fault::Weak), "a repetition, however long");
    }
}
