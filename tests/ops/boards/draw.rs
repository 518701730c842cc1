//! One panel as Grafana's JSON: its queries, and the options of its kind.

use serde_json::{Value, json};

use super::{
    render::data_source,
    source::{Board, Draw, DrawnAs, Panel, Query, Scale, Source, Step},
};

/// The panel without its position.
pub fn panel(board: &Board, panel: &Panel) -> Value {
    let mut drawn = json!({
        "id": panel.id,
        "type": kind(panel.draw),
        "title": panel.title,
        "description": panel.asks,
        "options": options(panel),
    });
    if panel.draw == Draw::Alerts {
        return drawn;
    }
    drawn["datasource"] = data_source(board.source);
    let targets = panel.queries.iter().enumerate().map(|(index, query)| match board.source {
        Source::Prometheus => target(panel, index, query),
        Source::Postgresql => sql_target(board, panel, index, query),
    });
    drawn["targets"] = targets.collect();
    drawn["fieldConfig"] = json!({"defaults": defaults(panel), "overrides": overrides(panel)});
    if let Some(interval) = &panel.interval {
        drawn["interval"] = json!(interval);
    }
    if panel.draw == Draw::Table && board.source == Source::Prometheus {
        drawn["transformations"] = transformations(panel);
    }
    drawn
}

fn kind(draw: Draw) -> &'static str {
    match draw {
        Draw::Stat => "stat",
        Draw::Gauge => "gauge",
        Draw::Bars => "bargauge",
        Draw::Lines | Draw::Stacked | Draw::Columns => "timeseries",
        Draw::Heatmap => "heatmap",
        Draw::States => "state-timeline",
        Draw::History => "status-history",
        Draw::Table => "table",
        Draw::Alerts => "alertlist",
    }
}

/// The letter by which Grafana refers to a query of a panel.
fn letter(index: usize) -> String {
    char::from(b"ABCDEFGHIJ"[index]).to_string()
}

fn target(panel: &Panel, index: usize, query: &Query) -> Value {
    let format = match panel.draw {
        Draw::Table => "table",
        Draw::Heatmap => "heatmap",
        _ => "time_series",
    };
    let is_of_now = panel.draw.is_of_now();
    json!({
        "refId": letter(index), "datasource": data_source(Source::Prometheus), "expr": query.promql(),
        "legendFormat": query.legend, "format": format, "editorMode": "code",
        "instant": is_of_now, "range": !is_of_now,
    })
}

/// A query of the database. Of rows with a time, Grafana makes a series for each text beside it.
fn sql_target(board: &Board, panel: &Panel, index: usize, query: &Query) -> Value {
    json!({
        "refId": letter(index), "datasource": data_source(board.source), "rawSql": board.sql(query),
        "format": if panel.draw.is_of_now() { "table" } else { "time_series" },
        "editorMode": "code", "rawQuery": true,
    })
}

fn defaults(panel: &Panel) -> Value {
    let mut defaults = json!({
        "unit": panel.unit,
        "color": {"mode": colours(panel)},
        "thresholds": {"mode": "absolute", "steps": steps(panel)},
        "custom": custom(panel),
    });
    if let Some([min, max]) = panel.bounds {
        defaults["min"] = json!(min);
        defaults["max"] = json!(max);
    }
    defaults
}

fn colours(panel: &Panel) -> &'static str {
    match panel.draw {
        Draw::Lines | Draw::Stacked | Draw::Columns => "palette-classic",
        Draw::Bars if panel.steps.is_empty() => "continuous-BlPu",
        Draw::History => "continuous-BlPu",
        _ => "thresholds",
    }
}

fn steps(panel: &Panel) -> Vec<Value> {
    let step = |step: &Step| match step {
        Step::Always([colour]) => json!({"color": colour, "value": null}),
        Step::From(colour, value) => json!({"color": colour, "value": value}),
    };
    match (panel.draw, panel.steps.is_empty()) {
        (Draw::States, _) => vec![
            json!({"color": "transparent", "value": null}),
            json!({"color": "green", "value": 1}),
        ],
        (_, true) => vec![json!({"color": "text", "value": null})],
        _ => panel.steps.iter().map(step).collect(),
    }
}

/// The options that exist only for this kind of panel.
fn custom(panel: &Panel) -> Value {
    let (style, fill, stacking) = match panel.draw {
        Draw::Lines => ("line", 0, "none"),
        Draw::Stacked => ("line", 40, "normal"),
        Draw::Columns => ("bars", 80, "normal"),
        Draw::States | Draw::History => return json!({"fillOpacity": 80, "lineWidth": 0}),
        _ => return json!({}),
    };
    let scale = match panel.scale {
        Scale::Linear => json!({"type": "linear"}),
        Scale::Log => json!({"type": "log", "log": 10}),
    };
    let mut custom = json!({
        "drawStyle": style, "lineWidth": 1, "fillOpacity": fill, "showPoints": "never",
        "stacking": {"mode": stacking, "group": "A"}, "scaleDistribution": scale,
    });
    if panel.scale == Scale::Linear {
        custom["axisSoftMin"] = json!(0);
    }
    custom
}

