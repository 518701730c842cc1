//! What is asked of an import, and why it fails as a whole.

use std::{io, path::PathBuf};

use super::{LeftOut, Selection, Source};
use crate::visible::escaped;

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

impl Format {
    /// In the order in which they are looked for: what only one format can be comes before what looks like several.
    pub(super) const BY_CONTENT: [Self; 6] = [
        Self::Vatsys,
        Self::Euroscope,
        Self::Vatspy,
        Self::Vatglasses,
        Self::Geojson,
        Self::Simaware,
    ];
}

/// What is asked of an import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Told by the content when left out.
    pub format: Option<Format>,
    /// Which sectors are wanted.
    pub selection: Selection,
    /// A profile to which the result is added.
    pub merge: Option<Source>,
    /// Feet, 0 … 60,000.
    pub transition_altitude_ft: Option<f64>,
    /// What the operator calls this version of the files, or the commit that was downloaded.
    pub source_version: Option<String>,
    /// Where the files were downloaded; where their project is at home, when left out.
    pub source_url: Option<String>,
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
    /// `--division` for a format that names none.
    #[error("{format} names no divisions: select by --ids or --kinds")]
    NoDivisions {
        /// The format.
        format: Format,
    },
    /// Not one sector is left.
    #[error("no usable sector is left{}", first(left_out))]
    Nothing {
        /// What was left out, and why.
        left_out: Vec<LeftOut>,
    },
    /// Files that hold more than any airspace has.
    #[error("the files hold more than {most} {what}: that is no airspace")]
    TooMuch {
        /// What is allowed at most.
        most: usize,
        /// What there is too much of.
        what: &'static str,
    },
    /// Files of which too many elements are bad to tell of each.
    #[error("very many elements cannot be used or were mended{}", first(left_out))]
    TooManyFindings {
        /// The first that were left out, and why.
        left_out: Vec<LeftOut>,
    },
    /// Files whose callsigns are matched in two ways.
    #[error(
        "the file to merge into and the import cut callsigns in different ways (`cut_hyphen`), which one file cannot say: keep two files and name both as the airspace"
    )]
    CutHyphen,
    /// Files with two transition altitudes.
    #[error(
        "the file to merge into has a transition altitude of {file_ft} ft, and the import one of {ft} ft"
    )]
    TransitionAltitudes {
        /// What the file says, in feet.
        file_ft: f64,
        /// What the import says, in feet.
        ft: f64,
    },
    /// A profile that cannot be written as JSON.
    #[error("the profile cannot be written")]
    Unwritable(#[source] serde_json::Error),
}

fn first(left_out: &[LeftOut]) -> String {
    match left_out {
        [] => String::new(),
        [LeftOut { element, reason }, ..] => {
            let first = escaped(&format!("{element}: {reason}"));
            format!("; {} left out, the first is {first}", left_out.len())
        }
    }
}
