//! How tests look into a draft: written anew, not shared with what they test.

use std::{
    env,
    path::{Path, PathBuf},
};

use geo::Coord;

use super::{Draft, DraftSector, Line, Source};

/// A recorded file that is no part of this project; none, with a line that says so, where it is missing.
pub(super) fn real_data(file: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = env::var_os("SECTORWATCH_REAL_DATA").unwrap_or("../shared".into());
    let path = root.join(folder).join("airspace").join(file);
    if path.exists() {
        return Some(path);
    }
    let message = format!("not run: {} is missing (set SECTORWATCH_REAL_DATA)", path.display());
    assert!(env::var_os("CI").is_none(), "{message}");
    eprintln!("{message}");
    None
}

/// A file as it were read.
pub(super) fn source(path: &str, bytes: impl Into<Vec<u8>>) -> Source {
    Source { path: path.into(), bytes: bytes.into() }
}

/// What two drafts hold is the same.
#[track_caller]
pub(super) fn assert_same(left: &Draft, right: &Draft) {
    assert_eq!(left.sectors, right.sectors);
    assert_eq!(left.positions, right.positions);
    assert_eq!(left.cut_hyphen, right.cut_hyphen);
}

/// The ids of the positions that a callsign is found for, by the rule of control, and of the sectors that they own.
pub(super) fn found(draft: &Draft, callsign: &str) -> (Vec<String>, Vec<String>) {
    let mut callsign = callsign.to_uppercase();
    while callsign.contains("__") {
        callsign = callsign.replace("__", "_");
    }
    let Some((mut stem, suffix)) = callsign.rsplit_once('_') else {
        return Default::default();
    };
    loop {
        let fits = |prefixes: &[String]| prefixes.iter().any(|prefix| prefix == stem);
        let positions: Vec<String> = draft
            .positions
            .iter()
            .filter(|position| position.suffix == suffix && fits(&position.prefixes))
            .map(|position| position.id.clone())
            .collect();
        if !positions.is_empty() {
            let owned =
                |sector: &&DraftSector| sector.owners.iter().any(|owner| positions.contains(owner));
            let sectors =
                draft.sectors.iter().filter(owned).map(|sector| sector.id.clone()).collect();
            return (positions, sectors);
        }
        let cut = |letter: char| letter == '_' || letter == '-' && draft.cut_hyphen;
        match stem.rfind(cut) {
            Some(at) => stem = &stem[..at],
            None => return Default::default(),
        }
    }
}

/// The ids of the sectors around a point, by area, smallest first. Rings are taken as drawn; an edge is inside.
pub(super) fn around(draft: &Draft, latitude: f64, longitude: f64) -> Vec<String> {
    let point = Coord { x: longitude, y: latitude };
    let mut hits: Vec<(f64, String)> = Vec::new();
    for sector in &draft.sectors {
        let outlines = || sector.volumes.iter().flat_map(|volume| &volume.outlines);
        let is_in = outlines().any(|outline| {
            has(&outline.exterior, point) && !outline.holes.iter().any(|hole| has(hole, point))
        });
        if is_in {
            let area = outlines().map(|outline| {
                area(&outline.exterior) - outline.holes.iter().map(area).sum::<f64>()
            });
            hits.push((area.sum(), sector.id.clone()));
        }
    }
    hits.sort_by(|a, b| a.0.total_cmp(&b.0));
    hits.into_iter().map(|(_, id)| id).collect()
}

fn edges(line: &Line) -> impl Iterator<Item = (Coord, Coord)> + '_ {
    line.iter().copied().zip(line.iter().copied().cycle().skip(1))
}

fn has(line: &Line, point: Coord) -> bool {
    let is_between = |at: f64, from: f64, to: f64| from.min(to) <= at && at <= from.max(to);
    let is_on = |(a, b): (Coord, Coord)| {
        let turn = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
        turn == 0.0 && is_between(point.x, a.x, b.x) && is_between(point.y, a.y, b.y)
    };
    if edges(line).any(is_on) {
        return true;
    }
    let crossings = edges(line).filter(|&(a, b)| {
        (a.y > point.y) != (b.y > point.y)
            && point.x < a.x + (b.x - a.x) * (point.y - a.y) / (b.y - a.y)
    });
    crossings.count() % 2 == 1
}

fn area(line: &Line) -> f64 {
    edges(line).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f64>().abs() / 2.0
}
