//! A filled database, and how to compare rows with those of plain SQL.

use chrono::{DateTime, SecondsFormat, Utc};
use sectorwatch_store::{
    Secret,
    api::{Asked, Read, ReadError, Reader, Reads},
};
use serde::Serialize;
use serde_json::Value;

use crate::support::{postgres::Database, sql::Client, store::Stored};

/// Ten days to the mark. Every seventh flight lasts for hours, the others for half an hour; the last ones are in the
/// air. Sessions begin together, and are interrupted.
const FILL: &str = include_str!("filled.sql");

/// The time of the newest snapshot.
pub const MARK: &str = "2026-01-11T00:00:00Z";

/// A filled database, and a store on it.
pub struct Scene {
    pub client: Client,
    pub stored: Stored,
    /// Dropped last.
    _database: Database,
}

impl Scene {
    pub fn new() -> Self {
        let database = Database::migrated();
        let client = database.client();
        client.run("set timezone = 'UTC'");
        client.run(FILL);
        // The rights of the reader's role, as `scripts/roles.sql` gives them.
        let reader = format!("{}_reader", database.name());
        client.run(&format!(
            "create role {reader} login; grant usage on schema public to {reader}; \
             grant select on all tables in schema public to {reader}; \
             revoke all on forgotten_members from {reader}"
        ));
        let stored = Stored::with(&database.url(), |settings| {
            settings.keys.given = Some(Secret::new("0123456789abcdef0123456789abcdef"));
            settings.read_url = Secret::new(database.server().url_of(&reader, database.name()));
        });
        Self { client, stored, _database: database }
    }

    pub fn reads(&self) -> Reads {
        self.stored.store.reads(Reader::Api)
    }

    pub fn export(&self) -> Reads {
        self.stored.store.reads(Reader::Export)
    }

    /// The data of a read.
    pub fn data<T>(&self, read: impl Future<Output = Result<Read<T>, ReadError>>) -> T {
        self.stored.run(read).expect("an answer").data
    }

    /// The rows of a statement as JSON, with times as the API writes them.
    pub fn rows(&self, sql: &str) -> Vec<Value> {
        let rows = self.client.column(&format!("select to_jsonb(t) from ({sql}) t"));
        rows.iter().map(|row| normal(serde_json::from_str(row).expect("JSON"))).collect()
    }
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("a time")
}

pub fn span(from: &str, to: &str) -> Asked {
    Asked::of_a_list(Some(at(from)), Some(at(to)))
}

/// Rows as JSON, comparable with those of [`Scene::rows`].
pub fn json<T: Serialize>(rows: &[T]) -> Vec<Value> {
    rows.iter().map(|row| normal(serde_json::to_value(row).expect("JSON"))).collect()
}

/// PostgreSQL writes 1.0 as 1, and UTC as +00:00. Sums of seconds may differ by less than a microsecond.
fn normal(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let number = number.as_f64().expect("a number");
            Value::from((number * 1e6).round() / 1e6)
        }
        Value::String(text) if text.ends_with("+00:00") || text.ends_with('Z') => {
            match text.parse::<DateTime<Utc>>() {
                // Both write as many digits of a second as they need, in groups of three or not.
                Ok(time) => time.to_rfc3339_opts(SecondsFormat::Micros, true).into(),
                Err(_) => text.into(),
            }
        }
        Value::Array(items) => items.into_iter().map(normal).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (name, normal(value))).collect()
        }
        other => other,
    }
}

/// All pages of a list.
macro_rules! walked {
    ($scene:expr, $limit:expr, $page:ident => $read:expr) => {{
        let mut all = Vec::new();
        let mut $page = sectorwatch_store::api::PageOf::first($limit);
        loop {
            let read = $scene.stored.run($read).expect("a page");
            assert!(read.data.rows.len() <= $limit);
            $page.bound = read.facts.bound;
            all.extend(read.data.rows);
            match read.data.next {
                Some(key) => $page.after = Some(key),
                None => break all,
            }
        }
    }};
}
pub(super) use walked;
