//! The metrics are a contract: `catalogue` has what must exist, `docs/metrics.md` what exists.
//!
//! `SECTORWATCH_WRITE_DOCS=1` rewrites `docs/metrics.md` instead of comparing it.

mod catalogue;
mod life;
mod page;
mod refusals;
mod rounds;

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::json;

use crate::support::{
    documents::{Controller, Feed, Pilot},
    feed_server::FeedServer,
    postgres::Database,
    scratch,
    service::{PATIENCE, Service, Setup},
};
use catalogue::CATALOGUE;
use page::{Family, families};

/// The limit for one instance with 40 sectors. A route has 26 series.
const MOST_SERIES: usize = 3400;

pub fn scrape(service: &Service) -> String {
    service.get("/metrics").text()
}

pub fn fresh(sectors: Option<usize>) -> (Database, FeedServer, Setup) {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let setup = Setup::serve(&database, &feed);
    let setup = match sectors {
        Some(count) => setup.env("SECTORWATCH_AIRSPACE", &grid(count)),
        None => setup,
    };
    (database, feed, setup)
}

/// An airspace of this many adjacent sectors.
fn grid(count: usize) -> String {
    let sector = |i: usize| {
        let (west, east) = (100.0 + 0.1 * i as f64, 100.1 + 0.1 * i as f64);
        let ring = [[west, -30.0], [east, -30.0], [east, -20.0], [west, -20.0], [west, -30.0]];
        let callsigns = [format!("S{i:03}_CTR")];
        json!({"type": "Feature",
            "properties": {"role": "sector", "id": format!("S{i:03}"), "callsigns": callsigns},
            "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let features: Vec<_> = (0..count).map(sector).collect();
    let file = scratch::dir("airspace").join("grid.geojson");
    let collection = json!({"type": "FeatureCollection", "features": features});
    fs::write(&file, collection.to_string()).expect("write the airspace");
    file.to_str().expect("UTF-8").to_owned()
}

#[test]
fn the_families_are_those_of_the_catalogue_and_the_document_says_so() {
    let (_database, _feed, setup) = fresh(None);
    let page = scrape(&setup.start());
    let found = families(&page);

    let names: BTreeSet<_> = found.iter().map(|family| family.name.as_str()).collect();
    let wanted = CATALOGUE.iter().flat_map(|(_, families)| *families);
    let all: BTreeSet<_> = wanted.clone().map(|(name, ..)| *name).collect();
    assert_eq!(names, all, "exactly the families of the catalogue");
    for (name, kind, labels) in wanted {
        let family = found.iter().find(|family| family.name == *name);
        let family = family.expect("compared above");
        assert_eq!(family.kind, *kind, "{name}");
        assert_eq!(family.labels(), *labels, "{name}");
        assert!(!family.help.is_empty(), "{name}");
    }

    let document = document(&found);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    if std::env::var_os("SECTORWATCH_WRITE_DOCS").is_some() {
        fs::write(&path, &document).expect("write docs/metrics.md");
    }
    let written = fs::read_to_string(&path).expect("docs/metrics.md");
    assert!(
        written == document,
        "docs/metrics.md is not what a scrape says; run this test with SECTORWATCH_WRITE_DOCS=1"
    );
}

/// The catalogue as a scrape with the built-in airspace shows it.
fn document(found: &[Family]) -> String {
    let mut text = include_str!("metrics/preamble.md").to_owned();
    for (group, members) in CATALOGUE {
        text.push_str(&format!(
            "\n## {group}\n\n| metric | type | labels | help |\n|---|---|---|---|\n"
        ));
        for (name, ..) in *members {
            let family = found.iter().find(|family| family.name == *name);
            text.push_str(&family.expect("compared before").row());
        }
    }
    text
}

#[test]
fn every_label_set_exists_at_zero_before_anything_happens() {
    let (_database, feed, setup) = fresh(None);
    let mut service = setup.start();
    let answer = service.get("/metrics");
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let first = answer.text();
    for name in catalogue::STILL {
        let family = families(&first);
        let family = family.iter().find(|family| family.name == *name);
        let family = family.unwrap_or_else(|| panic!("no {name}"));
        assert!(family.is_zero(), "{name} moved before its time:\n{first}");
    }

    life::lead(&mut service, setup.address(), &feed);
    let later = scrape(&service);
    let (before, after) = (series(&first), series(&later));
    let born: Vec<_> = after.difference(&before).collect();
    assert!(born.is_empty(), "born late: {born:#?}");
    let gone: Vec<_> = before.difference(&after).collect();
    assert!(gone.is_empty(), "gone: {gone:#?}");
    for name in catalogue::MOVED {
        let families = families(&later);
        let family = families.iter().find(|family| family.name == *name);
        assert!(!family.expect("a family").is_zero(), "{name} never counted");
    }
}

fn series(page: &str) -> BTreeSet<&str> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| Some(line.rsplit_once(' ')?.0)).collect()
}

#[test]
fn promtool_finds_nothing_to_complain_about() {
    let (_database, feed, setup) = fresh(None);
    feed.publish(&Feed::second(0).pilot(Pilot::new("QFA1", 1).inside("SYD")));
    let mut service = setup.start();
    service.wait_until("a snapshot", PATIENCE, |service| service.cycles_of("success") > 0);
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool, which scripts/need.sh promtool installs");
    let mut stdin = promtool.stdin.take().expect("piped");
    stdin.write_all(scrape(&service).as_bytes()).expect("promtool reads");
    drop(stdin);
    let checked = promtool.wait_with_output().expect("promtool ends");
    let said = [checked.stdout, checked.stderr].concat();
    assert!(checked.status.success() && said.is_empty(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn forty_sectors_stay_within_the_budget_and_too_many_collapse() {
    let (_database, _feed, setup) = fresh(Some(40));
    let page = scrape(&setup.start());
    let count = series(&page).len();
    assert!(count <= MOST_SERIES, "{count} series");
    assert!(page.contains(&format!("\nsectorwatch_metrics_series {count}\n")), "{count} series");
    let by_sector = |page: &str| {
        let families = families(page);
        ["sectorwatch_sector_occupancy_aircraft", "sectorwatch_sector_staffed"].map(|name| {
            let family = families.iter().find(|family| family.name == name);
            family.expect("the family").children.len()
        })
    };
    assert_eq!(by_sector(&page), [40, 40]);

    let (_database, feed, setup) = fresh(Some(201));
    let mut service = setup.start();
    let page = scrape(&service);
    assert!(page.contains("sectorwatch_sector_occupancy_aircraft{sector=\"other\"} 0\n"));
    assert!(page.contains("sectorwatch_sector_staffed{sector=\"other\"} 0\n"));
    assert_eq!(by_sector(&page), [1, 1]);
    let on_line = |number| Controller::new(&format!("S{number:03}_CTR"), 1 + number);
    service.take(&feed, &Feed::second(15).controller(on_line(7)).controller(on_line(200)));
    assert_eq!(service.metric("sectorwatch_sector_staffed{sector=\"other\"}"), 2.0);
}
