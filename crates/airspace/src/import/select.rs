//! Which sectors of a draft are wanted.

use std::collections::HashSet;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use sectorwatch_core::positions::normal;

use super::draft::{Draft, Position};

/// What `--division`, `--ids` and `--kinds` ask for; everything, where they ask for nothing.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// A division by its name, in any case.
    pub division: Option<String>,
    /// Patterns of ids, in any case.
    pub ids: Option<GlobSet>,
    /// Kinds, in any case.
    pub kinds: Vec<String>,
}

/// Patterns of sector ids.
///
/// # Errors
///
/// Names the pattern that cannot be read.
pub fn patterns(patterns: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        set.add(GlobBuilder::new(pattern).case_insensitive(true).build()?);
    }
    set.build()
}

impl Selection {
    fn is_everything(&self) -> bool {
        self.division.is_none() && self.ids.is_none() && self.kinds.is_empty()
    }

    /// Keeps the sectors that are wanted, and the positions that own one of them. The boundary goes when the division
    /// or ids were chosen: it is that of the whole.
    pub(super) fn apply(&self, draft: &mut Draft) {
        if self.is_everything() {
            return;
        }
        draft.sectors.retain(|sector| {
            let same = |wanted: &String, found: &Option<String>| {
                found.as_ref().is_some_and(|found| found.eq_ignore_ascii_case(wanted))
            };
            self.division.as_ref().is_none_or(|wanted| same(wanted, &sector.division))
                && self.ids.as_ref().is_none_or(|ids| ids.is_match(&sector.id))
                && (self.kinds.is_empty() || self.kinds.iter().any(|kind| same(kind, &sector.kind)))
        });
        let owners: HashSet<&String> =
            draft.sectors.iter().flat_map(|sector| &sector.owners).collect();
        let is_kept = |position: &Position| owners.contains(&position.id);
        let kept: HashSet<(String, String)> =
            draft.positions.iter().filter(|it| is_kept(it)).flat_map(callsigns).collect();
        // A position of a longer callsign keeps its controller from those that are kept: without `LON_SC_CTR`, who is
        // on it would be taken for `LON_CTR`.
        draft.positions.retain(|position| is_kept(position) || hides(position, &kept));
        if self.division.is_some() || self.ids.is_some() {
            draft.boundary.clear();
        }
    }
}

/// The callsigns of a position as they are compared: prefixes with the suffix.
fn callsigns(position: &Position) -> impl Iterator<Item = (String, String)> {
    let suffix = normal(&position.suffix);
    position.prefixes.iter().map(move |prefix| (normal(prefix), suffix.clone()))
}

/// Whether a callsign of the position, cut from the right, is one of those that are kept.
fn hides(position: &Position, kept: &HashSet<(String, String)>) -> bool {
    callsigns(position).any(|(prefix, suffix)| {
        let mut cuts = prefix.rmatch_indices(['_', '-']);
        cuts.any(|(at, _)| kept.contains(&(prefix[..at].to_owned(), suffix.clone())))
    })
}
