//! What is no export, and the headers of what is one.

use super::scene::{SPAN, path, token};
use crate::api_v1::{
    client::send,
    world::{READER, World},
};

pub fn every_error_has_its_code(world: &World) {
    let (from, to) = SPAN;
    let of = |what: &str, query: &str| format!("/api/v1/export/{what}?{query}");
    let span = format!("from={from}&to={to}");
    let rows = [
        (of("flights.xlsx", &span), 404, "no_such_format"),
        (of("flights.CSV", &span), 404, "no_such_format"),
        (of("contacts.geojson", &span), 404, "no_such_format"),
        (of("controllers.geojson", &span), 404, "no_such_format"),
        (of("transceivers.csv", &span), 404, "not_found"),
        (of("flights", &span), 404, "not_found"),
        (of("flights.csv", ""), 400, "bad_span"),
        (of("flights.csv", &format!("from={from}")), 400, "bad_span"),
        (of("flights.csv", &format!("to={to}")), 400, "bad_span"),
        (of("flights.csv", &format!("from={to}&to={from}")), 400, "bad_span"),
        (of("flights.csv", &format!("from=yesterday&to={to}")), 400, "bad_time"),
        (
            of("flights.csv", "from=2025-01-01T00:00:00Z&to=2026-01-02T00:00:01Z"),
            400,
            "span_too_wide",
        ),
        (of("flights.csv", &format!("{span}&limit=5")), 400, "unknown_parameter"),
        (of("positions.csv", &format!("{span}&bbox=0,0,1,1")), 400, "unknown_parameter"),
        (of("contacts.csv", &format!("{span}&sector=SYD")), 400, "unknown_parameter"),
        (of("flights.csv", &format!("{span}&bbox=1,2,3")), 400, "bad_bbox"),
        (of("flights.csv", &format!("{span}&callsign=")), 400, "bad_callsign"),
        (of("flights.csv", &format!("{span}&personal=yes")), 400, "bad_request"),
    ];
    for (path, status, code) in rows {
        let answer = world.get_personal(&path);
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(answer.json()["code"], code, "{path}");
    }
    let (address, (name, value)) = (world.service.address(), token());
    for (method, status) in [("HEAD", 400), ("POST", 405), ("DELETE", 405)] {
        let answer = send(address, method, &of("flights.csv", ""), &[(name, &value)]);
        assert_eq!(answer.status, status, "{method}");
    }
    let path = path("flights", "csv", SPAN);
    assert_eq!(world.get(&path).status, 401, "exports are not for everybody");
    let reader = world.with_headers(&path, &[("Authorization", &format!("Bearer {READER}"))]);
    assert_eq!((reader.status, &reader.json()["code"]), (403, &"scope_required".into()));
    let wide = "from=2025-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
    assert_eq!(world.get_personal(&of("flights.csv", wide)).status, 200, "366 days are allowed");
    let seconds = world.get_personal(&of("flights.csv", "begin=1736121600&end=1736510400"));
    assert!(seconds.body == world.get_personal(&path).body, "aliases and seconds");
}

pub fn head_and_codings(world: &World) {
    let (address, token) = (world.service.address(), token());
    let authorized = (token.0, token.1.as_str());
    for (format, content_type) in [
        ("csv", "text/csv; charset=utf-8; header=present"),
        ("ndjson", "application/x-ndjson"),
        ("parquet", "application/vnd.apache.parquet"),
        ("geojson", "application/geo+json"),
    ] {
        let path = path("visits", format, SPAN);
        let whole = world.get_personal(&path);
        let head = send(address, "HEAD", &path, &[authorized]);
        assert_eq!((head.status, head.body.len()), (200, 0), "{format}");
        let name = format!(
            "attachment; filename=\"visits_2025-01-06T000000Z_2025-01-10T120000Z.{format}\""
        );
        for answer in [&head, &whole] {
            assert_eq!(answer.header("content-type"), Some(content_type));
            assert_eq!(answer.header("content-disposition"), Some(&*name));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!((answer.header("etag"), answer.header("content-length")), (None, None));
        }
        let gzip = send(address, "GET", &path, &[authorized, ("Accept-Encoding", "gzip")]);
        let is_packed = gzip.header("content-encoding") == Some("gzip");
        assert_eq!(is_packed, format != "parquet", "{format}");
        if is_packed {
            let mut plain = Vec::new();
            let mut decoder = flate2::read::GzDecoder::new(&gzip.body[..]);
            std::io::Read::read_to_end(&mut decoder, &mut plain).expect("gzip");
            assert!(plain == whole.body, "{format}");
        }
        let none =
            send(address, "GET", &path, &[authorized, ("Accept-Encoding", "gzip, identity;q=0")]);
        assert_eq!(none.status, if format == "parquet" { 406 } else { 200 }, "{format}");
    }
}
