//! Lists page by page, and their filters, compared with SQL.

use serde_json::Value;

use super::world::World;

/// The middle day and a half.
const SPAN: &str = "from=2025-01-07T12:00:00Z&to=2025-01-09T00:00:00Z";
const FROM: &str = "'2025-01-07 12:00Z'";
const TO: &str = "'2025-01-09 00:00Z'";
const RFC_3339: &str = "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'";

/// A list, the members that tell its rows apart, and the query whose rows it is.
fn lists() -> Vec<(String, &'static [&'static str], String)> {
    let overlap =
        |start: &str, end: &str| format!("{start} < {TO} and coalesce({end}, 'infinity') > {FROM}");
    let time = |column: &str| format!("to_char({column}, {RFC_3339})");
    vec![
        (
            format!("flights?{SPAN}"),
            &["id"],
            format!("select id from flights where first_seen >= {FROM} and first_seen < {TO} order by first_seen, id"),
        ),
        (
            format!("visits?{SPAN}"),
            &["id"],
            format!(
                "select id from flight_sector_occupancy where {} order by entry_timestamp, id",
                overlap("entry_timestamp", "exit_timestamp")
            ),
        ),
        (
            "flights/3/visits".to_owned(),
            &["id"],
            "select id from flight_sector_occupancy where flight_id = 3 order by entry_timestamp, id".to_owned(),
        ),
        (
            "flights/3/contacts?end=2025-01-07T01:20:00Z".to_owned(),
            &["id"],
            "select id from flight_radio_intervals where flight_id = 3 and from_timestamp < '2025-01-07 01:20Z' \
             order by from_timestamp, id"
                .to_owned(),
        ),
        (
            "sectors".to_owned(),
            &["sector_name"],
            "select unnest(array['ADL','BNE','CBR','CNS','DRW','MEL','PER','SYD','YBBB','YMMM'])".to_owned(),
        ),
        (
            format!("controllers/sessions?{SPAN}"),
            &["callsign", "started_at"],
            format!(
                "select callsign, {} from v_controller_sessions where {} order by started_at, callsign, id",
                time("started_at"),
                overlap("started_at", "ended_at")
            ),
        ),
        (
            format!("controllers/hours?tz=Australia/Sydney&{SPAN}"),
            &["day", "callsign", "seconds"],
            format!(
                "select day::text, callsign, sum(seconds)::double precision from \
                 controller_hours({FROM}, {TO}, 'Australia/Sydney') group by day, callsign, facility \
                 order by day, callsign, facility"
            ),
        ),
        (
            format!("positions/SY__APP/staffing?{SPAN}"),
            &["started_at"],
            format!(
                "select {} from v_position_staffing where callsign = 'SY_APP' and {} order by started_at",
                time("started_at"),
                overlap("started_at", "ended_at")
            ),
        ),
        (
            format!("airports/YSSY/movements?{SPAN}"),
            &["id"],
            format!("select id from airport_movements where icao = 'YSSY' and at >= {FROM} and at < {TO} order by at, id"),
        ),
    ]
}

/// What tells a row apart, as SQL writes it.
fn told(row: &Value, members: &[&str]) -> Vec<String> {
    let text = |member: &&str| match &row[member] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map(|it| it.to_string()).expect("a number"),
        other => panic!("{member}: {other}"),
    };
    members.iter().map(text).collect()
}

/// All rows of a list, page by page.
fn walk(world: &World, first: &str) -> (Vec<Value>, usize) {
    let (mut rows, mut pages, mut path) = (Vec::new(), 0, Some(first.to_owned()));
    while let Some(page) = path {
        let answer = world.get(&page);
        assert_eq!(answer.status, 200, "{page}: {}", answer.text());
        let mut body = answer.json();
        let data = body["data"].as_array_mut().expect("rows");
        assert!(!data.is_empty(), "{page}: no page is empty but the first");
        rows.append(data);
        path = body["next"].as_str().map(str::to_owned);
        pages += 1;
        assert!(pages < 200, "{first} never ends");
    }
    (rows, pages)
}

