//! Registration keys, with what they open.

use latchkey_domain::ids::{CustomerId, SubscriptionId};
use latchkey_domain::text::OfferRef;
use latchkey_domain::time::Timestamp;

use super::subscriptions::Whose;
use super::{Column, Ends, Found, KeyIs, Page, Question, Sorting, SubscriptionIs};
use crate::StoreError;
use crate::driver::Select;
use crate::subscriptions::keys::{self, Listed};

/// Which keys a list is to have; all, where nothing is said.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of these customers.
    pub whose: Option<Whose>,
    /// Those that open this subscription.
    pub subscription: Option<SubscriptionId>,
    /// Those to this offer.
    pub offer: Option<OfferRef>,
    /// Those that are so.
    pub is: Option<KeyIs>,
    /// Those whose subscription stands so.
    pub subscription_is: Option<SubscriptionIs>,
    /// Those whose subscription's last day is one of these.
    pub ends: Ends,
}

/// How keys are sorted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By the moment at which they were issued.
    #[default]
    Issued,
    /// By the last day of their subscription.
    End,
    /// By the name of their customer.
    Customer,
}

impl Wanted {
    /// Those of one customer.
    pub fn of_customer(customer: CustomerId) -> Self {
        Self { whose: Some(Whose::Customer(customer)), ..Self::default() }
    }

    fn says_something_of_subscriptions(&self) -> bool {
        self.offer.is_some() || self.subscription_is.is_some() || !self.ends.is_any()
    }
}

impl Sorting for Sort {
    fn columns(self) -> &'static [Column] {
        const KEY: Column = Column::text("k.id", "key_id");
        const SUBSCRIPTION: Column = Column::text("s.id", "subscription_id");
        match self {
            Self::Issued => const { &[KEY] },
            Self::End => const { &[Column::number("s.ends_at", "ends_at"), SUBSCRIPTION, KEY] },
            Self::Customer => const { &[Column::text("c.folded_name", "folded_name"), SUBSCRIPTION, KEY] },
        }
    }
}

/// A page of keys as they stand at `now`.
pub fn page(
    from: &mut impl Select,
    wanted: &Wanted,
    sort: Sort,
    page: &Page,
    now: Timestamp,
) -> Result<Found<Listed>, StoreError> {
    let lead = lead(from, wanted, sort, now)?;
    let mut question = Question::new(COLUMNS, lead.from());
    question.and("s.id = k.subscription_id AND c.id = s.customer_id");
    of_customers(&mut question, wanted);
    of_subscriptions(&mut question, wanted, now);
    if let Some(is) = wanted.is {
        is.lets_pass(&mut question, now);
    }
    question.page(from, sort, page, keys::listed)
}

const COLUMNS: &str =
    "SELECT k.id AS key_id, k.subscription_id, k.signing_key, k.issued, k.superseded_by, k.superseded_until,
       k.revoked_at, n.issued AS successor_issued,
       s.customer_id, s.offer, s.begins, s.ends, s.grace_ends, s.begins_at, s.ends_at, s.grace_ends_at,
       s.seats, s.suspended_at, s.terminated_at, c.name, c.folded_name";

/// Which table is read first. SQLite keeps to the order in which a CROSS JOIN names them.
#[derive(Debug, Clone, Copy)]
enum Lead {
    Keys,
    Subscriptions,
    Customers,
}

impl Lead {
    fn from(self) -> &'static str {
        match self {
            Self::Keys => {
                "FROM keys k CROSS JOIN subscriptions s CROSS JOIN customers c LEFT JOIN keys n ON n.id = k.superseded_by"
            }
            Self::Subscriptions => {
                "FROM subscriptions s CROSS JOIN keys k CROSS JOIN customers c LEFT JOIN keys n ON n.id = k.superseded_by"
            }
            Self::Customers => {
                "FROM customers c CROSS JOIN subscriptions s CROSS JOIN keys k LEFT JOIN keys n ON n.id = k.superseded_by"
            }
        }
    }
}

fn lead(from: &mut impl Select, wanted: &Wanted, sort: Sort, now: Timestamp) -> Result<Lead, StoreError> {
    if wanted.subscription.is_some() {
        return Ok(Lead::Subscriptions);
    }
    match &wanted.whose {
        Some(Whose::Customer(_)) => return Ok(Lead::Subscriptions),
        Some(Whose::NameHas(_)) => {
            let mut few = Question::new("SELECT s.id", "FROM customers c CROSS JOIN subscriptions s");
            few.and("s.customer_id = c.id");
            of_customers(&mut few, wanted);
            if !few.finds_many(from)? {
                return Ok(Lead::Customers);
            }
        }
        None => {}
    }
    if wanted.says_something_of_subscriptions() {
        let mut few = Question::new("SELECT s.id", "FROM subscriptions s");
        of_subscriptions(&mut few, wanted, now);
        if !few.finds_many(from)? {
            return Ok(Lead::Subscriptions);
        }
    }
    if let Some(is) = wanted.is.filter(|is| !is.is_usual()) {
        let mut few = Question::new("SELECT k.id", "FROM keys k");
        is.lets_pass(&mut few, now);
        if !few.finds_many(from)? {
            return Ok(Lead::Keys);
        }
    }
    Ok(match sort {
        Sort::Issued => Lead::Keys,
        Sort::End => Lead::Subscriptions,
        Sort::Customer => Lead::Customers,
    })
}

fn of_customers(question: &mut Question, wanted: &Wanted) {
    if let Some(whose) = &wanted.whose {
        whose.lets_pass(question);
    }
}

fn of_subscriptions(question: &mut Question, wanted: &Wanted, now: Timestamp) {
    if let Some(subscription) = wanted.subscription {
        question.and("s.id = $subscription").bind("subscription", subscription);
    }
    if let Some(offer) = &wanted.offer {
        question.and("s.offer = $offer").bind("offer", offer);
    }
    if let Some(is) = wanted.subscription_is {
        is.lets_pass(question, now);
    }
    wanted.ends.lets_pass(question);
}
