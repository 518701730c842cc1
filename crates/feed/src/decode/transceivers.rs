//! The transceivers feed: the radios of each callsign.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::value::RawValue;

use super::{
    DecodeError,
    checks::{Unreadable, record, within},
    document::parse,
    tally::{Refusal, Tally},
};
use crate::wire;
use sectorwatch_core::{
    controller::{Antenna, Station, Transceiver},
    snapshot::{RecordType, RejectionReason, Transceivers},
};

/// The highest frequency of a radio in hertz: its channel fits the column.
const HIGHEST_HZ: f64 = 2_147_000_000.0;

/// How many radios of one callsign are used, and of how many more the reason of their refusal is kept.
const MOST_RADIOS: usize = 64;

/// Decodes a publication of the transceivers feed.
///
/// A bad radio costs only itself. If a callsign is in the document twice, in any case, its lists are joined. Its first
/// 64 radios that can be read are used, and the others only counted. Of radios with the same id the last one counts;
/// as antennas, all of them do.
///
/// # Errors
/// The document is no list. An empty list is valid.
pub fn decode_transceivers(body: &[u8]) -> Result<Transceivers, DecodeError> {
    let list: Vec<&RawValue> = parse(body, "it is no list")?;
    let mut tally = Tally::default();
    let mut surplus = 0;
    let mut places: HashMap<String, usize> = HashMap::with_capacity(list.len());
    let mut stations: Vec<Radios> = Vec::with_capacity(list.len());
    for raw in list {
        let (callsign, radios) = match station(raw.get(), &mut tally) {
            Ok(station) => station,
            Err(refusal) => {
                tally.reject(RecordType::Transceiver, raw, refusal);
                continue;
            }
        };
        let place = *places.entry(callsign.to_ascii_uppercase()).or_insert_with(|| {
            stations.push(Radios::of(callsign));
            stations.len() - 1
        });
        surplus += stations[place].read_all(&radios, &mut tally);
    }
    Ok(Transceivers {
        stations: stations.into_iter().map(Station::from).collect(),
        rejected: tally.rejected,
        surplus,
        unreadable: tally.unreadable,
        unknown_fields: tally.unknown_fields,
    })
}

/// The radios of one callsign.
struct Radios {
    callsign: Arc<str>,
    read: BTreeMap<i32, Transceiver>,
    antennas: Vec<Antenna>,
    rejected: usize,
}

impl Radios {
    fn of(callsign: Arc<str>) -> Self {
        Self { callsign, read: BTreeMap::new(), antennas: Vec::new(), rejected: 0 }
    }

    /// Reads a list of the callsign. Returns how many radios are more than are used or kept.
    fn read_all(&mut self, radios: &[&RawValue], tally: &mut Tally) -> usize {
        let mut surplus = 0;
        for (at, raw) in radios.iter().enumerate() {
            if self.antennas.len() == MOST_RADIOS {
                return surplus + self.leave_out(&radios[at..], tally);
            }
            if let Err(refusal) = self.read(raw.get(), tally) {
                self.rejected += 1;
                match self.rejected <= MOST_RADIOS {
                    true => tally.reject_of(RecordType::Transceiver, &self.callsign, raw, refusal),
                    false => surplus += 1,
                }
            }
        }
        surplus
    }

    fn read(&mut self, json: &str, tally: &mut Tally) -> Result<(), Refusal> {
        let fed: wire::Transceiver = record(json)?;
        tally.unknown("stations.transceivers.", fed.unknown);
        let lost = Unreadable(fed.unreadable);
        let frequency = lost.required("frequency", fed.frequency)?;
        let latitude = lost.required("latDeg", fed.latDeg)?;
        let longitude = lost.required("lonDeg", fed.lonDeg)?;
        // What is less than a hertz is cut off.
        let antenna = Antenna {
            frequency_hz: within("frequency", frequency, 0.0..=HIGHEST_HZ)? as u32,
            latitude: within("latDeg", latitude, -90.0..=90.0)?,
            longitude: within("lonDeg", longitude, -180.0..=180.0)?,
            height_msl_m: fed.heightMslM,
        };
        self.antennas.push(antenna);
        let id = lost.required("id", fed.id)?.0;
        let radio = Transceiver {
            id: within("id", id, i32::MIN.into()..=i32::MAX.into())? as i32,
            frequency_hz: antenna.frequency_hz.into(),
            latitude,
            longitude,
            height_msl_m: fed.heightMslM,
            height_agl_m: fed.heightAglM,
            unreadable: lost.0,
        };
        tally.unreadable(RecordType::Transceiver, &radio.unreadable);
        self.read.insert(radio.id, radio);
        Ok(())
    }

    /// Leaves radios out of which enough were read. The first one of a list is told. Returns the number of the others.
    fn leave_out(&self, radios: &[&RawValue], tally: &mut Tally) -> usize {
        let Some((first, others)) = radios.split_first() else { return 0 };
        let detail = format_args!("transceivers: more than {MOST_RADIOS} of one callsign");
        let refusal = Refusal::new(RejectionReason::TooMany, detail);
        tally.reject_of(RecordType::Transceiver, &self.callsign, first, refusal);
        others.len()
    }
}

impl From<Radios> for Station {
    fn from(Radios { callsign, read, antennas, rejected }: Radios) -> Self {
        let transceivers = read.into_values().collect();
        Self { callsign, transceivers, antennas, is_whole: rejected == 0 }
    }
}

fn station<'a>(json: &'a str, tally: &mut Tally) -> Result<(Arc<str>, Vec<&'a RawValue>), Refusal> {
    let fed: wire::Station = record(json)?;
    tally.unknown("stations.", fed.unknown);
    let lost = Unreadable(fed.unreadable);
    let callsign = lost.callsign(fed.callsign.as_ref())?;
    Ok((callsign, lost.required("transceivers", fed.transceivers)?))
}
