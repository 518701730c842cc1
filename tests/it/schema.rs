//! The tables after the migrations: as diesel declares them, and with their constraints.

use std::collections::BTreeSet;

use crate::support::{FILLED, postgres::Database, sql::Client};

const BELIEVED: &str = include_str!("../../crates/store/src/schema.rs");

/// The columns of `flights` that an observation updates.
const VOLATILE: [&str; 12] = [
    "latitude",
    "longitude",
    "altitude",
    "groundspeed",
    "heading",
    "transponder",
    "qnh_mb",
    "slow_polls",
    "last_updated",
    "last_seen",
    "contact_seen",
    "airport_state",
];

/// `table.column type [null]` for each column, and `table (primary, key)` for each table.
fn believed(schema: &str) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    for table in schema.split("diesel::table! {").skip(1) {
        let (head, columns) = table.trim().split_once('{').expect("columns");
        let head = head.trim().to_owned();
        let (name, _) = head.split_once(' ').expect("a key");
        let (columns, _) = columns.split_once('}').expect("the end");
        for column in columns.lines().filter(|line| !line.trim().is_empty()) {
            let (column, of) = column.trim().split_once(" -> ").expect("a type");
            let of = of.trim_end_matches(',');
            let inner = of.strip_prefix("Nullable<");
            let null = if inner.is_some() { " null" } else { "" };
            let of = sql_type(inner.unwrap_or(of).trim_end_matches('>'));
            facts.insert(format!("{name}.{column} {of}{null}"));
        }
        facts.insert(head);
    }
    facts
}

fn sql_type(diesel: &str) -> &str {
    match diesel {
        "SmallInt" => "smallint",
        "Integer" => "integer",
        "BigInt" => "bigint",
        "Bool" => "boolean",
        "Double" => "double precision",
        "Text" => "text",
        "Jsonb" => "jsonb",
        "Binary" => "bytea",
        "Timestamptz" => "timestamp with time zone",
        other => panic!("a type that no table has yet: {other}"),
    }
}

fn actual(client: &Client) -> BTreeSet<String> {
    let columns = client.column(
        "select format('%s.%s %s%s', table_name, column_name, data_type,
             case is_nullable when 'YES' then ' null' end)
         from information_schema.columns
         join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE'
             and table_name <> '__diesel_schema_migrations'",
    );
    let keys = client.column(
        "select format('%s (%s)', table_name, string_agg(column_name, ', ' order by ordinal_position))
         from information_schema.table_constraints
         join information_schema.key_column_usage using (constraint_schema, constraint_name, table_name)
         where constraint_type = 'PRIMARY KEY' and constraint_schema = 'public'
             and table_name <> '__diesel_schema_migrations'
         group by table_name",
    );
    columns.into_iter().chain(keys).collect()
}

#[test]
fn diesel_believes_what_is_there() {
    let database = Database::migrated();
    let (believed, actual) = (believed(BELIEVED), actual(&database.client()));
    let only = |a: &BTreeSet<String>, b| a.difference(b).cloned().collect::<Vec<_>>();
    assert_eq!(only(&believed, &actual), [""; 0], "only in schema.rs");
    assert_eq!(only(&actual, &believed), [""; 0], "only in the database");
    assert!(actual.len() > 100, "{actual:#?}");
}

/// Runs a statement that must fail with this SQLSTATE and a message that contains the rest.
fn assert_refused(client: &Client, sql: &str, refused: &str) {
    let (class, name) = refused.split_once(' ').expect("class and name");
    let error = client.try_rows(sql).err();
    let error = error.unwrap_or_else(|| panic!("not refused: {sql}"));
    assert!(error.starts_with(class) && error.contains(name), "{error}\n{sql}");
}

fn again(table: &str, columns: &str) -> String {
    format!("insert into {table} ({columns}) select {columns} from {table}")
}

/// The result of each statement on a database with one row of everything.
#[test]
fn guards_refuse_what_must_not_be() {
    let database = Database::migrated();
    let client = database.client();
    client.run(FILLED);
    let visit = "flight_id, callsign, sector_name, entry_timestamp, entry_lat, entry_lon, \
                 entry_altitude, airspace_revision";
    let exit = |time: &str, reason: &str| {
        format!(
            "update flight_sector_occupancy set exit_timestamp = '2025-01-01 {time}Z', exit_lat = 0, \
             exit_lon = 0, exit_altitude = 0, duration_seconds = 0, exit_reason = '{reason}'"
        )
    };
    let flight = "cid, callsign, logon_time, server, latitude, longitude, altitude, slow_polls, \
                  first_seen, last_updated, last_seen";
    let controller = "cid, callsign, logon_time, facility, rating, frequency, server, first_seen, \
                      last_updated, last_seen";
    let radio = "callsign, transceiver_id, entity_type, frequency_hz, latitude, longitude, \
                 height_msl_m, height_agl_m, first_seen, last_seen";
    let position = "flight_id, observed_at, latitude, longitude, altitude";
    let orphan = |table: &str| format!("update {table} set flight_id = 1");
    for (sql, refused) in [
        (again("flights", flight), "23505 flights_identity"),
        (again("controllers", controller), "23505 controllers_identity"),
        (again("transceivers", radio), "23505 transceivers_pkey"),
        (again("flight_positions", position), "23505 flight_positions"),
        (again("flight_sector_occupancy", visit), "23505 occupancy_one_open_visit"),
        (exit("11:59:59", "left"), "23514 occupancy_exit_after_entry"),
        (exit("12:00:01", "bored"), "23514 occupancy_exit_reason"),
        (
            "update flight_sector_occupancy set exit_timestamp = now()".to_owned(),
            "23514 occupancy_exit_is_whole",
        ),
        (orphan("pending_transitions"), "23503 pending_transitions_flight_id_fkey"),
        (orphan("flight_positions"), "23503 flight_positions"),
        (orphan("flight_sector_occupancy"), "23503 flight_sector_occupancy_flight_id_fkey"),
        (
            "update pending_transitions set exit_reason = null".to_owned(),
            "23514 pending_exit_reason",
        ),
        (
            "insert into collector_state (id) values (2)".to_owned(),
            "23514 collector_state_id_check",
        ),
        (
            "update transceivers set entity_type = 'balloon'".to_owned(),
            "23514 transceivers_entity_type",
        ),
        (
            "update transceivers set latitude = null where entity_type = 'atc'".to_owned(),
            "23514 transceivers_site",
        ),
        (
            "update transceivers set height_msl_m = 0 where entity_type = 'flight'".to_owned(),
            "23514 transceivers_site",
        ),
        // There is no default partition: a missing day is an error without a constraint's name.
        ("update flight_positions set observed_at = '2025-01-02'".to_owned(), "23514 no partition"),
    ] {
        assert_refused(&client, &sql, refused);
    }
    client.run(&exit("12:00:00", "left"));
    client.run(&again("flight_sector_occupancy", visit));
}

