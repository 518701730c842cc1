//! The remains of predecessors: running servers, lock files, half a cluster.

use std::time::Instant;

use super::*;

#[test]
fn ends_when_the_process_is_killed() {
    if let Some(data_dir) = env::var_os(CHILD_DATA_DIR) {
        return as_child(Path::new(&data_dir));
    }
    let dir = temp_dir();
    let exe = env::current_exe().expect("this binary");
    let mut child = child("predecessors::ends_when_the_process_is_killed", &exe, dir.path())
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
    until("all servers gone", Duration::from_secs(5), || servers_in(dir.path()).is_empty());
}

#[test]
fn waits_for_the_server_of_a_dead_predecessor() {
    if let Some(data_dir) = env::var_os(CHILD_DATA_DIR) {
        return as_child(Path::new(&data_dir));
    }
    let dir = temp_dir();
    let exe = env::current_exe().expect("this binary");
    let mut child =
        child("predecessors::waits_for_the_server_of_a_dead_predecessor", &exe, dir.path())
            .spawn()
            .expect("spawn");
    await_ready(&mut child);
    // The server waits for all its processes.
    let servers = servers_in(dir.path());
    let slow =
        servers.iter().find(|(_, title)| title.contains("checkpointer")).expect("a checkpointer");
    let slow = Pid::from_raw(slow.0);
    kill(slow, Signal::SIGSTOP).expect("SIGSTOP");
    child.kill().expect("SIGKILL");
    child.wait().expect("the child's end");

    let (started, pause) = (Instant::now(), Duration::from_millis(700));
    let resume = thread::spawn(move || {
        // How long the other takes to end is what is tried.
        thread::sleep(pause);
        kill(slow, Signal::SIGCONT)
    });
    let server = start(dir.path()).expect("start when the other is gone");
    assert!(started.elapsed() >= pause);
    assert_eq!(query(&server, "select 1"), "1");
    resume.join().expect("the thread ends").expect("SIGCONT");
}

#[test]
fn a_second_start_on_the_same_directory_is_refused() {
    let dir = temp_dir();
    let first = start(dir.path()).expect("start");
    let refusal = refusal(dir.path());
    assert!(refusal.starts_with("in_use: "), "{refusal}");
    assert!(refusal.contains(&format!("process {}", std::process::id())), "{refusal}");
    assert_eq!(query(&first, "select 1"), "1", "the first is not disturbed");
}

/// After a crash, and after a reboot when the process id belongs to another program.
#[test]
fn a_stale_lock_file_is_recovered() {
    let dir = temp_dir();
    let server = start(dir.path()).expect("start");
    let lock_file = dir.path().join("postgres/postmaster.pid");
    let left = fs::read_to_string(&lock_file).expect("the lock file");
    server.stop().expect("stop");

    let mut gone = Command::new("true").spawn().expect("spawn");
    gone.wait().expect("its end");
    let owner = fs::metadata(dir.path().join("postgres")).expect("the cluster").uid();
    let mut stranger = Command::new("sleep");
    stranger.arg("60");
    if Uid::effective().is_root() {
        // PostgreSQL itself recognizes programs of other users.
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
