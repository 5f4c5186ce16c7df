//! What things are called inside: ids that cannot be taken for one another. Ids of rows are UUIDv7, made by the store.

use core::fmt;
use core::str::FromStr;

use uuid::Uuid;

pub use latchkey_key::{KeyId, PublisherId, SigningKeyId};

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

id! {
    /// A customer: who holds subscriptions.
    CustomerId,
    /// A subscription: one offer, for one customer, from a day to a day.
    SubscriptionId,
    /// An operator: a person who works in the console.
    OperatorId,
    /// An agent: a machine that hands in its inventory.
    AgentId,
    /// An instance: one GLPI, or one site of a plugin, that uses a subscription.
    InstanceId,
    /// A move of a seat from one instance to another.
    MoveId,
    /// A trial of a plugin by an instance.
    TrialId,
    /// A connection to a GLPI.
    ConnectionId,
    /// A registration: what a person typed into an invitation's form.
    RegistrationId,
}
