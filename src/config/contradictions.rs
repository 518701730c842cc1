//! Combinations of settings that are not allowed.

use std::time::Duration;

use humantime::format_duration;

use super::{
    Settings,
    effective::{Effective, Origin, not_allowed},
    error::Problem,
};

/// The longest part of a gap between two snapshots that counts as absence (`absence.rs` of the core).
const MOST_OF_A_PAUSE: Duration = Duration::from_mins(1);

/// The settings that contradict others.
pub(super) fn contradictions(settings: &Settings, effective_values: &[Effective]) -> Vec<Problem> {
    let checks =
        [crossed_speeds, crossed_movement_speeds, short_grace, short_gap, too_many_streams];
    checks.iter().filter_map(|check| check(settings, effective_values)).collect()
}

fn of<'s>(effective_values: &'s [Effective], key: &str) -> Option<&'s Effective> {
    effective_values.iter().find(|effective| effective.key == key)
}

/// A flight at entry speed must not be slow enough to leave.
fn crossed_speeds(settings: &Settings, effective_values: &[Effective]) -> Option<Problem> {
    let (entry, exit) = (settings.entry_speed_kt, settings.exit_speed_kt);
    let (entry_value, exit_value) =
        (of(effective_values, "entry_speed_kt")?, of(effective_values, "exit_speed_kt")?);
    let allowed = format!("at most entry_speed_kt = {entry} ({})", entry_value.given_as);
    (exit > entry).then(|| not_allowed(exit_value, allowed))
}

/// A flight must not be on the ground and in the air.
fn crossed_movement_speeds(settings: &Settings, effective_values: &[Effective]) -> Option<Problem> {
    let (ground, air) = (settings.movement_ground_kt, settings.movement_air_kt);
    let (ground_value, air_value) =
        (of(effective_values, "movement_ground_kt")?, of(effective_values, "movement_air_kt")?);
    let allowed = format!("at most movement_air_kt = {air} ({})", air_value.given_as);
    (ground > air).then(|| not_allowed(ground_value, allowed))
}

/// A flight must not lose its visit between two polls in which it is present.
fn short_grace(settings: &Settings, effective_values: &[Effective]) -> Option<Problem> {
    let (grace, interval) = (settings.missing_grace, settings.poll_interval);
    if grace > interval.min(MOST_OF_A_PAUSE) {
        return None;
    }
    let allowed = match interval < MOST_OF_A_PAUSE {
        true => {
            let given_as = &of(effective_values, "poll_interval")?.given_as;
            format!("longer than poll_interval = {} ({given_as})", format_duration(interval))
        }
        false => format!("longer than {}", format_duration(MOST_OF_A_PAUSE)),
    };
    Some(not_allowed(of(effective_values, "missing_grace")?, allowed))
}

/// One failed poll must not end all visits.
fn short_gap(settings: &Settings, effective_values: &[Effective]) -> Option<Problem> {
    let (gap, interval) = (settings.longest_gap, settings.poll_interval);
    if gap >= interval * 2 {
        return None;
    }
    let (given_as, interval) =
        (&of(effective_values, "poll_interval")?.given_as, format_duration(interval));
    let allowed = format!("at least twice poll_interval = {interval} ({given_as})");
    Some(not_allowed(of(effective_values, "longest_gap")?, allowed))
}

/// Streams must leave connections for everybody else. The default is lowered by [`Settings::streams`] instead.
fn too_many_streams(settings: &Settings, effective_values: &[Effective]) -> Option<Problem> {
    let (clients, connections) = (settings.live_clients, settings.http_max_connections);
    let most = connections.saturating_sub(Settings::CONNECTIONS_BESIDE_STREAMS);
    let (clients_value, connections_value) =
        (of(effective_values, "live_clients")?, of(effective_values, "http_max_connections")?);
    if clients <= most || clients_value.origin == Origin::Default {
        return None;
    }
    let beside = Settings::CONNECTIONS_BESIDE_STREAMS;
    let given_as = &connections_value.given_as;
    let allowed = format!(
        "at most {most}, which is {beside} fewer than http_max_connections = {connections} ({given_as})"
    );
    Some(not_allowed(clients_value, allowed))
}
