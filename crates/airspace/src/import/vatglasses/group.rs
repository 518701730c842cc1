//! Groups: what VATGlasses calls a data set, one file or one folder each.

use std::collections::HashMap;

use super::super::{Findings, Position, Source, encoding::Mixed};
use super::{
    airspace::Airspace,
    json::{Members, items},
    position,
};

/// What the files of one group hold.
#[derive(Default)]
pub(super) struct Group {
    /// What other groups call it: `eg` in `eg/LS`.
    pub(super) name: String,
    /// What names of its elements begin with.
    pub(super) prefix: String,
    /// In the order of the file; `Err` names one that cannot be used, by its number, and says why.
    pub(super) airspaces: Vec<Result<Airspace, (String, String)>>,
    /// In the order of the file; `Err` says why it cannot be used.
    pub(super) positions: Vec<(String, Result<Position, String>)>,
    /// What is told of it as a whole and of its positions.
    pub(super) remarks: Vec<String>,
    /// Positions in which bytes were no UTF-8.
    pub(super) foreign: Vec<String>,
}

/// Sources by group, in the order in which the groups come first.
pub(super) fn sorted<'a>(sources: &[&'a Source]) -> Vec<(String, Vec<&'a Source>)> {
    let mut groups: Vec<(String, Vec<&Source>)> = Vec::new();
    let mut places = HashMap::new();
    for source in sources {
        let name = name(source);
        let place = *places.entry(name.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, sources)) => sources.push(source),
            None => groups.push((name, vec![source])),
        }
    }
    groups
}

/// The stem of the file; the folder's name, where it is one of those that a folder has.
fn name(source: &Source) -> String {
    let stem = source.path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = source.path.parent().and_then(|folder| folder.file_name());
    match (&*stem, folder) {
        ("airspace" | "positions", Some(folder)) => folder.to_string_lossy().into_owned(),
        // Both files in the folder that the program runs in: they belong together.
        ("positions", None) => "airspace".to_owned(),
        _ => stem.into_owned(),
    }
}

impl Group {
    pub(super) fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    /// Adds what a file has; whether that is anything of a group.
    pub(super) fn add(
        &mut self,
        file: &Members<'_>,
        content: &Mixed,
        findings: &mut Findings,
    ) -> bool {
        if let Some(airspace) = file.get("airspace") {
            match (items(airspace), Members::of(airspace)) {
                (Some(items), _) => items.into_iter().for_each(|raw| {
                    let is_foreign = content.is_foreign(content.place(raw.get()));
                    self.add_airspace(Airspace::read(raw, None), is_foreign);
                }),
                (None, Some(members)) => {
                    let foreign = members.foreign(airspace, content);
                    members.unique().0.into_iter().for_each(|(key, raw)| {
                        let is_foreign = foreign.contains(&key);
                        self.add_airspace(Airspace::read(raw, Some(key)), is_foreign);
                    });
                }
                (None, None) => {
                    let element = format!("airspace of group {}", self.name);
                    findings.leave_out(element, "it is neither a list nor an object");
                }
            }
        }
        if let Some(positions) = file.get("positions") {
            match Members::of(positions) {
                Some(members) => {
                    self.foreign.extend(members.foreign(positions, content));
                    self.add_positions(members);
                }
                None => {
                    let element = format!("positions of group {}", self.name);
                    findings.leave_out(element, "they are no object");
                }
            }
        }
        self.count_topdown(file);
        file.get("airspace").is_some() || file.get("positions").is_some()
    }

    fn add_airspace(&mut self, airspace: Result<Airspace, String>, is_foreign: bool) {
        let number = self.airspaces.len() + 1;
        let airspace = airspace.map(|airspace| Airspace { is_foreign, ..airspace });
        self.airspaces.push(airspace.map_err(|reason| (format!("airspace no. {number}"), reason)));
    }

    fn add_positions(&mut self, members: Members<'_>) {
        let (members, repeated) = members.unique();
        for id in repeated {
            self.remarks.push(format!("position {id} stands there twice: the last one counts"));
        }
        let mut places: HashMap<String, usize> =
            self.positions.iter().enumerate().map(|(at, (id, _))| (id.clone(), at)).collect();
        for (id, raw) in members {
            let position = position::read(&id, raw).map(|(position, remark)| {
                self.remarks.extend(remark.map(|remark| format!("position {id} {remark}")));
                position
            });
            match places.get(&id).and_then(|&at| self.positions.get_mut(at)) {
                Some(earlier) => {
                    let remark = "stands in two files of the group: the last one counts";
                    self.remarks.push(format!("position {id} {remark}"));
                    earlier.1 = position;
                }
                None => {
                    places.insert(id.clone(), self.positions.len());
                    self.positions.push((id, position));
                }
            }
        }
    }

    fn count_topdown(&mut self, file: &Members<'_>) {
        let airports = file.get("airports").and_then(Members::of).map(|it| it.unique().0);
        let has_topdown = |raw| Members::of(raw).is_some_and(|it| it.get("topdown").is_some());
        let airports = airports.unwrap_or_default();
        let number = airports.into_iter().filter(|(_, airport)| has_topdown(airport)).count();
        if number > 0 {
            self.remarks.push(format!("topdown of {number} airports is not imported"));
        }
    }
}
