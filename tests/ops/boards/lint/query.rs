//! Rules for each expression, including those of annotations.

use serde_json::Value;

use super::{panels, text};
use crate::promql::{Selector, selectors};

/// All selectors of all expressions to which a rule objects.
fn series(board: &Value, objects: impl Fn(&Selector<'_>, &Value) -> bool) -> Vec<String> {
    let of_panels = panels(board).into_iter().flat_map(|panel| {
        let targets = panel["targets"].as_array().into_iter().flatten();
        targets.map(move |target| (panel, target))
    });
    let annotations = board["annotations"]["list"].as_array().into_iter().flatten();
    let of_annotations = annotations.map(|annotation| (annotation, &annotation["target"]));
    let mut objections = Vec::new();
    for (owner, target) in of_panels.chain(of_annotations) {
        let expr = text(target, "expr");
        let found = selectors(expr);
        if found.is_empty() || found.iter().any(|selector| objects(selector, owner)) {
            objections.push(format!("{}{}: {expr}", owner["title"], owner["name"]));
        }
    }
    objections
}

pub fn is_of_the_job(board: &Value) -> Vec<String> {
    series(board, |selector, _| !selector.matchers.contains(r#"job=~"$job""#))
}

pub fn is_of_the_instances(board: &Value) -> Vec<String> {
    series(board, |selector, _| !selector.matchers.contains(r#"instance=~"$instance""#))
}

/// A fixed range is empty if scrapes are far apart, and otherwise hides what happens between two
/// points.
pub fn rates_follow_the_interval(board: &Value) -> Vec<String> {
    series(board, |selector, _| {
        let function = selector.within.last().copied().unwrap_or_default();
        matches!(function, "rate" | "irate") && selector.range != Some("$__rate_interval")
    })
}

/// The absolute value of a counter mostly depends on when its process started.
pub fn counters_are_not_shown_bare(board: &Value) -> Vec<String> {
    series(board, |selector, _| {
        let function = selector.within.last().copied().unwrap_or_default();
        selector.name.ends_with("_total") && !matches!(function, "rate" | "irate" | "increase")
    })
}

/// A heatmap is the exception, because it draws the buckets.
pub fn buckets_become_quantiles(board: &Value) -> Vec<String> {
    series(board, |selector, owner| {
        selector.name.ends_with("_bucket")
            && !selector.within.contains(&"histogram_quantile")
            && owner["type"] != "heatmap"
    })
}
