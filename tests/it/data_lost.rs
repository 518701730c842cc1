//! The cluster of the embedded server vanishes: the loss is reported, and no empty cluster replaces it.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::support::{
    documents::Feed,
    feed_server::{FeedServer, MAIN},
    replay::recorded,
    schedule::traffic,
    service::{PATIENCE, Service, Setup},
    stub::Stub,
};

/// Replaces the minute.
const LOST_MS: &str = "4000";

fn embedded(arguments: &[&str], feed: &FeedServer) -> Setup {
    Setup::bare(arguments)
        .env("SECTORWATCH_FEED_URL", &feed.url(MAIN))
        .env("SECTORWATCH_TRANSCEIVERS_URL", "")
        .env("SECTORWATCH_STATUS_URL", "")
        .env("SECTORWATCH_POLL_INTERVAL", "100ms")
        .env("SECTORWATCH_FAULT_LOST_MS", LOST_MS)
}

fn tells(service: &Service) -> bool {
    let Some(answer) = service.try_get("/api/status?always200=1") else { return false };
    let status = answer.json();
    let codes = status["reasons"].as_array().expect("reasons").iter();
    codes.clone().any(|reason| reason["code"] == "data_lost") && status["status"] == "critical"
}

fn assert_unready(service: &Service) {
    let ready = service.get("/readyz");
    assert_eq!(ready.status, 503);
    assert!(ready.text().contains("lost"), "{}", ready.text());
    assert_eq!(service.get("/livez").status, 200);
}

/// The loss is reported; the service ends with 1 and names the option.
fn assert_ends(mut service: Service, cluster: &Path, left: bool) {
    service.wait_until("it is told", PATIENCE, tells);
    assert_unready(&service);
    let ended = service.finish(PATIENCE);
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let last = ended.stderr.lines().last().unwrap_or_default();
    assert!(last.contains("--new-cluster") && last.contains("held a PostgreSQL"), "{last}");
    assert_eq!(cluster.join("PG_VERSION").exists(), left, "nothing was made");
}

fn lose(cluster: &Path, part: &str) {
    let path = cluster.join(part);
    if path.is_dir() {
        // The server continues to write into it.
        while path.exists() {
            let _ = fs::remove_dir_all(&path);
        }
    } else {
        fs::remove_file(path).expect("remove");
    }
}

#[test]
fn a_cluster_that_vanishes_while_it_runs_ends_the_service_and_only_new_cluster_makes_another() {
    for (part, left) in [("", false), ("PG_VERSION", false), ("global/pg_control", true)] {
        let feed = FeedServer::start();
        feed.publish(&traffic(0));
        let setup = embedded(&["serve"], &feed);
        let cluster = setup.data_dir().join("postgres");
        let mut service = setup.start();
        service.wait_until("a snapshot stored", PATIENCE, |it| it.cycles_of("success") == 1);
        lose(&cluster, part);
        assert_ends(service, &cluster, left);
        // The next start reports the same, and also waits for a while.
        assert_ends(setup.spawn(), &cluster, left);
        let recording = recorded(&[traffic(1)]);
        let recording = recording.to_str().expect("UTF-8");
        let replayed = setup.clone().arguments(&["replay", recording]).run();
        assert_eq!(replayed.code, Some(1));
        assert!(replayed.stderr.contains("--new-cluster"), "{}", replayed.stderr);
        assert_eq!(cluster.join("PG_VERSION").exists(), left, "nothing was made");

        let mut service = setup.clone().arguments(&["serve", "--new-cluster"]).start();
        service.wait_until("a snapshot stored", PATIENCE, |it| it.cycles_of("success") == 1);
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
        let mut service = setup.start();
        service.wait_until("stored already", PATIENCE, |it| it.cycles_of("unchanged") > 0);
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
}

fn moved(cluster: &Path) -> PathBuf {
    let away = cluster.with_file_name("away");
    fs::rename(cluster, &away).expect("move");
    away
}

#[test]
fn a_cluster_that_comes_back_is_used_again() {
    let feed = FeedServer::start();
    feed.publish(&traffic(0));
    let setup = embedded(&["serve"], &feed).env("SECTORWATCH_FAULT_LOST_MS", "60000");
    let cluster = setup.data_dir().join("postgres");
    let mut service = setup.start();
    service.wait_until("a snapshot stored", PATIENCE, |it| it.cycles_of("success") == 1);
    let away = moved(&cluster);
    service.wait_until("it is told", PATIENCE, tells);
    fs::rename(&away, &cluster).expect("move back");
    service.take(&feed, &traffic(1));
    assert!(!tells(&service));
    service.wait_until("ready", PATIENCE, |it| it.get("/readyz").status == 200);
    assert_eq!(service.terminate(PATIENCE).code, Some(0));

    let away = moved(&cluster);
    let mut service = setup.spawn();
    service.wait_until("it is told", PATIENCE, tells);
    assert_unready(&service);
    fs::rename(&away, &cluster).expect("move back");
    service.wait_until("stored already", 2 * PATIENCE, |it| {
        it.try_get("/readyz").is_some_and(|answer| answer.status == 200)
            && it.cycles_of("unchanged") > 0
    });
    assert_eq!(service.terminate(PATIENCE).code, Some(0));
    // The wait can be interrupted.
    moved(&cluster);
    let mut service = setup.spawn();
    service.wait_until("it is told", PATIENCE, tells);
    assert_eq!(service.terminate(Duration::from_secs(10)).code, Some(0));
}

#[test]
fn a_demo_loses_its_data_like_everybody_else() {
    let setup = Setup::bare(&["serve", "--demo"]).env("SECTORWATCH_FAULT_LOST_MS", LOST_MS);
    let cluster = setup.data_dir().join("demo/postgres");
    let service = setup.start();
    lose(&cluster, "");
    assert_ends(service, &cluster, false);
}

#[test]
fn a_crash_in_the_middle_of_a_new_cluster_is_no_loss() {
    let feed = FeedServer::start();
    feed.publish(&Feed::second(0));
    let setup = embedded(&["serve"], &feed);
    assert_eq!(setup.start().terminate(PATIENCE).code, Some(0));
    lose(&setup.data_dir().join("postgres"), "");
    let stub = Stub::new();
    stub.hang("initdb");
    let bin_dir = stub.dir().to_str().expect("UTF-8");
    let again = setup.clone().arguments(&["serve", "--new-cluster"]).env("PG_BIN_DIR", bin_dir);
    let mut service = again.spawn();
    let half = setup.data_dir().join("postgres.new");
    service.wait_until("initdb runs", PATIENCE, |_| half.exists());
    service.kill();
    fs::write(half.join("PG_VERSION"), "15\n").expect("write");
    assert_eq!(setup.start().terminate(PATIENCE).code, Some(0));
}
