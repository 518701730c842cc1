use super::*;
use crate::support::{replay, scratch};

fn stored(database: &Database) -> String {
    let mark = database.client().one("select mark from collector_state");
    format!("{mark}\n{}", database.dump())
}

#[test]
fn a_snapshot_of_which_most_cannot_be_read_is_not_believed_until_one_is() {
    let (database, feed, mut service) = start();
    let ours = Pilot::new("QFA1", 1).inside("SYD");
    service.take(&feed, &mixed(0, 20, 0).pilot(ours.clone()));
    let before = stored(&database);
    // Without the flight with the open visit, for longer than the grace period.
    for at in [200, 400, 600] {
        publish_refused(&mut service, &feed, mixed(at, 8, 12).json());
    }
    assert_eq!(stored(&database), before);
    let status = service.status();
    assert_eq!(status["status"], "critical");
    assert_eq!(status["poller"]["last_error"]["kind"], "schema");
    assert_eq!(status["feed"]["schema"]["refused_kind"], "schema");
    assert_eq!(status["feed"]["schema"]["pilots_refused_ratio"], 0.6);
    assert!(reason(&service, "schema_refused").is_some());
    assert_eq!(reason(&service, "schema_drift"), None);
    assert_eq!(service.metric("sectorwatch_feed_schema_refused"), 1.0);
    assert_eq!(service.metric("sectorwatch_feed_pilots_refused_ratio"), 0.6);
    let client = database.client();
    let ledger = client.column(
        "select distinct concat_ws(' ', feed_update_timestamp - timestamptz '2025-01-01T12:00:00Z', \
         outcome, stored::text, rejected) from poll_cycles where not stored order by 1",
    );
    let refused = ["00:03:20", "00:06:40", "00:10:00"];
    assert_eq!(ledger, refused.map(|at| format!("{at} decode_error false 12")));
    assert_eq!(client.count("select count(*) from rejected_records where reason = 'schema'"), 12);

    // Neither "nothing newer" nor an unreachable feed ends the refusal.
    feed.answer(MAIN, Answer::status(500));
    service.await_cycles("fetch_error", 1);
    assert!(reason(&service, "schema_refused").is_some());

    service.take(&feed, &mixed(615, 20, 1).pilot(ours));
    assert_eq!(reason(&service, "schema_refused"), None);
    assert_eq!(service.metric("sectorwatch_feed_schema_refused"), 0.0);
    assert_eq!(service.status()["feed"]["schema"]["refused_since"], Value::Null);
}

#[test]
fn a_document_that_is_cut_is_not_believed() {
    let (database, feed, mut service) = start();
    let whole = mixed(0, 30, 0).pilot(Pilot::new("QFA1", 1).inside("SYD"));
    service.take(&feed, &whole);
    let before = stored(&database);
    let cut =
        mixed(600, 15, 0).json().replace(r#""connected_clients":15"#, r#""connected_clients":31"#);
    publish_refused(&mut service, &feed, &cut);
    assert_eq!(service.status()["poller"]["last_error"]["kind"], "truncated");
    assert_eq!(service.status()["feed"]["schema"]["refused_kind"], "truncated");
    let message = reason(&service, "schema_refused").expect("refused");
    assert!(message.contains("without most of the clients"), "{message}");
    // The same for a document that is not the feed.
    publish_refused(&mut service, &feed, r#"{"data":[]}"#);
    assert_eq!(service.status()["feed"]["schema"]["refused_kind"], "schema");
    assert_eq!(stored(&database), before);
    let nearly =
        mixed(615, 16, 0).json().replace(r#""connected_clients":16"#, r#""connected_clients":31"#);
    feed.answer(MAIN, Answer::ok(nearly));
    service
        .wait_until("it is believed again", PATIENCE, |it| reason(it, "schema_refused").is_none());
}

#[test]
fn a_replay_refuses_such_files_by_name_and_goes_on() {
    let database = Database::migrated();
    let folder = scratch::dir("recording");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("write");
    let good = |at: i64| mixed(at, 3, 1).pilot(Pilot::new("QFA1", 1).inside("SYD")).json();
    write("1.json", &good(15));
    write("2-drifted.json", &mixed(30, 10, 10).json());
    let many = good(45).replace(r#""connected_clients":5"#, r#""connected_clients":500"#);
    write("3-cut.json", &many);
    write("4-marked.json", &format!("\u{feff}{}", good(60)));
    let ended = replay::replay(&[&folder], &database, &[]);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    for name in ["2-drifted.json", "3-cut.json"] {
        assert!(ended.stderr.contains(name), "{name}: {}", ended.stderr);
    }
    assert!(!ended.stderr.contains("4-marked.json"), "{}", ended.stderr);
    let client = database.client();
    assert_eq!(client.count("select count(*) from poll_cycles where stored"), 2);
    assert_eq!(client.count("select count(*) from flight_positions"), 2);
}
