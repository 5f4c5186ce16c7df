//! All keys and agents, in memory: what is asked with every message.
//!
//! The feed keeps it true, also for what other nodes and the command line change. What a message itself changes (when an
//! agent was last seen, what GLPI told it) is noted here at once, and written down by the clerk a little later.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use latchkey_domain::enrollment::{AgentUid, DeviceId};
use latchkey_domain::ids::AgentId;
use latchkey_store::enrollment::agents::{self, Remembered, Seen};
use latchkey_store::enrollment::keys::{self, Known};
use latchkey_store::{Store, StoreError};

/// Agents that are read at a time.
const PAGE: u32 = 2_000;

/// All of them.
#[derive(Default)]
pub(crate) struct Roll {
    keys: RwLock<HashMap<String, Arc<Known>>>,
    agents: RwLock<Agents>,
    /// Those of whom something is to be written down.
    noted: Mutex<HashSet<AgentId>>,
}

#[derive(Default)]
struct Agents {
    by_id: HashMap<AgentId, Arc<Member>>,
    by_device: HashMap<DeviceId, AgentId>,
    by_uid: HashMap<AgentUid, Vec<AgentId>>,
}

/// An agent, as it is now.
pub(crate) struct Member {
    pub(crate) id: AgentId,
    now: Mutex<Remembered>,
    /// Held while something that it collected is on its way, so that nothing overtakes it.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

impl Member {
    pub(crate) fn look(&self) -> MutexGuard<'_, Remembered> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Roll {
    /// Reads everything again.
    pub(crate) fn read_again(&self, store: &Store) -> Result<(), StoreError> {
        let known = store.ask(|reader| keys::known(reader))?;
        let keys = known.into_iter().map(|known| (known.key.id.clone(), Arc::new(known))).collect();
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        let before: Vec<AgentId> =
            self.agents.read().unwrap_or_else(PoisonError::into_inner).by_id.keys().copied().collect();
        let there = self.read_agents(store, None)?;
        // What was known and is not there any more was erased meanwhile.
        for id in before.into_iter().filter(|id| !there.contains(id)) {
            self.agent_changed(store, id)?;
        }
        Ok(())
    }

    /// Reads a key and its agents again.
    pub(crate) fn key_changed(&self, store: &Store, id: &str) -> Result<(), StoreError> {
        if let Some(known) = store.ask(|reader| keys::known_by(reader, id))? {
            self.keys.write().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), Arc::new(known));
        }
        self.read_agents(store, Some(id)).map(drop)
    }

    /// Reads an agent again.
    pub(crate) fn agent_changed(&self, store: &Store, id: AgentId) -> Result<(), StoreError> {
        match store.ask(|reader| agents::remembered_by(reader, id))? {
            Some(found) => drop(self.take(found)),
            None => self.forget(id),
        }
        Ok(())
    }

    /// An agent was erased.
    fn forget(&self, id: AgentId) {
        let mut agents = self.agents.write().unwrap_or_else(PoisonError::into_inner);
        let Some(member) = agents.by_id.remove(&id) else { return };
        let (device, uid) = {
            let now = member.look();
            (now.agent.device.clone(), now.agent.uid)
        };
        // The machine may have come again, as another agent.
        if agents.by_device.get(&device) == Some(&id) {
            agents.by_device.remove(&device);
        }
        if let Some(of_uid) = uid.and_then(|uid| agents.by_uid.get_mut(&uid)) {
            of_uid.retain(|of| *of != id);
        }
    }

    fn read_agents(&self, store: &Store, key: Option<&str>) -> Result<HashSet<AgentId>, StoreError> {
        let (mut after, mut there) = (String::new(), HashSet::new());
        loop {
            let page = store.ask(|reader| agents::remember(reader, key, &after, PAGE))?;
            let whole = page.len() < PAGE as usize;
            for found in page {
                after = found.agent.id.to_string();
                there.insert(found.agent.id);
                self.take(found);
            }
            if whole {
                return Ok(there);
            }
        }
    }

    /// Takes what the store says of an agent; what was noted here since stays.
    pub(crate) fn take(&self, mut found: Remembered) -> Arc<Member> {
        let mut agents = self.agents.write().unwrap_or_else(PoisonError::into_inner);
        let id = found.agent.id;
        if let Some(known) = agents.by_id.get(&id).cloned() {
            let uid = found.agent.uid;
            {
                let mut now = known.look();
                let (new, old) = (&mut found.agent, &now.agent);
                // What was noted in the very instant that is stored is not stored yet, or is the same.
                if old.last_seen_at >= new.last_seen_at {
                    new.last_seen_at = old.last_seen_at;
                    new.address.clone_from(&old.address);
                    new.version.clone_from(&old.version);
                    new.tag.clone_from(&old.tag);
                    new.generation = old.generation;
                }
                new.let_in_at = new.let_in_at.max(old.let_in_at);
                for (new, old) in found.answers.iter_mut().zip(&now.answers) {
                    if old.is_some() {
                        new.clone_from(old);
                    }
                }
                *now = found;
            }
            if let Some(uid) = uid {
                let of_uid = agents.by_uid.entry(uid).or_default();
                if !of_uid.contains(&id) {
                    of_uid.push(id);
                }
            }
            return known;
        }
        agents.by_device.insert(found.agent.device.clone(), id);
        if let Some(uid) = found.agent.uid {
            agents.by_uid.entry(uid).or_default().push(id);
        }
        let member = Arc::new(Member { id, now: Mutex::new(found), turn: tokio::sync::Mutex::new(()) });
        agents.by_id.insert(id, member.clone());
        member
    }

    pub(crate) fn key(&self, id: &str) -> Option<Arc<Known>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// The agent of a machine.
    pub(crate) fn of_device(&self, device: &DeviceId) -> Option<Arc<Member>> {
        let agents = self.agents.read().unwrap_or_else(PoisonError::into_inner);
        agents.by_device.get(device).and_then(|id| agents.by_id.get(id)).cloned()
    }

    /// The agent that calls itself so. Of several, none: which one it is cannot be said.
    pub(crate) fn of_uid(&self, uid: AgentUid) -> Option<Arc<Member>> {
        let agents = self.agents.read().unwrap_or_else(PoisonError::into_inner);
        match agents.by_uid.get(&uid).map(Vec::as_slice) {
            Some([id]) => agents.by_id.get(id).cloned(),
            Some(_) | None => None,
        }
    }

    /// Something about this agent is to be written down.
    pub(crate) fn note(&self, id: AgentId) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }

    /// Takes what is to be written down.
    pub(crate) fn take_noted(&self) -> Vec<Seen> {
        let noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        let agents = self.agents.read().unwrap_or_else(PoisonError::into_inner);
        let members = noted.iter().filter_map(|id| agents.by_id.get(id));
        members
            .map(|member| {
                let Remembered { agent, answers, .. } = &*member.look();
                Seen {
                    id: agent.id,
                    at: agent.last_seen_at,
                    let_in_at: agent.let_in_at,
                    generation: agent.generation,
                    address: agent.address.clone(),
                    version: agent.version.clone(),
                    tag: agent.tag.clone(),
                    answers: answers.clone(),
                }
            })
            .collect()
    }

    /// What was taken could not be written down.
    pub(crate) fn give_back(&self, ids: impl IntoIterator<Item = AgentId>) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).extend(ids);
    }

    /// Keys and agents in memory.
    pub(crate) fn count(&self) -> (usize, usize) {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner).len();
        (keys, self.agents.read().unwrap_or_else(PoisonError::into_inner).by_id.len())
    }
}
