//! A new invitation: for which GLPI, what is asked, and the URL, this once.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use latchkey_domain::Refusal;
use latchkey_domain::accounts::Connection;
use latchkey_domain::invitations::{MOST_INVITATION_DAYS, MOST_LISTED, MOST_USES, Span, Target, email_domain};
use latchkey_domain::operators::Deed;
use latchkey_domain::text::{Name, TextFault};
use latchkey_domain::time::{Timestamp, Zone};
use latchkey_store::accounts::connections;
use latchkey_store::invitations::keys::{self, Order};
use latchkey_texts::{Language, letters};
use serde::{Deserialize, Serialize};

use super::assets::icons;
use super::connections::{choose, indented};
use super::deed::{Checks, DeedPage, Select, fault};
use super::form::{Fields, Form};
use super::invitations::{PLACE, numbered};
use super::key_deeds::own_name;
use super::list::{Cell, Head, ListPage, Query, Table, Turns};
use super::page::{Field, Page, show};
use super::plots::Svg;
use super::qr;
use super::trouble::{Trouble, refused};
use super::visit::{Visit, Wishes};
use crate::accounts::Choices;
use crate::app::App;

/// For which GLPI a new one is.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct For {
    glpi: String,
}

pub(super) async fn new(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<For>) -> Result<Response, Trouble> {
    visit.may(Deed::ManageInvitations)?;
    if wish.glpi.is_empty() {
        let all = app.look(|reader| Ok(connections::list(reader)?)).await?;
        if all.len() > 1 {
            return Ok(show(&which_glpi(&visit, &all)));
        }
    }
    let typed = Fields::of([("glpi", wish.glpi), ("uses", "1".to_owned())]);
    Ok(show(&new_page(&app, &visit, &typed, None).await?))
}

/// Of several GLPIs one is chosen first: what can be chosen next is its own.
fn which_glpi(visit: &Visit, all: &[Connection]) -> ListPage {
    let page = visit.page(PLACE, visit.reader().t("invitation-which-glpi"));
    let row = |it: &Connection| {
        let href = Query::of([("glpi", it.id.to_string())]).href("/console/invitations/new");
        vec![Cell::link(it.name.to_string(), href), Cell::text(it.url.as_str())]
    };
    let head = [page.t("field-name"), page.t("connection-url")].map(Head::plain).into();
    ListPage {
        said: None,
        actions: Vec::new(),
        filters: Vec::new(),
        none: String::new(),
        filtered: false,
        path: PLACE,
        turns: Turns::default(),
        csv: None,
        table: Table::new(page.title.clone(), head, all.iter().map(row).collect()),
        page,
    }
}

