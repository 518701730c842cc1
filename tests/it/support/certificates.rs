//! Certificates for tests, created by openssl.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::scratch;

/// A certificate authority.
pub struct Authority {
    dir: PathBuf,
    own: Pair,
}

/// A certificate and its key, as PEM files.
#[derive(Debug, Clone)]
pub struct Pair {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl Authority {
    /// Creates an authority that nobody else trusts.
    pub fn new() -> Self {
        let dir = scratch::dir("authority");
        let own = self_signed(&dir, "authority", "/CN=an authority of tests", "");
        Self { dir, own }
    }

    /// The file for trusted authorities.
    pub fn certificate(&self) -> &Path {
        &self.own.certificate
    }

    /// Issues a certificate that is valid for a day. `names` lists its alternative names, for
    /// example `DNS:localhost,IP:127.0.0.1`.
    pub fn issue(&self, common_name: &str, names: &str) -> Pair {
        self.issue_for(common_name, names, 1)
    }

    /// Issues a certificate that expired yesterday.
    pub fn issue_expired(&self, common_name: &str, names: &str) -> Pair {
        self.issue_for(common_name, names, -1)
    }

    fn issue_for(&self, common_name: &str, names: &str, days: i32) -> Pair {
        let pair = Pair::in_dir(&self.dir, &format!("{common_name}{days}"));
        let request = pair.certificate.with_extension("csr");
        let subject = format!("/CN={common_name}");
        let names = format!("subjectAltName={names}");
        openssl(
            &["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
            &["-subj", &subject, "-addext", &names],
            &[("-keyout", &pair.key), ("-out", &request)],
        );
        openssl(
            &["x509", "-req", "-copy_extensions", "copy", "-CAcreateserial"],
            &["-days", &days.to_string()],
            &[
                ("-in", &request),
                ("-CA", &self.own.certificate),
                ("-CAkey", &self.own.key),
                ("-out", &pair.certificate),
            ],
        );
        pair
    }
}

impl Pair {
    fn in_dir(dir: &Path, name: &str) -> Self {
        Self { certificate: dir.join(format!("{name}.crt")), key: dir.join(format!("{name}.key")) }
    }

    /// Creates a certificate that is its own authority, as `openssl req -x509` does for a single
    /// server.
    pub fn self_signed(names: &str) -> Self {
        let extension = format!("subjectAltName={names}");
        self_signed(&scratch::dir("certificate"), "own", "/CN=a server of tests", &extension)
    }

    /// Encrypts the key with a passphrase, and returns the path of the encrypted copy.
    pub fn encrypted_key(&self) -> PathBuf {
        let encrypted = self.key.with_extension("encrypted");
        openssl(
            &["pkcs8", "-topk8", "-passout", "pass:hunter2"],
            &[],
            &[("-in", &self.key), ("-out", &encrypted)],
        );
        encrypted
    }
}

fn self_signed(dir: &Path, name: &str, subject: &str, extension: &str) -> Pair {
    let pair = Pair::in_dir(dir, name);
    let extension = if extension.is_empty() { vec![] } else { vec!["-addext", extension] };
    openssl(
        &["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
        &[&["-days", "1", "-subj", subject], &extension[..]].concat(),
        &[("-keyout", &pair.key), ("-out", &pair.certificate)],
    );
    pair
}

fn openssl(command: &[&str], options: &[&str], files: &[(&str, &Path)]) {
    let mut openssl = Command::new("openssl");
    openssl.args(command).args(options);
    for (option, path) in files {
        openssl.arg(option).arg(path);
    }
    let output = openssl.output().expect("openssl");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for (_, path) in files {
        assert!(fs::exists(path).expect("look"), "{}", path.display());
    }
}
