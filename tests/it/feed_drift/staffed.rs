use super::*;

/// As JSON and as a sample.
type Said = (Value, Option<f64>);

/// What the service reports about a sector.
fn staffed(service: &Service, name: &str) -> Said {
    let status = service.status();
    let sectors = status["sectors"].as_array().expect("a list");
    let sector = sectors.iter().find(|sector| sector["name"] == name).expect("the sector");
    let page = service.get("/metrics").text();
    let series = format!("sectorwatch_sector_staffed{{sector=\"{name}\"}} ");
    let sample = page.lines().find_map(|line| line.strip_prefix(&series));
    (sector["staffed"].clone(), sample.map(|value| value.parse().expect("a number")))
}

#[test]
fn who_cannot_be_read_makes_what_they_might_staff_unknown() {
    let (yes, no) = ((json!(true), Some(1.0)), (json!(false), Some(0.0)));
    let unknown = (Value::Null, None);
    let wrong = || json!({"x": 1});
    let (_database, feed, mut service) = start();
    let melbourne = || on_line("ML_TWR", 12);
    let cases: [(&str, Controller, [&Said; 3]); 9] = [
        ("readable", on_line("SY_TWR", 11), [&yes, &yes, &no]),
        ("no member", on_line("SY_TWR", 13).set("cid", wrong()), [&unknown, &yes, &no]),
        ("no time", on_line("sy__twr", 14).set("last_updated", wrong()), [&unknown, &yes, &no]),
        ("no callsign", on_line("SY_TWR", 15).set("callsign", wrong()), [&unknown, &yes, &unknown]),
        ("another's", on_line("ML_TWR", 16).set("logon_time", wrong()), [&no, &yes, &no]),
        ("an observer", on_line("SY_OBS", 17).set("cid", wrong()), [&no, &yes, &no]),
        (
            "no frequency yet",
            on_line("SY_TWR", 18).set("frequency", wrong()),
            [&unknown, &yes, &no],
        ),
        // The first of these stores it.
        ("a stored frequency", on_line("SY_TWR", 11).set("frequency", wrong()), [&yes, &yes, &no]),
        ("a number", on_line("SY_TWR", 19).set("frequency", json!(120.5)), [&yes, &yes, &no]),
    ];
    for (at, (what, sydney, expected)) in (1..).zip(cases) {
        let document = Feed::second(15 * at).controller(melbourne()).controller(sydney);
        service.take(&feed, &document);
        for (sector, expected) in ["SYD", "MEL", "BNE"].iter().zip(expected) {
            assert_eq!(staffed(&service, sector), *expected, "{what}: {sector}");
        }
    }
    // A record that is no object might be anybody; a readable controller still staffs the sector.
    let document = Feed::second(300).controller(melbourne()).json();
    let document = document.replace(r#""controllers":["#, r#""controllers":[17,"#);
    feed.answer(MAIN, Answer::ok(document));
    service.wait_until("it is unknown", PATIENCE, |it| staffed(it, "BNE") == unknown);
    assert_eq!(staffed(&service, "MEL"), yes);
    // Everything is readable again.
    service.take(&feed, &Feed::second(315).controller(melbourne()));
    assert_eq!([staffed(&service, "SYD"), staffed(&service, "MEL")], [no, yes]);
}
