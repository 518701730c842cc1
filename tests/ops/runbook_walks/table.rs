//! Compares the scenes with the rules and the runbooks: every alert has a scene, and every sign is
//! mentioned in its section.

use std::collections::BTreeSet;

use super::{
    scene::{Scene, Sign, Walk, full},
    scenes,
};
use crate::{
    alerts::{RUNBOOKS, RuleFile, section},
    files,
};

/// Alerts that no scene causes, with the reason.
const NOT_WALKED: &[(&str, &str)] = &[];

/// Log messages of the runbooks that no scene produces, with the reason.
const NOT_SEEN: &[(&str, &str)] = &[
    (
        "the embedded PostgreSQL ended; starting it again",
        "it is back before an alert fires: tests/it/database_errors.rs",
    ),
    (
        "the server is late with an answer: the session is given up",
        "one backend that stands still brings no alert by itself: tests/it/deadlines.rs",
    ),
    (
        "sessions that leaked are not ended: they are a pooler's, and others may have them",
        "behind a pooler: tests/it/poolers.rs",
    ),
    (
        "all connections of HTTP are taken: some were closed for others",
        "a flood that keeps even a scrape out: tests/it/slow_clients.rs",
    ),
    (
        "the cluster of the embedded PostgreSQL is lost; stopping its server",
        "the process ends before an alert fires: tests/it/data_lost.rs",
    ),
    ("the poller could not start", "only settings that a start refuses already could bring it"),
    ("the pools could not be read", "only two metrics of one name could bring it"),
    (
        "queued transitions wait",
        "a start while the sector tables refuse: tests/it/sector_errors.rs",
    ),
];

fn all() -> impl Iterator<Item = &'static Scene> {
    scenes::all().chain([scenes::LAST])
}

fn walks() -> impl Iterator<Item = &'static Walk> {
    all().flat_map(|scene| scene.walks)
}

fn signs(walk: &Walk) -> impl Iterator<Item = &Sign> {
    walk.look.iter().chain(walk.over)
}

#[test]
fn every_alert_is_walked_at_its_own_panel() {
    let file = RuleFile::read();
    for alert in file.alerts() {
        let panel = alert.panel().1;
        let own = walks().filter(|walk| full(walk.alert) == alert.name());
        let mut titles = own.flat_map(|walk| walk.look).filter_map(|sign| match sign {
            Sign::Panel(title, ..) => Some(*title),
            _ => None,
        });
        let is_walked = titles.any(|title| title == panel);
        let is_excused = NOT_WALKED.iter().any(|(name, _)| full(name) == alert.name());
        assert!(is_walked != is_excused, "{}: {panel} is looked at: {is_walked}", alert.name());
    }
}

#[test]
fn scenes_name_alerts_that_exist_and_walk_those_that_they_bring() {
    let file = RuleFile::read();
    let known: BTreeSet<_> = file.alerts().map(|alert| alert.name().to_owned()).collect();
    let mut names = BTreeSet::new();
    for scene in all() {
        assert!(names.insert(scene.name), "{} twice", scene.name);
        for alert in scene.alerts.iter().chain(scene.perhaps) {
            assert!(known.contains(&full(alert)), "{}: no alert {alert}", scene.name);
        }
        for walk in scene.walks {
            assert!(scene.alerts.contains(&walk.alert), "{}: {}", scene.name, walk.alert);
        }
    }
}

#[test]
fn what_is_looked_at_is_what_the_section_says() {
    for walk in walks() {
        let section = section(&full(walk.alert));
        for sign in signs(walk) {
            let told = match sign {
                Sign::Panel(title, ..) => section.contains(&format!("*{title}*")),
                Sign::Log(message, _) => section.contains(&format!("“{message}”")),
                Sign::Row(beginning, _) => section.contains(&format!("`{beginning}")),
                Sign::Page(path, ..) => section.contains(path),
                Sign::Target(_) => section.contains("*Targets*"),
                // The status is the first thing to look at for every alert, so sections need not
                // mention it.
                Sign::Reason(_) | Sign::Status(..) => true,
            };
            assert!(told, "{} does not speak of {sign:?}", walk.alert);
        }
    }
}

#[test]
fn every_message_of_the_runbooks_is_seen_with_its_section() {
    let text = files::read(RUNBOOKS);
    let mut excused: BTreeSet<_> = NOT_SEEN.iter().map(|row| row.0).collect();
    let seen: BTreeSet<_> = walks()
        .flat_map(signs)
        .filter_map(|sign| match sign {
            Sign::Log(message, _) => Some(*message),
            _ => None,
        })
        .collect();
    let quoted = text.split('“').skip(2).filter_map(|rest| rest.split('”').next());
    for message in quoted.map(|message| message.replace('\n', " ")) {
        let is_excused = NOT_SEEN.iter().any(|row| row.0 == message);
        excused.remove(message.as_str());
        assert!(seen.contains(message.as_str()) != is_excused, "“{message}” is seen by no scene");
    }
    assert!(excused.is_empty(), "the runbooks do not speak of {excused:?}");
}
