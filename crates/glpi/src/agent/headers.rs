//! Headers of agents, in lower case.

/// The agent's own id.
pub const AGENT_ID: &str = "glpi-agent-id";
/// Names a message, so that its answer can be asked for again.
pub const REQUEST_ID: &str = "glpi-request-id";
/// The id of an agent that forwards for another one.
pub const PROXY_ID: &str = "glpi-proxy-id";
