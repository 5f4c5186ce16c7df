//! Subscriptions, with the customers who hold them.

use latchkey_domain::ids::CustomerId;
use latchkey_domain::subscriptions::Subscription;
use latchkey_domain::text::{Name, OfferRef};
use latchkey_domain::time::Timestamp;

use super::{Column, Ends, Found, Page, Question, Sorting, SubscriptionIs, containing};
use crate::StoreError;
use crate::driver::Select;
use crate::subscriptions::subscriptions;

/// Which subscriptions a list is to have; all, where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of these customers.
    pub whose: Option<Whose>,
    /// Those to this offer.
    pub offer: Option<OfferRef>,
    /// Those that stand so.
    pub is: Option<SubscriptionIs>,
    /// Those whose last day is one of these.
    pub ends: Ends,
}

/// Which customers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// This one.
    Customer(CustomerId),
    /// Those whose name has this in it, in whatever case.
    NameHas(String),
}

/// How subscriptions are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By the moment at which they were made.
    #[default]
    Made,
    /// By their last day.
    End,
    /// By the name of their customer.
    Customer,
}

/// A subscription as lists show it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The subscription.
    pub subscription: Subscription,
    /// The name of the customer who holds it.
    pub customer: Name,
    /// How many keys were ever issued to it.
    pub keys: u32,
}

impl Whose {
    pub(super) fn lets_pass(&self, question: &mut Question) {
        match self {
            Self::Customer(id) => question.and("s.customer_id = $customer").bind("customer", *id),
            Self::NameHas(part) => {
                question.and("c.folded_name LIKE $name_has ESCAPE '!'").bind("name_has", containing(part))
            }
        };
    }
}

impl Sorting for Sort {
    fn columns(self) -> &'static [Column] {
        const SUBSCRIPTION: Column = Column::text("s.id", "subscription_id");
        match self {
            Self::Made => const { &[SUBSCRIPTION] },
            Self::End => const { &[Column::number("s.ends_at", "ends_at"), SUBSCRIPTION] },
            Self::Customer => const { &[Column::text("c.folded_name", "folded_name"), SUBSCRIPTION] },
        }
    }
}

/// A page of subscriptions as they stand at `now`.
pub fn page(
    from: &mut impl Select,
    wanted: &Wanted,
    sort: Sort,
    page: &Page,
    now: Timestamp,
) -> Result<Found<Listed>, StoreError> {
    let customers_first = match &wanted.whose {
        Some(Whose::Customer(_)) => false,
        Some(Whose::NameHas(_)) => {
            let mut few = Question::new("SELECT s.id", CUSTOMERS_FIRST);
            few.and("s.customer_id = c.id");
            lets_pass(&mut few, wanted, now);
            !few.finds_many(from)? || sort == Sort::Customer
        }
        None => {
            sort == Sort::Customer && {
                let mut few = Question::new("SELECT s.id", "FROM subscriptions s");
                lets_pass(&mut few, wanted, now);
                few.finds_many(from)?
            }
        }
    };
    let mut question = Question::new(COLUMNS, if customers_first { CUSTOMERS_FIRST } else { SUBSCRIPTIONS_FIRST });
    question.and("c.id = s.customer_id");
    lets_pass(&mut question, wanted, now);
    question.page(from, sort, page, |_, row| {
        Ok(Listed { subscription: subscriptions::read(row)?, customer: row.get("name")?, keys: row.get("key_count")? })
    })
}

const COLUMNS: &str =
    "SELECT s.id AS subscription_id, s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at,
       s.ends_at, s.grace_ends_at, s.seats, s.suspended_at, s.terminated_at, c.name, c.folded_name,
       (SELECT COUNT(*) FROM keys k WHERE k.subscription_id = s.id) AS key_count";
/// SQLite keeps to the order in which a CROSS JOIN names tables.
const CUSTOMERS_FIRST: &str = "FROM customers c CROSS JOIN subscriptions s";
const SUBSCRIPTIONS_FIRST: &str = "FROM subscriptions s CROSS JOIN customers c";

fn lets_pass(question: &mut Question, wanted: &Wanted, now: Timestamp) {
    if let Some(whose) = &wanted.whose {
        whose.lets_pass(question);
    }
    if let Some(offer) = &wanted.offer {
        question.and("s.offer = $offer").bind("offer", offer);
    }
    if let Some(is) = wanted.is {
        is.lets_pass(question, now);
    }
    wanted.ends.lets_pass(question);
}
