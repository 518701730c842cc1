//! The rows of `VATSpy.dat`: sections of lines, whose fields are parted by `|`.

use std::fmt;

use crate::import::{
    Findings,
    encoding::{Mixed, READ_AS_WINDOWS_1252},
    position::normal,
};
use crate::visible::is_visible;

/// A section that is known, with the number of its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Countries,
    Airports,
    Firs,
    Uirs,
    Idl,
}

impl Section {
    const ALL: [Self; 5] = [Self::Countries, Self::Airports, Self::Firs, Self::Uirs, Self::Idl];

    /// As it stands in brackets, and as the report counts its rows.
    fn name(self) -> &'static str {
        match self {
            Self::Countries => "countries",
            Self::Airports => "airports",
            Self::Firs => "firs",
            Self::Uirs => "uirs",
            Self::Idl => "idl",
        }
    }

    fn fields(self) -> usize {
        match self {
            Self::Countries | Self::Uirs => 3,
            Self::Airports => 7,
            Self::Firs => 4,
            Self::Idl => 2,
        }
    }
}

/// A row of `[FIRs]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fir {
    pub element: Element,
    pub icao: String,
    pub name: String,
    /// As callsigns are compared; it may be empty.
    pub prefix: String,
    /// The id of the features that draw it.
    pub boundary: String,
}

/// A row of `[UIRs]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Uir {
    /// As callsigns are compared.
    pub id: String,
    pub name: String,
    /// ICAO codes of FIRs.
    pub members: Vec<String>,
}

/// What the report calls a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    section: Section,
    /// Among the rows of its section, from 1.
    number: usize,
    name: String,
    /// In the file, from 1.
    pub line: usize,
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let section = match self.section {
            Section::Countries => "country",
            Section::Airports => "airport",
            Section::Firs => "FIR",
            Section::Uirs => "UIR",
            Section::Idl => "IDL",
        };
        write!(f, "{section} row {}", self.number)?;
        match &*self.name {
            "" => Ok(()),
            name => write!(f, " ({name})"),
        }
    }
}

/// What the file holds that has to do with sectors.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    pub firs: Vec<Fir>,
    pub uirs: Vec<Uir>,
}

impl Rows {
    /// Adds the rows of a file. Those that are not as their section wants them are left out.
    pub fn add(&mut self, content: &Mixed, findings: &mut Findings) {
        let mut section = None;
        let mut numbers = [0; Section::ALL.len()];
        let mut start = 0;
        for (line, raw) in (1..).zip(content.text.split('\n')) {
            let part = start..start + raw.len();
            start = part.end + 1;
            // The format has no escape: a `;` is a comment wherever it stands.
            let row = raw.split(';').next().unwrap_or_default().trim();
            if row.is_empty() {
                continue;
            }
            if let Some(name) = row.strip_prefix('[').and_then(|row| row.strip_suffix(']')) {
                section = Section::ALL.into_iter().find(|it| it.name().eq_ignore_ascii_case(name));
                if section.is_none() {
                    findings.warn(format!("line {line}: the section {row} is not known"));
                }
                continue;
            }
            let Some(section) = section else {
                // Either the warning above names it, or nothing says what it could be.
                continue;
            };
            let number = &mut numbers[section as usize];
            *number += 1;
            findings.count(section.name(), 1);
            let fields = fields(row, section);
            let name = fields.first().copied().unwrap_or_default();
            let element = Element { section, number: *number, name: name.to_owned(), line };
            if content.is_foreign(part) {
                findings.repair(element.to_string(), READ_AS_WINDOWS_1252);
            }
            if let Err(reason) = self.add_row(section, &fields, &element) {
                findings.leave_out(element.to_string(), format!("line {line}: {reason}"));
            }
        }
    }

    fn add_row(
        &mut self,
        section: Section,
        fields: &[&str],
        element: &Element,
    ) -> Result<(), String> {
        if !fields.iter().all(|field| is_visible(field)) {
            return Err("it has control characters".into());
        }
        match (section, fields) {
            (Section::Firs, &[icao, name, prefix, boundary]) => {
                filled(&[(icao, "ICAO code"), (boundary, "boundary")])?;
                self.firs.push(Fir {
                    element: element.clone(),
                    icao: normal(icao),
                    name: name.to_owned(),
                    prefix: normal(prefix),
                    boundary: boundary.to_owned(),
                });
            }
            (Section::Uirs, &[id, name, members]) => {
                filled(&[(id, "id"), (members, "FIRs")])?;
                let members = members.split(',').map(normal).filter(|it| !it.is_empty());
                let (id, members) = (normal(id), members.collect());
                self.uirs.push(Uir { id, name: name.to_owned(), members });
            }
            (Section::Countries, [name, prefix, _]) => {
                filled(&[(name, "name"), (prefix, "prefix")])?;
            }
            (Section::Airports, [icao, _, latitude, longitude, ..]) if fields.len() == 7 => {
                filled(&[(icao, "ICAO code")])?;
                on_globe(latitude, longitude)?;
            }
            (Section::Idl, [latitude, longitude]) => on_globe(latitude, longitude)?,
            _ => return Err(format!("{} fields instead of {}", fields.len(), section.fields())),
        }
        Ok(())
    }
}

/// The fields of a row, without empty ones behind the last that the section has.
fn fields(row: &str, section: Section) -> Vec<&str> {
    let mut fields: Vec<&str> = row.split('|').map(str::trim).collect();
    while fields.len() > section.fields() && fields.last() == Some(&"") {
        fields.pop();
    }
    fields
}

fn filled(fields: &[(&str, &str)]) -> Result<(), String> {
    match fields.iter().find(|(field, _)| field.is_empty()) {
        Some((_, what)) => Err(format!("without {what}")),
        None => Ok(()),
    }
}

/// The line of the date crosses ±180, so longitudes go on beyond it.
fn on_globe(latitude: &str, longitude: &str) -> Result<(), String> {
    let within = |text: &str, most: f64| text.parse::<f64>().is_ok_and(|it| it.abs() <= most);
    match within(latitude, 90.0) && within(longitude, 360.0) {
        true => Ok(()),
        false => Err(format!("\"{latitude}\", \"{longitude}\" is no point on the globe")),
    }
}
