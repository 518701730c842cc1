//! What an import found, repaired and left out.

use std::collections::{BTreeMap, HashSet};

use sectorwatch_core::meetings::Effort;
use serde::Serialize;

/// What is told of an import, element by element, in the order in which it was found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// How many of each thing the files hold, by the names of the report.
    pub found: BTreeMap<&'static str, u64>,
    /// What was mended.
    pub repaired: Vec<Repaired>,
    /// What could not be used.
    pub left_out: Vec<LeftOut>,
    /// What was read as it stands, though something else may have been meant.
    pub warnings: Vec<String>,
    /// Whether there was more to tell than anybody reads, so that what came last is not told.
    pub(super) is_full: bool,
    /// What may still be spent on telling whether shapes are valid.
    pub(super) judging: Effort,
    /// What may still be spent on repairing shapes.
    pub(super) mending: Effort,
}

/// An element that was mended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Repaired {
    /// Its name in the file: `boundary AD_TMA_FULL`.
    pub element: String,
    /// What was done.
    pub what: String,
}

/// An element that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct LeftOut {
    /// Its name in the file: `volume SFW`.
    pub element: String,
    /// Why.
    pub reason: String,
}

/// More than this is told of no import.
const MOST: usize = 200_000;

impl Findings {
    fn has_room(&mut self) -> bool {
        let told = self.repaired.len() + self.left_out.len() + self.warnings.len();
        self.is_full |= told >= MOST;
        !self.is_full
    }

    /// Counts `number` more of `what`.
    pub fn count(&mut self, what: &'static str, number: usize) {
        // A usize always fits into 64 bits here.
        *self.found.entry(what).or_default() += number as u64;
    }

    /// Tells that an element was mended.
    pub fn repair(&mut self, element: impl Into<String>, what: impl Into<String>) {
        if self.has_room() {
            self.repaired.push(Repaired { element: element.into(), what: what.into() });
        }
    }

    /// Tells that an element was left out.
    pub fn leave_out(&mut self, element: impl Into<String>, reason: impl Into<String>) {
        if self.has_room() {
            self.left_out.push(LeftOut { element: element.into(), reason: reason.into() });
        }
    }

    /// Keeps the first of equal lines: a volume of several sectors is met once for each of them.
    pub(super) fn tell_once(&mut self) {
        let (mut repaired, mut left_out) = (HashSet::new(), HashSet::new());
        self.repaired.retain(|it| repaired.insert(it.clone()));
        self.left_out.retain(|it| left_out.insert(it.clone()));
    }

    /// Tells what may not have been meant.
    pub fn warn(&mut self, warning: impl Into<String>) {
        if self.has_room() {
            self.warnings.push(warning.into());
        }
    }
}
