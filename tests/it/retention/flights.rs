//! Flights, visits, controllers and who controlled a sector, when they are old.

use crate::support::{
    documents::{Feed, Pilot},
    feed_server::FeedServer,
    postgres::Database,
    service::{PATIENCE, Setup},
};

/// Flights are deleted with their rows, visits and controllers separately; unfinished ones stay.
#[test]
fn flights_are_kept_for_ever_unless_told_otherwise_and_what_is_not_over_stays() {
    for (setting, flights, visits, controllers) in [
        ("0", "OLD,OPEN,QFA1,QUEUED,YOUNG", 5, "ML_TWR,SY_TWR"),
        ("2d", "OPEN,QFA1,QUEUED,YOUNG", 3, "ML_TWR"),
    ] {
        let (feed, database) = (FeedServer::start(), Database::migrated());
        let client = database.client();
        client.run(OF_LONG_AGO);
        let mut service =
            Setup::serve(&database, &feed).env("SECTORWATCH_RETENTION_FLIGHTS", setting).start();
        service.take(&feed, &Feed::second(0).pilot(Pilot::new("QFA1", 1)));
        let run = "sectorwatch_job_runs_total{job_name=\"retention\",outcome=\"ok\"}";
        service.wait_until("retention is done", PATIENCE, |it| it.metric(run) == 1.0);
        let names = |table: &str| {
            client.one(&format!("select string_agg(callsign, ',' order by callsign) from {table}"))
        };
        assert_eq!(names("flights"), flights, "{setting}");
        assert_eq!(names("controllers"), controllers, "{setting}");
        let all = "select count(*) from flight_sector_occupancy";
        assert_eq!(client.count(all), visits, "{setting}");
        let deleted = |table: &str| {
            let labels = format!("table=\"{table}\",operation=\"delete\"");
            service.metric(&format!("sectorwatch_rows_written_total{{{labels}}}"))
        };
        let is_on = f64::from(u8::from(setting != "0"));
        assert_eq!(deleted("flights"), is_on);
        assert_eq!(deleted("flight_sector_occupancy"), 2.0 * is_on);
        assert_eq!(deleted("controllers"), is_on);
        assert_eq!(deleted("sector_control"), is_on);
        let contacts = "select string_agg(concat_ws(' ', callsign, controller_id is null, controller_callsign), ', ' \
            order by callsign) from flight_radio_intervals join flights f on f.id = flight_id where callsign in ('OLD', 'YOUNG')";
        let left = if setting == "0" { "OLD f SY_TWR, YOUNG f SY_TWR" } else { "YOUNG t SY_TWR" };
        assert_eq!(client.one(contacts), left, "{setting}");
        let movements = "select string_agg(callsign, ' ' order by callsign) from airport_movements \
            join flights f on f.id = flight_id";
        let left = if setting == "0" { "OLD YOUNG" } else { "YOUNG" };
        assert_eq!(client.one(movements), left, "{setting}");
        // What is still so stays, however long ago it began.
        let control = "select string_agg(concat_ws(' ', sector_name, state), ', ' order by sector_name) \
            from sector_control where from_timestamp < '2024-12-31Z'";
        let all = "BNE uncontrolled, MEL uncontrolled, SYD controlled";
        let left = if setting == "0" { all } else { "BNE uncontrolled, MEL uncontrolled" };
        assert_eq!(client.one(control), left, "{setting}");
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
}

/// OLD is over, OPEN is in a sector, QUEUED enters one by a queued transition, YOUNG is of the day before.
const OF_LONG_AGO: &str = "\
    insert into flights (id, cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, \
        first_seen, last_updated, last_seen) \
    select n, n, callsign, seen, 'TEST', -34, 151, 5000, 0, seen, seen, seen \
    from (values (101, 'OLD', '2024-12-30 11:59Z'::timestamptz), (102, 'OPEN', '2024-12-20 12:00Z'), \
        (103, 'QUEUED', '2024-12-20 12:00Z'), (104, 'YOUNG', '2024-12-30 12:01Z')) as f (n, callsign, seen); \
    insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, exit_timestamp, \
        duration_seconds, entry_lat, entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude, exit_reason, \
        airspace_revision) \
    select f.id, callsign, 'SYD', entered, closed, 0 * extract(epoch from closed)::int, 0, 0, 0 * extract(epoch from closed), \
        0 * extract(epoch from closed), 0, 0 * extract(epoch from closed)::int, \
        case when closed is not null then 'left' end, 'abc' \
    from flights f join (values (101, '2024-12-30 11:00Z'::timestamptz, '2024-12-30 11:30Z'::timestamptz), \
        (104, '2024-12-30 11:00Z', '2024-12-30 11:30Z'), (102, '2024-12-20 12:00Z', null)) \
        as v (id, entered, closed) on v.id = f.id; \
    insert into pending_transitions (flight_id, kind, sector_name, observed_at, latitude, longitude, altitude) \
    values (103, 'entered', 'SYD', '2024-12-20 12:00Z', -34, 151, 5000); \
    insert into controllers (cid, callsign, logon_time, facility, rating, frequency, server, \
        first_seen, last_updated, last_seen) \
    select n, callsign, seen, 5, 5, '124.700', 'TEST', seen, seen, seen \
    from (values (7, 'SY_TWR', '2024-12-30 11:59Z'::timestamptz), (8, 'ML_TWR', '2024-12-30 12:01Z')) \
        as c (n, callsign, seen); \
    insert into flight_radio_intervals (flight_id, state, controller_id, controller_callsign, frequency_hz, is_primary, \
        from_timestamp, to_timestamp) \
    select f.id, 'contact', c.id, c.callsign, 118700000, true, f.last_seen - interval '1 minute', f.last_seen \
    from flights f, controllers c where f.id in (101, 104) and c.cid = 7; \
    insert into airport_movements (flight_id, icao, kind, at, latitude, longitude) \
    select id, 'YSSY', 'takeoff', last_seen, -34, 151 from flights where id in (101, 104); \
    insert into sector_control (sector_name, state, controller_id, controller_callsign, owner_rank, from_timestamp, \
        to_timestamp, airspace_revision) \
    select 'SYD', 'controlled', id, callsign, 0, '2024-12-20Z'::timestamptz, '2024-12-30 11:59Z'::timestamptz, 'abc' \
        from controllers where cid = 7 \
    union all select 'MEL', 'uncontrolled', null, null, null, '2024-12-20Z', '2024-12-30 12:01Z', 'abc'  \
    union all select 'BNE', 'uncontrolled', null, null, null, '2024-12-20Z', null, 'abc'";
