//! How many rows, and how many clients at once.

use super::{
    scene::{ROUTE, SPAN, path},
    slow::Slow,
};
use crate::{
    api_v1::world::World,
    support::{http::Answered, service::PATIENCE},
};

/// 4,500 rows, of which a client that takes nothing gets a few.
const PART: (&str, &str) = ("2025-01-06T00:00:00Z", "2025-01-06T00:15:00Z");
const LEASES: &str = "sectorwatch_db_pool_checked_out_connections_by_owner{owner=\"export\"}";

pub fn more_rows_than_allowed_are_refused(world: &World) {
    for format in ["csv", "parquet"] {
        let refused = world.get_personal(&path("positions", format, SPAN));
        assert_eq!((refused.status, &refused.json()["code"]), (413, &"too_many_rows".into()));
        assert!(refused.text().contains("5000"), "{}", refused.text());
        assert_eq!(world.get_personal(&path("positions", format, PART)).status, 200);
    }
}

fn busy(answer: &Answered) -> bool {
    let is_busy = answer.status == 429;
    if is_busy {
        assert_eq!(answer.json()["code"], "exports_busy");
        assert_eq!(answer.header("retry-after"), Some("10"));
    }
    is_busy
}

pub fn two_at_once_of_clients_that_take_nothing(world: &mut World) {
    let stalled = |route: &str| format!("sectorwatch_http_stalled_total{{route=\"{route}\"}}");
    let address = world.service.address();
    let clients: Vec<_> =
        ["csv", "ndjson"].map(|format| Slow::ask(address, &path("positions", format, PART))).into();
    for (_, first) in &clients {
        assert!(first.starts_with("HTTP/1.1 200 OK\r\n"), "{first}");
        assert!(first.contains("\r\ntransfer-encoding: chunked\r\n"), "{first}");
    }
    assert!(busy(&world.get_personal(&path("flights", "csv", SPAN))), "the third has to wait");
    world.service.wait_until("no connection is held", PATIENCE, |it| it.metric(LEASES) == 0.0);
    let lists = "/api/v1/flights";
    let list = Slow::ask(address, &format!("{lists}?from={}&to={}&limit=1000", SPAN.0, SPAN.1));
    assert_eq!(world.service.metric(&stalled(ROUTE)), 0.0, "they have some time");
    world.service.wait_until("both are cut", PATIENCE, |it| it.metric(&stalled(ROUTE)) == 2.0);
    world.service.wait_until("so is a list", PATIENCE, |it| it.metric(&stalled(lists)) == 1.0);
    let cut = "sectorwatch_http_connections_closed_total{reason=\"write_timeout\"}";
    assert_eq!(world.service.metric(cut), 3.0);
    for (client, _) in clients.into_iter().chain([list]) {
        assert!(!client.rest().ends_with(b"0\r\n\r\n"), "it was not told that this is all");
    }
    assert_eq!(world.get_personal(&path("flights", "csv", SPAN)).status, 200, "there is room");
    assert_eq!(world.service.metric("sectorwatch_db_pool_leaks_total"), 0.0);
}
