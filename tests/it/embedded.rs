//! The embedded PostgreSQL: real binaries, real processes, real signals.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::{PermissionsExt as _, chown},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::unistd::{Uid, User};
use sectorwatch::store::embedded::{Embedded, EmbeddedError, EmbeddedSettings, find_binaries};
use tempfile::TempDir;

/// Set in a child process: the data directory in which it starts a server, to then wait for its end.
const CHILD_DATA_DIR: &str = "SECTORWATCH_TEST_EMBEDDED_CHILD";

/// A directory that the server's unprivileged user can enter, unlike `tempfile`'s own.
fn temp_dir() -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("set the mode");
    dir
}

fn start(data_dir: &Path) -> Result<Embedded, EmbeddedError> {
    let extra = vec![("fsync".to_owned(), "off".to_owned())];
    Embedded::start(EmbeddedSettings {
        data_dir: data_dir.to_owned(),
        extra,
    })
}

/// The error of a start, as an operator reads it.
fn refusal(data_dir: &Path) -> String {
    let error = start(data_dir)
        .map(|_| ())
        .expect_err("the start is refused");
    eprintln!("{}: {error}", error.kind());
    format!("{}: {error}", error.kind())
}

fn query(server: &Embedded, sql: &str) -> String {
    let url = server.url();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
            .await
            .expect("connect");
        tokio::spawn(connection);
        let messages = client.simple_query(sql).await.expect("the query");
        let row = messages.into_iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        row.unwrap_or_default()
    })
}

/// The server processes that work in this data directory.
fn servers_in(data_dir: &Path) -> Vec<String> {
    let cluster = data_dir
        .canonicalize()
        .expect("the data directory")
        .join("postgres");
    let processes = fs::read_dir("/proc").expect("/proc").flatten();
    let here = processes.filter(|process| {
        fs::read_link(process.path().join("cwd")).is_ok_and(|cwd| cwd == cluster)
    });
    here.map(|process| fs::read_to_string(process.path().join("cmdline")).unwrap_or_default())
        .collect()
}

fn eventually(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + limit;
    while !holds() {
        assert!(Instant::now() < deadline, "not within {limit:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Runs the test `name` again as a process of its own, which starts a server in `data_dir`.
fn child(name: &str, exe: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(exe);
    command.args(["--exact", &format!("embedded::{name}"), "--nocapture"]);
    command
        .env(CHILD_DATA_DIR, data_dir)
        .stdout(Stdio::piped())
        .stdin(Stdio::null());
    command
}

/// The child's side: says when the server is ready, and waits to be killed.
fn as_child(data_dir: &Path) {
    let server = start(data_dir).expect("the child's server starts");
    println!("ready {}", query(&server, "select current_user"));
    thread::sleep(Duration::from_secs(60));
}

/// Waits until the child says that its server is ready.
fn await_ready(child: &mut Child) {
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let ready = lines
        .map_while(Result::ok)
        .any(|line| line.contains("ready sectorwatch"));
    assert!(ready, "the child ended before its server was ready");
}

#[test]
fn starts_answers_stops_and_keeps_its_data() {
    let dir = temp_dir();
    // A name that must be encoded in the URL.
    let data_dir = dir.path().join("data dir%");
    let mut server = start(&data_dir).expect("start");
    assert!(server.is_alive() && server.pid() > 0);
    assert_eq!(
        query(&server, "select current_user || '@' || current_database()"),
        "sectorwatch@sectorwatch"
    );
    assert_eq!(query(&server, "show server_encoding"), "UTF8");
    assert_eq!(query(&server, "show listen_addresses"), "");
    query(&server, "create table kept as select 42 as answer");
    server.stop().expect("stop");
    assert_eq!(servers_in(&data_dir), Vec::<String>::new());

    let server = start(&data_dir).expect("start again");
    assert_eq!(query(&server, "select answer from kept"), "42");
    drop(server);
    assert_eq!(servers_in(&data_dir), Vec::<String>::new());
}

#[test]
fn is_durable_unless_told_otherwise() {
    let dir = temp_dir();
    let server = Embedded::start(EmbeddedSettings {
        data_dir: dir.path().to_owned(),
        extra: Vec::new(),
    })
    .expect("start");
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        assert_eq!(
            query(&server, &format!("show {setting}")),
            "on",
            "{setting}"
        );
    }
}

#[test]
fn ends_when_the_process_is_killed() {
    if let Some(data_dir) = env::var_os(CHILD_DATA_DIR) {
        return as_child(Path::new(&data_dir));
    }
    let dir = temp_dir();
    let exe = env::current_exe().expect("this binary");
    let mut child = child("ends_when_the_process_is_killed", &exe, dir.path())
        .spawn()
        .expect("spawn");
    await_ready(&mut child);
    assert!(
        servers_in(dir.path()).len() > 3,
        "postmaster and helpers run: {:?}",
        servers_in(dir.path())
    );
    child.kill().expect("SIGKILL");
    child.wait().expect("the child's end");
    // At once: the start waits for the dying server.
    let server = start(dir.path()).expect("start after the kill");
    assert_eq!(query(&server, "select 1"), "1");
    server.stop().expect("stop");

    let mut child = self::child("ends_when_the_process_is_killed", &exe, dir.path())
        .spawn()
        .expect("spawn");
    await_ready(&mut child);
    child.kill().expect("SIGKILL");
    child.wait().expect("the child's end");
    eventually("all servers gone", Duration::from_secs(5), || {
        servers_in(dir.path()).is_empty()
    });
}

#[test]
fn outlives_the_thread_that_started_it() {
    let dir = temp_dir();
    let data_dir = dir.path().to_owned();
    let mut server = thread::spawn(move || start(&data_dir))
        .join()
        .expect("the thread ends")
        .expect("start");
    thread::sleep(Duration::from_millis(300));
    assert!(server.is_alive());
    assert_eq!(query(&server, "select 1"), "1");
}
