//! Logs as they are written, and spans as a collector receives them.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Instant,
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message as _;
use tracing::subscriber::with_default;

use super::*;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what is logged in `format` with `log_filter` while `work` runs.
fn logged(log_filter: &str, format: Format, work: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let filter = filter(log_filter).unwrap();
    let subscriber = subscriber(filter, format, move || writer.clone(), None);
    with_default(subscriber, work);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_json_line_has_fields_spans_target_and_time() {
    let line = logged("info", Format::Json, || {
        let _cycle = tracing::info_span!("cycle", update_timestamp = "t1").entered();
        let _phase = tracing::info_span!("flights", rows = 3).entered();
        tracing::info!(written = 7, "stored");
    });
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["message"], "stored");
    assert_eq!(line["written"], 7);
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["target"], module_path!());
    assert_eq!(line["spans"][0]["name"], "cycle");
    assert_eq!(line["spans"][0]["update_timestamp"], "t1");
    assert_eq!(line["spans"][1]["rows"], 3);
    let time = line["timestamp"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(time).is_ok(), "{time}");
}

#[test]
fn a_compact_line_is_one_line() {
    let text = logged("info", Format::Compact, || {
        tracing::info!(written = 7, "stored");
    });
    assert_eq!(text.lines().count(), 1);
    assert!(text.contains("stored"), "{text}");
}

#[test]
fn libraries_are_quiet_unless_named() {
    let cases = [
        ("debug", "opentelemetry_sdk", false),
        ("debug", "opentelemetry-otlp", false),
        ("debug", "hyper_util::client", false),
        ("debug,hyper=debug", "hyper_util::client", true),
        ("opentelemetry_sdk=warn", "opentelemetry_sdk", true),
        ("trace,h2[stream]=info", "reqwest::connect", false),
        ("debug", "sectorwatch::poller", true),
        ("warn", "actix_server", true),
    ];
    for (log_filter, target, is_heard) in cases {
        let text = logged(log_filter, Format::Json, || match target {
            "opentelemetry_sdk" => tracing::warn!(target: "opentelemetry_sdk", "x"),
            "opentelemetry-otlp" => tracing::warn!(target: "opentelemetry-otlp", "x"),
            "hyper_util::client" => tracing::debug!(target: "hyper_util::client", "x"),
            "reqwest::connect" => tracing::info!(target: "reqwest::connect", "x"),
            "actix_server" => tracing::warn!(target: "actix_server", "x"),
            _ => tracing::debug!(target: "sectorwatch::poller", "x"),
        });
        assert_eq!(!text.is_empty(), is_heard, "{log_filter}: {target}");
    }
    assert_eq!(filter("=loud=").unwrap_err().kind(), "filter");
}

/// A collector on loopback, and the content of each request to it. Without `answers` it never answers.
fn collector(answers: bool) -> (Url, Receiver<(String, ExportTraceServiceRequest)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let sender = sender.clone();
            thread::spawn(move || serve(stream, answers, &sender));
        }
    });
    (endpoint.parse().unwrap(), receiver)
}

fn serve(stream: TcpStream, answers: bool, sender: &Sender<(String, ExportTraceServiceRequest)>) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.is_empty() {
                break;
            }
            head.push(line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let request = ExportTraceServiceRequest::decode(body.as_slice()).unwrap();
        let _ = sender.send((head.remove(0), request));
        if answers {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            reader.get_mut().write_all(answer).unwrap();
        }
    }
}

fn a_cycle() {
    let _cycle = tracing::info_span!("cycle", flights = 35).entered();
    for phase in ["collect", "flights", "sectors"] {
        let _phase = tracing::info_span!("phase", otel.name = phase, rows = 7).entered();
        tracing::debug_span!("statement").in_scope(|| ());
        tracing::info_span!(target: "hyper::client", "request").in_scope(|| ());
    }
}

fn exporting(endpoint: &Url) -> (impl Subscriber + Send + Sync, TracingGuard) {
    let provider = otlp::provider(endpoint, "tower-1").unwrap();
    // A silent log must not silence the spans.
    let filter = filter("off").unwrap();
    let subscriber = subscriber(filter, Format::Json, io::sink, Some(&provider));
    let provider = Some(provider);
    (subscriber, TracingGuard { provider })
}

#[test]
fn a_collector_gets_a_cycle_with_its_phases() {
    let (endpoint, requests) = collector(true);
    let (subscriber, guard) = exporting(&endpoint);
    with_default(subscriber, a_cycle);
    guard.shutdown().unwrap();

    let (line, request) = requests.recv_timeout(Duration::from_secs(1)).unwrap();
    assert_eq!(line, "post /v1/traces http/1.1");
    let sent = &request.resource_spans[0];
    let resource = &sent.resource.as_ref().unwrap().attributes;
    let of_resource = |key: &str| {
        let attribute = resource.iter().find(|attribute| attribute.key == key);
        match attribute?.value.as_ref()?.value.as_ref()? {
            Value::StringValue(text) => Some(text.as_str()),
            _ => None,
        }
    };
    assert_eq!(of_resource("service.name"), Some("sectorwatch"));
    assert_eq!(of_resource("service.instance.id"), Some("tower-1"));
    assert_eq!(of_resource("service.version"), Some(env!("CARGO_PKG_VERSION")));

    let spans: Vec<&Span> = sent.scope_spans.iter().flat_map(|scope| &scope.spans).collect();
    let mut names: Vec<_> = spans.iter().map(|span| span.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["collect", "cycle", "flights", "sectors"]);
    let cycle = spans.iter().find(|span| span.name == "cycle").unwrap();
    assert!(cycle.parent_span_id.is_empty());
    for phase in spans.iter().filter(|span| span.name != "cycle") {
        assert_eq!(phase.parent_span_id, cycle.span_id, "{}", phase.name);
        assert_eq!(phase.trace_id, cycle.trace_id, "{}", phase.name);
        let rows = phase.attributes.iter().find(|attribute| attribute.key == "rows");
        let rows = rows.unwrap().value.as_ref().unwrap().value.as_ref();
        assert_eq!(rows, Some(&Value::IntValue(7)), "{}", phase.name);
    }
}

#[test]
fn a_collector_that_never_answers_slows_nothing_down() {
    let (endpoint, requests) = collector(false);
    let (subscriber, guard) = exporting(&endpoint);
    let dispatch = tracing::Dispatch::new(subscriber);
    let begun = Instant::now();
    let mut slowest = Duration::ZERO;
    tracing::dispatcher::with_default(&dispatch, || {
        for _ in 0..5_000 {
            let begun = Instant::now();
            a_cycle();
            slowest = slowest.max(begun.elapsed());
        }
    });
    // One export waits for 3 s, and 20,000 spans are forty batches.
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    requests.recv_timeout(Duration::from_secs(5)).expect("an export is under way");

    let begun = Instant::now();
    assert_eq!(guard.shutdown().unwrap_err().kind(), "flush");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn works_inside_a_runtime() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (endpoint, requests) = collector(true);
    runtime.block_on(async {
        let (subscriber, guard) = exporting(&endpoint);
        with_default(subscriber, a_cycle);
        tokio::task::spawn_blocking(|| guard.shutdown()).await.unwrap().unwrap();
    });
    assert!(requests.try_recv().is_ok());
}
