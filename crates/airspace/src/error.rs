//! Errors of airspace files.

use std::{
    io,
    path::{Path, PathBuf},
};

/// An airspace cannot be loaded. Each layer describes its own part: the file, the feature, the reason.
#[derive(Debug, thiserror::Error)]
pub enum AirspaceError {
    /// An error in a file.
    #[error("airspace file {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The error.
        #[source]
        source: Box<AirspaceError>,
    },
    /// Missing, not readable, or not UTF-8.
    #[error("cannot be read")]
    Unreadable(#[source] io::Error),
    /// The text is not JSON.
    #[error("is not JSON")]
    NotJson(#[source] serde_json::Error),
    /// A folder without an airspace file.
    #[error("holds no *.geojson and no *.json")]
    NoFiles,
    /// The JSON is no feature collection.
    #[error("is not a GeoJSON FeatureCollection: `type` must be \"FeatureCollection\"")]
    NotFeatureCollection,
    /// A member of the collection has a wrong type.
    #[error("is a FeatureCollection that cannot be read")]
    Collection(#[source] serde_json::Error),
    /// An error in a feature.
    #[error("{feature}")]
    Feature {
        /// The index and id: `feature 3 (SYD)`, counted from 0.
        feature: String,
        /// The fault.
        #[source]
        fault: FeatureFault,
    },
    /// The positions are in another system than that of GeoJSON.
    #[error("has the `crs` {found}: {CRS_ALLOWED}")]
    Crs {
        /// The name of the system, or the text in the file.
        found: String,
    },
    /// The transition altitude is not valid.
    #[error("has a `transition_altitude_ft` that is not a number of 0 … 60,000 feet: {found}")]
    TransitionAltitude {
        /// The text in the file.
        found: String,
    },
    /// A position that cannot be read.
    #[error("position {id}: {reason}")]
    Position {
        /// Its id.
        id: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two files mean two things by one id.
    #[error("sector {id} is one thing in {} and another in {}", first.display(), second.display())]
    SectorTwice {
        /// The sector's id.
        id: String,
        /// The file with the first definition.
        first: PathBuf,
        /// The file with the other definition.
        second: PathBuf,
    },
    /// Two files mean two things by one position.
    #[error("position {id} is one thing in {} and another in {}", first.display(), second.display())]
    PositionTwice {
        /// The position's id.
        id: String,
        /// The file that has it first.
        first: PathBuf,
        /// The file that has another.
        second: PathBuf,
    },
    /// Two files state two transition altitudes.
    #[error(
        "`transition_altitude_ft` is {first_ft} in {} and {second_ft} in {}",
        first.display(),
        second.display()
    )]
    TransitionAltitudes {
        /// The first altitude, in feet.
        first_ft: f64,
        /// The file with the first altitude.
        first: PathBuf,
        /// The second altitude, in feet.
        second_ft: f64,
        /// The file with the second altitude.
        second: PathBuf,
    },
    /// The file is larger than any airspace.
    #[error("has more than {most} points, lists and objects: that is no airspace")]
    TooMuch {
        /// What is allowed at most.
        most: usize,
    },
    /// There is neither boundary nor sector.
    #[error("has no usable polygon: no boundary and no sector")]
    Empty,
}

/// The advice for a refused `crs`.
const CRS_ALLOWED: &str = "positions must be longitude and latitude (CRS84), and `crs` left out";

impl AirspaceError {
    /// Adds this file or folder to the error.
    pub(super) fn of(self, path: &Path) -> Self {
        Self::File { path: path.to_owned(), source: Box::new(self) }
    }

    /// The error as the public may read it: files by their names, without the folders that they are in.
    pub fn without_folders(self) -> Self {
        match self {
            Self::File { path, source } => {
                Self::File { path: name(path), source: Box::new(source.without_folders()) }
            }
            Self::SectorTwice { id, first, second } => {
                Self::SectorTwice { id, first: name(first), second: name(second) }
            }
            Self::PositionTwice { id, first, second } => {
                Self::PositionTwice { id, first: name(first), second: name(second) }
            }
            Self::TransitionAltitudes { first_ft, first, second_ft, second } => {
                let (first, second) = (name(first), name(second));
                Self::TransitionAltitudes { first_ft, first, second_ft, second }
            }
            of_no_file => of_no_file,
        }
    }

    /// The cause, for labels and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File { source, .. } => source.kind(),
            Self::Unreadable(_) => "unreadable",
            Self::NoFiles => "no_files",
            Self::NotJson(_) => "not_json",
            Self::NotFeatureCollection | Self::Collection(_) => "not_feature_collection",
            Self::Crs { .. } => "crs",
            Self::TransitionAltitude { .. } => "transition_altitude",
            Self::SectorTwice { .. }
            | Self::PositionTwice { .. }
            | Self::TransitionAltitudes { .. } => "conflict",
            Self::Feature { .. } => "feature",
            Self::Position { .. } => "position",
            Self::TooMuch { .. } => "too_much",
            Self::Empty => "empty",
        }
    }
}

