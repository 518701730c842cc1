//! `Sectors.xml`: who works which volumes, and what else each takes over.

use super::xml;
use crate::import::{
    Findings, ImportError, Position, Source, encoding::READ_AS_WINDOWS_1252, position,
};

/// A sector as the file has it.
#[derive(Debug)]
pub(super) struct Sector {
    pub(super) name: String,
    pub(super) full_name: String,
    /// The stem and the suffix of its callsign.
    callsign: Option<(String, String)>,
    frequency_hz: Option<u32>,
    pub(super) volumes: Vec<String>,
    /// The sectors that its controller also takes.
    pub(super) responsible: Vec<String>,
}

impl Sector {
    pub(super) fn kind(&self) -> Option<&str> {
        self.callsign.as_ref().map(|(_, suffix)| suffix.as_str())
    }

    /// Whether its controller can control anything: one can log on to it, and it is no flow manager, who talks to
    /// no aircraft.
    pub(super) fn controls(&self) -> bool {
        self.kind().is_some_and(|kind| kind != "FMP")
    }

    pub(super) fn position(&self) -> Option<Position> {
        let (stem, suffix) = self.callsign.clone()?;
        Some(Position {
            id: self.name.clone(),
            prefixes: vec![stem],
            suffix,
            frequency_hz: self.frequency_hz,
            name: Some(self.full_name.clone()),
        })
    }
}

/// Adds the sectors of a `Sectors.xml`.
///
/// # Errors
///
/// Says in which line the file stops being XML.
pub(super) fn read(
    source: &Source,
    sectors: &mut Vec<Sector>,
    findings: &mut Findings,
) -> Result<(), ImportError> {
    let mut number = 0;
    xml::each(source, &["Sector"], |element| {
        number += 1;
        findings.count("sectors", 1);
        let unnamed = || format!("sector {number} of {}", source.name());
        let named = element.attribute("Name").map_or_else(unnamed, |it| format!("sector {it}"));
        if element.is_foreign {
            findings.repair(&*named, READ_AS_WINDOWS_1252);
        }
        match sector(&element, findings) {
            Ok(sector) => sectors.push(sector),
            Err(reason) => findings.leave_out(named, reason),
        }
    })
}

fn sector(element: &xml::Element, findings: &mut Findings) -> Result<Sector, String> {
    if let Some(fault) = &element.fault {
        return Err(fault.clone());
    }
    let name = element.attribute("Name").ok_or("it has no Name")?;
    let written = element.attribute("Callsign");
    let callsign = written.and_then(position::split);
    if callsign.is_none() {
        let written = written.unwrap_or_default();
        findings.warn(format!(
            "sector {name} has no position: its callsign {written:?} has no part before and behind \"_\""
        ));
    }
    let frequency = element.attribute("Frequency");
    let frequency_hz = frequency.and_then(position::hertz);
    if let (Some(frequency), None) = (frequency, frequency_hz) {
        findings
            .warn(format!("frequency {frequency:?} of sector {name} is no number of megahertz"));
    }
    let sector = Sector {
        name: name.to_owned(),
        full_name: element.attribute("FullName").unwrap_or(name).to_owned(),
        callsign,
        frequency_hz,
        volumes: element.list("Volumes"),
        responsible: element.list("ResponsibleSectors"),
    };
    findings.count("sectors_with_volumes", usize::from(!sector.volumes.is_empty()));
    findings.count("responsible_refs", sector.responsible.len());
    Ok(sector)
}
