//! Files of the project, including generated ones.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The absolute path of a file of the project.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text of a file of the project.
pub fn read(relative: &str) -> String {
    let text = fs::read_to_string(path(relative));
    text.unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// Whether to write generated files instead of comparing them.
pub fn writes() -> bool {
    std::env::var_os("SECTORWATCH_WRITE_DOCS").is_some()
}

/// Compares a generated file with what its generator returns now. Writes it first if [`writes`]
/// returns true.
pub fn assert_generated(relative: &str, wanted: &str) {
    let written = || fs::read_to_string(path(relative)).unwrap_or_default();
    if writes() && written() != wanted {
        // The file is replaced at once, because other tests read it at the same time.
        let new = path(&format!("{relative}.new"));
        let replaced = fs::write(&new, wanted).and_then(|()| fs::rename(&new, path(relative)));
        replaced.unwrap_or_else(|error| panic!("{relative}: {error}"));
    }
    let written = written();
    let differ = written.lines().zip(wanted.lines()).position(|(is, wanted)| is != wanted);
    assert!(
        written == wanted,
        "{relative} is not what its generator writes (line {}); run the tests of this target with SECTORWATCH_WRITE_DOCS=1",
        differ.map_or(wanted.lines().count(), |line| line + 1)
    );
}
