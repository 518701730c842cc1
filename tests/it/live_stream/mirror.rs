//! What a client has that applies events, written from the contract alone.

use serde_json::{Map, Value, json};

use super::client::Event;

/// The answer of `live`, as a client builds it.
#[derive(Debug, Default)]
pub struct Mirror {
    pub answer: Value,
}

impl Mirror {
    pub fn mark(&self) -> &Value {
        &self.answer["mark"]
    }

    /// Applies an event.
    pub fn apply(&mut self, event: &Event) {
        match event.name.as_str() {
            "snapshot" => self.answer = event.data.clone(),
            "cycle" => self.cycle(&event.data),
            other => panic!("an event {other}"),
        }
        let micros = |time: &Value| {
            let time: chrono::DateTime<chrono::Utc> =
                serde_json::from_value(time.clone()).expect("a time");
            time.timestamp_micros()
        };
        assert_eq!(event.id, self.mark().as_str().map(|_| micros(self.mark())));
    }

    fn cycle(&mut self, event: &Value) {
        self.answer["mark"] = event["mark"].clone();
        let data = &mut self.answer["data"];
        for name in ["behind_seconds", "counts"] {
            data[name] = event[name].clone();
        }
        let flights = data["flights"].as_array_mut().expect("flights");
        let gone = rows(&event["flights"], "gone");
        flights.retain(|flight| !gone.contains(&flight["id"]));
        for set in rows(&event["flights"], "set") {
            flights.retain(|flight| flight["id"] != set["id"]);
            flights.push(set.clone());
        }
        flights.sort_by_key(|flight| flight["id"].as_i64());
        let mut change = |id: &Value, members: Value| {
            let flight = flights.iter_mut().find(|flight| flight["id"] == *id);
            if let (Some(flight), Value::Object(members)) = (flight, members) {
                flight.as_object_mut().expect("a flight").extend(members);
            }
        };
        for left in rows(event, "left") {
            change(&left["flight_id"], json!({"sector_name": null, "entered_at": null}));
        }
        for entered in rows(event, "entered") {
            let visit = json!({"sector_name": entered["sector_name"], "entered_at": entered["at"]});
            change(&entered["flight_id"], visit);
        }
        for contact in rows(event, "contacts") {
            let radio = picked(contact, &["state", "controller_callsign", "frequency_hz"]);
            change(&contact["flight_id"], json!({ "radio": radio }));
        }
        for position in rows(event, "positions") {
            let mut members = position.as_object().expect("a position").clone();
            members.remove("id");
            change(&position["id"], members.into());
        }
        self.sectors(event);
        self.controllers(&event["controllers"]);
    }

    fn sectors(&mut self, event: &Value) {
        let flights = rows(&self.answer["data"], "flights").clone();
        for sector in self.answer["data"]["sectors"].as_array_mut().expect("sectors") {
            let name = &sector["sector_name"];
            let inside = flights.iter().filter(|flight| flight["sector_name"] == *name).count();
            let control = rows(event, "control").iter().find(|it| it["sector_name"] == *name);
            let control =
                control.map(|it| picked(it, &["state", "controller_callsign", "owner_rank"]));
            if let Some(control) = control {
                sector["control"] = control.into();
            }
            sector["occupancy"] = inside.into();
        }
    }

    fn controllers(&mut self, event: &Value) {
        let key = |it: &Value| (it["callsign"].to_string(), it["logon_time"].to_string());
        let online = rows(event, "online");
        let over: Vec<_> = rows(event, "offline").iter().chain(online).map(key).collect();
        let controllers = self.answer["data"]["controllers"].as_array_mut().expect("controllers");
        controllers.retain(|it| !over.contains(&key(it)));
        controllers.extend(online.iter().cloned());
        controllers.sort_by_key(key);
    }
}

fn rows<'v>(of: &'v Value, name: &str) -> &'v Vec<Value> {
    of[name].as_array().unwrap_or_else(|| panic!("no {name} in {of}"))
}

fn picked(of: &Value, names: &[&str]) -> Map<String, Value> {
    names.iter().map(|name| ((*name).to_owned(), of[*name].clone())).collect()
}
