//! What every page has: the frame around it, with the menu, the search, who is there, and what was done on the page before.
//!
//! A page is a struct with a template of its own, which extends `console/frame.html` (or `console/bare.html`, for whoever has not
//! signed in) and has a field `page`, this [`Page`].

use askama::Template;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use latchkey_domain::operators::{Operator, Role};
use latchkey_texts::console::{self, LANGUAGES};
use latchkey_texts::{Language, Said};

use super::assets::{Asset, PICTURE, SCRIPT, STYLE, icons};
use super::form::{self, Fields, Kept};
use super::nav::{MENU, Section};
use super::reader::{Reader, Theme};
use super::trouble::Trouble;
use super::visit::{Guest, Visit};

/// The frame of a page.
pub(crate) struct Page {
    /// For whom, and in which words: `page.t(…)`.
    pub(crate) reader: Reader,
    /// What it is called.
    pub(crate) title: String,
    /// Which entry of the menu it belongs to.
    pub(crate) place: &'static str,
    /// Who is there; nobody on a bare page.
    pub(crate) operator: Option<Operator>,
    /// What was done on the page before.
    pub(crate) notice: Option<String>,
    /// Where it is itself.
    pub(crate) target: String,
    form_token: Option<String>,
}

impl std::ops::Deref for Page {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl Visit {
    /// The frame of a page that belongs to an entry of the menu, with its title.
    pub(crate) fn page(&self, place: &'static str, title: impl Into<String>) -> Page {
        let guest = self.guest();
        Page {
            reader: guest.reader.clone(),
            title: title.into(),
            place,
            operator: Some(self.operator().clone()),
            notice: guest.notice.as_ref().map(|notice| notice.say(&guest.reader)),
            target: guest.target.clone(),
            form_token: Some(self.form_token().to_owned()),
        }
    }
}

impl Guest {
    /// The frame of a page for whoever has not signed in.
    pub(crate) fn page(&self, title: impl Into<String>) -> Page {
        Page {
            reader: self.reader.clone(),
            title: title.into(),
            place: "",
            operator: None,
            notice: self.notice.as_ref().map(|notice| notice.say(&self.reader)),
            target: self.target.clone(),
            form_token: None,
        }
    }
}

impl Page {
    /// The hidden fields with which a form begins: `{% for (name, value) in page.hidden() %}`.
    pub(crate) fn hidden(&self) -> Vec<(&'static str, String)> {
        self.form_token.as_deref().map(|token| form::hidden(token, None)).unwrap_or_default()
    }

    /// The same for a form about something, as it was seen: see [`form`].
    pub(crate) fn hidden_about(&self, seen: i64) -> Vec<(&'static str, String)> {
        self.form_token.as_deref().map(|token| form::hidden(token, Some(seen))).unwrap_or_default()
    }

    pub(crate) fn menu(&self) -> &'static [Section] {
        MENU
    }

    pub(crate) fn style(&self) -> Asset {
        STYLE
    }

    pub(crate) fn script(&self) -> Asset {
        SCRIPT
    }

    pub(crate) fn picture(&self) -> Asset {
        PICTURE
    }

    pub(crate) fn languages(&self) -> [Language; 2] {
        LANGUAGES
    }

    pub(crate) fn language_name(&self, language: &Language) -> String {
        self.t(&format!("language-{}", language.tag()))
    }

    pub(crate) fn theme_name(&self, theme: &Theme) -> String {
        self.t(&format!("theme-{}", theme.name()))
    }

    /// What an operator may do, in words.
    pub(crate) fn role_name(&self, role: &Role) -> String {
        self.t(&format!("role-{role}"))
    }

    /// The label of a field that was typed into another page.
    pub(crate) fn field_name(&self, name: &str) -> String {
        let entry = match name {
            "agents" => "enrollment-agents",
            "agents_days" => "terms-agents",
            "approve" => "enrollment-approve",
            "channel" => "plugin-channel",
            "comment" => "invitation-comment",
            "email_domain" => "invitation-domains",
            "entity" => "invitation-entity",
            "from" => "invitation-from",
            "glpi" => "enrollment-glpi",
            "groups" => "invitation-groups",
            "inventory" => "inventory",
            "inventory_client_id" => "inventory-client-id",
            "inventory_user" => "inventory-user",
            "language" => "invitation-language",
            "limit" => "invitation-limit",
            "login" => "connection-login",
            "networks" => "enrollment-networks",
            "offers" => "plugin-offers",
            "open_to" => "plugin-needs",
            "profile" => "invitation-profile",
            "recursive" => "invitation-recursive",
            "registrations_days" => "terms-registrations",
            "tag" => "fact-tag",
            "url" => "connection-url",
            "uses" => "invitation-uses-field",
            other => &format!("field-{}", other.replace('_', "-")),
        };
        if console::is_word(entry) { self.t(entry) } else { name.to_owned() }
    }

