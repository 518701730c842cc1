//! Controllers and radios as in the feed.

use std::sync::Arc;

use super::{Time, channel::hertz, positions::channel};

/// The type of a position, from the callsign's suffix or else from the feed's number.
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

impl Facility {
    /// The type in the callsign's suffix.
    pub fn of_suffix(callsign: &str) -> Option<Self> {
        let (_, suffix) = callsign.rsplit_once('_')?;
        Some(match suffix.to_ascii_uppercase().as_str() {
            "DEL" => Facility::Del,
            "GND" | "RMP" => Facility::Gnd,
            "TWR" => Facility::Twr,
            "APP" | "DEP" => Facility::App,
            "CTR" => Facility::Ctr,
            "FSS" => Facility::Fss,
            // Flow management observes and does not control.
            "OBS" | "SUP" | "FMP" => Facility::Obs,
            _ => return None,
        })
    }

    /// The feed's number of the type.
    pub fn number(self) -> i32 {
        match self {
            Facility::Obs => 0,
            Facility::Fss => 1,
            Facility::Del => 2,
            Facility::Gnd => 3,
            Facility::Twr => 4,
            Facility::App => 5,
            Facility::Ctr => 6,
        }
    }
}

/// A controller's connection, as in the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Controller {
    /// VATSIM member id.
    pub cid: i32,
    /// For example `ML-WOL_CTR`.
    pub callsign: Arc<str>,
    /// When the controller logged on.
    pub logon_time: Time,
    /// The feed's number, 0…6; if it is missing, that of the callsign's suffix.
    pub facility: i32,
    /// VATSIM controller rating.
    pub rating: i32,
    /// In MHz as in the feed, for example `118.700`; `199.998` means none.
    pub frequency: String,
    /// The visual range, in nautical miles.
    pub visual_range: Option<i32>,
    /// Lines joined by a newline.
    pub text_atis: Option<String>,
    /// The network server of the client.
    pub server: String,
    /// When the network last received data from the controller.
    pub last_updated: Time,
    /// See [`Pilot::unreadable`](super::flight::Pilot::unreadable).
    pub unreadable: Vec<&'static str>,
}

impl Controller {
    /// The type of the position.
    pub fn facility_kind(&self) -> Facility {
        Facility::of_suffix(&self.callsign).unwrap_or_else(|| self.facility_of_number())
    }

    /// Whether it is an observer or a supervisor, who are not kept.
    pub fn is_observer(&self) -> bool {
        self.facility == 0 || observes(&self.callsign)
    }

    /// The primary frequency in hertz. `None` where nobody is online on it: it is null, empty, no number, 0, or
    /// 199.998 MHz, which the network gives to who has not chosen one yet.
    pub fn frequency_hz(&self) -> Option<u32> {
        hertz(&self.frequency).filter(|hertz| channel(*hertz).is_some())
    }

    /// Whether a frequency is tuned. A position without one is not staffed.
    pub fn has_frequency(&self) -> bool {
        self.frequency_hz().is_some()
    }

    /// Whether an optional field could not be read.
    pub fn lost(&self, field: &str) -> bool {
        self.unreadable.contains(&field)
    }

    fn facility_of_number(&self) -> Facility {
        match self.facility {
            1 => Facility::Fss,
            2 => Facility::Del,
            3 => Facility::Gnd,
            4 => Facility::Twr,
            5 => Facility::App,
            6 => Facility::Ctr,
            _ => Facility::Obs,
        }
    }
}

/// Whether the callsign alone shows an observer.
pub fn observes(callsign: &str) -> bool {
    let suffix = callsign.rsplit_once('_').map(|(_, suffix)| suffix);
    suffix.is_some_and(|suffix| ["OBS", "SUP"].iter().any(|it| suffix.eq_ignore_ascii_case(it)))
}

/// The radios of one callsign, from the transceivers feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Joined with pilots and controllers of the same cycle by callsign. No two stations differ by case alone.
    pub callsign: Arc<str>,
    /// The radios that could be read.
    pub transceivers: Vec<Transceiver>,
    /// Where it hears what, in the order of the feed: also radios whose id cannot be read or stands for several.
    pub antennas: Vec<Antenna>,
    /// Whether all radios could be read. An unreadable one is unknown, not gone.
    pub is_whole: bool,
}

/// A radio as it can be heard: its frequency and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Antenna {
    /// The frequency in hertz, at most 2,147,000,000; 0 when it is off.
    pub frequency_hz: u32,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// Metres above mean sea level; `None` when unknown.
    pub height_msl_m: Option<f64>,
}

/// A radio of a station, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Transceiver {
    /// Unique within its callsign.
    pub id: i32,
    /// The frequency in hertz.
    pub frequency_hz: i64,
    /// Degrees, north positive.
    pub latitude: f64,
    /// Degrees, east positive.
    pub longitude: f64,
    /// Metres above mean sea level.
    pub height_msl_m: Option<f64>,
    /// Metres above ground.
    pub height_agl_m: Option<f64>,
    /// See [`Pilot::unreadable`](super::flight::Pilot::unreadable).
    pub unreadable: Vec<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::{Controller, Facility, Facility::*};

    fn controller(callsign: &str, facility: i32) -> Controller {
        Controller {
            cid: 1,
            callsign: callsign.into(),
            logon_time: Default::default(),
            facility,
            rating: 5,
            frequency: "118.700".to_owned(),
            visual_range: None,
            text_atis: None,
            server: String::new(),
            last_updated: Default::default(),
            unreadable: Vec::new(),
        }
    }

    #[test]
    fn the_suffix_tells_the_facility_before_the_number() {
        let cases: &[(&str, i32, Facility, bool)] = &[
            ("YSSY_DEL", 2, Del, false),
            ("EDDF_N_GND", 4, Gnd, false),
            ("KJFK_RMP", 4, Gnd, false),
            ("YSSY_TWR", 4, Twr, false),
            ("yssy_twr", 6, Twr, false),
            ("EGLL__APP", 5, App, false),
            ("KNYC_DEP", 5, App, false),
            ("ML-WOL_CTR", 6, Ctr, false),
            ("ML-WOL_CTR", 0, Ctr, true),
            ("CZQX_FSS", 1, Fss, false),
            ("EDYY_FMP", 6, Obs, false),
            ("JD_OBS", 4, Obs, true),
            ("JD_SUP", 6, Obs, true),
            ("PCF_TA", 0, Obs, true),
            ("CTR", 5, App, false),
            ("YSSY_CTR_X", 1, Fss, false),
            ("SYDNEY", 2, Del, false),
            ("SYDNEY", 3, Gnd, false),
            ("SYDNEY", 4, Twr, false),
            ("SYDNEY", 6, Ctr, false),
            ("SYDNEY", 7, Obs, false),
        ];
        for (callsign, number, kind, observer) in cases {
            let controller = controller(callsign, *number);
            assert_eq!(controller.facility_kind(), *kind, "{callsign} {number}");
            assert_eq!(controller.is_observer(), *observer, "{callsign} {number}");
        }
    }
}
