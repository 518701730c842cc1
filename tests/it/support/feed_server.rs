//! A scripted feed on loopback: good documents, bad ones, and misbehaviour.

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use super::{documents::Feed, http};

/// The path of the main feed.
pub const MAIN: &str = "/v3/vatsim-data.json";
/// The path of the transceivers.
pub const TRANSCEIVERS: &str = "/v3/transceivers-data.json";
/// The path of the discovery document.
pub const STATUS: &str = "/status.json";

/// A service may poll before its test publishes anything. It then waits this long, so that a test does not find a
/// failed cycle that only a busy machine shows.
const FIRST_PUBLICATION: Duration = Duration::from_secs(2);

/// Longer than every timeout of the service.
const FOR_EVER: Duration = Duration::from_secs(600);

/// The answer to requests for one path.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Arc<[u8]>,
    delay: Duration,
    /// The length that the head states, if the body is shorter.
    promised: Option<usize>,
    hangs: bool,
}

impl Answer {
    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self {
            status: 200,
            headers: Vec::new(),
            body: body.as_ref().into(),
            delay: Duration::ZERO,
            promised: None,
            hangs: false,
        }
    }

    pub fn status(status: u16) -> Self {
        let ok = Self::ok("");
        Self { status, ..ok }
    }

    /// Adds a header. With an `ETag`, a request that names it gets 304.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Compresses the body.
    pub fn gzip(mut self) -> Self {
        let level = flate2::Compression::fast();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
        encoder.write_all(&self.body).expect("compress");
        self.body = encoder.finish().expect("compress").into();
        self.header("Content-Encoding", "gzip")
    }

    /// Delays the first byte of the answer.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sends only this many bytes of the body after a head that states its whole length, and
    /// disconnects.
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.promised = Some(self.body.len());
        self.body = self.body[..bytes].into();
        self
    }

    /// Sends less than the head states, and keeps the connection open.
    pub fn hanging(mut self) -> Self {
        self.promised = Some(self.body.len() + 1);
        self.hangs = true;
        self
    }
}

/// A received request.
#[derive(Debug, Clone)]
pub struct Request {
    /// The path with its query.
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// An answer was added.
    answered: Condvar,
}

#[derive(Default)]
struct State {
    answers: HashMap<String, Answer>,
    requests: Vec<Request>,
}

struct Listening {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

/// The server. By default it has no transceivers, no discovery document and an empty feed.
pub struct FeedServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Mutex<Option<Listening>>,
}

impl FeedServer {
    /// Starts the server. Unknown paths get 404. So does [`MAIN`] if there is no
    /// [`FeedServer::publish`] within [`FIRST_PUBLICATION`] of the request.
    pub fn start() -> Self {
        let listener = TcpListener::bind(http::free_address()).expect("a free port");
        let shared = Arc::new(Shared::default());
        Self {
            address: listener.local_addr().expect("its address"),
            listening: Mutex::new(Some(listen(listener, shared.clone()))),
            shared,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Serves the document and its transceivers from now on.
    pub fn publish(&self, feed: &Feed) {
        // The transceivers come first, so that a client that gets the new document also gets its
        // transceivers.
        self.answer(TRANSCEIVERS, Answer::ok(feed.transceivers_json()));
        self.answer(MAIN, Answer::ok(feed.json()));
    }

    pub fn answer(&self, path: &str, answer: Answer) {
        self.lock().answers.insert(path.to_owned(), answer);
        self.shared.answered.notify_all();
    }

    /// All requests to this path so far, with any query.
    pub fn requests(&self, path: &str) -> Vec<Request> {
        let state = self.lock();
        let here = |request: &&Request| request.path.split('?').next() == Some(path);
        state.requests.iter().filter(here).cloned().collect()
    }

    /// Refuses connections from now on.
    pub fn refuse(&self) {
        let listening = self.listening().take();
        let Listening { stop, thread } = listening.expect("it listens");
        stop.store(true, Ordering::SeqCst);
        // Wakes up the thread that waits in `accept`.
        let _ = TcpStream::connect(self.address);
        thread.join().expect("the listener's thread");
    }

    pub fn accept(&self) {
        let listener = TcpListener::bind(self.address).expect("the port is still ours");
        let replaced = self.listening().replace(listen(listener, self.shared.clone()));
        assert!(replaced.is_none(), "it listens");
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().expect("no panic in here")
    }

    fn listening(&self) -> MutexGuard<'_, Option<Listening>> {
        self.listening.lock().expect("no panic in here")
    }
}

fn listen(listener: TcpListener, shared: Arc<Shared>) -> Listening {
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = stop.clone();
    let thread = thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            if stopped.load(Ordering::SeqCst) {
                return;
            }
            let shared = shared.clone();
            // A client may disconnect at any time; its error is ignored.
            thread::spawn(move || serve(connection, &shared));
        }
    });
    Listening { stop, thread }
}

fn serve(mut connection: TcpStream, shared: &Shared) -> Option<()> {
    let request = read(&connection)?;
    let path = request.path.split('?').next().unwrap_or_default().to_owned();
    let known_etag = request.header("if-none-match").map(str::to_owned);
    let answer = answer(shared, request, &path)?;
    // The delay that the test has set for this answer.
    thread::sleep(answer.delay);
    let is_etag = |(name, value): &&(String, String)| {
        name.eq_ignore_ascii_case("etag") && Some(value) == known_etag.as_ref()
    };
    let is_known = answer.headers.iter().find(is_etag).is_some();
    let (status, body) = match is_known {
        true => (304, [].as_slice()),
        false => (answer.status, answer.body.as_ref()),
    };
    let length = answer.promised.unwrap_or(body.len());
    let mut head = format!("HTTP/1.1 {status} Scripted\r\nConnection: close\r\n");
    if !is_known {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    for (name, value) in &answer.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    connection.write_all(head.as_bytes()).ok()?;
    connection.write_all(b"\r\n").ok()?;
    connection.write_all(body).ok()?;
    if answer.hangs {
        // The test wants an answer that never ends. The connection stays open meanwhile.
        thread::sleep(FOR_EVER);
    }
    Some(())
}

fn answer(shared: &Shared, request: Request, path: &str) -> Option<Answer> {
    let mut state = shared.state.lock().ok()?;
    state.requests.push(request);
    let is_early = |it: &mut State| path == MAIN && !it.answers.contains_key(MAIN);
    let (state, _) = shared.answered.wait_timeout_while(state, FIRST_PUBLICATION, is_early).ok()?;
    Some(state.answers.get(path).cloned().unwrap_or_else(|| Answer::status(404)))
}

fn read(connection: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(connection).lines().map_while(Result::ok);
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let heads = lines.take_while(|line| !line.is_empty());
    let header = |line: String| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_ascii_lowercase(), value.to_owned()))
    };
    Some(Request { path, headers: heads.filter_map(header).collect() })
}