async fn new_page(app: &App, visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> Result<DeedPage, Trouble> {
    let (vault, named) = (app.console.vault.clone(), typed.text("glpi").to_owned());
    let glpi = app
        .look(move |reader| {
            let it = match (named.as_str(), connections::list(reader)?.as_slice()) {
                ("", [only]) => only.clone(),
                ("", _) => return Ok(None),
                (name, _) => connections::find(reader, name)?,
            };
            let credentials = connections::credentials(reader, &vault, it.id)?;
            Ok(Some((it, credentials)))
        })
        .await?;
    let reader = visit.reader();
    let page = visit.page(PLACE, reader.t("invitation-new-title"));
    let (will, glpi, choices) = match glpi {
        None => (vec![page.t("invitation-new-directory")], String::new(), None),
        Some((it, credentials)) => {
            let will = page.t_with("invitation-new-glpi", &[("name", it.name.to_string())]);
            match choose(app, reader, &it, credentials).await? {
                Ok(choices) => (vec![will], it.id.to_string(), Some(choices)),
                Err(said) => {
                    let numbers = page.t("invitation-new-numbers");
                    (vec![will, format!("{} {numbers}", said.cause)], it.id.to_string(), None)
                }
            }
        }
    };
    let mut deed = DeedPage::new(page, "invitation-new", format!("{PLACE}/new"), PLACE.to_owned());
    for sentence in will {
        deed = deed.will(sentence);
    }
    let once = deed.page.t("invitation-new-will");
    deed = with_fields(deed.will(once), typed, refusal, choices.as_ref());
    deed.hidden.push(("glpi", glpi));
    Ok(deed.refused(refusal))
}

fn with_fields(deed: DeedPage, typed: &Fields, refusal: Option<&Refusal>, choices: Option<&Choices>) -> DeedPage {
    let page = &deed.page;
    let field = |name: &'static str, label: &str, hint: &str| {
        Field::text(name, page.t(label)).hint(page.t(hint)).typed(typed).fault(fault(page, refusal, name))
    };
    let select = |name: &'static str, label: &str, hint: Option<&str>, choices: Vec<(String, String)>| Select {
        name,
        label: page.t(label),
        value: typed.text(name).to_owned(),
        choices,
        hint: hint.map(|hint| page.t(hint)),
        fault: fault(page, refusal, name),
    };
    let usual = || (String::new(), page.t("as-glpi-has-it"));
    let choice = |id: i64, name: &str| (id.to_string(), numbered(id, Some(name)));
    let words = |names: [(&str, &str); 2]| names.map(|(value, name)| (value.to_owned(), page.t(name))).to_vec();
    let name = field("name", "field-name", "invitation-name-hint").most(200);
    let comment = field("comment", "invitation-comment", "invitation-comment-hint").most(200).optional();
    let limit = select(
        "limit",
        "invitation-limit",
        None,
        words([("", "invitation-limit-number"), ("unlimited", "invitation-limit-any")]),
    );
    let uses = field("uses", "invitation-uses-field", "invitation-uses-hint").optional();
    let wrong_until = until_fault(page, refusal, typed);
    let from = field("from", "invitation-from", "invitation-from-hint").optional();
    let from = if wrong_until.is_some() { from.fault(None) } else { from };
    let days = field("days", "field-days", "invitation-days-hint").optional();
    let until = field("until", "invitation-until", "invitation-until-hint").optional();
    let until = if wrong_until.is_some() { until.fault(wrong_until) } else { until };
    let domains = field("email_domain", "invitation-domains", "invitation-domains-hint").optional();
    let languages = Language::ALL.map(|language| (language.tag().to_owned(), own_name(language)));
    let any = (String::new(), page.t("invitation-language-any"));
    let language = select("language", "invitation-language", None, std::iter::once(any).chain(languages).collect());
    let recursive = select(
        "recursive",
        "invitation-recursive",
        None,
        words([("", "invitation-recursive-no"), ("yes", "invitation-recursive-yes")]),
    );
    let target: Vec<super::deed::Input> = match choices {
        Some(choices) => {
            let entities = choices.entities.iter().map(|one| choice(one.id, &indented(&one.path, &one.name)));
            let profiles = choices.profiles.iter().map(|one| choice(one.id, &one.name));
            let chosen = typed.all("groups");
            let group = |one: &latchkey_glpi::accounts::Group| {
                let id = one.id.to_string();
                let is_chosen = chosen.contains(&id.as_str());
                (id, one.path.clone(), is_chosen)
            };
            let groups = Checks {
                name: "groups",
                label: page.t("invitation-groups"),
                choices: choices.groups.iter().map(group).collect(),
                hint: choices.groups.is_empty().then(|| page.t("choices-none")),
                fault: fault(page, refusal, "groups"),
                required: false,
            };
            vec![
                select("entity", "invitation-entity", None, std::iter::once(usual()).chain(entities).collect()).into(),
                recursive.into(),
                select("profile", "invitation-profile", None, std::iter::once(usual()).chain(profiles).collect())
                    .into(),
                groups.into(),
            ]
        }
        None => vec![
            field("entity", "invitation-entity", "invitation-number-hint").optional().into(),
            recursive.into(),
            field("profile", "invitation-profile", "invitation-number-hint").optional().into(),
            field("groups", "invitation-groups", "invitation-numbers-hint").optional().into(),
        ],
    };
    let deed = deed.input(name).input(comment);
    let deed = target.into_iter().fold(deed, DeedPage::input);
    deed.input(limit).input(uses).input(from).input(days).input(until).input(domains).input(language)
}

/// That the last day is no day; of the first one the same is said.
fn until_fault(page: &Page, refusal: Option<&Refusal>, typed: &Fields) -> Option<String> {
    let about_it = matches!(refusal, Some(Refusal::DateInvalid { given }) if *given == typed.text("until").trim());
    let said = about_it.then(|| refusal.map(|refusal| page.refusal(refusal))).flatten()?;
    Some(format!("{} {}", said.cause, said.next_step))
}

