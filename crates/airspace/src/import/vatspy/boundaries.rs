//! The shapes: features with the id of a boundary.

use std::collections::{HashMap, HashSet};

use crate::{
    import::{
        Findings, ImportError,
        encoding::Mixed,
        features::{self, Feature, Shape, Volumes},
        ids::Ids,
        outline,
    },
    visible::is_visible,
};

/// What stands behind the id of a boundary for its oceanic twin.
const OCEANIC: &str = "~oceanic";

/// One feature of the file.
#[derive(Debug)]
struct Boundary {
    id: String,
    is_oceanic: bool,
    division: Option<String>,
    shape: Shape,
}

/// The features of all files.
#[derive(Debug, Default)]
pub(super) struct Shapes(Vec<Boundary>);

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
            let (number, boundary) = match feature {
                Ok(feature) => (feature.number, boundary(&feature)),
                Err(unreadable) => (unreadable.number, Err(unreadable.reason)),
            };
            match boundary {
                Ok(boundary) => {
                    findings.count("oceanic", boundary.is_oceanic.into());
                    if let Ok(outlines) = &boundary.shape.outlines {
                        outline::count(findings, outlines);
                    }
                    self.0.push(boundary);
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
            let of_kind = self.0.iter().filter(|it| it.is_oceanic == is_oceanic);
            of_kind.map(|it| it.id.clone()).collect()
        };
        // Of unusable shapes too: without the one, the other keeps its id.
        let (oceanic, other) = (with(true), with(false));
        let twins: HashSet<String> = oceanic.intersection(&other).cloned().collect();
        findings.count("unique_ids", oceanic.union(&other).count());
        let ids = Ids::of(oceanic.into_iter().chain(other));
        let mut areas = Areas { areas: Vec::new(), by_id: HashMap::new(), twins, ids };
        for boundary in self.0 {
            areas.add(boundary, findings);
        }
        areas
    }
}

fn boundary(feature: &Feature) -> Result<Boundary, String> {
    let id = feature.text("id").ok_or("it has no id")?;
    if !is_visible(&id) {
        return Err("its id has control characters".into());
    }
    Ok(Boundary {
        id,
        is_oceanic: feature.is_set("oceanic"),
        division: feature.text("division"),
        shape: feature.shape(),
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
    pub volumes: Volumes,
}

/// The sectors to be, and what boundaries stand for them.
#[derive(Debug)]
pub(super) struct Areas {
    /// In the order of the file.
    pub areas: Vec<Area>,
    /// By the id of the file, and whether it is the oceanic twin of that id.
    by_id: HashMap<(String, bool), usize>,
    /// The ids that have one.
    twins: HashSet<String>,
    ids: Ids,
}

impl Areas {
    /// The sector of a boundary, and that for flight service where it is another, its oceanic twin.
    pub fn of(&self, boundary: &str) -> Option<(usize, usize)> {
        let of_kind = |is_twin| self.by_id.get(&(boundary.to_owned(), is_twin)).copied();
        let control = of_kind(false)?;
        Some((control, of_kind(true).unwrap_or(control)))
    }

    fn add(&mut self, boundary: Boundary, findings: &mut Findings) {
        let Boundary { id: boundary, is_oceanic, division, shape } = boundary;
        let is_twin = is_oceanic && self.twins.contains(&boundary);
        let at = *self.by_id.entry((boundary, is_twin)).or_insert_with_key(|(boundary, _)| {
            let id = match is_twin {
                true => self.ids.made(&format!("{boundary}{OCEANIC}")),
                false => boundary.clone(),
            };
            let (boundary, volumes) = (boundary.clone(), Volumes::default());
            self.areas.push(Area { id, boundary, is_oceanic, division, volumes });
            self.areas.len() - 1
        });
        let Area { id, boundary, volumes, .. } = &mut self.areas[at];
        let renamed = is_twin
            .then(|| format!("named {id}, as sector {boundary} is another shape of that id"));
        volumes.add(id, shape, renamed, findings);
    }
}
