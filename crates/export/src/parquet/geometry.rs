//! Points as WKB, and the metadata of GeoParquet 1.1.

use serde_json::json;

use super::super::table::Position;

/// The column of geometries.
pub const COLUMN: &str = "geometry";

/// The bytes of a point: byte order, type, longitude, latitude.
const POINT_BYTES: usize = 1 + 4 + 8 + 8;

/// A point as WKB, in little-endian order.
pub fn point((longitude, latitude): Position) -> [u8; POINT_BYTES] {
    let mut bytes = [0; POINT_BYTES];
    // The least byte comes first; type 1 is a point.
    bytes[0] = 1;
    bytes[1..5].copy_from_slice(&1_u32.to_le_bytes());
    bytes[5..13].copy_from_slice(&longitude.to_le_bytes());
    bytes[13..].copy_from_slice(&latitude.to_le_bytes());
    bytes
}

/// The box around all points so far: west, south, east, north. It does not cross the antimeridian.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Extent(Option<[f64; 4]>);

impl Extent {
    /// Adds a point.
    pub fn take(&mut self, (longitude, latitude): Position) {
        let [west, south, east, north] =
            self.0.unwrap_or([longitude, latitude, longitude, latitude]);
        self.0 = Some([
            west.min(longitude),
            south.min(latitude),
            east.max(longitude),
            north.max(latitude),
        ]);
    }
}

/// The value of the key `geo`. No `crs` means longitude and latitude of WGS 84 (OGC:CRS84).
pub fn metadata(extent: Extent) -> String {
    let mut column = json!({"encoding": "WKB", "geometry_types": ["Point"]});
    if let (Some(extent), Some(column)) = (extent.0, column.as_object_mut()) {
        column.insert("bbox".to_owned(), json!(extent));
    }
    json!({"version": "1.1.0", "primary_column": COLUMN, "columns": {COLUMN: column}}).to_string()
}
