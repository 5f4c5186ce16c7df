//! For how long people's data is kept that nothing else takes away: what it is, and another time from now on.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::retention::{KEPT_DAYS, Retention};
use latchkey_domain::text::Reason;
use latchkey_store::{Done, Select, StoreError, audit, installation};

use super::deed::{DeedPage, fault, reason};
use super::form::{Fields, Form};
use super::key_deeds::{optional_reason, unchanged};
use super::notice::Notice;
use super::page::{Field, show};
use super::trouble::{Trouble, done, refused};
use super::visit::Visit;
use super::{Place, data};
use crate::app::App;

pub(super) const PLACE: &str = "/console/data/terms";
/// The names of the fields, as the API calls them, and as the domain does.
const FIELDS: [(&str, &str); 2] = [("registrations_days", "registrations days"), ("agents_days", "agents days")];

pub(super) fn places() -> Vec<Place> {
    vec![Place::page(PLACE, get(ask).post(set))]
}

async fn ask(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::SetTerms)?;
    Ok(show(&page(&app, &visit, None, None).await?))
}

async fn page(
    app: &App,
    visit: &Visit,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let known = app.look(|reader| {
        let publisher = publisher(reader)?;
        let seen = audit::latest(reader, "installation", &publisher)?;
        Ok((installation::retention(reader)?, seen))
    });
    let (now, seen) = known.await?;
    let page = visit.page(data::PLACE, visit.reader().t("terms-title"));
    let usual = Fields::of([(FIELDS[0].0, now.registrations.to_string()), (FIELDS[1].0, now.agents.to_string())]);
    let typed = typed.unwrap_or(&usual);
    let range = [("least", *KEPT_DAYS.start()), ("most", *KEPT_DAYS.end())];
    let days = |name: &'static str, label: String| {
        let hint = page.t_with("terms-range", &range);
        Field::text(name, label).most(6).hint(hint).typed(typed).fault(fault(&page, refusal, name))
    };
    let registrations = days(FIELDS[0].0, page.t("terms-registrations"));
    let agents = days(FIELDS[1].0, page.t("terms-agents"));
    let (will, why) = (page.t("terms-will"), reason(&page, typed, refusal, false));
    let deed = DeedPage::new(page, "terms", PLACE.to_owned(), data::PLACE.to_owned()).seen(seen).will(will);
    Ok(deed.input(registrations).input(agents).input(why).refused(refusal))
}

async fn set(State(app): State<App>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::SetTerms)?;
    let changed = match read(&form) {
        Ok((new, why)) => {
            let (actor, seen) = (form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                let publisher = publisher(tx)?;
                unchanged(tx, "installation", &publisher, seen)?;
                installation::set_retention(tx, new, &actor, why.as_ref()).map(drop)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match changed {
        Ok(()) => Ok(done(&app, data::PLACE, &Notice::new("done-terms"))),
        Err(Trouble::Refused(refusal)) => {
            Ok(refused(&refusal, &page(&app, &form.visit, Some(&form.fields), Some(&refusal)).await?))
        }
        Err(trouble) => Err(trouble),
    }
}

fn read(form: &Form) -> Result<(Retention, Option<Reason>), Refusal> {
    let days = |(name, field)| {
        let typed = form.text(name).trim().parse::<u32>().ok().filter(|days| KEPT_DAYS.contains(days));
        typed.ok_or(Refusal::NumberInvalid { field, least: *KEPT_DAYS.start(), most: *KEPT_DAYS.end() })
    };
    let (registrations, agents) = (days(FIELDS[0])?, days(FIELDS[1])?);
    Ok((Retention { registrations, agents }, optional_reason(form)?))
}

/// What the log calls the installation.
fn publisher(from: &mut impl Select) -> Done<String> {
    let known = installation::load(from)?.ok_or_else(|| StoreError::Corrupt("there is no installation".into()))?;
    Ok(known.publisher.to_string())
}
