//! Controllers and radios as the feed states them.

use std::sync::Arc;

use super::Time;

/// What a position does. Taken from the callsign's suffix first, from the feed's number second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Facility {
    /// Observer or supervisor.
    Obs,
    /// Flight service station.
    Fss,
    /// Clearance delivery.
    Del,
    /// Ground or ramp.
    Gnd,
    /// Tower.
    Twr,
    /// Approach or departure.
    App,
    /// Area control (en route).
    Ctr,
}

/// One controller session.
#[derive(Debug, Clone, PartialEq)]
pub struct Controller {
    /// VATSIM member id.
    pub cid: i32,
    /// For example `ML-WOL_CTR`.
    pub callsign: Arc<str>,
    /// When the controller logged on.
    pub logon_time: Time,
    /// The feed's number, 0…6.
    pub facility: i32,
    /// VATSIM controller rating.
    pub rating: i32,
    /// MHz as fed, for example `118.700`; `199.998` means none yet.
    pub frequency: String,
    /// Nautical miles.
    pub visual_range: Option<i32>,
    /// Lines joined by a newline.
    pub text_atis: Option<String>,
    /// Network server.
    pub server: String,
    /// When the network last heard from the controller.
    pub last_updated: Time,
}

/// The radios of one callsign, from the transceivers feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Joined with pilots and controllers of the same cycle by callsign alone.
    pub callsign: Arc<str>,
    /// One for each radio.
    pub transceivers: Vec<Transceiver>,
}

/// One radio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transceiver {
    /// Unique within its callsign.
    pub id: i32,
    /// Hertz.
    pub frequency_hz: i64,
    /// Degrees.
    pub latitude: f64,
    /// Degrees.
    pub longitude: f64,
    /// Metres above mean sea level.
    pub height_msl_m: f64,
    /// Metres above ground.
    pub height_agl_m: f64,
}
