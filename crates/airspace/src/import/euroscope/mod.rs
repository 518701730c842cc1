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
    if others > 0 {
        findings.warn(format!("files that are not imported: {others}"));
    }
    let mut positions = Positions::default();
    let mut passed_over = BTreeMap::new();
    let files: Vec<(String, Records)> = extensions
        .into_iter()
        .map(|source| (source.name(), records(source, &mut positions, findings)))
        .collect();
    let mut sectors = Sectors::default();
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

fn records(source: &Source, positions: &mut Positions, findings: &mut Findings) -> Records {
    let text = source.text();
    let mut records = Records::default();
    let mut offset = Offset::default();
    for row in text::rows(&text) {
        if limits::lists_too_much(row.text, b':') {
            let element = format!("line {}", row.number);
            findings.leave_out(element, format!("it has more than {MOST_LISTED} fields"));
            continue;
        }
        if let Some((&"OFFSET", rest)) = row.fields().split_first() {
            match Offset::of(rest) {
                Some(new) => offset = new,
                None => findings.leave_out(
                    format!("{} in line {}", row.text, row.number),
                    "no shift can be read",
                ),
            }
        } else if row.section.eq_ignore_ascii_case("POSITIONS") {
            positions.add(row, findings);
        } else if row.section.is_empty() || row.section.eq_ignore_ascii_case("AIRSPACE") {
            records.add(row, offset, findings);
        }
    }
    records.close(findings);
    records
}
