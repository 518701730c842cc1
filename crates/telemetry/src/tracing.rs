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

/// The crates whose spans are exported: all whose name begins so.
const CRATES: &str = "sectorwatch";

/// How long the last spans may take to leave.
const FLUSH_LIMIT: Duration = Duration::from_secs(2);

/// Libraries that speak only when asked by name. The exporter would report every failed batch for
/// as long as no collector answers, and its own requests would be logged about.
const QUIET: [(&str, &str); 9] = [
    ("opentelemetry_sdk", "off"),
    ("opentelemetry-otlp", "off"),
    ("opentelemetry", "off"),
    ("hyper", "warn"),
    ("reqwest", "warn"),
    ("h2", "warn"),
    // Anybody can send what is no request: `web` counts it, and logs it once a minute.
    ("actix_http", "off"),
    // Its start is told by us, and PostgreSQL's notices tell nothing that is to be done.
    ("actix_server", "warn"),
    ("tokio_postgres", "warn"),
];

/// Why logs or spans cannot be set up, or the last spans did not leave.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is not one.
    #[error("the log filter cannot be understood")]
    Filter(#[source] ParseError),
    /// The exporter could not be built.
    #[error("the exporter of spans cannot be built")]
    Exporter(#[source] opentelemetry_otlp::ExporterBuildError),
    /// A subscriber is already there.
    #[error("logging was already set up")]
    Subscriber(#[source] TryInitError),
    /// Spans were left behind.
    #[error("the last spans were not exported")]
    Flush(#[source] OTelSdkError),
}

impl TelemetryError {
    /// The one word for logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Filter(_) => "filter",
            Self::Exporter(_) => "exporter",
            Self::Subscriber(_) => "subscriber",
            Self::Flush(_) => "flush",
        }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// One short line, in colour, for people.
    Compact,
    /// One JSON object a line, for machines.
    Json,
}

/// Holds the exporter of spans until the end of the process.
#[derive(Debug)]
#[must_use = "spans are lost unless it is shut down"]
pub struct TracingGuard {
    provider: Option<SdkTracerProvider>,
}

impl TracingGuard {
    /// Exports what is left. Blocks for at most 2 s, also when the collector never answers: from
    /// async code, call it in `spawn_blocking`.
    ///
    /// # Errors
    ///
    /// When spans were left behind.
    pub fn shutdown(self) -> Result<(), TelemetryError> {
        match self.provider {
            Some(provider) => {
                provider.shutdown_with_timeout(FLUSH_LIMIT).map_err(TelemetryError::Flush)
            }
            None => Ok(()),
        }
    }
}

/// Sets up logs on standard error (compact on a terminal, else JSON) and, with an endpoint, the
/// export of this crate's spans. May be called inside or outside of async code.
///
/// # Errors
///
/// When the filter is not one, the exporter cannot be built, or it was called before.
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

/// Identity of the trace that a span belongs to; `None` when spans are not exported.
pub fn trace_id(span: &tracing::Span) -> Option<String> {
    let context = span.context();
    let span = context.span();
    let context = span.span_context();
    context.is_valid().then(|| context.trace_id().to_string())
}

/// The operator's directives, and those that keep libraries quiet unless he named them.
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
    // Each layer has its own filter: a quiet log must not silence the spans.
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
