//! `latchkey plugin`: the marketplace's plugins: published, looked at, withdrawn, verified.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, Subcommand};
use latchkey_domain::Refusal;
use latchkey_domain::ids::SubscriptionId;
use latchkey_domain::marketplace::{ArchiveFault, Channel};
use latchkey_domain::text::Reason;
use latchkey_key::PublicKeys;
use latchkey_key::purpose::ARCHIVE_DIGEST;
use latchkey_server::market::publishing::{self, MOST_BYTES, NotReady, Wish};
use latchkey_server::records::marketplace::{Plugin as Record, PluginHolder, PluginVersion};
use latchkey_server::well_known::PublishedKeys;
use latchkey_storage::{Archives, Spool, SpoolFault, StorageError, hex};
use latchkey_store::marketplace::Version;
use latchkey_store::{Store, Vault, marketplace, signing_keys};
use latchkey_texts::{Language, glpi_range};
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::serve::runtime;
use crate::context::Context;
use crate::data_dir::{self, cause};
use crate::printer::Tone;
use crate::problem::{Exit, Given, Problem};
use crate::records;

#[derive(Debug, Subcommand)]
pub(crate) enum Plugin {
    /// Publish a version: its archive is examined before anything is stored
    Publish(Publish),
    /// Show all plugins
    List,
    /// Show a plugin: its versions, and which GLPI has which
    Show {
        /// The plugin's key, which is its folder's name
        plugin: String,
    },
    /// Withdraw a version: nobody gets it any more, and who has it is warned in GLPI
    Withdraw(Withdraw),
    /// Check an archive against its signature; offline with --signature and --keys
    Verify(Verify),
    /// Put a subscription on a channel: stable or pre-release
    Channel {
        /// The subscription's id
        subscription: SubscriptionId,
        /// `stable` or `pre-release`
        channel: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Publish {
    /// The archive: tar.gz, tar.bz2 or zip
    archive: PathBuf,
    /// What is said of the plugin, in the XML of GLPI's public catalogue [default: plugin.xml or KEY.xml in the archive]
    #[arg(long, value_name = "FILE")]
    xml: Option<PathBuf>,
    /// An offer of which one is needed to download it; may be given again [default: as before, for everybody at first]
    #[arg(long, value_name = "REF")]
    require_offer: Vec<String>,
    /// From now on it is for everybody with a key
    #[arg(long, conflicts_with = "require_offer")]
    for_everybody: bool,
    /// The version that the archive has to have
    #[arg(long)]
    version: Option<String>,
    /// `stable` or `pre-release` [default: what the version's name says]
    #[arg(long)]
    channel: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Withdraw {
    /// The plugin's key
    plugin: String,
    /// The version
    version: String,
    /// Why, for the audit log
    #[arg(long)]
    reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The archive
    file: PathBuf,
    /// What was signed, as `plugin publish --json` printed it [default: what this installation knows]
    #[arg(long, value_name = "FILE", requires = "keys")]
    signature: Option<PathBuf>,
    /// The vendor's public keys: /.well-known/latchkey-keys.json, saved
    #[arg(long, value_name = "FILE", requires = "signature")]
    keys: Option<PathBuf>,
}

pub(super) fn run(command: &Plugin, context: &Context) -> Result<Exit, Problem> {
    match command {
        Plugin::Publish(arguments) => publish(arguments, context),
        Plugin::List => list(context),
        Plugin::Show { plugin } => show(plugin, context),
        Plugin::Withdraw(arguments) => withdraw(arguments, context),
        Plugin::Verify(arguments) => verify(arguments, context),
        Plugin::Channel { subscription, channel } => set_channel(*subscription, channel, context),
    }
}

/// Where this installation's archives are.
pub(super) fn archives(context: &Context) -> Result<Archives, Problem> {
    Archives::open(&context.config.archives).map_err(|error| stored(&error))
}

fn publish(arguments: &Publish, context: &Context) -> Result<Exit, Problem> {
    let refused = |refusal: &Refusal| Problem::refused(refusal, context.zone());
    let sheet = arguments.xml.as_deref().map(data_dir::read_text).transpose()?.map(String::into_bytes);
    let offers = arguments.require_offer.clone();
    let wish = Wish {
        sheet,
        offers: (!offers.is_empty() || arguments.for_everybody).then_some(offers),
        version: arguments.version.clone(),
        channel: arguments.channel.as_deref().map(Channel::parse).transpose().map_err(|it| refused(&it))?,
    };
    let file = open(&arguments.archive)?;
    let (store, vault) = context.made()?;
    context.config.data_dir.make()?;
    let archives = archives(context)?;
    let spool = take_in(&archives, file, &arguments.archive, context)?;
    let version = publish_spooled(spool, &wish, &archives, &store, &vault, context);
    let version = version.map_err(|problem| Problem {
        detail: format!("{}: {}", Given(&arguments.archive.to_string_lossy()), problem.detail),
        ..problem
    })?;
    context.printer.answer(
        || records::json(&PluginVersion::new(&version)),
        |page| {
            page.line(format!("{} {} is published.", version.plugin, version.release.version));
            page.facts(&[
                ("GLPI", Some(glpi_range(&version.release.glpi, Language::English))),
                ("channel", Some(version.release.channel.name().to_owned())),
                ("archive", Some(format!("{}, {} bytes", version.packing, version.size))),
                ("SHA-256", Some(version.digest.clone())),
                ("signed by", Some(version.signing_key.to_string())),
            ]);
            page.advice(format!(
                "Should it be a bad one: latchkey plugin withdraw {} {} --reason WHY",
                version.plugin, version.release.version
            ));
        },
    )?;
    Ok(Exit::Done)
}

/// Publishes what has come in: examined first, then kept, then known.
pub(super) fn publish_spooled(
    mut spool: Spool,
    wish: &Wish,
    archives: &Archives,
    store: &Store,
    vault: &Vault,
    context: &Context,
) -> Result<Version, Problem> {
    let order = publishing::order(&mut spool, wish).map_err(|not_ready| match not_ready {
        NotReady::Refused(refusal) => Problem::refused(&refusal, context.zone()),
        NotReady::Failed(error) => stored(&error),
    })?;
    runtime()?.block_on(archives.keep(spool)).map_err(|error| stored(&error))?;
    let (vault, actor) = (vault.clone(), context.actor.clone());
    context.change(store, move |tx| marketplace::publish(tx, &vault, &order, &actor))
}

fn list(context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let all = context.ask(&store, |reader| Ok(marketplace::all(reader)?))?;
    context.printer.answer(
        || json!({ "plugins": all.iter().map(|(plugin, versions)| records::json(&Record::new(plugin, versions))).collect::<Vec<_>>() }),
        |page| {
            let rows = all.iter().map(|(plugin, versions)| {
                let latest = versions.iter().find(|version| version.release.withdrawn_at.is_none());
                let offers: Vec<String> = plugin.offers.iter().map(ToString::to_string).collect();
                vec![
                    (plugin.key.to_string(), Tone::Plain),
                    (plugin.name.clone(), Tone::Plain),
                    (latest.map_or_else(|| "none".to_owned(), |it| it.release.version.to_string()), Tone::Plain),
                    (if offers.is_empty() { "any key".to_owned() } else { offers.join(", ") }, Tone::Plain),
                    (plugin.downloads.to_string(), Tone::Faint),
                ]
            });
            page.table(&["plugin", "name", "latest", "needs", "downloads"], &[1], rows.collect());
        },
    )?;
    Ok(Exit::Done)
}

fn show(key: &str, context: &Context) -> Result<Exit, Problem> {
    let store = context.store()?;
    let (plugin, versions, held) = context.ask(&store, |reader| {
        let (plugin, versions) = marketplace::find(reader, key)?;
        let held = marketplace::running(reader, &plugin.key, 1_000)?;
        Ok((plugin, versions, held))
    })?;
    let holders: Vec<PluginHolder> = held.iter().map(|held| PluginHolder::new(held, &versions)).collect();
    context.printer.answer(
        || {
            let mut all = records::members(records::json(&Record::new(&plugin, &versions)));
            all.insert("instances".to_owned(), holders.iter().map(records::json).collect());
            Json::Object(all)
        },
        |page| {
            page.heading(&plugin.name);
            let offers: Vec<String> = plugin.offers.iter().map(ToString::to_string).collect();
            page.facts(&[
                ("plugin", Some(plugin.key.to_string())),
                ("needs", Some(if offers.is_empty() { "any key".to_owned() } else { offers.join(" or ") })),
                ("downloads", Some(plugin.downloads.to_string())),
            ]);
            page.blank();
            let rows = versions.iter().map(|it| {
                let state = match it.release.withdrawn_at {
                    Some(at) => (format!("withdrawn {}", records::instant(at)), Tone::Bad),
                    None => (it.release.channel.name().to_owned(), Tone::Good),
                };
                vec![
                    (it.release.version.to_string(), Tone::Plain),
                    state,
                    (glpi_range(&it.release.glpi, Language::English), Tone::Plain),
                    (it.digest.chars().take(12).collect(), Tone::Faint),
                ]
            });
            page.table(&["version", "state", "GLPI", "SHA-256"], &[], rows.collect());
            if !holders.is_empty() {
                page.blank();
                let rows = holders.iter().map(|it| {
                    let tone = if it.withdrawn { Tone::Bad } else { Tone::Plain };
                    let known = match (&it.seen_at, &it.downloaded_at) {
                        (Some(at), _) => format!("seen {at}"),
                        (None, at) => format!("downloaded {}", at.as_deref().unwrap_or_default()),
                    };
                    vec![
                        (it.customer.clone().unwrap_or_else(|| "a trial".to_owned()), Tone::Plain),
                        (it.version.clone(), tone),
                        (it.instance_uid.clone().or_else(|| it.url.clone()).unwrap_or_default(), Tone::Faint),
                        (known, Tone::Faint),
                    ]
                });
                page.table(&["customer", "has", "instance", "known"], &[0], rows.collect());
            }
        },
    )?;
    Ok(Exit::Done)
}

fn withdraw(arguments: &Withdraw, context: &Context) -> Result<Exit, Problem> {
    let reason = Reason::parse(&arguments.reason).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor) = (context.store()?, context.actor.clone());
    let (plugin, version) = (arguments.plugin.clone(), arguments.version.clone());
    let withdrawn = context.change(&store, move |tx| marketplace::withdraw(tx, &plugin, &version, &actor, &reason))?;
    let (all, key) = (context.ask(&store, |reader| Ok(marketplace::holders_of_withdrawn(reader)?))?, &withdrawn.plugin);
    let holders = all
        .iter()
        .filter(|held| held.plugin == key.as_str() && held.version == withdrawn.release.version.as_str())
        .count();
    context.printer.answer(
        || records::json(&PluginVersion::new(&withdrawn)),
        |page| {
            page.line(format!(
                "{} {} is withdrawn: nobody gets it any more.",
                withdrawn.plugin, withdrawn.release.version
            ));
            page.facts(&[("GLPIs that have it", Some(holders.to_string()))]);
            page.advice(format!(
                "They are warned in GLPI's own tab; latchkey plugin show {} lists them.",
                withdrawn.plugin
            ));
        },
    )?;
    Ok(Exit::Done)
}

fn verify(arguments: &Verify, context: &Context) -> Result<Exit, Problem> {
    let (digest, size) = digest_of(&arguments.file)?;
    let (signed, ring) = match (&arguments.signature, &arguments.keys) {
        (Some(signature), Some(keys)) => (vec![read_json(signature)?], ring(keys)?),
        (_, _) => {
            let store = context.store()?;
            context.ask(&store, |reader| {
                let known = marketplace::by_digest(reader, &digest)?;
                Ok((known.iter().map(PluginVersion::new).collect::<Vec<_>>(), signing_keys::ring(reader)?))
            })?
        }
    };
    let good = signed.iter().find(|it| {
        let text = marketplace::signed_text(&it.plugin, &it.version, &digest, size);
        let key = it.signing_key.parse().ok().and_then(|id| ring.get(&id));
        let signature = STANDARD.decode(&it.signature).unwrap_or_default();
        key.is_some_and(|key| key.verify(ARCHIVE_DIGEST, text.as_bytes(), &signature))
    });
    let Some(good) = good else {
        return Err(Problem {
            exit: Exit::Refused,
            code: "ARCHIVE_NOT_GENUINE",
            title: "Not what was signed".to_owned(),
            detail: format!(
                "{} (SHA-256 {digest}) is not an archive that this vendor has signed",
                arguments.file.display()
            ),
            next_step: "download it again from the vendor, and do not install this one".to_owned(),
        });
    };
    context.printer.answer(
        || json!({ "genuine": true, "plugin": good.plugin, "version": good.version, "sha256": digest, "size": size, "signing_key": good.signing_key, "withdrawn_at": good.withdrawn_at }),
        |page| {
            page.line(format!("genuine: {} {}, signed by {}", good.plugin, good.version, good.signing_key));
            if let Some(at) = &good.withdrawn_at {
                page.line(Tone::Bad.paint(format!("It was withdrawn on {at}: do not install it.")));
            }
        },
    )?;
    Ok(Exit::Done)
}

fn set_channel(subscription: SubscriptionId, channel: &str, context: &Context) -> Result<Exit, Problem> {
    let channel = Channel::parse(channel).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let (store, actor) = (context.store()?, context.actor.clone());
    context.change(&store, move |tx| marketplace::set_channel(tx, subscription, channel, &actor))?;
    context.printer.answer(
        || json!({ "subscription_id": subscription.to_string(), "channel": channel.name() }),
        |page| page.line(format!("Subscription {subscription} is on the channel {} now.", channel.name())),
    )?;
    Ok(Exit::Done)
}

pub(super) fn take_in(
    archives: &Archives,
    mut file: impl Read,
    path: &Path,
    context: &Context,
) -> Result<Spool, Problem> {
    let mut spool = archives.spool(MOST_BYTES).map_err(|error| stored(&error))?;
    let mut piece = vec![0; 256 * 1_024];
    loop {
        match file.read(&mut piece).map_err(|error| unread(path, &error))? {
            0 => return Ok(spool),
            read => spool.write(&piece[..read]).map_err(|fault| match fault {
                SpoolFault::TooLong { most } => {
                    Problem::refused(&Refusal::ArchiveRefused(ArchiveFault::TooLong { most }), context.zone())
                }
                SpoolFault::Storage(error) => stored(&error),
            })?,
        }
    }
}

fn digest_of(path: &Path) -> Result<(String, u64), Problem> {
    let (mut file, mut hash, mut size) = (open(path)?, Sha256::new(), 0);
    let mut piece = vec![0; 256 * 1_024];
    loop {
        match file.read(&mut piece).map_err(|error| unread(path, &error))? {
            0 => return Ok((hex(&hash.finalize().into()), size)),
            read => {
                hash.update(&piece[..read]);
                size += read as u64;
            }
        }
    }
}

fn ring(path: &Path) -> Result<PublicKeys, Problem> {
    let published: PublishedKeys = read_json(path)?;
    published.ring().map_err(|error| {
        Problem::usage(
            format!("{}: {error}", path.display()),
            "save the vendor's /.well-known/latchkey-keys.json again",
        )
    })
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, Problem> {
    serde_json::from_str(&data_dir::read_text(path)?).map_err(|error| {
        Problem::usage(
            format!("{} does not read: {error}", path.display()),
            "give the file as it was printed or downloaded",
        )
    })
}

fn open(path: &Path) -> Result<File, Problem> {
    let file = File::open(path).map_err(|error| unread(path, &error))?;
    match file.metadata() {
        Ok(metadata) if !metadata.is_dir() => Ok(file),
        _ => Err(Problem::usage(format!("{} is not a file", Given(&path.to_string_lossy())), "name an archive")),
    }
}

fn unread(path: &Path, error: &io::Error) -> Problem {
    Problem::usage(
        format!("{} cannot be read: {}", path.display(), cause(error)),
        "name a file that is there and may be read",
    )
}

fn stored(error: &StorageError) -> Problem {
    let (code, next) = if error.is_full() {
        ("DISK_FULL", "make room, then try again; nothing was published")
    } else {
        ("STORAGE_UNAVAILABLE", "see that the place for archives is there and may be written, then try again")
    };
    Problem::unable(code, "Archives out of reach", error.to_string(), next)
}
