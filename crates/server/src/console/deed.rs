//! How an operation is asked for: what will happen, in sentences, then what has to be known, then one button.

use askama::Template;
use askama::filters::HtmlSafe;
use latchkey_domain::Refusal;
use latchkey_texts::Said;

use super::assets::icons;
use super::form::Fields;
use super::page::{Field, Page};
use crate::refused::of_connection;

#[derive(Template)]
#[template(path = "console/deed.html")]
pub(super) struct DeedPage {
    pub(super) page: Page,
    pub(super) said: Option<Said>,
    /// What will happen.
    pub(super) sentences: Vec<String>,
    /// That it cannot be undone.
    pub(super) warning: Option<String>,
    pub(super) inputs: Vec<Input>,
    pub(super) hidden: Vec<(&'static str, String)>,
    /// The address of the form, which is the page's own.
    pub(super) action: String,
    /// Whether it may be sent again as it is: it gives out a file.
    pub(super) again: bool,
    pub(super) button: String,
    /// Where to go instead.
    pub(super) back: String,
    /// Where it stands now, after it was changed meanwhile.
    pub(super) current: Option<String>,
}

/// Anything that is filled in.
pub(super) enum Input {
    Field(Field),
    Select(Select),
    Checks(Checks),
}

/// One of several.
#[derive(Template)]
#[template(path = "console/select.html")]
pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) choices: Vec<(String, String)>,
    pub(super) hint: Option<String>,
    pub(super) fault: Option<String>,
}

/// Any of several.
#[derive(Template)]
#[template(path = "console/checks.html")]
pub(super) struct Checks {
    pub(super) name: &'static str,
    pub(super) label: String,
    /// Value, words, and whether it is chosen.
    pub(super) choices: Vec<(String, String, bool)>,
    pub(super) hint: Option<String>,
    pub(super) fault: Option<String>,
    /// Whether one at least has to be chosen.
    pub(super) required: bool,
}

impl HtmlSafe for Select {}
impl HtmlSafe for Checks {}

impl DeedPage {
    /// A deed at an address, with the words of its name: `NAME-title`, `NAME-do`.
    pub(super) fn new(page: Page, name: &str, action: String, back: String) -> Self {
        Self {
            said: None,
            sentences: Vec::new(),
            warning: None,
            inputs: Vec::new(),
            hidden: page.hidden(),
            action,
            again: false,
            button: page.t(&format!("{name}-do")),
            back,
            current: None,
            page,
        }
    }

    /// What will happen.
    pub(super) fn will(mut self, sentence: String) -> Self {
        self.sentences.push(sentence);
        self
    }

    /// It gives out a file, and the page stays.
    pub(super) fn again(self) -> Self {
        Self { again: true, ..self }
    }

    /// It cannot be undone.
    pub(super) fn for_good(self) -> Self {
        Self { warning: Some(self.page.t("for-good")), ..self }
    }

    pub(super) fn input(mut self, input: impl Into<Input>) -> Self {
        self.inputs.push(input.into());
        self
    }

    /// As the thing stood when the page was shown: the number of the latest row about it.
    pub(super) fn seen(self, seen: i64) -> Self {
        Self { hidden: self.page.hidden_about(seen), ..self }
    }

    /// With what a rule says, where it did.
    pub(super) fn refused(self, refusal: Option<&Refusal>) -> Self {
        let current = match refusal {
            // What is said is that it is otherwise now: the way there is offered.
            Some(
                Refusal::ChangedMeanwhile { .. }
                | Refusal::KeyAlreadyRevoked { .. }
                | Refusal::KeyAlreadySuperseded { .. }
                | Refusal::AlreadySuspended { .. }
                | Refusal::NotSuspended { .. }
                | Refusal::AlreadyTerminated { .. }
                | Refusal::TokenAlreadyRevoked { .. }
                | Refusal::EnrollmentRevoked { .. }
                | Refusal::EnrollmentSuspended { .. }
                | Refusal::EnrollmentNotSuspended { .. }
                | Refusal::AgentNotPending { .. }
                | Refusal::AgentQuarantined { .. }
                | Refusal::AgentNotQuarantined { .. }
                | Refusal::NothingToDecide { .. }
                | Refusal::NothingToRelease { .. }
                | Refusal::TrialSubscribed { .. }
                | Refusal::CustomerErased { .. }
                | Refusal::InvitationClosed(_)
                | Refusal::InvitationNotSuspended { .. },
            ) => Some(self.back.clone()),
            Some(_) | None => None,
        };
        Self { said: refusal.map(|refusal| self.page.refusal(refusal)), current, ..self }
    }
}

impl From<Field> for Input {
    fn from(field: Field) -> Self {
        Self::Field(field)
    }
}

impl From<Select> for Input {
    fn from(select: Select) -> Self {
        Self::Select(select)
    }
}

impl From<Checks> for Input {
    fn from(checks: Checks) -> Self {
        Self::Checks(checks)
    }
}

/// What is wrong with the field of this name, if that is what a rule says.
pub(super) fn fault(page: &Page, refusal: Option<&Refusal>, name: &str) -> Option<String> {
    let refusal = refusal?;
    let field = if let Refusal::TextInvalid { field, .. }
    | Refusal::DaysInvalid { field, .. }
    | Refusal::NumberInvalid { field, .. } = refusal
    {
        // The domain names its fields in words.
        field.replace(' ', "_")
    } else if matches!(refusal, Refusal::DateInvalid { .. }) {
        // A form asks for one day, from which on something counts.
        (if name == "from" { "from" } else { "begin_date" }).to_owned()
    } else {
        of_field(refusal)?.to_owned()
    };
    (field == name).then(|| {
        let said = page.refusal(refusal);
        format!("{} {}", said.cause, said.next_step)
    })
}

/// The field that a rule speaks of.
fn of_field(refusal: &Refusal) -> Option<&'static str> {
    let customer = matches!(
        refusal,
        Refusal::CustomerUnknown { .. } | Refusal::CustomerExists { .. } | Refusal::CustomerErased { .. }
    );
    if customer {
        Some("customer")
    } else if matches!(refusal, Refusal::OfferUnknown { .. }) {
        Some("offer")
    } else if matches!(refusal, Refusal::EmailDomainInvalid { .. }) {
        Some("email_domain")
    } else if matches!(refusal, Refusal::LastDay(_)) {
        Some("until")
    } else if matches!(refusal, Refusal::TermMissing | Refusal::TermInvalid) {
        Some("count")
    } else if matches!(refusal, Refusal::NetworkInvalid { .. }) {
        Some("networks")
    } else if matches!(refusal, Refusal::EnrollmentExists { .. } | Refusal::ConnectionExists { .. }) {
        Some("name")
    } else if matches!(refusal, Refusal::InventoryCredentialMixed { .. }) {
        Some("inventory")
    } else if let Refusal::GlpiUnusable(fault) = refusal {
        of_connection(fault)
    } else if matches!(refusal, Refusal::ScopeUnknown { .. }) {
        Some("scopes")
    } else if matches!(refusal, Refusal::EnvironmentUnknown { .. } | Refusal::OthersTaken) {
        Some("environment")
    } else if matches!(refusal, Refusal::SeatsInUse { .. }) {
        Some("seats")
    } else {
        None
    }
}

/// Why something is done: for the log.
pub(super) fn reason(page: &Page, typed: &Fields, refusal: Option<&Refusal>, required: bool) -> Field {
    let field = Field::text("reason", page.t("field-reason"))
        .hint(page.t("reason-hint"))
        .most(500)
        .typed(typed)
        .fault(fault(page, refusal, "reason"));
    if required { field } else { field.optional() }
}
