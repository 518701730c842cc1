//! Reads the status and the metrics of a service.

use std::net::SocketAddr;

use crate::http::get;

/// The document `/api/status`. Returns `None` when there is no answer.
pub fn status(address: SocketAddr) -> Option<serde_json::Value> {
    serde_json::from_str(&get(address, "/api/status")?).ok()
}

/// The sum of the series on `/metrics` whose lines begin with `series`.
pub fn metric(address: SocketAddr, series: &str) -> Option<f64> {
    let page = get(address, "/metrics")?;
    let values = page.lines().filter(|line| line.starts_with(series));
    Some(values.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum())
}
