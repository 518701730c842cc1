//! A disk that is full.

use std::{fs, os::unix::fs::MetadataExt as _, os::unix::fs::chown, path::Path, process::Command};

use super::*;
use crate::support::scratch;

const FLIGHTS: usize = 2000;

/// A file system of 64 MiB, which ends with this.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    /// `None` if this process may not mount.
    fn mount() -> Option<Self> {
        let dir = scratch::dir("small-disk");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=64m", "none"]).arg(&dir);
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Self(dir))
    }

    /// A directory on it that belongs to the server.
    fn dir_of(&self, server: &Server) -> std::path::PathBuf {
        let dir = self.0.join("tables");
        fs::create_dir(&dir).expect("create");
        let process = Path::new("/proc").join(server.pids()[0].to_string());
        let process = fs::metadata(process).expect("the server's process");
        chown(&dir, Some(process.uid()), Some(process.gid())).expect("chown");
        dir
    }
}

impl SmallDisk {
    /// Fills the disk with a file, because dropping a table would need to write.
    fn fill(&self) {
        let ballast = vec![0; 64 << 20];
        let refused = fs::write(self.0.join("ballast"), ballast).expect_err("more than it holds");
        assert_eq!(refused.kind(), std::io::ErrorKind::StorageFull);
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("ballast")).expect("remove");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

const FULL: &str = "
    create function full_disk() returns trigger language plpgsql as
        $$ begin raise exception 'no space left on device' using errcode = '53100'; end $$;
    create trigger full_disk before insert on flight_positions
        for each statement execute function full_disk()";

#[test]
fn a_full_disk_fails_cycles_until_there_is_room() {
    let disk = SmallDisk::mount();
    let database = match &disk {
        Some(disk) => {
            println!("ran with a file system of 64 MiB");
            let server = Server::own(&[]);
            let dir = disk.dir_of(&server);
            Database::in_directory(server, &dir)
        }
        None => {
            println!("ran with a trigger that raises 53100: this process may not mount");
            Database::fresh()
        }
    };
    let feed = FeedServer::start();
    let mut service = start(&setup(&database, &feed), &feed);
    let client = database.client();
    match &disk {
        Some(disk) => disk.fill(),
        None => client.run(FULL),
    }
    let many = document(1).pilots(spread(FLIGHTS));
    feed.publish(&many);
    service.await_cycles("flights_error", 3);
    assert_answers(&service);
    let failures = failures(&service);
    assert_eq!(failures.len(), 1, "{failures:?}");
    let [phase, kind, error] = &failures[0];
    assert_eq!((phase.as_str(), kind.as_str()), ("flights", "query"));
    assert!(error.contains("53100"), "{error}");
    assert!(error.to_lowercase().contains("no space left on device"), "{error}");
    assert_eq!(client.count("select count(*) from flight_positions"), 1);

    match &disk {
        Some(disk) => disk.make_room(),
        None => client.run("drop function full_disk cascade"),
    }
    service.wait_until("room again", PATIENCE, |it| it.cycles_of("success") == 2);
    let stored = client.count("select count(*) from flight_positions");
    assert_eq!(stored, 3 + FLIGHTS as u64);
    let rejected = client.count("select count(*) from rejected_records");
    assert_eq!(rejected, 0, "a full disk is no fault of the data");
}
