//! Memory does not grow with the number of cycles.

use crate::support::{
    documents::{Feed, spread},
    feed_server::FeedServer,
    long_tests,
    postgres::Database,
    service::Setup,
};

const RESIDENT: &str = "process_resident_memory_bytes";

/// Every flight moves a little in each document.
fn document(number: usize, flights: usize) -> Feed {
    let shift = 0.001 * (number % 1000) as f64;
    let pilots = spread(flights).enumerate().map(|(i, pilot)| {
        let (row, column) = (i / 40 % 40, i % 40);
        pilot.at(-30.0 + 0.2 * row as f64 + shift, 123.0 + 0.5 * column as f64)
    });
    Feed::second(15 * number as i64).pilots(pilots)
}

#[test]
fn memory_does_not_grow_with_the_cycles() {
    // Memory grows until the histories of the status are full; from cycle 100 on, the limit is 5 %. The short
    // form stops earlier, and finds a leak of the size of a snapshot.
    let (flights, first, last, limit) = match long_tests() {
        true => (2000, 100, 1000, 1.05),
        false => (200, 30, 90, 1.10),
    };
    let (feed, database) = (FeedServer::start(), Database::migrated());
    let mut service = Setup::serve(&database, &feed).start();
    let mut before = 0.0;
    for number in 1..=last {
        service.take(&feed, &document(number, flights));
        if number == first {
            before = service.metric(RESIDENT);
        }
    }
    let after = service.metric(RESIDENT);
    eprintln!(
        "{:.1} MiB after cycle {first}, {:.1} MiB after cycle {last}",
        before / 1_048_576.0,
        after / 1_048_576.0
    );
    assert!(after <= before * limit, "{after} bytes, from {before}");
    let positions = "select count(*) from flight_positions";
    let expected = u64::try_from(last * flights).expect("a small number");
    assert_eq!(database.client().count(positions), expected, "it worked");
}
