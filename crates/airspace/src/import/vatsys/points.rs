//! Points of boundaries: coordinates, or names that `Airspace.xml` explains.

use geo::Coord;

use super::xml;
use crate::import::{
    Findings, ImportError, Line, Source,
    coordinate::{Iso6709, iso_6709},
    named::Places,
};

/// Where the named points are.
#[derive(Debug, Default)]
pub(super) struct Names(Places);

impl Names {
    /// Adds the points and airports of an `Airspace.xml`. A bad one costs itself, and is told when it is used.
    ///
    /// # Errors
    ///
    /// Says in which line the file stops being XML.
    pub(super) fn read(&mut self, source: &Source) -> Result<(), ImportError> {
        xml::each(source, &["Point", "Airport"], |element| {
            let name = element.attribute("Name").or_else(|| element.attribute("ICAO"));
            let position = element.attribute("Position").unwrap_or(&element.text);
            if let (Some(name), Some((point, _))) = (name, iso_6709(position)) {
                self.0.add(name, point);
            }
        })
    }

    fn place(&self, name: &str) -> Result<Coord, String> {
        match self.0.get(name) {
            Some(Some(point)) => Ok(point),
            Some(None) => Err(format!("{name} is the name of several places in Airspace.xml")),
            None => Err(format!("{name} is no coordinate, and no Airspace.xml names it")),
        }
    }
}

/// The points of a boundary in the order of the file.
///
/// # Errors
///
/// Says which point is bad.
pub(super) fn line(text: &str, names: &Names, findings: &mut Findings) -> Result<Line, String> {
    let (mut dms, mut decimal) = (0, 0);
    let mut line = Line::new();
    let mut bad = None;
    for written in points(text) {
        match point(written, names) {
            Ok((point, form)) => {
                line.push(point);
                match form {
                    Some(Iso6709::Degrees) => decimal += 1,
                    Some(Iso6709::DegreesMinutes | Iso6709::DegreesMinutesSeconds) => dms += 1,
                    None => {}
                }
            }
            Err(reason) => {
                let number = line.len() + 1;
                bad.get_or_insert(format!("point {number}: {reason}"));
                break;
            }
        }
    }
    findings.count("points_dms", dms);
    findings.count("points_decimal", decimal);
    match bad {
        Some(reason) => Err(reason),
        None if line.is_empty() => Err("it has no points".into()),
        None => Ok(line),
    }
}

/// A `/` stands between two points, and each has a line of its own: either parts them.
fn points(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', '\n', '\r']).map(str::trim).filter(|point| !point.is_empty())
}

fn point(written: &str, names: &Names) -> Result<(Coord, Option<Iso6709>), String> {
    if !written.starts_with(['+', '-']) {
        return Ok((names.place(written)?, None));
    }
    let point = iso_6709(written);
    let (point, form) = point.ok_or_else(|| format!("{written} is no coordinate of ISO 6709"))?;
    Ok((point, Some(form)))
}
