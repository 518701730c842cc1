use std::collections::BTreeSet;

use proptest::{prelude::*, sample::select};

use super::*;
use crate::import::probe::found;

/// The tables of a file, for the join as the format tells it: looked up for one callsign at a time.
pub(super) struct Table {
    /// ICAO code, prefix, boundary.
    pub firs: Vec<[String; 3]>,
    pub uirs: Vec<(String, Vec<String>)>,
    /// Id, and whether it is oceanic.
    pub features: Vec<(String, bool)>,
}

fn canonical(text: &str) -> String {
    let parts: Vec<&str> = text.split('_').collect();
    let last = parts.len() - 1;
    let kept =
        parts.iter().enumerate().filter(|(at, part)| !part.is_empty() || *at == 0 || *at == last);
    let kept: Vec<&str> = kept.map(|(_, part)| *part).collect();
    kept.join("_").to_uppercase()
}

impl Table {
    /// Reads the tables out of a file, without its comments.
    pub(super) fn of(rows: &str, boundaries: &str) -> Self {
        let mut section = "";
        let mut table = Self { firs: vec![], uirs: vec![], features: vec![] };
        for line in rows.lines() {
            let line = line.split(';').next().unwrap();
            let fields: Vec<&str> = line.split('|').map(str::trim).collect();
            match (section, &fields[..]) {
                (_, [name]) if name.starts_with('[') => section = name,
                ("[FIRs]", [icao, _, prefix, boundary]) => {
                    table.firs.push([canonical(icao), canonical(prefix), boundary.to_string()]);
                }
                ("[UIRs]", [id, _, members]) => {
                    table.uirs.push((canonical(id), members.split(',').map(canonical).collect()));
                }
                _ => {}
            }
        }
        let boundaries: Value = serde_json::from_str(boundaries).unwrap();
        for feature in boundaries["features"].as_array().unwrap() {
            let properties = &feature["properties"];
            let id = properties["id"].as_str().unwrap().to_owned();
            table.features.push((id, properties["oceanic"] == "1"));
        }
        table
    }

    /// The sectors that a callsign stands for.
    pub(super) fn joined(&self, callsign: &str) -> BTreeSet<String> {
        let callsign = canonical(callsign);
        let Some((stem, suffix @ ("CTR" | "FSS"))) = callsign.rsplit_once('_') else {
            return BTreeSet::new();
        };
        let parts: Vec<&str> = stem.split('_').collect();
        for length in (1..=parts.len()).rev() {
            if let Some(boundaries) = self.at(&parts[..length].join("_")) {
                return self.sectors(&boundaries, suffix == "FSS");
            }
        }
        BTreeSet::new()
    }

    fn at(&self, stem: &str) -> Option<Vec<&str>> {
        let uirs: Vec<_> = self.uirs.iter().filter(|(id, _)| id == stem).collect();
        if !uirs.is_empty() {
            let members = uirs.iter().flat_map(|(_, members)| members);
            return Some(members.flat_map(|member| self.coded(member)).collect());
        }
        let prefixed = self.where_row(|[_, prefix, _]| !stem.is_empty() && prefix == stem);
        let rows = if prefixed.is_empty() { self.coded(stem) } else { prefixed };
        (!rows.is_empty()).then_some(rows)
    }

    fn coded(&self, code: &str) -> Vec<&str> {
        let bare = self.where_row(|[icao, prefix, _]| prefix.is_empty() && icao == code);
        if bare.is_empty() { self.where_row(|[icao, ..]| icao == code) } else { bare }
    }

    fn where_row(&self, is_hit: impl Fn(&[String; 3]) -> bool) -> Vec<&str> {
        self.firs.iter().filter(|row| is_hit(row)).map(|[_, _, boundary]| &**boundary).collect()
    }

    fn sectors(&self, boundaries: &[&str], is_service: bool) -> BTreeSet<String> {
        let has = |id: &str, is_oceanic| self.features.contains(&(id.to_owned(), is_oceanic));
        let drawn = boundaries.iter().filter(|id| has(id, true) || has(id, false));
        let named = drawn.map(|id| match is_service && has(id, true) && has(id, false) {
            true => format!("{id}~oceanic"),
            false => id.to_string(),
        });
        named.collect()
    }
}

pub(super) fn sectors_of(draft: &Draft, callsign: &str) -> BTreeSet<String> {
    found(draft, callsign).1.into_iter().collect()
}

const ROWS: &str = "\
[FIRs]
ADR|Adria Upper|ADR_U|ADR
ADR|Adria||ADR
LJLA|Ljubljana||LJLA
LDZO|Zagreb|ZAG|LDZO
EGTT|London|LON|EGTT
EGTT-S|London South|LON_S|EGTT-S
LLLL|Tel Aviv||LLLL
LLPL|Pluto|PLUTO|LLLL
LLPL|Pluto|PLUTO|LLPT
LPPO|Santa Maria||LPPO
LPPT|Azores|LPPO|LPPO-TMA
[UIRs]
ADR_U|Adria Upper|LJLA,LDZO
MED|Mediterranean|LLLL
";

fn draft() -> Draft {
    let rows = Table::of(ROWS, "{\"features\": []}").firs;
    let boundaries: BTreeSet<&str> = rows.iter().map(|[.., boundary]| &**boundary).collect();
    let features: Vec<Value> =
        boundaries.iter().zip(0_u8..).map(|(id, at)| feature(id, "0", at.into())).collect();
    import(ROWS, collection(&features)).0
}

