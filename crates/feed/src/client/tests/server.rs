//! A scripted HTTP server on loopback that can misbehave in every byte.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// The bytes to write, and how long the connection stays open afterwards.
pub struct Answer {
    pub bytes: Vec<u8>,
    pub hold: Duration,
}

impl Answer {
    /// A whole answer; `headers` are lines that end with `\r
    /// `.
    pub fn new(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
        );
        Self::raw([head.as_bytes(), body].concat())
    }

    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::new("200 OK", "", body)
    }

    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), hold: Duration::ZERO }
    }
}

/// A received request: its head, in lower case except for values.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    head: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    most_at_once: Arc<AtomicUsize>,
}

impl Server {
    /// Answers each request with the result of `script`. Runs until the process ends.
    pub fn start(script: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            most_at_once: Arc::default(),
        };
        let (requests, most_at_once) = (server.requests.clone(), server.most_at_once.clone());
        let script = Arc::new(script);
        let at_once = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (requests, script) = (requests.clone(), script.clone());
                let (at_once, most_at_once) = (at_once.clone(), most_at_once.clone());
                thread::spawn(move || {
                    let mut connection = connection;
                    let Some(request) = read_head(&mut connection) else {
                        return;
                    };
                    let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
                    most_at_once.fetch_max(now, Ordering::SeqCst);
                    requests.lock().unwrap().push(request.clone());
                    let answer = script(&request);
                    at_once.fetch_sub(1, Ordering::SeqCst);
                    // The client may have closed the connection.
                    let _ = connection.write_all(&answer.bytes);
                    // What a test asked for; the connection stays open meanwhile.
                    thread::sleep(answer.hold);
                });
            }
        });
        server
    }

    pub fn url(&self, path: &str) -> url::Url {
        format!("http://{}{path}", self.address).parse().unwrap()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub fn paths(&self) -> Vec<String> {
        self.requests().into_iter().map(|request| request.path).collect()
    }

    pub fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::SeqCst)
    }
}

fn read_head(connection: &mut TcpStream) -> Option<Request> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        if connection.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1)?.to_owned();
    Some(Request { path, head })
}
