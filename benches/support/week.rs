//! Fills a database with a week of history.

use chrono::{DateTime, Utc};
use tokio_postgres::Client;

/// The positions of a flight of about two hours that is observed every 15 s.
const POSITIONS_PER_FLIGHT: usize = 500;

/// Stores this many positions of flights that have ended, the last of them two hours before `end`,
/// each with a closed visit.
pub async fn fill(client: &Client, end: DateTime<Utc>, rows: usize) {
    let flights = rows / POSITIONS_PER_FLIGHT;
    let end = end.to_rfc3339();
    // The flights are spread evenly over the week. The collector still remembers the newest ones.
    let logon =
        format!("timestamptz '{end}' - interval '7 days' + n * interval '590000 s' / {flights}");
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
