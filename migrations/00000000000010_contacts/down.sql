alter table poll_cycles drop column contacts_ms;
alter table flights drop column contact_seen;
alter table collector_state drop column contacts_mark;
drop table sector_control;
drop table flight_radio_intervals;
