//! What is done to plugins: a version published from a file, a version withdrawn, a subscription put on a channel.

use askama::Template;
use axum::body::BodyDataStream;
use axum::extract::{FromRequest as _, FromRequestParts as _, Path, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use axum::routing::get;
use latchkey_domain::Refusal;
use latchkey_domain::marketplace::Channel;
use latchkey_domain::operators::Deed;
use latchkey_domain::subscriptions::Offer;
use latchkey_domain::text::{Reason, TextFault};
use latchkey_storage::{Spool, hex};
use latchkey_store::audit;
use latchkey_store::marketplace as store;
use latchkey_store::subscriptions::{offers, subscriptions};
use latchkey_texts::Said;
use multer::{Constraints, Field as Part, Multipart, SizeLimit};

use super::Place;
use super::assets::icons;
use super::deed::{DeedPage, Select, reason};
use super::form::{Fields, Form, Kept};
use super::key_deeds::unchanged;
use super::notice::Notice;
use super::page::{Page, show};
use super::plugins::PLACE;
use super::trouble::{Trouble, done, refused};
use super::visit::Visit;
use crate::app::App;
use crate::market::incoming::{self, LONGEST_SHEET, part_fault};
use crate::market::publishing::{MOST_BYTES, Wish};

/// Where archives come in.
pub(crate) const PUBLISH: &str = "/console/plugins/publish";
/// The longest of what is chosen beside the files, where nobody has signed in, in bytes.
const LONGEST_CHOICE: u64 = 4 << 10;

pub(super) fn places() -> Vec<Place> {
    vec![
        Place::page(PUBLISH, get(new).post(publish)),
        Place::page("/console/plugins/{plugin}/versions/{version}/withdraw", get(ask_withdraw).post(withdraw)),
        Place::page("/console/subscriptions/{subscription}/channel", get(ask_channel).post(set_channel)),
    ]
}

#[derive(Template)]
#[template(path = "console/plugin_new.html")]
struct NewPage {
    page: Page,
    said: Option<Said>,
    open_to: Select,
    /// Reference, title, and whether it is chosen.
    offers: Vec<(String, String, bool)>,
    channel: Select,
    most_mib: u64,
}

/// A form with an archive, as it came in.
struct Sent {
    form: Form,
    spool: Spool,
    sheet: Option<Vec<u8>>,
}

/// Why it did not come in.
enum Stopped {
    /// Something about the archive; what was typed is shown again.
    Refused(Fields, Refusal),
    /// Anything else.
    Trouble(Trouble),
}

async fn new(State(app): State<App>, visit: Visit) -> Result<Response, Trouble> {
    visit.may(Deed::ManagePlugins)?;
    Ok(show(&new_page(&app, &visit, &Fields::default(), None).await?))
}

async fn new_page(app: &App, visit: &Visit, typed: &Fields, refusal: Option<&Refusal>) -> Result<NewPage, Trouble> {
    let all: Vec<Offer> = app.look(|reader| Ok(offers::list(reader)?)).await?;
    let page = visit.page(PLACE, visit.reader().t("plugin-publish-title"));
    let chosen = typed.all("offers");
    let choice = |value: &str, word: &str| (value.to_owned(), page.t(word));
    Ok(NewPage {
        said: refusal.map(|refusal| page.refusal(refusal)),
        open_to: Select {
            name: "open_to",
            label: page.t("plugin-needs"),
            value: typed.text("open_to").to_owned(),
            choices: vec![
                choice("", "plugin-open-as-before"),
                choice("all", "plugin-for-everybody"),
                choice("offers", "plugin-open-offers"),
            ],
            hint: None,
            fault: None,
        },
        offers: all
            .iter()
            .map(|offer| {
                let reference = offer.reference.to_string();
                let is_chosen = chosen.contains(&reference.as_str());
                (reference, offer.title.to_string(), is_chosen)
            })
            .collect(),
        channel: Select {
            name: "channel",
            label: page.t("plugin-channel"),
            value: typed.text("channel").to_owned(),
            choices: vec![
                choice("", "plugin-channel-by-name"),
                choice("stable", "state-stable"),
                choice("pre-release", "state-pre-release"),
            ],
            hint: None,
            fault: None,
        },
        most_mib: MOST_BYTES >> 20,
        page,
    })
}

async fn publish(State(app): State<App>, request: Request) -> Result<Response, Trouble> {
    let (mut parts, body) = request.into_parts();
    let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    if multer::parse_boundary(&kind).is_err() {
        // What was typed before a session was over, without its files: they are chosen again.
        let form = Form::from_request(Request::from_parts(parts, body), &app).await?;
        form.visit.may(Deed::ManagePlugins)?;
        return Ok(show(&new_page(&app, &form.visit, &form.fields, None).await?));
    }
    let visit = match Visit::from_request_parts(&mut parts, &app).await {
        Ok(visit) => visit,
        Err(trouble) => return Err(with_typed(trouble, &kind, body.into_data_stream()).await),
    };
    visit.may(Deed::ManagePlugins)?;
    let kind = kind.as_str();
    let again = async |typed: &Fields, refusal: &Refusal| -> Result<Response, Trouble> {
        Ok(refused(refusal, &new_page(&app, &visit, typed, Some(refusal)).await?))
    };
    let Sent { form, spool, sheet } = match take_in(&app, &visit, kind, body.into_data_stream()).await {
        Ok(sent) => sent,
        Err(Stopped::Refused(typed, refusal)) => return again(&typed, &refusal).await,
        Err(Stopped::Trouble(trouble)) => return Err(trouble),
    };
    let wish = match wish(&form.fields, sheet) {
        Ok(wish) => wish,
        Err(refusal) => return again(&form.fields, &refusal).await,
    };
    let order = match incoming::kept(&app.market.archives, spool, wish).await {
        Ok(order) => order,
        Err(incoming::Stopped::Refused(refusal)) => return again(&form.fields, &refusal).await,
        Err(incoming::Stopped::Failed(failure)) => return Err(Trouble::Failed(failure)),
    };
    let (vault, actor) = (app.console.vault.clone(), visit.actor());
    let published = form
        .once(&app, move |tx| {
            let version = store::publish(tx, &vault, &order, &actor)?;
            Ok((version.plugin.to_string(), version.release.version.to_string()))
        })
        .await;
    match published {
        Ok((plugin, version)) => {
            let notice = Notice::new("done-plugin-published").with("plugin", &plugin).with("version", &version);
            Ok(done(&app, &format!("{PLACE}/{plugin}"), &notice))
        }
        Err(Trouble::Refused(refusal)) => again(&form.fields, &refusal).await,
        Err(trouble) => Err(trouble),
    }
}

/// What was typed into a form whose session was over is kept; nothing of its files is read.
async fn with_typed(trouble: Trouble, kind: &str, body: BodyDataStream) -> Trouble {
    let (Trouble::SignIn { target, kept: None }, Ok(boundary)) = (&trouble, multer::parse_boundary(kind)) else {
        return trouble;
    };
    let short = Constraints::new().size_limit(SizeLimit::new().per_field(LONGEST_CHOICE));
    let (mut parts, mut fields) = (Multipart::with_constraints(body, boundary, short), Fields::default());
    while let Ok(Some(part)) = parts.next_field().await {
        let name = part.name().unwrap_or_default().to_owned();
        if part.file_name().is_some() {
            break;
        }
        let Ok(value) = part.text().await else { break };
        if !fields.push(&name, value) {
            break;
        }
    }
    Trouble::SignIn { target: target.clone(), kept: Some(Kept::of(PUBLISH, &fields)) }
}

fn wish(fields: &Fields, sheet: Option<Vec<u8>>) -> Result<Wish, Refusal> {
    let offers = match fields.text("open_to") {
        "" => None,
        "offers" => Some(fields.all("offers").into_iter().map(str::to_owned).collect()),
        _ => Some(Vec::new()),
    };
    // "Whoever has one of these" without any would mean everybody.
    if offers.as_ref().is_some_and(Vec::is_empty) && fields.text("open_to") == "offers" {
        return Err(Refusal::TextInvalid { field: "offer", fault: TextFault::Empty });
    }
    let channel = Some(fields.text("channel")).filter(|name| !name.is_empty());
    Ok(Wish { sheet, offers, version: None, channel: channel.map(Channel::parse).transpose()? })
}

/// Reads the form piece by piece. Its small fields come first: nothing of a file is taken before the form is known to be one
/// of this session.
async fn take_in(app: &App, visit: &Visit, kind: &str, body: BodyDataStream) -> Result<Sent, Stopped> {
    let unreadable = || Stopped::Trouble(Trouble::Unreadable);
    let boundary = multer::parse_boundary(kind).map_err(|_| unreadable())?;
    let longest = SizeLimit::new().per_field(LONGEST_SHEET).for_field("archive", MOST_BYTES + 1);
    let mut parts = Multipart::with_constraints(body, boundary, Constraints::new().size_limit(longest));
    let (mut fields, mut sheet) = (Fields::default(), None);
    while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
        match part.name().unwrap_or_default() {
            "xml" => {
                let bytes = part.bytes().await.map_err(|_| unreadable())?;
                sheet = (!bytes.is_empty()).then(|| bytes.to_vec());
            }
            "archive" => {
                let form = Form::with_file(visit.clone(), fields, PUBLISH).map_err(Stopped::Trouble)?;
                return spooled(app, form, sheet, part).await;
            }
            name => {
                let name = name.to_owned();
                let value = part.text().await.map_err(|_| unreadable())?;
                if !fields.push(&name, value) {
                    return Err(unreadable());
                }
            }
        }
    }
    Err(unreadable())
}

