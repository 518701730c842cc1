//! Sectors and positions of features.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::element::{Callsign, DEPARTURE, Element};
use crate::import::{
    Draft, DraftSector, Findings, ImportError, Position,
    encoding::Mixed,
    features::{self, Volumes},
    ids::Ids,
    outline,
};

/// The features of all files.
#[derive(Debug, Default)]
pub(super) struct Elements(Vec<Element>);

impl Elements {
    /// Adds the features of a file. What is no feature, or has no callsign, is left out.
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
            let (number, element) = match feature {
                Ok(feature) => (feature.number, Element::of(&feature)),
                Err(unreadable) => (unreadable.number, Err(unreadable.reason)),
            };
            match element {
                Ok(element) => {
                    if let Ok(outlines) = &element.shape.outlines {
                        outline::count(findings, outlines);
                    }
                    self.0.push(element);
                }
                // Ids are no names here: many features have the same.
                Err(reason) => findings.leave_out(format!("feature {number} of {file}"), reason),
            }
        })
    }

    /// The sectors of the features, in their order.
    pub fn into_draft(self, findings: &mut Findings) -> Draft {
        let ids: BTreeSet<&str> = self.0.iter().map(|element| &*element.id).collect();
        findings.count("unique_ids", ids.len());
        self.warn_of_repeats(findings);
        let departures: HashSet<Callsign> =
            self.0.iter().flat_map(Element::named).filter(|it| it.suffix == DEPARTURE).collect();
        let ids = Ids::of(self.0.iter().map(Element::sector_id));
        let mut drawn = Drawn { ids, ..Drawn::default() };
        for element in self.0 {
            let callsigns = element.callsigns(|callsign| departures.contains(callsign));
            drawn.add(element, &callsigns, findings);
        }
        for (sector, volumes) in drawn.sectors.iter_mut().zip(drawn.volumes) {
            sector.volumes = volumes.all;
        }
        // The sectors of which no shape is usable are named already, shape by shape.
        drawn.sectors.retain(|sector| !sector.volumes.is_empty());
        Draft {
            sectors: drawn.sectors,
            positions: drawn.positions,
            cut_hyphen: true,
            ..Draft::default()
        }
    }

    /// Counts the pairs of prefix and suffix, and tells of those that several features have.
    fn warn_of_repeats(&self, findings: &mut Findings) {
        let mut order = Vec::new();
        let mut features: HashMap<(&str, Option<&str>), Vec<String>> = HashMap::new();
        for element in &self.0 {
            for prefix in element.prefixes.iter().collect::<BTreeSet<_>>() {
                let pair = (&**prefix, element.suffix.as_deref());
                let ids = features.entry(pair).or_default();
                if ids.is_empty() {
                    order.push(pair);
                }
                ids.push(element.sector_id());
            }
        }
        findings.count("positions", order.len());
        for pair @ (prefix, suffix) in order {
            let ids = &features[&pair];
            if ids.len() > 1 {
                let suffix = suffix.map(|suffix| format!("_{suffix}")).unwrap_or_default();
                let ids = ids.join(", ");
                findings.warn(format!("{prefix}{suffix} is claimed more than once: {ids}"));
            }
        }
    }
}

/// What has been made of the features so far.
#[derive(Debug, Default)]
struct Drawn {
    sectors: Vec<DraftSector>,
    positions: Vec<Position>,
    /// The ids of the positions.
    known: HashSet<String>,
    /// Sectors by the id that a feature gives, and their owners.
    by_owners: HashMap<(String, Vec<String>), usize>,
    ids: Ids,
    /// Of each sector.
    volumes: Vec<Volumes>,
}

impl Drawn {
    /// Adds a feature. With the id and the callsigns of an earlier one it is another volume of that sector.
    fn add(&mut self, element: Element, callsigns: &[Callsign], findings: &mut Findings) {
        let at = self.place(&element, callsigns);
        let (written, id) = (element.sector_id(), &self.sectors[at].id);
        let renamed =
            (*id != written).then(|| format!("named {id}, as {written} is another sector"));
        self.volumes[at].add(id, element.shape, renamed, findings);
    }

    /// The place of the sector of a feature, which may be new.
    fn place(&mut self, element: &Element, callsigns: &[Callsign]) -> usize {
        let owners = self.owners(&element.name, callsigns);
        let id = element.sector_id();
        let new = self.sectors.len();
        let at = *self.by_owners.entry((id.clone(), owners.clone())).or_insert(new);
        if at == new {
            let id = self.ids.next(&id);
            let (name, kind) = (element.name.clone(), Some(element.kind()));
            let sector = DraftSector { id, name, kind, owners, ..DraftSector::default() };
            self.sectors.push(sector);
            self.volumes.push(Volumes::default());
        }
        at
    }

    /// The ids of the positions of callsigns, each once. New ones are added, with the name of the feature.
    fn owners(&mut self, name: &str, callsigns: &[Callsign]) -> Vec<String> {
        let mut owners = Vec::new();
        let mut own = HashSet::new();
        for callsign in callsigns {
            let id = callsign.id();
            if self.known.insert(id.clone()) {
                self.positions.push(Position {
                    id: id.clone(),
                    prefixes: vec![callsign.prefix.clone()],
                    suffix: callsign.suffix.clone(),
                    frequency_hz: None,
                    name: Some(name.to_owned()),
                });
            }
            if own.insert(callsign.clone()) {
                owners.push(id);
            }
        }
        owners
    }
}
