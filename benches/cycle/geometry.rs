//! The search for the sectors that contain a point, which the filter does for every pilot.

use std::{f64::consts::TAU, hint::black_box, time::Instant};

use geo::Coord;
use sectorwatch_core::{
    airspace::{Airspace, Sector, Volume},
    geometry::{Polygon, Ring},
};

use crate::figures::{Times, ms, row, table};

const SECTORS: usize = 20;
const VERTICES: usize = 300;
const POINTS: usize = 2_000;
const REPETITIONS: usize = 101;

/// Searches for 2,000 points in 20 sectors of 300 vertices each.
pub fn run() {
    let airspace = Airspace::new(Vec::new(), sectors(), "bench".to_owned(), false);
    let points: Vec<(f64, f64)> = (0..POINTS)
        .map(|i| {
            let (row, column) = (i / 50, i % 50);
            (-44.0 + 0.85 * row as f64, 112.0 + 0.84 * column as f64)
        })
        .collect();
    let mut times = Times::default();
    let mut inside = 0;
    for _ in 0..REPETITIONS {
        let begun = Instant::now();
        inside = points
            .iter()
            .filter(|(latitude, longitude)| {
                let sector = airspace.primary_sector(*latitude, *longitude, 30_000, Some(1013));
                black_box(sector).is_some()
            })
            .count();
        times.push(begun.elapsed());
    }
    let heading = format!("{POINTS} points, {SECTORS} sectors of {VERTICES} vertices");
    table(&heading, &["primary sector of all", "of one point", "inside a sector"]);
    let one_ns = times.median_ms() * 1e6 / POINTS as f64;
    row([ms(times.median_ms()), format!("{one_ns:.0} ns"), inside.to_string()]);
}

/// Stars in five columns and four rows, which overlap a little.
fn sectors() -> Vec<Sector> {
    let sector = |i: usize| {
        let (latitude, longitude) = (-40.0 + 8.0 * (i / 5) as f64, 116.0 + 8.4 * (i % 5) as f64);
        let vertex = |k: usize| {
            let angle = TAU * k as f64 / VERTICES as f64;
            let radius = 4.4 + 0.2 * (angle * 17.0).sin();
            Coord { x: longitude + radius * angle.cos(), y: latitude + radius * angle.sin() }
        };
        let exterior = Ring::new((0..VERTICES).map(vertex).collect()).expect("a ring");
        Sector {
            id: format!("S{i:02}").into(),
            name: String::new(),
            volumes: vec![Volume {
                polygons: vec![Polygon { exterior, holes: Vec::new() }],
                ..Volume::default()
            }],
            ..Sector::default()
        }
    };
    (0..SECTORS).map(sector).collect()
}
