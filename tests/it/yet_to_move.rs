//! A figure that never moves is one that nobody has seen to work. Here every value of every label of
//! every family has to have moved in some test. All that tests scrape is noted (`support/scrapes.rs`), and tests
//! run in the order of their names, so that this one finds the notes of all others and costs nothing. Where it
//! is run alone, or the order is another one, it first runs those of [`SCENARIOS`].

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
};

use crate::{
    metrics::{fresh, scrape},
    support::scrapes,
};

/// Tests that move every figure between them, by their names.
const SCENARIOS: &[&str] = &[
    "access::tokens_are_told_apart_read_again_and_never_logged",
    "airport_movements::metric::an_airport_outside_of_the_airspace_is_another_one",
    "airspace_reload::signal::a_good_file_takes_effect_as_a_whole_and_a_bad_one_changes_nothing",
    "airspace_reload::signal::the_built_in_airspace_has_nothing_to_read_and_a_hang_up_ends_neither_start_nor_stop",
    "airspace_reload::visits::visits_of_a_vanished_sector_end_where_they_were_last_observed_and_the_others_stay",
    "api_v1::failures::a_database_that_cannot_be_read_has_its_errors",
    "api_v1::the_api_answers_as_its_contract_says",
    "database_errors::a_server_that_answers_nothing_is_waited_for",
    "database_errors::a_server_that_goes_in_any_phase_costs_nothing",
    "database_errors::a_server_without_room_or_right_is_tried_until_it_has",
    "database_errors::disk::a_full_disk_fails_cycles_until_there_is_room",
    "deadlines::a_backend_that_stands_still_on_a_socket_of_the_file_system",
    "erasure::running_service::nothing_of_the_member_is_stored_or_shown_any_more_until_they_are_allowed_again",
    "exports::broken::what_breaks_off_has_no_end",
    "exports::files_are_what_is_stored_by_http_and_on_the_command_line",
    "feed_drift::refused::a_snapshot_of_which_most_cannot_be_read_is_not_believed_until_one_is",
    "feed_errors::a_feed_that_fails_is_left_alone_for_longer",
    "feed_errors::a_feed_that_never_ends_times_out",
    "feed_errors::every_bad_answer_ends_its_cycles_alone",
    "feed_errors::stale::the_same_or_an_older_publication_writes_nothing",
    "live_stream::limits::as_many_follow_as_may_and_all_get_what_they_ask_for",
    "live_stream::limits::clients_that_never_read_are_dropped_and_delay_nobody",
    "metrics::every_label_set_exists_at_zero_before_anything_happens",
    "metrics::refusals::a_round_of_all_that_refuses_a_session",
    "metrics::refusals::a_round_of_clients_that_have_to_go",
    "metrics::refusals::a_round_of_ends_of_a_connection",
    "metrics::rounds::a_round_of_all_that_a_feed_can_hold",
    "metrics::rounds::a_round_of_what_others_do_to_the_tables",
    "metrics::rounds::a_round_without_a_connection",
    "not_storing::mark_ahead::a_mark_ahead_of_the_clock_is_never_ok_and_survives_a_restart",
    "observed_time::the_examples_hold_live",
    "pool_leaks::capacity::a_connection_that_no_lease_explains",
    "pool_leaks::capacity::l9_a_panic_while_connecting_loses_a_place_that_is_found_and_given_back",
    "pool_leaks::dirty_sessions::a_panic_with_a_session_in_hand",
    "pool_leaks::owners::every_owner_is_told_by_name",
    "pool_leaks::scopes::l1_a_lease_forgotten_with_its_scope_is_told_once_its_operation_is_over",
    "pool_leaks::server::every_session_of_ours_has_its_state",
    "pool_leaks::server::l11_a_session_of_ours_that_nobody_here_has",
    "pool_resilience::audit::without_the_database_the_time_of_the_last_audit_stands_still",
    "pool_resilience::ended_thread::a_thread_that_ends_in_a_statement_costs_its_own_connection_alone",
    "pool_resilience::hang_ups::clients_that_hang_up_cost_the_poller_no_cycle_and_the_pool_no_connection",
    "pool_resilience::hang_ups::those_who_hang_up_leave_the_queue_at_once",
    "pool_resilience::killed_service::the_first_audit_tells_of_backends_that_a_killed_predecessor_left",
    "radio_contact::phase::a_phase_that_fails_costs_contact_alone_and_its_snapshots_are_unknown",
    "radios::a_height_that_is_not_there_or_cannot_be_read_costs_itself_alone",
    "record_errors::a_bad_pilot_is_rejected_with_its_reason_and_all_others_are_stored",
    "record_errors::a_flight_that_stands_twice_or_still_fails_no_cycle",
    "record_errors::flights_do_not_wait_for_controllers_or_radios",
    "record_errors::what_can_be_mended_is_stored_mended",
    "retention::a_reader_holds_up_retention_and_no_flight_and_the_next_run_finishes_it",
    "retention::rows_are_deleted_until_nothing_due_is_left_and_only_then_is_it_a_success",
    "retention::what_is_old_is_dropped_one_day_a_cycle_and_the_rest_is_kept",
    "sector_control::contacts_of_each_facility_and_each_kind_of_list_are_counted",
    "sector_control::who_controls_and_who_is_in_contact_as_rows_status_and_metrics_say",
    "sector_errors::a_broken_sector_phase_delays_visits_and_nothing_else",
    "sector_visits::refused::a_refused_flight_costs_itself_alone",
    "sector_visits::refused::a_refused_transition_costs_itself_alone",
    "shutdown::the_cycle_in_flight_is_finished",
    "slow_clients::a_crowd_of_malformed_requests_is_one_line",
    "slow_clients::thousands_of_slow_readers_cost_neither_memory_nor_time",
    "staffing::sectors_are_staffed_entered_and_left_as_the_feed_says",
    "supervision::a_background_task_that_panics_is_started_again_and_told",
    "supervision::a_blocked_poller_is_superseded_and_may_not_write",
    "supervision::a_panic_costs_one_cycle",
    "supervision::the_keeper_of_the_embedded_server_is_kept_itself",
    "supervision::without_the_writers_lock_nothing_is_written",
];