pub fn all_pages_together_are_one_query(world: &World) {
    for (list, members, query) in lists() {
        let expected: Vec<Vec<String>> = world
            .sql
            .rows(&query)
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.expect("a value")).collect())
            .collect();
        assert!(expected.len() > 1, "{list} has rows");
        for limit in [1, 7, 1000] {
            if limit == 1 && expected.len() > 20 {
                continue;
            }
            let sign = if list.contains('?') { '&' } else { '?' };
            let first = format!("/api/v1/{list}{sign}limit={limit}");
            let (rows, pages) = walk(world, &first);
            let found: Vec<_> = rows.iter().map(|row| told(row, members)).collect();
            assert_eq!(found, expected, "{first}");
            assert_eq!(pages, expected.len().div_ceil(limit), "{first}");
        }
    }
}

pub fn filters_select_what_they_say(world: &World) {
    let in_span = format!("f.first_seen >= {FROM} and f.first_seen < {TO}");
    let visit = format!(
        "exists (select from flight_sector_occupancy v where v.flight_id = f.id and v.sector_name = 'MEL' \
         and v.entry_timestamp < {TO} and coalesce(v.exit_timestamp, 'infinity') > {FROM})"
    );
    for (filter, condition) in [
        ("callsign=qFa12", "upper(f.callsign) = 'QFA12'"),
        ("departure=yssy", "f.departure = 'YSSY'"),
        ("arrival=ymml", "f.arrival = 'YMML'"),
        ("arrival=YSSY&departure=YMML", "f.arrival = 'YSSY' and f.departure = 'YMML'"),
        ("sector=MEL", visit.as_str()),
        (
            "bbox=141,-35,143,-30",
            "f.longitude between 141 and 143 and f.latitude between -35 and -30",
        ),
        ("bbox=179,-90,-179,90", "(f.longitude >= 179 or f.longitude <= -179)"),
        ("callsign=NOBODY", "false"),
    ] {
        let path = format!("/api/v1/flights?{SPAN}&{filter}&limit=1000");
        let query = format!(
            "select f.id from flights f where {in_span} and {condition} order by f.first_seen, f.id"
        );
        same(world, &world.get(&path).json(), &query, &path);
    }
    let path = format!("/api/v1/flights?{SPAN}&cid=1987603&limit=1000");
    let query = format!(
        "select f.id from flights f where {in_span} and f.cid = 1987603 order by f.first_seen, f.id"
    );
    same(world, &world.get_personal(&path).json(), &query, &path);
    // Without a span: the 24 hours before the mark.
    let day =
        "select id from flights where first_seen >= '2025-01-09 12:34:45Z' order by first_seen, id";
    same(world, &world.get("/api/v1/flights?limit=1000").json(), day, "the last day");
    // Seconds, aliases and another offset are the same span.
    let plain = world.get(&format!("/api/v1/flights?{SPAN}")).json()["data"].clone();
    for other in [
        "begin=1736251200&end=1736380800",
        "to=2025-01-09T00:00:00Z&from=2025-01-07T23:00:00%2B11:00",
        "from=2025-01-07T23:00:00+11:00&end=1736380800",
    ] {
        assert_eq!(world.get(&format!("/api/v1/flights?{other}")).json()["data"], plain, "{other}");
    }
}

fn same(world: &World, body: &Value, query: &str, what: &str) {
    let expected: Vec<i64> =
        world.sql.column(query).iter().map(|id| id.parse().expect("an id")).collect();
    let rows = body["data"].as_array().unwrap_or_else(|| panic!("{what}: {body}"));
    let found: Vec<_> = rows.iter().map(|row| row["id"].as_i64().expect("an id")).collect();
    assert_eq!(found, expected, "{what}");
    assert_eq!(expected.is_empty(), what.contains("NOBODY"), "{what} has rows");
}
