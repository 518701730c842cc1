//! The ledger row of a cycle.

use crate::{
    collector::{phase_runner::PhaseRunner, report::CycleReport},
    status::outcome::Phase,
};
use sectorwatch_store::CycleRecord;

/// Makes the row from the durations of the phases so far and the report of the cycle.
pub fn record(phases: &PhaseRunner, report: &CycleReport) -> CycleRecord {
    let ms = |phase| phases.ended_phase(phase).map(|ended| ended.took.as_millis() as i32);
    let [entered, crossed, left_sector, slow, disconnected, unobserved, airspace_changed] =
        report.transitions.map(|count| count as i32);
    CycleRecord {
        started_at: phases.started_at,
        feed_update_timestamp: report.update_timestamp,
        outcome: report.outcome().as_str(),
        stored: report.stored,
        fetch_ms: ms(Phase::Fetch),
        decode_ms: ms(Phase::Decode),
        filter_ms: ms(Phase::Filter),
        collect_ms: ms(Phase::Collect),
        flights_ms: ms(Phase::Flights),
        controllers_ms: ms(Phase::Controllers),
        transceivers_ms: ms(Phase::Transceivers),
        contacts_ms: ms(Phase::Contacts),
        sectors_ms: ms(Phase::Sectors),
        publish_ms: ms(Phase::Publish),
        flights_written: report.flights as i32,
        positions_written: report.positions as i32,
        controllers_written: report.controllers as i32,
        transceivers_written: report.transceivers as i32,
        entered,
        crossed,
        left_sector,
        slow,
        disconnected,
        unobserved,
        airspace_changed,
        rejected: report.rejected as i32,
    }
}
