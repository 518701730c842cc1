//! The shapes: features with the id of a boundary.

use std::collections::{HashMap, HashSet};

use crate::import::{
    DraftVolume, Findings, ImportError, Outline,
    encoding::{Mixed, READ_AS_WINDOWS_1252},
    features::{self, Feature, Seen},
    outline,
};

/// What stands behind the id of a boundary for its oceanic twin.
const OCEANIC: &str = "~oceanic";

/// One shape of the file, which may be unusable.
#[derive(Debug)]
struct Shape {
    boundary: String,
    is_oceanic: bool,
    division: Option<String>,
    outlines: Result<Vec<Outline>, String>,
    is_foreign: bool,
}

/// The features of all files.
#[derive(Debug, Default)]
pub(super) struct Shapes(Vec<Shape>);

impl Shapes {
    /// Adds the features of a file. What is no feature, or has no id, is left out.
    ///
    /// # Errors
    /// Where the file is broken as a whole.
    pub fn add(
        &mut self,
        file: &str,
        content: &Mixed,
        findings: &mut Findings,
    ) -> Result<(), ImportError> {
        features::read(file, content, findings, &mut |feature, findings| {
            findings.count("features", 1);
            let (number, shape) = match feature {
                Ok(feature) => (feature.number, shape(&feature)),
                Err(unreadable) => (unreadable.number, Err(unreadable.reason)),
            };
            match shape {
                Ok(shape) => {
                    findings.count("oceanic", shape.is_oceanic.into());
                    if let Ok(outlines) = &shape.outlines {
                        outline::count(findings, outlines);
                    }
                    self.0.push(shape);
                }
                Err(reason) => findings.leave_out(format!("feature {number}"), reason),
            }
        })
    }

    /// The sectors that the features draw, in the order of the file.
    ///
    /// An id that is there both as oceanic and as not stands for two sectors. Other repeats are volumes of one
    /// sector, of which a shape that is there already is none.
    pub fn into_areas(self, findings: &mut Findings) -> Areas {
        let with = |is_oceanic| -> HashSet<String> {
            let shapes = self.0.iter().filter(|shape| shape.is_oceanic == is_oceanic);
            shapes.map(|shape| shape.boundary.clone()).collect()
        };
        // Of unusable shapes too: without the one, the other keeps its id.
        let (oceanic, other) = (with(true), with(false));
        let twins: HashSet<String> = oceanic.intersection(&other).cloned().collect();
        findings.count("unique_ids", oceanic.union(&other).count());
        let mut areas =
            Areas { areas: Vec::new(), by_id: HashMap::new(), twins, seen: Seen::default() };
        for shape in self.0 {
            areas.add(shape, findings);
        }
        areas
    }
}

fn shape(feature: &Feature) -> Result<Shape, String> {
    let boundary = feature.text("id").ok_or("it has no id")?;
    if boundary.contains(char::is_control) {
        return Err("its id has control characters".into());
    }
    Ok(Shape {
        boundary,
        is_oceanic: feature.is_set("oceanic"),
        division: feature.text("division"),
        outlines: feature.outlines(),
        is_foreign: feature.is_foreign,
    })
}

/// One sector to be; it has no volume where all its shapes are unusable.
#[derive(Debug)]
pub(super) struct Area {
    /// Of the sector.
    pub id: String,
    /// Its id in the file.
    pub boundary: String,
    pub is_oceanic: bool,
    pub division: Option<String>,
    pub volumes: Vec<DraftVolume>,
    /// How many features there were, with those that are no volume.
    features: usize,
}

/// The sectors to be, and what boundaries stand for them.
#[derive(Debug)]
pub(super) struct Areas {
    /// In the order of the file.
    pub areas: Vec<Area>,
    by_id: HashMap<String, usize>,
    twins: HashSet<String>,
    seen: Seen,
}

impl Areas {
    /// The sector of a boundary, and that for flight service where it is another, its oceanic twin.
    pub fn of(&self, boundary: &str) -> Option<(usize, usize)> {
        let control = *self.by_id.get(boundary)?;
        let twin = match self.twins.contains(boundary) {
            true => self.by_id.get(&format!("{boundary}{OCEANIC}")),
            false => None,
        };
        Some((control, twin.copied().unwrap_or(control)))
    }

    fn add(&mut self, shape: Shape, findings: &mut Findings) {
        let Shape { boundary, is_oceanic, division, outlines, is_foreign } = shape;
        let is_twin = is_oceanic && self.twins.contains(&boundary);
        let id = if is_twin { format!("{boundary}{OCEANIC}") } else { boundary.clone() };
        let at = *self.by_id.entry(id).or_insert_with_key(|id| {
            let id = id.clone();
            let volumes = Vec::new();
            self.areas.push(Area { id, boundary, is_oceanic, division, volumes, features: 0 });
            self.areas.len() - 1
        });
        let area = &mut self.areas[at];
        area.features += 1;
        let element = match area.features {
            1 => format!("feature {}", area.id),
            number => format!("feature {} ({number})", area.id),
        };
        if is_foreign {
            findings.repair(&*element, READ_AS_WINDOWS_1252);
        }
        match outlines {
            Err(reason) => findings.leave_out(element, reason),
            Ok(outlines) => {
                let is_known = self.seen.has(at, &area.volumes, &outlines);
                area.add(element, (!is_known).then_some(outlines), is_twin, findings);
            }
        }
    }
}

impl Area {
    /// Adds a volume; none where its shape is that of another.
    fn add(
        &mut self,
        element: String,
        outlines: Option<Vec<Outline>>,
        is_twin: bool,
        findings: &mut Findings,
    ) {
        let Self { id, boundary, .. } = self;
        let Some(outlines) = outlines else {
            let what = format!("the same shape as another of sector {id}: taken once");
            return findings.repair(element, what);
        };
        if self.features > 1 {
            findings.repair(&*element, format!("taken as another volume of sector {id}"));
        } else if is_twin {
            let what = format!("named {id}, as sector {boundary} is another shape of that id");
            findings.repair(&*element, what);
        }
        self.volumes.push(DraftVolume { element, outlines, ..DraftVolume::default() });
    }
}
