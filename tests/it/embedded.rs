//! The embedded PostgreSQL: real binaries, real processes, real signals.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User, getpgid},
};
use sectorwatch_pg_embedded::{
    Begin, Condition, Embedded, EmbeddedError, EmbeddedSettings, Halt, find_binaries,
};
use tempfile::TempDir;

use crate::support::{postgres, wait::until};

mod lost;
mod predecessors;
mod refusals;

/// Set in a child process: the data directory in which it starts a server and waits to be killed.
const CHILD_DATA_DIR: &str = "SECTORWATCH_TEST_EMBEDDED_CHILD";

/// A directory that the server's unprivileged user can enter, unlike that of `tempfile`.
fn temp_dir() -> TempDir {
    let dir = tempfile::tempdir().expect("a temporary directory");
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("set the mode");
    dir
}

fn settings(data_dir: &Path) -> EmbeddedSettings {
    let extra = vec![("fsync".to_owned(), "off".to_owned())];
    EmbeddedSettings { extra, ..postgres::settings(data_dir) }
}

fn start(data_dir: &Path) -> Result<Embedded, EmbeddedError> {
    Embedded::start(settings(data_dir))
}

/// The error of a start, as an operator reads it.
fn refusal(data_dir: &Path) -> String {
    let error = start(data_dir).map(|_| ()).expect_err("the start is refused");
    eprintln!("{}: {error}", error.kind());
    format!("{}: {error}", error.kind())
}

fn query(server: &Embedded, sql: &str) -> String {
    let url = server.url();
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, connection) =
            tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("connect");
        tokio::spawn(connection);
        let messages = client.simple_query(sql).await.expect("the query");
        let row = messages.into_iter().find_map(|message| match message {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        row.unwrap_or_default()
    })
}

/// The server processes that work in this data directory, with their titles.
pub fn servers_in(data_dir: &Path) -> Vec<(i32, String)> {
    let cluster = data_dir.canonicalize().expect("the data directory").join("postgres");
    let processes = fs::read_dir("/proc").expect("/proc").flatten().map(|process| process.path());
    let here = processes
        .filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == cluster));
    here.filter_map(|process| {
        let pid = process.file_name()?.to_str()?.parse().ok()?;
        Some((pid, fs::read_to_string(process.join("cmdline")).ok()?))
    })
    .collect()
}

/// Runs the test `name` again in a separate process, which starts a server in `data_dir`.
fn child(name: &str, exe: &Path, data_dir: &Path) -> Command {
    let mut command = Command::new(exe);
    command.args(["--exact", &format!("embedded::{name}"), "--nocapture"]);
    command.env(CHILD_DATA_DIR, data_dir).stdout(Stdio::piped()).stdin(Stdio::null());
    command
}

/// The child: prints when the server is ready, and waits to be killed.
fn as_child(data_dir: &Path) {
    let server = start(data_dir).expect("the child's server starts");
    println!("ready {}", query(&server, "select current_user"));
    // It is killed.
    thread::sleep(Duration::from_secs(60));
}

/// Waits until the child's server is ready.
fn await_ready(child: &mut Child) {
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let ready = lines.map_while(Result::ok).any(|line| line.contains("ready sectorwatch"));
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
    let group = getpgid(Some(Pid::from_raw(server.pid()))).expect("its process group");
    assert_eq!(group.as_raw(), server.pid(), "Ctrl-C must not reach the server before us");
    query(&server, "create table kept as select 42 as answer");
    server.stop().expect("stop");
    assert_eq!(servers_in(&data_dir), []);

    let server = start(&data_dir).expect("start again");
    assert_eq!(query(&server, "select answer from kept"), "42");
    drop(server);
    assert_eq!(servers_in(&data_dir), []);
}

#[test]
fn is_durable_unless_told_otherwise() {
    let dir = temp_dir();
    let server = Embedded::start(postgres::settings(dir.path())).expect("start");
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        assert_eq!(query(&server, &format!("show {setting}")), "on", "{setting}");
    }
}

#[test]
fn outlives_the_thread_that_started_it() {
    let dir = temp_dir();
    let data_dir = dir.path().to_owned();
    let mut server =
        thread::spawn(move || start(&data_dir)).join().expect("the thread ends").expect("start");
    // Nothing happens is the claim: a signal for the end of the thread would have come by then.
    thread::sleep(Duration::from_millis(300));
    assert!(server.is_alive());
    assert_eq!(query(&server, "select 1"), "1");
}

#[test]
fn starts_as_an_ordinary_user() {
    if let Some(data_dir) = env::var_os(CHILD_DATA_DIR) {
        return as_child(Path::new(&data_dir));
    }
    let dir = temp_dir();
    let data_dir = dir.path().join("data");
    fs::create_dir(&data_dir).expect("create");
    // Other users may not be able to reach the build directory.
    let exe = dir.path().join("it");
    // Copied by another process, because a fork in a parallel test would keep it open for writing (ETXTBSY).
    let copied =
        Command::new("cp").arg(env::current_exe().expect("this binary")).arg(&exe).status();
    assert!(copied.expect("cp").success());
    let mut command = child("starts_as_an_ordinary_user", &exe, &data_dir);
    if Uid::effective().is_root() {
        let nobody = User::from_name("nobody").expect("the user list").expect("nobody");
        chown(&data_dir, Some(nobody.uid.as_raw()), Some(nobody.gid.as_raw())).expect("chown");
        command.uid(nobody.uid.as_raw()).gid(nobody.gid.as_raw()).current_dir(&data_dir);
    }
    let mut child = command.spawn().expect("spawn");
    await_ready(&mut child);
    child.kill().expect("SIGKILL");
    child.wait().expect("the child's end");
    until("all servers gone", Duration::from_secs(5), || servers_in(&data_dir).is_empty());

    // Root comes later, and leaves the cluster to its owner.
    let owner = fs::metadata(data_dir.join("postgres")).expect("the cluster").uid();
    let server = start(&data_dir).expect("start");
    let runs_as = fs::metadata(format!("/proc/{}", server.pid())).expect("the server").uid();
    assert_eq!(runs_as, owner);
}

#[test]
fn a_long_path_puts_the_socket_elsewhere() {
    let dir = temp_dir();
    let server = start(&dir.path().join("d".repeat(100))).expect("start");
    assert_eq!(query(&server, "select 1"), "1");
    let socket_dir = PathBuf::from(query(&server, "show unix_socket_directories"));
    assert_eq!(fs::metadata(&socket_dir).expect("the socket's directory").mode() & 0o777, 0o700);
    server.stop().expect("stop");
    assert!(!socket_dir.exists());
}

#[test]
fn a_large_log_is_emptied() {
    let dir = temp_dir();
    let log = dir.path().join("postgres.log");
    let file = fs::File::create(&log).expect("create");
    file.set_len(11 * 1024 * 1024).expect("grow");
    let server = start(dir.path()).expect("start");
    assert_eq!(server.log_path().canonicalize().ok(), log.canonicalize().ok());
    let len = fs::metadata(&log).expect("the log").len();
    assert!((1..100_000).contains(&len), "{len}");
}
