//! Starts that cannot work: they stop, and report the cause and how to fix it.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use nix::unistd::Uid;
use serde_json::{Value, json};

use crate::support::{
    feed_server::FeedServer,
    postgres::Database,
    scratch,
    service::{Ended, Setup},
};

/// A database that no start here may contact.
const NO_DATABASE: &str = "postgres://nobody@127.0.0.1:1/none";

fn assert_says(ended: &Ended, code: i32, words: &[&str]) {
    let text = &ended.stderr;
    assert_eq!(ended.code, Some(code), "{text}");
    for word in words {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
    assert!(!text.contains("panicked"), "{text}");
}

fn feature(properties: Value, ring: Value) -> Value {
    let geometry = json!({"type": "Polygon", "coordinates": [ring]});
    json!({"type": "Feature", "properties": properties, "geometry": geometry})
}

fn collection(features: &[Value]) -> String {
    json!({"type": "FeatureCollection", "features": features}).to_string()
}

#[test]
fn a_bad_airspace_stops_the_start_with_file_feature_and_reason() {
    let ring = json!([[150, -35], [152, -35], [152, -33], [150, -33], [150, -35]]);
    let good = feature(json!({"role": "boundary"}), ring.clone());
    let sector = |id: Value, ring: Value| feature(json!({"role": "sector", "id": id}), ring);
    let short = json!([[150, -35], [152, -35], [150, -35]]);
    let off = json!([[150, -35], [152, -35], [152, 100], [150, -35]]);
    let cases: [(&str, Option<String>, &[&str]); 9] = [
        ("missing", None, &["cannot be read", "No such file"]),
        ("text", Some("airspace".to_owned()), &["is not JSON"]),
        ("json", Some("[1]".to_owned()), &["is not a GeoJSON FeatureCollection"]),
        (
            "short",
            Some(collection(&[good.clone(), sector(json!("SYD"), short)])),
            &["feature 1 (SYD)", "3 positions, needs at least 4"],
        ),
        (
            "off",
            Some(collection(&[good.clone(), sector(json!("SYD"), off)])),
            &["feature 1 (SYD)", "latitude 100", "-90 … 90"],
        ),
        (
            "nameless",
            Some(collection(&[good.clone(), sector(Value::Null, ring.clone())])),
            &["feature 1", "is a sector without id"],
        ),
        (
            "callsign",
            Some(collection(&[
                good.clone(),
                feature(
                    json!({"role": "sector", "id": "S", "callsigns": ["SY APP"]}),
                    ring.clone(),
                ),
            ])),
            &["feature 1 (S)", "names a callsign", "\"SY APP\""],
        ),
        ("empty", Some(collection(&[])), &["no boundary and no sector"]),
        (
            "roleless",
            Some(collection(&[feature(json!({"id": "SYD"}), ring)])),
            &["feature 0 (SYD)", "has no role"],
        ),
    ];
    let dir = scratch::dir("airspaces");
    for (name, text, words) in cases {
        let file = dir.join(format!("{name}.geojson"));
        if let Some(text) = text {
            fs::write(&file, text).expect("write");
        }
        let file = file.to_str().expect("UTF-8");
        let words: Vec<_> = words.iter().copied().chain([file]).collect();
        let serve = Setup::bare(&["serve"])
            .env("DATABASE_URL", NO_DATABASE)
            .env("SECTORWATCH_AIRSPACE", file);
        assert_says(&serve.run(), 1, &words);
        assert_says(&Setup::bare(&["check-airspace", file]).run(), 1, &words);
    }
    // Nothing is created for a start that cannot work.
    let setup = Setup::bare(&["serve", "--airspace", "/nowhere.geojson"]);
    assert_says(&setup.run(), 1, &["/nowhere.geojson"]);
    let made = fs::read_dir(setup.data_dir()).expect("read").count();
    assert_eq!(made, 0, "an embedded server for nothing");
}

#[test]
fn a_port_in_use_is_named() {
    let (database, feed) = (Database::migrated(), FeedServer::start());
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = taken.local_addr().expect("its address").to_string();
    let setup = Setup::serve(&database, &feed).env("SECTORWATCH_LISTEN", &address);
    let words = [address.as_str(), "in use", "SECTORWATCH_LISTEN"];
    assert_says(&setup.run(), 1, &words);
    assert_eq!(database.sessions_like("sectorwatch:%"), 0);
}

/// A copy of the binary that every user can run.
fn public_binary() -> PathBuf {
    let copy = scratch::dir("binary").join("sectorwatch");
    // Copied by another process, because a fork in a parallel test could keep our file open (ETXTBSY).
    let mut cp = Command::new("cp");
    cp.arg(env!("CARGO_BIN_EXE_sectorwatch")).arg(&copy);
    assert!(cp.status().expect("cp").success());
    copy
}

/// Runs `serve` in a shell in which the environment can be changed first.
fn in_shell(shell: &[&str], script: &str, binary: &Path, data_dir: &Path) -> Ended {
    let script = format!("{script}\nexec \"$0\" serve");
    let output = Command::new(shell[0])
        .args(&shell[1..])
        .args(["sh", "-c", &script])
        .arg(binary)
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env("SECTORWATCH_DATA_DIR", data_dir)
        .output()
        .expect("run");
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_data_directory_that_cannot_be_used_is_named_with_what_mends_it() {
    let file = scratch::dir("file").join("file");
    fs::write(&file, "").expect("write");
    let below_file = file.join("data");
    let below_file = below_file.to_str().expect("UTF-8");
    let setup = Setup::bare(&["serve"]).env("SECTORWATCH_DATA_DIR", below_file);
    assert_says(&setup.run(), 1, &[below_file, "cannot write to"]);

    let closed = scratch::dir("closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).expect("chmod");
    let data_dir = closed.join("data");
    let binary = public_binary();
    if Uid::effective().is_root() {
        let ended = in_shell(&["env"], "", &binary, &data_dir);
        let mend = format!("`chmod o+x '{}'`", closed.display());
        assert_says(&ended, 1, &["cannot enter", &mend, "SECTORWATCH_DATA_DIR"]);
        // As a user who may not write there.
        let shell = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
        let ended = in_shell(&shell, "cd /", &binary, &data_dir);
        assert_says(&ended, 1, &["may not write to", "`sudo install -d -o "]);
    } else {
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).expect("chmod");
        let ended = in_shell(&["env"], "", &binary, &data_dir);
        assert_says(&ended, 1, &["may not write to", "`sudo install -d -o "]);
    }
}

#[test]
fn missing_server_programs_are_named_with_what_installs_them() {
    let empty = scratch::dir("no-programs");
    let setup = Setup::bare(&["serve"]).env("PG_BIN_DIR", empty.to_str().expect("UTF-8"));
    let words = ["PG_BIN_DIR", empty.to_str().expect("UTF-8"), "unset it"];
    assert_says(&setup.run(), 1, &words);

    // A separate mount namespace hides the programs from one process only.
    let shell = ["unshare", "--map-root-user", "--mount"];
    let may = Command::new(shell[0]).args(&shell[1..]).arg("true").output();
    if !may.is_ok_and(|output| output.status.success()) {
        println!("not run without any programs: this process may not make a mount namespace");
        return;
    }
    let hide = "for dir in /usr/lib/postgresql /usr/libexec/postgresql /usr/local/pgsql; do \
                [ ! -d $dir ] || mount -t tmpfs none $dir || exit 99; done\nPATH=/nowhere";
    // That directory is not writable either, which would be the second error.
    let ended = in_shell(&shell, hide, &public_binary(), Path::new("/proc/data"));
    let words = ["no PostgreSQL server programs", "install", "DATABASE_URL"];
    assert_says(&ended, 1, &words);
}

#[test]
fn settings_that_cannot_be_used_are_all_named() {
    let file = scratch::dir("config").join("sectorwatch.toml");
    fs::write(&file, "poll_intervall = \"15s\"\nexit_polls = 0\n").expect("write");
    let file = file.to_str().expect("UTF-8");
    for (arguments, words) in [
        (&["serve", "--poll-intervall", "15s"][..], &["--poll-intervall", "--poll-interval"][..]),
        (&["server"], &["server"]),
        (&["replay"], &["FILE"]),
        (
            &["serve", "--config", file],
            &["poll_intervall", "did you mean poll_interval", "exit_polls", file],
        ),
        (&["serve", "--config", "/no/such.toml"], &["/no/such.toml", "No such file"]),
        (&["serve", "--poll-interval", "5"], &["poll_interval", "\"5\"", "allowed", "100ms"]),
        (&["serve", "--ingest-pool-size", "0"], &["ingest_pool_size", "\"0\"", "allowed"]),
        (&["serve", "--listen", "here"], &["listen", "\"here\"", "allowed"]),
        (&["serve", "--feed-url", "ftp://u:hunter2@x/"], &["feed_url", "allowed"]),
        (&["serve", "--database-url", "mysql://u:hunter2@x/"], &["database_url", "allowed"]),
    ] {
        let ended = Setup::bare(arguments).run();
        assert_says(&ended, 2, words);
        assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
    }
    let setup = Setup::bare(&["config"])
        .env("SECTORWATCH_POLL_INTERVALL", "15s")
        .env("DATABASE_URL", "postgres://u:hunter2@h/d");
    let ended = setup.run();
    assert_says(&ended, 0, &["SECTORWATCH_POLL_INTERVALL"]);
    assert!(!ended.stdout.contains("hunter2"), "{}", ended.stdout);
    let nothing = scratch::dir("nothing");
    let ended = Setup::bare(&["replay", nothing.to_str().expect("UTF-8")]).run();
    assert_says(&ended, 1, &["no recorded snapshot found"]);
}
