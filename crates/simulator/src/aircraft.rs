//! Aircraft types, with the data that a flight's profile needs.

/// An aircraft type.
#[derive(Debug)]
pub(super) struct Aircraft {
    /// The ICAO type designator.
    pub(super) short: &'static str,
    /// Wake category and equipment, as filed after the type.
    pub(super) equipment: &'static str,
    /// Prefix of the FAA form: `H/` for heavy ones.
    pub(super) faa_prefix: &'static str,
    /// The cruising speed, used as groundspeed because there is no wind.
    pub(super) cruise_kt: f64,
    pub(super) takeoff_kt: f64,
    pub(super) landing_kt: f64,
    /// The rate of climb and descent.
    pub(super) vertical_fpm: f64,
    pub(super) ceiling_ft: f64,
    /// The shortest and the longest flight for this type.
    range_nm: (f64, f64),
    /// Whether it flies under its registration and not a flight number.
    pub(super) is_light: bool,
}

const JET: Aircraft = Aircraft {
    short: "B738",
    equipment: "M-SDE2E3FGHIRWXY/LB1",
    faa_prefix: "",
    cruise_kt: 450.0,
    takeoff_kt: 145.0,
    landing_kt: 138.0,
    vertical_fpm: 1_900.0,
    ceiling_ft: 38_000.0,
    range_nm: (200.0, 2_600.0),
    is_light: false,
};

const HEAVY: Aircraft = Aircraft {
    short: "B789",
    equipment: "H-SDE1E2E3FGHIJ2J3J4J5M1RWXY/LB1D1",
    faa_prefix: "H/",
    cruise_kt: 485.0,
    takeoff_kt: 160.0,
    landing_kt: 145.0,
    vertical_fpm: 1_700.0,
    ceiling_ft: 40_000.0,
    range_nm: (1_500.0, 8_500.0),
    is_light: false,
};

/// The index of [`HEAVY`] in [`TYPES`].
const LONGEST_RANGE: usize = 4;
/// The index of the type that flies circuits.
const TRAINER: usize = 9;

static TYPES: [Aircraft; 10] = [
    JET,
    Aircraft { short: "A320", equipment: "M-SDE3FGHIRWY/LB1", cruise_kt: 446.0, ..JET },
    Aircraft { short: "A21N", equipment: "M-SDE2E3FGHIRWY/LB1", cruise_kt: 452.0, ..JET },
    Aircraft {
        short: "E190",
        equipment: "M-SDE3FGHIRWY/S",
        cruise_kt: 438.0,
        range_nm: (150.0, 1_700.0),
        ..JET
    },
    HEAVY,
    Aircraft { short: "B77W", cruise_kt: 492.0, ..HEAVY },
    Aircraft { short: "A359", cruise_kt: 488.0, ..HEAVY },
    Aircraft {
        short: "A388",
        equipment: "J-SDE3FGHIJ5M1RWY/LB1D1",
        faa_prefix: "J/",
        cruise_kt: 490.0,
        range_nm: (3_000.0, 8_500.0),
        ..HEAVY
    },
    Aircraft {
        short: "DH8D",
        equipment: "M-SDFGRY/S",
        cruise_kt: 330.0,
        takeoff_kt: 118.0,
        landing_kt: 115.0,
        vertical_fpm: 1_400.0,
        ceiling_ft: 24_000.0,
        range_nm: (0.0, 700.0),
        ..JET
    },
    Aircraft {
        short: "C182",
        equipment: "L-SDFGRY/S",
        cruise_kt: 138.0,
        takeoff_kt: 65.0,
        landing_kt: 62.0,
        vertical_fpm: 600.0,
        ceiling_ft: 8_500.0,
        range_nm: (0.0, 350.0),
        is_light: true,
        ..JET
    },
];

/// The type that flies circuits.
pub(super) fn trainer() -> &'static Aircraft {
    &TYPES[TRAINER]
}

/// The types that fly this distance; never empty.
pub(super) fn suited_to(distance_nm: f64) -> Vec<&'static Aircraft> {
    let mut suited = TYPES
        .iter()
        .filter(|kind| (kind.range_nm.0..=kind.range_nm.1).contains(&distance_nm))
        .collect::<Vec<_>>();
    if suited.is_empty() {
        suited.push(&TYPES[LONGEST_RANGE]);
    }
    suited
}
