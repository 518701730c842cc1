//! Logs and spans: one subscriber for the process, with an optional exporter of spans.

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use opentelemetry::trace::{TraceContextExt as _, TracerProvider as _};
use opentelemetry_sdk::{error::OTelSdkError, trace::SdkTracerProvider};
use tracing::{Level, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{ParseError, Targets},
    fmt::{self, MakeWriter},
    layer::SubscriberExt as _,
    registry::LookupSpan,
    util::{SubscriberInitExt as _, TryInitError},
};
use url::Url;

use super::otlp;

/// The prefix of the crates with exported spans.
const CRATES: &str = "sectorwatch";

/// The limit for sending the last spans.
const FLUSH_LIMIT: Duration = Duration::from_secs(2);

/// Libraries that log only when the filter names them. The exporter would report every failed batch while no
/// collector answers, and its own requests would be logged.
const QUIET: [(&str, &str); 9] = [
    ("opentelemetry_sdk", "off"),
    ("opentelemetry-otlp", "off"),
    ("opentelemetry", "off"),
    ("hyper", "warn"),
    ("reqwest", "warn"),
    ("h2", "warn"),
    // Any client can send bytes that are no request. `web` counts them, and logs them once a minute.
    ("actix_http", "off"),
    // The service logs its start itself, and PostgreSQL's notices require no action.
    ("actix_server", "warn"),
    ("tokio_postgres", "warn"),
];

/// Why logs or spans cannot be set up, or the last spans were not sent.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be parsed.
    #[error("the log filter cannot be understood")]
    Filter(#[source] ParseError),
    /// The exporter could not be created.
    #[error("the exporter of spans cannot be built")]
    Exporter(#[source] opentelemetry_otlp::ExporterBuildError),
    /// A subscriber is already installed.
    #[error("logging was already set up")]
    Subscriber(#[source] TryInitError),
    /// Spans were not sent.
    #[error("the last spans were not exported")]
    Flush(#[source] OTelSdkError),
}

impl TelemetryError {
    /// The cause, for logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Filter(_) => "filter",
            Self::Exporter(_) => "exporter",
            Self::Subscriber(_) => "subscriber",
            Self::Flush(_) => "flush",
        }
    }
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// One short line in colour, for people.
    Compact,
    /// One JSON object per line, for machines.
    Json,
}

/// Keeps the exporter of spans until the end of the process.
#[derive(Debug)]
#[must_use = "spans are lost unless it is shut down"]
pub struct TracingGuard {
    provider: Option<SdkTracerProvider>,
}

impl TracingGuard {
    /// Sends the remaining spans. Blocks for at most 2 s, even when the collector never answers. In async
    /// code, call it in `spawn_blocking`.
    ///
    /// # Errors
    ///
    /// Some spans were not sent.
    pub fn shutdown(self) -> Result<(), TelemetryError> {
        match self.provider {
            Some(provider) => {
                provider.shutdown_with_timeout(FLUSH_LIMIT).map_err(TelemetryError::Flush)
            }
            None => Ok(()),
        }
    }
}

/// Sets up logs on standard error (compact on a terminal, otherwise JSON) and, with an endpoint, the export
/// of spans. May be called inside or outside of async code.
///
/// # Errors
///
/// The filter cannot be parsed, the exporter cannot be created, or this was called before.
pub fn init(
    log_filter: &str,
    otlp_endpoint: Option<&Url>,
    instance: &str,
) -> Result<TracingGuard, TelemetryError> {
    let format = if io::stderr().is_terminal() { Format::Compact } else { Format::Json };
    let filter = filter(log_filter)?;
    let provider = otlp_endpoint.map(|endpoint| otlp::provider(endpoint, instance));
    let provider = provider.transpose().map_err(TelemetryError::Exporter)?;
    subscriber(filter, format, io::stderr, provider.as_ref())
        .try_init()
        .map_err(TelemetryError::Subscriber)?;
    Ok(TracingGuard { provider })
}

/// The id of the trace that a span belongs to; `None` when spans are not exported.
pub fn trace_id(span: &tracing::Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let context = span.span_context();
    context.is_valid().then(|| context.trace_id().to_string())
}

/// The operator's directives, and those that silence libraries unless the operator named them.
fn filter(log_filter: &str) -> Result<EnvFilter, TelemetryError> {
    let mut directives = log_filter.to_owned();
    for (target, level) in QUIET {
        let mut named = log_filter.split(',').map(|directive| {
            let end = directive.find(['=', '[']).unwrap_or(directive.len());
            directive[..end].trim()
        });
        if !named.any(|name| name == target) {
            directives.push_str(&format!(",{target}={level}"));
        }
    }
    EnvFilter::try_new(directives).map_err(TelemetryError::Filter)
}

fn subscriber<W>(
    filter: EnvFilter,
    format: Format,
    writer: W,
    provider: Option<&SdkTracerProvider>,
) -> impl Subscriber + Send + Sync + use<W>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    // Each layer has its own filter, so that a quiet log does not silence the spans.
    let spans = provider.map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer(CRATES))
            .with_threads(false)
            .with_filter(Targets::new().with_target(CRATES, Level::INFO))
    });
    tracing_subscriber::registry().with(log(format, writer).with_filter(filter)).with(spans)
}

fn log<S, W>(format: Format, writer: W) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let lines = fmt::layer().with_writer(writer);
    match format {
        Format::Compact => lines.compact().boxed(),
        Format::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
    }
}

#[cfg(test)]
mod tests;
