//! The airspace files of the community, read into the project's own form.
//!
//! Every format is read into a [`Draft`]: sectors with raw rings, owners and positions, in the order of the
//! file. What cannot be used is left out of the draft and named in the [`Findings`]; it costs nothing else.
//! Repairing, selecting and writing are the same for all formats.

#[cfg(test)]
mod busy;
mod coordinate;
mod dataset;
mod draft;
mod encoding;
mod euroscope;
mod features;
mod findings;
mod geojson;
mod ids;
mod limits;
mod loadable;
mod merge;
mod named;
mod options;
mod outline;
mod position;
#[cfg(test)]
mod probe;
mod profile;
mod report;
mod select;
mod simaware;
mod source;
mod vatglasses;
mod vatspy;
mod vatsys;

pub use draft::{Draft, DraftSector, DraftVolume, Line, Outline, Position};
pub use findings::{Findings, LeftOut, Repaired};
pub use options::{Format, ImportError, Options};
pub use position::hertz;
pub use report::{ImportReport, Written};
pub use select::{Selection, patterns};
pub use source::Source;

use limits::MOST_POINTS;
use outline::Edges;

/// A profile and what is told of it.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The profile: GeoJSON.
    pub text: String,
    /// What was found, repaired and left out.
    pub report: ImportReport,
}

/// Reads files of one format as a profile. The same files and options give the same bytes.
///
/// # Errors
///
/// Names the file that is broken as a whole, what is missing, and an import of which nothing is left.
pub fn import(sources: &[Source], options: &Options) -> Result<Imported, ImportError> {
    limits::check_files(sources)?;
    let format = match options.format {
        Some(format) => format,
        None => guess(sources)?,
    };
    let mut findings = Findings::default();
    let mut draft = read(format, sources, &mut findings)?;
    if options.selection.division.is_some() && format != Format::Vatspy {
        return Err(ImportError::NoDivisions { format });
    }
    limits::check(&draft, &findings)?;
    loadable::texts(&mut draft, &mut findings);
    options.selection.apply(&mut draft);
    repair(&mut draft, format, &mut findings);
    limits::check(&draft, &findings)?;
    findings.tell_once();
    if let Some(file) = &options.merge {
        draft = merge::merged(profile(file)?, draft, &mut findings)?;
    }
    draft.transition_altitude_ft = options.transition_altitude_ft.or(draft.transition_altitude_ft);
    warn_of_low_levels(format, &draft, &mut findings);
    if draft.sectors.is_empty() && draft.boundary.is_empty() {
        return Err(ImportError::Nothing { left_out: findings.left_out });
    }
    let dataset = match draft.dataset.take() {
        Some(dataset) if options.merge.is_none() => dataset,
        _ => {
            let all: Vec<&Source> = sources.iter().chain(&options.merge).collect();
            dataset::described(format, &all, options)?
        }
    };
    let text = profile::text(&draft, &dataset).map_err(ImportError::Unwritable)?;
    let report = ImportReport::new(format, dataset, Written::of(&draft), findings);
    Ok(Imported { text, report })
}

/// A file of our own form, repaired.
fn profile(file: &Source) -> Result<Draft, ImportError> {
    limits::check_files(std::slice::from_ref(file))?;
    let mut findings = Findings::default();
    let mut draft = read(Format::Geojson, std::slice::from_ref(file), &mut findings)?;
    limits::check(&draft, &findings)?;
    repair(&mut draft, Format::Geojson, &mut findings);
    match findings.left_out.first() {
        None => Ok(draft),
        Some(LeftOut { element, reason }) => {
            Err(ImportError::File { file: file.name(), reason: format!("{element}: {reason}") })
        }
    }
}

/// The format whose files these are.
fn guess(sources: &[Source]) -> Result<Format, ImportError> {
    let is_of = |format: &Format| sources.iter().any(|source| recognises(*format, source));
    Format::BY_CONTENT.into_iter().find(is_of).ok_or(ImportError::UnknownFormat)
}

fn recognises(format: Format, source: &Source) -> bool {
    match format {
        Format::Vatsys => vatsys::recognises(source),
        Format::Euroscope => euroscope::recognises(source),
        Format::Geojson => geojson::recognises(source),
        Format::Vatglasses => vatglasses::recognises(source),
        Format::Simaware => simaware::recognises(source),
        Format::Vatspy => vatspy::recognises(source),
    }
}

fn read(format: Format, sources: &[Source], findings: &mut Findings) -> Result<Draft, ImportError> {
    match format {
        Format::Vatsys => vatsys::read(sources, findings),
        Format::Euroscope => euroscope::read(sources, findings),
        Format::Geojson => geojson::read(sources, findings),
        Format::Vatglasses => vatglasses::read(sources, findings),
        Format::Simaware => simaware::read(sources, findings),
        Format::Vatspy => vatspy::read(sources, findings),
    }
}

/// Repairs all shapes; a volume that cannot be repaired goes, and with its last volume a sector.
fn repair(draft: &mut Draft, format: Format, findings: &mut Findings) {
    let edges = if format == Format::Geojson { Edges::AsDrawn } else { Edges::Unwrapped };
    let mut mend = |volume: &mut DraftVolume| {
        let repaired = outline::repaired(volume, edges, findings);
        let loadable = repaired.and_then(|outlines| {
            loadable::shape(volume, &outlines)?;
            Ok(outlines)
        });
        match loadable {
            Ok(outlines) => {
                volume.outlines = outlines;
                true
            }
            Err(reason) => {
                findings.leave_out(&volume.element, reason);
                false
            }
        }
    };
    if !draft.boundary.is_empty() {
        let outlines = std::mem::take(&mut draft.boundary);
        let mut boundary =
            DraftVolume { element: "boundary".to_owned(), outlines, ..Default::default() };
        if mend(&mut boundary) {
            draft.boundary = boundary.outlines;
        }
    }
    for sector in &mut draft.sectors {
        sector.volumes.retain_mut(&mut mend);
    }
    draft.sectors.retain(|sector| {
        let is_left = !sector.volumes.is_empty();
        if !is_left {
            findings.warn(format!("sector {} has no volume left and is not written", sector.id));
        }
        is_left
    });
}

/// Limits of a format of flight levels that are low enough to be read as altitudes, when nothing says where levels
/// begin.
fn warn_of_low_levels(format: Format, draft: &Draft, findings: &mut Findings) {
    let volumes = draft.sectors.iter().flat_map(|sector| &sector.volumes);
    let limits = volumes.flat_map(|volume| [volume.floor_ft, volume.ceiling_ft]).flatten();
    let low = limits.filter(|ft| *ft > 0.0 && *ft < LEVELS_FROM_FT).count();
    if format == Format::Vatglasses && draft.transition_altitude_ft.is_none() && low > 0 {
        findings.warn(format!(
            "{low} limits are flight levels below 10,000 ft, and are read as altitudes: state the transition altitude (--transition-altitude)"
        ));
    }
}

/// Feet: the transition altitude where a file states none.
const LEVELS_FROM_FT: f64 = 10_000.0;

#[cfg(test)]
mod tests;
