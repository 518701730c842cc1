//! A decoded publication of the feed, with the records that were rejected.

use std::collections::{BTreeMap, BTreeSet};

use strum::IntoStaticStr;

use super::{
    Time,
    controller::{Controller, Station},
    flight::{PartialKey, Pilot},
};

/// A publication of the main feed. Every pilot in it is within the ranges and unique.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// When the network published it. It is stored only if this is later than the mark.
    pub update_timestamp: Time,
    /// In the order of the file.
    pub pilots: Vec<Pilot>,
    /// `None` when the list is missing, null or of a wrong type: unknown, not empty.
    pub controllers: Option<Vec<Controller>>,
    /// The number of ATIS stations, which are not stored; `None` when unknown.
    pub atis: Option<usize>,
    /// The feed's own number of clients: pilots, controllers and ATIS in a whole document.
    pub connected_clients: Option<i64>,
    /// Rejected records.
    pub rejected: Vec<Rejected>,
    /// The rejected pilots: no observations, but present.
    pub refused_pilots: Vec<PartialKey>,
    /// The rejected controllers: what they might staff is unknown.
    pub refused_controllers: Vec<PartialKey>,
    /// Unreadable fields of accepted records.
    pub unreadable: Unreadable,
    /// Fields of the feed that the decoder does not know, as `pilots.field`.
    pub unknown_fields: BTreeSet<String>,
}

/// How many records of each type have which unreadable optional field.
pub type Unreadable = BTreeMap<(RecordType, &'static str), usize>;

/// A publication of the transceivers feed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Transceivers {
    /// In the order of the file.
    pub stations: Vec<Station>,
    /// Rejected records.
    pub rejected: Vec<Rejected>,
    /// Radios that were left out and are only counted, because there are too many of their callsign.
    pub surplus: usize,
    /// See [`Snapshot::unreadable`].
    pub unreadable: Unreadable,
    /// See [`Snapshot::unknown_fields`].
    pub unknown_fields: BTreeSet<String>,
}

/// A rejected record, with enough information to find the cause.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejected {
    /// The type of the record.
    pub source: RecordType,
    /// The reason, one of a fixed set.
    pub reason: RejectionReason,
    /// The reason for people: the field and what is allowed. It holds no value of the feed.
    pub detail: String,
    /// The CID, if it could be read.
    pub cid: Option<i32>,
    /// The callsign, if it could be read; cut at 64 characters.
    pub callsign: Option<String>,
    /// The known fields without `name`, with NUL escaped, cut at 4 KiB; empty when the record is no object.
    pub raw: String,
}

/// The type of a rejected record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RecordType {
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
pub enum RejectionReason {
    /// A field is missing or has a wrong type.
    Schema,
    /// A field is outside its range.
    Range,
    /// The same flight is in the snapshot twice.
    Duplicate,
    /// A callsign of more than 16 characters.
    TooLong,
    /// A radio of a callsign that has more of them than are used.
    TooMany,
    /// An optional field cannot be read; the record is accepted without it.
    Field,
    /// The database refused it (SQLSTATE class 22 or 23).
    Other,
}

impl RecordType {
    /// The name in columns and labels.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl RejectionReason {
    /// The name in columns and labels.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
