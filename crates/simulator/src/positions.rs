//! The positions of simulated controllers. Frequencies are plausible, not official.

use geo::Point;

/// A position with its place, or an observer without one.
#[derive(Debug)]
pub(super) struct Position {
    pub(super) callsign: &'static str,
    /// The feed's number, 0…6.
    pub(super) facility: i32,
    /// In MHz; `199.998` for none.
    pub(super) frequency: &'static str,
    latitude: f64,
    longitude: f64,
    /// The ATIS of the position: callsign and frequency.
    pub(super) atis: Option<(&'static str, &'static str)>,
}

/// The feed's value for a controller without a frequency.
pub(super) const NO_FREQUENCY: &str = "199.998";

const fn position(
    callsign: &'static str,
    facility: i32,
    frequency: &'static str,
    latitude: f64,
    longitude: f64,
) -> Position {
    Position { callsign, facility, frequency, latitude, longitude, atis: None }
}

const fn observer(callsign: &'static str) -> Position {
    position(callsign, 0, NO_FREQUENCY, 0.0, 0.0)
}

/// The frequency of a position in hertz, as in the transceivers document.
pub(super) fn frequency_hz_of(callsign: &str) -> Option<i64> {
    let position = POSITIONS.iter().find(|position| position.callsign == callsign)?;
    frequency_hz(position.frequency)
}

/// A frequency of the main document in hertz.
pub(super) fn frequency_hz(mhz: &str) -> Option<i64> {
    let mhz: f64 = mhz.parse().ok()?;
    Some((mhz * 1_000.0).round() as i64 * 1_000)
}

impl Position {
    pub(super) fn point(&self) -> Point {
        Point::new(self.longitude, self.latitude)
    }

    const fn with_atis(mut self, callsign: &'static str, frequency: &'static str) -> Self {
        self.atis = Some((callsign, frequency));
        self
    }
}

