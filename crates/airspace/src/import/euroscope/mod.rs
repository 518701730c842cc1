//! Sector files of EuroScope: the positions and airspace of an `.ese`, and of an `.sct` where its fixes are.

mod borders;
mod chain;
mod coordinate;
mod draft;
mod fixes;
mod positions;
mod records;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{
    Draft, Findings, Format, ImportError, Source,
    limits::{self, MOST_LISTED},
};

use borders::Borders;
use coordinate::Offset;
use draft::Sectors;
use fixes::Fixes;
use positions::Positions;
use records::Records;
use text::Kind;

/// Whether the file is one of this format's, by its content.
pub(super) fn recognises(source: &Source) -> bool {
    text::kind(source).is_some()
}

/// Reads the positions and sectors of the files; names of lines hold within their file.
///
/// # Errors
///
/// Says so when no file has airspace, or more than can be held.
pub(super) fn read(sources: &[Source], findings: &mut Findings) -> Result<Draft, ImportError> {
    let mut fixes = Fixes::default();
    let (mut extensions, mut others) = (Vec::new(), 0);
    for source in sources {
        match text::kind(source) {
            Some(Kind::Extension) => extensions.push(source),
            Some(Kind::SectorFile) => fixes.read(source),
            None => others += 1,
        }
    }
    if extensions.is_empty() {
        let needed = "a file with a section [AIRSPACE] (.ese)";
        return Err(ImportError::Missing { format: Format::Euroscope, needed });
    }
    limits::check_points(extensions.iter().copied(), |bytes| bytes == b"COORD:")?;
    if others > 0 {
        findings.warn(format!("files that are not imported: {others}"));
    }
    let mut positions = Positions::default();
    let (mut passed_over, mut foreign) = (BTreeMap::new(), Vec::new());
    let files: Vec<(String, Records)> = extensions
        .into_iter()
        .map(|source| (source.name(), records(source, &mut positions, &mut foreign, findings)))
        .collect();
    tell_foreign(&foreign, findings);
    let names = files.iter().flat_map(|(_, records)| &records.sectors).map(|it| it.name.clone());
    let mut sectors = Sectors::new(names);
    for (file, records) in files {
        for (name, number) in records.passed_over {
            *passed_over.entry(name).or_default() += number;
        }
        let borders = Borders::new(records.shapes, &fixes, findings);
        for sector in records.sectors {
            let added = sectors.add(sector, &borders, &positions, findings);
            added.map_err(|reason| ImportError::File { file: file.clone(), reason })?;
        }
    }
    Ok(sectors.into_draft(positions, &passed_over, findings))
}

/// Reads the lines of a file. `foreign` takes what has letters of Windows-1252.
fn records(
    source: &Source,
    positions: &mut Positions,
    foreign: &mut Vec<String>,
    findings: &mut Findings,
) -> Records {
    let content = source.content();
    let mut records = Records::default();
    let mut offset = Offset::default();
    let mut element = None;
    for row in text::rows(&content) {
        if limits::lists_too_much(row.text, b':') {
            let element = format!("line {}", row.number);
            findings.leave_out(element, format!("it has more than {MOST_LISTED} fields"));
            continue;
        }
        let begun = row.element();
        let is_read = begun.is_some() || row.is_of_sector();
        element = begun.or(element);
        if row.is_foreign && is_read && foreign.last() != element.as_ref() {
            foreign.extend(element.clone());
        }
        if let Some((&"OFFSET", rest)) = row.fields().split_first() {
            match Offset::of(rest) {
                Some(new) => offset = new,
                None => findings.leave_out(
                    format!("{} in line {}", row.text, row.number),
                    "no shift can be read",
                ),
            }
        } else if row.is_in("POSITIONS") {
            positions.add(row, findings);
        } else if row.section.is_empty() || row.is_in("AIRSPACE") {
            records.add(row, offset, findings);
        }
    }
    records.close(findings);
    records
}

/// Windows-1252 is what the program itself writes: its letters are told, but nothing is wrong with them.
fn tell_foreign(elements: &[String], findings: &mut Findings) {
    const NAMED: usize = 8;
    if elements.is_empty() {
        return;
    }
    let named: Vec<&str> = elements.iter().take(NAMED).map(String::as_str).collect();
    let more = match elements.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = named.join(", ");
    findings.warn(format!("letters are read as Windows-1252 in {named}{more}"));
}
