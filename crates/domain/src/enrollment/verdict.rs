//! What comes of a message: may this machine go on, may it hand in what it has collected?

use core::net::IpAddr;

use super::{Agent, AgentStanding, EnrollmentKey, KeyStanding};
use crate::Refusal;
use crate::time::{DAY, Millis, Timestamp};

/// For how long one that was let through may hand in what it collected, in milliseconds, whatever became of its key but a
/// revocation: as long as an agent may wait before it comes again.
pub const LET_THROUGH_FOR: Millis = DAY;

/// What a message is to an agent, as far as it matters whether it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its first words: nothing was collected yet, and nothing is lost.
    Knock,
    /// What it has collected: refused, it is lost.
    Result,
    /// A question on the way, such as for its jobs.
    Question,
}

/// Whose secret came with the message.
#[derive(Debug, Clone, Copy)]
pub struct Bearer<'k> {
    /// The key.
    pub key: &'k EnrollmentKey,
    /// The generation of the secret.
    pub generation: u32,
}

/// Who asks, from where, for what.
#[derive(Debug, Clone, Copy)]
pub struct Asking<'a> {
    /// What the message is.
    pub step: Step,
    /// From where it comes.
    pub address: IpAddr,
    /// The agent, where it is known.
    pub agent: Option<&'a Agent>,
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It goes on to GLPI.
    LetThrough,
    /// The machine is new to this key: it is to be bound, and asked about again.
    Bind,
    /// It does not.
    Refused(Refusal),
}

