//! How a board is written down: rows of panels, each with the one question that it answers.

use serde::Deserialize;

/// A file of `dashboards/grafana/panels`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Part of its address: links, alerts and bookmarks hold it.
    pub uid: String,
    pub title: String,
    pub description: String,
    /// Shown at first, for example `now-6h`.
    pub range: String,
    /// How often it is drawn anew.
    pub refresh: String,
    /// Whether it can be narrowed to some owners.
    #[serde(default)]
    pub by_owner: bool,
    /// From the top; the first is open, the others are folded.
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
}

/// Panels that belong together.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub title: String,
    /// From left to right, line by line.
    #[serde(rename = "panel")]
    pub panels: Vec<Panel>,
}

/// One question and its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Never changed, and never given to another panel: links hold it.
    pub id: u32,
    /// One of its kind on its board: alerts name it.
    pub title: String,
    /// The question, and what to make of the answer: its description.
    pub asks: String,
    pub draw: Draw,
    /// As Grafana calls it: s, bytes, percentunit, short (a count), …
    pub unit: Option<String>,
    /// Width (of 24) and height.
    pub size: [u32; 2],
    /// The least and the greatest value of the axis.
    pub bounds: Option<[f64; 2]>,
    /// Colours, each from its value on.
    #[serde(default)]
    pub steps: Vec<Step>,
    #[serde(default)]
    pub scale: Scale,
    /// The least distance of two points.
    pub interval: Option<String>,
    #[serde(default)]
    pub queries: Vec<Query>,
}

/// How a panel is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Draw {
    /// The figure itself.
    Stat,
    Gauge,
    /// A bar for each series, of now.
    Bars,
    Lines,
    /// Areas on top of each other.
    Stacked,
    /// A column for each interval, on top of each other: for counts.
    Columns,
    Heatmap,
    /// A line for each series, coloured while it is 1.
    States,
    /// A field for each series and interval, coloured by value.
    History,
    /// A line for each label set, a column for each query.
    Table,
    /// The list of alerts; it has no queries.
    Alerts,
}

impl Draw {
    /// Whether it shows one moment, not a range.
    pub fn is_of_now(self) -> bool {
        matches!(self, Self::Stat | Self::Gauge | Self::Bars | Self::Table)
    }
}

/// A colour that holds always, or from a value on.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Step {
    Always([String; 1]),
    From(String, f64),
}

/// Of the axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    #[default]
    Linear,
    Log,
}

/// A series, or several that differ in their labels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// PromQL, where `$S` stands for the matchers of job and instance, `$O` for these and the owner.
    pub expr: String,
    /// With `{{label}}`; a panel of one figure needs none.
    #[serde(default)]
    pub legend: String,
    /// Where it is drawn unlike the rest of its panel.
    #[serde(rename = "as")]
    pub drawn_as: Option<DrawnAs>,
    /// Where it differs from the panel's; then its axis is on the right.
    pub unit: Option<String>,
}

/// How a query is drawn that is unlike the rest of its panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DrawnAs {
    /// A dashed line that the others are compared with.
    Limit,
    Columns,
}

impl Query {
    /// What Prometheus is asked, with Grafana's variables still in it.
    pub fn promql(&self) -> String {
        const INSTANCES: &str = r#"job=~"$job",instance=~"$instance""#;
        let owners = format!(r#"{INSTANCES},owner=~"$owner""#);
        self.expr.replace("$S", INSTANCES).replace("$O", &owners)
    }
}
