//! The formats.

/// A format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// RFC 4180, with a header. Null is empty, and an empty text is `""`.
    Csv,
    /// A JSON object a line. The last line is `{"end":true,"rows":n}`.
    Ndjson,
    /// Apache Parquet, with GeoParquet's metadata if rows are points.
    Parquet,
    /// A `FeatureCollection` of RFC 7946.
    GeoJson,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Ndjson, Self::Parquet, Self::GeoJson];

    /// The end of a file's name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Parquet => "parquet",
            Self::GeoJson => "geojson",
        }
    }

    /// The format with this extension; `None` if there is none. The case matters.
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.extension() == extension)
    }

    /// The value of a header `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::GeoJson => "application/geo+json",
        }
    }

    /// Whether the format compresses its content itself, so that compressing it again gains nothing.
    pub fn is_compressed(self) -> bool {
        self == Self::Parquet
    }
}
