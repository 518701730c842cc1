//! The radios of one callsign.

use serde_json::{Value, json};

use super::world::{RADIOS, SITES};
use crate::oracle::ScriptRng;

/// A callsign with its radios.
pub struct Member {
    pub callsign: String,
    is_site: bool,
    /// Channels with heights.
    radios: Vec<(i64, Value)>,
    site: (f64, f64),
    tuning: Tuning,
}

/// What is unusual about the radios for some time, and for how many snapshots still.
type Tuning = (Habit, usize);

#[derive(Clone, Copy, PartialEq)]
enum Habit {
    Usual,
    /// On a channel of nobody.
    Mistuned,
    /// Not in the list.
    Unlisted,
    /// Listed without radios.
    Silent,
    /// Listed with radios that cannot be read.
    Unreadable,
    /// Listed twice, with half of the radios each.
    Twice,
    /// More radios than are used, of which the last is the right one.
    Many,
}

impl Member {
    pub fn new(rng: &mut ScriptRng, callsign: &str) -> Self {
        let is_site = callsign.contains('_') || callsign == "SYDNEY";
        let mut member = Self {
            callsign: callsign.to_owned(),
            is_site,
            radios: Vec::new(),
            site: rng.one(&SITES),
            tuning: (Habit::Usual, 0),
        };
        member.tune(rng);
        member
    }

    fn tune(&mut self, rng: &mut ScriptRng) {
        let heights = match self.is_site {
            true => [json!(30.0), json!(30.0), json!(130.0), json!(null), json!(-5.0)],
            false => [json!(10_668.0), json!(609.6), json!(3_000), json!(0), json!(1e308)],
        };
        let count = if self.is_site { 1 + rng.below(3) } else { 1 + rng.below(2) };
        self.radios = (0..count).map(|_| (rng.one(&RADIOS), rng.one(&heights))).collect();
    }

    /// Goes on to the next snapshot.
    pub fn turn(&mut self, rng: &mut ScriptRng) {
        if rng.percent(1) {
            self.tune(rng);
        }
        let (habit, left) = self.tuning;
        if left > 0 {
            self.tuning = (habit, left - 1);
            return;
        }
        let chance = if self.is_site { 2 } else { 15 };
        let habit = match rng.percent(chance) {
            true => rng.one(&[
                Habit::Mistuned,
                Habit::Mistuned,
                Habit::Mistuned,
                Habit::Unlisted,
                Habit::Silent,
                Habit::Unreadable,
                Habit::Twice,
                Habit::Many,
            ]),
            false => Habit::Usual,
        };
        self.tuning = (habit, if habit == Habit::Usual { 0 } else { rng.one(&[0, 1, 2, 3, 3, 4]) });
    }

    /// Its entries in the list.
    pub fn stations(&self, rng: &mut ScriptRng, place: (f64, f64)) -> Vec<Value> {
        let (latitude, longitude) = if self.is_site { self.site } else { place };
        let radio = |(frequency, height): &(i64, Value)| {
            json!({"id": 0, "frequency": frequency, "latDeg": latitude, "lonDeg": longitude,
                "heightMslM": height, "heightAglM": 0})
        };
        let radios: Vec<Value> = self.radios.iter().map(radio).collect();
        let callsign = match rng.percent(10) {
            true => self.callsign.to_ascii_lowercase(),
            false => self.callsign.clone(),
        };
        let entry = |radios: &[Value]| json!({"callsign": callsign, "transceivers": radios});
        let elsewhere = radio(&(135_000_000, json!(1_000)));
        match self.tuning.0 {
            Habit::Usual => vec![entry(&radios)],
            Habit::Mistuned => vec![entry(&[elsewhere])],
            Habit::Unlisted => Vec::new(),
            Habit::Silent => vec![entry(&[])],
            Habit::Unreadable => {
                let broken = |mut radio: Value| {
                    radio["latDeg"] = json!(91);
                    radio
                };
                vec![entry(&radios.into_iter().map(broken).collect::<Vec<_>>())]
            }
            Habit::Twice => vec![entry(&radios[..1]), json!(7), entry(&radios[1..])],
            Habit::Many => {
                vec![entry(&[&vec![elsewhere; 63 + rng.below(2)][..], &radios].concat())]
            }
        }
    }
}