#[test]
fn guards_of_contact_and_control_refuse_what_must_not_be() {
    let database = Database::migrated();
    let client = database.client();
    client.run(FILLED);
    for (sql, refused) in [
        (
            again("flight_radio_intervals", "flight_id, state, from_timestamp"),
            "23505 radio_one_open_interval",
        ),
        (
            "update flight_radio_intervals set state = 'none' where state = 'contact'".to_owned(),
            "23514 radio_contact_has_controller",
        ),
        ("update flight_radio_intervals set state = 'tuned'".to_owned(), "23514 radio_state"),
        (
            "update flight_radio_intervals set to_timestamp = '2025-01-01 11:59:59Z'".to_owned(),
            "23514 radio_end_after_start",
        ),
        (
            again("sector_control", "sector_name, state, from_timestamp, airspace_revision"),
            "23505 control_one_open_interval",
        ),
        (
            "update sector_control set state = 'unknown' where state = 'controlled'".to_owned(),
            "23514 control_has_controller",
        ),
        ("update sector_control set state = 'staffed'".to_owned(), "23514 control_state"),
        ("update sector_control set owner_rank = -1".to_owned(), "23514 control_"),
        (
            "update sector_control set to_timestamp = '2025-01-01 11:59:59Z'".to_owned(),
            "23514 control_end_after_start",
        ),
        (
            "update flight_radio_intervals set flight_id = 1".to_owned(),
            "23503 flight_radio_intervals_flight_id_fkey",
        ),
        (
            "update sector_control set controller_id = 1 where state = 'controlled'".to_owned(),
            "23503 sector_control_controller_id_fkey",
        ),
    ] {
        assert_refused(&client, &sql, refused);
    }
}

#[test]
fn a_flight_takes_its_history_along() {
    let database = Database::migrated();
    let client = database.client();
    client.run(FILLED);
    client.run("delete from flights");
    assert_eq!(database.dump(), "");
    assert_eq!(client.count("select count(*) from flight_radio_intervals"), 0);
}

/// Who is deleted because it was long ago is not forgotten: the callsign stays.
#[test]
fn a_controller_who_is_deleted_leaves_the_intervals() {
    let database = Database::migrated();
    let client = database.client();
    client.run(FILLED);
    client.run("delete from controllers");
    for (table, state) in [("flight_radio_intervals", "contact"), ("sector_control", "controlled")]
    {
        let left =
            format!("select concat_ws(' ', controller_id, controller_callsign) from {table}");
        assert_eq!(client.one(&format!("{left} where state = '{state}'")), "SY_APP");
    }
}

#[test]
fn observations_update_flights_hot() {
    let database = Database::migrated();
    let client = database.client();
    client.run(FILLED);
    let room = client.count(
        "select split_part(reloptions[1], '=', 2) from pg_class where oid = 'flights'::regclass",
    );
    assert!((10..100).contains(&room), "fillfactor {room}");
    // In one transaction, so that only this session is counted.
    client.run("begin");
    for (done, column) in VOLATILE.into_iter().enumerate() {
        let of = client.one(&format!("select pg_typeof({column}) from flights"));
        let is_time = of == "timestamp with time zone";
        let value = if is_time { "2025-01-02" } else { "7" };
        client.run(&format!("update flights set {column} = '{value}'::{of}"));
        let hot = client.count("select pg_stat_get_xact_tuples_hot_updated('flights'::regclass)");
        assert_eq!(hot, done as u64 + 1, "an index holds flights.{column}");
    }
}

#[test]
fn keys_are_identities_and_positions_are_parted_by_time() {
    let database = Database::migrated();
    let client = database.client();
    let identities = client.column(
        "select format('%s %s', table_name, identity_generation) from information_schema.columns
         join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE' and column_name = 'id'
             and data_type = 'bigint' order by 1",
    );
    let expected = [
        "airport_movements",
        "controllers",
        "flight_radio_intervals",
        "flight_sector_occupancy",
        "flights",
        "pending_transitions",
        "poll_cycles",
        "rejected_records",
        "sector_control",
    ];
    assert_eq!(identities, expected.map(|table| format!("{table} BY DEFAULT")));
    let parted = client.column(
        "select format('%s %s', oid::regclass, pg_get_partkeydef(oid)) from pg_class
         where relkind = 'p'",
    );
    assert_eq!(parted, ["flight_positions RANGE (observed_at)"]);
}
