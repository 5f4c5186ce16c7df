//! What is done with a registration key: issued, shown again, re-issued, revoked.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::subscriptions::{MOST_OVERLAP_DAYS, Term, Unit};
use latchkey_domain::text::{Name, OfferRef, Reason};
use latchkey_domain::time::Date;
use latchkey_store::audit;
use latchkey_store::subscriptions::keys::{self, Issued, Listed, Order};
use latchkey_texts::Language;
use latchkey_texts::letters::{KeyLetter, Mail};
use serde::{Deserialize, Serialize};

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, Select, fault, reason};
use super::form::{Fields, Form};
use super::keys::{PLACE, entry, read_id};
use super::list::day;
use super::notice::Notice;
use super::page::{Field, Page, show};
use super::plots::Svg;
use super::qr;
use super::trouble::{Trouble, done, refused};
use super::visit::{Visit, Wishes};
use crate::app::App;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page("/console/keys/new", get(new).post(issue)),
        Place::page("/console/keys/{key}/reveal", get(ask_reveal).post(reveal)),
        Place::action("/console/keys/{key}/file", post(file)),
        Place::page("/console/keys/{key}/reissue", get(ask_reissue).post(reissue)),
        Place::page("/console/keys/{key}/revoke", get(ask_revoke).post(revoke)),
    ]
}

/// A key with its text, as it is kept for a form that is sent twice: sealed.
#[derive(Serialize, Deserialize)]
pub(super) struct Text {
    key_id: String,
    text: String,
    customer: String,
    offer: String,
    ends: String,
}

