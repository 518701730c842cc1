//! Grafana's boards. Their source is `dashboards/grafana/panels/*.toml`. Grafana reads the
//! generated files `dashboards/grafana/*.json`.

mod contract;
mod database;
mod draw;
mod lint;
mod live;
mod provisioning;
pub mod queries;
mod render;
mod schema;
mod source;

use serde_json::Value;

use crate::files;
use source::{Board, Panel, Source};

/// The directory of Grafana's files.
const HOME: &str = "dashboards/grafana";
/// The names of the boards' source files.
const BOARDS: [&str; 4] = ["pool", "data", "traffic", "division"];

/// All boards, as their sources describe them.
fn boards() -> Vec<Board> {
    let read = |name: &str| {
        let path = format!("{HOME}/panels/{name}.toml");
        toml::from_str(&files::read(&path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    BOARDS.into_iter().map(read).collect()
}

/// The boards whose queries Prometheus answers.
fn boards_of_prometheus() -> Vec<Board> {
    let mut boards = boards();
    boards.retain(|board| board.source == Source::Prometheus);
    boards
}

/// The panel with this title.
pub fn panel(title: &str) -> Option<Panel> {
    let boards = boards().into_iter();
    let mut panels = boards.flat_map(|board| board.rows).flat_map(|row| row.panels);
    panels.find(|panel| panel.title == title)
}

/// All boards, as Grafana reads them.
fn rendered() -> Vec<Value> {
    let boards = boards();
    boards.iter().map(|board| render::board(board, &boards)).collect()
}

#[test]
fn the_json_is_what_the_source_says() {
    for board in rendered() {
        let uid = board["uid"].as_str().expect("a uid");
        files::assert_generated(&format!("{HOME}/{uid}.json"), &format!("{board:#}\n"));
    }
}
