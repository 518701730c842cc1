//! Sectors and positions of rows and shapes.

use std::collections::{HashMap, HashSet};

use super::{
    boundaries::{Area, Areas},
    join::{Claim, Join},
    rows::{Fir, Rows},
};
use crate::import::{Draft, DraftSector, Findings, Position};

const CONTROL: &str = "CTR";
const FLIGHT_SERVICE: &str = "FSS";

/// Joins the shapes with the rows that name them. A row whose boundary is not drawn is left out, but its callsigns
/// are known: who logs on to them controls nothing, and not what a shorter callsign would control.
pub(super) fn draft(rows: &Rows, areas: Areas, findings: &mut Findings) -> Draft {
    let join = Join::of(rows, findings);
    for fir in &rows.firs {
        if areas.of(&fir.boundary).is_none() {
            let Fir { element, boundary, .. } = fir;
            let reason = format!("line {}: no feature has the id {boundary}", element.line);
            findings.leave_out(element.to_string(), reason);
        }
    }
    let positions = join.stems.iter().flat_map(|stem| {
        [CONTROL, FLIGHT_SERVICE].map(|suffix| Position {
            id: format!("{}_{suffix}", stem.stem),
            prefixes: vec![stem.stem.to_owned()],
            suffix: suffix.to_owned(),
            frequency_hz: None,
            name: (!stem.name.is_empty()).then(|| stem.name.to_owned()),
        })
    });
    let positions = positions.collect();
    let mut owners = owners(&join, rows, &areas).into_iter();
    let names = names(&rows.firs);
    let mut sectors = Vec::new();
    for area in areas.areas {
        let owners = owners.next().unwrap_or_default();
        if area.volumes.all.is_empty() {
            // Its features are left out already.
            continue;
        }
        let name = names.get(&*area.boundary).map_or(&*area.boundary, |fir| &*fir.name).to_owned();
        if !rows.firs.is_empty() && !names.contains_key(&*area.boundary) {
            findings.warn(format!("feature {} is named by no FIR row: it has no owners", area.id));
        }
        sectors.push(sector(area, name, owners));
    }
    Draft { sectors, positions, ..Draft::default() }
}

fn sector(area: Area, name: String, owners: Vec<String>) -> DraftSector {
    let kind = if area.is_oceanic { FLIGHT_SERVICE } else { CONTROL };
    DraftSector {
        id: area.id,
        name,
        kind: Some(kind.to_owned()),
        division: area.division,
        owners,
        volumes: area.volumes.all,
        ..DraftSector::default()
    }
}

/// The row that names each boundary. Rows of other FIRs may borrow a boundary (Hagav and Pluto that of Tel Aviv), and
/// those with a prefix may be a part of it (`Lima North`).
fn names(firs: &[Fir]) -> HashMap<&str, &Fir> {
    let mut names: HashMap<&str, &Fir> = HashMap::new();
    let fitness = |fir: &Fir| (is_own(fir), fir.prefix.is_empty());
    for fir in firs.iter().filter(|fir| !fir.name.is_empty()) {
        let best = names.entry(&fir.boundary).or_insert(fir);
        if fitness(fir) > fitness(best) {
            *best = fir;
        }
    }
    names
}

/// Whether the row is that of the boundary itself.
fn is_own(fir: &Fir) -> bool {
    fir.icao.eq_ignore_ascii_case(&fir.boundary)
}

/// The owners of each area: positions of FIRs by their rows, those that borrow the boundary last, then those of UIRs.
/// Of one stem, that of the area's own kind comes first; of twins, each is owned by its own kind alone.
fn owners(join: &Join, rows: &Rows, areas: &Areas) -> Vec<Vec<String>> {
    let mut claims: Vec<(Claim, &Fir)> =
        join.claims.iter().map(|&claim| (claim, &rows.firs[claim.row])).collect();
    claims.sort_by_key(|&(Claim { is_uir, .. }, fir)| (is_uir, !is_uir && !is_own(fir)));
    let mut owners = vec![Vec::new(); areas.areas.len()];
    let mut known = HashSet::new();
    for (Claim { stem, .. }, fir) in claims {
        let Some((control, service)) = areas.of(&fir.boundary) else { continue };
        let mut pairs = [(control, CONTROL), (service, FLIGHT_SERVICE)];
        if areas.areas[control].is_oceanic {
            pairs.reverse();
        }
        for (area, suffix) in pairs {
            if known.insert((area, stem, suffix)) {
                owners[area].push(format!("{}_{suffix}", join.stems[stem].stem));
            }
        }
    }
    owners
}
