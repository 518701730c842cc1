//! Compares the flight phase with a binary COPY of the same rows, and the sector phase with the
//! flight phase.

use std::{
    pin::pin,
    time::{Duration, Instant, SystemTime},
};

use chrono::{DateTime, Utc};
use sectorwatch::status::outcome::Phase;
use tokio_postgres::{
    Client, Row,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};

use crate::{
    figures::{Times, ms, ratio, row, table},
    rig::Rig,
};

const WARM_UP: usize = 4;

/// Cycles with known flights and new positions, as nearly all cycles are.
pub fn steady(rig: &Rig, sizes: &[(usize, usize)]) {
    let mut station = rig.station("steady");
    let yardstick = rig.wait(Yardstick::beside(rig.wait(rig.client("steady"))));
    table(
        "Known flights: flight phase to COPY, sector phase to flight phase, computing to cycle",
        &[
            "flights",
            "flights / COPY",
            "crossing: flights / COPY",
            "sectors / flights",
            "computing / cycle",
            "COPY",
            "flight phase",
            "crossing: flight phase",
            "sector phase",
            "cycle",
        ],
    );
    for &(flights, repetitions) in sizes {
        let [mut copied, mut quiet, mut busy, mut sectors] = <[Times; 4]>::default();
        let [mut computing, mut cycles] = <[Times; 2]>::default();
        for repetition in 0..WARM_UP + repetitions {
            let calm = rig.wait(station.cycle(flights, false));
            let copy = rig.wait(yardstick.copy_newest(&station.client, station.time));
            let crossing = rig.wait(station.cycle(flights, true));
            if repetition < WARM_UP {
                continue;
            }
            quiet.push(calm.took(Phase::Flights));
            copied.push(copy);
            busy.push(crossing.took(Phase::Flights));
            sectors.push(crossing.took(Phase::Sectors));
            computing.push(crossing.computing());
            cycles.push(crossing.whole());
        }
        row([
            flights.to_string(),
            ratio(quiet.ratio_to(&copied)),
            ratio(busy.ratio_to(&copied)),
            ratio(sectors.ratio_to(&busy)),
            ratio(computing.ratio_to(&cycles)),
            ms(copied.median_ms()),
            ms(quiet.median_ms()),
            ms(busy.median_ms()),
            ms(sectors.median_ms()),
            ms(cycles.median_ms()),
        ]);
    }
}

/// Cycles in which all flights are new and enter a sector, as in the first snapshot of a new
/// database.
pub fn first(rig: &Rig, sizes: &[(usize, usize)]) {
    let mut station = rig.station("first");
    let yardstick = rig.wait(Yardstick::beside(rig.wait(rig.client("first"))));
    table(
        "First snapshot: every flight new, and entering",
        &["flights", "flights / COPY", "COPY", "flight phase", "cycle"],
    );
    for &(flights, repetitions) in sizes {
        let [mut copied, mut stored, mut cycles] = <[Times; 3]>::default();
        for _ in 0..repetitions.min(21) {
            rig.wait(station.forget_all());
            let cycle = rig.wait(station.cycle(flights, false));
            stored.push(cycle.took(Phase::Flights));
            cycles.push(cycle.whole());
            copied.push(rig.wait(yardstick.copy_newest(&station.client, station.time)));
        }
        row([
            flights.to_string(),
            ratio(stored.ratio_to(&copied)),
            ms(copied.median_ms()),
            ms(stored.median_ms()),
            ms(cycles.median_ms()),
        ]);
    }
}

/// A table's name, and the query for its rows that the newest cycle wrote.
type Newest = (&'static str, &'static str);

const FLIGHTS: Newest = ("flights", "select * from flights where last_seen = $1");
const POSITIONS: Newest = (
    "flight_positions",
    "select p.* from flight_positions p \
     join flights f on f.id = p.flight_id and f.last_updated = p.observed_at where f.last_seen = $1",
);
const CONTROLLERS: Newest = ("controllers", "select * from controllers where last_seen = $1");
/// All rows, because the yardstick does not know which of them are unchanged.
const RADIOS: Newest =
    ("transceivers", "select * from transceivers where $1::timestamptz is not null");