    pub(crate) fn themes(&self) -> [Theme; 3] {
        Theme::ALL
    }

    fn form_token(&self) -> Option<&str> {
        self.form_token.as_deref()
    }
}

/// A page as an answer.
pub(crate) fn show(page: &impl Template) -> Response {
    show_as(StatusCode::OK, page)
}

/// The same with another status.
pub(crate) fn show_as(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => {
            (status, [(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "console/trouble.html")]
struct TroublePage {
    page: Page,
    said: Said,
}

#[derive(Template)]
#[template(path = "console/trouble_bare.html")]
struct BareTroublePage {
    page: Page,
    said: Said,
}

#[derive(Template)]
#[template(path = "console/resume.html")]
struct ResumePage {
    page: Page,
    said: Said,
    kept: Kept,
    token: (&'static str, String),
    fresh: Vec<(&'static str, String)>,
}

/// The page of a trouble, which takes the place of the answer on which it was found.
pub(super) fn of_trouble(guest: &Guest, trouble: &Trouble, raised: Response) -> Response {
    let said = trouble.said(guest.reader());
    let visit = guest.visit();
    let mut response = match (visit, trouble) {
        (_, Trouble::SignIn { target, kept: Some(kept) }) => super::sign_in::with_kept(guest, target, kept),
        (Some(visit), Trouble::OtherSession(kept)) => resume(&visit, kept, said),
        (Some(visit), _) => {
            let page = visit.page("", said.title.clone());
            show_as(trouble.status(), &TroublePage { page, said })
        }
        (None, _) => show_as(trouble.status(), &BareTroublePage { page: guest.page(said.title.clone()), said }),
    };
    if let Some(seconds) = raised.headers().get(RETRY_AFTER) {
        response.headers_mut().insert(RETRY_AFTER, seconds.clone());
    }
    response
}

/// What was typed into a form whose session was over, ready to be sent now. It is sent by whoever typed it, not by us.
pub(super) fn resume(visit: &Visit, kept: &Kept, said: Said) -> Response {
    let page = visit.page("", said.title.clone());
    let token = form::hidden_token(page.form_token().unwrap_or_default());
    // A form that had no operation yet gets one.
    let fresh = if kept.fields.text("operation").is_empty() {
        page.hidden().into_iter().filter(|(name, _)| *name == "operation").collect()
    } else {
        Vec::new()
    };
    show(&ResumePage { page, said, kept: kept.clone(), token, fresh })
}

/// A field of a form, with what was typed and what is wrong with it. In a template: `{{ field }}`.
#[derive(Template)]
#[template(path = "console/field.html")]
pub(crate) struct Field {
    name: &'static str,
    label: String,
    value: String,
    kind: &'static str,
    hint: Option<String>,
    fault: Option<String>,
    autocomplete: Option<&'static str>,
    most: Option<usize>,
    required: bool,
}

impl askama::filters::HtmlSafe for Field {}

impl Field {
    /// A line of text that has to be filled in.
    pub(crate) fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self {
            name,
            label: label.into(),
            value: String::new(),
            kind: "text",
            hint: None,
            fault: None,
            autocomplete: None,
            most: None,
            required: true,
        }
    }

    /// An address of e-mail, by which somebody signs in.
    pub(crate) fn email(name: &'static str, label: impl Into<String>) -> Self {
        Self { kind: "email", autocomplete: Some("username"), most: Some(254), ..Self::text(name, label) }
    }

    /// A password: never shown again.
    pub(crate) fn password(name: &'static str, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete: Some(autocomplete), ..Self::text(name, label) }
    }

    /// With what was typed.
    pub(crate) fn typed(self, fields: &Fields) -> Self {
        let value = if self.kind == "password" { String::new() } else { fields.text(self.name).to_owned() };
        Self { value, ..self }
    }

    /// With this in it.
    pub(crate) fn with(self, value: impl ToString) -> Self {
        Self { value: value.to_string(), ..self }
    }

    /// With a sentence on what belongs there.
    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With what is wrong with it.
    pub(crate) fn fault(self, fault: Option<String>) -> Self {
        Self { fault, ..self }
    }

    /// It may stay empty.
    pub(crate) fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// What the browser may fill in.
    pub(crate) fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete: Some(autocomplete), ..self }
    }

    /// At most so many characters.
    pub(crate) fn most(self, most: usize) -> Self {
        Self { most: Some(most), ..self }
    }
}