/// The options that differ for single queries.
fn overrides(panel: &Panel) -> Vec<Value> {
    let of = |(index, query): (usize, &Query)| {
        let mut properties = Vec::new();
        let mut set = |id: &str, value: Value| properties.push(json!({"id": id, "value": value}));
        match query.drawn_as {
            Some(DrawnAs::Limit) => {
                set("custom.lineStyle", json!({"fill": "dash", "dash": [8, 8]}));
                set("custom.fillOpacity", json!(0));
                set("custom.stacking", json!({"mode": "none", "group": "A"}));
            }
            Some(DrawnAs::Columns) => {
                set("custom.drawStyle", json!("bars"));
                set("custom.fillOpacity", json!(40));
            }
            None => {}
        }
        let matcher = match panel.draw {
            Draw::Table => json!({"id": "byName", "options": query.legend}),
            _ => json!({"id": "byFrameRefID", "options": letter(index)}),
        };
        if let Some(unit) = &query.unit {
            set("unit", json!(unit));
            if panel.draw != Draw::Table {
                set("custom.axisPlacement", json!("right"));
            }
        }
        (!properties.is_empty()).then(|| json!({"matcher": matcher, "properties": properties}))
    };
    let of_columns = panel.columns.iter().map(|(name, unit)| {
        let unit = json!({"id": "unit", "value": unit});
        json!({"matcher": {"id": "byName", "options": name}, "properties": [unit]})
    });
    panel.queries.iter().enumerate().filter_map(of).chain(of_columns).collect()
}

/// Makes one row per label set. The columns are named after the legends.
fn transformations(panel: &Panel) -> Value {
    let mut names = json!({});
    for (index, query) in panel.queries.iter().enumerate() {
        let column = match panel.queries.len() {
            1 => "Value".to_owned(),
            _ => format!("Value #{}", letter(index)),
        };
        names[column] = json!(query.legend);
    }
    let hidden = json!({"Time": true, "__name__": true, "job": true});
    json!([
        {"id": "merge", "options": {}},
        {"id": "organize", "options": {"excludeByName": hidden, "renameByName": names}},
    ])
}

/// Only a wide panel has room for a table beside its graph.
fn legend(panel: &Panel) -> Value {
    match panel.size[0] >= 12 {
        true => json!({"displayMode": "table", "placement": "right", "showLegend": true,
            "calcs": ["lastNotNull", "max"]}),
        false => {
            json!({"displayMode": "list", "placement": "bottom", "showLegend": true, "calcs": []})
        }
    }
}

fn options(panel: &Panel) -> Value {
    let now = json!({"calcs": ["lastNotNull"], "fields": "", "values": false});
    match panel.draw {
        Draw::Stat => json!({
            "reduceOptions": now, "orientation": "auto", "colorMode": "value", "graphMode": "none",
            "justifyMode": "auto", "textMode": "auto", "wideLayout": true,
        }),
        Draw::Gauge => {
            json!({"reduceOptions": now, "orientation": "auto", "showThresholdMarkers": true})
        }
        Draw::Bars => json!({
            "reduceOptions": now, "orientation": "horizontal", "displayMode": "gradient",
            "valueMode": "color", "showUnfilled": true,
        }),
        Draw::Lines | Draw::Stacked | Draw::Columns => json!({
            "legend": legend(panel),
            "tooltip": {"mode": "multi", "sort": "desc", "hideZeros": true},
        }),
        Draw::Heatmap => json!({
            "calculate": false, "cellGap": 1, "showValue": "never", "legend": {"show": true},
            "color": {"mode": "scheme", "scheme": "Blues", "exponent": 0.5, "steps": 64,
                "fill": "blue", "reverse": false, "scale": "exponential"},
            "exemplars": {"color": "rgba(255,0,255,0.7)"},
            "filterValues": {"le": 1e-9},
            "rowsFrame": {"layout": "auto"},
            "tooltip": {"mode": "single", "yHistogram": true},
            "yAxis": {"unit": panel.unit, "axisPlacement": "left", "reverse": false},
        }),
        Draw::States | Draw::History => json!({
            "rowHeight": 0.9, "showValue": "never",
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": false, "calcs": []},
            "tooltip": {"mode": "single", "sort": "none"},
        }),
        Draw::Table => {
            let legend = &panel.queries[0].legend;
            let busiest = json!({"displayName": legend, "desc": true});
            // Rows without a legend are sorted by their query.
            let order = if legend.is_empty() { json!([]) } else { json!([busiest]) };
            json!({"showHeader": true, "cellHeight": "sm", "sortBy": order})
        }
        Draw::Alerts => json!({
            "viewMode": "list", "groupMode": "default", "groupBy": [], "maxItems": 40, "sortOrder": 3,
            "alertName": "", "alertInstanceLabelFilter": "", "dashboardAlerts": false,
            "stateFilter": {"firing": true, "pending": true, "error": true, "noData": false,
                "normal": false},
        }),
    }
}
