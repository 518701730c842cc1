//! The same cycles on a database that has been collecting for a week, and on an empty one.

use sectorwatch::poller::words::Phase;

use crate::{
    figures::{Times, ms, ratio, row, table},
    rig::{Cycle, Rig, Station},
};

const WARM_UP: usize = 4;
/// Observed every 15 s for about two hours.
const POSITIONS_PER_FLIGHT: usize = 500;

/// Cycles in turn on both databases.
pub fn run(rig: &Rig, rows: usize, sizes: &[(usize, usize)]) {
    let mut empty = rig.station(&format!("beside_{rows}"));
    let mut full = rig.station(&format!("history_{rows}"));
    rig.wait(fill(&full, rows));
    table(
        &format!(
            "{rows} rows of history, a third of the flights crossing: ratio to an empty database"
        ),
        &["flights", "cycle", "flight phase", "sector phase", "cycle (empty)", "cycle (history)"],
    );
    for &(flights, repetitions) in sizes {
        let [mut of_empty, mut of_full] = <[Phases; 2]>::default();
        for repetition in 0..WARM_UP + repetitions {
            let without = rig.wait(empty.cycle(flights, true));
            let with = rig.wait(full.cycle(flights, true));
            if repetition >= WARM_UP {
                of_empty.push(&without);
                of_full.push(&with);
            }
        }
        row([
            flights.to_string(),
            ratio(of_full.cycle.ratio_to(&of_empty.cycle)),
            ratio(of_full.flights.ratio_to(&of_empty.flights)),
            ratio(of_full.sectors.ratio_to(&of_empty.sectors)),
            ms(of_empty.cycle.median_ms()),
            ms(of_full.cycle.median_ms()),
        ]);
    }
}

#[derive(Default)]
struct Phases {
    cycle: Times,
    flights: Times,
    sectors: Times,
}

impl Phases {
    fn push(&mut self, cycle: &Cycle) {
        self.cycle.push(cycle.whole());
        self.flights.push(cycle.took(Phase::Flights));
        self.sectors.push(cycle.took(Phase::Sectors));
    }
}

/// A week of history that ends where the cycles begin: flights, their positions, and a closed
/// visit for each.
async fn fill(station: &Station, rows: usize) {
    let flights = rows / POSITIONS_PER_FLIGHT;
    let end = station.time.to_rfc3339();
    // Evenly over the week; the newest flights are still remembered by the collector.
    let logon =
        format!("timestamptz '{end}' - interval '7 days' + n * interval '590000 s' / {flights}");
    let client = &station.client;
    client
        .batch_execute(&format!(
            "set timezone = 'UTC';
             do $$ declare day date; begin
                 for day in select generate_series(date '{end}' - 7, date '{end}', interval '1 day') loop
                     execute format('create table if not exists %I partition of flight_positions for values from (%L) to (%L)',
                         'flight_positions_' || to_char(day, 'YYYYMMDD'), day::timestamptz, (day + 1)::timestamptz);
                 end loop;
             end $$;
             -- Without the check of each foreign key, which would be most of the time.
             set session_replication_role = replica;
             insert into flights (cid, callsign, logon_time, departure, arrival, route, remarks, server,
                     latitude, longitude, altitude, slow_polls, first_seen, last_updated, last_seen)
                 select 900000 + n % 5000, 'OLD' || n, {logon}, 'YSSY', 'YMML', repeat('DCT ', 30), repeat('RMK ', 45),
                     'TEST', -30, 130, 30000, 0, {logon}, {logon} + interval '2 hours', {logon} + interval '2 hours'
                 from generate_series(1, {flights}) as n;
             insert into flight_positions
                 select f.id, f.logon_time + n * interval '15 s', -30, 130, 30000, 450, 90, 1013, '1234'
                 from flights f, generate_series(1, {POSITIONS_PER_FLIGHT}) as n;
             insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, exit_timestamp,
                     duration_seconds, entry_lat, entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude,
                     exit_reason, airspace_revision)
                 select id, callsign, 'YMMM', first_seen, last_seen, 7200, -30, 130, -30, 130, 30000, 30000, 'left', 'bench'
                 from flights;
             reset session_replication_role;"
        ))
        .await
        .expect("a history");
    for statement in ["vacuum (analyze)", "checkpoint"] {
        client.batch_execute(statement).await.expect(statement);
    }
}
