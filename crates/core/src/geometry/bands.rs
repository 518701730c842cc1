//! The sides of a ring by latitude, so that a point is compared with those beside it alone.

use geo::{Coord, Rect};

/// Of fewer sides all are looked at.
const FEW_SIDES: usize = 24;
/// Sides for each band, when all are short.
const SIDES_OF_A_BAND: usize = 4;
/// How often a side may stand in the lists, on average.
const TIMES: usize = 4;

/// Bands of equal height from the south of a ring to its north, each with the sides that reach into it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Bands {
    south: f64,
    /// Bands of one degree.
    per_degree: f64,
    /// Where the list of each band ends in `sides`; empty where there are no bands.
    ends: Vec<u32>,
    /// The places of vertices at which sides begin.
    sides: Vec<u32>,
}

impl Bands {
    /// Sorts the sides of a ring through `vertices`; a ring of few sides, or of sides that are all long, has no bands.
    pub fn of(vertices: &[Coord], bounds: &Rect) -> Self {
        let sides = vertices.len().saturating_sub(1);
        // Places are kept in 32 bits.
        if sides <= FEW_SIDES || u32::try_from(sides * TIMES).is_err() {
            return Self::default();
        }
        let mut number = sides / SIDES_OF_A_BAND;
        while number > 1 {
            let bands = Self {
                south: bounds.min().y,
                per_degree: number as f64 / bounds.height(),
                ends: vec![0; number],
                sides: Vec::new(),
            };
            if bands.per_degree.is_finite() && bands.entries(vertices) <= sides * TIMES {
                return bands.filled(vertices);
            }
            number /= 2;
        }
        Self::default()
    }

    /// The sides in whose band a latitude is; `None` when all must be looked at.
    pub fn at(&self, latitude: f64) -> Option<&[u32]> {
        let band = (!self.ends.is_empty()).then(|| self.band(latitude))?;
        let start = band.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.sides.get(start as usize..self.ends[band] as usize)
    }

    /// Never decreases from south to north, so that a side is in the band of each latitude that it passes.
    fn band(&self, latitude: f64) -> usize {
        // What is negative becomes 0.
        let band = ((latitude - self.south) * self.per_degree) as usize;
        band.min(self.ends.len() - 1)
    }

    fn of_side(&self, side: &[Coord]) -> std::ops::RangeInclusive<usize> {
        let (a, b) = (self.band(side[0].y), self.band(side[1].y));
        a.min(b)..=a.max(b)
    }

    fn entries(&self, vertices: &[Coord]) -> usize {
        let bands = vertices.windows(2).map(|side| self.of_side(side));
        bands.map(|bands| bands.end() - bands.start() + 1).sum()
    }

    fn filled(mut self, vertices: &[Coord]) -> Self {
        let mut sizes = vec![0_u32; self.ends.len()];
        for side in vertices.windows(2) {
            self.of_side(side).for_each(|band| sizes[band] += 1);
        }
        let mut end = 0;
        for (start, size) in self.ends.iter_mut().zip(sizes) {
            *start = end;
            end += size;
        }
        self.sides = vec![0; end as usize];
        for (place, side) in vertices.windows(2).enumerate() {
            for band in self.of_side(side) {
                // The start of each list moves on, until it is its end.
                let next = &mut self.ends[band];
                self.sides[*next as usize] = place as u32;
                *next += 1;
            }
        }
        self
    }
}
