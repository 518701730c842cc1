//! Builds and uses the image: its commands, the other services around it, its first signal, a feed
//! with TLS.
//!
//! These are long tests: see [`stages::root`].

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use super::{container::Container, names, stages};
use crate::{
    deploy::{compose, file, proxy, roles, stack},
    support::{
        feed_server::{FeedServer, MAIN},
        http,
        postgres::Database,
        proxy::Proxy,
        scratch,
        service::PATIENCE,
    },
};

/// A static program with its symbols has 30 MB, and certificates have 0.2 MB.
const LARGEST_BYTES: u64 = 40 << 20;
const NAMES: [&str; 2] = ["postgres", "feed.example"];
const CERTIFICATES: &str = "etc/ssl/certs/ca-certificates.crt";

fn container(image: &Path) -> Container {
    Container::new(image, names::serve(&NAMES))
}

#[test]
fn it_is_small_and_needs_nothing_beside_it() {
    let Some(image) = stages::root() else { return };
    let size = |name: &str| fs::metadata(image.join(name)).expect(name).len();
    let bytes = size("sectorwatch") + size("LICENSE") + size(CERTIFICATES);
    println!("the image holds {bytes} bytes");
    assert!(bytes < LARGEST_BYTES, "{bytes} bytes");
    let container = container(image);
    container.put("airspace.geojson", &file("airspace/australia.geojson"));
    for (arguments, said) in [
        (&["--help"][..], "SYNOPSIS"),
        (&["config"], "sectorwatch_reader:***@postgres"),
        (&["check-airspace", "/airspace.geojson"], "gaps"),
    ] {
        let ended = container.run(arguments);
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{arguments:?}");
        assert!(ended.stdout.contains(said), "{}", ended.stdout);
    }
}

