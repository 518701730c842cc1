//! A box on the map.

use super::{known::BBOX, query::Query};
use crate::web::problem::Problem;
use sectorwatch_store::api::BoundingBox;

/// Reads `bbox`; `None` when it is absent.
///
/// # Errors
/// It is no box.
pub fn bbox(query: &mut Query) -> Result<Option<BoundingBox>, Problem> {
    let Some(text) = query.get(&BBOX) else { return Ok(None) };
    let bbox = parsed(text).ok_or_else(|| BBOX.refused())?;
    let BoundingBox { west, south, east, north } = bbox;
    query.normalise(&BBOX, format!("{west},{south},{east},{north}"));
    Ok(Some(bbox))
}

fn parsed(text: &str) -> Option<BoundingBox> {
    let numbers: Vec<f64> = text.split(',').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let &[west, south, east, north] = &numbers[..] else { return None };
    let are_longitudes = [west, east].iter().all(|x| (-180.0..=180.0).contains(x));
    let are_latitudes = [south, north].iter().all(|y| (-90.0..=90.0).contains(y));
    (are_longitudes && are_latitudes && south <= north).then_some(BoundingBox {
        west,
        south,
        east,
        north,
    })
}
