//! What PostgreSQL refuses: bad data costs only itself; any other error fails the phase, which is repeated
//! later.

use super::{count, pilot, polls, stored, visits};
use crate::support::{
    documents::{Feed, Pilot},
    feed_server::FeedServer,
    postgres::Database,
    replay::{recorded, replay},
    service::{Ended, Setup},
};

/// From now on, a row of `table` that satisfies `condition` raises this SQLSTATE.
fn refuse(database: &Database, table: &str, condition: &str, sqlstate: &str) {
    database.client().run(&format!(
        "create function refuse() returns trigger language plpgsql as $$ begin \
             raise exception 'refused by the test' using errcode = '{sqlstate}'; end $$; \
         create trigger refuse before insert or update on {table} \
             for each row when ({condition}) execute function refuse()"
    ));
}

/// Ends [`refuse`].
fn mend(database: &Database) {
    database.client().run("drop function refuse() cascade");
}

/// 20 flights in the same state, of which three are named so that a test can refuse them.
fn flights(second: i64, seen: &str) -> Feed {
    let callsign = |i| match i % 7 {
        3 => format!("BAD{i:02}"),
        _ => format!("TST{i:02}"),
    };
    let pilots = (0..20).filter_map(|i| pilot(&callsign(i), seen));
    Feed::second(second).pilots(pilots)
}

fn rejected(database: &Database) -> Vec<String> {
    database.client().column(
        "select format('%s %s %s', source, reason, callsign) from rejected_records order by 1",
    )
}

#[test]
fn a_refused_transition_costs_itself_alone() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let client = database.client();
    let mut service = Setup::serve(&database, &feed).start();
    // Refuses entries, then crossings, for two flights each. A crossing is one item.
    client.run(
        "alter table flight_sector_occupancy add constraint no_bad check (not \
             (callsign in ('BAD03', 'BAD10') and sector_name = 'SYD' \
              or callsign = 'BAD17' and sector_name = 'MEL'))",
    );
    service.take(&feed, &flights(0, "SYD 120"));
    assert_eq!(count(&database, "flights"), 20);
    assert_eq!(count(&database, "flight_positions"), 20);
    assert_eq!(count(&database, "flight_sector_occupancy"), 18);
    assert_eq!(rejected(&database), ["transition other BAD03", "transition other BAD10"]);
    let refused = client.column("select rejected from poll_cycles");
    assert_eq!(refused, ["2"]);

    // Refused flights are outside in their rows, and enter wherever they are next.
    service.take(&feed, &flights(15, "MEL 120"));
    assert_eq!(count(&database, "pending_transitions"), 0);
    let bad = "flight_sector_occupancy where callsign like 'BAD%'";
    assert_eq!(count(&database, bad), 3);
    client.run("alter table flight_sector_occupancy drop constraint no_bad");
    service.take(&feed, &flights(30, "MEL 120"));
    assert_eq!(service.cycles_of("success"), 3);

    let (bad, others): (Vec<_>, Vec<_>) =
        visits(&database).into_iter().partition(|visit| visit.starts_with("BAD"));
    assert_eq!(
        bad,
        [
            "BAD03 MEL 15- open",
            "BAD10 MEL 15- open",
            "BAD17 SYD 0-30 crossed",
            "BAD17 MEL 30- open",
        ]
    );
    let is_whole =
        |visit: &String| visit.ends_with("SYD 0-15 crossed") || visit.ends_with("MEL 15- open");
    assert_eq!(others.len(), 34);
    assert!(others.iter().all(is_whole), "{others:#?}");
}

