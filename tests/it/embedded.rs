//! The embedded PostgreSQL: real binaries, real processes, real signals.

use std::{
    env, fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, Uid, User, getpgid},
};
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

/// The server processes that work in this data directory, with their titles.
fn servers_in(data_dir: &Path) -> Vec<(i32, String)> {
    let cluster = data_dir
        .canonicalize()
        .expect("the data directory")
        .join("postgres");
    let processes = fs::read_dir("/proc")
        .expect("/proc")
        .flatten()
        .map(|process| process.path());
    let here = processes
        .filter(|process| fs::read_link(process.join("cwd")).is_ok_and(|cwd| cwd == cluster));
    here.filter_map(|process| {
        let pid = process.file_name()?.to_str()?.parse().ok()?;
        Some((pid, fs::read_to_string(process.join("cmdline")).ok()?))
    })
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
    let group = getpgid(Some(Pid::from_raw(server.pid()))).expect("its process group");
    assert_eq!(
        group.as_raw(),
        server.pid(),
        "Ctrl-C must not reach the server before us"
    );
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
        "postmaster and its processes: {:?}",
        servers_in(dir.path())
    );
    child.kill().expect("SIGKILL");
    child.wait().expect("the child's end");
    eventually("all servers gone", Duration::from_secs(5), || {
        servers_in(dir.path()).is_empty()
    });
}

#[test]
fn waits_for_the_server_of_a_dead_predecessor() {
    if let Some(data_dir) = env::var_os(CHILD_DATA_DIR) {
        return as_child(Path::new(&data_dir));
    }
    let dir = temp_dir();
    let exe = env::current_exe().expect("this binary");
    let mut child = child(
        "waits_for_the_server_of_a_dead_predecessor",
        &exe,
        dir.path(),
    )
    .spawn()
    .expect("spawn");
    await_ready(&mut child);
    // The server waits for all its processes.
    let servers = servers_in(dir.path());
    let slow = servers
        .iter()
        .find(|(_, title)| title.contains("checkpointer"))
        .expect("a checkpointer");
    let slow = Pid::from_raw(slow.0);
    kill(slow, Signal::SIGSTOP).expect("SIGSTOP");
    child.kill().expect("SIGKILL");
    child.wait().expect("the child's end");

    let (started, pause) = (Instant::now(), Duration::from_millis(700));
    let resume = thread::spawn(move || {
        thread::sleep(pause);
        kill(slow, Signal::SIGCONT)
    });
    let server = start(dir.path()).expect("start when the other is gone");
    assert!(started.elapsed() >= pause);
    assert_eq!(query(&server, "select 1"), "1");
    resume.join().expect("the thread ends").expect("SIGCONT");
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
    fs::copy(env::current_exe().expect("this binary"), &exe).expect("copy");
    let mut command = child("starts_as_an_ordinary_user", &exe, &data_dir);
    if Uid::effective().is_root() {
        let nobody = User::from_name("nobody")
            .expect("the user list")
            .expect("nobody");
        chown(
            &data_dir,
            Some(nobody.uid.as_raw()),
            Some(nobody.gid.as_raw()),
        )
        .expect("chown");
        command
            .uid(nobody.uid.as_raw())
            .gid(nobody.gid.as_raw())
            .current_dir(&data_dir);
    }
    let mut child = command.spawn().expect("spawn");
    await_ready(&mut child);
    child.kill().expect("SIGKILL");
    child.wait().expect("the child's end");
    eventually("all servers gone", Duration::from_secs(5), || {
        servers_in(&data_dir).is_empty()
    });

    // Root comes later, and leaves the cluster to its owner.
    let owner = fs::metadata(data_dir.join("postgres"))
        .expect("the cluster")
        .uid();
    let server = start(&data_dir).expect("start");
    let runs_as = fs::metadata(format!("/proc/{}", server.pid()))
        .expect("the server")
        .uid();
    assert_eq!(runs_as, owner);
}

#[test]
fn a_second_start_on_the_same_directory_is_refused() {
    let dir = temp_dir();
    let first = start(dir.path()).expect("start");
    let refusal = refusal(dir.path());
    assert!(refusal.starts_with("in_use: "), "{refusal}");
    assert!(
        refusal.contains(&format!("process {}", std::process::id())),
        "{refusal}"
    );
    assert_eq!(query(&first, "select 1"), "1", "the first is not disturbed");
}

