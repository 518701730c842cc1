//! Feed documents for tests, good unless a test changes them.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

/// The time of [`second`] 0.
pub const START: &str = "2025-01-01T12:00:00Z";
/// The default logon time.
const LOGON: &str = "2025-01-01T11:30:00.1234567Z";

/// The time this many seconds after [`START`], in the feed's format.
pub fn second(seconds: i64) -> String {
    let start: DateTime<Utc> = START.parse().expect("a time");
    let time = start + chrono::Duration::seconds(seconds);
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A point inside a sector of the built-in airspace and in no smaller sector, at 5,000 ft.
pub fn inside(sector: &str) -> (f64, f64) {
    match sector {
        "SYD" => (-33.95, 151.18),
        "MEL" => (-37.67, 144.84),
        "BNE" => (-27.38, 153.12),
        "ADL" => (-34.95, 138.53),
        "PER" => (-31.94, 115.97),
        "CNS" => (-16.89, 145.76),
        "CBR" => (-35.31, 149.20),
        "DRW" => (-12.42, 130.88),
        "YBBB" => (-22.0, 145.0),
        "YMMM" => (-30.0, 130.0),
        other => panic!("no such sector: {other}"),
    }
}

/// A point outside the built-in airspace.
pub const OUTSIDE: (f64, f64) = (51.47, -0.45);

/// A pilot's record.
#[derive(Debug, Clone)]
pub struct Pilot(Value);

impl Pilot {
    /// Creates a pilot who cruises in YMMM with a plan from YSSY to YMML.
    pub fn new(callsign: &str, cid: i32) -> Self {
        let (latitude, longitude) = inside("YMMM");
        let pilot = json!({
            "cid": cid, "name": "Nobody", "callsign": callsign, "server": "TEST",
            "pilot_rating": 0, "military_rating": 0,
            "latitude": latitude, "longitude": longitude, "altitude": 5000, "groundspeed": 250,
            "transponder": "2000", "heading": 90, "qnh_i_hg": 29.92, "qnh_mb": 1013,
            "flight_plan": null, "logon_time": LOGON, "last_updated": null,
        });
        Self(pilot).plan("YSSY", "YMML")
    }

    /// Sets the position in degrees.
    pub fn at(self, latitude: f64, longitude: f64) -> Self {
        self.set("latitude", json!(latitude)).set("longitude", json!(longitude))
    }

    /// Moves the pilot to a point inside this sector of the built-in airspace.
    pub fn inside(self, sector: &str) -> Self {
        let (latitude, longitude) = inside(sector);
        self.at(latitude, longitude)
    }

    /// Sets the true altitude in feet.
    pub fn alt(self, altitude_ft: i32) -> Self {
        self.set("altitude", json!(altitude_ft))
    }

    /// Sets the groundspeed in knots.
    pub fn kt(self, groundspeed: i32) -> Self {
        self.set("groundspeed", json!(groundspeed))
    }

    /// Sets a complete flight plan.
    pub fn plan(self, departure: &str, arrival: &str) -> Self {
        let plan = json!({
            "flight_rules": "I", "aircraft": "B738/M-SDE2E3FGHIRWXY/LB1",
            "aircraft_faa": "B738/L", "aircraft_short": "B738",
            "departure": departure, "arrival": arrival, "alternate": "YSCB",
            "cruise_tas": "450", "altitude": "FL350", "deptime": "1130", "enroute_time": "0130",
            "fuel_time": "0400", "remarks": "/v/", "route": "DCT", "revision_id": 1,
            "assigned_transponder": "1234",
        });
        self.set("flight_plan", plan)
    }

    /// Removes the flight plan.
    pub fn no_plan(self) -> Self {
        self.set("flight_plan", Value::Null)
    }

    /// Sets the observation time in RFC 3339. The default is the document's own time.
    pub fn last_updated(self, time: &str) -> Self {
        self.set("last_updated", json!(time))
    }

    /// Sets the logon time in RFC 3339. Another logon time means another flight.
    pub fn logon(self, time: &str) -> Self {
        self.set("logon_time", json!(time))
    }

    pub fn set(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }

    /// The JSON, without the fields that the document would add.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    pub fn without(mut self, field: &str) -> Self {
        let record = self.0.as_object_mut().expect("an object");
        record.remove(field);
        self
    }
}

