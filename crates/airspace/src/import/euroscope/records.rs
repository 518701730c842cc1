//! `[AIRSPACE]`: lines, circles and sectors as the file has them.

use std::collections::BTreeMap;

use geo::Coord;

use super::{
    coordinate::{self, Offset},
    text::Row,
};
use crate::import::{Findings, named::Named};

/// What a border is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Line(Vec<Coord>),
    Circle(Centre, f64),
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Centre {
    At(Coord),
    /// Where that is, an `.sct` says.
    Fix(String),
}

/// A sector.
#[derive(Debug, Default)]
pub(super) struct Sector {
    pub(super) name: String,
    /// As they are written.
    pub(super) limits: (String, String),
    pub(super) owners: Vec<String>,
    pub(super) border: Vec<String>,
    /// Runways, each with its airport.
    pub(super) active: Vec<(String, String)>,
}

/// What one file says of airspace.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// Lines and circles.
    pub(super) shapes: Named<Shape>,
    /// In the order of the file.
    pub(super) sectors: Vec<Sector>,
    /// How many of each that is not imported.
    pub(super) passed_over: BTreeMap<&'static str, usize>,
    open: Open,
}

/// To what the lines that come belong.
#[derive(Debug, Default)]
enum Open {
    #[default]
    Nothing,
    Line(String, Result<Vec<Coord>, String>),
    Sector,
    /// An area of which nothing is read: its coordinates are no one else's.
    PassedOver,
}

impl Records {
    /// Reads the next line of the section.
    pub(super) fn add(&mut self, row: Row<'_>, offset: Offset, findings: &mut Findings) {
        let fields = row.fields();
        let Some((&keyword, rest)) = fields.split_first() else { return };
        let is_kept = match keyword {
            "SECTORLINE" => {
                self.close(findings);
                self.open = Open::Line(rest.join(":"), Ok(Vec::new()));
                true
            }
            "CIRCLE_SECTORLINE" => {
                self.close(findings);
                self.add_circle(row, rest, offset, findings);
                true
            }
            "SECTOR" => {
                self.close(findings);
                self.add_sector(row, rest, findings);
                true
            }
            "COORD" => self.add_point(row, rest, offset),
            "OWNER" | "BORDER" | "ACTIVE" => self.add_to_sector(row, keyword, rest, findings),
            "ALTOWNER" | "GUEST" | "DEPAPT" | "ARRAPT" => {
                let known = ["ALTOWNER", "GUEST", "DEPAPT", "ARRAPT"];
                let name = known.into_iter().find(|&it| it == keyword).unwrap_or_default();
                *self.passed_over.entry(name).or_default() += 1;
                true
            }
            "MSAW" => {
                self.close(findings);
                self.open = Open::PassedOver;
                true
            }
            _ => true,
        };
        if !is_kept {
            let element = format!("{keyword} in line {}", row.number);
            findings.leave_out(element, "nothing before it that it belongs to");
        }
    }

    /// Ends what is open: the section, or the file, has ended.
    pub(super) fn close(&mut self, findings: &mut Findings) {
        let Open::Line(name, points) = std::mem::take(&mut self.open) else { return };
        let points = points.and_then(|points| match points.len() {
            0 | 1 => Err("it has fewer than two points".to_owned()),
            _ => Ok(Shape::Line(points)),
        });
        self.shapes.insert("SECTORLINE", name, points, findings);
    }

    /// Whether there is a line to which the point belongs.
    fn add_point(&mut self, row: Row<'_>, fields: &[&str], offset: Offset) -> bool {
        match &mut self.open {
            Open::Line(_, Ok(points)) => {
                match point(fields, offset) {
                    Some(point) => points.push(point),
                    None => {
                        let reason = format!("line {}: {} is no point", row.number, row.text);
                        if let Open::Line(_, points) = &mut self.open {
                            *points = Err(reason);
                        }
                    }
                }
                true
            }
            Open::Line(_, Err(_)) | Open::PassedOver => true,
            Open::Nothing | Open::Sector => false,
        }
    }

    fn add_circle(
        &mut self,
        row: Row<'_>,
        fields: &[&str],
        offset: Offset,
        findings: &mut Findings,
    ) {
        let name = fields.first().copied().unwrap_or_default().to_owned();
        let circle = circle(fields, offset)
            .ok_or_else(|| format!("line {}: no centre and radius can be read", row.number));
        self.shapes.insert("CIRCLE_SECTORLINE", name, circle, findings);
    }

    fn add_sector(&mut self, row: Row<'_>, fields: &[&str], findings: &mut Findings) {
        findings.count("sectors", 1);
        let [name, low, high, ..] = *fields else {
            self.open = Open::PassedOver;
            findings.leave_out(format!("{} in line {}", row.text, row.number), "it has no limits");
            return;
        };
        if name.is_empty() {
            self.open = Open::PassedOver;
            findings.leave_out(format!("{} in line {}", row.text, row.number), "it has no name");
            return;
        }
        self.open = Open::Sector;
        self.sectors.push(Sector {
            name: name.to_owned(),
            limits: (low.to_owned(), high.to_owned()),
            ..Sector::default()
        });
    }

    /// Whether there is a sector to which the fields belong.
    fn add_to_sector(
        &mut self,
        row: Row<'_>,
        keyword: &str,
        fields: &[&str],
        findings: &mut Findings,
    ) -> bool {
        if matches!(self.open, Open::PassedOver) {
            return true;
        }
        let (Open::Sector, Some(sector)) = (&self.open, self.sectors.last_mut()) else {
            return false;
        };
        let names = fields.iter().filter(|field| !field.is_empty()).map(|&field| field.to_owned());
        match (keyword, fields) {
            ("OWNER", _) => sector.owners.extend(names),
            ("BORDER", _) => sector.border.extend(names),
            (_, [airport, runway, ..]) => {
                sector.active.push(((*airport).to_owned(), (*runway).to_owned()));
            }
            _ => findings.leave_out(
                format!("{} in line {}", row.text, row.number),
                "it has no airport and runway",
            ),
        }
        true
    }
}

fn point(fields: &[&str], offset: Offset) -> Option<Coord> {
    let [latitude, longitude, ..] = *fields else { return None };
    offset.shifted(coordinate::point(latitude, longitude)?)
}

/// `name:fix:radius` or `name:latitude:longitude:radius`.
fn circle(fields: &[&str], offset: Offset) -> Option<Shape> {
    // Of a quarter of the globe no circle is left.
    let radius = |field: &str| {
        let radius = field.parse::<f64>().ok()?;
        (radius > 0.0 && radius < 5400.0).then_some(radius)
    };
    match *fields {
        [_, fix, radius_nm] | [_, fix, radius_nm, ""] if !fix.is_empty() => {
            Some(Shape::Circle(Centre::Fix(fix.to_owned()), radius(radius_nm)?))
        }
        [_, latitude, longitude, radius_nm, ..] => {
            let centre = point(&[latitude, longitude], offset)?;
            Some(Shape::Circle(Centre::At(centre), radius(radius_nm)?))
        }
        _ => None,
    }
}
