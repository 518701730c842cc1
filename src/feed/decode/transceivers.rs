//! The transceivers feed: the radios of each callsign.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::value::RawValue;

use super::{
    DecodeError,
    checks::{self, required, whole, within},
    parse,
    tally::{Refusal, Tally},
};
use crate::{
    domain::{
        controller::{Station, Transceiver},
        snapshot::{Source, Transceivers},
    },
    feed::wire,
};

/// Decodes one publication of the transceivers feed.
///
/// A bad radio costs that radio alone. Of radios with one id at one callsign the last wins, also
/// when the callsign stands in the document twice.
///
/// # Errors
/// When the document is no list; an empty one is fine.
pub fn decode_transceivers(body: &[u8]) -> Result<Transceivers, DecodeError> {
    let list: Vec<&RawValue> = parse(body)?;
    let mut tally = Tally::default();
    let mut places: HashMap<Arc<str>, usize> = HashMap::with_capacity(list.len());
    let mut stations: Vec<Radios> = Vec::with_capacity(list.len());
    for raw in list {
        let (callsign, radios) = match station(raw.get(), &mut tally) {
            Ok(station) => station,
            Err(refusal) => {
                tally.reject(Source::Transceiver, raw, refusal);
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
                    stations[place].read.insert(radio.id, radio);
                }
                Err(refusal) => {
                    stations[place].is_whole = false;
                    tally.reject_of(Source::Transceiver, &callsign, raw, refusal);
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
        unknown_fields: tally.unknown_fields,
    })
}

/// The radios of one callsign.
struct Radios {
    callsign: Arc<str>,
    read: BTreeMap<i32, Transceiver>,
    is_whole: bool,
}

fn station<'a>(
    record: &'a str,
    tally: &mut Tally,
) -> Result<(Arc<str>, Vec<&'a RawValue>), Refusal> {
    let fed: wire::Station = serde_json::from_str(record)?;
    tally.unknown("stations.", fed.unknown);
    let callsign = checks::callsign(fed.callsign.as_ref())?;
    Ok((callsign, required("transceivers", fed.transceivers)?))
}

fn radio(record: &str, tally: &mut Tally) -> Result<Transceiver, Refusal> {
    let fed: wire::Transceiver = serde_json::from_str(record)?;
    tally.unknown("stations.transceivers.", fed.unknown);
    let frequency = required("frequency", fed.frequency)?.0;
    Ok(Transceiver {
        id: whole("id", required("id", fed.id)?)?,
        frequency_hz: within("frequency", frequency, 0..=i64::from(i32::MAX))?,
        latitude: within("latDeg", required("latDeg", fed.latDeg)?, -90.0..=90.0)?,
        longitude: within("lonDeg", required("lonDeg", fed.lonDeg)?, -180.0..=180.0)?,
        height_msl_m: required("heightMslM", fed.heightMslM)?,
        height_agl_m: required("heightAglM", fed.heightAglM)?,
    })
}
