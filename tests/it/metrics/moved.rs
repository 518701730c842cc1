//! A figure that never moves is one that nobody has seen to work. Here every value of every label of
//! every family has to move: in one of the tests of [`SCENARIOS`], which are run once more, while all
//! that they scrape is noted (`support/scrapes.rs`). So it depends on no order of tests, and on nothing
//! that anybody says of them.

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
};

use super::{fresh, scrape};
use crate::support::{scrapes, scratch};

/// Tests that move figures, by their names.
const SCENARIOS: &[&str] = &[
    "bad_database::a_server_that_answers_nothing_is_waited_for",
    "bad_database::a_server_that_goes_in_any_phase_costs_nothing",
    "bad_database::a_server_without_room_or_right_is_tried_until_it_has",
    "bad_database::disk::a_full_disk_fails_cycles_until_there_is_room",
    "bad_feed::a_feed_that_fails_is_left_alone_for_longer",
    "bad_feed::a_feed_that_never_ends_times_out",
    "bad_feed::every_bad_answer_ends_its_cycles_alone",
    "bad_feed::stale::the_same_or_an_older_publication_writes_nothing",
    "bad_records::a_bad_pilot_is_rejected_with_its_reason_and_all_others_are_stored",
    "bad_records::a_flight_that_stands_twice_or_still_fails_no_cycle",
    "bad_records::flights_do_not_wait_for_controllers_or_radios",
    "bad_records::what_can_be_mended_is_stored_mended",
    "faults::capacity::a_connection_that_no_lease_explains",
    "faults::capacity::l9_a_panic_while_connecting_loses_a_place_that_is_found_and_given_back",
    "faults::dirt::a_panic_with_a_session_in_hand",
    "faults::owners::every_owner_is_told_by_name",
    "faults::scopes::l1_a_lease_forgotten_with_its_scope_is_told_once_its_operation_is_over",
    "faults::server::every_session_of_ours_has_its_state",
    "faults::server::l11_a_session_of_ours_that_nobody_here_has",
    "seeds::refused::a_refused_flight_costs_itself_alone",
    "seeds::refused::a_refused_transition_costs_itself_alone",
    "metrics::rounds::a_round_of_all_that_a_feed_can_hold",
    "metrics::rounds::a_round_of_all_that_refuses_a_session",
    "metrics::rounds::a_round_of_ends_of_a_connection",
    "metrics::rounds::a_round_without_a_connection",
    "slow_readers::thousands_of_slow_readers_cost_neither_memory_nor_time",
    "slow_readers::a_crowd_of_malformed_requests_is_one_line",
    "drift::refused::a_snapshot_of_which_most_cannot_be_read_is_not_believed_until_one_is",
    "storing::mark::a_mark_ahead_of_the_clock_is_never_ok_and_survives_a_restart",
    "tls::servers::another_host_or_authority_and_an_expired_certificate_are_refused",
    "observed_time::the_examples_hold_live",
    "metrics::every_label_set_exists_at_zero_before_anything_happens",
    "outside::arbiter::a_thread_that_ends_in_a_statement_costs_its_own_connection_alone",
    "outside::audit::without_the_database_the_time_of_the_last_audit_stands_still",
    "outside::crowd::clients_that_hang_up_cost_the_poller_no_cycle_and_the_pool_no_connection",
    "outside::crowd::those_who_hang_up_leave_the_queue_at_once",
    "outside::killed::the_first_audit_tells_of_backends_that_a_killed_predecessor_left",
    "retention::a_reader_holds_up_retention_and_no_flight_and_the_next_run_finishes_it",
    "retention::rows_are_deleted_until_nothing_due_is_left_and_only_then_is_it_a_success",
    "retention::what_is_old_is_dropped_one_day_a_cycle_and_the_rest_is_kept",
    "sector_fault::a_broken_sector_phase_delays_visits_and_nothing_else",
    "staffing::sectors_are_staffed_entered_and_left_as_the_feed_says",
    "supervision::a_background_task_that_panics_is_started_again_and_told",
    "supervision::a_blocked_poller_is_superseded_and_may_not_write",
    "supervision::a_panic_costs_one_cycle",
    "supervision::the_keeper_of_the_embedded_server_is_kept_itself",
    "supervision::without_the_writers_lock_nothing_is_written",
];

