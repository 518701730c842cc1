-- Three days before the mark, of which two are closed. All times are whole seconds.
create table positions_of_the_7th partition of flight_positions for values from ('2025-01-07') to ('2025-01-08');
insert into flights (id, cid, callsign, logon_time, flight_rules, aircraft_short, departure, arrival, remarks, server,
    latitude, longitude, altitude, groundspeed, heading, slow_polls, first_seen, last_updated, last_seen)
select n, 1987600 + n % 7, case when n % 10 = 0 then 'Qfa12' else 'VOZ' || n end, t - interval '10 minutes', 'I',
    'B738', case when n % 3 = 0 then 'YSSY' else 'YMML' end, case when n % 3 = 0 then 'YMML' else 'YSSY' end,
    'SECRETREMARK', 'TEST', -40 + n % 20, case when n % 25 = 0 then 179.5 else 140 + n % 15 end, 30000, 420, 90, 0,
    t, t + interval '40 minutes', t + interval '40 minutes'
from generate_series(1, 150) n,
    -- Two at a time begin together.
    lateral (select timestamptz '2025-01-07 00:00Z' + (n / 2) * interval '55 minutes' as t) at;
-- In the air at the mark, with an open visit and open contact.
insert into flights (id, cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, first_seen,
    last_updated, last_seen)
select n, 1987700, 'JST' || n, '2025-01-10 11:00Z', 'TEST', -33.9, 151.2, 9000, 0, '2025-01-10 11:30Z',
    '2025-01-10 12:34:45Z', '2025-01-10 12:34:45Z'
from generate_series(201, 203) n;
insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude, groundspeed, heading, qnh_mb)
select f.id, f.first_seen + s * interval '1 minute', f.latitude, f.longitude + s * 0.2, 30000 + s, 420, 90, 1013
from flights f, generate_series(0, 9) s where f.id <= 20;
insert into flight_sector_occupancy (id, flight_id, callsign, sector_name, entry_timestamp, exit_timestamp,
    duration_seconds, entry_lat, entry_lon, exit_lat, exit_lon, entry_altitude, exit_altitude, exit_reason,
    airspace_revision)
select f.id * 10 + k, f.id, f.callsign, (array['SYD', 'MEL', 'GONE/OLD'])[1 + (f.id + k) % 3], e, e + interval '8 minutes',
    480, -34, 151, -34, 150, 9000, 8000, 'left', 'abc'
from flights f, generate_series(0, 1) k, lateral (select f.first_seen + k * interval '10 minutes' as e) at
where f.id <= 150;
insert into flight_sector_occupancy (id, flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon,
    entry_altitude, airspace_revision)
select f.id * 10, f.id, f.callsign, 'SYD', '2025-01-10 12:00Z', -34, 151, 9000, 'abc' from flights f where f.id > 200;
insert into controllers (id, cid, callsign, logon_time, facility, rating, frequency, text_atis, server, first_seen,
    last_updated, last_seen)
select n, 1876500 + n % 3, case when n % 2 = 0 then 'SY_APP' else 'ML-BLA_CTR' end, t, case when n % 2 = 0 then 5 else 6 end,
    5, '124.700', 'SECRETATIS', 'TEST', t, t + interval '2 hours', t + interval '2 hours'
from generate_series(1, 26) n, lateral (select timestamptz '2025-01-07 01:00Z' + n * interval '3 hours' as t) at;
insert into controllers (id, cid, callsign, logon_time, facility, rating, frequency, server, first_seen, last_updated,
    last_seen)
values (99, 1876509, 'SY_APP', '2025-01-10 10:00Z', 5, 5, '124.700', 'TEST', '2025-01-10 10:00Z',
    '2025-01-10 12:34:45Z', '2025-01-10 12:34:45Z');
insert into flight_radio_intervals (id, flight_id, state, controller_id, controller_callsign, frequency_hz, is_primary,
    from_timestamp, to_timestamp)
select f.id * 10 + k, f.id, (array['none', 'contact'])[1 + k], case when k = 1 then 2 end, case when k = 1 then 'SY_APP' end,
    case when k = 1 then 124700000 end, case when k = 1 then true end, f.first_seen + k * interval '20 minutes',
    f.first_seen + (k + 1) * interval '20 minutes'
from flights f, generate_series(0, 1) k where f.id <= 150;
insert into flight_radio_intervals (id, flight_id, state, controller_id, controller_callsign, frequency_hz, is_primary,
    from_timestamp)
select f.id * 10, f.id, 'contact', 99, 'SY_APP', 124700000, true, '2025-01-10 12:00Z' from flights f where f.id > 200;
insert into sector_control (sector_name, state, controller_id, controller_callsign, owner_rank, from_timestamp,
    to_timestamp, airspace_revision)
values ('SYD', 'uncontrolled', null, null, null, '2025-01-07 00:00Z', '2025-01-10 10:00Z', 'abc'),
    ('SYD', 'controlled', 99, 'SY_APP', 0, '2025-01-10 10:00Z', null, 'abc');
insert into airport_movements (id, flight_id, icao, kind, at, earliest_at, latitude, longitude)
select f.id, f.id, 'YSSY', 'takeoff', f.first_seen, null, -34, 151 from flights f where f.id <= 150;
insert into airport_movements (id, flight_id, icao, kind, at, earliest_at, latitude, longitude)
values (1000, 1, 'XXXX', 'landing', '2025-01-10 11:00Z', null, -34, 151);
update collector_state set mark = '2025-01-10 12:34:45Z', contacts_mark = '2025-01-10 12:34:45Z', generation = 1,
    -- Cursors are the same in each run.
    cursor_key = decode(repeat('ab', 32), 'hex');
