//! PostgreSQL over TCP, as most people have it: `DATABASE_URL` with a password, a name and a port.

use crate::support::{
    documents::{Feed, spread},
    postgres::{Database, Server},
    replay::{recorded, replay},
    scratch,
};

/// A loopback address of this test's own, so that no other server holds the port.
const ADDRESS: &str = "127.0.73.15";

#[test]
fn a_server_on_tcp_is_written_with_a_password() {
    let hba = scratch::dir("hba").join("pg_hba.conf");
    let rules = "local all all trust\nhost all all 127.0.0.0/8 scram-sha-256\n";
    std::fs::write(&hba, rules).expect("write pg_hba.conf");
    let hba = hba.to_str().expect("UTF-8");
    let server = Server::own(&[("listen_addresses", ADDRESS), ("hba_file", hba)]);
    let database = Database::migrated_on(server.clone());
    server.client().run("create role writer superuser login password 'p:ss/w@rd'");
    let url = |password: &str, port: u16| {
        format!("postgres://writer:{password}@{ADDRESS}:{port}/{}", database.name())
    };
    let recording = recorded(&[Feed::second(0).pilots(spread(3))]);
    let replayed = |url: &str| replay(&[&recording], &database, &[("DATABASE_URL", url)]);

    let stored = replayed(&url("p%3Ass%2Fw%40rd", 5432));
    assert_eq!(stored.code, Some(0), "{}", stored.stderr);
    assert_eq!(database.client().one("select count(*) from flights"), "3");

    for (password, port, told) in
        [("p%3Ass%2Fw%40rd", 1, "127.0.73.15:1"), ("wr0ng", 5432, "password authentication failed")]
    {
        let refused = replayed(&url(password, port));
        assert_eq!(refused.code, Some(1));
        assert!(refused.stderr.contains(told), "{told}: {}", refused.stderr);
        assert!(!refused.stderr.contains(password), "{}", refused.stderr);
    }
}
