select setseed(0.5);
do $$ declare day date; begin
    for day in select generate_series(date '2025-12-31', date '2026-01-11', interval '1 day') loop
        execute format('create table %I partition of flight_positions for values from (%L) to (%L)',
            'flight_positions_' || to_char(day, 'YYYYMMDD'), day::timestamptz, (day + 1)::timestamptz);
    end loop;
end $$;
-- Two flights are first seen in each snapshot.
insert into flights (cid, callsign, logon_time, flight_rules, aircraft_short, departure, arrival, remarks, server,
    latitude, longitude, altitude, groundspeed, heading, slow_polls, first_seen, last_updated, last_seen)
select 1000 + n % 40, case n % 3 when 0 then 'Qfa' || n % 50 else 'JST' || n % 50 end, at, 'I',
    nullif('B738', repeat('B738', n % 2)), (array['YSSY', 'YMML', null])[1 + n % 3], (array['YBBN', 'YPPH'])[1 + n % 2],
    nullif('RMK', repeat('RMK', n % 2)), 'TEST', -40 + n % 30, -180 + n % 360, 5000 + n, 250, n % 360, 0, at,
    least(at + life, '2026-01-11Z'), least(at + life, '2026-01-11Z')
from generate_series(1, 600) n, lateral (
    select timestamptz '2026-01-01Z' + (n / 2) * interval '48 minutes' as at,
        case n % 7 when 0 then interval '5 hours' else interval '30 minutes' end as life) _;
insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude, groundspeed, heading, qnh_mb)
select id, first_seen + part * interval '90.25 seconds', latitude, longitude, 5000 + part, 250, null, 1013
from flights, generate_series(0, 19) part where first_seen + part * interval '90.25 seconds' <= last_updated;
-- Three visits to a flight, of which one ends when the next begins. Those of the last flights are open.
insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon,
    entry_altitude, airspace_revision, exit_timestamp, duration_seconds, exit_lat, exit_lon, exit_altitude, exit_reason)
select id, callsign, 'S' || (id + part) % 5, since, -34, 151, 5000, 'abc', until,
    extract(epoch from until - since)::integer, num, num, num::integer, case when until is not null then 'left' end
from flights, generate_series(0, 2) part, lateral (
    select first_seen + (last_seen - first_seen) * part / 3 as since,
        case when part < 2 or last_seen < '2026-01-11Z'
            then first_seen + (last_seen - first_seen) * (part + 1) / 3 end as until) stay,
    lateral (select case when until is not null then 1.5 end as num) exit
order by since, id;
-- Pairs begin together; for four days, there is no pause.
insert into controllers (id, cid, callsign, logon_time, facility, rating, frequency, text_atis, server, first_seen,
    last_updated, last_seen)
select 5000 - n, 2000 + n % 2, case when n between 100 and 299 then (array['SY_APP', 'SY__APP'])[1 + n / 2 % 2]
    else (array['SY_APP', 'ML_TWR', 'BN__TWR'])[1 + n / 10 % 3] end,
    at, 4 + n / 2 % 2, 5, '124.700', 'information', 'TEST', at + interval '10 seconds', until, until
from generate_series(1, 500) n, lateral (
    select timestamptz '2026-01-01Z' + (n / 2) * interval '57 minutes' as at) logon,
    lateral (select least(at + case when n between 100 and 299 then interval '1 hour' else
        interval '40 minutes' + n / 2 % 4 * interval '10 minutes' end, '2026-01-11Z') as until) logoff
where at < '2026-01-10 22:00Z';
-- Two who are online, and an observer who is not listed.
insert into controllers (cid, callsign, logon_time, facility, rating, frequency, server, first_seen, last_updated,
    last_seen)
values (3001, 'BN_APP', '2026-01-10 20:00Z', 5, 5, '124.100', 'TEST', '2026-01-10 20:00Z', '2026-01-11Z', '2026-01-11Z'),
    (3002, 'BN_TWR', '2026-01-10 21:00Z', 4, 5, '120.500', 'TEST', '2026-01-10 21:00Z', '2026-01-11Z', '2026-01-11Z'),
    (3003, 'BN_OBS', '2026-01-10 21:00Z', 0, 5, '199.998', 'TEST', '2026-01-10 21:00Z', '2026-01-10 22:00Z',
        '2026-01-10 22:00Z');
-- Four intervals to a flight; some have gaps, and the last of those in the air are open.
insert into flight_radio_intervals (flight_id, state, controller_callsign, frequency_hz, is_primary, from_timestamp,
    to_timestamp)
select id, state, case when state = 'contact' and id % 9 <> 0 then (array['SY_APP', 'ML_TWR'])[1 + id % 2] end,
    case when state = 'contact' then 124700000 end, case when state = 'contact' then true end, since, until
from flights, generate_series(0, 3) part, lateral (
    select (array['contact', 'none', 'unknown'])[1 + (id + part) % 3] as state,
        first_seen + (last_seen - first_seen) * part / 4 as since,
        case when part < 3 or last_seen < '2026-01-11Z'
            then first_seen + (last_seen - first_seen) * (part + 1) / 4 end as until) _
where (id + part) % 11 > 0
order by since, id;
insert into airport_movements (flight_id, icao, kind, at, earliest_at, latitude, longitude)
select id, 'YSSY', 'takeoff', first_seen, null, -34, 151 from flights where id % 3 = 0
union all select id, arrival, 'landing', last_seen, last_seen - interval '15 seconds', -34, 151 from flights
    where last_seen < '2026-01-11Z'
order by 4, 1;
insert into sector_control (sector_name, state, controller_callsign, owner_rank, from_timestamp, to_timestamp,
    airspace_revision)
select 'S' || sector, state, case when state = 'controlled' then 'SY_APP' end, case when state = 'controlled' then 0 end,
    at, case when n < 240 then at + interval '1 hour' end, 'abc'
from generate_series(0, 3) sector, generate_series(1, 240) n, lateral (
    select timestamptz '2025-12-31 23:00Z' + n * interval '1 hour' as at,
        (array['controlled', 'uncontrolled', 'unknown'])[1 + (n + sector) % 3] as state) _
where n % 5 > 0 or n = 240;
update collector_state set mark = '2026-01-11Z', contacts_mark = '2026-01-11Z', generation = 1;
analyze;
