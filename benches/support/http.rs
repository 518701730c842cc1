//! A minimal HTTP client: one request per connection.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

/// Requests a path. Returns `None` when no answer can be read.
pub fn get(address: SocketAddr, path: &str) -> Option<String> {
    let mut connection = TcpStream::connect(address).ok()?;
    let head = format!("GET {path} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    connection.write_all(head.as_bytes()).ok()?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).ok()?;
    let (_, body) = answer.split_once("\r\n\r\n")?;
    Some(body.to_owned())
}
