//! Forms of an invitation, made up by the fuzzer: whatever is typed, there is an answer, and what is taken is what it seems.

#![no_main]

use latchkey_domain::accounts::Policy;
use latchkey_domain::invitations::form::{Typed, read};
use latchkey_domain::invitations::login;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|typed: [&str; 5]| {
    let [firstname, realname, email, login, password] = typed;
    let typed = Typed { firstname, realname, email, login, password, password2: password };
    if let Ok((person, _)) = read(typed, &[], &Policy::default(), "en") {
        assert_eq!(login::read(&person.login).as_deref(), Ok(person.login.as_str()), "what was read reads again");
        assert!(!login::folded(&person.login).is_empty());
        for text in [&person.firstname, &person.realname, &person.email, &person.login] {
            assert!(!text.is_empty() && !text.chars().any(char::is_control), "{text:?}");
        }
    }
    let _ = login::offered(firstname, realname);
});
