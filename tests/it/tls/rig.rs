//! A PostgreSQL server on TCP with its own certificates and access rules, and runs of the program
//! against it.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, chown},
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::support::{
    certificates::{Authority, Pair},
    documents::{Feed, spread},
    postgres::{Database, Server},
    replay::{recorded, replay},
    scratch,
    service::{Ended, PATIENCE},
    wait::until,
};

pub const PASSWORD: &str = "p4ssw0rd";
/// Access rules of a server that refuses TCP connections without TLS.
pub const ONLY_TLS: &str = "hostssl all writer all scram-sha-256\n";

pub struct Rig {
    pub authority: Authority,
    pub server: Arc<Server>,
    pub database: Database,
    /// A loopback address for this test only, so that no other server uses its port.
    pub address: &'static str,
    hba: PathBuf,
    recording: PathBuf,
}

impl Rig {
    /// Starts a server on this address, without TLS.
    pub fn new(address: &'static str, rules: &str) -> Self {
        Self::listening(address, address, rules)
    }

    /// Like [`Rig::new`], with another value of `listen_addresses`.
    pub fn listening(address: &'static str, listen: &str, rules: &str) -> Self {
        let hba = scratch::dir("hba").join("pg_hba.conf");
        fs::write(&hba, format!("local all all trust\n{rules}")).expect("write pg_hba.conf");
        let server = Server::own(&[
            ("listen_addresses", listen),
            ("hba_file", hba.to_str().expect("UTF-8")),
            ("log_connections", "on"),
        ]);
        let database = Database::migrated_on(server.clone());
        let role = format!("create role writer superuser login password '{PASSWORD}'");
        server.client().run(&role);
        let recording = recorded(&[Feed::second(0).pilots(spread(1))]);
        Self { authority: Authority::new(), server, database, address, hba, recording }
    }

    /// Starts a server that demands TLS, with a certificate for `localhost` and its address.
    pub fn with_tls(address: &'static str) -> Self {
        let rig = Self::new(address, ONLY_TLS);
        rig.present(&rig.authority.issue("localhost", &format!("DNS:localhost,IP:{address}")));
        rig
    }

    /// Makes the server present this certificate from now on.
    pub fn present(&self, pair: &Pair) {
        let key = pair.key.with_extension("server.key");
        fs::copy(&pair.key, &key).expect("copy");
        self.give_to_server(&key);
        self.give_to_server(&pair.certificate);
        let (certificate, key) = (pair.certificate.display(), key.display());
        self.set(&[
            format!("alter system set ssl_cert_file = '{certificate}'"),
            format!("alter system set ssl_key_file = '{key}'"),
            "alter system set ssl = on".to_owned(),
        ]);
        // Sessions that begin after the reload have the new settings.
        let shown = |setting: &str| self.server.client().one(&format!("show {setting}"));
        until("the server takes its certificate", PATIENCE, || {
            shown("ssl") == "on" && shown("ssl_cert_file") == certificate.to_string()
        });
    }

    /// Makes the server demand client certificates of this authority, with these access rules.
    pub fn ask_clients(&self, authority: &Path, rules: &str) {
        fs::write(&self.hba, format!("local all all trust\n{rules}")).expect("write pg_hba.conf");
        let authority = authority.display().to_string();
        self.set(&[format!("alter system set ssl_ca_file = '{authority}'")]);
        until("the server takes the authority", PATIENCE, || {
            self.server.client().one("show ssl_ca_file") == authority
        });
    }

    fn set(&self, settings: &[String]) {
        let client = self.server.client();
        settings.iter().for_each(|setting| client.run(setting));
        client.run("select pg_reload_conf()");
    }

    /// Gives a file to PostgreSQL's user, because PostgreSQL refuses another user's key. It is
    /// another user if the tests run as root.
    fn give_to_server(&self, file: &Path) {
        let process = format!("/proc/{}", self.server.pids()[0]);
        let owner = fs::metadata(process).expect("the server's process");
        chown(file, Some(owner.uid()), Some(owner.gid())).expect("chown");
    }

    /// The value of `DATABASE_URL` for this host and these parameters.
    pub fn url(&self, host: &str, parameters: &str) -> String {
        format!("postgres://writer:{PASSWORD}@{host}/{}?{parameters}", self.database.name())
    }

    /// Like [`Rig::url`], with the server's address as the host.
    pub fn here(&self, parameters: &str) -> String {
        self.url(self.address, parameters)
    }

    /// Like [`Rig::url`], with a host name that is not looked up.
    pub fn named(&self, name: &str, parameters: &str) -> String {
        self.url(name, &format!("hostaddr={}&{parameters}", self.address))
    }

    /// The parameter `sslrootcert` with the authority's file.
    pub fn trusted(&self) -> String {
        format!("sslrootcert={}", self.authority.certificate().display())
    }

    /// Runs the program until it ends.
    pub fn run(&self, url: &str, environment: &[(&str, &str)]) -> Ended {
        let environment = [&[("DATABASE_URL", url)], environment].concat();
        let ended = replay(&[&self.recording], &self.database, &environment);
        assert!(!ended.stderr.contains(PASSWORD), "{}", ended.stderr);
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended
    }

    /// Runs the program, and expects that it stores its recording, with or without TLS.
    pub fn expect_stored(&self, url: &str, with_tls: bool) {
        let before = self.log().len();
        let ended = self.run(url, &[]);
        assert_eq!(ended.code, Some(0), "{url}: {}", ended.stderr);
        let log = self.log()[before..].to_owned();
        let authorized = "connection authorized: user=writer";
        let sessions: Vec<_> = log.lines().filter(|line| line.contains(authorized)).collect();
        assert!(!sessions.is_empty(), "{url}: {log}");
        for session in sessions {
            assert_eq!(session.contains("SSL enabled"), with_tls, "{url}: {session}");
        }
    }

    /// Runs the program, and expects the exit code 1 and an error with these words.
    pub fn expect_refused(&self, url: &str, words: &[&str]) {
        let ended = self.run(url, &[]);
        assert_eq!(ended.code, Some(1), "{url}: {}", ended.stderr);
        for word in words {
            assert!(ended.stderr.contains(word), "{url}: no {word:?} in: {}", ended.stderr);
        }
    }

    /// The server's log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.server.log_path()).expect("the server's log")
    }
}
