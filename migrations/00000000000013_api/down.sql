-- A view loses a column only when it is created anew. controller_hours is text, which does not hold it.
drop view v_controller_sessions;
create view v_controller_sessions as
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
    (array_agg(rating order by started_at desc, id desc))[1] as rating
from numbered
group by cid, callsign, number;

drop index radio_long;
drop index occupancy_long;
drop index controllers_position;
drop index movement_at;
create index movement_at on airport_movements using brin (at);
drop index radio_from;
create index radio_from on flight_radio_intervals using brin (from_timestamp);
drop index occupancy_sector;
drop index occupancy_entry;
create index occupancy_entry on flight_sector_occupancy using brin (entry_timestamp);
drop index flights_first_seen;
create index flights_first_seen on flights using brin (first_seen);
alter table collector_state
    drop column data_home,
    drop column data_version,
    drop column cursor_key;
