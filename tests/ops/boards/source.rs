//! The source format of a board: rows of panels, each of which answers one question.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A file of `dashboards/grafana/panels`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Must not change, because it is part of the address in links, alerts and bookmarks.
    pub uid: String,
    pub title: String,
    pub description: String,
    /// The initial time range, for example `now-6h`.
    pub range: String,
    /// The interval of the auto-refresh.
    pub refresh: String,
    /// What answers the board's queries.
    #[serde(default)]
    pub source: Source,
    /// Whether the reader can select owners.
    #[serde(default)]
    pub by_owner: bool,
    /// What else the reader can select.
    #[serde(default, rename = "variable")]
    pub variables: Vec<Variable>,
    /// Texts that several queries contain, by name: `@name` in a query stands for the text.
    #[serde(default)]
    pub parts: BTreeMap<String, String>,
    /// From top to bottom. The first row is open, and the others are folded.
    #[serde(rename = "row")]
    pub rows: Vec<Row>,
}

/// What answers the queries of a board.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    #[default]
    Prometheus,
    /// The service's own database.
    Postgresql,
}

impl Source {
    /// Grafana's name of the plugin.
    pub fn plugin(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Postgresql => "grafana-postgresql-datasource",
        }
    }

    /// The variable with which the reader selects the data source. The names differ, because links
    /// between boards keep what was selected.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Prometheus => "datasource",
            Self::Postgresql => "database",
        }
    }
}

/// Something that the reader can select, of which everything is selected at first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub name: String,
    pub label: String,
    /// The query that returns the choices.
    pub query: String,
}

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
    /// Must never change or be used for another panel, because links contain it.
    pub id: u32,
    /// Unique on its board, because alerts refer to it.
    pub title: String,
    /// The panel's description: its question, and how to interpret the answer.
    pub asks: String,
    pub draw: Draw,
    /// Grafana's name of the unit: s, bytes, percentunit, short (a count), …
    pub unit: Option<String>,
    /// The width in columns, of which there are 24, and the height.
    pub size: [u32; 2],
    /// The minimum and the maximum of the axis.
    pub bounds: Option<[f64; 2]>,
    /// Colours, each with the value from which it applies.
    #[serde(default)]
    pub steps: Vec<Step>,
    #[serde(default)]
    pub scale: Scale,
    /// The minimum interval between two points.
    pub interval: Option<String>,
    /// Units of single columns of a table, by their names.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    #[serde(default)]
    pub queries: Vec<Query>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Draw {
    /// A number.
    Stat,
    Gauge,
    /// A bar for each series, with its current value.
    Bars,
    Lines,
    /// Areas on top of each other.
    Stacked,
    /// A column for each interval. The columns of several series are on top of each other, as
    /// counts need it.
    Columns,
    Heatmap,
    /// A line for each series, which is coloured while its value is 1.
    States,
    /// A cell for each series and interval, coloured by its value.
    History,
    /// A row for each label set, and a column for each query.
    Table,
    /// The list of alerts, which has no queries.
    Alerts,
}

impl Draw {
    /// Whether the panel shows only the current values.
    pub fn is_of_now(self) -> bool {
        matches!(self, Self::Stat | Self::Gauge | Self::Bars | Self::Table)
    }
}

/// A colour that always applies, or applies from a value on.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Step {
    Always([String; 1]),
    From(String, f64),
}

/// The scale of the axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    #[default]
    Linear,
    Log,
}

/// A query for one series, or for several that differ in their labels.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// PromQL, in which `$S` stands for the matchers of job and instance, and `$O` for these and the
    /// owner. On a board of the database, SQL.
    pub expr: String,
    /// May contain `{{label}}`. A panel with a single number needs no legend.
    #[serde(default)]
    pub legend: String,
    /// Set if the query is drawn differently from the rest of its panel.
    #[serde(rename = "as")]
    pub drawn_as: Option<DrawnAs>,
    /// Set if it differs from the panel's unit. The axis is then on the right.
    pub unit: Option<String>,
}

/// How a query is drawn differently from the rest of its panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DrawnAs {
    /// A dashed line with which the others are compared.
    Limit,
    Columns,
}

impl Query {
    /// The expression for Prometheus, in which Grafana's variables are not yet replaced.
    pub fn promql(&self) -> String {
        const INSTANCES: &str = r#"job=~"$job",instance=~"$instance""#;
        let owners = format!(r#"{INSTANCES},owner=~"$owner""#);
        self.expr.replace("$S", INSTANCES).replace("$O", &owners)
    }
}

impl Board {
    /// The SQL of a query, in which Grafana's variables and macros are not yet replaced.
    pub fn sql(&self, query: &Query) -> String {
        let parts = self.parts.iter();
        let sql = parts.fold(query.expr.clone(), |sql, (name, text)| {
            sql.replace(&format!("@{name}"), text.trim())
        });
        sql.trim().to_owned()
    }
}
