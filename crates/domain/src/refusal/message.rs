//! What a message of an agent is refused for.

/// What is wrong with a message of an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageFault {
    /// More bytes than are taken.
    TooLong,
    /// It unpacks to more bytes than are taken.
    Swells,
    /// It does not unpack.
    Packing,
    /// It is neither whole JSON nor whole XML.
    Form,
    /// It asks for nothing that an agent asks for.
    Action,
    /// It does not say which machine it is about.
    Device,
    /// It does not say which agent it comes from, or says it twice over.
    Agent,
    /// It did not come in time.
    Slow,
}
