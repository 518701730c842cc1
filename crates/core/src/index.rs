//! Which polygons may hold a point: those whose box does.

use rstar::{
    Envelope as _, RTree,
    primitives::{GeomWithData, Rectangle},
};

use super::geometry::Polygon;

/// The boxes of polygons, each with a number.
#[derive(Debug, Clone)]
pub(super) struct Index(RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>);

impl Index {
    /// An index of numbered polygons; a number may stand for several.
    pub fn of<'a>(polygons: impl Iterator<Item = (usize, &'a Polygon)>) -> Self {
        let boxed = |(number, polygon): (usize, &Polygon)| {
            let bounds = polygon.exterior.bounds();
            let [min, max] = [bounds.min(), bounds.max()].map(|corner| [corner.x, corner.y]);
            GeomWithData::new(Rectangle::from_corners(min, max), number)
        };
        Self(RTree::bulk_load(polygons.map(boxed).collect()))
    }

    /// The numbers of the polygons whose box holds the point, in ascending order, each once. One turn to either side
    /// is the same place.
    pub fn around(&self, latitude: f64, longitude: f64) -> Vec<usize> {
        let all = self.0.root().envelope();
        let turns = [0.0, 360.0, -360.0].map(|turn| [longitude + turn, latitude]);
        let within = turns.into_iter().filter(|point| all.contains_point(point));
        let found = within.flat_map(|point| self.0.locate_all_at_point(&point));
        let mut numbers: Vec<usize> = found.map(|boxed| boxed.data).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// Two indices of equal polygons are equal, and they are only compared together with their polygons.
impl PartialEq for Index {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
