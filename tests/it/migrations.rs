//! Each migration can be reversed without a trace.

use crate::support::{FILLED, migrate, postgres::Database, sql::Client};

/// Everything that a migration can create: one line each.
const CATALOG: &str = "
with ours as (
    select oid, relname, relkind, reloptions, relpersistence from pg_class
    where relnamespace = 'public'::regnamespace and not relispartition
        and relname not like '\\_\\_diesel%'
)
select format('relation %s %s %s %s %s', relkind, relname, reloptions, relpersistence,
    obj_description(oid, 'pg_class')) from ours
union all
select format('column %s.%s %s %s %s %s %s %s %s',
    -- Numbers of dropped columns are not given again.
    row_number() over (partition by attrelid order by attnum), relname, attname,
    format_type(atttypid, atttypmod), attnotnull, attidentity, attstorage,
    pg_get_expr(adbin, adrelid), col_description(ours.oid, attnum))
from ours join pg_attribute on attrelid = ours.oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = ours.oid and adnum = attnum
where relkind in ('r', 'p', 'v', 'm')
union all
select format('constraint %s %s %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
from ours join pg_constraint on conrelid = ours.oid
union all
select format('index %s', pg_get_indexdef(oid)) from ours where relkind in ('i', 'I')
union all
select format('trigger %s %s', relname, tgname) from ours join pg_trigger on tgrelid = ours.oid
where not tgisinternal
union all
select format('function %s', oid::regprocedure) from pg_proc
where pronamespace = 'public'::regnamespace
union all
select format('type %s', typname) from pg_type
where typnamespace = 'public'::regnamespace and typtype in ('e', 'd', 'r')
union all
select format('extension %s', extname) from pg_extension where extname <> 'plpgsql'
order by 1";

fn catalog(client: &Client) -> Vec<String> {
    client.column(CATALOG)
}

#[test]
fn each_goes_up_down_and_up_again() {
    let database = Database::fresh();
    let (url, client) = (database.url(), database.client());
    assert_eq!(catalog(&client), [""; 0]);
    let names = migrate::names();
    assert!(names.len() >= 4, "{names:?}");
    for name in names {
        let before = catalog(&client);
        migrate::next(&url);
        let after = catalog(&client);
        assert_ne!(before, after, "{name} does nothing");
        migrate::undo(&url);
        assert_eq!(catalog(&client), before, "down of {name}");
        migrate::next(&url);
        assert_eq!(catalog(&client), after, "up of {name} again");
    }
}

#[test]
fn all_can_be_undone_on_filled_tables() {
    let database = Database::fresh();
    let (url, client) = (database.url(), database.client());
    let mut on_the_way_up = vec![catalog(&client)];
    for _ in migrate::names() {
        migrate::next(&url);
        on_the_way_up.push(catalog(&client));
    }
    client.run(FILLED);
    let newest = on_the_way_up.pop().expect("a migration");
    assert_eq!(catalog(&client), newest);
    while let Some(before) = on_the_way_up.pop() {
        migrate::undo(&url);
        assert_eq!(catalog(&client), before);
    }
    assert_eq!(catalog(&client), [""; 0], "nothing is left");
    migrate::up(&url);
    assert_eq!(catalog(&client), newest);
    client.run(FILLED);
    migrate::down(&url);
    assert_eq!(catalog(&client), [""; 0], "nothing is left");
}

#[test]
fn what_nobody_saw_is_disconnected_to_the_version_before() {
    let database = Database::migrated();
    let (url, client) = (database.url(), database.client());
    client.run(FILLED);
    client.run(
        "update flight_sector_occupancy set exit_timestamp = entry_timestamp, duration_seconds = 0,
             exit_lat = 0, exit_lon = 0, exit_altitude = 0, exit_reason = 'unobserved'",
    );
    let undone =
        migrate::names().iter().rev().take_while(|name| name.as_str() >= "00000000000005").count();
    (0..undone).for_each(|_| migrate::undo(&url));
    let reasons = "select exit_reason from flight_sector_occupancy where exit_reason is not null";
    assert_eq!(client.column(reasons), ["disconnected"]);
    let queue = "select kind || ' ' || exit_reason from pending_transitions order by id";
    assert_eq!(client.column(queue), ["left left", "disconnected disconnected", "left left"]);
    assert_eq!(client.one("select disconnected from poll_cycles"), "3");
    // Up again: no flight has been absent yet.
    migrate::up(&url);
    let sums = "select s.observed_us - f.observed_us from collector_state s, flights f";
    assert_eq!(client.one(sums), "0");
}