/// A controller's record.
#[derive(Debug, Clone)]
pub struct Controller(Value);

impl Controller {
    /// Creates a controller with a frequency; the facility follows from the callsign's suffix.
    pub fn new(callsign: &str, cid: i32) -> Self {
        let suffixes = ["OBS", "FSS", "DEL", "GND", "TWR", "APP", "CTR"];
        let facility = suffixes.iter().position(|end| callsign.ends_with(end));
        Self(json!({
            "cid": cid, "name": "Nobody", "callsign": callsign, "frequency": "124.700",
            "facility": facility.unwrap_or_default(), "rating": 5, "server": "TEST",
            "visual_range": 50, "text_atis": null, "logon_time": LOGON, "last_updated": null,
        }))
    }

    pub fn set(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }
}

/// A publication of the feed with its transceivers.
#[derive(Debug, Clone)]
pub struct Feed {
    time: String,
    pilots: Vec<String>,
    controllers: Vec<String>,
    stations: Vec<Value>,
}

impl Feed {
    /// Creates a publication with this `update_timestamp` and without clients.
    pub fn at(time: &str) -> Self {
        Self {
            time: time.to_owned(),
            pilots: Vec::new(),
            controllers: Vec::new(),
            stations: Vec::new(),
        }
    }

    /// Creates a publication this many seconds after [`START`].
    pub fn second(seconds: i64) -> Self {
        Self::at(&second(seconds))
    }

    pub fn pilot(mut self, pilot: Pilot) -> Self {
        self.pilots.push(self.dated(pilot.0).to_string());
        self
    }

    pub fn pilots(self, pilots: impl IntoIterator<Item = Pilot>) -> Self {
        pilots.into_iter().fold(self, Self::pilot)
    }

    /// Adds a pilot's record that no JSON writer would produce.
    pub fn raw_pilot(mut self, record: &str) -> Self {
        self.pilots.push(record.to_owned());
        self
    }

    pub fn controller(mut self, controller: Controller) -> Self {
        self.controllers.push(self.dated(controller.0).to_string());
        self
    }

    /// Adds a transceiver of this callsign.
    pub fn radio(mut self, callsign: &str, frequency_hz: i32, at: (f64, f64)) -> Self {
        self.stations.push(json!({"callsign": callsign, "transceivers": [{
            "id": 0, "frequency": frequency_hz, "latDeg": at.0, "lonDeg": at.1,
            "heightMslM": 1500.0, "heightAglM": 1400.0,
        }]}));
        self
    }

    /// Removes all radios.
    pub fn without_radios(mut self) -> Self {
        self.stations.clear();
        self
    }

    /// Its `update_timestamp`.
    pub fn time(&self) -> &str {
        &self.time
    }

    /// The main document.
    pub fn json(&self) -> String {
        let general = json!({
            "version": 3, "reload": 1, "update": "20250101120000",
            "update_timestamp": self.time,
            "connected_clients": self.pilots.len() + self.controllers.len(),
            "unique_users": self.pilots.len() + self.controllers.len(),
        });
        let (pilots, controllers) = (self.pilots.join(","), self.controllers.join(","));
        format!(
            r#"{{"general":{general},"pilots":[{pilots}],"controllers":[{controllers}],"atis":[],
"servers":[],"prefiles":[],"facilities":[],"ratings":[],"pilot_ratings":[],"military_ratings":[]}}"#
        )
    }

    /// The document of the transceivers.
    pub fn transceivers_json(&self) -> String {
        json!(self.stations).to_string()
    }

    fn dated(&self, mut record: Value) -> Value {
        if record["last_updated"].is_null() {
            record["last_updated"] = json!(self.time);
        }
        record
    }
}

/// Creates this many flights in scope, spread over the middle of the en-route sectors of the
/// built-in airspace.
pub fn spread(count: usize) -> impl Iterator<Item = Pilot> {
    (0..count).map(|i| {
        let cid = 1_000_000 + i32::try_from(i).expect("few enough");
        let (row, column) = (i / 40 % 40, i % 40);
        let latitude = -30.0 + 0.2 * row as f64;
        let longitude = 123.0 + 0.5 * column as f64;
        Pilot::new(&format!("TST{i:05}"), cid).at(latitude, longitude)
    })
}
