-- A flight's radio is where the flight is: it has no place of its own, and its row changes with its channel alone.
-- A controller's has a place, of which the network may leave out the heights.
alter table transceivers
    alter column latitude drop not null,
    alter column longitude drop not null,
    alter column height_msl_m drop not null,
    alter column height_agl_m drop not null;

update transceivers set latitude = null, longitude = null, height_msl_m = null, height_agl_m = null
where entity_type = 'flight';

alter table transceivers add constraint transceivers_site check (
    case entity_type
        when 'flight' then num_nonnulls(latitude, longitude, height_msl_m, height_agl_m) = 0
        else num_nulls(latitude, longitude) = 0
    end
);

comment on column transceivers.last_seen is 'When the row was written last; poll_cycles tells when the list was read last.';
