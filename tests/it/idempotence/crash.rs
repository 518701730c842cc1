//! A replay is killed after each of its statements in turn, and then repeated.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
};

use serde_json::Value;

use crate::support::{
    documents::{Controller, Feed, OUTSIDE, Pilot, inside, second},
    dump,
    postgres::Database,
    replay::{recorded, replay, setup},
};

/// A minute of the first gap counts, and all of the second.
const GRACE: [(&str, &str); 1] = [("SECTORWATCH_MISSING_GRACE", "70s")];

/// The channels of two controllers.
const APP: i32 = 124_700_000;
const TWR: i32 = 120_500_000;

/// The number of parallel runs, which mostly wait for statements.
const AT_ONCE: usize = 3;

/// Four snapshots with every kind of event: entries, crossings, a slow exit, a flight that leaves, one that
/// lands and takes off, one that disconnects, one with a new logon, plans that change and vanish, and in each
/// snapshot a new flight, a new controller, and another contact.
fn documents() -> Vec<Feed> {
    let flying = |callsign: &str, sector: &str| Pilot::new(callsign, 1).inside(sector);
    let everywhen = |poll: usize| {
        let new = ["NEW0", "NEW1", "NEW2", "NEW3"];
        let crossing = ["SYD", "MEL", "BNE", "SYD"];
        let arrival = ["YMML", "YPPH", "YBBN", "YMML"];
        let slow = flying("SLOW", "SYD").kt([120, 25, 25, 25][poll]);
        let plan = flying("PLAN", "YMMM").plan("YSSY", arrival[poll]);
        let lost = flying("LOST", "YMMM");
        let back = second([-1000, -5, -5, -5][poll]);
        let (kt, alt) = [(200, 1_500), (31, 21), (140, 900), (150, 1_800)][poll];
        [
            flying("CROSS", crossing[poll]),
            flying(new[poll], "CBR"),
            flying("BACK", "PER").logon(&back),
            slow,
            flying("MOVED", "SYD").kt(kt).alt(alt),
            plan,
            if poll == 1 { lost.no_plan() } else { lost },
        ]
    };
    // More than the grace period after the first, less than it after the second.
    let at = |poll: usize| {
        let feed = Feed::second([0, 285, 310, 325][poll]).pilots(everywhen(poll));
        let feed = feed.controller(post("SY_APP")).controller(post("SY_TWR"));
        let feed = feed.radio("SY_APP", APP, inside("SYD")).radio("SY_TWR", TWR, inside("SYD"));
        // With whom each is in contact in each snapshot, if it is listed.
        [("CROSS", "AANA"), ("PLAN", "ABAN"), ("SLOW", "N-AB"), ("BACK", "BBB-")].into_iter().fold(
            feed,
            |feed, (callsign, letters)| match &letters[poll..=poll] {
                "A" => feed.radio(callsign, APP, inside("SYD")),
                "B" => feed.radio(callsign, TWR, inside("SYD")),
                "N" => feed.radio(callsign, 135_000_000, inside("SYD")),
                _ => feed,
            },
        )
    };
    vec![
        at(0)
            .pilot(flying("GONE", "SYD"))
            .pilot(flying("LEFT", "YBBB"))
            .controller(post("AD_TWR"))
            .controller(post("SY_DEL")),
        at(1).pilot(flying("LEFT", "YBBB").at(OUTSIDE.0, OUTSIDE.1)).controller(post("ML_TWR")),
        at(2).controller(post("BN_CTR")),
        at(3).controller(post("ML_TWR")),
    ]
}

fn post(callsign: &str) -> Controller {
    Controller::new(callsign, 7)
}

#[test]
fn a_replay_killed_after_any_statement_is_finished_by_the_next() {
    let recording = recorded(&documents());
    let whole = Whole::of(&recording);
    let reasons = "select string_agg(distinct coalesce(exit_reason, 'open'), ' ') \
         from flight_sector_occupancy";
    assert_eq!(whole.database.client().one(reasons), "crossed disconnected left open slow");

    let movements = "select string_agg(kind, ' ' order by id) from airport_movements";
    assert_eq!(whole.database.client().one(movements), "landing takeoff");

    let (next, is_over) = (AtomicU64::new(1), AtomicBool::new(false));
    let marks = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while !is_over.load(Ordering::SeqCst) {
                    let n = next.fetch_add(1, Ordering::SeqCst);
                    match killed_after(n, &recording, &whole) {
                        Some(mark) => {
                            *marks.lock().expect("no panic").entry(mark).or_insert(0) += 1
                        }
                        None => is_over.store(true, Ordering::SeqCst),
                    }
                }
            });
        }
    });
    let marks = marks.into_inner().expect("no panic");
    eprintln!("killed after so many statements, by the mark then: {marks:?}");
    assert_eq!(marks.len(), 1 + documents().len(), "{marks:?}");
}

