//! A known cluster is never replaced by an empty one.

use super::*;

type Loss = Box<dyn Fn(&Path)>;

/// Each way to lose a cluster, applied to the `postgres` in this data directory.
fn losses() -> Vec<(&'static str, Loss)> {
    let remove = |part: &'static str| {
        move |cluster: &Path| {
            let path = cluster.join(part);
            let removed =
                if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.expect("remove");
        }
    };
    let mut losses: Vec<(&'static str, Loss)> = vec![
        ("is gone", Box::new(|cluster| fs::remove_dir_all(cluster).expect("remove"))),
        (
            "is empty",
            Box::new(|cluster| {
                let owner = fs::metadata(cluster).expect("the cluster").uid();
                fs::remove_dir_all(cluster).expect("remove");
                fs::create_dir(cluster).expect("create");
                chown(cluster, Some(owner), None).expect("chown");
            }),
        ),
        (
            "is another one",
            Box::new(|cluster| {
                let other = temp_dir();
                drop(start(other.path()).expect("another cluster"));
                fs::remove_dir_all(cluster).expect("remove");
                let mut copy = Command::new("cp");
                copy.arg("-a").arg(other.path().join("postgres")).arg(cluster);
                assert!(copy.status().expect("cp").success());
            }),
        ),
    ];
    for (said, part) in [
        ("has no PG_VERSION", "PG_VERSION"),
        ("has no global/pg_control", "global/pg_control"),
        ("has no global", "global"),
        ("has no base", "base"),
        ("has no pg_wal", "pg_wal"),
    ] {
        losses.push((said, Box::new(remove(part))));
    }
    losses
}

fn names_in(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("read").flatten();
    let mut names: Vec<_> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn what_is_lost_is_not_made_anew_by_a_start_nor_by_a_revival() {
    for (said, lose) in losses() {
        let dir = temp_dir();
        let mut server = start(dir.path()).expect("start");
        let marker = server.marker().clone();
        assert_eq!(server.condition(), Condition::Well);
        lose(&dir.path().join("postgres"));
        assert!(matches!(server.condition(), Condition::Lost(_)), "{said}");
        server.abandon();
        let left = names_in(dir.path());

        let text = refusal(dir.path());
        assert!(text.starts_with("data_lost: ") && text.contains("--new-cluster"), "{text}");
        assert!(text.contains(said), "{said}: {text}");
        let revived = Embedded::begin(settings(dir.path()), &Begin::With(marker), &Halt::default());
        let error = revived.map(|_| ()).expect_err("no revival").kind();
        assert_eq!(error, "data_lost", "{said}");
        assert_eq!(names_in(dir.path()), left, "{said}: nothing was made");

        let server = Embedded::begin(settings(dir.path()), &Begin::Anew, &Halt::default());
        let server = server.expect("a new cluster");
        assert_eq!(query(&server, "select 1"), "1");
        drop(server);
        let kept = names_in(dir.path()).iter().any(|name| name.starts_with("postgres.lost-"));
        assert_eq!(kept, !["is gone", "is empty"].contains(&said), "{said}: what was left");
        drop(start(dir.path()).expect("the new one is the one that is expected now"));
    }
}

#[test]
fn a_data_directory_that_vanishes_whole_is_not_made_by_a_revival() {
    let dir = temp_dir();
    let data_dir = dir.path().join("data");
    let server = start(&data_dir).expect("start");
    let marker = server.marker().clone();
    fs::remove_dir_all(&data_dir).expect("remove");
    server.abandon();
    let revived = Embedded::begin(settings(&data_dir), &Begin::With(marker), &Halt::default());
    assert_eq!(revived.map(|_| ()).expect_err("no revival").kind(), "data_lost");
    assert!(!data_dir.exists());
}

#[test]
fn a_cluster_of_an_earlier_version_gets_its_note_and_a_bad_note_is_mended() {
    let dir = temp_dir();
    drop(start(dir.path()).expect("start"));
    let note = dir.path().join("cluster.json");
    let text = fs::read_to_string(&note).expect("the note");
    let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let made = json["created_at"].as_str().expect("a time");
    let age = chrono::Utc::now() - made.parse::<chrono::DateTime<chrono::Utc>>().expect("a time");
    assert!((0..120).contains(&age.num_seconds()), "{text}");
    for bad in [None, Some(""), Some("{\"system_identifier\":")] {
        match bad {
            None => fs::remove_file(&note).expect("remove"),
            Some(bad) => fs::write(&note, bad).expect("write"),
        }
        let server = start(dir.path()).expect("start");
        let sql = "select system_identifier::text from pg_control_system()";
        assert_eq!(query(&server, sql), json["system_identifier"].as_str().expect("an id"));
        drop(server);
        assert_eq!(fs::read_to_string(&note).expect("the note"), text, "{bad:?}");
    }
    // An unreadable marker still shows that there was a cluster.
    fs::write(&note, "{").expect("write");
    fs::remove_dir_all(dir.path().join("postgres")).expect("remove");
    assert!(refusal(dir.path()).starts_with("data_lost: "));
}

#[test]
fn a_cluster_that_is_there_is_used_whatever_is_said() {
    let dir = temp_dir();
    let server = start(dir.path()).expect("start");
    query(&server, "create table kept as select 42 as answer");
    drop(server);
    let server = Embedded::begin(settings(dir.path()), &Begin::Anew, &Halt::default());
    assert_eq!(query(&server.expect("start"), "select answer from kept"), "42");
}
