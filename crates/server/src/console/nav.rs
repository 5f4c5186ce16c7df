//! The menu: by column, each entry a page that is there. A column that comes adds its entries here.

use super::assets::{Icon, icons};

/// A part of the menu.
pub(crate) struct Section {
    /// The name of its words; none for what stands above all columns.
    pub(crate) title: Option<&'static str>,
    pub(crate) items: &'static [Item],
}

/// A page in the menu.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Item {
    /// The name of its words.
    pub(crate) title: &'static str,
    pub(crate) path: &'static str,
    pub(crate) icon: Icon,
}

/// The whole menu.
pub(crate) const MENU: &[Section] = &[
    Section { title: None, items: &[Item { title: "dashboard-title", path: "/console/dashboard", icon: icons::HOME }] },
    Section {
        title: Some("nav-subscriptions"),
        items: &[
            Item { title: "customers-title", path: "/console/customers", icon: icons::USERS },
            Item { title: "subscriptions-title", path: "/console/subscriptions", icon: icons::CALENDAR },
            Item { title: "keys-title", path: "/console/keys", icon: icons::KEY },
            Item { title: "instances-title", path: "/console/instances", icon: icons::SERVER },
            Item { title: "trials-title", path: "/console/trials", icon: icons::FLASK },
            Item { title: "last-questions", path: "/console/questions", icon: icons::MESSAGE_QUESTION },
            Item { title: "offers-title", path: "/console/offers", icon: icons::TAG },
        ],
    },
    Section {
        title: Some("nav-marketplace"),
        items: &[Item { title: "plugins-title", path: "/console/plugins", icon: icons::PUZZLE }],
    },
    Section {
        title: Some("nav-gateway"),
        items: &[
            Item { title: "gateway-title", path: "/console/gateway", icon: icons::ROUTER },
            Item { title: "enrollments-title", path: "/console/enrollments", icon: icons::KEY },
            Item { title: "agents-title", path: "/console/agents", icon: icons::DEVICES },
            Item { title: "queue-title", path: "/console/queue", icon: icons::INBOX },
        ],
    },
    Section {
        title: Some("nav-accounts"),
        items: &[
            Item { title: "invitations-title", path: "/console/invitations", icon: icons::USER_PLUS },
            Item { title: "registrations-title", path: "/console/registrations", icon: icons::ID },
            Item { title: "connections-title", path: "/console/connections", icon: icons::PLUG_CONNECTED },
        ],
    },
    Section {
        title: Some("nav-administration"),
        items: &[
            Item { title: "signing-keys-title", path: "/console/signing-keys", icon: icons::SIGNATURE },
            Item { title: "tokens-title", path: "/console/tokens", icon: icons::API },
            Item { title: "audit-title", path: "/console/audit", icon: icons::LIST_CHECK },
            Item { title: "data-title", path: "/console/data", icon: icons::DATABASE },
            Item { title: "operators-title", path: "/console/operators", icon: icons::USER_COG },
            Item { title: "account-title", path: "/console/account", icon: icons::USER_CIRCLE },
        ],
    },
];