#[test]
fn it_says_what_is_missing() {
    let Some(image) = stages::root() else { return };
    let ended = container(image).run(&["health"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("refused"), "{}", ended.stderr);
    let ended = container(image).without("DATABASE_URL").run(&["serve", "--demo"]);
    assert_eq!(ended.code, Some(1));
    for said in ["no PostgreSQL server programs", "DATABASE_URL"] {
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
    let nowhere = container(image).env("DATABASE_URL", "postgres://a@nowhere.example/a");
    let ended = nowhere.run(&["serve"]);
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("check DATABASE_URL"), "{}", ended.stderr);
}

/// The child with this name of a process.
fn child(parent: i32, name: &str) -> i32 {
    let of = |path: String| fs::read_to_string(&path).unwrap_or_default();
    let children = of(format!("/proc/{parent}/task/{parent}/children"));
    let mut children = children.split_whitespace().map(|pid| pid.parse::<i32>().expect("a pid"));
    let found = children.find(|pid| of(format!("/proc/{pid}/comm")).trim() == name);
    found.unwrap_or_else(|| panic!("no child {name} of {parent}"))
}

/// The memory limit in `docker-compose.yml`, in bytes.
fn memory_limit() -> f64 {
    let limit = compose::compose()["services"]["sectorwatch"]["mem_limit"].clone();
    let limit = limit.as_str().expect("a limit");
    let megabytes = limit.strip_suffix(['M', 'm']).expect("in megabytes");
    megabytes.parse::<f64>().expect("a number") * f64::from(1 << 20)
}

#[test]
fn the_whole_topology_runs_with_it() {
    let Some(image) = stages::root() else { return };
    let container = container(image);
    let mut stack = stack::start(&container.program(), "postgres");
    let pid = child(stack.script.pid(), "sectorwatch");
    let confined = fs::read_to_string(format!("/proc/{pid}/status")).expect("its status");
    let none = "0000000000000000";
    for (field, value) in [
        ("Uid", "65532\t65532\t65532\t65532"),
        ("Gid", "65532\t65532\t65532\t65532"),
        ("Groups", " "),
        ("CapEff", none),
        ("CapPrm", none),
        ("CapAmb", none),
        ("NoNewPrivs", "1"),
    ] {
        let line = format!("{field}:\t{value}");
        assert!(confined.lines().any(|it| it == line), "no {line} in\n{confined}");
    }
    let beside = fs::write(format!("/proc/{pid}/root/new"), "").expect_err("a root to be read");
    assert_eq!(beside.kind(), std::io::ErrorKind::ReadOnlyFilesystem);
    stack.check();
    let status = stack.script.status();
    assert_eq!(status["service"]["revision"], stages::REVISION);
    assert_eq!(status["service"]["instance"], "compose");
    let resident = stack.script.metric("process_resident_memory_bytes");
    println!("resident: {resident} bytes");
    assert!(resident < memory_limit() / 2.0, "{resident} bytes resident");
    stack.stop();
}

#[test]
fn the_first_process_ends_when_it_is_told_to() {
    let Some(image) = stages::root() else { return };
    let database = Database::migrated();
    let way = Proxy::before(&database);
    let container = container(image)
        .env("DATABASE_URL", &way.url_of(&database).replace("127.0.0.1", "postgres"))
        .without("SECTORWATCH_READ_DATABASE_URL");
    let mut service = container.spawn_as_first(&["serve", "--demo"], http::free_address());
    service.wait_until("ready", PATIENCE, |service| {
        service.try_get("/readyz").is_some_and(|answer| answer.status == 200)
    });
    service.await_cycles("success", 1);
    let first = Pid::from_raw(child(service.pid(), "sectorwatch"));
    let status = fs::read_to_string(format!("/proc/{first}/status")).expect("its status");
    assert!(status.contains(&format!("NSpid:\t{first}\t1\n")), "{status}");
    kill(first, Signal::SIGTERM).expect("tell it to end");
    let ended = service.finish(PATIENCE);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

/// Creates an authority, and starts nginx in front of the feed with a certificate of that
/// authority.
fn with_tls(feed: &FeedServer, address: SocketAddr) -> (String, crate::support::service::Service) {
    let dir = scratch::dir("authority");
    let issue = r#"
        new="-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2"
        openssl req -x509 $new -subj "/CN=authority" -keyout authority.key -out authority.pem
        openssl req -x509 $new -subj "/CN=feed" -CA authority.pem -CAkey authority.key \
            -addext subjectAltName=DNS:feed.example -addext basicConstraints=critical,CA:FALSE \
            -keyout feed.key -out feed.pem
    "#;
    stages::run(Command::new("sh").args(["-euc", issue]).current_dir(&dir));
    let path = |name: &str| PathBuf::from(&dir).join(name).display().to_string();
    let server = format!(
        "server {{ listen {address} ssl; ssl_certificate {}; ssl_certificate_key {};\n\
         location / {{ proxy_pass {}; }} }}",
        path("feed.pem"),
        path("feed.key"),
        feed.url(""),
    );
    let nginx = proxy::start(&server, address);
    (fs::read_to_string(path("authority.pem")).expect("a certificate"), nginx)
}

#[test]
fn it_trusts_the_certificates_that_it_holds_and_no_others() {
    let Some(image) = stages::root() else { return };
    let (feed, address) = (FeedServer::start(), http::free_address());
    let (authority, _nginx) = with_tls(&feed, address);
    let held = fs::read_to_string(image.join(CERTIFICATES)).expect("certificates");
    assert!(held.matches("BEGIN CERTIFICATE").count() > 100, "the public authorities");
    let database = Database::migrated();
    let way = Proxy::before(&database);
    let trusting = |put: &dyn Fn(&Container)| {
        let container = container(image)
            .env("DATABASE_URL", &way.url_of(&database).replace("127.0.0.1", "postgres"))
            .without("SECTORWATCH_READ_DATABASE_URL")
            .env("SECTORWATCH_FEED_URL", &format!("https://feed.example:{}{MAIN}", address.port()))
            .env("SECTORWATCH_STATUS_URL", "")
            .env("SECTORWATCH_POLL_INTERVAL", "100ms");
        put(&container);
        container
    };
    let nobody = trusting(&|_| ());
    let mut service = nobody.spawn(&["serve"], http::free_address());
    service.wait_until("a failed cycle", PATIENCE, |service| {
        let status = service.try_get("/api/status?always200=1").map(|answer| answer.json());
        let kind = |status: Value| status["poller"]["last_error"]["kind"].clone();
        status.map(kind).is_some_and(|kind| kind == "tls")
    });
    assert_eq!(service.terminate(PATIENCE).code, Some(0));

    let held_too = trusting(&|it| it.put(CERTIFICATES, &format!("{held}{authority}")));
    let own =
        trusting(&|it| it.put("authority.pem", &authority)).env("SSL_CERT_FILE", "/authority.pem");
    for (number, container) in [held_too, own].iter().enumerate() {
        let mut service = container.spawn(&["serve"], http::free_address());
        service.wait_until("ready", PATIENCE, |service| {
            service.try_get("/readyz").is_some_and(|answer| answer.status == 200)
        });
        service.take(&feed, &roles::document(i64::try_from(number).expect("few")));
        assert_eq!(service.terminate(PATIENCE).code, Some(0));
    }
}
