//! Flight plans, and the spellings of filed altitudes.

use super::{
    checks::{Unreadable, optional_text},
    tally::Tally,
};
use crate::wire;
use sectorwatch_core::flight::FlightPlan;

/// Filed altitudes above this are typing errors.
const HIGHEST_FT: i32 = 100_000;

/// Decodes the plan. Its unreadable fields are added to those of the pilot.
pub(super) fn flight_plan(
    fed: wire::FlightPlan<'_>,
    lost: &mut Unreadable,
    tally: &mut Tally,
) -> FlightPlan {
    tally.unknown("pilots.flight_plan.", fed.unknown);
    lost.0.extend(fed.unreadable);
    let planned_altitude = optional_text(fed.altitude.as_ref());
    FlightPlan {
        flight_rules: optional_text(fed.flight_rules.as_ref()),
        aircraft: optional_text(fed.aircraft.as_ref()),
        aircraft_faa: optional_text(fed.aircraft_faa.as_ref()),
        aircraft_short: optional_text(fed.aircraft_short.as_ref()),
        departure: optional_text(fed.departure.as_ref()),
        arrival: optional_text(fed.arrival.as_ref()),
        alternate: optional_text(fed.alternate.as_ref()),
        route: optional_text(fed.route.as_ref()),
        remarks: optional_text(fed.remarks.as_ref()),
        planned_altitude_ft: planned_altitude.as_deref().and_then(altitude_ft),
        planned_altitude,
        cruise_tas: optional_text(fed.cruise_tas.as_ref()),
        deptime: optional_text(fed.deptime.as_ref()),
        enroute_time: optional_text(fed.enroute_time.as_ref()),
        fuel_time: optional_text(fed.fuel_time.as_ref()),
        revision_id: lost.whole("flight_plan.revision_id", fed.revision_id.map(|it| it.0)),
        assigned_transponder: optional_text(fed.assigned_transponder.as_ref()),
    }
}

/// A filed altitude in feet: `35000`, `FL350`, `F350`, `350`, `A045`; `None` for anything else.
fn altitude_ft(filed: &str) -> Option<i32> {
    let filed = filed.trim().to_ascii_uppercase();
    let level = ["FL", "F", "A"].iter().find_map(|prefix| filed.strip_prefix(prefix));
    let digits = level.unwrap_or(&filed);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let feet = match (level, digits.len()) {
        (_, ..=3) => number * 100,
        (None, _) => number,
        (Some(_), _) => return None,
    };
    (1..=HIGHEST_FT).contains(&feet).then_some(feet)
}

#[cfg(test)]
mod tests {
    use super::altitude_ft;

    #[test]
    fn filed_altitudes() {
        for (filed, feet) in [
            ("35000", Some(35_000)),
            ("FL350", Some(35_000)),
            ("F350", Some(35_000)),
            ("fl350", Some(35_000)),
            (" F350\t", Some(35_000)),
            ("350", Some(35_000)),
            ("95", Some(9_500)),
            ("5", Some(500)),
            ("FL95", Some(9_500)),
            ("A045", Some(4_500)),
            ("a045", Some(4_500)),
            ("4500", Some(4_500)),
            ("100000", Some(100_000)),
            ("100001", None),
            ("99999999999999999999", None),
            ("0", None),
            ("000", None),
            ("00000", None),
            ("FL000", None),
            ("", None),
            ("  ", None),
            ("FL", None),
            ("VFR", None),
            ("FL35000", None),
            ("FL 350", None),
            ("35O00", None),
            ("+350", None),
            ("-350", None),
            ("350.0", None),
            ("３５０", None),
        ] {
            assert_eq!(altitude_ft(filed), feet, "{filed:?}");
        }
    }
}
