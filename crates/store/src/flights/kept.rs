//! Keeps the stored values of fields that could not be read. They are used only in the flight's row.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use crate::{error::StoreError, schema::flights as f};
use sectorwatch_core::{
    Time,
    flight::{FlightKey, FlightPlan, Pilot},
    occupancy::Observation,
};
use sectorwatch_pg::Connection;

#[derive(Queryable, Selectable)]
#[diesel(table_name = f)]
struct Stored {
    cid: i32,
    callsign: String,
    logon_time: Time,
    heading: Option<i16>,
    transponder: Option<String>,
    qnh_mb: Option<i32>,
    #[diesel(embed)]
    plan: StoredPlan,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = f)]
struct StoredPlan {
    flight_rules: Option<String>,
    aircraft: Option<String>,
    aircraft_faa: Option<String>,
    aircraft_short: Option<String>,
    departure: Option<String>,
    arrival: Option<String>,
    alternate: Option<String>,
    route: Option<String>,
    remarks: Option<String>,
    planned_altitude: Option<String>,
    planned_altitude_ft: Option<i32>,
    cruise_tas: Option<String>,
    deptime: Option<String>,
    enroute_time: Option<String>,
    fuel_time: Option<String>,
    revision_id: Option<i32>,
    assigned_transponder: Option<String>,
}

/// Returns the pilots with unreadable fields, with the stored values in their place. A good feed has none,
/// and then no statement is sent.
pub async fn pilots(
    connection: &mut Connection,
    observations: &[&Observation<'_>],
) -> Result<BTreeMap<FlightKey, Pilot>, StoreError> {
    let pilots = observations.iter().map(|seen| seen.pilot);
    let mut lossy: BTreeMap<FlightKey, Pilot> = pilots
        .filter(|pilot| !pilot.unreadable.is_empty())
        .map(|pilot| (pilot.key.clone(), pilot.clone()))
        .collect();
    if lossy.is_empty() {
        return Ok(lossy);
    }
    let cids: Vec<i32> = lossy.keys().map(|key| key.cid).collect();
    let logons: Vec<Time> = lossy.keys().map(|key| key.logon_time).collect();
    let rows: Vec<Stored> = connection
        .run(async |pg| {
            f::table
                .filter(f::cid.eq_any(cids).and(f::logon_time.eq_any(logons)))
                .select(Stored::as_select())
                .load(pg)
                .await
        })
        .await?;
    for row in rows {
        let key = FlightKey {
            cid: row.cid,
            callsign: row.callsign.as_str().into(),
            logon_time: row.logon_time,
        };
        if let Some(pilot) = lossy.get_mut(&key) {
            row.complete(pilot);
        }
    }
    Ok(lossy)
}

impl Stored {
    fn complete(mut self, pilot: &mut Pilot) {
        for field in &pilot.unreadable {
            match *field {
                "heading" => pilot.heading = self.heading,
                "transponder" => pilot.transponder = self.transponder.take(),
                "qnh_mb" => pilot.qnh_mb = self.qnh_mb,
                // A plan that is unreadable as a whole is not written. Other values are written once.
                _ => {
                    if let (Some(leaf), Some(plan)) =
                        (field.strip_prefix("flight_plan."), &mut pilot.flight_plan)
                    {
                        self.plan.complete(plan, leaf);
                    }
                }
            }
        }
    }
}

impl StoredPlan {
    /// Takes a stored field, by the feed's name for it.
    fn complete(&mut self, plan: &mut FlightPlan, leaf: &str) {
        match leaf {
            "flight_rules" => plan.flight_rules = self.flight_rules.take(),
            "aircraft" => plan.aircraft = self.aircraft.take(),
            "aircraft_faa" => plan.aircraft_faa = self.aircraft_faa.take(),
            "aircraft_short" => plan.aircraft_short = self.aircraft_short.take(),
            "departure" => plan.departure = self.departure.take(),
            "arrival" => plan.arrival = self.arrival.take(),
            "alternate" => plan.alternate = self.alternate.take(),
            "route" => plan.route = self.route.take(),
            "remarks" => plan.remarks = self.remarks.take(),
            "altitude" => {
                plan.planned_altitude = self.planned_altitude.take();
                plan.planned_altitude_ft = self.planned_altitude_ft;
            }
            "cruise_tas" => plan.cruise_tas = self.cruise_tas.take(),
            "deptime" => plan.deptime = self.deptime.take(),
            "enroute_time" => plan.enroute_time = self.enroute_time.take(),
            "fuel_time" => plan.fuel_time = self.fuel_time.take(),
            "revision_id" => plan.revision_id = self.revision_id,
            "assigned_transponder" => plan.assigned_transponder = self.assigned_transponder.take(),
            _ => {}
        }
    }
}
