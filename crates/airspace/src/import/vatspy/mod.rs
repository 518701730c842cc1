//! VAT-Spy: `VATSpy.dat`, which names FIRs and how their callsigns begin, and `Boundaries.geojson`, which draws
//! them.

mod boundaries;
mod draft;
mod join;
mod rows;
#[cfg(test)]
mod tests;

use boundaries::Shapes;
use rows::Rows;

use super::{Draft, Findings, Format, ImportError, Source, encoding::Mixed, features};

/// Whether the file is one of this format's, by its content.
pub(super) fn recognises(source: &Source) -> bool {
    has_rows(source) || has_boundaries(source)
}

/// Reads the files of this format: boundaries, and the rows that name them. Without rows the boundaries are sectors
/// without owners, which is enough to record who flew where.
///
/// # Errors
/// Where there are no boundaries, or a file is broken as a whole.
pub(super) fn read(sources: &[Source], findings: &mut Findings) -> Result<Draft, ImportError> {
    let mut rows = Rows::default();
    let mut shapes = Shapes::default();
    let named = choose(sources, has_rows, &["dat"]);
    let drawn = choose(sources, has_boundaries, &["geojson", "json"]);
    if drawn.is_empty() {
        let needed = "the boundaries (Boundaries.geojson)";
        return Err(ImportError::Missing { format: Format::Vatspy, needed });
    }
    if named.is_empty() {
        findings.warn("no VATSpy.dat is given: the sectors have no names and no owners");
    }
    for source in named {
        rows.add(&Mixed::read(&source.bytes), findings);
    }
    for source in drawn {
        shapes.add(&source.name(), &Mixed::read(&source.bytes), findings)?;
    }
    Ok(draft::draft(&rows, shapes.into_areas(findings), findings))
}

/// The sources with a content, or else those whose names promise it: what is wrong with them is then told.
fn choose<'a>(
    sources: &'a [Source],
    has_content: fn(&Source) -> bool,
    extensions: &[&str],
) -> Vec<&'a Source> {
    let recognised: Vec<&Source> = sources.iter().filter(|source| has_content(source)).collect();
    if !recognised.is_empty() {
        return recognised;
    }
    let is_named = |source: &&Source| {
        let extension = source.path.extension().unwrap_or_default().to_string_lossy();
        extensions.iter().any(|it| extension.eq_ignore_ascii_case(it))
    };
    sources.iter().filter(is_named).collect()
}

/// Sections of the names that only this format has.
fn has_rows(source: &Source) -> bool {
    let mut lines = source.bytes.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
    lines.any(|line| line.eq_ignore_ascii_case(b"[FIRs]") || line.eq_ignore_ascii_case(b"[UIRs]"))
}

fn has_boundaries(source: &Source) -> bool {
    features::has_member(&source.bytes, "oceanic")
}
