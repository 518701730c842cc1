drop table flight_positions;
drop table flights;
