//! Ids of sectors, each for one sector alone.

use std::collections::{HashMap, HashSet};

/// Gives each sector an id of its own. None that is made is one that the files have themselves, so that a sector keeps
/// its id whatever others are called.
#[derive(Debug, Default)]
pub(super) struct Ids {
    /// All ids of the files, and all that were made.
    named: HashSet<String>,
    /// The ids of the files that a sector has.
    kept: HashSet<String>,
    /// The last number that an id got.
    numbers: HashMap<String, usize>,
}

impl Ids {
    /// `named` are the ids that the files have.
    pub fn of(named: impl IntoIterator<Item = String>) -> Self {
        Self { named: named.into_iter().collect(), ..Self::default() }
    }

    /// The id of the next sector that the files call `id`: the first keeps it, the others are `id~2`, `id~3`, …
    pub fn next(&mut self, id: &str) -> String {
        match self.kept.insert(id.to_owned()) {
            true => id.to_owned(),
            false => self.numbered(id),
        }
    }

    /// The id of a sector that the files call something else: `id`, if they have no such id.
    pub fn made(&mut self, id: &str) -> String {
        match self.named.insert(id.to_owned()) {
            true => id.to_owned(),
            false => self.numbered(id),
        }
    }

    fn numbered(&mut self, id: &str) -> String {
        let number = self.numbers.entry(id.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let numbered = format!("{id}~{number}");
            if self.named.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_for_one_sector_alone() {
        let mut ids = Ids::of(["A", "A~2", "B", "B~sea"].map(str::to_owned));
        let given = ["A", "A", "A~2", "A", "A~2", "B"].map(|id| ids.next(id));
        assert_eq!(given, ["A", "A~3", "A~2", "A~4", "A~2~2", "B"]);
        assert_eq!(["B~sea", "A~sea"].map(|id| ids.made(id)), ["B~sea~2", "A~sea"]);
        assert_eq!(ids.next("B~sea"), "B~sea");
    }
}
