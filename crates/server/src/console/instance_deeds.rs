//! What people decide about an instance: each as a form that says what will happen.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::ids::InstanceId;
use latchkey_domain::instances::{Environment, Place as Has};
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Reason;
use latchkey_domain::time::Timestamp;
use latchkey_store::instances::decisions;
use latchkey_store::instances::list::{self, Listed};
use latchkey_store::{Actor, Done, Tx, audit};

use super::Place;
use super::deed::{DeedPage, Select, fault, reason};
use super::form::{Fields, Form};
use super::instances::{PLACE, environment, read_id};
use super::key_deeds::{optional_reason, unchanged};
use super::notice::Notice;
use super::page::show;
use super::trouble::{Trouble, done, refused};
use super::visit::Visit;
use crate::app::App;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page("/console/instances/{instance}/approve", get(ask_approve).post(approve)),
        Place::page("/console/instances/{instance}/refuse", get(ask_refuse).post(refuse)),
        Place::page("/console/instances/{instance}/release", get(ask_release).post(release)),
        Place::page("/console/instances/{instance}/declare", get(ask_declare).post(declare)),
    ]
}

/// Which decision.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Approve,
    Refuse,
    Release,
    Declare,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Approve => "instance-approve",
            Self::Refuse => "instance-refuse",
            Self::Release => "instance-release",
            Self::Declare => "instance-declare",
        }
    }

    fn notice(self) -> &'static str {
        match self {
            Self::Approve => "done-instance-approve",
            Self::Refuse => "done-instance-refuse",
            Self::Release => "done-instance-release",
            Self::Declare => "done-instance-declare",
        }
    }

    fn path(self) -> &'static str {
        self.name().trim_start_matches("instance-")
    }

    fn needs_reason(self) -> bool {
        match self {
            Self::Refuse | Self::Release => true,
            Self::Approve | Self::Declare => false,
        }
    }
}

/// An instance with the one that it shares a move with, and the latest row of the log about it.
struct Known {
    listed: Listed,
    other: Option<Listed>,
    seen: i64,
    now: Timestamp,
}

async fn ask_approve(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Approve).await
}

async fn ask_refuse(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Refuse).await
}

async fn ask_release(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Release).await
}

async fn ask_declare(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    ask(&app, &visit, &id, Kind::Declare).await
}

async fn ask(app: &App, visit: &Visit, id: &str, kind: Kind) -> Result<Response, Trouble> {
    visit.may(Deed::DecideInstance)?;
    Ok(show(&deed_page(app, visit, read_id(id)?, kind, None, None).await?))
}

/// The form of a decision, with how the instance stands now.
async fn deed_page(
    app: &App,
    visit: &Visit,
    id: InstanceId,
    kind: Kind,
    typed: Option<&Fields>,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    let now = app.now().map_err(Trouble::Failed)?;
    let known = app
        .look(move |reader| {
            let listed = list::find(reader, id)?;
            let other = match listed.moving(now) {
                Some(move_) => Some(list::find(reader, if move_.to == id { move_.from } else { move_.to })?),
                None => None,
            };
            Ok(Known { seen: audit::latest(reader, "instance", &id.to_string())?, listed, other, now })
        })
        .await?;
    let reader = visit.reader();
    let frame = visit.page(PLACE, reader.t(&format!("{}-title", kind.name())));
    let values = [
        ("instance", known.listed.site.short()),
        ("customer", known.listed.customer.to_string()),
        ("other", known.other.as_ref().map(|other| other.site.short()).unwrap_or_default()),
    ];
    let will = frame.t_with(will(kind, &known), &values);
    let (action, back) = (format!("{PLACE}/{id}/{}", kind.path()), format!("{PLACE}/{id}"));
    let mut page = DeedPage::new(frame, kind.name(), action, back).will(will).seen(known.seen);
    let asked = Fields::of([("environment", known.listed.environment.to_string())]);
    let typed = typed.unwrap_or(&asked);
    if kind == Kind::Declare {
        let select = Select {
            name: "environment",
            label: page.page.t("field-environment"),
            value: typed.text("environment").to_owned(),
            choices: Environment::ALL.map(|known| (known.name().to_owned(), environment(reader, known))).into(),
            hint: Some(page.page.t("environment-hint")),
            fault: fault(&page.page, refusal, "environment"),
        };
        page = page.input(select);
    }
    let why = reason(&page.page, typed, refusal, kind.needs_reason());
    Ok(page.input(why).refused(refusal))
}

