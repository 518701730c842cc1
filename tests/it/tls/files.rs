//! Unusable files in the URL are reported at the start, before the service connects.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
};

use nix::unistd::Uid;

use crate::support::{certificates::Authority, scratch, service::Setup};

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_parameter() {
    let authority = Authority::new();
    let (pair, other) = (authority.issue("a", "DNS:a"), authority.issue("b", "DNS:b"));
    let dir = scratch::dir("files");
    let text = dir.join("text.pem");
    fs::write(&text, "no certificate\n").expect("write");
    let open = dir.join("open.key");
    fs::copy(&pair.key, &open).expect("copy");
    fs::set_permissions(&open, Permissions::from_mode(0o644)).expect("chmod");
    let [certificate, key, other, open, text, encrypted] =
        [&pair.certificate, &pair.key, &other.key, &open, &text, &pair.encrypted_key()]
            .map(|path| path.display().to_string());
    let identity = |key: &str| format!("sslcert={certificate}&sslkey={key}");
    for (parameters, words) in [
        ("sslrootcert=/no/such.pem".to_owned(), ["sslrootcert: /no/such.pem", "No such file"]),
        (format!("sslrootcert={text}"), ["sslrootcert:", "holds no certificate"]),
        (format!("sslrootcert={key}"), ["sslrootcert:", "holds no certificate"]),
        (format!("sslcert=/no/such.pem&sslkey={key}"), ["sslcert: /no/such.pem", "No such file"]),
        (identity("/no/such.key"), ["sslkey: /no/such.key", "No such file"]),
        (identity(&text), ["sslkey:", "others than its owner"]),
        (identity(&open), ["sslkey:", "allowed: 0600"]),
        (identity(&certificate), ["sslkey:", "others than its owner"]),
        (identity(&encrypted), ["sslkey:", "is encrypted"]),
        (identity(&other), ["sslcert and sslkey cannot be used together", "KeyMismatch"]),
    ] {
        let url = format!("postgres://u:hunter2@127.0.0.1:1/d?{parameters}");
        let ended = Setup::bare(&["serve"]).env("DATABASE_URL", &url).run();
        assert_eq!(ended.code, Some(1), "{parameters}: {}", ended.stderr);
        for word in words {
            assert!(ended.stderr.contains(word), "{parameters}: {}", ended.stderr);
        }
        assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
    }
}

#[test]
fn a_group_may_read_roots_key_and_no_others() {
    let pair = Authority::new().issue("a", "DNS:a");
    let url = format!(
        "postgres://u@127.0.0.1:1/d?sslcert={}&sslkey={}",
        pair.certificate.display(),
        pair.key.display()
    );
    for (mode, allowed) in [(0o600, true), (0o400, true), (0o640, Uid::effective().is_root())] {
        fs::set_permissions(&pair.key, Permissions::from_mode(mode)).expect("chmod");
        let ended = Setup::bare(&["serve"]).env("DATABASE_URL", &url).run();
        // Nobody listens there. This error therefore shows that the key was read.
        assert_eq!(
            ended.stderr.contains("no connection to"),
            allowed,
            "{mode:o}: {}",
            ended.stderr
        );
    }
}
