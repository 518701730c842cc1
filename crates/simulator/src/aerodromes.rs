//! The aerodromes where flights begin and end. Their places are public facts, rounded.

use geo::{Distance, Haversine, Point};

/// An aerodrome.
#[derive(Debug)]
pub(super) struct Aerodrome {
    pub(super) icao: &'static str,
    latitude: f64,
    longitude: f64,
    pub(super) elevation_ft: f64,
}

impl Aerodrome {
    pub(super) fn point(&self) -> Point {
        Point::new(self.longitude, self.latitude)
    }

    /// The great-circle distance.
    pub(super) fn distance_nm(&self, other: &Aerodrome) -> f64 {
        Haversine.distance(self.point(), other.point()) / METRES_PER_NM
    }
}

pub(super) const METRES_PER_NM: f64 = 1852.0;

/// The elevation of the ground at a place: that of the aerodrome there, or else sea level.
pub(super) fn elevation_ft_at(place: Point) -> f64 {
    let is_there = |it: &&Aerodrome| Haversine.distance(it.point(), place) < METRES_PER_NM;
    let all = AUSTRALIA.iter().chain(&GATEWAYS).chain(&WORLD);
    all.filter(|it| (it.latitude - place.y()).abs() < 0.1)
        .find(is_there)
        .map_or(0.0, |aerodrome| aerodrome.elevation_ft)
}

const fn at(icao: &'static str, latitude: f64, longitude: f64, elevation_ft: f64) -> Aerodrome {
    Aerodrome { icao, latitude, longitude, elevation_ft }
}

/// Those in the default airspace. The first eight have a terminal sector there.
pub(super) static AUSTRALIA: [Aerodrome; 12] = [
    at("YSSY", -33.946, 151.177, 21.0),
    at("YMML", -37.673, 144.843, 434.0),
    at("YBBN", -27.384, 153.117, 13.0),
    at("YPAD", -34.945, 138.531, 20.0),
    at("YPPH", -31.940, 115.967, 67.0),
    at("YBCS", -16.886, 145.755, 10.0),
    at("YSCB", -35.307, 149.195, 1886.0),
    at("YPDN", -12.415, 130.877, 103.0),
    at("YMHB", -42.836, 147.510, 13.0),
    at("YBTL", -19.253, 146.765, 18.0),
    at("YBAS", -23.807, 133.902, 1789.0),
    at("YBCG", -28.164, 153.505, 21.0),
];

/// Those abroad, with flights to the first eight of [`AUSTRALIA`].
pub(super) static GATEWAYS: [Aerodrome; 12] = [
    at("WSSS", 1.359, 103.989, 22.0),
    at("NZAA", -37.008, 174.785, 23.0),
    at("NZCH", -43.489, 172.532, 123.0),
    at("WADD", -8.748, 115.167, 14.0),
    at("WIII", -6.126, 106.656, 34.0),
    at("VHHH", 22.309, 113.915, 28.0),
    at("RJTT", 35.553, 139.781, 35.0),
    at("KLAX", 33.943, -118.408, 125.0),
    at("OMDB", 25.253, 55.364, 62.0),
    at("FAOR", -26.139, 28.246, 5558.0),
    at("NFFN", -17.755, 177.443, 59.0),
    at("AYPY", -9.443, 147.220, 146.0),
];

/// Pairs whose great circle crosses the default airspace without a landing in it.
pub(super) static OVERFLIGHTS: [(Aerodrome, Aerodrome); 6] = [
    (at("WSSS", 1.359, 103.989, 22.0), at("NZAA", -37.008, 174.785, 23.0)),
    (at("WIII", -6.126, 106.656, 34.0), at("NZCH", -43.489, 172.532, 123.0)),
    (at("WADD", -8.748, 115.167, 14.0), at("NZAA", -37.008, 174.785, 23.0)),
    (at("OMDB", 25.253, 55.364, 62.0), at("NZAA", -37.008, 174.785, 23.0)),
    (at("WSSS", 1.359, 103.989, 22.0), at("NWWW", -22.015, 166.213, 52.0)),
    (at("WMKK", 2.746, 101.710, 69.0), at("NZCH", -43.489, 172.532, 123.0)),
];

/// The rest of the world.
pub(super) static WORLD: [Aerodrome; 40] = [
    at("EGLL", 51.470, -0.454, 83.0),
    at("EGKK", 51.148, -0.190, 202.0),
    at("EHAM", 52.309, 4.764, -11.0),
    at("EDDF", 50.033, 8.571, 364.0),
    at("EDDM", 48.354, 11.786, 1487.0),
    at("LFPG", 49.010, 2.548, 392.0),
    at("LEMD", 40.494, -3.567, 1998.0),
    at("LPPT", 38.781, -9.136, 374.0),
    at("LIRF", 41.800, 12.239, 13.0),
    at("LSZH", 47.458, 8.548, 1416.0),
    at("LOWW", 48.110, 16.570, 600.0),
    at("EKCH", 55.618, 12.656, 17.0),
    at("ESSA", 59.652, 17.919, 137.0),
    at("ENGM", 60.194, 11.100, 681.0),
    at("EFHK", 60.317, 24.963, 179.0),
    at("EPWA", 52.166, 20.967, 361.0),
    at("LTFM", 41.275, 28.752, 325.0),
    at("LLBG", 32.011, 34.887, 134.0),
    at("OEJN", 21.680, 39.157, 48.0),
    at("HECA", 30.122, 31.406, 382.0),
    at("HKJK", -1.319, 36.928, 5330.0),
    at("FACT", -33.965, 18.602, 151.0),
    at("VIDP", 28.567, 77.103, 777.0),
    at("VABB", 19.089, 72.868, 39.0),
    at("VTBS", 13.681, 100.747, 5.0),
    at("RPLL", 14.509, 121.020, 75.0),
    at("ZBAA", 40.080, 116.585, 116.0),
    at("RKSI", 37.469, 126.451, 23.0),
    at("RJBB", 34.427, 135.244, 26.0),
    at("PHNL", 21.319, -157.922, 13.0),
    at("KSFO", 37.619, -122.375, 13.0),
    at("KSEA", 47.450, -122.309, 433.0),
    at("KDEN", 39.862, -104.673, 5434.0),
    at("KORD", 41.979, -87.905, 672.0),
    at("KATL", 33.637, -84.428, 1026.0),
    at("KJFK", 40.640, -73.779, 13.0),
    at("KMIA", 25.793, -80.291, 8.0),
    at("CYYZ", 43.677, -79.631, 569.0),
    at("SBGR", -23.432, -46.469, 2461.0),
    at("SCEL", -33.393, -70.786, 1555.0),
];
