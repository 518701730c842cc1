//! Sectors with their volumes and owners.

use std::collections::{HashMap, HashSet};

use super::{claims, sectors::Sector, volumes::Volumes};
use crate::import::{Draft, DraftSector, DraftVolume, Findings, MOST_POINTS, limits};

/// Joins what the files say.
///
/// # Errors
///
/// Says so where it is too much.
pub(super) fn join(
    sectors: Vec<Sector>,
    volumes: Volumes,
    findings: &mut Findings,
) -> Result<Draft, String> {
    let sectors = unique(sectors, findings);
    let owners = claims::owners(&sectors, findings)?;
    let volumes = volumes.join(findings)?;
    report_unused(&sectors, &volumes, findings);
    let volumes: HashMap<String, Option<DraftVolume>> = volumes.into_iter().collect();
    let sizes: HashMap<&str, usize> = volumes
        .iter()
        .map(|(name, volume)| (name.as_str(), volume.as_ref().map_or(0, points_of)))
        .collect();
    let name = |&number: &usize| sectors.get(number).map(|sector| sector.name.clone());
    let mut draft = Draft::default();
    let mut points = 0;
    for (sector, owners) in sectors.iter().zip(owners) {
        draft.positions.extend(sector.position());
        if sector.volumes.is_empty() {
            // A position without airspace of its own: what it controls, it takes over.
            continue;
        }
        // Sectors share volumes, and each gets the points of its own.
        let shared = sector.volumes.iter().collect::<HashSet<_>>();
        points += shared.iter().filter_map(|it| sizes.get(it.as_str())).sum::<usize>();
        if points > MOST_POINTS {
            return Err(format!("the volumes of all sectors have more than {MOST_POINTS} points"));
        }
        let volumes = volumes_of(sector, &volumes, findings);
        if volumes.is_empty() {
            findings
                .warn(format!("sector {} is not written: no volume of it is left", sector.name));
            continue;
        }
        draft.sectors.push(DraftSector {
            id: sector.name.clone(),
            name: sector.full_name.clone(),
            kind: sector.kind().map(str::to_owned),
            owners: owners.iter().filter_map(name).collect(),
            volumes,
            ..DraftSector::default()
        });
    }
    findings.count("positions", draft.positions.len());
    Ok(draft)
}

/// The name is what all else refers to, so the first sector of a name has it.
fn unique(sectors: Vec<Sector>, findings: &mut Findings) -> Vec<Sector> {
    let mut names = HashSet::new();
    let mut is_first = |sector: &Sector| {
        let is_first = names.insert(sector.name.clone());
        if !is_first {
            let element = format!("sector {} (the second)", sector.name);
            findings.leave_out(element, "another sector has that name before it");
        }
        is_first
    };
    sectors.into_iter().filter(|sector| is_first(sector)).collect()
}

fn volumes_of(
    sector: &Sector,
    volumes: &HashMap<String, Option<DraftVolume>>,
    findings: &mut Findings,
) -> Vec<DraftVolume> {
    let mut taken = HashSet::new();
    let mut found = Vec::new();
    for name in &sector.volumes {
        if !taken.insert(name) {
            findings
                .repair(format!("sector {}", sector.name), format!("it has volume {name} twice"));
            continue;
        }
        match volumes.get(name) {
            Some(volume) => found.extend(volume.clone()),
            None => findings.leave_out(
                format!("volume {name} of sector {}", sector.name),
                "there is no volume of that name",
            ),
        }
    }
    found
}

fn points_of(volume: &DraftVolume) -> usize {
    volume.outlines.iter().map(limits::points).sum()
}

fn report_unused(
    sectors: &[Sector],
    volumes: &[(String, Option<DraftVolume>)],
    findings: &mut Findings,
) {
    let used: HashSet<&str> =
        sectors.iter().flat_map(|sector| &sector.volumes).map(String::as_str).collect();
    let unused: Vec<&str> =
        volumes.iter().map(|(name, _)| name.as_str()).filter(|name| !used.contains(name)).collect();
    if !unused.is_empty() {
        findings.warn(format!("volumes of no sector: {}", unused.join(", ")));
    }
}
