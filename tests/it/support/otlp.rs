//! A collector of OpenTelemetry spans on loopback.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message as _;

/// The collector. It runs until the test process ends.
pub struct Collector {
    endpoint: String,
    spans: Arc<Mutex<Vec<Span>>>,
}

impl Collector {
    /// Starts a collector that answers at once.
    pub fn start() -> Self {
        Self::new(true)
    }

    /// Starts a collector that accepts requests and never answers.
    pub fn silent() -> Self {
        Self::new(false)
    }

    fn new(answers: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("its address");
        let spans = Arc::new(Mutex::new(Vec::new()));
        let sink = spans.clone();
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let sink = sink.clone();
                thread::spawn(move || serve(connection, answers, &sink));
            }
        });
        Self { endpoint: format!("http://{address}"), spans }
    }

    /// The URL for `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub fn spans(&self) -> Vec<Span> {
        self.spans.lock().expect("no panic in here").clone()
    }
}

/// The value of an attribute as text.
pub fn attribute(span: &Span, key: &str) -> Option<String> {
    let attribute = span.attributes.iter().find(|one| one.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

fn serve(connection: TcpStream, answers: bool, spans: &Mutex<Vec<Span>>) -> Option<()> {
    let mut reader = BufReader::new(connection);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let request = ExportTraceServiceRequest::decode(body.as_slice()).ok()?;
        let scopes = request.resource_spans.into_iter();
        let sent = scopes
            .flat_map(|of_resource| of_resource.scope_spans)
            .flat_map(|of_scope| of_scope.spans);
        spans.lock().ok()?.extend(sent);
        if answers {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            reader.get_mut().write_all(answer).ok()?;
        }
    }
}
