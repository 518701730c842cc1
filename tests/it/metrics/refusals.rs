//! Causes every reason to refuse a session or a client, so that each label value is counted at least once.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use sectorwatch_store::{Owner, PoolName, Secret};

use super::{fresh, page::families};
use crate::{
    pool_leaks::rig::Rig,
    support::{
        certificates::Authority,
        wait::{PATIENCE, until},
    },
    tls,
};

/// A store with another reader, which is refused with this class.
fn refused(rig: &Rig, class: &str) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let refused = rig.run(async {
            let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
            scope.acquire().await.is_err()
        });
        assert!(refused, "{class}");
        let page = rig.page();
        let families = families(&page);
        let name = "sectorwatch_db_pool_connect_errors_total";
        let errors = families.iter().find(|it| it.name == name).expect("the family");
        let is_counted = errors.children.iter().any(|(labels, count)| {
            *count > 0.0 && labels.iter().any(|(name, of)| name == "sqlstate_class" && of == class)
        });
        if is_counted {
            return;
        }
        assert!(Instant::now() < deadline, "{class}:\n{page}");
    }
}

/// A server that sends this error to every client.
fn refuser(code: &str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    let fields = format!("SFATAL\0VFATAL\0C{code}\0Mno\0\0");
    let length = u32::try_from(fields.len() + 4).expect("a few bytes").to_be_bytes();
    let message = [b"E".as_slice(), &length, fields.as_bytes()].concat();
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let _ = client.read(&mut [0; 1000]).and_then(|_| client.write_all(&message));
        }
    });
    address
}

fn elsewhere(class: &str, url: impl FnOnce(&str) -> String) {
    let rig = Rig::with(|settings| {
        settings.read_url = Secret::new(url(settings.url.expose()));
        settings.acquire_timeout = Duration::from_millis(900);
    });
    refused(&rig, class);
}

#[test]
fn a_round_of_all_that_refuses_a_session() {
    elsewhere("28", |url| url.replacen("sectorwatch@", "nobody_of_that_name@", 1));
    elsewhere("3D", |url| format!("{}/nowhere", url.rsplit_once('/').expect("a database").0));
    elsewhere("io", |_| "postgres://sectorwatch@%2Fno%2Fsuch%2Fplace/sectorwatch".to_owned());
    elsewhere("dns", |_| {
        "postgres://sectorwatch@nowhere.invalid/sectorwatch?sslmode=disable".to_owned()
    });
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("its address");
    elsewhere("timeout", |_| {
        format!("postgres://sectorwatch@{address}/sectorwatch?sslmode=disable")
    });
    for code in ["08P01", "57P03"] {
        let address = refuser(code);
        elsewhere(&code[..2], |_| {
            format!("postgres://sectorwatch@{address}/sectorwatch?sslmode=disable")
        });
    }
    let tls = tls::rig::Rig::with_tls("127.0.73.60");
    let untrusted = Authority::new();
    elsewhere("tls", |_| {
        tls.here(&format!("sslmode=verify-full&sslrootcert={}", untrusted.certificate().display()))
    });
    for (class, refuse) in [
        ("42", "revoke connect on database DB from public; create role ROLE login"),
        ("53", "create role ROLE login connection limit 0"),
        ("other", "create role ROLE login; alter database DB allow_connections false"),
    ] {
        let rig = Rig::with(|settings| settings.acquire_timeout = Duration::from_millis(900));
        let database = rig.database.name().to_owned();
        let role = format!("{database}_{class}").to_lowercase();
        let refuse = refuse.replace("DB", &database).replace("ROLE", &role);
        rig.database.server().client().run(&refuse);
        let url = rig.database.url().replacen("sectorwatch@", &format!("{role}@"), 1);
        elsewhere(class, |_| url);
        rig.database.server().client().run(&format!("drop role {role}"));
    }
}

#[test]
fn a_round_of_ends_of_a_connection() {
    let rig = Rig::with(|settings| settings.connection_max_lifetime = Duration::from_millis(500));
    for _ in 0..2 {
        rig.expect_whole();
        // Their lifetime plus a tenth.
        thread::sleep(Duration::from_millis(700));
    }
    rig.page();
    rig.run(async {
        let scope = rig.store.pool(PoolName::Read).scope(Owner::Api);
        let lease = scope.acquire().await.expect("a session");
        rig.store.drain(Duration::ZERO).await;
        drop(lease);
    });
    let shut = "db_pool_connections_closed_total{pool=\"read\",reason=\"shutdown\"}";
    until("its session is closed", PATIENCE, || rig.metric(shut) > 0.0);
}

#[test]
fn a_round_of_clients_that_have_to_go() {
    let (_database, _feed, setup) = fresh(None);
    let mut service = setup.env("SECTORWATCH_HTTP_MAX_CONNECTIONS", "16").start();
    let address = service.address();
    let closed =
        |reason: &str| format!("sectorwatch_http_connections_closed_total{{reason=\"{reason}\"}}");
    // More connections than places and waiting clients.
    let crowd: Vec<_> = (0..200).map(|_| TcpStream::connect(address)).collect();
    let is_closed = |client: &std::io::Result<TcpStream>| {
        let Ok(client) = client else { return true };
        client.set_nonblocking(true).expect("a socket");
        !matches!(client.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    };
    until("somebody is refused", PATIENCE, || crowd.iter().any(is_closed));
    drop(crowd);
    let refused = closed("refused");
    service.wait_until(&refused, PATIENCE, |service| service.metric(&refused) > 0.0);
    let mut slow = TcpStream::connect(address).expect("connect");
    slow.write_all(b"GET / HTTP/1.1\r\nA").expect("half a request");
    let mut deaf = TcpStream::connect(address).expect("connect");
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {address}\r\n\r\n");
    let _ = deaf.write_all(request.repeat(40).as_bytes());
    for reason in ["slow_request", "write_timeout"].map(closed) {
        service.wait_until(&reason, 3 * PATIENCE, |service| service.metric(&reason) > 0.0);
    }
}
