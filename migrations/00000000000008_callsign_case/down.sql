drop index flights_callsign;
create index flights_callsign on flights (callsign, logon_time desc);