#[test]
fn a_refused_flight_costs_itself_alone() {
    for (table, condition) in [
        ("flights", "new.callsign like 'BAD%'"),
        ("flight_positions", "new.altitude = 6666"),
        ("pending_transitions", "new.altitude = 6666"),
    ] {
        let (database, feed) = (Database::migrated(), FeedServer::start());
        let mut service = Setup::serve(&database, &feed).start();
        let bad = |i| Pilot::new(&format!("BAD{i}"), 1).inside("SYD").alt(6666);
        let document = |second| flights(second, "MEL 250").pilots((0..3).map(bad));
        let document = |second| match table {
            "flights" => flights(second, "MEL 250"),
            _ => document(second),
        };
        refuse(&database, table, condition, "22003");
        service.take(&feed, &document(0));
        let good = document(0).json().matches("\"callsign\":").count() as u64 - 3;
        // Flight, position and transition are one item.
        let tables = ["flights", "flight_positions", "flight_sector_occupancy"];
        for written in tables {
            assert_eq!(count(&database, written), good, "{written}, {table} refused");
        }
        assert_eq!(rejected(&database).len(), 3, "{table}");
        assert!(rejected(&database)[0].starts_with("flight other BAD"));
        assert_eq!(count(&database, "pending_transitions"), 0);

        mend(&database);
        service.take(&feed, &document(15));
        let entered_late = "flight_sector_occupancy \
             where entry_timestamp = '2025-01-01 12:00:15Z' and callsign like 'BAD%'";
        assert_eq!(count(&database, entered_late), 3, "{table}");
        assert_eq!(count(&database, "flight_positions"), 2 * good + 3);
    }
}

/// Flights that enter, cross and leave.
fn three_polls() -> Vec<Feed> {
    polls(&[
        ("QFA1", "SYD 120 | MEL 120 | BNE 120"),
        ("QFA2", "SYD 120 | SYD 20 | SYD 20"),
        ("QFA3", "- | CNS 120 | OUT 120"),
    ])
}

/// Replays them into a database in which inserts into `table` fail, for a reason other than bad data.
fn broken(table: &str) -> (Database, Ended) {
    let database = Database::migrated();
    refuse(&database, table, "true", "53100");
    let ended = replay(&[&recorded(&three_polls())], &database, &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    (database, ended)
}

fn replay_again(database: &Database) {
    mend(database);
    let ended = replay(&[&recorded(&three_polls())], database, &[]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(database.dump(), stored(&three_polls()).dump());
}

#[test]
fn a_failed_flights_phase_is_rolled_back_whole() {
    // The queue is the transaction's last table, the flights its first.
    for table in ["pending_transitions", "flight_positions", "flights"] {
        let (database, ended) = broken(table);
        assert!(ended.stderr.contains("the phase flights failed"), "{}", ended.stderr);
        assert!(ended.stderr.contains("53100"), "{}", ended.stderr);
        assert_eq!(database.dump(), "", "{table}");
        assert_eq!(database.client().one("select mark from collector_state"), "");
        replay_again(&database);
    }
}

#[test]
fn a_failed_sector_phase_leaves_the_flights_and_the_queue() {
    // The ledger is the transaction's last table, after the queue was emptied.
    for table in ["flight_sector_occupancy", "poll_cycles"] {
        let (database, ended) = broken(table);
        assert!(ended.stderr.contains("3 snapshots were stored in part"), "{}", ended.stderr);
        let whole = stored(&three_polls());
        for written in ["flights", "flight_positions"] {
            assert_eq!(count(&database, written), count(&whole, written), "{table}");
        }
        assert_eq!(count(&database, "flight_sector_occupancy"), 0, "{table}");
        let queue = "select string_agg(kind, ' ' order by id) from pending_transitions";
        assert_eq!(
            database.client().one(queue),
            "entered entered crossed entered crossed slow left",
            "{table}"
        );
        replay_again(&database);
    }
}

/// One flight is present by a record that the decoder refused, in a snapshot of which PostgreSQL refuses
/// another.
#[test]
fn a_refused_flight_takes_nobody_s_presence() {
    let database = Database::migrated();
    refuse(&database, "flights", "new.callsign = 'BAD'", "22003");
    let one = || Pilot::new("QFA1", 1).inside("SYD");
    let mut documents: Vec<Feed> = (0..9).map(|number| Feed::second(60 * number)).collect();
    documents[0] = documents[0].clone().pilot(one());
    let unreadable = one().set("altitude", serde_json::json!("high"));
    let bad = Pilot::new("BAD", 2).inside("MEL");
    documents[4] = documents[4].clone().pilot(unreadable).pilot(bad);
    replay(&[&recorded(&documents)], &database, &[]);
    assert_eq!(rejected(&database), ["flight other BAD", "pilot schema QFA1"]);
    assert_eq!(visits(&database), ["QFA1 SYD 0- open"], "absent for four minutes, twice");
    let seen = "select last_seen = '2025-01-01 12:04Z' and last_updated = '2025-01-01 12:00Z' from flights";
    assert_eq!(database.client().one(seen), "t");
}
