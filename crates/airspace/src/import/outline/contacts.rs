//! Whether rings must be split.

use geo::Line as Side;
use sectorwatch_core::contacts::{meetings, revisited};

use crate::import::draft::Line;

/// The sides of all rings, one ring after the other.
pub(super) fn sides(rings: &[Line]) -> Vec<Side> {
    rings.iter().flat_map(|ring| ring.windows(2)).map(|ends| Side::new(ends[0], ends[1])).collect()
}

/// Whether two sides meet, or one ring comes twice through a point.
pub(super) fn any(rings: &[Line]) -> bool {
    rings.iter().any(|ring| revisited(ring).next().is_some())
        || meetings(&sides(rings)).next().is_some()
}
