-- What the API reads. A cursor has a MAC by cursor_key, so that any instance accepts it. Two UUIDs of version 4 have 244
-- random bits, and need no extension.
alter table collector_state
    add column cursor_key bytea not null
        default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
    add column data_version bigint not null default 0,
    add column data_home text,
    add constraint collector_state_cursor_key check (octet_length(cursor_key) = 32);

comment on column collector_state.cursor_key is 'The key of the MAC of cursors.';
comment on column collector_state.data_version is 'Grows whenever something changes that was over for more than a day: it is part of the ETags of the API.';
comment on column collector_state.data_home is 'The server, its timeline and the table in which data_version was raised last: in another one the data was restored.';

-- Lists are read by key, in this order. The columns never change, so that updates of flights stay HOT.
drop index flights_first_seen;
create index flights_first_seen on flights (first_seen, id);
drop index occupancy_entry;
create index occupancy_entry on flight_sector_occupancy (entry_timestamp, id);
create index occupancy_sector on flight_sector_occupancy (sector_name, entry_timestamp);
drop index radio_from;
create index radio_from on flight_radio_intervals (from_timestamp, id);
drop index movement_at;
create index movement_at on airport_movements (at, id);
create index controllers_position on controllers (normalised_callsign(callsign));
-- The longest visit and the longest interval of contact tell how long before a span one may have begun that overlaps it.
create index occupancy_long on flight_sector_occupancy ((exit_timestamp - entry_timestamp))
    where exit_timestamp - entry_timestamp > interval '1 hour';
create index radio_long on flight_radio_intervals ((to_timestamp - from_timestamp))
    where to_timestamp - from_timestamp > interval '1 hour';

-- As before, with the least id of the connections, which tells sessions apart that begin together.
create or replace view v_controller_sessions as
with begun as (
    select *, coalesce(started_at - max(ended_at) over earlier > interval '5 minutes', true) as begins
    from v_controller_connections
    window earlier as (
        partition by cid, callsign order by started_at, id rows between unbounded preceding and 1 preceding
    )
), numbered as (
    select *, count(*) filter (where begins) over (partition by cid, callsign order by started_at, id) as number
    from begun
)
select cid, callsign, min(started_at) as started_at, max(ended_at) as ended_at,
    extract(epoch from max(ended_at) - min(started_at)) as duration_seconds, count(*)::integer as connections,
    (array_agg(facility order by started_at desc, id desc))[1] as facility,
    (array_agg(rating order by started_at desc, id desc))[1] as rating,
    min(id) as id
from numbered
group by cid, callsign, number;
