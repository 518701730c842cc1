//! A look-up of a point beside one that `rstar` and `geo` alone could do.

use std::{hint::black_box, time::Instant};

use geo::{Contains as _, Coord, LineString, Point, Polygon};
use rstar::{
    RTree,
    primitives::{GeomWithData, Rectangle},
};
use sectorwatch_core::airspace::Airspace;

use crate::figures::{Times, ms, ratio, row, table};

const REPETITIONS: usize = 101;

/// Boxes in an `RTree`, each with its sector's rank and shape.
type Peer = RTree<GeomWithData<Rectangle<[f64; 2]>, (usize, Polygon)>>;

/// The whole world's sectors where they are beside the project, and the built-in ones.
pub fn run() {
    let built_in = sectorwatch_airspace::load(&[]).expect("the built-in airspace").0;
    let mut airspaces = vec![("built-in", built_in)];
    let boundaries = crate::samples::folder().map(|it| it.join("vatspy-boundaries.geojson"));
    airspaces.extend(boundaries.and_then(|file| Some(("VAT-Spy", imported(&file)?))));
    table(
        "The recorded sector of 2,000 points, at one altitude",
        &["airspace", "/ `rstar` + `geo`", "sectorwatch", "`rstar` + `geo`", "inside"],
    );
    for (name, airspace) in airspaces {
        compare(name, &airspace);
    }
}

fn imported(file: &std::path::Path) -> Option<Airspace> {
    use sectorwatch_airspace::import::{Options, Source, import};
    let sources = Source::read(&[file.to_owned()]).ok()?;
    let imported = import(&sources, &Options::default()).ok()?;
    Some(sectorwatch_airspace::parse(&imported.text).ok()?.0)
}

fn compare(name: &str, airspace: &Airspace) {
    let peer = peer(airspace);
    let points: Vec<(f64, f64)> = (0..2_000)
        .map(|i| (-60.0 + 3.1 * f64::from(i / 50), -179.0 + 7.1 * f64::from(i % 50)))
        .collect();
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    let mut inside = (0, 0);
    for _ in 0..REPETITIONS {
        let begun = Instant::now();
        let found = points.iter().filter(|(latitude, longitude)| {
            black_box(airspace.locate(*latitude, *longitude, 30_000, Some(1013))).1.is_some()
        });
        inside.0 = found.count();
        ours.push(begun.elapsed());
        let begun = Instant::now();
        let found = points.iter().filter(|point| black_box(of_peer(&peer, point)).is_some());
        inside.1 = found.count();
        theirs.push(begun.elapsed());
    }
    row([
        name.to_owned(),
        ratio(ours.ratio_to(&theirs)),
        ms(ours.median_ms()),
        ms(theirs.median_ms()),
        format!("{}, {}", inside.0, inside.1),
    ]);
}

/// All polygons that reach 30,000 ft, by the rank of their sectors.
fn peer(airspace: &Airspace) -> Peer {
    let level = airspace.level(30_000, Some(1013));
    let line = |vertices: &[Coord]| LineString::new(vertices.to_vec());
    let sectors = airspace.smallest_first().enumerate();
    let polygons = sectors.flat_map(|(rank, sector)| {
        let volumes = sector.volumes.iter().filter(|volume| volume.holds(level, 0.0));
        volumes.flat_map(|volume| &volume.polygons).map(move |polygon| {
            let holes = polygon.holes.iter().map(|hole| line(hole.vertices())).collect();
            let shape = Polygon::new(line(polygon.exterior.vertices()), holes);
            let bounds = polygon.exterior.bounds();
            let [least, most] = [bounds.min(), bounds.max()].map(|it| [it.x, it.y]);
            GeomWithData::new(Rectangle::from_corners(least, most), (rank, shape))
        })
    });
    RTree::bulk_load(polygons.collect())
}

fn of_peer(peer: &Peer, (latitude, longitude): &(f64, f64)) -> Option<usize> {
    let point = Point::new(*longitude, *latitude);
    let around = peer.locate_all_at_point(&[*longitude, *latitude]);
    around.filter(|it| it.data.1.contains(&point)).map(|it| it.data.0).min()
}
