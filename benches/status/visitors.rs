//! Clients in a separate process of the lowest priority, so that they use only the processor time
//! that the service leaves.

use std::{
    cell::Cell,
    fmt,
    net::SocketAddr,
    process::{Command, Stdio},
    rc::Rc,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use tokio::{runtime::Builder, task::JoinSet, time::sleep_until};

use crate::figures::Times;

/// The first argument of a process that runs the clients.
pub const WORD: &str = "visit";

/// When a request is sent.
#[derive(Clone, Copy)]
pub enum Manner {
    /// This many requests per second, whether or not earlier ones are answered.
    Open(u32),
    /// This many clients, each of which sends its next request after the last answer.
    Closed(u32),
}

/// The content of a request.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// The path with its query, or several of them with spaces between, which are requested in turn.
    pub path: &'a str,
    /// Whether the answer may be compressed.
    pub compressed: bool,
}

/// The results of the requests.
#[derive(Default)]
pub struct Answers {
    /// The time until the last byte of each answer with status 200: since the request was due
    /// (open) or sent (closed).
    pub times: Times,
    /// The number of requests with another answer or none.
    pub failed: usize,
}

impl fmt::Display for Manner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(rate) => write!(f, "open {rate}"),
            Self::Closed(clients) => write!(f, "closed {clients}"),
        }
    }
}

/// Runs the clients for this time, and waits for their last answers.
pub fn send(address: SocketAddr, wish: Wish<'_>, manner: Manner, lasts: Duration) -> Answers {
    let output = Command::new("nice")
        .args(["-n", "19"])
        .arg(std::env::current_exe().expect("this program"))
        .args([WORD, &address.to_string(), wish.path, &wish.compressed.to_string()])
        .args(manner.to_string().split(' '))
        .arg(lasts.as_secs().to_string())
        .stderr(Stdio::inherit())
        .output()
        .expect("start visitors");
    assert!(output.status.success(), "visitors ended with {}", output.status);
    let mut answers = Answers::default();
    for line in String::from_utf8(output.stdout).expect("a text").lines() {
        match line.parse() {
            Ok(nanoseconds) => answers.times.push(Duration::from_nanos(nanoseconds)),
            Err(_) => {
                eprintln!("{line}");
                answers.failed += 1;
            }
        }
    }
    answers
}

/// The main function of the clients' process. For each request, prints the nanoseconds until its
/// answer, or the error.
pub fn visit(words: &[String]) {
    let [address, path, compressed, manner, how_many, seconds] = words else {
        panic!("visit ADDRESS PATH COMPRESSED MANNER NUMBER SECONDS, not {words:?}");
    };
    let builder = reqwest::Client::builder();
    let client = match compressed.as_str() {
        "true" => builder,
        _ => builder.no_gzip().no_brotli(),
    };
    let client = client.build().expect("a client");
    let urls: Vec<_> = path.split(' ').map(|path| format!("http://{address}{path}")).collect();
    let urls: &'static [String] = urls.leak();
    let how_many: u32 = how_many.parse().expect("a number");
    let lasts = Duration::from_secs(seconds.parse().expect("seconds"));
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let lines = runtime.block_on(async {
        match manner.as_str() {
            "open" => open(&client, urls, how_many, lasts).await,
            _ => closed(&client, urls, how_many, lasts).await,
        }
    });
    println!("{}", lines.join("\n"));
}

async fn open(
    client: &reqwest::Client,
    urls: &'static [String],
    rate: u32,
    lasts: Duration,
) -> Vec<String> {
    let mut answers = JoinSet::new();
    let begun = Instant::now();
    for n in 0..rate * lasts.as_secs() as u32 {
        let due = begun + Duration::from_secs(1) * n / rate;
        sleep_until(due.into()).await;
        answers.spawn(ask(client.clone(), &urls[n as usize % urls.len()], due));
    }
    answers.join_all().await
}

async fn closed(
    client: &reqwest::Client,
    urls: &'static [String],
    clients: u32,
    lasts: Duration,
) -> Vec<String> {
    let end = Instant::now() + lasts;
    // On one thread, so that the next one is taken in between.
    let next = Rc::new(Cell::new(0));
    let visitor = |client: reqwest::Client, next: Rc<Cell<usize>>| async move {
        let mut lines = Vec::new();
        while Instant::now() < end {
            let url = &urls[next.get() % urls.len()];
            next.set(next.get() + 1);
            lines.push(ask(client.clone(), url, Instant::now()).await);
        }
        lines
    };
    join_all((0..clients).map(|_| visitor(client.clone(), next.clone()))).await.concat()
}

async fn ask(client: reqwest::Client, url: &str, due: Instant) -> String {
    let answered = async {
        let answer = client.get(url).send().await?.error_for_status()?;
        answer.bytes().await
    };
    match answered.await {
        Ok(_) => due.elapsed().as_nanos().to_string(),
        Err(error) => format!("{error:?}"),
    }
}
