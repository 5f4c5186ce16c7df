//! `latchkey enroll create`.

use clap::Args;
use latchkey_domain::Refusal;
use latchkey_domain::enrollment::{Policy, Tag};
use latchkey_domain::network::{BadNetwork, Network};
use latchkey_domain::text::Name;
use latchkey_store::enrollment::keys::{self, MAIN, Order};

use super::say_created;
use crate::context::Context;
use crate::problem::{Exit, Problem};

#[derive(Debug, Args)]
pub(crate) struct Create {
    /// What people call it, such as a site
    #[arg(long)]
    name: String,
    /// The GLPI that inventories go to
    #[arg(long, value_name = "NAME", default_value = MAIN)]
    glpi: String,
    /// Put this tag into each message, in the place of the agent's own
    #[arg(long)]
    tag: Option<String>,
    /// So many agents, at the most [default: any number]
    #[arg(long, value_name = "N")]
    agents: Option<u32>,
    /// For how many days it lets agents in [default: without an end]
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// From this network alone, such as 10.20.0.0/16; may be given again [default: from everywhere]
    #[arg(long, value_name = "CIDR")]
    cidr: Vec<String>,
    /// Let agents in at once [default: each waits for a person]
    #[arg(long)]
    approve: bool,
}

pub(super) fn run(arguments: &Create, context: &Context) -> Result<Exit, Problem> {
    let order = order(arguments).map_err(|refusal| Problem::refused(&refusal, context.zone()))?;
    let ((store, vault), actor) = (context.made()?, context.actor.clone());
    let created = context.change(&store, move |tx| keys::create(tx, &vault, &order, &actor))?;
    let advice = if created.key.policy.approves {
        "Agents that came: latchkey agent list"
    } else {
        "Agents that wait: latchkey agent list --state pending; then: latchkey agent approve AGENT"
    };
    say_created(&created, &store, context, advice)
}

fn order(arguments: &Create) -> Result<Order, Refusal> {
    Ok(Order {
        name: Name::parse("name", &arguments.name)?,
        policy: Policy {
            glpi: Name::parse("glpi", &arguments.glpi)?.to_string(),
            tag: arguments.tag.as_deref().map(Tag::parse).transpose()?,
            agent_limit: arguments.agents,
            networks: arguments.cidr.iter().map(|text| network(text)).collect::<Result<_, _>>()?,
            approves: arguments.approve,
        },
        days: arguments.days,
    })
}

/// A range; one with bits behind its prefix is one that was meant otherwise.
fn network(text: &str) -> Result<Network, Refusal> {
    text.trim().parse().map_err(|bad| match bad {
        BadNetwork::Form | BadNetwork::HostBits(_) => Refusal::NetworkInvalid { given: text.to_owned() },
    })
}
