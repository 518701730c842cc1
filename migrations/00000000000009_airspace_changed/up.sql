-- A visit whose sector is not in the airspace any more.
alter table flight_sector_occupancy
    drop constraint occupancy_exit_reason,
    add constraint occupancy_exit_reason check (
        exit_reason in ('crossed', 'left', 'slow', 'disconnected', 'unobserved', 'airspace_changed'));
alter table pending_transitions
    drop constraint pending_kind,
    add constraint pending_kind check (
        kind in ('entered', 'crossed', 'left', 'slow', 'disconnected', 'unobserved', 'airspace_changed'));
alter table poll_cycles add column airspace_changed integer not null default 0;

-- The airspace can change between the two transactions, so that a transition says which one it was found in. What
-- is queued now was found in the one of the writer that queued it.
alter table pending_transitions add column airspace_revision text default '';
update pending_transitions
    set airspace_revision = (select coalesce(airspace_revision, '') from collector_state);
alter table pending_transitions alter column airspace_revision set not null;

comment on column pending_transitions.airspace_revision is 'The revision of the airspace in which the transition was found; a visit has that of its entry. Empty when whoever queued it did not say.';
comment on column collector_state.airspace_revision is 'The revision of the airspace of the newest stored snapshot, or of the writer that began since.';
