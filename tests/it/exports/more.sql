-- What the rows of the API's tests do not have: thousands of positions, microseconds, and texts that a format has to
-- escape.
create table positions_of_the_6th partition of flight_positions for values from ('2025-01-06') to ('2025-01-07');
insert into flight_positions (flight_id, observed_at, latitude, longitude, altitude, groundspeed, heading, qnh_mb,
    transponder)
select f, timestamptz '2025-01-06 00:00Z' + s * interval '30 seconds' + (f * s % 3) * interval '1001 microseconds',
    -40 + f * 0.1 + s * 0.0001, 179.5 - f * 2.3, 1000 + s, nullif(s % 500, 0), nullif(s % 360, 7), nullif(f, 9),
    case s % 3 when 0 then '7000' when 1 then '' end
from generate_series(1, 150) f, generate_series(0, 79) s;
update flights set route = odd.text, alternate = odd.text, remarks = odd.text, planned_altitude_ft = flights.id * 1000
from (values (1, ''), (2, 'A,B'), (3, 'say "DCT"'), (4, E'first\r\nsecond\n'), (5, '=1+1'), (6, 'Å 東京 😀'), (7, ' '),
    (8, E'tab\tand \\ / \x01')) odd (id, text)
where flights.id = odd.id;
update flight_sector_occupancy set entry_lon = 179.25, exit_lon = -179.75, exit_lat = -33 where id = 10;
update airport_movements set earliest_at = at - interval '1 microsecond' where id = 3;
update controllers set visual_range = id * 10, text_atis = nullif(text_atis, 'SECRETATIS') where id = 4;
