drop index flights_first_seen;
alter table collector_state
    drop column forget_revision,
    drop column forget_key_check;
drop table forgotten_members;
