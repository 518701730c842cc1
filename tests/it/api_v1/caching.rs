//! What a client may keep, and when it is told that it still holds.

use super::{
    client::send,
    world::{PERSONAL, World},
};
use crate::support::http::Answered;

const CLOSED: &str = "from=2025-01-07T00:00:00Z&to=2025-01-08T00:00:00Z";
const ACQUIRES: &str = "sectorwatch_db_pool_acquires_total{owner=\"api\"}";

fn tag(answer: &Answered) -> String {
    answer.header("etag").unwrap_or_else(|| panic!("a tag: {}", answer.text())).to_owned()
}

fn asked_again(world: &World, path: &str, tag: &str) -> Answered {
    world.with_headers(path, &[("If-None-Match", tag)])
}

pub fn closed_spans_may_be_kept(world: &World) {
    let paths = [
        format!("/api/v1/flights?{CLOSED}&limit=3"),
        format!("/api/v1/visits?{CLOSED}"),
        "/api/v1/flights/3/visits?to=2025-01-08T00:00:00Z".to_owned(),
        format!("/api/v1/sectors/SYD/occupancy?{CLOSED}"),
        format!("/api/v1/coverage?by=sector&{CLOSED}"),
        format!("/api/v1/controllers/hours?{CLOSED}"),
        format!("/api/v1/positions/SY_APP/staffing?{CLOSED}"),
        format!("/api/v1/airports/YSSY/movements?{CLOSED}"),
    ];
    for path in &paths {
        let first = world.get(path);
        let tag = tag(&first);
        assert!(tag.starts_with('"') && tag.ends_with('"'), "{path}: {tag} is strong");
        assert_eq!(first.header("cache-control"), Some("private, max-age=3600"), "{path}");
        assert_eq!(first.header("vary"), Some("Authorization, Accept-Encoding"), "{path}");
        let before = world.service.metric(ACQUIRES);
        let again = asked_again(world, path, &tag);
        assert_eq!((again.status, again.body.len()), (304, 0), "{path}");
        assert_eq!(again.header("etag"), Some(tag.as_str()), "{path}");
        assert_eq!(again.header("cache-control"), Some("private, max-age=3600"), "{path}");
        assert_eq!(
            world.service.metric(ACQUIRES),
            before,
            "{path}: without a connection of the pool"
        );
        let head = [("If-None-Match", &*tag)];
        assert_eq!(send(world.service.address(), "HEAD", path, &head).status, 304, "{path}");
    }
    a_tag_is_of_one_answer(world, &paths[0]);
    a_change_of_closed_rows_is_seen_at_once(world, &paths[0]);
}

fn a_tag_is_of_one_answer(world: &World, path: &str) {
    let plain = tag(&world.get(path));
    let bearer = format!("Bearer {PERSONAL}");
    let others = [
        world.with_headers(path, &[("Accept-Encoding", "gzip")]),
        world.with_headers(path, &[("Authorization", &bearer)]),
        world.get(&path.replace("limit=3", "limit=4")),
    ];
    for other in &others {
        assert_ne!(tag(other), plain);
    }
    // The same query in other words.
    let aliases = path.replace("from=", "begin=").replace("limit=3", "limit=03");
    assert_eq!(tag(&world.get(&aliases)), plain);
    // Who may not read is not told that nothing changed.
    let wrong = [("If-None-Match", &*plain), ("Authorization", "Bearer sw_wrong")];
    assert_eq!(world.with_headers(path, &wrong).status, 401);
    for named in ["*", "\"other\"", "W/\"other\""] {
        assert_eq!(asked_again(world, path, named).status, 200, "{named}");
    }
}

/// Also one by another process: nothing is remembered.
fn a_change_of_closed_rows_is_seen_at_once(world: &World, path: &str) {
    for _ in 0..3 {
        let tag = tag(&world.get(path));
        assert_eq!(asked_again(world, path, &tag).status, 304);
        world.sql.run("update collector_state set data_version = data_version + 1");
        let changed = asked_again(world, path, &tag);
        assert_eq!(changed.status, 200);
        assert_ne!(changed.header("etag"), Some(tag.as_str()));
    }
}

pub fn nothing_else_may_be_kept(world: &World) {
    // The 9th is the last midnight that is 25 hours before the mark.
    let rows = [
        ("/api/v1/flights?from=2025-01-08T00:00:00Z&to=2025-01-09T00:00:00Z", true),
        ("/api/v1/flights?from=2025-01-08T00:00:00Z&to=2025-01-09T00:00:01Z", false),
        ("/api/v1/flights", false),
        ("/api/v1/flights?from=2025-01-09T13:00:00Z", false),
        ("/api/v1/flights/3", false),
        ("/api/v1/flights/3/track", false),
        ("/api/v1/flights/3/visits", false),
        ("/api/v1/sectors", false),
        ("/api/v1/live", false),
        ("/api/docs", false),
    ];
    for (path, is_closed) in rows {
        let answer = world.get(path);
        assert_eq!(answer.header("etag").is_some(), is_closed, "{path}");
        if !is_closed {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    }
    // A flight that was last seen before the end and is not done with keeps a span open.
    let path = "/api/v1/visits?from=2025-01-07T00:00:00Z&to=2025-01-09T00:00:00Z";
    assert!(world.get(path).header("etag").is_some());
    world.sql.run("update flight_radio_intervals set to_timestamp = null where id = 31");
    assert!(world.get(path).header("etag").is_none());
    world.sql.run("update flight_radio_intervals set to_timestamp = from_timestamp + interval '20 minutes' where id = 31");
    assert!(world.get(path).header("etag").is_some());
}