fn order(fields: &Fields, zone: &Zone, now: Timestamp) -> Result<Order, Refusal> {
    let number = |field: &'static str, typed: &str, least: u32, most: u32| match typed.trim() {
        "" => Ok(None),
        typed => typed.parse::<u32>().map(Some).map_err(|_| Refusal::NumberInvalid { field, least, most }),
    };
    let of_field = |field: &'static str, least: u32, most: u32| number(field, fields.text(field), least, most);
    let optional = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    let words = |name: &str| -> Vec<String> {
        let all = fields.all(name).into_iter().flat_map(|text| text.split([' ', ',', ';']));
        all.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (groups, domains) = (words("groups"), words("email_domain"));
    for (field, listed) in [("groups", &groups), ("email domain", &domains)] {
        if listed.len() > MOST_LISTED {
            return Err(Refusal::TextInvalid { field, fault: TextFault::TooLong { most: MOST_LISTED } });
        }
    }
    let (from, until) = (optional(fields.text("from")), optional(fields.text("until")));
    let days = of_field("days", 1, MOST_INVITATION_DAYS)?;
    let (begins_at, ends_at) = Span { from: from.as_deref(), days, until: until.as_deref() }.read(now, zone)?;
    let limit = match fields.text("limit") {
        "unlimited" => None,
        _ => Some(of_field("uses", 0, MOST_USES)?.unwrap_or(1)),
    };
    Ok(Order {
        name: Name::parse("name", fields.text("name"))?,
        comment: optional(fields.text("comment")).map(|text| Name::parse("comment", &text)).transpose()?,
        glpi: optional(fields.text("glpi")),
        target: Target {
            entity: of_field("entity", 0, u32::MAX)?,
            recursive: fields.text("recursive") == "yes",
            profile: of_field("profile", 0, u32::MAX)?,
            groups: groups
                .iter()
                .filter_map(|text| number("groups", text, 0, u32::MAX).transpose())
                .collect::<Result<_, _>>()?,
        },
        limit,
        begins_at,
        ends_at,
        email_domains: domains.iter().map(|text| email_domain(text)).collect::<Result<_, _>>()?,
        language: Language::from_tag(fields.text("language")).map(|language| language.tag().to_owned()),
    })
}

/// What a form's repetition finds again.
#[derive(Serialize, Deserialize)]
struct Made {
    id: String,
    secret: String,
    name: String,
    language: Option<String>,
}

pub(super) async fn create(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManageInvitations)?;
    let now = app.now().map_err(Trouble::Failed)?;
    let created = match order(&form.fields, &app.zone, now) {
        Ok(order) => {
            let (vault, actor) = (app.console.vault.clone(), form.visit.actor());
            form.once(&app, move |tx| {
                let created = keys::create(tx, &vault, &order, &actor)?;
                Ok(Made {
                    id: created.invitation.id,
                    secret: created.secret.reveal().to_owned(),
                    name: created.invitation.name.to_string(),
                    language: created.invitation.language,
                })
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match created {
        Ok(made) => Ok(text_page(&app, &form.visit, made)),
        Err(Trouble::Refused(refusal)) => {
            let page = new_page(&app, &form.visit, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

/// An invitation's URL, this once: to copy, to scan, to print.
#[derive(Template)]
#[template(path = "console/invitation_text.html")]
struct TextPage {
    page: Page,
    id: String,
    url: String,
    qr: Option<Svg>,
    /// In the language in which the form begins, or the reader's.
    tag: &'static str,
    title: String,
    intro: String,
}

fn text_page(app: &App, visit: &Visit, made: Made) -> Response {
    let Made { id, secret, name, language } = made;
    let page = visit.page(PLACE, visit.reader().t("invitation-made-title"));
    let url = format!("{}/join/{secret}", app.public_url);
    let language = language.as_deref().and_then(Language::from_tag).unwrap_or(visit.reader().language);
    show(&TextPage {
        qr: qr::drawn(&url, &page.t("invitation-qr")),
        tag: language.tag(),
        title: letters::word(language, "join-title", &[]),
        intro: letters::word(language, "invite-sheet", &[("name", &name)]),
        id,
        url,
        page,
    })
}
