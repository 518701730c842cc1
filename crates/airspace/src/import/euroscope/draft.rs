//! Sectors with their outlines and owners.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    borders::{Borders, NoOutline},
    positions::Positions,
    records::Sector,
};
use crate::import::{
    Draft, DraftSector, DraftVolume, Findings, MOST_POINTS, Outline, ids::Ids, outline,
};

/// Sectors as they are joined, in the order of the files.
#[derive(Debug)]
pub(super) struct Sectors {
    sectors: Vec<DraftSector>,
    /// By name and owners as the file has them: an owner that is unknown tells sectors apart, too, so that it
    /// changes no other.
    places: HashMap<(String, Vec<String>), usize>,
    ids: Ids,
    points: usize,
    without_border: usize,
}

impl Sectors {
    /// `names` are those that sectors have in the files.
    pub(super) fn new(names: impl Iterator<Item = String>) -> Self {
        let (sectors, places, ids) = (Vec::new(), HashMap::new(), Ids::of(names));
        Self { sectors, places, ids, points: 0, without_border: 0 }
    }

    /// Adds a sector of a file.
    ///
    /// # Errors
    ///
    /// Says so where it is too much.
    pub(super) fn add(
        &mut self,
        sector: Sector,
        borders: &Borders,
        positions: &Positions,
        findings: &mut Findings,
    ) -> Result<(), String> {
        findings.count("owner_refs", sector.owners.len());
        let owners = owners(&sector, positions, findings);
        if sector.border.is_empty() {
            // It says who owns an airport that has no airspace: nothing to draw, nothing to be inside of.
            self.without_border += 1;
            return Ok(());
        }
        // Sectors share lines, and each gets the points of its own.
        self.points += borders.points(&sector.border);
        if self.points > MOST_POINTS {
            return Err(format!("the borders of all sectors have more than {MOST_POINTS} points"));
        }
        // Also where its shape is unusable: the others keep their ids.
        let place = self.place(&sector, owners, positions, findings);
        if let Some(volume) = volume(&sector, borders, findings) {
            outline::count(findings, &volume.outlines);
            self.sectors[place].volumes.push(volume);
        }
        Ok(())
    }

    /// Sectors of one name and the same owners are volumes of one; others that have the name are numbered.
    fn place(
        &mut self,
        sector: &Sector,
        owners: Vec<String>,
        positions: &Positions,
        findings: &mut Findings,
    ) -> usize {
        let mut written = sector.owners.clone();
        let mut once = HashSet::new();
        written.retain(|owner| once.insert(owner.clone()));
        let new = self.sectors.len();
        let place = *self.places.entry((sector.name.clone(), written)).or_insert(new);
        if place == new {
            let (name, id) = (sector.name.clone(), self.ids.next(&sector.name));
            if id != name {
                findings.warn(format!("SECTOR {name} with other owners than before is {id}"));
            }
            let kind = owners.first().and_then(|owner| positions.suffix(owner)).map(str::to_owned);
            let sector = DraftSector { id, name, kind, owners, ..DraftSector::default() };
            self.sectors.push(sector);
        }
        place
    }

    pub(super) fn into_draft(
        mut self,
        positions: Positions,
        passed_over: &BTreeMap<&'static str, usize>,
        findings: &mut Findings,
    ) -> Draft {
        if self.without_border > 0 {
            let number = self.without_border;
            findings.warn(format!("sectors without a border, which only say who owns: {number}"));
        }
        if !passed_over.is_empty() {
            let each: Vec<_> =
                passed_over.iter().map(|(name, it)| format!("{it} {name}")).collect();
            findings.warn(format!("lines that are not imported: {}", each.join(", ")));
        }
        self.sectors.retain(|sector| !sector.volumes.is_empty());
        Draft { sectors: self.sectors, positions: positions.into_all(), ..Draft::default() }
    }
}

/// The owners that are positions, each once.
fn owners(sector: &Sector, positions: &Positions, findings: &mut Findings) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut owners = Vec::new();
    for owner in &sector.owners {
        if positions.suffix(owner).is_none() {
            findings.count("unresolved", 1);
            let element = format!("owner {owner} of SECTOR {}", sector.name);
            findings.leave_out(element, "no position has that ID");
        } else if taken.insert(owner) {
            owners.push(owner.clone());
        } else {
            findings.warn(format!("SECTOR {} names its owner {owner} again", sector.name));
        }
    }
    findings.count("unresolved", 0);
    owners
}

fn volume(sector: &Sector, borders: &Borders, findings: &mut Findings) -> Option<DraftVolume> {
    let element = format!("SECTOR {}", sector.name);
    let (floor, ceiling) = match limits(&sector.limits) {
        Ok(limits) => limits,
        Err(reason) => {
            findings.leave_out(element, reason);
            return None;
        }
    };
    let outline = match borders.outline(&sector.border) {
        Ok(outline) => outline,
        Err(NoOutline::Border(reason)) => {
            findings.leave_out(element, reason);
            return None;
        }
        Err(NoOutline::Told) => {
            findings.warn(format!("{element} is not written: a line of its border is left out"));
            return None;
        }
    };
    let active_when = active_when(&sector.active);
    if let Some(when) = &active_when {
        findings.warn(format!("{element} is for {when} alone, and taken as always active"));
    }
    Some(DraftVolume {
        element,
        floor_ft: Some(floor),
        ceiling_ft: Some(ceiling),
        active_when,
        outlines: vec![Outline::solid(outline)],
        unite: false,
    })
}

fn limits((floor, ceiling): &(String, String)) -> Result<(f64, f64), String> {
    let feet = |written: &String| match written.parse::<f64>() {
        Ok(feet) if feet.is_finite() => Ok(feet),
        _ => Err(format!("limit {written:?} is no number of feet")),
    };
    match (feet(floor)?, feet(ceiling)?) {
        (floor, ceiling) if floor >= ceiling => {
            Err(format!("its floor of {floor} ft is not below its ceiling of {ceiling} ft"))
        }
        limits => Ok(limits),
    }
}

/// `EGLL 27L,27R; EGKK 26L`
fn active_when(active: &[(String, String)]) -> Option<String> {
    let mut runways: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut places = HashMap::new();
    for (airport, runway) in active {
        let place = *places.entry(airport).or_insert(runways.len());
        match runways.get_mut(place) {
            Some((_, same)) => same.push(runway),
            None => runways.push((airport, vec![runway])),
        }
    }
    let each = runways.iter().map(|(airport, runways)| format!("{airport} {}", runways.join(",")));
    Some(each.collect::<Vec<_>>().join("; ")).filter(|when| !when.is_empty())
}
