//! Customers, with how much they hold.

use latchkey_domain::time::{Date, Timestamp};

use super::{Column, Found, Page, Question, Sorting, SubscriptionIs, containing};
use crate::StoreError;
use crate::driver::Select;
use crate::subscriptions::customers::{self, Customer};

/// Which customers a list is to have; all, where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those whose name has this in it, in whatever case.
    pub name_has: Option<String>,
    /// Those who have a subscription that stands so.
    pub subscription_is: Option<SubscriptionIs>,
}

/// How customers are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By name.
    #[default]
    Name,
    /// By the moment since when they are known.
    Known,
}

/// A customer as lists show it.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The customer.
    pub customer: Customer,
    /// Since when its name is a pseudonym.
    pub erased_at: Option<Timestamp>,
    /// How many subscriptions it ever had.
    pub subscriptions: u32,
    /// How many keys were ever issued to it.
    pub keys: u32,
    /// The first last day among its subscriptions that run.
    pub next_end: Option<Date>,
}

impl Sorting for Sort {
    fn columns(self) -> &'static [Column] {
        match self {
            Self::Name => const { &[Column::text("c.folded_name", "folded_name")] },
            Self::Known => const { &[Column::text("c.id", "id")] },
        }
    }
}

/// A page of customers as they stand at `now`.
pub fn page(
    from: &mut impl Select,
    wanted: &Wanted,
    sort: Sort,
    page: &Page,
    now: Timestamp,
) -> Result<Found<Listed>, StoreError> {
    let mut question = Question::new(
        "SELECT c.id, c.name, c.folded_name, c.created_at, c.erased_at,
                (SELECT COUNT(*) FROM subscriptions o WHERE o.customer_id = c.id) AS subscription_count,
                (SELECT COUNT(*) FROM subscriptions o JOIN keys k ON k.subscription_id = o.id
                  WHERE o.customer_id = c.id) AS key_count,
                (SELECT MIN(o.ends) FROM subscriptions o
                  WHERE o.customer_id = c.id AND o.terminated_at IS NULL AND o.suspended_at IS NULL
                    AND o.begins_at <= $now AND o.ends_at > $now) AS next_end",
        "FROM customers c",
    );
    question.bind("now", now);
    if let Some(part) = &wanted.name_has {
        question.and("c.folded_name LIKE $name_has ESCAPE '!'").bind("name_has", containing(part));
    }
    if let Some(is) = wanted.subscription_is {
        question.and("EXISTS (SELECT s.id FROM subscriptions s WHERE s.customer_id = c.id");
        is.lets_pass(&mut question, now);
        question.close();
    }
    question.page(from, sort, page, |_, row| {
        Ok(Listed {
            customer: customers::read(row)?,
            erased_at: row.get("erased_at")?,
            subscriptions: row.get("subscription_count")?,
            keys: row.get("key_count")?,
            next_end: row.get("next_end")?,
        })
    })
}
