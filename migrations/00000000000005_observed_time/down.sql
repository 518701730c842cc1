-- The version before knows no such end: it would have called it disconnected, at the same place and time.
update poll_cycles set disconnected = disconnected + unobserved where unobserved > 0;
alter table poll_cycles drop column unobserved;

update pending_transitions set kind = 'disconnected', exit_reason = 'disconnected' where kind = 'unobserved';
alter table pending_transitions
    drop constraint pending_kind,
    add constraint pending_kind check (kind in ('entered', 'crossed', 'left', 'slow', 'disconnected'));

update flight_sector_occupancy set exit_reason = 'disconnected' where exit_reason = 'unobserved';
alter table flight_sector_occupancy
    drop constraint occupancy_exit_reason,
    add constraint occupancy_exit_reason check (exit_reason in ('crossed', 'left', 'slow', 'disconnected'));

comment on column flights.last_seen is 'update_timestamp of the last snapshot in which the flight was observed.';
alter table flights drop column observed_us;
alter table collector_state drop column observed_us;
