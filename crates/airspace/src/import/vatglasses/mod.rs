//! VATGlasses: JSON with airspaces of blocks, and positions that own them in order.
//!
//! A group of airspaces is one file, or a folder with `airspace.json` and `positions.json`; owners of one group are
//! named in others. What holds at times only (`fua`), the sets of owners in `ownership` and `topdown` are counted,
//! not imported.

mod airspace;
mod block;
mod group;
mod join;
mod json;
mod owners;
mod point;
mod position;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Draft, Findings, ImportError, Source};
use group::Group;

/// Whether the file is one of this format's, by its content.
pub(super) fn recognises(source: &Source) -> bool {
    let mut names = Names::default();
    // A file that is broken further on is of the format, too: reading it says where it is broken.
    let _ = serde_json::Deserializer::from_str(&source.content().text).deserialize_map(&mut names);
    names.has_vatglasses && !names.has_geojson
}

/// Which members an object has, as far as it can be read.
#[derive(Default)]
struct Names {
    has_vatglasses: bool,
    has_geojson: bool,
}

impl<'de> Visitor<'de> for &mut Names {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            self.has_vatglasses |= matches!(&*name, "airspace" | "positions");
            // The project's own files have positions, too.
            self.has_geojson |= matches!(&*name, "type" | "features");
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Reads the files of this format: of one group or of several.
///
/// # Errors
///
/// Names the first file, and where it is broken, when nothing else can be read.
pub(super) fn read(sources: &[Source], findings: &mut Findings) -> Result<Draft, ImportError> {
    let (files, mut skipped): (Vec<&Source>, Vec<&Source>) =
        sources.iter().partition(|source| can_hold_group(source));
    let (mut groups, mut faults, mut has_data) = (Vec::new(), Vec::new(), false);
    for (name, files) in group::sorted(&files) {
        let mut group = Group::new(name);
        let mut is_group = false;
        for file in files {
            let added = add(file, &mut group, findings);
            // A group stays one when its file is broken, so that the others keep their ids.
            is_group |= !matches!(added, Ok(false));
            match added {
                Ok(true) => has_data = true,
                Ok(false) => skipped.push(file),
                Err(fault) => faults.push((file.name(), fault)),
            }
        }
        groups.extend(is_group.then_some(group));
    }
    match faults.first() {
        Some((file, reason)) if !has_data => {
            return Err(ImportError::File { file: file.clone(), reason: reason.clone() });
        }
        // One broken file of a whole repository costs itself.
        _ => faults.into_iter().for_each(|(file, reason)| {
            findings.leave_out(format!("file {file}"), reason);
        }),
    }
    if !skipped.is_empty() {
        let names: Vec<_> = skipped.iter().map(|file| file.path.to_string_lossy()).collect();
        let what = "is not imported: neither airspaces with their blocks nor positions";
        findings.warn(format!("{} {what}", names.join(", ")));
    }
    Ok(join::join(groups, findings))
}

/// Whether a file can hold a group: those in `ownership` hold other orders of owners, and a repository has files of
/// other kinds beside its data.
fn can_hold_group(source: &Source) -> bool {
    let folder = source.path.parent().and_then(|folder| folder.file_name());
    let is_json = source.path.extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
    folder.is_none_or(|folder| folder != "ownership") && (is_json || recognises(source))
}

/// Adds what a file has to its group; whether that is anything of one.
fn add(file: &Source, group: &mut Group, findings: &mut Findings) -> Result<bool, String> {
    let content = file.content();
    let members = serde_json::from_str(&content.text).map_err(|fault| fault.to_string())?;
    Ok(group.add(&members, &content, findings))
}
