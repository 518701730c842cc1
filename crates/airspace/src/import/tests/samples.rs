//! A small import of each format. What stands between `@` is spoilt by turns: its name, and what it is when it is not
//! spoilt. Names with `#` are written as they are, the others as a text of the format.

use serde_json::json;

use crate::import::{Format, Source};

/// An import of one format.
pub(super) struct Sample {
    pub(super) format: Format,
    pub(super) files: &'static [(&'static str, Escape, &'static str)],
    /// How the format writes the points of a ring, latitude first.
    pub(super) ring: fn(&[(f64, f64)]) -> String,
}

/// How a text is written in a file.
#[derive(Clone, Copy)]
pub(super) enum Escape {
    None,
    Json,
    Xml,
}

impl Escape {
    fn written(self, text: &str) -> String {
        match self {
            Self::None => text.to_owned(),
            Self::Json => {
                let quoted = json!(text).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
            Self::Xml => {
                let written = |letter: char| match letter.is_ascii_alphanumeric() {
                    true => letter.to_string(),
                    false => format!("&#{};", u32::from(letter)),
                };
                text.chars().map(written).collect()
            }
        }
    }
}

impl Sample {
    /// The names of what is spoilt by turns.
    pub(super) fn names(&self) -> Vec<&'static str> {
        let marks = self.files.iter().flat_map(|(_, _, text)| text.split('@').skip(1).step_by(2));
        let mut names: Vec<&str> = marks.filter_map(|mark| Some(mark.split_once('=')?.0)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The files in which `spoilt` is `value`.
    pub(super) fn sources(&self, spoilt: &str, value: &str) -> Vec<Source> {
        let file = |(path, escape, text): &(&str, Escape, &str)| {
            let parts =
                text.split('@').enumerate().map(|(number, part)| match part.split_once('=') {
                    Some((name, usual)) if number % 2 == 1 => {
                        match (name == spoilt, name.starts_with('#')) {
                            (false, _) => usual.to_owned(),
                            (true, true) => value.to_owned(),
                            (true, false) => escape.written(value),
                        }
                    }
                    _ => part.to_owned(),
                });
            Source { path: path.into(), bytes: parts.collect::<String>().into_bytes() }
        };
        self.files.iter().map(file).collect()
    }
}

pub(super) const SAMPLES: [Sample; 6] = [
    Sample {
        format: Format::Geojson,
        files: &[("a.geojson", Escape::Json, GEOJSON)],
        ring: |points| json_ring(points),
    },
    Sample {
        format: Format::Vatspy,
        files: &[
            ("VATSpy.dat", Escape::None, VATSPY),
            ("Boundaries.geojson", Escape::Json, BOUNDARIES),
        ],
        ring: |points| json_ring(points),
    },
    Sample {
        format: Format::Simaware,
        files: &[("TRACONBoundaries.geojson", Escape::Json, SIMAWARE)],
        ring: |points| json_ring(points),
    },
    Sample {
        format: Format::Vatglasses,
        files: &[("xx.json", Escape::Json, VATGLASSES)],
        ring: |points| {
            let point = |&(y, x): &(f64, f64)| {
                let written = |degrees: f64, digits: usize| {
                    let sign = if degrees < 0.0 { "-" } else { "" };
                    format!("\"{sign}{:0digits$.0}0000\"", degrees.abs())
                };
                format!("[{},{}]", written(y, 2), written(x, 3))
            };
            format!("[{}]", points.iter().map(point).collect::<Vec<_>>().join(","))
        },
    },
    Sample {
        format: Format::Vatsys,
        files: &[("Sectors.xml", Escape::Xml, SECTORS), ("Volumes.xml", Escape::Xml, VOLUMES)],
        ring: |points| {
            let point = |(y, x): &(f64, f64)| format!("{y:+05.1}{x:+06.1}");
            points.iter().map(point).collect::<Vec<_>>().join("/\n")
        },
    },
    Sample {
        format: Format::Euroscope,
        files: &[("x.ese", Escape::None, EUROSCOPE)],
        ring: |points| {
            let half = |degrees: f64, [positive, negative]: [&str; 2]| {
                format!("{}{:.1}", if degrees < 0.0 { negative } else { positive }, degrees.abs())
            };
            let point = |&(y, x): &(f64, f64)| {
                format!("COORD:{}:{}", half(y, ["N", "S"]), half(x, ["E", "W"]))
            };
            points.iter().map(point).collect::<Vec<_>>().join("\n")
        },
    },
];

fn json_ring(points: &[(f64, f64)]) -> String {
    let points: Vec<_> = points.iter().map(|(y, x)| format!("[{x},{y}]")).collect();
    format!("[{}]", points.join(","))
}

const GEOJSON: &str = r#"{"type": "FeatureCollection", "positions": {
  "XO": {"prefixes": ["XO"], "suffix": "CTR", "frequency_hz": 118000000, "name": "Other"},
  "@position=XA@": {"prefixes": ["@prefix=XA@"], "suffix": "@suffix=CTR@", "frequency_hz": @#hertz=119000000@, "name": "@called=Alpha@"}
}, "features": [
  {"type": "Feature", "properties": {"role": "sector", "id": "OTHR", "owners": ["XO"]}, "geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},
  {"type": "Feature", "properties": {"role": "sector", "id": "@id=ALPHA@", "name": "@name=Alpha@", "kind": "@kind=CTR@", "floor_ft": @#floor=0@, "ceiling_ft": @#ceiling=10000@, "owners": ["@position=XA@"], "airports": ["@airport=XAAA@"], "active_when": "@when=XAAA 01@", "capacity": @#capacity=5@}, "geometry": {"type": "Polygon", "coordinates": [@#ring=[[2,0],[3,0],[3,1],[2,1],[2,0]]@]}},
  {"type": "Feature", "properties": {"role": "sector", "id": "LIST", "callsigns": ["@callsign=XL_CTR@"], "group": "@group=G@", "frequency": "@frequency=118.0@"}, "geometry": {"type": "Polygon", "coordinates": [[[@#lon=4@,@#lat=0@],[5,0],[5,1],[4,0]]]}}
]}"#;

const VATSPY: &str = "[Countries]\nX|XX|Control\n[Airports]\nXAAA|Alpha|@#lat=1@|@#lon=1@|AL|ALPH|0\n[FIRs]\n\
OTHR|Other|OT|OTHR\n@icao=ALPH@|@name=Alpha@|@prefix=AL@|@id=ALPH@\n[UIRs]\n@uir=UUU@|@called=Upper@|@member=ALPH@\n";

const BOUNDARIES: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"id": "OTHR", "oceanic": "0", "division": "D"}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[0,0],[1,0],[1,1],[0,1],[0,0]]]]}},
  {"type": "Feature", "properties": {"id": "@id=ALPH@", "oceanic": "@oceanic=0@", "division": "@division=D@"}, "geometry": {"type": "MultiPolygon", "coordinates": [[@#ring=[[2,0],[3,0],[3,1],[2,1],[2,0]]@]]}}
]}"#;

const SIMAWARE: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "properties": {"id": "OTHR", "prefix": ["OT"], "name": "Other"}, "geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,1],[0,0]]]}},
  {"type": "Feature", "properties": {"id": "@id=ALPHA@", "prefix": ["@prefix=AL@", "@second=AM@"], "suffix": "@suffix=TWR@", "name": "@name=Alpha@"}, "geometry": {"type": "Polygon", "coordinates": [@#ring=[[2,0],[3,0],[3,1],[2,1],[2,0]]@]}},
  {"type": "Feature", "properties": {"id": "BETA", "prefix": "BE", "name": "Beta"}, "geometry": {"type": "Polygon", "coordinates": [[[@#lon=4@,@#lat=0@],[5,0],[5,1],[4,0]]]}}
]}"#;

const VATGLASSES: &str = r#"{"airspace": [
  {"id": "OTHR", "group": "G", "owner": ["XO"], "sectors": [{"min": 0, "max": 245, "points": [["000000","0000000"],["000000","0010000"],["010000","0010000"]]}]},
  {"id": "@id=ALPHA@", "group": "@group=G@", "owner": ["@position=XA@"], "sectors": [
    {"min": @#floor=0@, "max": @#ceiling=245@, "points": @#ring=[["000000","0020000"],["000000","0030000"],["010000","0030000"]]@, "runways": [{"icao": "@icao=XAAA@", "runway": "@runway=01@"}]}
  ]}
], "positions": {
  "XO": {"pre": ["XO"], "type": "CTR", "frequency": "118.000", "callsign": "Other"},
  "@position=XA@": {"pre": ["@prefix=XA@"], "type": "@suffix=CTR@", "frequency": "@frequency=119.000@", "callsign": "@called=Alpha@"}
}}"#;

const SECTORS: &str = r#"<Sectors>
<Sector Name="OTHR" FullName="Other" Callsign="OT_CTR" Frequency="118.000"><Volumes>OTHER</Volumes></Sector>
<Sector Name="@id=ALPHA@" FullName="@name=Alpha@" Callsign="@callsign=AL_CTR@" Frequency="@frequency=119.000@"><Volumes>@volume=ALPHA@</Volumes><ResponsibleSectors>@claimed=ALPHA@</ResponsibleSectors></Sector>
</Sectors>"#;

const VOLUMES: &str = r#"<Volumes>
<Boundary Name="OTHER">+00.0+000.0/+00.0+001.0/+01.0+001.0</Boundary>
<Boundary Name="@boundary=ALPHA@">@#ring=+00.0+002.0/+00.0+003.0/+01.0+003.0@</Boundary>
<Volume Name="OTHER" LowerLimit="0" UpperLimit="10000"><Boundaries>OTHER</Boundaries></Volume>
<Volume Name="@volume=ALPHA@" LowerLimit="@#floor=0@" UpperLimit="@#ceiling=10000@"><Boundaries>@boundary=ALPHA@</Boundaries></Volume>
</Volumes>"#;

const EUROSCOPE: &str = "[POSITIONS]\nOT_CTR:Other:118.000:XO::OT:CTR\n\
@login=AL_CTR@:@called=Alpha@:@frequency=119.000@:@position=XA@:@middle=@:@prefix=AL@:@suffix=CTR@\n\
[AIRSPACE]\nCIRCLE_SECTORLINE:other:N0.5:E0.5:10\n\
SECTORLINE:@line=alpha@\n@#ring=COORD:N0.0:E2.0\nCOORD:N0.0:E3.0\nCOORD:N1.0:E3.0\nCOORD:N0.0:E2.0@\n\
CIRCLE_SECTORLINE:round:@#lat=N5@:@#lon=E5@:@#radius=10@\n\
SECTOR:OTHR:0:10000\nOWNER:XO\nBORDER:other\n\
SECTOR:@id=ALPHA@:@#floor=0@:@#ceiling=10000@\nOWNER:@position=XA@\nBORDER:@line=alpha@\nACTIVE:@icao=XAAA@:@runway=01@\n\
SECTOR:ROUND:0:10000\nOWNER:XO\nBORDER:round\n";
