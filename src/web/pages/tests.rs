//! Pages of made-up answers: each value is that of the answer at its place, and what is missing is said.

mod figures;
mod sample;

use super::{airport, controllers, coverage, flight, sector, sectors};
use figures::figures;
use sample::{at, reach, view};

#[test]
fn each_figure_of_the_sectors_is_that_of_its_answer() {
    let shown = sample::sectors();
    let html = sectors::page(&shown, &view("UTC"), reach()).into_string();
    let answers = [
        &[sample::list(&shown.rows)][..],
        &shown.loads.iter().map(sample::one).collect::<Vec<_>>(),
    ];
    let found = figures(&html, &answers.concat());
    assert!(found > 40, "{found}");
    for link in ["/sectors/S%2F1?", "cursor=next", "href=\"/sectors?span=7d\""] {
        assert!(html.contains(link), "{link}");
    }
    assert!(html.contains("href=\"/api/v1/sectors?limit=20&amp;cursor=this\""), "{html:.900}");
    let occupancy = "/api/v1/sectors/S%2F1/occupancy?from=2026-07-01T00:00:00Z&amp;to=2026-07-02T00:00:00Z&amp;step=15m";
    assert_eq!(
        html.matches(occupancy).count(),
        4,
        "head, section, and the foot's link with its text"
    );
}

#[test]
fn each_figure_of_a_sector_is_that_of_its_answer() {
    let shown = sample::sector();
    let html = sector::page(&shown, &view("UTC"), reach()).into_string();
    let answers = [sample::one(&shown.row), sample::one(&shown.load), sample::list(&shown.visits)];
    assert!(figures(&html, &answers) > 60);
    assert!(
        html.contains("<svg class=\"plot wide\"") && html.contains("<svg class=\"plot narrow\"")
    );
}

#[test]
fn each_figure_of_a_flight_is_that_of_its_answer() {
    let shown = sample::flight();
    let html = flight::page(&shown, &view("UTC"), Some(at("2026-07-02T00:00:00Z"))).into_string();
    let answers = [
        sample::one(&shown.flight),
        sample::one(&shown.track),
        sample::list(&shown.visits),
        sample::list(&shown.contacts),
    ];
    assert!(figures(&html, &answers) > 30);
    assert!(!html.contains("cid") && !html.contains("1234567"), "no page has a member of VATSIM");
    for part in ["class=\"flown\"", "Altitude over time", "Groundspeed over time", "/airports/YSSY"]
    {
        assert!(html.contains(part), "{part}");
    }
    assert!(html.contains("have been deleted"), "positions before the first partition are gone");
}

#[test]
fn each_figure_of_controllers_airports_and_coverage_is_that_of_its_answer() {
    let shown = sample::controllers();
    let html = controllers::page(&shown, &view("UTC"), reach()).into_string();
    let found = figures(&html, &[sample::list(&shown.sessions), sample::list(&shown.hours)]);
    assert!(found >= 13 && !html.contains("cid"), "{found}");
    let shown = sample::airport();
    let html = airport::page(&shown, &view("UTC"), reach()).into_string();
    assert!(figures(&html, &[sample::list(&shown.movements)]) >= 9);
    assert!(html.contains("data-count=\"/data\">2<"), "two take-offs in an hour");
    let shown = sample::coverage();
    let html = coverage::page(&shown, &view("Australia/Sydney"), reach()).into_string();
    let answers = [&shown.hours, &shown.sectors, &shown.facilities].map(sample::one);
    assert!(figures(&html, &answers) >= 13);
    assert!(html.contains("by=weekday_hour&amp;tz=Australia%2FSydney"), "{html:.900}");
}

#[test]
fn times_are_those_of_the_time_zone_and_the_answer_has_utc() {
    let shown = sample::sector();
    let html = sector::page(&shown, &view("Australia/Sydney"), reach()).into_string();
    let time = "datetime=\"2026-07-01T12:00:00Z\">2026-07-01 22:00:00</time>";
    assert!(html.contains(time), "{html}");
    assert!(html.contains("Times are of Australia/Sydney."));
}

#[test]
fn what_is_not_stored_is_said_and_not_drawn() {
    let mut shown = sample::sector();
    let [empty, young] = [
        super::notes::Reach { begins: None, mark: None, ..reach() },
        super::notes::Reach { begins: Some(at("2026-07-01T06:00:00Z")), ..reach() },
    ];
    let html = sector::page(&shown, &view("UTC"), young).into_string();
    assert!(html.contains("What is stored begins at 2026-07-01 06:00"), "{html}");
    assert!(!html.contains("data-leaf=\"/data/steps/0/"), "a step before the begin has no figures");
    assert!(html.contains("data-leaf=\"/data/steps/24/from\""));
    (shown.load.steps, shown.visits) = (Vec::new(), Vec::new());
    let html = sector::page(&shown, &view("UTC"), empty).into_string();
    for said in [
        "Nothing is stored yet",
        "Nothing is stored of this span.",
        "No visit of this span is stored.",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert!(!html.contains("=\"var(--link)\""), "no line is drawn");
    let mut shown = sample::flight();
    (shown.track.points, shown.visits, shown.contacts) = (Vec::new(), Vec::new(), Vec::new());
    let html = flight::page(&shown, &view("UTC"), None).into_string();
    for said in [
        "None of its positions is stored any more.",
        "It was in no sector",
        "Nothing is stored of its radio.",
    ] {
        assert!(html.contains(said), "{said}");
    }
    assert!(!html.contains("<svg"));
}
