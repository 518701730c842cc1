//! What a file refers to by a name, of which the first that can be used has it.

use std::collections::{HashMap, hash_map::Entry};

use geo::Coord;

use super::Findings;

/// Elements by their names. One that could not be read is there without content, so that it is told from what no file
/// has.
#[derive(Debug)]
pub(super) struct Named<T>(HashMap<String, Option<T>>);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: PartialEq> Named<T> {
    /// Adds an element, or why it cannot be used. `kind` is what the report calls it, with its name.
    pub fn insert(
        &mut self,
        kind: &str,
        name: String,
        content: Result<T, String>,
        findings: &mut Findings,
    ) {
        let element = format!("{kind} {name}");
        let content = content.map_err(|reason| findings.leave_out(&*element, reason)).ok();
        match self.0.entry(name) {
            Entry::Vacant(place) => {
                place.insert(content);
            }
            Entry::Occupied(mut first) => match (first.get(), content) {
                (_, None) => {}
                (None, content) => {
                    first.insert(content);
                }
                (Some(one), Some(other)) if *one == other => {
                    findings.repair(element, "it is there twice");
                }
                (Some(_), Some(_)) => {
                    let reason = format!("another {kind} has that name before it");
                    findings.leave_out(format!("{element} (the second)"), reason);
                }
            },
        }
    }
}

impl<T> Named<T> {
    /// The element of a name; `Some(None)` where it could not be used.
    pub fn get(&self, name: &str) -> Option<Option<&T>> {
        self.0.get(name).map(Option::as_ref)
    }

    /// All elements, by their names.
    pub fn into_sorted(self) -> Vec<(String, Option<T>)> {
        let mut all: Vec<(String, Option<T>)> = self.0.into_iter().collect();
        all.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        all
    }
}

/// Where points are. Names of fixes come again at the other end of the world: which one is meant cannot be known.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<String, Option<Coord>>);

impl Places {
    /// Adds a point.
    pub fn add(&mut self, name: &str, point: Coord) {
        let place = self.0.entry(name.to_owned()).or_insert(Some(point));
        *place = place.filter(|&other| other == point);
    }

    /// The point of a name; `Some(None)` where it is the name of several.
    pub fn get(&self, name: &str) -> Option<Option<Coord>> {
        self.0.get(name).copied()
    }
}
