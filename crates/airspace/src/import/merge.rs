//! One profile added to another.

use std::collections::{HashMap, HashSet};

use super::{Draft, DraftSector, Findings, ImportError, Position};

/// Adds what was imported behind what a file holds already. What the file has under the same id stays as it is there;
/// another sector or position of that id is left out.
pub(super) fn merged(
    mut into: Draft,
    added: Draft,
    findings: &mut Findings,
) -> Result<Draft, ImportError> {
    let has_positions = !into.positions.is_empty() && !added.positions.is_empty();
    if into.cut_hyphen != added.cut_hyphen && has_positions {
        return Err(ImportError::CutHyphen);
    }
    if let (Some(file_ft), Some(ft)) = (into.transition_altitude_ft, added.transition_altitude_ft)
        && file_ft != ft
    {
        return Err(ImportError::TransitionAltitudes { file_ft, ft });
    }
    let places: HashMap<String, usize> =
        into.sectors.iter().enumerate().map(|(at, sector)| (sector.id.clone(), at)).collect();
    for sector in added.sectors {
        match places.get(&sector.id).and_then(|&at| into.sectors.get(at)) {
            None => into.sectors.push(sector),
            Some(known) if is_same(known, &sector) => {}
            Some(_) => findings.leave_out(
                format!("sector {}", sector.id),
                "the file that it is merged into has another sector of this id",
            ),
        }
    }
    add_positions(&mut into.positions, added.positions, findings);
    into.boundary.extend(added.boundary);
    into.cut_hyphen |= added.cut_hyphen;
    into.approximate |= added.approximate;
    into.transition_altitude_ft = into.transition_altitude_ft.or(added.transition_altitude_ft);
    into.dataset = added.dataset;
    Ok(into)
}

/// Whether two sectors say the same, apart from where they were read.
fn is_same(a: &DraftSector, b: &DraftSector) -> bool {
    let bare = |sector: &DraftSector| {
        let mut sector = DraftSector { division: None, ..sector.clone() };
        sector.volumes.iter_mut().for_each(|volume| volume.element.clear());
        sector
    };
    bare(a) == bare(b)
}

fn add_positions(into: &mut Vec<Position>, added: Vec<Position>, findings: &mut Findings) {
    let of_id = |positions: &[Position]| {
        let mut by_id: HashMap<String, Vec<Position>> = HashMap::new();
        for position in positions {
            by_id.entry(position.id.clone()).or_default().push(position.clone());
        }
        by_id
    };
    let (known, new) = (of_id(into), of_id(&added));
    let mut told = HashSet::new();
    for position in added {
        match known.get(&position.id) {
            None => into.push(position),
            Some(known) if new.get(&position.id) == Some(known) => {}
            Some(_) => {
                if told.insert(position.id.clone()) {
                    findings.leave_out(
                        format!("position {}", position.id),
                        "the file that it is merged into has another position of this id",
                    );
                }
            }
        }
    }
}