/// What will happen, by how things stand.
fn will(kind: Kind, known: &Known) -> &'static str {
    match (kind, known.listed.place(known.now)) {
        (Kind::Approve, Has::Arriving { .. }) => "instance-approve-move-will",
        (Kind::Approve, _) => "instance-approve-will",
        (Kind::Refuse, Has::Arriving { .. }) => "instance-refuse-move-will",
        (Kind::Refuse, _) => "instance-refuse-will",
        (Kind::Release, Has::Seated { .. }) if known.other.is_some() => "instance-release-move-will",
        (Kind::Release, _) => "instance-release-will",
        (Kind::Declare, Has::Seated { .. }) if known.other.is_some() => "instance-declare-move-will",
        (Kind::Declare, Has::Seated { .. }) => "instance-declare-seated-will",
        (Kind::Declare, _) => "instance-declare-will",
    }
}

async fn approve(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    match optional_reason(&form) {
        Ok(why) => {
            act(&app, &form, &id, Kind::Approve, move |tx, id, actor| decisions::approve(tx, id, actor, why.as_ref()))
                .await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Approve, &refusal).await,
    }
}

async fn refuse(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    match Reason::parse(form.text("reason")) {
        Ok(why) => {
            act(&app, &form, &id, Kind::Refuse, move |tx, id, actor| decisions::refuse(tx, id, actor, &why)).await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Refuse, &refusal).await,
    }
}

async fn release(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    match Reason::parse(form.text("reason")) {
        Ok(why) => {
            act(&app, &form, &id, Kind::Release, move |tx, id, actor| decisions::release(tx, id, actor, &why)).await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Release, &refusal).await,
    }
}

async fn declare(State(app): State<App>, Path(id): Path<String>, form: Form) -> Result<Response, Trouble> {
    let read = || Ok((Environment::parse(form.text("environment"))?, optional_reason(&form)?));
    match read() {
        Ok((environment, why)) => {
            act(&app, &form, &id, Kind::Declare, move |tx, id, actor| {
                decisions::declare(tx, id, environment, actor, why.as_ref())
            })
            .await
        }
        Err(refusal) => again(&app, &form, &id, Kind::Declare, &refusal).await,
    }
}

/// Decides once, and goes back to the instance.
async fn act(
    app: &App,
    form: &Form,
    id: &str,
    kind: Kind,
    mut operation: impl FnMut(&mut Tx<'_>, InstanceId, &Actor) -> Done<Listed> + Send + 'static,
) -> Result<Response, Trouble> {
    form.visit.may(Deed::DecideInstance)?;
    let (id, actor, seen) = (read_id(id)?, form.visit.actor(), form.seen());
    let acted = form
        .once(app, move |tx| {
            unchanged(tx, "instance", &id.to_string(), seen)?;
            Ok(operation(tx, id, &actor)?.site.short())
        })
        .await;
    match acted {
        Ok(instance) => Ok(done(app, &format!("{PLACE}/{id}"), &Notice::new(kind.notice()).with("instance", instance))),
        Err(Trouble::Refused(refusal)) => again(app, form, &id.to_string(), kind, &refusal).await,
        Err(trouble) => Err(trouble),
    }
}

/// The form again, with what was typed and what a rule says.
async fn again(app: &App, form: &Form, id: &str, kind: Kind, refusal: &Refusal) -> Result<Response, Trouble> {
    form.visit.may(Deed::DecideInstance)?;
    let page = deed_page(app, &form.visit, read_id(id)?, kind, Some(&form.fields), Some(refusal)).await?;
    Ok(refused(refusal, &page))
}