/// What never moves, and why. A family alone stands for all its labels.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "sectorwatch_batches_split_total{table=\"airport_movements\"}",
        "no snapshot has 10,000 movements",
    ),
    (
        "sectorwatch_batches_split_total{table=\"flight_sector_occupancy\"}",
        "the queue is read in portions that one statement writes",
    ),
    ("sectorwatch_build_info", "a constant of the build"),
    ("sectorwatch_airspace_info", "always 1: its label is what changes"),
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
        "sectorwatch_db_server_backends{state=\"active_unleased\"}",
        "a session that comes back with anything open is closed: only somebody on the way could make one",
    ),
    (
        "sectorwatch_db_server_backends{state=\"idle_in_transaction_unleased\"}",
        "as for active_unleased",
    ),
    (
        "sectorwatch_http_requests_abandoned_total{route=\"/livez\"}",
        "answered from memory, where nothing is waited for, before a client can go",
    ),
    (
        "sectorwatch_http_stalled_total",
        "most answers fit into what the kernel keeps for a client; exports::clients sees two routes move",
    ),
    ("sectorwatch_http_requests_abandoned_total{route=\"/readyz\"}", "as for /livez"),
    ("sectorwatch_http_requests_abandoned_total{route=\"unmatched\"}", "as for /livez"),
    ("sectorwatch_http_requests_abandoned_total{route=\"/api/docs\"}", "as for /livez"),
    ("sectorwatch_http_requests_abandoned_total{route=\"/api/openapi.json\"}", "as for /livez"),
    ("sectorwatch_http_requests_abandoned_total{route=\"/api/v1/live\"}", "as for /livez"),
    ("sectorwatch_http_requests_abandoned_total{route=\"/api/v1/live/stream\"}", "as for /livez"),
];
const MOST_EXCEPTIONS: usize = 20;

/// Runs the scenarios; returns the names of those that failed.
fn run_scenarios() -> Vec<String> {
    let ran = Command::new(std::env::current_exe().expect("this binary"))
        .arg("--exact")
        .args(SCENARIOS)
        .stdin(Stdio::null())
        .output()
        .expect("the scenarios run");
    let said = String::from_utf8_lossy(&ran.stdout);
    let count = format!("running {} tests", SCENARIOS.len());
    assert!(said.contains(&count), "a name in SCENARIOS is not that of a test:\n{said}");
    let failed = said.lines().filter_map(|line| line.strip_suffix(" ... FAILED"));
    failed.filter_map(|line| Some(line.strip_prefix("test ")?.to_owned())).collect()
}

/// Does this stand for that label value?
fn names(exception: &str, key: &str) -> bool {
    key == exception || key.split('{').next() == Some(exception)
}

/// What did not move, exceptions apart.
fn still<'a>(all: &'a BTreeSet<String>, moved: &BTreeSet<String>) -> Vec<&'a str> {
    let is_excepted = |key: &str| EXCEPTIONS.iter().any(|(name, _)| names(name, key));
    let still = all.iter().filter(|key| !moved.contains(*key) && !is_excepted(key));
    still.map(String::as_str).collect()
}

#[test]
fn no_value_of_any_label() {
    let (_database, _feed, setup) = fresh(None);
    let all = scrapes::keys(&scrape(&setup.start()));
    let mut failed = Vec::new();
    if !still(&all, &scrapes::moved()).is_empty() {
        failed = run_scenarios();
    }
    let moved = scrapes::moved();
    let still = still(&all, &moved);
    assert!(
        still.is_empty(),
        "{} label values never move:\n{}\n\nFor each, name a test that moves it in SCENARIOS of {} \
         (or write one). What cannot move is an exception, with its reason: there are at most \
         {MOST_EXCEPTIONS}. Scenarios that failed: {failed:?}",
        still.len(),
        still.join("\n"),
        file!()
    );
    assert!(EXCEPTIONS.len() <= MOST_EXCEPTIONS, "{} exceptions", EXCEPTIONS.len());
    for (name, reason) in EXCEPTIONS {
        assert!(!reason.is_empty(), "{name}");
        let mut of_it = all.iter().filter(|key| names(name, key)).peekable();
        assert!(of_it.peek().is_some(), "{name} does not exist any more");
        assert!(of_it.any(|key| !moved.contains(key)), "{name} moves: no exception");
    }
}
