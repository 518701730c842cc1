insert into flights (id, cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls,
    first_seen, last_updated, last_seen, airport_state, first_observed, first_latitude, first_longitude)
values (1000, 1, 'QFA1', '2025-01-01 11:30Z', 'TEST', -34, 151, 5000, 0,
    '2025-01-01 12:00Z', '2025-01-01 12:00Z', '2025-01-01 12:00Z', '1 0 0 0 0', '2025-01-01 12:00Z', -34, 151);
create table flight_positions_filled partition of flight_positions for values from ('2025-01-01') to ('2025-01-02');
insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude)
values (1000, '2025-01-01 12:00Z', -34, 151, 5000);
insert into flight_sector_occupancy (flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon,
    entry_altitude, airspace_revision)
values (1000, 'QFA1', 'SYD', '2025-01-01 12:00Z', -34, 151, 5000, 'abc');
insert into pending_transitions (flight_id, kind, sector_name, observed_at, latitude, longitude, altitude,
    exit_reason, airspace_revision)
values (1000, 'left', 'SYD', '2025-01-01 12:01Z', -34, 151, 5000, 'left', 'abc'),
    (1000, 'unobserved', 'SYD', '2025-01-01 12:01Z', -34, 151, 5000, 'unobserved', 'abc'),
    (1000, 'airspace_changed', 'SYD', '2025-01-01 12:01Z', -34, 151, 5000, 'airspace_changed', 'abc');
update collector_state set mark = '2025-01-01 12:00Z', contacts_mark = '2025-01-01 12:00Z', generation = 1;
insert into controllers (id, cid, callsign, logon_time, facility, rating, frequency, server,
    first_seen, last_updated, last_seen)
values (1000, 2, 'SY_APP', '2025-01-01 11:30Z', 5, 5, '124.700', 'TEST',
    '2025-01-01 12:00Z', '2025-01-01 12:00Z', '2025-01-01 12:00Z');
insert into transceivers (callsign, transceiver_id, entity_type, frequency_hz, latitude, longitude,
    height_msl_m, height_agl_m, first_seen, last_seen)
values ('QFA1', 0, 'flight', 118700000, null, null, null, null, '2025-01-01 12:00Z', '2025-01-01 12:00Z'),
    ('SY_APP', 0, 'atc', 124700000, -34, 151, 150, 140, '2025-01-01 12:00Z', '2025-01-01 12:00Z'),
    ('SY_APP', 1, 'atc', 124700000, -34, 151, null, null, '2025-01-01 12:00Z', '2025-01-01 12:00Z');
insert into flight_radio_intervals (flight_id, state, controller_id, controller_callsign, frequency_hz, is_primary,
    from_timestamp, to_timestamp)
values (1000, 'none', null, null, null, null, '2025-01-01 12:00Z', '2025-01-01 12:01Z'),
    (1000, 'contact', 1000, 'SY_APP', 124700000, true, '2025-01-01 12:01Z', null);
insert into airport_movements (flight_id, icao, kind, at, earliest_at, latitude, longitude)
values (1000, 'YSSY', 'takeoff', '2025-01-01 12:00Z', null, -34, 151),
    (1000, 'YSSY', 'landing', '2025-01-01 12:01Z', '2025-01-01 12:00Z', -34, 151);
insert into sector_control (sector_name, state, controller_id, controller_callsign, owner_rank, from_timestamp,
    to_timestamp, airspace_revision)
values ('SYD', 'uncontrolled', null, null, null, '2025-01-01 12:00Z', '2025-01-01 12:01Z', 'abc'),
    ('SYD', 'controlled', 1000, 'SY_APP', 0, '2025-01-01 12:01Z', null, 'abc');
insert into poll_cycles (started_at, outcome, stored, flights_written, positions_written, controllers_written,
    transceivers_written, entered, crossed, left_sector, slow, disconnected, unobserved, rejected)
values ('2025-01-01 12:00Z', 'success', true, 1, 1, 1, 1, 1, 0, 0, 0, 1, 2, 0);
insert into rejected_records (source, reason, detail, raw, seen_at)
values ('pilot', 'range', 'latitude', '{}', '2025-01-01 12:00Z');
insert into forgotten_members (digest) values (decode(repeat('ab', 32), 'hex'));
