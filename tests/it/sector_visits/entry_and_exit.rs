//! The rules of entry and exit.

use serde_json::Value;

use super::{count, pilot, polls, stored, visits};
use crate::support::documents::{Feed, Pilot};

#[test]
fn a_flight_enters_at_60_kt() {
    let database = stored(&polls(&[
        ("AT59", "SYD 59 | SYD 59"),
        ("AT60", "SYD 60"),
        ("AT61", "MEL 61"),
        ("LATER", "BNE 0 | BNE 60"),
    ]));
    assert_eq!(visits(&database), ["AT60 SYD 0- open", "AT61 MEL 0- open", "LATER BNE 15- open"]);
    assert_eq!(count(&database, "flights"), 4);
}

#[test]
fn a_flight_leaves_at_the_second_poll_in_a_row_below_30_kt() {
    let database = stored(&polls(&[
        ("AT29", "SYD 120 | SYD 29 | SYD 29 | SYD 0"),
        ("AT30", "SYD 120 | SYD 30 | SYD 30 | SYD 30"),
        ("ONCE", "SYD 120 | SYD 29 | SYD 30 | SYD 29"),
        ("GAP", "SYD 120 | SYD 25 | - | SYD 25"),
    ]));
    assert_eq!(
        visits(&database),
        ["AT29 SYD 0-30 slow", "AT30 SYD 0- open", "GAP SYD 0-45 slow", "ONCE SYD 0- open",]
    );
    let client = database.client();
    let slow = "select callsign || ' ' || slow_polls from flights order by callsign";
    assert_eq!(client.column(slow), ["AT29 0", "AT30 0", "GAP 0", "ONCE 1"]);
}

#[test]
fn a_flight_that_stays_makes_no_transition() {
    let database = stored(&polls(&[("QFA1", "SYD 120 | SYD 45 | SYD 300 | SYD 59")]));
    assert_eq!(visits(&database), ["QFA1 SYD 0- open"]);
    assert_eq!(count(&database, "flight_positions"), 4);
    let ledger = "select string_agg(format('%s%s%s%s%s%s%s', entered, crossed, left_sector, slow, \
         disconnected, unobserved, airspace_changed), ' ' order by id) from poll_cycles";
    assert_eq!(database.client().one(ledger), "1000000 0000000 0000000 0000000");
}

#[test]
fn one_flight_of_many_makes_the_one_transition() {
    let others: Vec<String> = (0..20).map(|i| format!("OTH{i}")).collect();
    let mut flights: Vec<(&str, &str)> =
        others.iter().map(|callsign| (callsign.as_str(), "YMMM 250 | YMMM 250")).collect();
    flights.push(("QFA1", "SYD 120 | MEL 150"));
    let database = stored(&polls(&flights));
    let moved: Vec<_> =
        visits(&database).into_iter().filter(|visit| visit.starts_with("QFA1")).collect();
    assert_eq!(moved, ["QFA1 SYD 0-15 crossed", "QFA1 MEL 15- open"]);
    assert_eq!(count(&database, "flight_sector_occupancy"), 22);
    assert_eq!(count(&database, "flight_sector_occupancy where exit_reason is not null"), 1);
}

#[test]
fn sectors_are_named_in_turn_and_left() {
    let database = stored(&polls(&[
        ("QFA1", "SYD 120 | MEL 150 | BNE 180 | SYD 120"),
        ("QFA2", "YBBB 400 | OUT 400 | YMMM 400"),
    ]));
    assert_eq!(
        visits(&database),
        [
            "QFA1 SYD 0-15 crossed",
            "QFA1 MEL 15-30 crossed",
            "QFA1 BNE 30-45 crossed",
            "QFA1 SYD 45- open",
            "QFA2 YBBB 0-15 left",
            "QFA2 YMMM 30- open",
        ]
    );
}

#[test]
fn missing_data_ends_nothing_and_begins_nothing() {
    let mut documents = polls(&[
        ("KNOWN", "SYD 120 | SYD ? | SYD ?"),
        ("COUNTED", "SYD 120 | SYD 29 | SYD ? | SYD 29"),
        ("NEVER", "SYD ? | SYD ?"),
    ]);
    let planned = |plan: fn(Pilot) -> Pilot| plan(pilot("PLAN", "MEL 250").expect("in the feed"));
    let plans = [planned(|it| it), planned(Pilot::no_plan), planned(|it| it.plan("", "YBBN"))];
    for (document, plan) in documents.iter_mut().zip(plans) {
        *document = document.clone().pilot(plan);
    }
    // An unreadable record is no observation.
    let broken = Pilot::new("KNOWN2", 1).inside("SYD").kt(120);
    documents[0] = documents[0].clone().pilot(broken.clone());
    documents[1] = documents[1].clone().pilot(broken.set("latitude", Value::Null));
    let database = stored(&documents);
    assert_eq!(
        visits(&database),
        ["COUNTED SYD 0-45 slow", "KNOWN SYD 0- open", "KNOWN2 SYD 0- open", "PLAN MEL 0- open",]
    );
    let client = database.client();
    let plan = "select departure || ' ' || arrival from flights where callsign = 'PLAN'";
    assert_eq!(client.one(plan), "YSSY YMML");
    assert_eq!(
        count(
            &database,
            "flight_positions join flights on flights.id = flight_id \
         where callsign = 'PLAN'"
        ),
        3
    );
}

#[test]
fn a_record_without_callsign_costs_itself_alone() {
    let nameless = Pilot::new("GHOST", 7).without("callsign");
    let document =
        Feed::second(0).pilot(Pilot::new("QFA1", 1)).pilot(nameless).pilot(Pilot::new("QFA2", 2));
    let database = stored(&[document]);
    let client = database.client();
    assert_eq!(client.column("select callsign from flights order by 1"), ["QFA1", "QFA2"]);
    assert_eq!(count(&database, "flight_sector_occupancy"), 2);
    assert_eq!(
        client.column("select format('%s %s %s', source, reason, cid) from rejected_records"),
        ["pilot schema 7"]
    );
    assert_eq!(client.one("select rejected from poll_cycles"), "1");
}

#[test]
fn an_empty_list_is_a_snapshot_in_which_all_are_absent() {
    let grace = 300;
    let mut documents = vec![Feed::second(0).pilot(Pilot::new("QFA1", 1).inside("SYD"))];
    documents.extend((60..grace).step_by(60).map(Feed::second));
    documents.push(Feed::second(grace - 1));
    let before = stored(&documents);
    assert_eq!(visits(&before), ["QFA1 SYD 0- open"]);
    assert_eq!(count(&before, "poll_cycles where outcome = 'success'"), 6);
    assert_eq!(count(&before, "flight_positions"), 1);

    let after = stored(&[&documents[..], &[Feed::second(grace)]].concat());
    assert_eq!(visits(&after), ["QFA1 SYD 0-0 disconnected"]);
}
