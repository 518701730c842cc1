//! The sizes of the tables, from the planner's estimates. Nothing is counted.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use diesel::sql_types::{Array, BigInt, Double, Nullable, Text};
use diesel_async::RunQueryDsl;
use prometheus::{GaugeVec, IntGaugeVec};
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, PgError};
use sectorwatch_telemetry::metrics::Registry;

/// The tables that are measured.
const TABLES: [&str; 12] = [
    "flights",
    "flight_positions",
    "flight_sector_occupancy",
    "pending_transitions",
    "airport_movements",
    "flight_radio_intervals",
    "sector_control",
    "collector_state",
    "controllers",
    "transceivers",
    "poll_cycles",
    "rejected_records",
];

/// A partitioned table is the sum of its partitions. If a partition was never analysed and is not empty, the
/// table has no estimate.
const SIZES: &str = "\
    select name, sum(pg_total_relation_size(part.oid))::bigint as bytes, \
        case when bool_and(part.reltuples >= 0 or part.relpages = 0 and pg_relation_size(part.oid) = 0) \
            then sum(greatest(part.reltuples, 0))::float8 end as rows, \
        sum(pg_stat_get_live_tuples(part.oid))::bigint as live_rows \
    from unnest($1) name, \
        lateral (select inhrelid as oid from pg_inherits where inhparent = to_regclass(name) \
                 union all select to_regclass(name)) parts \
        join pg_class part on part.oid = parts.oid \
    where part.relkind = 'r' \
    group by name";

/// The tables at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredTables {
    /// When they were measured.
    pub at: Time,
    /// The tables that exist.
    pub tables: Vec<TableSize>,
}

/// The size of a table.
#[derive(Debug, Clone, PartialEq, diesel::QueryableByName)]
pub struct TableSize {
    /// The name of the table.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The size with indexes and TOAST.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
    /// The estimated rows; `None` before the table was analysed.
    #[diesel(sql_type = Nullable<Double>)]
    pub rows: Option<f64>,
    /// The live rows in the server's statistics, which a crash empties.
    #[diesel(sql_type = BigInt)]
    pub live_rows: i64,
}

/// Reads the sizes of the tables that exist.
///
/// # Errors
/// Any database error.
pub async fn sizes(connection: &mut Connection) -> Result<Vec<TableSize>, PgError> {
    let query = diesel::sql_query(SIZES).bind::<Array<Text>, _>(TABLES.as_slice());
    connection.run(async |pg| query.load(pg).await).await
}

/// The metrics of the tables.
#[derive(Clone)]
pub struct TableMetrics {
    rows: GaugeVec,
    bytes: IntGaugeVec,
    measured: Arc<ArcSwapOption<MeasuredTables>>,
}

impl TableMetrics {
    /// Registers the families, without an estimate for any table.
    ///
    /// # Errors
    /// A family is already registered.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            rows: registry.gauges(
                "rows_estimated",
                "Rows of each table as PostgreSQL's planner estimates them (pg_class.reltuples); NaN before the table was analysed.",
                &["table"],
            )?,
            bytes: registry.int_gauges(
                "table_bytes",
                "Size of each table on disk, including indexes and TOAST.",
                &["table"],
            )?,
            measured: Arc::default(),
        };
        for table in TABLES {
            metrics.rows.with_label_values(&[table]).set(f64::NAN);
            metrics.bytes.with_label_values(&[table]);
        }
        Ok(metrics)
    }

    /// Records sizes that were measured now.
    pub fn measured(&self, mut sizes: Vec<TableSize>) {
        sizes.sort_by_key(|size| TABLES.iter().position(|table| *table == size.name));
        for size in &sizes {
            let labels = [size.name.as_str()];
            self.rows.with_label_values(&labels).set(size.rows.unwrap_or(f64::NAN));
            self.bytes.with_label_values(&labels).set(size.bytes);
        }
        let measured = MeasuredTables { at: chrono::Utc::now(), tables: sizes };
        self.measured.store(Some(Arc::new(measured)));
    }

    /// The tables as last measured; `None` before the first time.
    pub fn latest(&self) -> Option<Arc<MeasuredTables>> {
        self.measured.load_full()
    }
}
