-- Callsigns are stored as fed and looked up without regard to case. In the collation C, so that it is
-- the case of ASCII in every cluster.
drop index flights_callsign;
create index flights_callsign on flights (upper(callsign collate "C"), logon_time desc);
