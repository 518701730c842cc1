//! Every error that a client can cause.

use std::collections::BTreeSet;

use super::{
    client::send,
    world::{PERSONAL, READER, World},
};
use crate::support::http::Answered;

/// Requests without a token, and what they are answered.
const ROWS: &[(&str, u16, &str)] = &[
    ("flights?from=yesterday", 400, "bad_time"),
    ("flights?from=2025-01-08T00:00:00Z&to=2025-01-08T00:00:00Z", 400, "bad_span"),
    // After the mark, which an absent end is.
    ("flights?from=2025-01-11T00:00:00Z", 400, "bad_span"),
    ("visits?from=2025-01-01T00:00:00Z&to=2025-02-01T00:00:01Z", 400, "span_too_wide"),
    ("visits?from=2024-12-01T00:00:00Z", 400, "span_too_wide"),
    ("flights/3/visits?from=2024-01-01T00:00:00Z&to=2025-01-01T00:00:00Z", 400, "span_too_wide"),
    (
        "sectors/SYD/occupancy?step=1m&from=2025-01-07T00:00:00Z&to=2025-01-09T00:00:00Z",
        400,
        "span_too_wide",
    ),
    ("sectors/SYD/occupancy?step=7m", 400, "bad_request"),
    ("flights?bbox=1,2,3", 400, "bad_bbox"),
    ("flights?cursor=AAAA", 400, "bad_cursor"),
    ("flights?cursor=", 400, "bad_cursor"),
    ("flights?limit=0", 400, "bad_limit"),
    ("flights?limit=1001", 400, "bad_limit"),
    ("flights?form=json", 400, "unknown_parameter"),
    ("flights/3?from=0", 400, "unknown_parameter"),
    ("live?x=1", 400, "unknown_parameter"),
    ("flights?limit=1&limit=1", 400, "bad_request"),
    ("flights?from=0&begin=0", 400, "bad_request"),
    ("flights?callsign=", 400, "bad_callsign"),
    ("positions/A%20B/staffing", 400, "bad_callsign"),
    ("coverage", 400, "bad_request"),
    ("coverage?by=day", 400, "bad_request"),
    ("coverage?by=hour&tz=Mars/Olympus", 400, "bad_request"),
    ("flights?sector=%00", 400, "bad_request"),
    ("flights?cid=1", 401, "unauthorized"),
    ("flights/3?personal=1", 401, "unauthorized"),
    ("controllers/hours?cid=x", 401, "unauthorized"),
    ("flights/999999", 404, "not_found"),
    ("flights/x", 404, "not_found"),
    ("flights/99999999999999999999", 404, "not_found"),
    ("flights/999999/track", 404, "not_found"),
    ("flights/999999/visits", 404, "not_found"),
    ("flights/999999/contacts", 404, "not_found"),
    ("flights/999999/track.kml", 404, "not_found"),
    ("flights/3/track.csv", 404, "no_such_format"),
    ("sectors/NOSUCH", 404, "not_found"),
    ("sectors/NOSUCH/occupancy", 404, "not_found"),
    ("sectors/%00", 404, "not_found"),
    ("airports/NOSUCH/movements", 404, "not_found"),
    ("positions/NO_SUCH/staffing", 404, "not_found"),
    ("nothing", 404, "not_found"),
];

fn is_problem(answer: &Answered, path: &str, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{path}: {}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    let body = answer.json();
    assert_eq!(body["code"], code, "{path}: {body}");
    assert_eq!((&body["type"], &body["status"]), (&"about:blank".into(), &status.into()));
    let instance = path.split('?').next().expect("a path");
    assert_eq!(body["instance"], instance);
    let trace = body["trace_id"].as_str().expect("an id");
    assert!(trace.len() == 32 && trace.bytes().all(|b| b.is_ascii_hexdigit()), "{trace}");
    let detail = body["detail"].as_str().expect("a sentence");
    assert!(detail.ends_with('.'), "{path}: {detail}");
    for told in ["select ", "postgres", "://", "SQLSTATE"] {
        assert!(!body.to_string().contains(told), "{path} tells {told}");
    }
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    assert_eq!(answer.header("etag"), None, "{path}");
}

pub fn every_error_has_its_code(world: &World) {
    let long = format!("sectors/{}", "a".repeat(300));
    for (path, status, code) in ROWS.iter().copied().chain([(&*long, 404, "not_found")]) {
        let path = format!("/api/v1/{path}");
        is_problem(&world.get(&path), &path, status, code);
    }
    // Known ones without rows.
    for path in [
        "flights/203/visits?to=2025-01-01T00:00:00Z",
        "flights/203/track",
        "airports/YBBN/movements",
        "airports/XXXX/movements?to=2025-01-02T00:00:00Z",
        "positions/ML-ELW_CTR/staffing",
        "sectors/PER/occupancy",
    ] {
        let answer = world.get(&format!("/api/v1/{path}"));
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    }
    of_requests(world);
    let document = world.get("/api/openapi.json").json();
    let documented =
        document["components"]["schemas"]["Problem"]["required"].as_array().expect("names");
    let documented: BTreeSet<_> = documented.iter().filter_map(|name| name.as_str()).collect();
    let problem = world.get("/api/v1/nothing").json();
    let members: BTreeSet<_> =
        problem.as_object().expect("members").keys().map(String::as_str).collect();
    assert_eq!(members, documented);
}