/// What never moves there, and why. A family alone stands for all its labels.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("sectorwatch_build_info", "a constant of the build"),
    ("sectorwatch_config_info", "a constant: what can be configured of it has one value"),
    ("sectorwatch_db_pool_min_idle_connections", "always 0: the pools keep none ready"),
    ("sectorwatch_tokio_workers", "db and http have the same number of threads everywhere"),
    (
        "sectorwatch_tokio_alive_tasks{runtime=\"http\"}",
        "its tasks are local to arbiters, unseen by tokio",
    ),
    ("sectorwatch_panics_total{runtime=\"http\"}", "no fault point panics in a handler"),
    ("process_max_fds", "a limit of the machine, raised before the first scrape"),
    (
        "sectorwatch_poll_cycles_total{outcome=\"superseded\"}",
        "who is superseded writes nothing, not even this",
    ),
    (
        "sectorwatch_poll_phase_running{phase=\"publish\"}",
        "over in less than a scrape, and nothing in it waits",
    ),
    (
        "sectorwatch_db_pool_connect_errors_total{sqlstate_class=\"08\"}",
        "PostgreSQL says it of a protocol that we do not speak",
    ),
    (
        "sectorwatch_db_cancelled_queries_total{owner=\"audit\"}",
        "nobody drops the audit in its middle",
    ),
    (
        "sectorwatch_db_server_backends{state=\"active_unleased\"}",
        "such a session was closed, and ends by itself before two audits agree",
    ),
    (
        "sectorwatch_db_server_backends{state=\"idle_in_transaction_unleased\"}",
        "as for active_unleased",
    ),
    (
        "sectorwatch_http_requests_abandoned_total{route=\"/\"}",
        "answered from memory before a client can go",
    ),
    ("sectorwatch_http_requests_abandoned_total{route=\"/livez\"}", "as for /"),
    ("sectorwatch_http_requests_abandoned_total{route=\"/readyz\"}", "as for /"),
    ("sectorwatch_http_requests_abandoned_total{route=\"unmatched\"}", "as for /"),
    (
        "sectorwatch_http_connections_closed_total{reason=\"refused\"}",
        "needs as many busy clients as there are places",
    ),
    (
        "sectorwatch_http_connections_closed_total{reason=\"write_timeout\"}",
        "needs 30 s without a look at the socket, and no crowd",
    ),
];
const MOST_EXCEPTIONS: usize = 20;

/// What the scenarios are seen to move.
fn moved_by_scenarios() -> BTreeSet<String> {
    let notes = scratch::dir("scrapes");
    let ran = Command::new(std::env::current_exe().expect("this binary"))
        .arg("--exact")
        .args(SCENARIOS)
        .env(scrapes::NOTES, &notes)
        .stdin(Stdio::null())
        .output()
        .expect("the scenarios run");
    let said = String::from_utf8_lossy(&ran.stdout);
    // One that fails does so by its own name, too; what it moved, it moved.
    let count = format!("running {} tests", SCENARIOS.len());
    assert!(said.contains(&count), "a name in SCENARIOS is not that of a test:\n{said}");
    scrapes::moved(&notes)
}

#[test]
fn every_value_of_every_label_moves_in_some_test() {
    let (_database, _feed, setup) = fresh(None);
    let all = scrapes::keys(&scrape(&setup.start()));
    let moved = moved_by_scenarios();
    let is_excepted = |key: &str| {
        let family = key.split('{').next();
        EXCEPTIONS.iter().any(|(name, _)| *name == key || Some(*name) == family)
    };
    let still: Vec<_> =
        all.iter().filter(|key| !moved.contains(*key) && !is_excepted(key)).collect();
    assert!(
        still.is_empty(),
        "{} label values never move:\n{}\n\nFor each, name a test that moves it in SCENARIOS of {} \
         (or write one). What cannot move is an exception, with its reason: there are at most \
         {MOST_EXCEPTIONS}.",
        still.len(),
        still.iter().map(|key| key.as_str()).collect::<Vec<_>>().join("\n"),
        file!()
    );
    assert!(EXCEPTIONS.len() <= MOST_EXCEPTIONS, "{} exceptions", EXCEPTIONS.len());
    for (name, reason) in EXCEPTIONS {
        assert!(!reason.is_empty(), "{name}");
        let of_it: Vec<_> =
            all.iter().filter(|key| key == name || key.split('{').next() == Some(name)).collect();
        assert!(!of_it.is_empty(), "{name} does not exist any more");
        assert!(of_it.iter().any(|key| !moved.contains(*key)), "{name} moves: no exception");
    }
}
