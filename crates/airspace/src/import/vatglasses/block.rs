//! Blocks: shapes with one outline and two levels.

use serde_json::value::RawValue;

use super::super::Line;
use super::{
    json::{Members, excerpt, items, number, text, texts},
    point::point,
};

/// One block of an airspace, as the file has it.
pub(super) struct Block {
    /// Its points, or why they cannot be used.
    pub(super) line: Result<Line, String>,
    /// Its limits, or why they cannot be used.
    pub(super) limits: Result<Limits, String>,
    /// The runways that must be in use for the block to hold.
    pub(super) active_when: Option<String>,
    /// What was read as it stands, though something else may have been meant.
    pub(super) remarks: Vec<String>,
}

/// Feet; `None` is unlimited.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    pub(super) floor_ft: Option<f64>,
    pub(super) ceiling_ft: Option<f64>,
}

impl Block {
    pub(super) fn read(raw: &RawValue) -> Self {
        let Some(members) = Members::of(raw) else {
            let fault = || format!("it is no object: {}", excerpt(raw));
            let (line, limits) = (Err(fault()), Err(fault()));
            return Self { line, limits, active_when: None, remarks: Vec::new() };
        };
        let mut remarks = Vec::new();
        let line = match members.get("points") {
            Some(points) => line(points, &mut remarks),
            None => Err("it has no points".to_owned()),
        };
        let limits = limits(&members, &mut remarks);
        let active_when = members.get("runways").and_then(runways);
        if let Some(active_when) = &active_when {
            remarks.push(format!(
                "is taken as always active; the file has it with {active_when} in use alone"
            ));
        }
        Self { line, limits, active_when, remarks }
    }
}

fn line(raw: &RawValue, remarks: &mut Vec<String>) -> Result<Line, String> {
    let points = items(raw).ok_or_else(|| format!("its points are no list: {}", excerpt(raw)))?;
    let (mut line, mut carrying) = (Line::with_capacity(points.len()), 0_usize);
    for (number, raw) in (1..).zip(points) {
        let fault = || {
            let excerpt = excerpt(raw);
            format!(r#"point {number} is no ["±ddmmss","±dddmmss"] on the globe: {excerpt}"#)
        };
        let pair: (String, String) = serde_json::from_str(raw.get()).map_err(|_| fault())?;
        let (coord, carries) = point(&pair.0, &pair.1).ok_or_else(fault)?;
        carrying += usize::from(carries);
        line.push(coord);
    }
    if carrying > 0 {
        remarks.push(format!(
            "has {carrying} points with more than 59 minutes or seconds, which carry over"
        ));
    }
    match line.len() {
        0..3 => Err(format!("it has {} points; a shape needs three", line.len())),
        _ => Ok(line),
    }
}

fn limits(members: &Members<'_>, remarks: &mut Vec<String>) -> Result<Limits, String> {
    let mut level = |name: &str| -> Result<Option<f64>, String> {
        let Some(raw) = members.get(name) else { return Ok(None) };
        // Beyond a billion feet it is no level, and would not stay finite in feet.
        let level = number(raw).filter(|level| level.abs() < 1e7);
        let level = level.ok_or_else(|| format!("its {name} is no level: {}", excerpt(raw)))?;
        if level.fract() != 0.0 {
            remarks.push(format!("has {level} for {name}, which is no whole flight level"));
        }
        Ok(Some(level))
    };
    match (level("min")?, level("max")?) {
        (Some(min), Some(max)) if min > max => {
            Err(format!("its min of {min} is above its max of {max}"))
        }
        (min, max) => {
            // The sum turns −0 into 0.
            let floor_ft = min.map(|min| 100.0 * min + 0.0);
            let ceiling_ft = max.map(|max| 100.0 * above(max, min) + 0.0);
            Ok(Limits { floor_ft, ceiling_ft })
        }
    }
}

/// The level at which the next block begins. Both levels of a block belong to it, so below a block from 245 the file
/// has 244; and a block of a single level would have no height.
fn above(max: f64, min: Option<f64>) -> f64 {
    let is_last_before_next = max.rem_euclid(5.0) == 4.0;
    if is_last_before_next || min == Some(max) { max + 1.0 } else { max }
}

/// `EGLL 27L,27R and EGLC 09`: all of them must be in use. What cannot be read is given as it stands, because the
/// block holds only sometimes in that case, too.
fn runways(raw: &RawValue) -> Option<String> {
    let entries = items(raw).unwrap_or_else(|| vec![raw]);
    let read: Option<Vec<String>> = entries.into_iter().map(runway).collect();
    let together = read.map_or_else(|| excerpt(raw), |read| read.join(" and "));
    Some(together).filter(|together| !together.is_empty())
}

fn runway(raw: &RawValue) -> Option<String> {
    let members = Members::of(raw)?;
    let (icao, runways) = (text(members.get("icao")?)?, texts(members.get("runway")?)?);
    Some(format!("{icao} {}", runways.join(",")))
}
