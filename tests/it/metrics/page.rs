//! Parses a scrape into families.

use std::collections::{BTreeMap, BTreeSet};

/// One family as it was scraped.
#[derive(Debug, Default)]
pub struct Family {
    pub name: String,
    pub kind: String,
    pub help: String,
    /// The label sets, each with the sum of its values; `le` is no label.
    pub children: BTreeMap<Vec<(String, String)>, f64>,
}

/// Labels with values of this build or of the airspace.
const OPEN_LABELS: [&str; 6] =
    ["version", "revision", "rustc", "airspace_revision", "sector", "token"];

/// All families, in the order of the page.
pub fn families(page: &str) -> Vec<Family> {
    let mut families: Vec<Family> = Vec::new();
    for line in page.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            let (name, help) = help.split_once(' ').expect("a help text");
            families.push(Family {
                name: name.to_owned(),
                help: help.to_owned(),
                ..Family::default()
            });
            continue;
        }
        let family = families.last_mut().expect("help comes first");
        if let Some(kind) = line.strip_prefix("# TYPE ") {
            family.kind = kind.split_once(' ').expect("a type").1.to_owned();
        } else {
            let (series, value) = line.rsplit_once(' ').expect("a value");
            let value: f64 = value.parse().expect("a number");
            *family.children.entry(labels(series)).or_default() += value;
        }
    }
    families
}

/// No value contains a comma or a quote here.
fn labels(series: &str) -> Vec<(String, String)> {
    let Some((_, labels)) = series.split_once('{') else {
        return Vec::new();
    };
    let labels = labels.strip_suffix('}').expect("a closed set");
    let pairs = labels.split("\",").filter_map(|pair| {
        let (name, value) = pair.split_once("=\"")?;
        Some((name.to_owned(), value.trim_end_matches('"').to_owned()))
    });
    pairs.filter(|(name, _)| name != "le").collect()
}

impl Family {
    /// Names of the labels, by alphabet.
    pub fn labels(&self) -> Vec<&str> {
        let names = self.children.keys().flatten().map(|(name, _)| name.as_str());
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Whether nothing has been counted yet.
    pub fn is_zero(&self) -> bool {
        self.children.values().all(|value| *value == 0.0)
    }

    /// A row of the document.
    pub fn row(&self) -> String {
        let labels: Vec<_> = self.labels().into_iter().map(|name| self.label(name)).collect();
        let labels = match labels.is_empty() {
            true => "–".to_owned(),
            false => labels.join("<br>"),
        };
        let Self { name, kind, help, .. } = self;
        format!("| `{name}` | {kind} | {labels} | {help} |\n")
    }

    fn label(&self, label: &str) -> String {
        if OPEN_LABELS.contains(&label) {
            return format!("`{label}`");
        }
        let pairs = self.children.keys().flatten();
        let values = pairs.filter(|(name, _)| name == label).map(|(_, value)| value.as_str());
        let values: BTreeSet<_> = values.collect();
        let values: Vec<_> = values.into_iter().collect();
        format!("`{label}`: {}", values.join(", "))
    }
}