pub(super) static POSITIONS: [Position; 72] = [
    position("SY_DEL", 2, "133.800", -33.946, 151.177),
    position("SY_GND", 3, "121.700", -33.946, 151.177),
    position("SY_TWR", 4, "120.500", -33.946, 151.177).with_atis("YSSY_ATIS", "126.250"),
    position("SY_APP", 5, "124.400", -33.946, 151.177),
    position("SY-S_DEP", 5, "123.000", -33.946, 151.177),
    position("ML_GND", 3, "121.700", -37.673, 144.843),
    position("ML_TWR", 4, "120.500", -37.673, 144.843).with_atis("YMML_ATIS", "114.100"),
    position("ML_APP", 5, "132.000", -37.673, 144.843),
    position("BN_TWR", 4, "120.500", -27.384, 153.117).with_atis("YBBN_ATIS", "113.200"),
    position("BN_APP", 5, "124.700", -27.384, 153.117),
    position("AD_TWR", 4, "120.500", -34.945, 138.531).with_atis("YPAD_ATIS", "116.400"),
    position("AD_APP", 5, "124.200", -34.945, 138.531),
    position("PH_TWR", 4, "120.500", -31.940, 115.967).with_atis("YPPH_ATIS", "123.800"),
    position("PH_APP", 5, "135.250", -31.940, 115.967),
    position("CS_TWR", 4, "124.900", -16.886, 145.755).with_atis("YBCS_ATIS", "113.000"),
    position("CS_APP", 5, "118.400", -16.886, 145.755),
    position("CB_TWR", 4, "118.700", -35.307, 149.195).with_atis("YSCB_ATIS", "116.700"),
    position("CB_APP", 5, "124.500", -35.307, 149.195),
    position("DN_TWR", 4, "133.100", -12.415, 130.877).with_atis("YPDN_ATIS", "112.600"),
    position("ML-WOL_CTR", 6, "125.000", -35.8, 149.0),
    position("ML-BLA_CTR", 6, "132.200", -36.8, 146.5),
    position("ML-TBD_CTR", 6, "133.700", -34.5, 139.5),
    position("ML-PIY_CTR", 6, "133.900", -31.5, 117.5),
    position("BN-INL_CTR", 6, "121.200", -28.5, 152.0),
    position("BN-KEN_CTR", 6, "133.200", -19.5, 146.5),
    position("BN-TRT_CTR", 6, "123.700", -14.0, 131.0),
    position("ML-WOL__CTR", 6, NO_FREQUENCY, -35.8, 149.0),
    position("YBBB_FSS", 1, "133.950", -22.0, 155.0),
    position("WSSS_APP", 5, "124.050", 1.359, 103.989).with_atis("WSSS_ATIS", "128.600"),
    position("NZAA_TWR", 4, "118.700", -37.008, 174.785).with_atis("NZAA_ATIS", "127.800"),
    position("NZZC_CTR", 6, "125.300", -41.0, 174.0),
    position("EGLL_N_TWR", 4, "118.700", 51.470, -0.454).with_atis("EGLL_ATIS", "113.750"),
    position("LON_S_CTR", 6, "129.430", 51.0, -1.0),
    position("EDDF_APP", 5, "120.805", 50.033, 8.571).with_atis("EDDF_ATIS", "118.025"),
    position("EHAM_GND", 3, "121.805", 52.309, 4.764),
    position("LFPG_TWR", 4, "119.250", 49.010, 2.548),
    position("EURN_FSS", 1, "133.450", 58.0, 10.0),
    position("NY_CTR", 6, "134.800", 40.7, -74.0),
    position("JFK_GND", 3, "121.900", 40.640, -73.779),
    position("ORD_TWR", 4, "120.750", 41.979, -87.905).with_atis("KORD_ATIS", "135.400"),
    position("SBGR_APP", 5, "119.800", -23.432, -46.469),
    position("EUC_FMP", 5, NO_FREQUENCY, 50.0, 5.0),
    observer("SY_OBS"),
    observer("9100043_OBS"),
    observer("DEMO_OBS"),
    observer("DM_SUP"),
    observer("AU_SUP"),
    observer("QFA9999"),
    // Later ones come last, so that those before them keep their numbers.
    position("SY-S_APP", 5, "128.300", -33.946, 151.177),
    position("SY-D_APP", 5, "126.100", -33.946, 151.177),
    position("SY_DEP", 5, "129.700", -33.946, 151.177),
    position("ML-S_APP", 5, "125.650", -37.673, 144.843),
    position("ML_DEP", 5, "118.900", -37.673, 144.843),
    position("BN-S_APP", 5, "125.600", -27.384, 153.117),
    position("BN_DEP", 5, "133.450", -27.384, 153.117),
    position("BN-S_DEP", 5, "128.100", -27.384, 153.117),
    position("AD_DEP", 5, "118.200", -34.945, 138.531),
    position("PH_DEP", 5, "123.600", -31.940, 115.967),
    position("CS_DEP", 5, "126.100", -16.886, 145.755),
    position("CB_DEP", 5, "125.900", -35.307, 149.195),
    position("DN_APP", 5, "134.100", -12.415, 130.877),
    position("DN_DEP", 5, "125.200", -12.415, 130.877),
    position("BN-ARL_CTR", 6, "130.900", -30.3, 150.0),
    position("BN-ISA_CTR", 6, "118.600", -20.7, 139.5),
    position("BN-TSN_FSS", 1, "121.300", -21.0, 154.0),
    position("ML-ASP_CTR", 6, "128.850", -25.0, 133.5),
    position("ML-BIK_CTR", 6, "129.800", -38.5, 146.2),
    position("ML-ELW_CTR", 6, "123.800", -37.0, 144.0),
    position("ML-GUN_CTR", 6, "133.150", -35.0, 148.5),
    position("ML-HYD_CTR", 6, "126.600", -28.0, 119.0),
    position("ML-OLW_CTR", 6, "122.400", -25.0, 116.5),
    position("ML-IND_FSS", 1, "124.600", -30.0, 104.0),
];
