//! The speeds and the distance that settings can change.

/// The thresholds that are settings.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    /// Below this groundspeed (knots) a flight may be on the ground.
    pub ground_kt: i32,
    /// From this groundspeed (knots) on a flight may be in the air.
    pub air_kt: i32,
    /// How far from an airport (nautical miles) a flight is at it.
    pub radius_nm: f64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { ground_kt: 40, air_kt: 50, radius_nm: 3.0 }
    }
}