/// Decides. A machine that is to be bound was not refused for anything that its key says; whether there is room for it is
/// decided where it is bound, since others may come at the same moment.
pub fn decide(bearer: Bearer<'_>, asking: Asking<'_>, now: Timestamp) -> Verdict {
    let Bearer { key, generation } = bearer;
    if let KeyStanding::Revoked { since } = key.standing(now) {
        return Verdict::Refused(Refusal::EnrollmentRevoked { at: since });
    }
    let known = asking.agent.filter(|agent| agent.key == key.id);
    match asking.agent.map(Agent::standing) {
        Some(AgentStanding::Quarantined { since }) => return Verdict::Refused(Refusal::AgentQuarantined { since }),
        Some(AgentStanding::Pending { .. } | AgentStanding::Approved) | None => {}
    }
    let was_let_through = known.is_some_and(|agent| {
        agent.approved_at.is_some() && agent.let_in_at.is_some_and(|at| now.since(at) <= LET_THROUGH_FOR)
    });
    match asking.step {
        Step::Result | Step::Question if was_let_through => return Verdict::LetThrough,
        Step::Knock | Step::Result | Step::Question => {}
    }
    if !key.takes_generation(generation, now) {
        return Verdict::Refused(Refusal::EnrollmentKeyReplaced { until: key.previous_until.unwrap_or(now) });
    }
    match key.standing(now) {
        KeyStanding::Active => {}
        KeyStanding::Suspended { since } => return Verdict::Refused(Refusal::EnrollmentSuspended { since }),
        KeyStanding::Expired { since } => return Verdict::Refused(Refusal::EnrollmentExpired { since }),
        KeyStanding::Revoked { since } => return Verdict::Refused(Refusal::EnrollmentRevoked { at: since }),
    }
    if !key.policy.takes_from(asking.address) {
        return Verdict::Refused(Refusal::EnrollmentNetwork { address: asking.address });
    }
    match known.map(Agent::standing) {
        None => Verdict::Bind,
        Some(AgentStanding::Approved) => Verdict::LetThrough,
        Some(AgentStanding::Pending { since }) => Verdict::Refused(Refusal::AgentPending { since }),
        Some(AgentStanding::Quarantined { since }) => Verdict::Refused(Refusal::AgentQuarantined { since }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::enrollment::{DeviceId, Policy};
    use crate::ids::AgentId;
    use crate::text::Name;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn key() -> EnrollmentKey {
        EnrollmentKey {
            id: "0123456789ab".into(),
            name: Name::parse("name", "Site A").unwrap(),
            policy: Policy {
                glpi: "main".into(),
                tag: None,
                agent_limit: None,
                networks: vec!["10.0.0.0/8".parse().unwrap()],
                approves: false,
            },
            generation: 1,
            previous_until: None,
            created_at: at(0),
            ends_at: None,
            suspended_at: None,
            revoked_at: None,
            agents: 1,
        }
    }

    fn agent() -> Agent {
        Agent {
            id: AgentId(Uuid::from_u128(1)),
            key: key().id,
            device: DeviceId::parse("desk-1").unwrap(),
            uid: None,
            generation: 1,
            first_seen_at: at(10),
            last_seen_at: at(20),
            let_in_at: Some(at(20)),
            address: "10.0.0.1".into(),
            version: String::new(),
            tag: None,
            approved_at: Some(at(10)),
            quarantined_at: None,
            twin_at: None,
            twin: None,
        }
    }

    fn says(key: &EnrollmentKey, agent: Option<&Agent>, step: Step, address: &str, now: i64) -> Verdict {
        let asking = Asking { step, address: address.parse().unwrap(), agent };
        decide(Bearer { key, generation: 1 }, asking, at(now))
    }

    #[test]
    fn a_machine_is_bound_waits_and_is_let_through() {
        assert_eq!(says(&key(), None, Step::Knock, "10.0.0.1", 30), Verdict::Bind);
        let waits = Agent { approved_at: None, let_in_at: None, ..agent() };
        let refused = Verdict::Refused(Refusal::AgentPending { since: at(10) });
        for step in [Step::Knock, Step::Result, Step::Question] {
            assert_eq!(says(&key(), Some(&waits), step, "10.0.0.1", 30), refused);
        }
        assert_eq!(says(&key(), Some(&agent()), Step::Knock, "10.0.0.1", 30), Verdict::LetThrough);
        assert!(matches!(
            says(&key(), None, Step::Knock, "192.0.2.1", 30),
            Verdict::Refused(Refusal::EnrollmentNetwork { .. })
        ));
    }

    #[test]
    fn an_agent_of_another_key_is_bound_anew() {
        let other = Agent { key: "other".into(), ..agent() };
        assert_eq!(says(&key(), Some(&other), Step::Knock, "10.0.0.1", 30), Verdict::Bind);
        let shut_out = Agent { quarantined_at: Some(at(25)), ..other };
        let refused = Verdict::Refused(Refusal::AgentQuarantined { since: at(25) });
        assert_eq!(says(&key(), Some(&shut_out), Step::Knock, "10.0.0.1", 30), refused, "with no key of any kind");
    }

    #[test]
    fn one_that_was_let_through_hands_in_its_inventory() {
        let suspended = EnrollmentKey { suspended_at: Some(at(25)), ..key() };
        assert!(matches!(
            says(&suspended, Some(&agent()), Step::Knock, "10.0.0.1", 30),
            Verdict::Refused(Refusal::EnrollmentSuspended { .. })
        ));
        assert_eq!(says(&suspended, Some(&agent()), Step::Result, "192.0.2.1", 30), Verdict::LetThrough);
        let a_day_later = 21 + LET_THROUGH_FOR;
        assert!(matches!(says(&suspended, Some(&agent()), Step::Result, "10.0.0.1", a_day_later), Verdict::Refused(_)));
        let revoked = EnrollmentKey { revoked_at: Some(at(25)), ..key() };
        let quarantined = Agent { quarantined_at: Some(at(25)), ..agent() };
        assert!(matches!(says(&revoked, Some(&agent()), Step::Result, "10.0.0.1", 30), Verdict::Refused(_)));
        assert!(matches!(says(&key(), Some(&quarantined), Step::Result, "10.0.0.1", 30), Verdict::Refused(_)));
    }

    proptest! {
        /// Whatever else is so: what was let through within the day is refused its inventory for two reasons alone.
        #[test]
        fn only_revocation_and_quarantine_refuse_a_result(
            suspended in proptest::option::of(0_i64..100), ended in proptest::option::of(0_i64..100),
            revoked in any::<bool>(), quarantined in any::<bool>(), generation in 0_u32..4, v4 in any::<u32>(),
        ) {
            let key = EnrollmentKey {
                suspended_at: suspended.map(at),
                ends_at: ended.map(at),
                revoked_at: revoked.then(|| at(5)),
                ..key()
            };
            let agent = Agent { quarantined_at: quarantined.then(|| at(5)), ..agent() };
            let asking = Asking { step: Step::Result, address: IpAddr::V4(v4.into()), agent: Some(&agent) };
            let verdict = decide(Bearer { key: &key, generation }, asking, at(60));
            prop_assert_eq!(verdict == Verdict::LetThrough, !revoked && !quarantined);
        }
    }
}
