//! One publication of the feed, decoded, with what was rejected on the way.

use std::collections::{BTreeMap, BTreeSet};

use strum::IntoStaticStr;

use super::{
    Time,
    controller::{Controller, Station},
    flight::{PartialKey, Pilot},
};

/// One publication of the main feed. Every pilot in it passed the ranges and is there once.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// When the network published it; strictly newer than the mark, or it is not stored.
    pub update_timestamp: Time,
    /// In the order of the file.
    pub pilots: Vec<Pilot>,
    /// `None` when the list is missing, null or of a wrong type: unknown, not empty.
    pub controllers: Option<Vec<Controller>>,
    /// Number of ATIS stations; counted, not stored. `None`: unknown.
    pub atis: Option<usize>,
    /// What the feed says it holds; pilots + controllers + ATIS in a whole document.
    pub connected_clients: Option<i64>,
    /// Records that were dropped.
    pub rejected: Vec<Rejected>,
    /// The pilots among them: no observations, but present.
    pub refused_pilots: Vec<PartialKey>,
    /// The controllers among them: what they might staff is unknown.
    pub refused_controllers: Vec<PartialKey>,
    /// Fields that were lost from records that were taken.
    pub unreadable: Unreadable,
    /// Fields upstream sends that the decoder does not know, as `pilots.field`.
    pub unknown_fields: BTreeSet<String>,
}

/// How many records of each list lost which optional field, since it could not be read.
pub type Unreadable = BTreeMap<(Source, &'static str), usize>;

/// One publication of the transceivers feed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transceivers {
    /// In the order of the file.
    pub stations: Vec<Station>,
    /// Records that were dropped.
    pub rejected: Vec<Rejected>,
    /// As in [`Snapshot::unreadable`].
    pub unreadable: Unreadable,
    /// As in [`Snapshot::unknown_fields`].
    pub unknown_fields: BTreeSet<String>,
}

/// A record that was not taken, with enough to find out why.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// Which list it came from.
    pub source: Source,
    /// Why, in one word of a closed set.
    pub reason: Reason,
    /// Why, for a human: field, and what is allowed. Holds no value of the feed.
    pub detail: String,
    /// Where it could be read.
    pub cid: Option<i32>,
    /// Where it could be read; cut at 64 characters.
    pub callsign: Option<String>,
    /// Its known fields, without `name`, NUL escaped, cut at 4 KiB; empty where it is no object.
    pub raw: String,
}

/// Where a rejected record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Source {
    /// `pilots` of the main feed.
    Pilot,
    /// `controllers` of the main feed.
    Controller,
    /// `atis` of the main feed.
    Atis,
    /// A station or radio of the transceivers feed.
    Transceiver,
    /// A flight that PostgreSQL refused.
    Flight,
    /// A transition that PostgreSQL refused.
    Transition,
}

/// Why a record was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// A field is missing or has a wrong type.
    Schema,
    /// A field is outside its range.
    Range,
    /// The same flight stands twice in one snapshot.
    Duplicate,
    /// A callsign of more than 16 characters.
    TooLong,
    /// An optional field cannot be read: the record is taken without it.
    Field,
    /// Refused by the database (SQLSTATE class 22 or 23).
    Other,
}

impl Source {
    /// The word in column and label.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Reason {
    /// The word in column and label.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