/// The rows of runs that nothing disturbed.
struct Whole {
    database: Database,
    contacts: String,
    /// The contacts where nothing is known of one snapshot, by its time.
    unknown_at: BTreeMap<String, String>,
}

impl Whole {
    fn of(recording: &Path) -> Self {
        let database = Database::migrated();
        let ended = replay(&[recording], &database, &GRACE);
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let contacts = database.dump_contacts();
        let documents = documents();
        let last = documents.len() - 1;
        let unknown_at = documents.iter().enumerate().map(|(number, document)| {
            let database = Database::migrated();
            // Of the last one nothing is written before the next one comes.
            let recording = recorded(if number == last { &documents[..last] } else { &documents });
            without_controllers(&recording, document.time());
            let ended = replay(&[&recording], &database, &GRACE);
            assert_eq!(ended.code, Some(i32::from(number < last)), "{}", ended.stderr);
            (document.time().replace('Z', "+00:00"), database.dump_contacts())
        });
        let unknown_at: BTreeMap<_, _> = unknown_at.collect();
        // The first one holds nowhere: the next comes more than a minute after it.
        let telling = unknown_at.values().filter(|it| **it != contacts).count();
        assert_eq!(telling, documents.len() - 1, "snapshots that show nothing");
        Self { unknown_at, database, contacts }
    }
}

/// Takes the list of controllers out of the document of this time. Contact and control are then unknown.
fn without_controllers(recording: &Path, time: &str) {
    for entry in std::fs::read_dir(recording).expect("the recording").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("a document");
        if text.contains(&format!(r#""update_timestamp":"{time}""#)) {
            let text = text.replace(r#""controllers":["#, r#""nobody":["#);
            std::fs::write(entry.path(), text).expect("write the document");
        }
    }
}

/// Kills a replay after its n-th statement, repeats it, and compares the result with the undisturbed one.
/// Returns the mark at the kill; `None` when the replay has fewer statements.
fn killed_after(n: u64, recording: &Path, whole: &Whole) -> Option<String> {
    let database = Database::migrated();
    let killed = setup(&[recording], &database, &GRACE).fault(&format!("statement=kill@{n}"));
    if let Some(code) = killed.run().code {
        assert_eq!(code, 0, "at {n}");
        assert_eq!(database.dump(), whole.database.dump());
        assert_eq!(database.dump_contacts(), whole.contacts);
        return None;
    }
    let client = database.client();
    let mark = client.one("select mark from collector_state");
    // A snapshot with a committed sector transaction had been written completely.
    let interrupted = client.column(
        "set timezone = 'UTC'; select to_jsonb(mark)#>>'{}' from collector_state s \
         where not exists (select from poll_cycles where feed_update_timestamp = s.mark)",
    );
    let is_judged =
        client.one("select mark is not distinct from contacts_mark from collector_state");
    let again = replay(&[recording], &database, &GRACE);
    assert_eq!(again.code, Some(0), "at {n}: {}", again.stderr);
    assert_eq!(database.dump(), whole.database.dump(), "killed after statement {n}");
    let interrupted = interrupted.first().map(String::as_str);
    same_controllers(&stations(&database), &stations(&whole.database), interrupted);
    // The contact and the control of the interrupted snapshot are unknown, unless they had been written.
    let expected = match interrupted.filter(|_| is_judged == "f") {
        Some(time) => &whole.unknown_at[time],
        None => &whole.contacts,
    };
    dump::assert_equal(&database.dump_contacts(), expected);
    Some(mark)
}

type Stations = BTreeMap<String, Value>;

/// The dumped rows of controllers, by callsign.
fn stations(database: &Database) -> Stations {
    let dump = database.dump_stations();
    // Radios are those of the newest list, or of the one before it.
    let row = |json: &str| {
        let row: Value = serde_json::from_str(json).expect("JSON");
        (row["callsign"].to_string(), row)
    };
    dump.lines().filter_map(|line| line.strip_prefix("controller ")).map(row).collect()
}

/// Rows that only the interrupted snapshot would have written may be missing or old. Controllers whom it
/// would have seen first were seen first by the next snapshot.
fn same_controllers(stored: &Stations, whole: &Stations, interrupted: Option<&str>) {
    let is_its = |row: &Value, column: &str| interrupted.is_some_and(|time| row[column] == time);
    for (callsign, row) in whole.iter().filter(|(_, row)| !is_its(row, "last_seen")) {
        let mut found = stored.get(callsign).cloned().unwrap_or_default();
        if is_its(row, "first_seen") && !found.is_null() {
            found["first_seen"] = row["first_seen"].clone();
        }
        assert_eq!(&found, row);
    }
    assert!(stored.keys().all(|callsign| whole.contains_key(callsign)));
}
