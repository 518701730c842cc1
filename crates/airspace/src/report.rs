//! The output of `check-airspace FILE`.

use std::fmt;

use super::survey::Survey;
use sectorwatch_core::{airspace::Airspace, geometry::Polygon};

/// The number of similar lines that are printed before "and N more".
const PRINTED: usize = 20;

/// What was read and repaired, and warnings for the author of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    revision: String,
    is_approximate: bool,
    has_boundary: bool,
    sectors: usize,
    volumes: usize,
    callsigns: usize,
    without_owners: Vec<String>,
    transition_altitude_ft: f64,
    notes: Notes,
    survey: Option<Survey>,
}

/// Notes made while the files were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Notes {
    pub counts: Counts,
    /// One line per repaired feature.
    pub repairs: Vec<String>,
    /// One line per part that was read as it is, although the author may have meant something else.
    pub warnings: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counts {
    features: usize,
    polygons: usize,
    vertices: usize,
}

impl Counts {
    /// Adds the counts of another file.
    pub fn join(&mut self, other: &Self) {
        self.features += other.features;
        self.polygons += other.polygons;
        self.vertices += other.vertices;
    }

    /// Counts one feature. The closing position of a ring is not a vertex.
    pub fn add(&mut self, polygons: &[Polygon]) {
        self.features += 1;
        self.polygons += polygons.len();
        let rings =
            polygons.iter().flat_map(|polygon| polygon.holes.iter().chain([&polygon.exterior]));
        self.vertices += rings.map(|ring| ring.vertices().len() - 1).sum::<usize>();
    }
}

impl Report {
    pub(super) fn new(airspace: &Airspace, notes: Notes) -> Self {
        let sectors = airspace.sectors().iter();
        let unowned = sectors.filter(|sector| sector.owners.is_empty());
        Self {
            revision: airspace.revision().to_owned(),
            is_approximate: airspace.is_approximate(),
            has_boundary: !airspace.boundary().is_empty(),
            sectors: airspace.sectors().len(),
            volumes: airspace.sectors().iter().map(|sector| sector.volumes.len()).sum(),
            callsigns: airspace.sectors().iter().map(|sector| sector.callsigns.len()).sum(),
            without_owners: unowned.map(|sector| sector.id.to_string()).collect(),
            transition_altitude_ft: airspace.transition_altitude_ft(),
            notes,
            survey: None,
        }
    }

    /// The same report with a survey of overlaps, hidden sectors and gaps, which takes a while.
    pub fn surveyed(self, airspace: &Airspace) -> Self {
        Self { survey: Some(Survey::of(airspace)), ..self }
    }

    /// One line per repaired feature.
    pub fn repairs(&self) -> &[String] {
        &self.notes.repairs
    }

    /// One line per part that was read as it is, although the author may have meant something else.
    pub fn warnings(&self) -> &[String] {
        &self.notes.warnings
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { features, polygons, vertices } = self.notes.counts;
        let approximate = if self.is_approximate { ", approximate" } else { "" };
        writeln!(f, "revision {}{approximate}", self.revision)?;
        let Self { sectors, volumes, callsigns, .. } = self;
        writeln!(
            f,
            "{features} features, {sectors} sectors in {volumes} volumes, {polygons} polygons, {vertices} vertices, {callsigns} callsigns"
        )?;
        writeln!(f, "transition altitude {} ft", self.transition_altitude_ft)?;
        if !self.has_boundary {
            writeln!(f, "no boundary feature: the sectors together are the boundary")?;
        }
        if self.sectors == 0 {
            writeln!(f, "no sector: flights are stored, visits are not")?;
        }
        list(f, "repaired", &self.notes.repairs)?;
        list(f, "warnings", &self.notes.warnings)?;
        list(f, "sectors without owners (never staffed)", &self.without_owners)?;
        let Some(survey) = &self.survey else { return Ok(()) };
        if survey.is_partial {
            writeln!(f, "too much to compare all of it: the following lists are not whole")?;
        }
        list(f, "overlaps (the first of two is recorded)", &survey.overlaps)?;
        list(f, "sectors that can never be reported (by sampling)", &survey.never_reported)?;
        list(f, "gaps (by sampling)", &survey.gaps)
    }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, lines: &[String]) -> fmt::Result {
    if lines.is_empty() {
        return writeln!(f, "{title}: none");
    }
    writeln!(f, "{title}: {}", lines.len())?;
    for line in lines.iter().take(PRINTED) {
        writeln!(f, "  {line}")?;
    }
    match lines.len().saturating_sub(PRINTED) {
        0 => Ok(()),
        more => writeln!(f, "  and {more} more"),
    }
}
