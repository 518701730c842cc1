//! A board as Grafana's JSON: its frame, variables, links and annotations, and the positions of its
//! panels.

use serde_json::{Value, json};

use super::{
    draw,
    source::{Board, Row},
};

/// The version that Grafana 12 writes. Newer versions of Grafana convert it when they read it.
const SCHEMA_VERSION: u32 = 41;
const COLUMNS: u32 = 24;

/// The data source that the reader selects.
pub fn data_source() -> Value {
    json!({"type": "prometheus", "uid": "$datasource"})
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
        "annotations": {"list": annotations()},
        "panels": panels(&board.rows),
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
    let mut list = vec![
        json!({"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}),
        variable("job", "Job", "label_values(sectorwatch_build_info, job)"),
        variable(
            "instance",
            "Instance",
            r#"label_values(sectorwatch_build_info{job=~"$job"}, instance)"#,
        ),
    ];
    if board.by_owner {
        let query = r#"label_values(sectorwatch_db_queries_total{job=~"$job",instance=~"$instance"}, owner)"#;
        list.push(variable("owner", "Owner", query));
    }
    list
}

fn variable(name: &str, label: &str, query: &str) -> Value {
    json!({
        "name": name, "label": label, "type": "query", "datasource": data_source(),
        "query": {"query": query, "refId": name},
        // Loaded again for each time range, because an instance of last week may be gone.
        "refresh": 2, "sort": 1,
        "multi": true, "includeAll": true, "allValue": ".+",
        "current": {"text": ["All"], "value": ["$__all"]},
    })
}

fn annotations() -> Vec<Value> {
    let ours = |name: &str, colour: &str, text: &str, expr: &str| {
        json!({
            "name": name, "iconColor": colour, "enable": true, "datasource": data_source(),
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
fn panels(rows: &[Row]) -> Vec<Value> {
    let mut list = Vec::new();
    let mut y = 0;
    for (index, row) in rows.iter().enumerate() {
        let is_folded = index > 0;
        let place = json!({"x": 0, "y": y, "w": COLUMNS, "h": 1});
        y += 1;
        let mut placed = place_panels(row, &mut y);
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

fn place_panels(row: &Row, y: &mut u32) -> Vec<Value> {
    let (mut x, mut line_height) = (0, 0);
    let mut placed = Vec::new();
    for panel in &row.panels {
        let [width, height] = panel.size;
        if x + width > COLUMNS {
            *y += line_height;
            (x, line_height) = (0, 0);
        }
        let mut drawn = draw::panel(panel);
        drawn["gridPos"] = json!({"x": x, "y": *y, "w": width, "h": height});
        placed.push(drawn);
        x += width;
        line_height = line_height.max(height);
    }
    *y += line_height;
    placed
}