fn of_requests(world: &World) {
    let (path, address) = ("/api/v1/flights", world.service.address());
    let post = send(address, "POST", path, &[]);
    is_problem(&post, path, 405, "method_not_allowed");
    assert_eq!(post.header("allow"), Some("GET, HEAD"));
    let codings = [("Accept-Encoding", "identity;q=0, deflate")];
    is_problem(&world.with_headers(path, &codings), path, 406, "not_acceptable");
    is_problem(&world.with_headers(path, &[("Host", "other.example")]), path, 421, "misdirected");
    let wrong = world.with_headers(path, &[("Authorization", "Bearer sw_wrong")]);
    is_problem(&wrong, path, 401, "unauthorized");
    let reader = [("Authorization", &*format!("Bearer {READER}"))];
    for personal in ["/api/v1/flights?cid=1", "/api/v1/controllers/sessions?personal=1"] {
        is_problem(&world.with_headers(personal, &reader), personal, 403, "scope_required");
        let anonymous = world.get(personal);
        assert_eq!(anonymous.header("www-authenticate"), Some("Bearer"));
        assert_eq!(world.get_personal(personal).status, 200);
    }
    for open in ["/api/openapi.json", "/api/docs"] {
        let wrong = world.with_headers(open, &[("Authorization", "Bearer sw_wrong")]);
        assert_eq!(wrong.status, 200, "{open}");
    }
}

pub fn cursors_hold_for_their_walk_alone(world: &World) {
    let first = "/api/v1/flights?from=2025-01-07T00:00:00Z&to=2025-01-08T00:00:00Z&limit=5";
    let next = world.get(first).json()["next"].as_str().expect("a next page").to_owned();
    let cursor = next.rsplit_once("cursor=").expect("a cursor").1;
    let other = |path: String, code: &str| is_problem(&world.get(&path), &path, 400, code);
    other(next.replace("2025-01-08T00", "2025-01-08T01"), "cursor_mismatch");
    other(format!("/api/v1/flights?cursor={cursor}"), "cursor_mismatch");
    other(format!("/api/v1/visits?cursor={cursor}"), "cursor_mismatch");
    other(format!("{next}A"), "bad_cursor");
    other(next.replace("cursor=", "cursor=A"), "bad_cursor");
    let personal = [("Authorization", &*format!("Bearer {PERSONAL}"))];
    is_problem(&world.with_headers(&next, &personal), &next, 400, "cursor_mismatch");
    // Another length of the page is no other walk.
    assert_eq!(world.get(&next.replace("limit=5", "limit=9")).status, 200);
    // A token with the same scopes as an anonymous request.
    let reader = [("Authorization", &*format!("Bearer {READER}"))];
    assert_eq!(world.with_headers(&next, &reader).status, 200);
    the_bound_of_a_walk_is_its_first_mark(world);
}

/// Without an end, the walk ends at the mark of its first page, whatever is stored meanwhile.
fn the_bound_of_a_walk_is_its_first_mark(world: &World) {
    let first = world.get("/api/v1/flights?limit=1").json();
    let next = first["next"].as_str().expect("a next page").to_owned();
    let set_mark = |mark: &str| {
        world
            .sql
            .run(&format!("update collector_state set mark = '{mark}', contacts_mark = '{mark}'"));
    };
    let whole =
        world.get("/api/v1/flights?limit=1000").json()["data"].as_array().expect("rows").len();
    set_mark("2025-01-10 12:40:00Z");
    world.sql.run(
        "insert into flights (id, cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, \
         first_seen, last_updated, last_seen) values (300, 1, 'LATE1', '2025-01-10 12:00Z', 'TEST', 0, 0, 0, 0, \
         '2025-01-10 12:39:00Z', '2025-01-10 12:39:00Z', '2025-01-10 12:39:00Z')",
    );
    let rest = world.get(&next.replace("limit=1", "limit=1000")).json();
    assert_eq!(rest["data"].as_array().expect("rows").len(), whole - 1);
    assert_eq!(rest["mark"], first["mark"]);
    let anew = world.get("/api/v1/flights?limit=1000").json();
    assert_eq!(anew["mark"], "2025-01-10T12:40:00Z");
    assert_eq!(anew["data"].as_array().expect("rows").len(), whole + 1);
    // A server that is behind what the walk began with.
    set_mark("2025-01-10 12:30:00Z");
    let behind = world.get(&next);
    is_problem(&behind, &next, 503, "replica_behind");
    assert!(behind.header("retry-after").is_some());
    set_mark("2025-01-10 12:34:45Z");
    world.sql.run("delete from flights where id = 300");
}
