//! A board as Grafana's JSON: its frame, variables, links and annotations, and the positions of its
//! panels.

use serde_json::{Value, json};

use super::{
    draw,
    source::{Board, Row, Source},
};

/// The version that Grafana 12 writes. Newer versions of Grafana convert it when they read it.
const SCHEMA_VERSION: u32 = 41;
const COLUMNS: u32 = 24;

/// The data source that the reader selects.
pub fn data_source(source: Source) -> Value {
    json!({"type": source.plugin(), "uid": format!("${}", source.variable())})
}

/// The whole document. `all` are the boards to which it links.
pub fn board(board: &Board, all: &[Board]) -> Value {
    let others = all.iter().filter(|other| other.uid != board.uid);
    json!({
        "uid": board.uid,
        "title": board.title,
        "description": board.description,
        "tags": ["sectorwatch"],
        "editable": false,
        "graphTooltip": 1,
        "schemaVersion": SCHEMA_VERSION,
        "refresh": board.refresh,
        "time": {"from": board.range, "to": "now"},
        "timezone": "browser",
        "links": others.map(link).collect::<Vec<_>>(),
        "templating": {"list": variables(board)},
        "annotations": {"list": annotations(board)},
        "panels": panels(board),
    })
}

fn link(to: &Board) -> Value {
    json!({
        "type": "link", "url": format!("/d/{}", to.uid), "title": to.title, "tooltip": to.description,
        "icon": "dashboard", "tags": [], "asDropdown": false, "targetBlank": false,
        "includeVars": true, "keepTime": true,
    })
}

fn variables(board: &Board) -> Vec<Value> {
    let (name, label) = match board.source {
        Source::Prometheus => ("datasource", "Data source"),
        Source::Postgresql => ("database", "Database"),
    };
    let source =
        json!({"name": name, "label": label, "type": "datasource", "query": board.source.plugin()});
    let mut list = vec![source];
    match board.source {
        Source::Prometheus => list.extend(targets(board)),
        Source::Postgresql => list.extend(board.variables.iter().map(|choice| {
            variable(board.source, &choice.name, &choice.label, json!(choice.query.trim()))
        })),
    }
    list
}

/// What is scraped, from which the reader of a board of Prometheus selects.
fn targets(board: &Board) -> Vec<Value> {
    let among = |name: &str, label: &str, query: &str| {
        let mut variable =
            variable(board.source, name, label, json!({"query": query, "refId": name}));
        variable["allValue"] = json!(".+");
        variable
    };
    let mut list = vec![
        among("job", "Job", "label_values(sectorwatch_build_info, job)"),
        among(
            "instance",
            "Instance",
            r#"label_values(sectorwatch_build_info{job=~"$job"}, instance)"#,
        ),
    ];
    if board.by_owner {
        let query = r#"label_values(sectorwatch_db_queries_total{job=~"$job",instance=~"$instance"}, owner)"#;
        list.push(among("owner", "Owner", query));
    }
    list
}

fn variable(source: Source, name: &str, label: &str, query: Value) -> Value {
    json!({
        "name": name, "label": label, "type": "query", "datasource": data_source(source),
        "query": query,
        // Loaded again for each time range, because an instance of last week may be gone.
        "refresh": 2, "sort": 1,
        "multi": true, "includeAll": true,
        "current": {"text": ["All"], "value": ["$__all"]},
    })
}

/// The restarts. A board of the database has none: they are not stored there.
fn annotations(board: &Board) -> Vec<Value> {
    if board.source == Source::Postgresql {
        return Vec::new();
    }
    let ours = |name: &str, colour: &str, text: &str, expr: &str| {
        json!({
            "name": name, "iconColor": colour, "enable": true,
            "datasource": data_source(board.source),
            "titleFormat": name, "textFormat": text,
            "target": {"refId": "Anno", "expr": expr, "range": true},
        })
    };
    let mut start = ours(
        "Process started",
        "blue",
        "{{instance}}",
        r#"process_start_time_seconds{job=~"$job",instance=~"$instance"} * 1000"#,
    );
    // Marks the time of the start itself, not that of the first scrape after it.
    start["useValueForTime"] = json!(true);
    let restart = ours(
        "Poller restarted",
        "orange",
        "{{instance}}: {{reason}}",
        r#"increase(sectorwatch_poller_restarts_total{job=~"$job",instance=~"$instance"}[$__rate_interval]) > 0"#,
    );
    vec![start, restart]
}

/// Rows and panels with their positions. A folded row contains its panels.
fn panels(board: &Board) -> Vec<Value> {
    let mut list = Vec::new();
    let mut y = 0;
    for (index, row) in board.rows.iter().enumerate() {
        let is_folded = index > 0;
        let place = json!({"x": 0, "y": y, "w": COLUMNS, "h": 1});
        y += 1;
        let mut placed = place_panels(board, row, &mut y);
        let inner = if is_folded { std::mem::take(&mut placed) } else { Vec::new() };
        list.push(json!({
            "type": "row", "id": row_id(row), "title": row.title, "gridPos": place,
            "collapsed": is_folded, "panels": inner,
        }));
        list.append(&mut placed);
    }
    list
}

/// The id of a row is a multiple of 100. Its panels are numbered from there.
fn row_id(row: &Row) -> u32 {
    row.panels[0].id / 100 * 100
}

fn place_panels(board: &Board, row: &Row, y: &mut u32) -> Vec<Value> {
    let (mut x, mut line_height) = (0, 0);
    let mut placed = Vec::new();
    for panel in &row.panels {
        let [width, height] = panel.size;
        if x + width > COLUMNS {
            *y += line_height;
            (x, line_height) = (0, 0);
        }
        let mut drawn = draw::panel(board, panel);
        drawn["gridPos"] = json!({"x": x, "y": *y, "w": width, "h": height});
        placed.push(drawn);
        x += width;
        line_height = line_height.max(height);
    }
    *y += line_height;
    placed
}
