drop table collector_state;
drop table pending_transitions;
drop table flight_sector_occupancy;
