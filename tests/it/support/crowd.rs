//! Many clients at once, some of which disconnect during a request.

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use socket2::SockRef;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    sync::watch,
};

/// The pause between two requests of a client.
const PAUSE: Duration = Duration::from_millis(50);
/// An answer that takes longer counts as missing.
const HANGS: Duration = Duration::from_secs(40);
/// The longest wait of disconnecting clients for the first byte of an answer.
const FIRST_BYTE: Duration = Duration::from_secs(1);
/// The moments at which they disconnect, in turn: before the request is read, while it is served,
/// or with the first byte of the answer. The last keeps a slow machine from being overloaded.
const MOMENTS_MS: [Option<u64>; 6] = [Some(0), Some(1), Some(3), Some(10), Some(30), None];

/// How a client ends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manners {
    /// Reads the whole answer.
    Waits,
    /// Disconnects during the request, with a FIN.
    Closes,
    /// Disconnects during the request, with a RST.
    Resets,
}

/// A client that repeats one request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The path with its query.
    pub path: String,
    pub manners: Manners,
}

/// The results of the requests to one path.
#[derive(Debug, Default)]
pub struct Answers {
    /// The number of answers by status code.
    pub by_status: BTreeMap<u16, usize>,
    /// The number of requests that the client ended.
    pub aborted: usize,
    /// The errors of requests without an answer.
    pub failed: Vec<String>,
    times: Vec<Duration>,
}

impl Answers {
    /// The duration that `percent` of the answers did not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut times = self.times.clone();
        times.sort();
        let last = times.len().checked_sub(1).expect("an answer");
        times[last * percent / 100]
    }

    pub fn answered(&self) -> usize {
        self.times.len()
    }

    pub fn add(&mut self, other: Self) {
        for (status, count) in other.by_status {
            *self.by_status.entry(status).or_default() += count;
        }
        self.aborted += other.aborted;
        self.failed.extend(other.failed);
        self.times.extend(other.times);
    }
}

/// Clients that run in a separate thread.
pub struct Crowd {
    over: watch::Sender<bool>,
    thread: thread::JoinHandle<BTreeMap<String, Answers>>,
}

impl Crowd {
    pub fn of(address: SocketAddr, visitors: Vec<Visitor>) -> Self {
        let (over, is_over) = watch::channel(false);
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(visit(address, visitors, is_over))
        });
        Self { over, thread }
    }

    /// Ends the clients. They send no new requests, but wait for the answers to those that they
    /// sent. Returns the results by path.
    pub fn end(self) -> BTreeMap<String, Answers> {
        self.over.send_replace(true);
        self.thread.join().expect("no client panics")
    }
}

async fn visit(
    address: SocketAddr,
    visitors: Vec<Visitor>,
    is_over: watch::Receiver<bool>,
) -> BTreeMap<String, Answers> {
    let visiting: Vec<_> = visitors
        .into_iter()
        .zip(1u8..)
        .map(|(visitor, number)| {
            let path = visitor.path.clone();
            (path, tokio::spawn(visitor.stay(address, number, is_over.clone())))
        })
        .collect();
    let mut all: BTreeMap<String, Answers> = BTreeMap::new();
    for (path, visit) in visiting {
        all.entry(path).or_default().add(visit.await.expect("no client panics"));
    }
    all
}

impl Visitor {
    async fn stay(self, address: SocketAddr, number: u8, over: watch::Receiver<bool>) -> Answers {
        let mut answers = Answers::default();
        let request =
            format!("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", self.path);
        let request: Arc<[u8]> = request.into_bytes().into();
        for moment_ms in MOMENTS_MS.into_iter().cycle().skip(usize::from(number)) {
            let begun = Instant::now();
            let asked = self.ask(address, number, &request, moment_ms);
            match tokio::time::timeout(HANGS, asked).await {
                Ok(Ok(Some(status))) => {
                    *answers.by_status.entry(status).or_default() += 1;
                    answers.times.push(begun.elapsed());
                }
                Ok(Ok(None)) => answers.aborted += 1,
                Ok(Err(error)) => answers.failed.push(error.to_string()),
                Err(_) => answers.failed.push("no answer".to_owned()),
            }
            if *over.borrow() {
                break;
            }
            // Real clients pause between requests as well.
            tokio::time::sleep(PAUSE).await;
        }
        answers
    }

    /// Sends one request. Returns the status of the answer, or `None` if the client disconnected
    /// before.
    async fn ask(
        &self,
        address: SocketAddr,
        number: u8,
        request: &[u8],
        moment_ms: Option<u64>,
    ) -> io::Result<Option<u16>> {
        let mut connection = connect(address, number).await?;
        connection.write_all(request).await?;
        if self.manners == Manners::Waits {
            let mut answer = Vec::new();
            connection.read_to_end(&mut answer).await?;
            return status(&answer).map(Some);
        }
        match moment_ms {
            // The client disconnects at this moment, whatever it has received.
            Some(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            None => drop(tokio::time::timeout(FIRST_BYTE, connection.read_u8()).await),
        }
        match self.manners {
            // The connection is dropped afterwards; the client sends nothing more.
            Manners::Closes => connection.shutdown().await?,
            _ => SockRef::from(&connection).set_linger(Some(Duration::ZERO))?,
        }
        Ok(None)
    }
}

/// Connects from a separate address per client. Loopback has enough ports for one client, but not
/// for all.
async fn connect(address: SocketAddr, number: u8) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind((Ipv4Addr::new(127, 0, 1, number), 0).into())?;
    socket.connect(address).await
}

fn status(answer: &[u8]) -> io::Result<u16> {
    let line = String::from_utf8_lossy(answer.split(|byte| *byte == b'\r').next().unwrap_or(b""));
    let code = line.split(' ').nth(1).and_then(|code| code.parse().ok());
    code.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, format!("{line:?}")))
}
