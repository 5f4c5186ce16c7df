//! What a GLPI wants to see before it takes inventories: nothing up to GLPI 10, one login or one OAuth client from 11 on.

use super::{Secret, credential};
use crate::Refusal;
use crate::text::TextFault;

/// What a GLPI is shown when an inventory is passed on to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InventoryCredential {
    /// Nothing.
    None,
    /// A user and a password.
    Basic {
        /// The user, without a colon.
        user: String,
        /// The password.
        password: Secret,
    },
    /// An OAuth client, which gets a token for its secret.
    Client {
        /// The client's id.
        id: String,
        /// The client's secret.
        secret: Secret,
    },
}

/// Which of them it is: all that is shown of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InventoryKind {
    /// Nothing.
    None,
    /// A user and a password.
    Basic,
    /// An OAuth client.
    Client,
}

/// What somebody typed for a credential, whichever it is to be. What is empty was not typed.
#[derive(Debug, Clone)]
pub struct TypedInventory {
    /// The user.
    pub user: String,
    /// The password.
    pub password: Secret,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
}

impl InventoryCredential {
    /// Reads what somebody typed for a credential of this kind. What belongs to another kind is refused, and not left out: nobody is to
    /// believe that a GLPI is shown what it is not.
    pub fn read(kind: InventoryKind, typed: &TypedInventory) -> Result<Self, Refusal> {
        let TypedInventory { user, password, client_id, client_secret } = typed;
        let (user, client_id) = (user.trim(), client_id.trim());
        let basic = !user.is_empty() || !password.reveal().is_empty();
        let client = !client_id.is_empty() || !client_secret.reveal().is_empty();
        let of_another = match kind {
            InventoryKind::None => basic || client,
            InventoryKind::Basic => client,
            InventoryKind::Client => basic,
        };
        if of_another {
            return Err(Refusal::InventoryCredentialMixed { kind });
        }
        Ok(match kind {
            InventoryKind::None => Self::None,
            InventoryKind::Basic => {
                let user = credential("inventory user", user)?.to_owned();
                // A password begins behind the first colon, whoever typed it.
                if let Some(at) = user.chars().position(|c| c == ':') {
                    return Err(Refusal::TextInvalid {
                        field: "inventory user",
                        fault: TextFault::Character { at: at + 1 },
                    });
                }
                let password = credential("inventory password", password.reveal())?;
                Self::Basic { user, password: Secret::new(password) }
            }
            InventoryKind::Client => Self::Client {
                id: credential("inventory client id", client_id)?.to_owned(),
                secret: Secret::new(credential("inventory client secret", client_secret.reveal())?),
            },
        })
    }

    /// Which it is.
    pub fn kind(&self) -> InventoryKind {
        match self {
            Self::None => InventoryKind::None,
            Self::Basic { .. } => InventoryKind::Basic,
            Self::Client { .. } => InventoryKind::Client,
        }
    }
}

impl InventoryKind {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::None, Self::Basic, Self::Client];

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Client => "oauth",
        }
    }

    /// The one of this name.
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(user: &str, password: &str, client_id: &str, client_secret: &str) -> TypedInventory {
        TypedInventory {
            user: user.into(),
            password: Secret::new(password),
            client_id: client_id.into(),
            client_secret: Secret::new(client_secret),
        }
    }

    #[test]
    fn each_kind_takes_its_own_fields_and_no_others() {
        let nothing = typed("", "", "", "");
        let (basic, client) = (typed(" inventory ", " p w ", "", ""), typed("", "", "id", "s3cret"));
        assert_eq!(InventoryCredential::read(InventoryKind::None, &nothing), Ok(InventoryCredential::None));
        let expected = InventoryCredential::Basic { user: "inventory".into(), password: Secret::new(" p w ") };
        assert_eq!(InventoryCredential::read(InventoryKind::Basic, &basic), Ok(expected));
        let expected = InventoryCredential::Client { id: "id".into(), secret: Secret::new("s3cret") };
        assert_eq!(InventoryCredential::read(InventoryKind::Client, &client), Ok(expected));
        for (kind, typed) in [
            (InventoryKind::None, &basic),
            (InventoryKind::None, &client),
            (InventoryKind::Basic, &client),
            (InventoryKind::Client, &basic),
            (InventoryKind::Basic, &typed("u", "p", "id", "")),
        ] {
            let refused = InventoryCredential::read(kind, typed);
            assert_eq!(refused, Err(Refusal::InventoryCredentialMixed { kind }), "{typed:?}");
        }
    }

    #[test]
    fn half_a_credential_and_a_second_line_are_named() {
        let fault = |kind, typed: TypedInventory| match InventoryCredential::read(kind, &typed) {
            Err(Refusal::TextInvalid { field, fault }) => (field, fault),
            other => panic!("{other:?}"),
        };
        let (basic, client) = (InventoryKind::Basic, InventoryKind::Client);
        assert_eq!(fault(basic, typed("", "p", "", "")), ("inventory user", TextFault::Empty));
        assert_eq!(fault(basic, typed("u", "", "", "")), ("inventory password", TextFault::Empty));
        assert_eq!(fault(basic, typed("a:b", "p", "", "")), ("inventory user", TextFault::Character { at: 2 }));
        assert_eq!(fault(basic, typed("u", "p\nq", "", "")), ("inventory password", TextFault::Control { at: 2 }));
        assert_eq!(fault(client, typed("", "", "", "s")), ("inventory client id", TextFault::Empty));
        assert_eq!(fault(client, typed("", "", "i", "")), ("inventory client secret", TextFault::Empty));
    }

    #[test]
    fn kinds_are_known_by_their_names_and_secrets_are_not_printed() {
        for kind in InventoryKind::ALL {
            assert_eq!(InventoryKind::named(kind.code()), Some(kind));
        }
        let text = format!("{:?}", typed("u", "hunter2", "", "hunter3"));
        assert!(!text.contains("hunter"), "{text}");
    }
}
