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
    controller::{Station, Transceiver},
    snapshot::{RecordType, Transceivers},
};

/// Decodes a publication of the transceivers feed.
///
/// A bad radio costs only itself. Of radios with the same id and callsign the last one counts, even if the
/// callsign is in the document twice.
///
/// # Errors
/// The document is no list. An empty list is valid.
pub fn decode_transceivers(body: &[u8]) -> Result<Transceivers, DecodeError> {
    let list: Vec<&RawValue> = parse(body, "it is no list")?;
    let mut tally = Tally::default();
    let mut places: HashMap<Arc<str>, usize> = HashMap::with_capacity(list.len());
    let mut stations: Vec<Radios> = Vec::with_capacity(list.len());
    for raw in list {
        let (callsign, radios) = match station(raw.get(), &mut tally) {
            Ok(station) => station,
            Err(refusal) => {
                tally.reject(RecordType::Transceiver, raw, refusal);
                continue;
            }
        };
        let place = *places.entry(callsign.clone()).or_insert_with(|| {
            stations.push(Radios {
                callsign: callsign.clone(),
                read: BTreeMap::new(),
                is_whole: true,
            });
            stations.len() - 1
        });
        for raw in radios {
            match radio(raw.get(), &mut tally) {
                Ok(radio) => {
                    tally.unreadable(RecordType::Transceiver, &radio.unreadable);
                    stations[place].read.insert(radio.id, radio);
                }
                Err(refusal) => {
                    stations[place].is_whole = false;
                    tally.reject_of(RecordType::Transceiver, &callsign, raw, refusal);
                }
            }
        }
    }
    Ok(Transceivers {
        stations: stations
            .into_iter()
            .map(|Radios { callsign, read, is_whole }| Station {
                callsign,
                transceivers: read.into_values().collect(),
                is_whole,
            })
            .collect(),
        rejected: tally.rejected,
        unreadable: tally.unreadable,
        unknown_fields: tally.unknown_fields,
    })
}

/// The radios of one callsign.
struct Radios {
    callsign: Arc<str>,
    read: BTreeMap<i32, Transceiver>,
    is_whole: bool,
}

fn station<'a>(json: &'a str, tally: &mut Tally) -> Result<(Arc<str>, Vec<&'a RawValue>), Refusal> {
    let fed: wire::Station = record(json)?;
    tally.unknown("stations.", fed.unknown);
    let lost = Unreadable(fed.unreadable);
    let callsign = lost.callsign(fed.callsign.as_ref())?;
    Ok((callsign, lost.required("transceivers", fed.transceivers)?))
}

fn radio(json: &str, tally: &mut Tally) -> Result<Transceiver, Refusal> {
    let fed: wire::Transceiver = record(json)?;
    tally.unknown("stations.transceivers.", fed.unknown);
    let lost = Unreadable(fed.unreadable);
    let id = lost.required("id", fed.id)?.0;
    let frequency = lost.required("frequency", fed.frequency)?.0;
    let latitude = lost.required("latDeg", fed.latDeg)?;
    let longitude = lost.required("lonDeg", fed.lonDeg)?;
    Ok(Transceiver {
        id: within("id", id, i32::MIN.into()..=i32::MAX.into())? as i32,
        frequency_hz: within("frequency", frequency, 0..=i32::MAX.into())?,
        latitude: within("latDeg", latitude, -90.0..=90.0)?,
        longitude: within("lonDeg", longitude, -180.0..=180.0)?,
        height_msl_m: fed.heightMslM,
        height_agl_m: fed.heightAglM,
        unreadable: lost.0,
    })
}
