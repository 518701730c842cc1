//! HTTP requests with headers.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

use crate::support::http::{Answered, parse};

const PATIENCE: Duration = Duration::from_secs(20);

/// Sends a request without a body, by HTTP/1.0 so that the connection ends with the answer.
pub fn send(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)]) -> Answered {
    let mut connection = TcpStream::connect(address).expect("connect");
    connection.set_read_timeout(Some(PATIENCE)).expect("a time limit");
    let mut head =
        format!("{method} {path} HTTP/1.0\r\nContent-Length: 0\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        head.push_str(&format!("Host: {address}\r\n"));
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    connection.write_all(format!("{head}\r\n").as_bytes()).expect("send");
    let mut bytes = Vec::new();
    connection.read_to_end(&mut bytes).expect("an answer");
    parse(&bytes).unwrap_or_else(|| panic!("{path}: {}", String::from_utf8_lossy(&bytes)))
}

/// The names of the members of an object, in their order in the text.
pub fn members(text: &str) -> Vec<String> {
    let row: serde_json::Map<String, Value> = serde_json::from_str(text).expect("an object");
    let mut names: Vec<(usize, String)> = row
        .keys()
        .map(|name| (text.find(&format!("\"{name}\":")).expect("it is there"), name.clone()))
        .collect();
    names.sort();
    names.into_iter().map(|(_, name)| name).collect()
}
