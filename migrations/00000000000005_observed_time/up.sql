-- Absence is counted in observed time: of each pause between two stored snapshots, 60 s at most. The sum stands
-- in collector_state, and beside each flight as it was when the flight was last present. Rows of before begin at
-- 0 like the sum: nobody has been absent yet.
alter table collector_state add column observed_us bigint not null default 0;
alter table flights add column observed_us bigint not null default 0;

comment on column collector_state.observed_us is 'Microseconds of observed time up to the mark: each pause between two stored snapshots counts, with 60 s at most.';
comment on column flights.observed_us is 'collector_state.observed_us at last_seen.';
comment on column flights.last_seen is 'update_timestamp of the last snapshot in which the flight was present.';

-- A visit whose end nobody saw, since nothing was stored for too long.
alter table flight_sector_occupancy
    drop constraint occupancy_exit_reason,
    add constraint occupancy_exit_reason
        check (exit_reason in ('crossed', 'left', 'slow', 'disconnected', 'unobserved'));
alter table pending_transitions
    drop constraint pending_kind,
    add constraint pending_kind
        check (kind in ('entered', 'crossed', 'left', 'slow', 'disconnected', 'unobserved'));
alter table poll_cycles add column unobserved integer not null default 0;
