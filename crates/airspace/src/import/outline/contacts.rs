//! Whether rings must be split.

use std::ops::ControlFlow;

use geo::Line as Side;
use sectorwatch_core::meetings::{Effort, Tangled, meetings, revisited};

use crate::import::draft::Line;

/// The sides of all rings, one ring after the other.
pub(super) fn sides<'a>(rings: impl IntoIterator<Item = &'a Line>) -> Vec<Side> {
    let sides = rings.into_iter().flat_map(|ring| ring.windows(2));
    sides.map(|ends| Side::new(ends[0], ends[1])).collect()
}

/// Whether two sides meet, or one ring comes twice through a point.
///
/// # Errors
///
/// When the effort is used up.
pub(super) fn any<'a>(
    rings: impl IntoIterator<Item = &'a Line> + Clone,
    effort: &mut Effort,
) -> Result<bool, Tangled> {
    if rings.clone().into_iter().any(|ring| revisited(ring).next().is_some()) {
        return Ok(true);
    }
    let met = meetings(&sides(rings), effort, |_, _, _| ControlFlow::Break(()))?;
    Ok(met.is_some())
}
