//! Who works when in the sectors of the default airspace, so that each of their positions has its turn.
//!
//! In each cycle, all positions but the last open together; they close one after another in the order in which
//! they own the sector, until nobody is left. The last position, a tower or a flight service, opens when the
//! first one closes, and a tower's controller is relieved before it closes.

use std::ops::Range;

use rand::Rng;

use super::rng::{Question, seeded_rng};

/// How long the first position is open. Then each has the sector for [`TURN_S`], and then nobody has.
const FIRST_S: f64 = 1_800.0;
const TURN_S: f64 = 360.0;
/// How long a controller stays after the relief has logged on.
const OVERLAP_S: f64 = 90.0;

/// The positions of a sector of the default airspace.
#[derive(Debug)]
pub(super) struct Roster {
    /// The aerodrome of a terminal sector.
    pub(super) aerodrome: Option<&'static str>,
    /// The extent of a terminal sector.
    pub(super) radius_nm: f64,
    pub(super) ceiling_ft: f64,
    /// The owners of the sector, in the order of the airspace's file.
    pub(super) callsigns: &'static [&'static str],
}

/// The time at a position, in simulated seconds since the start.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shift {
    pub(super) time_s: Range<f64>,
    /// What stands between the two parts of the callsign: `_` except for relief.
    pub(super) infix: &'static str,
}

/// The roster of a position and its rank among the owners of the sector.
pub(super) fn roster_of(callsign: &str) -> Option<(&'static Roster, usize)> {
    ROSTERS.iter().find_map(|roster| {
        let rank = roster.callsigns.iter().position(|owner| *owner == callsign)?;
        Some((roster, rank))
    })
}

impl Roster {
    /// The shifts at a position in the cycle that contains `now_s`.
    pub(super) fn shifts(&self, rank: usize, seed: u64, now_s: f64) -> Vec<Shift> {
        let place = ROSTERS.iter().position(|roster| std::ptr::eq(roster, self));
        let cycle_s = self.cycle_s();
        let rng = &mut seeded_rng(seed, Question::Roster, place.unwrap_or_default(), 0);
        let offset_s = rng.random_range(0.0..cycle_s);
        let number = ((now_s + offset_s) / cycle_s).floor();
        let begins_s = number * cycle_s - offset_s;
        let is_last = rank + 1 == self.callsigns.len();
        let opens_s = begins_s + if is_last { FIRST_S } else { 0.0 };
        let closes_s = begins_s + FIRST_S + TURN_S * rank as f64;
        if !self.callsigns[rank].ends_with("_TWR") {
            return vec![Shift { time_s: opens_s..closes_s, infix: "_" }];
        }
        let relieved_s = opens_s + (closes_s - opens_s) * 0.6;
        let relief = if number.rem_euclid(2.0) == 0.0 { "__" } else { "_1_" };
        vec![
            Shift { time_s: opens_s..relieved_s + OVERLAP_S, infix: "_" },
            Shift { time_s: relieved_s..closes_s, infix: relief },
        ]
    }

    /// The time after which a cycle begins again.
    pub(super) fn cycle_s(&self) -> f64 {
        FIRST_S + TURN_S * self.callsigns.len() as f64
    }
}

const fn terminal(
    aerodrome: &'static str,
    radius_nm: f64,
    ceiling_ft: f64,
    callsigns: &'static [&'static str],
) -> Roster {
    Roster { aerodrome: Some(aerodrome), radius_nm, ceiling_ft, callsigns }
}

const fn en_route(callsigns: &'static [&'static str]) -> Roster {
    Roster { aerodrome: None, radius_nm: 0.0, ceiling_ft: 0.0, callsigns }
}

pub(super) static ROSTERS: [Roster; 10] = [
    en_route(&["BN-ARL_CTR", "BN-INL_CTR", "BN-ISA_CTR", "BN-KEN_CTR", "BN-TRT_CTR", "BN-TSN_FSS"]),
    en_route(&[
        "ML-ASP_CTR",
        "ML-BIK_CTR",
        "ML-BLA_CTR",
        "ML-ELW_CTR",
        "ML-GUN_CTR",
        "ML-HYD_CTR",
        "ML-OLW_CTR",
        "ML-PIY_CTR",
        "ML-TBD_CTR",
        "ML-WOL_CTR",
        "ML-IND_FSS",
    ]),
    terminal(
        "YSSY",
        45.0,
        28_000.0,
        &["SY_APP", "SY-S_APP", "SY-D_APP", "SY_DEP", "SY-S_DEP", "SY_TWR"],
    ),
    terminal("YMML", 36.0, 24_500.0, &["ML_APP", "ML-S_APP", "ML_DEP", "ML_TWR"]),
    terminal("YBBN", 36.0, 24_500.0, &["BN_APP", "BN-S_APP", "BN_DEP", "BN-S_DEP", "BN_TWR"]),
    terminal("YPAD", 36.0, 24_500.0, &["AD_APP", "AD_DEP", "AD_TWR"]),
    terminal("YPPH", 36.0, 24_500.0, &["PH_APP", "PH_DEP", "PH_TWR"]),
    terminal("YBCS", 36.0, 24_500.0, &["CS_APP", "CS_DEP", "CS_TWR"]),
    terminal("YSCB", 36.0, 24_500.0, &["CB_APP", "CB_DEP", "CB_TWR"]),
    terminal("YPDN", 36.0, 24_500.0, &["DN_APP", "DN_DEP", "DN_TWR"]),
];
