//! Shapes that a sector has already.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::Outline;
use crate::import::DraftVolume;

/// The volumes of sectors by a digest of their shapes: of a sector with very many, not each is compared with each.
#[derive(Debug, Default)]
pub(in crate::import) struct Seen(HashMap<(usize, u64), Vec<usize>>);

impl Seen {
    /// Whether a sector, by its place, has a shape among its volumes. Where it has not, the next of them is taken to
    /// be it.
    pub fn has(&mut self, sector: usize, volumes: &[DraftVolume], outlines: &[Outline]) -> bool {
        let alike = self.0.entry((sector, digest(outlines))).or_default();
        let is_there = |&&at: &&usize| volumes.get(at).is_some_and(|it| it.outlines == outlines);
        let has = alike.iter().find(is_there).is_some();
        if !has {
            alike.push(volumes.len());
        }
        has
    }
}

fn digest(outlines: &[Outline]) -> u64 {
    let mut hasher = DefaultHasher::new();
    for outline in outlines {
        for line in [&outline.exterior].into_iter().chain(&outline.holes) {
            line.len().hash(&mut hasher);
            for point in line {
                // Adding nothing makes the two zeros, which are equal, the same.
                ((point.x + 0.0).to_bits(), (point.y + 0.0).to_bits()).hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}
