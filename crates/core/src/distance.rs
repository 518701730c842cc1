//! Distances on the sphere.

/// The radius of the sphere in nautical miles.
pub const EARTH_RADIUS_NM: f64 = 3_440.065;

/// The great-circle distance between two points in degrees (latitude, longitude), in nautical miles, by the
/// haversine formula.
pub fn great_circle_nm(from: (f64, f64), to: (f64, f64)) -> f64 {
    let half_sine = |degrees: f64| (degrees.to_radians() / 2.0).sin();
    let (north, east) = (half_sine(to.0 - from.0), half_sine(to.1 - from.1));
    let cosines = from.0.to_radians().cos() * to.0.to_radians().cos();
    let haversine = north * north + cosines * east * east;
    // Rounding may exceed 1 for antipodes.
    2.0 * EARTH_RADIUS_NM * haversine.min(1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_sphere() {
        let (sydney, melbourne) = ((-33.946111, 151.177222), (-37.673333, 144.843333));
        let quarter = EARTH_RADIUS_NM * std::f64::consts::FRAC_PI_2;
        for (from, to, nm) in [
            (sydney, melbourne, 380.9),
            (sydney, sydney, 0.0),
            ((0.0, 0.0), (1.0, 0.0), quarter / 90.0),
            ((60.0, 179.0), (60.0, -179.0), 60.0),
            ((0.0, 0.0), (0.0, 180.0), 2.0 * quarter),
            ((90.0, 12.0), (0.0, -77.0), quarter),
        ] {
            let distance = great_circle_nm(from, to);
            assert!((distance - nm).abs() < 0.06, "{from:?} {to:?}: {distance}");
        }
    }
}
