-- The version before knows no such end: it would have called it left, at the next position.
update poll_cycles set left_sector = left_sector + airspace_changed where airspace_changed > 0;
alter table poll_cycles drop column airspace_changed;

alter table pending_transitions drop column airspace_revision;
update pending_transitions set kind = 'left', exit_reason = 'left' where kind = 'airspace_changed';
alter table pending_transitions
    drop constraint pending_kind,
    add constraint pending_kind
        check (kind in ('entered', 'crossed', 'left', 'slow', 'disconnected', 'unobserved'));

update flight_sector_occupancy set exit_reason = 'left' where exit_reason = 'airspace_changed';
alter table flight_sector_occupancy
    drop constraint occupancy_exit_reason,
    add constraint occupancy_exit_reason
        check (exit_reason in ('crossed', 'left', 'slow', 'disconnected', 'unobserved'));
comment on column collector_state.airspace_revision is null;