/// A COPY of the rows of a cycle into empty copies of the tables, with their indexes and the
/// foreign key.
pub struct Yardstick {
    client: Client,
    tables: &'static [Newest],
}

impl Yardstick {
    /// A yardstick for the rows that the flights transaction writes.
    async fn beside(client: Client) -> Self {
        Self::of(client, &[FLIGHTS, POSITIONS]).await
    }

    /// A yardstick for all rows that a cycle has to store.
    pub async fn of_all(client: Client) -> Self {
        Self::of(client, &[FLIGHTS, POSITIONS, CONTROLLERS, RADIOS]).await
    }

    async fn of(client: Client, tables: &'static [Newest]) -> Self {
        for (table, _) in tables {
            let create = format!("create table copied_{table} (like {table} including all)");
            client.batch_execute(&create).await.expect(table);
        }
        let key = "alter table copied_flight_positions \
             add foreign key (flight_id) references copied_flights (id) on delete cascade";
        client.batch_execute(key).await.expect("the foreign key");
        Self { client, tables }
    }

    /// Copies the rows of the newest cycle in one transaction, and returns how long that took.
    pub async fn copy_newest(&self, source: &Client, time: DateTime<Utc>) -> Duration {
        let newest = SystemTime::from(time);
        let mut read = Vec::new();
        for (table, sql) in self.tables {
            read.push((table, Rows::read(source, sql, newest).await));
            let truncate = format!("truncate copied_{table} cascade");
            self.client.batch_execute(&truncate).await.expect(table);
        }
        let begun = Instant::now();
        self.client.batch_execute("begin").await.expect("begin");
        for (table, rows) in read {
            rows.copy(&self.client, &format!("copied_{table}")).await;
        }
        self.client.batch_execute("commit").await.expect("commit");
        begun.elapsed()
    }
}

type Value = Box<dyn ToSql + Sync + Send>;

/// The rows of a table, in memory.
struct Rows {
    types: Vec<Type>,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    async fn read(client: &Client, sql: &str, newest: SystemTime) -> Self {
        let statement = client.prepare(sql).await.expect(sql);
        let columns = statement.columns().iter();
        let types: Vec<Type> = columns.map(|column| column.type_().clone()).collect();
        let read = client.query(&statement, &[&newest]).await.expect(sql);
        let values = |row: &Row| {
            let columns = types.iter().enumerate();
            columns.map(|(i, of)| value(row, i, of)).collect()
        };
        Self { rows: read.iter().map(values).collect(), types }
    }

    async fn copy(&self, client: &Client, table: &str) {
        let copy = format!("copy {table} from stdin (format binary)");
        let sink = client.copy_in(&copy).await.expect("begin of COPY");
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &self.types));
        for row in &self.rows {
            let values = row.iter().map(|value| value.as_ref() as &(dyn ToSql + Sync));
            writer.as_mut().write_raw(values).await.expect("a row");
        }
        let copied = writer.finish().await.expect("end of COPY");
        assert_eq!(copied, self.rows.len() as u64);
    }
}

fn value(row: &Row, i: usize, of: &Type) -> Value {
    match *of {
        Type::INT8 => Box::new(row.get::<_, Option<i64>>(i)),
        Type::INT4 => Box::new(row.get::<_, Option<i32>>(i)),
        Type::INT2 => Box::new(row.get::<_, Option<i16>>(i)),
        Type::FLOAT8 => Box::new(row.get::<_, Option<f64>>(i)),
        Type::TEXT => Box::new(row.get::<_, Option<String>>(i)),
        Type::TIMESTAMPTZ => Box::new(row.get::<_, Option<SystemTime>>(i)),
        _ => panic!("a column of type {of}"),
    }
}
