drop view v_flight_legs;
drop function great_circle_nm;
alter table flights
    drop column first_longitude,
    drop column first_latitude,
    drop column first_observed,
    drop column airport_state;
drop table airport_movements;
