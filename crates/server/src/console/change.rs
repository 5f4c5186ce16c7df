//! Changes to one thing that need at most a reason and a choice: a page that says what will happen, and what is done then. A room
//! says which changes there are to its things; how each is asked for, done once and answered is said here.

use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use latchkey_domain::Refusal;
use latchkey_domain::operators::Deed;
use latchkey_domain::text::Reason;
use latchkey_store::{Actor, Done, Select, StoreError, Tx, Undone, audit};

use super::deed::{DeedPage, Input, reason};
use super::form::{Fields, Form};
use super::key_deeds::{optional_reason, unchanged};
use super::notice::Notice;
use super::page::{Page, show};
use super::trouble::{Trouble, done, refused};
use super::visit::Visit;
use crate::app::App;

/// One of the changes that a room has.
pub(super) trait Change: Copy + Send + Sync + 'static {
    /// What is changed.
    type Thing: Send + Sync + 'static;

    /// Where the room is; a thing is below it, by its id.
    const PLACE: &'static str;
    /// What the audit log calls such a thing.
    const KIND: &'static str;
    /// What the visitor has to be allowed.
    const DEED: Deed;

    /// The name of its words, such as `agent-approve`; the last word is the end of its address.
    fn name(self) -> &'static str;

    /// What is said when it is done.
    fn done(self) -> Notice;

    /// Whether nothing can be found of it any more when it is done, but for the reason.
    fn is_erasure(self) -> bool {
        false
    }

    /// Whether it cannot be undone.
    fn is_for_good(self) -> bool {
        self.is_erasure()
    }

    /// Whether it has to be said why.
    fn needs_reason(self) -> bool {
        self.is_erasure()
    }

    /// Where to go when it is done: to the thing, where that is still there.
    fn leads_to(self, id: &str) -> String {
        format!("{}/{id}", Self::PLACE)
    }

    /// The thing that an address names.
    fn find(from: &mut impl Select, id: &str) -> Done<Self::Thing>;

    /// Its id, and what people call it.
    fn of(thing: &Self::Thing) -> (String, String);

    /// What has to be chosen, beside the reason.
    fn choice(self, _page: &Page, _thing: &Self::Thing, _typed: &Fields) -> Option<Input> {
        None
    }

    /// What is done before, where that is kept elsewhere. Done once more it changes nothing.
    fn first(self, _app: &App, _thing: &Self::Thing) -> impl Future<Output = Result<(), Trouble>> + Send {
        async { Ok(()) }
    }

    /// Does it.
    fn run(self, tx: &mut Tx<'_>, id: &str, typed: &Fields, actor: &Actor, why: Option<&Reason>) -> Done<()>;
}

/// The reason of a change that needs one; the form was refused without.
pub(super) fn given(why: Option<&Reason>) -> Done<&Reason> {
    why.ok_or_else(|| StoreError::Bug("a change that needs a reason was made without one".into()).into())
}

/// The page of a change and what it sends, for an address that ends in the thing's id and the change.
pub(super) fn asked_and_done<C: Change>(change: C) -> MethodRouter<App> {
    let ask = async move |State(app): State<App>, visit: Visit, Path(id): Path<String>| {
        Ok::<_, Trouble>(show(&page(&app, &visit, change, id, &Fields::default(), None).await?))
    };
    get(ask)
        .post(async move |State(app): State<App>, Path(id): Path<String>, form: Form| run(app, change, id, form).await)
}

async fn page<C: Change>(
    app: &App,
    visit: &Visit,
    change: C,
    id: String,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    visit.may(C::DEED)?;
    let known = app.look(move |reader| {
        let thing = C::find(reader, &id)?;
        let seen = audit::latest(reader, C::KIND, &C::of(&thing).0)?;
        Ok((thing, seen))
    });
    let (thing, seen) = known.await?;
    let (id, called) = C::of(&thing);
    let name = change.name();
    let page = visit.page(C::PLACE, visit.reader().t(&format!("{name}-title")));
    let will = page.t_with(&format!("{name}-will"), &[("name", called)]);
    let (place, why) = (format!("{}/{id}", C::PLACE), reason(&page, typed, refusal, change.needs_reason()));
    let why = if change.is_erasure() { why.hint(page.t("erase-reason-hint")) } else { why };
    let choice = change.choice(&page, &thing, typed);
    let deed = DeedPage::new(page, name, format!("{place}/{}", last_word(name)), place).will(will).seen(seen);
    let deed = if change.is_for_good() { deed.for_good() } else { deed };
    let deed = choice.into_iter().fold(deed, DeedPage::input);
    Ok(deed.input(why).refused(refusal))
}

async fn run<C: Change>(app: App, change: C, id: String, form: Form) -> Result<Response, Trouble> {
    form.visit.may(C::DEED)?;
    let why = if change.needs_reason() { Reason::parse(form.text("reason")).map(Some) } else { optional_reason(&form) };
    let changed = match why {
        Ok(why) => done_once(&app, &form, change, &id, why).await,
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match changed {
        Ok(id) => {
            if change.is_erasure() {
                app.settle_erased().await;
            }
            Ok(done(&app, &change.leads_to(&id), &change.done()))
        }
        Err(Trouble::Refused(refusal)) => {
            let page = page(&app, &form.visit, change, id, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn done_once<C: Change>(
    app: &App,
    form: &Form,
    change: C,
    id: &str,
    why: Option<Reason>,
) -> Result<String, Trouble> {
    let (seen, asked) = (form.seen(), id.to_owned());
    // Nothing is done before for a form that is stale, or was sent before: what is said of these is found out below.
    let current = app.look(move |reader| {
        let found = C::find(reader, &asked)
            .and_then(|thing| unchanged(reader, C::KIND, &C::of(&thing).0, seen).map(|()| Some(thing)));
        match found {
            Err(Undone::Refused(_)) => Ok(None),
            found => found,
        }
    });
    if let Some(thing) = current.await? {
        change.first(app, &thing).await?;
    }
    let (actor, typed, id) = (form.visit.actor(), form.fields.clone(), id.to_owned());
    form.once(app, move |tx| {
        let (id, _) = C::of(&C::find(tx, &id)?);
        unchanged(tx, C::KIND, &id, seen)?;
        change.run(tx, &id, &typed, &actor, why.as_ref())?;
        Ok(id)
    })
    .await
}

fn last_word(name: &str) -> &str {
    name.rsplit('-').next().unwrap_or(name)
}
