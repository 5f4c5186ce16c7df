//! Uses of invitations: as many as may, whoever comes at once, and given back where nothing came of them.

use std::sync::atomic::{AtomicUsize, Ordering};

use latchkey_domain::Refusal;
use latchkey_domain::accounts::Secret;
use latchkey_domain::invitations::Closed;
use latchkey_domain::invitations::form::Person;
use latchkey_domain::text::Name;
use latchkey_domain::time::DAY;
use latchkey_key::secret::SecretKey;
use latchkey_store::invitations::keys::{self, Created, Order};
use latchkey_store::invitations::registrations::{self, Applicant, Reserved, State};
use latchkey_store::invitations::visits::Visit;
use latchkey_store::{Done, Undone, retention};

use crate::house::House;

const AT_ONCE: usize = 100;

impl House {
    fn invites(&self, limit: Option<u32>) -> Created {
        let order = Order { limit, ..Order::named(Name::parse("name", "Sales").unwrap()) };
        let (vault, actor) = (self.vault.clone(), self.actor.clone());
        self.store.write_blocking(self.now(), move |tx| keys::create(tx, &vault, &order, &actor)).unwrap()
    }

    fn registers(&self, invitation: &str, login: &str) -> Done<Reserved> {
        let person = Person {
            firstname: "Marie".into(),
            realname: "Curie".into(),
            email: format!("{login}@example.org"),
            login: login.into(),
            language: "en".into(),
        };
        let receipt = Visit::begin(invitation, self.now()).unwrap().receipt(&self.vault, login);
        let password = Secret::new("correct horse battery");
        let applicant = Applicant::new(&self.vault, person, &password, &receipt, self.now())?;
        let invitation = invitation.to_owned();
        self.store.write_blocking(self.now(), move |tx| registrations::reserve(tx, &invitation, &applicant, 25_000))
    }

    /// How many of a hundred that come at once, from two processes, get in.
    fn let_in(&self, limit: u32, round: usize) -> usize {
        let id = self.invites(Some(limit)).invitation.id;
        let (second, done) = (self.as_another_process(), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for number in 0..AT_ONCE {
                let (house, id, done) = (if number % 2 == 0 { self } else { &second }, &id, &done);
                scope.spawn(move || match house.registers(id, &format!("user.{round}.{number}")) {
                    Ok(_) => {
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                    Err(undone) => {
                        let used_up = Refusal::InvitationClosed(Closed::UsedUp { limit });
                        assert_eq!(undone, Undone::Refused(used_up));
                    }
                });
            }
        });
        let rows = self.store.read(|reader| registrations::list(reader, Some(&id), "", 1_000)).unwrap();
        assert_eq!(rows.len(), done.load(Ordering::SeqCst), "a use and its registration are one");
        rows.len()
    }
}

both_databases! {
    fn of_a_hundred_at_once_as_many_get_in_as_may(house: House) {
        for round in 0..3 {
            assert_eq!(house.let_in(1, round), 1);
        }
        assert_eq!(house.let_in(7, 10), 7);
        assert_eq!(house.let_in(0, 11), 0);
    }

    fn a_login_is_somebodys_in_any_case(house: House) {
        let id = house.invites(None).invitation.id;
        house.registers(&id, "marie").unwrap();
        assert_eq!(house.registers(&id, "MARIE").unwrap_err(), Undone::Refused(Refusal::LoginTaken));
        let it = house.store.read(|reader| Ok(keys::find(reader, &id))).unwrap().unwrap();
        assert_eq!(it.uses, 1, "what was refused used nothing up");
    }

    fn a_secret_is_recognised_whole_and_alone(house: House) {
        let created = house.invites(Some(1));
        let other = house.invites(Some(1));
        let known = |secret: &SecretKey| {
            house.store.read(|reader| keys::recognise(reader, &house.vault, secret.reveal())).unwrap()
        };
        assert_eq!(known(&created.secret).map(|it| it.id).as_ref(), Some(&created.invitation.id));
        assert!(known(&other.secret).is_some());
        assert!(!format!("{created:?}").contains(created.secret.reveal()));
        let stored = format!("{:?}", house.raw().everything());
        assert!(!stored.contains(created.secret.reveal()), "a copy of the database holds no secret");
    }

    fn a_password_is_not_held_for_ever(house: House) {
        let id = house.invites(None).invitation.id;
        house.registers(&id, "marie").unwrap();
        house.wait(89 * DAY);
        assert_eq!(house.store.write_blocking(house.now(), retention::sweep).unwrap().passwords, 0);
        house.wait(2 * DAY);
        assert_eq!(house.store.write_blocking(house.now(), retention::sweep).unwrap().passwords, 1);
        let row = house.store.read(|reader| registrations::list(reader, None, "", 10)).unwrap().remove(0);
        assert_eq!(row.state, State::Directory, "the account stays");
    }
}
