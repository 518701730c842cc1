use std::io::BufReader;

use chrono::TimeDelta;
use quick_xml::{Reader, events::Event};
use serde_json::json;

use super::*;
use sectorwatch_core::Time;
use sectorwatch_store::api::TrackPoint;

fn track(places: &[(f64, f64)]) -> Track {
    let point = |(number, (longitude, latitude)): (usize, &(f64, f64))| TrackPoint {
        observed_at: Time::UNIX_EPOCH + TimeDelta::seconds(10 * number as i64),
        latitude: *latitude,
        longitude: *longitude,
        altitude: 1_000 * (number as i32 + 1),
        groundspeed: None,
        heading: None,
        qnh_mb: None,
        transponder: None,
    };
    let points = places.iter().enumerate().map(point).collect();
    Track { flight_id: 7, positions_since: None, points }
}

#[test]
fn a_track_is_a_line_with_heights_in_metres_and_times() {
    let feature = geojson::feature("QFA12", &track(&[(150.0, -33.0), (151.5, -34.25)]));
    assert_eq!(
        feature,
        json!({
            "type": "Feature",
            "id": 7,
            "geometry": {
                "type": "LineString",
                "coordinates": [[150.0, -33.0, 304.8], [151.5, -34.25, 609.6]],
            },
            "properties": {
                "flight_id": 7,
                "callsign": "QFA12",
                "positions_since": null,
                "coordinateProperties": {
                    "times": ["1970-01-01T00:00:00Z", "1970-01-01T00:00:10Z"],
                },
            },
        })
    );
}

#[test]
fn a_track_of_less_than_two_points_is_no_line() {
    let geometry = |track: &Track| geojson::feature("A", track)["geometry"].clone();
    assert_eq!(geometry(&track(&[])), json!(null));
    let point = json!({"type": "Point", "coordinates": [1.0, 2.0, 304.8]});
    assert_eq!(geometry(&track(&[(1.0, 2.0)])), point);
}

#[test]
fn a_track_across_180_degrees_is_cut_there() {
    let feature = geojson::feature("A", &track(&[(178.0, 10.0), (-178.0, 20.0), (179.0, 20.0)]));
    assert_eq!(
        feature["geometry"],
        json!({
            "type": "MultiLineString",
            "coordinates": [
                [[178.0, 10.0, 304.8], [180.0, 15.0, 457.2]],
                [[-180.0, 15.0, 457.2], [-178.0, 20.0, 609.6], [-180.0, 20.0, 812.8]],
                [[180.0, 20.0, 812.8], [179.0, 20.0, 914.4]],
            ],
        })
    );
    let times = &feature["properties"]["coordinateProperties"]["times"];
    assert_eq!(times[0], json!(["1970-01-01T00:00:00Z", "1970-01-01T00:00:05Z"]));
    assert_eq!(times[1][2], json!("1970-01-01T00:00:16.666666Z"));
    // Half the globe is no crossing, and neither is a place on the meridian itself.
    for places in [[(-90.0, 0.0), (90.0, 0.0)], [(179.0, 0.0), (180.0, 0.0)]] {
        let feature = geojson::feature("A", &track(&places));
        assert_eq!(feature["geometry"]["type"], "LineString", "{places:?}");
    }
    let on_it = geojson::feature("A", &track(&[(180.0, 0.0), (-180.0, 0.0)]));
    assert_eq!(on_it["geometry"]["type"], "MultiLineString");
}

/// The texts of the elements of this name, and the attributes of them, as a reader of XML finds them.
fn found(xml: &str, name: &str) -> Vec<String> {
    let mut reader = Reader::from_reader(BufReader::new(xml.as_bytes()));
    let (mut found, mut buffer, mut open) = (Vec::new(), Vec::new(), false);
    loop {
        match reader.read_event_into(&mut buffer).expect("well-formed") {
            Event::Start(start) if start.name().0 == name => {
                open = true;
                let attributes = start.attributes().map(|a| a.expect("an attribute"));
                let text = attributes.map(|a| a.value.into_owned());
                found.push(text.collect::<Vec<_>>().join(" "));
            }
            Event::End(end) if end.name().0 == name => open = false,
            Event::Text(text) if open => {
                let last = found.last_mut().expect("an element");
                last.push_str(&text);
            }
            Event::GeneralRef(of) if open => {
                let last = found.last_mut().expect("an element");
                last.push_str(&format!("&{};", &*of));
            }
            Event::Eof => return found,
            _ => {}
        }
        buffer.clear();
    }
}

#[test]
fn kml_and_gpx_are_well_formed_and_whole() {
    let track = track(&[(150.0, -33.0), (151.5, -34.25)]);
    let kml = xml::kml("A<&\"'>\u{1}B", &track);
    assert_eq!(found(&kml, "gx:coord"), ["150 -33 304.8", "151.5 -34.25 609.6"]);
    assert_eq!(found(&kml, "when"), ["1970-01-01T00:00:00Z", "1970-01-01T00:00:10Z"]);
    assert_eq!(found(&kml, "name"), ["A&lt;&amp;&quot;&apos;&gt;B"; 2]);
    let gpx = xml::gpx("A<&B", &track);
    // The attributes, and the texts of the elements inside.
    let first = "-33 150304.81970-01-01T00:00:00Z";
    assert_eq!(found(&gpx, "trkpt"), [first, "-34.25 151.5609.61970-01-01T00:00:10Z"]);
    assert_eq!(found(&gpx, "ele"), ["304.8", "609.6"]);
    assert_eq!(found(&gpx, "time"), ["1970-01-01T00:00:00Z", "1970-01-01T00:00:10Z"]);
    assert_eq!(found(&gpx, "name"), ["A&lt;&amp;B"]);
    for xml in [xml::kml("A", &super::tests::track(&[])), xml::gpx("A", &super::tests::track(&[]))]
    {
        assert_eq!(found(&xml, "name").first().map(String::as_str), Some("A"));
    }
}

#[test]
fn formats_have_their_content_types() {
    let rows = [
        ("geojson", Some("application/geo+json")),
        ("kml", Some("application/vnd.google-earth.kml+xml")),
        ("gpx", Some("application/gpx+xml")),
        ("GPX", None),
        ("json", None),
        ("", None),
    ];
    for (name, content_type) in rows {
        assert_eq!(Format::of(name).map(Format::content_type), content_type, "{name}");
    }
}
