//! Why an airspace file cannot be used.

use std::{
    io,
    path::{Path, PathBuf},
};

/// An airspace that cannot be loaded. Each layer says its own part: the file, the feature, the
/// reason.
#[derive(Debug, thiserror::Error)]
pub enum AirspaceError {
    /// Which file it was.
    #[error("airspace file {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
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
    /// JSON of another kind.
    #[error("is not a GeoJSON FeatureCollection: `type` must be \"FeatureCollection\"")]
    NotFeatureCollection,
    /// A collection whose own members have a wrong type.
    #[error("is a FeatureCollection that cannot be read")]
    Collection(#[source] serde_json::Error),
    /// One feature is wrong.
    #[error("{feature}")]
    Feature {
        /// Its place in the file and its id: `feature 3 (SYD)`, counted from 0.
        feature: String,
        /// What is wrong with it.
        #[source]
        fault: FeatureFault,
    },
    /// Positions in another system than all GeoJSON.
    #[error("has the `crs` {found}: {CRS_ALLOWED}")]
    Crs {
        /// Its name, or as the file has it.
        found: String,
    },
    /// A transition altitude that is none.
    #[error("has a `transition_altitude_ft` that is not a number of 0 … 60,000 feet: {found}")]
    TransitionAltitude {
        /// As the file has it.
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
        /// What the first says, in feet.
        first_ft: f64,
        /// The file that states it first.
        first: PathBuf,
        /// What the second says, in feet.
        second_ft: f64,
        /// The file that states another.
        second: PathBuf,
    },
    /// Nothing to fly in.
    #[error("has no usable polygon: no boundary and no sector")]
    Empty,
}

/// What is said of a `crs` that is refused.
const CRS_ALLOWED: &str = "positions must be longitude and latitude (CRS84), and `crs` left out";

impl AirspaceError {
    /// The same, of this file or folder.
    pub(super) fn of(self, path: &Path) -> Self {
        Self::File { path: path.to_owned(), source: Box::new(self) }
    }

    /// The one word for labels and log fields.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File { source, .. } => source.kind(),
            Self::Unreadable(_) => "unreadable",
            Self::NoFiles => "no_files",
            Self::NotJson(_) => "not_json",
            Self::NotFeatureCollection | Self::Collection(_) => "not_feature_collection",
            Self::Crs { .. } => "crs",
            Self::TransitionAltitude { .. } => "transition_altitude",
            Self::SectorTwice { .. } | Self::TransitionAltitudes { .. } => "conflict",
            Self::Feature { .. } => "feature",
            Self::Position { .. } => "position",
            Self::Empty => "empty",
        }
    }
}

/// What is wrong with a feature. Polygons and rings are counted from 0, as in the file.
#[derive(Debug, thiserror::Error)]
pub enum FeatureFault {
    /// Not a feature, or a number that is none.
    #[error("is not a GeoJSON feature")]
    NotFeature(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A feature has no `role`.
    #[error("has no role: `role` must be \"boundary\" or \"sector\"")]
    NoRole,
    /// A feature has a `role` that is none of ours.
    #[error("has role {found}: `role` must be \"boundary\" or \"sector\"")]
    UnknownRole {
        /// As the file has it.
        found: String,
    },
    /// A second feature with the role of the boundary.
    #[error("is a second boundary: feature {first} is one already")]
    SecondBoundary {
        /// Index of the first.
        first: usize,
    },
    /// `id` missing, empty or not text.
    #[error("is a sector without id: `id` must be text and not empty")]
    NoId,
    /// A property of a wrong type.
    #[error("has a {property} that is not {wanted}: {found}")]
    Property {
        /// The property's name.
        property: &'static str,
        /// What it must be.
        wanted: &'static str,
        /// As the file has it.
        found: String,
    },
    /// A text that labels and logs cannot hold.
    #[error("has a control character in its {property}: {found}")]
    ControlCharacter {
        /// The property's name.
        property: &'static str,
        /// As the file has it, escaped.
        found: String,
    },
    /// Positions in another system than all GeoJSON.
    #[error("has the `crs` {found}: {CRS_ALLOWED}")]
    Crs {
        /// Its name, or as the file has it.
        found: String,
    },
    /// One of `callsigns` that nobody can have.
    #[error("names a callsign that is not 1 to 16 visible ASCII characters: {found}")]
    Callsign {
        /// As the file has it.
        found: String,
    },
    /// Limits that nothing is between.
    #[error("has its floor of {floor_ft} ft not below its ceiling of {ceiling_ft} ft")]
    Limits {
        /// `floor_ft`.
        floor_ft: f64,
        /// `ceiling_ft`.
        ceiling_ft: f64,
    },
    /// No geometry, or not one of an area.
    #[error(
        "has no usable polygon: the geometry is {found}, and must be Polygon, MultiPolygon or a GeometryCollection of them"
    )]
    Geometry {
        /// The type that was found instead.
        found: &'static str,
    },
    /// A polygon or multipolygon with nothing in it.
    #[error("has no usable polygon: its coordinates are empty")]
    NoPolygon,
    /// A ring is wrong.
    #[error("has a bad ring (polygon {polygon}, ring {ring}): {fault}")]
    Ring {
        /// Which polygon of the feature.
        polygon: usize,
        /// Which ring of the polygon; 0 is the exterior.
        ring: usize,
        /// What is wrong with it.
        fault: RingFault,
    },
}

/// What is wrong with a ring.
#[derive(Debug, thiserror::Error)]
pub enum RingFault {
    /// Too short to enclose anything.
    #[error("{found} positions, needs at least 4 (the first again at the end)")]
    TooFew {
        /// As many as it has.
        found: usize,
    },
    /// A position without longitude or latitude.
    #[error("position {position} has fewer than two numbers")]
    ShortPosition {
        /// Which position of the ring, from 0.
        position: usize,
    },
    /// Not on the globe, or no number.
    #[error("{axis} {value} at position {position}, must be within {} … {}", allowed.0, allowed.1)]
    OffTheGlobe {
        /// `latitude` or `longitude`.
        axis: &'static str,
        /// As the file has it.
        value: f64,
        /// Which position of the ring, from 0.
        position: usize,
        /// The least and the greatest degree that are allowed.
        allowed: (f64, f64),
    },
    /// All its positions are in one place or on one line.
    #[error("encloses no area")]
    NoArea,
}
