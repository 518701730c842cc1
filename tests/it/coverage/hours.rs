//! The hours of controllers by day of a zone.

use super::scene::Scene;

fn hours(scene: &Scene, since: &str, until: &str, zone: &str) -> Vec<String> {
    scene.client.column(&format!(
        "select concat_ws(' ', day, cid, callsign, facility, trim_scale(seconds)) \
         from controller_hours('{since}', '{until}', '{zone}') order by day, cid, callsign"
    ))
}

/// A connection between two times with an offset.
fn connect(scene: &Scene, cid: i32, callsign: &str, from: &str, to: &str) {
    let id = scene.connection(cid, callsign, 0, i64::from(cid));
    scene.client.run(&format!(
        "update controllers set logon_time = '{from}', first_seen = '{from}', last_seen = '{to}' where id = {id}"
    ));
}

#[test]
fn sessions_are_cut_at_midnight() {
    let scene = Scene::new();
    connect(&scene, 1, "SY_TWR", "2025-01-01 23:30+11", "2025-01-02 00:30+11");
    connect(&scene, 2, "SY__TWR", "2025-01-02 22:00+11", "2025-01-03 00:00+11");
    // Two sessions of a day are added up, and the gap of a session counts.
    connect(&scene, 3, "ML_TWR", "2025-01-02 01:00+11", "2025-01-02 02:00+11");
    connect(&scene, 3, "ML_TWR", "2025-01-02 02:04+11", "2025-01-02 03:00+11");
    connect(&scene, 3, "ML_TWR", "2025-01-02 05:00+11", "2025-01-02 06:00+11");
    let all = hours(&scene, "2024-12-01Z", "2025-02-01Z", "Australia/Sydney");
    let expected = [
        "2025-01-01 1 SY_TWR 5 1800",
        "2025-01-02 1 SY_TWR 5 1800",
        "2025-01-02 2 SY_TWR 5 7200",
        "2025-01-02 3 ML_TWR 5 10800",
    ];
    assert_eq!(all, expected);
    let utc = hours(&scene, "2025-01-01 13:00Z", "2025-01-01 14:30Z", "UTC");
    assert_eq!(utc, ["2025-01-01 1 SY_TWR 5 1800", "2025-01-01 3 ML_TWR 5 1800"]);
    assert_eq!(hours(&scene, "2025-01-01 12:30Z", "2025-01-01 12:30Z", "UTC"), [""; 0]);
    assert_eq!(hours(&scene, "-infinity", "infinity", "Australia/Sydney"), expected);
}

/// A day has 23 hours when the clocks go forward, and 25 when they go back.
#[test]
fn days_are_those_of_the_zone_when_its_clocks_change() {
    let scene = Scene::new();
    let (from, to) = ("2025-04-04 12:00Z", "2025-04-07 12:00Z");
    connect(&scene, 1, "SY_TWR", from, to);
    let days = |zone: &str, from: &str, to: &str| {
        let days = hours(&scene, from, to, zone);
        let of = |line: &String| {
            let words: Vec<_> = line.split(' ').collect();
            format!("{} {}", &words[0][5..], words[4].parse::<f64>().expect("seconds") / 3600.0)
        };
        days.iter().map(of).collect::<Vec<_>>()
    };
    let back = days("Australia/Sydney", from, to);
    assert_eq!(back, ["04-04 1", "04-05 24", "04-06 25", "04-07 22"]);
    scene.client.run("delete from controllers");
    connect(&scene, 1, "SY_TWR", "2025-10-04 12:00Z", "2025-10-05 20:00Z");
    let forward = days("Australia/Sydney", "2025-10-01Z", "2025-10-10Z");
    assert_eq!(forward, ["10-04 2", "10-05 23", "10-06 7"]);
    // In Havana 00:00 to 01:00 comes twice, in São Paulo of 2018 not at all.
    scene.client.run("delete from controllers");
    connect(&scene, 1, "SY_TWR", "2024-11-03 03:00Z", "2024-11-04 06:00Z");
    let havana = days("America/Havana", "2024-11-01Z", "2024-11-10Z");
    assert_eq!(havana, ["11-02 1", "11-03 25", "11-04 1"]);
    scene.client.run("delete from controllers");
    connect(&scene, 1, "SY_TWR", "2018-11-04 02:00Z", "2018-11-05 03:00Z");
    let sao_paulo = days("America/Sao_Paulo", "2018-11-01Z", "2018-11-10Z");
    assert_eq!(sao_paulo, ["11-03 1", "11-04 23", "11-05 1"]);
}

#[test]
fn a_zone_that_does_not_exist_is_refused() {
    let scene = Scene::new();
    connect(&scene, 1, "SY_TWR", "2025-01-01 00:00Z", "2025-01-01 01:00Z");
    let hours = "select * from controller_hours('2025-01-01Z', '2025-01-02Z', 'Sydney/Harbour')";
    let refused = scene.client.try_rows(hours).expect_err("no such zone");
    assert!(refused.starts_with("22023") && refused.contains("Sydney/Harbour"), "{refused}");
}
