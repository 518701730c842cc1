//! Inserts new flights, and updates flights with a changed plan: all columns.

use std::collections::BTreeMap;

use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    flights::{contact_seen::judged, micros},
    schema::flights as f,
    unnest::{ROWS_PER_STATEMENT, bulk, later},
};
use sectorwatch_core::{
    Time,
    absence::Moment,
    flight::{FlightKey, FlightPlan},
    occupancy::Observation,
};
use sectorwatch_pg::{Connection, Prepared};

type Row<'a> = &'a Observation<'a>;
type Stored = (i64, i32, String, Time);

/// The insert of the rows. A macro, because the type of 39 columns is too long to be written twice.
macro_rules! insert {
    ($rows:expr, $now:expr) => {{
        let (seen_at, observed_us) = ($now.at, micros($now.observed_time));
        bulk!(f: seen in $rows => {
            cid: seen.pilot.key.cid,
            callsign: seen.pilot.key.callsign.as_ref(),
            logon_time: seen.pilot.key.logon_time,
            flight_rules: text(seen, |plan| &plan.flight_rules),
            aircraft: text(seen, |plan| &plan.aircraft),
            aircraft_short: text(seen, |plan| &plan.aircraft_short),
            aircraft_faa: text(seen, |plan| &plan.aircraft_faa),
            departure: text(seen, |plan| &plan.departure),
            arrival: text(seen, |plan| &plan.arrival),
            alternate: text(seen, |plan| &plan.alternate),
            route: text(seen, |plan| &plan.route),
            remarks: text(seen, |plan| &plan.remarks),
            planned_altitude: text(seen, |plan| &plan.planned_altitude),
            planned_altitude_ft: number(seen, |plan| plan.planned_altitude_ft),
            cruise_tas: text(seen, |plan| &plan.cruise_tas),
            deptime: text(seen, |plan| &plan.deptime),
            enroute_time: text(seen, |plan| &plan.enroute_time),
            fuel_time: text(seen, |plan| &plan.fuel_time),
            revision_id: number(seen, |plan| plan.revision_id),
            assigned_transponder: text(seen, |plan| &plan.assigned_transponder),
            server: seen.pilot.server.as_str(),
            pilot_rating: seen.pilot.pilot_rating,
            military_rating: seen.pilot.military_rating,
            latitude: seen.pilot.latitude,
            longitude: seen.pilot.longitude,
            altitude: seen.pilot.altitude,
            groundspeed: seen.pilot.groundspeed,
            heading: seen.pilot.heading,
            transponder: seen.pilot.transponder.as_deref(),
            qnh_mb: seen.pilot.qnh_mb,
            slow_polls: seen.slow_polls,
            airport_state: seen.airport.to_text(),
            first_observed: seen.observed_at,
            first_latitude: seen.pilot.latitude,
            first_longitude: seen.pilot.longitude,
            first_seen: seen_at,
            last_updated: seen.observed_at,
            last_seen: seen_at,
            observed_us: observed_us,
        })
        .on_conflict((f::cid, f::callsign, f::logon_time))
        .do_update()
    }};
}

/// A text of the flight plan.
fn text<'a>(
    seen: &'a Observation<'_>,
    field: fn(&FlightPlan) -> &Option<String>,
) -> Option<&'a str> {
    seen.pilot.flight_plan.as_ref().and_then(|plan| field(plan).as_deref())
}

/// A number of the flight plan.
fn number(seen: &Observation<'_>, field: fn(&FlightPlan) -> Option<i32>) -> Option<i32> {
    seen.pilot.flight_plan.as_ref().and_then(field)
}

/// Overwrites these columns with the values of the new record.
macro_rules! overwrite {
    ($($column:ident),+ $(,)?) => {
        ($(f::$column.eq(excluded(f::$column)),)+)
    };
}

/// The columns of the latest state, for a stored flight that is not in memory because it came back after more
/// than a day.
macro_rules! state {
    () => {
        (
            overwrite!(
                latitude,
                longitude,
                altitude,
                groundspeed,
                heading,
                transponder,
                qnh_mb,
                slow_polls,
                airport_state,
                last_seen,
                observed_us,
            ),
            f::last_updated.eq(later(f::last_updated, excluded(f::last_updated))),
            judged!(),
        )
    };
}

macro_rules! plan {
    () => {
        overwrite!(
            flight_rules,
            aircraft,
            aircraft_short,
            aircraft_faa,
            departure,
            arrival,
            alternate,
            route,
            remarks,
            planned_altitude,
            planned_altitude_ft,
            cruise_tas,
            deptime,
            enroute_time,
            fuel_time,
            revision_id,
            assigned_transponder,
        )
    };
}

/// Inserts flights, or updates the plan and state of flights that are already stored.
///
/// Returns the ids by key, because the order of `RETURNING` is not guaranteed.
pub async fn upsert(
    connection: &mut Connection,
    rows: &[Row<'_>],
    now: Moment,
) -> Result<BTreeMap<FlightKey, i64>, StoreError> {
    // An absent or incomplete plan may be inserted, but never overwrites a stored one.
    let may_overwrite = |seen: &Row<'_>| {
        let complete = seen.pilot.flight_plan.as_ref().is_some_and(FlightPlan::is_complete);
        complete || (seen.flight_id.is_some() && seen.plan_changed)
    };
    let (with_plan, without): (Vec<_>, Vec<_>) = rows.iter().copied().partition(may_overwrite);
    let mut ids = BTreeMap::new();
    for rows in with_plan.chunks(ROWS_PER_STATEMENT) {
        let insert = insert!(rows, now).set((plan!(), state!()));
        let stored = connection
            .run(async |pg| {
                let returning = (f::id, f::cid, f::callsign, f::logon_time);
                Prepared(insert.returning(returning)).get_results::<Stored>(pg).await
            })
            .await?;
        ids.extend(stored.into_iter().map(by_key));
    }
    for rows in without.chunks(ROWS_PER_STATEMENT) {
        let insert = insert!(rows, now).set(state!());
        let stored = connection
            .run(async |pg| {
                let returning = (f::id, f::cid, f::callsign, f::logon_time);
                Prepared(insert.returning(returning)).get_results::<Stored>(pg).await
            })
            .await?;
        ids.extend(stored.into_iter().map(by_key));
    }
    Ok(ids)
}

fn by_key((id, cid, callsign, logon_time): Stored) -> (FlightKey, i64) {
    (FlightKey { cid, callsign: callsign.into(), logon_time }, id)
}