async fn spooled(app: &App, mut form: Form, sheet: Option<Vec<u8>>, part: Part<'_>) -> Result<Sent, Stopped> {
    match incoming::spooled(&app.market.archives, part, part_fault).await {
        Ok(spool) => {
            // The same form with another file is another operation.
            form.fields.push("sha256", hex(&spool.digest()));
            Ok(Sent { form, spool, sheet })
        }
        Err(incoming::Stopped::Refused(refusal)) => Err(Stopped::Refused(form.fields, refusal)),
        Err(incoming::Stopped::Failed(failure)) => Err(Stopped::Trouble(Trouble::Failed(failure))),
    }
}

async fn ask_withdraw(
    State(app): State<App>,
    visit: Visit,
    Path((plugin, version)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    Ok(show(&withdraw_page(&app, &visit, plugin, version, &Fields::default(), None).await?))
}

async fn withdraw_page(
    app: &App,
    visit: &Visit,
    plugin: String,
    version: String,
    typed: &Fields,
    refusal: Option<&Refusal>,
) -> Result<DeedPage, Trouble> {
    visit.may(Deed::ManagePlugins)?;
    let (known, instances, seen) = app
        .look(move |reader| {
            let known = store::find_version(reader, &plugin, &version)?;
            let spread = store::spread(reader, &known.plugin)?;
            let instances = spread.get(known.release.version.as_str()).copied().unwrap_or_default();
            let seen = audit::latest(reader, "plugin", known.plugin.as_str())?;
            Ok((known, instances, seen))
        })
        .await?;
    let page = visit.page(PLACE, visit.reader().t("plugin-withdraw-title"));
    let values = [("plugin", known.plugin.to_string()), ("version", known.release.version.to_string())];
    let will = page.t_with("plugin-withdraw-will", &values);
    let count = page.t_count("plugin-withdraw-instances", instances as usize);
    let place = format!("{PLACE}/{}/versions/{}", known.plugin, known.release.version);
    let why = reason(&page, typed, refusal, true);
    Ok(DeedPage::new(page, "plugin-withdraw", format!("{place}/withdraw"), place)
        .will(will)
        .will(count)
        .seen(seen)
        .for_good()
        .input(why)
        .refused(refusal))
}

async fn withdraw(
    State(app): State<App>,
    Path((plugin, version)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManagePlugins)?;
    let withdrawn = match Reason::parse(form.text("reason")) {
        Ok(why) => {
            let (actor, seen) = (form.visit.actor(), form.seen());
            let (plugin, version) = (plugin.clone(), version.clone());
            form.once(&app, move |tx| {
                unchanged(tx, "plugin", &plugin, seen)?;
                store::withdraw(tx, &plugin, &version, &actor, &why).map(|it| it.plugin.to_string())
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match withdrawn {
        Ok(plugin) => {
            let notice = Notice::new("done-plugin-withdrawn").with("plugin", &plugin).with("version", &version);
            Ok(done(&app, &format!("{PLACE}/{plugin}"), &notice))
        }
        Err(Trouble::Refused(refusal)) => {
            let page = withdraw_page(&app, &form.visit, plugin, version, &form.fields, Some(&refusal)).await?;
            Ok(refused(&refusal, &page))
        }
        Err(trouble) => Err(trouble),
    }
}

async fn ask_channel(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    Ok(show(&channel_page(&app, &visit, &id, None).await?))
}

async fn channel_page(app: &App, visit: &Visit, id: &str, refusal: Option<&Refusal>) -> Result<DeedPage, Trouble> {
    visit.may(Deed::ManagePlugins)?;
    let id = super::subscriptions::read_id(id)?;
    let (channel, seen) = app
        .look(move |reader| {
            subscriptions::find(reader, id)?;
            Ok((store::channel(reader, id)?, audit::latest(reader, "subscription", &id.to_string())?))
        })
        .await?;
    let page = visit.page(super::subscriptions::PLACE, visit.reader().t("subscription-channel-title"));
    let will = page.t("subscription-channel-will");
    let select = Select {
        name: "channel",
        label: page.t("plugin-channel"),
        value: channel.name().to_owned(),
        choices: vec![
            ("stable".to_owned(), page.t("state-stable")),
            ("pre-release".to_owned(), page.t("state-pre-release")),
        ],
        hint: None,
        fault: None,
    };
    let place = format!("{}/{id}", super::subscriptions::PLACE);
    Ok(DeedPage::new(page, "subscription-channel", format!("{place}/channel"), place)
        .will(will)
        .seen(seen)
        .input(select)
        .refused(refusal))
}

async fn set_channel(State(app): State<App>, Path(text): Path<String>, form: Form) -> Result<Response, Trouble> {
    form.visit.may(Deed::ManagePlugins)?;
    let id = super::subscriptions::read_id(&text)?;
    let set = match Channel::parse(form.text("channel")) {
        Ok(channel) => {
            let (actor, seen) = (form.visit.actor(), form.seen());
            form.once(&app, move |tx| {
                unchanged(tx, "subscription", &id.to_string(), seen)?;
                store::set_channel(tx, id, channel, &actor)
            })
            .await
        }
        Err(refusal) => Err(Trouble::Refused(refusal)),
    };
    match set {
        Ok(()) => {
            Ok(done(&app, &format!("{}/{id}", super::subscriptions::PLACE), &Notice::new("done-subscription-channel")))
        }
        Err(Trouble::Refused(refusal)) => {
            Ok(refused(&refusal, &channel_page(&app, &form.visit, &text, Some(&refusal)).await?))
        }
        Err(trouble) => Err(trouble),
    }
}
