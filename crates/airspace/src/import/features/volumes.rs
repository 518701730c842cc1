//! The volumes of a sector whose shapes are features.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use super::Outline;
use crate::import::{DraftVolume, Findings, encoding::READ_AS_WINDOWS_1252};

/// The shape of one feature, which may be unusable.
#[derive(Debug)]
pub(in crate::import) struct Shape {
    pub outlines: Result<Vec<Outline>, String>,
    /// Whether bytes of the feature were no UTF-8.
    pub is_foreign: bool,
}

/// The features of one sector, and the volumes that they are.
#[derive(Debug, Default)]
pub(in crate::import) struct Volumes {
    pub all: Vec<DraftVolume>,
    /// How many features there were, with those that are no volume.
    features: usize,
    /// The places of the volumes by a digest of their shapes: of very many, not each is compared with each.
    alike: HashMap<u64, Vec<usize>>,
}

impl Volumes {
    /// Adds the shape of the next feature of a sector. One that is there already is no volume. `renamed` says why the
    /// sector has another id than its first feature.
    pub fn add(
        &mut self,
        sector: &str,
        shape: Shape,
        renamed: Option<String>,
        findings: &mut Findings,
    ) {
        self.features += 1;
        let element = match self.features {
            1 => format!("feature {sector}"),
            number => format!("feature {sector} ({number})"),
        };
        if shape.is_foreign {
            findings.repair(&*element, READ_AS_WINDOWS_1252);
        }
        let outlines = match shape.outlines {
            Ok(outlines) => outlines,
            Err(reason) => return findings.leave_out(element, reason),
        };
        if self.has(&outlines) {
            let what = format!("the same shape as another of sector {sector}: taken once");
            return findings.repair(element, what);
        }
        if self.features > 1 {
            findings.repair(&*element, format!("taken as another volume of sector {sector}"));
        } else if let Some(why) = renamed {
            findings.repair(&*element, why);
        }
        self.all.push(DraftVolume { element, outlines, ..DraftVolume::default() });
    }

    /// Whether a shape is there. Where it is not, it is taken to be the next.
    fn has(&mut self, outlines: &[Outline]) -> bool {
        let alike = self.alike.entry(digest(outlines)).or_default();
        let is_there = |&&at: &&usize| self.all.get(at).is_some_and(|it| it.outlines == outlines);
        let has = alike.iter().find(is_there).is_some();
        if !has {
            alike.push(self.all.len());
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
