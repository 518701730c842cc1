-- The version before stores a place for each radio, and writes all of them anew at its first list.
comment on column transceivers.last_seen is null;
alter table transceivers drop constraint transceivers_site;
delete from transceivers where num_nulls(latitude, longitude, height_msl_m, height_agl_m) > 0;
alter table transceivers
    alter column latitude set not null,
    alter column longitude set not null,
    alter column height_msl_m set not null,
    alter column height_agl_m set not null;
