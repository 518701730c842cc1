//! A panel's query as Grafana sends it, and its result as Grafana shows it.

use serde_json::Value;

use super::source::Query;

/// The value of `$__rate_interval` in Grafana if scrapes and points are one second apart.
const RATE_INTERVAL: &str = "4s";

/// The expression that Grafana sends if everything is selected.
pub fn chosen(expr: &str) -> String {
    of_instance(expr, ".+")
}

/// The expression that Grafana sends if this instance is selected.
pub fn of_instance(expr: &str, instance: &str) -> String {
    let expr = expr.replace("$__rate_interval", RATE_INTERVAL).replace("$instance", instance);
    ["$job", "$owner"].iter().fold(expr, |expr, name| expr.replace(name, ".+"))
}

/// The finite numbers of a series, from an instant query or a range query.
pub fn points(series: &Value) -> Vec<f64> {
    let number = |pair: &Value| pair[1].as_str().and_then(|value| value.parse::<f64>().ok());
    let many = series["values"].as_array().into_iter().flatten();
    let all = many.chain([&series["value"]]).filter_map(number);
    all.filter(|number| number.is_finite()).collect()
}

/// The legend that Grafana shows for a series.
pub fn legend(query: &Query, series: &Value) -> String {
    let labels = series["metric"].as_object().into_iter().flatten();
    labels.fold(query.legend.clone(), |legend, (label, value)| {
        legend.replace(&format!("{{{{{label}}}}}"), value.as_str().unwrap_or_default())
    })
}
