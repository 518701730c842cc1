//! Which differences of files change the revision.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

/// A way of writing the same airspace.
#[derive(Debug, Clone)]
struct Hand {
    start: usize,
    turned: bool,
    unclosed: bool,
    repeated: Option<usize>,
    pretty: bool,
    backwards: bool,
    zeros: bool,
    dataset: bool,
}

fn hand() -> impl Strategy<Value = Hand> {
    let bools = prop::collection::vec(any::<bool>(), 6);
    (0..8_usize, bools, prop::option::of(0..8_usize)).prop_map(|(start, bools, repeated)| Hand {
        start,
        turned: bools[0],
        unclosed: bools[1],
        repeated,
        pretty: bools[2],
        backwards: bools[3],
        zeros: bools[4],
        dataset: bools[5],
    })
}

/// Corners of one convex quadrilateral, in steps of 1e-7°.
type Corners = [[i64; 2]; 4];

fn corners() -> impl Strategy<Value = Corners> {
    (
        -1_799_999_000..3_000_000_000_i64,
        -899_999_000..800_000_000_i64,
        prop::array::uniform4(1..9_000_000_i64),
    )
        .prop_map(|(x, y, [a, b, c, d])| [[x, y], [x + a, y], [x + a + b, y + c], [x, y + c + d]])
}

#[derive(Debug, Clone)]
struct Sketch {
    boundary: Corners,
    /// Id, name, floor, height, corners of each volume.
    sectors: Vec<(u8, Option<u8>, Option<i32>, Corners)>,
    transition_altitude_ft: Option<u32>,
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let sector = (0..3_u8, prop::option::of(0..3_u8), prop::option::of(-900..40_000), corners());
    (corners(), prop::collection::vec(sector, 1..5), prop::option::of(0..60_000_u32)).prop_map(
        |(boundary, sectors, transition_altitude_ft)| Sketch {
            boundary,
            sectors,
            transition_altitude_ft,
        },
    )
}

impl Hand {
    /// A number that stays the same when it is written with zeros and an exponent.
    fn number(&self, text: &str) -> Value {
        let spelt = match (self.zeros, text.contains('.')) {
            (false, _) => text.to_owned(),
            (true, true) => format!("{text}00e0"),
            (true, false) => format!("{text}.0E+0"),
        };
        json!(format!("#{spelt}#"))
    }

    fn ring(&self, corners: &Corners) -> Value {
        let mut ring: Vec<Value> = corners
            .iter()
            .map(|corner| {
                let degrees = |parts: i64| {
                    let sign = if parts < 0 { "-" } else { "" };
                    format!("{sign}{}.{:07}", parts.abs() / 10_000_000, parts.abs() % 10_000_000)
                };
                json!(corner.map(|parts| self.number(&degrees(parts))))
            })
            .collect();
        ring.rotate_left(self.start % 4);
        if self.turned {
            ring.reverse();
        }
        if !self.unclosed {
            ring.push(ring[0].clone());
        }
        if let Some(repeated) = self.repeated {
            let index = repeated % ring.len();
            ring.insert(index, ring[index].clone());
        }
        json!([ring])
    }

    fn feature(&self, properties: Value, corners: &Corners) -> Value {
        json!({"type": "Feature", "properties": properties,
            "geometry": {"type": "Polygon", "coordinates": self.ring(corners)}})
    }

    fn write(&self, sketch: &Sketch) -> String {
        let mut features = vec![self.feature(json!({"role": "boundary"}), &sketch.boundary)];
        features.extend(sketch.sectors.iter().map(|(id, name, floor_ft, corners)| {
            let mut properties = json!({"role": "sector", "id": format!("S{id}")});
            if let Some(name) = name {
                properties["name"] = json!(format!("Name {name}"));
            }
            if let Some(floor_ft) = floor_ft {
                properties["floor_ft"] = self.number(&floor_ft.to_string());
            }
            self.feature(properties, corners)
        }));
        let mut all = json!({"type": "FeatureCollection", "features": features});
        if let Some(ft) = sketch.transition_altitude_ft {
            all["transition_altitude_ft"] = self.number(&ft.to_string());
        }
        if self.dataset {
            all["dataset"] = json!({"name": "somebody's", "sha256": "00"});
        }
        let text = self.spell(&all, 0);
        text.replace("\"#", "").replace("#\"", "")
    }

    /// The JSON text, with keys in either order.
    fn spell(&self, value: &Value, depth: usize) -> String {
        let gap = if self.pretty { format!("\n{}", "\t".repeat(depth)) } else { String::new() };
        match value {
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.spell(item, depth + 1)).collect();
                format!("[{gap}{}]", items.join(&format!(",{gap}")))
            }
            Value::Object(members) => {
                let mut members: Vec<_> = Map::iter(members)
                    .map(|(key, member)| {
                        format!("{}{gap}:{gap}{}", json!(key), self.spell(member, depth + 1))
                    })
                    .collect();
                if self.backwards {
                    members.reverse();
                }
                format!("{{{gap}{}{gap}}}", members.join(&format!("{gap},")))
            }
            plain => plain.to_string(),
        }
    }
}

