//! A track as KML and as GPX.

use std::fmt::Write as _;

use chrono::SecondsFormat;

use super::FEET_IN_METRES;
use sectorwatch_store::api::{Track, TrackPoint};

/// Writes KML 2.2 with the extension `gx:Track`, which has a time for each position.
pub fn kml(callsign: &str, track: &Track) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <kml xmlns=\"http://www.opengis.net/kml/2.2\" xmlns:gx=\"http://www.google.com/kml/ext/2.2\">\n\
         <Document>\n",
    );
    let name = escaped(callsign);
    // Writing to a string cannot fail.
    let _ = writeln!(xml, "<name>{name}</name>\n<Placemark>\n<name>{name}</name>");
    xml.push_str("<gx:Track>\n<altitudeMode>absolute</altitudeMode>\n");
    for point in &track.points {
        let _ = writeln!(xml, "<when>{}</when>", time(point));
    }
    for point in &track.points {
        let TrackPoint { longitude, latitude, .. } = point;
        let _ = writeln!(xml, "<gx:coord>{longitude} {latitude} {:.1}</gx:coord>", metres(point));
    }
    xml.push_str("</gx:Track>\n</Placemark>\n</Document>\n</kml>\n");
    xml
}

/// Writes GPX 1.1.
pub fn gpx(callsign: &str, track: &Track) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <gpx version=\"1.1\" creator=\"sectorwatch\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n",
    );
    let _ = writeln!(xml, "<trk>\n<name>{}</name>\n<trkseg>", escaped(callsign));
    for point in &track.points {
        let TrackPoint { longitude, latitude, .. } = point;
        let _ = writeln!(
            xml,
            "<trkpt lat=\"{latitude}\" lon=\"{longitude}\"><ele>{:.1}</ele><time>{}</time></trkpt>",
            metres(point),
            time(point)
        );
    }
    xml.push_str("</trkseg>\n</trk>\n</gpx>\n");
    xml
}

fn metres(point: &TrackPoint) -> f64 {
    f64::from(point.altitude) * FEET_IN_METRES
}

fn time(point: &TrackPoint) -> String {
    point.observed_at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// Text for XML, without the control characters that XML 1.0 cannot have.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}
