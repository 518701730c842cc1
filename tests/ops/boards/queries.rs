//! A panel's question as Grafana asks it, and the answer as Grafana shows it.

use serde_json::Value;

use super::source::Query;

/// What Grafana makes of `$__rate_interval` when a scrape and a point are each a second.
const RATE_INTERVAL: &str = "4s";

/// The expression as Grafana sends it when everything is chosen.
pub fn chosen(expr: &str) -> String {
    of_instance(expr, ".+")
}

/// The expression as Grafana sends it when this instance is chosen.
pub fn of_instance(expr: &str, instance: &str) -> String {
    let expr = expr.replace("$__rate_interval", RATE_INTERVAL).replace("$instance", instance);
    ["$job", "$owner"].iter().fold(expr, |expr, name| expr.replace(name, ".+"))
}

/// The numbers of a series, of one moment or of many.
pub fn points(series: &Value) -> Vec<f64> {
    let number = |pair: &Value| pair[1].as_str().and_then(|value| value.parse::<f64>().ok());
    let many = series["values"].as_array().into_iter().flatten();
    let all = many.chain([&series["value"]]).filter_map(number);
    all.filter(|number| number.is_finite()).collect()
}

/// What Grafana writes beside a series.
pub fn legend(query: &Query, series: &Value) -> String {
    let labels = series["metric"].as_object().into_iter().flatten();
    labels.fold(query.legend.clone(), |legend, (label, value)| {
        legend.replace(&format!("{{{{{label}}}}}"), value.as_str().unwrap_or_default())
    })
}
