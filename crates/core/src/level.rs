//! The level of a flight, in the quantity of each limit of a sector.

/// The default transition altitude, in feet.
pub const TRANSITION_ALTITUDE_FT: f64 = 10_000.0;

const STANDARD_MB: i32 = 1013;
const FEET_PER_MB: f64 = 28.9;

/// The altitude and the pressure level of one place.
///
/// The feed has true altitude. A limit at or below the transition altitude is an altitude, a higher one a
/// flight level, and each is compared with its own quantity. Two sectors with a common limit therefore
/// neither overlap nor leave a gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    altitude_ft: f64,
    pressure_ft: f64,
    transition_altitude_ft: f64,
}

impl Level {
    /// The level of a pilot's record. An unknown QNH or 0 is taken as standard.
    pub fn new(altitude_ft: i32, qnh_mb: Option<i32>, transition_altitude_ft: f64) -> Self {
        let qnh_mb = match qnh_mb {
            None | Some(0) => STANDARD_MB,
            Some(qnh_mb) => qnh_mb.clamp(850, 1100),
        };
        let altitude_ft = f64::from(altitude_ft);
        let pressure_ft = altitude_ft - f64::from(qnh_mb - STANDARD_MB) * FEET_PER_MB;
        Self { altitude_ft, pressure_ft, transition_altitude_ft }
    }

    /// The level at standard pressure, where both quantities are equal.
    pub fn standard(altitude_ft: i32) -> Self {
        Self::new(altitude_ft, None, TRANSITION_ALTITUDE_FT)
    }

    /// Whether the level lies between two limits in feet, inclusive, when each is moved outwards by
    /// `margin_ft`. `None` is no limit.
    pub fn is_between(
        &self,
        floor_ft: Option<f64>,
        ceiling_ft: Option<f64>,
        margin_ft: f64,
    ) -> bool {
        floor_ft.is_none_or(|floor| floor - margin_ft <= self.against(floor))
            && ceiling_ft.is_none_or(|ceiling| self.against(ceiling) <= ceiling + margin_ft)
    }

    /// The value to compare with a limit, in feet, not rounded.
    pub fn against(&self, limit_ft: f64) -> f64 {
        if limit_ft <= self.transition_altitude_ft { self.altitude_ft } else { self.pressure_ft }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_compared_with_the_quantity_it_is_expressed_in() {
        // Altitude, QNH, limit, transition altitude, the value to compare.
        for (altitude_ft, qnh_mb, limit_ft, transition_ft, expected) in [
            (9_501, Some(983), 10_000.0, 10_000.0, 9_501.0),
            (9_501, Some(983), 10_000.5, 10_000.0, 9_501.0 + 30.0 * 28.9),
            (-500, Some(1_050), 24_500.0, 10_000.0, -500.0 - 37.0 * 28.9),
            (-500, Some(1_050), 0.0, 0.0, -500.0),
            (30_000, Some(983), 30_000.0, 60_000.0, 30_000.0),
            (30_000, None, 24_500.0, 10_000.0, 30_000.0),
            (30_000, Some(0), 24_500.0, 10_000.0, 30_000.0),
            (30_000, Some(1_013), 24_500.0, 10_000.0, 30_000.0),
            (30_000, Some(1_014), 24_500.0, 10_000.0, 29_971.1),
            (30_000, Some(2_144), 24_500.0, 10_000.0, 30_000.0 - 87.0 * 28.9),
            (30_000, Some(3), 24_500.0, 10_000.0, 30_000.0 + 163.0 * 28.9),
            (30_000, Some(-1), 24_500.0, 10_000.0, 30_000.0 + 163.0 * 28.9),
        ] {
            let level = Level::new(altitude_ft, qnh_mb, transition_ft);
            let what = format!("{altitude_ft} ft, {qnh_mb:?} hPa, {limit_ft} of {transition_ft}");
            assert_eq!(level.against(limit_ft), expected, "{what}");
        }
        assert_eq!(Level::standard(30_000).against(24_500.0), 30_000.0);
    }
}
