//! The queries of docs/control.md.

use super::scene::Scene;

pub const PAGE: &str = include_str!("../../../docs/control.md");

/// The names of the queries.
pub fn names(page: &str) -> Vec<&str> {
    let queries = page.split("```sql ").skip(1);
    queries.filter_map(|it| it.split_once('\n')).map(|it| it.0).collect()
}

/// The query with this name, at this second.
pub fn query(name: &str, now: i64) -> String {
    query_at(name, &super::scene::quoted(now))
}

/// The query with this name, at this time, which is a literal.
pub fn query_at(name: &str, now: &str) -> String {
    let head = format!("```sql {name}\n");
    let (_, rest) = PAGE.split_once(&head).unwrap_or_else(|| panic!("no {name} in the page"));
    let (sql, _) = rest.split_once("```").expect("its end");
    assert!(sql.contains("now()"), "{sql}");
    sql.replace("now()", &format!("timestamptz {now}"))
}

/// The rows as text, the columns with a space between them.
fn rows(scene: &Scene, name: &str, now: i64) -> Vec<String> {
    let rows = scene.client.rows(&query(name, now));
    let joined = |row: Vec<Option<String>>| {
        row.into_iter().map(|it| it.unwrap_or("null".to_owned())).collect::<Vec<_>>().join(" ")
    };
    rows.into_iter().map(joined).collect()
}

/// SYD is controlled for an hour from 12:30 on; one flight has contact for half of that, and is then in MEL.
fn traffic() -> Scene {
    let scene = Scene::new();
    scene.connection(11, "SY_TWR", 1800, 5400);
    scene.connection(12, "SY_APP", 1800, 3600);
    scene.control("SYD", "uncontrolled 0-1800, SY_TWR 1800-5400");
    let flight = scene.flight(7200);
    scene.contacts(
        &flight,
        "none 0-1800, SY_TWR 1800-3600, unknown 3600-4500, SY_APP 4500-5400, none 5400-",
    );
    scene.visit(&flight, "SYD", 900, Some(5400));
    scene.visit(&flight, "MEL", 5400, None);
    scene
}

#[test]
fn every_query_of_the_page_has_a_test() {
    let expected =
        ["hours", "coverage", "facilities", "busiest", "sectors", "routes", "movements", "legs"];
    assert_eq!(names(PAGE), expected);
}

#[test]
fn hours_by_controller_and_position() {
    // One of the two is there beyond midnight in Sydney.
    let hours = rows(&traffic(), "hours", 86_400);
    assert_eq!(hours, ["11 SY_TWR 1.0 2", "12 SY_APP 0.5 1"]);
}

#[test]
fn coverage_by_hour_and_sector_and_contact_by_facility() {
    let scene = traffic();
    let coverage = rows(&scene, "coverage", 7200);
    let expected = [
        "2025-01-01 12:00:00+00 SYD 1 66.7 100.0",
        "2025-01-01 13:00:00+00 MEL 1 0.0 100.0",
        "2025-01-01 13:00:00+00 SYD 1 100.0 50.0",
    ];
    assert_eq!(coverage, expected);
    assert_eq!(rows(&scene, "facilities", 7200), ["SYD TWR 0.50", "SYD APP 0.25"]);
}

#[test]
fn control_by_sector() {
    let sectors = rows(&traffic(), "sectors", 7200);
    assert_eq!(sectors, ["MEL 1 null 0.50", "SYD 1 80.0 0.00"]);
}

#[test]
fn routes_with_coverage() {
    let scene = traffic();
    scene.flight(60);
    scene.client.run("update flights set departure = 'YSSY', arrival = 'YMML'");
    scene.flight(60);
    // 2,700 s of contact and 3,600 s without in the first, and nothing known of the second.
    assert_eq!(rows(&scene, "routes", 7200), ["YSSY YMML 2 42.9 86.8"]);
}

#[test]
fn movements_by_airport_and_hour() {
    let scene = Scene::new();
    let flight = scene.flight(7200);
    for (icao, kind, at) in [
        ("YSSY", "takeoff", 60),
        ("YSSY", "takeoff", 120),
        ("YSSY", "landing", 3599),
        ("YMML", "landing", 60),
        ("YMML", "go_around", 90),
        ("YSCN", "touch_and_go", 3600),
    ] {
        scene.client.run(&format!(
            "insert into airport_movements (flight_id, icao, kind, at, latitude, longitude) \
             values ({flight}, '{icao}', '{kind}', {}, -34, 151)",
            super::scene::quoted(at)
        ));
    }
    let expected = [
        "2025-01-01 12:00:00+00 YSSY 2 1 0 0 3",
        "2025-01-01 12:00:00+00 YMML 0 1 0 1 1",
        "2025-01-01 13:00:00+00 YSCN 0 0 1 0 2",
    ];
    assert_eq!(rows(&scene, "movements", 7200), expected);
    assert_eq!(rows(&scene, "movements", 86_400 + 3600), expected[2..]);
}

#[test]
fn legs_by_route() {
    let scene = Scene::new();
    for (logon, last_seen) in [(0, 600), (1200, 3600), (1201, 1800)] {
        let flight = scene.flight(last_seen);
        scene.client.run(&format!(
            "update flights set first_observed = {0}, first_latitude = -34, first_longitude = 151, \
             departure = 'YSSY', arrival = 'YMML', cid = 1, callsign = 'QFA1', logon_time = {0} \
             where id = {flight}",
            super::scene::quoted(logon)
        ));
    }
    scene.client.run("update flights set cid = 2 where id = (select max(id) from flights)");
    // An hour with a break, and ten minutes.
    assert_eq!(rows(&scene, "legs", 7200), ["YSSY YMML 2 3 35"]);
}

/// The service before this one counted the contacts of a flight, and found 5.
#[test]
fn the_peak_of_one_flight_in_five_sectors_with_five_contacts_is_one() {
    let scene = Scene::new();
    let flight = scene.flight(3500);
    scene.connection(11, "SY_TWR", 0, 1800);
    scene.contacts(
        &flight,
        "SY_TWR 0-700, SY_APP 700-1400, ML_APP 1400-2100, ML_TWR 2100-2800, ML_GND 2800-",
    );
    for (number, sector) in ["SYD", "YMMM", "YBBB", "MEL", "ADL"].into_iter().enumerate() {
        let from = 700 * number as i64;
        scene.visit(&flight, sector, from, (number < 4).then_some(from + 700));
    }
    assert_eq!(rows(&scene, "busiest", 7200), ["2025-01-01 12:00:00+00 1 0.5"]);
    // Two more, of which one stays into the next hour.
    for until in [3000, 4000] {
        let other = scene.flight(until);
        scene.visit(&other, "SYD", 2900, None);
    }
    let busiest = rows(&scene, "busiest", 7200);
    assert_eq!(busiest, ["2025-01-01 12:00:00+00 3 0.5", "2025-01-01 13:00:00+00 1 0.0"]);
}
