//! Which position an owner is, in its own group or in another.

use std::collections::HashMap;

use super::super::Position;
use super::group::Group;

/// The positions of all groups, each under the one id that it has in the draft.
pub(super) struct Positions {
    groups: HashMap<String, HashMap<String, Known>>,
    /// In the order of the files.
    pub(super) usable: Vec<Position>,
}

/// A position that a file has.
enum Known {
    /// Its id in the draft, and what its callsigns end with.
    Usable { id: String, suffix: String },
    /// It was left out, which is told there.
    LeftOut,
}

/// What an owner of an airspace is.
pub(super) enum Owner<'a> {
    Position { id: &'a str, suffix: &'a str },
    LeftOut,
    Unknown { owner: String, reason: String },
}

impl Positions {
    /// Takes the positions out of the groups.
    ///
    /// The ids of groups collide (`N`, `S` and `APP` are everywhere), so only those of the first group stay as they
    /// are written; those of the others are `group/ID`, which is how a file names a position of another group. It is
    /// by the group alone, so that no element can change the id of another.
    pub(super) fn of(groups: &mut [Group]) -> Self {
        let mut positions = Self { groups: HashMap::new(), usable: Vec::new() };
        for (number, group) in groups.iter_mut().enumerate() {
            let known = positions.groups.entry(group.name.clone()).or_default();
            for (written, position) in group.positions.drain(..) {
                let Ok(position) = position else {
                    known.insert(written, Known::LeftOut);
                    continue;
                };
                let id = match number {
                    0 => written.clone(),
                    _ => format!("{}/{written}", group.name),
                };
                let suffix = position.suffix.clone();
                known.insert(written, Known::Usable { id: id.clone(), suffix });
                positions.usable.push(Position { id, ..position });
            }
        }
        positions
    }

    /// What the owners of an airspace of `group` are.
    pub(super) fn owners(&self, owners: &[Option<String>], group: &str) -> Vec<Owner<'_>> {
        let numbered = (1..).zip(owners);
        let found = numbered.map(|(number, owner): (usize, _)| match owner {
            Some(owner) => self.owner(owner, group),
            None => Owner::Unknown {
                owner: format!("no. {number}"),
                reason: "it is no text".to_owned(),
            },
        });
        found.collect()
    }

    fn owner(&self, owner: &str, group: &str) -> Owner<'_> {
        let unknown = |reason| Owner::Unknown { owner: owner.to_owned(), reason };
        let (group, id) = scoped(owner, group);
        let Some(positions) = self.groups.get(group) else {
            return unknown(format!("group {group} is not among the files"));
        };
        match positions.get(id) {
            Some(Known::Usable { id, suffix }) => Owner::Position { id, suffix },
            Some(Known::LeftOut) => Owner::LeftOut,
            None => unknown(format!("group {group} has no position {id}")),
        }
    }
}

/// The group and the id in it that `owner` names in a file of `group`.
pub(super) fn scoped<'a>(owner: &'a str, group: &'a str) -> (&'a str, &'a str) {
    owner.split_once('/').unwrap_or((group, owner))
}