#[test]
fn callsigns_stand_for_rows() {
    let draft = draft();
    let cases = [
        ("LON_CTR", "EGTT"),
        ("lon__sx_CTR", "EGTT"),
        ("LON_S__CTR", "EGTT-S"),
        ("LON_S_X_FSS", "EGTT-S"),
        ("EGTT_CTR", "EGTT"),
        ("ADR_CTR", "ADR"),
        ("ADR_U_CTR", "LDZO LJLA"),
        ("ADR_U_1_CTR", "LDZO LJLA"),
        ("ADR_X_CTR", "ADR"),
        ("PLUTO_CTR", "LLLL LLPT"),
        ("LLPL_CTR", "LLLL LLPT"),
        ("LPPO_CTR", "LPPO-TMA"),
        ("LPPT_CTR", "LPPO-TMA"),
        ("LON_APP", ""),
        ("LONDON_CTR", ""),
        ("_CTR", ""),
        ("CTR", ""),
    ];
    for (callsign, expected) in cases {
        let sectors: Vec<String> = sectors_of(&draft, callsign).into_iter().collect();
        assert_eq!(sectors.join(" "), expected, "{callsign}");
    }
}

#[test]
fn firs_own_before_uirs() {
    let draft = draft();
    let expected = ["ZAG_CTR", "ZAG_FSS", "LDZO_CTR", "LDZO_FSS", "ADR_U_CTR", "ADR_U_FSS"];
    assert_eq!(owners(&draft, "LDZO"), expected);
    // A row that borrows the boundary comes behind its own, and before UIRs.
    let expected = ["LLLL_CTR", "LLLL_FSS", "PLUTO_CTR", "PLUTO_FSS", "LLPL_CTR", "LLPL_FSS"];
    assert_eq!(owners(&draft, "LLLL"), [&expected[..], &["MED_CTR", "MED_FSS"]].concat());
    assert_eq!(owners(&draft, "ADR"), ["ADR_CTR", "ADR_FSS"]);
    assert_eq!(owners(&draft, "LPPO"), [""; 0]);
}

#[test]
fn an_uir_without_members_still_hides_the_row() {
    let rows = ROWS.replace("|LJLA,LDZO", "|XXXX");
    let (draft, _) = import(rows, collection(&[feature("ADR", "0", 0.0)]));
    assert_eq!(owners(&draft, "ADR"), ["ADR_CTR", "ADR_FSS"]);
    assert_eq!(found(&draft, "ADR_U_CTR"), (vec!["ADR_U_CTR".to_owned()], vec![]));
}

#[test]
fn an_uir_that_is_there_again_has_the_members_of_both() {
    let rows = format!("{ROWS}ADR_U|Adria|LLLL");
    let features = [feature("LJLA", "0", 0.0), feature("LLLL", "0", 2.0)];
    let (draft, findings) = import(rows, collection(&features));
    assert_eq!(sectors_of(&draft, "ADR_U_CTR"), ["LJLA".into(), "LLLL".into()].into());
    assert_eq!(findings.warnings, ["UIR ADR_U is there again: its members are added"]);
}

/// Few letters, so that much is the same.
fn code() -> impl Strategy<Value = String> {
    "[ab][AB_]{0,3}"
}

fn boundary() -> impl Strategy<Value = &'static str> {
    select(&["X", "Y", "Z", "V"][..])
}

proptest! {
    #[test]
    fn any_file_is_joined_as_the_format_tells(
        firs in prop::collection::vec((code(), prop_oneof![Just(String::new()), code()], boundary()), 1..12),
        uirs in prop::collection::vec((code(), prop::collection::vec(code(), 1..4)), 0..4),
        features in prop::collection::vec((select(&["X", "Y", "Z"][..]), any::<bool>()), 1..8),
        callsigns in prop::collection::vec("[ab][AB_]{0,5}_(CTR|FSS|APP)", 1..40),
    ) {
        let mut rows = String::from("[FIRs]\n");
        for (icao, prefix, boundary) in &firs {
            rows.push_str(&format!("{icao}|name|{prefix}|{boundary}\n"));
        }
        rows.push_str("[UIRs]\n");
        for (id, members) in &uirs {
            rows.push_str(&format!("{id}|name|{}\n", members.join(",")));
        }
        let features: Vec<Value> = features
            .iter()
            .zip(0_u8..)
            .map(|((id, is_oceanic), at)| feature(id, if *is_oceanic { "1" } else { "0" }, at.into()))
            .collect();
        let boundaries = collection(&features);
        let table = Table::of(&rows, &boundaries);
        let (draft, _) = import(rows, boundaries);
        let positions: BTreeSet<&str> = draft.positions.iter().map(|it| &*it.id).collect();
        prop_assert_eq!(positions.len(), draft.positions.len());
        for sector in &draft.sectors {
            let owners: BTreeSet<&str> = sector.owners.iter().map(String::as_str).collect();
            prop_assert_eq!(owners.len(), sector.owners.len());
            prop_assert!(owners.is_subset(&positions));
        }
        let written = firs.iter().flat_map(|(icao, prefix, _)| [icao, prefix]);
        let written = written.chain(uirs.iter().map(|(id, _)| id));
        let written = written.flat_map(|it| [format!("{it}_CTR"), format!("{it}_b__FSS")]);
        for callsign in written.chain(callsigns) {
            prop_assert_eq!(sectors_of(&draft, &callsign), table.joined(&callsign), "{}", callsign);
        }
    }
}