/// Both of a crash and of a reboot, after which the process id is somebody else's.
#[test]
fn a_stale_lock_file_is_recovered() {
    let dir = temp_dir();
    let server = start(dir.path()).expect("start");
    let lock_file = dir.path().join("postgres/postmaster.pid");
    let left = fs::read_to_string(&lock_file).expect("the lock file");
    server.stop().expect("stop");

    let mut gone = Command::new("true").spawn().expect("spawn");
    gone.wait().expect("its end");
    let owner = fs::metadata(dir.path().join("postgres"))
        .expect("the cluster")
        .uid();
    let mut stranger = Command::new("sleep");
    stranger.arg("60");
    if Uid::effective().is_root() {
        // PostgreSQL sees through strangers of other users by itself.
        stranger.uid(owner);
    }
    let mut stranger = stranger.spawn().expect("spawn");
    for pid in [gone.id(), stranger.id()] {
        let rest = left.split_once('\n').expect("lines").1;
        fs::write(&lock_file, format!("{pid}\n{rest}")).expect("write");
        chown(&lock_file, Some(owner), None).expect("chown");
        let server = start(dir.path()).expect("start over the stale lock file");
        assert_eq!(query(&server, "select 1"), "1");
    }
    stranger.kill().expect("SIGKILL");
    stranger.wait().expect("its end");
}

#[test]
fn a_half_made_cluster_is_made_anew() {
    let dir = temp_dir();
    let half = dir.path().join("postgres.new");
    fs::create_dir(&half).expect("create");
    fs::write(half.join("PG_VERSION"), "15\n").expect("write");
    let server = start(dir.path()).expect("start");
    assert_eq!(query(&server, "select 1"), "1");
    assert!(!half.exists());
}

#[test]
fn a_foreign_directory_is_refused_and_left_alone() {
    let dir = temp_dir();
    let cluster = dir.path().join("postgres");
    fs::create_dir(&cluster).expect("create");
    if Uid::effective().is_root() {
        let refusal = refusal(dir.path());
        assert!(
            refusal.starts_with("not_owned: ") && refusal.contains("chown -R"),
            "{refusal}"
        );
        chown(&cluster, Some(65_534), Some(65_534)).expect("chown");
    }
    fs::write(cluster.join("thesis.tex"), "").expect("write");
    let text = refusal(dir.path());
    assert!(text.starts_with("not_a_cluster: "), "{text}");

    fs::write(cluster.join("PG_VERSION"), "9.6\n").expect("write");
    let text = refusal(dir.path());
    let installed = find_binaries().expect("binaries").major().to_owned();
    assert!(
        text.starts_with("other_version: ") && text.contains("made by PostgreSQL 9.6"),
        "{text}"
    );
    assert!(text.contains(&installed), "{text}");
    assert_eq!(fs::read_dir(&cluster).expect("read").count(), 2);
}

#[test]
fn a_directory_on_the_way_that_cannot_be_entered_is_named() {
    let dir = temp_dir();
    let closed = dir.path().join("closed");
    fs::create_dir(&closed).expect("create");
    let mode = if Uid::effective().is_root() {
        0o700
    } else {
        0o000
    };
    fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).expect("chmod");
    let text = refusal(&closed.join("data"));
    let closed = closed.display();
    if Uid::effective().is_root() {
        assert!(
            text.starts_with("not_enterable: ")
                && text.contains(&format!("`chmod o+x '{closed}'`")),
            "{text}"
        );
    } else {
        assert!(
            text.starts_with("not_writable: ") && text.contains(&format!("'{closed}/data'`")),
            "{text}"
        );
    }
}

#[test]
fn a_long_path_puts_the_socket_elsewhere() {
    let dir = temp_dir();
    let server = start(&dir.path().join("d".repeat(100))).expect("start");
    assert_eq!(query(&server, "select 1"), "1");
    let socket_dir = PathBuf::from(query(&server, "show unix_socket_directories"));
    assert_eq!(
        fs::metadata(&socket_dir)
            .expect("the socket's directory")
            .mode()
            & 0o777,
        0o700
    );
    server.stop().expect("stop");
    assert!(!socket_dir.exists());
}

#[test]
fn a_failed_start_quotes_the_log() {
    let dir = temp_dir();
    drop(start(dir.path()).expect("start"));
    let extra = vec![("shared_buffers".to_owned(), "a lot".to_owned())];
    let error = Embedded::start(EmbeddedSettings {
        data_dir: dir.path().to_owned(),
        extra,
    });
    let text = error.map(|_| ()).expect_err("a bad setting").to_string();
    assert!(
        text.contains(r#"invalid value for parameter "shared_buffers""#),
        "{text}"
    );
}

#[test]
fn a_large_log_is_emptied() {
    let dir = temp_dir();
    let log = dir.path().join("postgres.log");
    let file = fs::File::create(&log).expect("create");
    file.set_len(11 * 1024 * 1024).expect("grow");
    let server = start(dir.path()).expect("start");
    assert_eq!(
        server.log_path().canonicalize().ok(),
        log.canonicalize().ok()
    );
    let len = fs::metadata(&log).expect("the log").len();
    assert!((1..100_000).contains(&len), "{len}");
}
