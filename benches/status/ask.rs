//! One question after the other.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

/// The body; `None` when there is no whole answer.
pub fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut connection = TcpStream::connect(address).ok()?;
    let head = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some(body.to_owned())
}

/// The status.
pub fn status(address: SocketAddr) -> Option<serde_json::Value> {
    serde_json::from_str(&get(address, "/api/status")?).ok()
}

/// The sum of a metric's series that begin so.
pub fn metric(address: SocketAddr, series: &str) -> Option<f64> {
    let page = get(address, "/metrics")?;
    let values = page.lines().filter(|line| line.starts_with(series));
    Some(values.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok()).sum())
}
