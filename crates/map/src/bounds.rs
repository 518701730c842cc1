//! Rectangles.

/// A rectangle of degrees or of the drawing. `north` is the larger number in both, which is below in the
/// drawing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The smallest first coordinate.
    pub west: f64,
    /// The largest first coordinate.
    pub east: f64,
    /// The smallest second coordinate.
    pub south: f64,
    /// The largest second coordinate.
    pub north: f64,
}

impl Bounds {
    /// The bounds of all points; `None` without points.
    pub fn of(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        let at = |(x, y)| Self { west: x, east: x, south: y, north: y };
        points.into_iter().map(at).reduce(Self::around)
    }

    /// Bounds with a width and a height around a middle.
    pub fn about((x, y): (f64, f64), (width, height): (f64, f64)) -> Self {
        let (right, up) = (width / 2.0, height / 2.0);
        Self { west: x - right, east: x + right, south: y - up, north: y + up }
    }

    /// The bounds of both together.
    pub fn around(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            east: self.east.max(other.east),
            south: self.south.min(other.south),
            north: self.north.max(other.north),
        }
    }

    /// The same bounds, further east.
    pub fn moved_east(self, by: f64) -> Self {
        Self { west: self.west + by, east: self.east + by, ..self }
    }

    /// The middle of both coordinates.
    pub fn middle(&self) -> (f64, f64) {
        (f64::midpoint(self.west, self.east), f64::midpoint(self.south, self.north))
    }

    /// The extent of the first coordinate.
    pub fn width(&self) -> f64 {
        self.east - self.west
    }

    /// The extent of the second coordinate.
    pub fn height(&self) -> f64 {
        self.north - self.south
    }

    /// Width times height.
    pub fn size(&self) -> f64 {
        self.width() * self.height()
    }

    /// Whether the two have more than an edge in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.west < other.east
            && other.west < self.east
            && self.south < other.north
            && other.south < self.north
    }

    /// Whether the other lies in this one completely.
    pub fn holds(&self, other: &Self) -> bool {
        self.west <= other.west
            && other.east <= self.east
            && self.south <= other.south
            && other.north <= self.north
    }
}
