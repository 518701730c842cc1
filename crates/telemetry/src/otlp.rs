//! The exporter of spans: OTLP over HTTP, in batches, from its own thread.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use url::Url;

/// The limit of one export.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(3);

/// Creates a provider that sends spans to the collector at `endpoint`.
///
/// Ending a span never waits: the queue is bounded and drops what does not fit. The delay between batches is
/// OpenTelemetry's 5 s, or `OTEL_BSP_SCHEDULE_DELAY`. The HTTP client must be the blocking one, because the
/// exporting thread has no reactor. It is created in its own thread, so that this may be called inside a
/// runtime.
pub(super) fn provider(
    endpoint: &Url,
    instance: &str,
) -> Result<SdkTracerProvider, ExporterBuildError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(traces_url(endpoint))
        .with_timeout(EXPORT_TIMEOUT)
        .build()?;
    let resource = Resource::builder()
        .with_service_name("sectorwatch")
        .with_attribute(KeyValue::new("service.instance.id", instance.to_owned()))
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// The setting is the base URL for all signals. Traces have a path below it.
fn traces_url(endpoint: &Url) -> String {
    let mut url = endpoint.clone();
    url.set_path(&format!("{}/v1/traces", url.path().trim_end_matches('/')));
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appends_the_path_of_traces_to_the_base_url() {
        let cases = [
            ("http://c:4318", "http://c:4318/v1/traces"),
            ("http://c:4318/", "http://c:4318/v1/traces"),
            ("https://c/otlp/?k=v", "https://c/otlp/v1/traces?k=v"),
        ];
        for (base, expected) in cases {
            assert_eq!(traces_url(&Url::parse(base).unwrap()), expected);
        }
    }
}
