//! Flights that are new, and flights whose plan changed: all columns.

use std::collections::BTreeMap;

use diesel::{
    prelude::*,
    sql_types::{BigInt, Double, Integer, Nullable, SmallInt, Text, Timestamptz},
    upsert::excluded,
};
use diesel_async::RunQueryDsl;

use crate::{
    error::StoreError,
    flights::micros,
    schema::flights as f,
    unnest::{ROWS_PER_STATEMENT, column, later, unnest},
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

/// The rows as an insert. A macro, because the type of 35 columns has no name worth writing twice.
macro_rules! insert {
    ($rows:expr, $now:expr) => {{
        let rows = $rows;
        let (seen_at, observed_us) = ($now.at, micros($now.observed_time));
        let text = |field: for<'p> fn(&'p FlightPlan) -> &'p Option<String>| {
            unnest::<Nullable<Text>, _>(column(rows, move |seen| {
                seen.pilot.flight_plan.as_ref().and_then(|plan| field(plan).as_deref())
            }))
        };
        let number = |field: fn(&FlightPlan) -> Option<i32>| {
            unnest::<Nullable<Integer>, _>(column(rows, move |seen| {
                seen.pilot.flight_plan.as_ref().and_then(field)
            }))
        };
        diesel::insert_into(f::table)
            .values(diesel::select((
                unnest::<Integer, _>(column(rows, |seen| seen.pilot.key.cid)),
                unnest::<Text, _>(column(rows, |seen| seen.pilot.key.callsign.as_ref())),
                unnest::<Timestamptz, _>(column(rows, |seen| seen.pilot.key.logon_time)),
                text(|plan| &plan.flight_rules),
                text(|plan| &plan.aircraft),
                text(|plan| &plan.aircraft_short),
                text(|plan| &plan.aircraft_faa),
                text(|plan| &plan.departure),
                text(|plan| &plan.arrival),
                text(|plan| &plan.alternate),
                text(|plan| &plan.route),
                text(|plan| &plan.remarks),
                text(|plan| &plan.planned_altitude),
                number(|plan| plan.planned_altitude_ft),
                text(|plan| &plan.cruise_tas),
                text(|plan| &plan.deptime),
                text(|plan| &plan.enroute_time),
                text(|plan| &plan.fuel_time),
                number(|plan| plan.revision_id),
                text(|plan| &plan.assigned_transponder),
                unnest::<Text, _>(column(rows, |seen| seen.pilot.server.as_str())),
                unnest::<Nullable<Integer>, _>(column(rows, |seen| seen.pilot.pilot_rating)),
                unnest::<Nullable<Integer>, _>(column(rows, |seen| seen.pilot.military_rating)),
                unnest::<Double, _>(column(rows, |seen| seen.pilot.latitude)),
                unnest::<Double, _>(column(rows, |seen| seen.pilot.longitude)),
                unnest::<Integer, _>(column(rows, |seen| seen.pilot.altitude)),
                unnest::<Nullable<Integer>, _>(column(rows, |seen| seen.pilot.groundspeed)),
                unnest::<Nullable<SmallInt>, _>(column(rows, |seen| seen.pilot.heading)),
                unnest::<Nullable<Text>, _>(column(rows, |seen| seen.pilot.transponder.as_deref())),
                unnest::<Nullable<Integer>, _>(column(rows, |seen| seen.pilot.qnh_mb)),
                unnest::<SmallInt, _>(column(rows, |seen| seen.slow_polls)),
                unnest::<Timestamptz, _>(column(rows, |_| seen_at)),
                unnest::<Timestamptz, _>(column(rows, |seen| seen.observed_at)),
                unnest::<Timestamptz, _>(column(rows, |_| seen_at)),
                unnest::<BigInt, _>(column(rows, |_| observed_us)),
            )))
            .into_columns((
                f::cid,
                f::callsign,
                f::logon_time,
                f::flight_rules,
                f::aircraft,
                f::aircraft_short,
                f::aircraft_faa,
                f::departure,
                f::arrival,
                f::alternate,
                f::route,
                f::remarks,
                f::planned_altitude,
                f::planned_altitude_ft,
                f::cruise_tas,
                f::deptime,
                f::enroute_time,
                f::fuel_time,
                f::revision_id,
                f::assigned_transponder,
                f::server,
                f::pilot_rating,
                f::military_rating,
                f::latitude,
                f::longitude,
                f::altitude,
                f::groundspeed,
                f::heading,
                f::transponder,
                f::qnh_mb,
                f::slow_polls,
                f::first_seen,
                f::last_updated,
                f::last_seen,
                f::observed_us,
            ))
            .on_conflict((f::cid, f::callsign, f::logon_time))
            .do_update()
    }};
}

/// The latest state, of a flight that is stored though memory does not know it: one that came back
/// after more than a day.
macro_rules! state {
    () => {
        (
            f::latitude.eq(excluded(f::latitude)),
            f::longitude.eq(excluded(f::longitude)),
            f::altitude.eq(excluded(f::altitude)),
            f::groundspeed.eq(excluded(f::groundspeed)),
            f::heading.eq(excluded(f::heading)),
            f::transponder.eq(excluded(f::transponder)),
            f::qnh_mb.eq(excluded(f::qnh_mb)),
            f::slow_polls.eq(excluded(f::slow_polls)),
            f::last_updated.eq(later(f::last_updated, excluded(f::last_updated))),
            f::last_seen.eq(excluded(f::last_seen)),
            f::observed_us.eq(excluded(f::observed_us)),
        )
    };
}

macro_rules! plan {
    () => {
        (
            f::flight_rules.eq(excluded(f::flight_rules)),
            f::aircraft.eq(excluded(f::aircraft)),
            f::aircraft_short.eq(excluded(f::aircraft_short)),
            f::aircraft_faa.eq(excluded(f::aircraft_faa)),
            f::departure.eq(excluded(f::departure)),
            f::arrival.eq(excluded(f::arrival)),
            f::alternate.eq(excluded(f::alternate)),
            f::route.eq(excluded(f::route)),
            f::remarks.eq(excluded(f::remarks)),
            f::planned_altitude.eq(excluded(f::planned_altitude)),
            f::planned_altitude_ft.eq(excluded(f::planned_altitude_ft)),
            f::cruise_tas.eq(excluded(f::cruise_tas)),
            f::deptime.eq(excluded(f::deptime)),
            f::enroute_time.eq(excluded(f::enroute_time)),
            f::fuel_time.eq(excluded(f::fuel_time)),
            f::revision_id.eq(excluded(f::revision_id)),
            f::assigned_transponder.eq(excluded(f::assigned_transponder)),
        )
    };
}

/// Inserts flights, or overwrites the plan and state of those that are stored.
///
/// Returns the ids by key: `RETURNING` promises no order.
pub async fn upsert(
    connection: &mut Connection,
    rows: &[Row<'_>],
    now: Moment,
) -> Result<BTreeMap<FlightKey, i64>, StoreError> {
    // A plan that is none or incomplete may be inserted, but never overwrites a stored one.
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
