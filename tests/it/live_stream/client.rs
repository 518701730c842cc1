//! A client of the stream, without a client library.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::Value;

pub const PATH: &str = "/api/v1/live/stream";
/// Longer than between two comments.
const PATIENCE: Duration = Duration::from_secs(30);

/// A connection that follows the stream, by HTTP/1.0, which has no chunks.
pub struct EventClient {
    lines: BufReader<TcpStream>,
    pub head: String,
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    pub name: String,
    pub id: Option<i64>,
    pub data: Value,
}

/// What a line or some lines say.
#[derive(Debug, Clone, PartialEq)]
pub enum Said {
    Event(Event),
    Comment,
    Retry(String),
    End,
}

impl EventClient {
    /// Connects, with the id of the last event if there is one.
    pub fn connect(address: SocketAddr, last_id: Option<i64>) -> Self {
        let mut connection = TcpStream::connect(address).expect("connect");
        connection.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let last = last_id.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        let head = format!("GET {PATH} HTTP/1.0\r\nHost: {address}\r\n{last}\r\n");
        connection.write_all(head.as_bytes()).expect("send");
        let mut lines = BufReader::new(connection);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(lines.read_line(&mut head).expect("a head"), 0, "{head}");
        }
        Self { lines, head }
    }

    /// The next thing that is said. An end of the connection is an end.
    pub fn said(&mut self) -> Said {
        let (mut name, mut id, mut data) = (String::new(), None, String::new());
        loop {
            let mut line = String::new();
            match self.lines.read_line(&mut line) {
                Ok(0) => return Said::End,
                Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {
                    return Said::End;
                }
                Err(error) => panic!("{error}"),
                Ok(_) => {}
            }
            match line.trim_end().split_once(':') {
                Some(("event", rest)) => name = rest.trim().to_owned(),
                Some(("id", rest)) => id = rest.trim().parse().ok(),
                Some(("data", rest)) => data = rest.trim().to_owned(),
                Some(("retry", rest)) => {
                    self.end_of_block();
                    return Said::Retry(rest.trim().to_owned());
                }
                Some(("", "")) => {
                    self.end_of_block();
                    return Said::Comment;
                }
                None if data.is_empty() => {}
                None => {
                    let data = serde_json::from_str(&data).expect("JSON");
                    return Said::Event(Event { name, id, data });
                }
                other => panic!("{other:?} is no field of an event"),
            }
        }
    }

    fn end_of_block(&mut self) {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("an empty line");
        assert_eq!(line, "\n");
    }

    /// The next event, whatever comes before it; `None` at the end.
    pub fn event(&mut self) -> Option<Event> {
        loop {
            match self.said() {
                Said::Event(event) => return Some(event),
                Said::End => return None,
                Said::Comment | Said::Retry(_) => {}
            }
        }
    }
}