#[derive(Template)]
#[template(path = "console/key_text.html")]
struct TextPage {
    page: Page,
    key: Text,
    qr: Option<Svg>,
    mails: Vec<(String, &'static str, Mail, bool)>,
}

impl From<&Issued> for Text {
    fn from(issued: &Issued) -> Self {
        Self {
            key_id: issued.key.id.to_string(),
            text: issued.text.reveal().to_owned(),
            customer: issued.customer.name.to_string(),
            offer: issued.subscription.offer.to_string(),
            ends: issued.subscription.period.ends.to_string(),
        }
    }
}

/// The page that shows a key whole.
pub(super) fn shown(app: &App, visit: &Visit, title: &str, key: Text) -> Response {
    let page = visit.page(PLACE, visit.reader().t(title));
    let offer = OfferRef::parse(&key.offer).map_or_else(|_| key.offer.clone(), |offer| app.offer_title(&offer));
    let check = format!("{}/check", app.public_url);
    let letter = KeyLetter {
        key: &key.text,
        customer: &key.customer,
        offer: &offer,
        ends: key.ends.parse().unwrap_or(Date::MIN),
        service: &app.public_url,
        check: &check,
    };
    let mails = Language::ALL
        .map(|language| (own_name(language), language.tag(), letter.mail(language), language == page.reader.language));
    let qr = qr::drawn(&key.text, &page.t("qr-title"));
    show(&TextPage { qr, mails: mails.into(), key, page })
}

/// A language's name in itself.
pub(crate) fn own_name(language: Language) -> String {
    match language {
        Language::English => "English",
        Language::French => "Français",
        Language::Spanish => "Español",
        Language::Portuguese => "Português",
        Language::German => "Deutsch",
    }
    .to_owned()
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Prefilled {
    customer: String,
    offer: String,
}

async fn new(State(app): State<App>, visit: Visit, Wishes(wish): Wishes<Prefilled>) -> Result<Response, Trouble> {
    visit.may(Deed::IssueKey)?;
    let typed = Fields::of([("customer", wish.customer), ("offer", wish.offer), ("count", "1".to_owned())]);
    Ok(show(&issue_page(&app, &visit, &typed, None)))
}

fn issue_page(app: &App, visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = visit.page(PLACE, visit.reader().t("key-issue-title"));
    let wrong = |name: &str| fault(&page, refusal, name);
    let offers = app.offers.load();
    let offer = Select {
        name: "offer",
        label: page.t("field-offer"),
        value: typed.text("offer").to_owned(),
        choices: offers.iter().map(|offer| (offer.reference.to_string(), offer.title.to_string())).collect(),
        hint: None,
        fault: wrong("offer"),
    };
    let customer = Field::text("customer", page.t("field-customer"))
        .hint(page.t("key-customer-hint"))
        .most(200)
        .typed(typed)
        .fault(wrong("customer"));
    let begins = Field::text("begin_date", page.t("first-day"))
        .hint(page.t("first-day-hint"))
        .optional()
        .typed(typed)
        .fault(wrong("begin_date"));
    let count = Field::text("count", page.t("field-count"))
        .hint(page.t("count-hint"))
        .optional()
        .typed(typed)
        .fault(wrong("count"));
    let unit = unit(&page, typed);
    let sentence = page.t("key-issue-will");
    DeedPage::new(page, "key-issue", format!("{PLACE}/new"), PLACE.to_owned())
        .will(sentence)
        .input(customer)
        .input(offer)
        .input(begins)
        .input(count)
        .input(unit)
        .refused(refusal)
}

/// Years, months or days.
pub(super) fn unit(page: &Page, typed: &Fields) -> Select {
    let choices = ["years", "months", "days"].map(|unit| (unit.to_owned(), page.t(&format!("unit-{unit}"))));
    Select {
        name: "unit",
        label: page.t("field-unit"),
        value: typed.text("unit").to_owned(),
        choices: choices.into(),
        hint: None,
        fault: None,
    }
}

/// How long, as it was typed; nothing where it was left empty.
pub(super) fn term(typed: &Fields) -> Result<Option<Term>, Refusal> {
    let count = typed.text("count").trim();
    if count.is_empty() {
        return Ok(None);
    }
    let unit = match typed.text("unit") {
        "months" => Unit::Months,
        "days" => Unit::Days,
        _ => Unit::Years,
    };
    Term::new(count.parse().map_err(|_| Refusal::TermInvalid)?, unit).map(Some)
}

async fn issue(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::IssueKey)?;
    let read = || {
        let begins = day(form.text("begin_date")).map_err(|given| Refusal::DateInvalid { given })?;
        let (customer, offer) = (form.text("customer").to_owned(), form.text("offer").to_owned());
        // A name is checked first, so that the field which is empty is the one that is named.
        Name::parse("customer", &customer)?;
        Ok(Order { customer, offer, begins, term: term(&form.fields)? })
    };
    let issued = match read() {
        Ok(order) => {
            let (vault, zone, actor) = (app.console.vault.clone(), app.zone.clone(), form.visit.actor());
            form.once(&app, move |tx| Ok(Text::from(&keys::issue(tx, &vault, &order, &zone, &actor)?))).await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match issued {
        Ok(text) => Ok(shown(&app, &form.visit, "key-issued-title", text)),
        Err(Trouble::Refused(refusal)) => {
            Ok(refused(&refusal, &issue_page(&app, &form.visit, &form.fields, Some(&refusal))))
        }
        Err(trouble) => Err(trouble),
    }
}

/// A deed about one key, with the sentence that says what will happen to it.
fn deed(visit: &Visit, name: &str, (listed, seen): &(Listed, i64)) -> DeedPage {
    let id = listed.key.id.to_string();
    let page = visit.page(PLACE, visit.reader().t(&format!("{name}-title")));
    let values = [
        ("customer", listed.customer.to_string()),
        ("offer", listed.subscription.offer.to_string()),
        ("key", id.clone()),
    ];
    let will = page.t_with(&format!("{name}-will"), &values);
    let path = name.trim_start_matches("key-");
    DeedPage::new(page, name, format!("{PLACE}/{id}/{path}"), format!("{PLACE}/{id}")).will(will).seen(*seen)
}

async fn ask_reveal(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::RevealKey)?;
    Ok(show(&deed(&visit, "key-reveal", &entry(&app, read_id(&id)?).await?)))
}

async fn reveal(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    Ok(shown(&app, &form.visit, "key-shown-title", text_of(&app, &id, &form).await?))
}

/// The key as a file, from a form, since showing it is written down.
async fn file(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    let key = text_of(&app, &id, &form).await?;
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"registration-key-{}.txt\"", key.key_id)),
    ];
    Ok((headers, format!("{}\n", key.text)).into_response())
}

