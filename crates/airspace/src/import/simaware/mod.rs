//! SimAware: TRACON boundaries, a file for each, or all in one, where some are collections of their own.

mod draft;
mod element;
#[cfg(test)]
mod tests;

use serde::de::IgnoredAny;

use super::{Draft, Findings, Format, ImportError, Source, encoding::Mixed, features};
use draft::Elements;

/// Whether the file is one of this format's, by its content.
pub(super) fn recognises(source: &Source) -> bool {
    features::has_member(&source.bytes, "prefix") && has_features(&source.bytes)
}

/// Reads the files of this format. Of several, one that is broken is left out.
///
/// # Errors
/// Where there is no file, or the only one is broken as a whole.
pub(super) fn read(sources: &[Source], findings: &mut Findings) -> Result<Draft, ImportError> {
    let mut sources: Vec<&Source> = sources.iter().filter(|source| is_json(source)).collect();
    // An archive and the folder that it was made of give the same.
    sources.sort_by_key(|source| &source.path);
    let mut elements = Elements::default();
    for source in &sources {
        let file = source.path.display().to_string();
        if sources.len() > 1 && is_other(source) {
            // The project of the boundaries has files of its own beside them (`package.json`).
            findings.warn(format!("file {file} is not read: it has no feature"));
            continue;
        }
        match elements.add(&file, &Mixed::read(&source.bytes), findings) {
            Err(ImportError::File { reason, .. }) if sources.len() > 1 => {
                findings.leave_out(format!("file {file}"), reason);
            }
            result => result?,
        }
    }
    if sources.is_empty() {
        let needed = "boundaries (*.json or TRACONBoundaries.geojson)";
        return Err(ImportError::Missing { format: Format::Simaware, needed });
    }
    Ok(elements.into_draft(findings))
}

fn is_json(source: &Source) -> bool {
    let extension = source.path.extension().unwrap_or_default();
    extension.eq_ignore_ascii_case("json")
        || extension.eq_ignore_ascii_case("geojson")
        || recognises(source)
}

/// Whether it is whole, and something else.
fn is_other(source: &Source) -> bool {
    !has_features(&source.bytes) && serde_json::from_slice::<IgnoredAny>(&source.bytes).is_ok()
}

fn has_features(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains("\"Feature")
}
