//! The places, positions and sectors of the scenarios.

use serde_json::{Value, json};

use crate::oracle::ScriptRng;

/// Latitude and longitude of the sites: Sydney twice as far from the others as a tower is heard.
pub const SITES: [(f64, f64); 4] =
    [(-33.946, 151.177), (-34.6, 151.9), (-35.3, 149.2), (-37.673, 144.843)];

/// In `WEST` and `EAST`, in no sector, and outside the boundary.
pub const PLACES: [(f64, f64); 9] = [
    (-33.9, 151.1),
    (-33.946, 151.177),
    (-34.3, 151.2),
    (-35.2, 150.1),
    (-35.9, 147.4),
    (-37.5, 145.0),
    (-30.5, 158.5),
    (-20.0, 155.0),
    (-50.0, 150.0),
];

/// Frequencies in hertz as radios have them. Three are names of one channel, and some are none.
pub const RADIOS: [i64; 14] = [
    120_500_000,
    120_500_400,
    128_300_000,
    128_300_000,
    133_150_000,
    131_570_000,
    131_575_000,
    131_574_600,
    8_867_000,
    118_005_000,
    118_000_000,
    122_800_000,
    121_500_000,
    0,
];

/// Frequencies as controllers announce them.
pub fn announced() -> Vec<Value> {
    vec![
        json!("120.500"),
        json!("128.300"),
        json!("128.300"),
        json!("131.570"),
        json!("131.575"),
        json!("133.150"),
        json!(120.5),
        json!(" 131.57 "),
        json!("199.998"),
        json!(""),
        json!("on request"),
        json!(null),
        json!(0),
    ]
}

fn rectangle(south: f64, north: f64, west: f64, east: f64) -> Value {
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({"type": "Polygon", "coordinates": [ring]})
}

/// An airspace in which the owners of sectors stand in random order.
pub fn airspace(rng: &mut ScriptRng) -> Value {
    let position = |prefixes: Value, suffix: &str, frequency_hz: Value| json!({"prefixes": prefixes, "suffix": suffix, "frequency_hz": frequency_hz});
    let positions = json!({
        "SYT": position(json!(["SY"]), "TWR", json!(120_500_000)),
        "SYA": [position(json!(["SY"]), "APP", json!(128_300_000)), position(json!(["SY"]), "DEP", json!(null))],
        "SYN": position(json!(["SY_N"]), "APP", json!(null)),
        "MLC": position(json!(["ML"]), "CTR", json!(133_150_000)),
        "GUN": position(json!(["ML-GUN", "ml_gun"]), "CTR", json!(128_400_000)),
        "ZA": position(json!(["Z"]), "CTR", json!(120_500_000)),
        "ZB": position(json!(["Z"]), "CTR", json!(131_570_000)),
        "BNF": position(json!(["BN_"]), "FSS", json!(8_867_000)),
    });
    let mut owners = || {
        let ids = ["SYT", "SYA", "SYN", "MLC", "GUN", "ZA", "ZB", "BNF", "NOBODY"];
        (0..1 + rng.below(6)).map(|_| rng.one(&ids)).collect::<Vec<_>>()
    };
    let (all, west, east) = (["SYT", "SYN", "SYA", "GUN", "MLC", "ZA"], owners(), owners());
    let sector = |id: &str, owners: (&str, Value), geometry| {
        json!({"type": "Feature",
        "properties": {"role": "sector", "id": id, owners.0: owners.1}, "geometry": geometry})
    };
    let features = [
        json!({"type": "Feature", "properties": {"role": "boundary"},
            "geometry": rectangle(-45.0, -10.0, 110.0, 160.0)}),
        sector("ALL", ("owners", json!(all)), rectangle(-34.0, -33.0, 151.0, 152.0)),
        sector("WEST", ("owners", json!(west)), rectangle(-40.0, -30.0, 140.0, 150.5)),
        sector("EAST", ("owners", json!(east)), rectangle(-40.0, -30.0, 150.5, 157.0)),
        sector(
            "OLD",
            ("callsigns", json!(["SY_1_TWR", "SY_TWR", "Z_CTR"])),
            rectangle(-12.0, -11.0, 112.0, 113.0),
        ),
        sector("NONE", ("callsigns", json!([])), rectangle(-12.0, -11.0, 115.0, 116.0)),
    ];
    json!({"type": "FeatureCollection", "features": features, "positions": positions,
        "cut_hyphen": rng.percent(50)})
}