const PLAIN: Hand = Hand {
    start: 0,
    turned: false,
    unclosed: false,
    repeated: None,
    pretty: false,
    backwards: false,
    zeros: false,
    dataset: false,
};

fn revision(text: &str) -> String {
    // Skips the survey of a report, which takes long.
    let contents = Contents::read(text).unwrap_or_else(|error| panic!("{}: {text}", chain(&error)));
    airspace(contents).0.revision().to_owned()
}

/// Variants of `sketch` with one difference each.
fn others(sketch: &Sketch) -> Vec<(&'static str, Sketch)> {
    let mut others = Vec::new();
    let mut change = |what, change: &dyn Fn(&mut Sketch)| {
        let mut other = sketch.clone();
        change(&mut other);
        others.push((what, other));
    };
    for step in [-1, 1] {
        for (corner, axis) in [(0, 0), (1, 1), (2, 0), (3, 1)] {
            change("a coordinate of the boundary", &|it| it.boundary[corner][axis] += step);
            change("a coordinate of a sector", &|it| it.sectors[0].3[corner][axis] += step);
        }
    }
    change("an id", &|it| it.sectors[0].0 = 9);
    change("a floor", &|it| it.sectors[0].2 = Some(it.sectors[0].2.map_or(0, |floor| floor + 1)));
    change("no floor", &|it| it.sectors[0].2 = it.sectors[0].2.xor(Some(7)));
    change("a transition altitude", &|it| {
        it.transition_altitude_ft = Some(it.transition_altitude_ft.map_or(5_000, |ft| ft + 1));
    });
    if sketch.sectors.iter().all(|sector| sector.0 != 8) {
        change("one more sector", &|it| it.sectors.push((8, None, None, it.boundary)));
        change("a name", &|it| {
            let id = it.sectors[0].0;
            it.sectors.iter_mut().filter(|it| it.0 == id).for_each(|it| it.1 = Some(7));
        });
    }
    let last = sketch.sectors.len() - 1;
    if sketch.sectors[0].0 != sketch.sectors[last].0 {
        change("the order of sectors", &|it| it.sectors.rotate_right(1));
    }
    others
}

proptest! {
    #![proptest_config(sectorwatch_seed::config())]

    #[test]
    fn one_airspace_has_one_revision_however_it_is_written(sketch in sketch(), hand in hand()) {
        prop_assert_eq!(revision(&PLAIN.write(&sketch)), revision(&hand.write(&sketch)), "{}", hand.write(&sketch));
    }

    #[test]
    fn any_difference_is_another_revision(sketch in sketch(), hand in hand()) {
        let known = revision(&PLAIN.write(&sketch));
        for (what, other) in others(&sketch) {
            prop_assert_ne!(&known, &revision(&hand.write(&other)), "{}", what);
        }
    }
}

/// It is stored with every visit, so that a change would make old visits look as if in another airspace.
#[test]
fn revisions_stay_what_they_are() {
    let text = stringify_square(r#""role":"sector","id":"S""#);
    assert_eq!(revision(&text), "679244f94ba1");
    let all = r#""role":"sector","id":"S","name":"N","floor_ft":-1,"ceiling_ft":2.5,"callsigns":["A"],"frequency":"118.7","group":"G""#;
    assert_eq!(revision(&stringify_square(all)), "aa9ebd150609");
    assert_eq!(revision(AUSTRALIA), "8483df633ddf");
}

fn stringify_square(properties: &str) -> String {
    collection(&[feature(properties, &polygon(SQUARE))])
}

#[test]
fn each_text_of_a_sector_counts() {
    let plain = revision(&stringify_square(r#""role":"sector","id":"S""#));
    for more in [
        r#""name":"N""#,
        r#""callsigns":["A"]"#,
        r#""frequency":"118.7""#,
        r#""group":"G""#,
        r#""floor_ft":0"#,
        r#""ceiling_ft":0"#,
    ] {
        let text = stringify_square(&format!(r#""role":"sector","id":"S",{more}"#));
        assert_ne!(revision(&text), plain, "{more}");
    }
    let same = stringify_square(
        r#""role":"sector","id":"S","name":"S","callsigns":[],"group":null,"unknown":1"#,
    );
    assert_eq!(revision(&same), plain);
    let zero = |spelt| {
        revision(&stringify_square(&format!(r#""role":"sector","id":"S","floor_ft":{spelt}"#)))
    };
    assert_eq!(zero("0"), zero("-0.0"));
}

#[test]
fn a_ring_that_comes_twice_through_its_least_point_has_one_form() {
    let forms = [
        "[[[0,0],[4,0],[4,2],[0,0],[2,4],[0,4],[0,0]]]",
        "[[[4,2],[0,0],[2,4],[0,4],[0,0],[4,0],[4,2]]]",
        "[[[0,0],[2,4],[0,4],[0,0],[4,0],[4,2],[0,0]]]",
        "[[[0,4],[2,4],[0,0],[4,2],[4,0],[0,0],[0,4]]]",
    ];
    let forms = forms.map(|rings| revision(&collection(&[sector(rings)])));
    assert!(forms.iter().all(|form| *form == forms[0]), "{forms:?}");
}
