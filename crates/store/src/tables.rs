//! How large the tables are, by the planner's estimate: nothing is counted.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use diesel::sql_types::{Array, BigInt, Double, Nullable, Text};
use diesel_async::RunQueryDsl;
use prometheus::{GaugeVec, IntGaugeVec};
use sectorwatch_core::Time;
use sectorwatch_pg::{Connection, PgError};
use sectorwatch_telemetry::metrics::Registry;

/// The tables that are measured.
const TABLES: [&str; 9] = [
    "flights",
    "flight_positions",
    "flight_sector_occupancy",
    "pending_transitions",
    "collector_state",
    "controllers",
    "transceivers",
    "poll_cycles",
    "rejected_records",
];

/// A partitioned table is the sum of its parts. A part that was never analysed has no estimate, and
/// then the table has none, unless the part is empty.
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
    /// When.
    pub at: Time,
    /// Those that exist.
    pub tables: Vec<TableSize>,
}

/// One table's size.
#[derive(Debug, Clone, PartialEq, diesel::QueryableByName)]
pub struct TableSize {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// With indexes and TOAST.
    #[diesel(sql_type = BigInt)]
    pub bytes: i64,
    /// `None` before it was analysed.
    #[diesel(sql_type = Nullable<Double>)]
    pub rows: Option<f64>,
    /// By the server's own statistics, which a crash empties.
    #[diesel(sql_type = BigInt)]
    pub live_rows: i64,
}

/// The sizes of the tables that exist.
///
/// # Errors
/// Any failure of the database.
pub async fn sizes(connection: &mut Connection) -> Result<Vec<TableSize>, PgError> {
    let query = diesel::sql_query(SIZES).bind::<Array<Text>, _>(TABLES.as_slice());
    connection.run(async |pg| query.load(pg).await).await
}

/// The sizes, as they were measured last.
#[derive(Clone)]
pub struct TableMetrics {
    rows: GaugeVec,
    bytes: IntGaugeVec,
    measured: Arc<ArcSwapOption<MeasuredTables>>,
}

impl TableMetrics {
    /// Registers the families, every table without an estimate.
    ///
    /// # Errors
    /// When a family is registered twice.
    pub fn register(registry: &Registry) -> prometheus::Result<Self> {
        let metrics = Self {
            rows: registry.gauges(
                "rows_estimated",
                "Planner estimate of table rows (pg_class.reltuples), refreshed by the audit; NaN before the table was analysed.",
                &["table"],
            )?,
            bytes: registry.int_gauges(
                "table_bytes",
                "Total relation size including indexes and TOAST, refreshed by the audit.",
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

    /// The tables were measured now.
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

    /// The tables as measured last; `None` before the first time.
    pub fn latest(&self) -> Option<Arc<MeasuredTables>> {
        self.measured.load_full()
    }
}
