//! What a GLPI calls its entities, profiles and groups, for whoever reads a number.

use std::collections::BTreeMap;

use crate::invitations::{Called, Target};

/// Names by GLPI's own numbers, which it gives to nothing else later. So what is not there any more is still known by its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Entities, with those above them: `Root entity > North`.
    pub entities: BTreeMap<u32, String>,
    /// Profiles.
    pub profiles: BTreeMap<u32, String>,
    /// Groups, with those above them.
    pub groups: BTreeMap<u32, String>,
}

impl Names {
    /// Takes in what a GLPI said later; whether that says anything new.
    pub fn learn(&mut self, later: Self) -> bool {
        let Self { entities, profiles, groups } = later;
        let mut is_new = false;
        for (known, later) in
            [(&mut self.entities, entities), (&mut self.profiles, profiles), (&mut self.groups, groups)]
        {
            for (number, name) in later {
                if known.get(&number) != Some(&name) {
                    known.insert(number, name);
                    is_new = true;
                }
            }
        }
        is_new
    }

    /// What those of a target are called, as far as it is known.
    pub fn called(&self, target: &Target) -> Called {
        let of = |names: &BTreeMap<u32, String>, number: Option<u32>| names.get(&number?).cloned();
        Called {
            entity: of(&self.entities, target.entity),
            profile: of(&self.profiles, target.profile),
            groups: target.groups.iter().map(|group| of(&self.groups, Some(*group))).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(entities: &[(u32, &str)], groups: &[(u32, &str)]) -> Names {
        let names = |all: &[(u32, &str)]| all.iter().map(|(number, name)| (*number, (*name).to_owned())).collect();
        Names { entities: names(entities), profiles: BTreeMap::new(), groups: names(groups) }
    }

    #[test]
    fn what_was_said_last_counts_and_what_is_gone_keeps_its_name() {
        let mut known = Names::default();
        assert!(known.learn(said(&[(0, "Root entity"), (1, "Root entity > North")], &[(1, "Staff")])));
        assert!(!known.learn(said(&[(1, "Root entity > North")], &[])), "nothing new");
        assert!(known.learn(said(&[(1, "Root entity > The North")], &[])));
        let target = Target { entity: Some(1), recursive: false, profile: Some(2), groups: vec![1, 7] };
        let called = known.called(&target);
        assert_eq!(called.entity.as_deref(), Some("Root entity > The North"));
        assert_eq!((called.profile, called.groups), (None, vec![Some("Staff".to_owned()), None]));
        assert_eq!(known.called(&Target::default()), Called::default());
    }
}
