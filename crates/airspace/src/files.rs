//! The files of an airspace, and their combination.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{collection::Contents, error::AirspaceError, normal};
use sectorwatch_core::positions::{Position, PositionFile};

/// The named files, with the files of each folder in its place.
pub(super) fn named(paths: &[PathBuf]) -> Result<Vec<PathBuf>, AirspaceError> {
    let mut files = Vec::new();
    for path in paths {
        match path.is_dir() {
            true => files.extend(in_folder(path).map_err(|source| source.of(path))?),
            false => files.push(path.clone()),
        }
    }
    Ok(files)
}

/// `*.geojson` and `*.json` in byte order, without hidden files.
fn in_folder(folder: &Path) -> Result<Vec<PathBuf>, AirspaceError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(AirspaceError::Unreadable)? {
        let path = entry.map_err(AirspaceError::Unreadable)?.path();
        let is_airspace = path.extension().is_some_and(|it| it == "geojson" || it == "json");
        let name = path.file_name().map(OsStr::as_encoded_bytes);
        let is_hidden = name.is_some_and(|name| name.starts_with(b"."));
        if is_airspace && !is_hidden && !path.is_dir() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(AirspaceError::NoFiles);
    }
    files.sort_by(|a, b| a.as_os_str().as_encoded_bytes().cmp(b.as_os_str().as_encoded_bytes()));
    Ok(files)
}

/// All files combined: sectors in the order of the files, boundaries united.
#[derive(Default)]
pub(super) struct Joined {
    pub contents: Contents,
    /// The digest of the definition and the file of each sector.
    sectors: BTreeMap<Arc<str>, ([u8; 32], PathBuf)>,
    positions: BTreeMap<String, (Vec<Position>, PathBuf)>,
    transition_altitude: Option<(f64, PathBuf)>,
}

impl Joined {
    /// Adds the positions of the next file. Those of an id that an earlier one has, too, must be the same there.
    fn add_positions(&mut self, file: &Path, positions: PositionFile) -> Result<(), AirspaceError> {
        let mut by_id: BTreeMap<&str, Vec<Position>> = BTreeMap::new();
        for position in &positions.positions {
            by_id.entry(&position.id).or_default().push(position.clone());
        }
        for (id, positions) in by_id {
            match self.positions.get(id) {
                Some((known, _)) if *known == positions => {}
                Some((_, first)) => {
                    return Err(AirspaceError::PositionTwice {
                        id: id.to_owned(),
                        first: first.clone(),
                        second: file.to_owned(),
                    });
                }
                None => {
                    self.positions.insert(id.to_owned(), (positions, file.to_owned()));
                }
            }
        }
        self.contents.positions.push(positions);
        Ok(())
    }

    /// Adds the next file. A sector that an earlier one has, too, must be the same there.
    pub fn add(&mut self, file: &Path, contents: Contents) -> Result<(), AirspaceError> {
        self.agree_on_transition_altitude(file, contents.transition_altitude_ft)?;
        for sector in contents.sectors {
            let form = normal::of_sector(&sector);
            match self.sectors.get(&sector.id) {
                Some((known, _)) if *known == form => {}
                Some((_, first)) => {
                    return Err(AirspaceError::SectorTwice {
                        id: sector.id.to_string(),
                        first: first.clone(),
                        second: file.to_owned(),
                    });
                }
                None => {
                    self.sectors.insert(Arc::clone(&sector.id), (form, file.to_owned()));
                    self.contents.sectors.push(sector);
                }
            }
        }
        for positions in contents.positions {
            self.add_positions(file, positions)?;
        }
        let all = &mut self.contents;
        all.boundary.extend(contents.boundary);
        all.is_approximate |= contents.is_approximate;
        let of_file = |line: String| format!("{}: {line}", file.display());
        all.notes.counts.join(&contents.notes.counts);
        all.notes.repairs.extend(contents.notes.repairs.into_iter().map(of_file));
        all.notes.warnings.extend(contents.notes.warnings.into_iter().map(of_file));
        Ok(())
    }

    fn agree_on_transition_altitude(
        &mut self,
        file: &Path,
        stated_ft: Option<f64>,
    ) -> Result<(), AirspaceError> {
        let Some(ft) = stated_ft else { return Ok(()) };
        match &self.transition_altitude {
            Some((first_ft, first)) if *first_ft != ft => {
                return Err(AirspaceError::TransitionAltitudes {
                    first_ft: *first_ft,
                    first: first.clone(),
                    second_ft: ft,
                    second: file.to_owned(),
                });
            }
            Some(_) => {}
            None => self.transition_altitude = Some((ft, file.to_owned())),
        }
        self.contents.transition_altitude_ft = Some(ft);
        Ok(())
    }
}
