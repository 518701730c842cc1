//! Where a point is, and whom a callsign is: what `check-airspace --at` and `--callsign` answer.

use std::fmt;

use sectorwatch_core::{
    airspace::{Airspace, Sector, Volume},
    level::Level,
};
use serde::Serialize;

/// A point to look up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// Feet; limits are not judged without it.
    pub altitude_ft: Option<i32>,
}

/// The sectors at a point.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PointAnswer<'a> {
    latitude: f64,
    longitude: f64,
    altitude_ft: Option<i32>,
    primary: Option<&'a str>,
    hits: Vec<Hit<'a>>,
    not_taken: Vec<NotTaken<'a>>,
}

/// A sector that holds the point.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Hit<'a> {
    sector: &'a str,
    kind: Option<&'a str>,
    floor_ft: Option<f64>,
    ceiling_ft: Option<f64>,
    area_sq_deg: f64,
    owners: &'a [String],
    primary: bool,
}

/// A sector over the point that is not recorded, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct NotTaken<'a> {
    sector: &'a str,
    reason: &'static str,
}

/// Looks a point up at a QNH of 1013 hPa. The hits are ordered by area, the smallest first.
pub fn point(airspace: &Airspace, at: Point) -> PointAnswer<'_> {
    let level = at.altitude_ft.map(|feet| airspace.level(feet, None));
    let mut hits: Vec<Hit<'_>> = Vec::new();
    let mut not_taken = Vec::new();
    for sector in airspace.sectors_over(at.latitude, at.longitude) {
        let over = sector.volumes.iter().filter(|it| it.contains(at.latitude, at.longitude));
        let holds = |volume: &&Volume| level.is_none_or(|level| volume.holds(level, 0.0));
        let Some(volume) = over.clone().find(holds) else {
            not_taken.push(NotTaken { sector: &sector.id, reason: beside(over, level) });
            continue;
        };
        let hit = hit(sector, volume, hits.is_empty());
        if let Some(primary) = hits.first() {
            // As areas are compared: in billionths of a square degree.
            let is_larger = (hit.area_sq_deg - primary.area_sq_deg).abs() > 1e-9;
            let reason = if is_larger { "larger" } else { "later_in_file" };
            not_taken.push(NotTaken { sector: &sector.id, reason });
        }
        hits.push(hit);
    }
    let Point { latitude, longitude, altitude_ft } = at;
    let primary = hits.first().map(|hit| hit.sector);
    PointAnswer { latitude, longitude, altitude_ft, primary, hits, not_taken }
}

fn hit<'a>(sector: &'a Sector, volume: &Volume, primary: bool) -> Hit<'a> {
    Hit {
        sector: &sector.id,
        kind: sector.kind.as_deref(),
        floor_ft: volume.floor_ft,
        ceiling_ft: volume.ceiling_ft,
        area_sq_deg: sector.area(),
        owners: &sector.owners,
        primary,
    }
}

/// On which side of the volumes over the point the altitude is: below one of them, else above all.
fn beside<'a>(mut over: impl Iterator<Item = &'a Volume>, level: Option<Level>) -> &'static str {
    let is_below = |volume: &Volume| {
        let floor = Volume { floor_ft: volume.floor_ft, ..Volume::default() };
        level.is_some_and(|level| !floor.holds(level, 0.0))
    };
    if over.any(is_below) { "below" } else { "above" }
}

/// The positions that a controller staffs, and the sectors that they own.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallsignAnswer<'a> {
    callsign: &'a str,
    positions: Vec<&'a str>,
    sectors: Vec<Owned<'a>>,
}

/// A sector, and the place of the first of the positions among its owners.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Owned<'a> {
    sector: &'a str,
    rank: usize,
}

/// Looks a callsign up. Without a frequency, in hertz, a callsign that several positions share staffs none of them.
pub fn callsign<'a>(
    airspace: &'a Airspace,
    callsign: &'a str,
    frequency_hz: Option<u32>,
) -> CallsignAnswer<'a> {
    let staffed = airspace.positions().staffed_by(callsign, frequency_hz);
    let mut positions: Vec<&str> = staffed.iter().map(|position| &*position.id).collect();
    positions.dedup();
    let owned = |sector: &'a Sector| {
        let rank = sector.owners.iter().position(|owner| positions.contains(&&**owner))?;
        Some(Owned { sector: &sector.id, rank })
    };
    let sectors = airspace.sectors().iter().filter_map(owned).collect();
    CallsignAnswer { callsign, positions, sectors }
}

impl fmt::Display for PointAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.latitude, self.longitude)?;
        match self.altitude_ft {
            Some(feet) => writeln!(f, " at {feet} ft: {}", self.primary.unwrap_or("no sector"))?,
            None => writeln!(f, ": {}", self.primary.unwrap_or("no sector"))?,
        }
        for hit in &self.hits {
            let limit =
                |ft: Option<f64>| ft.map_or("unlimited".to_owned(), |ft| format!("{ft} ft"));
            let (floor, ceiling) = (limit(hit.floor_ft), limit(hit.ceiling_ft));
            let owners =
                if hit.owners.is_empty() { "none".to_owned() } else { hit.owners.join(" ") };
            let (sector, area) = (hit.sector, hit.area_sq_deg);
            writeln!(
                f,
                "  {sector}: {floor} to {ceiling}, {area:.3} square degrees, owners {owners}"
            )?;
        }
        for NotTaken { sector, reason } in &self.not_taken {
            writeln!(f, "  not {sector}: {}", reason.replace('_', " "))?;
        }
        Ok(())
    }
}

impl fmt::Display for CallsignAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let positions = self.positions.join(" ");
        let positions = if positions.is_empty() { "no position" } else { &positions };
        writeln!(f, "{}: {positions}", self.callsign)?;
        for Owned { sector, rank } in &self.sectors {
            writeln!(f, "  {sector}: rank {rank}")?;
        }
        Ok(())
    }
}
