//! The rules written a second time, over the whole history of a flight at once, with nothing carried from one
//! observation to the next.

use super::*;
use crate::distance::great_circle_nm;

/// The movements of a history: the number of the observation that showed it, kind, airport, and the numbers of the
/// observation that stands for it and of the one before.
pub type Found = Vec<(usize, &'static str, String, Time, Option<Time>, f64)>;

struct History<'h> {
    all: &'h [Airport],
    seen: Vec<(usize, &'h Observed)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Label<'h> {
    Ground(&'h Airport),
    Air,
    Neither,
}

pub fn movements(observations: &[Observed], all: &[Airport]) -> Found {
    let known = observations.iter().enumerate().filter(|(_, seen)| seen.groundspeed.is_some());
    let mut found = Found::new();
    let mut part: Vec<(usize, &Observed)> = Vec::new();
    for (number, seen) in known {
        if part.last().is_some_and(|(_, last)| jumped(last, seen)) {
            found.extend(History { all, seen: std::mem::take(&mut part) }.movements());
        }
        part.push((number, seen));
    }
    found.extend(History { all, seen: part }.movements());
    found.sort_by_key(|it| it.0);
    found
}

fn jumped(from: &Observed, to: &Observed) -> bool {
    let nm = great_circle_nm((from.latitude, from.longitude), (to.latitude, to.longitude));
    let hours = ((to.published - from.published).num_milliseconds() as f64).max(1_000.0) / 3.6e6;
    nm > 3.0 && nm / hours > 1_500.0
}

impl<'h> History<'h> {
    fn near(&self, i: usize) -> Option<&'h Airport> {
        let mut around: Vec<_> = self.all.iter().filter(|it| self.distance(i, it) <= 3.0).collect();
        around.sort_by(|a, b| a.icao.cmp(&b.icao));
        around.sort_by(|a, b| self.distance(i, a).total_cmp(&self.distance(i, b)));
        around.first().copied()
    }

    fn distance(&self, i: usize, airport: &Airport) -> f64 {
        let seen = self.seen[i].1;
        great_circle_nm((airport.latitude, airport.longitude), (seen.latitude, seen.longitude))
    }

    fn above(&self, i: usize, airport: &Airport) -> f64 {
        f64::from(self.seen[i].1.altitude) - airport.elevation_ft
    }

    fn label(&self, i: usize) -> Label<'h> {
        let speed_kt = self.seen[i].1.groundspeed.expect("known");
        match self.near(i) {
            Some(it) if self.above(i, it) <= 300.0 && speed_kt < 40 => Label::Ground(it),
            Some(it) if self.above(i, it) <= 300.0 => Label::Neither,
            _ if speed_kt >= 50 => Label::Air,
            _ => Label::Neither,
        }
    }

    /// The last label before `i` that is one.
    fn before(&self, i: usize) -> Option<(usize, Label<'h>)> {
        let labels = (0..i).rev().map(|k| (k, self.label(k)));
        labels.into_iter().find(|(_, label)| *label != Label::Neither)
    }

    fn found(&self, shown: usize, kind: &'static str, icao: &str, at: usize) -> Found {
        let time = |i: usize| self.seen[i].1.at;
        let earliest = at.checked_sub(1).map(time);
        let longitude = self.seen[at].1.longitude;
        vec![(self.seen[shown].0, kind, icao.to_owned(), time(at), earliest, longitude)]
    }

    fn movements(&self) -> Found {
        let mut found = Found::new();
        for i in 0..self.seen.len() {
            let label = self.label(i);
            if let (Label::Air, Some((k, Label::Ground(it)))) = (label, self.before(i))
                && (self.seen[i].1.at - self.seen[k].1.at).num_seconds() <= 120
            {
                found.extend(self.found(i, "takeoff", &it.icao, i));
            }
            // Each stretch in the air, up to the ground or the end.
            let is_airborne = |before: Option<(usize, Label<'_>)>| {
                before.is_some_and(|(_, label)| label == Label::Air)
            };
            if label == Label::Air && !is_airborne(self.before(i)) {
                let is_ground = |k: &usize| matches!(self.label(*k), Label::Ground(_));
                let end = (i..self.seen.len()).find(is_ground);
                found.extend(self.approaches(i, end));
            }
        }
        found
    }

    /// The approaches of a stretch in the air, and its landing.
    fn approaches(&self, from: usize, ground: Option<usize>) -> Found {
        let end = ground.unwrap_or(self.seen.len());
        let mut found = Found::new();
        let is_high = |i: usize| self.near(i).is_none_or(|it| self.above(i, it) >= 1_000.0);
        let Some(armed) = (from..end).find(|i| is_high(*i)) else {
            return self.landing(ground, None, end);
        };
        let mut i = armed;
        let mut last = None;
        while i < end {
            let Some(airport) = self.near(i).filter(|it| self.above(i, it) <= 300.0) else {
                i += 1;
                continue;
            };
            let is_over =
                |k: &usize| self.above(*k, airport) >= 1_000.0 || self.distance(*k, airport) > 3.0;
            let Some(over) = (i + 1..end).find(is_over) else {
                last = Some((airport, i));
                break;
            };
            if self.above(over, airport) >= 1_000.0 {
                let lowest = (i..over).min_by_key(|k| self.seen[*k].1.altitude).expect("one");
                let touched = self.above(lowest, airport) <= 50.0;
                let kind = if touched { "touch_and_go" } else { "go_around" };
                found.extend(self.found(over, kind, &airport.icao, lowest));
            }
            i = over;
        }
        found.extend(self.landing(ground, last, end));
        found
    }

    fn landing(
        &self,
        ground: Option<usize>,
        approach: Option<(&Airport, usize)>,
        end: usize,
    ) -> Found {
        let Some(ground) = ground else { return Found::new() };
        let Label::Ground(airport) = self.label(ground) else { panic!("no ground") };
        let of_it = approach.filter(|(of, _)| of.icao == airport.icao);
        let first = of_it.and_then(|(of, from)| (from..end).find(|k| self.above(*k, of) <= 150.0));
        self.found(ground, "landing", &airport.icao, first.unwrap_or(ground))
    }
}
