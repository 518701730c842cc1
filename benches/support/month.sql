-- 29 days before END, a UTC midnight, with 60 flights in the air on average: one begins each minute, and is observed
-- for 30 to 89 minutes (one in a thousand for 10 hours), with 241 positions, 3 visits and 6 intervals of contact. Each
-- of 60 positions is staffed for 2 hours, 133 times.
set timezone = 'UTC';
do $$ declare day date; begin
    for day in select generate_series((timestamptz 'END')::date - 29, (timestamptz 'END')::date + 1, interval '1 day') loop
        execute format('create table if not exists %I partition of flight_positions for values from (%L) to (%L)',
            'flight_positions_' || to_char(day, 'YYYYMMDD'), day::timestamptz, (day + 1)::timestamptz);
    end loop;
end $$;
-- Without the check of each foreign key, which would be most of the time.
set session_replication_role = replica;
insert into flights (cid, callsign, logon_time, departure, arrival, aircraft_short, route, remarks, server,
        latitude, longitude, altitude, slow_polls, first_seen, last_updated, last_seen)
    select 900000 + n % 5000, 'OLD' || n % 3000, begins, (array['YSSY', 'YMML', 'YBBN', 'YPPH'])[1 + n % 4],
        (array['YSSY', 'YMML', 'YBBN', 'YPAD'])[1 + n % 3], 'B738', repeat('DCT ', 30), repeat('RMK ', 45), 'TEST',
        -30 + (n % 100) / 10.0, 130 + (n % 200) / 10.0, 30000, 0, begins, ends, ends
    from generate_series(0, FLIGHTS - 1) n,
        lateral (select timestamptz 'END' - interval '29 days' + n * interval '29 days' / FLIGHTS as begins) begun,
        lateral (select least(timestamptz 'END', begins + case when n % 1000 = 0 then interval '10 hours'
            else (30 + n % 60) * interval '1 minute' end) as ends) ended;
insert into flight_positions
    select id, first_seen + (last_seen - first_seen) * n / 240, -30, 130, 30000, 450, 90, 1013, '1234'
    from flights, generate_series(0, 239) n where callsign like 'OLD%';
insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, exit_timestamp,
        duration_seconds, entry_lat, entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude, exit_reason,
        airspace_revision)
    select id, callsign, 'S' || (id + n) % 20, first_seen + (last_seen - first_seen) * n / 3,
        first_seen + (last_seen - first_seen) * (n + 1) / 3, 1, -30, 130, -30, 130, 30000, 30000, 'left', 'bench'
    from flights, generate_series(0, 2) n where callsign like 'OLD%' order by first_seen, n;
insert into flight_radio_intervals (flight_id, state, controller_callsign, frequency_hz, is_primary, from_timestamp,
        to_timestamp)
    select id, state, case when state = 'contact' then 'SY_APP' end, case when state = 'contact' then 118000000 end,
        case when state = 'contact' then true end, first_seen + (last_seen - first_seen) * n / 6,
        first_seen + (last_seen - first_seen) * (n + 1) / 6
    from flights, generate_series(0, 5) n,
        lateral (select (array['contact', 'none', 'unknown'])[1 + (n + id) % 3] as state) states
    where callsign like 'OLD%' order by first_seen, n;
insert into airport_movements (flight_id, icao, kind, at, latitude, longitude)
    select id, departure, 'takeoff', first_seen, -30, 130 from flights where callsign like 'OLD%' order by first_seen;
insert into airport_movements (flight_id, icao, kind, at, latitude, longitude)
    select id, arrival, 'landing', last_seen, -30, 130 from flights where callsign like 'OLD%' order by first_seen;
insert into controllers (cid, callsign, logon_time, facility, rating, frequency, server, text_atis, first_seen,
        last_updated, last_seen)
    select 800000 + n % 307, 'P' || n % 60 || (array['_GND', '_TWR', '_APP', '__CTR'])[1 + n % 4], begins, 4, 5,
        '118.000', 'TEST', repeat('INFO ', 20), begins, begins + interval '2 hours', begins + interval '2 hours'
    from generate_series(1, 8000) n,
        lateral (select timestamptz 'END' - interval '29 days' + n * interval '300 s' as begins) times;
insert into sector_control (sector_name, state, from_timestamp, to_timestamp, airspace_revision)
    select 'S' || n % 20, (array['controlled', 'uncontrolled', 'unknown'])[1 + n % 3], at, at + interval '1600 s', 'bench'
    from generate_series(1, 30000) n,
        lateral (select timestamptz 'END' - interval '29 days' + n / 20 * interval '1600 s' as at) times;
reset session_replication_role;
