//! Profiles of vatSys: `Sectors.xml` and `Volumes.xml`, and `Airspace.xml` for the names of points.
//!
//! The files are known by their root elements, whatever they are called.

mod claims;
mod draft;
mod points;
mod sectors;
mod volumes;
mod xml;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{Draft, Findings, Format, ImportError, Source, limits};

use points::Names;
use volumes::Volumes;

/// Whether the file is one of this format's, by its content.
pub(super) fn recognises(source: &Source) -> bool {
    matches!(xml::root(source).as_deref(), Some("Sectors" | "Volumes"))
}

/// Reads the sectors and volumes of a profile; its other files are passed over.
///
/// # Errors
///
/// Names a file that is broken as a whole, or missing.
pub(super) fn read(sources: &[Source], findings: &mut Findings) -> Result<Draft, ImportError> {
    let rooted: Vec<_> = sources.iter().map(|source| (xml::root(source), source)).collect();
    let of = |name: &'static str| {
        let of = rooted.iter().filter(move |(root, _)| root.as_deref() == Some(name));
        of.map(|&(_, source)| source)
    };
    let mut names = Names::default();
    for source in of("Airspace") {
        if let Err(error) = names.read(source) {
            findings.leave_out(source.name(), error.to_string());
        }
    }
    let (mut sectors, mut volumes) = (Vec::new(), Volumes::default());
    let missing = |needed| ImportError::Missing { format: Format::Vatsys, needed };
    let first = of("Sectors").next();
    let first = first.ok_or(missing("a file whose root element is Sectors (Sectors.xml)"))?;
    of("Volumes").next().ok_or(missing("a file whose root element is Volumes (Volumes.xml)"))?;
    // A slash that is not of a tag separates two points.
    limits::check_points(of("Volumes"), |&[before, byte, after]| {
        byte == b'/' && before != b'<' && after != b'>'
    })?;
    for source in of("Sectors") {
        sectors::read(source, &mut sectors, findings)?;
    }
    for source in of("Volumes") {
        volumes.read(source, &names, findings)?;
    }
    report_passed_over(&rooted, findings);
    let too_much = |reason| ImportError::File { file: first.name(), reason };
    draft::join(sectors, volumes, findings).map_err(too_much)
}

/// A profile has hundreds of other files, most of them maps: they are told by their roots.
fn report_passed_over(rooted: &[(Option<String>, &Source)], findings: &mut Findings) {
    let mut others: BTreeMap<&str, usize> = BTreeMap::new();
    for (root, _) in rooted {
        match root.as_deref().unwrap_or("no XML") {
            "Sectors" | "Volumes" | "Airspace" => {}
            other => *others.entry(other).or_default() += 1,
        }
    }
    if !others.is_empty() {
        let others: Vec<_> =
            others.iter().map(|(root, files)| format!("{files} of {root}")).collect();
        findings.warn(format!("files that are not imported: {}", others.join(", ")));
    }
}
