//! A feed on loopback that serves two documents.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

type Documents = Arc<Mutex<BTreeMap<&'static str, Arc<str>>>>;

/// The path of the flights.
pub const MAIN: &str = "/vatsim-data.json";
/// The path of the transceivers.
pub const RADIOS: &str = "/transceivers-data.json";

/// The feed. It runs until the process ends.
pub struct Feed {
    address: SocketAddr,
    documents: Documents,
}

impl Feed {
    /// Starts a feed that answers 404 until a document is published.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let documents = Documents::default();
        let served = documents.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let documents = served.clone();
                thread::spawn(move || serve(connection, &documents));
            }
        });
        Self { address, documents }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers requests to this path with this document from now on.
    pub fn publish(&self, path: &'static str, document: Arc<str>) {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner).insert(path, document);
    }
}

/// Answers the requests of one connection until the client closes it.
fn serve(connection: TcpStream, documents: &Documents) {
    let mut reader = BufReader::new(connection.try_clone().expect("a second handle"));
    let mut writer = connection;
    let mut line = String::new();
    loop {
        line.clear();
        let mut head = String::new();
        while reader.read_line(&mut head).is_ok_and(|bytes| bytes > 2) {
            if line.is_empty() {
                line = head.clone();
            }
            head.clear();
        }
        let Some(path) = line.split(' ').nth(1) else { return };
        let document = documents.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        let (status, body) = match &document {
            Some(document) => ("200 OK", &**document),
            None => ("404 Not Found", ""),
        };
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n");
        if writer
            .write_all(head.as_bytes())
            .and_then(|()| writer.write_all(body.as_bytes()))
            .is_err()
        {
            return;
        }
    }
}