/// The last part of a path; all of it where there is no name, as of `..`.
fn name(path: PathBuf) -> PathBuf {
    path.file_name().map(PathBuf::from).unwrap_or(path)
}

/// A fault in a feature. Polygons and rings are counted from 0, as in the file.
#[derive(Debug, thiserror::Error)]
pub enum FeatureFault {
    /// It is not a feature, or has an invalid number.
    #[error("is not a GeoJSON feature")]
    NotFeature(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A feature has no `role`.
    #[error("has no role: `role` must be \"boundary\" or \"sector\"")]
    NoRole,
    /// The `role` is not known.
    #[error("has role {found}: `role` must be \"boundary\" or \"sector\"")]
    UnknownRole {
        /// The text in the file.
        found: String,
    },
    /// A second feature has the role of the boundary.
    #[error("is a second boundary: feature {first} is one already")]
    SecondBoundary {
        /// The index of the first.
        first: usize,
    },
    /// `id` is missing, empty or not text.
    #[error("is a sector without id: `id` must be text and not empty")]
    NoId,
    /// A property has a wrong type.
    #[error("has a {property} that is not {wanted}: {found}")]
    Property {
        /// The property's name.
        property: &'static str,
        /// The required type.
        wanted: &'static str,
        /// The text in the file.
        found: String,
    },
    /// A text has a control character, which labels and logs cannot hold.
    #[error("has a control character in its {property}: {found}")]
    ControlCharacter {
        /// The property's name.
        property: &'static str,
        /// The escaped text in the file.
        found: String,
    },
    /// The positions are in another system than that of GeoJSON.
    #[error("has the `crs` {found}: {CRS_ALLOWED}")]
    Crs {
        /// The name of the system, or the text in the file.
        found: String,
    },
    /// One of `callsigns` is not possible.
    #[error("names a callsign that is not 1 to 16 visible ASCII characters: {found}")]
    Callsign {
        /// The text in the file.
        found: String,
    },
    /// The limits contain no altitude.
    #[error("has its floor of {floor_ft} ft not below its ceiling of {ceiling_ft} ft")]
    Limits {
        /// `floor_ft`.
        floor_ft: f64,
        /// `ceiling_ft`.
        ceiling_ft: f64,
    },
    /// The geometry is missing, or is no area.
    #[error(
        "has no usable polygon: the geometry is {found}, and must be Polygon, MultiPolygon or a GeometryCollection of them"
    )]
    Geometry {
        /// The type of the geometry.
        found: &'static str,
    },
    /// A polygon or multipolygon is empty.
    #[error("has no usable polygon: its coordinates are empty")]
    NoPolygon,
    /// A fault in a ring.
    #[error("has a bad ring (polygon {polygon}, ring {ring}): {fault}")]
    Ring {
        /// The index of the polygon in the feature.
        polygon: usize,
        /// The index of the ring in the polygon; 0 is the exterior.
        ring: usize,
        /// The fault.
        fault: RingFault,
    },
}

/// A fault in a ring.
#[derive(Debug, thiserror::Error)]
pub enum RingFault {
    /// It has too few positions to enclose an area.
    #[error("{found} positions, needs at least 4 (the first again at the end)")]
    TooFew {
        /// The number of positions.
        found: usize,
    },
    /// A position lacks longitude or latitude.
    #[error("position {position} has fewer than two numbers")]
    ShortPosition {
        /// The index of the position, from 0.
        position: usize,
    },
    /// A position is not on the globe, or is no number.
    #[error("{axis} {value} at position {position}, must be within {} … {}", allowed.0, allowed.1)]
    OffTheGlobe {
        /// `latitude` or `longitude`.
        axis: &'static str,
        /// The value in the file.
        value: f64,
        /// The index of the position, from 0.
        position: usize,
        /// The smallest and the greatest allowed degree.
        allowed: (f64, f64),
    },
    /// All positions are at one point or on one line.
    #[error("encloses no area")]
    NoArea,
    /// Its sides cross or run beside one another so often that its area cannot be told in time.
    #[error("is so tangled that it takes too long to tell what it encloses")]
    Tangled,
}
