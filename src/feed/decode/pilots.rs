//! One record of `pilots`.

use super::{
    checks::{self, optional_text, optional_whole, required, within},
    plan::flight_plan,
    session::Session,
    tally::{Refusal, Tally},
};
use crate::{
    domain::{
        Time,
        flight::{FlightKey, Pilot},
        snapshot::Source,
    },
    feed::wire::{self, Rounded},
};

impl Session for Pilot {
    const SOURCE: Source = Source::Pilot;

    fn decode(record: &str, published: Time, tally: &mut Tally) -> Result<Self, Refusal> {
        let fed: wire::Pilot = serde_json::from_str(record)?;
        tally.unknown("pilots.", fed.unknown);
        let altitude = required("altitude", fed.altitude)?.0;
        let groundspeed = fed.groundspeed.map(|Rounded(kt)| within("groundspeed", kt, 0..=3_000));
        Ok(Pilot {
            key: FlightKey {
                cid: checks::cid(fed.cid)?,
                callsign: checks::callsign(fed.callsign.as_ref())?,
                logon_time: checks::logon_time(fed.logon_time.as_ref(), published)?,
            },
            server: optional_text(fed.server.as_ref()).unwrap_or_default(),
            pilot_rating: optional_whole("pilot_rating", fed.pilot_rating)?,
            military_rating: optional_whole("military_rating", fed.military_rating)?,
            latitude: within("latitude", required("latitude", fed.latitude)?, -90.0..=90.0)?,
            longitude: within("longitude", required("longitude", fed.longitude)?, -180.0..=180.0)?,
            altitude: within("altitude", altitude, -2_000..=100_000)? as i32,
            groundspeed: groundspeed.transpose()?.map(|kt| kt as i32),
            transponder: optional_text(fed.transponder.as_ref()),
            heading: fed.heading.map(|Rounded(degrees)| degrees.rem_euclid(360) as i16),
            // Nonsense in it costs no flight: it is clamped where it is used.
            qnh_mb: fed.qnh_mb.map(|Rounded(mb)| mb.clamp(i32::MIN.into(), i32::MAX.into()) as i32),
            flight_plan: fed.flight_plan.map(|plan| flight_plan(plan, tally)).transpose()?,
            last_updated: checks::last_updated(fed.last_updated.as_ref(), published)?,
            unreadable: Vec::new(),
        })
    }

    fn identity(&self) -> (i32, &str, Time) {
        (self.key.cid, &self.key.callsign, self.key.logon_time)
    }

    fn last_updated(&self) -> Time {
        self.last_updated
    }
}
