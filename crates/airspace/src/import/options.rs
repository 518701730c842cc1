//! The formats, and why an import fails as a whole.

use std::{io, path::PathBuf};

/// A format of airspace files.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::VariantNames,
)]
#[strum(serialize_all = "lowercase")]
pub enum Format {
    /// `VATSpy.dat` with `Boundaries.geojson`.
    Vatspy,
    /// `Sectors.xml` with `Volumes.xml`.
    Vatsys,
    /// The JSON files of VATGlasses.
    Vatglasses,
    /// A sector file extension, `*.ese`.
    Euroscope,
    /// SimAware's TRACON boundaries.
    Simaware,
    /// The project's own form.
    Geojson,
}

/// An import that gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A path that cannot be read.
    #[error("{} cannot be read", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A file whose content is of another kind or broken as a whole.
    #[error("{file}: {reason}")]
    File {
        /// Its name.
        file: String,
        /// What is wrong with it, and where.
        reason: String,
    },
    /// Files of none of the formats.
    #[error("the format cannot be told from the content: name it by --from")]
    UnknownFormat,
    /// A file that the format needs is not among those that were given.
    #[error("{format} needs {needed}")]
    Missing {
        /// The format.
        format: Format,
        /// What is missing.
        needed: &'static str,
    },
}
