-- What is asked of radio contact, control and controllers. docs/control.md says what each figure means. Seconds are
-- exact, shares are fractions of 1 and not rounded.

-- The radio contact of a flight in a span of time. What its intervals do not cover is unknown, so that the three add
-- up to the span. Plain SQL that is no `strict`, so that the planner looks into it.
create function radio_coverage(flight_id bigint, since timestamptz, until timestamptz)
returns table (
    contact_seconds numeric,
    none_seconds numeric,
    unknown_seconds numeric,
    coverage numeric,
    known numeric
)
language sql stable parallel safe
as $$
    select sums.contact, sums.none, sums.span - sums.contact - sums.none,
        sums.contact / nullif(sums.contact + sums.none, 0),
        (sums.contact + sums.none) / nullif(sums.span, 0)
    from (
        select greatest(extract(epoch from radio_coverage.until - radio_coverage.since), 0) as span,
            coalesce(sum(part.seconds) filter (where i.state = 'contact'), 0) as contact,
            coalesce(sum(part.seconds) filter (where i.state = 'none'), 0) as none
        from flight_radio_intervals i
            join flights f on f.id = i.flight_id
            cross join lateral (
                select extract(epoch from least(coalesce(i.to_timestamp, f.last_seen), radio_coverage.until)
                    - greatest(i.from_timestamp, radio_coverage.since)) as seconds
            ) part
        where i.flight_id = radio_coverage.flight_id and part.seconds > 0
    ) sums
$$;

comment on function radio_coverage is 'Seconds of a flight in radio contact with a controller, without, and unknown, from since to until; coverage = contact / (contact + none), known = (contact + none) / all.';

-- The radio contact of each visit. One that is open ends when the flight was last seen.
create view v_visit_coverage as
select v.id as visit_id, v.flight_id, v.sector_name, v.entry_timestamp, v.exit_timestamp, c.contact_seconds,
    c.none_seconds, c.unknown_seconds, c.coverage, c.known
from flight_sector_occupancy v
    join flights f on f.id = v.flight_id
    cross join lateral radio_coverage(v.flight_id, v.entry_timestamp, coalesce(v.exit_timestamp, f.last_seen)) c;

-- Who controlled the sector during each visit. The intervals of a sector do not overlap, so that those of a visit
-- begin with the last one that began before it. An interval that is still open is known up to contacts_mark.
create view v_visit_control as
select v.id as visit_id, v.flight_id, v.sector_name, sums.controlled as controlled_seconds,
    sums.uncontrolled as uncontrolled_seconds, sums.span - sums.controlled - sums.uncontrolled as unknown_seconds,
    sums.controllers
from flight_sector_occupancy v
    join flights f on f.id = v.flight_id
    cross join lateral (select v.entry_timestamp as since, coalesce(v.exit_timestamp, f.last_seen) as until) visit
    cross join lateral (
        select greatest(extract(epoch from visit.until - visit.since), 0) as span,
            coalesce(sum(controller.seconds) filter (where controller.state = 'controlled'), 0) as controlled,
            coalesce(sum(controller.seconds) filter (where controller.state = 'uncontrolled'), 0) as uncontrolled,
            coalesce(array_agg(controller.callsign order by controller.since)
                filter (where controller.callsign is not null), '{}') as controllers
        from (
            select s.state, s.controller_callsign as callsign, min(s.from_timestamp) as since,
                sum(part.seconds) as seconds
            from sector_control s
                cross join (select coalesce(contacts_mark, mark, 'infinity') as until from collector_state) known
                cross join lateral (
                    select extract(epoch from least(coalesce(s.to_timestamp, known.until), visit.until)
                        - greatest(s.from_timestamp, visit.since)) as seconds
                ) part
            where s.sector_name = v.sector_name and s.from_timestamp < visit.until
                and s.from_timestamp >= coalesce((
                    select max(b.from_timestamp) from sector_control b
                    where b.sector_name = v.sector_name and b.from_timestamp <= visit.since
                ), '-infinity')
                and part.seconds > 0
            group by s.state, s.controller_callsign
        ) controller
    ) sums;

-- `SY__TWR` is `SY_TWR`: who relieves somebody logs on with a further underscore.
create function normalised_callsign(callsign text) returns text
language sql immutable parallel safe
as $$ select regexp_replace(upper(callsign collate "C"), '_+', '_', 'g') $$;

-- The connections of controllers, without those that were observers when they were stored last, and without those
-- that had not begun yet at the time to which reset-mark lowered their end.
create view v_controller_connections as
select id, cid, normalised_callsign(callsign) as callsign, least(logon_time, first_seen) as started_at,
    last_seen as ended_at, facility, rating
from controllers
where facility <> 0 and callsign !~* '_(OBS|SUP)$'
    and last_seen >= least(logon_time, first_seen);

-- Connections of one member with one callsign, with at most 5 minutes between them, are one session.
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

-- The same without regard to who it was: a hand-over is two sessions, and one span of a staffed position.
create view v_position_staffing as
with begun as (
    select *, coalesce(started_at - max(ended_at) over earlier > interval '5 minutes', true) as begins
    from v_controller_connections
    window earlier as (
        partition by callsign order by started_at, id rows between unbounded preceding and 1 preceding
    )
), numbered as (
    select *, count(*) filter (where begins) over (partition by callsign order by started_at, id) as number
    from begun
)
select callsign, min(started_at) as started_at, max(ended_at) as ended_at,
    extract(epoch from max(ended_at) - min(started_at)) as duration_seconds,
    array_agg(distinct cid order by cid) as cids
from numbered
group by callsign, number;

-- When a day begins in a zone. Where clocks go back at that very hour, it begins with the first of the two.
create function start_of_day(day date, zone text) returns timestamptz
language sql stable parallel safe
as $$
    select case when ((midnight.at - interval '1 hour') at time zone zone)::date = day
        then midnight.at - interval '1 hour' else midnight.at end
    from (select day::timestamp at time zone zone as at) midnight
$$;

-- The sessions between two times, cut at the midnights of a zone: seconds by day, controller and position.
create function controller_hours(since timestamptz, until timestamptz, zone text)
returns table (day date, cid integer, callsign text, facility integer, seconds numeric)
language sql stable parallel safe
as $$
    with cut as (
        select s.cid, s.callsign, s.facility, greatest(s.started_at, controller_hours.since) as since,
            least(s.ended_at, controller_hours.until) as until
        from v_controller_sessions s
        where s.started_at < controller_hours.until and s.ended_at > controller_hours.since
    ), by_day as (
        select cut.*, (cut.since at time zone controller_hours.zone)::date + after as day
        from cut
            cross join lateral generate_series(0, (cut.until at time zone controller_hours.zone)::date
                - (cut.since at time zone controller_hours.zone)::date) after
    ), parts as (
        select p.day, p.cid, p.callsign, p.facility,
            extract(epoch from least(p.until, start_of_day(p.day + 1, controller_hours.zone))
                - greatest(p.since, start_of_day(p.day, controller_hours.zone))) as seconds
        from by_day p
    )
    select p.day, p.cid, p.callsign, p.facility, sum(p.seconds)
    from parts p
    where p.seconds > 0
    group by p.day, p.cid, p.callsign, p.facility
    order by p.day, p.cid, p.callsign, p.facility
$$;

comment on function controller_hours is 'Seconds of each controller on each position by day of a time zone, from since to until.';
