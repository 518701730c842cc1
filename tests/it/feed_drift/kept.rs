use super::*;

const FLIGHT: &str = "select concat_ws(' ', heading, transponder, qnh_mb, departure, arrival, route, remarks, \
    planned_altitude, planned_altitude_ft, revision_id, coalesce(cruise_tas, '-')) from flights where cid = 1";
const CONTROLLER: &str = "select concat_ws(' ', facility, rating, frequency, visual_range, \
    quote_nullable(text_atis), server) from controllers";

fn with_plan(pilot: Pilot, changes: &[(&str, Value)]) -> Pilot {
    let mut record: Value = serde_json::from_str(&pilot.text()).expect("JSON");
    for (leaf, value) in changes {
        record["flight_plan"][leaf] = value.clone();
    }
    pilot.set("flight_plan", record["flight_plan"].clone())
}

fn lossy(pilot: Pilot) -> Pilot {
    let pilot = pilot.set("heading", json!("east")).set("transponder", json!(7000));
    pilot.set("qnh_mb", json!([1013]))
}

#[test]
fn what_of_a_flight_cannot_be_read_keeps_its_stored_value() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed);
    let mut service = setup.start();
    let pilot = || Pilot::new("QFA1", 1).inside("SYD").set("heading", json!(91));
    let client = database.client();
    service.take(&feed, &Feed::second(0).pilot(pilot().set("qnh_mb", json!(990))));
    let plan = "YSSY YMML DCT /v/ FL350 35000 1 450";
    assert_eq!(client.one(FLIGHT), format!("91 2000 990 {plan}"));

    service.take(&feed, &Feed::second(15).pilot(lossy(pilot())));
    assert_eq!(client.one(FLIGHT), format!("91 2000 990 {plan}"));
    let position = "select concat_ws(' ', coalesce(heading::text, '-'), coalesce(transponder, '-'), \
        coalesce(qnh_mb::text, '-')) from flight_positions order by observed_at desc limit 1";
    assert_eq!(client.one(position), "- - -", "the history holds what was observed");

    let wrong = json!({"no": "text"});
    let leaves = [("route", &wrong), ("altitude", &wrong), ("revision_id", &wrong)];
    let leaves = leaves.map(|(leaf, value)| (leaf, value.clone()));
    let changed = with_plan(pilot(), &[("remarks", json!("new")), ("cruise_tas", Value::Null)]);
    service.take(&feed, &Feed::second(30).pilot(lossy(with_plan(changed, &leaves))));
    assert_eq!(client.one(FLIGHT), "91 2000 990 YSSY YMML DCT new FL350 35000 1 -");

    // Also after a restart, when memory knows nothing about the plan.
    service.kill();
    let mut service = setup.start();
    let changed = with_plan(pilot(), &[("remarks", json!("newer"))]);
    service.take(&feed, &Feed::second(45).pilot(lossy(with_plan(changed, &leaves))));
    assert_eq!(client.one(FLIGHT), "91 2000 990 YSSY YMML DCT newer FL350 35000 1 450");

    // In this snapshot the plan is incomplete, so nothing of it is stored; the stored plan still counts.
    let incomplete = [("departure", json!(1)), ("arrival", json!("YBBN")), ("route", json!("X"))];
    service.take(&feed, &Feed::second(60).pilot(with_plan(pilot(), &incomplete)));
    assert_eq!(client.one(FLIGHT), "91 2000 1013 YSSY YMML DCT newer FL350 35000 1 450");
    service.take(&feed, &Feed::second(75).pilot(pilot().set("flight_plan", json!("IFR"))));
    assert_eq!(client.one(FLIGHT), "91 2000 1013 YSSY YMML DCT newer FL350 35000 1 450");
    assert_eq!(client.count("select count(*) from flight_positions"), 6, "in scope all the time");

    service.take(&feed, &Feed::second(90).pilot(with_plan(pilot(), &[("route", Value::Null)])));
    assert_eq!(client.one(FLIGHT), "91 2000 1013 YSSY YMML /v/ FL350 35000 1 450");
    assert_eq!(client.count("select count(*) from flight_sector_occupancy"), 1);
}

#[test]
fn what_was_never_read_is_null_and_one_flight_of_many_keeps_its_own() {
    let (database, feed, mut service) = start();
    let client = database.client();
    let pilots = |lossy_one: i32, heading: i32| {
        (1..=5).map(move |cid| {
            let pilot = Pilot::new(&format!("QFA{cid}"), cid).set("heading", json!(heading + cid));
            if cid == lossy_one { lossy(pilot) } else { pilot }
        })
    };
    let headings =
        || client.column("select coalesce(heading::text, '-') from flights order by cid");
    service.take(&feed, &Feed::second(0).pilots(pilots(1, 10)));
    assert_eq!(headings(), ["-", "12", "13", "14", "15"]);
    service.take(&feed, &Feed::second(15).pilots(pilots(3, 20)));
    assert_eq!(headings(), ["21", "22", "13", "24", "25"]);
    assert_eq!(client.one(FLIGHT), "21 2000 1013 YSSY YMML DCT /v/ FL350 35000 1 450");
}

#[test]
fn what_of_a_controller_cannot_be_read_keeps_its_stored_value() {
    let (database, feed, mut service) = start();
    let client = database.client();
    let atis = json!(["line one", "line two"]);
    let good = || on_line("SY_TWR", 11).set("text_atis", atis.clone());
    let lossy = |it: Controller| {
        let wrong = json!({"no": 1});
        let fields = ["facility", "rating", "frequency", "visual_range", "text_atis", "server"];
        fields.into_iter().fold(it, |it, field| it.set(field, wrong.clone()))
    };
    service.take(&feed, &Feed::second(0).controller(lossy(on_line("SY_TWR", 11))));
    assert_eq!(client.one(CONTROLLER), "4 0  NULL ", "of the suffix, and nothing else");
    let full = "4 5 124.700 50 'line one\nline two' TEST";
    service.take(&feed, &Feed::second(15).controller(good().set("rating", json!(5))));
    assert_eq!(client.one(CONTROLLER), full);
    service.take(&feed, &Feed::second(30).controller(lossy(good())));
    assert_eq!(client.one(CONTROLLER), full);
    service.take(&feed, &Feed::second(45).controller(good().set("rating", json!([3]))));
    assert_eq!(client.one(CONTROLLER), full);
    let lost = |field: &str| {
        let labels = format!("feed=\"v3\",kind=\"controller\",field=\"{field}\"");
        service.metric(&format!("sectorwatch_feed_fields_unreadable_total{{{labels}}}"))
    };
    assert_eq!((lost("rating"), lost("frequency")), (3.0, 2.0));
    assert_eq!(reason(&service, "schema_drift"), None, "no pilot lost anything");
}