async fn text_of(app: &App, id: &str, form: &Form) -> Result<Text, Trouble> {
    form.visit.may(Deed::RevealKey)?;
    let (id, vault, actor) = (read_id(id)?, app.console.vault.clone(), form.visit.actor());
    form.once(app, move |tx| Ok(Text::from(&keys::show_text(tx, &vault, id, &actor)?))).await
}

async fn ask_reissue(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::ReissueKey)?;
    let known = entry(&app, read_id(&id)?).await?;
    let typed = Fields::of([("overlap_days", "7".to_owned())]);
    Ok(show(&reissue_page(&visit, &known, &typed, None)))
}

fn reissue_page(visit: &Visit, known: &(Listed, i64), typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = deed(visit, "key-reissue", known);
    let overlap = Field::text("overlap_days", page.page.t("field-overlap-days"))
        .hint(page.page.t("overlap-hint"))
        .typed(typed)
        .fault(fault(&page.page, refusal, "overlap_days"));
    let why = reason(&page.page, typed, refusal, false);
    page.input(overlap).input(why).refused(refusal)
}

async fn reissue(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ReissueKey)?;
    let id = read_id(&id)?;
    let read = || {
        let days = match form.text("overlap_days").trim() {
            "" => 0,
            typed => {
                typed.parse().map_err(|_| Refusal::DaysInvalid { field: "overlap days", most: MOST_OVERLAP_DAYS })?
            }
        };
        Ok((days, optional_reason(&form)?))
    };
    let issued = match read() {
        Ok((days, why)) => {
            let (vault, zone, actor, seen) =
                (app.console.vault.clone(), app.zone.clone(), form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                unchanged(tx, "key", &id.to_string(), seen)?;
                Ok(Text::from(&keys::reissue(tx, &vault, id, days, &zone, &actor, why.as_ref())?))
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match issued {
        Ok(text) => Ok(shown(&app, &form.visit, "key-reissued-title", text)),
        Err(Trouble::Refused(refusal)) => {
            let known = entry(&app, id).await?;
            Ok(refused(&refusal, &reissue_page(&form.visit, &known, &form.fields, Some(&refusal))))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn ask_revoke(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    visit.may(Deed::RevokeKey)?;
    let known = entry(&app, read_id(&id)?).await?;
    Ok(show(&revoke_page(&visit, &known, &Fields::default(), None)))
}

fn revoke_page(visit: &Visit, known: &(Listed, i64), typed: &Fields, refusal: Option<&Refusal>) -> DeedPage {
    let page = deed(visit, "key-revoke", known);
    let why = reason(&page.page, typed, refusal, true);
    page.for_good().input(why).refused(refusal)
}

async fn revoke(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::RevokeKey)?;
    let id = read_id(&id)?;
    let revoked = match Reason::parse(form.text("reason")) {
        Ok(why) => {
            let (actor, seen) = (form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                unchanged(tx, "key", &id.to_string(), seen)?;
                keys::revoke(tx, id, &actor, &why).map(|_| ())
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match revoked {
        Ok(()) => Ok(done(&app, &format!("{PLACE}/{id}"), &Notice::new("done-key-revoked"))),
        Err(Trouble::Refused(refusal)) => {
            let known = entry(&app, id).await?;
            Ok(refused(&refusal, &revoke_page(&form.visit, &known, &form.fields, Some(&refusal))))
        }
        Err(trouble) => Err(trouble),
    }
}

/// Why, where somebody said so.
pub(super) fn optional_reason(form: &Form) -> Result<Option<Reason>, Refusal> {
    let typed = form.text("reason");
    if typed.trim().is_empty() { Ok(None) } else { Reason::parse(typed).map(Some) }
}

/// Refuses where something was changed since its form was shown.
pub(super) fn unchanged(
    from: &mut impl latchkey_store::Select,
    kind: &str,
    subject: &str,
    seen: Option<i64>,
) -> latchkey_store::Done<()> {
    match seen {
        Some(seen) => audit::unchanged_since(from, kind, subject, seen),
        None => Ok(()),
    }
}
